"""Changes in the same persons: averages before and after, and changes in standard deviations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.figures.change_rows import (
    alt_row,
    around,
    data_of,
    label_of,
    marks_of,
    only,
    spoken_waves,
    texts_of,
    track_of,
)
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.shares import level_of
from kij_analysis.figures.style import looks
from kij_analysis.figures.tracks import Mark, scale, tracked
from kij_analysis.words import Words, as_words


def change(estimates: pd.DataFrame, words: Words | str, *, name: str = "change") -> Figure:
    """Averages before (hollow) and after (full), and beside them the change with its interval.

    Parameters
    ----------
    estimates
        Changes of numbers (`kij_analysis.effects.change`), after `kij_analysis.disclosure.suppress`; with a
        column `job` (`kij_analysis.effects.job_between`) one row for those who found work and those who did
        not.
    words
        The words, or the name of a language.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If there are no estimates or they are no changes of numbers.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> row = {"programme": "fika", "variable": "confidence_score", "measure": "change", "estimate": 9.0,
    ...        "conf_low": 2.0, "conf_high": 16.0, "n": 33, "mean_1": 55.0, "mean_2": 64.0, "unit": "points",
    ...        "wave_1": "entry", "wave_2": "end", "method": "student_paired", "data_status": "synthetic"}
    >>> change(e.make([row]), "en").title
    '1 of 1 averages are clearly higher at the end than at entry'
    """
    say = as_words(words)
    only(estimates, ["points"])
    jobs = "job" in estimates.columns
    rows = estimates.to_dict("records")
    labels = [label_of(row, _job_label(row, say) if jobs else "", say) for row in rows]
    look = looks(list(estimates["programme"]), order=list(say.codebook.programmes))
    tracks = []
    for row, label in zip(rows, labels, strict=True):
        own, marks = look[row["programme"]], []
        if not np.isnan(row["estimate"]):
            marks = [
                Mark(value=row["mean_1"], look=own, hollow=True),
                Mark(value=row["mean_2"], look=own),
                Mark(value=row["estimate"], look=own, low=row["conf_low"], high=row["conf_high"], axis=1),
            ]
        tracks.append(track_of(row, label, marks, say, joined=True))
    axes = [
        scale(0, 100, say, title=say("change.averages"), weight=1.25),
        around(estimates, say, say("change.column")),
    ]
    waves = spoken_waves(estimates, say)
    texts = texts_of(
        estimates,
        say,
        title=_clearly(estimates, say, jobs),
        subtitle=say("change.subtitle", level=say.share(level_of(estimates)), **waves),
        base=say("change.base"),
        alt=[say("change.alt", items=say.number(len(rows)))]
        + [alt_row(row, label, say) for row, label in zip(rows, labels, strict=True)],
    )
    details = [_job_label(row, say) if jobs else "" for row in rows]
    data = data_of(estimates, labels, say, details=details)
    return tracked(tracks, axes, texts, data, say, name=name)


def effect_sizes(estimates: pd.DataFrame, words: Words | str, *, name: str = "effect_sizes") -> Figure:
    """Changes in standard deviations with intervals, scales of different length side by side.

    Parameters
    ----------
    estimates
        One size of each change (`kij_analysis.effects.standardised`), after suppression.

    Raises
    ------
    UsageError
        If there are no estimates or several sizes of one change.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> row = {"programme": "fika", "variable": "confidence_score", "category": "g_av", "measure": "change",
    ...        "estimate": 0.3, "conf_low": 0.05, "conf_high": 0.55, "n": 33, "unit": "g_av",
    ...        "wave_1": "entry", "wave_2": "end", "method": "noncentral_t", "data_status": "synthetic"}
    >>> effect_sizes(e.make([row]), "en").title
    'Changes of 0.30 to 0.30 standard deviations'
    """
    say = as_words(words)
    only(estimates, ["d_z", "d_av", "g_z", "g_av"])
    if estimates["unit"].nunique() > 1:
        raise UsageError("There are several sizes of one change.", fix="Keep one: sizes='g_av'.")
    rows = estimates.to_dict("records")
    labels = [label_of(row, "", say) for row in rows]
    look = looks(list(estimates["programme"]), order=list(say.codebook.programmes))
    tracks = [
        track_of(row, label, marks_of(row, look), say, digits=2)
        for row, label in zip(rows, labels, strict=True)
    ]
    known = estimates["estimate"].dropna()
    title = say("change.no_number")
    if len(known):
        low, high = (say.number(own, digits=2) for own in (known.min(), known.max()))
        title = say("change.sizes.title", low=low, high=high)
    waves = spoken_waves(estimates, say)
    spread = say(f"change.sizes.{estimates['unit'].iloc[0][-2:].removeprefix('_')}")
    texts = texts_of(
        estimates,
        say,
        title=title,
        subtitle=say("change.sizes.subtitle", level=say.share(level_of(estimates)), spread=spread, **waves),
        base=say("change.sizes.base"),
        alt=[say("change.sizes.alt", items=say.number(len(rows)))]
        + [alt_row(row, label, say, digits=2) for row, label in zip(rows, labels, strict=True)],
    )
    axes = [around(estimates, say, "", least=0.5)]
    return tracked(tracks, axes, texts, data_of(estimates, labels, say), say, name=name)


def _clearly(estimates: pd.DataFrame, say: Words, jobs: bool) -> str:
    rows = estimates[estimates["job"] == "none"] if jobs else estimates
    known = rows[rows["estimate"].notna()]
    if known.empty:
        return say("change.no_number")
    count, total = say.number(int((known["conf_low"] > 0).sum())), say.number(len(known))
    if jobs:
        return say("change.title_no_job", count=count, total=total, **spoken_waves(estimates, say))
    return say("change.title", count=count, total=total, **spoken_waves(estimates, say))


def _job_label(row: Mapping[str, Any], say: Words) -> str:
    return say(f"change.job.{row['job']}", programme=say.programme(row["programme"]))
