"""Tables about who takes part: how far groups are apart, and what tables of this size can show."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from kij_analysis.errors import UsageError, listed
from kij_analysis.tables.table import Table
from kij_analysis.words import Words, as_words

KINDS = ("share", "difference", "change")
"""What a row may be about; means have units of their own."""


def precision(
    frame: pd.DataFrame, words: Words | str, *, correlation: float = 0.5, name: str = "precision"
) -> Table:
    """What could be seen in groups of these sizes: a row for each group or pair, a column for each share.

    Parameters
    ----------
    frame
        Estimates of `kij_analysis.survey.precision` about shares, differences of shares and changes; several
        may be put together. After `kij_analysis.disclosure.suppress`.
    words
        The words, or the name of a language.
    correlation
        What was planned for changes.
    name
        The name of the table's file.

    Raises
    ------
    UsageError
        If there is nothing to print, or if a row is about means.

    Examples
    --------
    >>> from kij_analysis import survey
    >>> precision(survey.precision({"fika": 40, "sajo": 40}, share=(0.1, 0.5)), "en").rows[2][1:]
    ('FIKA and SAJO', '80', '26', '30')
    """
    say = as_words(words)
    strange = sorted(set(frame["category"]) - set(KINDS))
    if frame.empty or strange:
        raise UsageError(
            f"This table does not print {listed(strange) or 'nothing'}.", fix=f"It prints {listed(KINDS)}."
        )
    shares = sorted(frame["planned"].unique())
    finite = frame["method"] == "wilson_finite"
    keyed = frame.assign(kind=frame["category"].mask(finite, "finite"))
    keys = ["kind", "programme", "group", "variable"]
    rows = [_row(part, shares, say) for _, part in keyed.groupby(keys, sort=False)]
    level, power = (say.share(float(frame[name].dropna().iloc[0])) if frame[name].notna().any() else ""
                    for name in ("level", "power"))  # fmt: skip
    return Table(
        name=name,
        language=say.language,
        title=say("table.precision.title"),
        header=(
            say("table.precision.what"),
            say("table.precision.who"),
            say("table.estimates.n"),
            *(say("table.precision.planned", share=say.share(share)) for share in shares),
        ),
        rows=tuple((_what(kind, level, say), *rest) for kind, *rest in rows),
        numeric=(False, False, True, *(True for _ in shares)),
        mark=say.mark(frame["data_status"]),
        note=say("table.precision.note", power=power, correlation=say.number(correlation, digits=1)),
    )


def _what(kind: str, level: str, say: Words) -> str:
    return say(f"table.precision.{kind}", level=level)


def _row(part: pd.DataFrame, shares: list[float], say: Words) -> tuple[str, ...]:
    """One group, or pair: what, who, how many, and a number for each planned share."""
    first = part.iloc[0].to_dict()
    planned = part.set_index("planned")
    cells = [_cell(planned.loc[share].to_dict(), say) if share in planned.index else "–" for share in shares]
    n = say.number(first["n"]) if pd.notna(first["n"]) else "–"
    return (first["kind"], _who(first, say), n, *cells)


def _who(row: dict[str, Any], say: Words) -> str:
    if row["programme"] == "all" and row["first"]:
        both = {name: say.programme(row[name]) for name in ("first", "second")}
        who = say("figure.standardised.pair", **both)
    else:
        who = say.programme(row["programme"])
    wave = row.get("wave")
    if isinstance(wave, str) and wave:
        return say("table.precision.place", programme=who, wave=say(f"wave.{wave}"))
    return who


def _cell(row: dict[str, Any], say: Words) -> str:
    if pd.isna(row["estimate"]):
        return say("table.precision.none") if row["note"] == "too_few" else say(f"short.{row['note']}")
    if row["measure"] == "half_width":
        return say("table.precision.half", points=say.number(100 * row["estimate"]))
    # Upwards, because a difference rounded down would show less often than is said.
    return say.number(math.ceil(100 * row["estimate"] - 1e-6))


def standardised(
    frame: pd.DataFrame, words: Words | str, *, title: str = "", name: str = "standardised", mark: bool = True
) -> Table:
    """How far the groups of each comparison are apart, with intervals and what chance alone would give.

    Parameters
    ----------
    frame
        The data of `kij_analysis.figures.standardised`.
    words
        The words, or the name of a language.
    title
        The title; one of the catalogue if empty.
    name
        The name of the table's file.
    mark
        Whether the mark of synthetic data stands in the caption.

    Examples
    --------
    >>> row = {"who": "FIKA and SAJO", "label": "Age", "estimate": -0.8, "conf_low": -2.2, "conf_high": 0.7,
    ...        "by_chance": 1.4, "n": 8, "note": "", "note_text": "", "data_status": "observed"}
    >>> standardised(pd.DataFrame([row]), "en").rows
    (('FIKA and SAJO', 'Age', '−0.80', '−2.20 to 0.70', '1.40', '8', ''),)
    """
    say = as_words(words)
    header = (
        say("table.standardised.who"),
        say("table.estimates.variable"),
        say("table.standardised.difference"),
        say("table.estimates.interval"),
        say("table.standardised.chance"),
        say("table.estimates.n"),
        say("table.estimates.note"),
    )
    return Table(
        name=name,
        language=say.language,
        title=title or say("table.standardised.title"),
        header=header,
        rows=tuple(_apart(row, say) for row in frame.to_dict("records")),
        numeric=(False, False, True, True, True, True, False),
        mark=say.mark(frame["data_status"]) if mark else "",
    )


def _apart(row: dict[str, Any], say: Words) -> tuple[str, ...]:
    def number(value: float) -> str:
        return say.number(value, digits=2) if pd.notna(value) else "–"

    low, high = number(row["conf_low"]), number(row["conf_high"])
    interval = say("table.interval", low=low, high=high) if pd.notna(row["conf_low"]) else "–"
    n = say.number(row["n"]) if pd.notna(row["n"]) and row["n"] else "–"
    return (
        row["who"], row["label"], number(row["estimate"]), interval, number(row["by_chance"]), n,
        row["note_text"],
    )  # fmt: skip
