"""Formulas applied to one file: what they give, held against the codebook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from kij_analysis.codebook.variables import Column
from kij_analysis.errors import Problem
from kij_analysis.harmonisation.at_hand import AtHand
from kij_analysis.harmonisation.evaluating import NO_CASE, UNDEFINED, Operand, evaluate
from kij_analysis.harmonisation.filled import Filled
from kij_analysis.harmonisation.gathering import calculated, gather
from kij_analysis.harmonisation.lookups import Calculating, CompiledRule, Lookup, answer_code
from kij_analysis.harmonisation.resolving import NOTHING
from kij_analysis.sources import normalise


def calculate(rule: CompiledRule, plan: Calculating, at_hand: AtHand) -> Filled:
    """What a formula gives in every row; a result that the column cannot hold is a problem or a reason."""
    inputs = {
        name: gather(rule, part, plan.types[name], plan.precedence, at_hand)
        for name, part in plan.inputs.items()
    }
    result = evaluate(plan.expression, {name: part.operand for name, part in inputs.items()})
    failed = np.logical_or.reduce([part.failed for part in inputs.values()])
    filled = calculated(
        rule.column, result, failed, plan.precedence, lambda value: _outcome(value, plan, rule.column)
    )
    stranger = np.array([outcome is NOTHING for outcome in filled.outcomes], dtype=bool)[filled.positions]
    stranger &= ~failed
    problems = [problem for part in inputs.values() for problem in part.problems]
    problems += _strangers(stranger, result, rule, plan, at_hand)
    if plan.otherwise:
        reason = len(filled.outcomes) - 1 - len(plan.precedence) + plan.precedence.index(plan.otherwise)
        filled = replace(filled, positions=np.where(stranger, np.intp(reason), filled.positions))
    return replace(filled, problems=problems)


def _outcome(value: object, plan: Calculating, column: Column) -> object:
    """What one result leads to; nothing if the column cannot hold it."""
    if plan.values is not None:
        return _listed(value, plan.values)
    if column.type == "category":
        code = answer_code(value) if isinstance(value, str | float) else ""
        return code if code in column.categories else NOTHING
    if column.type == "number" and isinstance(value, float):
        low = -np.inf if column.minimum is None else column.minimum
        high = np.inf if column.maximum is None else column.maximum
        return value if low <= value <= high else NOTHING
    return pd.Timestamp(value) if column.type == "date" else value


def _listed(value: object, values: Lookup) -> object:
    if isinstance(value, bool):
        return values.by_text.get(str(value).lower(), NOTHING)
    if isinstance(value, float):
        return values.by_code.get(answer_code(value), NOTHING)
    text = str(value)
    return values.by_text.get(normalise(text), values.by_code.get(text.strip(), NOTHING))


def _strangers(
    stranger: np.ndarray, result: Operand, rule: CompiledRule, plan: Calculating, at_hand: AtHand
) -> Iterator[Problem]:
    """Results that the column cannot hold, by what is wrong with them; the results are not shown."""
    low, high = ("any" if b is None else f"{b:g}" for b in (rule.column.minimum, rule.column.maximum))
    beyond = f"lie outside {low}–{high}"
    if plan.values is not None or rule.column.type == "category":
        beyond = "have no value of their own under values:" if plan.values else "are no category"
    found = {
        "fit no condition of case, which has no value at its end": stranger & (result.reasons == NO_CASE),
        "are no number, as after a division by zero": stranger & (result.reasons == UNDEFINED),
        beyond: stranger & result.valid,
    }
    for what, rows in found.items():
        if rows.any():
            count = int(rows.sum())
            yield Problem(
                what=f"for {rule.column.variable}: of the formula's results {count} {what}, "
                f"the first in row {at_hand.rows[rows][0]}.",
                fix="" if plan.otherwise else "Correct the formula, or add otherwise: invalid to the rule.",
                file=at_hand.raw.name,
                column=rule.rule.sources[0],
                severity="notice" if plan.otherwise else "error",
            )
