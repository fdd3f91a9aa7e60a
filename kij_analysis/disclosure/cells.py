"""From estimates to cells: each count of persons that leaves, once, however often it is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from kij_analysis.estimates import COLUMNS
from kij_analysis.study import OF_PERSONS

TIMES = ("wave", "wave_1", "wave_2", "role", "round", "instrument")
"""Columns that say when and who was asked; the others by which a frame is divided are traits."""
STEPS = ("month", "moved")
"""Numbers that divide a frame too: points of time of a curve, and cuts of a scale (0 is the declared one)."""
_TOLD_OTHERWISE = (
    "estimand", "design", "assumptions", "would_raise", "unit", "test", "adjustment", "model", "adjusted_for",
    "not_in_both", "predictor", "approach", "side", "question", "area", "barriers", "verdict", "reasons",
    "category_low", "category_high", "base", "address", "table", "office", "source", "remark", "label",
    "scale", "what", "trait", "status", "indicator", "when", "not_followed", "first", "second", "finding",
    "topic", "would_say", "rule", "needed", "part", "printed", "strict",
)  # fmt: skip
"""Texts that say how a number was made, not of whom."""

Key = tuple[Any, ...]
Place = tuple[tuple[str, str], int]
By = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """One figure or table as it is about to leave: its estimates, nothing hidden yet.

    Parameters
    ----------
    name, kind, chapter
        How it is called, ``"figure"`` or ``"table"``, and the chapter that it stands in.
    frame
        The unsuppressed estimates.
    protect
        What hides the small counts of this frame by itself, called as ``protect(frame, threshold=5)``.
    behind
        The instruments whose answers were used; empty if not known.
    """

    name: str
    kind: str
    chapter: str
    frame: pd.DataFrame
    protect: Callable[..., pd.DataFrame]
    behind: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of an item: the cells that it shows, and whether it is hidden already."""

    item: tuple[str, str]
    place: int
    of: By
    by: By
    behind: tuple[str, ...]
    hidden: bool
    own: int | None = None
    base: int | None = None
    pieces: tuple[int, ...] = ()

    @property
    def cells(self) -> tuple[int, ...]:
        """All cells that somebody who reads the row can compute."""
        return (*(cell for cell in (self.own, self.base) if cell is not None), *self.pieces)


@dataclass(kw_only=True)
class Cells:
    """All cells of a report: what each counts, and the rows in which it stands.

    `totals` holds what a mean gives times its base, by programme, variable and base.
    """

    keys: dict[Key, int] = field(default_factory=dict)
    values: list[float] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    within: set[tuple[int, int]] = field(default_factory=set)
    totals: dict[tuple[str, str, float], float] = field(default_factory=dict)

    def cell(self, key: Key, value: float) -> int:
        """The number of a cell, made if it is new."""
        if key not in self.keys:
            self.keys[key] = len(self.values)
            self.values.append(float(value))
        return self.keys[key]

    def count(self, of: By, category: str, count: float, n: float, base: int | None = None) -> int:
        """The cell of those of a base who gave an answer, and that it is part of the base."""
        key = ("count", of["programme"], of["variable"], category, float(count), float(n))
        own = self.cell(key, count)
        self.within.add((own, self.base(of, n) if base is None else base))
        return own

    def base(self, of: By, n: float) -> int:
        """The cell of those who were asked and answered."""
        return self.cell(("base", of["programme"], of["variable"], float(n)), n)


def counted(item: Leaving, shown: pd.DataFrame, cells: Cells) -> None:
    """Enter the cells and rows of one item.

    The same count of the same base, of one programme, variable and category, is one cell wherever it is
    printed. Where by chance two sets of persons look alike so, one more may be hidden than is needed.
    """
    frame = true_rows(item.frame, shown)
    if not set(COLUMNS) <= set(frame.columns):
        return
    hidden = hidden_rows(frame, shown)
    named = _by_columns(frame)
    alike = _answers(frame)
    standing = _standing(frame)
    for place, (row, one) in enumerate(zip(frame.to_dict("records"), shown.to_dict("records"), strict=True)):
        if row["data_status"] not in OF_PERSONS or not row["n"] > 0:
            continue
        of = {name: str(row[name]) for name in ("programme", "variable", "category", "group", "measure")}
        own_by = {name: str(row[name]) for name in named if pd.notna(row[name]) and row[name] != ""}
        if not own_by and of["group"]:
            own_by = {"group": of["group"]}
        own_by |= {name: f"{row[name]:g}" for name in STEPS if row.get(name)}
        gone = bool(hidden[place])
        released = {name for name in row if gone or pd.notna(one.get(name))}
        told = {name: value if name in released else float("nan") for name, value in row.items()}
        if of["measure"] == "mean":
            cells.totals[of["programme"], of["variable"], float(row["n"])] = row["estimate"] * row["n"]
        own, base, pieces = _cells_of(told, of, alike, standing, cells)
        cells.lines.append(
            Line(
                item=(item.kind, item.name), place=place, of=of | _moving(row), by=own_by, behind=item.behind,
                hidden=gone, own=own, base=base, pieces=pieces,
            )
        )  # fmt: skip


