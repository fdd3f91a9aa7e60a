"""Whether answers rise or fall from one ordered group to the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError, one_of
from kij_analysis.survey.groups import (
    BESIDE,
    Group,
    check_columns,
    grouped,
    named,
    numbers,
    result,
    why_empty,
)
from kij_analysis.survey.intervals import Floats
from kij_analysis.survey.two_shares import SMALL

EXTRA = (*BESIDE, "test", "statistic")
TESTS = ("auto", "asymptotic", "exact")
MOST_EXACT = 500
MOST_CELLS = 1_000_000
"""The largest number of persons, and of outcomes, for which exact probabilities are computed."""


def trend(
    frame: pd.DataFrame,
    variable: str,
    *,
    by: str,
    within: str | Sequence[str] = (),
    test: str = "auto",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """The trend of answers over ordered groups, such as the number of meetings in classes.

    For yes and no: how much the share rises from one group to the next (a straight line, by least squares),
    with the Cochran–Armitage test. For ordered answers and numbers: Kendall's tau-b between group and answer,
    with the Jonckheere–Terpstra test, without an interval.

    Parameters
    ----------
    frame
        Harmonised answers.
    variable
        A column of true and false, of ordered categories, or of numbers.
    by
        The groups: ordered categories, one step apart, or numbers as they are.
    within
        Columns within whose groups the trend is looked for.
    test
        For yes and no: ``"asymptotic"``, ``"exact"`` (given all margins; up to 500 persons), or ``"auto"``:
        exact where an expected count is below 5.
    population, level
        As in `shares`.

    Returns
    -------
    DataFrame
        Estimates with measure *difference* (yes and no; per step) or *correlation*; to the right `test` and
        `statistic`, the standard normal z, above 0 if answers rise. Notes: *one_group_empty* with fewer than
        two groups, *no_variation* where all answer alike.

    Raises
    ------
    UsageError
        If a column is not in the frame, or has no order.

    Notes
    -----
    Armitage 1955 (Biometrics 11), with N in the variance as in R's ``prop.trend.test``; the exact two-sided p
    sums the tables whose sum of scores lies as far from its mean. Jonckheere 1954 (Biometrika 41), corrected
    for ties: the same z as the tie-corrected Kendall's (scipy), as R's ``cor.test(method = "kendall")``.

    Examples
    --------
    >>> answers = pd.DataFrame({"gender": "woman", "meetings": [1] * 40 + [2] * 40 + [3] * 40,
    ...     "high": [True] * 10 + [False] * 30 + [True] * 16 + [False] * 24 + [True] * 22 + [False] * 18,
    ...     "data_status": "synthetic"})
    >>> trend(answers, "high", by="meetings").round(3)[["estimate", "conf_low", "p_value"]].values.tolist()
    [[0.15, 0.048, 0.006]]
    """
    one_of(test, TESTS, name="The test")
    groups = named(within)
    check_columns(frame, [variable], [by, *groups])
    whole = frame.reset_index(drop=True)
    scores = numbers(whole, by, ordered=True)
    yes_no = pd.api.types.is_bool_dtype(whole[variable].dtype)
    if yes_no:
        values = whole[variable].astype("Float64").to_numpy("float64", na_value=np.nan)
        answers = pd.Series(values, index=whole.index)
    else:
        answers = numbers(whole, variable, ordered=True)
    rows = []
    for group in grouped(whole, variable, groups, population=population, level=level):
        row = group.common | {"measure": "difference" if yes_no else "correlation", "test": ""}
        rows.append(
            row | {"category": "yes" if yes_no else ""} | _of_group(group, scores, answers, yes_no, test)
        )
    return result(rows, groups, EXTRA)


def _of_group(group: Group, scores: pd.Series, answers: pd.Series, yes_no: bool, test: str) -> dict[str, Any]:
    own = pd.DataFrame({"score": scores, "answer": answers}).loc[group.persons.index]
    given = own.dropna()
    row: dict[str, Any] = {"n": len(given), "missing": len(own) - len(given), "method": "none"}
    if given.empty:
        return row | {"note": why_empty(group.persons, str(group.common["variable"]))}
    if yes_no:
        row["count"] = int(given["answer"].sum())
    if given["score"].nunique() < 2:
        return row | {"note": "one_group_empty"}
    if given["answer"].nunique() < 2:
        return row | {"note": "no_variation"}
    if yes_no:
        return row | _cochran_armitage(given, test, group.common["level"])
    return row | _jonckheere_terpstra(given)


def _cochran_armitage(given: pd.DataFrame, test: str, level: float) -> dict[str, Any]:
    from scipy.stats import norm

    table = given.groupby("score")["answer"].agg(["sum", "size"])
    scores, counts, sizes = (
        table.index.to_numpy(float),
        table["sum"].to_numpy(),
        table["size"].to_numpy(float),
    )
    total, share = sizes.sum(), counts.sum() / sizes.sum()
    distance = scores - (sizes * scores).sum() / total
    spread = (sizes * distance**2).sum()
    slope = (distance * counts).sum() / spread
    z = (distance * counts).sum() / np.sqrt(share * (1 - share) * spread)
    small = sizes.min() * min(share, 1 - share) < SMALL
    exact = test == "exact" or (test == "auto" and small and _can_be_exact(counts, sizes, scores))
    if exact and not _can_be_exact(counts, sizes, scores):
        raise UsageError(
            f"The exact test is for {MOST_EXACT} persons at most, in few groups that are whole numbers.",
            fix="Use test='asymptotic'.",
        )
    own = counts / sizes
    error = float(np.sqrt((distance**2 * sizes * own * (1 - own)).sum()) / spread)
    reach = norm.ppf(0.5 + level / 2) * error
    edges = {"std_error": error, "conf_low": slope - reach, "conf_high": slope + reach} if error else {}
    return edges | {
        "estimate": slope,
        "p_value": exact_trend(counts, sizes, scores)[2] if exact else 2 * float(norm.sf(abs(z))),
        "statistic": z,
        "test": "exact" if exact else "asymptotic",
        "method": "cochran_armitage",
        "note": "" if error else "few_events",
    }


def exact_trend(counts: Floats, sizes: Floats, scores: Floats) -> tuple[float, float, float]:
    """Exact p of a trend given all margins: upper, lower, and two-sided by distance from the mean.

    Examples
    --------
    >>> upper, lower, two_sided = exact_trend(np.array([0, 1, 4]), np.array([4, 4, 4]), np.array([0, 1, 2]))
    >>> round(upper, 4), round(two_sided, 4)
    (0.0051, 0.0101)
    """
    from scipy.stats import binom

    total = int(counts.sum())
    if 2 * total > sizes.sum():
        lower, upper, both = exact_trend(sizes - counts, sizes, scores)
        return upper, lower, both
    steps = _whole_steps(scores)
    width = total * max(steps) + 1
    grid = np.zeros((total + 1, width))
    grid[0, 0] = 1.0
    for size, step in zip(sizes.astype(int), steps, strict=True):
        weights = binom.pmf(np.arange(size + 1), size, total / sizes.sum())
        more = np.zeros_like(grid)
        for drawn in range(min(size, total) + 1):
            more[drawn:, drawn * step :] += weights[drawn] * grid[: total + 1 - drawn, : width - drawn * step]
        grid = more
    chance, sums = grid[total] / grid[total].sum(), np.arange(width)
    observed, mean = float(np.dot(steps, counts)), float((sums * chance).sum())
    far = np.abs(sums - mean) >= abs(observed - mean) - 1e-9
    return (
        float(chance[sums >= observed].sum()),
        float(chance[sums <= observed].sum()),
        float(chance[far].sum()),
    )


def _whole_steps(scores: Floats) -> list[int]:
    """The scores as whole numbers from 0 on, without a common divisor."""
    from math import gcd

    whole = [int(step) for step in np.round(scores - scores.min())]
    if not np.allclose(whole, scores - scores.min()):
        raise UsageError("The exact test needs groups that are whole numbers.", fix="Use test='asymptotic'.")
    return [step // max(gcd(*whole), 1) for step in whole]


def _can_be_exact(counts: Floats, sizes: Floats, scores: Floats) -> bool:
    """Whether the exact distribution is small enough to be had in a moment."""
    fewer = min(counts.sum(), sizes.sum() - counts.sum())
    whole = np.allclose(scores, np.round(scores)) and sizes.sum() <= MOST_EXACT
    return bool(whole and fewer**2 * (scores.max() - scores.min()) <= MOST_CELLS)


def _jonckheere_terpstra(given: pd.DataFrame) -> dict[str, Any]:
    from scipy.stats import kendalltau, norm

    found = kendalltau(given["score"], given["answer"], method="asymptotic")
    z = float(np.sign(found.statistic) * norm.isf(found.pvalue / 2))
    return {
        "estimate": float(found.statistic),
        "p_value": float(found.pvalue),
        "statistic": z,
        "test": "asymptotic",
        "method": "jonckheere_terpstra",
    }
