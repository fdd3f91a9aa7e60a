"""Spearman's rank correlation with its interval, and several of them as one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import atanh, inf, nan, sqrt, tanh
from statistics import NormalDist

import numpy as np
import pandas as pd

LEVEL = 0.95
"""The confidence level of the direction check; docs/methods.md says how often it errs."""

_Z = NormalDist().inv_cdf((1 + LEVEL) / 2)
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

    @property
    def conf_low(self) -> float:
        """The lower end of the interval; -1 if nothing is known."""
        return tanh(self.z - _Z * self.std_error) if self.z == self.z else -1.0

    @property
    def conf_high(self) -> float:
        """The upper end of the interval; 1 if nothing is known."""
        return tanh(self.z + _Z * self.std_error) if self.z == self.z else 1.0

    def differs(self, other: Correlation) -> bool:
        """Whether the interval of the difference, on Fisher's scale, leaves out 0."""
        return abs(self.z - other.z) > _Z * sqrt(self.std_error**2 + other.std_error**2)

    def columns(self) -> dict[str, float]:
        """Number of persons, correlation and interval as columns of a frame; missing if there is none."""
        known = self.z == self.z
        return {
            "n": self.n,
            "correlation": self.estimate,
            "conf_low": self.conf_low if known else nan,
            "conf_high": self.conf_high if known else nan,
        }


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
    return _of(float(np.corrcoef(both, rowvar=False)[0, 1]), n)


def _of(r: float, n: int) -> Correlation:
    return Correlation(z=atanh(max(-_EDGE, min(_EDGE, r))), std_error=sqrt((1 + r * r / 2) / (n - 3)), n=n)


def pooled(found: Iterable[tuple[float, int]]) -> Correlation:
    """Several correlations, each with its number of persons, as one: weighted by precision on Fisher's scale.

    Examples
    --------
    >>> whole = pooled([(0.3, 50), (0.3, 100)])
    >>> round(whole.estimate, 3), whole.n
    (0.3, 150)
    """
    known = [_of(r, n) for r, n in found if r == r and n > 3]
    if not known:
        return Correlation(z=nan, std_error=inf, n=0)
    weights = [1 / one.std_error**2 for one in known]
    z = sum(weight * one.z for weight, one in zip(weights, known, strict=True)) / sum(weights)
    return Correlation(z=z, std_error=1 / sqrt(sum(weights)), n=sum(one.n for one in known))
