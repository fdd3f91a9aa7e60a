"""One file through its crosswalk: keys, columns, lost rows, and all that does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from kij_analysis.codebook.crosswalks import Crosswalk
from kij_analysis.codebook.variables import Codebook
from kij_analysis.errors import Problem, SourceError, did_you_mean, listed
from kij_analysis.files import checksum
from kij_analysis.harmonisation.applying import Filled, apply_rule
from kij_analysis.harmonisation.compiling import compile_crosswalk
from kij_analysis.harmonisation.resolving import garbled
from kij_analysis.privacy import withhold
from kij_analysis.sources import RawTable, date_hint, read, to_dates
from kij_analysis.study import Source

KEY_COLUMNS = (
    "programme",
    "person_id",
    "role",
    "wave",
    "round",
    "date",
    "pair_id",
    "instrument",
    "data_status",
)


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one file gives: harmonised rows, the columns as they came about, and the accounts."""

    source: Source
    crosswalk: Crosswalk
    frame: pd.DataFrame
    filled: tuple[Filled, ...]
    rows_in: int
    lost: dict[str, int]
    left_behind: dict[str, str]
    sha256: str
    crosswalk_sha256: str
    problems: tuple[Problem, ...]


def harmonise_file(source: Source, crosswalk: Crosswalk, codebook: Codebook) -> Part:
    """Read one file and apply its crosswalk.

    Raises
    ------
    SourceError
        If the file cannot be read as declared; everything else is among the part's problems.
    """
    instrument = crosswalk.instrument
    compiled = compile_crosswalk(crosswalk, codebook)
    try:
        raw = read(source.file, instrument.file)
    except SourceError as error:
        raise SourceError(replace(p, file=source.shown) if p.file else p for p in error.problems) from None
    raw = replace(raw, name=source.shown)
    problems = [replace(p, file=source.shown) for p in raw.notices]
    problems += _file_problems(source, raw)
    problems += _absent_columns(crosswalk, raw)
    rows_in = len(raw.frame)
    raw, rows = _without_empty_rows(raw)
    empty = rows_in - len(rows)
    door = withhold(raw, crosswalk)
    problems += _unknown_columns(door.unknown, crosswalk, raw.name)
    filled = tuple(apply_rule(rule, door.raw, instrument) for rule in compiled.rules)
    problems += [problem for part in filled for problem in part.problems]
    keys, key_problems = _keys(door.raw, crosswalk, source, rows)
    reasons = list(codebook.missing)
    columns = {}
    for part in filled:
        columns[part.column.name] = part.values()
        columns[part.column.missing] = part.reasons(reasons)
    return Part(
        source=source,
        crosswalk=crosswalk,
        frame=pd.concat([keys, pd.DataFrame(columns)], axis=1),
        filled=filled,
        rows_in=rows_in,
        lost={"empty row": empty} if empty else {},
        left_behind=door.reasons,
        sha256=raw.sha256,
        crosswalk_sha256=checksum(crosswalk.path),
        problems=tuple(dict.fromkeys([*problems, *key_problems])),
    )


def _file_problems(source: Source, raw: RawTable) -> Iterator[Problem]:
    if source.rows is not None and source.rows != len(raw.frame):
        what = f"The file has {len(raw.frame)} rows; the study file says {source.rows}."
        yield Problem(
            what=what, fix="Export it again whole, or correct rows: in the study file.", file=raw.name
        )
    if source.sha256 and source.sha256 != raw.sha256:
        what = "The file is not the one that the study file names: its SHA-256 differs."
        yield Problem(what=what, fix=f"If the new file is right, write sha256: {raw.sha256}.", file=raw.name)


def _absent_columns(crosswalk: Crosswalk, raw: RawTable) -> Iterator[Problem]:
    """Every column that the crosswalk needs and the file lacks, with what it was needed for."""
    needed: dict[str, list[str]] = {}
    for key, name in crosswalk.instrument.keys.items():
        needed.setdefault(name, []).append(key)
    for rule in crosswalk.rules:
        for name in rule.sources:
            needed.setdefault(name, []).append(rule.column)
    have = [str(name) for name in raw.frame.columns]
    for name, targets in needed.items():
        if name not in have:
            fix = f"{_nearest(name, have)} The file has {listed(have)}."
            what = f"The column is missing; it is needed for {listed(dict.fromkeys(targets), most=4)}."
            yield Problem(what=what, fix=fix.strip(), file=raw.name, column=name)
    declared = [*crosswalk.instrument.free_text, *crosswalk.instrument.ignored]
    for name in declared:
        if name not in have:
            what = "The column is declared as not used, and the file does not have it."
            yield Problem(
                what=what, fix="Remove it from the crosswalk.", file=raw.name, column=name, severity="notice"
            )


