"""Shares of two groups side by side: their difference or ratio, with an interval and a test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError, one_of
from kij_analysis.survey.design import Design, Floats, Sample, sample_of
from kij_analysis.survey.groups import (
    BESIDE,
    Pair,
    categories,
    check_columns,
    compared,
    named,
    narrowed,
    result,
    why_not_compared,
)
from kij_analysis.survey.two_shares import TESTS, miettinen_nurminen, mover, newcombe, p_value
from kij_analysis.survey.variances import freedom, ratios

MEASURES = {"difference": "risk_difference", "ratio": "ratio"}
INTERVALS = ("newcombe", "miettinen_nurminen")
EXTRA = ("first", "second", "count_1", "n_1", "count_2", "n_2", *BESIDE, "test", "df")
"""The columns to the right of the groups within which is compared."""


def differences(
    frame: pd.DataFrame,
    variable: str,
    *,
    by: str = "programme",
    within: str | Sequence[str] = (),
    reference: str = "",
    measure: str = "difference",
    interval: str = "newcombe",
    test: str = "auto",
    design: Design | None = None,
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """How much the share giving each answer differs between groups.

    Every two groups of `by` are compared, the first less (or over) the second, in the order of the
    categories or else as they are met; with a `reference`, each group with that one. Missing answers are
    left out of the bases. A difference between programmes is no proof of what a programme does: who takes
    part differs too.

    Parameters
    ----------
    frame
        Harmonised answers.
    variable
        A column with categories, or true and false (one row, for *yes*).
    by
        The column whose groups are compared.
    within
        Columns within whose groups the comparison is made, such as the wave.
    reference
        The group of `by` with which the others are compared.
    measure
        ``"difference"`` of shares or their ``"ratio"``.
    interval
        ``"newcombe"``: hybrid score intervals from two Wilson intervals. ``"miettinen_nurminen"``: score
        intervals. With a design: t intervals, for a ratio on the log scale.
    test
        ``"auto"``: Fisher's exact test where an expected count is below 5, else Pearson's chi-squared test;
        ``"score"``, ``"fisher"`` or ``"mid_p"``. With a design: t tests.
    design
        How the sample was drawn; the frame is taken as the whole sample.
    population, level
        As in `shares`.

    Returns
    -------
    DataFrame
        Estimates with measure *risk_difference* (a fraction of 1) or *ratio*; `count` and `n` are the sums
        of both groups, to the right stand the columns of `within`, `first`, `second`, `count_1`, `n_1`,
        `count_2`, `n_2`, then those of `shares`, `test` and `df`. A group without answers gives a row with
        the note *one_group_empty*, or why it was not asked; a ratio to a share of 0 has the note
        *few_events*, a weighted share of 0 or 1 on either side has it too and no interval.

    Raises
    ------
    UsageError
        As `shares` does, and if no group is the reference.

    Notes
    -----
    Newcombe 1998; Donner and Zou 2012; Miettinen and Nurminen 1985; see `kij_analysis.survey.two_shares`.
    The p-value is not adjusted for the number of comparisons: see `adjusted`.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": ["fika"] * 34 + ["sajo"] * 34, "gender": "woman",
    ...     "high": [True] * 7 + [False] * 27 + [True] + [False] * 33, "data_status": "synthetic"})
    >>> found = differences(answers, "high").round(4)
    >>> found[["group", "estimate", "conf_low", "conf_high", "p_value", "test"]].values.tolist()
    [['fika-sajo', 0.1765, 0.0189, 0.3404, 0.0544, 'fisher']]
    """
    one_of(measure, MEASURES, name="The measure")
    one_of(interval, INTERVALS, name="The interval")
    one_of(test, TESTS, name="The test")
    if design and (interval != "newcombe" or test != "auto"):
        raise UsageError(
            "With a design there are t intervals and t tests.", fix="Leave interval and test out."
        )
    groups = named(within)
    check_columns(frame, [variable, *(design.columns if design else [])], [by, *groups])
    codes = categories(frame, variable) or [("", None)]
    whole = frame.reset_index(drop=True)
    sample = sample_of(whole, design) if design else None
    own = narrowed(whole, [variable, by, *groups])
    pairs = compared(
        own, variable, by, within=groups, reference=reference, population=population, level=level
    )
    rows = []
    for pair in pairs:
        answers = [_answers(group.persons if group else None, variable, sample) for group in pair.groups]
        for code, value in codes:
            row = pair.common | {"category": code, "measure": MEASURES[measure], "test": ""}
            hits = [(given == value).fillna(False).to_numpy(bool) for given in answers]
            row |= counted(pair, hits)
            note = why_not_compared(pair.persons, variable, [len(hit) for hit in hits])
            if note:
                rows.append(row | {"note": note, "method": "none"})
            elif sample:
                rows.append(row | _weighted(hits, answers, sample, measure, level))
            else:
                rows.append(row | _unweighted(hits, measure, interval, test, level))
    return result(rows, groups, EXTRA)


def _answers(persons: pd.DataFrame | None, variable: str, sample: Sample | None) -> pd.Series:
    if persons is None:
        return pd.Series(dtype="object")
    given = persons[variable]
    keep = given.notna().to_numpy(bool)
    return given[keep & sample.counted[persons.index] if sample else keep]


def counted(pair: Pair, hits: Sequence[np.ndarray]) -> dict[str, Any]:
    """The counts and bases of two groups, and how many of their persons are missing from these."""
    (count_1, n_1), (count_2, n_2) = ((int(hit.sum()), len(hit)) for hit in hits)
    persons = sum(len(own) for own in pair.persons if own is not None)
    return {
        "count": count_1 + count_2,
        "n": n_1 + n_2,
        "count_1": count_1,
        "n_1": n_1,
        "count_2": count_2,
        "n_2": n_2,
        "missing": persons - n_1 - n_2,
    }


def _unweighted(
    hits: Sequence[np.ndarray], measure: str, interval: str, test: str, level: float
) -> dict[str, Any]:
    table = [int(number) for hit in hits for number in (hit.sum(), len(hit))]
    return counts_compared(*table, measure=measure, interval=interval, test=test, level=level)


def counts_compared(
    x1: int, n1: int, x2: int, n2: int, *, measure: str, interval: str, test: str, level: float
) -> dict[str, Any]:
    """The difference or ratio of two shares, with interval and test, from their counts."""
    table = (x1, n1, x2, n2)
    p, used = p_value(*table, test=test)
    row = {"p_value": p, "test": used}
    if measure == "ratio" and not x2:
        return row | {"note": "few_events", "method": "none"}
    if interval == "miettinen_nurminen":
        low, high = miettinen_nurminen(*table, ratio=measure == "ratio", level=level)
        method = interval
    else:
        low, high = (mover if measure == "ratio" else newcombe)(*table, level=level)
        method = "mover" if measure == "ratio" else interval
    estimate = x1 / n1 - x2 / n2 if measure == "difference" else (x1 / n1) / (x2 / n2)
    return row | {"estimate": estimate, "conf_low": low[0], "conf_high": high[0], "method": method}


def _weighted(
    hits: Sequence[np.ndarray], answers: Sequence[pd.Series], sample: Sample, measure: str, level: float
) -> dict[str, Any]:
    """The difference or ratio of two parts of a sample, with their covariance."""
    top = np.zeros((len(sample.weight), 2))
    bottom = top.copy()
    for column, (hit, given) in enumerate(zip(hits, answers, strict=True)):
        top[given.index, column], bottom[given.index, column] = hit, 1.0
    found, covariance = ratios(sample, top, bottom)
    df = freedom(sample, bottom.sum(axis=1) > 0)
    row = {"df": df, "test": "t", "method": f"{sample.design.kind}_difference"}
    one, other = (float(share) for share in np.clip(found, 0, 1))
    if measure == "ratio" and not other:
        return row | {"note": "few_events", "method": "none", "test": ""}
    row["estimate"] = one - other if measure == "difference" else one / other
    if {one, other} & {0.0, 1.0} or df < 1 or np.isnan(covariance).any():
        return row | {"note": "few_events" if {one, other} & {0.0, 1.0} else "too_few", "test": ""}
    return row | _t_interval(one, other, covariance, df, measure, level)


def _t_interval(
    one: float, other: float, covariance: Floats, df: int, measure: str, level: float
) -> dict[str, Any]:
    from scipy.stats import t

    slope = np.array([1.0, -1.0]) / (1.0 if measure == "difference" else np.array([one, other]))
    distance = one - other if measure == "difference" else np.log(one / other)
    error = float(np.sqrt(slope @ covariance @ slope))
    reach = t.ppf(0.5 + level / 2, df) * error
    edges = np.array([distance - reach, distance + reach])
    low, high = edges if measure == "difference" else np.exp(edges)
    own = error if measure == "difference" else error * one / other
    p = 2 * t.sf(abs(distance) / error, df) if error else np.nan
    return {"std_error": own, "conf_low": low, "conf_high": high, "p_value": p}
