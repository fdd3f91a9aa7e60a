"""Rows of single points under headings, each with its label, its number and its uncertainty."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kij_analysis.figures.sheet import LINE, MARGIN, WIDTH, Sheet, wrapped
from kij_analysis.figures.style import GRID, MUTED, PAPER, tinted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LABELS, SIZE = 3.6, 8.5
"""The width of the row labels in inches, and their type size."""
FOOT, HEADING = 0.3, 0.34
"""Inches: the room of the scale below, the height of a heading."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One point: where it stands, what is written beside it, and how sure it is.

    `low` and `high` are the ends of an interval, `reach` those of the range that is left open otherwise;
    `arrow` is 1 where the number is a lower bound, -1 where it is an upper one.
    """

    heading: str
    label: str
    number: str
    value: float
    look: tuple[str, str]
    low: float = math.nan
    high: float = math.nan
    reach: tuple[float, float] | None = None
    hollow: bool = False
    arrow: int = 0


@dataclass(frozen=True, kw_only=True)
class Scale:
    """The ends of the axis, its marks and their texts; `room` is kept for the numbers at the right."""

    low: float
    high: float
    ticks: Sequence[float]
    texts: Sequence[str]
    room: float = 0.9


def height(rows: Sequence[Row], *, labels: float = LABELS) -> float:
    """The height of the body that holds the rows, in inches; `labels` is the width of the row labels."""
    return sum(_heights(rows, labels)) + len(_headings(rows)) * HEADING + FOOT + 0.05


def _lines(row: Row, labels: float) -> list[str]:
    return wrapped(row.label, labels, SIZE)


def _heights(rows: Sequence[Row], labels: float) -> list[float]:
    return [max(0.27, len(_lines(row, labels)) * SIZE * LINE / 72 + 0.08) for row in rows]


def _headings(rows: Sequence[Row]) -> list[str]:
    """The headings in the order of the rows; rows of one heading stand together."""
    return [
        row.heading
        for place, row in enumerate(rows)
        if row.heading and (place == 0 or rows[place - 1].heading != row.heading)
    ]


def draw(
    paper: Sheet, rows: Sequence[Row], scale: Scale, *, bottom: float | None = None, labels: float = LABELS
) -> None:
    """Draw the rows on a sheet, the first on top; `bottom` is where their room begins, in inches."""
    foot = (paper.bottom if bottom is None else bottom) + FOOT - 0.08
    body = height(rows, labels=labels) - FOOT
    left = MARGIN + labels + 0.15
    axes = paper.axes(left, foot, WIDTH - MARGIN - scale.room - left, body)
    _axis(axes, scale, body)
    y, heading = body, ""
    for row, tall in zip(rows, _heights(rows, labels), strict=True):
        if row.heading != heading:
            heading = row.heading
            y -= HEADING
            ground = {"facecolor": PAPER, "linewidth": 0, "pad": 1.2}
            paper.text(
                MARGIN, foot + y + 0.08, heading, fontsize=9, fontweight="bold", va="bottom", bbox=ground
            )  # fmt: skip
        middle, y = y - tall / 2, y - tall
        look = {"fontsize": SIZE, "va": "center"}
        paper.text(MARGIN, foot + middle, "\n".join(_lines(row, labels)), linespacing=LINE - 0.15, **look)
        _point(axes, row, middle, scale)
        paper.text(WIDTH - MARGIN, foot + middle, row.number, ha="right", **look)


def _axis(axes: Axes, scale: Scale, body: float) -> None:
    axes.set(xlim=(scale.low, scale.high), ylim=(0, body), yticks=[], xticks=list(scale.ticks))
    axes.set_xticklabels(list(scale.texts), fontsize=8)
    axes.tick_params(length=0)
    axes.vlines([tick for tick in scale.ticks if tick], 0, body, color=GRID, linewidth=0.8, zorder=0)
    axes.axvline(0, color=MUTED, linewidth=0.8)


def _point(axes: Axes, row: Row, y: float, scale: Scale) -> None:
    from matplotlib.patches import Rectangle

    colour, marker = row.look
    if row.reach is not None and row.reach[1] > row.reach[0]:
        start, wide = row.reach[0], row.reach[1] - row.reach[0]
        # The light ground alone would be too faint to be seen; its edge is not.
        faces: dict[str, Any] = {"facecolor": tinted(colour), "edgecolor": colour, "linewidth": 0.7}
        axes.add_patch(Rectangle((start, y - 0.055), wide, 0.11, **faces))
    if not math.isnan(row.low):
        axes.hlines(y, row.low, row.high, color=colour, linewidth=1.6)
        # An interval that goes on beyond the axis says so.
        look: dict[str, Any] = {"markersize": 5, "color": colour, "markeredgewidth": 0, "clip_on": False}
        if row.low < scale.low:
            axes.plot(scale.low, y, marker="<", **look)
        if row.high > scale.high:
            axes.plot(scale.high, y, marker=">", **look)
    axes.plot(
        row.value, y, marker=marker, markersize=6, color=colour, markeredgewidth=1.4,
        markerfacecolor="white" if row.hollow else colour,
    )  # fmt: skip
    if row.arrow:
        wide = scale.high - scale.low
        start, end = row.value + row.arrow * 0.03 * wide, row.value + row.arrow * 0.13 * wide
        axes.annotate(
            "", xy=(min(max(end, scale.low), scale.high), y), xytext=(start, y),
            arrowprops={"arrowstyle": "->", "color": colour, "linewidth": 1.2},
        )  # fmt: skip
