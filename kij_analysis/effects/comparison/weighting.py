"""Weighting by the inverse chance of treatment."""

from __future__ import annotations

from kij_analysis.effects.comparison.found import Found, refused, stacked, weighted_difference
from kij_analysis.effects.comparison.persons import Floats, Persons
from kij_analysis.effects.comparison.propensity import Propensity, chances, odds_weights, propensity_of

METHOD = "inverse_probability"


def inverse_probability(
    persons: Persons,
    *,
    estimand: str = "att",
    trim: tuple[float, float] | None = None,
    propensity: Propensity | None = None,
) -> Found:
    """The difference of means, comparison persons weighted to resemble the treated (or both to resemble all).

    Weights are normalised (Hajek). The error allows for the weights being estimated (Lunceford and Davidian
    2004), which makes it smaller than with weights taken as known. `trim` leaves out persons whose chance of
    treatment lies outside; the estimate is then about those who remain, and the error takes the
    limits as given.
    """
    if persons.note:
        return refused(METHOD, persons.note)
    fitted = propensity or propensity_of(persons)
    if fitted is None:
        return refused(METHOD, "no_common_support")
    low, high = trim or (0.0, 1.0)
    keep = (fitted.chance >= low) & (fitted.chance <= high)
    own = persons.part(keep)
    if own.note:
        return refused(METHOD, own.note)
    weights = odds_weights(fitted.chance[keep], own.treated, estimand)
    estimate, influence = weighted_difference(own, weights)

    def at(parameters: Floats) -> float:
        e = chances(own.design, parameters)
        return weighted_difference(own, odds_weights(e, own.treated, estimand))[0]

    if trim is None:
        influence = stacked(influence, [(fitted.model, at)])
    return Found(
        method=METHOD,
        estimate=estimate,
        influence=influence,
        weights=weights,
        used=own,
        cluster=own.cluster,
        note="" if keep.all() else "unlike_left_out",
        more={"unmatched": int((~keep & persons.treated).sum())},
    )
