"""Tables as XLSX: the texts as they are printed, and what is nothing but a number as a number."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from kij_analysis.files import EPOCH, timeless_zip

if TYPE_CHECKING:
    from kij_analysis.tables.table import Table

TAGS = {"da": "da-DK", "nb": "nb-NO", "sv": "sv-SE", "fi": "fi-FI", "en": "en-GB"}
"""The languages as office programs name them."""
SIGNS = {"da": (".", ","), "en": (",", ".")}
"""What parts thousands and decimals; the other languages have a no-break space and a comma."""
NARROWEST, WIDEST = 7, 46
"""How many letters a column holds."""
RUST, PALE, MUTED = "#8C2F00", "#FFF3EC", "#5F5F5F"


def workbook(tables: Mapping[str, Table], *, title: str = "", words: Sequence[str] = ()) -> bytes:
    """Tables as the sheets of one file; the same tables give the same bytes.

    Each sheet has the title and the mark above, the header row that stays in sight, and below the note and
    the sources.

    Parameters
    ----------
    tables
        The tables by the name of their sheet.
    title
        What the file is called in its properties; the title of the first table if it is left out.
    words
        For a first sheet that lists the others: its name, and the heading of the list.

    Examples
    --------
    >>> from kij_analysis.tables import Table
    >>> people = Table(name="people", language="da", title="Deltagere", header=("Program", "Antal"),
    ...                rows=(("FIKA", "1.234"),), numeric=(False, True))
    >>> workbook({"Deltagere": people})[:2]
    b'PK'
    """
    import xlsxwriter

    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True})
    language = next(iter(tables.values())).language
    book.set_properties(
        {
            "title": title or next(iter(tables.values())).title,
            "author": "kij_analysis",
            "created": dt.datetime.fromisoformat(EPOCH),
        }
    )
    shapes = _Shapes(book)
    if words:
        _contents(book.add_worksheet(words[0]), tables, words[1], title, shapes)
    for name, table in tables.items():
        _sheet(book.add_worksheet(name), table, shapes)
    book.close()
    return _speaking(memory.getvalue(), TAGS[language])


def sheet_names(titles: Sequence[str]) -> list[str]:
    """Names of sheets as Excel allows them: at most 31 letters, no signs of formulas, each once.

    Examples
    --------
    >>> sheet_names(["Table 1: barriers", "table 1: barriers", ""])
    ['Table 1 barriers', 'table 1 barriers 2', 'Sheet']
    """
    names: list[str] = []
    for title in titles:
        plain = " ".join(re.sub(r"[\[\]:*?/\\']", " ", title).split())[:31].strip() or "Sheet"
        name, number = plain, 1
        while name.lower() in (taken.lower() for taken in names):
            number += 1
            name = f"{plain[: 31 - len(str(number)) - 1]} {number}"
        names.append(name)
    return names


def number_in(text: str, language: str) -> tuple[float, str] | None:
    """The number that a text is, with the format that prints it so; nothing if it is anything more.

    Examples
    --------
    >>> number_in("12.345,5", "da"), number_in("46 %".replace(" ", chr(160)), "fi"), number_in("3 to 4", "en")
    ((12345.5, '#,##0.0'), (0.46, '0 %'), None)
    """
    found = _pattern(language).fullmatch(text)
    if not found:
        return None
    group = SIGNS.get(language, ("\N{NO-BREAK SPACE}", ","))[0]
    digits = found["whole"].replace(group, "") + ("." + found["part"] if found["part"] else "")
    value = float(digits) * (-1 if found["sign"] == "\N{MINUS SIGN}" else 1)
    places = len(found["part"] or "")
    shape = ("#,##0" if group in found["whole"] else "0") + ("." + "0" * places if places else "")
    if found["share"]:
        # Rounded to what is printed: a hundredth of 0.1 + 0.2 is no number that anyone has printed.
        value, shape = (
            round(value / 100, places + 2),
            shape + found["share"].replace("\N{NO-BREAK SPACE}", " "),
        )
    return value, f"+{shape};\N{MINUS SIGN}{shape};{shape}" if found["sign"] == "+" else shape


@cache
def _pattern(language: str) -> re.Pattern[str]:
    group, point = (re.escape(sign) for sign in SIGNS.get(language, ("\N{NO-BREAK SPACE}", ",")))
    whole = rf"(?P<whole>\d{{1,3}}(?:{group}\d{{3}})+|\d+)"
    return re.compile(
        rf"(?P<sign>[+\N{{MINUS SIGN}}]?){whole}(?:{point}(?P<part>\d+))?(?P<share>\N{{NO-BREAK SPACE}}?%)?"
    )


class _Shapes:
    """The formats of one file, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def __call__(self, **wanted: object) -> Any:
        key = tuple(sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"valign": "top", **wanted})
        return self._made[key]


