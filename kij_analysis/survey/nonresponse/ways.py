"""The ways of dealing with those who did not answer, each as one row for one share of one programme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kij_analysis.errors import UsageError
from kij_analysis.survey.design import Floats
from kij_analysis.survey.intervals import logit_interval, share_interval
from kij_analysis.survey.nonresponse.bounds import delta_adjusted, manski
from kij_analysis.survey.nonresponse.calibration import calibrated, leverages, residuals
from kij_analysis.survey.nonresponse.dropout import drop_out, dropout_share, model_columns
from kij_analysis.survey.nonresponse.imputation import impute
from kij_analysis.survey.nonresponse.margins import calibration_of
from kij_analysis.survey.nonresponse.roster import Roster, hits
from kij_analysis.survey.nonresponse.rubin import rubin_share
from kij_analysis.survey.nonresponse.weights import weight_diagnostics, weight_freedom


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What is asked of the answers: the settings of one call."""

    variable: str
    wave: str
    entry: str
    predictors: Sequence[str]
    deltas: Sequence[float]
    m: int
    seed: int
    sampled: bool
    population: str
    method: str
    level: float


def complete(own: Roster, asking: Asking) -> dict[str, Any]:
    """Those who answered, as if they were a random part."""
    size = None if asking.sampled or np.isnan(own.asked) else own.asked
    low, high, method = share_interval(
        own.count, own.n, interval="wilson", level=asking.level, population_size=size
    )
    return {
        "approach": "complete_cases",
        "estimate": own.count / own.n,
        "conf_low": float(low[0]),
        "conf_high": float(high[0]),
        "method": method,
    }


def weighted(
    everybody: pd.DataFrame,
    values: list[object],
    known: pd.DataFrame,
    own: Roster,
    programme: str,
    asking: Asking,
) -> dict[str, Any]:
    """All who answered the wave weighted to the margins, the population a part of them."""
    row: dict[str, Any] = {"approach": "margins", "method": "none"}
    answers = everybody[everybody["wave"] == asking.wave].reset_index(drop=True)
    try:
        to = calibration_of(known, programme, answers, method=asking.method)
    except UsageError:
        return row | {"note": "nobody_alike"}
    if to is None:
        return row | {"note": "no_margins"}
    if to.size < len(answers):
        return row | {"note": "unknown_base"}
    hit = hits(answers[asking.variable], values).to_numpy("float64", na_value=np.nan)
    part = ~np.isnan(hit)
    if asking.population == "women":
        part &= (answers["gender"] == "woman").fillna(False).to_numpy(bool)
    try:
        weight, columns = calibrated(answers, np.ones(len(answers)), to)
    except UsageError:
        # A margin that these answers cannot reach, such as a category in which nobody answered.
        return row | {"note": "nobody_alike"}
    total = float(weight[part].sum())
    share = float(np.clip((weight * np.nan_to_num(hit))[part].sum() / total, 0, 1))
    influence = np.where(part, weight * (np.nan_to_num(hit) - share) / total, 0.0)
    known_of = answers[to.columns].notna().all(axis=1).to_numpy(bool)
    error = calibrated_error(influence, weight, columns, part & known_of, sampled=asking.sampled)
    df = weight_freedom(weight[part], open_part(weight, asking.sampled)[part], _rank(columns[part]))
    worth = weight_diagnostics(weight[part])["effective_n"]
    row |= {"method": "calibrated", "effective_n": worth, "df": df, "model": "+".join(to.columns)}
    return row | _by_t(share, error, df, asking.level, certain=own.n == own.asked)


def calibrated_error(
    influence: Floats, weight: Floats, columns: Floats, standing: NDArray[np.bool_], *, sampled: bool
) -> float:
    """The error of a calibrated share, for few answers in some categories.

    The residuals of the influences, each divided by √(1 − leverage), as in HC2 (MacKinnon and White 1985):
    who is one of four that stand for a whole category is fitted too well. Missing if somebody of those who
    are `standing` for others is the only one of her category, because nobody knows how these differ.
    """
    start = np.ones(len(weight))
    left = residuals(influence[:, None], weight, start, columns)[:, 0]
    own = leverages(start, columns)
    alone = own > 1 - 1e-9
    if (alone & standing).any() or len(weight) < 2:
        return np.nan
    left = left / np.sqrt(np.where(alone, 1.0, 1 - own))
    return float(np.sqrt((open_part(weight, sampled) * left**2).sum()))


def open_part(weight: Floats, sampled: bool) -> Floats:
    """What is not known of those for whom a person stands: 1 − 1/w of a known number of participants, else 1.

    Of a group of N from which n answered, w = N/n, the part 1 − n/N is open; who stands for herself is
    certain.
    """
    return np.ones(len(weight)) if sampled else np.maximum(1 - 1 / np.maximum(weight, 1e-9), 0.0)


def _rank(columns: Floats) -> int:
    return int(np.linalg.matrix_rank(columns))


