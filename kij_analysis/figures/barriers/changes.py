"""The same women at entry and at the end: the share naming each barrier, and its change."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kij_analysis.figures.barriers import common
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.shares import level_of
from kij_analysis.words import Words, as_words

ALPHA = 0.05


def barrier_changes(
    estimates: pd.DataFrame,
    words: Words | str,
    *,
    wave: tuple[str, str] = ("entry", "end"),
    name: str = "barrier_changes",
) -> Figure:
    """Dumbbells from the first to the second time, and the change with its interval beside each.

    Parameters
    ----------
    estimates
        Estimates of `kij_analysis.barriers.change`, after `kij_analysis.disclosure.suppress_levels`.
    words
        The words, or the name of a language.
    wave
        The two times.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If there are no changes.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> row = {"programme": "fika", "variable": "barrier_network", "category": "yes", "measure": "change",
    ...        "estimate": -0.25, "conf_low": -0.4, "conf_high": -0.1, "p_adjusted": 0.01, "count": 10, "n": 40,
    ...        "count_1": 20, "count_2": 10, "method": "newcombe_paired", "data_status": "synthetic"}
    >>> barrier_changes(e.make([row]), "en").title
    'Named by fewer women at the end than at entry: lack of network (FIKA)'
    """
    say = as_words(words)
    common.checked(estimates, measure="change")
    programmes = list(dict.fromkeys(estimates["programme"]))
    look = common.look_of(programmes, say)
    times = [say(f"wave.{one}") for one in wave]
    marks: list[dict[str, Any]] = []
    notes: dict[str, str] = {}
    for programme in programmes:
        rows = estimates[estimates["programme"] == programme]
        block = common.with_base(programme, rows, say)
        hidden = rows.get("levels_hidden", pd.Series(False, index=rows.index)).astype(bool)
        secret = say("barriers.changes.levels_hidden") if (hidden & rows["estimate"].notna()).any() else ""
        notes[block] = " ".join(text for text in (secret, common.unasked(rows, say)) if text)
        listed = rows[~(rows["estimate"].isna() & rows["note"].isin(common.CAUSES))]
        listed = listed.sort_values("estimate", kind="stable", na_position="last")
        for row in (listed if len(listed) else rows.head(1)).to_dict("records"):
            label = common.label_of(row["variable"], say)
            marks += _of_row(row, block, label, look[programme], times, say)
    lanes = [
        common.shares_lane(say("barriers.ranks.share"), marks, 0, say),
        common.points_lane(say("barriers.changes.lane"), marks, 1, say),
    ]
    level = say.share(level_of(estimates))
    return common.composed(
        name,
        marks,
        lanes,
        say,
        title=_title(estimates, times, say),
        subtitle=say("barriers.changes.subtitle", first=times[0], second=times[1], level=level),
        foot=common.footer(
            say,
            source=say("source.surveys"),
            base=say("barriers.changes.base"),
            method=say("barriers.changes.method"),
        ),
        alt=say("barriers.changes.alt"),
        notes=notes,
        labels=2.0,
    )


def _of_row(
    row: dict[str, Any], block: str, label: str, look: tuple[str, str], times: list[str], say: Words
) -> list[dict[str, Any]]:
    """Two points in the first lane, one with an interval in the second."""
    place = {"block": block, "label": label, "look": look, "say": say}
    change = common.mark(
        row, lane=1, what=say("barriers.changes.lane"), told=common.points_told(row, say), **place
    )
    if pd.isna(row["estimate"]) or pd.isna(row["count_1"]) or pd.isna(row["count_2"]):
        return [change]
    shares = [row["count_1"] / row["n"], row["count_2"] / row["n"]]
    bare = row | {"conf_low": float("nan"), "conf_high": float("nan")}
    spoken = [say.share(share) for share in shares]
    both = f"{spoken[0]} → {spoken[1]}"
    first, second = (
        common.mark(bare | {"estimate": share}, lane=0, what=time, told=text, hollow=hollow, **place)
        for share, time, text, hollow in zip(shares, times, (both, spoken[1]), (True, False), strict=True)
    )
    return [first, second, change]


def _title(estimates: pd.DataFrame, times: list[str], say: Words) -> str:
    """Which barriers were named by fewer, or by more; only what can be told from chance."""
    known = estimates[estimates["estimate"].notna()]
    if known.empty:
        return say("figure.barriers.none")
    told = []
    for key, sign in (("fewer", -1), ("more", 1)):
        own = known[(known["p_adjusted"] < ALPHA) & (known["estimate"] * sign > 0)]
        parts = [
            say("figure.barriers.part", item=item, programme=say.listing(list(who)))
            for item, who in _grouped(own, say).items()
        ]
        if parts:
            named = say.listing(parts)
            told.append(say(f"barriers.changes.told.{key}", first=times[0], second=times[1], list=named))
    return ". ".join(told) or say("barriers.changes.none", first=times[0], second=times[1])


def _grouped(rows: pd.DataFrame, say: Words) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows.to_dict("records"):
        found.setdefault(say.variable(row["variable"]), []).append(say.programme(row["programme"]))
    return found
