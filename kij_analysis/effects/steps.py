"""Step curves of times: fitted by greenwood, and read at a month."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.effects.time import OUTCOMES
from kij_analysis.survey.design import Floats

DATES = ("middle", "earliest", "latest")
LIMITS = ("log_log", "log", "plain")
COLUMN = {"middle": "months", "earliest": "months_earliest", "latest": "months_latest"}


def times(persons: pd.DataFrame, dates: str = "middle") -> Floats:
    """The months of persons, at the day that is chosen where it is not known."""
    column = COLUMN[dates] if COLUMN[dates] in persons.columns else "months"
    return persons[column].to_numpy("float64")


def kaplan_meier(time: Floats, happened: np.ndarray, limits: str, level: float) -> pd.DataFrame:
    """The product-limit curve: `time`, `estimate`, `std_error`, `conf_low`, `conf_high`."""
    import greenwood

    fitted = greenwood.KaplanMeier(conf_type=limits.replace("_", "-"), conf_level=level)
    frame: pd.DataFrame = fitted.fit(greenwood.Surv(time, event=happened.astype(int))).to_frame(
        format="pandas"
    )
    return frame


def aalen_johansen(time: Floats, outcome: pd.Series, limits: str, level: float) -> dict[str, pd.DataFrame]:
    """The cumulative incidence of every end of the wait."""
    import greenwood

    causes = pd.Categorical(outcome.astype("str"), categories=list(OUTCOMES))
    fitted = greenwood.AalenJohansen(conf_type=limits.replace("_", "-"), conf_level=level)
    frame = fitted.fit(greenwood.Surv(time, event=causes)).to_frame(format="pandas")
    return {cause: frame[frame["cause"] == cause].reset_index(drop=True) for cause in OUTCOMES[1:]}


def read(
    curve: pd.DataFrame, time: Floats, happened: np.ndarray, month: float, method: str, *, ended: bool
) -> dict[str, Any]:
    """What a curve says at a month; nothing after the last person is lost from sight."""
    start = 1.0 if method == "kaplan_meier" else 0.0
    row: dict[str, Any] = {
        "month": month,
        "count": int((happened & (time <= month)).sum()),
        "at_risk": int((time >= month).sum()),
    }
    if month > time.max() and not ended:
        return row | {"note": "not_followed", "method": "none"}
    estimate, error, low, high = (
        value(curve, month, name, first)
        for name, first in (
            ("estimate", start),
            ("std_error", 0.0),
            ("conf_low", start),
            ("conf_high", start),
        )
    )
    row |= {"estimate": float(np.clip(estimate, 0, 1)), "std_error": error, "method": method}
    if not error > 0 or np.isnan(low) or np.isnan(high):
        # With no event so far, or none left, the curve has no width, and an interval would pretend to know.
        return row | {"std_error": np.nan}
    return row | {"conf_low": low, "conf_high": high}


def value(curve: pd.DataFrame, month: float, name: str, start: float) -> float:
    """The height of a step curve at a month."""
    place = int(np.searchsorted(curve["time"].to_numpy(), month, side="right"))
    return float(curve[name].iloc[place - 1]) if place else start


def crossing(time: pd.Series, height: pd.Series) -> float:
    """Where a falling curve reaches one half; between two steps if it stays there (as R's survival does)."""
    values, at = height.to_numpy("float64"), time.to_numpy("float64")
    below = np.flatnonzero(values <= 0.5 + 1e-12)
    if not len(below):
        return float("nan")
    first = below[0]
    flat = np.flatnonzero(values < 0.5 - 1e-12)
    if abs(values[first] - 0.5) <= 1e-12 and len(flat):
        return float((at[first] + at[flat[0]]) / 2)
    return float(at[first])
