"""Cells of a workbook that readers pass over in silence: errors, formulas without a result, merged rows."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from kij_analysis.errors import Problem
from kij_analysis.sources.headers import letter

MOST = 12
CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)</")
PLACE = re.compile(rb'\br="([A-Z]+)([0-9]+)"')


def broken_cells(path: Path, sheet: str) -> list[Problem]:
    """Cells with an Excel error, and formulas whose result the file does not hold.

    The reader gives an empty cell for both, so the sheet's own text is looked through.
    """
    content = _content(path, sheet)
    if b't="e"' not in content and b"<f" not in content and b":f" not in content:
        return []
    found: list[Problem] = []
    for attributes, inside in CELL.findall(content):
        place = PLACE.search(attributes)
        value = VALUE.search(inside)
        if place is None:
            continue
        if b't="e"' in attributes:
            code = value.group(1).decode() if value else "an error"
            what, fix = f"The cell holds {code}.", "Correct or empty it in Excel."
        elif value is None and b't="str"' not in attributes and re.search(rb"<(?:\w+:)?f[\s/>]", inside):
            what, fix = "The cell holds a formula without a result.", "Open the file in Excel and save it."
        else:
            continue
        column, row = place.group(1).decode(), int(place.group(2))
        found.append(Problem(what=what, fix=fix, file=path.name, row=row, column=column))
    return _shortened(found, path.name)


def merged_below(
    ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]],
    cells: Sequence[Sequence[object]],
    header_rows: int,
    *,
    file: str,
) -> list[Problem]:
    """Merged cells among the answers: only the first of them holds the answer, the others look empty.

    Examples
    --------
    >>> print(merged_below([((1, 0), (2, 0))], [["id"], ["p1"], [""]], 1, file="a.xlsx")[0])
    a.xlsx, row 2, column 'A': The cells A2:A3 are merged; only the first holds the answer. Split them ...
    """
    found = []
    for (row, column), (last_row, last_column) in ranges:
        inside = row < len(cells) and column < len(cells[row]) and cells[row][column] != ""
        if not inside or last_row < header_rows or (row, column) == (last_row, last_column):
            continue
        place = f"{letter(column)}{row + 1}:{letter(last_column)}{last_row + 1}"
        what = f"The cells {place} are merged; only the first holds the answer."
        fix = "Split them in Excel and fill in each."
        if row < header_rows:
            what, fix = f"The cells {place} of the names reach into the answers.", "Is header_rows: right?"
        found.append(Problem(what=what, fix=fix, file=file, row=row + 1, column=letter(column)))
    return _shortened(found, file)


def _shortened(found: list[Problem], file: str) -> list[Problem]:
    if len(found) <= MOST:
        return found
    return [*found[:MOST], Problem(what=f"{len(found) - MOST} more cells like these.", file=file)]


def _content(path: Path, sheet: str) -> bytes:
    """The sheet's XML; empty if the workbook's parts do not lead to it."""
    with zipfile.ZipFile(path) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        targets = {link.get("Id"): link.get("Target", "") for link in links}
        for element in book.iter():
            if element.tag.endswith("}sheet") and element.get("name") == sheet:
                key = next((value for name, value in element.items() if name.endswith("}id")), None)
                part = posixpath.normpath(posixpath.join("/xl", targets.get(key, ""))).lstrip("/")
                return archive.read(part) if part in archive.namelist() else b""
    return b""
