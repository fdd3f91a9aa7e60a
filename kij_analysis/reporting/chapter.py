"""A chapter of the report as a notebook makes it: figures and tables in every language at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from kij_analysis import tables
from kij_analysis.codebook import Codebook, load_codebook
from kij_analysis.errors import UsageError, did_you_mean, listed
from kij_analysis.figures import Figure
from kij_analysis.files import write_json
from kij_analysis.study import Study, open_study
from kij_analysis.tables import Table
from kij_analysis.words import Words

CHAPTERS = ("data", "barriers")
"""The chapters of the report, in its order."""


@dataclass(kw_only=True)
class Chapter:
    """Collects what a notebook draws, and writes it for every language of the report.

    Figures go to ``figures/<language>``, tables to ``report/tables/<language>``, and the list of both,
    from which the pages are bound, to ``data/processed/chapters``.
    """

    name: str
    study: Study
    codebook: Codebook
    programmes: tuple[str, ...]
    out: Path
    items: list[dict[str, Any]] = field(default_factory=list)

    @property
    def words(self) -> list[Words]:
        """The words of each language of the report."""
        return [Words(language, self.codebook) for language in self.study.languages]

    def keep(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows of the programmes that the chapter is about."""
        return frame[frame["programme"].isin(self.programmes)] if self.programmes else frame

    def figure(self, draw: Callable[..., Figure], frame: pd.DataFrame, **options: Any) -> Figure:
        """Draw and save a figure in every language; the first is returned to look at."""
        drawn = []
        tables_behind = {}
        for words in self.words:
            figure = draw(frame, words, **options)
            figure.save(self._folder("figures") / words.language)
            tables_behind[words.language] = tables.behind(figure, words).html()
            drawn.append(figure)
        self.items.append(
            {
                "kind": "figure",
                "name": drawn[0].name,
                "variables": sorted(set(frame["variable"])),
                "programmes": list(dict.fromkeys(frame["programme"])),
                "data_status": sorted(set(frame["data_status"])),
                "behind": tables_behind,
            }
        )
        return drawn[0]

    def table(self, make: Callable[..., Table], frame: pd.DataFrame, **options: Any) -> Table:
        """Make and save a table in every language; the first is returned to look at."""
        made = [make(frame, words, **options) for words in self.words]
        for table in made:
            table.save(self._folder("report") / "tables" / table.language)
        self.items.append(
            {
                "kind": "table",
                "name": made[0].name,
                "programmes": list(dict.fromkeys(frame["programme"])),
                "data_status": sorted(set(frame["data_status"])),
                "html": {table.language: table.html(caption="{caption}") for table in made},
            }
        )
        return made[0]

    def close(self) -> Path:
        """Write the list of what the chapter holds; the report is bound from these lists."""
        content = {"chapter": self.name, "languages": list(self.study.languages), "items": self.items}
        return write_json(self._folder("processed") / "chapters" / f"{self.name}.json", content)

    def _folder(self, name: str) -> Path:
        return self.out / name if self.out != Path() else self.study.folders[name]


def chapter(
    name: str,
    *,
    study: Study | Path | str = ".",
    languages: Sequence[str] | str = (),
    programmes: Sequence[str] | str = (),
    out: Path | str = "",
) -> Chapter:
    """Open a chapter, with the parameters of its notebook checked.

    Parameters
    ----------
    name
        ``data`` or ``barriers``.
    study
        The study, its folder or its file.
    languages, programmes
        Which to draw and keep; all of the study if empty. A text such as ``'["da"]'`` or ``"da, fi"``
        is read as a list, because papermill's command line passes lists as text.
    out
        A folder to write into instead of the study's own folders.

    Raises
    ------
    UsageError
        If a language, programme or chapter is not known, with the known ones.
    StudyError
        If the study cannot be opened.

    Examples
    --------
    >>> from kij_analysis.template import template_folder
    >>> chapter("barriers", study=template_folder(), languages='["da"]').study.languages
    ('da',)
    """
    if name not in CHAPTERS:
        raise UsageError(f"There is no chapter '{name}'.", fix=f"Known: {listed(CHAPTERS)}.")
    opened = study if isinstance(study, Study) else open_study(study)
    codebook = load_codebook(opened.folders["codebook"])
    chosen = as_list(programmes)
    for programme in chosen:
        if programme not in codebook.programmes:
            fix = f"{did_you_mean(programme, codebook.programmes)} Known: {listed(codebook.programmes)}."
            raise UsageError(f"There is no programme '{programme}'.", fix=fix)
    speaking = opened.speaking(as_list(languages)) if as_list(languages) else opened
    return Chapter(name=name, study=speaking, codebook=codebook, programmes=tuple(chosen), out=Path(out))


def as_list(value: Sequence[str] | str) -> list[str]:
    """A list from a list, from JSON text, or from words separated by commas.

    Examples
    --------
    >>> as_list('["da", "fi"]'), as_list("da, fi"), as_list("")
    (['da', 'fi'], ['da', 'fi'], [])
    """
    if not isinstance(value, str):
        return [str(item) for item in value]
    text = value.strip()
    if text.startswith("["):
        try:
            return [str(item) for item in json.loads(text.replace("'", '"'))]
        except json.JSONDecodeError:
            raise UsageError(f"'{value}' is not a list.", fix='Write ["da", "fi"].') from None
    return [part.strip() for part in text.split(",") if part.strip()]
