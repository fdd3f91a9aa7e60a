"""One question under every way of dealing with those who did not answer, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError, listed
from kij_analysis.survey.design import Design, sample_of
from kij_analysis.survey.groups import categories, check_columns, grouped, result, why_empty
from kij_analysis.survey.intervals import check_level, logit_interval, share_interval
from kij_analysis.survey.nonresponse.bounds import delta_adjusted, manski
from kij_analysis.survey.nonresponse.dropout import drop_out, dropout_share, model_columns
from kij_analysis.survey.nonresponse.imputation import impute
from kij_analysis.survey.nonresponse.margins import asked_of, calibration_of, checked, women_of
from kij_analysis.survey.nonresponse.roster import Roster, check_persons, hits, roster
from kij_analysis.survey.nonresponse.rubin import rubin_share
from kij_analysis.survey.nonresponse.weights import weight_diagnostics
from kij_analysis.survey.variances import freedom, ratios

DELTAS = (-0.2, -0.1, 0.1, 0.2)
EXTRA = (
    "approach", "wave", "low", "high", "shift", "asked", "rate", "effective_n", "m", "df", "model", "left_out",
    "level",
)  # fmt: skip
"""The columns to the right of the estimates."""
APPROACHES = ("complete_cases", "margins", "dropout", "imputation", "delta", "worst_case")


@dataclass(frozen=True, kw_only=True)
class _Asking:
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


def nonresponse(
    frame: pd.DataFrame,
    variable: str,
    *,
    answer: Sequence[object] | str = (),
    wave: str = "end",
    entry: str = "entry",
    predictors: Sequence[str] = ("education_group", "age"),
    margins: pd.DataFrame | None = None,
    method: str = "raking",
    deltas: Sequence[float] = DELTAS,
    m: int = 50,
    seed: int = 20261121,
    sampled: bool = False,
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """One share of each programme under every way of dealing with those who did not answer, side by side.

    How far the rows of a programme lie apart is how much the answer depends on those who are silent. No row is
    the right one: each says what it takes for granted.

    Parameters
    ----------
    frame
        Harmonised answers of one role in all waves, with the columns of the persons
        (``data.with_people().query("role == 'mentee'")``).
    variable
        A column with categories, or true and false.
    answer
        The answer whose share is wanted, or several that count alike (``["employed", "subsidised_job"]``); for
        true and false *yes*, for categories each of them by itself if empty.
    wave, entry
        When the question was asked, and when everybody who could be reached was asked about herself.
    predictors
        What was known at entry of those who answered later and of those who did not; the answer to the same
        question at entry is added. Columns that do not vary are left out.
    margins
        Known numbers of participants (`survey.margins`, or a frame like it): without them nobody knows how many
        were asked, and there are no margins to weight to.
    method
        How weights are brought to the margins, as in `Calibration`.
    deltas
        By how much (fractions of 1) those who did not answer may differ.
    m, seed
        How many imputations, and from which seed.
    sampled
        Whether the participants stand for further persons. If not, they are all that the share is about, and the
        intervals hold nothing but what those who did not answer leave open.
    population, level
        As in `shares`.

    Returns
    -------
    DataFrame
        Estimates with measure *share*, for each programme and answer one row for each `approach`:
        *complete_cases* (those who answered, as if they were a random part), *margins* (weighted to known
        numbers), *dropout* (weighted by the inverse of the chance to answer, given what was known at entry),
        *imputation* (drawn from what else is known, pooled by Rubin's rules), *delta* (those who did not answer
        differ by `shift`) and *worst_case* (no estimate: `low` and `high` are the shares if none and if all of the
        others would have given the answer). `count` and `n` are those who answered, `asked` who was asked,
        `rate` n of them; `effective_n` is what weights leave of n, `model` the columns used. A row that cannot be
        had has a note: *no_margins*, *few_events*, *nobody_alike*, *unknown_base*, *too_few*, or why nobody answered.

    Raises
    ------
    UsageError
        If a column or wave is not in the frame, if it holds several roles or a person twice in a wave, if an
        answer is not one of the variable's, or if fewer were asked than have answered.

    Notes
    -----
    Wilson intervals for known populations; calibration by Deville and Särndal 1992; drop-out by Kim and Kim 2007;
    imputation by chained equations, Barnard and Rubin 1999; bounds by Manski 1989, with `sampled` the interval of
    Imbens and Manski 2004. See docs/methods.md.

    Examples
    --------
    >>> people = [f"p{number}" for number in range(40)]
    >>> answers = pd.DataFrame({"programme": "fika", "gender": "woman", "data_status": "synthetic",
    ...     "person_id": [*people, *people[:25]], "wave": ["entry"] * 40 + ["end"] * 25, "age": 35.0,
    ...     "in_job": [False] * 40 + [True] * 10 + [False] * 15})
    >>> known = pd.DataFrame({"programme": ["fika"], "variable": [""], "category": [""], "total": [40]})
    >>> found = nonresponse(answers, "in_job", predictors=["age"], margins=known)
    >>> found.loc[found["approach"] == "worst_case", ["low", "high"]].values.tolist()
    [[0.25, 0.625]]
    """
    asking = _Asking(
        variable=variable, wave=wave, entry=entry, predictors=tuple(predictors), deltas=tuple(deltas), m=m,
        seed=seed, sampled=sampled, population=population, level=level, method=method,
    )  # fmt: skip
    check_level(level)
    check_columns(frame, [variable, "wave", "person_id", *predictors])
    check_persons(frame, wave, entry)
    known = checked(margins)
    codes = _answers(frame, variable, answer)
    by = ["programme"] if "programme" in frame.columns else []
    whole = _needed(frame, asking, known).reset_index(drop=True)
    rows: list[dict[str, Any]] = []
    for group in grouped(whole, variable, by, population=population, level=level):
        everybody = whole[whole["programme"] == group.code] if by and group.code else whole
        for code, values in codes:
            common = group.common | {
                "category": code,
                "measure": "share",
                "wave": wave,
                "model": "",
                "left_out": 0,
            }
            later = everybody[everybody["wave"] == wave]
            common["left_out"] = len(later) - int(later.index.isin(group.persons.index).sum())
            rows += _of_programme(group.persons, everybody, values, known, common, asking)
    return result(rows, by, EXTRA)


def _needed(frame: pd.DataFrame, asking: _Asking, known: pd.DataFrame) -> pd.DataFrame:
    """The columns that are used: harmonised answers have two hundred."""
    there = known[known["programme"].isin(frame["programme"])] if "programme" in frame.columns else known
    anchors = [part for name in dict.fromkeys(there["variable"]) if name for part in str(name).split("|")]
    check_columns(frame, anchors)
    always = ("programme", "person_id", "wave", "gender", "data_status", f"{asking.variable}_missing")
    names = [name for name in always if name in frame.columns]
    return frame[list(dict.fromkeys([*names, asking.variable, *asking.predictors, *anchors]))]


def _answers(
    frame: pd.DataFrame, variable: str, answer: Sequence[object] | str
) -> list[tuple[str, list[object]]]:
    """(code, values) of each share that is wanted; answers that count alike are joined by "|"."""
    there = categories(frame, variable)
    if not answer:
        return [(code, [value]) for code, value in there] or [("", [])]
    wanted = [answer] if isinstance(answer, str) else list(answer)
    named = dict(there) | ({"no": False} if there == [("yes", True)] else {})
    strange = [str(one) for one in wanted if str(one) not in named and one not in named.values()]
    if strange:
        raise UsageError(f"'{variable}' has no answer {listed(strange)}.", fix=f"It has {listed(named)}.")
    codes = [
        str(one) if str(one) in named else next(c for c, v in named.items() if v == one) for one in wanted
    ]
    return [("|".join(codes), [named[code] for code in codes])]


def _of_programme(
    persons: pd.DataFrame,
    everybody: pd.DataFrame,
    values: list[object],
    known: pd.DataFrame,
    common: dict[str, Any],
    asking: _Asking,
) -> list[dict[str, Any]]:
    programme = str(common["programme"])
    own = roster(
        persons, asking.variable, values, wave=asking.wave, entry=asking.entry, predictors=asking.predictors,
        asked=_asked(persons, everybody, known, programme, asking.population),
    )  # fmt: skip
    rate = own.n / own.asked if own.asked else np.nan
    row = common | {"count": own.count, "n": own.n, "asked": own.asked, "rate": rate}
    if not own.n:
        later = persons[persons["wave"] == asking.wave]
        empty = {"note": why_empty(later, asking.variable), "method": "none", "count": np.nan, "n": 0}
        shifts = [{"approach": "delta", "shift": shift} for shift in asking.deltas]
        others = [{"approach": name} for name in APPROACHES if name != "delta"]
        return [row | empty | one for one in [*others[:-1], *shifts, others[-1]]]
    complete = _complete(own, asking)
    found = [
        complete,
        _weighted(everybody, values, known, own, programme, asking),
        _dropout(own, asking),
        _imputed(own, asking),
        *(_shifted(own, complete, shift) for shift in asking.deltas),
        _bounds(own, asking),
    ]
    return [row | one for one in found]


def _asked(
    persons: pd.DataFrame, everybody: pd.DataFrame, known: pd.DataFrame, programme: str, population: str
) -> float:
    """How many persons of the population were asked: as declared, or as nobody else was."""
    there = persons["person_id"].nunique()
    asked = asked_of(known, programme)
    if population == "women":
        declared = women_of(known, programme)
        others = everybody["person_id"].nunique() > there
        asked = declared if declared == declared else (np.nan if others else asked)
    if asked < there:
        raise UsageError(
            f"{programme} has asked {asked:g} persons, but {there} have answered in some wave.",
            fix="Mend the margins: everybody counts who could have answered.",
        )
    return asked


def _complete(own: Roster, asking: _Asking) -> dict[str, Any]:
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


def _weighted(
    everybody: pd.DataFrame,
    values: list[object],
    known: pd.DataFrame,
    own: Roster,
    programme: str,
    asking: _Asking,
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
    hit = hits(answers[asking.variable], values).to_numpy("float64", na_value=np.nan)
    part = ~np.isnan(hit)
    if asking.population == "women":
        part &= (answers["gender"] == "woman").fillna(False).to_numpy(bool)
    design = Design(weight="_alike", fpc="" if asking.sampled else "_asked", calibrated_to=to)
    try:
        sample = sample_of(answers.assign(_alike=1.0, _asked=max(to.size, len(answers))), design)
    except UsageError:
        # A margin that these answers cannot reach, such as a category in which nobody answered.
        return row | {"note": "nobody_alike"}
    top, bottom = np.where(part, np.nan_to_num(hit), 0.0)[:, None], part.astype(float)[:, None]
    share, covariance = ratios(sample, top, bottom)
    error, df = float(np.sqrt(covariance[0, 0])), freedom(sample, part)
    worth = weight_diagnostics(sample.weight[part])["effective_n"]
    row |= {"method": "calibrated", "effective_n": worth, "df": df, "model": "+".join(to.columns)}
    return row | _by_t(float(np.clip(share[0], 0, 1)), error, df, asking.level, certain=own.n == own.asked)


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


def _dropout(own: Roster, asking: _Asking) -> dict[str, Any]:
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
    df = own.n - found.columns.shape[1]
    row |= {"method": "response_propensity", "effective_n": worth, "df": df}
    whole = not asking.sampled and own.n == len(own.hit)
    row |= _by_t(share, error, df, asking.level, certain=whole)
    return row | ({"note": "unknown_base"} if np.isnan(own.asked) and not row.get("note") else {})


def _imputed(own: Roster, asking: _Asking) -> dict[str, Any]:
    row: dict[str, Any] = {"approach": "imputation", "method": "none", "model": "+".join(own.known.columns)}
    if own.n < 2:
        return row | {"note": "too_few"}
    if own.n == len(own.hit):
        return (
            row | _complete(own, asking) | {"approach": "imputation", "method": "multiple_imputation", "m": 0}
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


def _shifted(own: Roster, complete: dict[str, Any], shift: float) -> dict[str, Any]:
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


def _bounds(own: Roster, asking: _Asking) -> dict[str, Any]:
    row: dict[str, Any] = {"approach": "worst_case", "method": "none"}
    if np.isnan(own.asked):
        return row | {"note": "unknown_base"}
    found = manski(own.count, own.n, own.asked, sampled=asking.sampled, level=asking.level)
    row |= {"method": "worst_case", "note": "bounds_only", "low": found.low, "high": found.high}
    return row | {"conf_low": found.conf_low, "conf_high": found.conf_high}
