"""Shares of answers by group, unweighted with Wilson intervals or weighted by linearisation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import estimates
from kij_analysis.errors import UsageError, did_you_mean, one_of
from kij_analysis.study import weakest
from kij_analysis.survey.intervals import check_level, linearised, wilson
from kij_analysis.survey.population import women

BASES = ("answered", "asked")
ASKED_IN_VAIN = ("dont_know", "refused", "no_answer")
BESIDE = ("missing", "left_out", "ungrouped", "level")
"""The columns to the right of the groups."""


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
        Columns to group by; every combination that occurs is a group, in the order in which it is met.
    weight
        The column of survey weights; a person without a weight, or with the weight 0, is counted as
        missing. The frame is taken as the whole sample, the groups as parts of it.
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
        group without an answer), `left_out` (persons of the group outside the population), `ungrouped`
        (persons of the population who are in no group because a column of `by` is empty) and `level`.
        A group in which nobody answered has a row with a note.

    Raises
    ------
    UsageError
        If a column is not in the frame, if the variable is a number, a date or a text, if weights are
        negative or no numbers, or if the frame does not say its data status.

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
    groups = [by] if isinstance(by, str) and by else list(dict.fromkeys(by))
    _check(frame, variable, groups, weight, base)
    check_level(level)
    codes = categories(frame, variable) or [("", None)]
    whole = frame.reset_index(drop=True)
    if weight:
        whole = whole.assign(**{weight: _weights(frame, weight)})
    kept = women(whole, population).frame
    sample = int((whole[weight] > 0).sum()) if weight else len(whole)
    ungrouped = int(kept[groups].isna().any(axis=1).sum()) if groups else 0
    rows: list[dict[str, Any]] = []
    for place, part in _groups(whole, groups):
        persons = part.loc[part.index.isin(kept.index)]
        common = _common(place, part, variable) | {
            "left_out": len(part) - len(persons),
            "ungrouped": ungrouped,
            "level": level,
        }
        rows += _of_group(persons, variable, codes, common, weight, sample, base)
    order = [*(name for name in groups if name not in estimates.COLUMNS), *BESIDE]
    result = estimates.make(pd.DataFrame(rows, columns=[*estimates.COLUMNS, *order]))
    return result[[*estimates.COLUMNS, *order]]


def _check(frame: pd.DataFrame, variable: str, groups: list[str], weight: str, base: str) -> None:
    """Refuse what the frame cannot give."""
    for name in (variable, *groups, *([weight] if weight else [])):
        if name not in frame.columns:
            raise UsageError(f"The frame has no column '{name}'.", fix=did_you_mean(name, frame.columns))
    if "data_status" not in frame.columns:
        raise UsageError(
            "The frame has no column 'data_status', so its results could not be marked.",
            fix="Add it: frame.assign(data_status='observed'), or 'synthetic', 'published', 'assumed'.",
        )
    own = [*BESIDE, *(name for name in estimates.COLUMNS if name not in ("programme", "data_status"))]
    for name in groups:
        if name in own:
            raise UsageError(f"Results have a column '{name}' of their own.", fix=f"Rename yours: by_{name}.")
    one_of(base, BASES, name="The base")
    if base == "asked" and f"{variable}_missing" not in frame.columns:
        raise UsageError(
            f"The frame has no column '{variable}_missing', so it does not say who was asked.",
            fix="Use base='answered', or harmonised answers.",
        )


def _weights(frame: pd.DataFrame, weight: str) -> np.ndarray:
    if not pd.api.types.is_numeric_dtype(frame[weight].dtype):
        raise UsageError(f"The weights '{weight}' are no numbers.", fix="Name a column of numbers.")
    weights = frame[weight].to_numpy("float64", na_value=np.nan)
    if (weights < 0).any() or np.isinf(weights).any():
        raise UsageError(
            f"The weights '{weight}' hold negative or infinite numbers.",
            fix="Empty these cells, or mend them.",
        )
    return np.nan_to_num(weights, nan=0.0)


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


def _common(place: dict[str, str], part: pd.DataFrame, variable: str) -> dict[str, Any]:
    """What all rows of a group share: programme, group, data status and the by-columns."""
    programmes = part["programme"].unique() if "programme" in part.columns else []
    programme = place.get("programme") or (str(programmes[0]) if len(programmes) == 1 else "all")
    others = {name: value for name, value in place.items() if name != "programme"}
    return {
        "programme": programme,
        "group": "|".join(others.values()),
        "variable": variable,
        "measure": "share",
        "data_status": weakest(part["data_status"].unique()),
        **others,
    }


def _of_group(
    persons: pd.DataFrame,
    variable: str,
    codes: list[tuple[str, object]],
    common: dict[str, Any],
    weight: str,
    sample: int,
    base: str,
) -> list[dict[str, Any]]:
    answered = persons[variable].notna()
    counted = persons[weight] > 0 if weight else pd.Series(True, index=persons.index)
    missing = int((~(answered & counted)).sum())
    based = answered
    if base == "asked":
        based = answered | persons[f"{variable}_missing"].isin(ASKED_IN_VAIN)
    given = persons.loc[based & counted]
    n = len(given) if (answered & counted).any() else 0
    rows = []
    for code, value in codes:
        row = common | {"category": code, "n": n, "missing": missing}
        if not n:
            rows.append(row | {"note": _why_empty(persons, variable), "method": "none"})
            continue
        hit = (given[variable] == value).fillna(False).to_numpy(dtype=bool)
        weights = given[weight] if weight else None
        rows.append(row | {"count": int(hit.sum())} | _estimated(hit, weights, sample, common["level"]))
    return rows


def _estimated(hit: np.ndarray, weights: pd.Series | None, sample: int, level: float) -> dict[str, Any]:
    """The share with its interval, weighted where there are weights."""
    if weights is not None:
        share, error, low, high = linearised(hit, weights, size=sample, level=level)
        method = "linearised"
    else:
        share, error, method = float(hit.mean()), np.nan, "wilson"
        low, high = (float(edge[0]) for edge in wilson(hit.sum(), len(hit), level=level))
    return {"estimate": share, "std_error": error, "conf_low": low, "conf_high": high, "method": method}


def _why_empty(persons: pd.DataFrame, variable: str) -> str:
    """Why nobody answered: one reason that holds for the whole instrument, or simply no answers."""
    companion = f"{variable}_missing"
    if companion in persons.columns and len(persons):
        reasons = set(persons[companion].dropna())
        whole = reasons & {"not_asked", "not_comparable", "not_applicable", "undetermined"}
        if len(reasons) == 1 and whole:
            return str(whole.pop())
    return "no_answers"
