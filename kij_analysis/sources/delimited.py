"""Delimited text (CSV) as survey tools export it: every cell stays text."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv

from kij_analysis.codebook.instruments import FileForm
from kij_analysis.errors import Problem, SourceError
from kij_analysis.sources.encodings import decode, row_at
from kij_analysis.sources.headers import check, joined, letter, no_answers, tidy
from kij_analysis.sources.ragged import other_delimiter, problems_of, torn_cell
from kij_analysis.sources.table import ColumnNotes, RawTable

LARGEST_BLOCK = 2**28


def read_delimited(path: Path, form: FileForm) -> RawTable:
    """The answers of a delimited text file, every cell as the text that stands there.

    An empty cell is the empty text; "NA", "NULL" and "-" are texts like others. A line of empty cells
    within the answers stays a row, so that row numbers hold; at the end it is left out and told.

    Raises
    ------
    SourceError
        If encoding or delimiter do not fit, a row has too many or too few fields, a quoted cell is not
        closed, names are missing or stand twice, or there are no answers.
    """
    data = path.read_bytes()
    text = decode(data, form.encoding, file=path.name, delimiter=form.delimiter)
    text = _checked(text, form, path.name)
    header, body = _split(text, form, path.name)
    names = joined(header, form.header_joint)
    if not body.strip():
        check(names, file=path.name, header_rows=form.header_rows)
        raise no_answers(names, file=path.name)
    frame = _frame(text, body, len(names), form, path.name)
    frame, notices = _without_empty_edges(frame, header, form.header_rows + 1, path.name)
    names = names[: frame.shape[1]]
    check(names, file=path.name, header_rows=form.header_rows)
    if frame.empty:
        raise no_answers(names, file=path.name)
    return RawTable(
        path=path,
        name=path.name,
        frame=frame.set_axis(names, axis="columns"),
        columns={name: ColumnNotes(name=name, kind="text") for name in names},
        encoding=form.encoding,
        sha256=hashlib.sha256(data).hexdigest(),
        first_row=form.header_rows + 1,
        notices=tuple(notices),
    )


def _checked(text: str, form: FileForm, file: str) -> str:
    """The text without Excel's first line ``sep=;``, which is no row, if it and the form are sound."""
    if len(form.delimiter) != 1 or form.delimiter in '"\r\n':
        what = f"The delimiter is declared as '{form.delimiter}'; it must be one sign."
        raise SourceError(what, fix="Declare ';', ',' or for a tab \"\\t\".", file=file)
    if form.header_rows < 1:
        raise SourceError("header_rows: must be 1 or more.", fix="The first row holds the names.", file=file)
    if not text.strip("\ufeff \t\r\n"):
        raise SourceError("The file holds nothing but blanks.", fix="Export it again.", file=file)
    if "\0" in text:
        row = row_at(text[: text.index("\0")], form.delimiter)
        what = "There is a zero byte here, which text never holds: the file is damaged, or no text."
        raise SourceError(what, fix="Export it again.", file=file, row=row)
    told = re.match(r'"?sep=(.)"?(?:\r\n|\r|\n)', text)
    if told and told.group(1) != form.delimiter:
        what = f"The first line says that '{told.group(1)}' separates, but '{form.delimiter}' is declared."
        raise SourceError(what, fix=f"Declare delimiter: '{told.group(1)}'.", file=file)
    return text[told.end() :] if told else text


def _split(text: str, form: FileForm, file: str) -> tuple[list[list[str]], str]:
    """The header rows, all as wide as the last, and the text below them."""
    header, taken = _header(text, form)
    width = len(header[-1])
    other = other_delimiter(text, form.delimiter) if width <= 1 else ""
    if other:
        what = (
            f"With the delimiter '{form.delimiter}' the file has one column; {other} splits all rows alike."
        )
        raise SourceError(what, fix=f"Declare delimiter: {other}.", file=file)
    is_open = not text[taken:].strip() and text.count('"') % 2 == 1
    if not width or is_open or any(len(fields) != width for fields in header):
        problems = problems_of(text, form.delimiter, file=file, width=width, header_rows=form.header_rows)
        blank = Problem(
            what="The row of names is empty.", fix="Names belong in the first row.", file=file, row=1
        )
        raise SourceError(problems or [blank])
    return header, text[taken:]


