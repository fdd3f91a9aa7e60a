"""What an attacker concludes from open rows: which are the same count, and what adds up to what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import permutations

from kij_analysis.disclosure.cells import STEPS, TIMES, By
from kij_analysis.disclosure.outside import Number
from kij_analysis.disclosure.relations import may_overlap
from kij_analysis.disclosure.sums import Terms
from kij_analysis.disclosure.tallies import MORE, NUMBERS_NAMED
from kij_analysis.disclosure.unions import codes_of

NAN = float("nan")


@dataclass(kw_only=True)
class Guesses:
    """The attacker's cells: counts and bases known or not, and how they hang together."""

    smallest: int
    values: list[float] = field(default_factory=list)
    names: dict[object, int] = field(default_factory=dict)
    sums: list[Terms] = field(default_factory=list)
    parts: list[tuple[int, int]] = field(default_factory=list)
    lines: list[tuple[Number, int, int]] = field(default_factory=list)
    few: dict[int, float] = field(default_factory=dict)
    apart: dict[int, tuple[Number, Number]] = field(default_factory=dict)

    def cell(self, name: object, value: float = NAN) -> int:
        """The number of a cell, made if it is new."""
        if name not in self.names:
            self.names[name] = len(self.values)
            self.values.append(value)
        return self.names[name]

    def known(self, cell: int) -> bool:
        """Whether the count of a cell is open."""
        return self.values[cell] == self.values[cell]

    def differ(self, whole: int, pieces: list[int], persons: float, rows: tuple[Number, Number]) -> None:
        """That a whole less its pieces is the answer of a few persons."""
        own = self.cell(("apart", whole, tuple(sorted(pieces))))
        self.sums.append(((whole, 1.0), *((piece, -1.0) for piece in pieces), (own, -1.0)))
        self.parts.append((own, self.cell(("persons", own), persons)))
        self.apart[own] = rows
        for cell in (own, whole, *pieces):
            self.few[cell] = min(persons, self.few.get(cell, persons))


def guessed(numbers: Iterable[Number], *, smallest: int) -> Guesses:
    """The cells of what is open and the relations between them that somebody would try.

    The attacker does not know which answers exclude each other; where the open ones of a question stay below
    the base and one is hidden, he takes it that they add up. A hidden count is taken to be an open one where
    programme, variable, category and base are the same and only one open count fits.
    """
    found = Guesses(smallest=smallest)
    rows = [number for number in numbers if _is_count(number)]
    _enter(rows, found)
    _answers(found)
    _groups(found)
    _several(found)
    _moves(found)
    _named(found, numbers)
    _nested(found)
    return found


def _is_count(number: Number) -> bool:
    measure = number.line.of["measure"]
    return (number.low == number.low or number.hidden) and measure in ("share", "")


def _variable(number: Number) -> str:
    """The variable, with the status that somebody moved from."""
    of, by = number.line.of, number.line.by
    if of.get("first") and by.get("wave_2"):
        return f"{of['variable']}<{by.get('wave_1')}-{by['wave_2']}<{of['first']}"
    return of["variable"]


def _place(number: Number) -> tuple[str, str, str]:
    return number.line.of["programme"], _variable(number), number.line.of["category"]


def _by(by: By, *leave_out: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, value) for name, value in by.items() if name not in leave_out))


def _enter(rows: list[Number], found: Guesses) -> None:
    """Open counts first, then hidden ones, which may be an open count of another place."""
    there: dict[tuple[str, str, str], list[tuple[int, Number]]] = defaultdict(list)
    for number in sorted(rows, key=lambda one: one.hidden or one.low < one.high):
        place, known = _place(number), number.n == number.n
        base = found.cell(("base", *place[:2], number.n if known else _by(number.line.by)), number.n)
        if number.low == number.high:
            own = found.cell(("count", *place, number.n, number.low), number.low)
        else:
            own = found.cell(("hidden", *place, number.n, _by(number.line.by)))
            alike = {
                cell for cell, other in there[place]
                if known and other.n == number.n and may_overlap(other.line, number.line)
            }  # fmt: skip
            open_ = {cell for cell in alike if found.known(cell)}
            if number.hidden and len(open_ or alike) == 1:
                own = min(open_ or alike)
        there[place].append((own, number))
        _bounded(found, own, number)
        found.parts.append((own, base))
        found.lines.append((number, own, base))