def true_rows(frame: pd.DataFrame, shown: pd.DataFrame) -> pd.DataFrame:
    """The estimates behind the rows of a protected frame, also where steps of a scale were joined.

    Rows that were put together in another way stand as they are shown.
    """
    names = ["programme", "group", "variable", "category", "measure"]
    if not {*COLUMNS} <= {*frame.columns, *shown.columns} or not {*COLUMNS} <= {*shown.columns}:
        return shown
    if frame.index.equals(shown.index) and frame[names].equals(shown[names]):
        return frame
    if not {"step", "last"} <= set(shown.columns):
        return shown
    keys = ["programme", "group", "variable", "scale"]
    there = dict(iter(frame.groupby(keys, sort=False, dropna=False)))
    counts = []
    for place, step, last in zip(
        zip(*(shown[name] for name in keys), strict=True), shown["step"], shown["last"], strict=True
    ):
        own = there.get(place)
        same = [] if own is None else own.loc[own["step"].between(step, last), "count"]
        counts.append(sum(same) if len(same) else float("nan"))
    count = pd.Series(counts, index=shown.index, dtype="float64")
    return shown.assign(count=count, estimate=shown["estimate"].fillna(count / shown["n"]))


def hidden_rows(frame: pd.DataFrame, shown: pd.DataFrame) -> list[bool]:
    """Which rows of a protected frame are hidden."""
    gone = frame["estimate"].notna().to_numpy() & shown["estimate"].isna().to_numpy()
    return list(gone | (shown["note"] == "hidden_small_count").to_numpy())


def _by_columns(frame: pd.DataFrame) -> list[str]:
    """The columns by which a frame is divided."""
    texts = frame.select_dtypes(["str", "object", "category"]).columns
    return [name for name in texts if name not in COLUMNS and name not in _TOLD_OTHERWISE]


def _answers(frame: pd.DataFrame) -> dict[Key, str]:
    """The answer that a count belongs to, for the rows that print it beside another measure."""
    shares = frame[(frame["measure"] == "share") & frame["count"].notna()]
    keys = zip(*(shares[name] for name in ("programme", "variable", "count", "n")), strict=True)
    return dict(zip(keys, shares["category"].astype("str"), strict=True))


def _standing(frame: pd.DataFrame) -> dict[Key, float]:
    """How many are followed in all, by programme, variable, time and the number in one status."""
    if not {"first", "wave_1"} <= set(frame.columns):
        return {}
    rows = frame[frame["first"] == ""]
    keys = zip(*(rows[name] for name in ("programme", "variable", "wave_1", "category")), strict=True)
    return dict(zip(keys, rows["n"], strict=True))


def _moving(row: Mapping[str, Any]) -> dict[str, str]:
    """From where somebody moved, in a row of a table of movements."""
    return {"first": str(row["first"])} if "wave_2" in row and row.get("first") else {}


def _cells_of(
    row: Mapping[str, Any], of: By, alike: Mapping[Key, str], standing: Mapping[Key, float], cells: Cells
) -> tuple[int | None, int | None, tuple[int, ...]]:
    """The own cell, the base and the pieces of one row."""
    if pd.isna(row["n"]):
        return None, None, ()
    count, n = row["count"], row["n"]
    pieces = tuple(_pieces(row, of, cells))
    whole = standing.get((row["programme"], row["variable"], row.get("wave_1"), row.get("first")))
    if whole is not None and row.get("wave_2"):
        # Those in one status at one time are the base of those who moved from it.
        base = cells.count(of, str(row["first"]), n, whole)
        of = {**of, "variable": f"{of['variable']}<{row['wave_1']}-{row['wave_2']}<{row['first']}"}
    else:
        base = cells.base(of, n)
    if pd.isna(count) or pieces:
        return None, base, pieces
    category = of["category"]
    if of["measure"] != "share":
        category = alike.get((row["programme"], row["variable"], count, n), category)
    return cells.count(of, category, count, n, base), base, pieces


def _pieces(row: Mapping[str, Any], of: By, cells: Cells) -> Iterator[int]:
    """The cells of the two groups that a row compares."""
    if "n_1" not in row or pd.isna(row["n_1"]) or "gained" in row:
        return
    if row.get("second") == row["variable"] and row.get("first"):
        yield from _both(row, of, cells)
        return
    for number, side in (("1", "first"), ("2", "second")):
        n, count = row[f"n_{number}"], row.get(f"count_{number}", float("nan"))
        own = {**of, "programme": str(row[side])} if of["programme"] == "all" and row.get(side) else of
        if not n > 0:
            continue
        yield cells.base(own, n)
        if pd.notna(count):
            yield cells.count(own, of["category"], count, n)


def _both(row: Mapping[str, Any], of: By, cells: Cells) -> Iterator[int]:
    """The cells of those who named two answers: both, each, of all."""
    if pd.isna(row["count_1"]) or pd.isna(row["count_2"]):
        return
    one = {**of, "variable": str(row["first"])}
    first = cells.count(one, "yes", row["n_1"], row["n"])
    second = cells.count(of, "yes", row["count_1"] + row["count_2"], row["n"])
    pair = {**of, "variable": f"{row['first']}&{row['variable']}"}
    both = cells.count(pair, "yes", row["count_1"], row["n"], first)
    cells.within.add((both, second))
    yield from (both, first, second)
