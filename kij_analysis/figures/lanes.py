"""Lanes side by side over common rows, in blocks under headings: every text is measured before it is set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kij_analysis.figures.sheet import LINE, MARGIN, WIDTH, Sheet, text_width, wrapped
from kij_analysis.figures.style import GRID, INK, MUTED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW = 0.26
"""The height of a row with one line, in inches; so are the other measures."""
GAP, BLOCK, FOOT = 0.2, 0.14, 0.24
TITLE, HEADING, NOTE, LABEL, NUMBER, WORD = 8.5, 9.0, 7.5, 8.5, 8.0, 7.5
"""Sizes of type."""
NUMBERS = ("estimate", "conf_low", "conf_high")
JOIN = "#B5B5B5"
"""The line between the marks of one cell."""


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One scale with its title: its ends, its possible steps, and how a value of it is spoken.

    `share` is the part of the width that it gets, beside the other lanes.
    """

    title: str
    low: float
    high: float
    steps: Sequence[float]
    speak: Callable[[float], str]
    share: float = 1.0
    zero: bool = False


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Where everything goes: the widths of the lanes, of their numbers, and the heights of all parts."""

    lanes: Sequence[Lane]
    labels: float
    labelled: bool
    widths: Sequence[float]
    rooms: Sequence[float]
    titles: Sequence[Sequence[str]]
    notes: Mapping[str, Sequence[str]]
    rows: Mapping[str, Mapping[str, float]]
    cells: Mapping[tuple[str, str, int], Sequence[Mapping[str, Any]]]

    @property
    def head(self) -> float:
        """The height of the titles of the lanes."""
        return max(len(lines) for lines in self.titles) * TITLE * LINE / 72 + 0.06

    def above(self, block: str) -> float:
        """The height of a block's heading and of the note below it."""
        heading = len(_heading(block)) * HEADING * LINE / 72 + 0.05 if block else 0.0
        return heading + len(self.notes.get(block, ())) * NOTE * LINE / 72 + 0.03

    @property
    def body(self) -> float:
        """The height of all."""
        blocks = sum(self.above(block) + sum(rows.values()) + BLOCK for block, rows in self.rows.items())
        return self.head + blocks + FOOT


def _heading(block: str) -> list[str]:
    return wrapped(block, WIDTH - 2 * MARGIN - 0.2, HEADING, "bold")


def plan(
    marks: pd.DataFrame,
    lanes: Sequence[Lane],
    *,
    notes: Mapping[str, str] | None = None,
    labels: float = 2.2,
    labelled: bool = True,
) -> Plan:
    """Measure the texts and find a place for each.

    Parameters
    ----------
    marks
        One row per mark: `block` and `label` (where it stands), `lane` (its number), `estimate`, `conf_low`,
        `conf_high`, `shown` (the number beside it), `gap` (a word instead of a mark), `colour`, `marker`,
        `hollow`. Several marks of one cell are joined by a line.
    lanes
        The lanes from left to right.
    notes
        What stands below the heading of a block.
    labels
        The width of the row labels.
    labelled
        Whether the labels are written; else their room stays free.
    """
    free = WIDTH - 2 * MARGIN - labels - 0.12 - GAP * (len(lanes) - 1)
    whole = sum(lane.share for lane in lanes)
    widths = [free * lane.share / whole for lane in lanes]
    rooms, titles = [], []
    for place, (lane, width) in enumerate(zip(lanes, widths, strict=True)):
        told = marks.loc[marks["lane"] == place, "shown"]
        rooms.append(0.1 + max((text_width(text, NUMBER) for text in told), default=0.0))
        titles.append(wrapped(lane.title, width, TITLE, "bold"))
    inner = WIDTH - 2 * MARGIN - 0.2
    spoken = {block: wrapped(text, inner, NOTE) for block, text in (notes or {}).items() if text}
    rows: dict[str, dict[str, float]] = {}
    for (block, label), part in marks.groupby(["block", "label"], sort=False):
        lines = len(wrapped(str(label), labels, LABEL)) * LABEL
        words = [
            len(wrapped(gap, widths[lane] - 0.06, WORD)) * WORD
            for gap, lane in zip(part["gap"], part["lane"], strict=True)
            if gap
        ]
        tall = max([lines, *words]) * LINE / 72 + 0.08
        rows.setdefault(str(block), {})[str(label)] = max(ROW, tall)
    cells: dict[tuple[str, str, int], list[Mapping[str, Any]]] = {}
    for mark in marks.astype(dict.fromkeys(NUMBERS, "float64")).to_dict("records"):
        cells.setdefault((mark["block"], mark["label"], mark["lane"]), []).append(mark)
    return Plan(
        lanes=lanes, labels=labels, labelled=labelled, widths=widths, rooms=rooms, titles=titles,
        notes=spoken, rows=rows, cells=cells,
    )  # fmt: skip


