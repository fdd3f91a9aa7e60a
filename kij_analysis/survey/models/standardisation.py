"""Mean fitted answers, as if everybody were in one group, and how they hang on the coefficients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kij_analysis.survey.design import Floats
from kij_analysis.survey.models.data import Data
from kij_analysis.survey.models.fits import climb, expit
from kij_analysis.survey.models.predictors import Term


@dataclass(frozen=True, kw_only=True)
class Mean:
    """One quantity: its value, its slopes in the coefficients, and how far each person moves it herself."""

    value: float
    gradient: Floats
    direct: Floats

    def __sub__(self, other: Mean) -> Mean:
        return Mean(
            value=self.value - other.value,
            gradient=self.gradient - other.gradient,
            direct=self.direct - other.direct,
        )

    def through(self, value: float, slope: float) -> Mean:
        """The same quantity on another scale."""
        return Mean(value=value, gradient=self.gradient * slope, direct=self.direct * slope)


def as_if(data: Data, predictor: str, level: str) -> Floats:
    """The matrix of the model with everybody at one level of a predictor."""
    values = data.values.copy()
    for term, column in data.columns.items():
        if term.predictor == predictor:
            values[:, column] = float(term.first == level)
    return values


def mean_at(values: Floats, beta: Floats, kind: str, over: Floats) -> Mean:
    """The mean fitted answer (g-computation); `over` weighs the persons for whom it stands.

    Robins 1986; the slopes are exact derivatives (delta method).
    """
    share = over / over.sum()
    fitted = values @ beta if kind == "linear" else expit(values @ beta)
    slopes = np.ones(len(values)) if kind == "linear" else fitted * (1 - fitted)
    value = float(share @ fitted)
    return Mean(value=value, gradient=(share * slopes) @ values, direct=share * (fitted - value))


def mean_slope(values: Floats, beta: Floats, kind: str, column: int, over: Floats) -> Mean:
    """The mean slope of the fitted answer in a number (average marginal effect; Bartus 2005, Stata J. 5)."""
    share = over / over.sum()
    if kind == "linear":
        gradient = (np.arange(len(beta)) == column).astype(float)
        return Mean(value=float(beta[column]), gradient=gradient, direct=np.zeros(len(values)))
    fitted = expit(values @ beta)
    slopes = fitted * (1 - fitted)
    own = slopes * beta[column]
    gradient = (share * slopes * (1 - 2 * fitted) * beta[column]) @ values
    gradient[column] += float(share @ slopes)
    value = float(share @ own)
    return Mean(value=value, gradient=gradient, direct=share * (own - value))


def refitted(data: Data, kind: str, weight: Floats) -> Floats:
    """The coefficients with other weights, missing where they do not settle."""
    if kind == "linear":
        root = np.sqrt(weight)
        return np.asarray(np.linalg.lstsq(root[:, None] * data.values, root * data.outcome, rcond=None)[0])
    peak = climb(data.values, data.outcome, weight)
    return peak.coefficients if peak.settled else np.full(data.values.shape[1], np.nan)


def contrast(first: Mean, second: Mean, measure: str) -> Mean:
    """Two means held against each other: their difference, or the logarithm of their ratio or odds ratio."""
    if measure in ("risk_difference", "difference"):
        return first - second
    logs = []
    for one in (first, second):
        p = one.value
        if measure == "ratio":
            logs.append(one.through(float(np.log(p)), 1 / p))
        else:
            logs.append(one.through(float(np.log(p / (1 - p))), 1 / (p * (1 - p))))
    return logs[0] - logs[1]


def term_of(data: Data, predictor: str) -> Term:
    """The single term of a number."""
    return next(term for term in data.terms if term.predictor == predictor)
