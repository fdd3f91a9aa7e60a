"""Printed shares of a programme, each with what was counted and among whom."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.rows import Row, Scale, draw, height
from kij_analysis.figures.sheet import sheet
from kij_analysis.figures.style import looks, styled
from kij_analysis.words import Words, as_words
from kij_analysis.words.facts import spoken_number, spoken_result, spoken_years

TYPES = ("status", "perceived_help", "perceived_change", "satisfaction", "target")
"""The kinds of outcome, each a group of its own: a status and a perceived change are never one series."""

OPEN = ("words", "worst_case")
"""What leaves a range open that is worth drawing; mere rounding is narrower than a point."""
ARROWS: Mapping[str, int] = {"at_least": 1, "more_than": 1, "less_than": -1, "up_to": -1}


def printed(
    record: pd.DataFrame,
    words: Words | str,
    *,
    programme: str,
    sources: pd.DataFrame,
    intervals: pd.DataFrame | None = None,
    derived: pd.DataFrame | None = None,
    name: str = "printed",
) -> Figure:
    """The shares that have been printed about a programme, by kind of outcome and year.

    Each row says what was counted and among whom; a share printed as *about* is hollow, one printed as
    *at least* or *more than* points upwards, one printed as *less than* downwards. Nothing is joined into a
    line, because no two rows count the same. Records that contradict each other are marked.

    Parameters
    ----------
    record
        Rows of the printed record, as `kij_analysis.indicators.load` gives them.
    programme
        Whose shares are drawn.
    sources
        The publications, as `kij_analysis.indicators.sources` gives them.
    intervals
        What `kij_analysis.indicators.computed` makes of the record: intervals where the number of persons is
        printed, and bands for what words and missing answers leave open.
    derived
        What `kij_analysis.indicators.derived` makes of the record: a group of its own, never among the
        printed shares.

    Raises
    ------
    UsageError
        If no share of the programme is printed.

    Examples
    --------
    >>> from kij_analysis.indicators import load, sources
    >>> from kij_analysis.template import template_folder
    >>> place = template_folder() / "data" / "raw" / "published"
    >>> printed(load(place), "en", programme="kvinfo", sources=sources(place)).title
    'Printed about KVINFO: from 25% to 50% in work, counted in different ways'
    """
    say = as_words(words)
    rows = _shares(record, programme)
    if rows.empty:
        raise UsageError(f"No share of the programme '{programme}' is printed.", fix="Look at its profile.")
    drawn = told(rows, say, intervals)
    extra = _derived(derived, record, programme, say)
    drawn = drawn if extra.empty else pd.concat([drawn, extra], ignore_index=True)
    used = sources.set_index("id").loc[list(dict.fromkeys(rows["source"]))]
    texts = {
        "title": _headline(rows, programme, say),
        "subtitle": say("printed.subtitle"),
        "footer": say(
            "figure.footer",
            source=say("printed.source", list=", ".join(dict.fromkeys(used["publisher"]))),
            base=say("printed.base"),
            method=_method(drawn, intervals, say),
        ),
        "mark": say.mark(rows["data_status"]),
    }
    look = looks([programme], order=list(say.codebook.programmes))[programme]
    points = [
        point(row, say(f"printed.type.{row['outcome_type']}"), look) for row in drawn.to_dict("records")
    ]
    with styled():
        paper = sheet(**texts, body=height(points))
        draw(paper, points, shares_scale(say))
    return Figure(
        name=name,
        language=say.language,
        **texts,
        alt=_alt(drawn, programme, texts["mark"], say),
        data=drawn,
        canvas=paper.canvas,
    )


def _shares(record: pd.DataFrame, programme: str) -> pd.DataFrame:
    """The programme's printed percentages, by kind of outcome, newest first."""
    rows = record[(record["programme"] == programme) & (record["unit"] == "per_cent")]
    rows = rows[rows["outcome_type"].isin(TYPES)]
    place = rows["outcome_type"].map(TYPES.index)
    return (
        rows.assign(place=place)
        .sort_values(["place", "year_to", "indicator"], ascending=[True, False, True], kind="stable")
        .drop(columns="place")
        .reset_index(drop=True)
    )


def _headline(rows: pd.DataFrame, programme: str, say: Words) -> str:
    work = rows.loc[(rows["indicator"] == "employed") & (rows["outcome_type"] == "status"), "value"] / 100
    shown = say.programme(programme)
    if work.nunique() > 1:
        low, high = say.share(work.min()), say.share(work.max())
        return say("printed.headline", programme=shown, low=low, high=high)
    return say("printed.headline_few", programme=shown)


def _method(drawn: pd.DataFrame, intervals: pd.DataFrame | None, say: Words) -> str:
    if intervals is None or (drawn["basis"] == "").all():
        return say("printed.method")
    return say("printed.with_intervals", level=say.share(float(intervals["level"].iloc[0])))


