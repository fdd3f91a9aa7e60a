"""Averages over the persons of one model, and the comparisons of groups that they give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from kij_analysis.survey.design import Floats
from kij_analysis.survey.groups import Group
from kij_analysis.survey.models.choice import fit_of
from kij_analysis.survey.models.data import Data, why_absent
from kij_analysis.survey.models.errors import Source, spread
from kij_analysis.survey.models.fits import Fit, centred
from kij_analysis.survey.models.scales import scaled, with_interval
from kij_analysis.survey.models.standardisation import (
    Mean,
    as_if,
    contrast,
    mean_at,
    mean_slope,
    refitted,
    term_of,
)

MEASURES = {"difference": "risk_difference", "ratio": "ratio", "odds_ratio": "odds_ratio"}


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a call asks of every model."""

    of: str
    kind: str
    measure: str
    averages: bool
    over: str
    least_events: int
    penalised: bool | None
    level: float


def rows_of(group: Group, data: Data, source: Source, question: Question) -> list[dict[str, Any]]:
    """The rows of one model."""
    rows = [_row(group, data, question, *pair) for pair in _pairs(data, question)]
    if data.note:
        return [row | {"note": data.note, "method": "none"} for row in rows]
    if "collinear" in [note for term, note in data.notes.items() if term.predictor == question.of]:
        rows = [row | {"note": row["note"] or "collinear"} for row in rows]
    fit, note = fit_of(data, question.kind, question.penalised)
    open_rows = [row for row in rows if not row["note"]]
    if fit is None or not open_rows:
        return [row | {"note": row["note"] or note, "method": "none"} for row in rows]
    if fit.penalised:
        fit = centred(fit, data.values, data.outcome, data.weight)
    found = iter(_estimated(open_rows, data, fit, note, source, question))
    return [row | {"method": "none"} if row["note"] else row | next(found) for row in rows]


def _pairs(data: Data, question: Question) -> list[tuple[str, str]]:
    """The comparisons that a model is asked for, then the groups where their averages are."""
    predictor = data.predictors[question.of]
    pairs = [(term.first, term.second) for term in predictor.terms]
    return pairs + [(one, "") for one in predictor.levels if question.averages]


def _row(group: Group, data: Data, question: Question, first: str, second: str) -> dict[str, Any]:
    """What a row says before anything is estimated: whom it compares, their answers, why it stays empty."""
    compared = MEASURES[question.measure] if question.kind == "logistic" else "difference"
    averaged = "share" if question.kind == "logistic" else "mean"
    average = question.averages and first and not second
    row = {"predictor": question.of, "first": first, "second": second, "n": len(data.rows)}
    row |= {"measure": averaged if average else compared}
    sides = [data.outcome[data.persons(question.of, one)] for one in (first, second) if one]
    if first and (second or average):
        row |= {"n": sum(map(len, sides))}
        row |= {f"n_{place}": len(own) for place, own in enumerate(sides, 1) if second}
    if question.kind == "logistic":
        based = sides if first else [data.outcome]
        row |= {"count": int(sum(own.sum() for own in based))}
        row |= {f"count_{place}": int(own.sum()) for place, own in enumerate(sides, 1) if second}
    return row | {"note": _why_empty(group, data, question, first, second)}


def _why_empty(group: Group, data: Data, question: Question, first: str, second: str) -> str:
    """Why a comparison has no model: one of its groups was not asked, or has nobody."""
    predictor = data.predictors[question.of]
    if predictor.is_number:
        return next((note for term, note in data.notes.items() if term.predictor == question.of), "")
    if question.averages and first and not second:
        return "" if data.persons(question.of, first).any() else why_absent(group, data, question.of, [first])
    return why_absent(group, data, question.of, [one for one in (first, second) if one])


def _estimated(
    rows: list[dict[str, Any]], data: Data, fit: Fit, note: str, source: Source, question: Question
) -> list[dict[str, Any]]:
    """Estimates, and intervals where they can be trusted."""

    def means(beta: Floats, weight: Floats) -> list[Mean]:
        return [_mean(row, data, beta, weight, question) for row in rows]

    def compute(weight: Floats) -> Floats:
        return np.array([one.value for one in means(refitted(data, question.kind, weight), weight)])

    found = means(fit.coefficients, data.weight)
    direct = np.column_stack([one.direct for one in found])
    gradient = np.array([one.gradient for one in found])
    method = f"marginal_{'firth' if fit.penalised else source.kind}".rstrip("_")
    if fit.penalised and source.kind:
        return [scaled(row["measure"], one.value) | {"note": "separation", "method": method}
                for row, one in zip(rows, found, strict=True)]  # fmt: skip
    sure = spread(source, fit, data, gradient, direct=direct, compute=compute)
    filled = []
    for place, (row, one) in enumerate(zip(rows, found, strict=True)):
        kept = scaled(row["measure"], one.value)
        if question.kind == "logistic" and _few(row, question.least_events):
            kept["note"] = "few_events"
        else:
            error, df = float(sure.error[place]), float(sure.df[place])
            kept |= with_interval(row["measure"], one.value, error, df, level=question.level)
            kept["note"] = source.doubt(error, df) or kept.get("note", "")
        filled.append(kept | {"method": method} | ({"note": note} if note else {}))
    return filled


def _mean(row: dict[str, Any], data: Data, beta: Floats, weight: Floats, question: Question) -> Mean:
    """The quantity of a row, on the scale on which its errors are symmetric."""
    of, kind, first, second = question.of, question.kind, row["first"], row["second"]
    if not first:
        return mean_slope(data.values, beta, kind, data.columns[term_of(data, of)], weight)
    chosen = {"first": first, "second": second or data.predictors[of].levels[0]}.get(question.over)
    over = weight * data.persons(of, chosen) if chosen else weight
    one = mean_at(as_if(data, of, first), beta, kind, over)
    if not second:
        return one
    return contrast(one, mean_at(as_if(data, of, second), beta, kind, over), row["measure"])


def _few(row: dict[str, Any], least: int) -> bool:
    """Whether one of the groups holds too few answers, or too few others, for normal errors."""
    sides = [(row["count_1"], row["n_1"]), (row["count_2"], row["n_2"])] if row["second"] else []
    return any(min(count, n - count) < least for count, n in sides or [(row["count"], row["n"])])
