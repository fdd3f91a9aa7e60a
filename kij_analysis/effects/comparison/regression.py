"""Regression on the covariates, by least squares."""

from __future__ import annotations

import numpy as np

from kij_analysis.effects.comparison.found import Found, Model, refused, weighted_difference
from kij_analysis.effects.comparison.linear import coefficient
from kij_analysis.effects.comparison.persons import Flags, Floats, Persons

NAIVE, METHOD = "difference_in_means", "regression_adjusted"


def naive(persons: Persons) -> Found:
    """The plain difference of the means of the two groups."""
    if persons.note:
        return refused(NAIVE, persons.note)
    weights = np.ones(len(persons))
    estimate, influence = weighted_difference(persons, weights)
    x = np.column_stack([weights, persons.treated])
    shared = len(np.unique(persons.cluster)) < len(persons)
    error = coefficient(x, persons.outcome, 1, cluster=persons.cluster, treated=persons.treated)[1:]
    return Found(
        method=NAIVE,
        estimate=estimate,
        influence=influence,
        weights=weights,
        used=persons,
        cluster=persons.cluster,
        error=error if shared else None,
    )


def adjusted(
    persons: Persons, *, estimand: str = "att", interacted: bool = True, errors: str = "robust"
) -> Found:
    """The difference that remains after regression on the covariates.

    `interacted` lets every covariate count differently in the two groups, and averages over the treated or
    over all (Lin 2013); without it one number holds for everybody (analysis of covariance). Errors as
    `coefficient` says.
    """
    if persons.note:
        return refused(METHOD, persons.note)
    t, z = persons.treated, persons.design[:, 1:]
    z = z - (z[t] if estimand == "att" and interacted else z).mean(axis=0)
    columns = [np.ones(len(t)), t.astype(float), z]
    if interacted:
        columns.append(z * t[:, None])
    x = np.column_stack(columns)
    if len(x) <= x.shape[1] or np.linalg.matrix_rank(x) < x.shape[1]:
        return refused(METHOD, "too_few")
    estimate, error, df = coefficient(
        x, persons.outcome, 1, cluster=persons.cluster, errors=errors, treated=t
    )
    return Found(method=METHOD, estimate=estimate, used=persons, error=(error, df))


def predicted(persons: Persons, arm: Flags) -> tuple[Floats, Model] | None:
    """Everybody's outcome by the regression of one arm, with that model; none if the arm is too small."""
    x, y = persons.design, persons.outcome
    own = x[arm]
    if len(own) <= x.shape[1] or np.linalg.matrix_rank(own) < x.shape[1]:
        return None
    bread = np.linalg.inv(own.T @ own)
    parameters = bread @ own.T @ y[arm]
    influence = len(y) * (x * (arm * (y - x @ parameters))[:, None]) @ bread
    return x @ parameters, Model(parameters=parameters, influence=influence)
