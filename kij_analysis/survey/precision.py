"""Precision first: how wide the intervals of a planned table will be, and what it could show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import estimates
from kij_analysis.errors import UsageError, one_of
from kij_analysis.study import weakest
from kij_analysis.survey.groups import check_columns, grouped, named, result
from kij_analysis.survey.intervals import check_level, wilson
from kij_analysis.survey.paired import newcombe_paired
from kij_analysis.survey.power import changers, exact_for, smallest_change, smallest_difference, smallest_mean
from kij_analysis.survey.shares import Sizes, size_of
from kij_analysis.survey.two_shares import newcombe

OF = ("share", "difference", "mean", "mean_difference", "change", "mean_change")
BETWEEN = ("difference", "mean_difference")
"""What is about two groups; the others are about one."""
EXTRA = ("first", "second", "n_1", "n_2", "planned", "expected_low", "expected_high", "power",
         "population_size", "level")  # fmt: skip


def group_sizes(
    frame: pd.DataFrame, *, by: str | Sequence[str] = "programme", population: str = "women"
) -> pd.DataFrame:
    """How many persons each group has: the plan that `precision` needs.

    Parameters
    ----------
    frame
        Harmonised persons or answers, one row for each person.
    by, population
        As in `shares`.

    Returns
    -------
    DataFrame
        Estimates with measure *count* and method *counted*; `n` is the number too.

    Raises
    ------
    UsageError
        If a column is not in the frame.

    Examples
    --------
    >>> people = pd.DataFrame({"programme": ["fika"] * 3, "gender": "woman", "data_status": "synthetic"})
    >>> group_sizes(people)[["programme", "estimate", "n"]].values.tolist()
    [['fika', 3.0, 3.0]]
    """
    groups = named(by)
    check_columns(frame, [], groups)
    rows = []
    for group in grouped(frame.reset_index(drop=True), "", groups, population=population, level=0.95):
        n = len(group.persons)
        counts = {"measure": "count", "estimate": float(n), "count": n, "n": n, "method": "counted"}
        rows.append(group.common | counts)
    return result(rows, groups, ["left_out", "ungrouped"])


def precision(
    plan: pd.DataFrame | Mapping[str, int],
    *,
    of: str | Sequence[str] = ("share", "difference"),
    share: float | Sequence[float] = (0.1, 0.3, 0.5),
    sd: float = 1.0,
    correlation: float = 0.5,
    population_size: Sizes = None,
    power: float = 0.8,
    level: float = 0.95,
) -> pd.DataFrame:
    """How far the intervals of a planned table will reach, and the smallest differences that it could show.

    To be looked at before the results. A difference that is smaller than the smallest one need not be absent;
    it is more likely missed than seen.

    Parameters
    ----------
    plan
        How many answer in each group: a number by programme, `group_sizes`, or any estimates with `n` (one
        plan for each variable).
    of
        ``"share"`` (the half width of its interval), ``"difference"`` of two groups, ``"change"`` of a share
        in the same persons; ``"mean"``, ``"mean_difference"``, ``"mean_change"``.
    share
        The share, or shares, to plan for. Half is the least precise; a difference is looked for from this
        share on, towards the middle.
    sd
        The standard deviation to plan for; with 1 means are in standard deviations.
    correlation
        How answers of the same person at two times go together, for changes.
    population_size
        As in `shares`, by programme and group joined by "|". It makes the intervals of shares and means
        shorter; what two groups could show is not about those persons alone.
    power
        How often a difference that is there shall be seen.
    level
        The confidence level.

    Returns
    -------
    DataFrame
        Estimates with measure *half_width* (half of the interval, a fraction of 1 or in units of `sd`) or
        *detectable_difference*, and `of` as `category`. To the right `first`, `second`, `n_1`, `n_2` (two
        groups), `planned` (the share), `expected_low`, `expected_high` (the interval, if the share comes out
        as planned or the difference is as large as the smallest), `power`, `population_size`, `level`. Groups
        in which no difference could be seen have the note *too_few*. Groups are compared between programmes
        where there are several, else between groups.

    Raises
    ------
    UsageError
        If a share, power, level, correlation or number cannot be.

    Notes
    -----
    Half widths: Wilson and Newcombe intervals, as `shares` and `differences` print them; t for means.
    Differences of shares: exactly over all tables, how often Newcombe's interval does not hold 0 (large
    groups: Cohen 1988, by statsmodels). Changes: McNemar's exact test. Means: noncentral t (statsmodels).

    Examples
    --------
    >>> found = precision({"fika": 40, "sajo": 40}, share=0.3).round(2)
    >>> found[["category", "measure", "estimate", "n"]].values.tolist()[1:]
    [['share', 'half_width', 0.14, 40.0], ['difference', 'detectable_difference', 0.3, 80.0]]
    """
    wanted = [of] if isinstance(of, str) else list(of)
    for one in wanted:
        one_of(one, OF, name="What is planned")
    shares = [float(share)] if isinstance(share, (int, float)) else [float(one) for one in share]
    _check(shares, sd, correlation, power, level)
    planned = _plan(plan)
    rows = []
    for one in wanted:
        groups = _pairs(planned) if one in BETWEEN else planned.to_dict("records")
        for group in groups:
            size = size_of(population_size, _code(group)) if one in ("share", "mean") else None
            for p in shares if "mean" not in one else [np.nan]:
                common = group | {"category": one, "planned": p, "level": level, "population_size": size}
                rows.append(common | _row(one, group, p, sd, correlation, size, power, level))
    others = [c for c in planned.columns if c not in estimates.COLUMNS]
    frame = pd.DataFrame(rows, columns=[*estimates.COLUMNS, *others, *EXTRA])
    texts = {name: frame[name].astype("str").fillna("") for name in ("first", "second")}
    return estimates.make(frame.assign(**texts).astype(dict.fromkeys(EXTRA[2:], "float64")))


def _check(shares: Iterable[float], sd: float, correlation: float, power: float, level: float) -> None:
    check_level(level)
    for what, value, right in (
        *(("share", share, 0 < share < 1) for share in shares),
        ("standard deviation", sd, 0 < sd < np.inf),
        ("correlation", correlation, -1 <= correlation < 1),
        ("power", power, 0 < power < 1),
    ):
        if not right:
            ends = "above 0" if what == "standard deviation" else "between 0 and 1"
            raise UsageError(f"The planned {what} is {value:g}.", fix=f"It lies {ends}.")


def _plan(plan: pd.DataFrame | Mapping[str, int]) -> pd.DataFrame:
    """One row for each programme, group and variable, with its n and the columns of its groups."""
    if isinstance(plan, Mapping):
        rows = [{"programme": code, "n": n, "data_status": "assumed"} for code, n in plan.items()]
        frame = pd.DataFrame(rows, columns=["programme", "n", "data_status"])
    else:
        if "n" not in plan.columns:
            raise UsageError("The plan has no column 'n'.", fix="Use group_sizes, or a number by programme.")
        frame = plan.assign(n=plan["n"].astype("Float64").fillna(0).astype("float64"))
    keys = [name for name in ("programme", "group", "variable") if name in frame.columns]
    if (frame["n"] < 0).any() or (frame["n"] % 1 > 0).any():
        raise UsageError("A number of persons is negative or broken.", fix="Give whole numbers.")
    frame = frame.drop_duplicates(keys, ignore_index=True)
    status = frame.get("data_status", pd.Series("assumed", index=frame.index))
    # The share, the spread and the correlation that are planned for are assumptions.
    marked = frame.assign(data_status=[weakest([own, "assumed"]) for own in status])
    return marked[[*keys, *_places(marked), "n", "data_status"]]


def _places(frame: pd.DataFrame) -> list[str]:
    """The columns of groups in a frame of estimates: texts that are no standard columns."""
    known = {*estimates.COLUMNS, "first", "second", "test", "reasons", "verdict", "of"}
    return [c for c in frame.columns if c not in known and not pd.api.types.is_numeric_dtype(frame[c].dtype)]


def _code(group: Mapping[str, Any]) -> str:
    return "|".join(filter(None, (str(group.get(name, "")) for name in ("programme", "group"))))


def _pairs(planned: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Every two groups of a variable: programmes within the same group, or the groups of one programme."""
    frame = planned.assign(group=planned.get("group", ""), variable=planned.get("variable", ""))
    for variable, part in frame.groupby("variable", sort=False):
        several = part["programme"].nunique() > 1
        for place, own in part.groupby("group", sort=False) if several else [("", part)]:
            column = "programme" if several else "group"
            for one, other in combinations(own.to_dict("records"), 2):
                codes = (str(one[column]), str(other[column]))
                both = [text for text in (str(place), "-".join(codes)) if text]
                alike = {name: value for name, value in one.items() if other[name] == value}
                yield alike | {
                    "programme": "all" if several else one["programme"],
                    "group": "|".join(both), "variable": variable, "first": codes[0], "second": codes[1],
                    "n_1": one["n"], "n_2": other["n"], "n": one["n"] + other["n"],
                    "data_status": weakest([one["data_status"], other["data_status"]]),
                }  # fmt: skip


