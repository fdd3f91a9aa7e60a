"""Categories that are several others together, such as those in work: what their differences tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import permutations

from kij_analysis.disclosure.cells import Cells, Line
from kij_analysis.disclosure.relations import Answers, Links, may_overlap
from kij_analysis.disclosure.sums import Terms
from kij_analysis.effects.transitions import STATUS_GROUPS
from kij_analysis.indicators.counting import OUTCOMES

Member = tuple[frozenset[str], int, Line]


def codes_of(variable: str, category: str) -> tuple[str, frozenset[str]]:
    """The variable and its categories that are meant.

    Examples
    --------
    >>> codes_of("labour_status", "employed|subsidised_job") == codes_of("employed", "")
    True
    """
    if variable in OUTCOMES:
        return "labour_status", frozenset(OUTCOMES[variable])
    if variable == "labour_status" and category in STATUS_GROUPS.values():
        return variable, frozenset(code for code, state in STATUS_GROUPS.items() if state == category)
    return variable, frozenset(category.split("|"))


def unions(cells: Cells, answers: Answers, found: Links, smallest: int) -> Iterator[Terms]:
    """Sets of categories on one base: equal ones, those that others make up, and differences of a few."""
    there: dict[tuple[str, str, float], list[Member]] = defaultdict(list)
    for (programme, variable, category), lines in answers.items():
        of, codes = codes_of(variable, category)
        for cell, line in lines.items():
            there[programme, of, cells.values[line.base or 0]].append((codes, cell, line))
    for members in there.values():
        if any(len(codes) > 1 for codes, _, _ in members):
            yield from _whole(cells, members)
            yield from _pairs(cells, members, found, smallest)


def _whole(cells: Cells, members: list[Member]) -> Iterator[Terms]:
    """A set whose categories all stand by themselves."""
    single = {min(codes): cell for codes, cell, _ in members if len(codes) == 1}
    for codes, cell, _ in members:
        parts = [single[code] for code in sorted(codes) if code in single]
        if len(parts) > 1 and sum(cells.values[part] for part in parts) == cells.values[cell]:
            yield (*((part, 1.0) for part in parts), (cell, -1.0))


def _pairs(cells: Cells, members: list[Member], found: Links, smallest: int) -> Iterator[Terms]:
    """Two sets of which one holds the other."""
    for (small, one, first), (large, other, second) in permutations(members, 2):
        rest = cells.values[other] - cells.values[one]
        if one == other or rest < 0 or not may_overlap(first, second):
            continue
        if small == large and one < other and not rest:
            yield ((one, 1.0), (other, -1.0))
        elif small < large:
            left = [
                cell for codes, cell, _ in members if codes == large - small and cells.values[cell] == rest
            ]
            if left:
                yield ((one, 1.0), (left[0], 1.0), (other, -1.0))
            elif rest < smallest:
                found.difference(other, [one], smallest - 1.0, cells)
