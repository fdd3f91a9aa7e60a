"""Primary suppression: an estimate on too few persons is hidden, with a note."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError

THRESHOLD = 5
"""The smallest count that is shown, until the data owner confirms another (design, section 7)."""

_HIDDEN = ["estimate", "std_error", "conf_low", "conf_high", "p_value", "count"]


def suppress(estimates: pd.DataFrame, *, threshold: int = THRESHOLD) -> pd.DataFrame:
    """The estimates with those hidden that rest on too few persons.

    A row is hidden if fewer than `threshold` persons gave the answer, if fewer than `threshold` did not
    (both would tell about recognisable persons), or if the base is smaller than `threshold`; then its
    base is hidden too. Persons without an answer or outside the population are told as missing where
    they are fewer than `threshold` and not none.

    Raises
    ------
    UsageError
        If the threshold is below 3.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> rows = [{"estimate": c / 20, "count": c, "n": 20, "measure": "share", "method": "none",
    ...          "data_status": "observed"} for c in (4, 5, 15, 16)]
    >>> suppress(e.make(rows))["note"].tolist()
    ['hidden_small_count', '', '', 'hidden_small_count']
    """
    if threshold < 3:
        raise UsageError(
            f"A threshold of {threshold} protects nobody.", fix="Use 3 or more; the default is 5."
        )
    frame = estimates.copy()
    small_base = frame["n"] < threshold
    small = (
        (frame["count"] < threshold)
        | (frame["n"] - frame["count"] < threshold)
        | (small_base & (frame["n"] > 0))
    )
    hidden = small & (frame["note"] == "")
    frame.loc[hidden, _HIDDEN] = np.nan
    frame.loc[small_base, "n"] = np.nan
    frame.loc[hidden, "note"] = "hidden_small_count"
    for name in ("missing", "left_out"):
        if name in frame.columns:
            few = (frame[name] > 0) & (frame[name] < threshold)
            frame[name] = frame[name].astype("float64").mask(few)
    return frame


def at_least(count: float, *, threshold: int = THRESHOLD) -> float | None:
    """A number of persons that may be printed, or None where it is small and not zero.

    Examples
    --------
    >>> at_least(12), at_least(3), at_least(0)
    (12, None, 0)
    """
    return None if 0 < count < threshold else count
