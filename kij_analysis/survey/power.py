"""Power: how often an interval or a test would tell two groups, or two times, apart."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kij_analysis.errors import UsageError, one_of
from kij_analysis.survey.intervals import check_level
from kij_analysis.survey.two_shares import newcombe

METHODS = ("auto", "exact", "normal")
TABLES = 60_000
"""As many tables are looked at one by one; of larger groups the normal approximation is right."""
CLOSE = 1e-5


def power_of_shares(
    share_1: float, share_2: float, n_1: int, n_2: int, *, level: float = 0.95, method: str = "auto"
) -> float:
    """How often the interval of the difference of two shares would not hold 0, if the shares are these.

    Parameters
    ----------
    share_1, share_2
        The shares in the two groups.
    n_1, n_2
        How many answer in each.
    level
        The confidence level of the interval.
    method
        ``"exact"``: over all tables, with Newcombe's interval, which `differences` prints. ``"normal"``: the
        usual planning formula (Cohen 1988, ch. 6; statsmodels). ``"auto"``: exact for groups of some
        hundreds, else normal.

    Returns
    -------
    float
        A fraction of 1.

    Raises
    ------
    UsageError
        If a share lies outside 0–1 or a group has nobody.

    Examples
    --------
    >>> round(power_of_shares(0.3, 0.6, 40, 40, method="normal"), 2)
    0.78
    """
    one_of(method, METHODS, name="The method")
    check_level(level)
    if not (0 <= share_1 <= 1 and 0 <= share_2 <= 1) or min(n_1, n_2) < 1:
        raise UsageError(
            f"Shares of {share_1} and {share_2} in groups of {n_1} and {n_2} cannot be.",
            fix="Shares lie between 0 and 1, groups have somebody.",
        )
    if method == "exact" or (method == "auto" and exact_for(n_1, n_2)):
        from scipy.stats import binom

        apart = _apart(int(n_1), int(n_2), level)
        first = binom.pmf(np.arange(int(n_1) + 1), int(n_1), share_1)
        second = binom.pmf(np.arange(int(n_2) + 1), int(n_2), share_2)
        return float(first @ apart @ second)
    from statsmodels.stats.power import NormalIndPower
    from statsmodels.stats.proportion import proportion_effectsize

    size = float(proportion_effectsize(share_1, share_2))
    return float(NormalIndPower().power(size, n_1, 1 - level, ratio=n_2 / n_1)) if size else 1 - level


def exact_for(n_1: float, n_2: float) -> bool:
    """Whether the groups are small enough that all their tables are looked at."""
    return (n_1 + 1) * (n_2 + 1) <= TABLES


@lru_cache(maxsize=64)
def _apart(n_1: int, n_2: int, level: float) -> NDArray[np.float64]:
    """For each table whether Newcombe's interval of the difference does not hold 0."""
    count_1, count_2 = np.meshgrid(np.arange(n_1 + 1), np.arange(n_2 + 1), indexing="ij")
    low, high = newcombe(count_1.ravel(), n_1, count_2.ravel(), n_2, level=level)
    return ((low > 0) | (high < 0)).astype(float).reshape(count_1.shape)


def power_of_change(share: float, change: float, n: int, *, correlation: float, level: float = 0.95) -> float:
    """How often McNemar's exact test would tell a change of a share in the same persons.

    Exact: over all numbers of persons who change, and of those who gain (Connor 1987 gives the
    approximation).

    Parameters
    ----------
    share, change
        The share at the first time, and how much it changes.
    n
        How many answer at both times.
    correlation
        The correlation (phi) of the two answers of one person; with more of it fewer persons change.
    level
        One less the level of the test.

    Examples
    --------
    >>> round(power_of_change(0.3, 0.2, 60, correlation=0.5), 2)
    0.85
    """
    from scipy.stats import binom

    gained, lost = changers(share, change, correlation)
    moving = gained + lost
    if moving <= 0:
        return 0.0
    numbers = np.arange(n + 1)
    last = _critical(n, 1 - level)
    told = binom.cdf(last, numbers, gained / moving) + binom.sf(numbers - last - 1, numbers, gained / moving)
    return float(binom.pmf(numbers, n, min(moving, 1.0)) @ np.where(last >= 0, told, 0.0))


def changers(share: float, change: float, correlation: float) -> tuple[float, float]:
    """The shares who gain and who lose an answer; the correlation gives way where it is not possible."""
    later = share + change
    both = share * later + correlation * math.sqrt(max(share * (1 - share) * later * (1 - later), 0.0))
    both = min(max(both, 0.0, share + later - 1), share, later)
    return later - both, share - both


@lru_cache(maxsize=64)
def _critical(n: int, alpha: float) -> NDArray[np.float64]:
    """For 0 to n persons who change: the largest number on one side that the exact test rejects, or −1."""
    from scipy.stats import binom

    numbers = np.arange(n + 1)
    last = binom.ppf(alpha / 2, numbers, 0.5)
    last = np.where(2 * binom.cdf(last, numbers, 0.5) <= alpha, last, last - 1)
    return np.where(numbers > 0, last, -1.0)


def smallest(power: Callable[[float], float], wanted: float, most: float) -> float:
    """The smallest value up to `most` at which a growing power is as large as wanted; missing if none is."""
    if most <= 0 or not power(most) >= wanted:
        return math.nan
    low, high = 0.0, most
    while high - low > CLOSE * max(1.0, most):
        middle = (low + high) / 2
        low, high = (low, middle) if power(middle) >= wanted else (middle, high)
    return high


def smallest_difference(share: float, n_1: int, n_2: int, *, power: float, level: float) -> float:
    """The smallest difference from a share that two groups would show, whichever of them has the share.

    Looked for upwards from shares up to a half, and downwards from larger ones: where differences are hardest
    to see.
    """
    base = min(share, 1 - share)

    def found(one: int, other: int) -> float:
        return smallest(lambda d: power_of_shares(base, base + d, one, other, level=level), power, 1 - base)

    both = found(n_1, n_2), found(n_2, n_1)
    return math.nan if any(map(math.isnan, both)) else max(both)


def smallest_change(share: float, n: int, *, correlation: float, power: float, level: float) -> float:
    """The smallest change from a share that the same persons would show."""
    base = min(share, 1 - share)
    return smallest(
        lambda d: power_of_change(base, d, n, correlation=correlation, level=level), power, 1 - base
    )


def smallest_mean(n_1: int, n_2: int | None, *, power: float, level: float) -> float:
    """The smallest difference of two means, or mean change of `n_1` persons, in standard deviations.

    By the noncentral t distribution (statsmodels).
    """
    from scipy.stats import norm
    from statsmodels.stats.power import TTestIndPower, TTestPower

    if min(n_1, n_2 or n_1) < 2:
        return math.nan

    def reached(size: float) -> float:
        if n_2 is None:
            return float(TTestPower().power(size, n_1, 1 - level))
        return float(TTestIndPower().power(size, n_1, 1 - level, ratio=n_2 / n_1))

    # Begun near the answer: far beyond it scipy's noncentral t is missing.
    most = (norm.ppf(0.5 + level / 2) + max(norm.ppf(power), 0.0)) * math.sqrt(
        1 / n_1 + 1 / (n_2 or math.inf)
    )
    while most < 1000 and reached(most) < power:
        most *= 1.25
    return smallest(reached, power, most)
