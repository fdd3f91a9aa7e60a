"""Spearman's rank correlation with its interval, and several of them as one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import atanh, hypot, inf, nan, sqrt, tanh
from statistics import NormalDist

import numpy as np
import pandas as pd

LEVEL = 0.95
"""The confidence level of intervals; docs/methods.md says how often the direction check errs with it."""
STRICT = 0.99
"""The level where nothing but the correlation itself speaks."""

_EDGE = 0.9999
"""Fisher's transformation has no value for a correlation of 1."""


@dataclass(frozen=True, kw_only=True)
class Correlation:
    """A rank correlation on Fisher's scale, with its standard error there and the persons behind it."""

    z: float
    std_error: float
    n: int

    @property
    def estimate(self) -> float:
        """The correlation; missing if there is none."""
        return tanh(self.z)

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """The interval; from -1 to 1 if nothing is known."""
        if self.z != self.z:
            return -1.0, 1.0
        reach = NormalDist().inv_cdf((1 + level) / 2) * self.std_error
        return tanh(self.z - reach), tanh(self.z + reach)

    def negative(self, level: float = LEVEL) -> bool:
        """Whether the interval lies below 0."""
        return self.interval(level)[1] < 0

    def positive(self, level: float = LEVEL) -> bool:
        """Whether the interval lies above 0."""
        return self.interval(level)[0] > 0

    def below(self, other: Correlation) -> bool:
        """Whether this is negative, the other positive, and the difference clear on Fisher's scale."""
        apart = Correlation(z=self.z - other.z, std_error=hypot(self.std_error, other.std_error), n=0)
        return self.z < 0 < other.z and apart.negative()

    def columns(self) -> dict[str, float]:
        """Number of persons, correlation and interval as columns of a frame; missing if there is none."""
        low, high = self.interval() if self.z == self.z else (nan, nan)
        return {"n": self.n, "correlation": self.estimate, "conf_low": low, "conf_high": high}


def spearman(one: pd.Series, other: pd.Series) -> Correlation:
    """Spearman's correlation of two columns, over the rows (by index) in which both have a value.

    The standard error on Fisher's scale is that of Bonett and Wright (2000), √((1 + r²/2)/(n − 3)). Fewer
    than four rows, or a column that does not vary, give no correlation.

    Examples
    --------
    >>> found = spearman(pd.Series([1, 2, 3, 4, 5]), pd.Series([2, 1, 3, 5, 4]))
    >>> round(found.estimate, 3), found.n
    (0.8, 5)
    """
    both = pd.concat([one, other], axis=1, join="inner").dropna().rank().to_numpy(dtype="float64")
    n = len(both)
    if n < 4 or (both.std(axis=0) == 0).any():
        return Correlation(z=nan, std_error=inf, n=n)
    r = float(np.corrcoef(both, rowvar=False)[0, 1])
    return Correlation(z=atanh(max(-_EDGE, min(_EDGE, r))), std_error=sqrt((1 + r * r / 2) / (n - 3)), n=n)


def pooled(found: Iterable[Correlation]) -> Correlation:
    """Several correlations as one, weighted by their precision on Fisher's scale.

    Examples
    --------
    >>> one = spearman(pd.Series([1, 2, 3, 4, 5]), pd.Series([2, 1, 3, 5, 4]))
    >>> whole = pooled([one, one])
    >>> round(whole.estimate, 3), whole.n
    (0.8, 10)
    """
    known = [one for one in found if one.z == one.z]
    if not known:
        return Correlation(z=nan, std_error=inf, n=0)
    weights = [1 / one.std_error**2 for one in known]
    z = sum(weight * one.z for weight, one in zip(weights, known, strict=True)) / sum(weights)
    return Correlation(z=z, std_error=1 / sqrt(sum(weights)), n=sum(one.n for one in known))
