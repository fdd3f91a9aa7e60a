"""Where places were drawn by lot: all who were drawn, and those who took part because they were."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.effects.comparison.linear import coefficient
from kij_analysis.effects.comparison.persons import Codes, Floats, Persons, flags, persons_of
from kij_analysis.effects.comparison.result import EXTRA, interval, told, unit_of
from kij_analysis.survey.groups import check_columns, named, result

WEAK = 10.0
"""Below this F the draw says too little about who took part (Staiger and Stock 1997)."""
MORE = ("first_stage", "f_statistic", "robust_low", "robust_high", "robust_open")


def lottery(
    frame: pd.DataFrame,
    *,
    outcome: str,
    assigned: str,
    took_part: str = "",
    covariates: Sequence[str] = (),
    cluster: str = "",
    by: str | Sequence[str] = (),
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """What a place drawn by lot made of the outcome (intention to treat), and of those who took it up.

    Parameters
    ----------
    frame
        One row for each person who was in the draw, whether she took part or not.
    outcome
        A column of numbers, or of true and false.
    assigned
        A column of true and false (or 1 and 0): who was drawn.
    took_part
        Who took part. Without it there is the intention to treat only.
    covariates
        What was known before the draw; they make the estimate more precise and are not needed.
    cluster
        What was drawn together, such as the course.
    by, population, level
        As in `survey.shares`.

    Returns
    -------
    DataFrame
        The row *intention_to_treat*, and with `took_part` the row *instrument*: the average among
        compliers, who took part if drawn and else would not have. To the right `first_stage` (how many
        more took part among those drawn), its `f_statistic`, and `robust_low`, `robust_high`: the
        interval of Anderson and Rubin, right however weak the draw was (`robust_open` where it has no end
        on one side or both, or a gap). With F below 10 the row has the note *weak_instrument* and no
        other interval. *no_variation* where nobody was moved. The rest as in `compare`.

    Raises
    ------
    UsageError
        As `compare` does.

    Notes ----- Least squares, two-stage least squares with one instrument (Wald); errors by HC2, or by
    cluster. Imbens and Angrist 1994 (Econometrica 62: 467-475); Anderson and Rubin 1949 (Ann. Math. Stat.
    20: 46-63).

    Examples
    --------
    >>> rows = [(1, 1, 14), (1, 1, 12), (1, 0, 9), (1, 1, 13), (0, 0, 9), (0, 0, 10), (0, 0, 8), (0, 0, 9)]
    >>> frame = pd.DataFrame(rows * 5, columns=["drawn", "came", "score"]).assign(data_status="synthetic")
    >>> found = lottery(frame, outcome="score", assigned="drawn", took_part="came", population="all")
    >>> found[["method", "estimate", "estimand", "maryland"]].round(2).values.tolist()
    [['intention_to_treat', 3.0, 'itt', 5], ['instrument', 4.0, 'late', 5]]
    """
    groups = named(by)
    check_columns(frame, [took_part] if took_part else [])
    whole = frame.reset_index(drop=True)
    came = flags(whole, took_part) if took_part else None
    rows: list[dict[str, Any]] = []
    for persons in persons_of(
        whole,
        outcome=outcome,
        treated=assigned,
        covariates=list(covariates),
        cluster=cluster,
        also=[took_part] if took_part else [],
        by=groups,
        population=population,
        level=level,
    ):
        rows += _rows(persons, came[persons.index].to_numpy(float) if came is not None else None)
    return _declared(rows, groups)


def _declared(rows: list[dict[str, Any]], groups: list[str]) -> pd.DataFrame:
    from kij_analysis.claims import declare

    whole = result(rows, groups, [*MORE, *EXTRA])
    found = [
        declare(
            whole.iloc[[place]],
            design="randomised",
            estimand="late" if row["way"] == "instrument" else "itt",
            also=["only_through_programme", "nobody_defies"] if row["way"] == "instrument" else [],
        )
        for place, row in enumerate(rows)
    ]
    return pd.concat(found, ignore_index=True)


def _rows(persons: Persons, came: Floats | None) -> list[dict[str, Any]]:
    t, y = persons.treated, persons.outcome
    ways = ["intention_to_treat", *(["instrument"] if came is not None else [])]
    row = persons.common | {
        "category": "yes" if persons.yes_no else "",
        "measure": "risk_difference" if persons.yes_no else "difference",
        "unit": unit_of(persons),
        "method": "none",
        "n": len(persons),
        "n_treated": int(t.sum()),
        "n_comparison": int((~t).sum()),
        **told(persons),
    }
    x = np.column_stack([np.ones(len(t)), t, persons.design[:, 1:]]).astype(float)
    note = persons.note
    if not note and (np.linalg.matrix_rank(x) < x.shape[1] or len(x) <= x.shape[1]):
        note = "too_few"
    if note:
        return [row | {"note": note, "way": way} for way in ways]
    level = persons.common["level"]
    estimate, error, df = coefficient(x, y, 1, cluster=persons.cluster, treated=t)
    own = {"estimate": estimate, "method": ways[0], "way": ways[0]}
    found = [row | own | interval(estimate, error, df, level=level)]
    if came is not None:
        found.append(row | {"way": ways[1]} | _compliers(x, y, came, persons.cluster, level))
    return found


def _compliers(x: Floats, y: Floats, came: Floats, cluster: Codes, level: float) -> dict[str, Any]:
    first, error, df = coefficient(x, came, 1, cluster=cluster, treated=x[:, 1] == 1)
    if abs(first) < 1e-12:
        return {"note": "no_variation", "first_stage": first, "f_statistic": 0.0}
    f = (first / error) ** 2 if error > 1e-12 else np.inf
    reduced, _, _ = coefficient(x, y, 1, cluster=cluster, treated=x[:, 1] == 1)
    estimate = reduced / first
    # The error of the Wald ratio is that of the reduced form of y - estimate * came, over the first stage.
    _, wald, df = coefficient(x, y - estimate * came, 1, cluster=cluster, treated=x[:, 1] == 1)
    low, high, open_ = anderson_rubin(x, y, came, cluster, level)
    row = {
        "estimate": estimate,
        "method": "instrument",
        "first_stage": first,
        "f_statistic": f,
        "robust_low": low,
        "robust_high": high,
        "robust_open": open_,
    }
    if f < WEAK:
        return row | {"note": "weak_instrument", "df": df}
    return row | interval(estimate, wald / abs(first), df, level=level)


def anderson_rubin(
    x: Floats, y: Floats, came: Floats, cluster: Codes, level: float
) -> tuple[float, float, bool]:
    """The values for which the draw no longer tells the rest of the outcome: ends, and whether open.

    The test of one value b is t of the draw in the regression of y - b came; both its square and its
    variance are quadratic in b, so that the limits are the roots of one quadratic.
    """
    from scipy.stats import t

    points = []
    for b in (0.0, 1.0, -1.0):
        one, error, df = coefficient(x, y - b * came, 1, cluster=cluster, treated=x[:, 1] == 1)
        points.append(one**2 - float(t.ppf(0.5 + level / 2, df)) ** 2 * error**2)
    middle, plus, minus = points
    square, slope = (plus + minus) / 2 - middle, (plus - minus) / 2
    inside = slope**2 - 4 * square * middle
    if inside < 0 or not np.isfinite(inside):
        return np.nan, np.nan, True
    ends = sorted(((-slope - np.sqrt(inside)) / (2 * square), (-slope + np.sqrt(inside)) / (2 * square)))
    return (float(ends[0]), float(ends[1]), False) if square > 0 else (np.nan, np.nan, True)
