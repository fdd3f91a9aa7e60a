"""All wordings that a draft compares with: codebook, core questionnaire, usual words, earlier crosswalks."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

from kij_analysis.codebook import Codebook, Crosswalk
from kij_analysis.codebook.crosswalks import ColumnPerAnswer, ManyInOneCell, Map, Missing
from kij_analysis.draft.likeness import says_something, squashed
from kij_analysis.questionnaire.questions import BARRIERS, Questionnaire
from kij_analysis.sources import normalise
from kij_analysis.words.terms import LANGUAGES, term_base

KEYS = ("person_id", "pair_id", "date")
"""The keys that a column may hold."""
NO_BARRIER = "none"


@dataclass(frozen=True, kw_only=True)
class Wording:
    """One text that stands for a variable, and who uses it."""

    target: str
    text: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """An earlier crosswalk, with the question texts that its data file holds."""

    crosswalk: Crosswalk
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """What is known about how the variables are asked and answered.

    Parameters
    ----------
    questions
        The wordings of every target: a variable, a key, or a barrier as `barrier_<code>`.
    names
        Target and column name of earlier instruments, with the instrument.
    answers
        For every target the result that a wording leads to, with who uses it.
    codes
        For a target and the name of a column in earlier crosswalks: what each answer led to.
    missing, yes, no
        The wordings of answers that are none (with the reason), and of yes and no.
    """

    codebook: Codebook
    questions: tuple[Wording, ...]
    names: tuple[Wording, ...]
    answers: Mapping[str, Mapping[str, tuple[object, str]]]
    codes: Mapping[tuple[str, str], tuple[Mapping[str, object], str]]
    missing: Mapping[str, str]
    yes: frozenset[str]
    no: frozenset[str]
    also: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def knowledge_of(
    codebook: Codebook,
    questionnaire: Questionnaire | None = None,
    earlier: Sequence[Earlier] = (),
    *,
    usual: bool = True,
) -> Knowledge:
    """Gather what is known; `usual` also takes the wordings that official surveys use as a rule.

    Examples
    --------
    >>> from kij_analysis.codebook import load_codebook
    >>> from kij_analysis.template import template_folder
    >>> known = knowledge_of(load_codebook(template_folder() / "codebook"))
    >>> known.answers["labour_status"]["ledig"][0], known.missing["ved ikke"]
    ('unemployed', 'dont_know')
    """
    rows = list(_usual()) if usual else []
    questions = [*_of_codebook(codebook), *_of_questionnaire(questionnaire), *_of_usual(rows)]
    answers: dict[str, dict[str, tuple[object, str]]] = {}
    for target, text, result, source in (
        *_answers_of_codebook(codebook),
        *_answers_of_questionnaire(questionnaire),
        *_answers_of_earlier(earlier),
        *((t, text, a, "usual wording") for t, a, _, text in rows if a and t[0] != "="),
    ):
        answers.setdefault(target, {}).setdefault(normalise(text), (result, source))
    texts = questionnaire.texts if questionnaire else {}
    return Knowledge(
        codebook=codebook,
        questions=tuple(dict.fromkeys([*questions, *_texts_of_earlier(earlier, codebook)])),
        names=tuple(_names_of_earlier(earlier, codebook)),
        answers=answers,
        codes=dict(_codes_of_earlier(earlier)),
        missing=_missing(codebook, questionnaire, rows),
        yes=_said("=yes", rows) | {normalise(text) for text in texts.get("yes", {}).values()},
        no=_said("=no", rows) | {normalise(text) for text in texts.get("no", {}).values()},
        also=questionnaire.questions["education"].also
        if questionnaire and "education" in questionnaire.questions
        else {},
    )


def _usual() -> Iterator[tuple[str, str, str, str]]:
    text = files("kij_analysis.draft").joinpath("usual_words.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        yield row["target"], row["answer"], row["language"], row["text"]


def _said(target: str, rows: Sequence[tuple[str, str, str, str]]) -> frozenset[str]:
    return frozenset(normalise(text) for name, _, _, text in rows if name == target)


def _of_usual(rows: Sequence[tuple[str, str, str, str]]) -> Iterator[Wording]:
    for target, answer, _, text in rows:
        if not answer and target[0] != "=":
            yield Wording(target=target, text=text, source="usual wording")


def _of_codebook(codebook: Codebook) -> Iterator[Wording]:
    """Labels of variables and of their outputs, and their names."""
    for variable in codebook.variables.values():
        if variable.frame == "key" and variable.name not in KEYS:
            continue
        for labels in (variable.labels, *(c.labels for c in variable.columns if c.type != "boolean")):
            for text in labels.values():
                yield Wording(target=variable.name, text=text, source="codebook")
        yield Wording(target=variable.name, text=variable.name.replace("_", " "), source="codebook")
    terms = term_base()
    for key in ("barrier", "main_obstacle") if "main_obstacle" in terms else ():
        for text in terms[key].labels.values():
            yield Wording(target=BARRIERS, text=text, source="term base")


def codebook_none() -> tuple[str, ...]:
    """How "no obstacle" is said in the five languages."""
    term = term_base().get("barrier_none")
    return tuple(term.labels[language] for language in LANGUAGES) if term else ()


def _of_questionnaire(core: Questionnaire | None) -> Iterator[Wording]:
    for question in core.questions.values() if core else ():
        for texts in (question.texts, *question.texts_for.values()):
            for text in texts.values():
                yield Wording(target=question.name, text=text, source="core questionnaire")
        if question.name == BARRIERS:
            for option in question.options:
                for text in option.texts.values():
                    yield Wording(target=f"barrier_{option.result}", text=text, source="core questionnaire")
    for section in core.sections if core else ():
        for texts in (section.texts, *section.texts_for.values()) if len(section.questions) == 1 else ():
            for text in texts.values():
                yield Wording(target=section.questions[0].name, text=text, source="core questionnaire")
    for key in KEYS if core else ():
        for text in core.texts.get(key, {}).values() if core else ():
            yield Wording(target=key, text=text, source="core questionnaire")


def _texts_of_earlier(earlier: Sequence[Earlier], codebook: Codebook) -> Iterator[Wording]:
    """Column names that are questions, and the question texts of earlier files."""
    for target, name, part in _columns_of_earlier(earlier, codebook):
        source = part.crosswalk.instrument.id
        for text in (part.labels.get(name, ""), name if says_something(name) else ""):
            if text:
                yield Wording(target=target, text=text, source=source)


def _names_of_earlier(earlier: Sequence[Earlier], codebook: Codebook) -> Iterator[Wording]:
    for target, name, part in _columns_of_earlier(earlier, codebook):
        yield Wording(target=target, text=squashed(name), source=part.crosswalk.instrument.id)


def _columns_of_earlier(earlier: Sequence[Earlier], codebook: Codebook) -> Iterator[tuple[str, str, Earlier]]:
    """Target, column and crosswalk of all that earlier rules and keys read."""
    for part in earlier:
        for key, name in part.crosswalk.instrument.keys.items():
            if key in KEYS:
                yield key, name, part
        seen: set[tuple[str, str]] = set()
        for rule in part.crosswalk.rules:
            if isinstance(rule.spec, ColumnPerAnswer):
                pairs = [(f"barrier_{code}", name) for name, code in rule.spec.columns.items()]
            elif isinstance(rule.spec, ManyInOneCell):
                pairs = [(BARRIERS, rule.spec.source)]
            else:
                variable = codebook.columns[rule.column].variable
                pairs = [(variable, name) for name in rule.sources]
            for pair in pairs:
                if pair not in seen:
                    seen.add(pair)
                    yield *pair, part


def _answers_of_codebook(codebook: Codebook) -> Iterator[tuple[str, str, object, str]]:
    terms = term_base()
    for variable in codebook.variables.values():
        for column in variable.columns:
            for category in column.categories.values():
                target = column.name
                aliases = terms[category.code].labels if category.code in terms else {}
                for text in (*category.labels.values(), *aliases.values(), category.code.replace("_", " ")):
                    yield target, text, category.code, "codebook"
    for barrier in codebook.barriers.values():
        for text in barrier.labels.values():
            yield BARRIERS, text, barrier.code, "codebook"
    for text in codebook_none():
        yield BARRIERS, text, NO_BARRIER, "term base"


def _answers_of_questionnaire(core: Questionnaire | None) -> Iterator[tuple[str, str, object, str]]:
    for question in core.questions.values() if core else ():
        target = f"{question.name}_{question.output}" if question.output else question.name
        for option in question.options if question.kind in ("one", "several") else ():
            for text in option.texts.values():
                yield target, text, option.result, "core questionnaire"


def _answers_of_earlier(earlier: Sequence[Earlier]) -> Iterator[tuple[str, str, object, str]]:
    for part in earlier:
        source = part.crosswalk.instrument.id
        for rule in part.crosswalk.rules:
            if isinstance(rule.spec, Map):
                labels = {str(code): text for code, text in rule.spec.labels.items()}
                for answer, result in rule.spec.values.items():
                    text = labels.get(str(answer), answer if isinstance(answer, str) else "")
                    if text and not isinstance(result, Missing):
                        yield rule.column, text, result, source
            elif isinstance(rule.spec, ManyInOneCell):
                for answer, result in rule.spec.values.items():
                    if not isinstance(result, Missing):
                        yield BARRIERS, str(answer), result, source
            elif isinstance(rule.spec, ColumnPerAnswer):
                for name, code in rule.spec.columns.items():
                    text = part.labels.get(name, name)
                    if says_something(text):
                        yield BARRIERS, text, code, source


def _codes_of_earlier(
    earlier: Sequence[Earlier],
) -> Iterator[tuple[tuple[str, str], tuple[Mapping[str, object], str]]]:
    for part in earlier:
        for rule in part.crosswalk.rules:
            if isinstance(rule.spec, Map):
                found = {str(answer): result for answer, result in rule.spec.values.items()}
                yield (rule.column, squashed(rule.spec.source)), (found, part.crosswalk.instrument.id)


def _missing(
    codebook: Codebook, core: Questionnaire | None, rows: Sequence[tuple[str, str, str, str]]
) -> dict[str, str]:
    found: dict[str, str] = {}
    for reason in codebook.missing.values():
        for text in reason.labels.values():
            found.setdefault(normalise(text), reason.code)
    for reason_code in core.missing if core else ():
        for text in core.texts[reason_code].values() if core else ():
            found.setdefault(normalise(text), reason_code)
    for scale in codebook.scales.values():
        for answer, why in scale.missing.items():
            if isinstance(answer, str):
                found.setdefault(normalise(answer), why)
    for target, answer, _, text in rows:
        if target == "=missing":
            found.setdefault(normalise(text), answer)
    return found
