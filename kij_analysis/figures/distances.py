"""Panels of distances: every text is measured before it is set, as in the panels of shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kij_analysis.figures.panels import ABOVE, ABREAST, BELOW, GAP, LABELS
from kij_analysis.figures.sheet import LINE, MARGIN, WIDTH, Sheet, text_width, wrapped
from kij_analysis.figures.style import GRID, INK, MUTED, NEUTRAL, looks
from kij_analysis.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARK = 0.1
"""A difference from which on groups are often called unlike: a convention (Austin 2009)."""
BAND = "#D5D9E0"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Where everything goes: comparisons in bands, texts in lines, heights of rows, the scale."""

    bands: Sequence[Sequence[str]]
    titles: Mapping[str, Sequence[str]]
    labels: Mapping[str, Sequence[str]]
    notes: Mapping[str, Sequence[str]]
    heights: Mapping[str, float]
    width: float
    limit: float
    room: float

    @property
    def rows(self) -> float:
        """The height of the rows of a panel, in inches."""
        return sum(self.heights.values())

    def head(self, band: Sequence[str]) -> float:
        """The height of the titles of a band."""
        return ABOVE + max(len(self.titles[one]) for one in band) * 9.5 * LINE / 72

    @property
    def body(self) -> float:
        """The height of all bands."""
        return sum(self.head(band) + self.rows + BELOW for band in self.bands)

    @property
    def inch(self) -> float:
        """How much of the scale an inch holds."""
        return self.limit / (self.width - self.room)


