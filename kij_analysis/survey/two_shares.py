"""Two independent shares: intervals for their difference and ratio, and exact tests."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from kij_analysis.survey.intervals import Floats, wilson

TESTS = ("auto", "score", "fisher", "mid_p")
SMALL = 5
"""The smallest expected count for which the chi-squared distribution is trusted (Cochran 1954)."""
HALVINGS = 60


def newcombe(
    count_1: ArrayLike, n_1: ArrayLike, count_2: ArrayLike, n_2: ArrayLike, *, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Newcombe's hybrid score interval for the first share less the second, from two Wilson intervals.

    Newcombe 1998 (Stat. Med. 17: 873–890), method 10; computed by statsmodels.

    Examples
    --------
    >>> low, high = newcombe([7], [34], [1], [34])
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0189], [0.3404])
    """
    from statsmodels.stats.proportion import confint_proportions_2indep

    tables = [np.atleast_1d(np.asarray(values, float)) for values in (count_1, n_1, count_2, n_2)]
    low, high = confint_proportions_2indep(*tables, method="newcomb", compare="diff", alpha=1 - level)
    return np.clip(low, -1, 1), np.clip(high, -1, 1)


def mover(
    count_1: ArrayLike, n_1: ArrayLike, count_2: ArrayLike, n_2: ArrayLike, *, level: float = 0.95
) -> tuple[Floats, Floats]:
    """The hybrid score interval for the first share over the second, from two Wilson intervals.

    MOVER-R of Donner and Zou 2012 (Stat. Methods Med. Res. 21: 347–359), with the lower limit written so
    that it has no pole. Endless or missing where the second count is 0.

    Examples
    --------
    >>> low, high = mover([7], [34], [1], [34])
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([1.1537], [41.9763])
    """
    x1, m1, x2, m2 = (np.atleast_1d(np.asarray(v, float)) for v in (count_1, n_1, count_2, n_2))
    with np.errstate(divide="ignore", invalid="ignore"):
        p1, p2 = x1 / m1, x2 / m2
        (l1, u1), (l2, u2) = wilson(x1, m1, level=level), wilson(x2, m2, level=level)
        both = p1 * p2
        inner = np.sqrt(np.maximum(both**2 - l1 * u2 * (2 * p1 - l1) * (2 * p2 - u2), 0))
        outer = np.sqrt(np.maximum(both**2 - u1 * l2 * (2 * p1 - u1) * (2 * p2 - l2), 0))
        low = np.where(x1 == 0, 0.0, l1 * (2 * p1 - l1) / (both + inner))
        high = np.where(x2 == 0, np.inf, (both + outer) / (l2 * (2 * p2 - l2)))
    return low, high


def miettinen_nurminen(
    count_1: ArrayLike,
    n_1: ArrayLike,
    count_2: ArrayLike,
    n_2: ArrayLike,
    *,
    ratio: bool = False,
    level: float = 0.95,
) -> tuple[Floats, Floats]:
    """The score interval of Miettinen and Nurminen for a difference, or a ratio, of two shares.

    Every value that the score test with the factor N/(N − 1) does not reject; the shares under each value
    are those most likely (Miettinen and Nurminen 1985, Stat. Med. 4: 213–226; closed form of Farrington and
    Manning 1990, Stat. Med. 9: 1447–1454). statsmodels' score interval is not used: it is wrong
    (statsmodels issue 10269).

    Examples
    --------
    >>> low, high = miettinen_nurminen([56], [70], [48], [80])
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0528], [0.3382])
    """
    from scipy.stats import norm

    table = tuple(np.atleast_1d(np.asarray(v, float)) for v in (count_1, n_1, count_2, n_2))
    x1, m1, x2, m2 = table
    steps = norm.ppf(0.5 + level / 2)
    score = _ratio_score if ratio else _difference_score
    with np.errstate(divide="ignore", invalid="ignore"):
        if not ratio:
            middle, ends = x1 / m1 - x2 / m2, (np.full(x1.shape, -1.0), np.full(x1.shape, 1.0))
        else:
            # Half the line of ratios lies on either side of 0 of this angle's tangent: 0 to endless.
            middle = np.arctan2(x1 * m2, x2 * m1)
            ends = (np.zeros(x1.shape), np.full(x1.shape, np.pi / 2))
        low = _edge(lambda at: score(at, *table) <= steps, middle, ends[0])
        high = _edge(lambda at: score(at, *table) >= -steps, middle, ends[1])
    if ratio:
        low, high = np.tan(low), np.where(high > np.pi / 2 - 1e-12, np.inf, np.tan(high))
    return low, high


