"""How alike two groups are, before and after they are made comparable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.sheet import LINE, MARGIN, WIDTH, Sheet, sheet, wrapped
from kij_analysis.figures.style import GRID, MUTED, NEUTRAL, looks, styled
from kij_analysis.words import Words, as_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NOTICEABLE = 0.1
"""From this many standard deviations on a difference is called noticeable (Stuart 2010)."""
LABELS, SIZE, FOOT = 3.0, 8.5, 0.3


def balance(estimates: pd.DataFrame, words: Words | str, *, after: str = "", name: str = "balance") -> Figure:
    """Standardised differences of every trait, hollow at first and full afterwards, the largest on top.

    Parameters
    ----------
    estimates
        What `kij_analysis.effects.balance` returns, for one group.
    words
        The words, or the name of a language.
    after
        Which of its methods is drawn; the first if not given.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If there are no estimates or several groups, or the method is not among them.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> row = {"programme": "kvinfo", "variable": "age", "measure": "standardised_difference", "n": 160}
    >>> rows = [row | {"estimate": d, "method": m, "data_status": "synthetic", "when": w}
    ...         for d, m, w in ((0.4, "difference_in_means", "before"), (0.01, "entropy_balancing", "after"))]
    >>> balance(e.make(rows).assign(n_treated=90, n_comparison=70), "en").title
    '0 of 1 traits still differ noticeably, 1 did at first'
    """
    say = as_words(words)
    table = _table(estimates, after, say)
    row = estimates.iloc[0]
    method = str(table["method"].iloc[0])
    counts = {when: say.number(int((table[when].abs() >= NOTICEABLE).sum())) for when in ("before", "after")}
    base = say(
        "effects.sides.base", treated=say.number(row["n_treated"]), others=say.number(row["n_comparison"])
    )
    texts = {
        "title": say("effects.balance.title", all=say.number(len(table)), **counts),
        "subtitle": say("effects.balance.subtitle"),
        "footer": say(
            "figure.footer", source=say("source.surveys"), base=base, method=say(f"method.{method}")
        ).strip(),
        "mark": say.mark(estimates["data_status"]),
    }
    with styled():
        labels = [wrapped(label, LABELS, SIZE) for label in table["label"]]
        tall = [max(0.26, len(lines) * SIZE * LINE / 72 + 0.08) for lines in labels]
        paper = sheet(**texts, body=sum(tall) + FOOT + 0.05)
        colour = looks([row["programme"]], order=list(say.codebook.programmes))
        _draw(paper, table, labels, tall, next(iter(colour.values()))[0], say)
    items = [
        say(
            "effects.balance.item",
            label=one["label"],
            before=_spoken(one["before"], say),
            after=_spoken(one["after"], say),
        )
        for one in table.to_dict("records")
    ]
    alt = say("effects.balance.alt", list="; ".join(items))
    return Figure(
        name=name,
        language=say.language,
        **texts,
        alt=f"{alt} {texts['mark'] + '.' if texts['mark'] else ''}".strip(),
        data=table.assign(programme=row["programme"], data_status=row["data_status"]),
        canvas=paper.canvas,
    )


def _spoken(value: float, say: Words) -> str:
    return "–" if np.isnan(value) else say.number(value, digits=2)


def _table(estimates: pd.DataFrame, after: str, say: Words) -> pd.DataFrame:
    """One row for each trait, with both differences and its label, the largest first."""
    if estimates.empty or estimates[["programme", "group"]].drop_duplicates().shape[0] > 1:
        raise UsageError("The frame holds no group or several.", fix="Draw one group of effects.balance(…).")
    later = estimates[estimates["when"] == "after"]
    methods = [method for method in dict.fromkeys(later["method"]) if method != "none"]
    chosen = after or (methods[0] if methods else "")
    if chosen not in methods:
        raise UsageError(
            f"The frame says nothing of the balance after '{chosen}'.",
            fix="Name it in effects.balance(…, after=[…]), or look at its note.",
        )
    keys = ["variable", "category"]
    first = estimates[estimates["when"] == "before"].set_index(keys)["estimate"]
    second = later[later["method"] == chosen].set_index(keys)["estimate"]
    table = pd.DataFrame(
        {"before": first, "after": second.reindex(first.index), "method": chosen}
    ).reset_index()
    table["label"] = [
        _label(str(v), str(c), say) for v, c in zip(table["variable"], table["category"], strict=True)
    ]
    size = table["before"].abs().fillna(-1)
    return table.loc[size.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def _label(variable: str, category: str, say: Words) -> str:
    label = say.sentence(say.variable(variable))
    if category in ("", "yes"):
        return label
    return say("effects.balance.row", label=label, category=say.category(variable, category))


def _draw(
    paper: Sheet, table: pd.DataFrame, labels: list[list[str]], tall: list[float], colour: str, say: Words
) -> None:
    left, foot, body = MARGIN + LABELS + 0.15, paper.bottom + FOOT - 0.08, sum(tall)
    axes = paper.axes(left, foot, WIDTH - 2 * MARGIN - LABELS - 0.25, body)
    _axis(axes, table, body, say)
    y = body
    for one, lines, high in zip(table.to_dict("records"), labels, tall, strict=True):
        middle, y = y - high / 2, y - high
        paper.text(
            MARGIN + LABELS, foot + middle, "\n".join(lines), ha="right", va="center", fontsize=SIZE,
            linespacing=LINE - 0.15,
        )  # fmt: skip
        before, after = float(one["before"]), float(one["after"])
        if np.isfinite(before) and np.isfinite(after):
            axes.hlines(middle, min(before, after), max(before, after), color=GRID, linewidth=1.4, zorder=1)
        axes.plot(before, middle, marker="o", markersize=6, color=NEUTRAL, markerfacecolor="white", zorder=2)
        axes.plot(after, middle, marker="o", markersize=6, color=colour, zorder=3)


def _axis(axes: Axes, table: pd.DataFrame, body: float, say: Words) -> None:
    reach = float(np.nanmax(np.abs(table[["before", "after"]].to_numpy(float)), initial=2 * NOTICEABLE)) * 1.1
    step = next(one for one in (0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0) if 2 * reach / one <= 8)
    ticks = np.arange(-np.floor(reach / step) * step, reach, step)
    axes.set(xlim=(-reach, reach), ylim=(0, body), yticks=[], xticks=ticks)
    digits = 2 if step == 0.25 else 1
    axes.set_xticklabels(
        [say.number(float(tick) + 0.0, digits=digits) for tick in np.round(ticks, 6)], fontsize=8
    )
    axes.tick_params(length=0)
    axes.vlines(ticks, 0, body, color=GRID, linewidth=0.6, zorder=0)
    axes.axvline(0, color=MUTED, linewidth=0.8, zorder=0)
    for limit in (-NOTICEABLE, NOTICEABLE):
        axes.axvline(limit, color=MUTED, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
