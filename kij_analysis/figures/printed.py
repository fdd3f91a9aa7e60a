"""Printed shares of a programme, each with what was counted and among whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.sheet import LINE, MARGIN, WIDTH, Sheet, sheet, wrapped
from kij_analysis.figures.style import GRID, MUTED, STYLE, looks
from kij_analysis.words import Words, as_words
from kij_analysis.words.facts import spoken_result, spoken_years

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TYPES = ("status", "perceived_help", "perceived_change", "satisfaction", "target")
"""The kinds of outcome, each a group of its own: a status and a perceived change are never one series."""

LABELS, NUMBERS, HEADING = 3.6, 0.9, 0.34
"""Inches: the width of the row labels, the room of the numbers, the height of a group's heading."""


def printed(
    record: pd.DataFrame, words: Words | str, *, programme: str, sources: pd.DataFrame, name: str = "printed"
) -> Figure:
    """The shares that have been printed about a programme, by kind of outcome and year.

    Each row says what was counted and among whom; a share printed as *about* is hollow, one printed as
    *at least* or *more than* points upwards. Nothing is joined into a line, because no two rows count
    the same. Records that contradict each other are marked.

    Parameters
    ----------
    record
        Rows of the printed record, as `kij_analysis.indicators.load` gives them.
    programme
        Whose shares are drawn.
    sources
        The publications, as `kij_analysis.indicators.sources` gives them.

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
    import matplotlib as mpl

    say = as_words(words)
    rows = _shares(record, programme)
    if rows.empty:
        raise UsageError(f"No share of the programme '{programme}' is printed.", fix="Look at its profile.")
    drawn = _drawn(rows, say)
    used = sources.set_index("id").loc[list(dict.fromkeys(rows["source"]))]
    texts = {
        "title": _headline(rows, programme, say),
        "subtitle": say("printed.subtitle"),
        "footer": say(
            "figure.footer",
            source=say("printed.source", list=", ".join(dict.fromkeys(used["publisher"]))),
            base=say("printed.base"),
            method=say("printed.method"),
        ),
        "mark": say.mark(rows["data_status"]),
    }
    colour, marker = looks([programme], order=list(say.codebook.programmes))[programme]
    labels = [wrapped(text, LABELS, 8.5) for text in drawn["label"]]
    heights = [max(0.27, len(lines) * 8.5 * LINE / 72 + 0.08) for lines in labels]
    groups = drawn["outcome_type"].nunique()
    with mpl.rc_context(STYLE):
        paper = sheet(**texts, body=sum(heights) + groups * HEADING + 0.35)
        _draw(paper, drawn, labels, heights, (colour, marker), say)
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


def _drawn(rows: pd.DataFrame, say: Words) -> pd.DataFrame:
    """The rows with their words: what was counted, among whom, when, and how exactly it is printed."""
    years, whats, numbers = [], [], []
    for row in rows.to_dict("records"):
        years.append(spoken_years(say, _when(row)))
        whats.append(_what(row, say))
        share = say.share(row["value"] / 100)
        exact = row["precision"] == "exact"
        numbers.append(share if exact else say(f"programmes.precision.{row['precision']}", number=share))
    keep = ["id", "programme", "indicator", "outcome_type", "denominator", "timing", "year_from", "year_to"]
    values = ["value", "precision", "n", "source", "conflicts_with", "data_status"]
    labels = [say("printed.label", years=y, what=w) for y, w in zip(years, whats, strict=True)]
    words = {"label": labels, "years": years, "what": whats, "qualifier": "", "number": numbers}
    return rows[[*keep, *values]].assign(**words)


def _when(row: dict[str, Any]) -> str:
    first, last = row["year_from"], row["year_to"]
    return f"{first}" if first == last else f"{first}–{last}"


def _what(row: dict[str, Any], say: Words) -> str:
    """What was counted, when, and among whom; a star where the sources differ."""
    conflict = " *" if row["conflicts_with"] else ""
    return spoken_result(row, say) + conflict


def _draw(
    paper: Sheet,
    drawn: pd.DataFrame,
    labels: list[list[str]],
    heights: list[float],
    look: tuple[str, str],
    say: Words,
) -> None:
    left = MARGIN + LABELS + 0.15
    body = paper.top - paper.bottom - 0.3
    axes = paper.axes(left, paper.bottom + 0.22, WIDTH - MARGIN - NUMBERS - left, body)
    axes.set(xlim=(0, 1), ylim=(0, body), yticks=[], xticks=[0, 0.25, 0.5, 0.75, 1])
    axes.set_xticklabels([say.share(tick) for tick in (0, 0.25, 0.5, 0.75, 1)], fontsize=8)
    axes.tick_params(length=0)
    axes.vlines([0.25, 0.5, 0.75, 1], 0, body, color=GRID, linewidth=0.8, zorder=0)
    axes.axvline(0, color=MUTED, linewidth=0.8)
    y, group = body, ""
    for position, row in enumerate(drawn.to_dict("records")):
        if row["outcome_type"] != group:
            group = row["outcome_type"]
            y -= HEADING
            heading = say(f"printed.type.{group}")
            paper.text(
                MARGIN, paper.bottom + 0.22 + y + 0.08, heading, fontsize=9, fontweight="bold", va="bottom"
            )
        middle = y - heights[position] / 2
        y -= heights[position]
        paper.text(
            MARGIN, paper.bottom + 0.22 + middle, "\n".join(labels[position]), fontsize=8.5, va="center",
            linespacing=LINE - 0.15,
        )  # fmt: skip
        _point(axes, row, middle, look)
        paper.text(
            WIDTH - MARGIN, paper.bottom + 0.22 + middle, row["number"], fontsize=8.5, va="center", ha="right"
        )


def _point(axes: Axes, row: dict[str, Any], y: float, look: tuple[str, str]) -> None:
    colour, marker = look
    value = row["value"] / 100
    hollow = row["precision"] != "exact" or row["outcome_type"] == "target"
    axes.plot(
        value, y, marker=marker, markersize=6, color=colour, markeredgewidth=1.4,
        markerfacecolor="white" if hollow else colour,
    )  # fmt: skip
    if row["precision"] in ("at_least", "more_than"):
        axes.annotate("", xy=(min(value + 0.13, 1), y), xytext=(value + 0.03, y),
                      arrowprops={"arrowstyle": "->", "color": colour, "linewidth": 1.2})  # fmt: skip


def _alt(drawn: pd.DataFrame, programme: str, mark: str, say: Words) -> str:
    parts = [say("printed.alt", programme=say.programme(programme), count=say.number(len(drawn)))]
    for group, rows in drawn.groupby("outcome_type", sort=False):
        listed = [f"{row['label']}: {row['number']}" for row in rows.to_dict("records")]
        parts.append(say("printed.alt_group", type=say(f"printed.type.{group}"), list="; ".join(listed)))
    return " ".join([*parts, f"{mark}." if mark else ""]).strip()
