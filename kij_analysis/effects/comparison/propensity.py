"""How likely each person was to be treated, given her covariates: a logistic model."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from kij_analysis.effects.comparison.found import Model
from kij_analysis.effects.comparison.persons import Flags, Floats, Persons

CERTAIN = 1e-3
"""Where every chance is nearer than this to what happened, the covariates tell the groups apart."""


@dataclass(frozen=True, kw_only=True)
class Propensity:
    """Fitted chances of treatment, and the model's parameters with everybody's influence on them."""

    chance: Floats
    model: Model

    @property
    def logit(self) -> Floats:
        """The chances on the logit scale."""
        return np.asarray(np.log(self.chance) - np.log1p(-self.chance))


def chances(design: Floats, parameters: Floats) -> Floats:
    """The chances that parameters give."""
    return np.asarray(1 / (1 + np.exp(-(design @ parameters))))


def propensity_of(persons: Persons) -> Propensity | None:
    """The logistic model of treatment by maximum likelihood; none where the covariates tell the groups apart.

    Fitted on standardised covariates: with raw polynomials statsmodels' own standard errors of weighted
    estimates go wrong.
    """
    from statsmodels.api import Logit
    from statsmodels.tools.sm_exceptions import PerfectSeparationError

    x, t = persons.design, persons.treated.astype(float)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            fitted = Logit(t, x).fit(method="newton", disp=False, maxiter=100, tol=1e-10)
            parameters = np.asarray(fitted.params)
            e = chances(x, parameters)
            information = (x * (e * (1 - e))[:, None]).T @ x
            bread = np.linalg.inv(information)
    except (PerfectSeparationError, np.linalg.LinAlgError):
        return None
    told_apart = bool(np.abs(t - e).max() < CERTAIN)
    if not fitted.mle_retvals["converged"] or not np.isfinite(bread).all() or told_apart:
        return None
    influence = len(t) * (x * (t - e)[:, None]) @ bread
    return Propensity(chance=e, model=Model(parameters=parameters, influence=influence))


def odds_weights(e: Floats, treated: Flags, estimand: str) -> Floats:
    """Inverse-probability weights: for the treated, or for all."""
    if estimand == "att":
        return np.where(treated, 1.0, e / (1 - e))
    return np.where(treated, 1 / e, 1 / (1 - e))
