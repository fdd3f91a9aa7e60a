"""What makes figures of official statistics one series, and what must not be joined without saying so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from kij_analysis.errors import UsageError, listed, one_of

DEFINITION = ("indicator", "category", "unit", "age", "basis", "group", "base", "sex")
"""What is counted, of whom: rows that differ in any of these do not measure the same thing."""
PLACE = ("country", "region")
MADE = ("office", "table", "origin", "period", "status")
"""By whom and how: `origin` is the source where no table is named, so that two articles stay apart."""
KEY = (*DEFINITION, *PLACE, *MADE)
TOLD = ("variable", *DEFINITION[1:], *PLACE, "office", "table", "source", "period", "status", "reference")
"""The same as columns of estimates, which may be named when series are joined."""


def series_of(rows: pd.DataFrame) -> pd.Series:
    """The name of the series that each row belongs to: all that defines it, joined.

    Parameters
    ----------
    rows
        Rows of official statistics with the columns of the sheets.

    Examples
    --------
    >>> columns = [name for name in KEY if name != "origin"]
    >>> rows = pd.DataFrame([dict.fromkeys(columns, "x"), {**dict.fromkeys(columns, "x"), "age": "20-64"}])
    >>> series_of(rows.assign(source="a")).nunique()
    2
    """
    if rows.empty:
        return pd.Series("", index=rows.index, dtype="str")
    parts = rows.assign(origin=rows["source"].where(rows["table"] == "", ""))
    texts = [parts[name].astype("str").fillna("") for name in KEY]
    return texts[0].str.cat(texts[1:], sep="|")


def moment(rows: pd.DataFrame) -> pd.Series:
    """The year of each row as a number that sorts, missing years first."""
    return rows["year"].astype("Int64").fillna(0).astype("int64")


def line(estimates: pd.DataFrame, *, joining: Sequence[str] = ()) -> pd.DataFrame:
    """The rows as one line over the years, cut where the office marks a break.

    Parameters
    ----------
    estimates
        Rows of `official` or `gap`.
    joining
        What may differ between the rows although it makes them another series, such as ``"age"`` or
        ``"table"``. The line is then cut where it changes, and the result says so.

    Returns
    -------
    DataFrame
        The rows by year, with `piece` (rows of one number may be joined by a stroke) and `joined` (what
        was joined, or empty).

    Raises
    ------
    UsageError
        If the rows are several series: what they differ in, and how to choose.

    Examples
    --------
    >>> from kij_analysis.context import official
    >>> from kij_analysis.template import template_folder
    >>> rates = official(template_folder() / "data/raw/published/official", table="LFSA_ERGAN", country="DK",
    ...     sex="women", group="foreign", years=range(2019, 2025))
    >>> line(rates)[["year", "piece"]].values.tolist()
    [[2019, 1], [2020, 1], [2021, 2], [2022, 2], [2023, 3], [2024, 3]]
    """
    for name in joining:
        one_of(name, TOLD, name="What is joined")
    differing = _differing(estimates)
    silent = [name for name in differing if name not in joining]
    if silent:
        raise UsageError(_several(estimates, silent), fix=_ways_out(silent))
    if estimates["year"].isna().any():
        what = f"{int(estimates['year'].isna().sum())} rows have no year."
        raise UsageError(what, fix="Leave them out: they cannot stand in a series.")
    rows = estimates.sort_values("year", kind="stable").reset_index(drop=True)
    if rows["year"].duplicated().any():
        twice = sorted(set(rows.loc[rows["year"].duplicated(), "year"]))
        what = f"The years {listed(twice)} stand twice when {listed(joining)} is joined."
        raise UsageError(what, fix="Choose one row for each year.")
    value = rows["estimate"]
    new = rows["break_before"].astype(bool) | (value.shift().isna() & value.notna())
    new |= rows["year"].astype("float64").diff().gt(1)
    for name in joining:
        new |= rows[name].ne(rows[name].shift())
    piece = new.astype("int64").cumsum()
    first = int(piece.iloc[0]) if len(piece) else 1
    joined = ", ".join(name for name in joining if name in differing)
    return rows.assign(piece=piece - first + 1, joined=joined)


def _differing(estimates: pd.DataFrame) -> list[str]:
    """What the rows differ in that makes them several series; sources only where no table is named."""
    there = [name for name in TOLD if name in estimates]
    found = [name for name in there if estimates[name].nunique() > 1]
    by_source = "source" in found and (estimates["table"] == "").any()
    return found if by_source else [name for name in found if name != "source"]


def _several(estimates: pd.DataFrame, silent: Sequence[str]) -> str:
    parts = [f"{name} ({listed(sorted(set(estimates[name])), most=4)})" for name in silent]
    return (
        f"These rows are {estimates['series'].nunique()} series, not one: they differ in {', '.join(parts)}."
    )


def _ways_out(silent: Sequence[str]) -> str:
    name = silent[0]
    return (
        f"Choose one when you select ({name}=…), or take them one by one with .groupby('series'); "
        f"to join them knowingly, name them: joining={list(silent)}."
    )


def lines(estimates: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Each series of the rows as a line of its own, in the order of the rows."""
    for _, rows in estimates.groupby("series", sort=False):
        yield line(rows)
