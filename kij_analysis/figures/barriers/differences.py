"""Differences between programmes with what tells their women apart taken into account."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kij_analysis.figures.barriers import drawing
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.shares import level_of
from kij_analysis.words import Words, as_words

ALPHA = 0.05
ALONE = "needs_rows"
"""The note of programmes whose answers do not lie together: only the difference as answered is told."""


def barrier_differences(
    estimates: pd.DataFrame,
    words: Words | str,
    *,
    wave: str = "end",
    name: str = "barrier_differences",
) -> Figure:
    """Adjusted differences with intervals, the difference as answered beside each as a hollow point.

    Parameters
    ----------
    estimates
        Estimates of `kij_analysis.barriers.adjusted`, after `kij_analysis.disclosure.suppress`.
    words
        The words, or the name of a language.
    wave
        When they were asked.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If there are no differences.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> row = {"programme": "all", "variable": "barrier_network", "category": "yes", "estimate": 0.1,
    ...        "measure": "risk_difference", "conf_low": -0.1, "conf_high": 0.3, "p_adjusted": 0.4, "n": 90,
    ...        "first": "kvinfo", "second": "fika", "model": "adjusted", "adjusted_for": "education_group",
    ...        "not_in_both": "", "method": "none", "data_status": "synthetic"}
    >>> barrier_differences(e.make([row]), "en").title.split(", ")[0]
    'Taking highest completed education into account'
    """
    say = as_words(words)
    drawing.checked(estimates, measure="risk_difference")
    own = estimates[estimates["model"] == "adjusted"]
    crude = estimates[estimates["model"] == "crude"].set_index(["first", "second", "variable"])
    look = drawing.look_of([*own["first"], *own["second"]], say)
    what = say("barriers.differences.lane")
    marks: list[dict[str, Any]] = []
    notes: dict[str, str] = {}
    for (first, second), rows in own.groupby(["first", "second"], sort=False):
        names = {"first": say.programme(first), "second": say.programme(second)}
        block = say("barriers.differences.pair", **names)
        notes[block] = _taken(rows, say)
        listed = rows[~(rows["estimate"].isna() & rows["note"].isin(drawing.CAUSES))]
        for row in (listed if len(listed) else rows.head(1)).to_dict("records"):
            place: dict[str, Any] = {
                "block": block,
                "label": drawing.label_of(row["variable"], say),
                "lane": 0,
            }
            key = (first, second, row["variable"])
            if row["note"] == ALONE and key in crude.index and pd.notna(crude.loc[key, "estimate"]):
                own_row = crude.loc[key].to_dict() | {"variable": row["variable"]}
                marks.append(_crude(own_row, place, look[first], say))
                continue
            told = drawing.points_told(row, say)
            marks.append(drawing.mark(row, what=what, look=look[first], told=told, say=say, **place))
            if key in crude.index and pd.notna(row["estimate"]):
                beside = crude.loc[key].to_dict() | {"conf_low": float("nan"), "conf_high": float("nan")}
                beside |= {"variable": row["variable"]}
                if pd.notna(beside["estimate"]):
                    marks.append(_crude(beside, place, look[first], say))
    return drawing.composed(
        name,
        marks,
        [drawing.points_lane(what, marks, 0, say)],
        say,
        title=_title(own, say),
        subtitle=say(
            "barriers.differences.subtitle", wave=say(f"wave.{wave}"), level=say.share(level_of(estimates))
        ),
        foot=drawing.footer(
            say,
            base=say("barriers.differences.base"),
            method=say("barriers.differences.method" if own["estimate"].notna().any() else "method.newcombe"),
        ),
        alt=say("barriers.differences.alt"),
        notes=notes,
        labels=2.6,
    )


def _crude(row: dict[str, Any], place: dict[str, Any], look: tuple[str, str], say: Words) -> dict[str, Any]:
    """The difference as answered: a hollow point of its own, told in the table behind the figure."""
    what, told = say("barriers.differences.crude"), drawing.points(row["estimate"], say)
    return drawing.mark(row, what=what, look=look, told=told, shown="", hollow=True, say=say, **place)


def _taken(rows: pd.DataFrame, say: Words) -> str:
    """What was taken into account, and what was not known in both programmes."""
    parts = []
    for column in ("adjusted_for", "not_in_both"):
        codes = [code for code in "|".join(dict.fromkeys(rows[column])).split("|") if code]
        if codes:
            listed = say.listing([_predictor(code, say) for code in dict.fromkeys(codes)])
            parts.append(say(f"barriers.differences.taken.{column}", list=listed))
    unasked = rows[rows["estimate"].isna() & rows["note"].isin(drawing.CAUSES)]
    if len(unasked):
        items = say.listing([say.variable(name) for name in unasked["variable"]])
        parts.append(say("barriers.differences.not_asked", list=items))
    return " ".join(parts)


def _predictor(code: str, say: Words) -> str:
    """The label of a predictor; one from the entry survey says so."""
    name = code.removesuffix("_at_entry")
    column = say.codebook.columns.get(name)
    label = say.variable(column.variable if column else name)
    return label if name == code else say("barriers.differences.at_entry", variable=label)


def _title(rows: pd.DataFrame, say: Words) -> str:
    told = rows[rows["p_adjusted"].notna() & rows["estimate"].notna()]
    codes = [code for text in told["adjusted_for"] for code in text.split("|") if code]
    always = [c for c in dict.fromkeys(codes) if codes.count(c) == len(told)]
    if told.empty:
        alone = (rows["note"] == ALONE).any()
        return say("barriers.differences.only_crude" if alone else "figure.barriers.none")
    spoken = [_predictor(code, say) for code in always or dict.fromkeys(codes)]
    listed = say.listing(spoken) or "–"
    sure = told[told["p_adjusted"] < ALPHA]
    if sure.empty:
        return say("barriers.differences.none", list=listed)
    counts = {"count": say.number(len(sure)), "total": say.number(len(told))}
    return say("barriers.differences.some", list=listed, **counts)
