"""Everybody who could have answered, with what is known of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kij_analysis.errors import UsageError, listed
from kij_analysis.survey.design import Floats

EARLIER = "at_entry"
"""The column of a roster with the answer to the same question at entry."""


@dataclass(frozen=True, kw_only=True)
class Roster:
    """The persons of a programme: those known from any wave first, then those who never answered.

    `hit` is 1 or 0 where the question was answered, else missing; `known` has one row for each person, with
    what she told at entry, nothing where she was not there. `asked` is how many the programme asked, missing
    where nobody knows; then only known persons are in the roster.
    """

    hit: Floats
    known: pd.DataFrame
    at_entry: NDArray[np.bool_]
    asked: float

    @property
    def answered(self) -> NDArray[np.bool_]:
        """Who answered the question."""
        return np.asarray(~np.isnan(self.hit))

    @property
    def unlike(self) -> bool:
        """Whether nobody who answered is of some group of those who did not, by a category known at entry."""
        for name in self.known.columns:
            column = self.known[name]
            if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
                continue
            silent, spoken = (set(column[rows].dropna()) for rows in (~self.answered, self.answered))
            if silent - spoken:
                return True
        return False

    @property
    def count(self) -> int:
        """How many gave the answer."""
        return int(np.nansum(self.hit))

    @property
    def n(self) -> int:
        """How many answered."""
        return int(self.answered.sum())


def roster(
    persons: pd.DataFrame,
    variable: str,
    answer: Sequence[object],
    *,
    wave: str,
    entry: str,
    predictors: Sequence[str],
    asked: float,
) -> Roster:
    """The persons of one programme in all waves, as one row each."""
    there = persons.drop_duplicates("person_id").set_index("person_id").index
    later = persons[persons["wave"] == wave].set_index("person_id")
    first = persons[persons["wave"] == entry].set_index("person_id") if entry != wave else persons.iloc[:0]
    hit = hits(later[variable], answer).reindex(there).to_numpy("float64", na_value=np.nan)
    known = first[list(predictors)].reindex(there) if len(first) else pd.DataFrame(index=there)
    if len(first):
        earlier = hits(first[variable], answer).reindex(there)
        known = known.assign(**{EARLIER: earlier.astype("boolean")})
    known = known[[name for name in known.columns if known[name].nunique() > 1]]
    silent = 0 if np.isnan(asked) else max(round(asked) - len(there), 0)
    places = [*there.astype("str"), *(f"silent {number}" for number in range(silent))]
    return Roster(
        hit=np.concatenate([hit, np.full(silent, np.nan)]),
        known=known.set_axis(places[: len(there)], axis=0).reindex(places),
        at_entry=np.concatenate([there.isin(first.index), np.zeros(silent, dtype=bool)]).astype(bool),
        asked=asked if np.isnan(asked) else float(len(places)),
    )


def hits(column: pd.Series, answer: Sequence[object]) -> pd.Series:
    """1 where the answer is one of those wanted, 0 where it is another, missing where there is none."""
    found = column.isin(list(answer)).astype("float64")
    return found.where(column.notna().to_numpy(bool))


def check_persons(frame: pd.DataFrame, wave: str, entry: str) -> None:
    """Refuse frames in which persons cannot be followed over the waves.

    Raises
    ------
    UsageError
        If a wave is not there, if there are several roles, or if a person stands twice in a wave.
    """
    waves = list(frame["wave"].dropna().unique())
    if len(frame) and wave not in waves:
        raise UsageError(f"There is no wave '{wave}' in the frame.", fix=f"It has {listed(waves)}.")
    if "role" in frame.columns and frame["role"].nunique() > 1:
        raise UsageError(
            f"The frame holds several roles: {listed(frame['role'].unique())}.",
            fix="Keep one: data.with_people().query(\"role == 'mentee'\").",
        )
    keys = [name for name in ("programme", "person_id", "wave") if name in frame.columns]
    twice = int(frame[frame["wave"].isin([wave, entry])].duplicated(keys).sum())
    if twice:
        raise UsageError(
            f"{twice} persons stand more than once in a wave.",
            fix="Keep one round, or one row for each person.",
        )
