"""questionnaire.yaml read into frozen objects, and held against the codebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kij_analysis.codebook import Codebook, Column, load_codebook
from kij_analysis.codebook.crosswalks import Missing
from kij_analysis.codebook.variables import WHEN
from kij_analysis.codebook.yaml_files import read_yaml
from kij_analysis.errors import StudyError
from kij_analysis.questionnaire.checking import answer_column, problems_of, settled_problems
from kij_analysis.questionnaire.questions import BARRIERS, Export, Option, Question, Questionnaire, Section
from kij_analysis.study import Study

KINDS = {"category": "one", "boolean": "one", "number": "number", "date": "date"}
ANSWERING = ("mentee", "mentor")
"""The roles that a form is made for."""


def load_questionnaire(folder: Path | str, codebook: Codebook | None = None) -> Questionnaire:
    """The core questionnaire in a codebook folder.

    Parameters
    ----------
    codebook
        The codebook of the same folder, if it has been loaded already.

    Raises
    ------
    StudyError
        With every problem of the file, each with its line: a variable that is asked and has no question, a
        category without an option, a code or a text that two options share, and the like.

    Examples
    --------
    >>> from kij_analysis.template import template_folder
    >>> core = load_questionnaire(template_folder() / "codebook")
    >>> core.questions["gender"].texts["fi"]
    'Mikä on sukupuolesi?'
    """
    place = Path(folder) / "questionnaire.yaml"
    document, problems = read_yaml(place, against="questionnaire", name=f"codebook/{place.name}")
    if document is None or problems:
        raise StudyError(problems)
    book = codebook or load_codebook(folder)
    problems = list(problems_of(document, book))
    if problems:
        raise StudyError(sorted(problems, key=lambda problem: problem.line or 0))
    core = _questionnaire(document.data, book)
    problems = list(settled_problems(document, core))
    if problems:
        raise StudyError(sorted(problems, key=lambda problem: problem.line or 0))
    return core


def as_questionnaire(source: Study | Questionnaire) -> Questionnaire:
    """The questionnaire of a study, or the questionnaire itself."""
    return source if isinstance(source, Questionnaire) else load_questionnaire(source.folders["codebook"])


def _questionnaire(data: Mapping[str, Any], codebook: Codebook) -> Questionnaire:
    questions = {name: _question(name, entry, data, codebook) for name, entry in data["questions"].items()}
    sections = tuple(
        Section(
            name=name,
            texts=entry["text"],
            texts_for=entry.get("text_for", {}),
            questions=tuple(questions[question] for question in entry["questions"]),
        )
        for name, entry in data["sections"].items()
    )
    pairs = ((role, wave) for role in ANSWERING for wave in WHEN)
    return Questionnaire(
        codebook=codebook,
        sections=sections,
        texts=data["texts"],
        units=data["units"],
        export=Export(**data["export"]),
        scale=codebook.scales[data["scale"]["id"]],
        high=data["scale"]["high"],
        missing=tuple(data["missing"]),
        given=data["given"],
        decision=data["decision"],
        review=data["review"],
        forms=tuple((role, wave) for role, wave in pairs if f"title_{role}_{wave}" in data["texts"]),
    )


def _question(name: str, entry: Mapping[str, Any], data: Mapping[str, Any], codebook: Codebook) -> Question:
    column = answer_column(name, entry, codebook)
    if column is None:
        kind = "several" if name == BARRIERS else "scale"
    else:
        kind = KINDS[column.type]
    return Question(
        name=name,
        kind=kind,
        texts=entry["text"],
        texts_for=entry.get("text_for", {}),
        hint=entry.get("hint", {}),
        unit=column.unit if column else "",
        options=tuple(_options(kind, entry, column, data, codebook)),
        beside=tuple(_beside(entry, data, codebook)),
        output=entry.get("output", ""),
        also=entry.get("also", {}),
        free_text=entry.get("free_text", ""),
        detail=entry.get("detail", "identical"),
        because=entry.get("because", ""),
    )


def _options(
    kind: str, entry: Mapping[str, Any], column: Column | None, data: Mapping[str, Any], codebook: Codebook
) -> Iterator[Option]:
    """The answers of a choice or of the scale, in the order of the form."""
    if kind == "scale":
        for step in codebook.scales[data["scale"]["id"]].categories:
            yield Option(code=step.code, result=step.code, texts=step.labels)
    elif column is not None and column.type == "boolean":
        yield Option(code="1", result=True, texts=data["texts"]["yes"])
        yield Option(code="0", result=False, texts=data["texts"]["no"])
    for result, part in entry.get("options", {}).items():
        own = column.categories[result].labels if column else codebook.barriers[result].labels
        shown = part.get("text") or {lang: text[:1].upper() + text[1:] for lang, text in own.items()}
        yield Option(code=str(part["code"]), result=result, texts=shown)


def _beside(entry: Mapping[str, Any], data: Mapping[str, Any], codebook: Codebook) -> Iterator[Option]:
    """The answers that are none, with the codes of their missing reasons."""
    texts = {reason: data["texts"][reason] for reason in entry.get("missing", data["missing"])}
    if "none" in entry:
        texts = {"not_applicable": entry["none"], **texts}
    for reason, shown in texts.items():
        yield Option(code=str(codebook.missing[reason].spss), result=Missing(reason), texts=shown)
