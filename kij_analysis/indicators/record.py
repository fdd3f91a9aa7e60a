"""The printed record of a study: indicators with their sources, checked as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from kij_analysis.errors import Problem, StudyError, did_you_mean
from kij_analysis.indicators.sheets import read_sheet

SHEETS = ("indicators.csv", "report_numbers.csv")
"""The sheets that make up the record: what was collected, and what the report itself prints."""
WORKBOOK = "report_numbers.xlsx"
"""Takes the place of report_numbers.csv, and may list sources of its own."""
RESULTS = ("status", "perceived_change", "perceived_help", "satisfaction")
WHOLE = ("persons", "pairs", "courses", "count", "year")


def load(place: Any) -> pd.DataFrame:
    """The printed numbers about the programmes, one a row, each with its source.

    Rows of report_numbers.csv (or of report_numbers.xlsx, if numbers are entered in Excel), which waits for
    the numbers of reports that a user has, follow those of indicators.csv. An empty text means not printed
    or not applicable, and so does a missing number; n and the response rate are never guessed. Shares are
    per cent, as printed.

    Parameters
    ----------
    place
        A study, or the folder that holds indicators.csv, report_numbers.csv and sources.csv.

    Returns
    -------
    DataFrame
        The columns of the schema in its order: `value`, `value_high` and `response_rate` as floats;
        `n`, the years and `timing_months` as whole numbers (Int64); the others as text.

    Raises
    ------
    StudyError
        If a sheet is wrong: all problems of all sheets at once, with file, row and column.

    Examples
    --------
    >>> from kij_analysis.template import template_folder
    >>> record = load(template_folder() / "data" / "raw" / "published").set_index("id")
    >>> print(*record.loc["kvinfo_employed_2021_may", ["value", "unit", "denominator"]])
    44.0 per_cent respondents
    """
    folder = folder_of(place)
    origins, problems = read_sources(folder)
    sheets = {}
    for name in _names(folder):
        frame, found = read_sheet(folder / name)
        sheets[f"{folder.name}/{name}"] = frame
        problems += found
    problems += _both(folder)
    record = pd.concat(sheets, names=["file", "row"])
    problems += _across(record, origins)
    if problems:
        raise StudyError(sorted(problems, key=lambda problem: (problem.file, problem.row or 0)))
    return record.reset_index(drop=True)


def sources(place: Any) -> pd.DataFrame:
    """The publications that the printed numbers come from, each once.

    Parameters
    ----------
    place
        A study, or the folder that holds sources.csv.

    Returns
    -------
    DataFrame
        Columns `id`, `title` (our description), `publisher`, `year` (missing where unknown), `language`,
        `address` (or *project document*) and `kind`.

    Raises
    ------
    StudyError
        If the sheet is wrong: all problems at once, with row and column.

    Examples
    --------
    >>> from kij_analysis.template import template_folder
    >>> publications = sources(template_folder() / "data" / "raw" / "published").set_index("id")
    >>> publications.loc["kvinfo_fact_sheet_2017", ["publisher", "address"]].tolist()
    ['KVINFO', 'project document']
    """
    folder = folder_of(place)
    frame, problems = read_sources(folder)
    if problems:
        raise StudyError(problems)
    return frame.reset_index(drop=True)


def read_sources(folder: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """The publications of sources.csv, then those that are listed in the workbook, and what is wrong."""
    sheets, problems = {}, []
    for name in ("sources.csv", *([WORKBOOK] if (folder / WORKBOOK).is_file() else [])):
        frame, found = read_sheet(folder / name, sheet="sources")
        sheets[f"{folder.name}/{name}"] = frame
        problems += found
    listed_ones = pd.concat(sheets, names=["file", "row"])
    return listed_ones.droplevel("file"), [*problems, *_twice(listed_ones)]


def _names(folder: Path) -> list[str]:
    """The sheets that there are; the workbook stands for report_numbers.csv."""
    return [SHEETS[0], entered_sheet(folder)]


def entered_sheet(folder: Path) -> str:
    """The name of the sheet that a user's own numbers stand in."""
    return WORKBOOK if (folder / WORKBOOK).is_file() else SHEETS[1]


def _both(folder: Path) -> Iterator[Problem]:
    """Rows in both report_numbers.csv and the workbook."""
    table = folder / SHEETS[1]
    if (folder / WORKBOOK).is_file() and table.is_file() and len(table.read_bytes().splitlines()) > 1:
        what = f"Numbers stand both here and in {WORKBOOK}."
        fix = "Keep them in one of the two, and leave only the header here."
        yield Problem(what=what, fix=fix, file=f"{folder.name}/{SHEETS[1]}")


def folder_of(place: Any) -> Path:
    """The folder of the record: a study's own one if it names it, else `published` among its raw data."""
    folders = getattr(place, "folders", None)
    if folders is None:
        return Path(place)
    return Path(folders["published"]) if "published" in folders else Path(folders["raw"]) / "published"


