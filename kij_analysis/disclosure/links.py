"""The relations between the cells of a report that a reader knows or can guess."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from kij_analysis.disclosure.cells import STEPS, TIMES, By, Cells, Line
from kij_analysis.disclosure.sums import Terms
from kij_analysis.effects.transitions import STATUS_GROUPS

NUMBERS_NAMED = ("barriers_named", "barriers_named_shared")
"""How many barriers were named: of those on the programme's own list, and of those on all lists."""
MORE = re.compile(r"(\d+)(_or_more)?")
WAVES = ("wave", "wave_1", "wave_2")
_NO_WHOLE = (*WAVES, "denominator", "timing", "population", "dose", "dose_level")
"""Columns whose values do not divide a base: the same person stands under several of them."""


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
    found.sums += _categories_of_several(cells, answers)
    found.sums += _movements(cells, found)
    found.sums += _numbers_named(cells, answers, found)
    if differencing:
        _nested(cells, answers, found, smallest)
    return found


def _by_item(lines: Iterable[Line], key: Callable[[Line], object]) -> list[list[Line]]:
    groups: dict[object, list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.item, key(line)].append(line)
    return list(groups.values())


def _who(by: By, *leave_out: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, value) for name, value in by.items() if name not in leave_out))


def _once(lines: Iterable[Line]) -> dict[int, Line]:
    """One line for each own cell."""
    return {line.own: line for line in lines if line.own is not None and line.base is not None}


def _answers_of_a_base(cells: Cells) -> Iterator[Terms]:
    """Categories of one variable that add up to the base."""

    def key(line: Line) -> object:
        of = line.of
        return of["programme"], of["group"], of["variable"], of.get("first"), line.base, _who(line.by)

    found = set()
    for lines in _by_item(cells.lines, key):
        own = {line.of["category"]: line.own for line in _once(lines).values()}
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
            return programme, of["variable"], of["category"], of.get("first"), _who(line.by, across, "group")

        lines = [line for line in cells.lines if across == "programme" or across in line.by]
        for members in _by_item(lines, key):
            own = _once(members)
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


def _categories_of_several(
    cells: Cells, answers: dict[tuple[str, str, str], dict[int, Line]]
) -> Iterator[Terms]:
    """Categories that are others together, such as work, on the same base."""
    for (programme, variable, category), lines in answers.items():
        parts = category.split("|")
        if len(parts) == 1:
            parts = [code for code, state in STATUS_GROUPS.items() if state == category]
        if variable == "barrier_any":
            parts = ["0"]
        if not parts or parts == [category]:
            continue
        own = "barriers_named" if variable == "barrier_any" else variable
        for cell, line in lines.items():
            n = cells.values[line.base or 0]
            there = [
                other
                for part in parts
                for other, one in answers.get((programme, own, part), {}).items()
                if cells.values[one.base or 0] == n
            ]
            total = sum(cells.values[other] for other in there)
            if variable == "barrier_any" and there and line.base is not None:
                if total + cells.values[cell] == n:
                    yield (*((other, 1.0) for other in there), (cell, 1.0), (line.base, -1.0))
            elif there and total == cells.values[cell]:
                yield (*((other, 1.0) for other in there), (cell, -1.0))


def _movements(cells: Cells, found: Links) -> Iterator[Terms]:
    """Columns of a table of movements: whoever is in a status came from one."""
    moving = [line for line in cells.lines if line.of.get("first") and line.own is not None]
    for lines in _by_item(moving, lambda line: (line.of["programme"], line.of["category"], _who(line.by))):
        own, of = list(_once(lines)), lines[0].of
        after = [
            line.own
            for line in cells.lines
            if line.item == lines[0].item and line.own is not None and not line.of.get("first")
            and (line.of["programme"], line.of["category"]) == (of["programme"], of["category"])
            and line.by.get("wave_1") == lines[0].by.get("wave_2")
        ]  # fmt: skip
        for whole in after[:1]:
            rest = cells.values[whole] - sum(cells.values[cell] for cell in own)
            if rest < 0:
                continue
            terms = (*((cell, 1.0) for cell in own), (whole, -1.0))
            if rest:
                # Those who were away in between are in no row: nobody knows how many.
                other = cells.cell(("rest", whole, tuple(own)), rest)
                found.free.add(other)
                terms = (*terms, (other, 1.0))
            yield terms


def _numbers_named(
    cells: Cells, answers: dict[tuple[str, str, str], dict[int, Line]], found: Links
) -> Iterator[Terms]:
    """How many answers were named in all: from the mean, from each answer, and from how many named each."""
    numbers: dict[tuple[str, str, float], list[tuple[int, float, bool]]] = defaultdict(list)
    named: dict[tuple[str, float], list[int]] = defaultdict(list)
    for (programme, variable, category), lines in answers.items():
        for cell, line in lines.items():
            n = cells.values[line.base or 0]
            several = MORE.fullmatch(category)
            if variable in NUMBERS_NAMED and several:
                numbers[programme, variable, n].append((cell, float(several[1]), bool(several[2])))
            elif variable.startswith("barrier_") and category == "yes" and variable != "barrier_any":
                named[programme, n].append(cell)
    for (programme, variable, n), own in numbers.items():
        total = round(cells.totals.get((programme, variable, n), float("-inf")))
        beyond = total - sum(cells.values[cell] * number for cell, number, _ in own)
        if beyond < 0 or sum(cells.values[cell] for cell, _, _ in own) != n:
            continue
        whole = cells.cell(("named", programme, variable, n), total)
        found.means[whole] = (programme, variable, n)
        # How many more than the fewest of the last class were named is printed nowhere.
        extra = cells.cell(("more", whole), beyond)
        found.free.add(extra)
        further = ((extra, 1.0),) if any(more for _, _, more in own) else ()
        yield (*((cell, number) for cell, number, _ in own if number), *further, (whole, -1.0))
        singly = named.get((programme, n), [])
        if variable == NUMBERS_NAMED[0] and sum(cells.values[cell] for cell in singly) == total:
            yield (*((cell, 1.0) for cell in singly), (whole, -1.0))


def _nested(
    cells: Cells, answers: dict[tuple[str, str, str], dict[int, Line]], found: Links, smallest: int
) -> None:
    """The same answer on two bases that differ by a few persons, of whom the difference would tell."""
    for lines in answers.values():
        for (one, first), (two, second) in combinations(sorted(lines.items()), 2):
            more = cells.values[second.base or 0] - cells.values[first.base or 0]
            if more < 0:
                one, two, first, second, more = two, one, second, first, -more
            few = cells.values[two] - cells.values[one]
            if 0 < more < smallest and 0 <= few <= more and may_overlap(first, second):
                found.difference(two, [one], more, cells)


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
