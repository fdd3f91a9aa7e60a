"""Which barriers are named by fewer, or by more, of the same persons at the end than at entry."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kij_analysis import estimates, survey
from kij_analysis.barriers.asking import REST, barrier_names


def change(
    answers: pd.DataFrame,
    *,
    by: str | Sequence[str] = "programme",
    wave: tuple[str, str] = ("entry", "end"),
    role: str = "mentee",
    leave_out: Sequence[str] = REST,
    test: str = "mid_p",
    family: str | Sequence[str] = "programme",
    adjustment: str = "holm",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """How the share naming each barrier has changed among the persons who answered at both times.

    A change is what these persons answered, before and after; nothing is said about why.

    Parameters
    ----------
    answers
        Harmonised answers with `person_id` and `wave`.
    by
        Columns to group by, as they were at the first time.
    wave
        The two times.
    role
        Whose answers, where the frame says it; roles are never pooled.
    leave_out
        Barriers that are not looked at: what the rest class holds differs from person to person.
    test
        As in `kij_analysis.survey.paired`.
    family, adjustment
        Within which columns, and how, the p-values are adjusted: as in `kij_analysis.survey.adjusted`. All
        barriers of a programme are one family.
    population, level
        As in `kij_analysis.survey.shares`.

    Returns
    -------
    DataFrame
        As `kij_analysis.survey.paired` and `kij_analysis.survey.adjusted` give them.

    Raises
    ------
    UsageError
        As these do.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": "fika", "person_id": [*range(20), *range(20)], "gender": "woman",
    ...     "wave": ["entry"] * 20 + ["end"] * 20, "data_status": "synthetic",
    ...     "barrier_network": [True] * 16 + [False] * 4 + [True] * 6 + [False] * 14})
    >>> change(answers).round(3)[["count_1", "count_2", "estimate", "p_adjusted"]].values.tolist()
    [[16.0, 6.0, -0.5, 0.001]]
    """
    names = [name for name in barrier_names(answers) if name not in leave_out]
    own = answers[(answers["role"] == role).to_numpy(bool)] if "role" in answers.columns else answers
    parts = [
        survey.paired(own, name, wave=wave, by=by, test=test, population=population, level=level)
        for name in names
    ]
    found = estimates.make(pd.concat(parts, ignore_index=True))
    return survey.adjusted(found, family=family, method=adjustment)
