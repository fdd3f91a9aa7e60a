"""Compiled rules applied to one file: harmonised columns, counts, and what did not fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from kij_analysis.codebook.instruments import Instrument
from kij_analysis.harmonisation.at_hand import AtHand, KeyFile
from kij_analysis.harmonisation.choosing import membership
from kij_analysis.harmonisation.filled import FAILED, Filled, everywhere
from kij_analysis.harmonisation.formulas import calculate
from kij_analysis.harmonisation.joining import join
from kij_analysis.harmonisation.lookups import (
    Calculating,
    CompiledRule,
    Fixed,
    Joining,
    Lookup,
    Membership,
    Reading,
    Ridits,
    Scoring,
    Ticks,
)
from kij_analysis.harmonisation.reading import read_column
from kij_analysis.harmonisation.resolving import resolve
from kij_analysis.harmonisation.ridits import ridit
from kij_analysis.harmonisation.scoring import score
from kij_analysis.harmonisation.ticking import ticks
from kij_analysis.sources import RawTable


def apply_rule(
    rule: CompiledRule, raw: RawTable, instrument: Instrument, rows: np.ndarray | None = None
) -> Filled:
    """One harmonised column from one file; a rule that cannot be applied marks its own column only.

    `rows` are the row numbers that messages name; without them they count from the table's first row.
    """
    return apply_rules([rule], raw, instrument, rows)[0]


def apply_rules(
    rules: Iterable[CompiledRule],
    raw: RawTable,
    instrument: Instrument,
    rows: np.ndarray | None = None,
    key_files: Mapping[KeyFile, RawTable] | None = None,
) -> tuple[Filled, ...]:
    """The harmonised columns of one file; what several rules need is worked out once.

    `key_files` are the tables that rules join, by path and form.
    """
    numbers = raw.first_row + np.arange(len(raw.frame)) if rows is None else rows
    at_hand = AtHand(raw=raw, instrument=instrument, rows=numbers, key_files=key_files or {})
    return tuple(_applied(rule, at_hand) for rule in rules)


def _applied(rule: CompiledRule, at_hand: AtHand) -> Filled:
    raw, plan = at_hand.raw, rule.plan
    if any(name not in raw.frame.columns for name in rule.rule.sources):
        return everywhere(rule.column, FAILED, len(raw.frame))
    match plan:
        case Fixed():
            return everywhere(rule.column, plan.value, len(raw.frame))
        case Lookup():
            return _looked_up(rule, plan, at_hand)
        case Reading():
            return read_column(rule, plan, raw, at_hand.form, at_hand.rows)
        case Membership():
            return membership(rule, plan, raw, at_hand.rows)
        case Ticks():
            return ticks(rule, plan, at_hand)
        case Ridits():
            return ridit(rule, plan, at_hand)
        case Scoring():
            return score(rule, plan, at_hand)
        case Joining():
            return join(rule, plan, at_hand)
        case Calculating():
            return calculate(rule, plan, at_hand)


def _looked_up(rule: CompiledRule, plan: Lookup, at_hand: AtHand) -> Filled:
    raw = at_hand.raw
    found = resolve(raw, plan.source, plan, target=rule.column.variable, rows=at_hand.rows)
    return Filled(
        column=rule.column,
        positions=raw.keys(plan.source)[0],
        outcomes=found.outcomes,
        answers=found.named,
        problems=found.problems,
    )
