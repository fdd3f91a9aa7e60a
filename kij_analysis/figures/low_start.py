"""The change of those who began low and high, beside what regression to the mean predicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.figures.change_rows import (
    around,
    data_of,
    marks_of,
    only,
    signed,
    spoken_change,
    spoken_waves,
    texts_of,
    track_of,
)
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.shares import level_of
from kij_analysis.figures.style import looks
from kij_analysis.figures.tracks import Mark, tracked
from kij_analysis.words import Words, as_words


def low_start(estimates: pd.DataFrame, words: Words | str, *, name: str = "low_start") -> Figure:
    """The change of those who began low, in the middle and high, beside what a low start lets us expect.

    Parameters
    ----------
    estimates
        Of one variable (`kij_analysis.effects.low_start`), after suppression.

    Raises
    ------
    UsageError
        If there are no estimates or they are of several variables.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> base = {"programme": "fika", "variable": "confidence_score", "measure": "change", "unit": "points",
    ...         "wave_1": "entry", "wave_2": "end", "method": "student_paired", "n": 9,
    ...         "data_status": "synthetic"}
    >>> rows = [base | {"part": p, "category": c, "estimate": v} for p, c, v in (("lowest", "observed", 20.0),
    ...         ("lowest", "expected", 14.0), ("highest", "observed", -3.0), ("highest", "expected", 2.0))]
    >>> low_start(e.make(rows), "en").title
    'Change of those who began lowest and highest: FIKA +20 and −3 points'
    """
    say = as_words(words)
    only(estimates, ["points"])
    if estimates["variable"].nunique() > 1:
        raise UsageError("There are several variables.", fix="Keep one for each figure.")
    look = looks(list(estimates["programme"]), order=list(say.codebook.programmes))
    thirds = estimates[estimates["part"] != "everybody"]
    tracks, alt, labels = [], [], {}
    for (programme, part), own in thirds.groupby(["programme", "part"], sort=False):
        by = own.set_index("category").to_dict("index")
        observed = by["observed"] | {"programme": programme}
        label = say(f"low_start.{part}")
        labels[programme, part] = label
        marks = marks_of(observed, look)
        if "expected" in by and not np.isnan(by["expected"]["estimate"]):
            marks.append(Mark(value=by["expected"]["estimate"], look=("#5F5F5F", "|"), hollow=True))
        whole = _base(thirds[thirds["programme"] == programme], say)
        heading = say("figure.panel", programme=say.programme(programme), n=whole)
        tracks.append(track_of(observed, label, marks, say, heading=heading))
        alt.append(_alt_third(by, say.programme(programme), label, say))
    texts = texts_of(
        estimates,
        say,
        title=_title_low(thirds, say),
        subtitle=say("low_start.subtitle", variable=say.sentence(say.variable(estimates["variable"].iloc[0])),
                     level=say.share(level_of(estimates)), **spoken_waves(estimates, say)),
        base=_dips(estimates, say),
        alt=[say("low_start.alt", items=say.number(len(tracks))), *alt],
    )  # fmt: skip
    spoken = [labels.get((p, q), "") for p, q in zip(estimates["programme"], estimates["part"], strict=True)]
    words_of = {"observed": "observed", "expected": "expected", "dip": "below_usual"}
    kinds = [say(f"low_start.{words_of[code]}") for code in estimates["category"]]
    details = [", ".join(filter(None, both)) for both in zip(spoken, kinds, strict=True)]
    data = data_of(estimates, spoken, say, details=details).assign(part=estimates["part"].to_numpy())
    return tracked(tracks, [around(thirds, say, "")], texts, data, say, name=name)


def _base(rows: pd.DataFrame, say: Words) -> str:
    sizes = rows.loc[rows["category"] == "observed", "n"]
    return "–" if sizes.isna().any() else say.number(sizes.sum())


def _title_low(thirds: pd.DataFrame, say: Words) -> str:
    parts = []
    shown = thirds[(thirds["category"] == "observed") & thirds["estimate"].notna()]
    for programme, own in shown.groupby("programme", sort=False):
        by = own.set_index("part")["estimate"]
        if {"lowest", "highest"} <= set(by.index):
            low, high = signed(by["lowest"], say), signed(by["highest"], say)
            parts.append(say("low_start.part", programme=say.programme(programme), low=low, high=high))
    return say("low_start.title", list="; ".join(parts)) if parts else say("change.no_number")


def _dips(estimates: pd.DataFrame, say: Words) -> str:
    """How far below their usual level people would have to have begun, by programme."""
    rows = estimates[(estimates["category"] == "dip") & (estimates["estimate"] > 0)]
    parts = [
        say(
            "low_start.dip_part",
            programme=say.programme(row["programme"]),
            number=say.number(row["estimate"]),
        )
        for row in rows.to_dict("records")
    ]
    told = [say("low_start.base")]
    return " ".join([*told, say("low_start.dip", list=say.listing(parts))] if parts else told)


def _alt_third(by: Mapping[str, Any], programme: str, label: str, say: Words) -> str:
    row, beside = by["observed"], by.get("expected", {"estimate": np.nan})
    if np.isnan(row["estimate"]):
        return say("change.alt_gap", label=f"{programme}, {label}", note=say(f"note.{row['note']}"))
    expected = "–" if np.isnan(beside["estimate"]) else signed(beside["estimate"], say, digits=1)
    change = spoken_change(row, say, 1)
    return say("low_start.alt_row", programme=programme, part=label, change=change, expected=expected)
