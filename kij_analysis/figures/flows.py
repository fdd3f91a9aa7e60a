"""Statuses as stacked bars at each time, and the bands between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from kij_analysis.figures.sheet import LINE, MARGIN, WIDTH, Sheet, wrapped
from kij_analysis.figures.style import INK, MUTED, NEUTRAL, PAPER
from kij_analysis.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STATES: Mapping[str, tuple[str, str]] = {
    "work": ("#0B5394", PAPER), "on_the_way": ("#7FB3D5", INK), "no_work": ("#D8A26B", INK),
    "lost": ("#D9D9D9", INK), "few": (PAPER, MUTED),
}  # fmt: skip
"""The colour of each status, and that of the number in it."""
OTHERS = ("#5B7F3A", "#8C4A00", "#7A3E9D", "#1A9C8E", "#A0377E", "#7A5C00", "#5F5F5F", "#C2470C")
"""For statuses that are not grouped."""
SIDE, NODE, TALL = 1.3, 0.5, 1.55
"""Inches: labels at each side, the width of a status, the height of a panel."""


@dataclass(frozen=True)
class Node:
    """A status at one time: where it stands, from 0 to 1 from below, and its share."""

    state: str
    low: float
    high: float


def spoken_state(code: str, variable: str, say: Words) -> str:
    """A group of statuses, or a status itself, in words."""
    return say(f"state.{code}") if say.has(f"state.{code}") else say.category(variable, code)


def nodes(rows: pd.DataFrame) -> list[Node]:
    """The statuses at one time from below, hidden ones as one.

    Examples
    --------
    >>> rows = pd.DataFrame({"second": ["work", "no_work"], "estimate": [0.25, 0.75]})
    >>> [(node.state, node.low, node.high) for node in nodes(rows)]
    [('no_work', 0.0, 0.75), ('work', 0.75, 1.0)]
    """
    found, low = [], 0.0
    hidden = rows["estimate"].isna()
    if hidden.any():
        rest = max(0.0, 1 - float(rows["estimate"].sum()))
        if rest > 1e-9:
            found.append(Node("few", 0.0, rest))
            low = rest
    for row in rows[~hidden].iloc[::-1].to_dict("records"):
        if row["estimate"] > 0:
            found.append(Node(row["second"], low, low + row["estimate"]))
            low += row["estimate"]
    return found


def ungrouped(own: pd.DataFrame) -> list[str]:
    """Statuses that have no colour of their own, in their order."""
    return [code for code in dict.fromkeys(own["second"]) if code not in STATES]


def _colour(state: str, order: Sequence[str]) -> tuple[str, str]:
    return STATES[state] if state in STATES else (OTHERS[order.index(state) % len(OTHERS)], PAPER)


def stack_of(axes: Axes, stack: Sequence[Node], left: float, order: Sequence[str], say: Words) -> None:
    """Draw the statuses at one time on each other, with their shares."""
    from matplotlib.patches import Rectangle

    for node in stack:
        colour, ink = _colour(node.state, order)
        tall = node.high - node.low
        edge = NEUTRAL if node.state in ("few", "lost") else PAPER
        hatch = "///" if node.state == "few" else None
        axes.add_patch(
            Rectangle(
                (left, node.low), NODE, tall, facecolor=colour, edgecolor=edge, linewidth=0.6, hatch=hatch
            )
        )
        if tall * TALL > 0.15 and node.state != "few":
            axes.text(left + NODE / 2, (node.low + node.high) / 2, say.share(tall), ha="center", va="center",
                      fontsize=8, color=ink)  # fmt: skip


def bands(
    axes: Axes,
    flows: pd.DataFrame,
    stacks: tuple[Sequence[Node], Sequence[Node]],
    edges: tuple[float, float],
    n: float,
) -> None:
    """The bands of one step, coloured by where they come from, from the top of each status down."""
    start = {node.state: node.high for node in stacks[0]}
    end = {node.state: node.high for node in stacks[1]}
    order = ungrouped(flows)
    for row in flows.to_dict("records"):
        one, other, wide = row["first"], row["second"], row["count"] / n
        if one not in start or other not in end or not wide:
            continue
        _band(axes, edges, (start[one], end[other]), wide, _colour(one, order)[0])
        start[one] -= wide
        end[other] -= wide


def _band(
    axes: Axes, edges: tuple[float, float], tops: tuple[float, float], wide: float, colour: str
) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    (left, right), (a, b) = edges, tops
    middle = (left + right) / 2
    corners = [
        (left, a), (middle, a), (middle, b), (right, b), (right, b - wide), (middle, b - wide),
        (middle, a - wide), (left, a - wide), (left, a),
    ]  # fmt: skip
    move = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    axes.add_patch(PathPatch(Path(corners, move), facecolor=colour, alpha=0.45, linewidth=0))


def side_labels(
    paper: Sheet, bottom: float, stack: Sequence[Node], side: str, variable: str, say: Words
) -> None:
    """The names of the statuses at one side, moved apart where they would meet."""
    texts = [wrapped(spoken_state(node.state, variable, say), SIDE - 0.1, 8) for node in stack]
    heights = [len(lines) * 8 * LINE / 72 for lines in texts]
    places = spread([bottom + TALL * (node.low + node.high) / 2 for node in stack], heights, bottom, TALL)
    left = side == "left"
    x = MARGIN + SIDE - 0.08 if left else WIDTH - MARGIN - SIDE + 0.08
    for lines, y in zip(texts, places, strict=True):
        paper.text(x, y, "\n".join(lines), fontsize=8, va="center", ha="right" if left else "left",
                   linespacing=LINE - 0.15)  # fmt: skip


def spread(middles: Sequence[float], heights: Sequence[float], bottom: float, tall: float) -> list[float]:
    """The middles of labels from below, moved apart so that none meets the next; all within the panel.

    Examples
    --------
    >>> [round(place, 2) for place in spread([0.1, 0.15, 0.9], [0.2, 0.2, 0.2], 0.0, 1.0)]
    [0.1, 0.3, 0.9]
    """
    places = list(middles)
    for place, height in enumerate(heights):
        floor = bottom if not place else places[place - 1] + heights[place - 1] / 2
        places[place] = max(places[place], floor + height / 2)
    ceiling = bottom + tall + 0.1
    for place in reversed(range(len(places))):
        places[place] = min(places[place], ceiling - heights[place] / 2)
        ceiling = places[place] - heights[place] / 2
    return places
