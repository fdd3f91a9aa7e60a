"""Scores of several items: their mean or sum for everybody who answered enough of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from kij_analysis.errors import Problem
from kij_analysis.harmonisation.at_hand import AtHand
from kij_analysis.harmonisation.filled import Filled
from kij_analysis.harmonisation.gathering import Gathered, calculated, gather
from kij_analysis.harmonisation.lookups import CompiledRule, Scoring
from kij_analysis.harmonisation.operands import VALID, Operand, first_reason

TURNED, ENOUGH = -0.2, 20
"""A correlation with the other items below this, over at least so many rows, is told."""


def score(rule: CompiledRule, plan: Scoring, at_hand: AtHand) -> Filled:
    """The score of every row; the reason of a missing one is the first of those of its missing items."""
    items = [gather(rule, item, "number", plan.precedence, at_hand) for item in plan.items]
    values = np.stack([np.where(item.operand.valid, item.operand.values, 0) for item in items])
    answered = np.sum([item.operand.valid for item in items], axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = values.sum(axis=0) / answered
    result = mean * plan.times
    if plan.spread is not None:
        low, high = plan.spread
        result = low + (high - low) * (mean - plan.low) / (plan.high - plan.low)
    enough = answered >= plan.minimum
    reasons = np.where(enough, VALID, first_reason([item.operand for item in items])).astype("int8")
    failed = np.logical_or.reduce([item.failed for item in items])
    operand = Operand(np.where(enough, result.round(12), np.nan), reasons)
    filled = calculated(rule.column, operand, failed, plan.precedence, lambda value: value)
    problems = [problem for item in items for problem in item.problems]
    return replace(filled, problems=[*problems, *_against(rule, items, at_hand.raw.name)])


def _against(rule: CompiledRule, items: Sequence[Gathered], file: str) -> Iterator[Problem]:
    """Items that fall where the others rise: they may be worded the other way."""
    for place, item in enumerate(items):
        others = [other.operand for other in items if other is not item]
        rows = np.logical_and.reduce([item.operand.valid, *(other.valid for other in others)])
        one, rest = item.operand.values[rows], sum(other.values[rows] for other in others)
        if rows.sum() < ENOUGH or np.ptp(one) == 0 or np.ptp(rest) == 0:
            continue
        together = float(np.corrcoef(one, rest)[0, 1])
        if together < TURNED:
            yield Problem(
                what=f"for {rule.column.variable}: the item falls where the others rise "
                f"(correlation {together:.2f} over {int(rows.sum())} rows).",
                fix="If it is worded the other way, say reversed: true.",
                file=file,
                column=rule.rule.sources[place],
                severity="notice",
            )
