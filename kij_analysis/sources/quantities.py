"""Answers as numbers and dates, read strictly as the file form declares them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from kij_analysis.codebook.instruments import FileForm
from kij_analysis.errors import SourceError
from kij_analysis.sources.answers import AnswerKey

BLANKS = " \u00a0\u202f\u2009"
"""What programs write between thousands where the declaration says a blank."""
DATES = ("%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y", "%Y%m%d", "%Y/%m/%d", "%d.%m.%y", "%m/%d/%Y")
TIMES = ("", " %H:%M", " %H:%M:%S", "T%H:%M:%S", " %H.%M", " %H:%M:%S.%f")


def to_numbers(keys: Sequence[AnswerKey], form: FileForm) -> tuple[np.ndarray, list[AnswerKey]]:
    """The answers as numbers, and the answers that are none.

    Numbers that the file holds as numbers stay as they are; texts are read by the declared decimal and
    thousands sign and by nothing else. An empty answer is NaN and not among those that are no numbers;
    a Stata tag such as ``.a`` is among them.

    Raises
    ------
    SourceError
        If decimal and thousands sign are declared as the same.

    Examples
    --------
    >>> form = FileForm(format="delimited", decimal=",", thousands=".")
    >>> keys = [AnswerKey(key=text, text=text) for text in ("1.234,5", "12.5")]
    >>> numbers, strangers = to_numbers(keys, form)
    >>> numbers.tolist(), [stranger.key for stranger in strangers]
    ([1234.5, nan], ['12.5'])
    """
    pattern = _number_pattern(form)
    return _read(keys, lambda key: _number(key, form, pattern), np.dtype("float64"))


def to_dates(keys: Sequence[AnswerKey], form: FileForm) -> tuple[np.ndarray, list[AnswerKey]]:
    """The answers as dates (``datetime64[us]``), and the answers that are none.

    Dates that the file holds as dates stay as they are; texts, and numbers such as 20240531, are read by
    the declared pattern. A day that does not exist (31 February) is not a date; an empty answer is NaT
    and not among those that are no dates.

    Examples
    --------
    >>> form = FileForm(format="delimited", dates="%d-%m-%Y")
    >>> keys = [AnswerKey(key=text, text=text) for text in ("31-05-2024", "31-02-2024")]
    >>> dates, strangers = to_dates(keys, form)
    >>> str(dates[0])[:10], [stranger.key for stranger in strangers]
    ('2024-05-31', ['31-02-2024'])
    """
    return _read(keys, lambda key: _date(key, form.dates), np.dtype("datetime64[us]"))


def number_hint(strangers: Sequence[AnswerKey], form: FileForm) -> str:
    """Which decimal and thousands sign would read answers that are no numbers; empty if none does.

    Examples
    --------
    >>> number_hint([AnswerKey(key="12.5", text="12.5")], FileForm(format="delimited", decimal=","))
    "Declare decimal: '.'."
    """
    for decimal, thousands in (
        (".", ""),
        (",", ""),
        (",", "."),
        (".", ","),
        (",", " "),
        (".", " "),
        (".", "'"),
    ):
        other = replace(form, decimal=decimal, thousands=thousands)
        if strangers and not to_numbers(strangers, other)[1]:
            return f"Declare decimal: '{decimal}'" + (f" and thousands: '{thousands}'." if thousands else ".")
    return ""


def date_hint(strangers: Sequence[AnswerKey], form: FileForm) -> str:
    """Which date pattern would read answers that are no dates; empty if none does or several do.

    Examples
    --------
    >>> date_hint([AnswerKey(key="31.05.2024", text="31.05.2024")], FileForm(format="delimited"))
    "Declare dates: '%d.%m.%Y'."
    """
    patterns = [day + time for day in DATES for time in TIMES]
    found = [p for p in patterns if strangers and not to_dates(strangers, replace(form, dates=p))[1]]
    return f"Declare dates: '{found[0]}'." if len(found) == 1 else ""


def _read(
    keys: Iterable[AnswerKey], reader: Callable[[AnswerKey], object], kind: np.dtype
) -> tuple[np.ndarray, list[AnswerKey]]:
    values: list[object] = []
    strangers = []
    for key in keys:
        value = reader(key) if key.key.strip() else None
        if value is None and key.key.strip():
            strangers.append(key)
        values.append(value)
    return np.array(values, dtype=kind), strangers


def _number_pattern(form: FileForm) -> re.Pattern[str]:
    if form.decimal and form.decimal == form.thousands:
        what = f"The decimal and the thousands sign are both declared as '{form.decimal}'."
        raise SourceError(what, fix="Leave thousands: empty, or correct one of the two.")
    decimal, thousands = re.escape(form.decimal), re.escape(form.thousands)
    if form.thousands and form.thousands in BLANKS:
        thousands = f"[{BLANKS}]"
    whole = rf"(?:[0-9]{{1,3}}(?:{thousands}[0-9]{{3}})+|[0-9]+)" if thousands else "[0-9]+"
    part = rf"(?:{decimal}[0-9]+)" if decimal else "(?!)"
    return re.compile(rf"([+\-\u2212]?)(?:({whole})?({part})|({whole}))([eE][+-]?[0-9]+)?")


def _number(key: AnswerKey, form: FileForm, pattern: re.Pattern[str]) -> float | None:
    if isinstance(key.value, float | int) and not isinstance(key.value, bool):
        return float(key.value)
    found = pattern.fullmatch(key.key.strip()) if key.value is None else None
    if found is None:
        return None
    sign, before, part, alone, power = found.groups(default="")
    digits = re.sub("[^0-9]", "", before + alone) or "0"
    fraction = part[len(form.decimal) :] or "0"
    return float(f"{'' if sign in ('', '+') else '-'}{digits}.{fraction}{power}")


def _date(key: AnswerKey, pattern: str) -> np.datetime64 | None:
    if isinstance(key.value, datetime.datetime):
        return np.datetime64(key.value.replace(tzinfo=None), "us")
    if isinstance(key.value, datetime.date):
        return np.datetime64(key.value, "us")
    try:
        return np.datetime64(datetime.datetime.strptime(key.key.strip(), pattern).replace(tzinfo=None), "us")
    except ValueError:
        return None
