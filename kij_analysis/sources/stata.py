"""Stata files (.dta): numbers with their labels, tagged missing values kept as .a to .z."""

from __future__ import annotations

import struct
from pathlib import Path

import pyreadstat

from kij_analysis.codebook.instruments import FileForm
from kij_analysis.errors import Problem, listed
from kij_analysis.files import checksum
from kij_analysis.sources.answers import distinct
from kij_analysis.sources.content import head
from kij_analysis.sources.readstat import TAGS, Stored, damaged, kind_of, read_stored
from kij_analysis.sources.table import ColumnNotes, RawTable

UNICODE_SINCE = 118
END = b"</stata_dta>"
LONG_TEXT = 32768


def read_stata(path: Path, form: FileForm) -> RawTable:
    """The answers of a Stata file; tagged missing values are kept as ``.a`` to ``.z``, others are NaN.

    Files of Stata 14 and later are UTF-8. Older ones do not say what they are: the declared encoding is
    used, or else the first of UTF-8, Windows-1252 and Latin-1 that reads all texts, which is told.

    Raises
    ------
    SourceError
        If the file is damaged or cut off, its texts do not read, or it has no rows.
    """
    start = head(path)
    release = _release(start)
    if release >= 117 and not _last_bytes(path).rstrip(b"\0\r\n ").endswith(END):
        raise damaged(path, "its end is not there")
    stated = "utf-8" if release >= UNICODE_SINCE else ""
    stored = read_stored(
        path, pyreadstat.read_dta, stated=stated, declared=form.encoding, long_texts=_long_texts(start)
    )
    return RawTable(
        path=path,
        name=path.name,
        frame=stored.frame,
        columns={name: _notes(stored, fetched, name) for fetched, name in stored.names.items()},
        encoding=stored.texts.codec,
        sha256=checksum(path),
        first_row=1,
        notices=(*stored.texts.notices, *_absent_labels(stored, path.name)),
    )


def _notes(stored: Stored, fetched: str, name: str) -> ColumnNotes:
    labels = stored.value_labels(fetched)
    column = stored.frame[name]
    kind = kind_of(column, stored.meta.readstat_variable_types[fetched])
    known = [*labels, *distinct(column)[1]] if kind == "number" and column.dtype == object else list(labels)
    tags = {key for key in known if len(key) == 2 and key[0] == "." and key[1] in TAGS}
    return ColumnNotes(
        name=name,
        label=stored.label(fetched),
        kind=kind,
        value_labels=labels,
        user_missing=tuple(sorted(tags)) if kind != "text" else (),
    )


def _absent_labels(stored: Stored, file: str) -> list[Problem]:
    """Labels stand at a file's very end, and a file that lost them reads without an error."""
    present = stored.meta.value_labels
    absent = {
        name: held for name, held in stored.meta.variable_to_label.items() if held and held not in present
    }
    if not absent:
        return []
    columns = listed([stored.names.get(name, name) for name in absent], most=6)
    what = f"The file names value labels for {columns} and does not hold them."
    fix = "If the labels are seen in Stata, the file was cut off: copy or export it again."
    return [Problem(what=what, fix=fix, file=file, severity="notice")]


def _release(start: bytes) -> int:
    if start.startswith(b"<stata_dta>"):
        found = start[:200].partition(b"<release>")[2][:3]
        return int(found) if found.isdigit() else 117
    return start[0]


def _long_texts(start: bytes) -> frozenset[int]:
    """Positions of the columns of type strL, by the table of types that files since Stata 13 hold."""
    order = "<" if b"<byteorder>LSF" in start[:200] else ">"
    types = start.partition(b"<variable_types>")[2].partition(b"</variable_types>")[0]
    codes = struct.unpack(f"{order}{len(types) // 2}H", types[: len(types) // 2 * 2])
    return frozenset(place for place, code in enumerate(codes) if code == LONG_TEXT)


def _last_bytes(path: Path) -> bytes:
    with path.open("rb") as stream:
        stream.seek(max(path.stat().st_size - 64, 0))
        return stream.read()