def _by_t(share: float, error: float, df: float, level: float, *, certain: bool) -> dict[str, Any]:
    """A share with its interval on the logit scale, or why there is none."""
    from scipy.stats import t

    row: dict[str, Any] = {"estimate": share}
    if certain:
        return row | {"std_error": 0.0, "conf_low": share, "conf_high": share}
    if df < 1 or np.isnan(error):
        return row | {"note": "too_few"}
    if share in (0.0, 1.0) or not error:
        return row | {"note": "no_variation"}
    low, high = logit_interval(share, error, steps=t.ppf(0.5 + level / 2, df))
    return row | {"std_error": error, "conf_low": low, "conf_high": high}


def dropout(own: Roster, asking: Asking) -> dict[str, Any]:
    """Those who answered weighted by the inverse of their chance to, given what they told at entry."""
    row: dict[str, Any] = {"approach": "dropout", "method": "none", "model": "+".join(own.known.columns)}
    if own.known.empty or not own.at_entry.any():
        return row | {"note": "no_entry", "model": ""}
    # Persons of whom nothing is known can be stood for only by such of them as have answered.
    kept = np.ones(len(own.hit), bool) if (own.answered & ~own.at_entry).any() else own.at_entry
    columns = model_columns(own.known[kept])
    found = drop_out(columns, own.answered[kept])
    if found.note:
        return row | {"note": found.note}
    share, error = dropout_share(own.hit[kept], found, certain=not asking.sampled)
    worth = weight_diagnostics(found.weight)["effective_n"]
    given = found.weight[found.answered]
    df = weight_freedom(given, open_part(given, asking.sampled), found.columns.shape[1])
    row |= {"method": "response_propensity", "effective_n": worth, "df": df}
    whole = not asking.sampled and own.n == len(own.hit)
    row |= _by_t(share, error, df, asking.level, certain=whole)
    return row | ({"note": "unknown_base"} if np.isnan(own.asked) and not row.get("note") else {})


def imputed(own: Roster, asking: Asking) -> dict[str, Any]:
    """The answers of the others drawn from what else is known, pooled."""
    row: dict[str, Any] = {"approach": "imputation", "method": "none", "model": "+".join(own.known.columns)}
    if own.n < 2:
        return row | {"note": "too_few"}
    if own.n == len(own.hit):
        return (
            row | complete(own, asking) | {"approach": "imputation", "method": "multiple_imputation", "m": 0}
        )
    if own.count in (0, own.n):
        return row | {"note": "no_variation"}
    answers = pd.array(np.where(own.answered, own.hit == 1, False), dtype="boolean")
    table = own.known.reset_index(drop=True).assign(_answer=pd.Series(answers).where(own.answered))
    drawn = impute(table, m=asking.m, seed=asking.seed)
    counts = drawn.groupby("imputation")["_answer"].sum().to_numpy(float)
    n = len(own.hit)
    size = np.inf if asking.sampled else n
    pooled, share, low, high = rubin_share(counts, n, size=size, level=asking.level)
    error = rubin_share(counts, n, size=size, scale="identity")[0].std_error
    row |= {"estimate": share, "std_error": error, "conf_low": low, "conf_high": high, "df": pooled.df}
    row |= {"method": "multiple_imputation", "m": asking.m}
    if own.unlike:
        return row | {"note": "nobody_alike"}
    return row | ({"note": "unknown_base"} if np.isnan(own.asked) else {})


def shifted(own: Roster, complete: dict[str, Any], shift: float) -> dict[str, Any]:
    """The complete cases, moved by what a shift of those who did not answer does to the share of all."""
    row: dict[str, Any] = {"approach": "delta", "shift": shift, "method": "none"}
    if np.isnan(own.asked):
        return row | {"note": "unknown_base"}
    rate, share = own.n / own.asked, complete["estimate"]
    ends = [complete["conf_low"], complete["conf_high"]]
    found, low, high = (float(delta_adjusted(value, rate, shift)) for value in (share, *ends))
    worst = manski(own.count, own.n, own.asked, sampled=False)
    if complete["method"] == "wilson_finite":
        # The interval knows the answers of those who gave one: nothing beyond the bounds is possible.
        low, high = max(low, worst.low), min(high, worst.high)
    low, high = min(low, found), max(high, found)
    return row | {"estimate": found, "conf_low": low, "conf_high": high, "method": "delta_adjusted"}


def bounds(own: Roster, asking: Asking) -> dict[str, Any]:
    """The shares if none, and if all, of the others had given the answer."""
    row: dict[str, Any] = {"approach": "worst_case", "method": "none"}
    if np.isnan(own.asked):
        return row | {"note": "unknown_base"}
    found = manski(own.count, own.n, own.asked, sampled=asking.sampled, level=asking.level)
    row |= {"method": "worst_case", "note": "bounds_only", "low": found.low, "high": found.high}
    return row | {"conf_low": found.conf_low, "conf_high": found.conf_high}
