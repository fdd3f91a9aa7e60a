"""Answer keys: one spelling for every value that a source holds."""

from __future__ import annotations

import datetime
import unicodedata
from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np
import pandas as pd

EXACT = 2.0**53
"""Up to here every whole number is exact as a float."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerKey:
    """One value of a column as rules see it.

    Parameters
    ----------
    key
        The spelling: text as it stands, ``3``, ``2.5``, ``.a`` (a Stata tag), ``2024-05-31``, and the
        empty text for a cell that is empty, holds blanks alone or is system-missing.
    text
        The spelling made ready for matching, see `normalise`.
    label
        The value's label in the file, if it has one.
    declared_missing
        Whether the file itself declares the value missing.
    value
        The number or time, where the file holds one instead of text.
    """

    key: str
    text: str
    label: str | None = None
    declared_missing: bool = False
    value: object = None


def normalise(text: str) -> str:
    """The text as it is matched: one form of each letter, blanks trimmed and collapsed, case folded.

    Meant for the unique values of a column, not for every row.

    Examples
    --------
    >>> normalise(" i  HØJ grad ")
    'i høj grad'
    """
    if text.isascii():
        return " ".join(text.split()).casefold()
    whole = " ".join(unicodedata.normalize("NFC", text).split()).casefold()
    return unicodedata.normalize("NFC", whole)


def spell(value: object) -> str:
    """The spelling of one value; a missing value and blanks alone are the empty text.

    Examples
    --------
    >>> spell(3.0), spell(2.5), spell(True), spell(float("nan")), spell(datetime.date(2024, 5, 31))
    ('3', '2.5', 'TRUE', '', '2024-05-31')
    """
    if isinstance(value, str):
        return value if value and not value.isspace() else ""
    if type(value) is float:
        return _spelled_number(value)
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, bool | np.bool_):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Integral):
        return str(int(value))
    if isinstance(value, Real):
        return _spelled_number(float(value))
    if isinstance(value, datetime.datetime):
        is_day = value.time() == datetime.time()
        return value.date().isoformat() if is_day else value.isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _spelled_number(number: float) -> str:
    if number != number:
        return ""
    if number.is_integer() and abs(number) <= EXACT:
        return str(int(number))
    return repr(number)


def distinct(column: pd.Series) -> tuple[np.ndarray, list[str], list[object]]:
    """For each row the position of its spelling; the spellings; the value behind each that is not text.

    The number 3 and the text "3" in one column are one spelling. Only unique values are looked at, so
    that a column of a million rows takes a fraction of a second. The positions are as narrow as they can be,
    one byte a row for up to 127 spellings.

    Examples
    --------
    >>> codes, spellings, values = distinct(pd.Series([1.0, 8.0, float("nan"), 8.0]))
    >>> codes.tolist(), spellings, values
    ([0, 1, 2, 1], ['1', '8', ''], [1.0, 8.0, None])
    """
    codes, uniques = pd.factorize(_without_booleans(column))
    values = uniques.tolist()
    codes = narrow(codes, len(values) + 1)
    empty = codes < 0
    if empty.any():
        codes[empty] = len(values)
        values.append(None)
    spelled = [spell(value) for value in values]
    if len(set(spelled)) == len(spelled):
        kept = [None if isinstance(value, str) else value for value in values]
        return codes, spelled, kept
    places: dict[str, int] = {}
    merged = np.array([places.setdefault(key, len(places)) for key in spelled], dtype=np.intp)
    kept = [None] * len(places)
    for place, value in zip(merged, values, strict=True):
        if not isinstance(value, str) and kept[place] is None:
            kept[place] = value
    return narrow(merged, len(places))[codes], list(places), kept


def narrow(positions: np.ndarray, count: int) -> np.ndarray:
    """Positions below `count` as the narrowest whole numbers, a copy.

    Do not calculate with them: one byte ends at 127.

    Examples
    --------
    >>> narrow(np.array([0, 2, 1]), 3).dtype, narrow(np.array([0, 2, 1]), 1000).dtype
    (dtype('int8'), dtype('int16'))
    """
    kinds: tuple[type[np.signedinteger], ...] = (np.int8, np.int16, np.int32)
    fitting = (kind for kind in kinds if count <= np.iinfo(kind).max)
    return positions.astype(next(fitting, np.int64))


def _without_booleans(column: pd.Series) -> pd.Series:
    """In a column of mixed types True and 1 would count as the same value; spelt out they do not."""
    if column.dtype == bool:
        return column.map({True: "TRUE", False: "FALSE"})
    if column.dtype != object or not any(type(value) is bool for value in column):
        return column
    return column.map(lambda value: spell(value) if type(value) is bool else value)
