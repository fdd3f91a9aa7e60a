"""Which barriers are named together: pairs with odds ratios, and whole combinations."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations as every
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import survey
from kij_analysis.barriers.asking import REST, about_mentees, apart, barrier_names
from kij_analysis.errors import UsageError, did_you_mean
from kij_analysis.survey.groups import (
    BESIDE,
    Group,
    check_columns,
    grouped,
    narrowed,
    result,
    why_empty,
)
from kij_analysis.survey.intervals import share_interval

PAIRED = ("first", "second", "count_1", "n_1", "count_2", "n_2", *BESIDE, "test")
JOINED = "+"
"""What stands between the barriers of a combination in its code."""


def together(
    answers: pd.DataFrame,
    *,
    by: str | Sequence[str] = "programme",
    leave_out: Sequence[str] = REST,
    family: str | Sequence[str] = "programme",
    adjustment: str = "holm",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """The odds of naming one barrier among those who name another, over the odds among the rest.

    Parameters
    ----------
    answers
        Harmonised answers.
    by
        Columns to group by; roles and waves are kept apart as in `prevalence`.
    leave_out
        Barriers that are not looked at.
    family, adjustment
        Within which columns, and how, the p-values are adjusted: as in `kij_analysis.survey.adjusted`. All
        pairs of barriers of a programme are one family.
    population, level
        As in `kij_analysis.survey.shares`.

    Returns
    -------
    DataFrame
        One row for each two barriers with measure *odds_ratio*; `variable` is the second barrier, `category`
        *yes*, `count` how many name both, `n` who answered for both. To the right the columns of `by`,
        `first`, `second`, `count_1` of `n_1` (who name the second among those who name the first), `count_2`
        of `n_2` (among those who do not), then those of `shares`, `test`, and those of `adjusted`. Where one
        of the four cells is empty there is no finite odds ratio: the note is *few_events*, and the end of
        the interval that is finite stands. A barrier that all or none name gives *no_variation*.

    Raises
    ------
    UsageError
        As `prevalence` does.

    Notes
    -----
    The conditional maximum likelihood estimate with its exact interval (Cornfield 1956; scipy), and the
    exact test that belongs to it, twice the smaller tail: the interval excludes 1 where p is below 1 − level.
    Nothing is added to empty cells.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": "fika", "gender": "woman", "data_status": "synthetic",
    ...     "barrier_language": [True] * 20 + [False] * 20,
    ...     "barrier_network": [True] * 15 + [False] * 5 + [True] * 6 + [False] * 14})
    >>> together(answers).round(2)[["estimate", "conf_low", "conf_high", "p_value"]].values.tolist()
    [[6.61, 1.46, 35.76, 0.01]]
    """
    names = [name for name in barrier_names(answers) if name not in leave_out]
    groups = apart(answers, by)
    check_columns(answers, names, groups)
    whole = narrowed(about_mentees(answers, population), [*names, *groups]).reset_index(drop=True)
    rows = [
        _pair(group, one, other)
        for group in grouped(whole, names[0], groups, population=population, level=level)
        for one, other in every(names, 2)
    ]
    return survey.adjusted(result(rows, groups, PAIRED), family=family, method=adjustment)


def _pair(group: Group, one: str, other: str) -> dict[str, Any]:
    persons = group.persons
    given = persons[persons[one].notna() & persons[other].notna()]
    first, second = (given[name].to_numpy(dtype=bool) for name in (one, other))
    row = group.common | {
        "variable": other, "category": "yes", "measure": "odds_ratio", "first": one, "second": other,
        "count": int((first & second).sum()), "n": len(given), "missing": len(persons) - len(given),
        "count_1": int((first & second).sum()), "n_1": int(first.sum()),
        "count_2": int((~first & second).sum()), "n_2": int((~first).sum()), "test": "", "method": "none",
    }  # fmt: skip
    if given.empty:
        notes = [why_empty(persons, name) for name in (one, other) if persons[name].isna().all()]
        return row | {"note": next((note for note in notes if note != "no_answers"), "no_answers")}
    if first.all() or second.all() or not first.any() or not second.any():
        return row | {"note": "no_variation"}
    return row | _odds(row, group.common["level"])


def _odds(row: dict[str, Any], level: float) -> dict[str, Any]:
    from scipy.stats import hypergeom
    from scipy.stats.contingency import odds_ratio

    both, first, rest = row["count_1"], row["n_1"], row["count_2"]
    table = [[both, first - both], [rest, row["n_2"] - rest]]
    found = odds_ratio(table, kind="conditional")
    ends = found.confidence_interval(level)
    drawn = (both, row["n"], both + rest, first)
    tails = hypergeom.cdf(*drawn), hypergeom.sf(both - 1, *drawn[1:])
    told = {
        "p_value": float(min(2 * min(tails), 1.0)),
        "conf_low": ends.low if ends.low > 0 else np.nan,
        "conf_high": ends.high if np.isfinite(ends.high) else np.nan,
        "test": "fisher",
        "method": "conditional_odds",
    }
    if 0 in table[0] or 0 in table[1]:
        return told | {"note": "few_events"}
    return told | {"estimate": float(found.statistic)}


def combinations(
    answers: pd.DataFrame,
    *,
    barriers: Sequence[str] = (),
    most: int = 3,
    by: str | Sequence[str] = "programme",
    leave_out: Sequence[str] = REST,
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """The share naming each combination of a few barriers: exactly these of them and no other of them.

    Every person stands in one combination, so the shares of a group add up to 1; the combination of none has
    the category *none*. Rare combinations must be put together before they are shown: see
    `kij_analysis.disclosure.group_rare`.

    Parameters
    ----------
    answers
        Harmonised answers.
    barriers
        Which barriers; if empty the `most` that are named most often, by the mean of the groups' shares,
        among those that all groups with any barrier were asked about.
    by, leave_out, population, level
        As in `ranking`.

    Returns
    -------
    DataFrame
        Estimates with measure *share*; `variable` is *barrier_combination*, `category` the barriers of the
        combination joined by ``+``, those of most persons first. To the right the columns of `by`,
        `barriers` (all that were looked at, joined by ``+``) and those of `shares`.

    Raises
    ------
    UsageError
        If a barrier is not in the frame, if none is on the lists of all groups, and as `prevalence` does.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": "fika", "gender": "woman", "data_status": "synthetic",
    ...     "barrier_language": [True] * 20 + [False] * 20,
    ...     "barrier_network": [True] * 15 + [False] * 5 + [True] * 6 + [False] * 14})
    >>> combinations(answers)[["category", "count"]].values.tolist()[:2]
    [['barrier_network+barrier_language', 15.0], ['none', 14.0]]
    """
    names = barrier_names(answers)
    for name in barriers:
        if name not in names:
            raise UsageError(f"The frame has no barrier '{name}'.", fix=did_you_mean(name, names))
    groups = apart(answers, by)
    check_columns(answers, names, groups)
    whole = narrowed(about_mentees(answers, population), [*names, *groups]).reset_index(drop=True)
    found = grouped(whole, "barrier_combination", groups, population=population, level=level)
    kept = [name for name in names if name not in leave_out]
    chosen = list(barriers) or _most_named(found, kept, most)
    rows: list[dict[str, Any]] = []
    for group in found:
        rows += _combined(group, chosen)
    return result(rows, groups, ("barriers", *BESIDE))


def _most_named(found: list[Group], names: list[str], most: int) -> list[str]:
    shares = pd.DataFrame([group.persons[names].astype("Float64").mean() for group in found])
    asked = shares.dropna(how="all").dropna(axis="columns")
    if asked.empty or not len(asked.columns):
        raise UsageError(
            "No barrier is on the lists of all groups.",
            fix="Name some in barriers=[…], or keep fewer groups.",
        )
    means = asked.mean()
    return sorted(asked.columns, key=lambda name: (-means[name], names.index(name)))[:most]


def _combined(group: Group, chosen: list[str]) -> list[dict[str, Any]]:
    persons = group.persons
    given = persons[persons[chosen].notna().all(axis=1)]
    common = group.common | {
        "measure": "share", "n": len(given), "missing": len(persons) - len(given),
        "barriers": JOINED.join(chosen), "method": "none",
    }  # fmt: skip
    if given.empty:
        reasons = [why_empty(persons, name) for name in chosen if persons[name].isna().all()]
        note = next((reason for reason in reasons if reason != "no_answers"), "no_answers")
        return [common | {"note": note}]
    hits = given[chosen].to_numpy(dtype=bool)
    codes = [JOINED.join(np.array(chosen, dtype=object)[row]) or "none" for row in hits]
    counts = pd.Series(codes).value_counts(sort=True)
    low, high, method = share_interval(
        counts.to_numpy(), len(given), interval="wilson", level=group.common["level"], population_size=None
    )
    return [
        common
        | {"category": code, "count": int(count), "estimate": count / len(given), "method": method}
        | {"conf_low": one, "conf_high": other}
        for code, count, one, other in zip(counts.index, counts, low, high, strict=True)
    ]
