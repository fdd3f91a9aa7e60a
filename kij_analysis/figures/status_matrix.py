"""The harmonisation status of every variable in every questionnaire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kij_analysis.codebook.crosswalks import STATUSES
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.sheet import LINE, MARGIN, WIDTH, Sheet, sheet, text_width, wrapped
from kij_analysis.figures.style import GRID, INK, MUTED, styled
from kij_analysis.figures.style import STATUSES as COLOURS
from kij_analysis.words import Words, as_words

SYMBOLS = {"complete": "●", "partial": "◐", "impossible": "○", "undetermined": "?", "not_applicable": "–"}
ROW, BOX, SIGN = 0.215, 0.17, 0.23
"""In inches: the height of a row, the side of a box of the legend, and the box with its gap."""

LABELS, COLUMN = 4.4, 0.55
"""The most that the row labels may take, and the least that a questionnaire gets, in inches."""

USABLE = ("complete", "partial")


def status_matrix(statuses: pd.DataFrame, words: Words | str, *, name: str = "status_matrix") -> Figure:
    """A heat map of variables by questionnaires, each cell with the colour and sign of its status.

    Variables that no questionnaire asks about are counted in the footer and not drawn.

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
    say = as_words(words)
    everything = statuses["column"].nunique()
    statuses = _at_hand(statuses)
    columns = list(dict.fromkeys(statuses["column"]))
    rest = everything - len(columns)
    instruments = list(dict.fromkeys(statuses["instrument"]))
    wide = statuses.pivot(index="column", columns="instrument", values="status").loc[columns, instruments]
    wide = wide.fillna("undetermined")  # a questionnaire without a rule for the variable: nobody has decided
    usable = int(wide.isin(USABLE).all(axis=1).sum())
    total = say.number(len(columns))
    texts = {
        "title": say("figure.status.headline", count=say.number(usable), total=total),
        "subtitle": say("figure.status.subtitle"),
        "footer": say(
            "figure.footer",
            source=say("source.crosswalks"),
            base=_base(total, rest, say),
            method=say("figure.status.method"),
        ),
        "mark": say.mark(statuses["data_status"]),
    }
    names = questionnaires(statuses, say)
    with styled():
        planned = _plan(wide, names, say)
        paper = sheet(**texts, body=planned.head + planned.row * len(wide) + 0.06 + ROW * len(planned.legend))
        _draw(paper, wide, planned)
        _legend(paper, planned.legend)
    return Figure(
        name=name,
        language=say.language,
        **texts,
        alt=_alt(wide, names, say, texts["mark"]),
        data=_drawn(statuses, say),
        canvas=paper.canvas,
    )


def _at_hand(statuses: pd.DataFrame) -> pd.DataFrame:
    """The variables that at least one questionnaire gives or may give; all, where there is none."""
    some = statuses.loc[statuses["status"].isin((*USABLE, "undetermined")), "column"]
    return statuses[statuses["column"].isin(some)] if len(some) else statuses


def _base(total: str, rest: int, say: Words) -> str:
    base = say("figure.status.base", total=total)
    return f"{base} {say('figure.status.rest', count=say.number(rest))}" if rest else base


def questionnaires(statuses: pd.DataFrame, words: Words) -> list[str]:
    """The programme of each questionnaire, with the questionnaire's id where a programme has several."""
    programme = statuses.drop_duplicates("instrument").set_index("instrument")["programme"]
    shared = programme.duplicated(keep=False)
    return [
        f"{words.programme(code)} {instrument}" if shared[instrument] else words.programme(code)
        for instrument, code in programme.items()
    ]


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """Texts in lines and their measures: rows equally high, names upright where they have room."""

    labels: Sequence[str]
    row: float
    left: float
    names: Sequence[str]
    turned: bool
    head: float
    legend: Sequence[Sequence[tuple[str, str]]]


