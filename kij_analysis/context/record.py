"""Official statistics as they lie in the study: what is shipped, and what an analyst has put beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from kij_analysis.context.dropped import dropped, extended
from kij_analysis.context.series import KEY, moment, series_of
from kij_analysis.errors import Problem, StudyError, did_you_mean
from kij_analysis.files import checksum
from kij_analysis.indicators.record import folder_of
from kij_analysis.indicators.sheets import codes, read_sheet

FOLDER, SOURCES = "official", "sources.csv"


def load(place: Any) -> pd.DataFrame:
    """The figures of official statistics, one a row, each with its definition and its source.

    Shipped are the sheets of ``data/raw/published/official``. Files that an analyst has downloaded into
    ``data/raw/official`` extend their series; where both have a number, the downloaded one stands.

    Parameters
    ----------
    place
        A study, or a folder that holds the sheets and sources.csv.

    Returns
    -------
    DataFrame
        The columns of the schema in its order (values as published: 44 for 44 per cent), then `address`
        (where the number was read), `file` (the downloaded file, or empty) and `series`: rows are one
        series exactly if they have it in common.

    Raises
    ------
    StudyError
        If a sheet is wrong: all problems of all sheets at once, with file, row and column.
    SourceError
        If a downloaded file cannot be read: all problems of all files at once.

    Examples
    --------
    >>> from kij_analysis.template import template_folder
    >>> record = load(template_folder() / "data" / "raw" / "published" / "official")
    >>> women = record.query("table == 'LFSA_ERGAN' and country == 'DK' and sex == 'women' and year == 2024")
    >>> women[["group", "value", "flag"]].values.tolist()
    [['foreign', 68.7, ''], ['national', 75.0, '']]
    """
    shipped = _shipped(_folder(place))
    return extended(shipped, dropped(place)) if hasattr(place, "folders") else shipped


def sources(place: Any) -> pd.DataFrame:
    """The publications that the shipped figures were read in, each once.

    Parameters
    ----------
    place
        A study, or a folder that holds sources.csv.

    Returns
    -------
    DataFrame
        As `kij_analysis.indicators.sources` gives them.

    Raises
    ------
    StudyError
        If the sheet is wrong: all problems at once, with row and column.

    Examples
    --------
    >>> from kij_analysis.template import template_folder
    >>> found = sources(template_folder() / "data" / "raw" / "published" / "official")
    >>> found.set_index("id").loc["femlit", "publisher"]
    'Eurostat'
    """
    frame, problems = read_sheet(_folder(place) / SOURCES, sheet="sources")
    if problems:
        raise StudyError(problems)
    return frame.reset_index(drop=True)


def _folder(place: Any) -> Path:
    return folder_of(place) / FOLDER if hasattr(place, "folders") else Path(place)


def _shipped(folder: Path) -> pd.DataFrame:
    """The sheets of a folder; read once as long as no file in it changes, because checking takes seconds."""
    files = tuple((path.name, checksum(path)) for path in sorted(folder.glob("[!~.]*.csv")))
    return _read(folder, files).copy()


@lru_cache(maxsize=4)
def _read(folder: Path, files: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    origins, problems = read_sheet(folder / SOURCES, sheet="sources")
    names = [name for name, _ in files if name != SOURCES]
    if not names:
        what = "There are no sheets of official statistics."
        fix = "`kij init` makes a folder that has them."
        problems.append(Problem(what=what, fix=fix, file=f"{folder.parent.name}/{folder.name}"))
    sheets = {}
    for name in names:
        frame, found = read_sheet(folder / name, sheet="official")
        sheets[f"{folder.name}/{name}"] = frame
        problems += found
    if sheets:
        record = pd.concat(sheets, names=["file", "row"])
        problems += checked(record, set(origins["id"]))
    if problems:
        raise StudyError(sorted(problems, key=lambda problem: (problem.file, problem.row or 0)))
    record = record.reset_index(drop=True)
    address = record["source"].map(origins.set_index("id")["address"])
    return record.assign(address=address, file="", series=series_of(record))


def checked(record: pd.DataFrame, known: set[str]) -> Iterator[Problem]:
    """What is wrong between the cells of a row, and rows that stand twice.

    Parameters
    ----------
    record
        Rows with an index of file and row.
    known
        The ids of the sources; none if sources are not looked at.
    """
    seen: dict[tuple[Any, ...], str] = {}
    keys = zip(series_of(record), moment(record), strict=True)
    for (file, row), entry, key in zip(record.index, record.to_dict("records"), keys, strict=True):
        findings = list(_cells(entry, known))
        if key in seen:
            what = f"The same figure stands in {seen[key]} already."
            findings.append(("value", what, f"Keep one, or tell them apart by {', '.join(KEY[:6])} …"))
        seen[key] = f"row {row} of {file}"
        for column, what, fix in findings:
            yield Problem(what=what, fix=fix, file=file, row=int(row), column=column)


def _cells(entry: Mapping[str, Any], known: set[str]) -> Iterator[tuple[str, str, str]]:
    value, unit = entry["value"], entry["unit"]
    if unit == "per_cent" and not pd.isna(value) and not 0 <= value <= 100:
        yield "value", f"{value:g} per cent lies outside 0–100.", "Check the value and the unit."
    if unit in ("persons", "thousand_persons") and value < 0:
        yield "value", f"{value:g} is no number of persons.", "Check the value and the unit."
    if pd.isna(value) and not (entry["flag"] or entry["note"]):
        yield "value", "Nothing stands here.", "Write the number, or under flag or note why there is none."
    answers = entry["indicator"] in ("obstacle", "main_obstacle")
    if answers != bool(entry["category"]):
        fix = f"Name one of {', '.join(codes('category', sheet='official'))}." if answers else "Empty it."
        yield "category", f"'{entry['category']}' does not fit the indicator '{entry['indicator']}'.", fix
    if known and entry["source"] and entry["source"] not in known:
        hint = did_you_mean(entry["source"], known)
        yield (
            "source",
            f"'{entry['source']}' is not listed in sources.csv.",
            f"{hint} Or list it there first.",
        )
