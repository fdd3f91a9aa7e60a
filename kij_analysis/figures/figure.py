"""A drawn figure with its words, its alt text and the numbers that were drawn."""

from __future__ import annotations

import html
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from kij_analysis.figures.inline import data_uri
from kij_analysis.figures.style import styled
from kij_analysis.files import write_bytes, write_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

DPI = 200


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure in one language.

    `title` says the finding, `subtitle` measure and base, `footer` source, n and method, `mark` what
    kind of data it is made from (empty for observed data); `alt` tells what the picture shows, made
    from the numbers drawn; `data` holds these numbers.
    """

    name: str
    language: str
    title: str
    subtitle: str
    footer: str
    mark: str
    alt: str
    data: pd.DataFrame
    canvas: Canvas

    def svg(self) -> str:
        """The figure as SVG text, with title and description for screen readers."""
        text = self._render("svg", {"Date": None, "Creator": None}).decode("utf-8")
        start = text.index("<svg ")
        opening = text[start : text.index(">", start) + 1]
        labelled = opening.replace("<svg ", '<svg role="img" aria-labelledby="kij-title kij-desc" ', 1)
        described = (
            f'{labelled}\n <title id="kij-title">{html.escape(self.title)}</title>'
            f'\n <desc id="kij-desc">{html.escape(self.alt)}</desc>'
        )
        return text.replace(opening, described, 1)

    def png(self) -> bytes:
        """The figure as PNG bytes, with title and description in its metadata."""
        return self._render("png", {"Title": self.title, "Description": self.alt, "Software": None})

    def _render(self, form: str, metadata: dict[str, Any]) -> bytes:
        stream = io.BytesIO()
        # Packed less tightly than usual: a third quicker, and hardly larger.
        packing: dict[str, Any] = {"pil_kwargs": {"compress_level": 3}} if form == "png" else {}
        with styled():
            self.canvas.savefig(stream, format=form, dpi=DPI, metadata=metadata, **packing)
        return stream.getvalue()

    @property
    def words(self) -> dict[str, str]:
        """All texts of the figure."""
        names = ("name", "language", "title", "subtitle", "footer", "mark", "alt")
        return {name: getattr(self, name) for name in names}

    def save(self, folder: Path | str) -> list[Path]:
        """Write SVG, PNG, the data as CSV and the words as JSON into a folder.

        Returns
        -------
        list of Path
            The four files, named after the figure.
        """
        place = Path(folder)
        words = json.dumps(self.words, ensure_ascii=False, indent=2) + "\n"
        table = self.data.to_csv(index=False, lineterminator="\n")
        return [
            write_text(place / f"{self.name}.svg", self.svg()),
            write_bytes(place / f"{self.name}.png", self.png()),
            write_bytes(place / f"{self.name}.csv", table.encode("utf-8-sig")),
            write_text(place / f"{self.name}.json", words),
        ]

    def _repr_html_(self) -> str:
        """How a notebook shows the figure: the picture with its alt text."""
        return (
            f'<figure lang="{self.language}"><img style="max-width:100%" alt="{html.escape(self.alt)}" '
            f'src="{data_uri(self.svg())}"></figure>'
        )
