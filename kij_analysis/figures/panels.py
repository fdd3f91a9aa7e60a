"""Panels of dots side by side: every text is measured before it is set, so that none meets another."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kij_analysis.figures.sheet import LINE, MARGIN, WIDTH, Sheet, text_width, wrapped
from kij_analysis.figures.style import GRID, INK, MUTED, looks
from kij_analysis.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LABELS = 1.95
"""The width of the row labels, in inches; so are the other measures."""

ABREAST = 3
"""How many panels stand side by side before a further band of them begins."""

GAP, ABOVE, BELOW = 0.14, 0.16, 0.26


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Where everything goes: programmes in bands, texts in lines, heights of rows and titles, the scale.

    `limit` is the largest value drawn; right of it there is `room` for the number of the longest line.
    Rows in `headings` have no dots; labels of rows in `strong` are bold.
    """

    bands: Sequence[Sequence[str]]
    titles: Mapping[str, Sequence[str]]
    labels: Mapping[str, Sequence[str]]
    notes: Mapping[str, Sequence[str]]
    heights: Mapping[str, float]
    width: float
    limit: float
    room: float
    headings: frozenset[str] = frozenset()
    strong: frozenset[str] = frozenset()

    @property
    def rows(self) -> float:
        """The height of the rows of a panel."""
        return sum(self.heights.values())

    def head(self, band: Sequence[str]) -> float:
        """The height of the titles of a band."""
        return ABOVE + max(len(self.titles[programme]) for programme in band) * 9.5 * LINE / 72

    @property
    def body(self) -> float:
        """The height of all bands."""
        return sum(self.head(band) + self.rows + BELOW for band in self.bands)

    @property
    def middles(self) -> dict[str, float]:
        """The middle of each row, from the foot of its panel."""
        feet = self.rows - np.cumsum(list(self.heights.values()))
        return {v: foot + height / 2 for (v, height), foot in zip(self.heights.items(), feet, strict=True)}


