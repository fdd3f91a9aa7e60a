"""Pages: one self-contained, accessible HTML page for each language."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from kij_analysis.errors import ReportError, listed
from kij_analysis.figures.inline import data_uri
from kij_analysis.files import write_text
from kij_analysis.harmonisation import Harmonised
from kij_analysis.reporting.chapter import CHAPTERS
from kij_analysis.reporting.drawing import different_names
from kij_analysis.reporting.parts import Part, divisions
from kij_analysis.study import Study
from kij_analysis.words import LANGUAGE_NAMES, Words

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

FORMS = ("xlsx", "docx", "pdf")
"""The other forms of a report: a workbook of all tables, a Word document, a PDF."""
METHODS = ("harmonised", "shares", "women", "no_effect", "disclosure")


def read_chapters(folder: Path, *, partial: bool = False) -> list[Mapping[str, Any]]:
    """What the notebooks have drawn, in the order of the report; with `partial` some may not be there.

    Raises
    ------
    ReportError
        If a notebook has left no chapter, or two items have one name.
    """
    found = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}
    absent = [name for name in CHAPTERS if name not in found]
    if absent and not partial:
        raise ReportError(
            f"No notebook has closed the chapters {listed(absent)}.", fix="End each with chapter.close()."
        )
    chapters = [found[name] for name in CHAPTERS if name in found]
    different_names((item["kind"], item["name"]) for chapter in chapters for item in chapter["items"])
    return chapters


def bind(
    chapters: Sequence[Mapping[str, Any]],
    study: Study,
    data: Harmonised,
    *,
    language: str,
    figures: Path,
    into: Path,
    forms: Sequence[str] = (),
) -> Path:
    """Write the page of one language.

    The page is whole in itself; it also leads to the files of its figures and tables where they are made
    with it, by their place beside it.

    Parameters
    ----------
    figures
        The folder that holds ``<language>/<name>.svg`` and ``.json`` of every figure.
    into
        The folder that the page is written to, which holds ``tables/<language>``.
    forms
        In which other forms the report is made, of `FORMS`: the page leads to them.
    """
    from markupsafe import Markup

    words = Words(language, data.codebook, reader=study.readers.get(language, ""))
    at = {"figures": (figures, _way(study, "figures")), "report": (into, "")}
    page = template("page.html.j2").render(
        language=language,
        say=words,
        chapters=divisions(chapters, words, figures),
        others=[(code, LANGUAGE_NAMES[code]) for code in study.languages],
        synthetic=study.data_status == "synthetic",
        methods=methods_of(study, words),
        sources=_sources(data, words),
        version=version("kij-analysis"),
        picture=lambda part: Markup(data_uri(part.picture.with_suffix(".svg").read_text("utf-8"))),
        table=lambda part: Markup(_table(part, words("report.data_behind"))),
        files=lambda part: _files(part, language, at),
        whole=[(words(f"report.as.{form}"), f"report-{language}.{form}") for form in forms],
    )
    return write_text(into / f"report-{language}.html", page)


def template(name: str) -> Template:
    """A template of the pages, which escapes what is put into it."""
    from jinja2 import Environment, PackageLoader

    loader = PackageLoader("kij_analysis.reporting")
    environment = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["css"] = _css
    return environment.get_template(name)


def _css(text: str) -> Markup:
    """A text between the quotation marks of a style sheet."""
    from markupsafe import Markup

    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3c ").replace("\n", " ")
    return Markup(plain)


def _table(part: Part, behind: str) -> str:
    """A table as HTML: numbered where it stands for itself, not where it is the data behind a figure."""
    if part.picture:
        return part.table.html(region=f"{part.caption}. {behind}")
    return part.table.html(caption=part.caption, named=part.place)


def _way(study: Study, name: str) -> str | None:
    """The way from the folder of the pages to another folder of the study; none to another drive."""
    try:
        return Path(os.path.relpath(study.folders[name], study.folders["report"])).as_posix() + "/"
    except ValueError:
        return None


def _files(part: Part, language: str, at: Mapping[str, tuple[Path, str | None]]) -> list[tuple[str, str]]:
    """The files of a figure or table that were made with the page: what they are, and the way to them."""
    folder, way = at["figures" if part.picture else "report"]
    inner = f"{language}/{part.name}" if part.picture else f"tables/{language}/{part.name}"
    forms = ("svg", "png", "csv") if part.picture else ("xlsx", "csv")
    there = [form for form in forms if way is not None and (folder / f"{inner}.{form}").is_file()]
    return [(form.upper(), quote(f"{way}{inner}.{form}")) for form in there]


def methods_of(study: Study, words: Words) -> list[str]:
    """What every reader must know of the methods."""
    told = [words(f"methods.{key}", threshold=words.number(study.threshold)) for key in METHODS]
    # A report that is put together from shared files has no data files of its own.
    return told if study.sources else [*told, words("methods.combined")]


def _sources(data: Harmonised, words: Words) -> list[tuple[str, str, str]]:
    """(programme, file name, kind of data) for each data file."""
    return [
        (words.programme(row["programme"]), Path(row["file"]).name, words(f"mark.{row['data_status']}"))
        for row in data.ledger.sources.to_dict("records")
    ]
