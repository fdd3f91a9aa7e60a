"""The table behind a figure whose rows carry their own words for label, number and interval."""

from __future__ import annotations

import pandas as pd

from kij_analysis.tables.table import Table
from kij_analysis.words import Words, as_words


def as_drawn(frame: pd.DataFrame, words: Words | str, *, title: str, name: str) -> Table:
    """One row for each row of a figure, in its words.

    Parameters
    ----------
    frame
        The data of a figure with the texts `label`, `number` and `interval` beside `programme`, `n`, `note`.

    Examples
    --------
    >>> row = {"programme": "fika", "label": "Mean", "number": "13", "interval": "2 to 24", "n": 40.0,
    ...        "note": "", "data_status": "synthetic"}
    >>> as_drawn(pd.DataFrame([row]), "en", title="Together 13", name="forest").rows
    (('FIKA', 'Mean', '13', '2 to 24', '40', ''),)
    """
    say = as_words(words)
    head = [say(f"table.estimates.{key}") for key in ("programme", "variable", "interval", "n", "note")]
    rows = tuple(
        (
            say.programme(row["programme"]),
            say.sentence(row["label"]),
            row["number"],
            row["interval"],
            say.number(row["n"]) if pd.notna(row["n"]) and row["n"] else "–",
            say(f"note.{row['note']}") if row["note"] else "",
        )
        for row in frame.to_dict("records")
    )
    return Table(
        name=name,
        language=say.language,
        title=title,
        header=(*head[:2], say("programmes.outputs.table.number"), *head[2:]),
        rows=rows,
        numeric=(False, False, True, True, True, False),
        mark=say.mark(frame["data_status"]),
    )
