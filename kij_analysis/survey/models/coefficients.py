"""The coefficients of one model as rows of results."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from kij_analysis.survey.design import Floats
from kij_analysis.survey.groups import Group
from kij_analysis.survey.models.choice import fit_of
from kij_analysis.survey.models.data import Data, why_absent
from kij_analysis.survey.models.errors import Source, spread
from kij_analysis.survey.models.fits import Fit
from kij_analysis.survey.models.ordered import climb_cuts, cuts_of
from kij_analysis.survey.models.predictors import CONSTANT, THRESHOLD, Term
from kij_analysis.survey.models.profiles import profile
from kij_analysis.survey.models.proportionality import proportionality
from kij_analysis.survey.models.scales import scaled, with_interval
from kij_analysis.survey.models.separation import FAR
from kij_analysis.survey.models.standardisation import refitted

NAMES = {"linear": "linear", "logistic": "logistic", "ordinal": "proportional_odds"}
"""What the methods of each kind of model begin with."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a call asks of every model; `labels` are the answers of an ordered outcome."""

    kind: str
    interval: str
    intercept: bool
    penalised: bool | None
    level: float
    labels: tuple[str, ...] = ()

    @property
    def measure(self) -> str:
        """What a coefficient is told as."""
        return "difference" if self.kind == "linear" else "odds_ratio"


def rows_of(group: Group, data: Data, source: Source, asked: Asked) -> list[dict[str, Any]]:
    """A row for every term of the model, and for its constants where they are asked for."""
    labels = asked.labels
    if asked.kind == "ordinal" and not data.note:
        given, codes = np.unique(data.outcome, return_inverse=True)
        data, labels = (
            replace(data, outcome=codes.astype(float)),
            tuple(labels[int(one) - 1] for one in given),
        )
    rows = [_row(group, data, term, asked) for term in data.terms]
    if data.note:
        return [row | {"note": data.note, "method": "none"} for row in rows]
    fit, note = fit_of(data, asked.kind, asked.penalised)
    if fit is None:
        return [row | {"note": row["note"] or note, "method": "none"} for row in rows]
    places = {row["place"]: row for row in rows if not row["note"]}
    places |= _constants(data, labels, asked) if asked.intercept else {}
    found = _estimated(fit, data, source, asked, places, note)
    beside = {"log_likelihood": np.nan if source.sample else fit.log_likelihood}
    if asked.kind == "ordinal":
        beside |= _tests(fit, data, source, range(1, data.values.shape[1]), "")
    full = [row | {"method": "none"} if row["note"] else found[row["place"]] for row in rows]
    full += [row for place, row in found.items() if place not in {row["place"] for row in rows}]
    return [row | beside for row in full]


def _row(group: Group, data: Data, term: Term, asked: Asked) -> dict[str, Any]:
    """What the row of a term says before anything is estimated."""
    row: dict[str, Any] = {"predictor": term.predictor, "first": term.first, "second": term.second}
    row |= {"measure": asked.measure, "n": len(data.rows), "code": term.code, "place": -1}
    row |= {"note": data.notes.get(term, "")}
    if asked.kind == "logistic":
        row |= {"count": int(data.outcome.sum())}
    for place, one in enumerate((term.first, term.second), 1):
        if one:
            own = data.outcome[data.persons(term.predictor, one)]
            row |= {f"n_{place}": len(own)}
            row |= {f"count_{place}": int(own.sum())} if asked.kind == "logistic" else {}
    if row["note"] == "one_group_empty":
        levels = [one for one in (term.first, term.second) if one]
        row |= {"note": why_absent(group, data, term.predictor, levels) or "one_group_empty"}
    if term in data.columns:
        thresholds = len(np.unique(data.outcome)) - 2 if asked.kind == "ordinal" else 0
        row |= {"place": data.columns[term] + thresholds}
    return row


