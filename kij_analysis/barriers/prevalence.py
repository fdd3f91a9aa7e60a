"""How many name each barrier."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kij_analysis import estimates, survey
from kij_analysis.errors import UsageError


def prevalence(
    answers: pd.DataFrame,
    *,
    by: str | Sequence[str] = "programme",
    weight: str = "",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """The share naming each barrier, by group, with intervals.

    A barrier that a programme did not ask about has a row with the note *not_asked*.

    Parameters
    ----------
    answers
        Harmonised answers with the columns ``barrier_<code>``, true where a person named the barrier.
    by, weight, population, level
        As in `kij_analysis.survey.shares`.

    Returns
    -------
    DataFrame
        Estimates with measure *share*; `variable` is the barrier, `category` is *yes*.

    Raises
    ------
    UsageError
        If the frame holds no barriers, and as `kij_analysis.survey.shares` does.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": ["fika"] * 2, "gender": ["woman"] * 2,
    ...     "barrier_language": pd.array([True, False], dtype="boolean"), "data_status": "synthetic"})
    >>> prevalence(answers)[["variable", "estimate", "n"]].values.tolist()
    [['barrier_language', 0.5, 2.0]]
    """
    named = answers.columns[answers.columns.str.startswith("barrier_")]
    names = [name for name in named if pd.api.types.is_bool_dtype(answers[name].dtype)]
    if not names:
        raise UsageError("The frame has no columns barrier_….", fix="Use the answers of a harmonised study.")
    parts = [
        survey.shares(answers, name, by=by, weight=weight, population=population, level=level)
        for name in names
    ]
    return estimates.make(pd.concat(parts, ignore_index=True))
