"""The same persons at two times: how many answer otherwise, and how much a share has changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError, one_of
from kij_analysis.survey.groups import (
    BESIDE,
    Group,
    categories,
    check_columns,
    grouped,
    named,
    narrowed,
    result,
)
from kij_analysis.survey.intervals import Floats, wilson
from kij_analysis.survey.repeated import repeated, why_no_pairs

TESTS = ("exact", "mid_p", "score")
EXTRA = ("count_1", "n_1", "count_2", "n_2", "gained", "lost", *BESIDE, "test", "statistic", "df")


def paired(
    frame: pd.DataFrame,
    variable: str,
    *,
    wave: tuple[str, str] = ("entry", "end"),
    by: str | Sequence[str] = (),
    test: str = "exact",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """How the share giving each answer has changed among those who answered at both times.

    Persons who answered at one time only are counted in `missing`: what they would have said is not known.

    Parameters
    ----------
    frame
        Harmonised answers, with `person_id` and `wave`.
    variable
        A column with categories, or true and false (one row, for *yes*).
    wave
        The two times; the change is the second less the first.
    by
        Columns to group by, as they were at the first time.
    test
        McNemar's test of each answer: ``"exact"``, ``"mid_p"`` or ``"score"`` (chi-squared, no correction).
    population, level
        As in `shares`.

    Returns
    -------
    DataFrame
        Estimates with measure *change*, a fraction of 1; `count` and `n` are those of the second time;
        to the right the columns of `by`, `count_1` and `n_1` (the first time), `count_2` and `n_2` (the
        second), `gained` and `lost` (who gives the answer only the second, only the first time), those of
        `shares` and `test`. With three answers or more one further row with measure *share* and category
        *changed*: the share whose answer is another, with the Stuart–Maxwell test that all shares are the
        same at both times. Nobody at both times: *no_pairs*.

    Raises
    ------
    UsageError
        If a column or wave is not in the frame, if a person stands twice in a wave; and as `shares` does.

    Notes
    -----
    Newcombe 1998 (Stat. Med. 17: 2635–2650), method 10, for the change; McNemar 1947, mid-p as in Fagerland,
    Lydersen and Laake 2013 (BMC Med. Res. Methodol. 13: 91); Stuart 1955 and Maxwell 1970 (statsmodels),
    over the answers that somebody has taken up or left.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": "fika", "person_id": [*range(21), *range(21)], "gender": "woman",
    ...     "wave": ["entry"] * 21 + ["end"] * 21, "data_status": "synthetic",
    ...     "high": [True] * 2 + [False] * 19 + [True] + [False] + [True] * 7 + [False] * 12})
    >>> found = paired(answers, "high", test="mid_p").round(3)
    >>> found[["estimate", "conf_low", "conf_high", "gained", "lost", "p_value"]].values.tolist()
    [[0.286, 0.026, 0.507, 7.0, 1.0, 0.039]]
    """
    one_of(test, TESTS, name="The test")
    groups = named(by)
    check_columns(frame, [variable, "wave", "person_id"], groups)
    codes = categories(frame, variable) or [("", None)]
    whole, keys = repeated(narrowed(frame, [variable, *groups]), _two(wave), groups)
    rows: list[dict[str, Any]] = []
    for group in grouped(whole, variable, groups, population=population, level=level):
        rows += _of_group(group, keys, wave, codes, test)
    return result(rows, groups, EXTRA)


def newcombe_paired(
    both: float, gained: float, lost: float, neither: float, *, level: float = 0.95
) -> tuple[float, float]:
    """Newcombe's interval for a change of a share in the same persons: (gained − lost)/n.

    Two Wilson intervals, joined with the correlation phi of the two times, whose numerator is corrected for
    continuity where it is above 0 (Newcombe 1998, method 10).

    Examples
    --------
    >>> low, high = newcombe_paired(59, 16, 6, 80)
    >>> round(low, 4), round(high, 4)
    (0.0046, 0.1186)
    """
    n = both + gained + lost + neither
    (first_low, second_low), (first_high, second_high) = wilson([both + lost, both + gained], n, level=level)
    first, second = (both + lost) / n, (both + gained) / n
    margins = (both + lost) * (gained + neither) * (both + gained) * (lost + neither)
    cross = both * neither - gained * lost
    phi = (max(cross - n / 2, 0) if cross > 0 else cross) / np.sqrt(margins) if margins else 0.0
    down, up = (second - second_low, first_high - first), (second_high - second, first - first_low)
    change = second - first
    reach = [np.sqrt(max(a**2 + b**2 - 2 * phi * a * b, 0.0)) for a, b in (down, up)]
    return float(max(change - reach[0], -1)), float(min(change + reach[1], 1))


def mcnemar_p(gained: int, lost: int, *, test: str = "exact") -> float:
    """McNemar's two-sided p from those whose answer is another; 1 if there is nobody.

    Examples
    --------
    >>> round(mcnemar_p(7, 1), 4), round(mcnemar_p(7, 1, test="mid_p"), 4)
    (0.0703, 0.0391)
    """
    from scipy.stats import binom
    from statsmodels.stats.contingency_tables import mcnemar

    if gained + lost == 0:
        return 1.0
    table = [[0, gained], [lost, 0]]
    p = float(mcnemar(table, exact=test != "score", correction=False).pvalue)
    if test != "mid_p":
        return p
    half = float(binom.pmf(gained, gained + lost, 0.5))
    return 1.0 if gained == lost else p - half


def stuart_maxwell(table: Floats) -> tuple[float, int, float]:
    """The statistic, degrees of freedom and p of the Stuart–Maxwell test; p is 1 if nobody has changed.

    Answers that nobody has taken up or left are dropped first: with them statsmodels' matrix is singular.

    Examples
    --------
    >>> statistic, df, p = stuart_maxwell(np.array([[20, 10, 5], [3, 30, 15], [0, 5, 40]]))
    >>> round(statistic, 2), df, round(p, 4)
    (13.76, 2, 0.001)
    """
    from scipy.stats import chi2
    from statsmodels.stats.contingency_tables import SquareTable

    moved = table.sum(0) + table.sum(1) - 2 * np.diag(table) > 0
    if not moved.any():
        return 0.0, 0, 1.0
    found = SquareTable(table[np.ix_(moved, moved)], shift_zeros=False).homogeneity()
    return float(found.statistic), int(found.df), float(chi2.sf(found.statistic, found.df))


def _of_group(
    group: Group, keys: list[str], wave: tuple[str, str], codes: list[tuple[str, object]], test: str
) -> list[dict[str, Any]]:
    persons, variable = group.persons, str(group.common["variable"])
    times = [persons[persons["wave"] == one].set_index(keys)[variable].dropna() for one in wave]
    first, second = times[0].align(times[1], join="inner")
    everybody = len(persons[keys].drop_duplicates())
    n, level = len(first), group.common["level"]
    row = group.common | {
        "measure": "change",
        "n": n,
        "n_1": n,
        "n_2": n,
        "missing": everybody - n,
        "test": "",
    }
    if not n:
        note = why_no_pairs(persons, variable, wave)
        return [row | {"category": code, "note": note, "method": "none"} for code, _ in codes]
    rows = []
    for code, value in codes:
        before, after = ((times == value).fillna(False).to_numpy(bool) for times in (first, second))
        gained, lost = int((after & ~before).sum()), int((before & ~after).sum())
        low, high = newcombe_paired(
            (before & after).sum(), gained, lost, n - (before | after).sum(), level=level
        )
        rows.append(
            row
            | {"category": code, "estimate": (gained - lost) / n, "conf_low": low, "conf_high": high}
            | {"count": int(after.sum()), "count_1": int(before.sum()), "count_2": int(after.sum())}
            | {"gained": gained, "lost": lost, "p_value": mcnemar_p(gained, lost, test=test)}
            | {"test": test, "method": "newcombe_paired"}
        )
    if len(codes) > 2:
        rows.append(row | _changed(first, second, [value for _, value in codes], level))
    return rows


def _changed(first: pd.Series, second: pd.Series, values: list[object], level: float) -> dict[str, Any]:
    places = [pd.Categorical(times, categories=values).codes for times in (first, second)]
    table = np.zeros((len(values), len(values)))
    np.add.at(table, (places[0], places[1]), 1)
    statistic, df, p = stuart_maxwell(table)
    count, n = int(table.sum() - np.trace(table)), len(first)
    low, high = wilson(count, n, level=level)
    row = {"measure": "share", "category": "changed", "count": count, "estimate": count / n}
    interval = {"conf_low": low[0], "conf_high": high[0], "method": "stuart_maxwell"}
    return row | interval | {"p_value": p, "test": "stuart_maxwell", "statistic": statistic, "df": df}


def _two(wave: tuple[str, str]) -> tuple[str, str]:
    if isinstance(wave, str) or len(wave) != 2:
        raise UsageError("Two different waves are compared.", fix='For example wave=("entry", "end").')
    return wave
