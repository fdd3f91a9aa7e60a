"""The codebook as a self-contained, accessible HTML page."""

from __future__ import annotations

from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from kij_analysis.codebook.variables import Column
from kij_analysis.exports import entries as say_of
from kij_analysis.exports.codebooks import Entry, Fielded, StudyCodebook, Use
from kij_analysis.words import LANGUAGE_NAMES
from kij_analysis.words.speaking import Words


def html(book: StudyCodebook, words: Words, *, languages: tuple[str, ...] = ()) -> str:
    """The page of one language.

    Parameters
    ----------
    languages
        Those whose pages lie beside this one and are linked to.

    Examples
    --------
    >>> from kij_analysis import open_study
    >>> from kij_analysis.exports.codebooks import study_codebook
    >>> from kij_analysis.template import template_folder
    >>> book = study_codebook(open_study(template_folder()))
    >>> '<html lang="nb">' in html(book, Words("nb", book.codebook))
    True
    """
    from jinja2 import Environment

    template = files("kij_analysis.exports").joinpath("templates", "codebook.html.j2").read_text("utf-8")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(template).render(
        say=words,
        others=[(code, LANGUAGE_NAMES[code]) for code in languages],
        synthetic=book.data_status == "synthetic",
        english="en" in languages,
        sections=[_section(book, name, words) for name in book.frames],
        reasons=book.codebook.missing.values(),
        questionnaires=[_questionnaire(one, words) for one in book.fielded],
        version=version("kij-analysis"),
    )


def _section(book: StudyCodebook, name: str, words: Words) -> dict[str, Any]:
    return {
        "name": name,
        "title": words.sentence(words(f"codebook.frame.{name}")),
        "rows": words(f"codebook.rows.{name}"),
        "key_columns": [_key(column, words) for column in say_of.key_columns(book, name, words)],
        "entries": [_entry(entry, words) for entry in book.frame(name)],
    }


def _key(column: Column, words: Words) -> dict[str, Any]:
    return {
        "name": column.name,
        "label": column.labels[words.language],
        "kind": say_of.kind(column, words),
        "codes": say_of.values(column, words),
    }


def _entry(entry: Entry, words: Words) -> dict[str, Any]:
    column, variable = entry.column, entry.variable
    codes = say_of.values(column, words)
    asked = [part for part in (say_of.asked_of(variable, words), say_of.only_if(variable, words)) if part]
    own = words.language
    facts = [
        (words("codebook.sheet.type"), say_of.kind(column, words), own),
        (words("codebook.sheet.allowed"), say_of.allowed(column, words), own),
        (words("codebook.sheet.standard"), variable.standard, "en"),
        (words("codebook.sheet.asked"), ". ".join(asked), own),
    ]
    return {
        "name": column.name,
        "label": words.variable(column.name),
        "definition": variable.concept if words.language == "en" else "",
        "facts": [fact for fact in facts if fact[1]],
        "codes": codes,
        "meanings": any(meaning for *_, meaning in codes),
        "uses": [_use(use, words) for use in entry.uses if use.told],
        "others": say_of.others(entry, words),
    }


def _use(use: Use, words: Words) -> dict[str, Any]:
    return {
        "name": use.fielded.name(words),
        "language": say_of.language_of(use),
        "questions": use.questions,
        "columns": use.columns,
        "fits": say_of.how_it_fits(use.rule, words),
        "rule": use.rule,
    }


def _questionnaire(one: Fielded, words: Words) -> dict[str, str]:
    return {
        "name": one.name(words),
        "languages": ", ".join(words(f"language.{code}") for code in one.instrument.languages),
        "format": words(f"form.{one.instrument.file.format}"),
        "file": Path(one.source.shown).name,
        "status": words(f"data.{one.source.data_status}"),
    }
