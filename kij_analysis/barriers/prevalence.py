"""How many name each barrier."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kij_analysis import estimates, survey
from kij_analysis.barriers.asking import about_mentees, apart, barrier_names
from kij_analysis.survey import Design


def prevalence(
    answers: pd.DataFrame,
    *,
    by: str | Sequence[str] = "programme",
    weight: str = "",
    design: Design | None = None,
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """The share naming each barrier, by group, with intervals.

    Roles and waves are never pooled: where the frame holds several, there is a row for each. Mentors are told
    apart by the gender of the mentee whom they speak of. A barrier that a programme did not ask about has a
    row with the note *not_asked*.

    Parameters
    ----------
    answers
        Harmonised answers with the columns ``barrier_<code>``, true where a person named the barrier;
        `data.with_people()` for groups of persons, such as ``by="country_of_residence"``.
    by, weight, design, population, level
        As in `kij_analysis.survey.shares`.

    Returns
    -------
    DataFrame
        Estimates with measure *share*; `variable` is the barrier, `category` is *yes*.

    Raises
    ------
    UsageError
        If the frame holds no barriers, if it holds mentors' answers about women and not their mentees, and as
        `kij_analysis.survey.shares` does.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": ["fika"] * 2, "gender": ["woman"] * 2,
    ...     "barrier_language": pd.array([True, False], dtype="boolean"), "data_status": "synthetic"})
    >>> prevalence(answers)[["variable", "estimate", "n"]].values.tolist()
    [['barrier_language', 0.5, 2.0]]
    """
    names = barrier_names(answers)
    frame, groups = about_mentees(answers, population), apart(answers, by)
    parts = [
        survey.shares(
            frame, name, by=groups, weight=weight, design=design, population=population, level=level
        )
        for name in names
    ]
    return estimates.make(pd.concat(parts, ignore_index=True))
