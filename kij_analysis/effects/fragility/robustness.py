"""Robustness values: how much of what is left unexplained a trait would have to account for."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from kij_analysis.effects.comparison.persons import Floats, Persons


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """A trait some times as strong as a measured one, and what would remain of the estimate beside it.

    `with_treatment` and `with_outcome` are its shares of what is left unexplained.
    """

    with_treatment: float
    with_outcome: float
    estimate: float
    std_error: float


def robustness_value(
    estimate: float, std_error: float, df: float, *, q: float = 1.0, alpha: float = 1.0
) -> float:
    """The share of what is left of treatment *and* outcome that a trait must explain to undo an estimate.

    Parameters
    ----------
    estimate, std_error, df
        Of a least-squares regression (with equal variances).
    q
        How much of the estimate is to be undone; 1 is all of it.
    alpha
        1 brings the estimate itself to (1 - q) of it; 0.05 makes it lose its significance at that level.

    Notes
    -----
    Cinelli and Hazlett 2020 (Journal of the Royal Statistical Society B 82: 39-67), section 4.

    Examples
    --------
    >>> round(robustness_value(0.09731582, 0.02325654, 783), 4)
    0.1388
    """
    from scipy.stats import t

    f = q * abs(estimate / std_error) / sqrt(df)
    limit = abs(float(t.ppf(alpha / 2, df - 1))) / sqrt(df - 1) if alpha < 1 else 0.0
    rest = f - limit
    if rest <= 0:
        return 0.0
    value = (sqrt(rest**4 + 4 * rest**2) - rest**2) / 2
    # Where a trait that explains nothing of the treatment's rest would do, the bound is the other one.
    return value if not limit or rest <= 1 / limit else (f**2 - limit**2) / (1 + f**2)


def partial_r2(estimate: float, std_error: float, df: float) -> float:
    """The share of what is left of the outcome that the treatment goes with.

    Examples
    --------
    >>> round(partial_r2(0.09731582, 0.02325654, 783), 4)
    0.0219
    """
    square = (estimate / std_error) ** 2
    return square / (square + df)


def adjusted_for(
    estimate: float, std_error: float, df: float, *, with_treatment: float, with_outcome: float
) -> tuple[float, float]:
    """The estimate and its error if a trait with these shares had been in the regression, and reduced it.

    Examples
    --------
    >>> found = adjusted_for(0.09731582, 0.02325654, 783, with_treatment=0.00916429, with_outcome=0.12464092)
    >>> [round(value, 4) for value in found]
    [0.0752, 0.0219]
    """
    bias = std_error * sqrt(df) * sqrt(with_outcome * with_treatment / (1 - with_treatment))
    error = std_error * sqrt((1 - with_outcome) / (1 - with_treatment)) * sqrt(df / (df - 1))
    return (1 if estimate >= 0 else -1) * (abs(estimate) - bias), error


def benchmark(
    estimate: float,
    std_error: float,
    df: float,
    *,
    treatment_r2: float,
    outcome_r2: float,
    times: float = 1.0,
) -> Benchmark | None:
    """What would remain beside a trait so many times as strong as a measured one; none if that is impossible.

    Parameters
    ----------
    treatment_r2, outcome_r2
        The partial R² of the measured trait with the treatment, and with the outcome beside the treatment.
    times
        How many times as strong, for both.

    Examples
    --------
    >>> found = benchmark(0.09731582, 0.02325654, 783, treatment_r2=0.00908107, outcome_r2=0.1100, times=2)
    >>> round(found.estimate, 2)
    0.05
    """
    with_treatment = times * treatment_r2 / (1 - treatment_r2)
    if with_treatment >= 1:
        return None
    between = times * treatment_r2**2 / ((1 - times * treatment_r2) * (1 - treatment_r2))
    if not 0 <= between < 1:
        return None
    with_outcome = ((sqrt(times) + sqrt(between)) / sqrt(1 - between)) ** 2 * outcome_r2 / (1 - outcome_r2)
    if with_outcome >= 1:
        return None
    remains, error = adjusted_for(
        estimate, std_error, df, with_treatment=with_treatment, with_outcome=with_outcome
    )
    return Benchmark(
        with_treatment=with_treatment, with_outcome=with_outcome, estimate=remains, std_error=error
    )


def regression(persons: Persons) -> tuple[float, float, float] | None:
    """Coefficient, classical error and degrees of freedom of the treatment beside all covariates."""
    x = np.column_stack([persons.treated.astype(float), persons.design])
    if len(x) <= x.shape[1] or np.linalg.matrix_rank(x) < x.shape[1]:
        return None
    bread = np.linalg.inv(x.T @ x)
    parameters = bread @ (x.T @ persons.outcome)
    rest = persons.outcome - x @ parameters
    df = len(x) - x.shape[1]
    square = float(rest @ rest / df * bread[0, 0])
    if square <= 1e-20 * max(1.0, float(persons.outcome @ persons.outcome)):
        return None
    return float(parameters[0]), sqrt(square), float(df)


def shares_of(persons: Persons, variable: str) -> tuple[float, float]:
    """The partial R² of a covariate, all categories, with the treatment and with the outcome beside it."""
    own = [one for one in persons.covariates if one.variable == variable and not one.spare]
    others = [one for one in persons.covariates if one.variable != variable and not one.spare]
    n = len(persons)
    without = np.column_stack([np.ones(n), *(one.values for one in others)])
    whole = np.column_stack([without, *(one.values for one in own)])
    t = persons.treated.astype(float)
    beside, all_ = np.column_stack([without, t]), np.column_stack([whole, t])
    return _partial(t, without, whole), _partial(persons.outcome, beside, all_)


def _partial(y: Floats, small: Floats, large: Floats) -> float:
    """Which share of what the smaller regression leaves the larger one explains."""
    left = [_left(y, small), _left(y, large)]
    return max(0.0, 1 - left[1] / left[0]) if left[0] > 0 else 0.0


def _left(y: Floats, x: Floats) -> float:
    spread = np.maximum(np.abs(x).max(axis=0), 1e-300)
    fitted = (x / spread) @ np.linalg.lstsq(x / spread, y, rcond=None)[0]
    return float(np.sum((y - fitted) ** 2))
