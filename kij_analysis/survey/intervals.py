"""Intervals for shares."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kij_analysis.errors import UsageError, one_of

Floats = NDArray[np.float64]


INTERVALS = ("wilson", "jeffreys", "clopper_pearson")


def wilson(
    count: ArrayLike, n: ArrayLike, *, level: float = 0.95, population_size: float | None = None
) -> tuple[Floats, Floats]:
    """Wilson score intervals for shares, as fractions of 1; missing where n is 0.

    The score interval keeps its coverage at small n and never leaves 0–1, which the Wald interval does
    not (Wilson 1927, J. Am. Stat. Assoc. 22; Brown, Cai and DasGupta 2001, Stat. Sci. 16).

    Parameters
    ----------
    count, n
        How many gave the answer, of how many.
    level
        The confidence level.
    population_size
        How many persons the answers are drawn from. The variance in the score is then p(1 − p)/n ·
        (N − n)/(N − 1), that of a sample drawn without replacement (Cochran 1977, Sampling Techniques,
        section 3.2), so the interval is Wilson's with n(N − 1)/(N − n) persons, and a point where all
        have answered.

    Raises
    ------
    UsageError
        If a count is negative or larger than its n, if the level does not lie between 0 and 1, or if the
        population is smaller than n.

    Examples
    --------
    >>> low, high = wilson([10], [20])
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.2993], [0.7007])
    >>> low, high = wilson([10], [20], population_size=30)
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.3754], [0.6246])
    """
    return _closed("wilson", count, n, level, population_size)


def jeffreys(
    count: ArrayLike, n: ArrayLike, *, level: float = 0.95, population_size: float | None = None
) -> tuple[Floats, Floats]:
    """Jeffreys intervals: equal tails of Beta(x + ½, n − x + ½), from 0 at x = 0 and to 1 at x = n.

    The rule for the ends is that of Brown, Cai and DasGupta 2001 (Stat. Sci. 16). With a `population_size`
    x and n are multiplied as in `wilson`. Parameters and errors are those of `wilson`.

    Examples
    --------
    >>> low, high = jeffreys([0, 10], [20, 20])
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0, 0.2934], [0.1166, 0.7066])
    """
    return _closed("jeffreys", count, n, level, population_size)


def clopper_pearson(
    count: ArrayLike, n: ArrayLike, *, level: float = 0.95, population_size: float | None = None
) -> tuple[Floats, Floats]:
    """Clopper–Pearson intervals, which cover at least as often as they say, and mostly more often.

    With a `population_size` the tails are hypergeometric: the interval holds every number of persons in the
    population that the answers do not contradict at half of 1 − level on either side (Buonaccorsi 1987,
    Am. Stat. 41). Parameters and errors are those of `wilson`.

    Examples
    --------
    >>> low, high = clopper_pearson([0, 10], [20, 20])
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0, 0.272], [0.1684, 0.728])
    """
    if population_size is None:
        return _closed("beta", count, n, level, None)
    from scipy.stats import hypergeom

    counts, bases = _checked(count, n, level, population_size)
    size = int(population_size)
    possible = np.arange(size + 1)
    low, high = np.full(counts.shape, np.nan), np.full(counts.shape, np.nan)
    tail = (1 - level) / 2
    for i, (x, m) in enumerate(zip(counts, bases, strict=True)):
        if m:
            upper = hypergeom.sf(x - 1, size, possible, m) > tail
            lower = hypergeom.cdf(x, size, possible, m) > tail
            held = possible[upper & lower & (possible >= x) & (possible <= x + size - m)]
            low[i], high[i] = held[0] / size, held[-1] / size
    return low, high


def share_interval(
    count: ArrayLike, n: ArrayLike, *, interval: str, level: float, population_size: float | None
) -> tuple[Floats, Floats, str]:
    """The interval of that name and the code of its method."""
    kinds = {"wilson": wilson, "jeffreys": jeffreys, "clopper_pearson": clopper_pearson}
    finite = {"wilson": "wilson_finite", "jeffreys": "jeffreys_finite", "clopper_pearson": "hypergeometric"}
    one_of(interval, INTERVALS, name="The interval")
    low, high = kinds[interval](count, n, level=level, population_size=population_size)
    return low, high, interval if population_size is None else finite[interval]


def logit_interval(share: float, error: float, *, steps: float) -> tuple[float, float]:
    """An interval that is symmetric on the logit scale; `steps` is the quantile of t or z."""
    logit, reach = np.log(share / (1 - share)), steps * error / (share * (1 - share))
    return float(1 / (1 + np.exp(-(logit - reach)))), float(1 / (1 + np.exp(-(logit + reach))))


def _closed(
    method: str, count: ArrayLike, n: ArrayLike, level: float, population_size: float | None
) -> tuple[Floats, Floats]:
    """An interval of statsmodels, right at its ends and for finite populations."""
    from statsmodels.stats.proportion import proportion_confint

    counts, bases = _checked(count, n, level, population_size)
    low, high = np.full(counts.shape, np.nan), np.full(counts.shape, np.nan)
    whole = bases == (population_size or np.inf)
    known = (bases > 0) & ~whole
    if known.any():
        more = 1.0 if population_size is None else (population_size - 1) / (population_size - bases[known])
        edges = proportion_confint(counts[known] * more, bases[known] * more, alpha=1 - level, method=method)
        low[known], high[known] = edges
    # The closed forms miss the ends by a rounding error, or by the rule that an end belongs to an edge.
    low[known & (counts == 0)], high[known & (counts == bases)] = 0.0, 1.0
    low[whole] = high[whole] = counts[whole] / bases[whole]
    return low, high


def _checked(
    count: ArrayLike, n: ArrayLike, level: float, population_size: float | None
) -> tuple[Floats, Floats]:
    check_level(level)
    pairs = np.broadcast_arrays(np.asarray(count, float), np.asarray(n, float))
    counts, bases = (np.atleast_1d(values) for values in pairs)
    if ((counts < 0) | (counts > bases)).any():
        raise UsageError("A count is negative or larger than its base n.", fix="Check the counts.")
    if population_size is not None and (population_size < 1 or bases.max(initial=0) > population_size):
        raise UsageError(
            f"A population of {population_size:g} is smaller than the number of its persons who answered.",
            fix="Count everybody whom the answers stand for, those who did not answer too.",
        )
    return counts, bases


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
    steps = t.ppf(0.5 + level / 2, len(y) - 1)
    return share, error, *logit_interval(share, error, steps=steps)
