"""Excel workbooks: one sheet, its cells typed as Excel has them."""

from __future__ import annotations

import datetime
import unicodedata
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import python_calamine as calamine

from kij_analysis.codebook.instruments import FileForm
from kij_analysis.errors import Problem, SourceError, did_you_mean, listed
from kij_analysis.files import checksum
from kij_analysis.sources.answers import spell
from kij_analysis.sources.content import held, opened_in_excel
from kij_analysis.sources.headers import check, joined, no_answers
from kij_analysis.sources.table import ColumnNotes, RawTable
from kij_analysis.sources.xlsx_cells import broken_cells, merged_below

Cells = list[list[object]]


def read_xlsx(path: Path, form: FileForm) -> RawTable:
    """The answers of one sheet: text stays text, numbers, booleans and dates come as Excel has them.

    Empty cells are missing. A column of mixed types stays of mixed types. Empty rows within the answers
    stay, so that row numbers hold; at the end they are left out.

    Raises
    ------
    SourceError
        If the workbook is damaged, the sheet is not there, cells hold Excel errors or formulas without
        a result, cells of several rows are merged, names are missing or stand twice, or there are no
        answers.
    """
    sheet, notices = _sheet(path, form)
    cells = _cells(path, sheet)
    if len(cells) < form.header_rows or not any(cell != "" for row in cells for cell in row):
        raise SourceError(
            f"The sheet '{sheet.name}' is empty.", fix="Declare another sheet:.", file=path.name
        )
    problems = _unseen(path, sheet, cells, form.header_rows)
    if problems:
        raise SourceError(problems)
    names, body = _named(cells, form)
    check(names, file=path.name, header_rows=form.header_rows)
    if not body:
        raise no_answers(names, file=path.name)
    columns = [_column([row[place] for row in body]) for place in range(len(names))]
    return RawTable(
        path=path,
        name=path.name,
        frame=pd.DataFrame(dict(zip(names, columns, strict=True))),
        columns={
            name: ColumnNotes(name=name, kind=_kind(column))
            for name, column in zip(names, columns, strict=True)
        },
        encoding="utf-8",
        sha256=checksum(path),
        first_row=form.header_rows + 1,
        notices=tuple(notices),
    )


def _sheet(path: Path, form: FileForm) -> tuple[calamine.CalamineSheet, list[Problem]]:
    """The declared sheet, or the first one with a notice if there are more."""
    try:
        workbook = calamine.CalamineWorkbook.from_path(path)
        tables = [s for s in workbook.sheets_metadata if s.typ == calamine.SheetTypeEnum.WorkSheet]
        names = [s.name for s in tables]
        wanted = unicodedata.normalize("NFC", form.sheet).strip()
        same = [name for name in names if unicodedata.normalize("NFC", name).strip() == wanted]
        if not wanted or same:
            sheet = workbook.get_sheet_by_name(same[0] if same else names[0])
    except (calamine.CalamineError, zipfile.BadZipFile, OSError, IndexError) as error:
        raise _damaged(path, error) from error
    if wanted and not same:
        what = f"The workbook has no sheet '{form.sheet}'. {did_you_mean(form.sheet, names)}"
        raise SourceError(what, fix=f"Its sheets: {listed(names)}.", file=path.name)
    if wanted or len(names) == 1:
        return sheet, []
    what = f"The workbook has {len(names)} sheets ({listed(names)}); only the first, '{names[0]}', is read."
    fix = "Declare sheet: to read another one."
    return sheet, [Problem(what=what, fix=fix, file=path.name, severity="notice")]


def _unseen(path: Path, sheet: calamine.CalamineSheet, cells: Cells, header_rows: int) -> list[Problem]:
    try:
        broken = broken_cells(path, sheet.name)
    except (zipfile.BadZipFile, zlib.error, ElementTree.ParseError, KeyError, OSError) as error:
        raise _damaged(path, error) from error
    return broken + merged_below(sheet.merged_cell_ranges or [], cells, header_rows, file=path.name)


def _cells(path: Path, sheet: calamine.CalamineSheet) -> Cells:
    try:
        return [list(row) for row in sheet.to_python(skip_empty_area=False)]
    except (calamine.CalamineError, OSError) as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> SourceError:
    if isinstance(error, PermissionError):
        return held(path)
    what = f"The workbook is damaged or cut off ({error}). {opened_in_excel(path)}"
    return SourceError(what, fix="Copy or export it again; if Excel opens it, save it there.", file=path.name)


def _named(cells: Cells, form: FileForm) -> tuple[list[str], Cells]:
    """Names and answers, without empty rows at the end and columns that have neither on the right."""
    body = cells[form.header_rows :]
    while body and all(cell == "" for cell in body[-1]):
        body = body[:-1]
    header = [[spell(cell) for cell in row] for row in cells[: form.header_rows]]
    # Upper names are carried to the right, so columns beyond the table must go before that.
    width = len(cells[0])
    while width and not any(row[width - 1] for row in header) and all(row[width - 1] == "" for row in body):
        width -= 1
    return joined([row[:width] for row in header], form.header_joint), [row[:width] for row in body]


def _column(cells: Sequence[object]) -> pd.Series:
    """A column with a type of its own if all its cells are of one kind."""
    kinds = {_type(cell) for cell in cells if cell != ""}
    blank = "" in cells
    values = [None if isinstance(cell, str) and cell == "" else cell for cell in cells]
    if kinds <= {str}:
        return pd.Series(values, dtype="str")
    if kinds == {float}:
        return pd.Series([np.nan if value is None else value for value in values], dtype="float64")
    if kinds == {datetime.date}:
        return pd.Series(pd.to_datetime(pd.Series(values, dtype=object)), dtype="datetime64[us]")
    if kinds == {bool} and not blank:
        return pd.Series(values, dtype=bool)
    return pd.Series([np.nan if value is None else value for value in values], dtype=object)


def _type(cell: object) -> type:
    if isinstance(cell, bool | str):
        return type(cell)
    if isinstance(cell, int | float):
        return float
    return datetime.date if isinstance(cell, datetime.date) else type(cell)


def _kind(column: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(column.dtype):
        return "text"
    if pd.api.types.is_numeric_dtype(column.dtype):
        return "number"
    return "date" if pd.api.types.is_datetime64_any_dtype(column.dtype) else "text"
