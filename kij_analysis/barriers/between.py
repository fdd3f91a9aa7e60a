"""Programmes held against each other from what may leave of each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kij_analysis import estimates, survey
from kij_analysis.barriers.asking import REST

EMPTY = ("estimate", "std_error", "conf_low", "conf_high", "p_value", "count", "rank", "p_adjusted", "df")
NEEDS_ROWS = "needs_rows"


def between(
    shares: pd.DataFrame,
    *,
    models: pd.DataFrame | None = None,
    leave_out: Sequence[str] = REST,
    level: float = 0.95,
) -> pd.DataFrame:
    """The differences that `adjusted` gives, those as answered computed from shares alone.

    Parameters
    ----------
    shares
        Estimates of `prevalence` by programme, of one wave and role.
    models
        The frame that `adjusted` gave where the persons of several programmes were at hand. A pair that is
        not in it has rows without an estimate, with the note *needs_rows*.
    leave_out
        Barriers that are not looked at.
    level
        The confidence level.

    Returns
    -------
    DataFrame
        As `adjusted` gives it; no rows where there is one programme only.

    Examples
    --------
    >>> rows = [{"programme": p, "variable": "barrier_network", "category": "yes", "measure": "share",
    ...          "count": k, "n": 60, "estimate": k / 60, "method": "wilson", "data_status": "synthetic"}
    ...         for p, k in (("fika", 37), ("sajo", 28))]
    >>> between(estimates.make(rows))[["model", "estimate", "note"]].round(2).values.tolist()
    [['crude', 0.15, ''], ['adjusted', nan, 'needs_rows']]
    """
    crude = survey.differences_of_shares(shares[~shares["variable"].isin(leave_out)], level=level)
    crude = crude.assign(model="crude", adjusted_for="", not_in_both="")
    known = models[models["model"] == "adjusted"] if models is not None and len(models) else crude.iloc[:0]
    rows = []
    for place in range(len(crude)):
        row = crude.iloc[[place]]
        same = [known[name] == row[name].iloc[0] for name in ("first", "second", "variable")]
        own = known[np.logical_and.reduce(same)] if len(known) else known
        if own.empty:
            own = without(row.assign(model="adjusted"))
        rows += [row, own]
    found = estimates.make(pd.concat(rows, ignore_index=True) if rows else crude)
    family = {"p_adjusted": np.nan, "adjustment": "", "family_size": np.nan}
    found = found.assign(**{name: empty for name, empty in family.items() if name not in found})
    texts = [name for name in ("test", "predictor", "adjustment", "not_in_both") if name in found]
    return found.assign(**{name: found[name].astype("str").fillna("") for name in texts})


def without(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows without their numbers, because the persons themselves would be needed to compute them."""
    gone = {name: np.nan for name in EMPTY if name in rows.columns}
    note = rows["note"].mask(rows["estimate"].notna() | (rows["note"] == ""), NEEDS_ROWS)
    texts = {"test": ""} if "test" in rows.columns else {}
    return rows.assign(**gone, note=note, method="none", **texts)


def on_one_list(counted: pd.DataFrame) -> pd.DataFrame:
    """The estimates of `number` or `combinations`, as far as all programmes were counted over one list.

    What the lists of several programmes have in common is known only where the answers of all are at hand.
    Where each was counted by itself over another list, these rows lose their numbers and have the note
    *needs_rows*; of combinations, which differ with the list, no rows are left.

    Parameters
    ----------
    counted
        Estimates with `barriers`: the list that was looked at, joined by ``+``; empty for the list of the
        programme's own.

    Examples
    --------
    >>> row = {"variable": "barriers_named_shared", "measure": "mean", "n": 40, "data_status": "synthetic",
    ...        "method": "student"}
    >>> lists = [("fika", "language+network", 2.0), ("sajo", "network+health", 1.5)]
    >>> rows = [row | {"programme": p, "barriers": b, "estimate": m} for p, b, m in lists]
    >>> on_one_list(estimates.make(rows))["note"].tolist()
    ['needs_rows', 'needs_rows']
    """
    parts = []
    for _, rows in counted.groupby("variable", sort=False):
        lists = set(rows.loc[rows["barriers"] != "", "barriers"])
        if len(lists) < 2:
            parts.append(rows)
        elif (rows["variable"] != "barrier_combination").all():
            parts.append(without(rows).assign(items=np.nan))
    return estimates.make(pd.concat(parts, ignore_index=True)) if parts else counted.iloc[:0]
