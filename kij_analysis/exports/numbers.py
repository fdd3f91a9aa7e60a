"""Values as SPSS and Stata hold them: numbers for categories, truth and dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kij_analysis.exports.columns import Held, typed

DAY = 86_400


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """How a program counts time: from which day, and its formats for days and for moments."""

    first: str
    seconds_a_day: float
    seconds_a_moment: float
    day: str
    moment: str


SPSS = Calendar(first="1582-10-14", seconds_a_day=1, seconds_a_moment=1, day="EDATE10", moment="DATETIME20")
STATA = Calendar(first="1960-01-01", seconds_a_day=DAY, seconds_a_moment=0.001, day="%td", moment="%tc")


def is_text(held: Held) -> bool:
    """Whether a column is text in an SPSS or Stata file too: no number can stand for what it holds."""
    return held.type == "text" and not held.categories


def as_numbers(column: pd.Series, held: Held, calendar: Calendar) -> np.ndarray:
    """The values as numbers, NaN where there is none.

    Examples
    --------
    >>> held = Held(name="x", type="date", dtype="datetime64[s]", label="")
    >>> as_numbers(pd.Series(["1960-01-03"], dtype="datetime64[s]"), held, STATA).tolist()
    [2.0]
    """
    if held.type == "date":
        unit = _unit(column, calendar)
        since = column - pd.Timestamp(calendar.first)
        return since.dt.total_seconds().to_numpy(dtype="float64", na_value=np.nan) / unit
    if held.type in ("number", "boolean"):
        return column.to_numpy(dtype="float64", na_value=np.nan)
    places = {code: float(number) for number, code in numbered(held).items()}
    return column.astype(object).map(places).to_numpy(dtype="float64", na_value=np.nan)


def numbered(held: Held) -> Mapping[int, str]:
    """The codes of a column's categories by their number.

    Examples
    --------
    >>> numbered(Held(name="x", type="category", dtype="category", label="", categories={"a": "", "b": ""}))
    {1: 'a', 2: 'b'}
    """
    first = 0 if held.type == "boolean" else 1
    return dict(enumerate(held.categories, start=first))


def time_format(column: pd.Series, calendar: Calendar) -> str:
    """The format of a date, or of a moment where a value has a time of day."""
    whole = column.dropna()
    return calendar.day if whole.eq(whole.dt.normalize()).all() else calendar.moment


def from_numbers(numbers: np.ndarray, held: Held, calendar: Calendar, *, moments: bool = False) -> pd.Series:
    """The values of the frame from numbers; NaN is missing.

    Examples
    --------
    >>> held = Held(name="x", type="boolean", dtype="boolean", label="")
    >>> from_numbers(np.array([1.0, np.nan]), held, SPSS).tolist()
    [True, <NA>]
    """
    missing = np.isnan(numbers)
    if held.type == "number":
        return typed([None if gone else number for number, gone in zip(numbers, missing, strict=True)], held)
    if held.type == "boolean":
        return typed(
            [None if gone else number == 1 for number, gone in zip(numbers, missing, strict=True)], held
        )
    if held.type == "date":
        unit = calendar.seconds_a_moment if moments else calendar.seconds_a_day
        since = pd.to_timedelta(pd.Series(numbers * unit).round(6), unit="s")
        return (pd.Timestamp(calendar.first) + since).astype(held.dtype)
    codes = numbered(held)
    return typed([None if gone else codes[int(n)] for n, gone in zip(numbers, missing, strict=True)], held)


def _unit(column: pd.Series, calendar: Calendar) -> float:
    day = time_format(column, calendar) == calendar.day
    return calendar.seconds_a_day if day else calendar.seconds_a_moment
