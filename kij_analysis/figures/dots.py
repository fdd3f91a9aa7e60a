"""Dots with intervals: one panel for each programme, one row for each variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kij_analysis.estimates import NOTES
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.sheet import LINE, MARGIN, WIDTH, Sheet, sheet, wrapped
from kij_analysis.figures.style import GRID, INK, MUTED, STYLE, looks
from kij_analysis.words import Words, as_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LABELS = 1.95
"""The width of the row labels, in inches."""


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

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> rows = [{"programme": "fika", "variable": "barrier_language", "category": "yes", "measure": "share",
    ...          "estimate": 0.5, "conf_low": 0.3, "conf_high": 0.7, "count": 10, "n": 20,
    ...          "method": "wilson", "data_status": "synthetic"}]
    >>> dots(e.make(rows), "en").title
    'Named most often in FIKA: lack of language skills'
    """
    import matplotlib as mpl

    say = as_words(words)
    order = _order(estimates)
    programmes = list(dict.fromkeys(estimates["programme"]))
    bases = {p: _base(estimates[estimates["programme"] == p], say) for p in programmes}
    texts = {
        "title": _headline(estimates, programmes, say, topic),
        "subtitle": say(f"figure.{topic}.subtitle", level=say.share(_level(estimates))),
        "footer": _footer(estimates, say, topic),
        "mark": say.mark(estimates["data_status"]),
    }
    labels = {v: wrapped(say.sentence(say.variable(v)), LABELS, 9) for v in order}
    heights = {v: max(0.27, len(lines) * 9 * LINE / 72 + 0.09) for v, lines in labels.items()}
    with mpl.rc_context(STYLE):
        paper = sheet(**texts, body=sum(heights.values()) + 0.62)
        _draw(paper, estimates, programmes, bases, labels, heights, say)
    return Figure(
        name=name,
        language=say.language,
        **texts,
        alt=_alt(estimates, programmes, bases, say, topic, texts["mark"]),
        data=_drawn(estimates, order, say),
        canvas=paper.canvas,
    )


def _order(estimates: pd.DataFrame) -> list[str]:
    """Most frequent first by the mean over the programmes that show it; what nobody shows comes last."""
    first_seen = {v: i for i, v in enumerate(dict.fromkeys(estimates["variable"]))}
    means = estimates.groupby("variable", sort=False)["estimate"].mean()
    return sorted(first_seen, key=lambda v: (-np.nan_to_num(means[v], nan=-1.0), first_seen[v]))


def _level(estimates: pd.DataFrame) -> float:
    return float(estimates["level"].iloc[0]) if "level" in estimates.columns else 0.95


def _base(rows: pd.DataFrame, say: Words) -> str:
    """The number of persons behind a panel: one number, or from–to where the rows differ."""
    bases = sorted(set(rows.loc[rows["n"] > 0, "n"].dropna()))
    if not bases:
        return ""
    ends = [say.number(base) for base in dict.fromkeys((bases[0], bases[-1]))]
    return "–".join(ends)


def _top(rows: pd.DataFrame, most: int = 1) -> pd.DataFrame:
    return rows[rows["estimate"].notna()].nlargest(most, "estimate")


def _headline(estimates: pd.DataFrame, programmes: list[str], say: Words, topic: str) -> str:
    tops = {p: _top(estimates[estimates["programme"] == p]) for p in programmes}
    first = {p: say.variable(rows["variable"].iloc[0]) for p, rows in tops.items() if len(rows)}
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
        say(f"figure.{topic}.part", item=item, programme=say.listing(named))
        for item, named in grouped.items()
    ]
    return say(f"figure.{topic}.different", list=say.listing(parts))


def _footer(estimates: pd.DataFrame, say: Words, topic: str) -> str:
    methods = " ".join(say(f"method.{m}") for m in dict.fromkeys(estimates["method"]) if m != "none")
    return say(
        "figure.footer", source=say("source.end_surveys"), base=say(f"figure.{topic}.base"), method=methods
    ).strip()


