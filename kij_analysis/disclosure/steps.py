"""Curves over time: steps of few persons, and numbers that still wait, would show single persons."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kij_analysis.disclosure.primary import _CIRCUMSTANCES, THRESHOLD, suppress

_OF_TIME = ["month", "at_risk", "known_low", "known_high", "in_work"]
_CURVE = ["programme", "group", "variable", "category"]
BOUND = 0.05
"""What dates leave open is rounded outwards to multiples of this share."""


def suppress_steps(estimates: pd.DataFrame, *, threshold: int = THRESHOLD) -> pd.DataFrame:
    """Curves of `kij_analysis.effects` with those months hidden that would show single persons.

    First each month is judged by itself, as `suppress` does. Then a month is hidden too if since the last
    month shown more than none and fewer than `threshold` persons have come to this end of the wait: the
    step would be theirs. How many still wait is rounded to multiples of the threshold, and missing below
    it. Shares that the dates of answers leave open are rounded outwards to five hundredths.

    Raises
    ------
    UsageError
        If the threshold is below 3.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> row = {"programme": "fika", "category": "job", "measure": "share", "n": 40,
    ...        "method": "aalen_johansen", "data_status": "observed"}
    >>> rows = [row | {"month": m, "count": c, "estimate": c / 40, "at_risk": 40 - c}
    ...         for m, c in ((3, 4), (6, 9), (9, 11), (12, 16))]
    >>> suppress_steps(e.make(rows))[["count", "at_risk"]].values.tolist()
    [[nan, 35.0], [9.0, 30.0], [nan, 30.0], [16.0, 25.0]]
    """
    # Months are no parts of one whole, so that their counts do not add up to the base.
    alone = estimates.assign(measure="survival")
    hidden = suppress(alone, threshold=threshold).assign(measure=estimates["measure"])
    tiny = estimates["n"] < threshold
    for name in hidden.columns.intersection(_OF_TIME):
        hidden[name] = estimates[name].astype("float64").mask(tiny & (name != "month"))
    told = hidden.select_dtypes("number").columns.difference([*_OF_TIME, *_CIRCUMSTANCES])
    few = hidden.index.isin(_short_steps(hidden, threshold))
    for name in told:
        hidden[name] = hidden[name].astype("float64").mask(few)
    gone = hidden["estimate"].isna()
    hidden["note"] = hidden["note"].mask(gone & estimates["estimate"].notna(), "hidden_small_count")
    for name, side in (("known_low", -1), ("known_high", 1)):
        if name in hidden.columns:
            hidden[name] = _outwards(hidden[name], side).mask(gone)
    if "at_risk" in hidden.columns:
        waiting = hidden["at_risk"]
        hidden["at_risk"] = (threshold * (waiting / threshold).round()).mask(
            waiting.between(1, threshold - 1)
        )
    if "in_work" in hidden.columns:
        hidden["in_work"] = hidden["in_work"].mask(hidden["in_work"].between(1, threshold - 1))
    return hidden


def _outwards(shares: pd.Series, side: int) -> pd.Series:
    """Shares rounded down (−1) or up (1) to the next multiple, with room for the last bit."""
    steps = side * np.ceil(side * shares / BOUND - 1e-9)
    return (BOUND * steps).round(2)


def _short_steps(shown: pd.DataFrame, threshold: int) -> list[int]:
    """The rows whose step since the last row shown is of few persons."""
    found: list[int] = []
    for _, curve in shown.groupby([name for name in _CURVE if name in shown.columns], sort=False):
        last = 0.0
        for place, count in curve.sort_values("month")["count"].items():
            if np.isnan(count):
                continue
            if 0 < count - last < threshold:
                found.append(int(str(place)))
            else:
                last = count
    return found
