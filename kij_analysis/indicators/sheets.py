"""The sheets of the printed record, CSV files and workbooks read against their JSON Schema."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from kij_analysis.codebook.yaml_files import validators
from kij_analysis.errors import Problem, did_you_mean, listed, one_of
from kij_analysis.indicators.workbooks import read_cells

DTYPES = {"string": "str", "number": "float64", "integer": "Int64"}
THOUSANDS = re.compile(r"\d{1,3}(?:[ .,\u00a0\u202f]\d{3})+")
NUMBERS = {"integer": re.compile(r"\d+"), "number": re.compile(r"-?\d+(?:\.\d+)?")}


@cache
def schema() -> dict[str, Any]:
    """The published JSON Schema of the record's sheets.

    Examples
    --------
    >>> sorted(schema()["$defs"])
    ['evidence', 'indicators', 'left_out', 'official', 'sources']
    """
    place = files("kij_analysis.indicators").joinpath("schemas", "indicators.schema.json")
    return json.loads(place.read_text("utf-8"))


def codes(column: str, *, sheet: str = "indicators") -> dict[str, str]:
    """The codes that a column may hold, each with its meaning.

    Raises
    ------
    UsageError
        If there is no such sheet, or if it has no such column with a closed list.

    Examples
    --------
    >>> codes("cut_off")["top_2"]
    'the two highest answers'
    """
    one_of(sheet, schema()["$defs"], name="The sheet")
    columns = _columns(sheet)
    one_of(column, [name for name, rule in columns.items() if "enum" in rule], name="The column")
    return dict(zip(columns[column]["enum"], columns[column]["enumDescriptions"], strict=True))


def read_sheet(path: Path | str, *, sheet: str = "indicators") -> tuple[pd.DataFrame, list[Problem]]:
    """Read one sheet and hold it against its schema.

    Cells are trimmed; an empty cell is "" in a text column and missing in a number column.

    Parameters
    ----------
    path
        A CSV file in UTF-8 with commas, or the workbook that `kij indicators sheet` makes.
    sheet
        Which rules the rows must keep: those of ``"indicators"``, ``"evidence"``, ``"official"``,
        ``"sources"`` or ``"left_out"``.

    Returns
    -------
    frame, problems
        The index of the frame is the row as a spreadsheet shows it (the header is row 1); without a
        usable header the frame is empty.

    Raises
    ------
    UsageError
        If `sheet` is not known.

    Examples
    --------
    >>> from kij_analysis.template import template_folder
    >>> sheet, problems = read_sheet(template_folder() / "data/raw/published/report_numbers.csv")
    >>> len(sheet), problems
    (0, [])
    """
    one_of(sheet, schema()["$defs"], name="The sheet")
    place = Path(path)
    shown = f"{place.parent.name}/{place.name}" if place.parent.name else place.name
    columns = _columns(sheet)
    if place.suffix.lower() == ".xlsx":
        header, rows, problems = read_cells(place, shown, sheet=sheet)
    else:
        header, rows, problems = _cells(place, shown)
    if not problems:
        problems = list(_header_problems(header, columns, shown))
    if problems:
        return _frame([], [], columns), problems
    entries, numbers = [], []
    sound: set[tuple[str, Any]] = set()
    for number, cells in rows:
        entry, found = _entry(header, cells, columns)
        if len(cells) == len(header):
            wrong = {column for column, _, _ in found}
            more = _new_problems(entry, sheet, dict(zip(header, cells, strict=True)), sound)
            found += [finding for finding in more if finding[0] not in wrong]
        problems += [Problem(what=w, fix=f, file=shown, row=number, column=c) for c, w, f in found]
        entries.append(entry)
        numbers.append(number)
    return _frame(entries, numbers, columns), problems


def _columns(sheet: str) -> dict[str, Any]:
    return schema()["$defs"][sheet]["properties"]


def _frame(entries: list[dict[str, Any]], rows: list[int], columns: Mapping[str, Any]) -> pd.DataFrame:
    """The entries in the order of the schema's columns, with fixed types."""
    series = {}
    for name, rule in columns.items():
        blank = "" if rule["type"] == "string" else None
        values = [entry.get(name, blank) for entry in entries]
        series[name] = pd.Series(values, index=rows, dtype=DTYPES[rule["type"]])
    return pd.DataFrame(series, index=pd.Index(rows, name="row", dtype="int64"))


