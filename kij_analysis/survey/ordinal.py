"""Ordered answers of two groups: who tends to answer higher, without calling the steps equal."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.survey.groups import (
    BESIDE,
    check_columns,
    compared,
    named,
    numbers,
    result,
    why_not_compared,
)
from kij_analysis.survey.intervals import Floats, logit_interval

EXTRA = (
    "first", "second", "superiority", "superiority_low", "superiority_high", "n_1", "n_2", *BESIDE, "test",
    "df",
)  # fmt: skip
"""The columns to the right of the groups within which is compared."""


def ordinal(
    frame: pd.DataFrame,
    variable: str,
    *,
    by: str = "programme",
    within: str | Sequence[str] = (),
    reference: str = "",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """How much more often a person of one group answers higher than one of another group than lower.

    The estimate is Cliff's delta, from −1 to 1. `superiority` says the same as a probability: that somebody
    drawn from the first group answers higher than somebody from the second, ties counted half;
    delta = 2 × superiority − 1. Only the order of the answers counts.

    Parameters
    ----------
    frame
        Harmonised answers.
    variable
        A column of ordered categories or of numbers.
    by, within, reference
        As in `differences`.
    population, level
        As in `shares`.

    Returns
    -------
    DataFrame
        Estimates with measure *difference*; to the right the columns of `within`, `first`, `second`,
        `superiority` with its interval, `n_1`, `n_2`, those of `shares`, `test` and `df`. No interval where
        a group has one answer (*too_few*), all answers are the same (*no_variation*), or the groups do not
        overlap (*no_overlap*; the p-value is then that of the exact permutation test).

    Raises
    ------
    UsageError
        If a column is not in the frame, or holds neither numbers nor ordered categories.

    Notes
    -----
    Cliff 1993 (Psychol. Bull. 114); the variance and the test are those of Brunner and Munzel 2000 (Biom. J.
    42) for unequal spread and ties (scipy, statsmodels); the interval is symmetric on the logit of the
    superiority, which keeps it within 0–1 (Perme and Manevski 2019, Stat. Methods Med. Res. 28). scipy's
    test gives p = 0 where groups do not overlap, and is not asked there.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": ["fika"] * 6 + ["sajo"] * 6, "gender": "woman",
    ...     "score": [3, 4, 4, 5, 5, 5, 1, 2, 2, 3, 4, 4], "data_status": "synthetic"})
    >>> found = ordinal(answers, "score").round(3)
    >>> found[["group", "estimate", "conf_low", "conf_high", "superiority", "p_value"]].values.tolist()
    [['fika-sajo', 0.75, 0.005, 0.96, 0.875, 0.003]]
    """
    groups = named(within)
    check_columns(frame, [variable], [by, *groups])
    whole = frame.reset_index(drop=True)
    values = numbers(whole, variable, ordered=True)
    pairs = compared(
        whole, variable, by, within=groups, reference=reference, population=population, level=level
    )
    rows = []
    for pair in pairs:
        index = [persons.index if persons is not None else [] for persons in pair.persons]
        answers = [values[own].dropna().to_numpy(float) for own in index]
        sizes = [len(own) for own in answers]
        missing = sum(map(len, index)) - sum(sizes)
        row = {"measure": "difference", "n": sum(sizes), "n_1": sizes[0], "n_2": sizes[1], "missing": missing}
        note = why_not_compared(pair.persons, variable, sizes)
        found = {"note": note, "method": "none"} if note else _compare(*answers, level=level)
        rows.append(pair.common | row | {"test": ""} | found)
    return result(rows, groups, EXTRA)


def _compare(one: Floats, other: Floats, *, level: float) -> dict[str, Any]:
    from scipy.stats import brunnermunzel, mannwhitneyu, t
    from statsmodels.stats.nonparametric import rank_compare_2indep

    n_1, n_2 = len(one), len(other)
    superiority = float(mannwhitneyu(one, other, method="asymptotic").statistic) / (n_1 * n_2)
    row = {"estimate": 2 * superiority - 1, "superiority": superiority, "method": "brunner_munzel"}
    if len(np.unique(np.concatenate([one, other]))) == 1:
        return row | {"note": "no_variation"}
    if superiority in (0.0, 1.0):
        return row | {
            "note": "no_overlap",
            "p_value": min(1.0, 2 / comb(n_1 + n_2, n_1)),
            "test": "permutation",
        }
    if min(n_1, n_2) < 2:
        return row | {"note": "too_few"}
    found = rank_compare_2indep(one, other)
    if not found.var_prob > 0:
        return row | {"note": "no_variation"}
    steps = float(t.ppf(0.5 + level / 2, found.df))
    low, high = logit_interval(superiority, float(np.sqrt(found.var_prob)), steps=steps)
    test = brunnermunzel(one, other)
    return row | {
        "std_error": 2 * float(np.sqrt(found.var_prob)),
        "conf_low": 2 * low - 1,
        "conf_high": 2 * high - 1,
        "superiority_low": low,
        "superiority_high": high,
        "p_value": float(test.pvalue),
        "df": float(found.df),
        "test": "brunner_munzel",
    }
