"""Panels of curves over months, with numbers under the axis; every text is measured before it is set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kij_analysis.figures.shares import spoken_base
from kij_analysis.figures.sheet import LINE, MARGIN, WIDTH, Sheet, text_width, wrapped
from kij_analysis.figures.style import GRID, INK, MUTED, looks, tinted
from kij_analysis.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

OUTCOMES = ("job", "education", "left")
DASHES = {"job": "solid", "education": (0, (4, 1.5)), "left": (0, (1, 1.5))}
LEFT, GAP, TALL, ABREAST = 0.86, 0.2, 1.7, 3
"""Inches: the room of the labels at the left, between panels, the height of a panel; panels in a band."""
SIZE = 7.5


@dataclass(frozen=True, kw_only=True)
class Bands:
    """Where everything goes: bands of programmes, the scale, and lines of text that stand beside it."""

    bands: Sequence[Sequence[str]]
    width: float
    months: Sequence[float]
    top: float
    titles: dict[str, list[str]]
    waiting: list[str]
    legend: list[list[str]]
    number: float
    share: float

    @property
    def end(self) -> float:
        """Where the scale ends: right of the last month is room for the last share."""
        return self.months[-1] * self.width / (self.width - self.share)

    @property
    def below(self) -> float:
        """The room of the scale, its name, and of who still waits."""
        return 0.4 + max(0.17, len(self.waiting) * SIZE * LINE / 72) + 0.1

    def above(self, band: Sequence[str]) -> float:
        """The room of the titles of a band."""
        return 0.14 + max(len(self.titles[programme]) for programme in band) * 9.5 * LINE / 72

    @property
    def body(self) -> float:
        """The height of all."""
        bands = sum(self.above(band) + TALL + self.below for band in self.bands)
        return bands + 0.2 * len(self.legend)


def shown(curves: pd.DataFrame, programme: str, outcome: str) -> pd.DataFrame:
    """The months of a curve that are not hidden."""
    own = curves[(curves["programme"] == programme) & (curves["category"] == outcome)]
    return own[own["estimate"].notna()]


def planned_curves(curves: pd.DataFrame, say: Words) -> Bands:
    """Measure the texts of the panels and find a place for each."""
    programmes = list(dict.fromkeys(curves["programme"]))
    count = -(-len(programmes) // ABREAST)
    bands = [list(band) for band in np.array_split(np.array(programmes, dtype=object), count)]
    abreast = max(map(len, bands))
    width = min((WIDTH - 2 * MARGIN - LEFT - GAP * (abreast - 1)) / abreast, 2.6)
    titles = {}
    for programme in programmes:
        base = spoken_base(curves[curves["programme"] == programme], say)
        spoken = say.programme(programme)
        title = say("figure.panel", programme=spoken, n=base) if base else spoken
        titles[programme] = wrapped(title, width, 9.5, "bold")
    highest = np.nanmax([0.3, *curves["estimate"], *curves["conf_high"], *curves["known_high"]])
    return Bands(
        bands=bands,
        width=width,
        months=sorted(curves["month"].unique()),
        top=float(min(1.0, np.ceil(highest / 0.1) * 0.1)),
        titles=titles,
        waiting=wrapped(say("waiting.at_risk"), LEFT - 0.1, SIZE),
        legend=_legend(say),
        number=0.06 + text_width(say.number(curves["n"].max() if curves["n"].notna().any() else 0), SIZE),
        share=0.16 + text_width(say.share(1), 8),
    )


def _legend(say: Words) -> list[list[str]]:
    """The outcomes in as many lines as they need."""
    lines: list[list[str]] = [[]]
    used = 0.0
    for outcome in OUTCOMES:
        wide = 0.6 + text_width(say(f"waiting.outcome.{outcome}"), 8.5)
        if used + wide > WIDTH - 2 * MARGIN and lines[-1]:
            lines.append([])
            used = 0.0
        lines[-1].append(outcome)
        used += wide
    return lines


def draw_curves(paper: Sheet, planned: Bands, curves: pd.DataFrame, threshold: int, say: Words) -> None:
    """Draw the legend and the panels on a sheet."""
    top = paper.top
    for line in planned.legend:
        _legend_line(paper, line, top - 0.09, say)
        top -= 0.2
    look = looks([p for band in planned.bands for p in band], order=list(say.codebook.programmes))
    for band in planned.bands:
        bottom = top - planned.above(band) - TALL
        paper.text(
            MARGIN, bottom - 0.4, "\n".join(planned.waiting), va="top", fontsize=SIZE, color=MUTED,
            linespacing=LINE - 0.15,
        )  # fmt: skip
        for place, programme in enumerate(band):
            left = MARGIN + LEFT + place * (planned.width + GAP)
            own = curves[curves["programme"] == programme]
            axes = paper.axes(left, bottom, planned.width, TALL)
            axes.set_label(programme)
            axes.set_title("\n".join(planned.titles[programme]), pad=6, color=INK)
            _scale(axes, planned, say, first=not place)
            _panel(axes, planned, curves, programme, look[programme], say)
            _waiting(paper, planned, own, (left, bottom - 0.4), threshold, say)
            axis = say("waiting.axis")
            if not place:
                paper.text(left, bottom - 0.2, axis, va="top", fontsize=SIZE, color=MUTED)
        top = bottom - planned.below


def _legend_line(paper: Sheet, outcomes: Sequence[str], y: float, say: Words) -> None:
    from matplotlib.lines import Line2D

    x = MARGIN
    for outcome in outcomes:
        ends = [x / paper.width, (x + 0.3) / paper.width]
        look: Any = DASHES[outcome]
        colour = INK if outcome == "job" else MUTED
        thick = 1.8 if outcome == "job" else 1.4
        height = [y / paper.height] * 2
        paper.canvas.add_artist(Line2D(ends, height, color=colour, linestyle=look, linewidth=thick))
        text = say(f"waiting.outcome.{outcome}")
        paper.text(x + 0.36, y, text, va="center", fontsize=8.5)
        x += 0.6 + text_width(text, 8.5)


def _scale(axes: Axes, planned: Bands, say: Words, *, first: bool) -> None:
    step = 0.1 if planned.top <= 0.5 else 0.25 if planned.top > 0.6 else 0.2
    ticks = np.arange(0, planned.top + 1e-9, step)
    axes.set(xlim=(0, planned.end), ylim=(0, planned.top * 1.04), yticks=ticks, xticks=_ticks(planned))
    axes.set_xticklabels([say.number(month) for month in _ticks(planned)], fontsize=SIZE)
    axes.set_yticklabels([say.share(tick) for tick in ticks] if first else [""] * len(ticks), fontsize=SIZE)
    axes.tick_params(length=0)
    axes.hlines(ticks, 0, planned.end, color=GRID, linewidth=0.8, zorder=0)


def _ticks(planned: Bands) -> list[float]:
    """Months with room for the number of who still waits, always with the first and the last."""
    months = [0.0, *planned.months]
    room = planned.number
    inch = planned.end / planned.width
    for every in range(1, len(months) + 1):
        chosen = months[::-1][::every][::-1]
        if all(after - before >= room * inch for before, after in pairwise(chosen)):
            return chosen
    return [planned.months[-1]]


def _panel(
    axes: Axes, planned: Bands, curves: pd.DataFrame, programme: str, look: tuple[str, str], say: Words
) -> None:
    for outcome in reversed(OUTCOMES):
        own = shown(curves, programme, outcome)
        if own.empty:
            if outcome == "job":
                _silent(axes, planned, curves, programme, say)
            continue
        style: Any = DASHES[outcome]
        colour, thick = (look[0], 1.8) if outcome == "job" else (MUTED, 1.3)
        # Read at the months given and joined by straight lines: a hidden month is no month without a job.
        months, heights = [0.0, *own["month"]], [0.0, *own["estimate"]]
        axes.plot(months, heights, color=colour, linestyle=style, linewidth=thick)
        if outcome == "job":
            _points(axes, planned, own, look, say)


def _points(axes: Axes, planned: Bands, own: pd.DataFrame, look: tuple[str, str], say: Words) -> None:
    """The readings of the curve of jobs: what dates leave open, intervals, and the last share in words."""
    colour, marker = look
    inch = planned.end / planned.width
    spans = own[own["known_low"] < own["known_high"]]
    axes.bar(
        spans["month"], spans["known_high"] - spans["known_low"], bottom=spans["known_low"],
        width=0.07 * inch, color=tinted(colour), edgecolor=colour, linewidth=0.5,
    )  # fmt: skip
    sure = own[own["conf_low"].notna()]
    axes.vlines(sure["month"], sure["conf_low"], sure["conf_high"], color=colour, linewidth=1.0)
    axes.plot(
        own["month"], own["estimate"], linestyle="none", marker=marker, color=colour, markersize=4,
        markeredgecolor="white", markeredgewidth=0.5,
    )  # fmt: skip
    month, share = own["month"].iloc[-1], own["estimate"].iloc[-1]
    axes.text(month + 0.08 * inch, share, say.share(share), va="center", fontsize=8, color=INK)


def _silent(axes: Axes, planned: Bands, curves: pd.DataFrame, programme: str, say: Words) -> None:
    """Why a panel has no curve of jobs."""
    own = curves[(curves["programme"] == programme) & (curves["category"] == "job")]
    note = next((note for note in own["note"] if note), "no_answers")
    lines = wrapped(say(f"short.{note}"), planned.width - 0.2, SIZE)
    axes.text(planned.months[-1] * 0.05, planned.top * 0.5, "\n".join(lines), fontsize=SIZE, color=MUTED,
              style="italic", va="center", linespacing=LINE - 0.15)  # fmt: skip


def _waiting(
    paper: Sheet, planned: Bands, own: pd.DataFrame, place: tuple[float, float], threshold: int, say: Words
) -> None:
    """How many still wait, under the months of the axis."""
    left, y = place
    rows = own.drop_duplicates("month").set_index("month")
    for month in _ticks(planned):
        count = rows["n"].max() if month == 0 else rows["at_risk"].get(month, np.nan)
        text = f"<{threshold}" if np.isnan(count) else say.number(count)
        x = left + planned.width * month / planned.end
        paper.text(x, y, text, ha="center", va="top", fontsize=SIZE)
