"""What is wrong with a delimited text whose rows do not all have the same number of fields."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager

from kij_analysis.errors import Problem

DELIMITERS = {";": "';'", ",": "','", "\t": "a tab ('\\t')", "|": "'|'"}
MOST = 8
LARGEST = 2**31 - 1
END = "\x03end of the text\x03"


def other_delimiter(text: str, declared: str) -> str:
    """Another delimiter that splits every row into the same number of fields, quoted; else empty.

    Examples
    --------
    >>> other_delimiter("a;b\\n1,5;2\\n", ",")
    "';'"
    """
    for mark, name in DELIMITERS.items():
        widths = set()
        with _room_for(text):
            for count, (_, fields) in enumerate(_records(text, mark)):
                if fields:
                    widths.add(len(fields))
                if count > 200 or len(widths) > 1:
                    break
        if mark != declared and len(widths) == 1 and widths.pop() > 1:
            return name
    return ""


def torn_cell(text: str, delimiter: str) -> int | None:
    """The row in which a quoted cell is followed by more text, or is never closed; None if there is none.

    Lenient readers take such a cell for an answer, and with it the rows that it swallows.

    Examples
    --------
    >>> torn_cell('id;q\\n1;"a\\n2;"b"\\n', ";"), torn_cell('id;q\\n1;"a;b"\\n', ";")
    (2, None)
    """
    row = 0
    with _room_for(text):
        try:
            for _ in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
                row += 1
        except csv.Error:
            return row + 1
    return None


@contextmanager
def _room_for(text: str) -> Iterator[None]:
    """The reader refuses cells of more than 128 kB; a lost quotation mark makes longer ones."""
    before = csv.field_size_limit(min(max(len(text), 131072), LARGEST))
    try:
        yield
    finally:
        csv.field_size_limit(before)


def problems_of(text: str, delimiter: str, *, file: str, width: int, header_rows: int) -> list[Problem]:
    """Each row with too many or too few fields, and quotation marks that are lost.

    Reads the whole text with the standard library's reader; a blank line is a row of empty cells.
    """
    wrong, last, open_at = [], 0, 0
    with _room_for(text):
        for row, fields in _records(text, delimiter):
            if fields and END in fields[-1]:
                open_at = row
                break
            last = row
            if fields and len(fields) != width:
                wrong.append((row, len(fields), any("\n" in field or "\r" in field for field in fields)))
    found = _lost_marks(text, delimiter, open_at, file)
    for row, count, has_break in wrong[:MOST]:
        what, fix = _ragged(count, width, has_break, is_last=row == last and not open_at)
        found.append(Problem(what=what, fix=fix, file=file, row=row))
    found.sort(key=lambda problem: problem.row or 0)
    if len(wrong) > MOST:
        found.append(Problem(what=f"{len(wrong) - MOST} more rows have another number of fields.", file=file))
    return found + _hints(wrong, text, delimiter, header_rows, last, file)


def _lost_marks(text: str, delimiter: str, open_at: int, file: str) -> list[Problem]:
    found = []
    torn = torn_cell(text, delimiter)
    if torn is not None and torn != open_at:
        what = "A quoted cell is followed by more text: a quotation mark is missing or too many."
        fix = 'Rows may be swallowed. Within a quoted cell a " is written twice. Export the file again.'
        found.append(Problem(what=what, fix=fix, file=file, row=torn))
    if open_at:
        what = "A quoted cell starts in this row and is never closed; it swallows the rest of the file."
        found.append(
            Problem(what=what, fix='Close it with ", or export the file again.', file=file, row=open_at)
        )
    return found


def _hints(
    wrong: list[tuple[int, int, bool]], text: str, delimiter: str, header_rows: int, last: int, file: str
) -> list[Problem]:
    """What all wrong rows together point to."""
    counts = {count for _, count, _ in wrong}
    other = other_delimiter(text, delimiter)
    if wrong and other:
        what = f"The delimiter is declared as '{delimiter}', but {other} splits all rows alike."
        return [Problem(what=what, fix=f"Declare delimiter: {other}.", file=file)]
    if len(counts) == 1 and len(wrong) > 1 and len(wrong) == last - header_rows:
        what = f"All rows of answers have {counts.pop()} fields, unlike the names."
        return [Problem(what=what, fix="Complete the row of names.", file=file, row=header_rows)]
    return []


def _ragged(count: int, width: int, has_break: bool, *, is_last: bool) -> tuple[str, str]:
    what = f"The row has {count} field{'s' if count != 1 else ''}; {width} are expected."
    if has_break:
        return what, "A quoted cell in it holds a line break: is a quotation mark missing or too many?"
    if count > width:
        return what, "A cell that holds the delimiter must stand in quotation marks."
    if is_last:
        return what, "It is the last row: the file seems to be cut off. Copy or export it again."
    return (
        what,
        "Is a line break in a cell without quotation marks, or part of the row lost? Export it again.",
    )


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Row numbers and fields; the last record holds the mark `END` if a quoted cell is left open.

    The mark is sent as a line of its own: if nothing is open it comes back alone and is dropped.
    """
    lines = iter(io.StringIO(text, newline=""))

    def marked() -> Iterator[str]:
        yield from lines
        yield END

    lines_before = 0
    reader = csv.reader(marked(), delimiter=delimiter)
    for row, fields in enumerate(reader, start=1):
        if fields != [END] or reader.line_num - lines_before > 1:
            yield row, fields
        lines_before = reader.line_num
