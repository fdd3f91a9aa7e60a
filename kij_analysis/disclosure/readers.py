"""Readers of what left the house: one for each kind of file, each giving rows of texts."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

Sheet = list[tuple[str, ...]]


def _csv(path: Path) -> Iterator[Sheet]:
    """A CSV file: its rows."""
    yield [tuple(row) for row in csv.reader(io.StringIO(path.read_text("utf-8-sig")))]


def _xlsx(path: Path) -> Iterator[Sheet]:
    """A workbook: the rows of each sheet."""
    import python_calamine as calamine

    book = calamine.CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        yield [tuple(_cell(cell) for cell in row) for row in book.get_sheet_by_name(name).to_python()]


def _cell(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _docx(path: Path) -> Iterator[Sheet]:
    """A Word document: the rows of each table, and each alternative text and paragraph as a line."""
    from xml.etree import ElementTree
    from zipfile import ZipFile

    with ZipFile(path) as packed:
        document = ElementTree.fromstring(packed.read("word/document.xml"))
    for table in document.iter(f"{_WORD}tbl"):
        yield [tuple(_said(cell) for cell in row.iter(f"{_WORD}tc")) for row in table.iter(f"{_WORD}tr")]
    yield [(_said(paragraph),) for paragraph in document.iter(f"{_WORD}p")]
    yield [(text,) for part in document.iter() if (text := part.get("descr"))]


def _said(part: Any) -> str:
    return "".join(piece.text or "" for piece in part.iter(f"{_WORD}t"))


def _json(path: Path) -> Iterator[Sheet]:
    """The words of a figure: one line for each text."""
    content = json.loads(path.read_text("utf-8"))
    if isinstance(content, dict):
        yield [(str(value),) for value in content.values() if isinstance(value, str)]


def _html(path: Path) -> Iterator[Sheet]:
    """A page: the rows of each table, and each alternative text as a line."""
    page = _Page()
    page.feed(path.read_text("utf-8"))
    yield from page.tables
    yield [(text,) for text in page.texts]


def _svg(path: Path) -> Iterator[Sheet]:
    """A picture: its title and description."""
    text = path.read_text("utf-8")
    yield [(found,) for found in re.findall(r"<(?:title|desc)[^>]*>([^<]*)<", text)]


READERS: Mapping[str, Callable[[Path], Iterator[Sheet]]] = {
    ".csv": _csv, ".xlsx": _xlsx, ".json": _json, ".html": _html, ".svg": _svg,
    ".docx": _docx,
}  # fmt: skip


class _Page(HTMLParser):
    """Collects tables and alternative texts."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[Sheet] = []
        self.texts: list[str] = []
        self._cells: list[str] | None = None
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, row or cell, or take an alternative text."""
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self._cells = []
        elif tag in ("td", "th") and self._cells is not None:
            self._cells.append("")
            self._inside = True
        self.texts += [value for name, value in attrs if name in ("alt", "aria-label") and value]

    def handle_endtag(self, tag: str) -> None:
        """End a row or cell."""
        if tag in ("td", "th"):
            self._inside = False
        elif tag == "tr" and self._cells is not None and self.tables:
            self.tables[-1].append(tuple(self._cells))
            self._cells = None

    def handle_data(self, data: str) -> None:
        """Take the text of a cell."""
        if self._inside and self._cells:
            self._cells[-1] += data
