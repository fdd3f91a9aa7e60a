"""Profile likelihood: intervals and tests that do not take the likelihood for a parabola."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kij_analysis.survey.models.data import Data
from kij_analysis.survey.models.fits import Fit, Peak, climb
from kij_analysis.survey.models.ordered import climb_cuts, cuts_of

Held = Callable[[float], float]
"""The highest likelihood with one coefficient held at a value."""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Both ends of an interval, missing where there is none, and the p-value of 0."""

    low: float
    high: float
    p_value: float


def profile(fit: Fit, data: Data, place: int, *, level: float) -> Profile:
    """The interval of one coefficient, and its likelihood ratio test against 0.

    Venzon and Moolgavkar 1988 (Appl. Stat. 37: 87); with Firth's penalty as Heinze and Schemper 2002.
    """
    from scipy.stats import chi2

    held = _held(fit, data, place)
    middle, error = float(fit.coefficients[place]), float(np.sqrt(fit.covariance[place, place]))
    floor = fit.log_likelihood - float(chi2.ppf(level, 1)) / 2
    ratio = 2 * (fit.log_likelihood - held(0.0))
    return Profile(
        low=_end(held, middle, -2 * error, floor),
        high=_end(held, middle, 2 * error, floor),
        p_value=float(chi2.sf(max(ratio, 0.0), 1)),
    )


def _held(fit: Fit, data: Data, place: int) -> Held:
    cuts = cuts_of(data.values[:, 1:], data.outcome, data.weight) if fit.kind == "ordinal" else None

    def peak(at: np.ndarray) -> Peak:
        if cuts is not None:
            return climb_cuts(cuts, data.weight, start=at, fixed=place)
        return climb(data.values, data.outcome, data.weight, penalised=fit.penalised, start=at, fixed=place)

    # With a slope the constants move too, so that the search begins near the answers: think of years.
    constants = len(fit.coefficients) - data.values.shape[1] + 1
    centre = data.values[:, place - constants + 1].mean() * (1 if fit.kind == "ordinal" else -1)
    last = fit.coefficients.copy()

    def held(value: float) -> float:
        if place >= constants:
            last[:constants] += centre * (value - last[place])
        last[place] = value
        found = peak(last)
        if np.isfinite(found.height):
            last[:] = found.coefficients
        return found.height

    return held


def _end(held: Held, middle: float, step: float, floor: float) -> float:
    """Where the profile has fallen to the floor, on one side."""
    from scipy.optimize import brentq

    near, far = middle, middle + step
    for _ in range(30):
        if held(far) < floor:
            if held(near) < floor:
                return np.nan
            return float(
                brentq(lambda value: held(value) - floor, near, far, xtol=1e-6 * abs(step), rtol=1e-9)
            )
        near, far = far, far + 2 * (far - near)
    return np.nan
