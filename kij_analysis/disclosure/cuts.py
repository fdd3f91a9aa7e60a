"""Shares at neighbouring cuts of one scale: what the difference of two of them would tell."""

from __future__ import annotations

import pandas as pd

from kij_analysis.disclosure.primary import THRESHOLD, suppress

ONE_SCALE = ["programme", "instrument", "round", "variable"]


def suppress_cuts(estimates: pd.DataFrame, *, threshold: int = THRESHOLD) -> pd.DataFrame:
    """The estimates of `kij_analysis.survey.sensitivity` with those hidden that tell of too few persons.

    First each row is judged by itself, as `suppress` does. Then a moved cut is hidden too if fewer than
    `threshold` women, none included, lie between it and another cut that is shown: the difference of the two
    shares would be their number. The declared cut stays before the moved ones.

    Raises
    ------
    UsageError
        If the threshold is below 3.

    Examples
    --------
    >>> from kij_analysis import survey
    >>> row = {"programme": "fika", "instrument": "end", "round": "2024", "column": "network_high", "n": 50,
    ...        "data_status": "observed"}
    >>> cuts = [row | {"moved": moved, "count": count} for moved, count in ((0, 20), (-1, 23), (1, 9))]
    >>> suppress_cuts(survey.sensitivity(pd.DataFrame(cuts)))["note"].tolist()
    ['', 'hidden_small_count', '']
    """
    hidden = suppress(estimates, threshold=threshold)
    keys = [name for name in ONE_SCALE if name in estimates.columns]
    for moved, others in ((-1, (0,)), (1, (0, -1))):
        for other in others:
            few = (hidden["moved"] == moved) & (_between(hidden, keys, other) < threshold)
            for name in ("estimate", "std_error", "conf_low", "conf_high", "p_value", "count"):
                hidden[name] = hidden[name].mask(few)
            hidden["note"] = hidden["note"].mask(few & (hidden["note"] == ""), "hidden_small_count")
    return hidden


def _between(shown: pd.DataFrame, keys: list[str], moved: int) -> pd.Series:
    """How many women lie between each cut and another one of its scale; missing where one is hidden."""
    other = shown[shown["moved"] == moved].set_index(keys)["count"]
    return (shown["count"] - other.reindex(pd.MultiIndex.from_frame(shown[keys])).to_numpy()).abs()
