"""What is wrong with a questionnaire: questions, options and codes held against the codebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kij_analysis.codebook import Codebook, Column
from kij_analysis.codebook.yaml_files import Document
from kij_analysis.codebook.yaml_nodes import Steps
from kij_analysis.errors import Problem, did_you_mean, listed
from kij_analysis.questionnaire.questions import BARRIERS, Option, Question, Questionnaire
from kij_analysis.words import LANGUAGES

Found = tuple[Steps, str, str]


def answer_column(name: str, entry: Mapping[str, Any], codebook: Codebook) -> Column | None:
    """The harmonised column that a question fills first; none for the scale and for the barriers."""
    if name == BARRIERS or codebook.variables[name].type == "scale":
        return None
    return codebook.variables[name].column(entry.get("output", ""))


def problems_of(document: Document, codebook: Codebook) -> Iterator[Problem]:
    """What must be mended before the questions can be read at all."""
    data = document.data
    for steps, what, fix in (*_scale(data, codebook), *_reasons(data, codebook), *_places(data)):
        yield document.problem(steps, what, fix)
    for name, entry in data["questions"].items():
        for steps, what, fix in _question(name, entry, codebook):
            yield document.problem(("questions", name, *steps), f"{name}: {what}", fix)


def _scale(data: Mapping[str, Any], codebook: Codebook) -> Iterator[Found]:
    scale = codebook.scales.get(data["scale"]["id"])
    if scale is None:
        hint = did_you_mean(data["scale"]["id"], codebook.scales)
        yield ("scale", "id"), f"scales.yaml has no scale '{data['scale']['id']}'.", hint
    elif set(scale.languages) != set(LANGUAGES):
        yield ("scale", "id"), f"The scale '{scale.id}' does not have all five languages.", "Add them."
    elif str(data["scale"]["high"]) not in [step.code for step in scale.categories]:
        codes = listed(step.code for step in scale.categories)
        what = f"The scale '{scale.id}' has no code '{data['scale']['high']}'."
        yield ("scale", "high"), what, f"Codes: {codes}."


def _reasons(data: Mapping[str, Any], codebook: Codebook) -> Iterator[Found]:
    entries: dict[Steps, Any] = {("missing",): data["missing"]}
    entries.update({("questions", n, "missing"): q.get("missing", ()) for n, q in data["questions"].items()})
    for steps, reasons in entries.items():
        for reason in reasons:
            if reason not in codebook.missing:
                hint = did_you_mean(reason, codebook.missing)
                yield steps, f"The missing reason '{reason}' is not known.", hint
            elif reason not in data["texts"]:
                yield steps, f"'{reason}' has no text on the form.", f"Add {reason}: under texts:."


def _places(data: Mapping[str, Any]) -> Iterator[Found]:
    """Every question stands in exactly one section."""
    seen: dict[str, str] = {}
    for name, section in data["sections"].items():
        for question in section["questions"]:
            steps = ("sections", name, "questions")
            if question not in data["questions"]:
                hint = did_you_mean(question, data["questions"])
                yield steps, f"There is no question '{question}'.", hint
            if question in seen:
                what = f"'{question}' stands here and under {seen[question]}."
                yield steps, what, "Keep one of the two."
            seen[question] = name
    for question in data["questions"]:
        if question not in seen:
            yield ("questions", question), f"'{question}' stands in no section.", "Add it to one."


def _question(name: str, entry: Mapping[str, Any], codebook: Codebook) -> Iterator[Found]:
    variable = codebook.variables.get(name)
    if name != BARRIERS and (variable is None or variable.frame == "key"):
        hint = did_you_mean(name, [*codebook.variables, BARRIERS])
        yield (), "the codebook has no variable of this name.", hint
        return
    column = answer_column(name, entry, codebook)
    if variable is not None and variable.type != "scale" and column is None:
        outputs = listed(column.output for column in variable.columns)
        yield (), f"the answers lead to one of the outputs {outputs}.", "Name it under output:."
        return
    known = _results(name, column, codebook)
    options = entry.get("options", {})
    for result in options:
        if result not in known:
            yield ("options", result), f"'{result}' is no answer of it.", did_you_mean(result, known)
    absent = [result for result in known if result not in options]
    if absent:
        yield ("options",), f"{listed(absent)} has no option.", "Add it, with a code of its own."
    if entry.get("free_text", "") not in ("", *options):
        yield ("free_text",), f"there is no option '{entry['free_text']}'.", "Name one of the options."
    yield from _other_outputs(name, entry, codebook)


def _results(name: str, column: Column | None, codebook: Codebook) -> list[str]:
    """Everything that the options of a question must lead to."""
    if name == BARRIERS:
        return [*(barrier.code for barrier in codebook.barriers.values() if barrier.asked), "none"]
    return list(column.categories) if column is not None else []


def _other_outputs(name: str, entry: Mapping[str, Any], codebook: Codebook) -> Iterator[Found]:
    variable = codebook.variables.get(name)
    if variable is None or variable.type == "scale":
        return
    also = entry.get("also", {})
    filled = {entry.get("output", ""), *also}
    absent = [column.output for column in variable.columns if column.output not in filled]
    if absent:
        yield (
            (),
            f"the outputs {listed(absent)} get no value.",
            "Say under also: what each option means there.",
        )
    for output, values in also.items():
        column = variable.column(output)
        if column is None:
            yield ("also", output), f"it has no output '{output}'.", "Remove it."
            continue
        for result in entry.get("options", {}):
            if values.get(result) not in column.categories:
                what = f"'{result}' leads to '{values.get(result)}' in {output}."
                yield ("also", output), what, f"Known: {listed(column.categories)}."


def settled_problems(document: Document, core: Questionnaire) -> Iterator[Problem]:
    """What only shows once everything is read: variables without a question, codes and texts used twice."""
    for question in core.questions.values():
        for what, fix in _shared(question):
            yield document.problem(("questions", question.name), f"{question.name}: {what}", fix)
    asked = {core.variable(question).name for question in core.questions.values()}
    asked |= set(core.codebook.barrier_variables) if BARRIERS in core.questions else set()
    for variable in core.codebook.variables.values():
        forms = [form for form in core.forms if not variable.not_asked(*form)]
        if (
            variable.frame not in ("key", "meetings")
            and forms
            and variable.name not in asked | set(core.given)
        ):
            what = f"'{variable.name}' is asked by the codebook, and there is no question."
            yield document.problem(("questions",), what, "Add it, or say under given: why nobody is asked.")
    for reason, count in _twice([core.codebook.missing[reason].spss for reason in core.missing]):
        yield document.problem(("missing",), f"The code {reason} stands {count} times.", "Correct it.")


def _shared(question: Question) -> Iterator[tuple[str, str]]:
    """Codes are unique, and no text leads to two answers in any of the languages."""
    answers = (*question.options, *question.beside)
    for code, count in _twice([option.code for option in answers]):
        yield f"{count} options have the code {code}.", "Give each a code of its own."
    meant: dict[str, Option] = {}
    for option in answers:
        for text in dict.fromkeys(" ".join(text.split()).casefold() for text in option.texts.values()):
            other = meant.setdefault(text, option)
            if other is not option:
                yield f"'{text}' is the text of {other.code} and of {option.code}.", "Reword one of the two."


def _twice(items: list[Any]) -> list[tuple[Any, int]]:
    return [(item, items.count(item)) for item in dict.fromkeys(items) if items.count(item) > 1]
