"""What an estimator finds: an estimate, each person's influence on it, and the error that follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kij_analysis.effects.comparison.persons import Codes, Flags, Floats, Persons


@dataclass(frozen=True, kw_only=True)
class Model:
    """The parameters of a fitted model and each person's influence on them (scaled by the persons)."""

    parameters: Floats
    influence: Floats


@dataclass(frozen=True, kw_only=True)
class Found:
    """An estimate with the influence of every person used (mean square / n is the variance)."""

    method: str
    estimate: float = np.nan
    influence: Floats = field(default_factory=lambda: np.empty(0))
    weights: Floats = field(default_factory=lambda: np.empty(0))
    used: Persons | None = None
    cluster: Codes = field(default_factory=lambda: np.empty(0, dtype=np.intp))
    note: str = ""
    more: dict[str, Any] = field(default_factory=dict)
    error: tuple[float, float] | None = None
    """Standard error and degrees of freedom, where they do not come from the influence."""

    @property
    def spread(self) -> tuple[float, float]:
        """The standard error and its degrees of freedom; missing where there is no estimate."""
        if self.error is not None:
            return self.error
        if self.used is None:
            return np.nan, np.nan
        return standard_error(self.influence, self.used.treated, self.cluster)


def refused(method: str, note: str, **more: Any) -> Found:
    """No estimate, and why."""
    return Found(method=method, note=note, more=more)


def weighted_difference(persons: Persons, weights: Floats) -> tuple[float, Floats]:
    """The difference of weighted means (Hajek) and everybody's influence on it, the weights being known."""
    t, y = persons.treated, persons.outcome
    influence, means = np.zeros(len(persons)), []
    for arm, sign in ((t, 1), (~t, -1)):
        own = weights * arm
        mean = float(own @ y / own.sum())
        influence += sign * len(persons) * own * (y - mean) / own.sum()
        means.append(mean)
    return means[0] - means[1], influence


def stacked(own: Floats, parts: Sequence[tuple[Model, Callable[[Floats], float]]]) -> Floats:
    """The influence on an estimate with that on the models it rests on (stacked estimating equations).

    Every part is a model and the estimate as a function of its parameters; the slope is taken by
    central differences. Stefanski and Boos 2002, The American Statistician 56: 29-38.
    """
    total = own
    for model, estimate in parts:
        total = total + model.influence @ slope(estimate, model.parameters)
    return total


def slope(function: Callable[[Floats], float], at: Floats) -> Floats:
    """The gradient of a function by central differences."""
    steps = 1e-5 * np.maximum(1.0, np.abs(at))
    found = np.empty(len(at))
    for place, step in enumerate(steps):
        move = np.zeros(len(at))
        move[place] = step
        found[place] = (function(at + move) - function(at - move)) / (2 * step)
    return found


def standard_error(influence: Floats, treated: Flags, cluster: Codes) -> tuple[float, float]:
    """The standard error of an estimate from everybody's influence, and its degrees of freedom.

    Influences are summed by cluster. Where every cluster lies in one arm (mentors have mentees only), each
    arm has its own G/(G - 1) and the degrees of freedom are Welch's, so that a few mentors are not
    outvoted by many single comparison persons; else G/(G - 1) and G - 1 of all clusters. Both are missing
    if an arm has one cluster only.
    """
    n = len(influence)
    sums = np.bincount(cluster, weights=influence)
    sizes = np.bincount(cluster)
    ones = np.bincount(cluster, weights=treated.astype(float))
    held = sizes > 0
    sums, ones, sizes = sums[held], ones[held], sizes[held]
    if ((ones > 0) & (ones < sizes)).any():
        count = len(sums)
        if count < 2:
            return np.nan, np.nan
        return float(np.sqrt(count / (count - 1) * (sums @ sums)) / n), float(count - 1)
    parts, counts = [], []
    for arm in (ones > 0, ones == 0):
        count = int(arm.sum())
        if count < 2:
            return np.nan, np.nan
        parts.append(count / (count - 1) * float(sums[arm] @ sums[arm]) / n**2)
        counts.append(count - 1)
    total = sum(parts)
    if not total:
        return 0.0, float(sum(counts))
    df = total**2 / sum(part**2 / count for part, count in zip(parts, counts, strict=True))
    return float(np.sqrt(total)), float(df)
