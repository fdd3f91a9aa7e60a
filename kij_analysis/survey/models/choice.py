"""Which model is fitted: the one that was asked for, or a penalised one where answers are separated."""

from __future__ import annotations

from kij_analysis.survey.models.data import Data
from kij_analysis.survey.models.fits import Fit, climb, linear, logistic
from kij_analysis.survey.models.ordered import proportional_odds
from kij_analysis.survey.models.separation import separated


def fit_of(data: Data, kind: str, penalised: bool | None) -> tuple[Fit | None, str]:
    """The fit of the complete rows, and a note where it is not what was asked for.

    Without a choice (`penalised` is None) a logistic model is penalised where its answers are separated;
    with False there is no fit then.
    """
    weight = data.weight
    if kind == "linear":
        return linear(data.values, data.outcome, weight), ""
    if kind == "ordinal":
        return proportional_odds(data.values[:, 1:], data.outcome, weight)
    if penalised:
        fit = logistic(data.values, data.outcome, weight, penalised=True)
        return (fit, "") if fit.settled else (None, "not_converged")
    peak = climb(data.values, data.outcome, weight)
    if separated(data.values, data.outcome, weight, peak):
        if penalised is not None:
            return None, "separation"
        fit = logistic(data.values, data.outcome, weight, penalised=True)
        return (fit, "separation") if fit.settled else (None, "not_converged")
    if not peak.settled:
        return None, "not_converged"
    return logistic(data.values, data.outcome, weight), ""
