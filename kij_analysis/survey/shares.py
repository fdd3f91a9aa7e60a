"""Shares of answers by group, unweighted with Wilson intervals or weighted by linearisation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import estimates
from kij_analysis.errors import UsageError, did_you_mean, one_of
from kij_analysis.study import weakest
from kij_analysis.survey.intervals import linearised, wilson
from kij_analysis.survey.population import women

BASES = ("answered", "asked")


def shares(
    frame: pd.DataFrame,
    variable: str,
    *,
    by: str | Sequence[str] = (),
    weight: str = "",
    population: str = "women",
    base: str = "answered",
    level: float = 0.95,
) -> pd.DataFrame:
    """The share giving each answer to a question, with intervals.

    `n` is the unweighted base and `count` the unweighted number who gave the answer. A yes/no question
    has the row *yes* only.

    Parameters
    ----------
    frame
        Harmonised answers (`data.answers`, or `data.with_people()` for groups of persons).
    variable
        A harmonised column with categories, or true and false.
    by
        Columns to group by; every combination that occurs is a group.
    weight
        The column of survey weights; a person without a weight is counted as missing.
    population
        ``"women"`` or ``"all"``.
    base
        ``"answered"``: missing answers are left out of the base. ``"asked"``: those who were asked and
        gave no answer (don't know, refused, no answer) stay in the base and in no category. Either way
        they are counted in `missing`.
    level
        The confidence level of the intervals.

    Returns
    -------
    DataFrame
        Estimates with measure *share*; to the right the columns of `by`, then `missing` (persons of the
        group without an answer), `left_out` (persons of the group outside the population) and `level`.
        A group in which nobody answered has a row with a note.

    Raises
    ------
    UsageError
        If a column is not in the frame, or if the variable is a number, a date or a text.

    Notes
    -----
    Unweighted: Wilson 1927, see `wilson`. Weighted: see `linearised`; strata and clusters are not taken
    into account.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": ["fika"] * 4, "gender": ["woman"] * 4,
    ...     "high": pd.array([True, False, None, True], dtype="boolean"), "data_status": "synthetic"})
    >>> shares(answers, "high", by="programme")[["programme", "category", "estimate", "count", "n"]]
      programme category  estimate  count    n
    0      fika      yes  0.666667    2.0  3.0
    """
    groups = [by] if isinstance(by, str) else list(by)
    for name in (variable, *groups, *([weight] if weight else [])):
        if name not in frame.columns:
            raise UsageError(f"The frame has no column '{name}'.", fix=did_you_mean(name, frame.columns))
    codes = categories(frame, variable)
    one_of(base, BASES, name="The base")
    kept = women(frame, population)
    rows: list[dict[str, Any]] = []
    for place, part in _groups(frame, groups):
        persons = part.loc[part.index.isin(kept.frame.index)]
        common = _common(place, part, frame, variable) | {
            "left_out": len(part) - len(persons),
            "level": level,
        }
        rows += _of_group(persons, variable, codes, common, weight, len(kept.frame), level, base)
    order = [*(c for c in groups if c not in estimates.COLUMNS), "missing", "left_out", "level"]
    result = estimates.make(rows)
    return result[[*estimates.COLUMNS, *order]]


def categories(frame: pd.DataFrame, variable: str) -> list[tuple[str, object]]:
    """(code, value) for each answer of a column: its categories, or *yes* for true.

    Raises
    ------
    UsageError
        If the column holds numbers, dates or texts.
    """
    column = frame[variable]
    if isinstance(column.dtype, pd.CategoricalDtype):
        return [(str(code), code) for code in column.cat.categories]
    if pd.api.types.is_bool_dtype(column.dtype):
        return [("yes", True)]
    raise UsageError(
        f"'{variable}' is neither a category nor true and false, so it has no shares.",
        fix="Choose one of its outputs, such as _high, or group it first.",
    )


def _groups(frame: pd.DataFrame, by: list[str]) -> Iterator[tuple[dict[str, str], pd.DataFrame]]:
    if not by:
        yield {}, frame
        return
    for values, part in frame.groupby(by, sort=False, observed=True, dropna=True):
        yield dict(zip(by, map(str, values), strict=True)), part


def _common(place: dict[str, str], part: pd.DataFrame, frame: pd.DataFrame, variable: str) -> dict[str, Any]:
    """What all rows of a group share: programme, group, data status and the by-columns."""
    programmes = part["programme"].unique() if "programme" in part.columns else []
    programme = place.get("programme") or (str(programmes[0]) if len(programmes) == 1 else "all")
    others = {name: value for name, value in place.items() if name != "programme"}
    statuses = part["data_status"].unique() if "data_status" in frame.columns else ["observed"]
    return {
        "programme": programme,
        "group": "|".join(others.values()),
        "variable": variable,
        "measure": "share",
        "data_status": weakest(statuses),
        **others,
    }


def _of_group(
    persons: pd.DataFrame,
    variable: str,
    codes: list[tuple[str, object]],
    common: dict[str, Any],
    weight: str,
    size: int,
    level: float,
    base: str,
) -> list[dict[str, Any]]:
    answered = persons[variable].notna()
    if weight:
        answered &= persons[weight].notna() & (persons[weight] > 0)
    missing = int((~answered).sum())
    given = persons.loc[answered | _asked(persons, variable, weight) if base == "asked" else answered]
    n = len(given) if answered.any() else 0
    rows = []
    for code, value in codes:
        row = common | {"category": code, "n": n, "missing": missing}
        if not n:
            rows.append(row | {"note": _why_empty(persons, variable), "method": "none"})
            continue
        hit = (given[variable] == value).fillna(False).to_numpy(dtype=bool)
        count = int(hit.sum())
        if weight:
            share, error, low, high = linearised(hit, given[weight], size=size, level=level)
            method = "linearised"
        else:
            share, error, method = count / n, np.nan, "wilson"
            low, high = (float(edge[0]) for edge in wilson(count, n, level=level))
        rows.append(
            row
            | {"estimate": share, "std_error": error, "conf_low": low, "conf_high": high}
            | {"count": count, "method": method}
        )
    return rows


def _asked(persons: pd.DataFrame, variable: str, weight: str) -> pd.Series:
    """Who was asked and gave no answer."""
    asked = persons[f"{variable}_missing"].isin(("dont_know", "refused", "no_answer"))
    return asked & (persons[weight] > 0) if weight else asked


def _why_empty(persons: pd.DataFrame, variable: str) -> str:
    """Why nobody answered: one reason that holds for the whole instrument, or simply no answers."""
    companion = f"{variable}_missing"
    if companion in persons.columns and len(persons):
        reasons = set(persons[companion].dropna())
        whole = reasons & {"not_asked", "not_comparable", "not_applicable", "undetermined"}
        if len(reasons) == 1 and whole:
            return str(whole.pop())
    return "no_answers"
