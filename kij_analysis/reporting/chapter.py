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

from kij_analysis import disclosure
from kij_analysis.codebook import Codebook, known_programme, load_codebook, needs_outcomes
from kij_analysis.display import in_notebooks
from kij_analysis.errors import ReportError, UsageError, listed
from kij_analysis.figures import Figure
from kij_analysis.files import write_json
from kij_analysis.harmonisation import Harmonised, harmonise
from kij_analysis.reporting.derived import Derived
from kij_analysis.reporting.drawing import protected, resolved
from kij_analysis.reporting.items import ITEMS, WORDS, Item, Protect, can_wait, drawn, save_items
from kij_analysis.reporting.settings import AS_SHIPPED, Settings
from kij_analysis.study import Study, open_study
from kij_analysis.survey import Design, margins, to_margins
from kij_analysis.tables import Table
from kij_analysis.words import Words

PREPARED = "prepared.pickle"
"""What a report run has prepared, in its own working folder only, for the notebooks that it runs."""

CHAPTERS = (
    "data", "published", "participants", "labour_market", "barriers", "change", "effects", "two_way",
    "account", "findings",
)  # fmt: skip
"""The chapters of the report, in its order."""


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """What all chapters of a report need and none should read again: the harmonised data and the words."""

    data: Harmonised
    words: Mapping[str, Words]


def prepare(data: Harmonised, languages: Sequence[str], folder: Path) -> Prepared:
    """Leave the data and the words in a folder, for the chapters that write into it."""
    words = {language: Words(language, data.codebook) for language in languages}
    prepared = Prepared(data=data, words=words)
    (folder / PREPARED).write_bytes(pickle.dumps(prepared))
    (folder / WORDS).write_bytes(pickle.dumps(words))
    return prepared


@dataclass(frozen=True, kw_only=True)
class Later:
    """Stands in a notebook of a report run for what is drawn when all chapters have been protected."""

    item: Item

    def _repr_html_(self) -> str:
        return f"<p>The {self.item.kind} <em>{self.item.name}</em> is made with the report.</p>"