def _bounded(found: Guesses, own: int, number: Number) -> None:
    """What a rounded share tells of a count that is not told."""
    if number.low == number.low and not found.known(own):
        found.parts.append((own, found.cell(("most", own, number.high), number.high)))
        found.parts.append((found.cell(("least", own, number.low), number.low), own))


def _grouped(found: Guesses, key: Callable[[Number], object]) -> list[list[tuple[Number, int, int]]]:
    groups: dict[object, dict[int, tuple[Number, int, int]]] = defaultdict(dict)
    for number, own, base in found.lines:
        groups[number.line.item, key(number)].setdefault(own, (number, own, base))
    return [list(group.values()) for group in groups.values()]


def _answers(found: Guesses) -> None:
    """Answers of one question that add up to its base."""

    def key(number: Number) -> object:
        of = number.line.of
        return of["programme"], _variable(number), of.get("block"), _by(number.line.by), str(number.n)

    for rows in _grouped(found, key):
        names = {number.line.of["category"] for number, _, _ in rows}
        if (
            _is_response(rows[0][0])
            or len(rows) < 2
            or len(names) < len(rows)
            or any("month" in number.line.by for number, _, _ in rows)
        ):
            continue
        base, cells = rows[0][2], [own for _, own, _ in rows]
        open_ = sum(found.values[cell] for cell in cells if found.known(cell))
        if not found.known(base) or open_ > found.values[base]:
            continue
        if all(found.known(cell) for cell in cells):
            continue
        found.sums.append((*((cell, 1.0) for cell in cells), (base, -1.0)))


def _is_response(number: Number) -> bool:
    """Whether the rows tell of several surveys to the same persons, which do not exclude each other."""
    return number.line.of["variable"] == "response"


def _groups(found: Guesses) -> None:
    """Groups that add up to a row without groups, or nearly."""
    named = {name for number, _, _ in found.lines for name in number.line.by}
    for across in sorted(named - {*TIMES, *STEPS, "dose_level", "dose"}):

        def key(number: Number, across: str = across) -> object:
            return _place(number), _by(number.line.by, across)

        for rows in _grouped(found, key):
            rows = [row for row in rows if across in row[0].line.by]
            if len(rows) < 2 or any(number.n != number.n for number, _, _ in rows):
                continue
            _total(found, rows, across)


def _total(found: Guesses, rows: list[tuple[Number, int, int]], across: str) -> None:
    n = sum(number.n for number, _, _ in rows)
    cells = [own for _, own, _ in rows]
    for number, whole, _ in found.lines:
        if _place(number) != _place(rows[0][0]) or across in number.line.by or whole in cells:
            continue
        more = number.n - n
        if not 0 <= more < found.smallest or not may_overlap(number.line, rows[0][0].line):
            continue
        if more:
            found.differ(whole, cells, more, (number, rows[0][0]))
        else:
            found.sums.append((*((cell, 1.0) for cell in cells), (whole, -1.0)))


