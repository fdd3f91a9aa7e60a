"""Shares above a threshold of an answer scale, with the threshold moved by one step."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kij_analysis import estimates
from kij_analysis.errors import UsageError, listed
from kij_analysis.survey.intervals import check_level, wilson

COUNTED = ("programme", "column", "count", "n", "data_status", "moved")
BESIDE = (
    "instrument", "role", "wave", "round", "scale", "steps", "at", "moved", "step", "label", "left_out",
    "level",
)  # fmt: skip
"""The columns to the right of the estimates."""


def sensitivity(counts: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """The share of women above each threshold, as declared and one step lower and higher, with intervals.

    Parameters
    ----------
    counts
        `data.sensitivity`, or rows of it.
    level
        The confidence level of the intervals.

    Returns
    -------
    DataFrame
        Estimates with measure *share* of the category *yes*; `variable` is the harmonised column. To the
        right what `data.sensitivity` says about the cut: `moved` is 0, -1 or 1, `step` of `steps` is the
        first that counts, `label` its words in the questionnaire. A cut that counts everybody or nobody has
        the note *not_applicable*, one without answers *no_answers*.

    Raises
    ------
    UsageError
        If the frame is not one of counts.

    Notes
    -----
    Intervals: Wilson 1927, see `wilson`. Three shares of the same women are no three independent results.

    Examples
    --------
    >>> row = {"programme": "fika", "column": "network_high", "n": 50, "data_status": "synthetic"}
    >>> cuts = pd.DataFrame([row | {"moved": 0, "count": 20}, row | {"moved": -1, "count": 35}])
    >>> sensitivity(cuts)[["variable", "moved", "estimate"]].to_numpy().tolist()
    [['network_high', 0, 0.4], ['network_high', -1, 0.7]]
    """
    check_level(level)
    absent = [name for name in COUNTED if name not in counts.columns]
    if absent:
        raise UsageError(f"The frame lacks {listed(absent)}.", fix="Give data.sensitivity.")
    count = counts["count"].astype("Float64").to_numpy(dtype="float64", na_value=np.nan)
    n = counts["n"].to_numpy(dtype="float64")
    known = ~np.isnan(count) & (n > 0)
    low, high = (np.where(known, edge, np.nan) for edge in wilson(np.where(known, count, 0), n, level=level))
    beside = counts.reindex(columns=[name for name in BESIDE if name in counts.columns])
    frame = pd.DataFrame(
        {
            "programme": counts["programme"],
            "variable": counts["column"],
            "category": "yes",
            "measure": "share",
            "estimate": np.where(known, count / np.where(n > 0, n, 1), np.nan),
            "conf_low": low,
            "conf_high": high,
            "count": np.where(known, count, np.nan),
            "n": n,
            "method": np.where(known, "wilson", "none"),
            "data_status": counts["data_status"],
            "note": np.where(known, "", np.where(n > 0, "not_applicable", "no_answers")),
        },
        index=counts.index,
    )
    return estimates.make(pd.concat([frame, beside], axis=1).assign(level=level))
