"""Rules that need more than one lookup table: intervals, scores, key files and formulas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kij_analysis.codebook.crosswalks import Answer, Missing
from kij_analysis.codebook.expressions import parse
from kij_analysis.codebook.intervals import overlaps
from kij_analysis.codebook.specs import Formula, Input, Intervals, Item, Join, Score
from kij_analysis.codebook.variables import Codebook, Column
from kij_analysis.errors import Problem, StudyError
from kij_analysis.harmonisation.layers import Pairs, as_it_stands, lookup_of, reasons_of, scaled, spread_over
from kij_analysis.harmonisation.lookups import (
    Calculating,
    Cut,
    Joining,
    Lookup,
    Reading,
    Scoring,
    Turn,
)


@dataclass(frozen=True, kw_only=True)
class Defaults:
    """What every rule knows: its column, what the instrument says about missing answers, the codebook."""

    column: Column
    missing: Pairs
    codebook: Codebook


def cut(spec: Intervals, known: Defaults) -> Reading:
    """The plan of intervals.

    Raises
    ------
    StudyError
        For every two intervals that share a number.
    """
    problems = [
        Problem(
            what=f"The intervals {lower} and {upper} overlap.",
            fix="Let each number lie in one of them: a round bracket leaves an end out.",
        )
        for lower, upper in overlaps(interval for interval, _ in spec.pieces)
    ]
    if problems:
        raise StudyError(problems)
    named: Pairs = [*spec.values.items(), *reasons_of(spec.missing)]
    return Reading(
        source=spec.source,
        type="number",
        missing=lookup_of(spec.source, [known.missing, named]),
        minimum=known.column.minimum,
        maximum=known.column.maximum,
        otherwise=spec.otherwise,
        then=Cut(pieces=spec.pieces, rest=spec.rest),
    )


def scoring(spec: Score, known: Defaults) -> Scoring:
    """The plan of a score."""
    return Scoring(
        items=tuple(_item(item, spec, known) for item in spec.items),
        times=len(spec.items) if spec.method == "sum" else 1,
        minimum=spec.minimum,
        low=spec.low,
        high=spec.high,
        spread=spec.spread,
        precedence=tuple(known.codebook.missing),
    )


def _item(item: Item, spec: Score, known: Defaults) -> Lookup | Reading:
    """One item as numbers of the declared range, turned where it is worded the other way."""
    own = reasons_of(item.missing)
    if item.scale:
        scale = known.codebook.scales[item.scale]
        number = spread_over(scale, spec.low, spec.high, turned=item.reversed)
        return scaled(item.source, scale, known.missing, own, number)
    if item.values:
        turned = {answer: _turned(value, item, spec) for answer, value in item.values.items()}
        return lookup_of(item.source, [known.missing, [*turned.items(), *own]])
    return Reading(
        source=item.source,
        type="number",
        missing=lookup_of(item.source, [known.missing, own]),
        minimum=spec.low,
        maximum=spec.high,
        then=Turn(low=spec.low, high=spec.high) if item.reversed else None,
    )


def _turned(value: object, item: Item, spec: Score) -> object:
    if isinstance(value, Missing) or not isinstance(value, int | float):
        return value
    return spec.low + spec.high - value if item.reversed else value


def joining(spec: Join, known: Defaults) -> Joining:
    """The plan of a join: what the keys are, and what the answers that come over lead to."""
    own = reasons_of(spec.missing)
    brought: Lookup | Reading = as_it_stands(spec.bring, known.column, known.missing, own)
    if spec.values:
        brought = lookup_of(spec.bring, [known.missing, [*spec.values.items(), *own]])
    return Joining(
        source=spec.source,
        path=spec.path,
        form=spec.form,
        key=spec.key,
        bring=spec.bring,
        none=lookup_of(spec.source, [known.missing, own]),
        brought=brought,
        otherwise=spec.otherwise,
    )


def calculating(spec: Formula, known: Defaults) -> Calculating:
    """The plan of a formula: each input as a lookup table or as numbers, dates or texts to be read."""
    values: Mapping[Answer, object] = spec.values
    return Calculating(
        inputs={name: _input(part, known) for name, part in spec.inputs.items()},
        types={name: part.type for name, part in spec.inputs.items()},
        expression=parse(spec.text),
        values=lookup_of("", [list(values.items())]) if values else None,
        otherwise=spec.otherwise,
        precedence=tuple(known.codebook.missing),
    )


def _input(part: Input, known: Defaults) -> Lookup | Reading:
    own = reasons_of(part.missing)
    if part.values:
        return lookup_of(part.source, [known.missing, [*part.values.items(), *own]])
    return Reading(
        source=part.source,
        type=part.type,
        missing=lookup_of(part.source, [known.missing, own]),
        otherwise=part.otherwise,
    )
