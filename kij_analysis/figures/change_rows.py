"""What figures of changes have in common: their rows, numbers, axes and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError, listed
from kij_analysis.figures.shares import drawn
from kij_analysis.figures.tracks import Axis, Mark, Texts, Track, scale
from kij_analysis.words import Words


def only(estimates: pd.DataFrame, units: Sequence[str]) -> None:
    """Refuse a frame that is empty or holds other estimates than these."""
    if estimates.empty:
        raise UsageError("There are no estimates to draw.", fix="Look at which programmes were kept.")
    found = sorted(set(estimates["unit"])) if "unit" in estimates.columns else ["nothing"]
    others = [unit for unit in found if unit not in units]
    if others:
        raise UsageError(f"Changes of {listed(units)} are drawn, not of {listed(others)}.")


def signed(value: float, say: Words, *, digits: int = 0) -> str:
    """A number with its sign, none where it is printed as zero."""
    text = say.number(value, digits=digits)
    return f"+{text}" if value > 0 and text != say.number(0, digits=digits) else text


def track_of(
    row: Mapping[str, Any],
    label: str,
    marks: Sequence[Mark],
    say: Words,
    *,
    heading: str = "",
    digits: int = 1,
    joined: bool = False,
) -> Track:
    """A row of the figure; the variable is its heading unless another is given."""
    shown = not np.isnan(row["estimate"])
    return Track(
        heading=heading or say.sentence(say.variable(str(row["variable"]))),
        label=label,
        marks=marks,
        number=spoken_change(row, say, digits) if shown else "",
        note="" if shown else say(f"short.{row['note']}"),
        joined=joined,
    )


def label_of(row: Mapping[str, Any], name: str, say: Words) -> str:
    """The programme, or another name of the row, with its number of persons if that is shown."""
    spoken = name or say.programme(row["programme"])
    if np.isnan(row["n"]) or not row["n"]:
        return spoken
    return say("figure.panel", programme=spoken, n=say.number(row["n"]))


def spoken_change(row: Mapping[str, Any], say: Words, digits: int) -> str:
    """A change with its interval, as it stands beside its point."""
    value = signed(row["estimate"], say, digits=digits)
    if np.isnan(row["conf_low"]):
        return value
    low, high = (say.number(row[end], digits=digits) for end in ("conf_low", "conf_high"))
    return say("change.number", change=value, low=low, high=high)


def marks_of(row: Mapping[str, Any], look: Mapping[str, tuple[str, str]]) -> list[Mark]:
    """The point of an estimate with its interval; none where there is no estimate."""
    if np.isnan(row["estimate"]):
        return []
    own = look[row["programme"]]
    return [Mark(value=row["estimate"], look=own, low=row["conf_low"], high=row["conf_high"])]


def around(estimates: pd.DataFrame, say: Words, title: str, *, least: float = 10.0) -> Axis:
    """An axis that holds zero and all intervals."""
    values = estimates[["estimate", "conf_low", "conf_high"]].to_numpy(float)
    known = values[~np.isnan(values)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, least)
    wide = max(high, 0) - min(low, 0)
    return scale(min(low - 0.05 * wide, -0.1 * least), max(high + 0.05 * wide, least), say, title=title)


def spoken_waves(estimates: pd.DataFrame, say: Words) -> dict[str, str]:
    """The two times in words."""
    first, second = estimates["wave_1"].iloc[0], estimates["wave_2"].iloc[0]
    return {"first": say(f"wave.{first}"), "second": say(f"wave.{second}")}


def alt_row(row: Mapping[str, Any], label: str, say: Words, *, digits: int = 1) -> str:
    """A row in words, for the alt text."""
    what = f"{label}, {say.variable(str(row['variable']))}"
    if np.isnan(row["estimate"]):
        return say("change.alt_gap", label=what, note=say(f"note.{row['note']}"))
    change = spoken_change(row, say, digits)
    if row["unit"] != "points":
        return say("change.alt_size", label=what, change=change)
    one, other = (say.number(row[mean], digits=1) for mean in ("mean_1", "mean_2"))
    return say("change.alt_row", label=what, one=one, other=other, change=change)


def texts_of(
    estimates: pd.DataFrame, say: Words, *, title: str, subtitle: str, base: str, alt: Sequence[str]
) -> Texts:
    """What stands around the figure."""
    methods = [say(f"method.{m}") for m in dict.fromkeys(estimates["method"]) if m != "none"]
    footer = say("figure.footer", source=say("source.surveys"), base=base, method=" ".join(methods))
    mark = say.mark(estimates["data_status"])
    whole = " ".join([*alt, f"{mark}." if mark else ""]).strip()
    return Texts(title=title, subtitle=subtitle, footer=footer.strip(), mark=mark, alt=whole)


def data_of(
    estimates: pd.DataFrame, labels: Sequence[str], say: Words, *, details: Sequence[str] = ()
) -> pd.DataFrame:
    """The numbers drawn, with the two averages and what the result carries, as far as they are there.

    `details` say what a row is about beside its programme and variable.
    """
    beside = ["measure", "unit", "mean_1", "mean_2", "retest", "wave_1", "wave_2", "design", "maryland"]
    more = estimates[[name for name in beside if name in estimates.columns]]
    numbers = pd.concat([drawn(estimates, labels, say), more.round(6)], axis=1)
    return numbers.assign(detail=list(details) or "")
