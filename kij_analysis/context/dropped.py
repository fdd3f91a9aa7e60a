"""Downloaded files that extend the series: found in data/raw/official, read, and held against the record."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kij_analysis.context.definitions import Definition, definitions
from kij_analysis.context.matching import rows_of
from kij_analysis.context.series import moment, series_of
from kij_analysis.errors import KijError, Problem, SourceError, did_you_mean, listed
from kij_analysis.indicators.sheets import DTYPES, schema
from kij_analysis.sources.official import OfficialTable, read_official

SHEET = "files.csv"
NO_DATA = (".md", ".yaml", ".yml", ".pdf", ".docx", ".zip")
EMPTY = ("region", "period", "base", "category", "note", "facts")


@dataclass(frozen=True, kw_only=True)
class Dropped:
    """What the downloaded files hold.

    `rows` have the columns of the record, `address` and `file`; `files` says of each file which table it
    is, how many figures were taken and left out; `notices` tell the rest.
    """

    rows: pd.DataFrame
    files: pd.DataFrame
    notices: Sequence[Problem]


def folder_of(study: Any) -> Path:
    """Where an analyst puts downloaded files."""
    return Path(study.folders["raw"]) / "official"


def dropped(study: Any, *, only: Path | None = None, table: str = "") -> Dropped:
    """The figures of the files that lie in ``data/raw/official``.

    A file tells its table itself (Eurostat's formats, most of PxWeb's), or by its name
    (``estat_lfsa_ergan.tsv``), or in a line of ``files.csv`` there with the columns *file* and *table*.

    Parameters
    ----------
    study
        The study; its codebook/official.yaml says what the dimensions of each table become.
    only
        A single file to read instead, wherever it lies.
    table
        Which table that file is, if it does not tell itself.

    Raises
    ------
    SourceError
        If a file cannot be read, is of no known table, has a dimension that official.yaml does not name, or
        gives nothing: all problems of all files at once.
    StudyError
        If official.yaml is wrong.

    Examples
    --------
    >>> import tempfile
    >>> from kij_analysis.study import open_study
    >>> from kij_analysis.template import template_folder
    >>> file = Path(tempfile.mkdtemp()) / "estat_lfsa_ergan.tsv"
    >>> _ = file.write_text("freq,unit,sex,age,citizen,geo\\\\TIME_PERIOD\\t2025 \\n"
    ...     "A,PC,F,Y15-64,FOR,DK\\t69.1 b\\n")
    >>> found = dropped(open_study(template_folder()), only=file)
    >>> found.rows[["country", "year", "sex", "group", "value", "flag"]].values.tolist()
    [['DK', 2025, 'women', 'foreign', 69.1, 'b']]
    """
    paths = [only] if only is not None else list(_files(folder_of(study)))
    known = definitions(study) if paths or (folder_of(study) / SHEET).is_file() else {}
    told, problems = _told(folder_of(study), known) if only is None else ({only.name: table.upper()}, [])
    parts, files, notices = [], [], []
    for path in paths:
        try:
            content = read_official(path)
            definition = _definition(content, told.get(path.name, ""), known)
            rows, found, left = rows_of(content, definition)
        except KijError as error:
            problems += error.problems
            continue
        notices += [*content.notices, *found]
        parts.append(rows)
        entry = {
            "file": path.name,
            "table": definition.table,
            "form": content.form,
            "updated": content.updated,
        }
        files.append(entry | {"taken": len(rows), "left_out": left, "sha256": content.sha256})
    rows = _typed(parts)
    updated = {str(entry["file"]): str(entry["updated"]) for entry in files}
    problems += list(_contradictions(rows, updated))
    if problems:
        raise SourceError(problems)
    columns = ["file", "table", "form", "updated", "taken", "left_out", "sha256"]
    return Dropped(rows=rows, files=pd.DataFrame(files, columns=columns), notices=notices)


def _files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        passed = path.name == SHEET or path.name[0] in ".~" or path.suffix.lower() in NO_DATA
        if path.is_file() and not passed:
            yield path


def _told(folder: Path, known: dict[str, Definition]) -> tuple[dict[str, str], list[Problem]]:
    """The table of each file, from the lines of files.csv."""
    path = folder / SHEET
    if not path.is_file():
        return {}, []
    shown = f"{folder.name}/{SHEET}"
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return {}, [Problem(what="The sheet is not UTF-8 text.", fix="Save it as 'CSV UTF-8'.", file=shown)]
    delimiter = ";" if ";" in text.split("\n", 1)[0] else ","
    lines = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
    if not lines or not {"file", "table"} <= set(lines[0]):
        if not text.strip():
            return {}, []
        fix = "Its first row should be: file,table."
        return {}, [Problem(what="The sheet lacks the columns file and table.", fix=fix, file=shown, row=1)]
    told, problems = {}, []
    for row, line in enumerate(lines, 2):
        name, table = (line[key] or "" for key in ("file", "table"))
        told[name.strip()] = table.strip().upper()
        if table.strip().upper() not in known:
            what = f"codebook/official.yaml knows no table '{table}'. {did_you_mean(table.upper(), known)}"
            problems.append(Problem(what=what, fix=_tables(known), file=shown, row=row, column="table"))
        if not (folder / name.strip()).is_file():
            there = [path.name for path in _files(folder)]
            what = f"There is no file '{name}'. {did_you_mean(name, there)}"
            problems.append(Problem(what=what, fix="Correct its name.", file=shown, row=row, column="file"))
    return told, problems


def _tables(known: dict[str, Definition]) -> str:
    return f"Known: {listed(known, most=30)}."


def _definition(table: OfficialTable, told: str, known: dict[str, Definition]) -> Definition:
    named = sorted((name for name in known if name.casefold() in table.file.casefold()), key=len)
    name = told or table.table or (named[-1] if named else "")
    if name in known:
        return known[name]
    what = f"It is the table '{name}', which codebook/official.yaml does not know."
    fix = f"{did_you_mean(name, known)} Add it there (docs/official-statistics.md). {_tables(known)}"
    if not name:
        what = "The file does not say which table it is."
        fix = f"Add the line '{table.file},<table>' to {SHEET} in the same folder. {_tables(known)}"
    raise SourceError(what, fix=fix.strip(), file=table.file)


def _typed(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """The rows of all files with the columns and types of the record."""
    columns = schema()["$defs"]["official"]["properties"]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*columns, "file"])
    for name, rule in columns.items():
        blank = "" if rule["type"] == "string" else None
        held = rows[name] if name in rows else pd.Series(blank, index=rows.index, dtype=object)
        rows[name] = held.astype(DTYPES[rule["type"]])
    rows = rows.assign(**{name: rows[name].fillna("") for name in EMPTY})
    rows = rows.assign(address="", file=rows["file"].astype("str"))
    return rows.assign(series=series_of(rows))[[*columns, "address", "file", "series"]]


def _contradictions(rows: pd.DataFrame, updated: dict[str, str]) -> Iterator[Problem]:
    """Two files that give another number for the same figure, where none of them says that it is newer."""
    moments = moment(rows)
    for _, several in rows.groupby([rows["series"], moments], sort=False):
        if several["value"].nunique(dropna=False) < 2:
            continue
        files = sorted(set(several["file"]))
        dates = {updated[name] for name in files}
        if len(files) > 1 and len(dates) == len(files) and "" not in dates:
            continue
        first = several.iloc[0]
        what = (
            f"{listed(files)} give different numbers for {first['country']} {first['year']}, {first['sex']}."
        )
        yield Problem(
            what=what, fix="Keep the newest file of a table, and remove the older one.", file=files[0]
        )
        return


def extended(shipped: pd.DataFrame, found: Dropped) -> pd.DataFrame:
    """The record with the downloaded figures; where both have one, the downloaded one stands."""
    if found.rows.empty:
        return shipped
    updated = found.files.set_index("file")["updated"]
    rows = found.rows.assign(newer=found.rows["file"].map(updated))
    rows = rows.sort_values("newer", kind="stable").drop(columns="newer")
    both = pd.concat([shipped, rows], ignore_index=True)
    keys = pd.DataFrame({"series": both["series"], "year": moment(both)})
    kept = both[~keys.duplicated(keep="last")]
    return kept.sort_values(["series", "year"], kind="stable").reset_index(drop=True)


def revisions(shipped: pd.DataFrame, found: Dropped) -> pd.DataFrame:
    """What the downloaded figures change: *new* ones, and those *revised* since they were shipped.

    Returns
    -------
    DataFrame
        Columns `series`, `country`, `year`, `sex`, `group`, `before`, `after`, `kind`.

    Examples
    --------
    >>> import tempfile
    >>> from kij_analysis.context import load
    >>> from kij_analysis.study import open_study
    >>> from kij_analysis.template import template_folder
    >>> file = Path(tempfile.mkdtemp()) / "estat_lfsa_ergan.tsv"
    >>> _ = file.write_text("freq,unit,sex,age,citizen,geo\\\\TIME_PERIOD\\t2024 \\t2025 \\n"
    ...     "A,PC,F,Y15-64,FOR,DK\\t68.9 \\t69.1 \\n")
    >>> shipped = load(template_folder() / "data" / "raw" / "published" / "official")
    >>> found = revisions(shipped, dropped(open_study(template_folder()), only=file))
    >>> found[["year", "before", "after", "kind"]].values.tolist()
    [[2024, 68.7, 68.9, 'revised'], [2025, nan, 69.1, 'new']]
    """
    keys = ["series", "moment"]
    old = shipped.assign(moment=moment(shipped))[[*keys, "value"]].rename(columns={"value": "before"})
    new = found.rows.assign(moment=moment(found.rows)).drop_duplicates(keys, keep="last")
    both = new.merge(old, on=keys, how="left", indicator="match", validate="one_to_one")
    changed = both[(both["match"] == "left_only") | (both["before"] != both["value"])]
    changed = changed[~(changed["before"].isna() & changed["value"].isna() & (changed["match"] == "both"))]
    kind = changed["match"].astype("str").map({"left_only": "new", "both": "revised"})
    shown = changed.rename(columns={"value": "after"}).assign(kind=kind)
    return shown[["series", "country", "year", "sex", "group", "before", "after", "kind"]].reset_index(
        drop=True
    )
