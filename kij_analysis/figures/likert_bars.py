"""Stacked bars around the middle of an answer scale: panels with a key, bars, and two columns of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kij_analysis.figures.sheet import LINE, MARGIN, WIDTH, Sheet, text_width, wrapped
from kij_analysis.figures.style import GRID, INK, MUTED, NEUTRAL, PAPER, contrast, readable_on
from kij_analysis.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LABELS, COUNT, ABSENT = 1.95, 0.42, 0.72
"""Inches: the width of the row labels and of the two columns at the right; so are the other measures."""
LEFT = MARGIN + LABELS + 0.12
ACROSS = WIDTH - MARGIN - COUNT - ABSENT - LEFT
HIGH, SWATCH, KEY, SIZE = 0.24, 0.13, 8.0, 8.0
TITLE, FOOT, AFTER = 0.27, 0.3, 0.14
SEEN = 0.07
"""From which share on a segment carries its number."""


@dataclass(frozen=True, kw_only=True)
class Segment:
    """One step of a bar, or several that stand together; `start` is left of zero below the middle."""

    start: float
    wide: float
    colours: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One question: its segments, what is hidden of it, the numbers beside it; a note if there is none."""

    label: str
    segments: Sequence[Segment]
    hidden: float
    n: str
    absent: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """The questions that one programme asked on one scale, with the colours of its steps."""

    heading: str
    look: tuple[str, str]
    key: Sequence[tuple[str, str]]
    bars: Sequence[Bar]


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How far bars reach to the left and right of the middle, and where the hidden rest is set apart."""

    left: float
    right: float
    apart: float
    hidden: float

    @property
    def whole(self) -> float:
        """The width of the axis in shares."""
        return self.left + self.right + self.apart + self.hidden


def reach_of(panels: Sequence[Panel]) -> Reach:
    """The common scale of all panels, so that equal lengths are equal shares."""
    bars = [bar for panel in panels for bar in panel.bars]
    left = max([0.25, *(-s.start for bar in bars for s in bar.segments)])
    right = max([0.25, *(s.start + s.wide for bar in bars for s in bar.segments)])
    hidden = max((bar.hidden for bar in bars), default=0.0)
    return Reach(left=left, right=right, apart=0.05 if hidden else 0.0, hidden=hidden)


def height(panels: Sequence[Panel]) -> float:
    """How much room the panels need."""
    return sum(_panel_height(panel) + AFTER for panel in panels) + FOOT - AFTER


def _panel_height(panel: Panel) -> float:
    return TITLE + _key_height(panel) + sum(_row(bar) for bar in panel.bars)


def _row(bar: Bar) -> float:
    return max(HIGH + 0.1, len(wrapped(bar.label, LABELS, 9)) * 9 * LINE / 72 + 0.08)


def _key_height(panel: Panel) -> float:
    return len(_key_lines(panel)) * 0.2 + 0.08


def _key_lines(panel: Panel) -> list[list[tuple[float, str, str]]]:
    """The steps of the key in lines: where each begins, its words and its colour."""
    lines: list[list[tuple[float, str, str]]] = [[]]
    x, end = MARGIN, WIDTH - MARGIN
    for label, colour in panel.key:
        wide = SWATCH + 0.06 + text_width(label, KEY) * 1.04 + 0.16
        if lines[-1] and x + wide - 0.16 > end:
            lines.append([])
            x = MARGIN
        lines[-1].append((x, label, colour))
        x += wide
    return lines


def draw(paper: Sheet, panels: Sequence[Panel], say: Words) -> None:
    """Draw the panels on a sheet, from the top."""
    reach, top = reach_of(panels), paper.top
    for place, panel in enumerate(panels):
        top -= _panel_height(panel)
        _panel(paper, panel, reach, top, say, last=place == len(panels) - 1)
        top -= AFTER


def _panel(paper: Sheet, panel: Panel, reach: Reach, bottom: float, say: Words, *, last: bool) -> None:
    y = bottom + _panel_height(panel) - TITLE / 2
    _marked(paper, panel, y)
    columns = ((WIDTH - MARGIN - ABSENT, say("table.estimates.n")), (WIDTH - MARGIN, say("likert.absent")))
    for x, text in columns:
        paper.text(x, y, text, ha="right", va="center", fontsize=7.5, color=MUTED)
    _key(paper, panel, y - TITLE / 2)
    high = sum(map(_row, panel.bars))
    axes = paper.axes(LEFT, bottom, ACROSS, high)
    axes.set_label(panel.heading)
    _scale(axes, reach, high, say, labelled=last)
    middle = high
    for bar in panel.bars:
        middle -= _row(bar) / 2
        _bar(axes, bar, reach, middle)
        label = "\n".join(wrapped(bar.label, LABELS, 9))
        look = {"va": "center", "ha": "right"}
        paper.text(MARGIN + LABELS, bottom + middle, label, fontsize=9, linespacing=LINE - 0.15, **look)
        for (x, _), text in zip(columns, (bar.n, bar.absent), strict=True):
            paper.text(x, bottom + middle, text, fontsize=SIZE, **look)
        middle -= _row(bar) / 2


def _marked(paper: Sheet, panel: Panel, y: float) -> None:
    """The heading of a panel behind the mark of its programme."""
    from matplotlib.lines import Line2D

    colour, marker = panel.look
    place = ([(MARGIN + 0.06) / paper.width], [y / paper.height])
    mark: dict[str, Any] = {"marker": marker, "color": colour, "markersize": 6}
    mark["transform"] = paper.canvas.transFigure
    paper.canvas.add_artist(Line2D(*place, linestyle="none", **mark))
    paper.text(MARGIN + 0.19, y, panel.heading, va="center", fontsize=9.5, fontweight="bold")


def _key(paper: Sheet, panel: Panel, top: float) -> None:
    """The words of the steps with their colours, from the lowest."""
    from matplotlib.patches import Rectangle

    for place, line in enumerate(_key_lines(panel)):
        y = top - 0.2 * place - 0.1
        for x, label, colour in line:
            corner = (x / paper.width, (y - SWATCH / 2) / paper.height)
            box = Rectangle(
                corner, SWATCH / paper.width, SWATCH / paper.height, facecolor=colour, edgecolor=NEUTRAL,
                linewidth=0.5, transform=paper.canvas.transFigure,
            )  # fmt: skip
            paper.canvas.add_artist(box)
            paper.text(x + SWATCH + 0.06, y, label, va="center", fontsize=KEY)


def _scale(axes: Axes, reach: Reach, high: float, say: Words, *, labelled: bool) -> None:
    """Shares to both sides of the middle; neither side has a sign."""
    inch = reach.whole / ACROSS
    for step in (0.1, 0.25, 0.5):
        if step / inch > text_width(say.share(0.5), 8) + 0.15:
            break
    left, right = int(reach.left / step + 1e-9), int(reach.right / step + 1e-9)
    ticks = [step * place for place in range(-left, right + 1)]
    axes.set(xlim=(-reach.left, reach.whole - reach.left), ylim=(0, high), yticks=[], xticks=ticks)
    axes.set_xticklabels([say.share(abs(tick)) if tick else "0" for tick in ticks] if labelled else [])
    axes.tick_params(length=0, labelsize=8)
    axes.spines["bottom"].set_visible(False)
    axes.vlines([tick for tick in ticks if tick], 0, high, color=GRID, linewidth=0.8, zorder=0)
    axes.axvline(0, color=INK, linewidth=0.9, zorder=0.5)


def _bar(axes: Axes, bar: Bar, reach: Reach, y: float) -> None:
    from matplotlib.patches import Rectangle

    for one in bar.segments:
        stripe = HIGH / len(one.colours)
        for place, colour in enumerate(one.colours):
            foot = y + HIGH / 2 - (place + 1) * stripe
            axes.add_patch(Rectangle((one.start, foot), one.wide, stripe, facecolor=colour, linewidth=0))
        frame: dict[str, Any] = {"fill": False, "edgecolor": PAPER, "linewidth": 1.2}
        axes.add_patch(Rectangle((one.start, y - HIGH / 2), one.wide, HIGH, **frame))
        _number(axes, one.start + one.wide / 2, y, one.wide, one.colours)
    if bar.hidden:
        x = reach.right + reach.apart
        shade: dict[str, Any] = {"facecolor": PAPER, "edgecolor": NEUTRAL, "hatch": "////", "linewidth": 0.8}
        axes.add_patch(Rectangle((x, y - HIGH / 2), bar.hidden, HIGH, **shade))
        _number(axes, x + bar.hidden / 2, y, bar.hidden, ())
    if bar.note:
        axes.text(0.02, y, bar.note, fontsize=7.5, color=MUTED, style="italic", va="center")


def _number(axes: Axes, x: float, y: float, share: float, colours: Sequence[str]) -> None:
    """The number of a segment that is wide enough; on stripes and where contrast is low on a white ground."""
    if share < SEEN:
        return
    text = f"{100 * share:.0f}"
    own = readable_on(colours[0]) if len(colours) == 1 else INK
    plain = len(colours) == 1 and contrast(own, colours[0]) >= 4.5
    box = None if plain else {"boxstyle": "round,pad=0.12", "facecolor": PAPER, "linewidth": 0}
    axes.text(
        x, y, text, fontsize=SIZE, color=own if plain else INK, ha="center", va="center_baseline", bbox=box,
        zorder=4,
    )  # fmt: skip