def draw(paper: Sheet, planned: Plan) -> None:
    """Draw the lanes of a plan on a sheet; without labels where something else stands in their place."""
    starts = MARGIN + planned.labels + 0.12 + np.cumsum([0.0, *(w + GAP for w in planned.widths[:-1])])
    top = paper.top - planned.head
    for start, lines in zip(starts, planned.titles, strict=True):
        look = {"fontsize": TITLE, "fontweight": "bold", "va": "bottom", "linespacing": LINE - 0.15}
        paper.text(start, top + 0.04, "\n".join(lines), **look)
    blocks = list(planned.rows)
    for block in blocks:
        y = top
        if block:
            lines = _heading(block)
            paper.text(
                MARGIN, y, "\n".join(lines), fontsize=HEADING, fontweight="bold", va="top",
                linespacing=LINE - 0.15,
            )  # fmt: skip
            y -= len(lines) * HEADING * LINE / 72 + 0.05
        if block in planned.notes:
            text = "\n".join(planned.notes[block])
            look = {"fontsize": NOTE, "color": MUTED, "va": "top", "linespacing": LINE - 0.15}
            paper.text(MARGIN, y, text, **look)
        bottom = top - planned.above(block) - sum(planned.rows[block].values())
        _block(paper, planned, block, bottom, starts, last=block == blocks[-1])
        top = bottom - BLOCK


def _block(paper: Sheet, planned: Plan, block: str, bottom: float, starts: np.ndarray, *, last: bool) -> None:
    rows = planned.rows[block]
    tall = sum(rows.values())
    feet = tall - np.cumsum(list(rows.values()))
    middles = {label: foot + rows[label] / 2 for label, foot in zip(rows, feet, strict=True)}
    for label, middle in middles.items() if planned.labelled else ():
        lines = wrapped(label, planned.labels, LABEL)
        paper.text(
            MARGIN + planned.labels, bottom + middle, "\n".join(lines), ha="right", va="center",
            fontsize=LABEL, linespacing=LINE - 0.15,
        )  # fmt: skip
    for place, lane in enumerate(planned.lanes):
        wide = planned.widths[place] - planned.rooms[place]
        axes = paper.axes(starts[place], bottom, wide, tall)
        axes.set_label(f"{block} {place}")
        _scale(axes, lane, wide, tall, last=last)
        edge = (starts[place] + planned.widths[place], bottom)
        for label, middle in middles.items():
            cell = planned.cells.get((block, label, place), [])
            _cell(paper, axes, cell, middle, edge, planned.widths[place])


def _scale(axes: Axes, lane: Lane, wide: float, tall: float, *, last: bool) -> None:
    """The lines of a scale, with as many numbers as have room."""
    pad = 0.05 * (lane.high - lane.low) / wide
    axes.set(xlim=(lane.low - pad, lane.high + pad), ylim=(0, tall), yticks=[])
    inch = (lane.high - lane.low + 2 * pad) / wide
    ticks, texts = [lane.low], [lane.speak(lane.low)]
    for step in lane.steps:
        first = lane.low if lane.low >= 0 else np.ceil(lane.low / step - 1e-9) * step
        ticks = [float(t) for t in np.arange(first, lane.high + 1e-9, step)]
        texts = [lane.speak(tick) for tick in ticks]
        widest = max(text_width(text, NUMBER) for text in texts)
        if widest + 0.06 < step / inch or len(ticks) < 2:
            break
    axes.set_xticks(ticks)
    axes.set_xticklabels(texts if last else [""] * len(ticks), fontsize=NUMBER)
    axes.tick_params(length=0)
    axes.vlines(ticks, 0, tall, color=GRID, linewidth=0.8, zorder=0)
    axes.spines["bottom"].set_visible(last)
    if lane.zero:
        axes.axvline(0, color=MUTED, linewidth=0.9, zorder=1)


def _cell(
    paper: Sheet,
    axes: Axes,
    cell: Sequence[Mapping[str, Any]],
    y: float,
    edge: tuple[float, float],
    width: float,
) -> None:
    """The marks of one cell, or the word that stands there instead."""
    right, bottom = edge
    gap = next((mark["gap"] for mark in cell if mark["gap"]), "")
    if gap:
        lines = wrapped(gap, width - 0.06, WORD)
        paper.text(
            right - width + 0.05, bottom + y, "\n".join(lines), fontsize=WORD, color=MUTED, style="italic",
            va="center", linespacing=LINE - 0.15,
        )  # fmt: skip
        return
    marks = [mark for mark in cell if not np.isnan(mark["estimate"])]
    places = [mark["estimate"] for mark in marks]
    if len(marks) > 1:
        axes.hlines(y, min(places), max(places), color=JOIN, linewidth=2.2, zorder=1)
    for mark in marks:
        if not np.isnan(mark["conf_low"]):
            axes.hlines(y, mark["conf_low"], mark["conf_high"], color=mark["colour"], linewidth=1.7, zorder=2)
        axes.plot(
            mark["estimate"], y, marker=mark["marker"], markersize=5.6, color=mark["colour"], clip_on=False,
            markerfacecolor="white" if mark["hollow"] else mark["colour"], markeredgewidth=1.2, zorder=3,
        )  # fmt: skip
    shown = next((mark["shown"] for mark in cell if mark["shown"]), "")
    if shown:
        paper.text(right, bottom + y, shown, ha="right", va="center", fontsize=NUMBER, color=INK)
