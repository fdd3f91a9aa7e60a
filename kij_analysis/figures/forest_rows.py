"""The rows of a forest: labels, numbers as they are spoken, looks, and the scale that they stand on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.figures.rows import SIZE, Row, Scale
from kij_analysis.figures.sheet import MARGIN, WIDTH, text_width
from kij_analysis.figures.style import INK, MUTED, looks
from kij_analysis.words import Words

RATIOS = ("ratio", "odds_ratio", "hazard_ratio")
FRACTIONS = ("share", "risk_difference", "survival")
TOGETHER = (INK, "D")
STEPS = tuple(base * 10.0**power for power in range(-3, 9) for base in (1, 2, 2.5, 5))
"""How far apart the marks of the scale may be."""
DOUBLINGS = (0.25, 0.5, 1, 2, 3, 4, 6, 8, 12, 24)
LABELS = 2.1
"""The width of the labels, in inches."""


def forest_frame(
    estimates: pd.DataFrame,
    pooled: pd.DataFrame | None,
    partial: pd.DataFrame | None,
    without: pd.DataFrame | None,
    say: Words,
) -> pd.DataFrame:
    """All rows in the order of the picture, each with its part and its label."""
    if estimates.empty:
        raise UsageError("There are no estimates to draw.", fix="Look at which programmes were kept.")
    labels = [say.programme(code) for code in estimates["programme"]]
    if estimates["programme"].duplicated().any():
        others = _told_apart(estimates, say)
        labels = [
            f"{label}, {other}" if other else label for label, other in zip(labels, others, strict=True)
        ]
    parts = [estimates.assign(part="own", label=labels)]
    if pooled is not None and len(pooled):
        parts.append(pooled.assign(part="together", label=say("forest.mean")))
        ahead = pooled[pooled["predicted_low"].notna()]
        ends = {"conf_low": ahead["predicted_low"], "conf_high": ahead["predicted_high"]}
        parts.append(ahead.assign(part="together", label=say("forest.further"), group="further", **ends))
    if partial is not None and len(partial):
        named = {"mean": say("forest.mean"), "further": say("forest.further")}
        spoken = [
            named[group] if group in named else say.programme(code)
            for group, code in zip(partial["group"], partial["programme"], strict=True)
        ]
        parts.append(partial.assign(part="drawn", label=spoken))
    if without is not None and len(without):
        spoken = [say.programme(code) for code in without["without"]]
        parts.append(without.assign(part="without", label=spoken))
    return pd.concat([part for part in parts if len(part)], ignore_index=True)


def _told_apart(estimates: pd.DataFrame, say: Words) -> list[str]:
    """What tells two rows of one programme apart: variable and category, or the group."""
    if estimates["variable"].nunique() > 1 or estimates["category"].nunique() > 1:
        return [
            f"{say.variable(v)}: {say.category(v, c)}" if c and c != "yes" else say.variable(v)
            for v, c in zip(estimates["variable"], estimates["category"], strict=True)
        ]
    return [str(group) for group in estimates["group"]]


def measure_of(frame: pd.DataFrame) -> str:
    """The one measure of all rows."""
    measures = list(dict.fromkeys(frame["measure"]))
    if len(measures) > 1:
        told = ", ".join(measures)
        raise UsageError(
            f"The estimates are of several measures: {told}.", fix="Draw each in a figure of its own."
        )
    return str(measures[0])


def unit_of(frame: pd.DataFrame, measure: str) -> str:
    """Whether the numbers are fractions, spoken as points."""
    if measure in RATIOS:
        return "number"
    if measure in FRACTIONS:
        return "points"
    own = frame[frame["part"] == "own"]
    small = np.nanmax([0.0, *own[["estimate", "conf_low", "conf_high"]].abs().to_numpy(float).ravel()]) <= 1
    return "points" if measure in ("difference", "change") and small else "number"


def spoken(value: float, measure: str, unit: str, say: Words) -> str:
    """A number as it is spoken."""
    if unit == "points":
        return say.share(value) if measure in ("share", "survival") else say.number(100 * value)
    return say.number(value, digits=2 if measure in RATIOS else 1)


def _number(row: Mapping[str, Any], measure: str, unit: str, say: Words) -> str:
    """The estimate with its interval, or why there is none."""
    if np.isnan(row["estimate"]):
        return say(f"short.{row['note']}")
    if np.isnan(row["conf_low"]):
        return spoken(row["estimate"], measure, unit, say)
    ends = {end: spoken(row[f"conf_{end}"], measure, unit, say) for end in ("low", "high")}
    interval = say("table.interval", **ends)
    if row["group"] == "further" and row["part"] == "together":
        return interval
    return f"{spoken(row['estimate'], measure, unit, say)} ({interval})"


def forest_row(row: Mapping[str, Any], say: Words, measure: str, unit: str) -> Row:
    """One row of the picture; ratios stand there as logarithms."""
    codes = list(say.codebook.programmes)
    alone = row["part"] in ("own", "drawn") and row["group"] not in ("mean", "further")
    look = looks([row["programme"]], order=codes)[row["programme"]] if alone else TOGETHER
    if row["part"] == "without":
        look = (MUTED, "o")
    place = np.log if measure in RATIOS else float
    value, low, high = (
        float(place(row[name])) if pd.notna(row[name]) else math.nan
        for name in ("estimate", "conf_low", "conf_high")
    )
    ahead = row["group"] == "further"
    return Row(
        heading=say.sentence(say(f"forest.part.{row['part']}")),
        label=row["label"],
        number=_number(row, measure, unit, say),
        value=value,
        look=look,
        low=math.nan if ahead else low,
        high=math.nan if ahead else high,
        reach=(low, high) if ahead and not math.isnan(low) else None,
        hollow=row["part"] == "drawn" or ahead,
    )


def forest_scale(frame: pd.DataFrame, rows: list[Row], say: Words, measure: str, unit: str) -> Scale:
    """Wide enough for each number and the mean; what lies further out may leave the picture."""
    inner = [row for row, part in zip(rows, frame["part"], strict=True) if part != "without"]
    ends = [end for row in inner for end in (row.low, row.high, row.value) if not math.isnan(end)]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    room = min(0.2 + max(text_width(row.number, SIZE) for row in rows), 2.2)
    inches = WIDTH - 2 * MARGIN - LABELS - 0.15 - room
    steps = tuple(math.log(2) * step for step in DOUBLINGS) if measure in RATIOS else STEPS
    for step in (step for step in steps if high - low <= 12 * step):
        first, last = math.floor(low / step + 1e-9), max(math.ceil(high / step - 1e-9), 1)
        ticks = [step * place for place in range(first, last + 1)]
        told = [spoken(math.exp(tick) if measure in RATIOS else tick, measure, unit, say) for tick in ticks]
        wide = max(text_width(text, 8) for text in told)
        if wide + 0.08 < inches / (last - first) and len(set(told)) == len(told):
            break
    return Scale(low=ticks[0], high=ticks[-1], ticks=ticks, texts=told, room=room)
