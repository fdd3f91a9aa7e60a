"""The sensitivity table: each share above a threshold beside what it would be one step lower or higher."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kij_analysis.tables.table import Table
from kij_analysis.words import Words, as_words

CUTS = (-1, 0, 1)
"""One step lower, as declared, one step higher: the order of the columns."""


def sensitivity(frame: pd.DataFrame, words: Words | str, *, name: str = "sensitivity") -> Table:
    """Shares above the threshold of each scale, with the threshold moved by one step, in words.

    Parameters
    ----------
    frame
        Estimates of `kij_analysis.survey.sensitivity`, after `kij_analysis.disclosure.suppress_cuts`: one row
        of the table for each variable and questionnaire, in the order of the variables.
    words
        The words, or the name of a language.
    name
        The name of the table's file.

    Examples
    --------
    >>> from kij_analysis import survey
    >>> row = {"programme": "fika", "instrument": "end", "column": "network_high", "n": 50, "steps": 4,
    ...        "data_status": "synthetic"}
    >>> cuts = [(0, 20, 3, "Agree"), (-1, 35, 2, "Disagree"), (1, 9, 4, "Agree fully")]
    >>> counts = [row | dict(zip(("moved", "count", "step", "label"), cut)) for cut in cuts]
    >>> sensitivity(survey.sensitivity(pd.DataFrame(counts)), "en").rows[0][2:]
    ('“Agree”, step 3 of 4', '70%', '40%', '18%', '50')
    """
    say = as_words(words)
    frame = frame.assign(round=frame.get("round", ""))
    places = {variable: place for place, variable in enumerate(dict.fromkeys(frame["variable"]))}
    ordered = frame.sort_values("variable", key=lambda names: names.map(places), kind="stable")
    scales: dict[tuple[object, ...], dict[int, dict[str, Any]]] = {}
    for row in ordered.to_dict("records"):
        key = (row["variable"], row["instrument"], row["round"])
        scales.setdefault(key, {})[row["moved"]] = row
    several = bool(frame.groupby("instrument")["round"].nunique().gt(1).any())
    rows = [_row(cuts, say, several=several) for cuts in scales.values()]
    return Table(
        name=name,
        language=say.language,
        title=say("table.sensitivity.title"),
        header=(
            say("table.estimates.variable"),
            say("table.estimates.programme"),
            say("table.sensitivity.cut"),
            say("table.sensitivity.lower"),
            say("table.sensitivity.declared"),
            say("table.sensitivity.higher"),
            say("table.estimates.n"),
        ),
        rows=tuple(rows),
        numeric=(False, False, False, True, True, True, True),
        mark=say.mark(frame["data_status"]),
        note=say("table.sensitivity.note"),
    )


def _row(cuts: dict[int, dict[str, Any]], say: Words, *, several: bool) -> tuple[str, ...]:
    """One scale of one questionnaire; with the round beside the programme where there are several."""
    declared = cuts[0]
    programme = say.programme(declared["programme"])
    return (
        say.sentence(say.variable(declared["variable"])),
        f"{programme}, {declared['round']}" if several and declared["round"] else programme,
        say(
            "table.sensitivity.step",
            label=declared["label"],
            step=say.number(declared["step"]),
            steps=say.number(declared["steps"]),
        ),
        *(_share(cuts.get(moved, {}), say) for moved in CUTS),
        say.number(declared["n"]) if pd.notna(declared["n"]) else "–",
    )


def _share(cut: dict[str, Any], say: Words) -> str:
    if cut and pd.notna(cut["estimate"]):
        return say.share(cut["estimate"])
    return say(f"short.{cut['note']}") if cut and cut["note"] != "not_applicable" else "–"
