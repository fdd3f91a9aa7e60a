"""The relations between the cells of a report that a reader knows or can guess."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from kij_analysis.disclosure.cells import STEPS, Cells, Line
from kij_analysis.disclosure.relations import Answers, Links, by_item, may_overlap, once, who
from kij_analysis.disclosure.sums import Terms
from kij_analysis.disclosure.tallies import movements, numbers_named, steps
from kij_analysis.disclosure.unions import unions

_NO_WHOLE = (
    "wave", "wave_1", "wave_2", "denominator", "timing", "population", "dose", "dose_level",
)  # fmt: skip
"""Columns whose values do not divide a base: the same person stands under several of them."""


def linked(cells: Cells, *, smallest: int, differencing: bool = True) -> Links:
    """All relations between the cells of a report.

    Parts of a base; answers that add up to their base; groups and programmes that add up to a total row,
    wherever it stands; categories that are several others together; rows and columns of movements; numbers of
    answers that give a mean; combinations of answers; and, with `differencing`, the same count on two bases
    of which one lies in the other and has a few persons more.
    """
    found = Links(parts=sorted(cells.within))
    answers: dict[tuple[str, str, str], dict[int, Line]] = defaultdict(dict)
    for line in cells.lines:
        if line.own is not None and line.base is not None and not line.of.get("first"):
            answers[line.of["programme"], line.of["variable"], line.of["category"]].setdefault(line.own, line)
    found.sums += _answers_of_a_base(cells)
    found.sums += _groups_of_a_total(cells, found, smallest if differencing else 0)
    found.sums += _one_at_least(cells, answers)
    found.sums += unions(cells, answers, found, smallest if differencing else 0)
    found.sums += movements(cells, found)
    found.sums += steps(cells, answers)
    found.sums += numbers_named(cells, answers, found)
    if differencing:
        _nested(cells, answers, found, smallest)
    return found


def _answers_of_a_base(cells: Cells) -> Iterator[Terms]:
    """Categories of one variable that add up to the base."""

    def key(line: Line) -> object:
        of = line.of
        return of["programme"], of["group"], of["variable"], of.get("first"), line.base, who(line.by)

    found = set()
    for lines in by_item(cells.lines, key):
        own = {line.of["category"]: line.own for line in once(lines).values()}
        base = lines[0].base
        if len(own) > 1 and base is not None:
            parts = tuple(sorted(cell for cell in own.values() if cell is not None))
            if sum(cells.values[cell] for cell in parts) == cells.values[base]:
                found.add((*((cell, 1.0) for cell in parts), (base, -1.0)))
    yield from sorted(found)


def _groups_of_a_total(cells: Cells, found: Links, smallest: int) -> Iterator[Terms]:
    """Rows of groups whose counts and bases add up to those of a row without groups."""
    seen: set[Terms] = set()
    traits = {name for line in cells.lines for name in line.by} - {*_NO_WHOLE, *STEPS}
    for across in [*sorted(traits), "programme"]:

        def key(line: Line, across: str = across) -> object:
            of = line.of
            programme = "" if across == "programme" else of["programme"]
            return programme, of["variable"], of["category"], of.get("first"), who(line.by, across, "group")

        lines = [line for line in cells.lines if across == "programme" or across in line.by]
        for members in by_item(lines, key):
            own = once(members)
            named = {
                line.of["programme"] if across == "programme" else line.by[across] for line in own.values()
            }
            if len(own) < 2 or len(named) < len(own) or (across == "programme" and "all" in named):
                continue
            for terms in _total(cells, list(own.values()), across, found, smallest):
                if terms not in seen:
                    seen.add(terms)
                    yield terms


def _total(cells: Cells, members: list[Line], across: str, found: Links, smallest: int) -> Iterator[Terms]:
    """The relations of groups with the total that has their persons, or a few more."""
    of = members[0].of
    programme = "all" if across == "programme" else of["programme"]
    counts = [line.own for line in members if line.own is not None]
    bases = [line.base for line in members if line.base is not None]
    count, n = sum(cells.values[cell] for cell in counts), sum(cells.values[cell] for cell in bases)
    for more in range(max(smallest, 1)):
        for few in range(more + 1):
            key = ("count", programme, of["variable"], of["category"], count + few, n + more)
            whole = cells.keys.get(key)
            base = cells.keys.get(("base", programme, of["variable"], n + more))
            if whole is None or base is None or whole in counts:
                continue
            if more:
                found.difference(whole, counts, more, cells)
            else:
                yield (*((cell, 1.0) for cell in counts), (whole, -1.0))
                yield (*((cell, 1.0) for cell in bases), (base, -1.0))


def _one_at_least(cells: Cells, answers: Answers) -> Iterator[Terms]:
    """At least one barrier is all but those who named none."""
    for (programme, variable, _), lines in answers.items():
        none = answers.get((programme, "barriers_named", "0"), {}) if variable == "barrier_any" else {}
        for cell, line in lines.items():
            base = line.base or 0
            for other in none:
                if cells.values[cell] + cells.values[other] == cells.values[base]:
                    yield ((cell, 1.0), (other, 1.0), (base, -1.0))


def _nested(cells: Cells, answers: Answers, found: Links, smallest: int) -> None:
    """The same answer on two bases that differ by a few persons, of whom the difference would tell."""
    for lines in answers.values():
        for (one, first), (two, second) in combinations(sorted(lines.items()), 2):
            more = cells.values[second.base or 0] - cells.values[first.base or 0]
            if more < 0:
                one, two, first, second, more = two, one, second, first, -more
            few = cells.values[two] - cells.values[one]
            if 0 < more < smallest and 0 <= few <= more and may_overlap(first, second):
                found.difference(two, [one], more, cells)
