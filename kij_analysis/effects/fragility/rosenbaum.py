"""Rosenbaum bounds: how unlike two matched persons might have been without overturning a result."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from kij_analysis.effects.comparison.persons import Floats
from kij_analysis.errors import UsageError, one_of

TESTS = ("signed_rank", "sign", "mcnemar")
ZEROS = ("dropped", "ranked")
GAMMAS = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0)
MOST_EXACT = 200
"""Up to so many pairs the signed-rank test is exact unless asked otherwise."""
FURTHEST = 1e4


def pair_bounds(
    differences: ArrayLike,
    *,
    gammas: Sequence[float] = GAMMAS,
    test: str = "signed_rank",
    exact: bool | None = None,
    zeros: str = "dropped",
) -> pd.DataFrame:
    """One-sided p-values that hold if unseen traits made one of a pair up to gamma times as likely treated.

    Parameters
    ----------
    differences
        Treated less comparison outcome of every pair; missing ones are left out.
    gammas
        How many times the odds of treatment may differ within a pair; 1 is none.
    test
        ``"signed_rank"`` (Wilcoxon), ``"sign"``, or ``"mcnemar"`` for outcomes of yes and no, which is
        the sign test of the pairs that differ.
    exact
        Exact or normal tails of the signed-rank test; None is exact up to 200 pairs. The others are exact.
    zeros
        Pairs without a difference are ``"dropped"`` before ranking, or ``"ranked"`` and then dropped (Pratt).

    Returns
    -------
    DataFrame
        `gamma`, `p_lower`, `p_upper`, for the alternative that the treated have more.

    Raises
    ------
    UsageError
        If a gamma is below 1, or a word is not known.

    Notes ----- Rosenbaum 2002, Observational Studies, section 4.3. Tails include the observed value: R's
    rbounds leaves it out in its McNemar bounds, which is anti-conservative.

    Examples
    --------
    >>> pair_bounds([1] * 14 + [-1] * 4 + [0], test="mcnemar", gammas=[1, 1.5]).round(4)
       gamma  p_lower  p_upper
    0    1.0   0.0154   0.0154
    1    1.5   0.0013   0.0942
    """
    one_of(test, TESTS, name="The test")
    one_of(zeros, ZEROS, name="The way with zeros")
    if min(gammas, default=1) < 1:
        raise UsageError("A gamma lies below 1.", fix="1 means that both of a pair were equally likely.")
    tail = _tail(_known(differences), test, exact, zeros)
    rows = [(float(gamma), tail(1 / (1 + gamma)), tail(gamma / (1 + gamma))) for gamma in gammas]
    return pd.DataFrame(rows, columns=["gamma", "p_lower", "p_upper"])


def critical_gamma(
    differences: ArrayLike,
    *,
    alpha: float = 0.05,
    test: str = "signed_rank",
    exact: bool | None = None,
    zeros: str = "dropped",
) -> float:
    """How unlike pairs might have been before the p-value exceeds alpha; missing if it does at once.

    Examples
    --------
    >>> round(critical_gamma([1] * 29 + [-1] * 12, test="mcnemar"), 4)
    1.3221
    """
    from scipy.optimize import brentq

    one_of(test, TESTS, name="The test")
    one_of(zeros, ZEROS, name="The way with zeros")
    tail = _tail(_known(differences), test, exact, zeros)

    def beyond(gamma: float) -> float:
        return tail(gamma / (1 + gamma)) - alpha

    if beyond(1.0) >= 0:
        return float("nan")
    if beyond(FURTHEST) < 0:
        return float("inf")
    return float(brentq(beyond, 1.0, FURTHEST, xtol=1e-13))


def amplification(gamma: float, more_likely: float) -> float:
    """How many times a trait would have to raise the odds of the larger outcome to amount to a gamma.

    A trait that makes one of a pair `more_likely` times as likely to be treated is as bad as a gamma if it
    multiplies the odds of her having the larger outcome by what is returned (Rosenbaum and Silber 2009).

    Raises
    ------
    UsageError
        If the trait is not stronger than gamma.

    Examples
    --------
    >>> amplification(1.5, 3)
    2.3333333333333335
    """
    if more_likely <= gamma:
        raise UsageError(
            f"A trait that makes treatment {more_likely:g} times as likely is no gamma of {gamma:g}.",
            fix="Give a factor above gamma.",
        )
    return (gamma * more_likely - 1) / (more_likely - gamma)


def statistic(differences: ArrayLike, *, zeros: str = "dropped") -> tuple[float, int]:
    """The sum of the ranks of the positive differences, and how many differences are not 0.

    Examples
    --------
    >>> statistic([3, -1, 2, 0])
    (5.0, 3)
    """
    ranks, positive = _ranks(_known(differences), zeros)
    return float(ranks[positive].sum()), len(ranks)


def _known(differences: ArrayLike) -> Floats:
    values = np.asarray(differences, dtype=float)
    return values[np.isfinite(values)]


def _ranks(values: Floats, zeros: str) -> tuple[Floats, np.ndarray]:
    from scipy.stats import rankdata

    if zeros == "dropped":
        values = values[values != 0]
    ranks = np.asarray(rankdata(np.abs(values)), dtype=float)
    keep = values != 0
    return ranks[keep], values[keep] > 0


def _tail(values: Floats, test: str, exact: bool | None, zeros: str) -> Callable[[float], float]:
    """The chance of what was seen or more, if a positive difference has a given chance."""
    from scipy.stats import binom, norm

    if test != "signed_rank":
        positive, n = int((values > 0).sum()), int((values != 0).sum())
        return lambda chance: float(binom.sf(positive - 1, n, chance)) if n else 1.0
    ranks, up = _ranks(values, zeros)
    total, seen = float(ranks.sum()), float(ranks[up].sum())
    if not len(ranks):
        return lambda chance: 1.0
    if exact if exact is not None else len(ranks) <= MOST_EXACT:
        doubled = np.round(2 * ranks).astype(int)
        return lambda chance: _exact(doubled, chance, 2 * seen)
    square = float(ranks @ ranks)
    return lambda chance: float(norm.sf((seen - chance * total) / np.sqrt(chance * (1 - chance) * square)))


def _exact(doubled: np.ndarray, chance: float, seen: float) -> float:
    """The exact tail of a sum of ranks (times two) of which each counts with one chance."""
    weights = np.ones(1)
    for step in doubled:
        longer = np.zeros(len(weights) + step)
        longer[: len(weights)] = weights * (1 - chance)
        longer[step:] += weights * chance
        weights = longer
    return float(weights[np.arange(len(weights)) >= seen - 1e-9].sum())