def _sheet(page: Any, table: Table, shapes: _Shapes) -> None:
    """One table: title and mark, header, rows, note and sources."""
    page.write_string(0, 0, table.title, shapes(bold=True, font_size=12))
    if table.mark:
        page.write_string(1, 0, table.mark, shapes(bold=True, font_color=RUST, bg_color=PALE))
    top = 3
    for place, (text, right) in enumerate(zip(table.header, table.numeric, strict=True)):
        shape = shapes(bold=True, text_wrap=True, bottom=1, align="right" if right else "left")
        page.write_string(top, place, text, shape)
    for number, row in enumerate(table.rows, top + 1):
        for place, text in enumerate(row):
            _cell(page, number, place, text, table, shapes)
    last = top + len(table.rows)
    for number, text in enumerate(_below(table), last + 2):
        page.write_string(number, 0, text, shapes(font_color=MUTED))
    for place, width in enumerate(_widths(table)):
        page.set_column(place, place, width)
    page.freeze_panes(top + 1, 1)
    page.repeat_rows(top)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 40}"})


def _cell(page: Any, row: int, place: int, text: str, table: Table, shapes: _Shapes) -> None:
    right = table.numeric[place]
    found = number_in(text, table.language) if right and place else None
    if found:
        page.write_number(row, place, found[0], shapes(num_format=found[1], align="right"))
    elif text:
        page.write_string(row, place, text, shapes(text_wrap=True, align="right" if right else "left"))


def _below(table: Table) -> Iterator[str]:
    if table.note:
        yield table.note
    for text, address in table.sources:
        yield f"{text}: {address}" if address else text


def _widths(table: Table) -> list[int]:
    """As wide as the longest line, but for lines that are better broken."""
    columns = zip(table.header, *table.rows, strict=True)
    longest = [
        max((len(line) for text in column for line in text.split("\n")), default=0) for column in columns
    ]
    return [min(max(length + 2, NARROWEST), WIDEST) for length in longest]


def _contents(page: Any, tables: Mapping[str, Table], heading: str, title: str, shapes: _Shapes) -> None:
    """The list of all sheets, each a link, with their marks."""
    page.write_string(0, 0, title, shapes(bold=True, font_size=12))
    page.write_string(2, 0, heading, shapes(bold=True, bottom=1))
    for number, (name, table) in enumerate(tables.items(), 3):
        page.write_url(number, 0, f"internal:'{name}'!A1", shapes(font_color="#0B2E66", underline=1), name)
        page.write_string(number, 1, table.title, shapes())
        page.write_string(number, 2, table.mark, shapes(font_color=RUST))
    page.set_column(0, 0, 26)
    page.set_column(1, 1, 100)
    page.freeze_panes(3, 0)


def _speaking(content: bytes, tag: str) -> bytes:
    """The file with its language among its properties, which XlsxWriter cannot set."""
    name = "docProps/core.xml"
    language, after = f"<dc:language>{tag}</dc:language>".encode(), b"<dcterms:created"
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        core = file.read(name).replace(after, language + after, 1)
    return timeless_zip(content, compress=True, instead={name: core})
