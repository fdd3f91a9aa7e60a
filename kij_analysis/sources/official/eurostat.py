"""Eurostat's text formats: SDMX-CSV, with codes or with labels beside them, and TSV."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator

import pandas as pd

from kij_analysis.errors import Problem, SourceError, listed
from kij_analysis.sources.official.cells import TABLE, code_and_label, number_of, text_of, time_of
from kij_analysis.sources.official.table import OfficialTable

TIME, VALUE, FLAGS = "TIME_PERIOD", "OBS_VALUE", ("OBS_FLAG", "CONF_STATUS")
FLOWS = ("DATAFLOW", "STRUCTURE_ID")
ABOUT = frozenset({*FLOWS, "STRUCTURE", "STRUCTURE_NAME", "LAST UPDATE", TIME, VALUE, *FLAGS})


def is_sdmx_csv(text: str) -> bool:
    """Whether the first line is a header of SDMX-CSV."""
    first = text.split("\n", 1)[0].upper()
    return TIME in first and VALUE in first


def is_tsv(text: str) -> bool:
    """Whether the first cell joins dimensions and names the time, as Eurostat's TSV does."""
    return "\\TIME" in text.split("\t", 1)[0].upper() and "\t" in text.split("\n", 1)[0]


def read_sdmx_csv(text: str, file: str) -> OfficialTable:
    """One observation a row; other separators than the comma, as Excel writes them, are taken too."""
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    header = [text_of(name) for name in lines[0]]
    upper = [name.upper() for name in header]
    rows = [(number, line) for number, line in enumerate(lines[1:], 2) if any(map(str.strip, line))]
    problems = _torn(rows, len(header), file)
    if problems:
        raise SourceError(problems)
    dimensions = _dimensions(header, upper)
    labels: dict[str, dict[str, str]] = {name: {} for name, _, _ in dimensions}
    cells = []
    for number, line in rows:
        entry: dict[str, object] = {}
        for name, place, label_at in dimensions:
            code, label = code_and_label(text_of(line[place]))
            entry[name] = code
            labels[name][code] = label or (text_of(line[label_at]) if label_at is not None else "")
        cells.append(entry | _observation(line, upper, number, file, problems))
    if problems:
        raise SourceError(problems)
    table, updated, title = (
        _about(rows, upper, *names) for names in (FLOWS, ("LAST UPDATE",), ("STRUCTURE_NAME",))
    )
    found = [TABLE.match(one) for one in table]
    tables = sorted({one[1].upper() for one in found if one})
    if len(tables) > 1:
        what = f"The file holds several tables: {listed(tables)}."
        raise SourceError(what, fix="Download each into a file of its own.", file=file)
    return OfficialTable(
        file=file, form="SDMX-CSV", cells=pd.DataFrame(cells), labels=labels, office="eurostat",
        table=tables[0] if tables else "", title=(title or [""])[0], updated=max(updated, default=""),
    )  # fmt: skip


def _torn(rows: list[tuple[int, list[str]]], width: int, file: str) -> list[Problem]:
    found = [
        Problem(what=f"The row has {len(line)} fields, the header {width}.", file=file, row=number)
        for number, line in rows
        if len(line) != width
    ]
    if not rows:
        found.append(Problem(what="The file holds no observations.", fix="Download it again.", file=file))
    more = [Problem(what=f"{len(found) - 5} more rows like these.", fix="Download it again.", file=file)]
    return found if len(found) <= 5 else [*found[:5], *more]


def _dimensions(header: list[str], upper: list[str]) -> list[tuple[str, int, int | None]]:
    """Name, place, and the place of the labels, of each dimension; they stand before the time."""
    places = [place for place, name in enumerate(upper) if name not in ABOUT and place < upper.index(TIME)]
    if "STRUCTURE_NAME" in upper:  # codes and labels take turns
        pairs = zip(places[::2], places[1::2], strict=False)
        return [(header[code], code, label) for code, label in pairs]
    return [(code_and_label(header[place])[0], place, None) for place in places]


def _observation(
    line: list[str], upper: list[str], number: int, file: str, problems: list[Problem]
) -> dict[str, object]:
    raw = {name: text_of(line[upper.index(name)]) for name in (TIME, VALUE, *FLAGS) if name in upper}
    time, value = time_of(code_and_label(raw[TIME])[0]), number_of(raw[VALUE])
    if not time:
        what = f"'{raw[TIME]}' is no year, quarter or month."
        problems.append(Problem(what=what, fix="Download yearly data.", file=file, row=number, column=TIME))
    if value is None:
        what = f"'{raw[VALUE]}' is no number."
        problems.append(Problem(what=what, fix="Download it again.", file=file, row=number, column=VALUE))
    size, own = value or (math.nan, "")
    flags = "".join(code_and_label(raw.get(name, ""))[0].lower() for name in FLAGS)
    return {"time": time, "value": size, "flag": own + flags, "place": f"row {number}"}


def _about(rows: list[tuple[int, list[str]]], upper: list[str], *names: str) -> list[str]:
    """What stands in the first of these columns that there is, each text once."""
    there = next((upper.index(name) for name in names if name in upper), None)
    return [] if there is None else list(dict.fromkeys(text_of(line[there]) for _, line in rows))


def read_tsv(text: str, file: str) -> OfficialTable:
    """One series a row: the dimensions joined in the first cell, a column for each time."""
    lines = [line.split("\t") for line in text.splitlines() if line.strip()]
    names = [text_of(name) for name in lines[0][0].split("\\")[0].split(",")]
    times = [time_of(cell) for cell in lines[0][1:]]
    problems: list[Problem] = []
    if not all(times):
        strange = [text_of(cell) for cell in lines[0][1:] if not time_of(cell)]
        what = f"The columns {listed(strange, most=5)} are no years, quarters or months."
        problems.append(Problem(what=what, fix="Download yearly data.", file=file, row=1))
    cells: list[dict[str, object]] = []
    for number, line in enumerate(lines[1:], 2):
        codes = [text_of(code) for code in line[0].split(",")]
        if len(codes) != len(names) or len(line) != len(lines[0]):
            what = f"The row does not fit the header ({len(line)} cells, {len(lines[0])} wanted)."
            problems.append(Problem(what=what, fix="Download it again.", file=file, row=number))
            continue
        cells += _series(dict(zip(names, codes, strict=True)), times, line[1:], number, file, problems)
    if not cells and not problems:
        problems.append(Problem(what="The file holds no series.", fix="Download it again.", file=file))
    if problems:
        raise SourceError(problems)
    return OfficialTable(file=file, form="TSV", cells=pd.DataFrame(cells), office="eurostat")


def _series(
    codes: dict[str, str], times: list[str], line: list[str], number: int, file: str, problems: list[Problem]
) -> Iterator[dict[str, object]]:
    for time, cell in zip(times, line, strict=True):
        value = number_of(cell)
        if value is None:
            what = f"'{text_of(cell)}' is no number."
            problems.append(Problem(what=what, fix="Download it again.", file=file, row=number, column=time))
            continue
        size, flag = value
        yield codes | {"time": time, "value": size, "flag": flag, "place": f"row {number}"}
