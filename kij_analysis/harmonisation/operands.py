"""Columns that an expression computes with: values, and why one is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.sources import normalise

VALID = -1
NO_CASE = -2
"""The outcome of a row for which no condition of `case` holds, and there is no value for that."""
UNDEFINED = -3
"""The outcome of a row for which no number can be computed, as after a division by zero."""

KINDS = {"f": "number", "O": "text", "M": "date", "b": "truth"}
EMPTY: dict[str, Any] = {"number": np.nan, "text": None, "date": np.datetime64("NaT", "s"), "truth": False}
LAST = 127


@dataclass(frozen=True)
class Operand:
    """One column: its values, and for each the reason why it is missing.

    Parameters
    ----------
    values
        float64, object (texts), datetime64[s] or bool.
    reasons
        int8: −1 where the value is valid, else the position in the codebook's list of missing reasons,
        which is also their precedence; or one of the outcomes `NO_CASE` and `UNDEFINED`.
    """

    values: np.ndarray
    reasons: np.ndarray

    @property
    def kind(self) -> str:
        """The type in the words of the expression language."""
        return KINDS[self.values.dtype.kind]

    @property
    def valid(self) -> np.ndarray:
        """Where there is a value."""
        return self.reasons == VALID


def settled(operand: Operand) -> Operand:
    """The column with the empty value of its type wherever it is missing, and dates as whole days.

    What is marked valid and is no value (not a number, infinite, no date) becomes `UNDEFINED`.
    """
    values, kind = operand.values, operand.kind
    if kind == "date":
        values = values.astype("datetime64[D]").astype("datetime64[s]")
    if kind == "number":
        # No negative zero: it prints as -0.
        values = values + 0.0
        empty = ~np.isfinite(values)
    else:
        empty = pd.isna(values)
    reasons = np.where(operand.valid & empty, UNDEFINED, operand.reasons).astype("int8")
    return Operand(np.where(reasons == VALID, values, EMPTY[kind]).astype(values.dtype), reasons)


def first_reason(parts: Sequence[Operand]) -> np.ndarray:
    """For each row the first reason by precedence among the parts, valid if all are."""
    order = np.stack([np.where(part.valid, LAST, part.reasons) for part in parts]).min(axis=0)
    return np.where(order == LAST, VALID, order).astype("int8")


def alike(left: Operand, right: Operand) -> tuple[np.ndarray, np.ndarray]:
    """The values of two columns as they are compared: texts in the form in which labels match."""
    if left.kind != "text":
        return left.values, right.values
    texts = np.concatenate([left.values, right.values])
    codes, unique = pd.factorize(texts, use_na_sentinel=True)
    forms = pd.factorize(np.array([normalise(str(text)) for text in unique], dtype=object))[0]
    # A missing text has the code -1, and its row is masked by its reason.
    same = np.append(forms, -1)[codes]
    return same[: len(left.values)], same[len(left.values) :]


def days_and_months(earlier: np.ndarray, later: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The days and the completed months from one date to another; negative if the second is the earlier.

    A month is complete on the same day of the month, so one that began on the 31st, or a year that began
    on 29 February, is complete on the first day after it.
    """
    # Rows without a date hold any; their reason masks them.
    gone = np.isnat(earlier) | np.isnat(later)
    dates = [np.where(gone, np.datetime64(0, "s"), part).astype("datetime64[D]") for part in (earlier, later)]
    first, last = np.minimum(*dates), np.maximum(*dates)
    months = [day.astype("datetime64[M]") for day in (first, last)]
    inside = [(day - month).astype("int64") for day, month in zip((first, last), months, strict=True)]
    completed = (months[1] - months[0]).astype("int64") - (inside[1] < inside[0])
    sign = np.where(dates[1] < dates[0], -1.0, 1.0)
    return sign * (last - first).astype("int64"), sign * completed


def round_half_up(values: np.ndarray, digits: int) -> np.ndarray:
    """Numbers rounded as spreadsheets do it: halves away from zero, by the digits that one sees.

    Examples
    --------
    >>> round_half_up(np.array([2.5, -2.5, 1.005]), 2).tolist()
    [2.5, -2.5, 1.01]
    """
    unique, places = np.unique(values, return_inverse=True)
    step = Decimal(1).scaleb(-digits)
    rounded = [_rounded(number, step) for number in unique.tolist()]
    return np.array(rounded, dtype="float64")[places]


def _rounded(number: float, step: Decimal) -> float:
    # From 2**53 on there are only whole numbers.
    if not abs(number) < 2.0**53:
        return number
    return float(Decimal(repr(number)).quantize(step, rounding=ROUND_HALF_UP))