def p_value(count_1: int, n_1: int, count_2: int, n_2: int, *, test: str = "auto") -> tuple[float, str]:
    """The two-sided p that two shares are the same, and the test that gave it.

    ``"score"``: Pearson's chi-squared test without a correction. ``"fisher"``: Fisher's exact test.
    ``"mid_p"``: the same with half the probability of the observed table (Lancaster 1961; Fagerland, Lydersen
    and Laake 2017, Statistical Analysis of Contingency Tables, section 4.4). ``"auto"``: Fisher's where an
    expected count is below 5, else the score test. Missing where a group is empty.

    Examples
    --------
    >>> p, test = p_value(7, 34, 1, 34)
    >>> round(p, 4), test
    (0.0544, 'fisher')
    """
    from scipy.stats import chi2_contingency, fisher_exact, hypergeom

    if not n_1 or not n_2:
        return np.nan, ""
    table = [[count_1, n_1 - count_1], [count_2, n_2 - count_2]]
    answers, total = count_1 + count_2, n_1 + n_2
    smallest = min(answers, total - answers) * min(n_1, n_2) / total
    chosen = ("fisher" if smallest < SMALL else "score") if test == "auto" else test
    if answers in (0, total):
        return 1.0, chosen
    if chosen == "score":
        return float(chi2_contingency(table, correction=False).pvalue), chosen
    p = float(fisher_exact(table).pvalue)
    if chosen == "mid_p":
        p -= float(hypergeom.pmf(count_1, total, answers, n_1)) / 2
    return p, chosen


def _edge(held: Callable[[Floats], Floats], inside: Floats, outside: Floats) -> Floats:
    """Where a value ceases to be held, between one inside and one outside."""
    inside, outside = inside.copy(), outside.copy()
    kept = held(outside)
    for _ in range(HALVINGS):
        half = (inside + outside) / 2
        good = held(half)
        inside, outside = np.where(good, half, inside), np.where(good, outside, half)
    return np.where(np.asarray(kept, bool), outside, inside)


def _difference_score(at: Floats, x1: Floats, m1: Floats, x2: Floats, m2: Floats) -> Floats:
    """The score of a difference: how far the observed one lies above it, in its standard errors."""
    p1, p2, theta = x1 / m1, x2 / m2, m2 / m1
    a = 1 + theta
    b = -(1 + theta + p1 + theta * p2 + at * (theta + 2))
    c = at**2 + at * (2 * p1 + theta + 1) + p1 + theta * p2
    d = -p1 * at * (1 + at)
    v = (b / (3 * a)) ** 3 - b * c / (6 * a**2) + d / (2 * a)
    u = np.where(v < 0, -1.0, 1.0) * np.sqrt(np.maximum((b / (3 * a)) ** 2 - c / (3 * a), 0))
    angle = (np.pi + np.arccos(np.clip(np.where(u == 0, 0.0, v / u**3), -1, 1))) / 3
    q1 = np.clip(2 * u * np.cos(angle) - b / (3 * a), 0, 1)
    q2 = np.clip(q1 - at, 0, 1)
    variance = (q1 * (1 - q1) / m1 + q2 * (1 - q2) / m2) * (m1 + m2) / (m1 + m2 - 1)
    return _in_errors(p1 - p2 - at, variance)


def _ratio_score(angle: Floats, x1: Floats, m1: Floats, x2: Floats, m2: Floats) -> Floats:
    """The score of a ratio, given as the angle whose tangent it is, so that endless is a number."""
    one, other = np.cos(angle), np.sin(angle)
    # Shares q1 : q2 = other : one; the quadratic of the likelihood, times `one`.
    a = (m1 + m2) * other
    b = -(m1 * other + x1 * one + m2 * one + x2 * other)
    c = (x1 + x2) * one
    root = np.sqrt(np.maximum(b**2 - 4 * a * c, 0))
    q2 = np.clip(2 * c / (-b + root), 0, 1)
    q1 = np.clip(np.where(a > 0, (-b - root) / (2 * (m1 + m2) * one), x1 / m1), 0, 1)
    variance = (one**2 * q1 * (1 - q1) / m1 + other**2 * q2 * (1 - q2) / m2) * (m1 + m2) / (m1 + m2 - 1)
    return _in_errors(one * x1 / m1 - other * x2 / m2, variance)


def _in_errors(distance: Floats, variance: Floats) -> Floats:
    """A distance in standard errors; endless where there is a distance and no error."""
    some = np.abs(distance) > 1e-12
    return np.where(some, distance / np.sqrt(np.where(variance > 0, variance, 1e-300)), 0.0)
