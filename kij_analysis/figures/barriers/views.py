"""What mentees name as barriers beside what their mentors say, in lanes of their own."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kij_analysis.figures.barriers import drawing
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.shares import level_of
from kij_analysis.words import Words, as_words

LANES = (("mentee", "barrier"), ("mentor", "barrier"), ("mentor", "progress"))


def barrier_views(
    estimates: pd.DataFrame, words: Words | str, *, wave: str = "end", name: str = "barrier_views"
) -> Figure:
    """The mentees' view beside the mentors': a lane for each question, never one scale for two questions.

    Parameters
    ----------
    estimates
        Estimates of `kij_analysis.barriers.views`, after `kij_analysis.disclosure.suppress`.
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
    >>> rows = [{"programme": "fika", "variable": v, "category": "yes", "measure": "share", "estimate": 0.5,
    ...          "count": 20, "n": 40, "role": role, "area": "barrier_network", "question": q,
    ...          "method": "wilson", "data_status": "synthetic"}
    ...         for role, q, v in (("mentee", "barrier", "barrier_network"),
    ...                            ("mentor", "progress", "mentor_view_network_high"))]
    >>> barrier_views(e.make(rows), "en").title
    'Mentees and mentors were asked different things about lack of network: two views, not one scale'
    """
    say = as_words(words)
    drawing.checked(estimates, measure="share")
    look = drawing.look_of(estimates["programme"].tolist(), say)
    there = set(zip(estimates["role"], estimates["question"], strict=True))
    # A mentor who was asked neither stands in the lane of the question that other mentors were asked.
    lanes = [lane for lane in LANES if lane in there] or [LANES[0]]
    mentors = [lane for lane in lanes if lane[0] == "mentor"] or [LANES[1]]
    lanes = lanes if mentors[0] in lanes else [*lanes, mentors[0]]
    titles = [say(f"barriers.views.{role}.{question}") for role, question in lanes]
    marks: list[dict[str, Any]] = []
    for row in estimates.to_dict("records"):
        key = (row["role"], row["question"])
        lane = lanes.index(key if key in lanes else mentors[0])
        told = "" if pd.isna(row["estimate"]) else _told(row, say)
        marks.append(
            drawing.mark(
                row,
                block=drawing.label_of(row["area"], say),
                label=say.programme(row["programme"]),
                lane=lane,
                what=titles[lane],
                look=look[row["programme"]],
                told=told,
                say=say,
            )
        )
    return drawing.composed(
        name,
        marks,
        [drawing.shares_lane(title, marks, place, say) for place, title in enumerate(titles)],
        say,
        title=_title(estimates, say),
        subtitle=say(
            "barriers.views.subtitle", wave=say(f"wave.{wave}"), level=say.share(level_of(estimates))
        ),
        foot=drawing.footer(say, base=say("barriers.views.base"), method=say("method.wilson")),
        alt=say("barriers.views.alt"),
        labels=1.1,
    )


def _told(row: dict[str, Any], say: Words) -> str:
    return say("barriers.of", share=say.share(row["estimate"]), n=say.number(row["n"]))


def _title(estimates: pd.DataFrame, say: Words) -> str:
    other = estimates[estimates["question"] == "progress"]
    areas = list(dict.fromkeys((other if len(other) else estimates)["area"]))
    items = say.listing([say.variable(area) for area in areas])
    return say("barriers.views.other", list=items) if len(other) else say("barriers.views.same", list=items)
