"""How a file seems to be written, as a proposal with a reason for each part."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import python_calamine as calamine

from kij_analysis.codebook.instruments import FORMATS, FileForm
from kij_analysis.errors import SourceError
from kij_analysis.privacy import masked
from kij_analysis.sources import AnswerKey, RawTable, read, to_dates
from kij_analysis.sources.answers import spell
from kij_analysis.sources.content import confirm_format, existing, head, seems_to_be
from kij_analysis.sources.encodings import fitting
from kij_analysis.sources.headers import joined, tidy
from kij_analysis.sources.quantities import DATES, TIMES
from kij_analysis.sources.ragged import DELIMITERS

SAMPLE = 400
"""As many rows as it takes to tell how a file is written."""
COMMA, POINT = re.compile(r"[+-]?\d+,\d+"), re.compile(r"[+-]?\d+\.\d+")
Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A proposed file form, and why each of its parts is proposed."""

    form: FileForm
    because: dict[str, str] = field(default_factory=dict)


def propose_form(path: Path | str) -> Opening:
    """How a file seems to be written: format, encoding, delimiter, decimal sign, dates, rows of names.

    Raises
    ------
    SourceError
        If the file is not there, is empty, or is of no format that can be read, with what to do.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "dk.csv"
    >>> _ = file.write_bytes("Løbenr;Alder;Dato\\nD1;17,5;31-05-2024\\n".encode("cp1252"))
    >>> found = propose_form(file)
    >>> found.form.encoding, found.form.delimiter, found.form.decimal, found.form.dates
    ('cp1252', ';', ',', '%d-%m-%Y')
    >>> found.because["delimiter"]
    "';' splits the first 2 rows into 3 fields each"
    """
    place = existing(path)
    start = head(place)
    kind = seems_to_be(place, start)
    if kind not in FORMATS:
        confirm_format(place, start, FileForm(format="delimited"))
    because = {"format": f"its first bytes are those of {kind}"}
    if kind in ("spss", "stata"):
        return Opening(form=FileForm(format=kind), because=because)
    if kind == "xlsx":
        return _workbook(place, because)
    return _text(place, because)


def open_file(path: Path | str) -> tuple[RawTable, Opening]:
    """A file read as it seems to be written, with its direct identifiers masked, and how it is written.

    Raises
    ------
    SourceError
        As `propose_form`, if the file cannot be read so, or if its first row seems to be an answer.
    """
    opening = propose_form(path)
    return masked(read(existing(path), opening.form)), opening


def _text(path: Path, because: dict[str, str]) -> Opening:
    data = path.read_bytes()
    encoding = fitting(data)
    because = {**because, "format": "it is text", "encoding": _why_encoding(data, encoding)}
    text = data.decode(encoding, errors="replace").lstrip("\ufeff")
    told = re.match(r'"?sep=(.)"?(?:\r\n|\r|\n)', text)
    delimiter, why = (told.group(1), "the first line says sep=") if told else _delimiter(text)
    if told:
        text = text[told.end() :]
    rows = _first_rows(text, delimiter)
    header_rows, why_rows = _header_rows(rows)
    form = FileForm(format="delimited", encoding=encoding, delimiter=delimiter, header_rows=header_rows)
    because = {**because, "delimiter": why, "header_rows": why_rows}
    return _with_signs(form, rows[header_rows:], because)


def _workbook(path: Path, because: dict[str, str]) -> Opening:
    try:
        book = calamine.CalamineWorkbook.from_path(path)
        name = next(s.name for s in book.sheets_metadata if s.typ == calamine.SheetTypeEnum.WorkSheet)
        cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (calamine.CalamineError, OSError, StopIteration) as error:
        what = f"The workbook is damaged or cut off ({error})."
        raise SourceError(what, fix="Copy or export it again.", file=path.name) from error
    rows = [[spell(cell) for cell in row] for row in cells[:SAMPLE]]
    header_rows, why = _header_rows(rows)
    form = FileForm(format="xlsx", header_rows=header_rows)
    if len(book.sheet_names) > 1:
        form = replace(form, sheet=name)
        because = {**because, "sheet": f"the first of {len(book.sheet_names)} sheets"}
    # A number that Excel holds as a number is spelt with a point, whatever the decimal sign of its texts.
    texts = [[cell if isinstance(cell, str) else "" for cell in row] for row in cells[header_rows:SAMPLE]]
    return _with_signs(form, texts, {**because, "header_rows": why})