def _several(found: Guesses) -> None:
    """Categories that are several others together, and one barrier at least, which is all but none."""
    there: dict[tuple[object, ...], list[tuple[frozenset[str], int, Number]]] = defaultdict(list)
    none: dict[tuple[str, float], int] = {}
    for number, own, _ in found.lines:
        programme, variable, category = _place(number)
        of, codes = codes_of(variable, category)
        there[programme, of, number.n].append((codes, own, number))
        if (variable, category) == ("barriers_named", "0"):
            none[programme, number.n] = own
    for number, own, base in found.lines:
        place = (number.line.of["programme"], number.n)
        if number.line.of["variable"] == "barrier_any" and place in none:
            found.sums.append(((own, 1.0), (none[place], 1.0), (base, -1.0)))
    for members in there.values():
        single = {min(codes): own for codes, own, _ in members if len(codes) == 1}
        for codes, own, _ in members:
            if len(codes) > 1 and codes <= set(single):
                found.sums.append((*((single[code], 1.0) for code in sorted(codes)), (own, -1.0)))
        for (small, one, first), (large, other, second) in permutations(members, 2):
            if one == other or not small < large or not may_overlap(first.line, second.line):
                continue
            rest = [cell for codes, cell, _ in members if codes == large - small]
            few = found.values[other] - found.values[one]
            if rest:
                found.sums.append(((one, 1.0), (rest[0], 1.0), (other, -1.0)))
            elif 0 <= few < found.smallest:
                found.differ(other, [one], found.smallest - 1.0, (second, first))


def _moves(found: Guesses) -> None:
    """Rows and columns of tables of movements."""
    standing = {
        (number.line.item, number.line.of["programme"], number.line.by.get("wave_1"), _place(number)[2]): own
        for number, own, _ in found.lines
        if not number.line.of.get("first")
    }
    columns: dict[object, list[int]] = defaultdict(list)
    for number, own, base in found.lines:
        of, by = number.line.of, number.line.by
        if not of.get("first") or "wave_2" not in by:
            continue
        before = standing.get((number.line.item, of["programme"], by.get("wave_1"), of["first"]))
        if before is not None and before != base:
            found.sums.append(((base, 1.0), (before, -1.0)))
        after = standing.get((number.line.item, of["programme"], by["wave_2"], of["category"]))
        if after is not None:
            columns[after, by.get("wave_1")].append(own)
    for (after, _), cells in ((key, value) for key, value in columns.items() if isinstance(key, tuple)):
        for cell in cells:
            found.parts.append((cell, after))


def _named(found: Guesses, numbers: Iterable[Number]) -> None:
    """The mean number of barriers gives how many were named in all, and so do the barriers one by one."""
    totals = {
        (number.line.of["programme"], number.line.of["variable"], number.n): number.total
        for number in numbers
        if number.total == number.total
    }
    singly: dict[object, set[int]] = defaultdict(set)
    by_number: dict[tuple[str, str, float], dict[int, float]] = defaultdict(dict)
    for number, own, _ in found.lines:
        programme, variable, category = _place(number)
        several = MORE.fullmatch(category)
        if variable in NUMBERS_NAMED and several:
            place = (programme, variable, number.n)
            by_number[place][own] = float(several[1])
            if several[2]:
                by_number[place][found.cell(("more", place))] = 1.0
        elif variable.startswith("barrier_") and category == "yes" and variable != "barrier_any":
            singly[programme, number.n].add(own)
    for place, cells in by_number.items():
        whole = found.cell(("named", place), round(totals[place]) if place in totals else NAN)
        found.sums.append((*((cell, number) for cell, number in cells.items() if number), (whole, -1.0)))
        alone = singly[place[0], place[2]]
        open_ = sum(found.values[cell] for cell in alone if found.known(cell))
        if place[1] == NUMBERS_NAMED[0] and alone and not open_ > found.values[whole]:
            found.sums.append((*((cell, 1.0) for cell in sorted(alone)), (whole, -1.0)))


def _nested(found: Guesses) -> None:
    """The same answer on two bases of which one has a few persons more."""
    there: dict[tuple[str, str, str], dict[int, Number]] = defaultdict(dict)
    for number, own, _ in found.lines:
        there[_place(number)].setdefault(own, number)
    for rows in there.values():
        for (one, first), (two, second) in _pairs(rows):
            more = second.n - first.n
            if 0 < more < found.smallest and may_overlap(first.line, second.line):
                few = found.values[two] - found.values[one]
                if not (few < 0 or few > more):
                    found.differ(two, [one], more, (second, first))


def _pairs(rows: dict[int, Number]) -> Iterator[tuple[tuple[int, Number], tuple[int, Number]]]:
    for one in rows.items():
        for other in rows.items():
            if one[0] != other[0]:
                yield one, other
