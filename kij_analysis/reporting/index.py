"""The first page of a report: which languages there are, and what stands in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kij_analysis.files import write_text
from kij_analysis.study import Study
from kij_analysis.words import LANGUAGE_NAMES, Words

NAME = "index.html"


@dataclass(frozen=True, kw_only=True)
class Edition:
    """The report in one language: its words, its chapters by name, and the other forms that it is made in."""

    words: Words
    chapters: Sequence[str]
    forms: Sequence[str] = ()

    @property
    def name(self) -> str:
        """What the language calls itself."""
        return LANGUAGE_NAMES[self.words.language]


def index(study: Study, editions: Sequence[Edition], into: Path) -> Path:
    """Write the page that leads to the report in each language; it needs no script.

    Parameters
    ----------
    editions
        The languages, the first of which speaks where all are meant.
    into
        The folder of the pages.
    """
    from kij_analysis.reporting.pages import template

    page = template("index.html.j2").render(
        editions=editions,
        language=editions[0].words.language,
        say=editions[0].words,
        synthetic=study.data_status == "synthetic",
        ways=lambda edition: [(edition.words(f"report.as.{form}"), form) for form in edition.forms],
    )
    return write_text(into / NAME, page)


def editions_of(
    study: Study,
    chapters: Sequence[Mapping[str, object]],
    *,
    forms: Sequence[str] = (),
    earlier: Sequence[str] = (),
) -> list[Edition]:
    """The languages of this run, and those that an earlier run has left in the folder.

    Of the latter only the page is named: they may hold other chapters.
    """
    names = [str(chapter["chapter"]) for chapter in chapters]
    now = [
        Edition(words=Words(code, reader=study.readers.get(code, "")), chapters=names, forms=forms)
        for code in study.languages
    ]
    left = [code for code in LANGUAGE_NAMES if code in earlier and code not in study.languages]
    return now + [Edition(words=Words(code), chapters=()) for code in left]
