"""Shares of answers by group, with intervals, unweighted or as the design of a sample asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError, one_of
from kij_analysis.survey.design import Design, Sample, sample_of
from kij_analysis.survey.groups import (
    BESIDE,
    Group,
    categories,
    check_columns,
    grouped,
    named,
    narrowed,
    result,
    why_empty,
)
from kij_analysis.survey.intervals import check_level, logit_interval, share_interval
from kij_analysis.survey.variances import freedom, ratios

BASES = ("answered", "asked")
ASKED_IN_VAIN = ("dont_know", "refused", "no_answer")
Sizes = float | Mapping[str, float] | None


def shares(
    frame: pd.DataFrame,
    variable: str,
    *,
    by: str | Sequence[str] = (),
    weight: str = "",
    design: Design | None = None,
    interval: str = "wilson",
    population_size: Sizes = None,
    population: str = "women",
    base: str = "answered",
    level: float = 0.95,
) -> pd.DataFrame:
    """The share giving each answer to a question, with intervals.

    `n` is the unweighted base and `count` the unweighted number who gave the answer. A yes/no question
    has the row *yes* only.

    Parameters
    ----------
    frame
        Harmonised answers (`data.answers`, or `data.with_people()` for groups of persons).
    variable
        A harmonised column with categories, or true and false.
    by
        Columns to group by; every combination that occurs is a group, in the order in which it is met.
    weight
        The column of survey weights; a person without a weight, or with the weight 0, is counted as
        missing. The frame is taken as the whole sample, the groups as parts of it.
    design
        How the sample was drawn, instead of `weight`.
    interval
        ``"wilson"``, ``"jeffreys"`` or ``"clopper_pearson"``; weighted shares have logit intervals.
    population_size
        How many persons the answers of a group stand for: a number, or a number by the code of the group
        (values of several columns joined by "|"). A group that is not named stands for endlessly many.
    population
        ``"women"`` or ``"all"``.
    base
        ``"answered"``: missing answers are left out of the base. ``"asked"``: those who were asked and
        gave no answer (don't know, refused, no answer) stay in the base and in no category. Either way
        they are counted in `missing`.
    level
        The confidence level of the intervals.

    Returns
    -------
    DataFrame
        Estimates with measure *share*; to the right the columns of `by`, then `missing` (persons of the
        group without an answer), `left_out` (persons of the group outside the population), `ungrouped`
        (persons of the population who are in no group because a column of `by` is empty) and `level`.
        A group in which nobody answered has a row with a note. With weights also `df`, the degrees of
        freedom. A weighted share of 0 or 1 has no interval and the note *no_variation*.

    Raises
    ------
    UsageError
        If a column is not in the frame, if the variable is a number, a date or a text, if the frame does
        not say its data status, if a population is smaller than its answers; and as `Design` says.

    Notes
    -----
    Unweighted: see `wilson`, `jeffreys` and `clopper_pearson`. Weighted: linearised or replicated standard
    errors (Lumley 2010; Wolter 2007), logit intervals with t; see `linearised` for weights alone.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": ["fika"] * 4, "gender": ["woman"] * 4,
    ...     "high": pd.array([True, False, None, True], dtype="boolean"), "data_status": "synthetic"})
    >>> shares(answers, "high", by="programme")[["programme", "category", "estimate", "count", "n"]]
      programme category  estimate  count    n
    0      fika      yes  0.666667    2.0  3.0
    """
    groups = named(by)
    design = design_of(weight, design)
    check_columns(frame, [variable, *(design.columns if design else [])], groups)
    _check(frame, variable, base, design, interval, population_size)
    check_level(level)
    codes = categories(frame, variable) or [("", None)]
    whole = frame.reset_index(drop=True)
    sample = sample_of(whole, design) if design else None
    own = narrowed(whole, [variable, *groups])
    rows: list[dict[str, Any]] = []
    for group in grouped(own, variable, groups, population=population, level=level):
        size = size_of(population_size, group.code)
        rows += _of_group(group, codes, base, sample, interval, size)
    return result(rows, groups, [*BESIDE, *(["df"] if design else [])])


def design_of(weight: str, design: Design | None) -> Design | None:
    """The design that a call names, or that its weights alone make."""
    if weight and design:
        raise UsageError("Both weights and a design are given.", fix="Name the weights in the design.")
    return Design(weight=weight) if weight else design


def size_of(sizes: Sizes, code: str) -> float | None:
    """How large the population of a group is, if that is known."""
    return sizes.get(code) if isinstance(sizes, Mapping) else sizes


def _check(
    frame: pd.DataFrame, variable: str, base: str, design: Design | None, interval: str, sizes: Sizes
) -> None:
    """Refuse what the frame cannot give."""
    one_of(base, BASES, name="The base")
    if base == "asked" and f"{variable}_missing" not in frame.columns:
        raise UsageError(
            f"The frame has no column '{variable}_missing', so it does not say who was asked.",
            fix="Use base='answered', or harmonised answers.",
        )
    if design and interval != "wilson":
        raise UsageError("Weighted shares have logit intervals.", fix="Leave the interval out.")
    if design and sizes is not None:
        raise UsageError(
            "A design says itself how large its population is.", fix="Use Design(fpc=…) instead."
        )


def _of_group(
    group: Group,
    codes: list[tuple[str, object]],
    base: str,
    sample: Sample | None,
    interval: str,
    size: float | None,
) -> list[dict[str, Any]]:
    persons, variable = group.persons, str(group.common["variable"])
    answered = persons[variable].notna()
    counted = sample.counted[persons.index] if sample else np.ones(len(persons), dtype=bool)
    missing = int((~(answered & counted)).sum())
    based = answered
    if base == "asked":
        based = answered | persons[f"{variable}_missing"].isin(ASKED_IN_VAIN)
    given = persons.loc[based & counted]
    n = len(given) if (answered & counted).any() else 0
    rows = [group.common | {"measure": "share", "category": c, "n": n, "missing": missing} for c, _ in codes]
    if not n:
        return [row | {"note": why_empty(persons, variable), "method": "none"} for row in rows]
    hits = np.column_stack([(given[variable] == value).fillna(False).to_numpy(bool) for _, value in codes])
    level = group.common["level"]
    if sample:
        found = _weighted(hits, given.index.to_numpy(), sample, level)
    else:
        found = _unweighted(hits, interval, size, level)
    counts = hits.sum(axis=0)
    return [row | {"count": int(k)} | one for row, k, one in zip(rows, counts, found, strict=True)]


def _unweighted(hits: np.ndarray, interval: str, size: float | None, level: float) -> list[dict[str, Any]]:
    counts, n = hits.sum(axis=0), len(hits)
    lows, highs, method = share_interval(counts, n, interval=interval, level=level, population_size=size)
    return [
        {"estimate": float(count / n), "conf_low": low, "conf_high": high, "method": method}
        for count, low, high in zip(counts, lows, highs, strict=True)
    ]


def _weighted(hits: np.ndarray, rows: np.ndarray, sample: Sample, level: float) -> list[dict[str, Any]]:
    """Shares of a part of a sample; no interval for shares of 0 and 1 and for single units."""
    from scipy.stats import t

    top = np.zeros((len(sample.weight), hits.shape[1]))
    bottom = top.copy()
    top[rows], bottom[rows] = hits, 1.0
    found, covariance = ratios(sample, top, bottom)
    df = freedom(sample, bottom[:, 0] > 0)
    steps = t.ppf(0.5 + level / 2, df) if df > 0 else np.nan
    rows_found = []
    for share, error in zip(np.clip(found, 0, 1), np.sqrt(np.diag(covariance)), strict=True):
        row = {"estimate": float(share), "method": sample.design.kind, "df": df}
        if df < 1 or np.isnan(error):
            rows_found.append(row | {"note": "too_few"})
        elif share in (0.0, 1.0):
            rows_found.append(row | {"note": "no_variation"})
        else:
            low, high = logit_interval(float(share), float(error), steps=steps)
            rows_found.append(row | {"std_error": float(error), "conf_low": low, "conf_high": high})
    return rows_found
