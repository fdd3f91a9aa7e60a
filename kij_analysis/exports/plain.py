"""Parquet and delimited text: every value in one column, the reason for a missing one in its companion."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from kij_analysis.exports.columns import Held, Table, typed
from kij_analysis.files import write_bytes

SIGNS = {"csv": (",", "."), "csv-semicolon": (";", ",")}
"""Delimiter and decimal sign: the second is what Excel opens with a double click in the Nordic countries."""


def write_parquet(table: Table, path: Path) -> None:
    """Write a frame as Parquet; labels stand in the metadata of each field, which pandas leaves alone."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrow = pa.Table.from_pandas(table.frame, preserve_index=False)
    fields = [
        part.with_metadata({"label": held.label, "unit": held.unit, "categories": _json(held.categories)})
        for part, held in zip(arrow.schema, table.columns, strict=True)
    ]
    about = {**(arrow.schema.metadata or {}), b"title": table.title.encode("utf-8")}
    pq.write_table(arrow.cast(pa.schema(fields, metadata=about)), path)


def read_parquet(path: Path, columns: tuple[Held, ...]) -> pd.DataFrame:
    """A frame as it was written; Parquet has no whole seconds, so that dates come back in milliseconds."""
    frame = pd.read_parquet(path)
    kinds = {
        held.name: pd.CategoricalDtype(list(held.categories), ordered=held.ordered)
        if held.type == "category"
        else held.dtype
        for held in columns
    }
    return frame.astype(kinds)


def write_csv(table: Table, path: Path, kind: str) -> None:
    """Write a frame as delimited text in UTF-8 with a byte-order mark, so that Excel reads its letters.

    A text stays as it is, also one that begins with ``=``, ``+``, ``-`` or ``@``: a CSV file cannot say that
    it is no formula, the XLSX file does.
    """
    delimiter, decimal = SIGNS[kind]
    # With both signs as the end of a line, a text with either of them is quoted and comes back whole.
    text = table.frame.to_csv(index=False, sep=delimiter, decimal=decimal, lineterminator="\r\n")
    write_bytes(path, text.encode("utf-8-sig"))


def read_csv(path: Path, columns: tuple[Held, ...], kind: str) -> pd.DataFrame:
    """A frame as it was written."""
    delimiter, decimal = SIGNS[kind]
    raw = pd.read_csv(
        path, sep=delimiter, dtype=object, keep_default_na=False, encoding="utf-8-sig", skip_blank_lines=False
    )
    return pd.DataFrame({held.name: from_texts(raw[held.name], held, decimal) for held in columns})


def from_texts(raw: pd.Series, held: Held, decimal: str) -> pd.Series:
    """A column from the texts of a CSV file."""
    values: list[object] = [text or None for text in raw]
    if held.type == "boolean":
        values = [None if value is None else value == "True" for value in values]
    if held.type == "number":
        values = [None if value is None else float(str(value).replace(decimal, ".")) for value in values]
    if held.type == "date":
        values = [None if value is None else pd.Timestamp(str(value)) for value in values]
    return typed(values, held)


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False)