def _twice(frame: pd.DataFrame) -> Iterator[Problem]:
    """Sources listed twice, by their id or by their address."""
    for column in ("id", "address"):
        filled = frame[~frame[column].isin(["", "project document"])]
        for (file, row), value in filled.loc[filled[column].duplicated(), column].items():
            at, first = filled.index[filled[column] == value][0]
            where = f"row {first}" if at == file else f"row {first} of {at}"
            what = f"'{value}' stands in {where} already."
            yield Problem(what=what, fix="List each source once.", file=file, row=int(row), column=column)


def _across(record: pd.DataFrame, origins: pd.DataFrame) -> Iterator[Problem]:
    """What is wrong between the cells of a row, and between rows."""
    rows = {entry["id"]: entry for entry in record.to_dict("records")}
    known = list(origins["id"])
    seen: set[str] = set()
    for (file, row), entry in zip(record.index, record.to_dict("records"), strict=True):
        findings = [*_numbers(entry), *_years(entry), *_base(entry), *_conflicts(entry, rows)]
        if entry["id"] and entry["id"] in seen:
            findings.append(("id", f"'{entry['id']}' is the id of another row.", "Give each row its own."))
        if known and entry["source"] and entry["source"] not in known:
            hint = did_you_mean(entry["source"], known)
            what = f"'{entry['source']}' is not listed in sources.csv."
            findings.append(("source", what, f"{hint} Or list it there first."))
        seen.add(entry["id"])
        for column, what, fix in findings:
            yield Problem(what=what, fix=fix, file=file, row=row, column=column)


Finding = tuple[str, str, str]


def _numbers(entry: dict[str, Any]) -> Iterator[Finding]:
    """Values against their unit, their range and their base; a missing value passes every comparison."""
    value, high, unit, n = entry["value"], entry["value_high"], entry["unit"], entry["n"]
    for name in ("value", "value_high"):
        if unit == "per_cent" and entry[name] > 100:
            yield name, f"{entry[name]:g} per cent is more than 100.", "Check the value and the unit."
        if unit in WHOLE and entry[name] % 1 > 0:
            yield name, f"{entry[name]:g} is not a whole number of {unit}.", "Check the value and the unit."
        if unit == "year" and not pd.isna(entry[name]) and not 1900 <= entry[name] <= 2100:
            yield name, f"{entry[name]:g} is not a plausible year.", "Check the value and the unit."
    if high < value:
        what = f"The upper end {high:g} lies below the lower end {value:g}."
        yield "value_high", what, "Put the lower end under value."
    counted = unit == "persons" and entry["outcome_type"] in RESULTS and not pd.isna(n)
    if counted and value > n:
        yield "n", f"The base {n} is smaller than the count {value:g}.", "Check both against the source."


def _years(entry: dict[str, Any]) -> Iterator[Finding]:
    """The years against each other and against what is said of them; the months against the timing."""
    first, last = entry["year_from"], entry["year_to"]
    if pd.isna(first) != pd.isna(last):
        yield "year_to", "Only one of year_from and year_to stands here.", "Write both; for one year, twice."
    elif not pd.isna(first) and last < first:
        yield "year_to", f"The last year {last} lies before the first, {first}.", "Exchange the two."
    if entry["year_basis"] and (entry["year_basis"] == "unknown") != bool(pd.isna(first)):
        fix = "Write 'unknown' exactly where the years are empty."
        yield "year_basis", f"'{entry['year_basis']}' does not fit the years.", fix
    counts = entry["timing"] in ("within_k_months", "after_k_months")
    if counts and pd.isna(entry["timing_months"]):
        yield "timing_months", f"'{entry['timing']}' needs its number of months.", "Write it."
    if entry["timing"] and not counts and not pd.isna(entry["timing_months"]):
        fix = "Empty it, or write within_k_months or after_k_months under timing."
        yield "timing_months", f"Months stand here, but the timing is '{entry['timing']}'.", fix


def _base(entry: dict[str, Any]) -> Iterator[Finding]:
    """Results and shares have a base and a time, if only unknown ones."""
    if entry["outcome_type"] in RESULTS or entry["unit"] == "per_cent":
        for name in ("denominator", "timing"):
            if entry[name] == "not_applicable":
                yield (
                    name,
                    f"A result or a share has a {name}.",
                    "Write 'unknown' if the source does not say.",
                )


def _conflicts(entry: dict[str, Any], rows: dict[str, dict[str, Any]]) -> Iterator[Finding]:
    """Conflicts are named on both sides."""
    for other in entry["conflicts_with"].split("|") if entry["conflicts_with"] else []:
        if other not in rows:
            hint = did_you_mean(other, rows)
            yield "conflicts_with", f"There is no record '{other}'.", hint or "Write the id of a row."
        elif other == entry["id"]:
            yield "conflicts_with", "The record names itself.", "Name the other record."
        elif entry["id"] not in rows[other]["conflicts_with"].split("|"):
            fix = f"Write '{entry['id']}' under conflicts_with of '{other}' too."
            yield "conflicts_with", f"'{other}' does not name this record in turn.", fix