def told(rows: pd.DataFrame, say: Words, intervals: pd.DataFrame | None) -> pd.DataFrame:
    """The rows with their words and uncertainty: what was counted, among whom, when, and how exactly."""
    years, whats, numbers = [], [], []
    for row in rows.to_dict("records"):
        years.append(_when(row, say))
        whats.append(_what(row, say))
        numbers.append(number_of(row, say))
    keep = ["id", "programme", "indicator", "outcome_type", "denominator", "timing", "year_from", "year_to"]
    values = ["value", "value_high", "precision", "n", "source", "conflicts_with", "data_status"]
    labels = [say("printed.label", years=y, what=w) for y, w in zip(years, whats, strict=True)]
    words = {"label": labels, "years": years, "what": whats, "qualifier": "", "number": numbers}
    return _with_intervals(rows[[*keep, *values]].assign(**words), intervals)


def _with_intervals(drawn: pd.DataFrame, intervals: pd.DataFrame | None) -> pd.DataFrame:
    """The intervals and ranges of the rows, missing where nothing is known."""
    names = ["conf_low", "conf_high", "low", "high"]
    if intervals is None:
        return drawn.assign(**dict.fromkeys(names, math.nan), basis="")
    own = intervals.set_index("group")[[*names, "basis"]].reindex(drawn["id"]).reset_index(drop=True)
    return pd.concat([drawn.reset_index(drop=True), own.assign(basis=own["basis"].fillna(""))], axis=1)


def number_of(row: Mapping[str, Any], say: Words) -> str:
    """The printed number with the word that qualifies it."""
    high = math.nan if pd.isna(row["value_high"]) else row["value_high"]
    return spoken_number(say, row["value"], high=high, unit="per_cent", precision=row["precision"])


def _when(row: Mapping[str, Any], say: Words) -> str:
    if pd.isna(row["year_from"]):
        return say("programmes.undated")
    first, last = row["year_from"], row["year_to"]
    return spoken_years(say, f"{first}" if first == last else f"{first}–{last}")


def _what(row: dict[str, Any], say: Words) -> str:
    """What was counted, when, and among whom; a star where the sources differ."""
    conflict = " *" if row["conflicts_with"] else ""
    return spoken_result(row, say) + conflict


def _derived(derived: pd.DataFrame | None, record: pd.DataFrame, programme: str, say: Words) -> pd.DataFrame:
    """What follows from two printed shares, as rows of a kind of its own."""
    if derived is None or derived.empty:
        return pd.DataFrame()
    shares = record.set_index("id", drop=False)
    rows = []
    named = derived.rename(columns={"variable": "indicator"})
    for row in named[named["programme"] == programme].to_dict("records"):
        part, whole = (number_of(shares.loc[row[name]], say) for name in ("of", "times"))
        years, what = _when(row, say), spoken_result(row, say)
        about = say("programmes.precision.about", number=say.share(row["estimate"]))
        own = {"outcome_type": "derived", "value": 100 * row["estimate"], "qualifier": "", "number": about}
        label = say("printed.derived", years=years, part=part, whole=whole, what=what)
        rows.append(row | own | {"label": label, "years": years, "what": what, "conflicts_with": ""})
    keep = [
        "id", "programme", "indicator", "outcome_type", "denominator", "timing", "year_from", "year_to",
        "value", "precision", "n", "source", "conflicts_with", "data_status", "label", "years", "what",
        "qualifier", "number", "low", "high", "basis",
    ]  # fmt: skip
    return pd.DataFrame(rows).reindex(columns=keep)


def point(row: Mapping[str, Any], heading: str, look: tuple[str, str], *, label: str = "") -> Row:
    """A row of a figure of printed shares."""
    kind, bound = row["outcome_type"], ARROWS.get(row["precision"], 0)
    open_range = (row["basis"] in OPEN and not bound) or kind == "derived"
    value = row["value"] if pd.isna(row.get("value_high")) else (row["value"] + row["value_high"]) / 2
    return Row(
        heading=heading,
        label=label or row["label"],
        number=row["number"],
        value=value / 100,
        look=look,
        low=row.get("conf_low", math.nan),
        high=row.get("conf_high", math.nan),
        reach=(row["low"], row["high"]) if open_range else None,
        hollow=row["precision"] != "exact" or kind in ("target", "derived"),
        arrow=bound,
    )


def shares_scale(say: Words) -> Scale:
    """From nothing to all."""
    ticks = (0, 0.25, 0.5, 0.75, 1)
    return Scale(low=0, high=1, ticks=ticks, texts=[say.share(tick) for tick in ticks])


def _alt(drawn: pd.DataFrame, programme: str, mark: str, say: Words) -> str:
    parts = [say("printed.alt", programme=say.programme(programme), count=say.number(len(drawn)))]
    for group, rows in drawn.groupby("outcome_type", sort=False):
        listed = [f"{row['label']}: {spoken_with_interval(row, say)}" for row in rows.to_dict("records")]
        parts.append(say("printed.alt_group", type=say(f"printed.type.{group}"), list="; ".join(listed)))
    return " ".join([*parts, f"{mark}." if mark else ""]).strip()


def spoken_with_interval(row: Mapping[str, Any], say: Words) -> str:
    """The number as printed, with its interval if it has one."""
    if pd.isna(row.get("conf_low")):
        return str(row["number"])
    ends = {"low": say.share(row["conf_low"]), "high": say.share(row["conf_high"])}
    return f"{row['number']} ({say('table.interval', **ends)})"
