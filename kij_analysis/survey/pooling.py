"""Several estimates of the same thing pooled: fixed and random effects, honest with two or three of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import estimates as shape
from kij_analysis.errors import one_of
from kij_analysis.study import weakest
from kij_analysis.survey.design import Floats
from kij_analysis.survey.intervals import check_level
from kij_analysis.survey.pooled_rows import RATIOS, Rows, rows_of

MODELS = ("random", "common")
HETEROGENEITY: Mapping[str, str] = {"paule_mandel": "PM", "dersimonian_laird": "DL", "reml": "REML"}
"""How the variance between studies may be estimated, with pimeta's names."""
INTERVALS: Mapping[str, str] = {"adhoc": "adhoc", "hartung_knapp": "knha", "normal": "z"}
PREDICTIONS = ("k_minus_2", "k_minus_1")
FEW = 5
"""Below so many estimates their mean is to be read with caution."""
NUMBERS = (
    "k", "tau2", "tau2_low", "tau2_high", "q", "q_df", "p_heterogeneity", "i2", "predicted_low",
    "predicted_high", "level",
)  # fmt: skip


def pool(
    estimates: pd.DataFrame,
    *,
    model: str = "random",
    heterogeneity: str = "paule_mandel",
    interval: str = "adhoc",
    prediction: str = "k_minus_2",
    by: str = "programme",
    verdicts: pd.DataFrame | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """One estimate from several of the same thing, with an interval that holds for few of them.

    With three programmes, how much programmes differ is hardly known; the row then has the note
    *few_estimates*, and the width of the prediction interval says the rest. Ratios are pooled as logarithms.

    Parameters
    ----------
    estimates
        Estimates with `std_error`, one row for each programme or study. A row without an estimate but with a
        note is left out and named. Columns that say what is estimated (`variable`, `category`, `measure`,
        `estimand`, `role`, `wave`, `unit`, `outcome_type`, `denominator`, `timing`, `timing_months`,
        `cut_off`, `population`, `steps`) must be the same in all rows, as far as they are there.
    model
        ``"random"``: programmes differ, and the mean of all is estimated. ``"common"``: all measure one and
        the same number (fixed-effect model).
    heterogeneity
        How τ², the variance between programmes, is estimated: ``"paule_mandel"``, ``"dersimonian_laird"`` or
        ``"reml"``; below 0 it counts as 0.
    interval
        ``"adhoc"``: Hartung and Knapp's, with t of k − 1 degrees of freedom, and never a smaller standard
        error than that of the weights alone (programmes that agree by chance would have far too narrow an
        interval). ``"hartung_knapp"``: without this safeguard. ``"normal"``: the plain one, too narrow for
        few. The common model has the normal interval.
    prediction
        The degrees of freedom of the prediction interval: ``"k_minus_2"`` (Higgins and others 2009) or
        ``"k_minus_1"`` (Partlett and Riley 2017, with the standard error of the interval).
    by
        The column that names programmes or studies.
    verdicts
        What `kij_analysis.indicators.matrix` says of every two of them (`a`, `b`, `verdict`, `reasons`).
    level
        The confidence level.

    Returns
    -------
    DataFrame
        Estimates with one row, group *pooled*; to the right `k` (how many are pooled), `tau2` with its
        interval (Viechtbauer 2007), `q` and its `q_df` and `p_heterogeneity`, `i2` (τ² as a fraction of all
        variance; Higgins and Thompson 2002), `predicted_low` and `predicted_high` (where a further
        programme is expected; none for two), `verdict` (the gravest of `verdicts`, empty without),
        `pooled_rows` and `left_out_rows` (names joined by ``|``) and `level`. Fewer than two: an empty row
        with the note *nothing_to_pool*. For ratios `tau2` is that of the logarithms.

    Raises
    ------
    UsageError
        If an estimate has no standard error or one of 0, if a programme stands twice, if the rows do not
        estimate the same thing, if made-up numbers stand beside real ones, or if two of them are not
        comparable.

    Notes
    -----
    DerSimonian and Laird 1986; Paule and Mandel 1982; Viechtbauer 2005 (REML); Hartung and Knapp 2001; the
    safeguard as in Knapp and Hartung 2003. By pimeta, each set brought to a scale of its own first: pimeta
    ends REML where a step is below 0.00001 and looks for τ² up to a million, whatever the unit.

    Examples
    --------
    >>> rows = [{"programme": p, "variable": "employed", "measure": "risk_difference", "estimate": y,
    ...          "std_error": s, "method": "none", "data_status": "observed"}
    ...         for p, y, s in (("DK", 0.25, 0.06), ("SE", 0.02, 0.04), ("FI", 0.14, 0.09))]
    >>> pool(shape.make(rows))[["estimate", "conf_low", "conf_high", "note"]].round(3).values.tolist()
    [[0.13, -0.171, 0.431, 'few_estimates']]
    """
    check_level(level)
    one_of(model, MODELS, name="The model")
    one_of(heterogeneity, HETEROGENEITY, name="The estimator of heterogeneity")
    one_of(interval, INTERVALS, name="The interval")
    one_of(prediction, PREDICTIONS, name="The prediction interval")
    rows = rows_of(estimates, by, verdicts)
    row = common_of(rows) | {"group": "pooled", "level": level}
    if rows.k < 2:
        return _made(row | {"note": "nothing_to_pool", "method": "none"})
    if model == "common":
        method, test, name = "FE", "z", "pooled_common"
    else:
        method, test = HETEROGENEITY[heterogeneity], INTERVALS[interval]
        name = "pooled_plain" if interval == "normal" else "pooled"
    found = _pooled(rows, method, test, prediction, level)
    return _made(row | {"method": name, "note": "few_estimates" if rows.k < FEW else ""} | found)


def leave_one_out(estimates: pd.DataFrame, *, by: str = "programme", **options: Any) -> pd.DataFrame:
    """What the pooled estimate would be without each programme or study in turn.

    Parameters
    ----------
    estimates, by
        As in `pool`.
    **options
        The other options of `pool`.

    Returns
    -------
    DataFrame
        The rows of `pool`, one for each that is left out, its name in `without` and in `group`
        (*without_…*); `shift` is the estimate less that of all (for ratios: divided by it).

    Raises
    ------
    UsageError
        As `pool` does.

    Examples
    --------
    >>> rows = [{"programme": p, "variable": "employed", "measure": "risk_difference", "estimate": y,
    ...          "std_error": s, "method": "none", "data_status": "observed"}
    ...         for p, y, s in (("DK", 0.25, 0.06), ("SE", 0.02, 0.04), ("FI", 0.14, 0.09))]
    >>> leave_one_out(shape.make(rows))[["without", "estimate"]].round(3).values.tolist()
    [['DK', 0.053], ['SE', 0.215], ['FI', 0.131]]
    """
    whole = pool(estimates, by=by, **options)
    if pd.isna(whole["estimate"].iloc[0]):
        return whole.assign(without="", shift=np.nan).iloc[:0]
    all_together = float(whole["estimate"].iloc[0])
    used = str(whole["pooled_rows"].iloc[0]).split("|")
    parts = []
    for name in used:
        found = pool(estimates[estimates[by].astype("str") != name], by=by, **options)
        value = found["estimate"].astype("float64")
        ratio = whole["measure"].iloc[0] in RATIOS
        shift = value / all_together if ratio else value - all_together
        parts.append(found.assign(group=f"without_{name}", without=name, shift=shift))
    return shape.make(pd.concat(parts, ignore_index=True))


def common_of(rows: Rows) -> dict[str, Any]:
    """What the rows of a pooling share."""
    frame = rows.frame
    whole = frame["n"].sum() if "n" in frame and len(frame) and frame["n"].notna().all() else np.nan
    statuses = frame["data_status"].unique() if len(frame) else rows.statuses
    return {
        **rows.what,
        "n": whole,
        "k": rows.k,
        "verdict": rows.verdict,
        "pooled_rows": "|".join(rows.names),
        "left_out_rows": "|".join(rows.left_out),
        "data_status": weakest(statuses),
    }


def _made(row: dict[str, Any]) -> pd.DataFrame:
    texts = dict.fromkeys(("verdict", "pooled_rows", "left_out_rows"), "")
    frame = pd.DataFrame([dict.fromkeys(NUMBERS, np.nan) | texts | row])
    return shape.make(frame)


def _pooled(rows: Rows, method: str, test: str, prediction: str, level: float) -> dict[str, Any]:
    """The weighted mean, its interval, and how far the programmes are apart."""
    from pimeta import rma

    # A scale on which pimeta's fixed limits are neither too coarse nor too near.
    unit = max(float(np.ptp(rows.effect)), float(rows.error.max())) / 300
    fitted: Any = rma(rows.effect / unit, sei=rows.error / unit, method=method, test=test, level=level)
    plain: Any = rma(rows.effect / unit, sei=rows.error / unit, method=method, test="z", level=level)
    mean, error, own = (float(value) * unit for value in (fitted.b[0], plain.se[0], fitted.se[0]))
    tau2 = float(fitted.tau2) * unit**2
    low, high = (float(end[0]) * unit for end in (fitted.ci_lb, fitted.ci_ub))
    tau2_low, tau2_high = variance_interval(rows.effect, rows.error, level)
    row = {
        "p_value": float(fitted.pval[0]), "tau2": tau2, "tau2_low": tau2_low, "tau2_high": tau2_high,
        "q": float(fitted.QE), "q_df": rows.k - 1, "p_heterogeneity": float(fitted.QEp),
        "i2": float(fitted.I2) / 100,
    }  # fmt: skip
    ahead = (math.nan, math.nan)
    if method != "FE":
        ahead = _predicted(mean, error if prediction == "k_minus_2" else own, tau2, rows.k, prediction, level)
    return row | rows.spoken(mean, own, low, high) | rows.ends("predicted", *ahead)


def _predicted(
    mean: float, error: float, tau2: float, k: int, prediction: str, level: float
) -> tuple[float, float]:
    """Where a further programme is expected."""
    from scipy.stats import t as student

    df = k - 2 if prediction == "k_minus_2" else k - 1
    if df < 1:
        return math.nan, math.nan
    reach = float(student.ppf((1 + level) / 2, df)) * math.sqrt(tau2 + error**2)
    return mean - reach, mean + reach


def variance_interval(effect: Floats, error: Floats, level: float) -> tuple[float, float]:
    """The interval of τ² by the Q-profile (Viechtbauer 2007).

    pimeta, as metafor, ends its search at 100 and within 0.0001, whatever the unit; this one has no such end.

    Examples
    --------
    >>> low, high = variance_interval(np.array([0.25, 0.02, 0.14]), np.array([0.06, 0.04, 0.09]), 0.95)
    >>> round(low, 4), round(high, 4)
    (0.001, 0.5201)
    """
    from scipy.optimize import brentq
    from scipy.stats import chi2

    k, far = len(effect), float(((effect - effect.mean()) ** 2).sum())
    ends = []
    for side in ((1 + level) / 2, (1 - level) / 2):
        limit = float(chi2.ppf(side, k - 1))

        def over(tau2: float, limit: float = limit) -> float:
            return spread(effect, error, tau2) - limit

        # Q falls with τ² and is at most the plain sum of squares over τ².
        ends.append(0.0 if over(0.0) <= 0 else float(brentq(over, 0.0, far / limit, xtol=1e-300, rtol=1e-13)))
    return ends[0], ends[1]


def spread(effect: Floats, error: Floats, tau2: float) -> float:
    """Cochran's Q with the weights of a variance between studies."""
    weights = 1 / (error**2 + tau2)
    mean = weights @ effect / weights.sum()
    return float(weights @ (effect - mean) ** 2)
