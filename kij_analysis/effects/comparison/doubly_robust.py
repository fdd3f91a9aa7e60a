"""Doubly robust: weights and an outcome model together; one of the two must be right."""

from __future__ import annotations

import numpy as np

from kij_analysis.effects.comparison.found import Found, refused, stacked
from kij_analysis.effects.comparison.persons import Flags, Floats, Persons
from kij_analysis.effects.comparison.propensity import Propensity, chances, odds_weights, propensity_of
from kij_analysis.effects.comparison.regression import predicted

METHOD = "doubly_robust"
NUISANCES = ("estimated", "known")


def doubly_robust(
    persons: Persons,
    *,
    estimand: str = "att",
    nuisance: str = "estimated",
    outcome_persons: Persons | None = None,
    propensity: Propensity | None = None,
) -> Found:
    """Augmented inverse-probability weighting with a linear outcome model in each group.

    Robins, Rotnitzky and Zhao 1994; weights normalised. The error is that of the influence function; with
    ``nuisance="estimated"`` it carries the influence on both models too, so that it holds also where only
    one of them is right. ``"known"`` is the plain efficient influence function. `outcome_persons` are the
    same persons with other covariates for the outcome model.
    """
    if persons.note:
        return refused(METHOD, persons.note)
    fitted = propensity or propensity_of(persons)
    if fitted is None:
        return refused(METHOD, "no_common_support")
    t, regressed = persons.treated, outcome_persons or persons
    models = {
        arm: predicted(regressed, t == arm) for arm in ([False] if estimand == "att" else [False, True])
    }
    if any(model is None for model in models.values()):
        return refused(METHOD, "too_few")
    means = {arm: model[0] for arm, model in models.items() if model}
    weights = odds_weights(fitted.chance, t, estimand)
    estimate, influence = augmented(persons.outcome, t, weights, means, known=nuisance == "known")
    if nuisance == "estimated":

        def by_weights(parameters: Floats) -> float:
            moved = odds_weights(chances(persons.design, parameters), t, estimand)
            return augmented(persons.outcome, t, moved, means)[0]

        def by_means(arm: bool):  # type: ignore[no-untyped-def]
            def at(parameters: Floats) -> float:
                return augmented(persons.outcome, t, weights, means | {arm: regressed.design @ parameters})[0]

            return at

        parts = [(fitted.model, by_weights)]
        parts += [(model[1], by_means(arm)) for arm, model in models.items() if model]
        influence = stacked(influence, parts)
    return Found(
        method=METHOD,
        estimate=estimate,
        influence=influence,
        weights=weights,
        used=persons,
        cluster=persons.cluster,
    )


def augmented(
    y: Floats, t: Flags, weights: Floats, means: dict[bool, Floats], *, known: bool = False
) -> tuple[float, Floats]:
    """The estimate and everybody's influence, the models being given.

    `means` holds the predicted outcomes without treatment and, for the effect on all, with it.
    """
    n, rest = len(y), y - means[False]
    comparison = weights * ~t
    if True not in means:
        gap, miss = float(rest[t].mean()), float(comparison @ rest / comparison.sum())
        centre = (gap - miss, 0.0) if known else (gap, miss)
        influence = n * (
            t * (rest - centre[0]) / t.sum() - comparison * (rest - centre[1]) / comparison.sum()
        )
        return gap - miss, influence
    above, own = y - means[True], weights * t
    gain, miss = float(own @ above / own.sum()), float(comparison @ rest / comparison.sum())
    spread = means[True] - means[False]
    estimate = float(spread.mean()) + gain - miss
    influence = spread - spread.mean()
    centre = (0.0, 0.0) if known else (gain, miss)
    influence = influence + n * own * (above - centre[0]) / own.sum()
    influence = influence - n * comparison * (rest - centre[1]) / comparison.sum()
    return estimate, np.asarray(influence)
