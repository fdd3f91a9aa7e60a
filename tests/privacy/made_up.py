"""Identity numbers that pass their check rules and belong to nobody alive: born in the 1800s, or lent.

They are computed here from the rules, so that no number stands in the repository.
"""

from __future__ import annotations

from collections.abc import Callable

from stdnum import luhn
from stdnum.dk import cpr
from stdnum.fi import hetu
from stdnum.no import fodselsnummer


def danish(number: int) -> str:
    """A CPR number of somebody born in 1890, with modulus 11."""
    day, month = number % 28 + 1, number % 12 + 1
    serials = (f"{day:02d}{month:02d}90{5000 + number * 7 + step}" for step in range(60))
    return next(text for text in serials if cpr.checksum(text) == 0)


def norwegian(number: int, *, lent: bool = False) -> str:
    """A fødselsnummer of somebody born in 1890, or a D-number, whose day is counted from 41."""
    day, month = number % 28 + 1 + (40 if lent else 0), number % 12 + 1
    starts = (f"{day:02d}{month:02d}90{500 + (number + step) % 240:03d}" for step in range(60))
    for start in starts:
        first = fodselsnummer.calc_check_digit1(start)
        whole = start + first + fodselsnummer.calc_check_digit2(start + first)
        if len(whole) == 11:
            return whole
    raise AssertionError


def finnish(number: int, sign: str = "-") -> str:
    """A personal identity code of the series 900–999, which is never given to a person."""
    day, month, year = number % 28 + 1, number % 12 + 1, 5
    digits = f"{day:02d}{month:02d}{year:02d}{900 + number % 100}"
    return f"{digits[:6]}{sign}{digits[6:]}{hetu._calc_checksum(digits)}"


def swedish(number: int, *, lent: bool = False) -> str:
    """A personnummer of twelve digits of somebody born in 1890, or one with the day counted from 61."""
    day, month = number % 28 + 1 + (60 if lent else 0), number % 12 + 1
    start = f"90{month:02d}{day:02d}{100 + number % 800}"
    return f"18{start}{luhn.calc_check_digit(start)}"


COUNTRIES: dict[str, Callable[[int], str]] = {
    "cpr": danish, "fodselsnummer": norwegian, "hetu": finnish, "personnummer": swedish
}  # fmt: skip
