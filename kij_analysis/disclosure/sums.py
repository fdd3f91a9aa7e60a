"""Counts that add up to each other: what anybody knows who sees some of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import numpy as np

Terms = tuple[tuple[int, float], ...]

UNBOUNDED = 1e5
"""No table of a programme counts more persons."""


@dataclass(frozen=True, kw_only=True)
class System:
    """Cells with their counts and the relations between them that a reader knows.

    Parameters
    ----------
    values
        The count of each cell; missing where it is not known.
    sums
        Relations that hold exactly: the terms (cell, factor) of each add up to nothing.
    parts
        Pairs (part, whole): the first cell counts some of the persons of the second.

    Examples
    --------
    >>> System(values=np.array([3.0, 17.0, 20.0]), sums=(((0, 1.0), (1, 1.0), (2, -1.0)),)).parts
    ()
    """

    values: np.ndarray
    sums: tuple[Terms, ...] = ()
    parts: tuple[tuple[int, int], ...] = ()

    def components(self, cells: Collection[int]) -> list[Part]:
        """The cells in groups that no relation joins, with the relations of each."""
        own = set(cells)
        joined = Joined(own)
        sums = [(terms, [cell for cell, _ in terms if cell in own]) for terms in self.sums]
        for _, inside in sums:
            joined.join(inside)
        for pair in self.parts:
            joined.join([cell for cell in pair if cell in own])
        parts = {root: Part(cells=members) for root, members in joined.groups().items()}
        for terms, inside in sums:
            if inside:
                parts[joined.root(inside[0])].sums.append(terms)
        for pair in self.parts:
            inside = [cell for cell in pair if cell in own]
            if inside:
                parts[joined.root(inside[0])].parts.append(pair)
        return list(parts.values())


@dataclass(frozen=True, kw_only=True)
class Part:
    """Cells that hang together, and the relations in which they stand."""

    cells: list[int]
    sums: list[Terms] = field(default_factory=list)
    parts: list[tuple[int, int]] = field(default_factory=list)


class Joined:
    """Which of some cells hang together."""

    def __init__(self, cells: Iterable[int]) -> None:
        self._above = {cell: cell for cell in sorted(cells)}

    def root(self, cell: int) -> int:
        """The cell that stands for all that hang together with this one."""
        while self._above[cell] != cell:
            self._above[cell] = self._above[self._above[cell]]
            cell = self._above[cell]
        return cell

    def join(self, cells: list[int]) -> None:
        """Let these cells hang together."""
        for cell in cells[1:]:
            self._above[self.root(cell)] = self.root(cells[0])

    def groups(self) -> dict[int, list[int]]:
        """The cells by the one that stands for them."""
        found: dict[int, list[int]] = {}
        for cell in self._above:
            found.setdefault(self.root(cell), []).append(cell)
        return found
