"""The one table writer: accessible HTML for pages and notebooks, CSV and XLSX for spreadsheets."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kij_analysis.files import write_bytes
from kij_analysis.tables.workbook import sheet_names, workbook

IN_NOTEBOOKS = (
    ".kij-table table th, .kij-table table td { text-align: left !important; vertical-align: top; } "
    ".kij-table table .number { text-align: right !important; white-space: nowrap; } "
    ".kij-table table caption { text-align: left; font-weight: bold; padding: 4px 0; } "
    ".kij-table .mark { font-weight: normal; font-style: italic; }"
)
"""How tables look where no page has a style for them."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table in one language: texts only, ready to print.

    `numeric` says for each column whether it is set to the right; the first column names its row. The
    lines of a cell become a list. `sources` are listed below: what is printed, and the address or "".
    """

    name: str
    language: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    mark: str = ""
    note: str = ""
    sources: tuple[tuple[str, str], ...] = ()

    def html(self, *, caption: str = "", named: str = "", region: str = "") -> str:
        """The table as HTML; `caption` stands before the title (such as *Table 1*), `named` is its id.

        `region` is what a screen reader calls the part of the page that scrolls with the table; each on a
        page needs its own.
        """
        heading = f"{html.escape(caption)}. {html.escape(self.title)}" if caption else html.escape(self.title)
        mark = f' <span class="mark">{html.escape(self.mark)}</span>' if self.mark else ""
        head = "".join(
            f'<th scope="col"{_side(right)}>{html.escape(text)}</th>'
            for text, right in zip(self.header, self.numeric, strict=True)
        )
        body = "".join(f"<tr>{self._cells(row)}</tr>\n" for row in self.rows)
        note = f'<p class="note">{html.escape(self.note)}</p>' if self.note else ""
        place = f' id="{html.escape(named)}"' if named else ""
        label = html.escape(region or (f"{caption}. {self.title}" if caption else self.title))
        return (
            f'<div{place} class="scroll" role="region" tabindex="0" aria-label="{label}">'
            f'<table><caption><span class="title">{heading}{mark}</span></caption>\n'
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div>{note}{self._sources()}"
        )

    def _sources(self) -> str:
        lines = "".join(f"<li>{html.escape(text)}{_link(address)}</li>\n" for text, address in self.sources)
        return f'<ul class="note sources">\n{lines}</ul>' if lines else ""

    def _cells(self, row: tuple[str, ...]) -> str:
        first, *others = row
        cells = "".join(
            f"<td{_side(right)}>{_lines(text)}</td>"
            for text, right in zip(others, self.numeric[1:], strict=True)
        )
        # A row that only goes on with the one above has nothing that names it.
        return (f'<th scope="row">{html.escape(first)}</th>' if first.strip() else "<td></td>") + cells

    def csv(self) -> bytes:
        """The table as CSV that Excel opens, with sources and mark in its last rows."""
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(self.header)
        writer.writerows(self.rows)
        writer.writerows(self.sources)
        if self.mark:
            writer.writerow([self.mark])
        return stream.getvalue().encode("utf-8-sig")

    def xlsx(self) -> bytes:
        """The table as a workbook of one sheet (`kij_analysis.tables.workbook`)."""
        return workbook({sheet_names([self.title])[0]: self})

    def save(self, folder: Path | str) -> Path:
        """Write the table as CSV, whose path is returned, and beside it as XLSX."""
        place = Path(folder)
        write_bytes(place / f"{self.name}.xlsx", self.xlsx())
        return write_bytes(place / f"{self.name}.csv", self.csv())

    def texts(self) -> dict[str, Any]:
        """All that the table says, as JSON can hold it; `Table.of` reads it back."""
        return asdict(self)

    @classmethod
    def of(cls, texts: Mapping[str, Any]) -> Table:
        """A table from its texts.

        Examples
        --------
        >>> one = Table(name="t", language="da", title="A", header=("x",), rows=(("1",),), numeric=(False,))
        >>> Table.of(one.texts()) == one
        True
        """
        lists = {name: tuple(texts[name]) for name in ("header", "numeric")}
        rows = {name: tuple(tuple(row) for row in texts[name]) for name in ("rows", "sources")}
        return cls(**{**texts, **lists, **rows})

    def _repr_html_(self) -> str:
        """How a notebook shows the table: text to the left, where JupyterLab would set all to the right."""
        return (
            f'<style>{IN_NOTEBOOKS}</style><div class="kij-table" lang="{self.language}">{self.html()}</div>'
        )


def _lines(text: str) -> str:
    lines = [html.escape(line) for line in text.split("\n")]
    return lines[0] if len(lines) == 1 else "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"


def _link(address: str) -> str:
    shown = html.escape(address.split("://")[-1].rstrip("/"))
    return f': <a href="{html.escape(address)}">{shown}</a>' if address else ""


def _side(right: bool) -> str:
    return ' class="number"' if right else ""
