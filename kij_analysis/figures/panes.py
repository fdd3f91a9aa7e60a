"""Small panels of lines over years, one for each country, all on one scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kij_analysis.figures.sheet import LINE, MARGIN, WIDTH, Sheet, wrapped
from kij_analysis.figures.style import GRID, INK, MUTED
from kij_analysis.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ABREAST = 2
GAP, LEFT, TALL, FOOT = 0.25, 0.42, 1.55, 0.38
"""Inches: between panels, left of the first for the scale, the height of a panel, below it for the years."""
TITLE, SMALL = 9.5, 8.0


@dataclass(frozen=True, kw_only=True)
class Pane:
    """A panel: its title, a line of words below it, and the lines drawn, the last on top.

    Each line has `year`, `estimate`, `piece` (numbers of one piece are joined) and `unreliable`; `breaks`
    are the years before which a series is broken.
    """

    title: str
    below: str
    lines: Sequence[tuple[pd.DataFrame, tuple[str, str]]]
    breaks: Sequence[int]


def _width() -> float:
    return (WIDTH - 2 * MARGIN - ABREAST * LEFT - GAP * (ABREAST - 1)) / ABREAST


def _heads(panes: Sequence[Pane]) -> list[float]:
    """The height of the titles of each band of panels."""
    found = []
    for start in range(0, len(panes), ABREAST):
        band = panes[start : start + ABREAST]
        lines = [len(wrapped(one.below, _width(), SMALL)) for one in band]
        found.append((TITLE + max(lines) * SMALL) * LINE / 72 + 0.14)
    return found


def height(panes: Sequence[Pane]) -> float:
    """The height of the body that holds the panels, in inches."""
    heads = _heads(panes)
    return sum(heads) + len(heads) * (TALL + FOOT)


def draw(paper: Sheet, panes: Sequence[Pane], say: Words) -> None:
    """Draw the panels on a sheet, two abreast, with one scale for all."""
    drawn = pd.concat([line for one in panes for line, _ in one.lines])
    low = math.floor(10 * drawn["estimate"].min() - 0.2) / 10
    high = math.ceil(10 * drawn["estimate"].max() + 0.2) / 10
    years = (int(drawn["year"].min()), int(drawn["year"].max()))
    top = paper.top
    for band, head in enumerate(_heads(panes)):
        bottom = top - head - TALL
        for place, one in enumerate(panes[band * ABREAST : (band + 1) * ABREAST]):
            left = MARGIN + LEFT + place * (_width() + GAP + LEFT)
            axes = paper.axes(left, bottom, _width(), TALL)
            axes.set_label(one.title)
            _scale(axes, (max(low, 0), min(high, 1)), years, say)
            for year in one.breaks:
                axes.axvline(year - 0.5, color=MUTED, linewidth=0.8, linestyle=(0, (3, 2)))
            for line, look in one.lines:
                _line(axes, line, look)
            paper.text(left, top - 0.06, one.title, fontsize=TITLE, fontweight="bold", va="top", color=INK)
            paper.text(
                left, top - 0.06 - TITLE * LINE / 72, "\n".join(wrapped(one.below, _width(), SMALL)),
                fontsize=SMALL, va="top", color=INK, linespacing=LINE - 0.12,
            )  # fmt: skip
        top = bottom - FOOT


def _scale(axes: Axes, ends: tuple[float, float], years: tuple[int, int], say: Words) -> None:
    low, high = ends
    ticks = np.arange(low, high + 1e-9, 0.1)
    marks = [year for year in range(years[0], years[1] + 1) if year % 5 == 0]
    if years[1] - marks[-1] >= 3:
        marks.append(years[1])
    axes.set(xlim=(years[0] - 0.7, years[1] + 0.7), ylim=(low, high), yticks=ticks, xticks=marks)
    axes.set_yticklabels([say.share(tick) for tick in ticks], fontsize=7.5)
    axes.set_xticklabels([str(year) for year in marks], fontsize=7.5)
    axes.tick_params(length=0)
    axes.tick_params(axis="x", pad=8)
    axes.hlines(ticks, years[0] - 0.7, years[1] + 0.7, color=GRID, linewidth=0.8, zorder=0)


def _line(axes: Axes, line: pd.DataFrame, look: tuple[str, str]) -> None:
    colour, marker = look
    for _, piece in line[line["estimate"].notna()].groupby("piece", sort=False):
        axes.plot(piece["year"], piece["estimate"], color=colour, linewidth=1.3)
    for unsure, points in line[line["estimate"].notna()].groupby("unreliable"):
        axes.plot(
            points["year"], points["estimate"], linestyle="none", marker=marker, markersize=3.6, color=colour,
            markeredgewidth=1.0, markerfacecolor="white" if unsure else colour,
        )  # fmt: skip
