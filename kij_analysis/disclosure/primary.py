"""Suppression: an estimate on too few persons is hidden with a note, and so is what would tell it."""

from __future__ import annotations

import pandas as pd

from kij_analysis.errors import UsageError

THRESHOLD = 5
"""The smallest count that is shown, until the data owner confirms another (design, section 7)."""

_CIRCUMSTANCES = [
    "n", "missing", "missing_predictors", "left_out", "ungrouped", "level", "maryland", "asked", "rate",
    "shift", "m", "planned", "power", "steps", "at", "moved", "step", "last",
    "cut", "month",
]  # fmt: skip
"""Numbers that say nothing about who gave the answer; all others of a hidden row go."""

_TELLING = ("", "no_variation", "few_events", "small_sample")
"""Notes that give way: that all of four persons answered alike tells what each of them answered, and how to
read a number says nothing where it is hidden."""


def suppress(estimates: pd.DataFrame, *, threshold: int = THRESHOLD) -> pd.DataFrame:
    """The estimates with those hidden that rest on too few persons.

    A row is hidden if fewer than `threshold` persons gave the answer, if fewer than `threshold` did not
    (both would tell about recognisable persons), or if the base is smaller than `threshold`; then its
    base, and how many gave no answer, are hidden too. A hidden row keeps no other number, whatever
    columns stand to the right; a note that it had stays, unless it tells of the answers. Persons
    without an answer, outside the population or in no group are told as missing where they are fewer than
    `threshold` and not none.

    A comparison is hidden if either of its groups would be (`count_1` of `n_1`, `count_2` of `n_2`), and so
    is its base where one of them has few persons; how many gained and lost an answer is hidden where either
    is smaller than `threshold`.

    Where all answers to a question stand side by side and some are hidden, the next smallest are hidden too
    until at least two are, which together count `threshold` persons or more; else one could be had by
    subtraction. Other tables are not looked at.

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
    check(threshold)
    few = estimates["n"] < threshold
    hidden = small(estimates["count"], estimates["n"], threshold)
    for group in ("1", "2"):
        if f"n_{group}" in estimates.columns:
            counts = estimates.get(f"count_{group}", pd.Series(float("nan"), index=estimates.index))
            hidden |= small(counts, estimates[f"n_{group}"], threshold)
            # The other group's number may stand elsewhere, and the sum less it would be this one's.
            few |= (estimates[f"n_{group}"] > 0) & (estimates[f"n_{group}"] < threshold)
    frame = blank(estimates, _with_partners(estimates, hidden, threshold), few)
    for name in frame.columns.intersection(["missing", "missing_predictors", "left_out", "ungrouped"]):
        persons = frame[name].astype("float64")
        frame[name] = persons.mask((persons > 0) & (persons < threshold))
    if {"gained", "lost"} <= set(frame.columns):
        # Their difference is the change itself, so that one would tell the other.
        either = (frame["gained"] < threshold) | (frame["lost"] < threshold)
        frame[["gained", "lost"]] = frame[["gained", "lost"]].mask(either)
    return frame


def check(threshold: int) -> None:
    """Refuse a threshold that protects nobody.

    Raises
    ------
    UsageError
        If it is below 3.
    """
    if threshold < 3:
        raise UsageError(
            f"A threshold of {threshold} protects nobody.", fix="Use 3 or more; the default is 5."
        )


def blank(estimates: pd.DataFrame, hidden: pd.Series, few: pd.Series) -> pd.DataFrame:
    """The estimates with no number left in the hidden rows, and no base in those of few persons.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> row = {"estimate": 0.3, "count": 6, "n": 20, "measure": "share", "method": "none"}
    >>> frame = e.make([row | {"data_status": "observed"}])
    >>> blank(frame, pd.Series([True]), pd.Series([False]))[["count", "n", "note"]].values.tolist()
    [[nan, 20.0, 'hidden_small_count']]
    """
    frame = estimates.copy()
    for name in frame.select_dtypes("number").columns.difference(_CIRCUMSTANCES):
        frame[name] = frame[name].astype("float64").mask(hidden)
    for name in frame.columns.intersection(["n", "missing", "missing_predictors"]):
        frame[name] = frame[name].astype("float64").mask(few)
    telling = frame["note"].isin(_TELLING)
    frame["note"] = frame["note"].mask(hidden & telling, "hidden_small_count")
    return frame


def small(count: pd.Series, n: pd.Series, threshold: int) -> pd.Series:
    """Where few gave an answer, or few did not, or few were asked; not where nobody was."""
    return ((n < threshold) | (count < threshold) | (n - count < threshold)) & (n != 0)


def _with_partners(estimates: pd.DataFrame, hidden: pd.Series, threshold: int) -> pd.Series:
    """What must be hidden beside: where answers add up, a single hidden count is the rest of the base.

    Two hidden counts that sum to less than the threshold would still tell that nobody, or hardly anybody,
    gave these answers.
    """
    result = hidden.copy()
    shares = estimates[(estimates["measure"] == "share") & estimates["count"].notna()]
    for _, part in shares.groupby(["programme", "group", "variable"], sort=False):
        own = result[part.index]
        if len(part) < 2 or part["count"].sum() != part["n"].iloc[0] or not own.any():
            continue
        for row in part[~own].sort_values("count", kind="stable").index:
            gone = part.loc[result[part.index], "count"]
            if len(gone) >= 2 and gone.sum() >= threshold:
                break
            result[row] = True
    return result


def at_least(count: float, *, threshold: int = THRESHOLD) -> float | None:
    """A number of persons that may be printed, or None where it is small and not zero.

    Examples
    --------
    >>> at_least(12), at_least(3), at_least(0)
    (12, None, 0)
    """
    return None if 0 < count < threshold else count
