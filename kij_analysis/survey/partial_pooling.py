"""Each programme's estimate drawn towards the mean of all, as far as the data let (Bayesian)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import estimates as shape
from kij_analysis.errors import UsageError
from kij_analysis.survey.design import Floats
from kij_analysis.survey.intervals import check_level
from kij_analysis.survey.pooled_rows import Rows, rows_of
from kij_analysis.survey.pooling import FEW, common_of

EXTRA = ("median", "above", "tau", "tau_low", "tau_high", "own", "k", "level")
NODES = 48
"""Points of the numerical integration in each stretch of τ."""


@dataclass(frozen=True, kw_only=True)
class Mixture:
    """A normal distribution for every τ, with the weight of that τ."""

    weight: Floats
    mean: Floats
    variance: Floats

    @property
    def middle(self) -> float:
        """The mean."""
        return float(self.weight @ self.mean)

    @property
    def deviation(self) -> float:
        """The standard deviation."""
        apart = self.weight @ (self.variance + (self.mean - self.middle) ** 2)
        return float(np.sqrt(apart))

    def below(self, value: float) -> float:
        """The probability of lying below a value."""
        from scipy.special import ndtr

        return float(self.weight @ ndtr((value - self.mean) / np.sqrt(self.variance)))

    def quantile(self, p: float) -> float:
        """The value below which a fraction lies."""
        far = 40 * np.sqrt(self.variance.max()) + np.ptp(self.mean)
        return _root(lambda value: self.below(value) - p, self.middle - far, self.middle + far)


def partial_pool(
    estimates: pd.DataFrame,
    *,
    scale: float,
    by: str = "programme",
    verdicts: pd.DataFrame | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Each programme's estimate drawn towards the mean of all, the mean, and what a further one might show.

    How far programmes differ (τ) is given a half-normal prior, because three of them cannot tell it. The
    scale of the prior is an assumption that the result rests on: show two of them.

    Parameters
    ----------
    estimates, by, verdicts
        As in `pool`.
    scale
        The scale of the half-normal prior of τ, in the unit of the estimates (of the logarithm for ratios):
        95 per cent of it lie below 1.96 times the scale. 0.5 is usual for log odds ratios; for differences of
        shares 0.1 holds it likely that most programmes lie within 40 points of each other.
    level
        The probability of the central intervals.

    Returns
    -------
    DataFrame
        Estimates (posterior mean and standard deviation, central interval): one row per programme (group
        *drawn*), then *mean* and *further* (a further programme). To the right `median`, `above` (the
        probability of lying above no difference: 0, for ratios 1), `tau` (median) with its interval, `own`
        (the estimate before), `k` and `level`. There are no p values. Fewer than two estimates: one row,
        *nothing_to_pool*.

    Raises
    ------
    UsageError
        As `pool` does; or if the scale is not above 0.

    Notes
    -----
    The normal-normal model with a flat prior of the mean; τ integrated numerically (Röver 2020, bayesmeta;
    half-normal priors: Röver and others 2021). For ratios estimates are exponentials of the posterior means
    of the logarithms.

    Examples
    --------
    >>> rows = [{"programme": p, "variable": "employed", "measure": "risk_difference", "estimate": y,
    ...          "std_error": s, "method": "none", "data_status": "observed"}
    ...         for p, y, s in (("DK", 0.25, 0.06), ("SE", 0.02, 0.04), ("FI", 0.14, 0.09))]
    >>> found = partial_pool(shape.make(rows), scale=0.1)
    >>> found[["programme", "group", "own", "estimate"]].round(2).values.tolist()[:2]
    [['DK', 'drawn', 0.25, 0.21], ['SE', 'drawn', 0.02, 0.04]]
    """
    check_level(level)
    if not scale > 0 or not np.isfinite(scale):
        raise UsageError(
            f"The scale of the prior is {scale:g}.",
            fix="Give a number above 0, in the unit of the estimates.",
        )
    rows = rows_of(estimates, by, verdicts)
    common = common_of(rows) | {"level": level, "method": "partially_pooled"}
    if rows.k < 2:
        empty = dict.fromkeys(EXTRA, np.nan)
        return shape.make([empty | common | {"group": "mean", "note": "nothing_to_pool", "method": "none"}])
    tau, weight = _posterior(rows, scale)
    low, high = (1 - level) / 2, (1 + level) / 2
    common |= dict(
        zip(("tau_low", "tau", "tau_high"), (_cut(tau, weight, p) for p in (low, 0.5, high)), strict=True)
    )
    common["note"] = "few_estimates" if rows.k < FEW else ""
    own = [
        {"programme": name, "group": "drawn", "own": value}
        for name, value in zip(rows.names, rows.frame["estimate"], strict=True)
    ]
    counts = rows.frame.get("n", pd.Series(np.nan, index=rows.frame.index))
    places = [row | {"n": n} for row, n in zip(own, counts, strict=True)]
    places += [{"group": "mean"}, {"group": "further"}]
    mixtures = _mixtures(rows, tau, weight)
    made = [_row(rows, mixture, low, high) for mixture in mixtures]
    return shape.make([common | place | row for place, row in zip(places, made, strict=True)])


