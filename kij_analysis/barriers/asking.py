"""Which barriers were asked about, of whom, and whose answers must be kept apart."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.survey.groups import named

REST = ("barrier_other",)
"""Classes that gather whatever a list does not name: they differ from list to list."""


def barrier_names(answers: pd.DataFrame) -> list[str]:
    """The columns that say whether a barrier was named, in the order of the frame.

    Raises
    ------
    UsageError
        If there are none.

    Examples
    --------
    >>> barrier_names(pd.DataFrame({"barrier_cost": pd.array([True], dtype="boolean"), "barrier_count": [2]}))
    ['barrier_cost']
    """
    found = answers.columns[answers.columns.str.startswith("barrier_")]
    names = [str(name) for name in found if pd.api.types.is_bool_dtype(answers[name].dtype)]
    if not names:
        raise UsageError("The frame has no columns barrier_….", fix="Use the answers of a harmonised study.")
    return names


def apart(answers: pd.DataFrame, by: str | Sequence[str]) -> list[str]:
    """The columns to group by, with the role and the wave wherever the frame holds several.

    A mentor's view is not a mentee's, and a woman who answered twice is not two women.

    Examples
    --------
    >>> apart(pd.DataFrame({"role": ["mentee", "mentor"], "wave": ["end", "end"]}), "programme")
    ['programme', 'role']
    """
    groups = named(by)
    several = [
        name
        for name in ("role", "wave")
        if name in answers.columns and name not in groups and answers[name].nunique() > 1
    ]
    return [*groups, *several]


def about_mentees(answers: pd.DataFrame, population: str) -> pd.DataFrame:
    """The answers in which each mentor's row carries the gender of the mentee whom it is about.

    The population is that of the women whose barriers are told, whoever tells them. A mentor whose mentee is
    not in the frame has no gender then, and is counted among those left out.

    Raises
    ------
    UsageError
        If mentors' answers about women are asked for and the frame does not say who their mentees are.

    Examples
    --------
    >>> frame = pd.DataFrame({"programme": "fika", "role": ["mentee", "mentor"], "pair_id": ["1", "1"],
    ...     "gender": ["woman", "man"]})
    >>> about_mentees(frame, "women")["gender"].tolist()
    ['woman', 'woman']
    """
    if population == "all" or not {"role", "gender"} <= set(answers.columns):
        return answers
    mentors = (answers["role"] == "mentor").to_numpy(bool)
    if not mentors.any():
        return answers
    mentees = answers[(answers["role"] == "mentee").to_numpy(bool)]
    if mentees.empty or "pair_id" not in answers.columns:
        raise UsageError(
            "The frame holds mentors' answers, but not the mentees whom they are about.",
            fix="Keep the mentees and the column pair_id in the frame, or ask for population='all'.",
        )
    keys = [name for name in ("programme", "pair_id") if name in answers.columns]
    known = mentees.dropna(subset=["pair_id", "gender"]).drop_duplicates(keys).set_index(keys)["gender"]
    place = pd.MultiIndex.from_frame(answers[keys]) if len(keys) > 1 else pd.Index(answers["pair_id"])
    theirs = known.astype("object").reindex(place).to_numpy()
    return answers.assign(gender=answers["gender"].astype("object").mask(mentors, theirs))
