"""Intervals for shares."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def wilson(count: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """Wilson score intervals for shares, as fractions of 1; missing where n is 0.

    The score interval keeps its coverage at small n and never leaves 0–1, which the Wald interval does
    not (Wilson 1927, J. Am. Stat. Assoc. 22; Brown, Cai and DasGupta 2001, Stat. Sci. 16).

    Examples
    --------
    >>> low, high = wilson([10], [20])
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.2993], [0.7007])
    """
    from statsmodels.stats.proportion import proportion_confint

    counts, bases = np.atleast_1d(np.asarray(count, float)), np.atleast_1d(np.asarray(n, float))
    low = np.full(counts.shape, np.nan)
    high = low.copy()
    known = bases > 0
    if known.any():
        edges = proportion_confint(counts[known], bases[known], alpha=1 - level, method="wilson")
        low[known], high[known] = edges
    return low, high


def linearised(
    hit: ArrayLike, weight: ArrayLike, *, size: int, level: float = 0.95
) -> tuple[float, float, float, float]:
    """A weighted share with its standard error and a logit interval.

    Taylor linearisation for a sample drawn with replacement, one person one unit, no strata; the rows
    given are a domain of a sample of `size` persons (Lumley 2010, Complex Surveys, ch. 2; the same as
    R's ``svyciprop(..., method = "logit")`` of ``svydesign(ids = ~1, weights = ~w)``).

    Parameters
    ----------
    hit
        True or false for each person of the domain.
    weight
        The weights of the same persons.
    size
        How many persons the whole sample has.

    Returns
    -------
    share, std_error, conf_low, conf_high
        Fractions of 1. All missing without persons, no interval for a share of 0 or 1.

    Examples
    --------
    >>> share, error, low, high = linearised([1, 0, 1, 0], [1, 1, 2, 2], size=4)
    >>> round(share, 3), round(error, 3)
    (0.5, 0.304)
    """
    from scipy.stats import t

    y, w = np.asarray(hit, float), np.asarray(weight, float)
    if not len(y) or w.sum() <= 0:
        return (np.nan,) * 4
    share = float((w * y).sum() / w.sum())
    if size < 2 or share in (0.0, 1.0):
        return share, np.nan, np.nan, np.nan
    residual = w * (y - share) / w.sum()
    error = float(np.sqrt(size / (size - 1) * (residual**2).sum()))
    logit, slope = np.log(share / (1 - share)), 1 / (share * (1 - share))
    reach = t.ppf(0.5 + level / 2, size - 1) * error * slope
    low, high = 1 / (1 + np.exp(-(logit - reach))), 1 / (1 + np.exp(-(logit + reach)))
    return share, error, float(low), float(high)
