"""Tables of barriers: the numbers behind their figures, and which are named together."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kij_analysis.figures.figure import Figure
from kij_analysis.tables.table import Table
from kij_analysis.words import Words, as_words

ALPHA = 0.001
"""Smaller p-values are only said to be smaller."""
TOLD = ("block", "label", "what", "told", "n", "note")


def told(figure: Figure, words: Words | str) -> Table:
    """The numbers that a figure of barriers tells, in its words and its order.

    Examples
    --------
    >>> from kij_analysis import barriers
    >>> from kij_analysis.figures import barrier_ranks
    >>> answers = pd.DataFrame({"programme": "fika", "gender": "woman", "data_status": "synthetic",
    ...     "barrier_language": [True] * 8 + [False] * 8, "barrier_network": [True] * 6 + [False] * 10})
    >>> told(barrier_ranks(barriers.ranking(answers), "en"), "en").rows[0][1:]
    ('Lack of language skills', 'Share naming it', '50%', '16', '')
    """
    say = as_words(words)
    rows = [
        (
            row["block"],
            row["label"],
            row["what"],
            row["told"],
            say.number(row["n"]) if pd.notna(row["n"]) and row["n"] else "–",
            row["note_text"],
        )
        for row in figure.data.to_dict("records")
        if row["told"] or row["note_text"]
    ]
    keep = [place for place, key in enumerate(TOLD) if key != "block" or any(row[0] for row in rows)]
    return Table(
        name=figure.name,
        language=say.language,
        title=figure.title,
        header=tuple(say(f"barriers.table.{TOLD[place]}") for place in keep),
        rows=tuple(tuple(row[place] for place in keep) for row in rows),
        numeric=tuple(TOLD[place] in ("told", "n") for place in keep),
        mark=figure.mark,
    )


def together(frame: pd.DataFrame, words: Words | str, *, name: str = "barriers_together") -> Table:
    """Pairs of barriers with their odds ratios, the strongest first; hidden pairs are counted, not listed.

    Parameters
    ----------
    frame
        Estimates of `kij_analysis.barriers.together`, after `kij_analysis.disclosure.suppress`.
    words
        The words, or the name of a language.
    name
        The name of the table's file.

    Examples
    --------
    >>> from kij_analysis import barriers
    >>> answers = pd.DataFrame({"programme": "fika", "gender": "woman", "data_status": "synthetic",
    ...     "barrier_language": [True] * 20 + [False] * 20,
    ...     "barrier_network": [True] * 15 + [False] * 5 + [True] * 6 + [False] * 14})
    >>> together(barriers.together(answers), "en").rows[0][3:]
    ('15 of 40', '6.6 (1.5 to 35.8)', '0.010')
    """
    say = as_words(words)
    shown = frame[frame["estimate"].notna() & frame["count"].notna()]
    places = {programme: place for place, programme in enumerate(dict.fromkeys(frame["programme"]))}
    ordered = shown.assign(place=shown["programme"].map(places)).sort_values(
        ["place", "estimate"], ascending=[True, False], kind="stable"
    )
    hidden = int((frame["note"].isin(["hidden_small_count", "few_events"])).sum())
    few = say("barriers.together.few", count=say.number(hidden)) if hidden else ""
    return Table(
        name=name,
        language=say.language,
        title=say("barriers.together.title"),
        header=tuple(
            say(f"barriers.together.head.{key}")
            for key in ("programme", "first", "second", "both", "odds", "p")
        ),
        rows=tuple(_row(row, say) for row in ordered.to_dict("records")),
        numeric=(False, False, False, True, True, True),
        mark=say.mark(frame["data_status"]),
        note=f"{say('barriers.together.note')} {few}".strip(),
    )


def _row(row: dict[str, Any], say: Words) -> tuple[str, ...]:
    odds = {
        key: say.number(row[name], digits=1)
        for key, name in (("number", "estimate"), ("low", "conf_low"), ("high", "conf_high"))
    }
    p = row["p_adjusted"]
    small = f"< {say.number(ALPHA, digits=3)}"
    return (
        say.programme(row["programme"]),
        say.sentence(say.variable(row["first"])),
        say.sentence(say.variable(row["variable"])),
        say("barriers.together.count", count=say.number(row["count"]), total=say.number(row["n"])),
        say("barriers.with_interval", **odds),
        small if p < ALPHA else say.number(p, digits=3),
    )
