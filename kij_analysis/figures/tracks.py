"""Rows of points on one or several axes side by side, under headings, with what is printed beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from kij_analysis.figures.figure import Figure
from kij_analysis.figures.sheet import HINTED, LINE, MARGIN, WIDTH, Sheet, sheet, text_width, wrapped
from kij_analysis.figures.style import GRID, INK, MUTED, NEUTRAL, styled
from kij_analysis.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LABELS, SIZE, SMALL = 2.05, 8.5, 7.5
"""The width of the row labels in inches, the type size of rows, and that of notes and axis titles."""
GAP, FOOT, HEADING = 0.32, 0.3, 0.33
"""Inches: between axes, the room of the scales below, the height of a heading."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One point on one of the axes, with its interval."""

    value: float
    look: tuple[str, str]
    axis: int = 0
    low: float = math.nan
    high: float = math.nan
    hollow: bool = False


@dataclass(frozen=True, kw_only=True)
class Track:
    """One row: its points, what is printed at the right, and a note where there are none.

    `joined` draws a line between the points of the first axis.
    """

    heading: str
    label: str
    marks: Sequence[Mark] = ()
    number: str = ""
    note: str = ""
    joined: bool = False


@dataclass(frozen=True, kw_only=True)
class Axis:
    """One scale: its title, ends, marks and their texts, and how wide it is beside the others."""

    title: str
    low: float
    high: float
    ticks: Sequence[float]
    texts: Sequence[str]
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Texts:
    """What stands around the body of a figure."""

    title: str
    subtitle: str
    footer: str
    mark: str
    alt: str


def tracked(
    tracks: Sequence[Track], axes: Sequence[Axis], texts: Texts, data: pd.DataFrame, say: Words, *, name: str
) -> Figure:
    """The figure of the rows."""
    with styled():
        paper = sheet(
            title=texts.title,
            subtitle=texts.subtitle,
            footer=texts.footer,
            mark=texts.mark,
            body=_height(tracks, axes),
        )
        _draw(paper, tracks, axes)
    return Figure(
        name=name,
        language=say.language,
        title=texts.title,
        subtitle=texts.subtitle,
        footer=texts.footer,
        mark=texts.mark,
        alt=texts.alt,
        data=data,
        canvas=paper.canvas,
    )


def scale(
    low: float, high: float, say: Words, *, share: bool = False, title: str = "", weight: float = 1.0
) -> Axis:
    """An axis from `low` to `high` with three to six round marks; of shares, percentages."""
    wide = 100 * (high - low) if share else high - low
    step = next(s for s in (0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 20, 25, 50, 100, 250) if wide / s <= 4.6)
    own = step / 100 if share else step
    first = math.ceil(low / own - 1e-9)
    ticks = [own * place for place in range(first, math.floor(high / own + 1e-9) + 1)]
    digits = 0 if share or step >= 1 else 2 if step == 0.25 else 1
    texts = [say.number(100 * tick if share else tick, digits=digits) for tick in ticks]
    if share:
        texts[-1] = say.share(ticks[-1])
    return Axis(title=title, low=low, high=high, ticks=ticks, texts=texts, weight=weight)


def _right(tracks: Sequence[Track]) -> float:
    return max((text_width(track.number, SIZE) for track in tracks), default=0.0) * 1.04 + 0.06


def _widths(tracks: Sequence[Track], axes: Sequence[Axis]) -> list[float]:
    room = WIDTH - 2 * MARGIN - LABELS - 0.12 - _right(tracks) - GAP * len(axes)
    total = sum(axis.weight for axis in axes)
    return [room * axis.weight / total for axis in axes]


def _titles(tracks: Sequence[Track], axes: Sequence[Axis]) -> list[list[str]]:
    widths = _widths(tracks, axes)
    return [
        wrapped(axis.title, width, SMALL, "bold") if axis.title else []
        for axis, width in zip(axes, widths, strict=True)
    ]


def _head(tracks: Sequence[Track], axes: Sequence[Axis]) -> float:
    return max(map(len, _titles(tracks, axes))) * SMALL * LINE / 72 + 0.06


def _label_lines(track: Track) -> list[str]:
    """The label in lines, a little narrower than its room: pixels may set it wider."""
    return wrapped(track.label, LABELS / HINTED, SIZE)


def _heights(tracks: Sequence[Track]) -> list[float]:
    lines = [_label_lines(track) for track in tracks]
    return [max(0.26, len(own) * SIZE * LINE / 72 + 0.07) for own in lines]


