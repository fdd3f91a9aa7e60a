"""Cells of persons who are alike in some traits, joined with others where they hold too few persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Match:
    """Which cells of the population the participants fall into, and how many of them in each.

    `cells` leads from the codes of a cell, fewer where it was joined with others, to its number of
    participants; `unmatched` are those of no cell.
    """

    cells: Mapping[tuple[str, ...], int]
    unmatched: int

    @property
    def matched(self) -> int:
        """How many participants have a counterpart."""
        return sum(self.cells.values())

    def on(self, traits: int) -> int:
        """How many were matched on so many traits."""
        return sum(count for cell, count in self.cells.items() if len(cell) == traits)


def matched(participants: pd.DataFrame, like: pd.DataFrame, traits: Sequence[str], minimum: int) -> Match:
    """Each participant's cell: the finest one that her traits name and that has enough persons.

    Parameters
    ----------
    participants
        With a column for each trait, and `suits`, which is false for whoever is not meant at all.
    like
        The persons of the population whom the cells are made of, with the same columns.
    traits
        The most important first; a cell is named by some of the first of them.
    minimum
        How many persons a cell needs.

    Examples
    --------
    >>> like = pd.DataFrame({"years_band": ["0_5"] * 4 + ["6_15"] * 2, "age_band": ["35_49"] * 6})
    >>> women = pd.DataFrame({"years_band": ["0_5", "6_15"], "age_band": ["35_49"] * 2, "suits": True})
    >>> matched(women, like, ["years_band", "age_band"], minimum=4).cells
    {('0_5', '35_49'): 1, (): 1}
    """
    sizes: dict[tuple[str, ...], int] = {}
    for code in codes_of(like, traits):
        known = _known(code)
        for length in range(known + 1):
            sizes[code[:length]] = sizes.get(code[:length], 0) + 1
    cells: dict[tuple[str, ...], int] = {}
    suiting = participants[participants["suits"].to_numpy(bool)]
    for code in codes_of(suiting, traits):
        fitting = (code[:length] for length in range(_known(code), -1, -1))
        cell = next((part for part in fitting if sizes.get(part, 0) >= minimum), None)
        if cell is not None:
            cells[cell] = cells.get(cell, 0) + 1
    return Match(cells=cells, unmatched=len(participants) - sum(cells.values()))


def codes_of(frame: pd.DataFrame, traits: Sequence[str]) -> list[tuple[str, ...]]:
    """The traits of each person as codes, empty where one is not known."""
    columns = [frame[name].astype("str").fillna("").tolist() for name in traits]
    return list(zip(*columns, strict=True))


def _known(code: tuple[str, ...]) -> int:
    """How many of the first traits are known."""
    return next((place for place, part in enumerate(code) if part in ("", "nan")), len(code))


def in_cell(codes: Sequence[tuple[str, ...]], cell: tuple[str, ...]) -> np.ndarray:
    """Whose first traits are those of the cell."""
    return np.array([code[: len(cell)] == cell for code in codes], dtype=bool)
