"""Crosswalks compiled: from the rules that people write to lookup tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kij_analysis.codebook.crosswalks import (
    Absent,
    Answer,
    Constant,
    Crosswalk,
    Direct,
    ManyInOneCell,
    Map,
    Missing,
    Rule,
    Stretch,
    Threshold,
)
from kij_analysis.codebook.variables import Codebook, Column, Scale
from kij_analysis.errors import Problem, StudyError
from kij_analysis.harmonisation.lookups import (
    CompiledCrosswalk,
    CompiledRule,
    Fixed,
    Lookup,
    Membership,
    Plan,
    Reading,
    Ticks,
    answer_code,
    reason_of,
)
from kij_analysis.sources import normalise


def absent_reason(rule: Rule) -> str:
    """The missing reason of a column that an instrument does not fill."""
    if isinstance(rule.spec, Absent) and rule.spec.reason:
        return rule.spec.reason
    if rule.kind == "impossible":
        return "not_comparable" if rule.detail == "incompatible" else "not_asked"
    return rule.kind


def compile_crosswalk(crosswalk: Crosswalk, codebook: Codebook) -> CompiledCrosswalk:
    """The lookup tables of a crosswalk; no data is looked at.

    Raises
    ------
    StudyError
        If one answer leads to two values, for every rule where it is so.

    Examples
    --------
    >>> from kij_analysis.codebook import load_codebook, load_crosswalk
    >>> from kij_analysis.template import template_folder
    >>> folder = template_folder() / "codebook"
    >>> book = load_codebook(folder)
    >>> found = compile_crosswalk(load_crosswalk(folder / "crosswalks" / "sajo_end_2024.yaml", book), book)
    >>> found.rules[0].plan.by_code["1"], found.rules[0].plan.labels["1"]
    ('woman', ('kvinne',))
    """
    missing = crosswalk.instrument.missing
    problems: list[Problem] = []
    try:
        _lookup("", [_reasons(missing)])
    except StudyError as error:
        raise StudyError(replace(p, file=crosswalk.name) for p in error.problems) from None
    compiled = []
    for rule in crosswalk.rules:
        try:
            compiled.append(compile_rule(rule, codebook, missing))
        except StudyError as error:
            problems += [replace(p, file=crosswalk.name, line=rule.line) for p in error.problems]
    if problems:
        raise StudyError(dict.fromkeys(problems))
    return CompiledCrosswalk(crosswalk=crosswalk, rules=tuple(compiled))


def compile_rule(rule: Rule, codebook: Codebook, missing: Mapping[Answer, str]) -> CompiledRule:
    """One rule's lookup tables; `missing` is what the instrument says about answers that are none.

    What a rule says itself beats what the instrument says about every column.
    """
    column = codebook.columns[rule.column]
    return CompiledRule(rule=rule, column=column, plan=_plan(rule, column, missing, codebook))


def missing_lookup(missing: Mapping[Answer, str]) -> Lookup:
    """What the instrument says about answers that are none, as a lookup table."""
    return _lookup("", [_reasons(missing)])


def answer_lookup(column: str, answers: Sequence[Answer]) -> Lookup:
    """Some answers of a column as a lookup table: what it finds is one of them."""
    return _lookup(column, [[(answer, True) for answer in answers]])


Pairs = list[tuple[Answer, object]]


def _reasons(missing: Mapping[Answer, str]) -> Pairs:
    return [(answer, Missing(reason)) for answer, reason in missing.items()]


def _plan(rule: Rule, column: Column, missing: Mapping[Answer, str], codebook: Codebook) -> Plan:
    spec, defaults = rule.spec, _reasons(missing)
    if isinstance(spec, Absent):
        return Fixed(value=Missing(absent_reason(rule)))
    if isinstance(spec, Constant):
        return Fixed(value=spec.value)
    own = _reasons(spec.missing)
    if isinstance(spec, Direct):
        return _direct(spec, column, defaults, own)
    if isinstance(spec, Map):
        return _lookup(spec.source, [defaults, [*spec.values.items(), *own]], spec.labels)
    if isinstance(spec, Stretch | Threshold):
        return _scaled(spec, codebook.scales[spec.scale], defaults, own)
    order = tuple(codebook.missing)
    if isinstance(spec, ManyInOneCell):
        answers = _lookup(spec.source, [defaults, [*spec.values.items(), *own]])
        empty = _blank(spec.empty)
        return Membership(
            answers=answers, separator=spec.separator, empty=empty, code=spec.code, precedence=order
        )
    ticks: Pairs = [*((answer, True) for answer in spec.chosen), *((a, False) for a in spec.not_chosen), *own]
    return Ticks(
        columns=spec.columns,
        ticks=_lookup("", [defaults, ticks]),
        none_chosen=_blank(spec.none_chosen),
        code=spec.code,
        precedence=order,
    )


def _blank(meaning: str) -> object:
    """What it means that nothing was chosen: that there are no barriers, or a missing reason."""
    return "none" if meaning == "none" else Missing(meaning)


def _direct(spec: Direct, column: Column, defaults: Pairs, own: Pairs) -> Plan:
    if column.type == "category":
        codes: Pairs = [(code, code) for code in column.categories]
        return _lookup(spec.source, [defaults, codes, own])
    if column.type == "boolean":
        return _lookup(
            spec.source, [defaults, [("true", True), ("false", False), (1, True), (0, False)], own]
        )
    return Reading(
        source=spec.source,
        type=column.type,
        missing=_lookup(spec.source, [defaults, own]),
        minimum=column.minimum,
        maximum=column.maximum,
        otherwise=spec.otherwise,
    )


def _scaled(spec: Stretch | Threshold, scale: Scale, defaults: Pairs, own: Pairs) -> Lookup:
    """Each step of the scale by its code and by its label in every language of the instrument."""
    steps: Pairs = []
    labels: dict[Answer, tuple[str, ...]] = {}
    last = len(scale.categories) - 1
    for position, step in enumerate(scale.categories):
        if isinstance(spec, Stretch):
            value: object = spec.low + (spec.high - spec.low) * position / last
        else:
            value = position >= spec.at
        if step.code:
            steps.append((step.code, value))
            labels[step.code] = tuple(step.labels.values())
        steps += [(label, value) for label in step.labels.values()]
    return _lookup(spec.source, [defaults, _reasons(scale.missing), [*steps, *own]], labels)


def _lookup(
    source: str,
    layers: Sequence[Pairs],
    labels: Mapping[Answer, str | tuple[str, ...]] | None = None,
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
    return Lookup(source=source, by_text=by_text, by_code=by_code, labels=expected, known=tuple(known))


def _place(answer: Answer) -> tuple[bool, str]:
    """Whether an answer is a code, and its key: numbers and Stata's tags are codes, all else is text."""
    text = answer_code(answer)
    is_code = not isinstance(answer, str) or bool(re.fullmatch(r"-?[0-9]+(\.[0-9]+)?|\.[a-z]", answer))
    return is_code, text if is_code else normalise(text)


def _told(value: object) -> str:
    return reason_of(value) or str(value)
