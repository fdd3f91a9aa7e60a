"""The parts of a report in one language: chapters with their numbered figures and tables, however bound."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kij_analysis.tables import Table
from kij_analysis.words import Words


@dataclass(frozen=True, kw_only=True)
class Part:
    """A figure or table with its number.

    `table` is the table itself or the data behind the figure; `picture` is the figure's file without its
    ending, and nothing for a table.
    """

    kind: str
    name: str
    caption: str
    title: str
    mark: str
    table: Table
    alt: str = ""
    picture: Path | None = None

    @property
    def place(self) -> str:
        """Its name in links: figures and tables may have the same names."""
        return f"{self.kind}-{self.name}"


@dataclass(frozen=True, kw_only=True)
class Division:
    """A chapter: its words and what it shows."""

    name: str
    title: str
    intro: str
    reading: str
    parts: tuple[Part, ...]


def divisions(chapters: Sequence[Mapping[str, Any]], words: Words, figures: Path) -> list[Division]:
    """The chapters of a report in the language of the words, figures and tables numbered through.

    Parameters
    ----------
    chapters
        What `kij_analysis.reporting.pages.read_chapters` returns.
    figures
        The folder that holds ``<language>/<name>.svg``, ``.png`` and ``.json`` of every figure.
    """
    numbers = {"figure": 0, "table": 0}
    return [
        Division(
            name=chapter["chapter"],
            title=words(f"chapter.{chapter['chapter']}.title"),
            intro=words(f"chapter.{chapter['chapter']}.intro"),
            reading=words(f"chapter.{chapter['chapter']}.reading"),
            parts=tuple(_numbered(chapter["items"], words, figures / words.language, numbers)),
        )
        for chapter in chapters
    ]


def _numbered(
    items: Sequence[Mapping[str, Any]], words: Words, folder: Path, numbers: dict[str, int]
) -> Iterator[Part]:
    for item in items:
        kind, name = item["kind"], item["name"]
        numbers[kind] += 1
        caption = words(f"report.{kind}", number=words.number(numbers[kind]))
        table = Table.of(item["texts"][words.language])
        if kind == "table":
            yield Part(kind=kind, name=name, caption=caption, title=table.title, mark=table.mark, table=table)
            continue
        told = json.loads((folder / f"{name}.json").read_text("utf-8"))
        yield Part(
            kind=kind,
            name=name,
            caption=caption,
            title=told["title"],
            mark=told["mark"],
            alt=told["alt"],
            table=table,
            picture=folder / name,
        )
