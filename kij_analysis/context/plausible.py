"""Means of a skill that is only known through several plausible values of each person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.survey import Design, rubin
from kij_analysis.survey.design import Floats, Sample, sample_of
from kij_analysis.survey.groups import BESIDE, Group, check_columns, grouped, numbers, result
from kij_analysis.survey.variances import freedom, ratios


def plausible_means(
    frame: pd.DataFrame,
    values: Sequence[str],
    *,
    variable: str,
    by: Sequence[str],
    design: Design,
    level: float = 0.95,
) -> pd.DataFrame:
    """The mean of plausible values by group, with the variances of sampling and of imputation together.

    Parameters
    ----------
    frame
        The whole sample.
    values
        The columns of plausible values, two or more; each is a complete set of draws.
    variable
        What the result is called.
    by, design, level
        As in `kij_analysis.survey.means`.

    Returns
    -------
    DataFrame
        As `kij_analysis.survey.means` returns, with the method *plausible_values*, and to the right
        `imputation_share`: the part of the variance that comes of the plausible values.

    Raises
    ------
    UsageError
        With fewer than two columns of plausible values.

    Notes
    -----
    OECD 2013, Technical Report of the Survey of Adult Skills; Rubin 1987, Multiple Imputation for
    Nonresponse in Surveys, section 3.3; degrees of freedom by Barnard and Rubin 1999, Biometrika 86.

    Examples
    --------
    >>> people = pd.DataFrame({"w": 1.0, "a": [250.0, 260, 270, 280], "b": [252.0, 262, 272, 282],
    ...     "land": "FI", "data_status": "observed"})
    >>> found = plausible_means(people, ["a", "b"], variable="score", by=["land"], design=Design(weight="w"))
    >>> found[["estimate", "std_error"]].round(2).values.tolist()
    [[266.0, 6.68]]
    """
    if len(values) < 2:
        raise UsageError("One plausible value says nothing about its uncertainty.", fix="Give all of them.")
    check_columns(frame, [*values, *design.columns], list(by))
    whole = frame.reset_index(drop=True)
    draws = np.column_stack([numbers(whole, name) for name in values])
    sample = sample_of(whole, design)
    groups = grouped(whole, variable, list(by), population="all", level=level)
    rows = [_of_group(group, draws, sample, level) for group in groups]
    return result(rows, list(by), [*BESIDE, "df", "imputation_share"])


def _of_group(group: Group, draws: Floats, sample: Sample, level: float) -> dict[str, Any]:
    """One group: the mean of its means, or why there is none."""
    inside = np.zeros(len(draws), dtype=bool)
    inside[group.persons.index] = True
    # Whoever lacks one of the values lacks them all: the draws belong together.
    known = inside & sample.counted & ~np.isnan(draws).any(axis=1)
    n = int(known.sum())
    row = group.common | {"measure": "mean", "n": n, "missing": len(group.persons) - n, "method": "none"}
    row |= {"imputation_share": np.nan}
    if not n:
        return row | {"note": "no_answers"}
    top, bottom = np.where(known[:, None], draws, 0.0), np.repeat(known[:, None], draws.shape[1], axis=1)
    found, covariance = ratios(sample, top, bottom.astype(float))
    df = freedom(sample, known)
    row |= {"estimate": float(found.mean()), "df": df, "method": "plausible_values"}
    variances = np.diag(covariance)
    if df < 1 or np.isnan(variances).any():
        return row | {"note": "too_few"}
    if not variances.any():
        return row | {"note": "no_variation"}
    pooled = rubin(found, variances, complete_df=float(df))
    low, high = pooled.interval(level)
    return row | {
        "std_error": pooled.std_error, "conf_low": low, "conf_high": high, "df": pooled.df,
        "imputation_share": pooled.missing_share,
    }  # fmt: skip