def _cells(path: Path, shown: str) -> tuple[list[str], list[tuple[int, list[str]]], list[Problem]]:
    """The header, the rows that are not blank with their numbers, and what keeps them from being read."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        near = sorted(p.name for p in path.parent.glob("*.csv")) if path.parent.is_dir() else []
        fix = f"{did_you_mean(path.name, near)} `kij init` makes a folder that has it."
        return [], [], [Problem(what="The file does not exist.", fix=fix, file=shown)]
    except OSError as error:
        what = f"The file cannot be read ({error.strerror or error})."
        return [], [], [Problem(what=what, fix="Close it in other programs, or copy it anew.", file=shown)]
    except UnicodeDecodeError:
        what, fix = "The file is not UTF-8 text.", "In Excel, save it as 'CSV UTF-8'."
        return [], [], [Problem(what=what, fix=fix, file=shown)]
    stream = io.StringIO(unicodedata.normalize("NFC", text), newline="")
    try:
        lines = [[" ".join(cell.split()) for cell in line] for line in csv.reader(stream, strict=True)]
    except csv.Error as error:
        what, fix = f"This is not a CSV file ({error}).", 'Check the quotes ("): each one needs its partner.'
        return [], [], [Problem(what=what, fix=fix, file=shown)]
    if not lines or not any(lines[0]):
        return [], [], [Problem(what="The header is missing.", fix="Put it in the first row.", file=shown)]
    rows = [(number, line) for number, line in enumerate(lines[1:], start=2) if any(line)]
    return lines[0], rows, []


def _header_problems(header: list[str], columns: Mapping[str, Any], shown: str) -> Iterator[Problem]:
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        what, fix = "The columns are not separated by commas.", "Save the sheet as CSV with commas."
        yield Problem(what=what, fix=fix, file=shown, row=1)
        return
    absent = [name for name in columns if name not in header]
    for name in dict.fromkeys(header):
        if name not in columns:
            hint = did_you_mean(name, absent)
            what = f"The column '{name}' is not known." if name else "A column has no name."
            yield Problem(what=what, fix=f"{hint} Known: {listed(columns, most=40)}.", file=shown, row=1)
        elif header.count(name) > 1:
            what = f"The column '{name}' stands here {header.count(name)} times."
            yield Problem(what=what, fix="Keep one of them.", file=shown, row=1)
    if absent:
        what = f"Missing columns: {listed(absent, most=40)}."
        yield Problem(
            what=what, fix="Add them; their cells may be empty where nothing is known.", file=shown, row=1
        )


Finding = tuple[str, str, str]
"""(column, what is wrong, what would be right)"""


def _entry(
    header: list[str], cells: list[str], columns: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Finding]]:
    """The filled-in cells of one row with their types, and the cells that are no numbers."""
    if len(cells) != len(header):
        what = f"The row has {len(cells)} cells, the header has {len(header)}."
        return {}, [("", what, "Put cells that hold a comma in quotes.")]
    entry: dict[str, Any] = {}
    found: list[Finding] = []
    for name, cell in zip(header, cells, strict=True):
        kind = columns[name]["type"]
        if not cell:
            continue
        if kind == "string":
            entry[name] = cell
        elif NUMBERS[kind].fullmatch(cell) and not THOUSANDS.fullmatch(cell):
            entry[name] = int(cell) if kind == "integer" else float(cell)
        else:
            found.append((name, *_no_number(cell, kind)))
    return entry, found


def _no_number(cell: str, kind: str) -> tuple[str, str]:
    if THOUSANDS.fullmatch(cell):
        plain = re.sub(r"\D", "", cell)
        return f"'{cell}' can be read in two ways.", f"Write thousands without a sign between them: {plain}."
    if re.fullmatch(r"\d+,\d+", cell) and kind == "number":
        return f"'{cell}' has a decimal comma.", f"Write {cell.replace(',', '.')}."
    wanted = "a whole number" if kind == "integer" else "a number"
    return (
        f"'{cell}' stands where {wanted} belongs.",
        "Write digits only; leave it empty if nothing is printed.",
    )


@cache
def _validator(sheet: str) -> Any:
    return validators()(schema()["$defs"][sheet])


def _new_problems(
    entry: dict[str, Any], sheet: str, cells: Mapping[str, str], sound: set[tuple[str, Any]]
) -> list[Finding]:
    """What is wrong in a row; cells that were found sound in a row before need no second look.

    The rules of the sheets concern single cells, and long sheets hold the same few texts again and again.
    """
    fresh = {name: value for name, value in entry.items() if (name, value) not in sound}
    told = _row_problems(fresh, sheet, cells=cells)
    found = [finding for finding in told if finding[0] in fresh or finding[0] not in entry]
    if not found:
        sound |= set(fresh.items())
    return found


def _row_problems(entry: dict[str, Any], sheet: str, *, cells: Mapping[str, str]) -> Iterator[Finding]:
    columns = _columns(sheet)
    for error in _validator(sheet).iter_errors(entry):
        if error.validator == "required":
            name = next(n for n in error.validator_value if error.message.startswith(f"'{n}' "))
            unknown = "unknown" in columns[name].get("enum", ())
            fix = "Write 'unknown' if the source does not say." if unknown else "Fill it in."
            yield name, "Nothing stands here.", f"{fix} {columns[name]['description']}"
            continue
        name = str(error.absolute_path[-1])
        yield name, *_sentence(error, columns[name], cells[name])


def _sentence(error: Any, rule: Mapping[str, Any], cell: str) -> tuple[str, str]:
    if error.validator == "enum":
        known = rule["enum"]
        return f"'{cell}' is not known.", f"{did_you_mean(cell, known)} Known: {listed(known, most=60)}."
    if error.validator == "pattern":
        return f"'{cell}' does not have the form of this column.", f"Write it like '{rule['examples'][0]}'."
    low, high = rule.get("minimum"), rule.get("maximum")
    wanted = f"from {low} to {high}" if high is not None else f"{low} or more"
    return f"'{cell}' lies outside what is possible.", f"It should be {wanted}."
