"""The log: what was hidden and why. It is internal and never stands in a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from kij_analysis.disclosure.cells import Cells, Leaving, Line, hidden_rows, true_rows
from kij_analysis.disclosure.relations import Links
from kij_analysis.disclosure.rules import OF_NUMBERS, is_model
from kij_analysis.disclosure.secondary import Hidden
from kij_analysis.profiles import Profile

LOG = ("item", "chapter", "programme", "variable", "category", "group", "reason", "advice")
REASONS = {
    "primary": "fewer persons than the smallest cell gave the answer",
    "complement": "fewer persons than the smallest cell did not give it",
    "base": "fewer persons were asked than may be, or than a mean needs",
    "model": "the model has too few residual degrees of freedom",
    "same_as": "the same count is hidden in another figure or table",
    "secondary": "the hidden count of another row could be computed from it",
    "difference": "beside another base of this report it would tell of the few persons between them",
    "difference_to_release": "beside the last release it would tell of a few persons",
    "line": "no choice of fewer rows was found, so all that hang together are hidden",
    "before": "it was hidden where it was computed",
}
"""Why a row is hidden."""
COARSER = "More than half is hidden: use coarser categories or groups, or leave it out."


def logged(
    items: Sequence[Leaving], first: Mapping[tuple[str, str], pd.DataFrame],
    frames: Mapping[tuple[str, str], pd.DataFrame], cells: Cells, links: Links,
    *, start: set[int], found: Hidden, rows: Mapping[tuple[str, str], list[int]], rules: Profile,
) -> pd.DataFrame:  # fmt: skip
    """One row for each hidden row of the items.

    Returns
    -------
    DataFrame
        Columns `LOG`; `reason` is a key of `REASONS`, `advice` is a sentence where more than half of an item
        is hidden.
    """
    lines = {(line.item, line.place): line for line in cells.lines}
    found_rows = []
    for item in items:
        name = (item.kind, item.name)
        if not {"estimate", "note"} <= set(frames[name].columns):
            continue
        frame = true_rows(item.frame, first[name])
        hidden = hidden_rows(frame, frames[name])
        there = frame["estimate"].notna().sum()
        advice = COARSER if there and 2 * sum(hidden) > there else ""
        models, records = is_model(frame), frame.to_dict("records")
        for place, gone in enumerate(hidden):
            if not gone:
                continue
            row = records[place]
            if place in rows.get(name, []):
                reason = _further(lines[name, place], cells, links, start, found)
            else:
                reason = _alone(row, bool(models.iloc[place]), rules)
            texts = [row[column] for column in LOG[2:6]]
            found_rows.append([item.name, item.chapter, *texts, reason, advice])
    return pd.DataFrame(found_rows, columns=list(LOG))


def _alone(row: Mapping[Any, Any], model: bool, rules: Profile) -> str:
    """Why a row was hidden for itself."""
    if pd.isna(row["estimate"]):
        return "before"
    bases = [row[name] for name in ("n", "n_1", "n_2") if name in row and pd.notna(row[name])]
    pairs = [(row["count"], row["n"])]
    pairs += [(row[f"count_{one}"], row[f"n_{one}"]) for one in "12" if f"count_{one}" in row]
    limit = rules.smallest_base if row["measure"] in OF_NUMBERS else rules.smallest_cell
    if any(0 < n < rules.smallest_cell for n in bases):
        return "base"
    if any(count < rules.smallest_cell for count, n in pairs if n):
        return "primary"
    if any(n - count < rules.smallest_cell for count, n in pairs if n):
        return "complement"
    if any(0 < n < limit for n in bases):
        return "base"
    if model and row.get("df", float("inf")) < rules.smallest_df:
        return "model"
    return "secondary"


def _further(line: Line, cells: Cells, links: Links, start: set[int], found: Hidden) -> str:
    """Why a row was hidden for the sake of others."""
    own = [cell for cell in line.cells if cell in found.cells]
    if any(cell in start for cell in own):
        return "same_as"
    if any(cell in found.whole for cell in own):
        return "line"
    ends = {
        kind: {cell for terms in links.sums for cell, _ in terms if _has(terms, some)}
        for kind, some in (("difference_to_release", links.of_releases), ("difference", links.apart))
    }
    if not own:
        return "difference"  # of two means, which have no cell of their own
    return next((kind for kind, some in ends.items() if some & set(own)), "secondary")


def _has(terms: tuple[tuple[int, float], ...], some: set[int]) -> bool:
    return any(cell in some for cell, _ in terms)
