"""Lines of an account: what each payer is left with over time, and where it breaks even."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.figures.accounts.saying import (
    LOOKS,
    about,
    drawn,
    marks,
    number_name,
    one_money,
    seen_by,
    spoken,
    texts_of,
    thousands,
)
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.sheet import MARGIN, WIDTH, Sheet, sheet, text_width
from kij_analysis.figures.style import GRID, INK, MUTED, styled
from kij_analysis.words import Words, as_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BODY, FOOT, SIZE, APART, DASH = 2.9, 0.42, 8.5, 0.17, 0.16
"""Inches: the body, the scale below, how far labels stand apart, the line beside each; SIZE is in points."""
SHADES = ("#6C94CC", "#3F68AC", "#0B2E66", "#C2470C", "#7A3E9D")


class Line(NamedTuple):
    """A line with its name at its end."""

    label: str
    x: Sequence[float]
    y: Sequence[float]
    colour: str


def account_flows(estimates: pd.DataFrame, words: Words | str, *, name: str = "account_flows") -> Figure:
    """What each payer has received and saved, less what it has paid, summed up over the months.

    Parameters
    ----------
    estimates
        What `kij_analysis.investment.flows` returns. Where wages are left out, participants and
        employers are not drawn.

    Examples
    --------
    >>> from kij_analysis.investment import flows, scenario
    >>> account_flows(flows(scenario("worked_example").account()), "en").title
    'After 36 months: municipality 255, fund or foundation 25 and state 318'
    """
    say = as_words(words)
    one_money(estimates)
    waged = "wage" in set(estimates["variable"])
    payers = [one for one in LOOKS if one in set(estimates["group"])]
    payers = [one for one in payers if waged or one not in ("participant", "employer")]
    summed = estimates.groupby(["group", "month"])["discounted"].sum().groupby(level=0).cumsum()
    lines = [
        Line(say(f"account.payer.{one}"), [*summed[one].index], [*summed[one]], LOOKS[one][0])
        for one in payers
    ]
    parts = [say("account.figure.part", item=line.label, amount=thousands(line.y[-1], say)) for line in lines]
    months = say.number(float(estimates["month"].max()))
    present = estimates.assign(method="present_value")
    told = about(present, say, say("account.figure.flows.each"))
    texts = texts_of(
        present, say, subtitle=say("account.figure.flows.subtitle", **told),
        title=say("account.figure.flows.title", months=months, list=say.listing(parts)),
    )  # fmt: skip
    alt = say("account.figure.flows.alt", months=months, list=say.listing(parts))
    last = [estimates[estimates["group"] == one].iloc[[-1]] for one in payers]
    numbers = [thousands(line.y[-1], say) for line in lines]
    data = drawn([line.label for line in lines], numbers, pd.concat(last), say)
    ticks = [float(tick) for tick in range(0, int(estimates["month"].max()) + 1, 12)]
    across = (ticks, [say.number(tick) for tick in ticks], say("account.figure.flows.month"))
    return _figure(lines, across, texts, alt, data, say, name=name)


def account_even(estimates: pd.DataFrame, words: Words | str, *, name: str = "account_even") -> Figure:
    """The present value of a payer over one number, a line for each value of another.

    Parameters
    ----------
    estimates
        What `kij_analysis.investment.two_way` returns; at most five values of the second number.

    Raises
    ------
    UsageError
        If there is nothing to draw, or if there are more than five lines.

    Examples
    --------
    >>> from kij_analysis.investment import scenario, two_way
    >>> one = scenario("worked_example").account()
    >>> grid = two_way(one, x="gross", y="without", payer="investor", steps=3)
    >>> account_even(grid, "en").title[:36]
    'Breaks even where share in work is 4'
    """
    say = as_words(words)
    one_money(estimates)
    shown = estimates[estimates["estimate"].notna()]
    levels = sorted(set(shown.get("y_at", [])))
    if not 1 <= len(levels) <= len(SHADES):
        raise UsageError(f"There are {len(levels)} lines to draw.", fix="Take one to five values of y.")
    x, y, payer = (str(shown[key].iloc[0]) for key in ("x", "y", "group"))
    names = {"x": number_name(x, say), "y": number_name(y, say)}
    lines, parts = [], []
    for level, colour in zip(levels, SHADES, strict=False):
        own = shown[shown["y_at"] == level].sort_values("x_at")
        told = spoken(y, level, say)
        lines.append(Line(told, [*own["x_at"]], [*own["estimate"]], colour))
        at = crossing(lines[-1].x, lines[-1].y)
        if not np.isnan(at):
            parts.append(say("account.figure.even.part", at=spoken(x, at, say), level=told))
    listed = say.listing(parts)
    title, alt = say("account.figure.even.none"), say("account.figure.even.alt_none", y=names["y"])
    if parts:
        title = say("account.figure.even.title", x=names["x"], list=listed)
        alt = say("account.figure.even.alt", list=listed, **names)
    around = about(shown, say, seen_by(payer, say))
    texts = texts_of(shown, say, title=title, subtitle=say("account.figure.even.subtitle", **around, **names))
    labels = [
        f"{names['x']} {spoken(x, row['x_at'], say)}, {names['y']} {spoken(y, row['y_at'], say)}"
        for row in shown.to_dict("records")
    ]
    data = drawn(labels, [thousands(value, say) for value in shown["estimate"]], shown, say)
    ticks = sorted(set(shown["x_at"]))
    ticks = [float(t) for t in np.linspace(ticks[0], ticks[-1], min(len(ticks), 5))]
    across = (ticks, [spoken(x, tick, say) for tick in ticks], names["x"])
    return _figure(lines, across, texts, alt, data, say, name=name)


def crossing(x: Sequence[float], y: Sequence[float]) -> float:
    """Where a line of points first is no longer negative; missing if it never is, or always was not.

    Examples
    --------
    >>> crossing([0, 1, 2], [-1, 1, 3])
    0.5
    """
    for left in range(len(x) - 1):
        if y[left] < 0 <= y[left + 1]:
            return float(x[left] + (x[left + 1] - x[left]) * -y[left] / (y[left + 1] - y[left]))
    return float("nan")


def _figure(
    lines: list[Line], across: tuple[list[float], list[str], str], texts: dict[str, str], alt: str,
    data: pd.DataFrame, say: Words, *, name: str,
) -> Figure:  # fmt: skip
    ends = [value for line in lines for value in line.y]
    ticks = marks(min(*ends, 0.0), max(*ends, 0.0))
    numbers = [thousands(tick, say) for tick in ticks]
    body = max(BODY, len(lines) * APART + FOOT + 0.3)
    with styled():
        paper = sheet(**texts, body=body)
        left = MARGIN + max(text_width(number, 8) for number in numbers) * 1.05 + 0.1
        right = max(text_width(line.label, SIZE) for line in lines) * 1.05 + DASH + 0.25
        wide, tall = WIDTH - MARGIN - left - right, body - FOOT - 0.1
        axes = paper.axes(left, paper.bottom + FOOT, wide, tall)
        axes.set(ylim=(ticks[0], ticks[-1]), yticks=ticks, xticks=across[0])
        axes.set_yticklabels(numbers, fontsize=8)
        axes.set_xticklabels(across[1], fontsize=8)
        axes.set_xlabel(across[2], fontsize=8, color=MUTED, labelpad=2)
        axes.tick_params(length=0)
        axes.grid(axis="y", color=GRID, linewidth=0.8)
        axes.axhline(0, color=INK, linewidth=0.9)
        for line in lines:
            axes.plot(line.x, line.y, color=line.colour, linewidth=1.8)
        _names(paper, axes, lines, (left + wide + 0.08, paper.bottom + FOOT, tall))
    mark = f" {texts['mark']}." if texts["mark"] else ""
    return Figure(
        name=name, language=say.language, **texts, alt=f"{alt}{mark}", data=data, canvas=paper.canvas
    )


def _names(paper: Sheet, axes: Axes, lines: list[Line], place: tuple[float, float, float]) -> None:
    """The name of each line at its end, moved apart where two would meet."""
    x, foot, tall = place
    low, high = axes.get_ylim()
    order = sorted(range(len(lines)), key=lambda n: lines[n].y[-1])
    heights = [foot + tall * (lines[n].y[-1] - low) / (high - low) for n in order]
    for place_of in range(1, len(heights)):
        heights[place_of] = max(heights[place_of], heights[place_of - 1] + APART)
    over = heights[-1] - (foot + tall - APART / 4)
    if over > 0:
        heights[-1] -= over
        for place_of in range(len(heights) - 2, -1, -1):
            heights[place_of] = min(heights[place_of], heights[place_of + 1] - APART)
    for n, y in zip(order, heights, strict=True):
        _sample(paper, x, y, lines[n].colour)
        paper.text(x + DASH + 0.05, y, lines[n].label, fontsize=SIZE, color=INK, va="center")


def _sample(paper: Sheet, x: float, y: float, colour: str) -> None:
    """A short piece of a line beside its name: ink is read on paper where not every colour is."""
    from matplotlib.lines import Line2D

    place = ([x / paper.width, (x + DASH) / paper.width], [y / paper.height] * 2)
    paper.canvas.add_artist(Line2D(*place, color=colour, linewidth=2.4, transform=paper.canvas.transFigure))
