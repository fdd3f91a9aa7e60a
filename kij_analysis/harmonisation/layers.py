"""Answers sorted into lookup tables, in layers: a later layer beats those before it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from kij_analysis.codebook.crosswalks import Answer, Missing
from kij_analysis.codebook.variables import Column, Scale
from kij_analysis.errors import StudyError
from kij_analysis.harmonisation.lookups import Lookup, Reading, answer_code, reason_of
from kij_analysis.sources import normalise

Pairs = list[tuple[Answer, object]]


def reasons_of(missing: Mapping[Answer, str]) -> Pairs:
    """Answers that are none, each with its reason."""
    return [(answer, Missing(reason)) for answer, reason in missing.items()]


def as_it_stands(
    source: str, column: Column, defaults: Pairs, own: Pairs, otherwise: str = ""
) -> Lookup | Reading:
    """Answers that are the column's codes, or true and false, or numbers, dates and texts to be read."""
    if column.type == "category":
        codes: Pairs = [(code, code) for code in column.categories]
        return lookup_of(source, [defaults, codes, own])
    if column.type == "boolean":
        signs: Pairs = [("true", True), ("false", False), (1, True), (0, False)]
        return lookup_of(source, [defaults, signs, own])
    return Reading(
        source=source,
        type=column.type,
        missing=lookup_of(source, [defaults, own]),
        minimum=column.minimum,
        maximum=column.maximum,
        otherwise=otherwise,
    )


def scaled(
    source: str, scale: Scale, defaults: Pairs, own: Pairs, value_of: Callable[[int], object]
) -> Lookup:
    """Each step of a scale by its code and by its label in every language of the instrument."""
    steps: Pairs = []
    labels: dict[Answer, tuple[str, ...]] = {}
    for position, step in enumerate(scale.categories):
        value = value_of(position)
        if step.code:
            steps.append((step.code, value))
            labels[step.code] = tuple(step.labels.values())
        steps += [(label, value) for label in step.labels.values()]
    return lookup_of(source, [defaults, reasons_of(scale.missing), [*steps, *own]], labels)


def spread_over(scale: Scale, low: float, high: float, *, turned: bool = False) -> Callable[[int], float]:
    """The number of each step, if the steps lie evenly between two numbers."""
    last = len(scale.categories) - 1
    return lambda position: low + (high - low) * (last - position if turned else position) / last


def lookup_of(
    source: str,
    layers: Sequence[Pairs],
    labels: Mapping[Answer, str | tuple[str, ...]] | None = None,
    *,
    patterns: Iterable[tuple[str, object]] = (),
    otherwise: str = "",
) -> Lookup:
    """Answers sorted into texts and codes; a later layer beats those before it.

    Raises
    ------
    StudyError
        If one answer leads to two values within a layer.
    """
    by_text: dict[str, object] = {}
    by_code: dict[str, object] = {}
    known: dict[str, None] = {}
    for layer in reversed(layers):
        own: dict[tuple[bool, str], object] = {}
        for answer, value in layer:
            place = _place(answer)
            if own.setdefault(place, value) != value:
                raise StudyError(
                    f"The answer '{answer}' leads to two values: {_told(own[place])} and {_told(value)}.",
                    fix="Spellings that differ only in blanks or capitals are one answer: keep one.",
                )
            known.update({str(answer): None} if answer != "" else {})
        for (is_code, key), value in own.items():
            (by_code if is_code else by_text).setdefault(key, value)
    expected = {
        answer_code(code): tuple(normalise(t) for t in ([text] if isinstance(text, str) else text))
        for code, text in (labels or {}).items()
    }
    tried = tuple(patterns)
    known.update({pattern: None for pattern, _ in tried})
    return Lookup(
        source=source,
        by_text=by_text,
        by_code=by_code,
        labels=expected,
        known=tuple(known),
        patterns=tried,
        otherwise=otherwise,
    )


def _place(answer: Answer) -> tuple[bool, str]:
    """Whether an answer is a code, and its key: numbers and Stata's tags are codes, all else is text."""
    text = answer_code(answer)
    is_code = not isinstance(answer, str) or bool(re.fullmatch(r"-?[0-9]+(\.[0-9]+)?|\.[a-z]", answer))
    return is_code, text if is_code else normalise(text)


def _told(value: object) -> str:
    return reason_of(value) or str(value)
