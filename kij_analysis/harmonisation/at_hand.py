"""One file as its rules read it, so that what several rules need is worked out once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from kij_analysis.codebook.crosswalks import Missing
from kij_analysis.codebook.instruments import FileForm, Instrument
from kij_analysis.errors import Problem
from kij_analysis.harmonisation.filled import FAILED
from kij_analysis.harmonisation.lookups import Lookup, reason_of
from kij_analysis.harmonisation.resolving import NOTHING, resolve
from kij_analysis.sources import RawTable

KeyFile = tuple[str, FileForm]
"""A key file as a rule names it: its path and how it is written."""


@dataclass(frozen=True)
class Ticked:
    """One column of a multiple choice, row by row: ticked, why it is missing, without a rule.

    `gap` is the place of the missing reason in the codebook's order, after the last one for a value.
    """

    ticked: np.ndarray
    gap: np.ndarray
    failed: np.ndarray
    problems: tuple[Problem, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class AtHand:
    """A file's answers, how its numbers and dates are written, its row numbers, and the study's key files."""

    raw: RawTable
    instrument: Instrument
    rows: np.ndarray
    key_files: Mapping[KeyFile, RawTable] = field(default_factory=dict)
    _ticked: dict[tuple[str, str], list[tuple[Lookup, Ticked]]] = field(
        default_factory=dict, init=False, repr=False
    )

    @property
    def form(self) -> FileForm:
        """How the file is written."""
        return self.instrument.file

    def ticked(self, column: str, lookup: Lookup, target: str, precedence: tuple[str, ...]) -> Ticked:
        """One column of a multiple choice, looked at once for all rules that read it in the same way."""
        known = self._ticked.setdefault((column, target), [])
        for other, found in known:
            if other == lookup:
                return found
        found = self._look(column, lookup, target, precedence)
        known.append((lookup, found))
        return found

    def _look(self, column: str, lookup: Lookup, target: str, precedence: tuple[str, ...]) -> Ticked:
        resolved = resolve(self.raw, column, lookup, target=target, rows=self.rows)
        positions = self.raw.keys(column)[0]
        ranks = [rank_of(outcome, precedence) for outcome in resolved.outcomes]
        return Ticked(
            ticked=np.array([o is True for o in resolved.outcomes], dtype=bool)[positions],
            gap=np.array(ranks, dtype=np.intp)[positions],
            failed=np.array([o is NOTHING for o in resolved.outcomes], dtype=bool)[positions],
            problems=tuple(resolved.problems),
        )


def rank_of(outcome: object, precedence: tuple[str, ...]) -> int:
    """The place of an outcome's missing reason; after the last for a value."""
    reason = reason_of(FAILED if outcome is NOTHING else outcome)
    return precedence.index(reason) if reason else len(precedence)


def reasons_in(precedence: tuple[str, ...]) -> list[object]:
    """All missing reasons as outcomes."""
    return [Missing(reason) for reason in precedence]
