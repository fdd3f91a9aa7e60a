"""SPSS files (.sav, .zsav): codes kept as they are, with labels and what is declared missing."""

from __future__ import annotations

import datetime
import re
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

from kij_analysis.codebook.instruments import FileForm
from kij_analysis.errors import Problem
from kij_analysis.files import checksum
from kij_analysis.sources.answers import distinct
from kij_analysis.sources.content import head
from kij_analysis.sources.readstat import Stored, damaged, kind_of, read_stored
from kij_analysis.sources.table import ColumnNotes, RawTable

NO_ENCODING = (0, 1, 2, 3, 4)
"""Character codes of files that do not say more than EBCDIC, ASCII, DEC Kanji."""


def read_spss(path: Path, form: FileForm) -> RawTable:
    """The answers of an SPSS file; user-missing codes are kept, system-missing is NaN.

    The encoding is the one that the file states, and the declared one where it states none.

    Raises
    ------
    SourceError
        If the file is damaged or cut off, its texts do not read, or it has no rows.
    """
    start = head(path)
    stored = read_stored(path, pyreadstat.read_sav, stated=stated_encoding(start), declared=form.encoding)
    rows = announced_rows(start)
    notices = list(stored.texts.notices)
    if rows is None:
        what = f"The file does not say how many rows it holds; {len(stored.frame)} were read."
        fix = "Compare with the survey tool: a file that was cut off cannot be told from a whole one."
        notices.append(Problem(what=what, fix=fix, file=path.name, severity="notice"))
    elif rows != len(stored.frame):
        raise damaged(path, f"it announces {rows} rows and holds {len(stored.frame)}")
    return RawTable(
        path=path,
        name=path.name,
        frame=stored.frame,
        columns={name: _notes(stored, fetched, name) for fetched, name in stored.names.items()},
        encoding=stored.texts.codec,
        sha256=checksum(path),
        first_row=1,
        notices=tuple(notices),
    )


def _notes(stored: Stored, fetched: str, name: str) -> ColumnNotes:
    parts = stored.meta.missing_ranges.get(fetched, ())
    texts = {stored.texts(part["lo"]) for part in parts if isinstance(part["lo"], str)}
    numbers = [part for part in parts if isinstance(part["lo"], float | int)]
    dates = [part for part in parts if isinstance(part["lo"], datetime.datetime)]
    labels = stored.value_labels(fetched)
    column = stored.frame[name]
    notes = ColumnNotes(
        name=name,
        label=stored.label(fetched),
        kind=kind_of(column, stored.meta.readstat_variable_types[fetched]),
        value_labels=labels,
        user_missing_ranges=tuple((float(part["lo"]), float(part["hi"])) for part in numbers),
    )
    if not parts:
        return notes
    return replace(notes, user_missing=_declared(column, notes, texts, dates))


def _declared(
    column: pd.Series, notes: ColumnNotes, texts: set[str], dates: list[dict[str, datetime.datetime]]
) -> tuple[str, ...]:
    """Keys in the data or among the labels that are declared missing, numbers in their order."""
    _, spellings, values = distinct(column)
    found: dict[str, float] = {}
    for key, value in zip(spellings, values, strict=True):
        if key in texts or notes.declares_missing(key, value):
            found[key] = value if isinstance(value, float | int) else np.inf
        elif isinstance(value, datetime.datetime) and any(p["lo"] <= value <= p["hi"] for p in dates):
            found[key] = np.inf
    for key in notes.value_labels:
        number = _number(key) if notes.kind == "number" else None
        if key in texts or notes.declares_missing(key, number):
            found.setdefault(key, np.inf if number is None else number)
    return tuple(sorted(found, key=lambda key: (found[key], key)))


def _number(key: str) -> float | None:
    try:
        return float(key)
    except ValueError:
        return None


def announced_rows(start: bytes) -> int | None:
    """The number of rows in the file's header; None if it leaves that open."""
    if len(start) < 84:
        return None
    rows = struct.unpack_from("<i" if start[64] else ">i", start, 80)[0]
    return None if rows < 0 else int(rows)


def stated_encoding(start: bytes) -> str:
    """The encoding that the file's dictionary states, by name or by code page; empty if neither.

    Examples
    --------
    >>> stated_encoding(struct.pack("<4i", 7, 20, 1, 5) + b"UTF-8")
    'UTF-8'
    """
    for order in "<>":
        named = re.search(re.escape(struct.pack(f"{order}3i", 7, 20, 1)), start)
        if named:
            length = struct.unpack_from(f"{order}i", start, named.end())[0]
            name = start[named.end() + 4 : named.end() + 4 + length]
            if 0 < length < 50 and name.isascii():
                return name.decode("ascii").strip("\0 ")
        machine = re.search(re.escape(struct.pack(f"{order}4i", 7, 3, 4, 8)), start)
        if machine and len(start) >= machine.end() + 32:
            code = struct.unpack_from(f"{order}i", start, machine.end() + 28)[0]
            if code not in NO_ENCODING:
                return "utf-8" if code == 65001 else f"cp{code}"
    return ""