def _row(
    one: str,
    group: Mapping[str, Any],
    p: float,
    sd: float,
    correlation: float,
    size: float | None,
    power: float,
    level: float,
) -> dict[str, Any]:
    """The number that is asked for, or why there is none."""
    sizes = [int(group["n_1"]), int(group["n_2"])] if one in BETWEEN else [int(group["n"])]
    measure = "half_width" if one in ("share", "mean") else "detectable_difference"
    row: dict[str, Any] = {"measure": measure, "method": "none"}
    if measure == "detectable_difference":
        row["power"] = power
    if not all(sizes):
        empty = "one_group_empty" if any(sizes) else "no_pairs" if "change" in one else "no_answers"
        return row | {"note": empty}
    if one == "share":
        return row | _share(sizes[0], p, size, level)
    if one == "mean":
        return row | _mean(sizes[0], sd, size, level)
    if one == "difference":
        return row | _difference(sizes, p, power, level)
    if one == "change":
        return row | _change(sizes[0], p, correlation, power, level)
    spread = sd * np.sqrt(2 * (1 - correlation)) if one == "mean_change" else sd
    other = sizes[1] if one in BETWEEN else None
    found = spread * smallest_mean(sizes[0], other, power=power, level=level)
    return row | ({"note": "too_few"} if np.isnan(found) else {"estimate": found, "method": "t_power"})


