"""How far the rate of one group lies from that of another, and rates side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from kij_analysis import estimates as shape
from kij_analysis.context.selecting import official
from kij_analysis.context.series import PLACE
from kij_analysis.errors import UsageError, did_you_mean, listed, one_of

SAME = (
    "variable",
    "category",
    "unit",
    "age",
    "basis",
    "base",
    "sex",
    *PLACE,
    "office",
    "table",
    "period",
    "status",
)
"""What two rates must have in common to be subtracted."""


def gap(estimates: pd.DataFrame, *, group: str = "foreign", reference: str = "national") -> pd.DataFrame:
    """The rate of a group less that of another one, in the same country, year and table.

    Parameters
    ----------
    estimates
        Rows of `official` that hold both groups.
    group, reference
        The two groups; -0.06 means that the rate of `group` lies six percentage points below.

    Returns
    -------
    DataFrame
        Estimates with the measure *difference* and the method *derived*; `reference` to the right. A year in
        which one of the rates is missing has a row with the note *not_published*. A break or a mark of low
        reliability in either rate is one of the gap.

    Raises
    ------
    UsageError
        If a group is not among the rows.

    Examples
    --------
    >>> from kij_analysis.template import template_folder
    >>> rates = official(template_folder() / "data/raw/published/official", table="LFSA_ERGAN", sex="women",
    ...     country="SE", years=[2010, 2024])
    >>> gap(rates)[["year", "estimate"]].values.tolist()
    [[2010, -0.218], [2024, -0.181]]
    """
    for name, code in (("group", group), ("reference", reference)):
        there = sorted(set(estimates["group"]))
        if code not in there:
            hint = did_you_mean(code, there)
            raise UsageError(
                f"No row has the {name} '{code}'.", fix=f"{hint} There is {listed(there)}.".strip()
            )
    keys = [*SAME, "year"]
    one, other = (estimates[estimates["group"] == code] for code in (group, reference))
    both = one.merge(
        other[[*keys, "estimate", "flag", "note", "break_before"]], on=keys, how="outer",
        suffixes=("", "_reference"), validate="one_to_one",
    )  # fmt: skip
    flags = both["flag"].fillna("") + both["flag_reference"].fillna("")
    size = both["estimate"] - both["estimate_reference"]
    broken = both["break_before"].eq(True) | both["break_before_reference"].eq(True)
    found = both.assign(
        group=group,
        reference=reference,
        measure="difference",
        estimate=size.round(9),
        method="derived",
        data_status="published",
        flag=["".join(sorted(set(flag))) for flag in flags],
        break_before=broken,
        note=_note(size, flags, [both["note"], both["note_reference"]]),
        series=both["series"].fillna("") + f"|less {reference}",
    )
    columns = [name for name in found.columns if not name.endswith("_reference")]
    return shape.make(found[columns])


def _note(size: pd.Series, flags: pd.Series, notes: Sequence[pd.Series]) -> pd.Series:
    unsure = pd.concat(list(notes), axis=1).eq("unclear_source").any(axis=1)
    found = pd.Series("", index=size.index, dtype="str").mask(flags.str.contains("u"), "unreliable")
    return found.mask(unsure, "unclear_source").mask(size.isna(), "not_published")


def table(
    place: Any,
    *,
    indicator: str = "employment_rate",
    basis: str = "citizenship",
    sex: str = "women",
    age: str = "15-64",
    years: Sequence[int] = (2010, 2019, 2024),
    countries: Sequence[str] = ("DK", "FI", "NO", "SE"),
    status: str = "",
) -> pd.DataFrame:
    """Rates by country and group in chosen years, as a table to print.

    Parameters
    ----------
    place
        A study, a folder of sheets, or what `load` returns.
    indicator, basis, sex, age, status
        Which rates. By country of birth there are participation and unemployment as published, and employment
        as derived from them; status ``"published"`` or ``"derived"`` chooses where there are both.
    years, countries
        The columns, and the first level of the rows, in this order.

    Returns
    -------
    DataFrame
        Fractions of 1; missing where no figure was found. Numbers on both sides of a break are not
        counted alike: `kij_analysis.tables.official` prints the flags too.

    Raises
    ------
    UsageError
        If nothing fits, or if a cell would hold figures of several tables.

    Examples
    --------
    >>> from kij_analysis.template import template_folder
    >>> found = table(template_folder() / "data/raw/published/official", countries=["DK", "FI"])
    >>> found.columns.tolist(), found.loc[("DK", "foreign")].tolist()
    ([2010, 2019, 2024], [0.539, 0.568, 0.687])
    """
    one_of(status, ("", "published", "derived"), name="The status")
    found = official(
        place, indicator=indicator, basis=basis, sex=sex, age=age, years=list(years), country=list(countries),
        status=status or (),
    )  # fmt: skip
    found = found[(found["region"] == "") & (found["period"] == "")]
    cells = ["country", "group", "year"]
    if found.duplicated(cells).any():
        names = sorted(set(found["table"])) if found["table"].nunique() > 1 else sorted(set(found["status"]))
        what = f"Some cells would hold several figures: of {listed(names)}."
        raise UsageError(what, fix="Choose with status=, or select with official(table=…) yourself.")
    wide = found.pivot(index=["country", "group"], columns="year", values="estimate").astype("float64")
    order = [
        (code, name) for code in countries for name in found["group"].unique() if (code, name) in wide.index
    ]
    return wide.reindex(index=pd.MultiIndex.from_tuples(order, names=wide.index.names))
