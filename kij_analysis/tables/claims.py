"""What results carry, and the sentences that may be printed about them."""

from __future__ import annotations

import pandas as pd

from kij_analysis.claims import claim, explained
from kij_analysis.tables.table import Table
from kij_analysis.words import Words, as_words


def carried(estimates: pd.DataFrame, words: Words | str, *, name: str = "carried") -> Table:
    """What each kind of result rests on: design, level, assumptions, and what would raise the level.

    Parameters
    ----------
    estimates
        Estimates that have been through `kij_analysis.claims.declare`.

    Examples
    --------
    >>> from kij_analysis.claims import declare
    >>> frame = pd.DataFrame({"estimate": [1.0], "data_status": "synthetic"})
    >>> carried(declare(frame, design="before_after", estimand="mean_change"), "en").rows[0][:3]
    ('mean change in the same persons', 'the same persons before and after, no comparison group', '2')
    """
    say = as_words(words)
    rows = [
        (row["estimand"], row["design"], say.number(row["maryland"]), row["assumptions"], row["would_raise"])
        for row in explained(estimates, say).to_dict("records")
    ]
    header = ("estimand", "design", "level", "assumptions", "would_raise")
    return Table(
        name=name,
        language=say.language,
        title=say("table.carried.title"),
        header=tuple(say(f"table.carried.{part}") for part in header),
        rows=tuple(rows),
        numeric=(False, False, True, False, False),
        note=say("table.carried.note"),
        mark=say.mark(estimates["data_status"]),
    )


def sentences(estimates: pd.DataFrame, words: Words | str, *, name: str = "sentences") -> Table:
    """The sentence that may be printed about each estimate, as strong as its level bears.

    Parameters
    ----------
    estimates
        Estimates that have been through `kij_analysis.claims.declare` and
        `kij_analysis.disclosure.suppress`.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> from kij_analysis.claims import declare
    >>> row = {"programme": "fika", "variable": "confidence_score", "measure": "change", "note": "no_pairs",
    ...        "method": "none", "data_status": "observed"}
    >>> found = declare(e.make([row]), design="before_after", estimand="mean_change")
    >>> sentences(found, "en").rows[0][2]
    'FIKA, own rating of self-confidence (score 0–100): no number. Nobody answered at both times.'
    """
    say = as_words(words)
    mark = say.mark(estimates["data_status"])
    rows = []
    for place in range(len(estimates)):
        one = estimates.iloc[[place]]
        told = claim(one, say)
        told = told.removesuffix(f" {mark}.") if mark else told
        row = one.iloc[0]
        rows.append((say.programme(row["programme"]), say.variable(row["variable"]), told))
    return Table(
        name=name,
        language=say.language,
        title=say("table.sentences.title"),
        header=(
            say("table.estimates.programme"),
            say("table.estimates.variable"),
            say("table.sentences.sentence"),
        ),
        rows=tuple(rows),
        numeric=(False, False, False),
        mark=mark,
    )
