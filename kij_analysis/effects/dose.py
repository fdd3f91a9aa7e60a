"""How meetings, match and relationship go together with outcomes, and with who stays; associations only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import claims, estimates, survey
from kij_analysis.errors import UsageError
from kij_analysis.survey.groups import BESIDE, check_columns, grouped, named, result, why_empty

DOSES = ("meetings", "months", "same_occupation", "relationship")
OUTCOMES = ("work_end", "work_follow_up", "confidence_change")
STAYING = ("completed", "answered_follow_up")
LEVELS = ("low", "middle", "high")


def dose(
    persons: pd.DataFrame,
    *,
    doses: Sequence[str] = DOSES,
    outcomes: Sequence[str] = (*OUTCOMES, *STAYING),
    by: str | Sequence[str] = "programme",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """The rank correlation of each dose with each outcome, and with staying.

    Nobody was given more or fewer meetings by lot: those who met more may differ in other ways, and a job may
    end the meetings.

    Parameters
    ----------
    persons
        What `mentees` returns, or a frame with one row for each person.
    doses, outcomes
        Columns of numbers, or true and false.
    by, population, level
        As in `change`.

    Returns
    -------
    DataFrame
        Estimates with measure *correlation*: `variable` is the outcome, `dose` the dose, `group` ends with
        it; `n` answered both; level 1. Fewer than four persons: *too_few*; one side all alike:
        *no_variation*.

    Raises
    ------
    UsageError
        If a column is not in the frame or holds neither.

    Notes
    -----
    Spearman's rho with ties averaged (scipy); interval by Fisher's z with the variance (1 + rho²/2)/(n − 3)
    of Bonett and Wright 2000.

    Examples
    --------
    >>> persons = pd.DataFrame({"programme": "fika", "gender": "woman", "data_status": "synthetic",
    ...     "meetings": [2, 4, 5, 8, 9, 12], "work_end": [False, False, True, False, True, True]})
    >>> dose(persons, doses=["meetings"], outcomes=["work_end"]).round(2)[["estimate", "n"]].values.tolist()
    [[0.68, 6.0]]
    """
    groups = named(by)
    check_columns(persons, [*doses, *outcomes], groups)
    whole = persons.reset_index(drop=True)
    rows: list[dict[str, Any]] = []
    for outcome in outcomes:
        for group in grouped(whole, outcome, groups, population=population, level=level):
            for name in doses:
                place = "|".join(text for text in (group.common["group"], name) if text)
                row = group.common | {"group": place, "dose": name, "measure": "correlation"}
                rows.append(row | _rank(group.persons, name, outcome, level))
    found = result(rows, groups, ["dose", *BESIDE])
    return claims.declare(found, design="association", estimand="association")


def dose_levels(
    persons: pd.DataFrame,
    name: str,
    *,
    outcomes: Sequence[str] = ("work_end", "confidence_rose", "answered_follow_up"),
    by: str = "programme",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """The share with each outcome among those with little, middling and much of a dose, beside who stays.

    Parameters
    ----------
    persons
        As in `dose`.
    name
        The dose: a number is cut into thirds of its programme, true and false stay as they are.
    outcomes
        Columns of true and false; `answered_follow_up` and `completed` tell who stays.
    by, population, level
        As in `change`; `by` is one column.

    Returns
    -------
    DataFrame
        Shares by `by` and `dose_level` (*low*, *middle*, *high*, or *no*, *yes*), with `dose`; level 1. A
        programme that did not ask for the dose has one row for each outcome with a note.

    Raises
    ------
    UsageError
        As `dose` does.

    Examples
    --------
    >>> persons = pd.DataFrame({"programme": "fika", "gender": "woman", "data_status": "synthetic",
    ...     "meetings": [2, 4, 5, 8, 9, 12], "work_end": pd.array([0, 0, 1, 0, 1, 1], dtype="boolean")})
    >>> dose_levels(persons, "meetings", outcomes=["work_end"])[["dose_level", "count", "n"]].values.tolist()
    [['low', 0.0, 2.0], ['middle', 1.0, 2.0], ['high', 2.0, 2.0]]
    """
    check_columns(persons, [name, *outcomes], [by])
    whole = persons.assign(dose_level=_levels(persons, name, by))
    parts = []
    for outcome in outcomes:
        known = whole[whole["dose_level"].notna()]
        groups = [by, "dose_level"]
        if len(known):
            parts.append(survey.shares(known, outcome, by=groups, population=population, level=level))
        for code, own in whole[~whole[by].isin(known[by].unique())].groupby(by, sort=False):
            row = {"programme": code if by == "programme" else "", "variable": outcome, "category": "yes"}
            row |= {"measure": "share", "n": 0, "method": "none", "note": why_empty(own, name)}
            row |= {"data_status": own["data_status"].iloc[0], "dose_level": "", by: code, "level": level}
            parts.append(estimates.make([row]))
    found = estimates.make(pd.concat(parts, ignore_index=True).assign(dose=name))
    order = {code: place for place, code in enumerate(("", *LEVELS, "no", "yes"))}
    rows = found["variable"].map({code: place for place, code in enumerate(outcomes)})
    sorted_ = found.assign(_row=rows, _place=found["dose_level"].map(order))
    sorted_ = sorted_.sort_values(["_row", "_place"], kind="stable", ignore_index=True)
    found = sorted_.drop(columns=["_row", "_place"])
    return claims.declare(found, design="association", estimand="association")


def _rank(persons: pd.DataFrame, name: str, outcome: str, level: float) -> dict[str, Any]:
    from scipy.stats import norm, spearmanr

    one, other = _number(persons, name), _number(persons, outcome)
    both = (one.notna() & other.notna()).to_numpy()
    n = int(both.sum())
    row: dict[str, Any] = {"n": n, "missing": len(persons) - n, "method": "none"}
    if not n:
        empty = [column for column in (name, outcome) if not persons[column].notna().any()]
        return row | {"note": why_empty(persons, empty[0]) if empty else "no_overlap"}
    if n < 4:
        return row | {"note": "too_few"}
    if one[both].nunique() < 2 or other[both].nunique() < 2:
        return row | {"note": "no_variation"}
    rho, p = spearmanr(one[both], other[both])
    rho = float(np.clip(rho, -1, 1))
    row |= {"estimate": rho, "p_value": float(p), "method": "spearman"}
    if abs(rho) == 1:
        return row | {"note": "too_few"}
    wide = float(norm.ppf(0.5 + level / 2)) * math.sqrt((1 + rho**2 / 2) / (n - 3))
    return row | {
        "conf_low": math.tanh(math.atanh(rho) - wide), "conf_high": math.tanh(math.atanh(rho) + wide)
    }  # fmt: skip


def _number(persons: pd.DataFrame, name: str) -> pd.Series:
    column = persons[name]
    kind = column.dtype
    if not (pd.api.types.is_bool_dtype(kind) or pd.api.types.is_numeric_dtype(kind)):
        raise UsageError(
            f"'{name}' holds neither numbers nor true and false.", fix="Turn it into one of them first."
        )
    return column.astype("Float64").astype("float64")


def _levels(persons: pd.DataFrame, name: str, by: str) -> pd.Series:
    """Thirds of each programme, equal answers together; true and false as yes and no."""
    column = _number(persons, name)
    if pd.api.types.is_bool_dtype(persons[name].dtype):
        return column.map({0.0: "no", 1.0: "yes"}).astype("str")
    cuts = [column.groupby(persons[by]).transform(lambda own, q=q: own.quantile(q)) for q in (1 / 3, 2 / 3)]
    place = 1.0 + (column > cuts[0]) + (column > cuts[1])
    return place.where(column.notna()).map(dict(zip((1.0, 2.0, 3.0), LEVELS, strict=True))).astype("str")
