"""Intervals for shares."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kij_analysis.errors import UsageError

Floats = NDArray[np.float64]


def wilson(count: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """Wilson score intervals for shares, as fractions of 1; missing where n is 0.

    The score interval keeps its coverage at small n and never leaves 0–1, which the Wald interval does
    not (Wilson 1927, J. Am. Stat. Assoc. 22; Brown, Cai and DasGupta 2001, Stat. Sci. 16).

    Raises
    ------
    UsageError
        If a count is negative or larger than its n, or if the level does not lie between 0 and 1.

    Examples
    --------
    >>> low, high = wilson([10], [20])
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.2993], [0.7007])
    """
    from statsmodels.stats.proportion import proportion_confint

    check_level(level)
    pairs = np.broadcast_arrays(np.asarray(count, float), np.asarray(n, float))
    counts, bases = (np.atleast_1d(values) for values in pairs)
    if ((counts < 0) | (counts > bases)).any():
        raise UsageError("A count is negative or larger than its base n.", fix="Check the counts.")
    low = np.full(counts.shape, np.nan)
    high = low.copy()
    known = bases > 0
    if known.any():
        edges = proportion_confint(counts[known], bases[known], alpha=1 - level, method="wilson")
        low[known], high[known] = edges
    # The closed form misses the ends by a rounding error, which would print as a minus nought.
    low[known & (counts == 0)], high[known & (counts == bases)] = 0.0, 1.0
    return low, high


def check_level(level: float) -> None:
    """Refuse a confidence level that is not a fraction of 1."""
    if not 0 < level < 1:
        raise UsageError(f"The level is {level}; it lies between 0 and 1.", fix="Write 0.95 for 95 per cent.")


def linearised(
    hit: ArrayLike, weight: ArrayLike, *, size: int, level: float = 0.95
) -> tuple[float, float, float, float]:
    """A weighted share with its standard error and a logit interval.

    Taylor linearisation for a sample drawn with replacement, one person one unit, no strata; the rows
    given are a domain of a sample of `size` persons, and t has one degree of freedom less than the domain
    has persons (Lumley 2010, Complex Surveys, ch. 2). R's ``svyciprop(..., method = "xlogit")`` gives the
    same for a subset of ``svydesign(ids = ~1, weights = ~w)``; its ``"logit"`` does so up to the tolerance
    of the iteration inside.

    Parameters
    ----------
    hit
        True or false for each person of the domain.
    weight
        The weights of the same persons.
    size
        How many persons with a weight the whole sample has.

    Returns
    -------
    share, std_error, conf_low, conf_high
        Fractions of 1. All missing without persons, no error and no interval for a share of 0 or 1.

    Examples
    --------
    >>> share, error, low, high = linearised([1, 0, 1, 0], [1, 1, 2, 2], size=4)
    >>> round(share, 3), round(error, 3)
    (0.5, 0.304)
    """
    from scipy.stats import t

    check_level(level)
    y, w = np.asarray(hit, float), np.asarray(weight, float)
    if not len(y) or w.sum() <= 0:
        return (np.nan,) * 4
    share = float((w * y).sum() / w.sum())
    if len(y) < 2 or share in (0.0, 1.0):
        return share, np.nan, np.nan, np.nan
    residual = w * (y - share) / w.sum()
    error = float(np.sqrt(size / (size - 1) * (residual**2).sum()))
    logit, slope = np.log(share / (1 - share)), 1 / (share * (1 - share))
    reach = t.ppf(0.5 + level / 2, len(y) - 1) * error * slope
    low, high = 1 / (1 + np.exp(-(logit - reach))), 1 / (1 + np.exp(-(logit + reach)))
    return share, error, float(low), float(high)