def _why_encoding(data: bytes, encoding: str) -> str:
    if data.isascii():
        return "it holds plain letters only, which any encoding reads"
    if encoding.startswith("utf"):
        return f"its bytes are {encoding}"
    return "its bytes are no UTF-8; read so it holds the letters of Nordic texts"


def _delimiter(text: str) -> tuple[str, str]:
    """The sign that splits the first rows alike into the most fields."""
    found = []
    for mark in DELIMITERS:
        widths = Counter(len(row) for row in _first_rows(text, mark) if row)
        if widths:
            width, count = widths.most_common(1)[0]
            found.append((count / widths.total() if width > 1 else 0.0, width, count, mark))
    share, width, count, mark = max(found, default=(0.0, 1, 0, ","))
    if not share:
        return ",", "no sign splits the rows; one column is assumed"
    named = DELIMITERS[mark]
    alike = f"the first {count} rows" if share == 1 else f"{share:.0%} of the first rows"
    return mark, f"{named} splits {alike} into {width} fields each"


def _first_rows(text: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) >= SAMPLE:
                break
    except csv.Error:
        pass
    return rows


def _header_rows(rows: Rows) -> tuple[int, str]:
    """One row of names; two where the first leaves gaps or repeats itself, or the second holds questions."""
    if len(rows) < 3:
        return 1, "the first row holds the names"
    first, second, rest = rows[0], rows[1], rows[2:60]
    names = [tidy(cell) for cell in first]
    inner = names[: max((i for i, cell in enumerate(second) if tidy(cell)), default=0) + 1]
    if not all(inner) or len(set(inner)) < len(inner):
        both = joined([list(first), list(second)], ": ")[: len(inner)]
        if all(both) and len(set(both)) == len(both):
            return 2, "the first row leaves gaps or repeats names, which the second row completes"
    numeric = [i for i in range(min(len(second), len(names))) if _numeric([r[i] for r in rest if i < len(r)])]
    texts = [second[i] for i in numeric if second[i].strip()]
    if len(numeric) > 1 and texts and not any(_numeric([text]) for text in texts):
        return 2, "below the second row stand numbers, but not in it: it seems to hold the questions"
    return 1, "the first row holds the names"


def _numeric(cells: Sequence[str]) -> bool:
    full = [cell.strip() for cell in cells if cell.strip()]
    return bool(full) and all(re.fullmatch(r"[+-]?\d+(?:[.,]\d+)?", cell) for cell in full)


def _with_signs(form: FileForm, rows: Rows, because: dict[str, str]) -> Opening:
    """The form with decimal sign and date pattern, where the answers tell them."""
    columns = [[row[i] for row in rows if i < len(row) and row[i].strip()] for i in range(_width(rows))]
    dates, why = _dates(columns)
    if why:
        form, because = replace(form, dates=dates), {**because, "dates": why}
    other = [cell.strip() for cells in columns if not _reads(cells, dates) for cell in cells]
    comma, point = (sum(bool(sign.fullmatch(cell)) for cell in other) for sign in (COMMA, POINT))
    if comma or point:
        sign = "," if comma > point else "."
        told = f"{max(comma, point)} numbers are written with it"
        if comma and point:
            told += f", {min(comma, point)} with the other sign: look at them"
        form, because = replace(form, decimal=sign), {**because, "decimal": told}
    return Opening(form=form, because=because)


def _width(rows: Rows) -> int:
    return max((len(row) for row in rows), default=0)


def _reads(cells: Sequence[str], pattern: str) -> bool:
    keys = [AnswerKey(key=cell, text=cell) for cell in dict.fromkeys(cells)]
    return bool(keys) and len(to_dates(keys, FileForm(format="delimited", dates=pattern))[1]) <= 0.1 * len(
        keys
    )


def _dates(columns: Sequence[Sequence[str]]) -> tuple[str, str]:
    """The pattern that reads the most columns of dates; day before month where both would."""
    found: Counter[str] = Counter()
    for cells in columns:
        if cells and re.search(r"\d.*[-./].*\d.*[-./].*\d", cells[0]):
            found.update(p for day in DATES for p in (day + time for time in TIMES) if _reads(cells, p))
    if not found:
        return "%Y-%m-%d", ""
    best = max(found.values())
    patterns = [pattern for pattern, count in found.items() if count == best]
    told = f"reads {best} column{'s' if best > 1 else ''} of dates"
    if len(patterns) > 1:
        told += f"; {' and '.join(patterns[1:3])} would too: look at a date that tells them apart"
    return patterns[0], told
