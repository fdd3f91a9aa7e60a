"""Flows between labour statuses from one time to the next, those who gave no answer with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.figures.change_rows import data_of
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.flows import (
    NODE,
    SIDE,
    TALL,
    bands,
    nodes,
    side_labels,
    spoken_state,
    stack_of,
    ungrouped,
)
from kij_analysis.figures.sheet import MARGIN, WIDTH, Sheet, sheet
from kij_analysis.figures.style import MUTED, styled
from kij_analysis.words import Words, as_words

TITLE, FOOT = 0.3, 0.28
"""Inches: the height of the title of a panel, and of the times below all of them."""


def transitions(estimates: pd.DataFrame, words: Words | str, *, name: str = "transitions") -> Figure:
    """A band for each movement between statuses, as wide as the share of those who are followed.

    Movements of too few persons are hidden: a status from or to which they go keeps its height, and the place
    of their bands stays empty.

    Parameters
    ----------
    estimates
        Of one variable (`kij_analysis.effects.transitions`), after `kij_analysis.disclosure.suppress_flows`.

    Raises
    ------
    UsageError
        If there are no estimates, or none of everybody at each time.

    Examples
    --------
    >>> from kij_analysis import disclosure, effects
    >>> answers = pd.DataFrame({"programme": "fika", "person_id": [*range(40)] * 2, "gender": "woman",
    ...     "wave": ["entry"] * 40 + ["end"] * 40, "data_status": "synthetic",
    ...     "labour_status": pd.Categorical(
    ...     ["unemployed"] * 30 + ["employed"] * 10 + ["unemployed"] * 20 + ["employed"] * 12 + [None] * 8)})
    >>> found = effects.transitions(answers, wave=("entry", "end"))
    >>> transitions(disclosure.suppress_flows(found), "en").title
    'In work: FIKA 25% at entry, 30% at the end (no answer: 20%)'
    """
    say = as_words(words)
    standing = estimates[estimates["first"] == ""]
    if standing.empty:
        raise UsageError("There are no shares at each time to draw.", fix="Use effects.transitions.")
    programmes = list(dict.fromkeys(estimates["programme"]))
    waves = list(dict.fromkeys(standing["wave_1"]))
    title, mark = _title(standing, programmes, waves, say), say.mark(estimates["data_status"])
    texts = {
        "title": title,
        "subtitle": say("transitions.subtitle", first=say(f"wave.{waves[0]}")),
        "footer": say(
            "figure.footer",
            source=say("source.surveys"),
            base=say("transitions.base"),
            method=say("transitions.method"),
        ),
        "mark": mark,
    }
    with styled():
        paper = sheet(**texts, body=len(programmes) * (TITLE + TALL + 0.1) + FOOT)
        top = paper.top
        for programme in programmes:
            _panel(paper, top, estimates[estimates["programme"] == programme], waves, say)
            top -= TITLE + TALL + 0.1
        _times(paper, waves, say)
    return Figure(
        name=name,
        language=say.language,
        **texts,
        alt=_alt(estimates, programmes, mark, say),
        data=_data(estimates, say),
        canvas=paper.canvas,
    )


def _panel(paper: Sheet, top: float, own: pd.DataFrame, waves: Sequence[str], say: Words) -> None:
    standing = own[own["first"] == ""]
    n = standing["n"].max()
    spoken = say(
        "figure.panel",
        programme=say.programme(own["programme"].iloc[0]),
        n="–" if np.isnan(n) else say.number(n),
    )
    paper.text(MARGIN, top - TITLE + 0.08, spoken, fontsize=9.5, fontweight="bold", va="bottom")
    width = WIDTH - 2 * MARGIN - 2 * SIDE
    axes = paper.axes(MARGIN + SIDE, top - TITLE - TALL, width, TALL)
    axes.set(xlim=(0, width), ylim=(0, 1))
    axes.axis("off")
    axes.set_label(own["programme"].iloc[0])
    if standing["estimate"].isna().all():
        axes.text(
            0.1, 0.5, say(f"short.{standing['note'].iloc[0]}"), style="italic", color=MUTED, va="center"
        )
        return
    stacks = {wave: nodes(standing[standing["wave_1"] == wave]) for wave in waves}
    lefts = dict(zip(waves, np.linspace(0, width - NODE, len(waves)), strict=True))
    for one, other in pairwise(waves):
        flows = own[(own["wave_1"] == one) & (own["wave_2"] == other) & own["count"].notna()]
        bands(axes, flows, (stacks[one], stacks[other]), (lefts[one] + NODE, lefts[other]), n)
    order = ungrouped(own)
    for wave in waves:
        stack_of(axes, stacks[wave], lefts[wave], order, say)
    variable = str(own["variable"].iloc[0])
    for wave, side in ((waves[0], "left"), (waves[-1], "right")):
        side_labels(paper, top - TITLE - TALL, stacks[wave], side, variable, say)


def _times(paper: Sheet, waves: Sequence[str], say: Words) -> None:
    width = WIDTH - 2 * MARGIN - 2 * SIDE
    for x, wave in zip(np.linspace(0, width - NODE, len(waves)), waves, strict=True):
        text = say.sentence(say(f"wave.{wave}"))
        paper.text(MARGIN + SIDE + x + NODE / 2, paper.bottom + 0.08, text, fontsize=8.5, ha="center",
                   va="bottom", color=MUTED)  # fmt: skip


def _title(standing: pd.DataFrame, programmes: Sequence[str], waves: Sequence[str], say: Words) -> str:
    parts = []
    lead = "work" if (standing["second"] == "work").any() else str(standing["second"].iloc[0])
    for programme in programmes:
        own = standing[(standing["programme"] == programme) & (standing["second"].isin([lead, "lost"]))]
        by = own.set_index(["wave_1", "second"])["estimate"]
        one, other = (by.get((wave, lead), np.nan) for wave in (waves[0], waves[-1]))
        lost = by.get((waves[-1], "lost"), np.nan)
        if not np.isnan(one) and not np.isnan(other):
            parts.append(
                say("transitions.part", programme=say.programme(programme), one=say.share(one),
                    other=say.share(other), first=say(f"wave.{waves[0]}"), second=say(f"wave.{waves[-1]}"),
                    lost="–" if np.isnan(lost) else say.share(lost))
            )  # fmt: skip
    state = say.sentence(spoken_state(lead, str(standing["variable"].iloc[0]), say))
    if not parts:
        return say("transitions.none")
    return say("transitions.title", state=state, list="; ".join(parts))


def _alt(estimates: pd.DataFrame, programmes: Sequence[str], mark: str, say: Words) -> str:
    parts = [say("transitions.alt", items=say.number(len(programmes)))]
    for programme in programmes:
        own = estimates[estimates["programme"] == programme]
        for wave, rows in own[own["first"] == ""].groupby("wave_1", sort=False):
            shown = [_told(row, say) for row in rows.to_dict("records") if row["n"]]
            when = say(f"wave.{wave}")
            parts.append(
                say(
                    "transitions.alt_time",
                    programme=say.programme(programme),
                    when=when,
                    list=say.listing(shown or ["–"]),
                )
            )
    return " ".join([*parts, f"{mark}." if mark else ""]).strip()


def _told(row: Mapping[str, Any], say: Words) -> str:
    state = spoken_state(row["second"], str(row["variable"]), say)
    share = say(f"short.{row['note']}") if np.isnan(row["estimate"]) else say.share(row["estimate"])
    return f"{state} {share}"


def _data(estimates: pd.DataFrame, say: Words) -> pd.DataFrame:
    """The numbers drawn, statuses and times in words beside their codes."""
    variable = str(estimates["variable"].iloc[0])
    spoken = [_step(row, variable, say) for row in estimates.to_dict("records")]
    moved = estimates[["wave_1", "wave_2", "first", "second"]]
    return pd.concat(
        [data_of(estimates.assign(category=""), spoken, say, details=spoken), moved], axis=1
    ).loc[:, lambda frame: ~frame.columns.duplicated()]


def _step(row: Mapping[str, Any], variable: str, say: Words) -> str:
    """A movement, or a status at one time, in words."""
    second, when = spoken_state(row["second"], variable, say), say(f"wave.{row['wave_1']}")
    if not row["first"]:
        return say("transitions.at", state=second, when=when)
    first, then = spoken_state(row["first"], variable, say), say(f"wave.{row['wave_2']}")
    return say("transitions.step", first=first, when=when, second=second, then=then)
