"""The mentees' view beside their mentors', side by side and never pooled."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd

from kij_analysis import estimates, survey
from kij_analysis.barriers.asking import REST, about_mentees, barrier_names
from kij_analysis.errors import UsageError

AREAS: Mapping[str, str] = MappingProxyType(
    {
        "barrier_language": "mentor_view_language_high",
        "barrier_network": "mentor_view_network_high",
        "barrier_self_confidence": "mentor_view_confidence_high",
    }
)
"""Barriers about which mentors are asked how far the mentee has come, and the column of their answer."""


def views(
    answers: pd.DataFrame,
    *,
    wave: str = "end",
    areas: Mapping[str, str] = AREAS,
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """What the mentees name as barriers, and what their mentors say about the same areas.

    Where mentors were asked about the barriers themselves, their shares stand beside the mentees' and
    mean the same. Where they were asked how far the mentee has come, that is another question: the row says
    so (`question` is *progress*), and no difference of the two may be formed.

    Parameters
    ----------
    answers
        Harmonised answers of mentees and mentors.
    wave
        When they answered.
    areas
        The column that holds the mentors' view of progress, by barrier.
    population
        ``"women"`` or ``"all"``, of the mentees whom both speak of.
    level
        The confidence level of the Wilson intervals.

    Returns
    -------
    DataFrame
        Estimates with measure *share*, by programme, area and role; to the right `role`, `area` (the
        barrier), `question` (*barrier*, *progress* or empty where there is none) and the columns of `shares`.
        A mentor's row without either question has the note *not_asked*.

    Raises
    ------
    UsageError
        If mentees or mentors, or their pairs, are not in the frame; and as `prevalence` does.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": "fika", "role": ["mentee", "mentee", "mentor", "mentor"],
    ...     "wave": "end", "pair_id": ["1", "2", "1", "2"], "gender": ["woman", "woman", "man", "woman"],
    ...     "barrier_network": pd.array([True, False, None, None], dtype="boolean"),
    ...     "mentor_view_network_high": pd.array([None, None, True, True], dtype="boolean"),
    ...     "data_status": "synthetic"})
    >>> views(answers)[["role", "question", "estimate", "n"]].values.tolist()
    [['mentee', 'barrier', 0.5, 2.0], ['mentor', 'progress', 1.0, 2.0]]
    """
    for name in ("role", "wave"):
        if name not in answers.columns:
            raise UsageError(
                f"The frame has no column '{name}'.", fix="Use the answers of a harmonised study."
            )
    # Who a mentor's mentee is may be known from another wave than the one that is told.
    whole = about_mentees(answers, population)
    ended = whole[(whole["wave"] == wave).to_numpy(bool)]
    sides = {role: ended[(ended["role"] == role).to_numpy(bool)] for role in ("mentee", "mentor")}
    for role, own in sides.items():
        if own.empty:
            raise UsageError(f"No {role} answered in the wave '{wave}'.", fix="Keep both roles in the frame.")
    options: dict[str, Any] = {"by": "programme", "population": population, "level": level}
    parts = []
    for area in _chosen(ended, areas):
        mentees = survey.shares(sides["mentee"], area, **options)
        parts.append(mentees.assign(role="mentee", area=area, question="barrier"))
        for _, mentors in sides["mentor"].groupby("programme", sort=False):
            variable, question = _question(mentors, area, areas)
            row = survey.shares(mentors, variable or area, **options)
            if not question:
                row = row.assign(note="not_asked")
            parts.append(row.assign(role="mentor", area=area, question=question))
    found = estimates.make(pd.concat(parts, ignore_index=True))
    beside = ["role", "area", "question"]
    return found[
        [*estimates.COLUMNS, *beside, *found.columns.difference([*estimates.COLUMNS, *beside], sort=False)]
    ]


def _chosen(ended: pd.DataFrame, areas: Mapping[str, str]) -> list[str]:
    """The areas that both roles may have been asked about, and all barriers that mentors did name."""
    mentors = ended[(ended["role"] == "mentor").to_numpy(bool)]
    names = [name for name in barrier_names(ended) if name not in REST]
    chosen = [name for name in names if name in areas or mentors[name].notna().any()]
    if not chosen:
        raise UsageError("Mentors were asked about none of the barriers.", fix="Name other areas={…}.")
    return chosen


def _question(mentors: pd.DataFrame, area: str, areas: Mapping[str, str]) -> tuple[str, str]:
    """The column of the mentors' answer, and what they were asked."""
    if mentors[area].notna().any():
        return area, "barrier"
    progress = areas.get(area, "")
    if progress in mentors.columns and mentors[progress].notna().any():
        return progress, "progress"
    return "", ""
