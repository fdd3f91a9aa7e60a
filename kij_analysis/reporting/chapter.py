"""A chapter of the report as a notebook makes it: figures and tables in every language at once."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from kij_analysis import tables
from kij_analysis.codebook import Codebook, known_programme, load_codebook, needs_outcomes
from kij_analysis.errors import UsageError, listed
from kij_analysis.figures import Figure
from kij_analysis.files import write_json
from kij_analysis.harmonisation import Harmonised, harmonise
from kij_analysis.study import Study, open_study
from kij_analysis.tables import Table
from kij_analysis.words import Words

PREPARED = "prepared.pickle"
"""What a report run has prepared, in its own working folder only, for the notebooks that it runs."""

CHAPTERS = (
    "data", "published", "participants", "labour_market", "barriers", "change", "effects", "two_way",
    "account",
)  # fmt: skip
"""The chapters of the report, in its order."""


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """What all chapters of a report need and none should read again: the harmonised data and the words."""

    data: Harmonised
    words: Mapping[str, Words]


def prepare(data: Harmonised, languages: Sequence[str], folder: Path) -> None:
    """Leave the data and the words in a folder, for the chapters that write into it."""
    words = {language: Words(language, data.codebook) for language in languages}
    (folder / PREPARED).write_bytes(pickle.dumps(Prepared(data=data, words=words)))


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
    out: Path | None = None
    prepared: Prepared | None = None
    items: list[dict[str, Any]] = field(default_factory=list)

    @cached_property
    def data(self) -> Harmonised:
        """The harmonised data of the study; in a report run those that the run has harmonised already."""
        return self.prepared.data if self.prepared else harmonise(self.study)

    @property
    def words(self) -> list[Words]:
        """The words of each language of the report."""
        ready = self.prepared.words if self.prepared else {}
        return [ready.get(language) or Words(language, self.codebook) for language in self.study.languages]

    def keep(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows of the programmes that the chapter is about.

        Raises
        ------
        UsageError
            If a programme that was asked for has no rows; if it has no outcomes in print either, the
            sentence says what it has published.
        """
        if not self.programmes:
            return frame
        there = list(frame["programme"].unique())
        absent = [programme for programme in self.programmes if programme not in there]
        if absent:
            needs_outcomes(self.codebook, absent)
            fix = f"It has {listed(there)}."
            raise UsageError(f"The study has nothing of the programme {listed(absent)}.", fix=fix)
        return frame[frame["programme"].isin(self.programmes)]

    def figure(
        self, draw: Callable[..., Figure], frame: pd.DataFrame, *, behind: Iterable[str] = (), **options: Any
    ) -> Figure:
        """Draw and save a figure in every language; the first is returned to look at.

        `behind` names the instruments whose answers were used, for the manifest; all of the programmes drawn
        if it is left out.
        """
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
                "variables": sorted(_codes(frame, "variable", "indicator", "outcome")),
                "programmes": _codes(frame, "programme"),
                "instruments": sorted(set(behind)),
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
                "programmes": _codes(frame, "programme"),
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
        return self.study.folders[name] if self.out is None else self.out / name


def _codes(frame: pd.DataFrame, *columns: str) -> list[str]:
    """What stands in the first of the columns that there is, each code once."""
    there = next((name for name in columns if name in frame), None)
    return [] if there is None else [code for code in dict.fromkeys(frame[there]) if code]


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
        One of `CHAPTERS`: ``data``, ``published``, ``participants`` and so on.
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
    place = Path(out) if str(out) else None
    prepared = None
    if place is not None and (place / PREPARED).exists():
        prepared = pickle.loads((place / PREPARED).read_bytes())
    codebook = prepared.data.codebook if prepared else load_codebook(opened.folders["codebook"])
    chosen = as_list(programmes)
    for programme in chosen:
        known_programme(codebook, programme)
    speaking = opened.speaking(as_list(languages)) if as_list(languages) else opened
    return Chapter(
        name=name, study=speaking, codebook=codebook, programmes=tuple(chosen), out=place, prepared=prepared
    )


def as_list(value: Sequence[str] | str | None) -> list[str]:
    """A list from a list, from JSON text, or from words separated by commas.

    Raises
    ------
    UsageError
        If it is none of these.

    Examples
    --------
    >>> as_list('["da", "fi"]'), as_list("da, fi"), as_list("")
    (['da', 'fi'], ['da', 'fi'], [])
    """
    if isinstance(value, str) and value.strip().startswith("["):
        try:
            value = json.loads(value.replace("'", '"'))
        except json.JSONDecodeError:
            raise UsageError(f"{value} is not a list.", fix='Write ["da", "fi"].') from None
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if value is None:
        return []
    if not isinstance(value, (list, tuple)) or not all(isinstance(item, str) for item in value):
        raise UsageError(f"{value!r} is not a list of words.", fix='Write ["da", "fi"].')
    return list(value)