def _row(rows: Rows, mixture: Mixture, low: float, high: float) -> dict[str, Any]:
    ends = mixture.quantile(low), mixture.quantile(high)
    median = mixture.quantile(0.5)
    return rows.spoken(mixture.middle, mixture.deviation, *ends) | {
        "median": float(np.exp(median)) if rows.ratio else median,
        "above": 1 - mixture.below(0.0),
    }


def _posterior(rows: Rows, scale: float) -> tuple[Floats, Floats]:
    """Values of τ and their posterior weights: Gauss and Legendre's points in ever longer stretches."""
    points, own = np.polynomial.legendre.leggauss(NODES)
    smallest = min(float(rows.error.min()) / 8, scale)
    edges = [0.0, smallest]
    while edges[-1] < 9 * scale:
        edges.append(min(2 * edges[-1], 9 * scale))
    starts, ends = np.array(edges[:-1]), np.array(edges[1:])
    half = (ends - starts)[:, None] / 2
    tau = (half * points + (starts + ends)[:, None] / 2).ravel()
    variance = rows.error**2 + tau[:, None] ** 2
    total = (1 / variance).sum(axis=1)
    mean = (rows.effect / variance).sum(axis=1) / total
    apart = ((rows.effect - mean[:, None]) ** 2 / variance).sum(axis=1)
    height = -0.5 * (np.log(variance).sum(axis=1) + np.log(total) + apart + (tau / scale) ** 2)
    weight = np.exp(height - height.max()) * (half * own).ravel()
    return tau, weight / weight.sum()


def _mixtures(rows: Rows, tau: Floats, weight: Floats) -> list[Mixture]:
    """What is known of each programme, of the mean, and of a further programme."""
    variance = rows.error**2 + tau[:, None] ** 2
    total = (1 / variance).sum(axis=1)
    mean = (rows.effect / variance).sum(axis=1) / total
    drawn = rows.error**2 / variance
    found = [
        Mixture(
            weight=weight,
            mean=share * mean + (1 - share) * effect,
            variance=(1 - share) * error**2 + share**2 / total,
        )
        for share, effect, error in zip(drawn.T, rows.effect, rows.error, strict=True)
    ]
    found.append(Mixture(weight=weight, mean=mean, variance=1 / total))
    found.append(Mixture(weight=weight, mean=mean, variance=1 / total + tau**2))
    return found


def _cut(tau: Floats, weight: Floats, p: float) -> float:
    """The quantile of τ, read between the points of the integration."""
    below = np.concatenate([[0.0], np.cumsum(weight) - weight / 2])
    return float(np.interp(p, below, np.concatenate([[0.0], tau])))


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    from scipy.optimize import brentq

    return float(brentq(function, low, high, xtol=1e-14))