def _draw(
    paper: Sheet,
    estimates: pd.DataFrame,
    programmes: list[str],
    bases: dict[str, str],
    labels: dict[str, list[str]],
    heights: dict[str, float],
    say: Words,
) -> None:
    left, gap = MARGIN + LABELS + 0.12, 0.14
    width = (WIDTH - MARGIN - left - gap * (len(programmes) - 1)) / len(programmes)
    body = sum(heights.values())
    bottom = paper.bottom + 0.26
    middles, y = {}, body
    for variable, height in heights.items():
        middles[variable] = y - height / 2
        y -= height
        paper.text(
            MARGIN + LABELS, bottom + middles[variable], "\n".join(labels[variable]),
            ha="right", va="center", fontsize=9, linespacing=LINE - 0.15,
        )  # fmt: skip
    limit = min(1.0, float(np.nanmax([*estimates["conf_high"], *estimates["estimate"], 0.2])) * 1.02)
    for position, programme in enumerate(programmes):
        axes = paper.axes(left + position * (width + gap), bottom, width, body)
        rows = estimates[estimates["programme"] == programme].set_index("variable")
        title = say.programme(programme)
        if bases[programme]:
            title = say("figure.panel", programme=title, n=bases[programme])
        _panel(axes, rows, middles, body, limit, looks(programmes)[programme], say)
        axes.set_title(title, pad=6, color=looks(programmes)[programme][0])


def _panel(
    axes: Axes,
    rows: pd.DataFrame,
    middles: dict[str, float],
    body: float,
    limit: float,
    look: tuple[str, str],
    say: Words,
) -> None:
    colour, marker = look
    step = next(s for s in (0.1, 0.2, 0.25, 0.5) if limit / s <= 4)
    ticks = np.arange(0, limit + 1e-9, step)
    room = 1.3  # right of the longest interval there is room for its number
    axes.set(xlim=(0, limit * room), ylim=(0, body), yticks=[], xticks=ticks)
    axes.set_xticklabels([say.share(tick) if tick else "0" for tick in ticks], fontsize=8)
    axes.tick_params(length=0)
    axes.vlines(ticks, 0, body, color=GRID, linewidth=0.8, zorder=0)
    axes.axvline(0, color=MUTED, linewidth=0.8)
    for variable, y in middles.items():
        if variable not in rows.index:
            continue
        row = rows.loc[variable]
        if np.isnan(row["estimate"]):
            text = say(f"short.{row['note']}")
            axes.text(limit * 0.03, y, text, fontsize=7.5, color=MUTED, style="italic", va="center")
            continue
        if not np.isnan(row["conf_low"]):
            axes.hlines(y, row["conf_low"], row["conf_high"], color=colour, linewidth=1.8)
        axes.plot(
            row["estimate"],
            y,
            marker=marker,
            color=colour,
            markersize=5.5,
            markeredgecolor="white",
            markeredgewidth=0.6,
        )
        edge = np.nanmax([row["estimate"], row["conf_high"]])
        axes.text(edge + limit * 0.035, y, say.share(row["estimate"]), fontsize=8, color=INK, va="center")


def _alt(
    estimates: pd.DataFrame, programmes: list[str], bases: dict[str, str], say: Words, topic: str, mark: str
) -> str:
    """What the picture shows, from the numbers drawn."""
    parts = [say(f"figure.{topic}.alt", items=say.number(estimates["variable"].nunique()))]
    for programme in programmes:
        rows = estimates[estimates["programme"] == programme]
        spoken = say.programme(programme)
        values = [
            say(
                "figure.alt_value",
                item=say.variable(row.variable),
                share=say.share(row.estimate),
                low=say.share(row.conf_low),
                high=say.share(row.conf_high),
            )
            for row in _top(rows, 3).itertuples()
        ]
        if values:
            parts.append(
                say("figure.alt_panel", programme=spoken, n=bases[programme], list=say.listing(values))
            )
        for note in (note for note in NOTES if note):
            named = [say.variable(v) for v in rows.loc[rows["note"] == note, "variable"]]
            if named:
                parts.append(
                    say("figure.alt_gap", programme=spoken, note=say(f"note.{note}"), list=say.listing(named))
                )
    return " ".join([*parts, f"{mark}." if mark else ""]).strip()


def _drawn(estimates: pd.DataFrame, order: list[str], say: Words) -> pd.DataFrame:
    """The numbers drawn, with their labels, in the order of the picture."""
    rows = estimates.set_index(estimates["variable"]).loc[order].reset_index(drop=True)
    labels = [say.sentence(say.variable(v)) for v in rows["variable"]]
    notes = [say(f"note.{note}") if note else "" for note in rows["note"]]
    wanted = ["estimate", "conf_low", "conf_high", "count", "n", "method", "data_status", "note"]
    front = rows[["programme", "variable", "category"]].assign(label=labels)
    return pd.concat([front, rows[wanted].round(6)], axis=1).assign(note_text=notes)
