"""Dots with intervals: one panel for each programme, one row for each variable."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError, listed
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.panels import draw, plan
from kij_analysis.figures.shares import drawn, level_of, placing, spoken_base, spoken_value, told_gaps
from kij_analysis.figures.sheet import sheet
from kij_analysis.figures.style import styled
from kij_analysis.words import Words, as_words


def dots(
    estimates: pd.DataFrame, words: Words | str, *, topic: str = "barriers", name: str = "barriers"
) -> Figure:
    """Shares by programme with intervals, the most frequent on top.

    What is hidden or was not asked stands as a word in its row, so that no gap can be read as zero.

    Parameters
    ----------
    estimates
        Shares with one row per programme and variable, after `kij_analysis.disclosure.suppress`.
    words
        The words, or the name of a language.
    topic
        Whose sentences of the catalogue (``figure.<topic>``) are used.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If there are no estimates, if one is no share, or if a programme has several for one variable.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> rows = [{"programme": "fika", "variable": "barrier_language", "category": "yes", "measure": "share",
    ...          "estimate": 0.5, "conf_low": 0.3, "conf_high": 0.7, "count": 10, "n": 20,
    ...          "method": "wilson", "data_status": "synthetic"}]
    >>> dots(e.make(rows), "en").title
    'Named most often in FIKA: lack of language skills'
    """
    say = as_words(words)
    _check(estimates)
    order = _order(estimates)
    programmes = list(dict.fromkeys(estimates["programme"]))
    bases = {p: spoken_base(estimates[estimates["programme"] == p], say) for p in programmes}
    texts = {
        "title": _headline(estimates, programmes, say, topic),
        "subtitle": say(f"figure.{topic}.subtitle", level=say.share(level_of(estimates))),
        "footer": _footer(estimates, say, topic),
        "mark": say.mark(estimates["data_status"]),
    }
    with styled():
        rows = {v: say.sentence(say.variable(v)) for v in order}
        placed = placing(estimates, estimates["variable"], say)
        planned = plan(placed, programmes, rows, bases, say)
        paper = sheet(**texts, body=planned.body)
        draw(paper, planned, placed, say)
    return Figure(
        name=name,
        language=say.language,
        **texts,
        alt=_alt(estimates, programmes, bases, say, topic, texts["mark"]),
        data=_drawn(estimates, order, say),
        canvas=paper.canvas,
    )


def _check(estimates: pd.DataFrame) -> None:
    if estimates.empty:
        raise UsageError("There are no estimates to draw.", fix="Look at which programmes were kept.")
    others = sorted(set(estimates["measure"]) - {"share"})
    if others:
        raise UsageError(f"Dots are drawn from shares, not from {listed(others)}.", fix="Choose the shares.")
    several = estimates.duplicated(["programme", "variable"])
    if several.any():
        rows = estimates.loc[several, ["programme", "variable"]].agg(" / ".join, axis=1).unique()
        raise UsageError(
            f"There are several estimates for {listed(rows)}.",
            fix="Keep one row for each programme and variable: one group, one answer.",
        )


def _order(estimates: pd.DataFrame) -> list[str]:
    """Most frequent first by the mean over the programmes that show it; what nobody shows comes last."""
    first_seen = {v: i for i, v in enumerate(dict.fromkeys(estimates["variable"]))}
    means = estimates.groupby("variable", sort=False)["estimate"].mean()
    return sorted(first_seen, key=lambda v: (-np.nan_to_num(means[v], nan=-1.0), first_seen[v]))


def _top(rows: pd.DataFrame, most: int = 1) -> pd.DataFrame:
    return rows[rows["estimate"].notna()].nlargest(most, "estimate")


def _first(rows: pd.DataFrame, say: Words) -> str:
    """The label of the largest share, or the labels where several are equally large."""
    largest = rows["estimate"].max()
    return say.listing([say.variable(v) for v in rows.loc[rows["estimate"] == largest, "variable"]])


def _headline(estimates: pd.DataFrame, programmes: list[str], say: Words, topic: str) -> str:
    named = {p: _first(estimates[estimates["programme"] == p], say) for p in programmes}
    first = {programme: label for programme, label in named.items() if label}
    if not first:
        return say(f"figure.{topic}.none")
    if len(programmes) == 1:
        return say(f"figure.{topic}.one", programme=say.programme(programmes[0]), item=first[programmes[0]])
    if len(first) == len(programmes) and len(set(first.values())) == 1:
        return say(f"figure.{topic}.same", item=next(iter(first.values())))
    grouped: dict[str, list[str]] = {}
    for programme, item in first.items():
        grouped.setdefault(item, []).append(say.programme(programme))
    parts = [
        say(f"figure.{topic}.part", item=item, programme=say.listing(who)) for item, who in grouped.items()
    ]
    return say(f"figure.{topic}.different", list=say.listing(parts))


def _footer(estimates: pd.DataFrame, say: Words, topic: str) -> str:
    methods = " ".join(say(f"method.{m}") for m in dict.fromkeys(estimates["method"]) if m != "none")
    return say(
        "figure.footer", source=say("source.end_surveys"), base=say(f"figure.{topic}.base"), method=methods
    ).strip()


def _alt(
    estimates: pd.DataFrame, programmes: list[str], bases: dict[str, str], say: Words, topic: str, mark: str
) -> str:
    """What the picture shows, from the numbers drawn."""
    parts = [say(f"figure.{topic}.alt", items=say.number(estimates["variable"].nunique()))]
    for programme in programmes:
        rows = estimates[estimates["programme"] == programme]
        spoken = say.programme(programme)
        values = [
            spoken_value(row, say.variable(row["variable"]), say) for row in _top(rows, 3).to_dict("records")
        ]
        if values:
            parts.append(
                say("figure.alt_panel", programme=spoken, n=bases[programme], list=say.listing(values))
            )
        parts += told_gaps(rows, [say.variable(v) for v in rows["variable"]], say)
    return " ".join([*parts, f"{mark}." if mark else ""]).strip()


def _drawn(estimates: pd.DataFrame, order: list[str], say: Words) -> pd.DataFrame:
    """The numbers drawn, with their labels, in the order of the picture."""
    rows = estimates.set_index(estimates["variable"]).loc[order].reset_index(drop=True)
    return drawn(rows, [say.sentence(say.variable(v)) for v in rows["variable"]], say)
