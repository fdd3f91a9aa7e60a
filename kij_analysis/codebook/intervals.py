"""Intervals as people write them: a square bracket where the end belongs to it, a round one where not."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

SHAPE = re.compile(r"\s*([\[\](])(.*)([\[\])])\s*", re.DOTALL)
NUMBER = re.compile(r"([+-]?)\s*(\d+(?:\.\d*)?|\.\d+|inf|∞)")
OPEN_LEFT, OPEN_RIGHT = "(]", ")["
"""A bracket turned outwards opens an end, as a round one does (ISO 80000-2)."""


@dataclass(frozen=True)
class Interval:
    """All numbers between two ends, each of which may belong to it or not.

    Examples
    --------
    >>> teens = Interval(13, 20, True, False)
    >>> 13 in teens, 20 in teens, str(teens)
    (True, False, '[13, 20)')
    """

    low: float
    high: float
    has_low: bool
    has_high: bool

    def __contains__(self, number: float) -> bool:
        above = number >= self.low if self.has_low else number > self.low
        return above and (number <= self.high if self.has_high else number < self.high)

    def __str__(self) -> str:
        left, right = "[" if self.has_low else "(", "]" if self.has_high else ")"
        return f"{left}{self.low:.12g}, {self.high:.12g}{right}"


def looks_like_interval(answer: object) -> bool:
    """Whether an answer of a rule is meant as an interval: in brackets, with numbers.

    Examples
    --------
    >>> looks_like_interval("[0, 20)"), looks_like_interval("(ved ikke)"), looks_like_interval(999)
    (True, False, False)
    """
    shape = SHAPE.fullmatch(answer) if isinstance(answer, str) else None
    return shape is not None and bool(re.search(r"\d|inf|∞", shape[2]))


def parse_interval(text: str) -> Interval:
    """An interval from its text; blanks do not matter.

    The ends are parted by a comma, and then decimals take a point; or by a semicolon, and then decimals may
    take a point or a comma. An end that is left out, or ``inf``, has no limit.

    Raises
    ------
    ValueError
        With a sentence, if it cannot be read in one way only, or holds no number.

    Examples
    --------
    >>> parse_interval("[ -5,100]"), str(parse_interval("]0,5; 1,5]")), str(parse_interval("[65, )"))
    (Interval(low=-5.0, high=100.0, has_low=True, has_high=True), '(0.5, 1.5]', '[65, inf)')
    """
    shape = SHAPE.fullmatch(text)
    if shape is None:
        raise ValueError("it needs a bracket at each end")
    left, inside, right = shape.groups()
    plain = inside.replace("\u2212", "-")
    ends = plain.split(";") if ";" in plain else plain.split(",")
    if len(ends) != 2:
        raise ValueError("it needs two ends with one comma between them; write decimals with a point")
    if ";" in plain:
        ends = [re.sub(r"(?<=\d),(?=\d)", ".", end) for end in ends]
    low, high = _end(ends[0], -math.inf), _end(ends[1], math.inf)
    found = Interval(low, high, left not in OPEN_LEFT, right not in OPEN_RIGHT)
    if low > high:
        raise ValueError(f"{low:g} is larger than {high:g}: write the lower end first")
    if low == high and not (found.has_low and found.has_high):
        raise ValueError("no number lies in it: close both ends")
    return found


def _end(text: str, nothing: float) -> float:
    plain = text.strip()
    if not plain:
        return nothing
    found = NUMBER.fullmatch(plain)
    if found is None:
        raise ValueError(f"'{plain}' is no number; write for example 0, -1.5 or inf")
    number = math.inf if found[2] in ("inf", "∞") else float(found[2])
    return -number if found[1] == "-" else number


def overlaps(intervals: Iterable[Interval]) -> Iterator[tuple[Interval, Interval]]:
    """Pairs of intervals that share a number.

    Examples
    --------
    >>> [(str(a), str(b)) for a, b in overlaps([parse_interval("[5, 9]"), parse_interval("[0, 5]")])]
    [('[0, 5]', '[5, 9]')]
    """
    ordered = sorted(intervals, key=lambda one: (one.low, not one.has_low))
    reach: Interval | None = None
    for one in ordered:
        if reach is not None and _share(reach, one):
            yield reach, one
        if reach is None or (one.high, one.has_high) > (reach.high, reach.has_high):
            reach = one


def _share(lower: Interval, upper: Interval) -> bool:
    if upper.low != lower.high:
        return upper.low < lower.high
    return upper.has_low and lower.has_high


def gap_of(number: float, intervals: Iterable[Interval]) -> str:
    """Where a number lies that is in no interval, in words.

    Examples
    --------
    >>> pieces = [parse_interval("[0, 20)"), parse_interval("[30, 40]")]
    >>> gap_of(25, pieces), gap_of(41, pieces), gap_of(-1, pieces)
    ('between [0, 20) and [30, 40]', 'above [30, 40]', 'below [0, 20)')
    """
    ordered = sorted(intervals, key=lambda one: (one.low, not one.has_low))
    if number <= ordered[0].low:
        return f"below {ordered[0]}"
    for lower, upper in pairwise(ordered):
        if lower.high <= number <= upper.low:
            return f"between {lower} and {upper}"
    return f"above {ordered[-1]}"
