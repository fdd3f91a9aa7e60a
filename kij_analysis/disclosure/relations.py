"""Relations between cells, and what tells whether two rows may be about the same persons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kij_analysis.disclosure.cells import STEPS, TIMES, By, Cells, Line
from kij_analysis.disclosure.sums import Terms

Answers = Mapping[tuple[str, str, str], Mapping[int, Line]]
"""By programme, variable and category: the cells that count them, each with a row that prints it."""


@dataclass(kw_only=True)
class Links:
    """Relations between cells, and the small differences that they would tell.

    `sums` and `parts` are as in `kij_analysis.disclosure.sums.System`. `apart` holds cells of nobody's row:
    the few persons by which two bases differ. They are as hidden as a printed count; `few` says of how many
    persons each is, and `loose` which cells may be told nearly because of them; `of_releases` are those
    between two releases. `known` are cells that nobody can hide, `free` those that are printed nowhere, and
    `means` leads from a total to the programme and the base of the mean that tells it.
    """

    sums: list[Terms] = field(default_factory=list)
    parts: list[tuple[int, int]] = field(default_factory=list)
    apart: set[int] = field(default_factory=set)
    known: set[int] = field(default_factory=set)
    means: dict[int, tuple[str, str, float]] = field(default_factory=dict)
    free: set[int] = field(default_factory=set)
    of_releases: set[int] = field(default_factory=set)
    few: dict[int, float] = field(default_factory=dict)
    loose: dict[int, float] = field(default_factory=dict)

    def difference(self, whole: int, pieces: Sequence[int], persons: float, cells: Cells) -> None:
        """That a whole less its pieces is the answer of a few persons."""
        key = ("apart", whole, tuple(sorted(pieces)))
        if key in cells.keys:
            return
        rest = cells.values[whole] - sum(cells.values[piece] for piece in pieces)
        own = cells.cell(key, rest)
        self.sums.append(((whole, 1.0), *((piece, -1.0) for piece in pieces), (own, -1.0)))
        base = cells.cell(("persons", own), persons)
        self.parts.append((own, base))
        self.known.add(base)
        self.apart.add(own)
        self.few[own] = persons
        for cell in (whole, *pieces):
            self.loose[cell] = min(persons, self.loose.get(cell, persons))


def by_item(lines: Iterable[Line], key: Callable[[Line], object]) -> list[list[Line]]:
    """The lines of each item in groups that share a key."""
    groups: dict[object, list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.item, key(line)].append(line)
    return list(groups.values())


def who(by: By, *leave_out: str) -> tuple[tuple[str, str], ...]:
    """Of whom and when a row is, as something that can be compared."""
    return tuple(sorted((name, value) for name, value in by.items() if name not in leave_out))


def once(lines: Iterable[Line]) -> dict[int, Line]:
    """One line for each own cell."""
    return {line.own: line for line in lines if line.own is not None and line.base is not None}


def may_overlap(one: Line, other: Line) -> bool:
    """Whether the persons of one row may be among those of another.

    They may not if both are groups of one division, or groups of two different divisions (where equal numbers
    are chance), or were asked at different times or with other questionnaires.
    """
    if any(one.by.get(name) != other.by.get(name) for name in STEPS):
        return False
    small, large = sorted((one.by, other.by), key=len)
    if any(large.get(name) != value for name, value in small.items() if name not in TIMES):
        return False
    if any(large.get(name, value) != value for name, value in small.items()):
        return False
    if one.behind and other.behind and not set(one.behind) & set(other.behind):
        return False
    return _asked_then(one, other) and _asked_then(other, one)


def _asked_then(one: Line, other: Line) -> bool:
    """Whether a row was asked at the time that another one names, as far as its instruments tell."""
    when = other.by.get("wave")
    if not when or "wave" in one.by:
        return True
    told = [name for name in one.behind if any(f"_{wave}" in name for wave in ("entry", "end", "follow_up"))]
    return not told or any(f"_{when}" in name for name in told)
