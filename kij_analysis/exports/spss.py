"""SPSS files: reasons as user-missing codes with labels, dates as dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.exports.columns import Held, Reason, Table, typed
from kij_analysis.exports.folding import Folded, folded_columns
from kij_analysis.exports.naming import SPSS as LIMITS
from kij_analysis.exports.naming import cut, legal_names
from kij_analysis.exports.numbers import SPSS as CALENDAR
from kij_analysis.exports.numbers import from_numbers, is_text
from kij_analysis.files import timeless_sav, write_bytes

DISCRETE = 3
"""As many single user-missing values as SPSS takes."""
Missing = list[Any]
"""User-missing values as pyreadstat takes them: numbers, or one range."""


def write_spss(table: Table, reasons: Mapping[str, Reason], path: Path) -> None:
    """Write a frame as .sav.

    Where the codes of the reasons stand among a column's own values, and for texts, the reasons stand in the
    companion column, by number and label. SPSS fills texts up with blanks, so that a blank at the end of one
    is lost.
    """
    import pyreadstat

    columns = folded_columns(table, LIMITS, CALENDAR)
    ranges = {
        column.held.name: user_missing(column, reasons)
        for column in columns
        if column.held.companion and not is_text(column.held)
    }
    folded = {name: found for name, found in ranges.items() if found is not None}
    kept = [column for column in columns if column.held.reason_for not in folded]
    labels = {column.name: _labels(column, reasons, folded.get(column.held.name)) for column in kept}
    pyreadstat.write_sav(
        pd.DataFrame({c.name: _values(c, reasons, c.held.name in folded) for c in kept}),
        path,
        file_label=cut(table.title, LIMITS.file_label, in_bytes=True),
        column_labels={column.name: column.label for column in kept},
        variable_value_labels={name: found for name, found in labels.items() if found},
        missing_ranges={c.name: folded[c.held.name] for c in kept if folded.get(c.held.name)},
        variable_measure={column.name: _measure(column.held) for column in kept},
        variable_format={column.name: shape for column in kept if (shape := _format(column))},
    )
    write_bytes(path, timeless_sav(path.read_bytes()))


def user_missing(column: Folded, reasons: Mapping[str, Reason]) -> Missing | None:
    """What SPSS is told to take for missing: the range of all codes, else the codes that occur.

    None where neither can be had, because values stand within the range and more than three codes occur.
    """
    codes = [reason.spss for reason in reasons.values()]
    low, high = min(codes), max(codes)
    given = column.values[~np.isnan(column.values)]
    if not ((given >= low) & (given <= high)).any():
        return [{"lo": low, "hi": high}]
    used = [reasons[reason].spss for reason in column.used]
    return used if len(used) <= DISCRETE and not np.isin(given, used).any() else None


def read_spss(path: Path, columns: Sequence[Held], reasons: Mapping[str, Reason]) -> pd.DataFrame:
    """A frame as it was written, value and reason in a column each."""
    import pyreadstat

    raw, _ = pyreadstat.read_sav(path, user_missing=True, disable_datetime_conversion=True)
    names = legal_names([held.name for held in columns], LIMITS)
    why = {float(reason.spss): code for code, reason in reasons.items()}
    found: dict[str, pd.Series] = {}
    for held in columns:
        if held.reason_for and names[held.name] not in raw:
            owner = raw[names[held.reason_for]]
            found[held.name] = typed([why.get(number) for number in owner], held)
        elif is_text(held):
            found[held.name] = typed([text or None for text in raw[names[held.name]]], held)
        else:
            numbers = raw[names[held.name]].to_numpy(dtype="float64", copy=True)
            if held.companion and names[held.companion] not in raw:
                numbers[np.isin(numbers, list(why))] = np.nan
            found[held.name] = from_numbers(numbers, held, CALENDAR)
    return pd.DataFrame(found)


def _values(column: Folded, reasons: Mapping[str, Reason], folded: bool) -> np.ndarray | pd.Series:
    if is_text(column.held):
        return pd.Series(column.values, dtype="str")
    codes = [np.nan if reason is None else float(reasons[reason].spss) for reason in column.reasons]
    return np.where(np.isnan(column.values), codes, column.values) if folded else column.values


def _labels(column: Folded, reasons: Mapping[str, Reason], missing: Missing | None) -> dict[float, str]:
    own = dict(column.labels) if not is_text(column.held) else {}
    if missing is None:
        return own
    wanted = reasons if missing and isinstance(missing[0], dict) else column.used
    return own | {
        float(reasons[code].spss): cut(reasons[code].label, LIMITS.value_label, in_bytes=True)
        for code in wanted
    }


def _measure(held: Held) -> str:
    if held.type in ("number", "date"):
        return "scale"
    return "ordinal" if held.ordered else "nominal"


def _format(column: Folded) -> str:
    if column.format:
        return column.format
    return "" if is_text(column.held) or column.held.type == "number" else "F8.0"
