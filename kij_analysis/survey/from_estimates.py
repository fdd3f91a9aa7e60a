"""Groups compared from what may leave of them: their shares and means, without a row of persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import estimates
from kij_analysis.errors import UsageError
from kij_analysis.study import weakest
from kij_analysis.survey.differences import EXTRA, counts_compared
from kij_analysis.survey.groups import WHOLE_REASONS, check_columns, numbers, result
from kij_analysis.survey.means import means
from kij_analysis.survey.shares import shares
from kij_analysis.survey.standardised import BEYOND, distance_of_counts, distance_of_moments

Row = dict[str, Any]
HIDDEN = "hidden_small_count"


def differences_of_shares(estimates: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """How much each share differs between every two programmes: `differences`, from the shares alone.

    Parameters
    ----------
    estimates
        Unweighted shares of several programmes, as `shares` gives them, one group of each. Where one of two
        is hidden, so is their difference.
    level
        The confidence level.

    Returns
    -------
    DataFrame
        As `differences` gives it; no rows where there is one programme only.

    Examples
    --------
    >>> rows = [{"programme": p, "variable": "high", "category": "yes", "measure": "share", "count": k,
    ...          "n": 34, "estimate": k / 34, "method": "wilson", "data_status": "synthetic"}
    ...         for p, k in (("fika", 7), ("sajo", 1))]
    >>> found = differences_of_shares(result(rows, [], [])).round(4)
    >>> found[["group", "estimate", "conf_low", "conf_high", "p_value", "test"]].values.tolist()
    [['fika-sajo', 0.1765, 0.0189, 0.3404, 0.0544, 'fisher']]
    """
    own = _sized(estimates[estimates["measure"] == "share"])
    rows = []
    for one, other in combinations(own["programme"].unique(), 2):
        second = own[own["programme"] == other].set_index(["variable", "category"])
        for first in own[own["programme"] == one].to_dict("records"):
            key = (first["variable"], first["category"])
            if key in second.index:
                rows.append(_difference(first, second.loc[key].to_dict() | {"programme": other}, level))
    return result(rows, [], EXTRA)


def _difference(first: Row, second: Row, level: float) -> Row:
    row = _of_both(first, second, level) | {
        "variable": first["variable"], "category": first["category"], "measure": "risk_difference",
        "test": "", "method": "none",
    }  # fmt: skip
    row |= {"count_1": first["count"], "count_2": second["count"], "count": first["count"] + second["count"]}
    note = _why_not(first, second)
    if note:
        return row | {"note": note}
    table = [int(number) for own in (first, second) for number in (own["count"], own["n"])]
    return row | counts_compared(*table, measure="difference", interval="newcombe", test="auto", level=level)


def _sized(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with 0 of 0 told again where nobody answered; it is hidden as small bases are."""
    nobody = (rows["n"].isna() | (rows["n"] == 0)) & rows["note"].isin([*WHOLE_REASONS, "no_answers"])
    return rows.assign(n=rows["n"].mask(nobody, 0.0), count=rows["count"].mask(nobody, 0.0))


def _of_both(first: Mapping[str, Any], second: Mapping[str, Any], level: float) -> Row:
    """What the rows of a comparison of two programmes say of both."""
    names = (str(first["programme"]), str(second["programme"]))
    return {
        "programme": "all",
        "group": "-".join(names),
        "first": names[0],
        "second": names[1],
        "n": first["n"] + second["n"],
        "n_1": first["n"],
        "n_2": second["n"],
        "missing": first.get("missing", np.nan) + second.get("missing", np.nan),
        "left_out": first.get("left_out", 0) + second.get("left_out", 0),
        "ungrouped": 0,
        "level": level,
        "data_status": weakest([first["data_status"], second["data_status"]]),
    }


def _why_not(first: Mapping[str, Any], second: Mapping[str, Any]) -> str:
    """Why two groups cannot be compared; as `differences` says it of their persons."""
    both = (first, second)
    empty = [own for own in both if own["n"] == 0]
    reasons = {own["note"] for own in empty} & set(WHOLE_REASONS)
    if reasons:
        return reasons.pop() if len(reasons) == 1 else "no_answers"
    if empty:
        return "one_group_empty" if len(empty) == 1 else "no_answers"
    if any(own["note"] == HIDDEN or pd.isna(own["n"]) for own in both):
        return HIDDEN
    return next((own["note"] for own in both if pd.isna(own["estimate"])), "")


