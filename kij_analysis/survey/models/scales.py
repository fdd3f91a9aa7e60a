"""From the scale on which a quantity has symmetric errors to the one on which it is told."""

from __future__ import annotations

from typing import Any

import numpy as np

RATIOS = ("ratio", "odds_ratio")


def scaled(measure: str, value: float) -> dict[str, Any]:
    """The estimate of a quantity; ratios are computed as logarithms."""
    return {"estimate": float(np.exp(value)) if measure in RATIOS else float(value)}


def with_interval(measure: str, value: float, error: float, df: float, *, level: float) -> dict[str, Any]:
    """Estimate, error, interval and p-value; t with `df` degrees of freedom, normal where they are missing.

    Shares have logit intervals and no p-value; the error of a ratio is that of its logarithm times the ratio.
    A note says why there is no interval.
    """
    from scipy.stats import norm, t

    row = scaled(measure, value)
    if not error > 0 or not np.isfinite(error) or (not np.isnan(df) and df <= 0):
        return row | {"note": "too_few"}
    chance = norm if np.isnan(df) else t(df)
    reach = float(chance.ppf(0.5 + level / 2)) * error
    note = {} if np.isnan(df) else {"df": df}
    if measure == "share":
        return row | note | _logit(value, error, reach)
    edges = np.array([value - reach, value + reach])
    low, high = np.exp(edges) if measure in RATIOS else edges
    own = error * row["estimate"] if measure in RATIOS else error
    p = {} if measure == "mean" else {"p_value": float(2 * chance.sf(abs(value) / error))}
    return row | note | p | {"std_error": own, "conf_low": float(low), "conf_high": float(high)}


def _logit(share: float, error: float, reach: float) -> dict[str, Any]:
    middle, width = np.log(share / (1 - share)), reach / (share * (1 - share))
    low, high = 1 / (1 + np.exp(-np.array([middle - width, middle + width])))
    return {"std_error": error, "conf_low": float(low), "conf_high": float(high)}
