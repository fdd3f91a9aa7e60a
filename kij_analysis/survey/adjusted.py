"""p-values adjusted for how many questions were asked of the data."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kij_analysis import estimates as shape
from kij_analysis.errors import UsageError, did_you_mean, one_of
from kij_analysis.survey.groups import named

METHODS = ("holm", "benjamini_hochberg")


def adjusted(estimates: pd.DataFrame, *, family: str | Sequence[str], method: str = "holm") -> pd.DataFrame:
    """The estimates with their p-values adjusted within each family of comparisons.

    A family is what one question asks: say it before the results are seen. A missing p-value stays missing
    and does not count.

    Parameters
    ----------
    estimates
        Estimates with p-values, such as those of `differences`.
    family
        The column, or columns, whose values name the families; ``[]`` for one family of all rows.
    method
        ``"holm"`` keeps the probability of a single false alarm in the family (Holm 1979, Scand. J. Stat. 6);
        ``"benjamini_hochberg"`` keeps the share of false alarms among those raised (Benjamini and Hochberg
        1995, J. R. Stat. Soc. B 57), for many exploratory comparisons.

    Returns
    -------
    DataFrame
        The same rows with `p_adjusted`, `adjustment` (the method) and `family_size` (the p-values counted) to
        the right. Intervals stay as they were, one by one.

    Raises
    ------
    UsageError
        If a column is not there, if a row belongs to no family, or if a p-value is none.

    Examples
    --------
    >>> rows = [{"variable": name, "measure": "risk_difference", "estimate": 0.1, "p_value": p,
    ...          "method": "newcombe", "data_status": "synthetic"}
    ...         for name, p in [("a", 0.01), ("b", 0.04), ("c", None)]]
    >>> found = adjusted(shape.make(rows), family=[])
    >>> found[["p_value", "p_adjusted", "family_size"]].values.tolist()
    [[0.01, 0.02, 2.0], [0.04, 0.04, 2.0], [nan, nan, 2.0]]
    """
    one_of(method, METHODS, name="The method")
    columns = named(family)
    for name in ("p_value", *columns):
        if name not in estimates.columns:
            raise UsageError(f"The frame has no column '{name}'.", fix=did_you_mean(name, estimates.columns))
    frame = estimates.reset_index(drop=True)
    without = int(frame[columns].isna().any(axis=1).sum()) if columns else 0
    if without:
        raise UsageError(
            f"{without} rows belong to no family.", fix="Fill the column, or leave the rows out."
        )
    p = frame["p_value"].to_numpy("float64", na_value=np.nan)
    if ((p < 0) | (p > 1)).any():
        raise UsageError("A p-value lies outside 0–1.", fix="Check the computation.")
    codes = frame.groupby(columns, sort=False).ngroup().to_numpy() if columns else np.zeros(len(frame), int)
    result, size = np.full(len(frame), np.nan), np.zeros(len(frame))
    for code in np.unique(codes):
        own = codes == code
        known = own & ~np.isnan(p)
        size[own] = known.sum()
        result[known] = _adjust(p[known], method)
    return shape.make(frame.assign(p_adjusted=result, adjustment=method, family_size=size))


def _adjust(p: np.ndarray, method: str) -> np.ndarray:
    """p-values, none of which is missing, adjusted as statsmodels' `multipletests` adjusts them."""
    if not len(p):
        return p
    if method == "benjamini_hochberg":
        from statsmodels.stats.multitest import fdrcorrection

        return np.asarray(fdrcorrection(p)[1])
    # By hand: statsmodels' Holm collects garbage at each call, which takes longer than all else here.
    order, result = np.argsort(p), np.empty(len(p))
    result[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)), 1)
    return result
