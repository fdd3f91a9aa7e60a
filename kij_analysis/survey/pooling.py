"""Several estimates of the same thing pooled by random effects."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from kij_analysis import estimates as shape
from kij_analysis.errors import UsageError, listed, one_of
from kij_analysis.study import weakest
from kij_analysis.survey.intervals import check_level

HETEROGENEITY = ("paule_mandel", "dersimonian_laird")
"""How the variance between studies may be estimated."""
SAME = ("variable", "category", "measure", "estimand")
"""What must not differ between estimates that are pooled, as far as it is there."""


def pool(
    estimates: pd.DataFrame,
    *,
    heterogeneity: str = "paule_mandel",
    by: str = "programme",
    level: float = 0.95,
) -> pd.DataFrame:
    """One estimate from several of the same thing, with an interval that holds for few studies.

    Random effects with weights 1/(s² + τ²); the interval is that of Hartung, Knapp, Sidik and Jonkman with t
    of k − 1 degrees of freedom, its standard error never smaller than that of the weights alone (with two or
    three studies that agree by chance it would be far too narrow).

    Parameters
    ----------
    estimates
        Estimates with `std_error`, one row for each study. A column `estimand`, if there is one, must be the
        same in all rows, as must `variable`, `category` and `measure`.
    heterogeneity
        ``"paule_mandel"`` or ``"dersimonian_laird"``: how τ² is estimated; below 0 it counts as 0.
    by
        The column that names the studies.
    level
        The confidence level.

    Returns
    -------
    DataFrame
        Estimates with one row, method *pooled*; to the right `k`, `tau2`, `q`, `i2` (τ² as a
        fraction of all variance; Higgins and Thompson 2002) and
        `predicted_low`, `predicted_high`: where a further study is expected (t of k − 2 degrees of freedom;
        missing for two studies).

    Raises
    ------
    UsageError
        If there are fewer than two estimates, if one has no standard error, if a study stands twice, or if
        they do not estimate the same thing.

    Notes
    -----
    Paule and Mandel 1982; DerSimonian and Laird 1986; Hartung and Knapp 2001; Sidik and Jonkman 2002;
    Higgins, Thompson and Spiegelhalter 2009. `combine_effects` of statsmodels is not used: its
    Paule-Mandel iteration ends at 0 when the last step goes a hair too far, and its DerSimonian-Laird τ²
    may be negative.

    Examples
    --------
    >>> rows = [{"programme": p, "variable": "employed", "measure": "risk_difference", "estimate": y,
    ...          "std_error": s, "method": "none", "data_status": "observed"}
    ...         for p, y, s in (("DK", 0.25, 0.06), ("SE", 0.02, 0.04), ("FI", 0.14, 0.09))]
    >>> pool(shape.make(rows))[["estimate", "conf_low", "conf_high"]].round(3).values.tolist()
    [[0.13, -0.171, 0.431]]
    """
    check_level(level)
    one_of(heterogeneity, HETEROGENEITY, name="The estimator of heterogeneity")
    _check(estimates, by)
    effect, variance = estimates["estimate"].to_numpy(float), estimates["std_error"].to_numpy(float) ** 2
    numbers = _pooled(effect, variance, heterogeneity, level)
    first = estimates.iloc[0]
    whole = estimates["n"].sum() if "n" in estimates and estimates["n"].notna().all() else np.nan
    row = {name: first[name] for name in ("variable", "category", "measure") if name in estimates}
    row |= {"group": "pooled", "method": "pooled", "n": whole, "k": len(effect), "level": level}
    row |= {"data_status": weakest(estimates["data_status"].unique())}
    return shape.make([row | numbers])


def _check(estimates: pd.DataFrame, by: str) -> None:
    if len(estimates) < 2:
        raise UsageError(f"{len(estimates)} estimate cannot be pooled.", fix="It takes two or more.")
    differ = [name for name in SAME if name in estimates and estimates[name].nunique(dropna=False) > 1]
    if differ:
        named = listed(sorted(estimates[differ[0]].astype("str").unique()))
        what = f"The estimates are not of the same thing: {differ[0]} is {named}."
        raise UsageError(what, fix="Pool only what estimates the same.")
    lacking = estimates.loc[~(estimates["std_error"] > 0) | estimates["estimate"].isna(), by]
    if len(lacking):
        what = f"There is no estimate with a standard error for {listed(lacking)}."
        raise UsageError(what, fix="Leave them out, and say so; a standard error is never guessed.")
    twice = estimates.loc[estimates[by].duplicated(), by].unique()
    if len(twice):
        raise UsageError(f"{listed(twice)} stands twice.", fix="One estimate of each study.")


def _pooled(effect: np.ndarray, variance: np.ndarray, heterogeneity: str, level: float) -> dict[str, float]:
    """The weighted mean, its interval, and how far the studies are apart."""
    from scipy.stats import t as student

    k, q = len(effect), _spread(effect, variance, 0.0)
    tau2 = _between(effect, variance, heterogeneity)
    weights = 1 / (variance + tau2)
    mean = float(weights @ effect / weights.sum())
    plain = 1 / math.sqrt(weights.sum())
    scale = max(1.0, float(weights @ (effect - mean) ** 2) / (k - 1))
    error = plain * math.sqrt(scale)
    reach = float(student.ppf((1 + level) / 2, k - 1)) * error
    ahead = math.nan
    if k > 2:
        ahead = float(student.ppf((1 + level) / 2, k - 2)) * math.sqrt(tau2 + plain**2)
    return {
        "estimate": mean, "std_error": error, "conf_low": mean - reach, "conf_high": mean + reach,
        "p_value": float(2 * student.sf(abs(mean) / error, k - 1)), "tau2": tau2, "q": q,
        "i2": tau2 / (tau2 + _typical(variance)),
        "predicted_low": mean - ahead, "predicted_high": mean + ahead,
    }  # fmt: skip


def _spread(effect: np.ndarray, variance: np.ndarray, tau2: float) -> float:
    """Cochran's Q with the weights of a variance between studies."""
    weights = 1 / (variance + tau2)
    mean = weights @ effect / weights.sum()
    return float(weights @ (effect - mean) ** 2)


def _between(effect: np.ndarray, variance: np.ndarray, heterogeneity: str) -> float:
    """The variance between studies; 0 where the studies differ no more than chance alone lets them."""
    from scipy.optimize import brentq

    more = _spread(effect, variance, 0.0) - (len(effect) - 1)
    if more <= 0:
        return 0.0
    if heterogeneity == "dersimonian_laird":
        weights = 1 / variance
        return float(more / (weights.sum() - (weights**2).sum() / weights.sum()))
    far = float((effect.max() - effect.min()) ** 2 * len(effect))
    return float(
        brentq(
            lambda tau2: _spread(effect, variance, tau2) - len(effect) + 1, 0.0, far, xtol=1e-15, rtol=1e-14
        )
    )


def _typical(variance: np.ndarray) -> float:
    """The variance within a typical study."""
    weights = 1 / variance
    return float((len(variance) - 1) * weights.sum() / (weights.sum() ** 2 - (weights**2).sum()))
