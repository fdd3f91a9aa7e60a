"""How far groups are apart: standardised differences, one panel for each comparison."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError, one_of
from kij_analysis.figures.distances import MARK, draw, plan
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.shares import level_of
from kij_analysis.figures.sheet import sheet
from kij_analysis.figures.style import styled
from kij_analysis.words import Words, as_words

TOPICS = ("programmes", "response")


def standardised(
    estimates: pd.DataFrame, words: Words | str, *, topic: str = "programmes", name: str = "standardised"
) -> Figure:
    """The distance of two groups in each question, largest on top, beside what chance alone would give.

    Distances are drawn without their sign; which group has more, the profile shows.

    Parameters
    ----------
    estimates
        `kij_analysis.survey.standardised_differences`, one row for each comparison and variable, after
        `kij_analysis.disclosure.suppress`.
    words
        The words, or the name of a language.
    topic
        ``"programmes"``: every two programmes. ``"response"``: who answered at the end and who did not, in
        each programme.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If there are no such differences, or several for one question of a comparison.

    Examples
    --------
    >>> from kij_analysis import survey
    >>> people = pd.DataFrame({"programme": ["fika"] * 40 + ["sajo"] * 40, "gender": "woman",
    ...     "age": [20.0, 30, 40, 50] * 10 + [40.0, 50, 60, 70] * 10, "data_status": "observed"})
    >>> standardised(survey.standardised_differences(people, ["age"]), "en").title
    'Furthest apart: age at entry (FIKA and SAJO)'
    """
    say = as_words(words)
    one_of(topic, TOPICS, name="The topic")
    placed = _placed(estimates, say)
    level = say.share(level_of(estimates))
    base = say("figure.standardised.base", level=level, mark=say.number(MARK, digits=1))
    methods = " ".join(say(f"method.{m}") for m in dict.fromkeys(estimates["method"]) if m != "none")
    texts = {
        "title": _headline(placed, say, topic),
        "subtitle": say(f"figure.standardised.{topic}.subtitle"),
        "footer": say("figure.footer", source=say("source.surveys"), base=base, method=methods).strip(),
        "mark": say.mark(estimates["data_status"]),
    }
    with styled():
        planned = plan(placed, say)
        paper = sheet(**texts, body=planned.body)
        draw(paper, planned, placed, say)
    return Figure(
        name=name,
        language=say.language,
        **texts,
        alt=_alt(placed, say, texts["mark"]),
        data=_drawn(placed, say),
        canvas=paper.canvas,
    )


def _placed(estimates: pd.DataFrame, say: Words) -> pd.DataFrame:
    """The rows with their comparison in words, without signs, the largest on top."""
    if estimates.empty or set(estimates["measure"]) != {"standardised_difference"}:
        raise UsageError(
            "There are no standardised differences to draw.", fix="Use standardised_differences."
        )
    between = estimates["programme"] == "all"
    who = [_who(row, say) for row in estimates.to_dict("records")]
    frame = estimates.assign(panel=estimates["group"].where(between, estimates["programme"]), who=who)
    if frame.duplicated(["panel", "variable"]).any():
        raise UsageError(
            "A question stands twice in one comparison.", fix="Leave out the rows of each answer."
        )
    apart = frame["estimate"].abs()
    turned = frame["estimate"] < 0
    low = frame["conf_low"].where(~turned, -frame["conf_high"]).clip(lower=0)
    high = frame["conf_high"].where(~turned, -frame["conf_low"])
    high = high.where(~(frame["conf_low"] < 0), np.maximum(high, -frame["conf_low"]).where(apart.notna()))
    frame = frame.assign(apart=apart, low=low, high=high)
    means = frame.groupby("variable", sort=False)["apart"].mean().fillna(-1)
    order = means.sort_values(ascending=False, kind="stable").index
    return frame.assign(place=frame["variable"].map(list(order).index)).sort_values("place", kind="stable")


def _who(row: Mapping[str, Any], say: Words) -> str:
    if row["programme"] != "all":
        return say.programme(row["programme"])
    first = say.programme(row["first"])
    if not row["second"]:
        return first
    second = say.programme(row["second"])
    return say("figure.standardised.pair", first=first, second=second)


def _headline(placed: pd.DataFrame, say: Words, topic: str) -> str:
    """The largest distance of each comparison, as far as it is larger than chance."""
    if placed["apart"].isna().all():
        return say("figure.standardised.none")
    beyond = placed[placed["apart"] > placed["by_chance"]]
    if beyond.empty:
        return say(f"figure.standardised.{topic}.alike")
    grouped: dict[str, list[str]] = {}
    for panel in dict.fromkeys(placed.sort_index()["panel"]):
        own = beyond[beyond["panel"] == panel]
        if len(own):
            top = own.loc[own["apart"].idxmax()]
            grouped.setdefault(say.variable(top["variable"]), []).append(top["who"])
    parts = [say("figure.standardised.part", item=item, who="; ".join(who)) for item, who in grouped.items()]
    return say(f"figure.standardised.{topic}.headline", list=say.listing(parts))


def _alt(placed: pd.DataFrame, say: Words, mark: str) -> str:
    parts = [say("figure.standardised.alt", items=say.number(placed["variable"].nunique()))]
    for _, rows in placed.sort_index().groupby("panel", sort=False):
        told = [
            say(
                "figure.standardised.alt_value",
                item=say.variable(row["variable"]),
                value=say.number(row["apart"], digits=2),
                chance=say.number(row["by_chance"], digits=2),
            )
            for row in rows.sort_values("apart", ascending=False).to_dict("records")
            if row["apart"] == row["apart"]
        ]
        who = rows["who"].iloc[0]
        if told:
            parts.append(say("figure.standardised.alt_panel", who=who, list="; ".join(told)))
        for note, gone in rows[rows["apart"].isna()].groupby("note", sort=False):
            named = say.listing([say.variable(v) for v in gone["variable"]])
            parts.append(say("figure.standardised.alt_gap", who=who, note=say(f"note.{note}"), list=named))
    return " ".join([*parts, f"{mark}." if mark else ""]).strip()


def _drawn(placed: pd.DataFrame, say: Words) -> pd.DataFrame:
    """The numbers drawn, with their labels, in the order of the picture."""
    front = placed[["programme", "group", "variable", "who"]].assign(
        label=[say.sentence(say.variable(v)) for v in placed["variable"]]
    )
    numbers = placed[["estimate", "conf_low", "conf_high", "by_chance"]].round(6)
    persons = placed[["n_1", "n_2", "n"]].astype("Int64")
    rest = placed[["method", "data_status", "note"]].assign(
        note_text=[say(f"note.{note}") if note else "" for note in placed["note"]]
    )
    return pd.concat([front, numbers, persons, rest], axis=1).reset_index(drop=True)
