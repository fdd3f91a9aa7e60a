"""What answers leave open: bounds without assumptions, bounds for a shift, and Lee's bounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kij_analysis.errors import UsageError, one_of
from kij_analysis.survey.intervals import Floats, check_level

TRIMMINGS = ("fractional", "integer", "quantile")


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """A range that holds the truth whatever the missing answers are, and an interval for the truth in it."""

    low: float
    high: float
    se_low: float
    se_high: float
    conf_low: float
    conf_high: float


def manski(count: float, n: float, asked: float, *, sampled: bool = True, level: float = 0.95) -> Bounds:
    """The share among all who were asked if none, and if all, of the others would have given the answer.

    Parameters
    ----------
    count, n, asked
        How many gave the answer, of how many who answered, of how many who were asked.
    sampled
        Whether those asked stand for further persons: then there are errors and an Imbens–Manski interval.
        If they are all there is, the bounds are certain, and the interval is they.

    Raises
    ------
    UsageError
        If the numbers do not lie within each other.

    Notes
    -----
    Manski 1989 (J. Hum. Resour. 24: 343–360); binomial errors at each bound.

    Examples
    --------
    >>> found = manski(39, 82, 96)
    >>> round(found.low, 4), round(found.high, 4), round(found.conf_low, 4), round(found.conf_high, 4)
    (0.4062, 0.5521, 0.3238, 0.6356)
    """
    if not 0 <= count <= n <= asked or not asked:
        raise UsageError(
            f"{count:g} of {n:g} answers of {asked:g} persons asked cannot be.", fix="Check the counts."
        )
    low, high = count / asked, (count + asked - n) / asked
    if not sampled:
        return Bounds(low=low, high=high, se_low=0.0, se_high=0.0, conf_low=low, conf_high=high)
    se_low, se_high = (float(np.sqrt(p * (1 - p) / asked)) for p in (low, high))
    ends = imbens_manski(low, high, se_low, se_high, level=level)
    conf_low, conf_high = max(ends[0], 0.0), min(ends[1], 1.0)
    return Bounds(low=low, high=high, se_low=se_low, se_high=se_high, conf_low=conf_low, conf_high=conf_high)


def imbens_manski(
    low: float, high: float, se_low: float, se_high: float, *, level: float = 0.95
) -> tuple[float, float]:
    """An interval that holds the truth, wherever it lies between two estimated bounds, as often as it says.

    It is shorter than the interval of both bounds, because the truth cannot lie at both (Imbens and Manski
    2004, Econometrica 72: 1845–1857): c solves Φ(c + (high − low)/s) − Φ(−c) = level, s the larger error.

    Raises
    ------
    UsageError
        If the bounds stand the wrong way round or an error is below 0.

    Examples
    --------
    >>> ends = imbens_manski(0.4, 0.5, 0.05, 0.05)
    >>> round(ends[0], 3), round(ends[1], 3)
    (0.318, 0.582)
    """
    from scipy.optimize import brentq
    from scipy.stats import norm

    check_level(level)
    if low > high or min(se_low, se_high) < 0:
        raise UsageError(
            "The lower bound lies above the upper one, or an error is below 0.", fix="Check them."
        )
    larger = max(se_low, se_high)
    if not larger:
        return low, high
    width = (high - low) / larger

    def miss(c: float) -> float:
        return float(norm.cdf(c + width) - norm.cdf(-c) - level)

    c = brentq(miss, 0, float(norm.ppf(0.5 + level / 2)) + 1, xtol=1e-14, rtol=1e-14)
    return low - c * se_low, high + c * se_high


def delta_adjusted(share: ArrayLike, answered: ArrayLike, delta: ArrayLike) -> Floats:
    """The share of all if those who did not answer differ by `delta` (a fraction of 1) from those who did.

    Their share is kept within 0–1. `answered` is the response rate. The pattern-mixture model of Rubin 1977
    (J. Am. Stat. Assoc. 72: 538–543) with a fixed shift.

    Examples
    --------
    >>> delta_adjusted(0.5, 0.6, [-0.2, 0, 0.2]).round(3).tolist()
    [0.42, 0.5, 0.58]
    """
    p, rate, shift = (np.asarray(value, float) for value in (share, answered, delta))
    return np.asarray(rate * p + (1 - rate) * np.clip(p + shift, 0, 1))


def tipping_point(share: float, answered: float, *, to: float) -> float:
    """By how much those who did not answer must differ for the share of all to be `to`; missing if it cannot.

    Examples
    --------
    >>> round(tipping_point(0.5, 0.6, to=0.4), 3), tipping_point(0.5, 0.6, to=0.1)
    (-0.25, nan)
    """
    if answered >= 1:
        return 0.0 if to == share else np.nan
    wanted = (to - answered * share) / (1 - answered)
    return float(wanted - share) if -1e-12 <= wanted <= 1 + 1e-12 else np.nan


@dataclass(frozen=True, kw_only=True)
class LeeBounds:
    """Bounds of a difference among those who would answer in either arm.

    `trimmed_arm` is 1 (treated) or 0, the arm that answered more often; `share` is the part of its answers
    that is cut off at one end, `rate_1` and `rate_0` are how many answered, `untrimmed` is the plain
    difference.
    """

    low: float
    high: float
    trimmed_arm: int
    share: float
    n_trimmed: int
    rate_1: float
    rate_0: float
    untrimmed: float


def lee(outcome: ArrayLike, treated: ArrayLike, *, trimming: str = "fractional") -> LeeBounds:
    """Bounds for a mean difference between two arms of which one answers more often.

    The arm that answered more often is cut at its lower and its upper end by as much as it answered more,
    which bounds the difference among those who would have answered in either arm, if belonging to one arm
    makes nobody answer less (Lee 2009, Rev. Econ. Stud. 76: 1071–1102).

    Parameters
    ----------
    outcome
        A number for each person, missing where there is no answer.
    treated
        1 or true for one arm, 0 or false for the other.
    trimming
        ``"fractional"`` cuts exactly the share, part of one person too; ``"integer"`` whole persons, rounded
        down; ``"quantile"`` keeps what is not beyond the inverse of the empirical distribution.

    Raises
    ------
    UsageError
        If an arm is empty or has no answers, or the trimming is not known.

    Examples
    --------
    >>> found = lee([1, 2, 3, 4, 2, 3, None, None], [1, 1, 1, 1, 0, 0, 0, 0])
    >>> found.low, found.high, found.share
    (-1.0, 1.0, 0.5)
    """
    one_of(trimming, TRIMMINGS, name="The trimming")
    values = np.array([np.nan if value is None else value for value in np.asarray(outcome, object)], float)
    arm = np.asarray(treated).astype(bool)
    given = ~np.isnan(values)
    if not arm.any() or arm.all() or not given[arm].any() or not given[~arm].any():
        raise UsageError("An arm is empty or has no answers.", fix="Bounds need answers in both.")
    rates = {1: float(given[arm].mean()), 0: float(given[~arm].mean())}
    more = 1 if rates[1] >= rates[0] else 0
    share = (rates[more] - rates[1 - more]) / rates[more]
    own = np.sort(values[given & (arm == bool(more))])
    other = float(values[given & (arm != bool(more))].mean())
    ends = _without_lowest(own, share, trimming), -_without_lowest(-own[::-1], share, trimming)
    sign = 1 if more else -1
    found = sorted(sign * (end - other) for end in ends)
    return LeeBounds(
        low=found[0], high=found[1], trimmed_arm=more, share=share, n_trimmed=len(own), rate_1=rates[1],
        rate_0=rates[0], untrimmed=sign * (float(own.mean()) - other),
    )  # fmt: skip


def _without_lowest(ordered: Floats, share: float, trimming: str) -> float:
    """The mean without the lowest share of rising values."""
    cut = share * len(ordered)
    whole = int(np.floor(cut + 1e-9))
    if trimming == "integer":
        return float(ordered[whole:].mean())
    if trimming == "quantile":
        place = max(int(np.ceil(cut - 1e-9)) - 1, 0)
        return float(ordered[ordered >= ordered[place]].mean())
    weight = np.ones(len(ordered))
    weight[:whole] = 0.0
    weight[whole] = 1 - max(cut - whole, 0.0)
    return float(weight @ ordered / weight.sum())
