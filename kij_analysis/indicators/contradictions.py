"""Printed numbers that cannot be true as they stand, alone or beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from kij_analysis.indicators.computing import computed, printed_range
from kij_analysis.indicators.conflicts import conflicts
from kij_analysis.indicators.judging import Rules
from kij_analysis.indicators.judging import rules as shipped_rules

TOGETHER = [
    "programme", "source", "denominator", "timing", "timing_months", "year_from", "year_to", "role",
    "population",
]  # fmt: skip
"""What must be the same for two shares to be parts of one whole."""

OVERLAPPING = ("matching_job",)
"""Parts that cut across the others: a job may match and be in one's own field."""


def contradictions(record: pd.DataFrame, *, rules: Rules | None = None) -> pd.DataFrame:
    """What does not fit within the record, found by rule; nothing is mended.

    Parameters
    ----------
    record
        Rows of `kij_analysis.indicators.load`.

    Returns
    -------
    DataFrame
        Columns `kind`, `ids` (joined by ``|``), `excess` and `data_status`. Kinds: ``no_count`` (no number of
        persons gives this percentage of the printed n), ``part_exceeds_whole``, ``whole_exceeds_parts`` (more
        than all its parts together), ``parts_overlap`` (the parts add up to more than the whole: some persons
        are counted twice, or a number is wrong) and ``undeclared_conflict`` (two numbers for the same thing
        that do not name each other). `excess` is by how many points, after rounding is allowed for.

    Examples
    --------
    >>> from kij_analysis.indicators.record import load
    >>> from kij_analysis.template import template_folder
    >>> record = load(template_folder() / "data" / "raw" / "published")
    >>> set(contradictions(record)["kind"])
    {'undeclared_conflict'}
    """
    judged = rules or shipped_rules()
    rows = [*_no_counts(record, judged), *_parts(record, judged), *_undeclared(record)]
    frame = pd.DataFrame(rows, columns=["kind", "ids", "excess"])
    return frame.assign(data_status="published")


Found = tuple[str, str, float]


def _no_counts(record: pd.DataFrame, rules: Rules) -> Iterator[Found]:
    found = computed(record, rules=rules)
    for id in found.loc[found["basis"] == "contradiction", "group"]:
        yield "no_count", str(id), float("nan")


def _parts(record: pd.DataFrame, rules: Rules) -> Iterator[Found]:
    """Wholes and their parts of one source, base, time and year."""
    shares = record[(record["unit"] == "per_cent") & (record["outcome_type"] == "status")]
    for _, together in shares.groupby(TOGETHER, dropna=False, sort=False):
        rows = {row["indicator"]: row for row in together.to_dict("records")}
        for whole, names in rules.made_of.items():
            if whole in rows:
                there = {name: rows[name] for name in names if name in rows}
                yield from _judged(rows[whole], there, all(name in rows for name in names), rules)


def _judged(
    whole: dict[str, Any], parts: dict[str, dict[str, Any]], complete: bool, rules: Rules
) -> Iterator[Found]:
    low, high = _range(whole, rules)
    ranges = {name: _range(part, rules) for name, part in parts.items()}
    for name, (least, _) in ranges.items():
        if least > high + 1e-9:
            yield "part_exceeds_whole", f"{parts[name]['id']}|{whole['id']}", _points(least - high)
    if complete and low > (most := sum(end for _, end in ranges.values())) + 1e-9:
        yield "whole_exceeds_parts", _named(parts, whole), _points(low - most)
    apart = {name: part for name, part in parts.items() if _disjoint(name, parts, rules)}
    if len(apart) > 1 and (least := sum(ranges[name][0] for name in apart)) > high + 1e-9:
        yield "parts_overlap", _named(apart, whole), _points(least - high)


def _disjoint(name: str, parts: Iterable[str], rules: Rules) -> bool:
    """Whether a part is meant to share no person with the others: it holds none of them, nor overlaps."""
    return name not in OVERLAPPING and not any(rules.contains(name, other) for other in parts)


def _named(parts: Mapping[str, dict[str, Any]], whole: dict[str, Any]) -> str:
    return "|".join([*(part["id"] for part in parts.values()), whole["id"]])


def _range(row: dict[str, Any], rules: Rules) -> tuple[float, float]:
    digits = 0 if float(row["value"]).is_integer() else 1
    low, high = printed_range(row["value"], precision=row["precision"], digits=digits, rules=rules)
    if pd.notna(row["value_high"]):
        high = printed_range(row["value_high"], precision=row["precision"], digits=digits, rules=rules)[1]
    return low, high


def _points(share: float) -> float:
    return round(100 * share, 6)


def _undeclared(record: pd.DataFrame) -> Iterator[Found]:
    found = conflicts(record)
    for row in found[~found["declared"].astype(bool)].to_dict("records"):
        yield "undeclared_conflict", f"{row['a']}|{row['b']}", float("nan")
