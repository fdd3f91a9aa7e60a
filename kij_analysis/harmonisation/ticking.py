"""Multiple choice with one column per answer: is an answer ticked, or how many are?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from kij_analysis.harmonisation.at_hand import AtHand, Ticked, rank_of, reasons_in
from kij_analysis.harmonisation.filled import FAILED, Filled
from kij_analysis.harmonisation.lookups import CompiledRule, Ticks


def ticks(rule: CompiledRule, plan: Ticks, at_hand: AtHand) -> Filled:
    """One multiple choice; nobody ticking anything is a case of its own."""
    columns = {name: at_hand.ticked(name, plan.ticks, plan.target, plan.precedence) for name in plan.columns}
    values: list[object] = [False, True]
    if plan.count:
        values = [float(number) for number in range(len(plan.columns) + 1)]
    positions = (_counted if plan.count else _any)(plan, columns, len(values))
    blank: object = values[0] if plan.none_chosen == "none" else plan.none_chosen
    names = [f"{number:g} ticked" for number in values] if plan.count else ["not ticked", "ticked"]
    return Filled(
        column=rule.column,
        positions=positions,
        outcomes=[*values, blank, *reasons_in(plan.precedence)],
        answers=[*names, "nothing ticked", *plan.precedence],
        problems=[problem for column in columns.values() for problem in column.problems],
    )


def _any(plan: Ticks, columns: Mapping[str, Ticked], blank: int) -> np.ndarray:
    """Whether a column that leads to the code is ticked.

    A row whose only sign is an answer without a rule in some other column has failed: whether anything was
    ticked cannot be known.
    """
    own = [columns[name] for name, code in plan.columns.items() if code == plan.code]
    others = [columns[name] for name, code in plan.columns.items() if code != plan.code]
    failed, none = blank + 1 + rank_of(FAILED, plan.precedence), len(plan.precedence)
    nothing = np.full(len(columns[next(iter(columns))].ticked), blank)
    if others and plan.none_chosen != "none":
        nothing[np.logical_or.reduce([column.failed for column in others])] = failed
    rest = np.where(_ticked(columns.values()), 0, nothing)
    gap = np.minimum.reduce([column.gap for column in own])
    return np.where(_ticked(own), 1, np.where(gap < none, blank + 1 + gap, rest))


def _counted(plan: Ticks, columns: Mapping[str, Ticked], blank: int) -> np.ndarray:
    """How many different codes are ticked; with a column that is missing the number cannot be known."""
    number = np.zeros(len(columns[next(iter(columns))].ticked), dtype=np.intp)
    for code in {code for code in plan.columns.values() if code != "none"}:
        number += _ticked(columns[name] for name, other in plan.columns.items() if other == code)
    gap = np.minimum.reduce([column.gap for column in columns.values()])
    rest = np.where(_ticked(columns.values()), number, blank)
    return np.where(gap < len(plan.precedence), blank + 1 + gap, rest)


def _ticked(columns: Iterable[Ticked]) -> np.ndarray:
    return np.logical_or.reduce([column.ticked for column in columns])
