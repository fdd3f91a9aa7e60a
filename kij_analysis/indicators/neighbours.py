"""One printed number held against all others: with which it may be compared, and why not with the rest."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from kij_analysis.errors import UsageError, did_you_mean, listed
from kij_analysis.indicators.comparability import comparability
from kij_analysis.indicators.judging import VERDICTS, Rules
from kij_analysis.indicators.record import RESULTS
from kij_analysis.indicators.sheets import codes

NEAREST = ("kvinfo", "fika", "sajo")
"""The programmes that come first among equals."""


def neighbours(
    record: pd.DataFrame, id: str, *, programmes: Iterable[str] = (), rules: Rules | None = None
) -> pd.DataFrame:
    """Every printed number of the same kind, the best to compare with first.

    Parameters
    ----------
    record
        Rows of `kij_analysis.indicators.load`.
    id
        The number that the others are held against.
    programmes
        Only numbers of these; of all if left out.
    rules
        What forbids and what calls for caution; the shipped rules if None.

    Returns
    -------
    DataFrame
        One row for each other number: `id`, `programme`, `verdict`, `reasons` (codes, the gravest first) and
        `decisive` (those that the verdict rests on); both joined by ``|``. Results and targets are held
        against results and targets, all else against the same indicator. First comes the better verdict,
        then fewer reasons, then the three mentoring programmes, then the nearer year; among those that may
        not be compared first the same outcome, then its parts and wholes.

    Raises
    ------
    UsageError
        If there is no such number, or no such programme.

    Examples
    --------
    >>> from kij_analysis.indicators.record import load
    >>> from kij_analysis.template import template_folder
    >>> record = load(template_folder() / "data" / "raw" / "published")
    >>> found = neighbours(record, "kvinfo_employed_2021_may")
    >>> found.loc[found["verdict"] != "not_comparable", "id"].tolist()[:2]
    ['womento_employed_2012_2014', 'kvinfo_employed_2021_november']
    """
    one = record_of(record, id)
    asked = list(programmes)
    unknown = [code for code in asked if code not in codes("programme")]
    if unknown:
        hint = did_you_mean(unknown[0], codes("programme"))
        raise UsageError(f"There is no programme {listed(unknown)}. {hint}", fix="Use codes of the record.")
    others = record[_alike(record, one) & (record["id"] != id)]
    others = others[others["programme"].isin(asked)] if asked else others
    rows = []
    for other in others.to_dict("records"):
        found = comparability(one, other, rules=rules)
        decisive = [reason.code for reason in found.reasons if reason.verdict == found.verdict]
        years = _apart(one, other)
        near = [len(decisive), len(found.codes), _distance(other), years]
        if found.verdict == VERDICTS[-1]:  # what is asked next: why not this other figure of the same outcome
            near = [_unlike(one, other, found.codes), _distance(other), *near]
        place = (VERDICTS.index(found.verdict), *near)
        rows.append((place, other, found.verdict, "|".join(found.codes), "|".join(decisive)))
    rows.sort(key=lambda row: row[0])
    return pd.DataFrame(
        [(o["id"], o["programme"], verdict, reasons, decisive) for _, o, verdict, reasons, decisive in rows],
        columns=["id", "programme", "verdict", "reasons", "decisive"],
    )


def record_of(record: pd.DataFrame, id: str) -> pd.Series:
    """The row of an id.

    Raises
    ------
    UsageError
        If there is none, with the nearest.

    Examples
    --------
    >>> from kij_analysis.indicators.record import load
    >>> from kij_analysis.template import template_folder
    >>> record = load(template_folder() / "data" / "raw" / "published")
    >>> print(record_of(record, "kvinfo_employed_2017")["value"])
    46.0
    """
    rows = record[record["id"] == id]
    if rows.empty:
        hint = did_you_mean(id, record["id"])
        raise UsageError(
            f"The record has no number '{id}'. {hint}", fix="The ids stand in the first column of the sheets."
        )
    return rows.iloc[0]


def _alike(record: pd.DataFrame, one: pd.Series) -> pd.Series:
    """Numbers of the same kind; a share and a price are no neighbours."""
    outcomes = record["outcome_type"].isin([*RESULTS, "target"]) & (record["unit"] == "per_cent")
    if outcomes[one.name]:
        return outcomes
    return (record["indicator"] == one["indicator"]) & ~outcomes


def _unlike(one: pd.Series, other: dict[str, object], reasons: Iterable[str]) -> int:
    if one["indicator"] == other["indicator"]:
        return 0
    return 1 if "part_of_the_other" in reasons else 2


def _distance(other: dict[str, object]) -> int:
    return 0 if other["programme"] in NEAREST else 1


def _apart(one: pd.Series, other: dict[str, object]) -> float:
    years = (one["year_to"], other["year_to"])
    return 999.0 if any(pd.isna(year) for year in years) else abs(float(years[0]) - float(str(years[1])))
