"""A printed number entered into report_numbers.csv, whole or not at all."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kij_analysis.errors import Problem, StudyError, UsageError
from kij_analysis.files import staged
from kij_analysis.indicators.record import RESULTS, SHEETS, WORKBOOK, folder_of, load
from kij_analysis.indicators.sheets import schema

KINDS = {
    "improved_chance_of_work": "perceived_change", "improved_chance_of_education": "perceived_change",
    "improved_language": "perceived_change", "understanding_of_society": "perceived_change",
    "copes_better": "perceived_change", "helped_to_find_work": "perceived_help", "satisfied": "satisfaction",
    "satisfied_with_introduction": "satisfaction",
}  # fmt: skip
"""What kind of number an indicator usually is; a share of any other is taken as a status."""


@dataclass(frozen=True, kw_only=True)
class Added:
    """A number that was entered, or would be: its row, what was taken for granted, and the whole record."""

    id: str
    row: Mapping[str, str]
    assumed: Mapping[str, str]
    record: pd.DataFrame
    written: bool


def add(
    place: Any, row: Mapping[str, str], *, source: Mapping[str, str] | None = None, dry_run: bool = False
) -> Added:
    """Enter a printed number, and its publication if that is new, into the sheets of a study.

    What is left out is taken for granted where there is a usual answer (a share, printed as exact, with a
    source in its own words), and is *unknown* where there is none; nothing that is not printed is guessed.

    Parameters
    ----------
    place
        A study, or the folder that holds indicators.csv, report_numbers.csv and sources.csv.
    row
        Cells of the row as texts, by the columns of the schema. `year` may stand for `year_from` and
        `year_to`, as ``2025`` or ``2023-2025``.
    source
        The cells of a row of sources.csv, if the publication is not listed there; its `id` is that of the
        row's `source`.
    dry_run
        Whether to check only.

    Raises
    ------
    StudyError
        If the row, or the record with it, is wrong: all problems at once. Then nothing is written.

    Examples
    --------
    >>> from kij_analysis.template import template_folder
    >>> row = {"programme": "fika", "indicator": "employed", "value": "41", "denominator": "respondents",
    ...        "timing": "at_end", "year": "2025", "source": "kvinfo_may_2022"}
    >>> added = add(template_folder() / "data" / "raw" / "published", row, dry_run=True)
    >>> added.id, added.assumed["unit"], added.written
    ('fika_employed_2025', 'per_cent', False)
    """
    folder = folder_of(place)
    if (folder / WORKBOOK).is_file():
        fix = f"Enter the number there, or remove {WORKBOOK}."
        raise UsageError(f"The numbers of this study stand in {WORKBOOK}.", fix=fix, file=folder.name)
    before = load(folder)
    cells, assumed = _completed({name: cell for name, cell in row.items() if cell}, before["id"])
    rows = {SHEETS[1]: ("indicators", cells)}
    if source is not None:
        origin = {"address": "project document", "kind": "report"} | {k: v for k, v in source.items() if v}
        rows["sources.csv"] = ("sources", origin | {"id": cells.get("source", "")})
    contents = {name: _longer(folder / name, *what) for name, what in rows.items()}
    record = _checked(folder, contents)
    if not dry_run:
        with staged(folder) as stage:
            for name, content in contents.items():
                (stage / name).write_bytes(content)
    return Added(id=cells["id"], row=cells, assumed=assumed, record=record, written=not dry_run)


def _completed(row: dict[str, str], ids: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The row with what is taken for granted, and what that is."""
    first, _, last = row.pop("year", "").replace("–", "-").partition("-")
    years = {"year_from": first.strip(), "year_to": last.strip() or first.strip()} if first else {}
    row = {**years, **row}
    share = row.get("unit", "per_cent") == "per_cent"
    kind = row.get("outcome_type") or KINDS.get(row.get("indicator", ""), "status")
    own_words = kind in RESULTS and kind != "status"
    usual = {
        "unit": "per_cent", "precision": "exact", "outcome_type": kind if share else "",
        "denominator": "unknown", "timing": "unknown",
        "year_basis": "stated" if row.get("year_from") else "unknown",
        "cut_off": "unknown" if own_words else "not_applicable", "role": "unknown", "population": "unknown",
        "confidence": "high", "data_status": "published",
    }  # fmt: skip
    assumed = {name: cell for name, cell in usual.items() if cell and name not in row}
    whole = row | assumed
    if "id" not in whole:
        parts = [whole.get("programme", ""), whole.get("indicator", ""), whole.get("year_to", "")]
        whole["id"] = _free("_".join(part for part in parts if part), set(ids))
    return whole, assumed


def _free(name: str, taken: set[str]) -> str:
    """A name that no other row has."""
    number, free = 2, name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def _longer(path: Path, sheet: str, cells: Mapping[str, str]) -> bytes:
    """The bytes of a sheet with one more row, in the order of its own header."""
    columns = schema()["$defs"][sheet]["properties"]
    unknown = [name for name in cells if name not in columns]
    if unknown:
        raise UsageError(f"The sheet has no column '{unknown[0]}'.", fix=f"It has {', '.join(columns)}.")
    content = path.read_bytes()
    header = next(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    end = "\r\n" if b"\r\n" in content else "\n"
    stream = io.StringIO()
    csv.writer(stream, lineterminator=end).writerow([cells.get(name.strip(), "") for name in header])
    glue = b"" if content.endswith(b"\n") else end.encode()
    return content + glue + stream.getvalue().encode("utf-8")


def _checked(folder: Path, contents: Mapping[str, bytes]) -> pd.DataFrame:
    """The record as it would be; problems of the new rows name their column only."""
    with tempfile.TemporaryDirectory() as elsewhere:
        trial = Path(elsewhere) / folder.name
        trial.mkdir()
        for path in folder.glob("*.csv"):
            shutil.copy2(path, trial / path.name)
        for name, content in contents.items():
            (trial / name).write_bytes(content)
        try:
            return load(trial)
        except StudyError as error:
            lasts = {f"{folder.name}/{name}": _rows(content) for name, content in contents.items()}
            raise StudyError([_own(problem, lasts) for problem in error.problems]) from None


def _rows(content: bytes) -> int:
    return sum(1 for _ in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def _own(problem: Problem, lasts: Mapping[str, int]) -> Problem:
    if lasts.get(problem.file) != problem.row:
        return problem
    column = problem.column if not problem.file.endswith("sources.csv") else f"source {problem.column}"
    return Problem(what=problem.what, fix=problem.fix, column=column)
