"""Stata files: reasons as .a to .z with labels, dates as dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.exports.columns import Held, Reason, Table, typed
from kij_analysis.exports.dta_bytes import named, tagged
from kij_analysis.exports.folding import Folded, folded_columns
from kij_analysis.exports.naming import STATA as LIMITS
from kij_analysis.exports.naming import cut, legal_names
from kij_analysis.exports.numbers import STATA as CALENDAR
from kij_analysis.exports.numbers import from_numbers, is_text
from kij_analysis.files import timeless_dta, write_bytes

STATA_14 = 14
"""The release whose files all later ones open, whatever their edition."""


def write_stata(table: Table, reasons: Mapping[str, Reason], path: Path) -> None:
    """Write a frame as .dta, for Stata 14 and later; texts have their reasons in the companion column."""
    import pyreadstat

    columns = folded_columns(table, LIMITS, CALENDAR)
    folded = {c.held.name for c in columns if c.held.companion and not is_text(c.held)}
    kept = [column for column in columns if column.held.reason_for not in folded]
    short = {column.name: f"v{place}" for place, column in enumerate(kept)}
    tags = [_letter(reason) for reason in reasons.values()]
    pyreadstat.write_dta(
        pd.DataFrame({short[column.name]: _values(column) for column in kept}),
        path,
        file_label=cut(table.title, LIMITS.file_label, in_bytes=False),
        column_labels={short[column.name]: column.label for column in kept},
        version=STATA_14,
        variable_value_labels={short[c.name]: found for c in kept if (found := _labels(c, reasons, folded))},
        missing_user_values={short[column.name]: tags for column in kept if column.held.name in folded},
        variable_format={short[column.name]: column.format for column in kept if column.format},
    )
    letters = {place: _letters(c, reasons) for place, c in enumerate(kept) if c.held.name in folded}
    content = tagged(timeless_dta(path.read_bytes()), letters)
    write_bytes(path, named(content, [column.name for column in kept]))


def read_stata(path: Path, columns: Sequence[Held], reasons: Mapping[str, Reason]) -> pd.DataFrame:
    """A frame as it was written, value and reason in a column each."""
    import pyreadstat

    raw, meta = pyreadstat.read_dta(path, user_missing=True, disable_datetime_conversion=True)
    names = legal_names([held.name for held in columns], LIMITS)
    why = {_letter(reason): code for code, reason in reasons.items()}
    found: dict[str, pd.Series] = {}
    for held in columns:
        name = names[held.name]
        if held.reason_for and name not in raw:
            found[held.name] = typed([why.get(value) for value in raw[names[held.reason_for]]], held)
        elif is_text(held):
            found[held.name] = typed([text or None for text in raw[name]], held)
        else:
            cells = [np.nan if isinstance(value, str) else value for value in raw[name]]
            moments = str(meta.original_variable_types[name]).startswith(CALENDAR.moment)
            found[held.name] = from_numbers(np.array(cells, dtype="float64"), held, CALENDAR, moments=moments)
    return pd.DataFrame(found)


def _letter(reason: Reason) -> str:
    return reason.stata.removeprefix(".")


def _letters(column: Folded, reasons: Mapping[str, Reason]) -> np.ndarray:
    """The tag of each row, empty where there is a value or no reason."""
    found = ["" if why is None else _letter(reasons[why]) for why in column.reasons]
    return np.array(found, dtype=object)


def _values(column: Folded) -> np.ndarray | pd.Series:
    return pd.Series(column.values, dtype="str") if is_text(column.held) else column.values


def _labels(column: Folded, reasons: Mapping[str, Reason], folded: set[str]) -> dict[Any, str]:
    if is_text(column.held):
        return {}
    tags = reasons.values() if column.held.name in folded else ()
    found: dict[Any, str] = dict(column.labels)
    return found | {_letter(reason): reason.label for reason in tags}