def plan(placed: pd.DataFrame, say: Words) -> Plan:
    """Measure the texts of the panels and find a place for each."""
    panels = list(dict.fromkeys(placed.sort_index()["panel"]))
    bands = [list(b) for b in np.array_split(np.array(panels, dtype=object), -(-len(panels) // ABREAST))]
    abreast = max(map(len, bands))
    width = (WIDTH - 2 * MARGIN - LABELS - 0.12 - GAP * (abreast - 1)) / abreast
    titles = {panel: _title(placed[placed["panel"] == panel], width, say) for panel in panels}
    labels = {v: wrapped(say.sentence(say.variable(v)), LABELS, 9) for v in dict.fromkeys(placed["variable"])}
    unseen = placed[placed["apart"].isna()]
    numbers = [say.number(d, digits=2) for d in placed["apart"].dropna()]
    limit = float(np.nanmax([*placed["high"], *placed["by_chance"], *placed["apart"], 0.4])) * 1.02
    room = 0.12 + max((text_width(number, 8) for number in numbers), default=0.2)
    beside = MARK * (width - room) / limit + 0.15
    notes = {n: wrapped(say(f"short.{n}"), width - beside, 7.5) for n in set(unseen["note"])}
    heights = {}
    for variable, lines in labels.items():
        tall = [len(notes[note]) for note in unseen.loc[unseen["variable"] == variable, "note"]]
        least = max(len(lines) * 9 * LINE / 72 + 0.09, max(tall, default=0) * 7.5 * LINE / 72 + 0.09)
        heights[variable] = max(0.27, least)
    return Plan(
        bands=bands,
        titles=titles,
        labels=labels,
        notes=notes,
        heights=heights,
        width=width,
        limit=limit,
        room=room,
    )


def _title(rows: pd.DataFrame, width: float, say: Words) -> list[str]:
    """Who is compared; where the numbers of persons have no room beside, they have a line of their own."""
    who = rows["who"].iloc[0]
    if rows["n_1"].isna().all():
        return wrapped(who, width, 9.5, "bold")
    sizes = {name: say.number(rows[f"n_{k}"].max()) for name, k in (("first", 1), ("second", 2))}
    whole = say("figure.standardised.panel", who=who, **sizes)
    if text_width(whole, 9.5, "bold") <= width or not whole.startswith(who):
        return wrapped(whole, width, 9.5, "bold")
    parts = (who, whole.removeprefix(who).strip())
    return [line for part in parts for line in wrapped(part, width, 9.5, "bold")]


def draw(paper: Sheet, planned: Plan, placed: pd.DataFrame, say: Words) -> None:
    """Draw the panels of a plan on a sheet."""
    left, top = MARGIN + LABELS + 0.12, paper.top
    look = looks(list(dict.fromkeys(placed["programme"])), order=list(say.codebook.programmes))
    for band in planned.bands:
        bottom = top - planned.head(band) - planned.rows
        middle = bottom + planned.rows
        middles = {}
        for variable, height in planned.heights.items():
            middles[variable] = middle - height / 2 - bottom
            paper.text(
                MARGIN + LABELS, middle - height / 2, "\n".join(planned.labels[variable]),
                ha="right", va="center", fontsize=9, linespacing=LINE - 0.15,
            )  # fmt: skip
            middle -= height
        for position, panel in enumerate(band):
            axes = paper.axes(left + position * (planned.width + GAP), bottom, planned.width, planned.rows)
            axes.set_label(panel)
            rows = placed[placed["panel"] == panel].set_index("variable")
            programme = rows["programme"].iloc[0]
            _scale(axes, planned, say)
            _points(axes, planned, rows, middles, (INK, "o") if programme == "all" else look[programme], say)
            axes.set_title("\n".join(planned.titles[panel]), pad=6, color=INK)
        top = bottom - BELOW


def _scale(axes: Axes, planned: Plan, say: Words) -> None:
    """The scale with as many marks as have room, and the dashed line of the convention."""
    for step in (0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0):
        digits = 2 if step == 0.25 else 1
        ticks = np.arange(0, planned.limit + 1e-9, step)
        marks = [say.number(tick, digits=digits) for tick in ticks]
        if max(text_width(mark, 8) for mark in marks) + 0.08 < step / planned.inch:
            break
    axes.set(xlim=(0, planned.width * planned.inch), ylim=(0, planned.rows), yticks=[], xticks=ticks)
    axes.set_xticklabels(marks, fontsize=8)
    axes.tick_params(length=0)
    axes.vlines(ticks, 0, planned.rows, color=GRID, linewidth=0.8, zorder=0)
    axes.axvline(0, color=MUTED, linewidth=0.8)
    axes.axvline(MARK, color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)), zorder=2)


def _points(
    axes: Axes,
    planned: Plan,
    rows: pd.DataFrame,
    middles: Mapping[str, float],
    look: tuple[str, str],
    say: Words,
) -> None:
    from matplotlib.patches import Rectangle

    colour, marker = look
    for variable, y in middles.items():
        if variable not in rows.index or np.isnan(rows.at[variable, "apart"]):
            note = planned.notes[rows.at[variable, "note"]] if variable in rows.index else ["–"]
            axes.text(
                MARK + 0.06 * planned.inch, y, "\n".join(note), fontsize=7.5, color=MUTED, style="italic",
                va="center", linespacing=LINE - 0.15,
            )  # fmt: skip
            continue
        row = rows.loc[variable]
        band: dict[str, Any] = {"facecolor": BAND, "edgecolor": NEUTRAL, "linewidth": 0.5, "zorder": 1}
        axes.add_patch(Rectangle((0, y - 0.07), row["by_chance"], 0.14, **band))
        axes.hlines(y, row["low"], row["high"], color=colour, linewidth=1.6, zorder=3)
        axes.plot(
            row["apart"], y, marker=marker, color=colour, markersize=5.5, markeredgecolor="white",
            markeredgewidth=0.6, clip_on=False, zorder=4,
        )  # fmt: skip
        edge = max(row["high"], row["by_chance"], row["apart"] + 0.045 * planned.inch)
        shown = say.number(row["apart"], digits=2)
        axes.text(edge + 0.055 * planned.inch, y, shown, fontsize=8, color=INK, va="center")