def _constants(data: Data, labels: tuple[str, ...], asked: Asked) -> dict[int, dict[str, Any]]:
    """The rows of the intercept, or of the thresholds between ordered answers."""
    row = {"measure": "coefficient", "n": len(data.rows), "predictor": CONSTANT, "code": CONSTANT, "note": ""}
    row |= {"first": "", "second": "", "place": 0}
    if asked.kind == "logistic":
        row |= {"count": int(data.outcome.sum())}
    if asked.kind != "ordinal":
        return {0: row}
    names = [f"{low}|{high}" for low, high in pairwise(labels)]
    return {
        place: row | {"predictor": THRESHOLD, "first": name, "code": f"{THRESHOLD}:{name}", "place": place}
        for place, name in enumerate(names)
    }


def _estimated(
    fit: Fit, data: Data, source: Source, asked: Asked, rows: dict[int, dict[str, Any]], note: str
) -> dict[int, dict[str, Any]]:
    """The rows with estimates, and intervals where they can be trusted."""
    method = "firth" if fit.penalised else f"{NAMES[asked.kind]}_{source.kind}".rstrip("_")
    rows = {place: row | {"method": method, "note": note} for place, row in rows.items()}
    for place, row in rows.items():
        value = float(fit.coefficients[place])
        rows[place] = row | scaled(row["measure"], value) | {"coefficient": value}
    if fit.penalised and source.kind:
        return {place: row | {"note": "separation"} for place, row in rows.items()}
    sure = spread(
        source, fit, data, np.eye(len(fit.coefficients)), direct=None, compute=_refit(fit, data)
    )  # fmt: skip
    profiled = asked.kind != "linear" and (
        asked.interval == "profile" or (asked.interval == "auto" and not source.kind)
    )
    for place, row in rows.items():
        error, df = float(sure.error[place]), float(sure.df[place])
        own = with_interval(row["measure"], row["coefficient"], error, df, level=asked.level)
        own |= {"coefficient_error": error, "test": "z" if np.isnan(df) else "t"}
        own["note"] = note or source.doubt(error, df) or own.get("note", "")
        if profiled and row["predictor"] != THRESHOLD:
            own |= _profiled(fit, data, place, row["measure"], asked.level)
        rows[place] = row | own
    return {place: row | _own_test(fit, data, source, row["predictor"]) for place, row in rows.items()}


def _profiled(fit: Fit, data: Data, place: int, measure: str, level: float) -> dict[str, Any]:
    found = profile(fit, data, place, level=level)
    if np.isnan([found.low, found.high]).any():
        return {"conf_low": np.nan, "conf_high": np.nan, "p_value": np.nan, "note": "not_converged"}
    ends = {"conf_low": found.low, "conf_high": found.high}
    told = {name: scaled(measure, end)["estimate"] for name, end in ends.items()}
    return told | {"p_value": found.p_value, "test": "likelihood_ratio"}


def _own_test(fit: Fit, data: Data, source: Source, predictor: str) -> dict[str, float]:
    """The test of the slopes of one predictor, where answers are ordered."""
    columns = [at for term, at in data.columns.items() if term.predictor == predictor]
    return _tests(fit, data, source, columns, "own_") if fit.kind == "ordinal" and columns else {}


def _tests(fit: Fit, data: Data, source: Source, columns: Iterable[int], name: str) -> dict[str, float]:
    statistic, df, p = proportionality(data, fit.log_likelihood, list(columns), source.sample)
    return {
        f"{name}proportionality": statistic, f"df_{name}proportionality": df, f"p_{name}proportionality": p,
    }  # fmt: skip


def _refit(fit: Fit, data: Data) -> Callable[[Floats], Floats]:
    """The coefficients from other weights of the rows, missing where they do not settle."""

    def compute(weight: Floats) -> Floats:
        if fit.kind != "ordinal":
            beta = refitted(data, fit.kind, weight)
            # Separated in a replicate: its coefficients are as large as the steps allow, and mean nothing.
            far = fit.kind == "logistic" and np.abs(data.values @ beta).max() > FAR
            return np.where(far, np.nan, beta)
        cuts = cuts_of(data.values[:, 1:], data.outcome, data.weight)
        peak = climb_cuts(cuts, weight, start=fit.coefficients)
        return np.where(peak.settled, peak.coefficients, np.nan)

    return compute
