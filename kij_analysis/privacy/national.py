"""National identity numbers of four countries: their forms, their dates and their check rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

JANUARY = re.compile(r"0101[6-9][0-9][0-9]{4}")
"""Danish numbers of people born on a first of January need not pass modulus 11: those had run out by 2007."""
START, END = r"(?<![0-9A-Za-z])(?<![0-9][.,])", r"(?![0-9A-Za-z])(?![.,][0-9])"


@dataclass(frozen=True, kw_only=True)
class Number:
    """One country's number.

    `form` finds it in a text, `short` is the whole cell when a spreadsheet took the leading zero away,
    `dated` says whether its digits hold a date of birth, and `valid` whether its check rule holds as well.
    """

    kind: str
    form: re.Pattern[str]
    short: re.Pattern[str] | None
    dated: Callable[[str], bool]
    valid: Callable[[str], bool]

    def texts(self, answer: str) -> Iterator[str]:
        """Everything in an answer that has the form, with a lost zero put back."""
        if self.short and self.short.fullmatch(answer):
            yield f"0{answer}"
        for match in self.form.finditer(answer):
            yield match.group()


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _cpr_dated(text: str) -> bool:
    from stdnum.dk import cpr

    return cpr.is_valid(_digits(text))


def _cpr_valid(text: str) -> bool:
    """With modulus 11, or born on a day for which numbers without it are given out."""
    from stdnum.dk import cpr

    digits = _digits(text)
    return _cpr_dated(digits) and (cpr.checksum(digits) == 0 or bool(JANUARY.fullmatch(digits)))


def _fnr_dated(text: str) -> bool:
    from stdnum.exceptions import ValidationError
    from stdnum.no import fodselsnummer

    try:
        fodselsnummer.get_birth_date(_digits(text))
    except ValidationError:
        return False
    return True


def _fnr_valid(text: str) -> bool:
    from stdnum.no import fodselsnummer

    return fodselsnummer.is_valid(_digits(text))


def _hetu_valid(text: str) -> bool:
    """With the signs of the century added in 2023, and the numbers lent to people who have none yet."""
    from stdnum.fi import hetu

    return hetu.is_valid(re.sub(r"\s", "", text), allow_temporary=True)


def _pnr_dated(text: str) -> bool:
    """Of a personnummer, or of a samordningsnummer, whose day is counted from 61."""
    import datetime

    digits = _digits(text)
    year, month, day = int(digits[:-8]), int(digits[-8:-6]), int(digits[-6:-4])
    if len(digits) == 12 and not 1840 <= year <= datetime.date.today().year:
        return False
    try:
        # Two digits of a year do not tell a leap year; 2000 was one, so that no day is lost.
        datetime.date(year if len(digits) == 12 else 2000 + year, month, day - 60 if day > 60 else day)
    except ValueError:
        return False
    return True


def _pnr_valid(text: str) -> bool:
    from stdnum import luhn

    return _pnr_dated(text) and luhn.is_valid(_digits(text)[-10:])


NUMBERS = (
    Number(
        kind="cpr",
        form=re.compile(rf"{START}[0-9]{{6}} ?-? ?[0-9]{{4}}{END}"),
        short=re.compile(r"[1-9][0-9]{4}-?[0-9]{4}"),
        dated=_cpr_dated,
        valid=_cpr_valid,
    ),
    Number(
        kind="fodselsnummer",
        form=re.compile(rf"{START}[0-9]{{6}} ?[-:]? ?[0-9]{{3}} ?[0-9]{{2}}{END}"),
        short=re.compile(r"[1-9][0-9]{9}"),
        dated=_fnr_dated,
        valid=_fnr_valid,
    ),
    Number(
        kind="hetu",
        form=re.compile(rf"{START}[0-3][0-9][01][0-9]{{3}} ?[-+A-FU-Ya-fu-y] ?[0-9]{{3}}[0-9A-Ya-y]{END}"),
        short=None,
        dated=lambda text: True,
        valid=_hetu_valid,
    ),
    Number(
        kind="personnummer",
        form=re.compile(rf"{START}(?:18|19|20)?[0-9]{{6}} ?[-+]? ?[0-9]{{4}}{END}"),
        short=re.compile(r"[1-9][0-9]{8}"),
        dated=_pnr_dated,
        valid=_pnr_valid,
    ),
)
