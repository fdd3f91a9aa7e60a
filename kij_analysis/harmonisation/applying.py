"""Compiled rules applied to one file: harmonised columns, counts, and what did not fit."""

from __future__ import annotations

import numpy as np

from kij_analysis.codebook.instruments import Instrument
from kij_analysis.harmonisation.choosing import membership, ticks
from kij_analysis.harmonisation.filled import FAILED, Filled, everywhere
from kij_analysis.harmonisation.lookups import CompiledRule, Fixed, Lookup, Membership, Reading
from kij_analysis.harmonisation.reading import read_column
from kij_analysis.harmonisation.resolving import resolve
from kij_analysis.sources import RawTable


def apply_rule(
    rule: CompiledRule, raw: RawTable, instrument: Instrument, rows: np.ndarray | None = None
) -> Filled:
    """One harmonised column from one file; a rule that cannot be applied marks its own column only.

    `rows` are the row numbers that messages name; without them they count from the table's first row.
    """
    size = len(raw.frame)
    if any(name not in raw.frame.columns for name in rule.rule.sources):
        return everywhere(rule.column, FAILED, size)
    plan = rule.plan
    numbers = raw.first_row + np.arange(size) if rows is None else rows
    if isinstance(plan, Fixed):
        return everywhere(rule.column, plan.value, size)
    if isinstance(plan, Lookup):
        return _looked_up(rule, plan, raw, numbers)
    if isinstance(plan, Reading):
        return read_column(rule, plan, raw, instrument.file, numbers)
    if isinstance(plan, Membership):
        return membership(rule, plan, raw, numbers)
    return ticks(rule, plan, raw, numbers)


def _looked_up(rule: CompiledRule, plan: Lookup, raw: RawTable, rows: np.ndarray) -> Filled:
    found = resolve(raw, plan.source, plan, target=rule.column.variable, rows=rows)
    return Filled(
        column=rule.column,
        positions=raw.keys(plan.source)[0],
        outcomes=found.outcomes,
        answers=found.named,
        problems=found.problems,
    )
