"""A traced figure or table as lines to be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from kij_analysis.codebook import Codebook
from kij_analysis.estimates import COLUMNS
from kij_analysis.harmonisation.trace_words import rule_words
from kij_analysis.reporting.tracing import Traced
from kij_analysis.tables import readable
from kij_analysis.words import Words

MOST = 40
"""So many numbers are told, and so many rules; words narrow them down."""
TOLD = (
    "id", "programme", "column", "instrument", "indicator", "study", "outcome", "cell", "a", "b", "verdict",
    "status", "value", "estimate", "unit", "year", "denominator", "timing", "design", "estimand", "risk",
    "bearer", "contract", "source", "page_or_section", "address",
)  # fmt: skip
"""What is told of rows that are no estimates, and where they were printed."""
PRINTED = ("source", "page_or_section", "table", "address", "file")
"""Where an estimate was printed, beside its number."""


def traced_words(traced: Traced, codebook: Codebook, *, most: int = MOST) -> list[str]:
    """A traced figure or table as indented lines: what it is, its numbers, their rules, their files."""
    entry, say = traced.entry, Words("en", codebook)
    kind = "Figure" if "svg" in str(entry["files"][0]) else "Table"
    lines = [
        f"{kind} {entry['number']}: {entry['name']}, chapter {entry['chapter']}",
        f"  {entry['title']}",
        f"  made by {entry['made_by']} from {', '.join(entry['data_status'])} data",
    ]
    for option, frame in traced.numbers.items():
        lines += ["", f"Numbers{f' of {option}' if option else ''} ({len(frame)})"]
        lines += [f"  {line}" for line in _numbers(frame, say, most)]
    if entry["instruments"]:
        lines += ["", f"Questionnaires: {', '.join(entry['instruments'])}"]
        lines += _rules(traced, most)
    lines += ["", f"Files ({len(traced.files)})", *(f"  {line}" for line in _files(traced.files))]
    return lines


def _numbers(frame: pd.DataFrame, say: Words, most: int) -> Iterator[str]:
    rows = (
        _of_estimates(frame.head(most), say)
        if set(COLUMNS) <= set(frame.columns)
        else [_plain(row) for row in frame.head(most).to_dict("records")]
    )
    yield from _aligned(rows)
    if len(frame) > most:
        yield f"and {len(frame) - most} more; name a programme, a variable or an answer to see only those"


def _of_estimates(frame: pd.DataFrame, say: Words) -> list[Sequence[str]]:
    """Estimates in words, then in codes, with the method, and where printed ones were printed."""
    table = readable(frame, say, most=len(frame))
    kept = [place for place, head in enumerate(table.header) if head not in ("Method", "Data")]
    where = [name for name in PRINTED if name in frame.columns and frame[name].ne("").any()]
    beside = [
        (
            " = ".join(code for code in (row["variable"], row["category"]) if code),
            row["method"],
            row["data_status"],
            ", ".join(row[name] for name in where if row[name]),
        )
        for row in frame.to_dict("records")
    ]
    head = [*(table.header[place] for place in kept), "Code", "Method", "Data", "Printed in" if where else ""]
    rows = zip(table.rows, beside, strict=True)
    return [head, *([*(cells[place] for place in kept), *more] for cells, more in rows)]


def _plain(row: Mapping[Any, Any]) -> Sequence[str]:
    return [str(row[name]) for name in TOLD if name in row and row[name] not in ("", None)]


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Cells in columns; the last one is as long as it is."""
    count = max((len(row) for row in rows), default=0)
    widths = [max((len(row[place]) for row in rows if place < len(row)), default=0) for place in range(count)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()


def _rules(traced: Traced, most: int) -> Iterator[str]:
    if not traced.entry["columns"]:
        yield "  It counts answers and rests on no single variable."
    elif traced.rules.empty:
        yield "  None of them gives a variable of this."
    elif len(traced.rules) > most:
        counted = traced.rules.groupby(["instrument", "status"], sort=False).size()
        for (instrument, status), rules in counted.items():
            yield f"  {instrument}: {rules} rules {status}"
        yield "  Name a programme or a variable to see the rules themselves."
    else:
        yield from (f"  {line}" for line in rule_words(traced.rules, traced.labels))


def _files(files: pd.DataFrame) -> Iterator[str]:
    signs = {"same": "", "changed": "CHANGED since the report", "gone": "NO LONGER THERE", "unknown": ""}
    rows = [
        (row["file"], f"sha256 {row['sha256'][:12]}" if row["sha256"] else "", signs[row["state"]])
        for row in files.to_dict("records")
    ]
    yield from _aligned(rows)