def _header(text: str, form: FileForm) -> tuple[list[list[str]], int]:
    """The fields of the header rows, and how many letters they take; a quoted name may hold line breaks."""
    taken = 0

    def counted() -> Iterator[str]:
        nonlocal taken
        for line in io.StringIO(text, newline=""):
            taken += len(line)
            yield line

    header: list[list[str]] = []
    with suppress(csv.Error):
        header += itertools.islice(csv.reader(counted(), delimiter=form.delimiter), form.header_rows)
    return header or [[]], taken


def _frame(text: str, body: str, width: int, form: FileForm, file: str) -> pd.DataFrame:
    """The cells below the names.

    pyarrow reads because, unlike pandas, it never fills up a row that is too short. It cannot say which
    row is wrong, nor does it mind quotation marks that are lost; `torn_cell` and `problems_of` do.
    """
    content = body.encode("utf-8")
    places = [str(position) for position in range(width)]
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(content),
            read_options=arrow_csv.ReadOptions(
                column_names=places, block_size=min(len(content) + 1, LARGEST_BLOCK)
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=form.delimiter, newlines_in_values=True, ignore_empty_lines=False
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(places, pa.string()), strings_can_be_null=False
            ),
        )
        reason = ""
    except (pa.ArrowException, ValueError) as error:
        # The reader goes on to quote the row, which nobody but its owner may see.
        reason = re.sub(r"(got [0-9]+):.*", r"\1", str(error).splitlines()[0])
    if reason or ('"' in text and torn_cell(text, form.delimiter)):
        problems = problems_of(text, form.delimiter, file=file, width=width, header_rows=form.header_rows)
        if problems or reason:
            raise SourceError(problems or f"The file cannot be read ({reason}).", file=file)
    return table.to_pandas()


def _without_empty_edges(
    frame: pd.DataFrame, header: list[list[str]], first_row: int, file: str
) -> tuple[pd.DataFrame, list[Problem]]:
    """Leave out empty rows at the end and empty columns without a name on the right, and tell it."""
    notices = []
    empty = _empty_rows(frame)
    kept = len(frame)
    while len(empty) and empty[-1] == kept - 1:
        kept, empty = kept - 1, empty[:-1]
    width = frame.shape[1]
    while width > 1 and not any(tidy(row[width - 1]) for row in header):
        if (frame.iloc[:, width - 1] != "").any():
            break
        width -= 1
    if len(empty):
        rows = ", ".join(str(first_row + place) for place in empty[:12])
        what = (
            f"Empty rows within the answers: {rows}{' …' if len(empty) > 12 else ''} ({len(empty)} in all)."
        )
        notices.append(Problem(what=what, file=file, severity="notice"))
    if kept < len(frame):
        what = f"Empty rows at the end are left out ({len(frame) - kept})."
        notices.append(Problem(what=what, file=file, row=first_row + kept, severity="notice"))
    if width < frame.shape[1]:
        places = ", ".join(letter(place) for place in range(width, frame.shape[1]))
        what = f"Columns with neither name nor answers are left out: {places}."
        notices.append(Problem(what=what, file=file, severity="notice"))
    return frame.iloc[:kept, :width], notices


def _empty_rows(frame: pd.DataFrame) -> np.ndarray:
    """Positions of the rows whose cells are all empty; each column is looked at only where it matters."""
    places = np.arange(len(frame))
    for position in range(frame.shape[1]):
        if not len(places):
            break
        cells = frame.iloc[places, position]
        places = places[(cells == "").to_numpy(dtype=bool)]
    return places
