"""Barriers by how many name them, with the places in the order that each may have."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kij_analysis.figures.barriers import drawing
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.lanes import Lane
from kij_analysis.figures.shares import level_of
from kij_analysis.words import Words, as_words

TOP = 3


def barrier_ranks(
    estimates: pd.DataFrame, words: Words | str, *, wave: str = "end", name: str = "barrier_ranks"
) -> Figure:
    """Shares and ranks with intervals, each programme with its own list, the most named on top.

    The headline names the barriers among the three most named everywhere, which says nothing about their
    order; below each programme stands which are surely among the three most common.

    Parameters
    ----------
    estimates
        Estimates of `kij_analysis.barriers.ranking`, after `kij_analysis.disclosure.suppress`.
    words
        The words, or the name of a language.
    wave
        When they were asked.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If there are no shares.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> rows = [{"programme": "fika", "variable": f"barrier_{b}", "category": "yes", "measure": "share",
    ...          "estimate": k / 40, "conf_low": k / 50, "conf_high": k / 30, "count": k, "n": 40, "rank": r,
    ...          "rank_low": 1, "rank_high": 3, "ranked": 3, "method": "wilson", "data_status": "synthetic"}
    ...         for b, k, r in (("language", 20, 1), ("network", 12, 2), ("cost", 6, 3))]
    >>> barrier_ranks(e.make(rows), "en").title
    'The most named in FIKA: lack of language skills, lack of network and costs too high'
    """
    say = as_words(words)
    drawing.checked(estimates, measure="share")
    programmes = list(dict.fromkeys(estimates["programme"]))
    look = drawing.look_of(programmes, say)
    what = say("barriers.ranks.share"), say("barriers.ranks.place")
    marks: list[dict[str, Any]] = []
    notes: dict[str, str] = {}
    for programme in programmes:
        rows = estimates[estimates["programme"] == programme]
        block = drawing.with_base(programme, rows, say)
        notes[block] = " ".join(text for text in (_sure(rows, say), drawing.unasked(rows, say)) if text)
        listed = rows[~(rows["estimate"].isna() & rows["note"].isin(drawing.CAUSES))]
        for row in (listed if len(listed) else rows.head(1)).to_dict("records"):
            place: dict[str, Any] = {
                "block": block,
                "label": drawing.label_of(row["variable"], say),
                "look": look[programme],
            }
            marks.append(drawing.mark(row, lane=0, what=what[0], told=_share(row, say), say=say, **place))
            ranked = row | {
                "estimate": row["rank"],
                "conf_low": row["rank_low"],
                "conf_high": row["rank_high"],
            }
            marks.append(drawing.mark(ranked, lane=1, what=what[1], told=_place(row, say), say=say, **place))
    last = float(estimates["ranked"].max()) if estimates["ranked"].notna().any() else 1.0
    places = Lane(title=what[1], low=1.0, high=max(last, 2.0), steps=(1, 2, 3, 4, 5, 10), speak=say.number)
    level = say.share(level_of(estimates))
    return drawing.composed(
        name,
        marks,
        [drawing.shares_lane(what[0], marks, 0, say), places],
        say,
        title=_title(estimates, programmes, say),
        subtitle=say("barriers.ranks.subtitle", wave=say(f"wave.{wave}"), level=level),
        foot=drawing.footer(say, base=say("barriers.base_list"), method=say("barriers.ranks.method")),
        alt=say("barriers.ranks.alt"),
        notes=notes,
    )


def _share(row: dict[str, Any], say: Words) -> str:
    return "" if pd.isna(row["estimate"]) else say.share(row["estimate"])


def _place(row: dict[str, Any], say: Words) -> str:
    if pd.isna(row["rank_low"]):
        return ""
    low, high = say.number(row["rank_low"]), say.number(row["rank_high"])
    return low if low == high else say("programmes.range", low=low, high=high)


def _title(estimates: pd.DataFrame, programmes: list[str], say: Words) -> str:
    named = {p: set(_top(estimates[estimates["programme"] == p])) for p in programmes}
    named = {programme: own for programme, own in named.items() if own}
    if not named:
        return say("figure.barriers.none")
    first = _top(estimates[estimates["programme"] == next(iter(named))])
    everywhere = [name for name in first if all(name in own for own in named.values())]
    items = say.listing([say.variable(name) for name in everywhere])
    if len(named) == 1:
        return say("barriers.ranks.one", programme=say.programme(next(iter(named))), list=items)
    return say("barriers.ranks.same", list=items) if everywhere else say("barriers.ranks.different")


def _top(rows: pd.DataFrame) -> list[str]:
    """The three most named, more where the third place is shared."""
    return list(rows.loc[rows["rank"] <= TOP, "variable"])


def _sure(rows: pd.DataFrame, say: Words) -> str:
    """Which are surely among the three most common, and how many may be."""
    ranked = rows[rows["rank_low"].notna()]
    if len(ranked) <= TOP:
        return ""
    sure = [say.variable(name) for name in ranked.loc[ranked["rank_high"] <= TOP, "variable"]]
    counts = {"count": say.number((ranked["rank_low"] <= TOP).sum()), "total": say.number(len(ranked))}
    if sure:
        return say("barriers.ranks.sure", list=say.listing(sure), **counts)
    return say("barriers.ranks.unsure", **counts)
