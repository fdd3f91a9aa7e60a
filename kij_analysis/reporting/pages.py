"""Pages: one self-contained, accessible HTML page for each language."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from kij_analysis.errors import ReportError, listed
from kij_analysis.figures.figure import data_uri
from kij_analysis.files import write_text
from kij_analysis.harmonisation import Harmonised
from kij_analysis.reporting.chapter import CHAPTERS
from kij_analysis.study import Study
from kij_analysis.words import LANGUAGE_NAMES, Words

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
    names = Counter((item["kind"], item["name"]) for chapter in chapters for item in chapter["items"])
    twice = [name for (_, name), count in names.items() if count > 1]
    if twice:
        raise ReportError(
            f"Several figures or tables have the name {listed(twice)}, so one would overwrite the other.",
            fix='Give each its own: name="…".',
        )
    return chapters


def bind(
    chapters: Sequence[Mapping[str, Any]],
    study: Study,
    data: Harmonised,
    *,
    language: str,
    figures: Path,
    into: Path,
) -> Path:
    """Write the page of one language.

    Parameters
    ----------
    figures
        The folder that holds ``<language>/<name>.svg`` and ``.json`` of every figure.
    into
        The folder that the page is written to.
    """
    from jinja2 import Environment

    words = Words(language, data.codebook)
    numbers = {"figure": 0, "table": 0}
    parts = [_chapter(chapter, words, figures / language, numbers) for chapter in chapters]
    template = files("kij_analysis.reporting").joinpath("templates", "page.html.j2").read_text("utf-8")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    page = environment.from_string(template).render(
        language=language,
        say=words,
        chapters=parts,
        others=[(code, LANGUAGE_NAMES[code]) for code in study.languages],
        synthetic=study.data_status == "synthetic",
        methods=[words(f"methods.{key}", threshold=words.number(study.threshold)) for key in METHODS],
        sources=_sources(data, words),
        version=version("kij-analysis"),
    )
    return write_text(into / f"report-{language}.html", page)


def _chapter(
    chapter: Mapping[str, Any], words: Words, folder: Path, numbers: dict[str, int]
) -> dict[str, Any]:
    """One chapter with its items numbered and its pictures inside the page."""
    items = []
    for item in chapter["items"]:
        numbers[item["kind"]] += 1
        caption = words(f"report.{item['kind']}", number=words.number(numbers[item["kind"]]))
        if item["kind"] == "table":
            items.append(
                {"kind": "table", "html": item["html"][words.language].replace("{caption}", caption)}
            )
            continue
        told = json.loads((folder / f"{item['name']}.json").read_text("utf-8"))
        picture = data_uri((folder / f"{item['name']}.svg").read_text("utf-8"))
        behind = item["behind"][words.language]
        items.append({"kind": "figure", "caption": caption, "picture": picture, "behind": behind, **told})
    name = chapter["chapter"]
    return {
        "name": name,
        "title": words(f"chapter.{name}.title"),
        "intro": words(f"chapter.{name}.intro"),
        "reading": words(f"chapter.{name}.reading"),
        "items": items,
    }


def _sources(data: Harmonised, words: Words) -> list[tuple[str, str, str]]:
    """(programme, file name, kind of data) for each data file."""
    return [
        (words.programme(row["programme"]), Path(row["file"]).name, words(f"mark.{row['data_status']}"))
        for row in data.ledger.sources.to_dict("records")
    ]
