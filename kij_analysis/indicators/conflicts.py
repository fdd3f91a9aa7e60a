"""Records that print another number for the same thing, found by rule and never averaged."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pandas as pd

SAME = ("programme", "indicator", "unit", "year_from", "year_to")
MAY_DIFFER = ("outcome_type", "denominator", "timing", "timing_months", "cut_off", "role", "population")

MANY = ("cost", "plan")
"""Kinds of number of which there may be several in one year."""


def conflicts(record: pd.DataFrame) -> pd.DataFrame:
    """Every two records of one programme, indicator and year that do not print the same number.

    Parameters
    ----------
    record
        Rows of `kij_analysis.indicators.load`.

    Returns
    -------
    DataFrame
        One row per pair: `a`, `b` (ids), `kind` (``value``: other numbers; ``precision``: the same number
        in other words), `differs` (what else differs, which may explain it, joined by ``|``), `declared`
        (whether the record itself names the conflict) and `data_status`. Pairs that are told apart by the
        kind of number, by who answers or by their base, all printed, are two facts and no conflict, and so
        are two grants.

    Examples
    --------
    >>> from kij_analysis.indicators import load
    >>> from kij_analysis.template import template_folder
    >>> found = conflicts(load(template_folder() / "data" / "raw" / "published"))
    >>> found.loc[found["a"] == "kvinfo_employed_2021_may", ["b", "kind"]].values.tolist()
    [['kvinfo_employed_2021_november', 'value']]
    """
    dated = record[record["year_from"].notna()]
    rows = []
    for _, part in dated.groupby(list(SAME), sort=False):
        for a, b in combinations(part.to_dict("records"), 2):
            kind = _kind(a, b)
            if kind and not _two_facts(a, b):
                differs = [name for name in MAY_DIFFER if _text(a[name]) != _text(b[name])]
                declared = b["id"] in a["conflicts_with"].split("|")
                rows.append((a["id"], b["id"], kind, "|".join(differs), declared, a["data_status"]))
    return pd.DataFrame(rows, columns=["a", "b", "kind", "differs", "declared", "data_status"])


def _kind(a: dict[str, Any], b: dict[str, Any]) -> str:
    values = [(r["value"], r["value"] if pd.isna(r["value_high"]) else r["value_high"]) for r in (a, b)]
    if values[0] != values[1]:
        return "value"
    return "precision" if a["precision"] != b["precision"] else ""


def _two_facts(a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Whether what is printed tells the two apart: other kinds of number, persons, bases or times.

    Two grants of one year are two grants, unless the record says that they are one.
    """
    if a["outcome_type"] in MANY and b["id"] not in a["conflicts_with"].split("|"):
        return True
    unclear = {"unknown", "not_applicable", "evaluated_courses"}
    for name in ("outcome_type", "denominator", "timing", "role", "population"):
        both = {_text(a[name]), _text(b[name])}
        if len(both) == 2 and not both & unclear:
            return True
    return False


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)
