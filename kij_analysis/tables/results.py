"""Results in their own units: changes in points, correlations, shares, each as its row says."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kij_analysis.claims import spoken_amount
from kij_analysis.tables.table import Table
from kij_analysis.words import Words, as_words


def results(frame: pd.DataFrame, words: Words | str, *, title: str = "", name: str = "results") -> Table:
    """Results of any measure with interval, base and level; what is missing says why.

    Parameters
    ----------
    frame
        Estimates that say their level, as they are or as a figure has drawn them: then `detail` says what a
        row is about beside its programme and variable.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> from kij_analysis.claims import declare
    >>> row = {"programme": "fika", "variable": "confidence_score", "measure": "change", "unit": "points",
    ...        "estimate": 9.1, "conf_low": 1.7, "conf_high": 16.5, "n": 33, "method": "student_paired",
    ...        "data_status": "synthetic"}
    >>> found = declare(e.make([row]), design="before_after", estimand="mean_change")
    >>> results(found, "en").rows[0][2:6]
    ('+9.1 points', '1.7 to 16.5', '33', '2')
    """
    say = as_words(words)
    keys = ("programme", "variable", "value", "interval", "n", "level", "note")
    return Table(
        name=name,
        language=say.language,
        title=title or say("table.results.title"),
        header=tuple(say(f"table.results.{key}") for key in keys),
        rows=tuple(_row(entry, say) for entry in frame.to_dict("records")),
        numeric=(False, False, True, True, True, True, False),
        mark=say.mark(frame["data_status"]),
    )


def _row(entry: dict[str, Any], say: Words) -> tuple[str, ...]:
    label = say.sentence(say.variable(entry["variable"]))
    if entry.get("detail"):
        label = f"{label}: {entry['detail']}"
    value, low, high = (entry[name] for name in ("estimate", "conf_low", "conf_high"))
    signed = entry["measure"] in ("change", "difference", "risk_difference")
    shown, known = not pd.isna(value), not pd.isna(low)
    ends = [spoken_amount(entry, end, say, bare=True) for end in (low, high)] if known else []
    return (
        say.programme(entry["programme"]),
        label,
        spoken_amount(entry, value, say, signed=signed) if shown else "–",
        say("table.interval", low=ends[0], high=ends[1]) if ends else "–",
        say.number(entry["n"]) if not pd.isna(entry["n"]) and entry["n"] else "–",
        "–" if pd.isna(entry["maryland"]) else say.number(entry["maryland"]),
        say(f"note.{entry['note']}") if entry["note"] else "",
    )
