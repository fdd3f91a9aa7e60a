"""Answer scales read from scales.yaml, with what contradicts itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from kij_analysis.codebook.variables import Scale, ScaleCategory
from kij_analysis.codebook.yaml_files import Document
from kij_analysis.codebook.yaml_nodes import Steps
from kij_analysis.errors import Problem, did_you_mean, listed
from kij_analysis.words.terms import term_base

Found = tuple[Steps, str, str]


def read_scales(document: Document, reasons: Collection[str]) -> tuple[dict[str, Scale], list[Problem]]:
    """The scales of a file and their problems; `reasons` are the missing reasons of the codebook."""
    scales = {name: _scale(name, entry) for name, entry in document.data["scales"].items()}
    problems = [
        document.problem(("scales", name, *steps), f"{name}: {what}", fix)
        for name, scale in scales.items()
        for steps, what, fix in (
            *_term_problems(document.data["scales"][name]),
            *_step_problems(scale),
            *_language_problems(scale),
            *_order_problems(scale),
            *_reasons(scale, reasons),
        )
    ]
    return scales, problems


def _scale(name: str, entry: Any) -> Scale:
    steps = (
        ScaleCategory(
            code=_code(part.get("code", "")),
            labels=_labels(part, entry["languages"]),
            translations=part.get("translations", {}),
        )
        for part in entry["categories"]
    )
    return Scale(
        id=name,
        languages=tuple(entry["languages"]),
        direction=entry["direction"],
        middle=entry["middle"],
        basis=entry["basis"],
        categories=tuple(steps),
        missing=entry.get("missing", {}),
    )


def _labels(part: Any, languages: Iterable[str]) -> Mapping[str, str]:
    """The labels of a step, from the file or from the term base; none for a term that does not exist."""
    term = term_base().get(part.get("term", ""))
    return {language: term.labels[language] for language in languages} if term else part.get("labels", {})


def _term_problems(entry: Any) -> Iterator[Found]:
    for position, part in enumerate(entry["categories"]):
        if "term" in part and part["term"] not in term_base():
            what = f"'{part['term']}' is not in the term base."
            yield ("categories", position), what, did_you_mean(part["term"], term_base())


def _code(code: str | int | float) -> str:
    """A code as answers spell it: 1.0 is 1."""
    return str(int(code)) if isinstance(code, float) and code.is_integer() else str(code)


def _step_problems(scale: Scale) -> Iterator[Found]:
    """Each step needs a code or labels, and no answer may stand for two steps, or for a step and a reason."""
    taken = {_folded(str(answer)): "among the missing answers" for answer in scale.missing}
    for position, step in enumerate(scale.categories):
        place = ("categories", position)
        if not step.code and not step.labels:
            yield place, f"step {position + 1} has neither a code nor labels.", "Add one."
        own = dict.fromkeys(text for text in (step.code, *step.labels.values()) if text)
        for text in own:
            other = taken.get(_folded(text))
            if other:
                yield (
                    place,
                    f"'{text}' is step {position + 1} and stands {other} too.",
                    "Keep one of the two.",
                )
        taken.update(dict.fromkeys(map(_folded, own), f"at step {position + 1}"))


def _language_problems(scale: Scale) -> Iterator[Found]:
    """Labels stand in the scale's languages; a step without a code can be recognised in each of them."""
    for position, step in enumerate(scale.categories):
        place = ("categories", position)
        for language in step.translations:
            if language in step.labels:
                what = f"step {position + 1} has both a label and a translation in '{language}'."
                yield (*place, "translations", language), what, "Keep the label: it is what people read."
        for language in step.labels:
            if language not in scale.languages:
                what = f"step {position + 1} has a label in '{language}', no language of the scale."
                yield (*place, "labels", language), what, "Add it to languages:, or correct it."
        absent = [language for language in scale.languages if language not in step.labels]
        if step.labels and not step.code and absent:
            what = f"step {position + 1} has no label in {listed(absent)}, and no code."
            yield place, what, "Add what the questionnaire calls it there, or its code."


def _order_problems(scale: Scale) -> Iterator[Found]:
    """The codes run in the declared direction, and an odd number of steps has a middle."""
    codes = [step.code for step in scale.categories]
    numbers = [number for number in map(_number, codes) if number is not None]
    if len(numbers) == len(codes) and numbers != sorted(numbers, reverse=scale.direction == "descending"):
        what = f"the codes {', '.join(codes)} from low to high are not {scale.direction}."
        yield ("direction",), what, "Correct direction or order."
    if scale.middle != (len(codes) % 2 == 1):
        what = f"{len(codes)} steps and middle: {str(scale.middle).lower()} do not agree."
        yield ("middle",), what, "Correct one of them."


def _reasons(scale: Scale, reasons: Collection[str]) -> Iterator[Found]:
    for answer, reason in scale.missing.items():
        if reasons and reason not in reasons:
            fix = f"{did_you_mean(reason, reasons)} Known: {listed(reasons)}."
            yield ("missing", answer), f"the missing reason '{reason}' is not known.", fix


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _number(code: str) -> float | None:
    try:
        return float(code)
    except ValueError:
        return None
