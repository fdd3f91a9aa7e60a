"""Chance that can be repeated: streams by name, exact counts and ranks."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd

from kij_analysis.demo.assumptions import Spread

Floats = npt.NDArray[np.float64]


def stream(seed: int, *names: str) -> np.random.Generator:
    """A generator for one purpose; a new purpose never moves the numbers of another.

    Only its uniform numbers are used, because other distributions may change between versions of NumPy.

    Examples
    --------
    >>> bool(stream(1, "kvinfo", "people").random() == stream(1, "kvinfo", "people").random())
    True
    """
    key = tuple("/".join(names).encode("utf-8"))
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))


def normal(rng: np.random.Generator, n: int) -> Floats:
    """Standard normal numbers by inversion."""
    inverse = NormalDist().inv_cdf
    return np.array([inverse(min(max(u, 1e-12), 1 - 1e-12)) for u in rng.random(n)])


def standard(values: pd.Series | Floats) -> Floats:
    """Values with mean 0 and standard deviation 1; all 0 if they do not differ."""
    numbers = np.asarray(values, dtype=float)
    spread = numbers.std() if len(numbers) else 0.0
    return (numbers - numbers.mean()) / spread if spread else np.zeros(len(numbers))


def score(predictors: pd.DataFrame, weights: Mapping[str, float], rng: np.random.Generator) -> Floats:
    """The weighted sum of standardised predictors, with standard normal noise."""
    total = normal(rng, len(predictors))
    for name, weight in weights.items():
        # Before the first wave nobody has met a mentor or had a status a wave earlier.
        if name in predictors:
            total = total + weight * standard(predictors[name])
    return total


def around(given: Spread, rng: np.random.Generator, n: int) -> Floats:
    """Numbers around a centre, cut off at both ends."""
    drawn = normal(rng, n) * given.spread
    values = given.centre + drawn if given.shape == "normal" else given.centre * np.exp(drawn)
    return np.clip(values, given.lowest, given.highest)


def counts(shares: Mapping[str, float], n: int) -> dict[str, int]:
    """Whole numbers that follow the shares; every sum from the first on is off by at most a half.

    Examples
    --------
    >>> counts({"low": 0.18, "high": 0.82}, 117)
    {'low': 21, 'high': 96}
    """
    found, done, upto = {}, 0, 0.0
    for code, share in shares.items():
        upto += share
        edge = floor(round(upto * n, 9) + 0.5)
        found[code], done = edge - done, edge
    return found


def in_order(scores: Floats, shares: Mapping[str, float]) -> list[str]:
    """The categories dealt out in exact numbers, the first to the lowest scores."""
    codes = [code for code, number in counts(shares, len(scores)).items() for _ in range(number)]
    dealt = np.empty(len(scores), dtype=object)
    dealt[np.argsort(scores, kind="stable")] = codes
    return list(dealt)


def at_random(rng: np.random.Generator, shares: Mapping[str, float], n: int) -> list[str]:
    """The categories dealt out in exact numbers, to anybody."""
    return in_order(rng.random(n), shares)


def whole(share: float, n: int) -> int:
    """The whole number nearest to a share of n."""
    return counts({"": share}, n)[""]


def highest(scores: Floats, number: int) -> npt.NDArray[np.bool_]:
    """True for so many of the highest scores."""
    chosen = np.zeros(len(scores), dtype=bool)
    chosen[np.argsort(-scores, kind="stable")[:number]] = True
    return chosen
