"""Flows between statuses: what rows and columns of a table of movements would tell of each other."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kij_analysis.disclosure.primary import THRESHOLD, suppress

_NUMBERS = ("estimate", "std_error", "conf_low", "conf_high", "p_value", "count", "missing")
_STEP = ("programme", "wave_1", "wave_2")
_OWN = ("first", "second", "group", "category", "variable", "measure", "method", "data_status", "note")


def suppress_flows(transitions: pd.DataFrame, *, threshold: int = THRESHOLD) -> pd.DataFrame:
    """The estimates of `kij_analysis.effects.transitions` with those hidden that tell of too few persons.

    Shares of everybody at one time are judged as `suppress` does. A flow is hidden if fewer than `threshold`
    persons moved that way, or fewer than `threshold` of its status did not; a status in which fewer were is
    hidden whole, and if it is the only one, the next smallest with it; so are the flows from and to a status
    that is hidden at that time. As the sums of a table of movements
    are known from the shares at each time, further flows are hidden until in every row and every column none
    is hidden or at least two are, of `threshold` persons or more together.

    Raises
    ------
    UsageError
        If the threshold is below 3.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> counts = {"work": (20, 9, 11), "on_the_way": (9, 12, 10), "no_work": (3, 14, 20)}
    >>> rows = [{"first": one, "second": two, "count": count, "n": sum(own), "estimate": count / sum(own),
    ...          "measure": "share", "wave_1": "entry", "wave_2": "end", "method": "none",
    ...          "data_status": "observed"} for one, own in counts.items() for two, count in zip(counts, own)]
    >>> found = suppress_flows(e.make(rows))
    >>> found["count"].fillna(-1).astype(int).tolist()
    [20, 9, 11, -1, -1, 10, -1, -1, 20]
    """
    standing = transitions["first"] == ""
    shown = suppress(transitions[standing], threshold=threshold)
    moving = transitions[~standing]
    keys = [name for name in moving.columns if name in _STEP]
    keys += [name for name in moving.columns if _is_group(moving[name], name)]
    hidden = pd.Series(False, index=moving.index)
    small = pd.Series(False, index=moving.index)
    if len(moving):
        for _, table in moving.groupby(keys, sort=False, dropna=False):
            own, few = _hidden(table, threshold, *_gone(table, shown, keys))
            hidden[table.index], small[table.index] = own, few
    kept = moving.copy()
    for name in kept.columns.intersection(_NUMBERS):
        kept[name] = kept[name].astype("float64").mask(hidden)
    kept["n"] = kept["n"].mask(small)
    # Who is missing is the flow to those without an answer: hidden wherever anything of the row is.
    rows = [*keys, "first"]
    partly = hidden.groupby([moving[name] for name in rows], dropna=False).transform("any")
    kept["missing"] = kept["missing"].mask(partly) if "missing" in kept.columns else np.nan
    kept["note"] = kept["note"].mask(hidden & (kept["note"] == ""), "hidden_small_count")
    return pd.concat([shown, kept]).loc[transitions.index]


def _is_group(column: pd.Series, name: str) -> bool:
    """Whether a column is one of those by which the table was made."""
    known = (*_STEP, *_OWN, "n", "level", "left_out", "ungrouped", "estimand", "design", "maryland")
    texts = pd.api.types.is_string_dtype(column.dtype) or isinstance(column.dtype, pd.CategoricalDtype)
    return name not in (*known, "assumptions", "would_raise", *_NUMBERS) and texts


def _gone(table: pd.DataFrame, shown: pd.DataFrame, keys: list[str]) -> tuple[set[str], set[str]]:
    """The statuses that are hidden at the first and at the second time of a table."""
    place = table.iloc[0]
    own = shown["note"] == "hidden_small_count"
    for name in (key for key in keys if key not in ("wave_1", "wave_2")):
        own &= shown[name] == place[name]
    found = []
    for wave in ("wave_1", "wave_2"):
        found.append(set(shown.loc[own & (shown["wave_1"] == place[wave]), "second"]))
    return found[0], found[1]


def _hidden(
    table: pd.DataFrame, threshold: int, gone_1: set[str], gone_2: set[str]
) -> tuple[pd.Series, pd.Series]:
    """Which flows of one table are hidden, and which rows of it are of too few persons."""
    there = table["n"] > 0
    small = there & ((table["n"] < threshold) | table["first"].isin(gone_1))
    statuses = table.loc[there].drop_duplicates("first").sort_values("n", kind="stable")
    if table.loc[small, "first"].nunique() == 1 and len(statuses) > 1:
        small |= table["first"] == statuses["first"].iloc[1]
    few = (table["count"] < threshold) | (table["n"] - table["count"] < threshold)
    hidden = there & (few | small | table["second"].isin(gone_2))
    changed = True
    while changed:
        changed = False
        for line, across in (("first", "second"), ("second", "first")):
            for _, cells in table[there].groupby(line, sort=False):
                touched = cells[across].isin(set(table.loc[hidden, across]))
                more = _partner(cells["count"], hidden[cells.index], touched, threshold)
                if more is not None:
                    hidden[more] = changed = True
    return hidden, small


def _partner(counts: pd.Series, hidden: pd.Series, touched: pd.Series, threshold: int) -> object | None:
    """The next flow of a row or column to hide, None if enough are or none needs to be.

    One that lies across a line which has hidden flows already costs no more of them there.
    """
    if not hidden.any() or hidden.all():
        return None
    gone = counts[hidden]
    if len(gone) >= 2 and gone.sum() >= threshold:
        return None
    preferred = ~hidden & touched
    return counts[preferred if preferred.any() else ~hidden].idxmin()
