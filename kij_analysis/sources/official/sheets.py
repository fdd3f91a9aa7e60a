"""Workbooks and plain text tables with the layout of a page, read by what they look like."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pandas as pd

from kij_analysis.errors import Problem, SourceError, listed
from kij_analysis.sources.official.cells import text_of
from kij_analysis.sources.official.grids import Block, Grid, block_of
from kij_analysis.sources.official.table import OfficialTable

THOUSANDS = re.compile(r"[0-9]{1,3}(?:[,.][0-9]{3})+")


def read_workbook(path: Path) -> OfficialTable:
    """The table of a workbook; of Eurostat's workbooks, which have one for each selection, all of them."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(path)
        grids = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names
        }
    except (calamine.CalamineError, OSError) as error:
        what = f"The workbook is damaged or cut off ({error})."
        raise SourceError(what, fix="Download it again.", file=path.name) from error
    blocks = {name: block for name, grid in grids.items() if (block := block_of(grid)) is not None}
    datasets = {name: block for name, block in blocks.items() if block.title.startswith("Dataset:")}
    chosen = datasets or dict(list(blocks.items())[:1])
    notices = []
    if not datasets and len(blocks) > 1:
        what = (
            f"The workbook has tables on {len(blocks)} sheets; only that on '{next(iter(blocks))}' is read."
        )
        notices.append(Problem(what=what, file=path.name, severity="notice"))
    return _table(path.name, "XLSX", chosen, notices, office="eurostat" if datasets else "")


def read_text_table(text: str, file: str) -> OfficialTable:
    """A text table such as PxWeb's CSV: a title perhaps, a header, and rows of labels and numbers."""
    lines = [line for line in text.splitlines() if line.strip()]
    widest = max(lines, key=len, default="")
    delimiter = max(";\t,", key=lambda sign: (widest.count(sign), -";\t,".index(sign)))
    if not widest.count(delimiter):
        what = "The file is no table: nothing separates its columns."
        raise SourceError(what, fix="Download it as XLSX, CSV or JSON-stat.", file=file)
    grid = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    _two_ways(grid, file)
    block = block_of(grid)
    return _table(file, "CSV", {"": block} if block else {}, [])


def _two_ways(grid: Grid, file: str) -> None:
    """Refuse numbers such as 1,234 if nothing in the file tells a decimal comma from one of thousands."""
    for sign in ",.":
        with_sign = [
            (row, text) for row, line in enumerate(grid, 1) for cell in line
            if re.fullmatch(rf"[0-9]+\{sign}[0-9]+", text := text_of(cell))
        ]  # fmt: skip
        if with_sign and all(THOUSANDS.fullmatch(text) for _, text in with_sign):
            row, text = with_sign[0]
            what = f"'{text}' can be read in two ways: '{sign}' may stand before decimals or thousands."
            fix = "Download the table as XLSX or JSON-stat, which leave no doubt."
            raise SourceError(what, fix=fix, file=file, row=row)


def _table(
    file: str, form: str, blocks: dict[str, Block], notices: list[Problem], *, office: str = ""
) -> OfficialTable:
    if not blocks:
        what = "No table was found: no row has a label in front and numbers behind it."
        raise SourceError(what, fix="Download the table again, as XLSX, CSV or JSON-stat.", file=file)
    for name, block in blocks.items():
        if block.below:
            on = f" on '{name}'" if name else ""
            what = f"A further table begins in row {block.below}{on}; only the first is read."
            notices.append(Problem(what=what, file=file, severity="notice"))
    tables = sorted({block.table for block in blocks.values()} - {""})
    if len(tables) > 1:
        what = f"The file holds several tables: {listed(tables)}."
        raise SourceError(what, fix="Download each into a file of its own.", file=file)
    labels: dict[str, dict[str, str]] = {}
    for block in blocks.values():
        for name, own in block.labels.items():
            labels.setdefault(name, {}).update(own)
    cells = pd.DataFrame([cell for block in blocks.values() for cell in block.cells])
    first = next(iter(blocks.values()))
    return OfficialTable(
        file=file, form=form, cells=cells.fillna(dict.fromkeys(labels, "")), labels=labels,
        table=(tables or [""])[0], office=office, title=first.title, updated=first.updated,
        notices=tuple(notices),
    )  # fmt: skip
