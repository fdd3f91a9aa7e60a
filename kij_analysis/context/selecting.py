"""Figures of official statistics as estimates, chosen by what they are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import estimates
from kij_analysis.context.record import load
from kij_analysis.context.series import series_of
from kij_analysis.errors import UsageError, did_you_mean, listed

Choice = str | Iterable[str]

MEASURES = {
    "per_cent": ("share", 0.01), "percentage_points": ("difference", 0.01),
    "per_cent_change": ("change", 0.01), "persons": ("count", 1.0), "thousand_persons": ("count", 1000.0),
}  # fmt: skip
"""The measure of each unit, and what the value is multiplied by."""
RIGHT = (
    "country", "region", "year", "period", "sex", "age", "basis", "base", "unit", "flag", "break_before",
    "precision", "status", "office", "table", "source", "address", "file", "confidence", "remark", "series",
)  # fmt: skip
"""The columns to the right of those that all estimates have."""


def official(
    place: Any,
    *,
    indicator: Choice = (),
    country: Choice = (),
    sex: Choice = (),
    age: Choice = (),
    basis: Choice = (),
    group: Choice = (),
    table: Choice = (),
    office: Choice = (),
    status: Choice = (),
    years: Iterable[int] = (),
) -> pd.DataFrame:
    """Figures of official statistics as estimates.

    They have no interval, because none is published with them. Rows of different age bands, groups or
    tables are different series and may stand side by side here; only `line` joins them, and asks first.

    Parameters
    ----------
    place
        A study, a folder of sheets, or what `load` returns.
    indicator, country, sex, age, basis, group, table, office, status
        Which to keep, one code or several; all if left out. `table` takes capitals and small letters alike.
    years
        Which years to keep.

    Returns
    -------
    DataFrame
        Estimates with the indicator as `variable` and the group as `group`. Shares are fractions of 1,
        numbers of persons have the measure *count*. `method` is *printed*, or *derived* where two published
        rates were combined. `note` is *not_published* where the office gives no number, *unreliable* where it
        calls the number so, *unclear_source* where the source leaves open whom it is about. To the right:
        country, year, sex, age band, basis of the group, base, flags (`break_before`: the series
        is broken between this number and the one before it), table, source, what else must be known
        (`remark`) and `series`.

    Raises
    ------
    UsageError
        If nothing fits: which choice leaves nothing over, and what there is.
    StudyError, SourceError
        As `load` does.

    Examples
    --------
    >>> from kij_analysis.template import template_folder
    >>> found = official(template_folder() / "data/raw/published/official", table="LFSA_ERGAN", sex="women",
    ...     country="FI", years=[2024])
    >>> found[["variable", "group", "estimate", "year"]].values.tolist()
    [['employment_rate', 'foreign', 0.513, 2024], ['employment_rate', 'national', 0.741, 2024]]
    """
    record = place if isinstance(place, pd.DataFrame) else load(place)
    wanted = {
        "indicator": indicator, "country": country, "sex": sex, "age": age, "basis": basis, "group": group,
        "table": table, "office": office, "status": status,
    }  # fmt: skip
    chosen = {name: _codes(name, choice) for name, choice in wanted.items()}
    rows = record[_fitting(record, chosen)]
    if rows.empty:
        raise _nothing(record, chosen)
    if list(years):
        rows = _of_years(rows, list(years))
    return as_estimates(rows)


def _codes(name: str, choice: Choice) -> list[str]:
    codes = [choice] if isinstance(choice, str) else list(choice)
    return [code.upper() for code in codes] if name == "table" else codes


def _fitting(record: pd.DataFrame, chosen: Mapping[str, list[str]], *, but: str = "") -> pd.Series:
    fits = pd.Series(True, index=record.index)
    for name, codes in chosen.items():
        if codes and name != but:
            fits &= record[name].isin(codes)
    return fits


def _nothing(record: pd.DataFrame, chosen: Mapping[str, list[str]]) -> UsageError:
    """Which choice leaves nothing over: a code that there is nowhere, else one that the others rule out."""
    nowhere = [n for n, codes in chosen.items() if codes and not record[n].isin(codes).any()]
    alone = [n for n, codes in chosen.items() if codes and _fitting(record, chosen, but=n).any()]
    if nowhere:
        name, there, what = nowhere[0], record[nowhere[0]], "No figure has"
    elif alone:
        name, there = alone[0], record.loc[_fitting(record, chosen, but=alone[0]), alone[0]]
        what = "No figure that fits the other choices has"
    else:
        return UsageError("No figure fits all these choices.", fix="Leave some of them out.")
    known = sorted(set(there) - {""})
    hints = " ".join(filter(None, (did_you_mean(code, known) for code in chosen[name])))
    fix = f"{hints} There is {listed(known, most=30)}.".strip()
    return UsageError(f"{what} {name} {listed(chosen[name])}.", fix=fix)


def _of_years(rows: pd.DataFrame, years: list[int]) -> pd.DataFrame:
    found = rows[rows["year"].isin(years)]
    if found.empty:
        there = rows["year"].dropna()
        span = f"They are about {there.min()} to {there.max()}." if len(there) else "None of them has a year."
        raise UsageError(f"No figure is about {listed(years)}.", fix=span)
    return found


def as_estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of the record in the shape of all estimates."""
    factor = rows["unit"].map({unit: factor for unit, (_, factor) in MEASURES.items()})
    frame = pd.DataFrame(
        {
            "programme": "",
            "group": rows["group"],
            "variable": rows["indicator"],
            "category": rows["category"],
            "measure": rows["unit"].map({unit: measure for unit, (measure, _) in MEASURES.items()}),
            # Rounded to what can have been printed, so that 51.3 per cent is 0.513.
            "estimate": (rows["value"] * factor).round(9),
            "method": np.where(rows["status"] == "derived", "derived", "printed"),
            "data_status": rows["data_status"],
            "note": _notes(rows),
        }
    )
    more = rows.assign(
        remark=rows["note"], break_before=rows["flag"].str.contains("b"), series=series_of(rows)
    )
    return estimates.make(pd.concat([frame, more[list(RIGHT)]], axis=1))


def _notes(rows: pd.DataFrame) -> pd.Series:
    notes = pd.Series("", index=rows.index, dtype="str")
    notes = notes.mask(rows["flag"].str.contains("u"), "unreliable")
    notes = notes.mask(rows["confidence"] == "low", "unclear_source")
    return notes.mask(rows["value"].isna(), "not_published")