def moments(
    frame: pd.DataFrame,
    variables: Sequence[str],
    *,
    by: str = "programme",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """Means of numbers and shares of answers by programme: all that `distances` needs.

    Parameters
    ----------
    frame, variables, by, population
        As in `standardised_differences`.
    level
        The confidence level of the intervals.

    Returns
    -------
    DataFrame
        As `means` gives it for numbers and `shares` for the others.

    Raises
    ------
    UsageError
        If a column is not in the frame, or is a text or a date.

    Examples
    --------
    >>> people = pd.DataFrame({"programme": "fika", "gender": "woman", "age": [20.0, 30, 40, 50],
    ...     "data_status": "synthetic"})
    >>> moments(people, ["age"])[["measure", "estimate", "n"]].values.tolist()
    [['mean', 35.0, 4.0]]
    """
    check_columns(frame, list(variables), [by])
    options: dict[str, Any] = {"by": by, "population": population, "level": level}
    parts = [
        means(frame, name, **options) if _is_number(frame, name) else shares(frame, name, **options)
        for name in variables
    ]
    return estimates.make(pd.concat(parts, ignore_index=True))


def _is_number(frame: pd.DataFrame, name: str) -> bool:
    column = frame[name]
    if isinstance(column.dtype, pd.CategoricalDtype) or pd.api.types.is_bool_dtype(column.dtype):
        return False
    numbers(frame, name)
    return True


def distances(moments: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """How far every two programmes are apart in each question: `standardised_differences`, from `moments`.

    Answers that are hidden in either programme are taken together.

    Parameters
    ----------
    moments
        What `moments` gives of several programmes, hidden or not.
    level
        The confidence level.

    Returns
    -------
    DataFrame
        As `standardised_differences` gives it; no rows where there is one programme only.

    Raises
    ------
    UsageError
        If a mean has no standard error and no note that says why.

    Examples
    --------
    >>> people = pd.DataFrame({"programme": ["fika"] * 4 + ["sajo"] * 4, "gender": "woman",
    ...     "age": [20.0, 30, 40, 50, 30, 40, 50, 60], "data_status": "synthetic"})
    >>> distances(moments(people, ["age"])).round(2)[["group", "estimate", "by_chance"]].values.tolist()
    [['fika-sajo', -0.77, 1.73]]
    """
    rows = []
    for _, part in _sized(moments).groupby("variable", sort=False):
        own = {str(code): rows for code, rows in part.groupby("programme", sort=False)}
        rows += [_distance(own[one], own[other], level) for one, other in combinations(own, 2)]
    found = result(rows, [], [*EXTRA[:-2], *BEYOND])
    return found.astype(dict.fromkeys(BEYOND, "float64"))


def _distance(first: pd.DataFrame, second: pd.DataFrame, level: float) -> Row:
    one, other = first.iloc[0].to_dict(), second.iloc[0].to_dict()
    row = _of_both(one, other, level) | {
        "variable": one["variable"], "measure": "standardised_difference", "method": "none",
        "category": "yes" if len(first) == 1 and one["category"] == "yes" else "",
    }  # fmt: skip
    sizes = [one["n"], other["n"]]
    note = _why_not(one | {"estimate": 0.0, "note": _of_whole(first)}, other | {
        "estimate": 0.0, "note": _of_whole(second)})  # fmt: skip
    if note or min(sizes) < 2:
        return row | {"note": note or "too_few"}
    if one["measure"] == "mean":
        if pd.isna([one["estimate"], other["estimate"]]).any():
            return row | {"note": HIDDEN}
        found = [_moment(own) for own in (one, other)]
        return row | {"answers": 2.0} | distance_of_moments(found, [int(n) for n in sizes], level)
    if row["category"] == "yes":
        if pd.isna([one["count"], other["count"]]).any():
            return row | {"note": HIDDEN}
        shares = [own["count"] / own["n"] for own in (one, other)]
        row |= {"count_1": one["count"], "count_2": other["count"], "count": one["count"] + other["count"]}
        found = [(p, p * (1 - p)) for p in shares]
        return row | {"answers": 2.0} | distance_of_moments(found, [int(n) for n in sizes], level)
    return row | distance_of_counts(*_counts(first, second), level)


def _of_whole(rows: pd.DataFrame) -> str:
    """The note of a question, where it is about all of it: not that one of its answers is hidden."""
    note = str(rows["note"].iloc[0])
    return "" if note == HIDDEN and pd.notna(rows["n"].iloc[0]) else note


def _moment(row: Mapping[str, Any]) -> tuple[float, float]:
    """The mean and the variance that its standard error tells."""
    if pd.isna(row["std_error"]) and row["note"] not in ("no_variation", "too_few"):
        raise UsageError(f"The mean of '{row['variable']}' has no standard error.", fix="Use survey.moments.")
    error = 0.0 if pd.isna(row["std_error"]) else float(row["std_error"])
    return float(row["estimate"]), error**2 * float(row["n"])


def _counts(first: pd.DataFrame, second: pd.DataFrame) -> tuple[np.ndarray, int]:
    """The counts of two groups, what is hidden in either taken together, and how many answers that are."""
    both = [rows.set_index("category")["count"] for rows in (first, second)]
    answers = list(dict.fromkeys([*both[0].index, *both[1].index]))
    counts = np.array([[own.get(answer, 0.0) for answer in answers] for own in both], dtype=float)
    hidden = np.isnan(counts).any(axis=0)
    if not hidden.any():
        return counts, 0
    totals = np.array([[rows["n"].iloc[0]] for rows in (first, second)], dtype=float)
    shown = counts[:, ~hidden]
    return np.hstack([shown, totals - shown.sum(axis=1, keepdims=True)]), int(hidden.sum())
