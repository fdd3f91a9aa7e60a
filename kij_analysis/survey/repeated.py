"""Frames that hold the same persons at several times: who is in them, and who answered when."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kij_analysis.errors import UsageError, did_you_mean, listed
from kij_analysis.survey.groups import WHOLE_REASONS, why_empty

PERSON = ("programme", "person_id", "role")


def repeated(
    frame: pd.DataFrame, wave: Sequence[str], groups: Sequence[str] = ()
) -> tuple[pd.DataFrame, list[str]]:
    """The rows of these waves, and the columns that name a person; groups are as they were at first.

    Persons without an id are left out: they cannot be found again.

    Raises
    ------
    UsageError
        If the waves are not different ones of the frame, or a person stands twice in a wave.

    Examples
    --------
    >>> frame = pd.DataFrame({"person_id": ["a", "a", None], "wave": ["entry", "end", "end"]})
    >>> whole, keys = repeated(frame, ("entry", "end"))
    >>> len(whole), keys
    (2, ['person_id'])
    """
    _check_waves(frame, wave)
    whole = frame[frame["wave"].isin(list(wave))].reset_index(drop=True)
    keys = [name for name in PERSON if name in whole.columns]
    _check_persons(whole, keys)
    return _grouped_at_first(whole, list(groups), keys, wave), keys


def why_no_pairs(persons: pd.DataFrame, variable: str, wave: Sequence[str]) -> str:
    """Why nobody answered twice: the reason of a time at which nobody did, or that nobody came twice."""
    if not persons[variable].notna().any():
        return why_empty(persons, variable)
    parts = [persons[persons["wave"] == one] for one in wave]
    reasons = {why_empty(part, variable) for part in parts if not part[variable].notna().any()}
    whole = reasons & set(WHOLE_REASONS)
    return whole.pop() if len(whole) == 1 else "no_pairs"


def _check_waves(frame: pd.DataFrame, wave: Sequence[str]) -> None:
    if isinstance(wave, str) or len(wave) < 2 or len(set(wave)) < len(wave):
        raise UsageError("Two different waves are compared.", fix='For example wave=("entry", "end").')
    known = list(frame["wave"].dropna().unique())
    for one in wave:
        if one not in known and known:
            hint = did_you_mean(one, known)
            raise UsageError(f"The frame has no wave '{one}'. {hint}", fix=f"Waves: {listed(known)}.")


def _check_persons(whole: pd.DataFrame, keys: list[str]) -> None:
    """A person without an id cannot be found again, and one who stands twice has two answers."""
    known = whole[whole["person_id"].notna()]
    twice = int(known.duplicated([*keys, "wave"]).sum())
    if twice:
        raise UsageError(
            f"{twice} rows repeat a person within a wave.",
            fix="Keep one row for each person and wave, such as one round or one role.",
        )


def _grouped_at_first(
    whole: pd.DataFrame, groups: list[str], keys: list[str], wave: Sequence[str]
) -> pd.DataFrame:
    """Persons with an id, in the group in which they were at the first time that they are there."""
    known = whole[whole["person_id"].notna()]
    changing = [name for name in groups if name not in keys]
    if not changing or known.empty:
        return known
    places = {one: place for place, one in enumerate(wave)}
    order = known.sort_values("wave", key=lambda own: own.map(places), kind="stable")
    at_first = order.groupby(keys, sort=False, dropna=False)[changing].transform("first")
    return known.assign(**{name: at_first[name] for name in changing})