def _plan(wide: pd.DataFrame, names: Sequence[str], say: Words) -> _Plan:
    most = max(LABELS / 2, min(LABELS, WIDTH - 2 * MARGIN - 0.12 - COLUMN * wide.shape[1]))
    labels = [wrapped(say.sentence(say.variable(column)), most, 9) for column in wide.index]
    longest = max(text_width(line, 9) for lines in labels for line in lines)
    left = MARGIN + longest + 0.12
    column = (WIDTH - MARGIN - left) / wide.shape[1] - 0.1
    broken = [[part for word in name.split() for part in wrapped(word, column, 9, "bold")] for name in names]
    turned = any(len(lines) > len(name.split()) for lines, name in zip(broken, names, strict=True))
    upright = max(map(len, broken)) * 9 * LINE / 72
    present = sorted({status for row in wide.to_numpy() for status in row}, key=STATUSES.index)
    return _Plan(
        labels=["\n".join(lines) for lines in labels],
        row=max(ROW, max(map(len, labels)) * 9 * LINE / 72 + 0.04),
        left=left,
        names=[name if turned else "\n".join(lines) for name, lines in zip(names, broken, strict=True)],
        turned=turned,
        head=0.14 + (max(text_width(name, 9, "bold") for name in names) if turned else upright),
        legend=_lines([(status, say(f"status.{status}")) for status in present]),
    )


def _lines(entries: Sequence[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """The entries of the legend in lines that fit the sheet."""
    lines: list[list[tuple[str, str]]] = [[]]
    x = MARGIN
    for status, label in entries:
        reach = SIGN + text_width(label, 8.5) + 0.22
        if lines[-1] and x + reach > WIDTH - MARGIN + 0.22:
            lines.append([])
            x = MARGIN
        lines[-1].append((status, label))
        x += reach
    return lines


def _draw(paper: Sheet, wide: pd.DataFrame, planned: _Plan) -> None:
    from matplotlib.colors import ListedColormap

    height = planned.row * len(wide)
    bottom = paper.top - planned.head - height
    axes = paper.axes(planned.left, bottom, WIDTH - MARGIN - planned.left, height)
    codes = wide.map(STATUSES.index).astype(int)
    # As seaborn.heatmap draws it, which draws the whole sheet once more to turn labels that are set below.
    axes.pcolormesh(
        codes, cmap=ListedColormap([COLOURS[s] for s in STATUSES]), vmin=0, vmax=len(STATUSES) - 1,
        linewidths=1.2, edgecolor=GRID,
    )  # fmt: skip
    axes.spines[:].set_visible(False)
    axes.set(xlim=(0, wide.shape[1]), ylim=(len(wide), 0))
    for (y, x), status in np.ndenumerate(wide.to_numpy(dtype=object)):
        axes.text(
            x + 0.5, y + 0.5, SYMBOLS[status], color="white" if status == "complete" else INK,
            ha="center", va="center", fontsize=8.5,
        )  # fmt: skip
    axes.set_yticks(np.arange(len(wide)) + 0.5, planned.labels, va="center", fontsize=9)
    angle = 90 if planned.turned else 0
    axes.set_xticks(
        np.arange(wide.shape[1]) + 0.5,
        planned.names,
        fontsize=9,
        fontweight="bold",
        rotation=angle,
        color=INK,
    )
    axes.tick_params(length=0, top=False, labeltop=True, labelbottom=False)


def _legend(paper: Sheet, lines: Sequence[Sequence[tuple[str, str]]]) -> None:
    from matplotlib.patches import Rectangle

    for number, line in enumerate(reversed(lines)):
        x, y = MARGIN, paper.bottom + number * ROW
        for status, label in line:
            place, size = (x / paper.width, y / paper.height), (BOX / paper.width, BOX / paper.height)
            paper.canvas.add_artist(
                Rectangle(place, *size, facecolor=COLOURS[status], edgecolor=MUTED, linewidth=0.6,
                          transform=paper.canvas.transFigure)
            )  # fmt: skip
            colour = "white" if status == "complete" else INK
            middle = y + BOX / 2
            paper.text(
                x + BOX / 2,
                middle - 0.005,
                SYMBOLS[status],
                fontsize=8,
                color=colour,
                ha="center",
                va="center",
            )
            paper.text(x + SIGN, middle, label, fontsize=8.5, va="center")
            x += SIGN + text_width(label, 8.5) + 0.22


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
        parts.append(say("figure.status.alt_column", programme=name, list=say.listing(listed)))
    return " ".join([*parts, f"{mark}." if mark else ""]).strip()


def _drawn(statuses: pd.DataFrame, say: Words) -> pd.DataFrame:
    return statuses.assign(
        label=[say.sentence(say.variable(column)) for column in statuses["column"]],
        status_text=[say(f"status.{status}") for status in statuses["status"]],
    )
