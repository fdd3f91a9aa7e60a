"""Crosswalks compiled: from the rules that people write to lookup tables."""

from __future__ import annotations

from collections.abc import Mapping

from kij_analysis.codebook.crosswalks import (
    Absent,
    Answer,
    ColumnPerAnswer,
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
from kij_analysis.errors import HarmonisationError, Problem
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
)
from kij_analysis.sources import normalise


def absent_reason(rule: Rule) -> str:
    """The missing reason of a column that an instrument does not fill."""
    if rule.kind == "impossible":
        return "not_comparable" if rule.detail == "incompatible" else "not_asked"
    return rule.kind


def compile_crosswalk(crosswalk: Crosswalk, codebook: Codebook) -> CompiledCrosswalk:
    """The lookup tables of a crosswalk; no data is looked at.

    Raises
    ------
    HarmonisationError
        If two spellings of one answer lead to different values, for every rule where it is so.
    """
    problems: list[Problem] = []
    compiled = []
    for rule in crosswalk.rules:
        try:
            compiled.append(compile_rule(rule, codebook, crosswalk.instrument.missing))
        except HarmonisationError as error:
            problems += [
                Problem(what=p.what, fix=p.fix, file=crosswalk.name, line=rule.line) for p in error.problems
            ]
    if problems:
        raise HarmonisationError(problems)
    return CompiledCrosswalk(crosswalk=crosswalk, rules=tuple(compiled))


def compile_rule(rule: Rule, codebook: Codebook, missing: Mapping[Answer, str]) -> CompiledRule:
    """One rule's lookup tables; `missing` is what the instrument says about answers that are none."""
    column = codebook.columns[rule.column]
    return CompiledRule(rule=rule, column=column, plan=_plan(rule, column, missing, codebook))


def _plan(rule: Rule, column: Column, defaults: Mapping[Answer, str], codebook: Codebook) -> Plan:
    spec = rule.spec
    if isinstance(spec, Absent):
        return Fixed(value=Missing(absent_reason(rule)))
    if isinstance(spec, Constant):
        return Fixed(value=spec.value)
    missing = {answer: Missing(reason) for answer, reason in {**defaults, **spec.missing}.items()}
    if isinstance(spec, Direct):
        return _direct(spec, column, missing)
    if isinstance(spec, Map):
        return _lookup(spec.source, {**missing, **spec.values}, spec.labels)
    if isinstance(spec, Stretch | Threshold):
        return _scaled(spec, codebook.scales[spec.scale], defaults)
    if isinstance(spec, ManyInOneCell):
        answers = _lookup(spec.source, {**missing, **spec.values})
        empty: object = "none" if spec.empty == "none" else Missing(spec.empty)
        return Membership(answers=answers, separator=spec.separator, empty=empty, code=spec.code)
    return _ticks(spec, missing)


def _direct(spec: Direct, column: Column, missing: Mapping[Answer, object]) -> Plan:
    if column.type == "category":
        return _lookup(spec.source, {**missing, **{code: code for code in column.categories}})
    if column.type == "boolean":
        return _lookup(spec.source, {**missing, "true": True, "false": False, 1: True, 0: False})
    return Reading(
        source=spec.source,
        type=column.type,
        missing=_lookup(spec.source, missing),
        minimum=column.minimum,
        maximum=column.maximum,
        otherwise=spec.otherwise,
    )


def _scaled(spec: Stretch | Threshold, scale: Scale, defaults: Mapping[Answer, str]) -> Lookup:
    """Each step of the scale by its code and by its label in every language of the instrument."""
    answers: dict[Answer, object] = {
        answer: Missing(reason) for answer, reason in {**defaults, **scale.missing, **spec.missing}.items()
    }
    labels: dict[Answer, tuple[str, ...]] = {}
    codes: dict[str, object] = {}
    last = len(scale.categories) - 1
    for position, step in enumerate(scale.categories):
        if isinstance(spec, Stretch):
            value: object = spec.low + (spec.high - spec.low) * position / last
        else:
            value = position >= spec.at
        if step.code:
            codes[step.code] = value
            labels[step.code] = tuple(step.labels.values())
        answers.update(dict.fromkeys(step.labels.values(), value))
    return _lookup(spec.source, answers, labels, codes=codes)


def _ticks(spec: ColumnPerAnswer, missing: Mapping[Answer, object]) -> Ticks:
    ticks: dict[Answer, object] = dict(missing)
    ticks.update(dict.fromkeys(spec.not_chosen, False))
    ticks.update(dict.fromkeys(spec.chosen, True))
    none_chosen: object = "none" if spec.none_chosen == "none" else Missing(spec.none_chosen)
    return Ticks(columns=spec.columns, ticks=_lookup("", ticks), none_chosen=none_chosen, code=spec.code)


def _lookup(
    source: str,
    answers: Mapping[Answer, object],
    labels: Mapping[Answer, str | tuple[str, ...]] | None = None,
    *,
    codes: Mapping[str, object] | None = None,
) -> Lookup:
    """Answers sorted into texts and codes; two spellings of one text may not disagree."""
    by_text: dict[str, object] = {}
    by_code: dict[str, object] = dict(codes or {})
    for answer, value in answers.items():
        if isinstance(answer, str) and not answer.startswith("."):
            text = normalise(answer)
            if text in by_text and by_text[text] != value:
                raise HarmonisationError(
                    f"The answer '{answer}' leads to two values: {by_text[text]} and {value}.",
                    fix="Spellings that differ only in blanks or capitals are one answer: keep one.",
                )
            by_text[text] = value
        else:
            by_code[answer_code(answer)] = value
    expected = {
        answer_code(code): tuple(normalise(t) for t in ([text] if isinstance(text, str) else text))
        for code, text in (labels or {}).items()
    }
    known = tuple(dict.fromkeys([*(codes or {}), *(str(a) for a in answers if str(a) != "")]))
    return Lookup(source=source, by_text=by_text, by_code=by_code, labels=expected, known=known)
