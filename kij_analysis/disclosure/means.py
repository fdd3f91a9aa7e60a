"""Means of nearly the same persons: the difference of two would tell the answers of the few between them."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

from kij_analysis.disclosure.cells import Cells, Line
from kij_analysis.disclosure.relations import may_overlap

SUMS = ("mean", "change")
"""Measures that times their base are a sum over persons."""


def near_means(cells: Cells, *, smallest: int) -> list[Line]:
    """The rows to hide: of two means whose bases differ by a few persons the one on fewer.

    Two means of the same numbers, times their bases, differ by the sum of what those between them answered.
    """
    there: dict[tuple[str, ...], list[Line]] = defaultdict(list)
    for line in cells.lines:
        if line.of["measure"] in SUMS and line.own is None and not line.hidden and not line.pieces:
            names = ("programme", "variable", "category", "measure")
            there[tuple(line.of[name] for name in names)].append(line)
    found: dict[tuple[tuple[str, str], int], Line] = {}
    for lines in there.values():
        for one, other in combinations(lines, 2):
            small, large = sorted((one, other), key=lambda line: cells.values[line.base or 0])
            more = cells.values[large.base or 0] - cells.values[small.base or 0]
            if 0 < more < smallest and may_overlap(one, other):
                found[small.item, small.place] = small
    return list(found.values())