def _share(n: int, p: float, size: float | None, level: float) -> dict[str, Any]:
    (low,), (high,) = wilson(n * p, n, level=level, population_size=size)
    return {
        "estimate": (high - low) / 2, "expected_low": low, "expected_high": high,
        "method": "wilson" if size is None else "wilson_finite",
    }  # fmt: skip


def _mean(n: int, sd: float, size: float | None, level: float) -> dict[str, Any]:
    from scipy.stats import t

    if size is not None and size < n:
        raise UsageError(
            f"A population of {size:g} is smaller than its group of {n}.", fix="Count everybody."
        )
    if n < 2:
        return {"note": "too_few"}
    left = 1.0 if size is None else 1 - n / size
    method = "student" if size is None else "student_finite"
    return {"estimate": float(t.ppf(0.5 + level / 2, n - 1) * sd * np.sqrt(left / n)), "method": method}


def _difference(sizes: list[int], p: float, power: float, level: float) -> dict[str, Any]:
    found = smallest_difference(p, sizes[0], sizes[1], power=power, level=level)
    if np.isnan(found):
        return {"note": "too_few"}
    base = min(p, 1 - p)
    (low,), (high,) = newcombe(sizes[1] * (base + found), sizes[1], sizes[0] * base, sizes[0], level=level)
    method = "exact_power" if exact_for(*sizes) else "normal_power"
    return {"estimate": found, "expected_low": low, "expected_high": high, "method": method}


def _change(n: int, p: float, correlation: float, power: float, level: float) -> dict[str, Any]:
    found = smallest_change(p, n, correlation=correlation, power=power, level=level)
    if np.isnan(found):
        return {"note": "too_few"}
    base = min(p, 1 - p)
    gained, lost = changers(base, found, correlation)
    both = base - lost
    low, high = newcombe_paired(n * both, n * gained, n * lost, n * (1 - both - gained - lost), level=level)
    return {"estimate": found, "expected_low": low, "expected_high": high, "method": "exact_power"}
