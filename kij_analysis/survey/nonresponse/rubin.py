"""Results of several completed data sets as one: Rubin's rules, with the right degrees of freedom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kij_analysis.errors import UsageError, one_of
from kij_analysis.survey.intervals import check_level

SCALES = ("logit", "identity")


@dataclass(frozen=True, kw_only=True)
class Pooled:
    """One estimate from `m` completed data sets.

    `within` is the mean of the variances, `between` the variance of the estimates, `total` their sum with
    (1 + 1/m) times the second; `df` are the degrees of freedom of t, `increase` the relative increase in
    variance, `missing_share` the part of the total that comes of the missing answers, and
    `missing_information` the same corrected for how few data sets there are.
    """

    m: int
    estimate: float
    within: float
    between: float
    total: float
    df: float
    increase: float
    missing_share: float
    missing_information: float

    @property
    def std_error(self) -> float:
        """The root of the total variance."""
        return float(np.sqrt(self.total))

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """The interval by t."""
        from scipy.stats import t

        check_level(level)
        reach = float(t.ppf(0.5 + level / 2, self.df)) * self.std_error
        return self.estimate - reach, self.estimate + reach

    def p_value(self, against: float = 0.0) -> float:
        """The two-sided p that the truth is `against`; missing without any variance."""
        from scipy.stats import t

        if not self.total:
            return np.nan
        return float(2 * t.sf(abs(self.estimate - against) / self.std_error, self.df))


@dataclass(frozen=True, kw_only=True)
class PooledTest:
    """A joint test of several coefficients over `m` completed data sets."""

    m: int
    statistic: float
    df: float
    df_2: float
    p_value: float
    increase: float


def rubin(estimates: ArrayLike, variances: ArrayLike, *, complete_df: float = np.inf) -> Pooled:
    """The estimates of several completed data sets as one.

    Parameters
    ----------
    estimates, variances
        One of each for every completed data set; variances of 0 where nothing but the missing answers is
        unsure (a whole population).
    complete_df
        The degrees of freedom that the estimate would have without missing answers, such as persons less
        coefficients.

    Raises
    ------
    UsageError
        With fewer than two data sets, unequal numbers, or a variance below 0.

    Notes
    -----
    Rubin 1987 (Multiple Imputation for Nonresponse in Surveys, section 3.3); degrees of freedom by Barnard
    and Rubin 1999 (Biometrika 86: 948–955), those of Rubin 1987 where `complete_df` is endless. R's
    ``mice::pool`` gives the same.

    Examples
    --------
    >>> found = rubin([2.1, 2.6, 1.9, 2.4, 2.8], [0.30, 0.28, 0.35, 0.31, 0.29], complete_df=58)
    >>> round(found.estimate, 2), round(found.total, 4), round(found.df, 2)
    (2.36, 0.4656, 17.7)
    """
    q, u = np.asarray(estimates, float), np.asarray(variances, float)
    m = len(q)
    if m < 2 or q.shape != u.shape or q.ndim != 1:
        raise UsageError(
            f"There are {m} estimates and {u.size} variances.", fix="Give two completed data sets or more."
        )
    if (u < 0).any() or complete_df <= 0:
        raise UsageError("A variance or the degrees of freedom lie below 0.", fix="Check the computation.")
    within, between = float(u.mean()), float(q.var(ddof=1))
    more = (1 + 1 / m) * between
    total = within + more
    part = more / total if total else 0.0
    df = _df(m, part, complete_df)
    increase = more / within if within else (np.inf if more else 0.0)
    return Pooled(
        m=m, estimate=float(q.mean()), within=within, between=between, total=total, df=df, increase=increase,
        missing_share=part,
        missing_information=(increase + 2 / (df + 3)) / (increase + 1) if np.isfinite(increase) else 1.0,
    )  # fmt: skip


def _df(m: int, part: float, complete: float) -> float:
    """The degrees of freedom of Barnard and Rubin 1999."""
    old = (m - 1) / part**2 if part else np.inf
    if np.isinf(complete):
        return float(old)
    own = (complete + 1) / (complete + 3) * complete * (1 - part)
    return float(own) if np.isinf(old) else float(old * own / (old + own))


def rubin_test(estimates: ArrayLike, covariances: ArrayLike, *, complete_df: float = np.inf) -> PooledTest:
    """The joint test (D1) that several coefficients are 0, over completed data sets.

    Parameters
    ----------
    estimates
        One row for each data set, one column for each coefficient that is tested.
    covariances
        Their covariance matrices, one for each data set.
    complete_df
        As in `rubin`.

    Raises
    ------
    UsageError
        If the shapes do not fit.

    Notes
    -----
    Li, Raghunathan and Rubin 1991 (J. Am. Stat. Assoc. 86: 1065–1073); the second degrees of freedom by
    Reiter 2007 (Biometrika 94: 502–508) where `complete_df` is given. R's ``mice::D1`` gives the same.

    Examples
    --------
    >>> found = rubin_test([[1.0, 0.5], [1.2, 0.4], [0.9, 0.7]], [0.1 * np.eye(2)] * 3)
    >>> round(found.statistic, 3), found.df
    (5.157, 2)
    """
    from scipy.stats import f

    q, u = np.asarray(estimates, float), np.asarray(covariances, float)
    if q.ndim != 2 or len(q) < 2 or u.shape != (*q.shape, q.shape[1]):
        raise UsageError(
            "Estimates and covariances do not fit each other.",
            fix="Give a row of estimates and a square matrix for each of two data sets or more.",
        )
    m, k = q.shape
    inverse, mean = np.linalg.inv(u.mean(axis=0)), q.mean(axis=0)
    between = np.atleast_2d(np.cov(q.T))
    increase = float((1 + 1 / m) * np.trace(between @ inverse) / k)
    statistic = float(mean @ inverse @ mean / (k * (1 + increase)))
    df_2 = _df_joint(k * (m - 1), k, increase, complete_df)
    p = float(f.sf(statistic, k, df_2))
    return PooledTest(m=m, statistic=statistic, df=k, df_2=df_2, p_value=p, increase=increase)


def _df_joint(t: float, k: int, increase: float, complete: float) -> float:
    if not increase:
        return float(complete)
    if np.isinf(complete):
        if t > 4:
            return float(4 + (t - 4) * (1 + (1 - 2 / t) / increase) ** 2)
        return float(t * (1 + 1 / k) * (1 + 1 / increase) ** 2 / 2)
    if t <= 4:
        return float(min(t, complete))
    a = increase * t / (t - 2)
    star = (complete + 1) / (complete + 3) * complete
    c0, c1, c2 = 1 / (t - 4), star - 2 * (1 + a), star - 4 * (1 + a)
    if min(c1, c2) <= 0:
        # Reiter's expansion needs more persons than that; four is the least that it can give.
        return 4.0
    z = (
        1 / c2
        + c0 * a**2 * c1 / ((1 + a) ** 2 * c2)
        + c0 * (8 * a**2 * c1 / ((1 + a) * c2**2) + 4 * a**2 / ((1 + a) * c2))
        + c0 * (4 * a**2 / (c2 * c1) + 16 * a**2 * c1 / c2**3)
        + c0 * 8 * a**2 / c2**2
    )
    return float(4 + 1 / z)


def rubin_share(
    counts: ArrayLike, n: int, *, size: float = np.inf, scale: str = "logit", level: float = 0.95
) -> tuple[Pooled, float, float, float]:
    """A share over completed data sets: the pooled numbers, the share, and its interval.

    Parameters
    ----------
    counts
        How many of the `n` persons gave the answer, in each completed data set.
    size
        How many persons the n stand for; where it is n itself, nothing but the missing answers is unsure.
    scale
        ``"logit"`` pools log odds, so that the interval stays within 0–1 (the share is then not quite the
        mean of the shares); ``"identity"`` pools shares. A count of 0 or of n in any data set makes it
        identity.

    Raises
    ------
    UsageError
        If a count lies outside 0–n, or the scale is not known.

    Examples
    --------
    >>> pooled, share, low, high = rubin_share([6, 7, 5, 8], 25)
    >>> round(share, 3), round(low, 3), round(high, 3)
    (0.257, 0.093, 0.541)
    """
    one_of(scale, SCALES, name="The scale")
    own = np.asarray(counts, float)
    if (own < 0).any() or (own > n).any() or n < 1 or size < n:
        raise UsageError("A count lies outside 0 to n, or n above its size.", fix="Check the counts.")
    p = own / n
    left = 1.0 if np.isinf(size) else (size - n) / max(size - 1, 1)
    complete = max(n - 1, 1) if left else np.inf
    if scale == "identity" or ((p == 0) | (p == 1)).any():
        pooled = rubin(p, left * p * (1 - p) / n, complete_df=complete)
        low, high = pooled.interval(level)
        return pooled, pooled.estimate, max(low, 0.0), min(high, 1.0)
    pooled = rubin(np.log(p / (1 - p)), left / (n * p * (1 - p)), complete_df=complete)
    share, low, high = (1 / (1 + np.exp(-end)) for end in (pooled.estimate, *pooled.interval(level)))
    return pooled, float(share), float(low), float(high)
