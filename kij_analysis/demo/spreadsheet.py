"""An XLSX file with two header rows whose bytes are the same on every machine."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from itertools import groupby

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kij_analysis.files import EPOCH, timeless_zip


def workbook(sheet: str, columns: Mapping[tuple[str, str], Sequence[object]]) -> bytes:
    """A workbook of one sheet; a column is named by its title and, within a block, by its option.

    A block's title is merged over its columns. Texts and whole numbers are written as such, empty
    texts as empty cells.
    """
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True})
    book.set_properties({"created": dt.datetime.fromisoformat(EPOCH)})
    page = book.add_worksheet(sheet)
    _header(page, list(columns), book.add_format({"bold": True, "text_wrap": True, "valign": "top"}))
    for place, cells in enumerate(columns.values()):
        for row, cell in enumerate(cells, start=2):
            if cell != "":
                page.write(row, place, cell)
    page.freeze_panes(2, 1)
    book.close()
    return timeless_zip(memory.getvalue())


def _header(page: Worksheet, names: Sequence[tuple[str, str]], bold: Format) -> None:
    first = 0
    for title, group in groupby(names, key=lambda name: name[0]):
        options = [option for _, option in group]
        last = first + len(options) - 1
        if last > first:
            page.merge_range(0, first, 0, last, title, bold)
        else:
            page.write(0, first, title, bold)
        for place, option in enumerate(options, start=first):
            if option:
                page.write(1, place, option, bold)
        first = last + 1
