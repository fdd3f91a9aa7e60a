"""Printed numbers entered in Excel: a workbook with lists to choose from, and the same workbook read."""

from __future__ import annotations

import datetime as dt
import io
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kij_analysis.errors import Problem, did_you_mean, listed
from kij_analysis.files import EPOCH

NUMBERS, SOURCES, CODES = "numbers", "sources", "codes"
SHEETS = {"indicators": NUMBERS, "sources": SOURCES}
"""Which sheet of the workbook holds which rows."""
GIVEN = {"data_status": "published"}
"""Columns that the workbook leaves out, because there is only one answer."""
ROOM = 500
"""How many rows have lists to choose from."""

Rows = list[tuple[int, list[str]]]


def read_cells(path: Path, shown: str, *, sheet: str) -> tuple[list[str], Rows, list[Problem]]:
    """The header and the rows of one sheet of the workbook as texts, and what keeps them from being read."""
    import python_calamine as calamine

    wanted = SHEETS[sheet]
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        names = {name.strip().casefold(): name for name in book.sheet_names}
        if wanted not in names:
            what = f"The workbook has no sheet '{wanted}'. {did_you_mean(wanted, book.sheet_names)}"
            fix = f"There is {listed(book.sheet_names)}. `kij indicators sheet` makes a workbook that has it."
            return [], [], [Problem(what=what, fix=fix, file=shown)]
        grid = book.get_sheet_by_name(names[wanted]).to_python(skip_empty_area=False)
    except (calamine.CalamineError, OSError) as error:
        what = f"The workbook cannot be read ({error})."
        fix = "Close it in Excel, or save it anew as XLSX."
        return [], [], [Problem(what=what, fix=fix, file=shown)]
    lines = [[_text(cell) for cell in row] for row in grid]
    if not lines or not any(lines[0]):
        return [], [], [Problem(what="The header is missing.", fix="Put it in the first row.", file=shown)]
    given = {name: value for name, value in GIVEN.items() if sheet == "indicators" and name not in lines[0]}
    rows = [(number, [*line, *given.values()]) for number, line in enumerate(lines[1:], 2) if any(line)]
    return [*lines[0], *given], rows, []


def _text(cell: object) -> str:
    """A cell as it would stand in a CSV file."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime | dt.date):
        return cell.isoformat()
    return " ".join(unicodedata.normalize("NFC", str(cell)).split())


def workbook(schema: Mapping[str, Any]) -> bytes:
    """An empty workbook for printed numbers, with a list to choose from wherever a column is closed.

    The sheet *numbers* has the columns of the record, *sources* those of the publications; *codes* says
    what each code means.
    """
    import xlsxwriter

    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True})
    book.set_properties({"created": dt.datetime.fromisoformat(EPOCH)})
    lists: dict[tuple[str, str], str] = {}
    pages = {sheet: book.add_worksheet(name) for sheet, name in SHEETS.items()}
    _codes(book, schema, lists)
    for sheet, page in pages.items():
        _page(book, page, sheet, schema["$defs"][sheet], lists)
    book.close()
    return memory.getvalue()


def _codes(book: Any, schema: Mapping[str, Any], lists: dict[tuple[str, str], str]) -> None:
    """Every closed list in two columns, code and meaning; where each stands goes into `lists`."""
    from xlsxwriter.utility import xl_range_abs

    page, bold, place = book.add_worksheet(CODES), book.add_format({"bold": True, "bottom": 1}), 0
    for sheet in SHEETS:
        for name, rule in schema["$defs"][sheet]["properties"].items():
            if "enum" not in rule or name in GIVEN:
                continue
            page.write_string(0, place, name, bold)
            page.write_string(0, place + 1, "meaning", bold)
            for row, cells in enumerate(zip(rule["enum"], rule["enumDescriptions"], strict=True), 1):
                for step, cell in enumerate(cells):
                    page.write_string(row, place + step, cell)
            page.set_column(place, place, 24)
            page.set_column(place + 1, place + 1, 48)
            lists[sheet, name] = f"={CODES}!{xl_range_abs(1, place, len(rule['enum']), place)}"
            place += 2
    page.freeze_panes(1, 0)


def _page(
    book: Any, page: Any, sheet: str, rules: Mapping[str, Any], lists: Mapping[tuple[str, str], str]
) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    needed = book.add_format({"bold": True, "bottom": 1, "bg_color": "#FFF3EC"})
    columns: Sequence[str] = [name for name in rules["properties"] if name not in GIVEN]
    for place, name in enumerate(columns):
        rule = rules["properties"][name]
        page.write_string(0, place, name, needed if name in rules["required"] else bold)
        page.set_column(place, place, 28 if name in ("id", "title", "note", "address") else 18)
        page.write_comment(0, place, rule["description"], {"author": "kij", "x_scale": 2})
        if (sheet, name) in lists:
            message = "Choose from the list; the sheet 'codes' says what each code means."
            page.data_validation(
                1, place, ROOM, place,
                {"validate": "list", "source": lists[sheet, name], "error_message": message},
            )  # fmt: skip
    page.freeze_panes(1, 1)