def _begins(tracks: Sequence[Track], place: int) -> bool:
    heading = tracks[place].heading
    return bool(heading) and (place == 0 or tracks[place - 1].heading != heading)


def _heading_lines(text: str) -> list[str]:
    return wrapped(text, WIDTH - 2 * MARGIN, 9, "bold")


def _heading_height(text: str) -> float:
    return HEADING + (len(_heading_lines(text)) - 1) * 9 * LINE / 72


def _height(tracks: Sequence[Track], axes: Sequence[Axis]) -> float:
    headings = sum(_heading_height(t.heading) for place, t in enumerate(tracks) if _begins(tracks, place))
    return _head(tracks, axes) + sum(_heights(tracks)) + headings + FOOT


def _draw(paper: Sheet, tracks: Sequence[Track], axes: Sequence[Axis]) -> None:
    body = _height(tracks, axes) - FOOT - _head(tracks, axes)
    foot = paper.bottom + FOOT - 0.06
    drawn = _axes(paper, tracks, axes, foot, body)
    y = body
    for place, (track, tall) in enumerate(zip(tracks, _heights(tracks), strict=True)):
        if _begins(tracks, place):
            y -= _heading_height(track.heading)
            heading = "\n".join(_heading_lines(track.heading))
            paper.text(
                MARGIN, foot + y + 0.05, heading, fontsize=9, fontweight="bold", va="bottom",
                linespacing=LINE - 0.15, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.2},
            )  # fmt: skip
        middle, y = foot + y - tall / 2, y - tall
        label = "\n".join(_label_lines(track))
        paper.text(
            MARGIN + LABELS, middle, label, fontsize=SIZE, va="center", ha="right", linespacing=LINE - 0.15
        )
        paper.text(WIDTH - MARGIN, middle, track.number, fontsize=SIZE, va="center", ha="right")
        _row(drawn, axes, track, y + tall / 2)


def _axes(
    paper: Sheet, tracks: Sequence[Track], axes: Sequence[Axis], foot: float, body: float
) -> list[Axes]:
    """The axes side by side, each with its title above."""
    left, drawn = MARGIN + LABELS + 0.12, []
    for axis, width, title in zip(axes, _widths(tracks, axes), _titles(tracks, axes), strict=True):
        own = paper.axes(left, foot, width, body)
        own.set_label(axis.title)
        own.set(xlim=(axis.low, axis.high), ylim=(0, body), yticks=[], xticks=list(axis.ticks))
        own.set_xticklabels(list(axis.texts), fontsize=8)
        own.tick_params(length=0)
        own.vlines([tick for tick in axis.ticks if tick], 0, body, color=GRID, linewidth=0.8, zorder=0)
        if axis.low <= 0 <= axis.high:
            own.axvline(0, color=MUTED, linewidth=0.8)
        if title:
            paper.text(
                left, foot + body + 0.05, "\n".join(title), fontsize=SMALL, fontweight="bold", color=MUTED,
                va="bottom", linespacing=LINE - 0.15,
            )  # fmt: skip
        drawn.append(own)
        left += width + GAP
    return drawn


def _row(drawn: Sequence[Axes], axes: Sequence[Axis], track: Track, y: float) -> None:
    if track.note:
        inset = axes[0].low + 0.02 * (axes[0].high - axes[0].low)
        drawn[0].text(
            inset, y, track.note, fontsize=SMALL, color=MUTED, style="italic", va="center",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        )  # fmt: skip
    first = [mark.value for mark in track.marks if mark.axis == 0]
    if track.joined and len(first) > 1:
        drawn[0].hlines(y, min(first), max(first), color=NEUTRAL, linewidth=1.4, zorder=1)
    for mark in track.marks:
        own, (colour, marker) = drawn[mark.axis], mark.look
        if not math.isnan(mark.low):
            ends = max(mark.low, axes[mark.axis].low), min(mark.high, axes[mark.axis].high)
            own.hlines(y, *ends, color=colour, linewidth=1.7, alpha=0.55 if mark.hollow else 1.0)
        own.plot(
            mark.value, y, marker=marker, markersize=11 if marker == "|" else 6, color=colour,
            markeredgewidth=1.3, clip_on=False,
            markerfacecolor="white" if mark.hollow else colour, zorder=3, linestyle="none",
            markeredgecolor=colour if mark.hollow else INK if colour == "#FFFFFF" else colour,
        )  # fmt: skip
