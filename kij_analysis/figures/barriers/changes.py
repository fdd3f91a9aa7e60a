"""The share naming each barrier at entry and at the end, and the change in the same women."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kij_analysis.figures.barriers import drawing
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.shares import level_of
from kij_analysis.words import Words, as_words

ALPHA = 0.05
Places = dict[tuple[str, str], dict[str, Any]]


def barrier_changes(
    estimates: pd.DataFrame,
    words: Words | str,
    *,
    levels: pd.DataFrame,
    wave: tuple[str, str] = ("entry", "end"),
    name: str = "barrier_changes",
) -> Figure:
    """Dumbbells from the first to the second time, and beside each the change with its interval.

    The dumbbells are the shares of all who answered, the changes those of the persons who answered both
    times: their own shares would tell what those few said who answered once.

    Parameters
    ----------
    estimates
        Estimates of `kij_analysis.barriers.change`, after `kij_analysis.disclosure.suppress_changes`.
    words
        The words, or the name of a language.
    levels
        Estimates of `kij_analysis.barriers.prevalence` by programme and wave, after
        `kij_analysis.disclosure.suppress`.
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
    >>> row = {"programme": "fika", "variable": "barrier_network", "category": "yes", "n": 40,
    ...        "data_status": "synthetic"}
    >>> change = row | {"measure": "change", "estimate": -0.25, "conf_low": -0.4, "conf_high": -0.1,
    ...     "p_adjusted": 0.01, "method": "newcombe_paired"}
    >>> shares = [row | {"measure": "share", "estimate": x, "wave": w, "method": "wilson"}
    ...     for w, x in (("entry", 0.5), ("end", 0.25))]
    >>> barrier_changes(e.make([change]), "en", levels=e.make(shares)).title
    'Named by fewer women at the end than at entry: lack of network (FIKA)'
    """
    say = as_words(words)
    drawing.checked(estimates, measure="change")
    programmes = list(dict.fromkeys(estimates["programme"]))
    look = drawing.look_of(programmes, say)
    times = [say(f"wave.{one}") for one in wave]
    shares = [_by_place(levels[levels["wave"] == one]) for one in wave]
    marks: list[dict[str, Any]] = []
    notes: dict[str, str] = {}
    for programme in programmes:
        rows = estimates[estimates["programme"] == programme]
        block = _block(programme, rows, shares, times, say)
        notes[block] = drawing.unasked(rows, say)
        listed = rows[~(rows["estimate"].isna() & rows["note"].isin(drawing.CAUSES))]
        listed = listed.sort_values("estimate", kind="stable", na_position="last")
        for row in (listed if len(listed) else rows.head(1)).to_dict("records"):
            place: dict[str, Any] = {
                "block": block,
                "label": drawing.label_of(row["variable"], say),
                "look": look[programme],
            }
            own = [one[(programme, row["variable"])] for one in shares]
            marks += _dumbbell(own, times, place, say)
            told = drawing.points_told(row, say)
            what = say("barriers.changes.lane")
            marks.append(drawing.mark(row, lane=1, what=what, told=told, say=say, **place))
    return drawing.composed(
        name,
        marks,
        [
            drawing.shares_lane(say("barriers.changes.all"), marks, 0, say),
            drawing.points_lane(say("barriers.changes.lane"), marks, 1, say),
        ],
        say,
        title=_title(estimates, times, say),
        subtitle=say(
            "barriers.changes.subtitle", first=times[0], second=times[1], level=say.share(level_of(estimates))
        ),
        foot=drawing.footer(
            say,
            source=say("source.surveys"),
            base=say("barriers.changes.base"),
            method=say("barriers.changes.method"),
        ),
        alt=say("barriers.changes.alt"),
        notes=notes,
        labels=2.0,
    )


def _by_place(levels: pd.DataFrame) -> Places:
    return {(row["programme"], row["variable"]): row for row in levels.to_dict("records")}


def _block(programme: str, rows: pd.DataFrame, shares: list[Places], times: list[str], say: Words) -> str:
    """The programme with how many answered at each time, and at both."""
    bases = [
        max((row["n"] for place, row in one.items() if place[0] == programme), default=0) for one in shares
    ]
    both = rows["n"].max()
    if not all(pd.notna(n) and n > 0 for n in (*bases, both)):
        return drawing.with_base(programme, rows, say)
    one, other = (say.number(n) for n in bases)
    told = {"one": one, "other": other, "both": say.number(both), "first": times[0], "second": times[1]}
    return drawing.kept_together(say("barriers.changes.panel", programme=say.programme(programme), **told))


def _dumbbell(
    own: list[dict[str, Any]], times: list[str], place: dict[str, Any], say: Words
) -> list[dict[str, Any]]:
    """The two shares, joined; the word for hidden shares may only stand where neither is drawn."""
    seen = [bool(pd.notna(one["estimate"])) for one in own]
    told = [say.share(one["estimate"]) if known else "" for one, known in zip(own, seen, strict=True)]
    beside = [" → ".join(text or "–" for text in told) if any(seen) else "", ""]
    made = []
    for number, time in enumerate(times):
        bare = own[number] | {"conf_low": float("nan"), "conf_high": float("nan")}
        one = drawing.mark(
            bare,
            lane=0,
            what=time,
            told=told[number],
            shown=beside[number],
            hollow=not number,
            say=say,
            **place,
        )
        made.append(one | ({"gap": ""} if any(seen) else {}))
    return made


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
