"""Columns that a score or a formula computes with: values per row, and why one is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kij_analysis.codebook.crosswalks import Missing
from kij_analysis.codebook.variables import Column
from kij_analysis.errors import Problem
from kij_analysis.harmonisation.at_hand import AtHand, rank_of, reasons_in
from kij_analysis.harmonisation.filled import Filled
from kij_analysis.harmonisation.lookups import CompiledRule, Lookup, Reading
from kij_analysis.harmonisation.operands import VALID, Operand
from kij_analysis.harmonisation.reading import read_column
from kij_analysis.harmonisation.resolving import NOTHING, resolve
from kij_analysis.sources.answers import narrow

DTYPES = {"number": "float64", "text": "object", "date": "datetime64[s]"}


@dataclass(frozen=True)
class Gathered:
    """One input, row by row; `failed` are rows whose answer has no rule."""

    operand: Operand
    failed: np.ndarray
    problems: list[Problem]


def gather(
    rule: CompiledRule, plan: Lookup | Reading, kind: str, precedence: tuple[str, ...], at_hand: AtHand
) -> Gathered:
    """The values of one input of a type; the reason is its place in the codebook's order."""
    positions = at_hand.raw.keys(plan.source)[0]
    if isinstance(plan, Lookup):
        found = resolve(at_hand.raw, plan.source, plan, target=rule.column.variable, rows=at_hand.rows)
        outcomes, problems = found.outcomes, found.problems
    else:
        read = read_column(rule, plan, at_hand.raw, at_hand.form, at_hand.rows)
        outcomes, problems = read.outcomes, read.problems
    ranks = np.array([rank_of(outcome, precedence) for outcome in outcomes], dtype=np.int16)
    reasons = np.where(ranks == len(precedence), VALID, ranks).astype("int8")
    plain = [None if isinstance(o, Missing) or o is NOTHING else o for o in outcomes]
    values = pd.Series(plain, dtype=DTYPES[kind]).to_numpy(dtype=DTYPES[kind])
    failed = np.array([outcome is NOTHING for outcome in outcomes], dtype=bool)
    return Gathered(Operand(values[positions], reasons[positions]), failed[positions], problems)


def calculated(
    column: Column,
    result: Operand,
    failed: np.ndarray,
    precedence: tuple[str, ...],
    outcome_of: Callable[[object], object],
) -> Filled:
    """A calculated column: what its different values lead to, then the reasons; failed rows stand last.

    A row that is neither valid nor missing for a reason has failed too.
    """
    codes, uniques = pd.factorize(result.values)
    values = [value.item() if isinstance(value, np.generic) else value for value in uniques]
    outcomes = [outcome_of(value) for value in values]
    first, last = len(outcomes), len(outcomes) + len(precedence)
    positions = np.where(result.reasons >= 0, first + result.reasons.astype(np.intp), last)
    positions = np.where(result.valid & ~failed, codes, np.where(failed, last, positions))
    return Filled(
        column=column,
        positions=narrow(positions, last + 1),
        outcomes=[*outcomes, *reasons_in(precedence), NOTHING],
        answers=[""] * (last + 1),
        unnamed="(calculated)",
    )
