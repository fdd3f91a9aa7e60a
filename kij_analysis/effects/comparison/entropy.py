"""Entropy balancing: weights that make the means of the covariates equal, and else differ least."""

from __future__ import annotations

import numpy as np

from kij_analysis.effects.comparison.found import Found, Model, refused, stacked, weighted_difference
from kij_analysis.effects.comparison.persons import Flags, Floats, Persons

METHOD = "entropy_balancing"
STEPS = 200
CLOSE = 1e-10


def entropy_balancing(persons: Persons, *, estimand: str = "att") -> Found:
    """The difference of means after entropy balancing (Hainmueller 2012).

    Comparison persons are weighted to the covariate means of the treated; with the estimand ``"ate"`` both
    groups to those of all. The weights are the only ones that do so and lie nearest to equal weights. The
    error allows for the weights being estimated. Where no positive weights make the means equal, the groups
    cannot be compared (note *no_common_support*).
    """
    if persons.note:
        return refused(METHOD, persons.note)
    z, t = persons.design[:, 1:], persons.treated
    target = z[t].mean(axis=0) if estimand == "att" else z.mean(axis=0)
    aimed = t if estimand == "att" else np.ones(len(t), dtype=bool)
    weights, tilts = np.ones(len(t)), []
    for arm in (~t,) if estimand == "att" else (t, ~t):
        tilt = balanced(z[arm] - target)
        if tilt is None:
            return refused(METHOD, "no_common_support")
        weights[arm] = _normal(np.exp((z[arm] - target) @ tilt)) * aimed.sum()
        tilts.append((arm, tilt))
    estimate, influence = weighted_difference(persons, weights)
    parts = [
        (_tilting(persons, z, target, aimed, arm, tilt), _estimate(persons, z, target, weights, arm))
        for arm, tilt in tilts
    ]
    return Found(
        method=METHOD,
        estimate=estimate,
        influence=stacked(influence, parts),
        weights=weights,
        used=persons,
        cluster=persons.cluster,
        more={"known": influence},
    )


def balanced(distance: Floats) -> Floats | None:
    """The tilt for which the weighted mean of the distances is 0, by Newton's method on the dual.

    The dual is the logarithm of the sum of exp(distance @ tilt), which is convex; steps are halved until it
    falls. None where no tilt reaches 0.
    """
    tilt = np.zeros(distance.shape[1])
    value = _log_sum(distance @ tilt)
    for _ in range(STEPS):
        weights = _normal(np.exp(distance @ tilt - (distance @ tilt).max()))
        gradient = weights @ distance
        if np.abs(gradient).max(initial=0.0) < 1e-14:
            break
        curve = (distance * weights[:, None]).T @ distance - np.outer(gradient, gradient)
        try:
            step = np.linalg.solve(curve, gradient)
        except np.linalg.LinAlgError:
            return None
        size = 1.0
        while size > 1e-10 and not _log_sum(distance @ (tilt - size * step)) <= value + 1e-15:
            size /= 2
        tilt = tilt - size * step
        value = _log_sum(distance @ tilt)
        if not np.isfinite(value) or np.abs(tilt).max() > 1e4:
            return None
    weights = _normal(np.exp(distance @ tilt - (distance @ tilt).max()))
    return tilt if np.abs(weights @ distance).max(initial=0.0) < CLOSE else None


def _tilting(persons: Persons, z: Floats, target: Floats, aimed: Flags, arm: Flags, tilt: Floats) -> Model:
    """The tilt of one arm with everybody's influence on it, that on the means aimed at included."""
    n = len(persons)
    raw = np.where(arm, np.exp(np.clip((z - target) @ tilt, -700, 700)), 0.0)
    distance = z - target
    curve = (distance * raw[:, None]).T @ distance
    moments = raw[:, None] * distance - raw.sum() * (aimed[:, None] * distance) / aimed.sum()
    return Model(parameters=tilt, influence=-n * moments @ np.linalg.inv(curve).T)


def _estimate(persons: Persons, z: Floats, target: Floats, weights: Floats, arm: Flags):  # type: ignore[no-untyped-def]
    """The estimate as a function of the tilt of one arm."""

    def at(tilt: Floats) -> float:
        moved = weights.copy()
        moved[arm] = np.exp((z[arm] - target) @ tilt)
        return weighted_difference(persons, moved)[0]

    return at


def _normal(weights: Floats) -> Floats:
    return np.asarray(weights / weights.sum())


def _log_sum(values: Floats) -> float:
    top = float(values.max())
    return top + float(np.log(np.exp(values - top).sum()))
