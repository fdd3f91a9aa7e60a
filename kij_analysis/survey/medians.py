"""Medians of numbers and of ordered answers by group, with intervals from order statistics or Woodruff's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.survey.design import Design, Floats, Sample, sample_of
from kij_analysis.survey.groups import (
    BESIDE,
    Group,
    check_columns,
    grouped,
    named,
    narrowed,
    numbers,
    result,
    why_empty,
)
from kij_analysis.survey.variances import freedom, ratios


def medians(
    frame: pd.DataFrame,
    variable: str,
    *,
    by: str | Sequence[str] = (),
    design: Design | None = None,
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """The median of a number or of ordered answers, with intervals that assume no distribution.

    For ordered answers the numbers are places in their order, from 1 on, and `category` names the median
    answer, the lowest that at least half did not exceed. For numbers the median lies midway where two would
    do. Missing answers are left out and counted in `missing`.

    Parameters
    ----------
    frame
        Harmonised answers.
    variable
        A column of numbers or of ordered categories.
    by, population, level
        As in `shares`.
    design
        How the sample was drawn; without one, the persons of a group are a simple random sample.

    Returns
    -------
    DataFrame
        Estimates with measure *median*; to the right the columns of `by`, `missing`, `left_out`,
        `ungrouped`, `level`, `category_low` and `category_high` (the answers at the ends of the interval).
        Fewer than six answers have no 95 per cent interval (*too_few*).

    Raises
    ------
    UsageError
        If a column is not in the frame, holds neither numbers nor ordered categories; and as `Design` says.

    Notes
    -----
    Unweighted: the r-th smallest and r-th largest answer, r chosen by the binomial distribution so that they
    hold the median at least as often as `level` (Conover 1999, Practical Nonparametric Statistics, 3.2).
    With a design: Woodruff 1952 (J. Am. Stat. Assoc. 47), the t interval of the share up to the median,
    read off the weighted distribution; as R's ``svyquantile(interval.type = "mean", qrule = "math")``.

    Examples
    --------
    >>> answers = pd.DataFrame({"gender": "woman", "hours": range(1, 12), "data_status": "synthetic"})
    >>> medians(answers, "hours")[["estimate", "conf_low", "conf_high", "n"]].values.tolist()
    [[6.0, 2.0, 10.0, 11.0]]
    """
    groups = named(by)
    check_columns(frame, [variable, *(design.columns if design else [])], groups)
    whole = frame.reset_index(drop=True)
    values = numbers(whole, variable, ordered=True)
    column = whole[variable]
    codes = list(map(str, column.cat.categories)) if isinstance(column.dtype, pd.CategoricalDtype) else []
    sample = sample_of(whole, design) if design else None
    own = narrowed(whole, [variable, *groups])
    found = grouped(own, variable, groups, population=population, level=level)
    rows = [_of_group(group, values, codes, sample) for group in found]
    return result(rows, groups, [*BESIDE, "category_low", "category_high"])


def quantile(values: Floats, weights: Floats, at: float, *, midway: bool) -> float:
    """The smallest value up to which a share `at` of the weights lies, midway to the next if just that.

    Examples
    --------
    >>> quantile(np.array([1.0, 2, 3, 4]), np.ones(4), 0.5, midway=True)
    2.5
    """
    distinct, place = np.unique(values, return_inverse=True)
    reached = np.cumsum(np.bincount(place, weights)) / weights.sum()
    # A sum of weights may miss the share that it makes by a rounding error.
    index = min(int(np.searchsorted(reached, at - 1e-12)), len(distinct) - 1)
    if midway and abs(reached[index] - at) < 1e-12 and index + 1 < len(distinct):
        return float((distinct[index] + distinct[index + 1]) / 2)
    return float(distinct[index])


def _of_group(group: Group, values: pd.Series, codes: list[str], sample: Sample | None) -> dict[str, Any]:
    own = values[group.persons.index]
    counted = sample.counted[own.index] if sample else np.ones(len(own), dtype=bool)
    given = own[own.notna() & counted]
    row = group.common | {"measure": "median", "n": len(given), "missing": len(own) - len(given)}
    if given.empty:
        why = why_empty(group.persons, str(group.common["variable"]))
        return row | {"note": why, "method": "none", "category_low": "", "category_high": ""}
    weights = sample.weight[given.index] if sample else np.ones(len(given))
    middle = quantile(given.to_numpy(), weights, 0.5, midway=not codes)
    level = group.common["level"]
    low, high = _woodruff(given, middle, sample, level) if sample else _order_statistics(given, level)
    names = {"category": middle, "category_low": low, "category_high": high}
    spoken = {name: codes[int(at) - 1] if codes and at == at else "" for name, at in names.items()}
    numbers = {"estimate": middle, "conf_low": low, "conf_high": high}
    method = "woodruff" if sample else "order_statistics"
    return row | numbers | spoken | {"method": method, "note": "" if low == low else "too_few"}


def _order_statistics(given: pd.Series, level: float) -> tuple[float, float]:
    from scipy.stats import binom

    rank = int(binom.ppf((1 - level) / 2, len(given), 0.5))
    ordered = np.sort(given.to_numpy())
    return (float(ordered[rank - 1]), float(ordered[-rank])) if rank > 0 else (np.nan, np.nan)


def _woodruff(given: pd.Series, middle: float, sample: Sample, level: float) -> tuple[float, float]:
    from scipy.stats import t

    top = np.zeros((len(sample.weight), 1))
    bottom = top.copy()
    top[given.index, 0], bottom[given.index] = given <= middle, 1.0
    _, covariance = ratios(sample, top, bottom)
    df = freedom(sample, bottom[:, 0] > 0)
    error = float(np.sqrt(covariance[0, 0]))
    reach = t.ppf(0.5 + level / 2, df) * error if df > 0 else np.nan
    if not 0 < reach < 0.5:
        return np.nan, np.nan
    weights = sample.weight[given.index]
    low, high = (quantile(given.to_numpy(), weights, 0.5 + side * reach, midway=False) for side in (-1, 1))
    return min(low, middle), max(high, middle)
