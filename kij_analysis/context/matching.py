"""A downloaded table as rows of the record: its dimensions matched with those that its definition names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.context.definitions import NEEDED, Definition, Dimension, plain
from kij_analysis.errors import Problem, SourceError, did_you_mean, listed
from kij_analysis.sources.official import OfficialTable

SOURCE = "downloaded_file"
TOLD_APART = ("country", "region", "sex", "age", "group", "category", "base")


def rows_of(table: OfficialTable, definition: Definition) -> tuple[pd.DataFrame, list[Problem], int]:
    """The rows of the record that a table gives, what was left out in words, and how many.

    Raises
    ------
    SourceError
        If a dimension of the file is not in the definition, if a column that every row needs stays empty,
        if a number lies outside what is possible, or if nothing fits.
    """
    matched = _matched(table, definition)
    frame = table.cells
    keep = pd.Series(True, index=frame.index)
    filled: dict[str, pd.Series] = {}
    notices: list[Problem] = []
    for name, dimension in matched.items():
        codes = _translated(frame[name], table.labels.get(name, {}), dimension)
        strange = sorted(set(frame.loc[codes.isna(), name].astype("str")))
        if strange:
            rows = int(codes.isna().sum())
            what = f"{rows} numbers are left out: {name} is {listed(strange, most=6)}."
            notices.append(Problem(what=what, file=table.file, severity="notice"))
        keep &= codes.notna()
        if dimension.to:
            filled[dimension.to] = codes
    _complete(table, definition, filled)
    if not keep.any():
        what = "No number of the file fits what codebook/official.yaml keeps of this table."
        fix = " ".join(notice.what for notice in notices)
        raise SourceError(what, fix=f"{fix} Download it with other choices.", file=table.file)
    rows = _record(table, definition, filled, frame)[keep]
    _possible(rows, frame.loc[keep, "place"], table)
    return rows.reset_index(drop=True), notices, int((~keep).sum())


def _matched(table: OfficialTable, definition: Definition) -> dict[str, Dimension]:
    """Each dimension of the file with its entry: by its name, else by what stands in it."""
    free = list(definition.dimensions)
    found: dict[str, Dimension] = {}
    for name in table.dimensions:
        same = [one for one in free if plain(name) in one.names]
        if same:
            found[name] = same[0]
            free.remove(same[0])
    problems = []
    for name in [one for one in table.dimensions if one not in found]:
        values = _spelled(table, name)
        near = [(len(values & set(one.values)), -place) for place, one in enumerate(free)]
        best = max(near, default=(0, 0))
        if best[0]:
            found[name] = free.pop(-best[1])
            continue
        shown = sorted(set(table.cells[name].astype("str")))
        what = f"The file has the dimension '{name}' ({listed(shown, most=4)}), which the definition lacks."
        fix = f"Add it to dimensions: of {definition.table} in codebook/official.yaml"
        problems.append(Problem(what=what, fix=f"{fix}, with only: or to:.", file=table.file))
    if problems:
        raise SourceError(problems)
    return found


def _spelled(table: OfficialTable, name: str) -> set[str]:
    labels = table.labels.get(name, {})
    return {plain(one) for one in [*table.cells[name].astype("str").unique(), *labels.values()] if one}


def _translated(codes: pd.Series, labels: Mapping[str, str], dimension: Dimension) -> pd.Series:
    """Our code for each code of the file, by the code itself or by its label."""
    known = dimension.values
    own = {
        code: known.get(plain(code), known.get(plain(labels.get(code, "")) or plain(code)))
        for code in codes.astype("str").unique()
    }
    return codes.astype("str").map(own).astype(object)


def _complete(table: OfficialTable, definition: Definition, filled: Mapping[str, pd.Series]) -> None:
    there = {*filled, *definition.fixed}
    problems = []
    for column in (column for column in NEEDED if column not in there):
        dimension = next((one.name for one in definition.dimensions if one.to == column), column)
        hint = did_you_mean(dimension, table.dimensions)
        what = f"The file has no dimension '{dimension}', so that the {column} is not known. {hint}"
        fix = "Download the table with it, even if only one value is chosen."
        problems.append(Problem(what=what, fix=fix, file=table.file))
    if (table.cells["time"] == "").any() and "year" not in definition.fixed:
        what = "Some numbers have no year." if (table.cells["time"] != "").any() else "The file has no years."
        fix = f"Download the table with its years, or write fixed: {{year: …}} for {definition.table}."
        problems.append(Problem(what=what, fix=fix, file=table.file))
    if problems:
        raise SourceError(problems)


def _record(
    table: OfficialTable, definition: Definition, filled: Mapping[str, pd.Series], frame: pd.DataFrame
) -> pd.DataFrame:
    times = frame["time"].astype("str").str.partition("-")
    given: dict[str, Any] = {
        "year": pd.to_numeric(times[0], errors="coerce").astype("Int64"),
        "period": times[2].astype("str"),
        **filled,
        **definition.fixed,
        "value": frame["value"],
        "flag": frame["flag"].astype("str"),
        "indicator": definition.indicator,
        "unit": definition.unit,
        "office": definition.office,
        "table": definition.table,
        "precision": "exact",
        "status": "published",
        "source": SOURCE,
        "confidence": "high",
        "data_status": "published",
        "file": table.file,
    }
    rows = pd.DataFrame(given, index=frame.index)
    # A number that the office keeps back says so, as an empty one in the sheets must.
    silent = rows["value"].isna() & (rows["flag"] == "")
    return rows.assign(note=np.where(silent, "The office gives no number.", ""))


def _possible(rows: pd.DataFrame, places: pd.Series, table: OfficialTable) -> None:
    shares = rows["unit"] == "per_cent"
    wrong = rows[shares & rows["value"].notna() & ~rows["value"].between(0, 100)]
    if not wrong.empty:
        first = wrong.index[0]
        what = f"{wrong.loc[first, 'value']:g} per cent lies outside 0–100 ({places[first]})."
        fix = "The file may hold another unit (thousands?), or a decimal comma was lost: download it again."
        raise SourceError(what, fix=fix, file=table.file)
    columns = [name for name in (*TOLD_APART, "year", "period") if name in rows]
    twice = rows[rows.duplicated(columns, keep=False)]
    if not twice.empty:
        where = listed(places[twice.index], most=3)
        what = f"{len(twice)} numbers stand for the same figure ({where})."
        fix = "Two values of the file become one code: correct codebook/official.yaml, or the download."
        raise SourceError(what, fix=fix, file=table.file)
