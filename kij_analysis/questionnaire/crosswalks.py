"""The crosswalk of a form: nothing is left to decide, because the form was made from the codebook."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kij_analysis.codebook import Programme
from kij_analysis.codebook.crosswalks import Missing
from kij_analysis.codebook.variables import WHEN
from kij_analysis.errors import one_of
from kij_analysis.questionnaire.questions import BARRIERS, Option, Question, Questionnaire
from kij_analysis.questionnaire.reading import as_questionnaire
from kij_analysis.study import Study
from kij_analysis.words import LANGUAGES

HEAD = """\
# Made by `kij questionnaire` from questionnaire.yaml and variables.yaml: {title}.
# An answer may stand as its code or as its text in these languages: {languages}.
"""
EQUAL_STEPS = "the scale of the core questionnaire; equal steps are assumed"


def crosswalk(
    source: Study | Questionnaire,
    *,
    role: str,
    wave: str,
    programme: str,
    languages: Sequence[str] = LANGUAGES,
    invited: int | None = None,
) -> str:
    """The crosswalk, as YAML, that reads the export of the core questionnaire.

    Parameters
    ----------
    languages
        Those in which the form was put. Answers are read as codes, and as texts in these languages.
    invited
        How many got the form, for the response rate.

    Raises
    ------
    UsageError
        If there is no such form, programme or language.

    Examples
    --------
    >>> from kij_analysis import open_study
    >>> from kij_analysis.template import template_folder
    >>> study = open_study(template_folder())
    >>> text = crosswalk(study, role="mentee", wave="end", programme="fika", languages=["sv", "fi"])
    >>> "id: fika_core_mentee_end" in text
    True
    """
    core = as_questionnaire(source)
    for language in languages:
        one_of(language, LANGUAGES, name="The language")
    one_of(
        programme,
        [p.id for p in core.codebook.programmes.values() if p.kind == "programme"],
        name="The programme",
    )
    asked = [question for section in core.asked(role, wave) for question in section.questions]
    owner = core.codebook.programmes[programme]
    spoken = [language for language in LANGUAGES if language in languages]
    instrument = _instrument(core, owner, asked, role, wave, spoken)
    if invited is not None:
        instrument["population"] = {"invited": invited}
    rules = dict(_given(core, owner, role, wave))
    rules.update((question.name, _rule(question, core, spoken)) for question in asked)
    head = HEAD.format(title=instrument["title"], languages=", ".join(spoken))
    return head + _yaml({"instrument": instrument, "rules": rules})


def crosswalk_id(programme: str, role: str, wave: str) -> str:
    """The id of a form's instrument, which is also the name of its files."""
    return f"{programme}_core_{role}_{wave}"


def _instrument(
    core: Questionnaire,
    programme: Programme,
    asked: Sequence[Question],
    role: str,
    wave: str,
    languages: Sequence[str],
) -> dict[str, Any]:
    export = core.export
    return {
        "id": crosswalk_id(programme.id, role, wave),
        "title": f"Core questionnaire, {role}s {WHEN[wave]}, {programme.short}",
        "programme": programme.id,
        "country": programme.country,
        "role": role,
        "wave": wave,
        "languages": list(languages),
        "file": {
            "format": "delimited",
            "encoding": export.encoding,
            "delimiter": export.delimiter,
            "decimal": export.decimal,
            "dates": export.dates,
        },
        "keys": {key: key for key in ("person_id", "pair_id", "date")},
        "missing": _missing(core, languages),
        "free_text": [question.text_column for question in asked if question.text_column],
    }


def _missing(core: Questionnaire, languages: Sequence[str]) -> dict[Any, str]:
    """What an answer that is none looks like in every column: empty, a code, or a text."""
    found: dict[Any, str] = {"": "no_answer"}
    for reason in ("not_applicable", *core.missing):
        found[core.codebook.missing[reason].spss] = reason
    for reason in core.missing:
        found.update({core.texts[reason][language]: reason for language in languages})
    return found


def _given(
    core: Questionnaire, programme: Programme, role: str, wave: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Rules for variables that nobody is asked: the programme's country, and what a survey does not have."""
    for name, because in core.given.items():
        if core.codebook.variables[name].not_asked(role, wave):
            continue
        if name == "country_of_residence":
            value = {"value": programme.country}
            yield (
                name,
                {
                    "constant": value,
                    "status": "complete",
                    "detail": "identical",
                    "because": because,
                    **core.decision,
                },
            )
        else:
            yield name, {"not_applicable": {"because": because}, **core.decision}


def _rule(question: Question, core: Questionnaire, languages: Sequence[str]) -> dict[str, Any]:
    decision = {"status": "complete", "detail": question.detail}
    if question.because:
        decision["because"] = question.because
    if question.kind == "scale":
        return {"rescale": _rescale(question, core), **core.decision}
    if question.name == BARRIERS:
        part = {"from": question.name, "separator": core.export.separator}
        values = _answers(question.options, languages)
        return {"any_of": {**part, "values": values, "empty": "no_answer"}, **decision, **core.decision}
    if question.kind in ("number", "date"):
        part = {"from": question.name, "otherwise": "invalid", **_own_missing(question, languages)}
        return {"direct": part, **decision, **core.decision}
    if not question.also:
        return {"map": _map(question, languages), **decision, **core.decision}
    outputs = {question.output: {"map": _map(question, languages), **decision}}
    for output, meaning in question.also.items():
        outputs[output] = {"map": _map(question, languages, meaning), **decision}
    return {"outputs": outputs, **core.decision}


def _map(
    question: Question, languages: Sequence[str], meaning: Mapping[str, str] | None = None
) -> dict[str, Any]:
    values = _answers(question.options, languages)
    if meaning is not None:
        values = {answer: meaning[str(result)] for answer, result in values.items()}
    return {"from": question.name, "values": values, **_own_missing(question, languages)}


def _answers(options: Sequence[Option], languages: Sequence[str]) -> dict[Any, object]:
    """What each answer leads to, by its code and by its text in every language."""
    by_code: dict[Any, object] = {int(option.code): option.result for option in options}
    by_text = {option.texts[language]: option.result for option in options for language in languages}
    return {**by_code, **by_text}


def _own_missing(question: Question, languages: Sequence[str]) -> dict[str, Any]:
    """The answers that are none and that only this question has."""
    own = {
        option.texts[language]: option.result.reason
        for option in question.beside
        if isinstance(option.result, Missing) and option.result.reason == "not_applicable"
        for language in languages
    }
    return {"missing": own} if own else {}


def _rescale(question: Question, core: Questionnaire) -> dict[str, Any]:
    outputs: dict[str, Any] = {}
    for column in core.variable(question).columns:
        if column.type == "number":
            method: dict[str, Any] = {"method": "stretch", "to": [column.minimum, column.maximum]}
            because = EQUAL_STEPS
        else:
            method = {"method": "threshold", "at": core.high}
            because = f"code {core.high} of the scale and above"
        outputs[column.output] = {**method, "status": "complete", "detail": "identical", "because": because}
    return {"from": question.name, "scale": core.scale.id, "outputs": outputs}


def _yaml(content: Mapping[str, Any]) -> str:
    from ruamel.yaml import YAML

    yaml = YAML(typ="rt", pure=True)
    yaml.width = 110
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    yaml.dump(dict(content), stream)
    return stream.getvalue()