def plan(
    estimates: pd.DataFrame,
    programmes: Sequence[str],
    rows: Mapping[str, str],
    bases: Mapping[str, str],
    say: Words,
    *,
    headings: Collection[str] = (),
    strong: Collection[str] = (),
) -> Plan:
    """Measure the texts of a dot plot and find a place for each.

    Parameters
    ----------
    estimates
        One row per programme and `row`; `shown` is what stands beside the dot.
    rows
        The label of each row, from the top.
    headings
        Rows that have a label only, in bold.
    strong
        Rows with dots whose label is bold too.
    """
    count = -(-len(programmes) // ABREAST)
    bands = [list(band) for band in np.array_split(np.array(programmes, dtype=object), count)]
    abreast = max(map(len, bands))
    width = (WIDTH - 2 * MARGIN - LABELS - 0.12 - GAP * (abreast - 1)) / abreast
    titles = {p: _title(p, bases[p], width, say) for p in programmes}
    bold = {*headings, *strong}
    labels = {
        row: wrapped(text, LABELS, 9, "bold" if row in bold else "normal") for row, text in rows.items()
    }
    unseen = estimates.loc[estimates["estimate"].isna(), ["row", "note"]].drop_duplicates()
    notes = {note: wrapped(say(f"short.{note}"), width - 0.1, 7.5) for note in set(unseen["note"])}
    heights = {}
    for row, lines in labels.items():
        tall = [len(notes[note]) for note in unseen.loc[unseen["row"] == row, "note"]]
        heights[row] = max(
            0.27, len(lines) * 9 * LINE / 72 + 0.09, max(tall, default=0) * 7.5 * LINE / 72 + 0.09
        )
    numbers = estimates.loc[estimates["estimate"].notna(), "shown"]
    return Plan(
        bands=bands,
        titles=titles,
        labels=labels,
        notes=notes,
        heights=heights,
        width=width,
        limit=min(1.0, float(np.nanmax([*estimates["conf_high"], *estimates["estimate"], 0.2])) * 1.02),
        room=0.12 + max((text_width(number, 8) for number in numbers), default=0.2),
        headings=frozenset(headings),
        strong=frozenset(bold),
    )


def _title(programme: str, base: str, width: float, say: Words) -> list[str]:
    """The name with its base; where both have no room beside each other, the base has a line of its own."""
    name = say.programme(programme)
    whole = say("figure.panel", programme=name, n=base) if base else name
    if text_width(whole, 9.5, "bold") <= width or not whole.startswith(name):
        return wrapped(whole, width, 9.5, "bold")
    parts = (name, whole.removeprefix(name).strip())
    return [line for part in parts if part for line in wrapped(part, width, 9.5, "bold")]


def draw(paper: Sheet, planned: Plan, estimates: pd.DataFrame, say: Words) -> None:
    """Draw the panels of a plan on a sheet."""
    left, top = MARGIN + LABELS + 0.12, paper.top
    look = looks([p for band in planned.bands for p in band], order=list(say.codebook.programmes))
    for band in planned.bands:
        bottom = top - planned.head(band) - planned.rows
        for row, middle in planned.middles.items():
            paper.text(
                MARGIN + LABELS, bottom + middle, "\n".join(planned.labels[row]),
                ha="right", va="center", fontsize=9, linespacing=LINE - 0.15,
                fontweight="bold" if row in planned.strong else "normal",
            )  # fmt: skip
        for position, programme in enumerate(band):
            x = left + position * (planned.width + GAP)
            axes = paper.axes(x, bottom, planned.width, planned.rows)
            axes.set_label(programme)
            rows = estimates[estimates["programme"] == programme].set_index("row")
            _scale(axes, planned, say)
            _dots(axes, planned, rows, look[programme])
            axes.set_title("\n".join(planned.titles[programme]), pad=6, color=INK)
        top = bottom - BELOW


def _scale(axes: Axes, planned: Plan, say: Words) -> None:
    """The scale with as many marks as have room for their numbers; the last one carries the sign."""
    inch = planned.limit / (planned.width - planned.room)
    for step in (0.1, 0.2, 0.25, 0.5, 1.0):
        ticks = np.arange(0, planned.limit + 1e-9, step)
        marks = [*(say.number(100 * tick) for tick in ticks[:-1]), say.share(ticks[-1])]
        if sum(text_width(mark, 8) for mark in marks[-2:]) / 2 + 0.05 < step / inch:
            break
    axes.set(xlim=(0, planned.width * inch), ylim=(0, planned.rows), yticks=[], xticks=ticks)
    axes.set_xticklabels(marks, fontsize=8)
    axes.tick_params(length=0)
    axes.vlines(ticks, 0, planned.rows, color=GRID, linewidth=0.8, zorder=0)
    axes.axvline(0, color=MUTED, linewidth=0.8)


def _dots(axes: Axes, planned: Plan, rows: pd.DataFrame, look: tuple[str, str]) -> None:
    colour, marker = look
    inch = planned.limit / (planned.width - planned.room)
    for name, y in planned.middles.items():
        if name in planned.headings:
            continue
        if name not in rows.index or np.isnan(rows.at[name, "estimate"]):
            note = planned.notes[rows.at[name, "note"]] if name in rows.index else ["–"]
            axes.text(
                0.04 * inch, y, "\n".join(note), fontsize=7.5, color=MUTED, style="italic", va="center",
                linespacing=LINE - 0.15,
            )  # fmt: skip
            continue
        row = rows.loc[name]
        if not np.isnan(row["conf_low"]):
            axes.hlines(y, row["conf_low"], row["conf_high"], color=colour, linewidth=1.8)
        axes.plot(
            row["estimate"], y, marker=marker, color=colour, markersize=5.5, markeredgecolor="white",
            markeredgewidth=0.6, clip_on=False,
        )  # fmt: skip
        edge = max(np.nanmax([row["estimate"], row["conf_high"]]), row["estimate"] + 0.045 * inch)
        axes.text(edge + 0.055 * inch, y, row["shown"], fontsize=8, color=INK, va="center")