def _nearest(name: str, have: list[str]) -> str:
    """The heading that was probably meant: the same in a wrong encoding, or one spelt nearly so."""
    for heading in have:
        if garbled(heading) == name:
            return f"The heading '{heading}' looks like it in a wrong encoding: save the file again."
    return did_you_mean(name, have)


def _unknown_columns(names: tuple[str, ...], crosswalk: Crosswalk, file: str) -> Iterator[Problem]:
    for name in names:
        yield Problem(
            what="No rule uses this column, so it was left behind.",
            fix=f"Write a rule, or name it under ignored: or free_text: in {crosswalk.name}.",
            file=file,
            column=name,
            severity="notice",
        )


def _without_empty_rows(raw: RawTable) -> tuple[RawTable, np.ndarray]:
    """The table without rows in which every cell is empty, and the row numbers of the others."""
    frame = raw.frame
    empty = (frame.isna() | frame.eq("").fillna(False)).all(axis=1).to_numpy()
    rows = raw.first_row + np.flatnonzero(~empty)
    if not empty.any():
        return raw, rows
    return replace(raw, frame=frame[~empty].reset_index(drop=True)), rows


def _keys(
    raw: RawTable, crosswalk: Crosswalk, source: Source, rows: np.ndarray
) -> tuple[pd.DataFrame, list[Problem]]:
    """The key columns of every row; persons without an id or with two rows are problems."""
    instrument, size = crosswalk.instrument, len(raw.frame)
    constant = {
        "programme": instrument.programme,
        "role": instrument.role,
        "wave": instrument.wave,
        "round": source.round or instrument.round,
        "instrument": instrument.id,
        "data_status": source.data_status,
    }
    keys = {name: pd.Series([value] * size, dtype="str") for name, value in constant.items()}
    problems: list[Problem] = []
    for name in ("person_id", "pair_id", "round"):
        column = instrument.keys.get(name, "")
        if column in raw.frame.columns:
            codes, answers = raw.keys(column)
            texts = [answer.key.strip() or None for answer in answers]
            keys[name] = pd.Series(texts, dtype="str").take(codes).reset_index(drop=True)
    keys.setdefault("person_id", pd.Series([None] * size, dtype="str"))
    keys.setdefault("pair_id", pd.Series([None] * size, dtype="str"))
    keys["date"], date_problems = _dates(raw, crosswalk, rows)
    if instrument.keys["person_id"] in raw.frame.columns:
        problems += _person_problems(keys["person_id"], raw.name, instrument.keys["person_id"], rows)
    return pd.DataFrame({name: keys[name] for name in KEY_COLUMNS}), [*problems, *date_problems]


def _person_problems(persons: pd.Series, file: str, column: str, rows: np.ndarray) -> Iterator[Problem]:
    nameless = rows[persons.isna().to_numpy()]
    if len(nameless):
        what = f"{len(nameless)} rows have no id, the first in row {nameless[0]}."
        yield Problem(what=what, fix="Give every person an id.", file=file, column=column)
    repeated = (persons.notna() & persons.duplicated(keep=False)).to_numpy()
    if repeated.any():
        places = ", ".join(str(row) for row in rows[repeated][:6])
        more = " …" if repeated.sum() > 6 else ""
        what = f"{persons[repeated].nunique()} ids stand in more than one row (rows {places}{more})."
        yield Problem(what=what, fix="Keep one row for each person and wave.", file=file, column=column)


def _dates(raw: RawTable, crosswalk: Crosswalk, rows: np.ndarray) -> tuple[pd.Series, list[Problem]]:
    instrument = crosswalk.instrument
    column = instrument.keys.get("date", "")
    if column not in raw.frame.columns:
        return pd.Series([pd.NaT] * len(raw.frame), dtype="datetime64[s]"), []
    codes, answers = raw.keys(column)
    read_dates, strangers = to_dates(answers, instrument.file)
    dates = pd.Series(read_dates, dtype="datetime64[s]")
    unread = np.array([answer.key != "" for answer in answers]) & dates.isna().to_numpy()
    problems = []
    if unread.any():
        bad = rows[unread[codes]]
        what = f"{len(bad)} dates cannot be read as {instrument.file.dates}, the first in row {bad[0]}."
        fix = date_hint(strangers, instrument.file) or "Correct the file, or dates: in the crosswalk."
        problems.append(Problem(what=what, fix=fix, file=raw.name, column=column))
    return dates.take(codes).reset_index(drop=True), problems
