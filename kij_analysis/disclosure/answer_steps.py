"""Steps of an answer scale on which few stand are told together with their neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import estimates as results
from kij_analysis.disclosure.primary import THRESHOLD, suppress
from kij_analysis.errors import UsageError
from kij_analysis.survey import wilson

QUESTION = ["programme", "group", "variable", "scale", "steps"]
_OF_THE_SCALE = ["step", "last", "steps", "cut"]
"""Numbers that say where a step lies and nothing about who answered."""


def join_steps(estimates: pd.DataFrame, *, threshold: int = THRESHOLD) -> pd.DataFrame:
    """The shares of `kij_analysis.survey.step_shares`, steps with too few persons joined with the next.

    A scale of six steps and forty answers would lose half of its steps to `suppress`; joined they stay in the
    picture. Steps are joined on one side of the middle only, and never across the step from which on an
    answer counts as high, whose share stands elsewhere. What is still too small is hidden, and with it, first
    on the same side of that step, the smallest others until at least two are hidden that count `threshold`
    persons together.

    Returns
    -------
    DataFrame
        The rows with `step` and `last`, the first and the last step of each; the category of a joined row is
        ``steps_1_to_2_of_5``. A joined share has Wilson's interval where the others have, else none.

    Raises
    ------
    UsageError
        If the threshold is below 3, or the frame does not say to which step of which scale its rows belong.

    Examples
    --------
    >>> from kij_analysis import survey
    >>> given = pd.Categorical([1] * 2 + [2] * 6 + [3] * 5 + [4] * 7, categories=[1, 2, 3, 4], ordered=True)
    >>> answers = pd.DataFrame({"programme": "fika", "gender": "woman", "trust": given,
    ...     "data_status": "observed"})
    >>> join_steps(survey.step_shares(answers, "trust"))[["category", "count"]].values.tolist()
    [['steps_1_to_2_of_4', 8.0], ['step_3_of_4', 5.0], ['step_4_of_4', 7.0]]
    """
    absent = [name for name in (*QUESTION, "step", "cut") if name not in estimates.columns]
    if absent:
        raise UsageError(f"The frame has no column '{absent[0]}'.", fix="Use survey.step_shares.")
    whole = estimates.assign(last=estimates["step"])
    parts = [
        _protected(own.reset_index(drop=True), threshold)
        for _, own in whole.groupby(QUESTION, sort=False, dropna=False)
    ]
    if not parts:
        return suppress(whole, threshold=threshold)
    return results.make(pd.concat(parts, ignore_index=True))


def _protected(own: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """The rows of one question on one scale."""
    if own["count"].isna().any():
        return _hidden(own, suppress(own, threshold=threshold))
    level = float(own["level"].iloc[0]) if "level" in own.columns else 0.95
    rows = [_joined(own.iloc[list(places)], level) for places in _runs(own, threshold)]
    joined = pd.DataFrame(rows, columns=own.columns)
    # Each row by itself: which others go with it is decided here.
    alone = joined.assign(group=[f"{place}" for place in range(len(joined))])
    shown = suppress(alone, threshold=threshold).assign(group=joined["group"])
    gone = _partners(joined, shown["estimate"].isna(), threshold)
    shown["estimate"] = shown["estimate"].mask(gone)
    for name in ("std_error", "conf_low", "conf_high", "p_value", "count"):
        shown[name] = shown[name].mask(gone)
    shown["note"] = shown["note"].mask(gone & (shown["note"] == ""), "hidden_small_count")
    return _hidden(joined, shown)


def _hidden(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """The rows with the places of their steps, which tell nothing about anybody."""
    return after.assign(**{name: before[name] for name in _OF_THE_SCALE})


def _runs(own: pd.DataFrame, threshold: int) -> Iterator[list[int]]:
    """Which rows stand together: neighbours within a zone, until each holds enough persons or all are one."""
    counts = own["count"].to_numpy(dtype="float64")
    for zone in _zones(own):
        runs = [[place] for place in zone]
        while len(runs) > 1:
            sizes = [counts[run].sum() for run in runs]
            least = int(np.argmin(sizes))
            if sizes[least] >= threshold:
                break
            beside = [place for place in (least - 1, least + 1) if 0 <= place < len(runs)]
            other = min(beside, key=lambda place: sizes[place])
            first, second = sorted((least, other))
            runs[first : second + 1] = [runs[first] + runs[second]]
        yield from runs


def _zones(own: pd.DataFrame) -> list[list[int]]:
    """The places of the steps that may be joined: on one side of the middle and of the cut, in order."""
    steps, cut = own["step"].to_numpy(dtype="float64"), float(own["cut"].iloc[0])
    middle = (float(own["steps"].iloc[0]) + 1) / 2
    keys = [(np.sign(step - middle), bool(step >= cut)) for step in steps]
    starts = [0, *(place for place in range(1, len(keys)) if keys[place] != keys[place - 1]), len(keys)]
    return [list(range(first, end)) for first, end in pairwise(starts)]


def _joined(rows: pd.DataFrame, level: float) -> dict[Any, Any]:
    """One row for several steps."""
    first = rows.iloc[0].to_dict()
    if len(rows) == 1:
        return first
    last, count, n = rows["step"].iloc[-1], float(rows["count"].sum()), first["n"]
    category = f"steps_{first['step']:.0f}_to_{last:.0f}_of_{first['steps']:.0f}"
    own = {"category": category, "last": last, "count": count, "estimate": float(rows["estimate"].sum())}
    gone = dict.fromkeys(("std_error", "conf_low", "conf_high", "p_value"), np.nan)
    if first["method"] == "wilson":
        low, high = wilson(count, n, level=level)
        gone |= {"conf_low": float(np.ravel(low)[0]), "conf_high": float(np.ravel(high)[0])}
    return first | own | gone


def _partners(joined: pd.DataFrame, hidden: pd.Series, threshold: int) -> pd.Series:
    """What must be hidden beside, because the share above the cut is known and all add up to the base."""
    result, counts = hidden.copy(), joined["count"]
    high = joined["step"] >= joined["cut"]
    for _ in range(2):
        for side in (high, ~high):
            if result[side].any():
                result = _enough(result, counts, side, threshold)
        if result.any():
            result = _enough(result, counts, high | ~high, threshold)
    return result


def _enough(hidden: pd.Series, counts: pd.Series, among: pd.Series, threshold: int) -> pd.Series:
    """Hide the smallest of some rows until two are hidden that count enough together, or all are."""
    result = hidden.copy()
    for row in counts[among & ~hidden].sort_values(kind="stable").index:
        gone = counts[result & among]
        if len(gone) >= 2 and gone.sum() >= threshold:
            break
        result[row] = True
    return result
