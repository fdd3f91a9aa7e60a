"""One XLSX workbook with a sheet for each frame and one for the labels."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.exports.columns import Held, Table, typed
from kij_analysis.files import EPOCH, timeless_zip, write_bytes

MOST_ROWS = 1_048_575
FIRST_DAY = dt.datetime(1900, 3, 1)
"""Before it Excel's calendar has a day that never was."""
MAKE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}
"""A text stays a text, also one that begins with an equals sign."""


def write_xlsx(tables: Sequence[Table], headings: Sequence[str], path: Path) -> None:
    """Write the frames as one workbook; its last sheet, ``labels``, says what columns and codes mean.

    Parameters
    ----------
    headings
        The names of the columns of the sheet of labels: sheet, column, label, unit, code, label of the code.

    Raises
    ------
    UsageError
        If a frame has more rows than a sheet takes.
    """
    long = [table.name for table in tables if len(table.frame) > MOST_ROWS]
    if long:
        what = f"{', '.join(long)}: an Excel sheet takes {MOST_ROWS:,} rows."
        raise UsageError(what, fix="Leave the format xlsx out.")
    sheets = {table.name: _rows(table) for table in tables}
    sheets["labels"] = [list(headings), *(row for table in tables for row in label_rows(table))]
    write_bytes(path, workbook(sheets))


def read_xlsx(path: Path, name: str, columns: tuple[Held, ...]) -> pd.DataFrame:
    """One frame as it was written, from its sheet."""
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python(skip_empty_area=False)
    places = {header: place for place, header in enumerate(rows[0])}
    return pd.DataFrame(
        {held.name: _read([row[places[held.name]] for row in rows[1:]], held) for held in columns}
    )


def workbook(sheets: dict[str, list[list[object]]], *, widths: Sequence[int] = ()) -> bytes:
    """A workbook with bold first rows that stay in sight; the same cells give the same bytes."""
    import xlsxwriter

    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, MAKE)
    book.set_properties({"created": dt.datetime.fromisoformat(EPOCH)})
    bold = book.add_format({"bold": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"}) if widths else None
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        _exact(page)
        for place, width in enumerate(widths):
            page.set_column(place, place, width)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                _write(page, number, place, cell, wrap if number else bold)
        page.freeze_panes(1, 0)
    book.close()
    return timeless_zip(memory.getvalue(), compress=True)


def _write(page: Any, row: int, place: int, cell: object, shape: Any) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, dt.datetime):
        page.write_datetime(row, place, cell)
    elif isinstance(cell, bool):
        page.write_boolean(row, place, cell, shape)
    elif isinstance(cell, float | int):
        page.write_number(row, place, cell, shape)
    else:
        page.write_string(row, place, str(cell), shape)


def _exact(page: Any) -> None:
    """XlsxWriter writes 16 digits of a number; some need 17 to come back the same."""

    def number(value: float, attributes: Sequence[tuple[str, object]] = ()) -> None:
        marks = "".join(f' {key}="{page._escape_attributes(mark)}"' for key, mark in attributes)
        page.fh.write(f"<c{marks}><v>{value!r}</v></c>")

    page._xml_number_element = number


def _rows(table: Table) -> list[list[object]]:
    cells = [_cells(table.frame[held.name], held) for held in table.columns]
    names: list[object] = [held.name for held in table.columns]
    return [names, *(list(row) for row in zip(*cells, strict=True))]


def _cells(column: pd.Series, held: Held) -> list[object]:
    given = column.astype(object).where(column.notna(), None)
    if held.type == "date":
        moments = [None if value is None else value.to_pydatetime() for value in given]
        return [m.isoformat() if m is not None and m < FIRST_DAY else m for m in moments]
    if held.type == "number":
        return [None if value is None else float(value) for value in given]
    return [bool(value) if isinstance(value, bool) else value for value in given]


def _read(cells: Sequence[object], held: Held) -> pd.Series:
    values: list[object] = [None if cell == "" else cell for cell in cells]
    if held.type == "date":
        values = [None if value is None else pd.Timestamp(value) for value in values]
    return typed(values, held)


def label_rows(table: Table) -> list[list[object]]:
    """Columns with their labels, and each code with its own; companions share the list of reasons."""
    rows: list[list[object]] = []
    for held in table.columns:
        rows.append([table.name, held.name, held.label, held.unit, None, None])
        rows += [[table.name, held.name, None, None, code, text] for code, text in held.categories.items()]
    return rows
