"""Rule sheets read from CSV and XLSX files, every problem with its sheet, row and column."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kij_analysis.codebook.sheet_documents import Line, document_of, line_of, problem_at
from kij_analysis.codebook.sheet_rows import COLUMNS, INSTRUMENT, SHORT
from kij_analysis.codebook.sheet_tree import Cell
from kij_analysis.codebook.yaml_files import Document as Document
from kij_analysis.codebook.yaml_files import absent, read_yaml, schema, schema_problems
from kij_analysis.errors import Problem, did_you_mean, listed

FORMS = (".yaml", ".csv", ".xlsx")
"""The endings of the files in which a crosswalk may be kept."""
RULES = "rules"
DELIMITERS = ";,\t"
HINT = re.compile(r"sep=(.)\r?\n")
"""The line with which a CSV file tells Excel its delimiter."""

Grid = Sequence[Sequence[object]]


def read_crosswalk(path: Path, *, name: str = "") -> tuple[Document | None, list[Problem]]:
    """The content of a crosswalk kept as YAML, CSV or XLSX, held against the schema of crosswalks.

    Returns
    -------
    document, problems
        As `read_yaml` gives them: the document is None if the file cannot be read at all.
    """
    shown = name or path.name
    if not path.exists():
        return None, [absent(path, shown, FORMS)]
    if path.suffix.lower() not in (".csv", ".xlsx"):
        return read_yaml(path, against="crosswalk", name=shown)
    lines, problems = read_lines(path, shown)
    if problems:
        return None, problems
    document, problems = document_of(path, shown, lines)
    if not problems:
        problems = list(schema_problems(document, schema("crosswalk")))
    return document, sorted(problems, key=lambda problem: (problem.file, problem.row or 0))


def read_lines(path: Path, shown: str) -> tuple[list[Line], list[Problem]]:
    """The rows of a sheet that say something, and what keeps them from being read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        what = f"The file cannot be read ({error.strerror or error})."
        return [], [Problem(what=what, fix="Close it in other programs, or copy it anew.", file=shown)]
    grids, problems = _workbook(content, shown) if path.suffix.lower() == ".xlsx" else _csv(content, shown)
    lines: list[Line] = []
    for sheet, grid in grids:
        found, wrong = _lines(sheet, grid, shown)
        lines += found
        problems += wrong
    if not lines and not problems:
        problems = [Problem(what="The sheet has no rows.", fix="Fill it in.", file=shown)]
    return lines, problems


def _csv(content: bytes, shown: str) -> tuple[list[tuple[str, Grid]], list[Problem]]:
    try:
        text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        fix = "In Excel, save it as 'CSV UTF-8', or as a workbook (XLSX)."
        return [], [Problem(what="The file is not UTF-8 text.", fix=fix, file=shown)]
    hint = HINT.match(text)
    text = text[hint.end() :] if hint else text
    head = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = hint[1] if hint else max(DELIMITERS, key=head.count)
    stream = io.StringIO(text, newline="")
    try:
        return [("", list(csv.reader(stream, delimiter=delimiter, strict=True)))], []
    except csv.Error as error:
        what, fix = f"This is not a CSV file ({error}).", 'Check the quotes ("): each one needs its partner.'
        return [], [Problem(what=what, fix=fix, file=shown)]


def _workbook(content: bytes, shown: str) -> tuple[list[tuple[str, Grid]], list[Problem]]:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = {name.strip().casefold(): name for name in book.sheet_names}
        found = [names[name] for name in (INSTRUMENT, RULES) if name in names]
        grids: list[tuple[str, Grid]] = [
            (name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in found
        ]
    except (calamine.CalamineError, OSError) as error:
        what = f"The workbook is damaged or cut off ({error})."
        return [], [Problem(what=what, fix="Copy it again, or save it anew in Excel.", file=shown)]
    if RULES in names:
        return grids, []
    what = f"The workbook has no sheet '{RULES}'. {did_you_mean(RULES, book.sheet_names)}"
    fix = f"Name the sheet of the rules '{RULES}'. There is {listed(book.sheet_names)}."
    return [], [Problem(what=what, fix=fix, file=shown)]


def _lines(sheet: str, grid: Grid, shown: str) -> tuple[list[Line], list[Problem]]:
    """The rows below the header, which is the first row that is not empty."""
    top = next((number for number, row in enumerate(grid) if any(_filled(cell) for cell in row)), None)
    if top is None:
        return [], []
    own = sheet.strip().casefold() == INSTRUMENT
    header = [unicodedata.normalize("NFC", str(cell)).strip().casefold() for cell in grid[top]]
    problems = list(_header_problems(header, sheet, top + 1, shown, own=own))
    if problems:
        return [], problems
    lines: list[Line] = []
    for row, cells in enumerate(grid[top + 1 :], top + 2):
        beyond = [place for place, cell in enumerate(cells) if _filled(cell) and not _name(header, place)]
        for place in beyond:
            cell = Cell(sheet=sheet, row=row, column=letter(place))
            what = "The cell is filled in, and its column has no name."
            problems.append(problem_at(shown, cell, what, "Name the column, or empty the cell."))
        named = [(_name(header, place), letter(place), cell) for place, cell in enumerate(cells)]
        if own and any(_filled(cell) for cell in cells):
            named.append(("variable", "", INSTRUMENT))
        line = line_of(sheet, row, [part for part in named if part[0]])
        if line is not None:
            lines.append(line)
    return lines, problems


def _header_problems(header: list[str], sheet: str, row: int, shown: str, *, own: bool) -> Iterator[Problem]:
    known = SHORT if own else COLUMNS
    for place, name in enumerate(header):
        cell = Cell(sheet=sheet, row=row, column=letter(place))
        if name and name not in known:
            fix = f"{did_you_mean(name, known)} Known: {listed(known, most=len(known))}.".strip()
            yield problem_at(shown, cell, f"The column '{name}' is not known.", fix)
        elif name and name in header[:place]:
            yield problem_at(shown, cell, f"The column '{name}' stands twice.", "Keep one of them.")
    needed = [name for name in (("part", "result") if own else ("variable", "rule")) if name not in header]
    if needed:
        cell = Cell(sheet=sheet, row=row, column="")
        fix = "The names of the columns belong in the first row."
        yield problem_at(shown, cell, f"The column {listed(needed)} is missing.", fix)


def _name(header: list[str], place: int) -> str:
    return header[place] if place < len(header) else ""


def _filled(cell: Any) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def letter(place: int) -> str:
    """The letter of a column as spreadsheets show it, counted from 0.

    Examples
    --------
    >>> letter(0), letter(27)
    ('A', 'AB')
    """
    first, last = divmod(place, 26)
    return (letter(first - 1) if first else "") + chr(ord("A") + last)
