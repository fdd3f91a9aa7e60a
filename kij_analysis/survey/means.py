"""Means of numbers by group, with t intervals, unweighted or as the design of a sample asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.survey.design import Design, Sample, sample_of
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
from kij_analysis.survey.shares import Sizes, size_of
from kij_analysis.survey.variances import freedom, ratios


def means(
    frame: pd.DataFrame,
    variable: str,
    *,
    by: str | Sequence[str] = (),
    design: Design | None = None,
    population_size: Sizes = None,
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """The mean of a number, with intervals from Student's t.

    Missing answers are left out and counted in `missing`.

    Parameters
    ----------
    frame
        Harmonised answers.
    variable
        A column of numbers. Ordered categories have medians, not means: their steps need not be equal.
    by, population, level, population_size
        As in `shares`.
    design
        How the sample was drawn; without one, the persons of a group are a simple random sample.

    Returns
    -------
    DataFrame
        Estimates with measure *mean*; `count` is empty; to the right the columns of `by`, `missing`,
        `left_out`, `ungrouped`, `level` and `df`. One answer has no interval (*too_few*), and neither have
        answers that are all the same (*no_variation*).

    Raises
    ------
    UsageError
        If a column is not in the frame or holds no numbers, if a population is smaller than its answers;
        and as `Design` says.

    Notes
    -----
    Unweighted: s/√n, times √(1 − n/N) where the population is known (Cochran 1977, section 2.6). With a
    design: see `kij_analysis.survey.variances`.

    Examples
    --------
    >>> answers = pd.DataFrame({"gender": "woman", "hours": [10, 20, 30, None], "data_status": "synthetic"})
    >>> means(answers, "hours").round(2)[["estimate", "std_error", "conf_low", "conf_high"]].values.tolist()
    [[20.0, 5.77, -4.84, 44.84]]
    """
    groups = named(by)
    check_columns(frame, [variable, *(design.columns if design else [])], groups)
    if design and population_size is not None:
        raise UsageError(
            "A design says itself how large its population is.", fix="Use Design(fpc=…) instead."
        )
    whole = frame.reset_index(drop=True)
    values = numbers(whole, variable)
    sample = sample_of(whole, design) if design else None
    own = narrowed(whole, [variable, *groups])
    rows = []
    for group in grouped(own, variable, groups, population=population, level=level):
        rows.append(_of_group(group, values, sample, size_of(population_size, group.code)))
    return result(rows, groups, [*BESIDE, "df"])


def _of_group(group: Group, values: pd.Series, sample: Sample | None, size: float | None) -> dict[str, Any]:
    own = values[group.persons.index]
    counted = sample.counted[own.index] if sample else np.ones(len(own), dtype=bool)
    given = own[own.notna() & counted]
    row = group.common | {"measure": "mean", "n": len(given), "missing": len(own) - len(given)}
    if given.empty:
        why = why_empty(group.persons, str(group.common["variable"]))
        return row | {"note": why, "method": "none"}
    if sample:
        found = _weighted(given, sample)
    else:
        found = _unweighted(given, size)
    return row | _with_interval(found, group.common["level"])


def _unweighted(given: pd.Series, size: float | None) -> dict[str, Any]:
    n = len(given)
    if size is not None and size < n:
        raise UsageError(
            f"A population of {size:g} is smaller than the number of its persons who answered.",
            fix="Count everybody whom the answers stand for, those who did not answer too.",
        )
    left = 1.0 if size is None else 1 - n / size
    error = float(given.std(ddof=1) * np.sqrt(left / n)) if n > 1 else np.nan
    method = "student" if size is None else "student_finite"
    return {"estimate": float(given.mean()), "std_error": error, "df": n - 1, "method": method}


def _weighted(given: pd.Series, sample: Sample) -> dict[str, Any]:
    top = np.zeros((len(sample.weight), 1))
    bottom = top.copy()
    top[given.index, 0], bottom[given.index] = given, 1.0
    found, covariance = ratios(sample, top, bottom)
    return {
        "estimate": float(found[0]),
        "std_error": float(np.sqrt(covariance[0, 0])) if given.nunique() > 1 else 0.0,
        "df": freedom(sample, bottom[:, 0] > 0),
        "method": f"{sample.design.kind}_mean",
    }


def _with_interval(found: dict[str, Any], level: float) -> dict[str, Any]:
    from scipy.stats import t

    error, df = found["std_error"], found["df"]
    if df < 1 or np.isnan(error):
        return found | {"std_error": np.nan, "note": "too_few"}
    if error == 0 and found["method"] != "student_finite":
        return found | {"std_error": np.nan, "note": "no_variation"}
    reach = t.ppf(0.5 + level / 2, df) * error
    return found | {"conf_low": found["estimate"] - reach, "conf_high": found["estimate"] + reach}
