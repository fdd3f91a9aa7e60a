"""What one file gives, and which of its rows cannot be kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from kij_analysis.codebook.crosswalks import Crosswalk
from kij_analysis.errors import Problem
from kij_analysis.harmonisation.filled import Filled
from kij_analysis.study import Source


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one file gives: harmonised rows, the columns as they came about, and the accounts.

    `rows` are the numbers of the rows that stayed, as a spreadsheet shows them; `lost` leads from a reason
    to the numbers of the rows that did not;
    `steps` holds the step of the scale behind every threshold, `wording` how each raw column's question was
    put.
    """

    source: Source
    crosswalk: Crosswalk
    frame: pd.DataFrame
    filled: tuple[Filled, ...]
    rows: np.ndarray
    rows_in: int
    lost: dict[str, tuple[int, ...]]
    left_behind: dict[str, str]
    sha256: str
    crosswalk_sha256: str
    problems: tuple[Problem, ...]
    steps: tuple[Filled, ...] = ()
    wording: Mapping[str, str] = field(default_factory=dict)

    def without(self, gone: np.ndarray, reason: str) -> Part:
        """The part without some of its rows, which are counted as lost."""
        if not gone.any():
            return self
        return replace(
            self,
            frame=self.frame[~gone].reset_index(drop=True),
            filled=tuple(replace(column, positions=column.positions[~gone]) for column in self.filled),
            rows=self.rows[~gone],
            steps=tuple(replace(column, positions=column.positions[~gone]) for column in self.steps),
            lost={**self.lost, reason: (*self.lost.get(reason, ()), *self.rows[gone].tolist())},
        )


def with_keys(part: Part) -> Part:
    """The rows that an id tells apart; of rows with one id the first stays."""
    if part.crosswalk.instrument.unit == "meeting":
        return part.without(part.frame["pair_id"].isna().to_numpy(), "no id")
    nameless = part.frame["person_id"].isna().to_numpy()
    part = part.without(nameless, "no id")
    return part.without(part.frame["person_id"].duplicated().to_numpy(), "id repeated")


def apart(parts: Sequence[Part]) -> list[Part]:
    """The parts with every person once in each role and wave.

    The same id in two files of one programme, role and wave is a problem, because two people would
    become one; the row of the first file stays.
    """
    kept: list[Part] = []
    for part in parts:
        for other in kept:
            part = _without_those_of(part, other)
        kept.append(part)
    return kept


def _without_those_of(part: Part, other: Part) -> Part:
    if "meeting" in (part.crosswalk.instrument.unit, other.crosswalk.instrument.unit):
        return part
    one, two = part.crosswalk.instrument, other.crosswalk.instrument
    if (one.programme, one.role, one.wave) != (two.programme, two.role, two.wave):
        return part
    repeated = part.frame["person_id"].isin(other.frame["person_id"]).to_numpy(dtype=bool)
    if not repeated.any():
        return part
    count = int(repeated.sum())
    problem = Problem(
        what=f"{count} id{'s' if count != 1 else ''} of this file also stand{'' if count != 1 else 's'} in "
        f"{other.source.shown}, for the same programme, role and wave.",
        fix="Give each person an id of her own, for example with the year before it, or correct wave:.",
        file=part.source.shown,
        column=part.crosswalk.instrument.keys["person_id"],
    )
    part = replace(part, problems=(*part.problems, problem))
    return part.without(repeated, f"id stands in {other.source.shown}")
