"""Printed shares of all programmes that print a number of persons, with their intervals."""

from __future__ import annotations

import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.printed import point, shares_scale, spoken_with_interval, told
from kij_analysis.figures.rows import draw, height
from kij_analysis.figures.sheet import sheet
from kij_analysis.figures.style import PROGRAMMES, looks, styled
from kij_analysis.indicators.record import RESULTS
from kij_analysis.indicators.speaking import programme as named
from kij_analysis.words import Words, as_words


def comparators(
    record: pd.DataFrame,
    words: Words | str,
    *,
    sources: pd.DataFrame,
    intervals: pd.DataFrame,
    name: str = "comparators",
) -> Figure:
    """The printed shares of results whose number of persons is printed too, by programme.

    Parameters
    ----------
    record
        Rows of the printed record, as `kij_analysis.indicators.load` gives them.
    words
        The words, or the name of a language.
    sources
        The publications, as `kij_analysis.indicators.sources` gives them.
    intervals
        What `kij_analysis.indicators.computed` makes of the record.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If no share comes with a number of persons.

    Examples
    --------
    >>> from kij_analysis.indicators import computed, load, sources
    >>> from kij_analysis.template import template_folder
    >>> place = template_folder() / "data" / "raw" / "published"
    >>> record = load(place)
    >>> comparators(record, "en", sources=sources(place), intervals=computed(record)).title
    '14 printed shares come with a number of persons, 1 of them about the three programmes'
    """
    say = as_words(words)
    rows = record[(record["unit"] == "per_cent") & record["outcome_type"].isin(RESULTS) & record["n"].notna()]
    if rows.empty:
        raise UsageError("No share comes with a number of persons.", fix="There is nothing to draw.")
    order = list(dict.fromkeys([*PROGRAMMES, *rows["programme"]]))
    place = rows["programme"].map(order.index)
    rows = rows.assign(place=place).sort_values("place", kind="stable").drop(columns="place")
    drawn = told(rows.reset_index(drop=True), say, intervals)
    drawn["label"] = [
        _label(label, who, n, say)
        for label, who, n in zip(drawn["label"], rows["population"], drawn["n"], strict=True)
    ]
    used = sources.set_index("id").loc[list(dict.fromkeys(rows["source"]))]
    level = say.share(float(intervals["level"].iloc[0]))
    texts = {
        "title": say(
            "printed.beside.title",
            count=say.number(len(drawn)),
            own=say.number(int(drawn["programme"].isin(PROGRAMMES).sum())),
        ),
        "subtitle": say("printed.beside.subtitle", level=level),
        "footer": say(
            "figure.footer",
            source=say("printed.source", list=", ".join(dict.fromkeys(used["publisher"]))),
            base=say("printed.beside.base"),
            method=say("printed.with_intervals", level=level),
        ),
        "mark": say.mark(rows["data_status"]),
    }
    look = looks(list(dict.fromkeys(drawn["programme"])), order=list(say.codebook.programmes))
    points = [
        point(row, named(row["programme"], say), look[row["programme"]]) for row in drawn.to_dict("records")
    ]
    with styled():
        paper = sheet(**texts, body=height(points))
        draw(paper, points, shares_scale(say))
    return Figure(
        name=name,
        language=say.language,
        **texts,
        alt=_alt(drawn, say, texts["mark"]),
        data=drawn,
        canvas=paper.canvas,
    )


def _label(label: str, who: str, n: float, say: Words) -> str:
    """What was counted, with the sex where it is printed, and with the number of persons."""
    if who in ("women", "men", "all"):
        return say("printed.with_who", label=label, who=say(f"evidence.sex.{who}"), n=say.number(n))
    return say("printed.with_n", label=label, n=say.number(n))


def _alt(drawn: pd.DataFrame, say: Words, mark: str) -> str:
    parts = [say("printed.beside.alt", count=say.number(len(drawn)))]
    for programme, rows in drawn.groupby("programme", sort=False):
        listed = [f"{row['label']}: {spoken_with_interval(row, say)}" for row in rows.to_dict("records")]
        parts.append(say("printed.alt_group", type=named(str(programme), say), list="; ".join(listed)))
    return " ".join([*parts, f"{mark}." if mark else ""]).strip()
