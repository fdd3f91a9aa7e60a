"""Whom a question concerns: an empty cell of anybody else is not applicable, not an answer left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from kij_analysis.codebook.crosswalks import Missing
from kij_analysis.codebook.variables import Codebook
from kij_analysis.harmonisation.filled import Filled
from kij_analysis.harmonisation.resolving import NOTHING
from kij_analysis.sources.answers import narrow

EMPTY, OTHERS = Missing("no_answer"), Missing("not_applicable")


def concerned(filled: tuple[Filled, ...], codebook: Codebook) -> tuple[Filled, ...]:
    """The columns of one file, held against the conditions of the codebook (`only_if`).

    Survey tools leave a question that they did not show empty, as they do one that was skipped. Where the
    answer that decides is known, the two are told apart here; where it is not, the cell stays as it is.
    Answers that are there are never touched.
    """
    columns = {part.column.name: part for part in filled}
    return tuple(_held(part, columns, codebook) for part in filled)


def _held(part: Filled, columns: Mapping[str, Filled], codebook: Codebook) -> Filled:
    conditions = codebook.variables[part.column.variable].only_if
    if not conditions or EMPTY not in part.outcomes:
        return part
    outside = np.zeros(len(part.positions), dtype=bool)
    for name, values in conditions.items():
        outside |= _known_and_other(columns[name], values)
    empty = np.array([outcome == EMPTY for outcome in part.outcomes], dtype=bool)[part.positions]
    moved = narrow(
        np.where(outside & empty, np.intp(len(part.outcomes)), part.positions), len(part.outcomes) + 1
    )
    return replace(part, positions=moved, outcomes=[*part.outcomes, OTHERS], answers=[*part.answers, ""])


def _known_and_other(part: Filled, values: tuple[object, ...]) -> np.ndarray:
    """Rows whose answer is known and is none of the values."""
    decided = [not isinstance(o, Missing) and o is not NOTHING and o not in values for o in part.outcomes]
    return np.array(decided, dtype=bool)[part.positions]
