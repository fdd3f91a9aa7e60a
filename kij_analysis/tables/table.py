"""The one table writer: accessible HTML for pages and notebooks, CSV for spreadsheets."""

from __future__ import annotations

import csv
import html
import io
from dataclasses import dataclass
from pathlib import Path

from kij_analysis.files import write_bytes


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

    def html(self, *, caption: str = "") -> str:
        """The table as HTML; `caption` stands before the title (such as *Table 1*)."""
        heading = f"{html.escape(caption)}. {html.escape(self.title)}" if caption else html.escape(self.title)
        mark = f' <span class="mark">{html.escape(self.mark)}</span>' if self.mark else ""
        head = "".join(
            f'<th scope="col"{_side(right)}>{html.escape(text)}</th>'
            for text, right in zip(self.header, self.numeric, strict=True)
        )
        body = "".join(f"<tr>{self._cells(row)}</tr>\n" for row in self.rows)
        note = f'<p class="note">{html.escape(self.note)}</p>' if self.note else ""
        return (
            f'<div class="scroll" role="region" tabindex="0" aria-label="{html.escape(self.title)}">'
            f"<table><caption>{heading}{mark}</caption>\n"
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
        return f'<th scope="row">{html.escape(first)}</th>{cells}'

    def save(self, folder: Path | str) -> Path:
        """Write the table as CSV, with its mark in a last row if it has one."""
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(self.header)
        writer.writerows(self.rows)
        writer.writerows(self.sources)
        if self.mark:
            writer.writerow([self.mark])
        return write_bytes(Path(folder) / f"{self.name}.csv", stream.getvalue().encode("utf-8-sig"))

    def _repr_html_(self) -> str:
        return self.html()


def _lines(text: str) -> str:
    lines = [html.escape(line) for line in text.split("\n")]
    return lines[0] if len(lines) == 1 else "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"


def _link(address: str) -> str:
    shown = html.escape(address.split("://")[-1].rstrip("/"))
    return f': <a href="{html.escape(address)}">{shown}</a>' if address else ""


def _side(right: bool) -> str:
    return ' class="number"' if right else ""
