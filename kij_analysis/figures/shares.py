"""What figures of shares have in common: bases, values and gaps in words, the numbers drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.estimates import NOTES
from kij_analysis.words import Words


def placing(estimates: pd.DataFrame, rows: pd.Series, say: Words) -> pd.DataFrame:
    """The estimates with the row that each is drawn in, and what stands beside its dot."""
    shown = ["" if np.isnan(share) else say.share(share) for share in estimates["estimate"]]
    return estimates.assign(row=rows, shown=shown)


def level_of(estimates: pd.DataFrame) -> float:
    """The confidence level of the intervals."""
    return float(estimates["level"].iloc[0]) if "level" in estimates.columns else 0.95


def spoken_base(rows: pd.DataFrame, say: Words) -> str:
    """The number of persons behind a panel: one number, or from–to where the rows differ."""
    bases = sorted(set(rows.loc[rows["n"] > 0, "n"].dropna()))
    if not bases:
        return ""
    ends = [say.number(base) for base in dict.fromkeys((bases[0], bases[-1]))]
    return "–".join(ends)


def spoken_value(row: Mapping[str, Any], item: str, say: Words) -> str:
    """A share with its label, and with its interval if it has one."""
    share = say.share(row["estimate"])
    if np.isnan(row["conf_low"]):
        return f"{item} {share}"
    low, high = say.share(row["conf_low"]), say.share(row["conf_high"])
    return say("figure.alt_value", item=item, share=share, low=low, high=high)


def told_gaps(rows: pd.DataFrame, labels: Sequence[str], say: Words) -> list[str]:
    """What one programme does not show, by reason."""
    told = []
    for note in (note for note in NOTES if note):
        named = [label for label, own in zip(labels, rows["note"], strict=True) if own == note]
        if named:
            spoken = say.programme(rows["programme"].iloc[0])
            told.append(
                say("figure.alt_gap", programme=spoken, note=say(f"note.{note}"), list=say.listing(named))
            )
    return told


def drawn(rows: pd.DataFrame, labels: Sequence[str], say: Words) -> pd.DataFrame:
    """The numbers drawn, with their labels, in the order of the picture."""
    notes = [say(f"note.{note}") if note else "" for note in rows["note"]]
    front = rows[["programme", "variable", "category"]].assign(label=list(labels))
    shares = rows[["estimate", "conf_low", "conf_high"]].round(6)
    persons = rows[["count", "n"]].astype("Int64")
    rest = rows[["method", "data_status", "note"]].assign(note_text=notes)
    return pd.concat([front, shares, persons, rest], axis=1)
