"""Question texts and labels of answers from a table beside the file."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

from kij_analysis.errors import SourceError, listed
from kij_analysis.sources import RawTable
from kij_analysis.sources.content import existing
from kij_analysis.sources.encodings import fitting
from kij_analysis.sources.headers import tidy

NAMES, TEXTS, CODES = (
    ("name", "column", "variable", "format_name"),
    ("label", "text", "question"),
    ("code", "value"),
)


def with_labels(table: RawTable, labels: Path | str) -> RawTable:
    """The table with the texts that a list of variables gives its columns; its answers stay as they are.

    The list is a CSV file with a column of names and one of texts; rows that also have a code label an
    answer. Names that the file does not have are passed over, capitals and a last `_` do not count.

    Raises
    ------
    SourceError
        If the list is not there, or has no columns of names and texts.
    """
    place = existing(labels)
    data = place.read_bytes()
    reader = csv.DictReader(data.decode(fitting(data)).lstrip("\ufeff").splitlines())
    heads = {tidy(head).casefold(): head for head in reader.fieldnames or ()}
    name = next((heads[head] for head in NAMES if head in heads), "")
    text = next((heads[head] for head in TEXTS if head in heads), "")
    code = next((heads[head] for head in CODES if head in heads), "")
    if not name or not text:
        what = f"The list of labels has the columns {listed(heads)}."
        raise SourceError(
            what, fix="It needs name and label, and code for labels of answers.", file=place.name
        )
    own = {column.casefold().rstrip("_"): column for column in table.columns}
    columns = dict(table.columns)
    for row in reader:
        column = own.get(tidy(row[name] or "").casefold().rstrip("_"))
        if column is None or not row[text]:
            continue
        if code and (row[code] or "").strip():
            known = {**columns[column].value_labels, tidy(row[code]): tidy(row[text])}
            columns[column] = replace(columns[column], value_labels=known)
        else:
            columns[column] = replace(columns[column], label=tidy(row[text]))
    return replace(table, columns=columns)
