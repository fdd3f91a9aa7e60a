"""Rules for numbers that are no shares: means, medians, quantiles, extremes and models."""

from __future__ import annotations

import pandas as pd

from kij_analysis.disclosure.primary import blank
from kij_analysis.profiles import Profile
from kij_analysis.study import OF_PERSONS

OF_NUMBERS = (
    "mean", "median", "difference", "change", "correlation", "coefficient", "standardised_difference",
    "reliability", "kappa", "gamma", "amount", "months", "rate", "odds_ratio", "hazard_ratio", "ratio",
    "robustness_value", "e_value",
)  # fmt: skip
"""Measures that are computed from every person's own number."""
EXTREMES = ("minimum", "maximum", "min", "max", "lowest", "highest", "largest_difference")
"""Columns that hold the value of a single person."""
_BASES = ("n", "n_1", "n_2", "n_treated", "n_comparison")


def by_profile(shown: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """Estimates with those hidden that a profile does not allow, beyond small counts.

    A mean, median, quantile, difference of means, correlation, coefficient or other number to which every
    person adds her own value needs the profile's smallest base, in each group that is compared. A model
    needs its residual degrees of freedom (`df`). Smallest and largest values are one person's and go always.

    Parameters
    ----------
    shown
        Estimates, after `kij_analysis.disclosure.suppress` or another rule for small counts.
    profile
        The rules.

    Examples
    --------
    >>> from kij_analysis import estimates as e, profiles
    >>> rows = [{"measure": "mean", "estimate": 3.5, "n": n, "method": "student", "data_status": "observed"}
    ...     for n in (9, 10)]
    >>> by_profile(e.make(rows), profiles.profile("n5"))["note"].tolist()
    ['hidden_small_count', '']
    """
    ours = shown["data_status"].isin(OF_PERSONS) & shown["estimate"].notna()
    hidden = pd.Series(False, index=shown.index)
    number = shown["measure"].isin(OF_NUMBERS)
    for name in shown.columns.intersection(_BASES):
        hidden |= number & (shown[name] > 0) & (shown[name] < profile.smallest_base)
    if "df" in shown.columns:
        hidden |= is_model(shown) & (pd.to_numeric(shown["df"]) < profile.smallest_df)
    hidden &= ours
    frame = blank(shown, hidden, pd.Series(False, index=shown.index)) if hidden.any() else shown
    single = frame.columns.intersection(EXTREMES)
    single = single.intersection(frame.select_dtypes("number").columns)
    gone = {name: frame[name].astype("float64").mask(ours) for name in single}
    return frame.assign(**gone) if gone else frame


def is_model(frame: pd.DataFrame) -> pd.Series:
    """Which rows come from a regression, whose degrees of freedom tell how many persons stand behind it."""
    starts = ("linear", "logistic", "marginal", "proportional_odds", "regression", "ancova", "mixed", "cox")
    return frame["method"].str.startswith(starts) & ~frame["method"].isin(
        ["linearised", "linearised_mean", "linearised_difference"]
    )
