"""How fragile a comparison is, as a table of sentences."""

from __future__ import annotations

import pandas as pd

from kij_analysis.effects import explained_away
from kij_analysis.tables.table import Table
from kij_analysis.words import Words, as_words


def fragile(
    frame: pd.DataFrame, words: Words | str, *, lost: pd.DataFrame | None = None, name: str = "fragile"
) -> Table:
    """What would have to be so for a comparison to be wrong, in plain words.

    Parameters
    ----------
    frame
        What `kij_analysis.effects.fragility` returns, for one group.
    words
        The words, or the name of a language.
    lost
        What `kij_analysis.effects.dropout_bounds` returns for the same group, to stand below.
    name
        The name of the table's file.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> row = {"programme": "kvinfo", "variable": "employed", "measure": "robustness_value", "estimate": 0.2,
    ...        "n": 100, "method": "partial_r2", "data_status": "observed"}
    >>> fragile(e.make([row]).assign(what="robustness_value", limit=0.1), "en").rows[0][0]
    'Robustness value'
    """
    say = as_words(words)
    told = explained_away(frame if lost is None else pd.concat([frame, lost]), say)
    return Table(
        name=name,
        language=say.language,
        title=say("effects.fragile.title"),
        header=(say("effects.fragile.way"), say("effects.fragile.sentence")),
        rows=tuple(
            (say(f"effects.fragile.{row['what']}"), row["sentence"]) for row in told.to_dict("records")
        ),
        numeric=(False, False),
        mark=say.mark(frame["data_status"]),
    )
