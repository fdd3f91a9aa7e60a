"""What earlier releases told, held against what is about to leave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import pandas as pd

from kij_analysis.disclosure.cells import Cells, Key, Line
from kij_analysis.disclosure.relations import Links, may_overlap
from kij_analysis.errors import UsageError, listed
from kij_analysis.profiles import Profile

CELLS = ("programme", "variable", "category", "by", "behind", "count", "n")
"""The columns of the record of a release: each count that it told, once."""

Frames = Mapping[tuple[str, str], pd.DataFrame]


def released(cells: Cells, frames: Frames) -> pd.DataFrame:
    """The counts that protected frames tell, for the record of the release.

    Returns
    -------
    DataFrame
        Columns `CELLS`: codes, the values of the columns by which the estimates were divided (``name=value``,
        joined by ``+``), the instruments behind them (joined by ``+``), the count and its base.
    """
    rows = set()
    names = {cell: key for key, cell in cells.keys.items()}
    shown = {item: frames[item]["count"].to_numpy() for item in {line.item for line in cells.lines}}
    for line in cells.lines:
        if line.own is None or line.base is None or pd.isna(shown[line.item][line.place]):
            continue
        by = "+".join(f"{name}={value}" for name, value in sorted(line.by.items()))
        _, *texts, _, _ = names[line.own]
        texts += [by, "+".join(line.behind)]
        rows.add((*texts, cells.values[line.own], cells.values[line.base]))
    return pd.DataFrame(sorted(rows), columns=list(CELLS))


def against(cells: Cells, links: Links, earlier: pd.DataFrame, rules: Profile) -> set[int]:
    """The cells that are known from the last release; differences of a few persons become relations.

    Raises
    ------
    UsageError
        If the record lacks a column.
    """
    absent = [name for name in CELLS if name not in earlier.columns]
    if absent:
        fix = "Use the cells of an earlier run: `kij_analysis.disclosure.together(...).cells`."
        raise UsageError(f"The record of the last release lacks {listed(absent)}.", fix=fix)
    known: set[int] = set()
    now: dict[Key, dict[int, Line]] = defaultdict(dict)
    names = {cell: key for key, cell in cells.keys.items()}
    for line in cells.lines:
        if line.own is not None and line.base is not None:
            now[names[line.own][1:4]].setdefault(line.own, line)
    for number, row in enumerate(earlier.fillna({"by": "", "behind": ""}).to_dict("records")):
        old = _line(row, number)
        for own, line in now.get((row["programme"], row["variable"], row["category"]), {}).items():
            if may_overlap(line, old):
                known |= _compared(cells, links, own, line, row, rules)
    return known


def _line(row: Mapping[str, object], number: int) -> Line:
    pairs = (part.partition("=") for part in str(row["by"]).split("+") if part)
    return Line(
        item=("release", ""), place=number, of={}, by={name: value for name, _, value in pairs},
        behind=tuple(part for part in str(row["behind"]).split("+") if part), hidden=False,
    )  # fmt: skip


def _compared(
    cells: Cells, links: Links, own: int, line: Line, row: Mapping[str, object], rules: Profile
) -> set[int]:
    """One cell of now beside one that was released: the same, near, or far."""
    count, n = float(str(row["count"])), float(str(row["n"]))
    value, base = cells.values[own], cells.values[line.base or 0]
    more, few = base - n, value - count
    if not more and not few:
        return {own}
    near = abs(more) < rules.smallest_cell and abs(few) < rules.smallest_cell
    if not rules.differencing or not near or (more and not 0 <= few / more <= 1):
        return set()
    old = cells.cell(("released", own, count, n), count)
    whole, piece = (own, old) if (more or few) > 0 else (old, own)
    links.difference(whole, [piece], abs(more) or rules.smallest_cell - 1, cells)
    links.of_releases |= {cells.keys["apart", whole, (piece,)]}
    return {old}