@dataclass(kw_only=True)
class Chapter:
    """Collects what a notebook wants drawn, and has it made for every language of the report.

    In a report run the items of all chapters are protected together before anything of them is drawn; a
    notebook that is run by itself protects each and draws it at once. Figures go to ``figures/<language>``,
    tables to ``report/tables/<language>``, and the list of both, from which the pages are bound, to
    ``data/processed/chapters``.
    """

    name: str
    study: Study
    codebook: Codebook
    programmes: tuple[str, ...]
    settings: Settings = AS_SHIPPED
    out: Path | None = None
    prepared: Prepared | None = None
    items: list[dict[str, Any]] = field(default_factory=list)
    waiting: dict[int, Item] = field(default_factory=dict)

    @cached_property
    def data(self) -> Harmonised:
        """The harmonised data of the study; in a report run those that the run has harmonised already."""
        return self.prepared.data if self.prepared else harmonise(self.study)

    @property
    def words(self) -> list[Words]:
        """The words of each language of the report."""
        ready = self.prepared.words if self.prepared else {}
        return [ready.get(language) or Words(language, self.codebook) for language in self.study.languages]

    def weighted(self, answers: pd.DataFrame, *, wave: str = "end") -> tuple[pd.DataFrame, Design | None]:
        """The answers of one wave and the design that they are counted with; none if all count alike.

        With the weighting ``"margins"`` the mentees of each programme are brought to the numbers of
        participants that its questionnaires declare (`kij_analysis.survey.to_margins`); give everybody who
        answered, men too, because the margins count them.
        """
        if self.settings.weighting == "none":
            return answers, None
        return to_margins(answers, margins(self.data.ledger, wave=wave))

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
        self,
        draw: Callable[..., Figure],
        frame: pd.DataFrame,
        *,
        behind: Iterable[str] = (),
        protect: Protect | None = disclosure.suppress,
        then: Derived | None = None,
        **options: Any,
    ) -> Figure | Later | None:
        """A figure of the chapter in every language; what is returned can be looked at.

        `frame`, and options that are estimates, are given as they were computed: `protect` hides in them what
        few persons answered (printed and assumed numbers stay as they are). `behind` names the instruments
        whose answers were used, for the manifest; all of the programmes drawn if it is left out.

        What is computed across programmes is named and not given: an option
        ``pooled=kij.reporting.derived(kij.survey.pool)`` is computed from the protected frame, and `then`
        makes of the protected frame the one that is drawn. Where it makes nothing of it, as of one programme
        that is to be compared with others, there is no figure.
        """
        asked = tuple(behind)
        return self._take(
            Item(
                kind="figure", make=draw, frame=frame, protect=protect, behind=asked, options=options,
                then=then,
            )
        )  # fmt: skip

    def table(
        self,
        make: Callable[..., Table],
        frame: pd.DataFrame,
        *,
        behind: Iterable[str] = (),
        protect: Protect | None = disclosure.suppress,
        then: Derived | None = None,
        **options: Any,
    ) -> Table | Later | None:
        """A table of the chapter in every language; protected as figures are."""
        asked = tuple(behind)
        return self._take(
            Item(
                kind="table", make=make, frame=frame, protect=protect, behind=asked, options=options,
                then=then,
            )
        )  # fmt: skip

    def _take(self, item: Item) -> Any:
        if self.prepared and can_wait(item):
            self.waiting[len(self.items)] = item
            self.items.append({"kind": item.kind, "name": item.name})
            return Later(item=item)
        shown, problems = resolved(protected([(self.name, {0: item})], profile=self.study.profile)[0])
        if problems:
            raise ReportError(problems)
        if not shown:
            return None
        folders = {name: self._folder(name) for name in ("figures", "report", "processed")}
        first, entry = drawn(shown[0].item, self.words, folders)
        self.items.append(entry)
        return first

    def close(self) -> Path:
        """Write the list of what the chapter holds; the report is bound from these lists."""
        if self.prepared and self.out:
            save_items(self.waiting, self.out / ITEMS / f"{self.name}.pickle")
        content = {"chapter": self.name, "languages": list(self.study.languages), "items": self.items}
        return write_json(self._folder("processed") / "chapters" / f"{self.name}.json", content)

    def _folder(self, name: str) -> Path:
        return self.study.folders[name] if self.out is None else self.out / name


def chapter(
    name: str,
    *,
    study: Study | Path | str = ".",
    languages: Sequence[str] | str = (),
    programmes: Sequence[str] | str = (),
    level: float = 0.95,
    weighting: str = "none",
    profile: str = "",
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
    level
        The confidence level of intervals.
    weighting
        ``"none"``, or ``"margins"``: shares are weighted to the known numbers of participants.
    profile
        The disclosure profile, such as ``"n10"``; the study's own if empty.
    out
        A folder to write into instead of the study's own folders.

    Raises
    ------
    UsageError
        If a language, programme, chapter, weighting or profile is not known, with the known ones, or if
        the level is not between 0.5 and 1.
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
    settings = Settings(level=level, weighting=weighting, profile=profile)
    opened = settings.of(study if isinstance(study, Study) else open_study(study))
    place = Path(out) if str(out) else None
    prepared = None
    if place is not None and (place / PREPARED).exists():
        prepared = pickle.loads((place / PREPARED).read_bytes())
    codebook = prepared.data.codebook if prepared else load_codebook(opened.folders["codebook"])
    chosen = as_list(programmes)
    for programme in chosen:
        known_programme(codebook, programme)
    speaking = opened.speaking(as_list(languages)) if as_list(languages) else opened
    in_notebooks(Words(speaking.languages[0], codebook))
    return Chapter(
        name=name,
        study=speaking,
        codebook=codebook,
        programmes=tuple(chosen),
        settings=settings,
        out=place,
        prepared=prepared,
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
