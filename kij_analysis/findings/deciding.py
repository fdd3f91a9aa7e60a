"""The decision rules: what an interval says of a finding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from kij_analysis.claims import CAUSAL_ESTIMANDS, CAUSAL_FROM
from kij_analysis.findings.kinds import OF_NOTES

Options = Mapping[str, Any]
Decision = tuple[str, str]
"""(what the rule says: a verdict, what would be needed: a code or nothing)"""


def decided(kind: str, options: Options, row: Mapping[str, Any]) -> Decision:
    """What the rule of a test says of one estimate.

    Without an estimate the finding is not testable, and with one that has no interval inconclusive.

    Examples
    --------
    >>> decided("share_at_least", {"share": 0.3}, {"estimate": 0.5, "conf_low": 0.4, "conf_high": 0.6})
    ('borne_out', '')
    >>> decided("share_at_least", {"share": 0.5}, {"estimate": 0.5, "conf_low": 0.4, "conf_high": 0.6})
    ('inconclusive', '')
    """
    if row.get("lacks"):
        return "not_testable", str(row["lacks"])
    if pd.isna(row["estimate"]):
        note = str(row.get("note", ""))
        if kind == "effect_above" and note in ("one_group_empty", "no_answers"):
            return "not_testable", "comparison_group"
        return "not_testable", OF_NOTES.get(note, "more_persons")
    if kind == "effect_above" and not _causal(row):
        return "not_testable", "alike_groups"
    low, high = (row.get(name) for name in BOUNDS.get(kind, ("conf_low", "conf_high")))
    if low is None or high is None or pd.isna(low) or pd.isna(high):
        return "inconclusive", "more_persons"
    return RULES[kind](float(low), float(high), options), ""


def _causal(row: Mapping[str, Any]) -> bool:
    """Whether the design and the estimand bear words that name a cause."""
    return int(row.get("maryland", 0)) >= CAUSAL_FROM and row.get("estimand") in CAUSAL_ESTIMANDS


def above(low: float, high: float, bound: float) -> str:
    """Whether an interval lies above a bound."""
    return "borne_out" if low > bound else "contradicted" if high < bound else "inconclusive"


def below(low: float, high: float, top: float, bottom: float) -> str:
    """Whether an interval ends at `top` or before; contradicted only if it begins after `bottom`."""
    return "borne_out" if high <= top else "contradicted" if low > bottom else "inconclusive"


def near(low: float, high: float, middle: float, within: float) -> str:
    """Whether an interval lies within so much of a number (two one-sided tests), or wholly outside."""
    if low >= middle - within and high <= middle + within:
        return "borne_out"
    outside = high < middle - within or low > middle + within
    return "contradicted" if outside else "inconclusive"


def _at_least(low: float, high: float, options: Options) -> str:
    share = options["share"]
    return "borne_out" if low >= share else "contradicted" if high < share else "inconclusive"


def _gap(low: float, high: float, options: Options) -> str:
    """A gap below 0 is at least as wide if it lies lower still."""
    gap = options["gap"]
    if gap < 0:
        low, high, gap = -high, -low, -gap
    return above(low, high, gap)


Rule = Callable[[float, float, Options], str]
BOUNDS: Mapping[str, tuple[str, str]] = {
    "barrier_among_top": ("rank_low", "rank_high"),
    "official_gap": ("low", "high"),
    "account": ("low", "high"),
    "printed_at_least": ("low", "high"),
    "printed_near": ("low", "high"),
}
"""The columns that the rule looks at, where these are not the ends of the interval."""
RULES: Mapping[str, Rule] = {
    "share_at_least": _at_least,
    "share_near": lambda low, high, o: near(low, high, o["share"], o["within"]),
    "change_above": lambda low, high, o: above(low, high, o.get("margin", 0.0)),
    "change_near": lambda low, high, o: near(low, high, 0.0, o["within"]),
    "difference_above": lambda low, high, o: above(low, high, o.get("margin", 0.0)),
    "barrier_among_top": lambda low, high, o: below(low, high, o["top"], o["top"]),
    "association_above": lambda low, high, o: above(low, high, o.get("margin", 0.0)),
    "effect_above": lambda low, high, o: above(low, high, o.get("margin", 0.0)),
    "official_gap": _gap,
    "account": lambda low, high, o: below(low, high, o["loss_at_most"], 1 - o["loss_at_most"]),
    "printed_at_least": _at_least,
    "printed_near": lambda low, high, o: near(low, high, 0.0, o["within"]),
}
