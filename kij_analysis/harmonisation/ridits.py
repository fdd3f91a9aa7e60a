"""Ridits: each step of a scale as a place in a reference population (Bross 1958)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from kij_analysis.codebook.crosswalks import Missing
from kij_analysis.errors import Problem
from kij_analysis.harmonisation.at_hand import AtHand
from kij_analysis.harmonisation.filled import Filled
from kij_analysis.harmonisation.lookups import CompiledRule, Ridits
from kij_analysis.harmonisation.resolving import NOTHING, resolve


def ridits_of(weights: Sequence[float]) -> list[float]:
    """The share of people below each step and half of those at it; steps from low to high.

    Examples
    --------
    >>> ridits_of([1, 2, 1])
    [0.125, 0.5, 0.875]
    """
    shares = np.array(weights, dtype="float64") / sum(weights)
    return (shares.cumsum() - shares / 2).tolist()


def ridit(rule: CompiledRule, plan: Ridits, at_hand: AtHand) -> Filled:
    """The steps of one column as ridits, by the declared reference or by the file's own answers."""
    raw, source = at_hand.raw, plan.steps.source
    found = resolve(raw, source, plan.steps, target=rule.column.variable, rows=at_hand.rows)
    positions, answers = raw.keys(source)
    steps = [None if o is NOTHING or isinstance(o, Missing) else int(str(o)) for o in found.outcomes]
    weights, problems = plan.weights, list(found.problems)
    if not weights:
        counts = np.bincount(positions, minlength=len(answers))
        own = np.zeros(plan.size)
        for step, count in zip(steps, counts, strict=True):
            own[step or 0] += count if step is not None else 0
        weights = tuple(own)
        problems += [_own(rule, int(own.sum()), raw.name, source)]
    places = ridits_of(weights) if sum(weights) else [0.5] * plan.size
    # Rounded, so that a computer whose last digits differ gives the same file.
    spread = [round(plan.low + (plan.high - plan.low) * place, 12) for place in places]
    outcomes = [
        outcome if step is None else spread[step] for outcome, step in zip(found.outcomes, steps, strict=True)
    ]
    filled = Filled(column=rule.column, positions=positions, outcomes=outcomes, answers=found.named)
    return replace(filled, problems=problems)


def _own(rule: CompiledRule, people: int, file: str, column: str) -> Problem:
    return Problem(
        what=f"for {rule.column.variable}: the ridits compare with the file's own {people} answers, "
        "so their mean is the middle in every file.",
        fix="To compare files, give all of them one reference.",
        file=file,
        column=column,
        severity="notice",
    )
