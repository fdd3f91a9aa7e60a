"""The harmonisation status of every variable in every questionnaire."""

from __future__ import annotations

import pandas as pd

from kij_analysis.codebook.crosswalks import STATUSES
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.sheet import MARGIN, WIDTH, Sheet, sheet, text_width
from kij_analysis.figures.style import GRID, INK, MUTED, STYLE
from kij_analysis.figures.style import STATUSES as COLOURS
from kij_analysis.words import Words, as_words

SYMBOLS = {"complete": "●", "partial": "◐", "impossible": "○", "undetermined": "?", "not_applicable": "–"}
ROW = 0.215
"""The height of a row, in inches."""

USABLE = ("complete", "partial")


def status_matrix(statuses: pd.DataFrame, words: Words | str, *, name: str = "status_matrix") -> Figure:
    """A heat map of variables by questionnaires, each cell with the colour and sign of its status.

    Parameters
    ----------
    statuses
        One row per harmonised column and instrument, as `kij_analysis.statuses` returns it.
    words
        The words, or the name of a language.
    name
        The name of the figure's files.

    Examples
    --------
    >>> table = pd.DataFrame({"column": ["gender"], "variable": ["gender"], "instrument": ["a"],
    ...     "programme": ["fika"], "status": ["complete"], "detail": "", "because": "",
    ...     "data_status": ["synthetic"]})
    >>> status_matrix(table, "en").title
    '1 of 1 variables can be used in all questionnaires'
    """
    import matplotlib as mpl

    say = as_words(words)
    columns = list(dict.fromkeys(statuses["column"]))
    instruments = list(dict.fromkeys(statuses["instrument"]))
    wide = statuses.pivot(index="column", columns="instrument", values="status").loc[columns, instruments]
    usable = int(wide.isin(USABLE).all(axis=1).sum())
    total = say.number(len(columns))
    texts = {
        "title": say("figure.status.headline", count=say.number(usable), total=total),
        "subtitle": say("figure.status.subtitle"),
        "footer": say(
            "figure.footer",
            source=say("source.crosswalks"),
            base=say("figure.status.base", total=total),
            method=say("figure.status.method"),
        ),
        "mark": say.mark(statuses["data_status"]),
    }
    names = _names(statuses, instruments, say)
    with mpl.rc_context(STYLE):
        paper = sheet(**texts, body=ROW * len(columns) + 0.62)
        _draw(paper, wide, names, say)
    return Figure(
        name=name,
        language=say.language,
        **texts,
        alt=_alt(wide, names, say, texts["mark"]),
        data=_drawn(statuses, say),
        canvas=paper.canvas,
    )


def _names(statuses: pd.DataFrame, instruments: list[str], say: Words) -> list[str]:
    """The programme of each questionnaire, with the questionnaire's id where a programme has several."""
    programme = statuses.drop_duplicates("instrument").set_index("instrument")["programme"]
    shared = programme.duplicated(keep=False)
    return [
        f"{say.programme(programme[i])}\n{i}" if shared[i] else say.programme(programme[i])
        for i in instruments
    ]


def _draw(paper: Sheet, wide: pd.DataFrame, names: list[str], say: Words) -> None:
    import seaborn
    from matplotlib.colors import ListedColormap

    labels = [say.sentence(say.variable(column)) for column in wide.index]
    longest = max(text_width(label, 9) for label in labels)
    left = min(MARGIN + longest + 0.12, WIDTH * 0.68)
    height = ROW * len(wide)
    axes = paper.axes(left, paper.bottom + 0.32, WIDTH - MARGIN - left, height)
    codes = wide.map(STATUSES.index).astype(int)
    signs = wide.map(SYMBOLS.get).to_numpy()
    seaborn.heatmap(
        codes, ax=axes, cmap=ListedColormap([COLOURS[s] for s in STATUSES]), vmin=0, vmax=len(STATUSES) - 1,
        annot=signs, fmt="", annot_kws={"fontsize": 8.5}, cbar=False, linewidths=1.2, linecolor=GRID,
    )  # fmt: skip
    for text, status in zip(axes.texts, wide.to_numpy().ravel(), strict=True):
        text.set_color("white" if status == "complete" else INK)
    axes.set(xlabel="", ylabel="")
    axes.set_yticklabels(labels, rotation=0, fontsize=9)
    axes.set_xticklabels(names, fontsize=9, fontweight="bold", rotation=0)
    axes.tick_params(length=0, top=False, labeltop=True, labelbottom=False)
    _legend(paper, say, sorted(set(wide.to_numpy().ravel()), key=STATUSES.index))


def _legend(paper: Sheet, say: Words, present: list[str]) -> None:
    from matplotlib.patches import Rectangle

    x, y, box = MARGIN, paper.bottom + 0.04, 0.17
    for status in present:
        place = (x / paper.width, y / paper.height)
        size = (box / paper.width, box / paper.height)
        paper.canvas.add_artist(
            Rectangle(place, *size, facecolor=COLOURS[status], edgecolor=MUTED, linewidth=0.6,
                      transform=paper.canvas.transFigure)
        )  # fmt: skip
        colour = "white" if status == "complete" else INK
        paper.text(
            x + box / 2,
            y + box / 2 - 0.005,
            SYMBOLS[status],
            fontsize=8,
            color=colour,
            ha="center",
            va="center",
        )
        label = say(f"status.{status}")
        paper.text(x + box + 0.06, y + box / 2, label, fontsize=8.5, va="center")
        x += box + 0.06 + text_width(label, 8.5) + 0.22


def _alt(wide: pd.DataFrame, names: list[str], say: Words, mark: str) -> str:
    parts = [
        say("figure.status.alt", total=say.number(len(wide)), instruments=say.number(wide.shape[1])),
    ]
    for name, instrument in zip(names, wide.columns, strict=True):
        counts = wide[instrument].value_counts()
        listed = [
            say("figure.status.alt_count", status=say(f"status.{s}"), count=say.number(counts[s]))
            for s in STATUSES
            if s in counts
        ]
        spoken = name.replace("\n", " ")
        parts.append(say("figure.status.alt_column", programme=spoken, list=say.listing(listed)))
    return " ".join([*parts, f"{mark}." if mark else ""]).strip()


def _drawn(statuses: pd.DataFrame, say: Words) -> pd.DataFrame:
    return statuses.assign(
        label=[say.sentence(say.variable(column)) for column in statuses["column"]],
        status_text=[say(f"status.{status}") for status in statuses["status"]],
    )
