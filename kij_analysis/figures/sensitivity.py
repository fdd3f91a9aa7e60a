"""What would remain of a difference beside an unseen trait: lines of equal remainder."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.sheet import MARGIN, WIDTH, Sheet, sheet
from kij_analysis.figures.side_by_side import signed
from kij_analysis.figures.style import INK, MUTED, looks, styled
from kij_analysis.words import Words, as_words

HIGH, ACROSS, BELOW, LEFT, OVER = 3.2, 0.5, 0.1, 0.5, 0.15
"""Inches: the height of the plane, the room below it for numbers and words, at its left, and over it."""
MOST_MARKS = 4
APART = 0.06
"""How far marks must lie from each other, as a share of the plane; of nearer ones the strongest is drawn."""


def sensitivity(
    grid: pd.DataFrame, words: Words | str, *, fragile: pd.DataFrame, name: str = "sensitivity"
) -> Figure:
    """Lines along which an unseen trait would leave the same difference, with measured traits as marks.

    Parameters
    ----------
    grid
        What `kij_analysis.effects.contours` returns.
    words
        The words, or the name of a language.
    fragile
        What `kij_analysis.effects.fragility` returns, from which the grid was made.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If the grid is empty, or the other frame is not one of `fragility`.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> row = {"programme": "kvinfo", "variable": "network_score", "measure": "robustness_value",
    ...        "estimate": 0.14, "n": 160, "method": "partial_r2", "data_status": "synthetic",
    ...        "what": "robustness_value", "unit": "points", "n_treated": 90, "n_comparison": 70,
    ...        "trait": "", "times": 1.0, "with_treatment": None, "with_outcome": None}
    >>> plane = [(x, y, 8 - 300 * x * y) for y in (0, 0.1, 0.2) for x in (0, 0.1, 0.2)]
    >>> grid = pd.DataFrame(plane, columns=["with_treatment", "with_outcome", "estimate"])
    >>> sensitivity(grid, "en", fragile=e.make([row])).title[:50]
    'An unseen trait would have to account for 14% of w'
    """
    say = as_words(words)
    if grid.empty or "what" not in fragile.columns:
        raise UsageError("There is nothing to draw.", fix="Use effects.contours(effects.fragility(…)).")
    own = fragile[fragile["what"] == "robustness_value"].iloc[0]
    factor = 100.0 if own.get("unit") == "share" else 1.0
    marks = _marks(fragile, grid, factor, say)
    texts = _texts(own, fragile, marks, say)
    with styled():
        paper = sheet(**texts, body=HIGH + ACROSS + BELOW + OVER)
        _draw(paper, grid, marks, factor, own, say)
    amount = signed(float(grid["estimate"].iloc[0]) * factor, say)
    told = [say("effects.contour.left", label=one["label"], amount=one["shown"]) for one in marks]
    alt = say("effects.contour.alt", amount=amount, list="; ".join(told) if told else "–")
    return Figure(
        name=name,
        language=say.language,
        **texts,
        alt=f"{alt} {texts['mark'] + '.' if texts['mark'] else ''}".strip(),
        data=_drawn(grid, marks, own),
        canvas=paper.canvas,
    )


def _marks(fragile: pd.DataFrame, grid: pd.DataFrame, factor: float, say: Words) -> list[dict[str, Any]]:
    """The measured traits at their own strength that lie in the plane, those that leave least first."""
    rows = fragile[(fragile["what"] == "benchmark") & fragile["estimate"].notna() & (fragile["times"] == 1)]
    ends = grid[["with_treatment", "with_outcome"]].max()
    places = rows[["with_treatment", "with_outcome"]] / ends
    inside = rows[(places <= 1).all(axis=1)]
    order = inside.assign(size=inside["estimate"].abs()).sort_values("size", kind="stable").index
    chosen: list[Any] = []
    for one in order:
        if all((places.loc[one] - places.loc[other]).abs().max() > APART for other in chosen):
            chosen.append(one)
    nearest = inside.loc[chosen[:MOST_MARKS]]
    return [
        {
            "number": number,
            "label": say.variable(str(row["trait"])),
            "x": float(row["with_treatment"]),
            "y": float(row["with_outcome"]),
            "shown": signed(float(row["estimate"]) * factor, say),
        }
        for number, row in enumerate(nearest.to_dict("records"), 1)
    ]


def _texts(own: pd.Series, fragile: pd.DataFrame, marks: list[dict[str, Any]], say: Words) -> dict[str, str]:
    named = [say("effects.contour.mark", number=str(one["number"]), label=one["label"]) for one in marks]
    base = say(
        "effects.sides.base", treated=say.number(own["n_treated"]), others=say.number(own["n_comparison"])
    )
    key = f"{say('effects.contour.marks', list='; '.join(named))} " if named else ""
    return {
        "title": say("effects.contour.title", share=say.share(float(own["estimate"]))),
        "subtitle": say(
            "effects.contour.subtitle",
            programme=say.programme(own["programme"]),
            what=say.variable(own["variable"]),
        ),
        "footer": key
        + say(
            "figure.footer", source=say("source.surveys"), base=base, method=say("method.partial_r2")
        ).strip(),
        "mark": say.mark(fragile["data_status"]),
    }


def _draw(
    paper: Sheet, grid: pd.DataFrame, marks: list[dict[str, Any]], factor: float, own: pd.Series, say: Words
) -> None:
    wide = grid.pivot(index="with_outcome", columns="with_treatment", values="estimate") * factor
    x, y, z = wide.columns.to_numpy(float), wide.index.to_numpy(float), wide.to_numpy(float)
    axes = paper.axes(MARGIN + LEFT, paper.bottom + ACROSS, WIDTH - 2 * MARGIN - LEFT - 0.1, HIGH)
    levels = _levels(z)
    colour = next(iter(looks([own["programme"]], order=list(say.codebook.programmes)).values()))[0]
    lines = axes.contour(
        x, y, z, levels=levels, colors=[INK if not one else colour for one in levels], linewidths=1.1,
        linestyles=["dashed" if not one else "solid" for one in levels],
    )  # fmt: skip
    axes.clabel(lines, fmt=lambda one: signed(float(one) + 0.0, say), fontsize=7.5, inline=True)
    for one in marks:
        axes.plot(
            one["x"], one["y"], marker="o", markersize=11, color="white", markeredgecolor=MUTED, zorder=5,
            clip_on=False,
        )  # fmt: skip
        axes.text(one["x"], one["y"], str(one["number"]), fontsize=7, ha="center", va="center", zorder=6)
    across, up = _ticks(float(x.max())), _ticks(float(y.max()))
    axes.set(xticks=across, yticks=up, xlim=(0, x.max()), ylim=(0, y.max()))
    axes.set_xticklabels([say.share(tick) for tick in across], fontsize=8)
    axes.set_yticklabels(["", *(say.share(tick) for tick in up[1:])], fontsize=8)
    axes.tick_params(length=0)
    axes.set_xlabel(say("effects.contour.across"), fontsize=8.5)
    top = paper.bottom + ACROSS + HIGH + 0.08
    paper.text(MARGIN, top, say("effects.contour.up"), fontsize=8.5, va="bottom")


def _levels(z: np.ndarray) -> list[float]:
    """Round values from what there is without a trait down to as much below zero, zero among them."""
    there = float(z[0, 0])
    size = abs(there) or 1.0
    base = 10.0 ** np.floor(np.log10(size) - 1)
    step = next(base * one for one in (1, 2, 5, 10, 20, 50) if size / (base * one) <= 4)
    values = np.round(np.arange(-4, 5) * step, 9)
    low, high = float(np.nanmin(z)), float(np.nanmax(z))
    return [float(one) for one in values if low <= one <= high and abs(one) <= size] or [there]


def _ticks(most: float) -> list[float]:
    step = next(one for one in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5) if most / one <= 6)
    return [float(one) for one in np.round(np.arange(0, most + 1e-9, step), 6)]


def _drawn(grid: pd.DataFrame, marks: list[dict[str, Any]], own: pd.Series) -> pd.DataFrame:
    places = [(one["x"], one["y"], one["label"], one["shown"]) for one in marks]
    named = pd.DataFrame(places, columns=["with_treatment", "with_outcome", "label", "shown"])
    return pd.concat([grid, named], ignore_index=True).assign(
        programme=own["programme"], variable=own["variable"], data_status=own["data_status"]
    )
