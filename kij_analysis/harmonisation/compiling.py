"""Crosswalks compiled: from the rules that people write to lookup tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

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
from kij_analysis.codebook.specs import Formula, Intervals, Join, Mirror, Ridit, Score, StepTable, Turned
from kij_analysis.codebook.variables import Codebook, Column
from kij_analysis.errors import Problem, StudyError
from kij_analysis.harmonisation.layers import Pairs, as_it_stands, lookup_of, reasons_of, scaled, spread_over
from kij_analysis.harmonisation.lookups import (
    CompiledCrosswalk,
    CompiledRule,
    Fixed,
    Lookup,
    Membership,
    Plan,
    Reading,
    Ridits,
    Ticks,
    Turn,
)
from kij_analysis.harmonisation.planning import Defaults, calculating, cut, joining, scoring


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
        lookup_of("", [reasons_of(missing)])
    except StudyError as error:
        raise StudyError(replace(p, file=crosswalk.name) for p in error.problems) from None
    compiled = []
    for rule in crosswalk.rules:
        try:
            compiled.append(compile_rule(rule, codebook, missing))
        except StudyError as error:
            problems += [crosswalk.problem(rule, p) for p in error.problems]
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
    return lookup_of("", [reasons_of(missing)])


def answer_lookup(column: str, answers: Sequence[Answer]) -> Lookup:
    """Some answers of a column as a lookup table: what it finds is one of them."""
    return lookup_of(column, [[(answer, True) for answer in answers]])


def _plan(rule: Rule, column: Column, missing: Mapping[Answer, str], codebook: Codebook) -> Plan:
    spec = rule.spec
    if isinstance(spec, Absent):
        return Fixed(value=Missing(absent_reason(rule)))
    if isinstance(spec, Constant):
        return Fixed(value=spec.value)
    known = Defaults(column=column, missing=reasons_of(missing), codebook=codebook)
    if isinstance(spec, Score):
        return scoring(spec, known)
    if isinstance(spec, Formula):
        return calculating(spec, known)
    if isinstance(spec, Join):
        return joining(spec, known)
    if isinstance(spec, Intervals):
        return cut(spec, known)
    if isinstance(spec, Stretch | Threshold | Ridit | StepTable | Turned):
        return _scaled(spec, known)
    if isinstance(spec, ManyInOneCell | ColumnPerAnswer):
        return _choice(spec, known)
    return _one_column(spec, known)


def _one_column(spec: Direct | Map | Mirror, known: Defaults) -> Lookup | Reading:
    own = reasons_of(spec.missing)
    if isinstance(spec, Direct):
        return as_it_stands(spec.source, known.column, known.missing, own, spec.otherwise)
    if isinstance(spec, Mirror):
        return Reading(
            source=spec.source,
            type="number",
            missing=lookup_of(spec.source, [known.missing, own]),
            otherwise=spec.otherwise,
            then=Turn(low=spec.low, high=spec.high),
        )
    patterns = [(str(answer), value) for answer, value in spec.values.items()] if spec.regex else []
    literal: Pairs = [] if spec.regex else list(spec.values.items())
    return lookup_of(
        spec.source,
        [known.missing, [*literal, *own]],
        spec.labels,
        patterns=patterns,
        otherwise=spec.otherwise,
    )


def _scaled(spec: Stretch | Threshold | Ridit | StepTable | Turned, known: Defaults) -> Lookup | Ridits:
    """Each step of the scale with what it leads to."""
    scale = known.codebook.scales[spec.scale]
    last = len(scale.categories) - 1
    own = reasons_of(spec.missing)
    if isinstance(spec, Stretch):
        number = spread_over(scale, spec.low, spec.high, turned=spec.reversed)
        return scaled(spec.source, scale, known.missing, own, number)
    if isinstance(spec, Threshold):
        at, turned = spec.at, spec.reversed
        return scaled(spec.source, scale, known.missing, own, lambda p: p <= at if turned else p >= at)
    if isinstance(spec, StepTable):
        return scaled(spec.source, scale, known.missing, own, lambda p: spec.numbers[p])
    if isinstance(spec, Turned):
        codes = list(known.column.categories)
        return scaled(spec.source, scale, known.missing, own, lambda p: codes[last - p])
    turned = spec.reversed
    steps = scaled(spec.source, scale, known.missing, own, lambda p: last - p if turned else p)
    weights = spec.reference[::-1] if turned else spec.reference
    return Ridits(steps=steps, weights=weights, size=last + 1, low=spec.low, high=spec.high)


def _choice(spec: ManyInOneCell | ColumnPerAnswer, known: Defaults) -> Membership | Ticks:
    own, order = reasons_of(spec.missing), tuple(known.codebook.missing)
    variable = known.column.variable
    target = "barriers" if variable in known.codebook.barrier_variables else variable
    if isinstance(spec, ManyInOneCell):
        return Membership(
            answers=lookup_of(spec.source, [known.missing, [*spec.values.items(), *own]]),
            separator=spec.separator,
            empty=_blank(spec.empty),
            code=spec.code,
            precedence=order,
            target=target,
            count=spec.count,
        )
    ticks: Pairs = [*((answer, True) for answer in spec.chosen), *((a, False) for a in spec.not_chosen), *own]
    return Ticks(
        columns=spec.columns,
        ticks=lookup_of("", [known.missing, ticks]),
        none_chosen=_blank(spec.none_chosen),
        code=spec.code,
        precedence=order,
        target=target,
        count=spec.count,
    )


def _blank(meaning: str) -> object:
    """What it means that nothing was chosen: that there is nothing to choose, or a missing reason."""
    return "none" if meaning == "none" else Missing(meaning)
