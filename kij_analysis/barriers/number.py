"""How many barriers each person names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import estimates, survey
from kij_analysis.barriers.asking import REST, about_mentees, apart, barrier_names
from kij_analysis.errors import UsageError
from kij_analysis.survey import Design
from kij_analysis.survey.groups import check_columns, grouped

OWN, SHARED = "barriers_named", "barriers_named_shared"
JOINED = "+"


def number(
    answers: pd.DataFrame,
    *,
    by: str | Sequence[str] = "programme",
    most: int = 4,
    design: Design | None = None,
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """How many barriers each person names: the distribution, the mean and the median.

    Counted twice: over the whole list that the group was offered (*barriers_named*), and over the barriers
    on the lists of all groups (*barriers_named_shared*, without the rest class). A longer list lets more be
    named, so only the second may be compared between groups with lists of their own.

    Parameters
    ----------
    answers
        Harmonised answers. Persons count who answered for every barrier that their group was asked about.
    by
        Columns to group by; roles and waves are kept apart as in `prevalence`.
    most
        This number and more are one answer.
    design, population, level
        As in `kij_analysis.survey.shares`.

    Returns
    -------
    DataFrame
        Estimates with measure *share* (categories ``"0"``, ``"1"`` … ``"4_or_more"``), *mean* and *median*;
        to the right the columns of `by`, those of `shares`, `items` (how many barriers the list holds) and
        `barriers` (those that all lists have in common, joined by ``+``; empty for the list of its own).

    Raises
    ------
    UsageError
        If `most` is below 1, and as `prevalence` does.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": "fika", "gender": "woman", "data_status": "synthetic",
    ...     "barrier_language": [True, True, False, False], "barrier_network": [True, False, True, False]})
    >>> found = number(answers, most=2).query("variable == 'barriers_named'")
    >>> found[["measure", "category", "estimate"]].values.tolist()[:4]
    [['share', '0', 0.25], ['share', '1', 0.5], ['share', '2_or_more', 0.25], ['mean', '', 1.0]]
    """
    if most < 1:
        raise UsageError(f"most is {most}.", fix="Use 1 or more.")
    names = barrier_names(answers)
    groups = apart(answers, by)
    check_columns(answers, names, groups)
    frame = about_mentees(answers, population).reset_index(drop=True)
    asked = _asked(frame, names, groups)
    offered = [own for own in asked.to_numpy(bool) if own.any()]
    common = np.logical_and.reduce(offered) if offered else np.zeros(len(names), dtype=bool)
    shared = asked & common & ~np.isin(names, REST)
    parts = [
        _described(frame, variable, names, lists, groups, most, design, population, level)
        for variable, lists in ((OWN, asked), (SHARED, shared))
    ]
    found = estimates.make(pd.concat(parts, ignore_index=True))
    in_common = JOINED.join(name for name, own in zip(names, common, strict=True) if own and name not in REST)
    return found.assign(barriers=found["variable"].map({OWN: "", SHARED: in_common}).astype("str"))


def _asked(frame: pd.DataFrame, names: list[str], groups: list[str]) -> pd.DataFrame:
    """For each person and barrier, whether her group was asked about it: somebody there has answered."""
    keys = list(dict.fromkeys([*(name for name in ("programme",) if name in frame.columns), *groups]))
    given = frame[names].notna()
    if not keys:
        return pd.DataFrame(True, index=frame.index, columns=names) & given.any()
    return given.groupby([frame[name] for name in keys], observed=True, dropna=False).transform("any")


def _described(
    frame: pd.DataFrame,
    variable: str,
    names: list[str],
    lists: pd.DataFrame,
    groups: list[str],
    most: int,
    design: Design | None,
    population: str,
    level: float,
) -> pd.DataFrame:
    answers = frame[names].astype("Float64").astype("float64")
    left_out = (answers.isna() & lists).any(axis=1) | ~lists.any(axis=1)
    counts = answers.where(lists).sum(axis=1).mask(left_out)
    codes = [*(str(k) for k in range(most)), f"{most}_or_more"]
    spoken = counts.map(lambda k: codes[min(int(k), most)], na_action="ignore")
    whole = frame.assign(items=lists.sum(axis=1).astype("float64"))
    options: dict[str, Any] = {"by": groups, "design": design, "population": population, "level": level}
    answer = whole.assign(**{variable: pd.Categorical(spoken, categories=codes)})
    number = whole.assign(**{variable: counts})
    found = pd.concat(
        [
            survey.shares(answer, variable, **options),
            survey.means(number, variable, **options),
            survey.medians(number, variable, **options),
        ],
        ignore_index=True,
    )
    lengths = {
        (part.common["programme"], part.common["group"]): part.persons["items"].max()
        for part in grouped(whole, variable, groups, population="all", level=level)
    }
    places = zip(found["programme"], found["group"], strict=True)
    return found.assign(items=[float(lengths[place]) for place in places])
