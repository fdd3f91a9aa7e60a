"""Two-way integration: what mentors and mentees each say, and how far the two of a pair agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import claims, estimates, survey
from kij_analysis.effects.change import columns_of, counted, mean_change
from kij_analysis.errors import UsageError, one_of
from kij_analysis.survey.groups import BESIDE, check_columns, grouped, named, result, why_empty
from kij_analysis.survey.intervals import wilson

BOTH_ASKED = (
    "relationship_equality", "relationship_mutuality", "relationship_trust", "relationship_voluntariness",
    "meetings", "completed",
)  # fmt: skip
"""What mentors and mentees are asked in the same words."""
MENTORS_GAINS = ("mentor_insight_high", "mentor_network_high")
MENTEES_GAINS = ("network_high", "confidence_high")
TOGETHER = ("relationship_mutuality_high", "relationship_equality_high", "relationship_trust_high")
WEIGHTS = ("linear", "quadratic")


def two_way(
    answers: pd.DataFrame,
    *,
    mentors: Sequence[str] = MENTORS_GAINS,
    mentees: Sequence[str] = MENTEES_GAINS,
    both: Sequence[str] = TOGETHER,
    wave: str = "end",
    by: str | Sequence[str] = "programme",
    mentor_population: str = "all",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """What mentors say that they have gained beside what mentees say, at the same time; never pooled.

    Parameters
    ----------
    answers
        Harmonised answers of both roles.
    mentors, mentees
        Columns of true and false that only the one or the other is asked.
    both
        Columns that both are asked: one row for each role.
    wave
        When they were asked.
    mentor_population
        Which mentors are counted; the programmes are for women as mentees, and men mentor too.
    by, population, level
        As in `kij_analysis.survey.shares`.

    Returns
    -------
    DataFrame
        Shares with `role` to the right, which also stands at the end of `group`; level 1.

    Raises
    ------
    UsageError
        If there are no roles or no such wave, and as `kij_analysis.survey.shares` does.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": "fika", "role": ["mentee", "mentor"] * 2, "wave": "end",
    ...     "gender": "woman", "relationship_trust_high": pd.array([1, 1, 0, 1], dtype="boolean"),
    ...     "data_status": "synthetic"})
    >>> found = two_way(answers, mentors=[], mentees=[], both=["relationship_trust_high"])
    >>> found[["role", "count", "n"]].values.tolist()
    [['mentor', 2.0, 2.0], ['mentee', 1.0, 2.0]]
    """
    groups = named(by)
    check_columns(answers, ["role", "wave", *mentors, *mentees, *both], groups)
    asked = _at(answers, wave)
    parts = []
    for role, own, whom in (("mentor", mentors, mentor_population), ("mentee", mentees, population)):
        persons = asked[asked["role"] == role]
        for name in dict.fromkeys([*own, *both]):
            found = survey.shares(persons, name, by=groups, population=whom, level=level)
            place = found["group"].where(found["group"] == "", found["group"] + "|") + role
            parts.append(found.assign(role=role, group=place))
    if not parts:
        raise UsageError("No question is named.", fix="Name some, or leave the lists out.")
    whole = estimates.make(pd.concat(parts, ignore_index=True))
    return claims.declare(whole, design="outcome_only", estimand="share")


def agreement(
    answers: pd.DataFrame,
    variables: Sequence[str] = BOTH_ASKED,
    *,
    wave: str = "end",
    weights: str = "quadratic",
    by: str | Sequence[str] = "programme",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """How far mentor and mentee of the same pair answer alike.

    Pairs of which one has not answered are counted in `missing`. A pair that has several mentors or mentees
    is left out, because nobody knows whose answers belong together; it is counted there too.

    Parameters
    ----------
    answers
        Harmonised answers of both roles, with `pair_id`.
    variables
        Columns that both are asked, or variables whose score is meant.
    weights
        How near misses count in kappa: ``"quadratic"`` or ``"linear"`` in the distance of the answers.
    wave, by, level
        As in `two_way`; `population` is that of the mentees.

    Returns
    -------
    DataFrame
        For each variable a row with measure *share* and category *alike* (both gave the same answer), one
        with measure *kappa*, and for numbers one with measure *difference* (the mentee's answer less the
        mentor's; `unit` *points* for scores); `count` are the equal answers in all of them.
        Level 1. Nobody in pairs: *no_pairs*. No spread: *no_variation*.

    Raises
    ------
    UsageError
        If a column is not in the frame, and as `two_way` does.

    Notes
    -----
    Weighted kappa of Cohen 1968 with the standard error of Fleiss, Cohen and Everitt 1969 (statsmodels);
    quadratic weights make it nearly the intraclass correlation (Fleiss and Cohen 1973). Kappa is low where
    nearly all give the same answer, however well they agree (Feinstein and Cicchetti 1990): read the share
    beside it. Wilson interval for the share, Student's t for the difference.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": "fika", "role": ["mentee"] * 4 + ["mentor"] * 4, "wave": "end",
    ...     "pair_id": [*"abcdabcd"], "gender": "woman", "data_status": "synthetic",
    ...     "relationship_trust_score": [100, 75, 50, 75, 100, 50, 50, 100]})
    >>> found = agreement(answers, ["relationship_trust"]).round(2)
    >>> found[["measure", "estimate", "n"]].values.tolist()
    [['share', 0.5, 4.0], ['kappa', 0.67, 4.0], ['difference', 0.0, 4.0]]
    """
    one_of(weights, WEIGHTS, name="The weighting")
    groups, names = named(by), columns_of(answers, variables)
    check_columns(answers, ["role", "wave", "pair_id", *names], groups)
    asked = _at(answers, wave)
    rows: list[dict[str, Any]] = []
    for name in names:
        joined = _joined(asked, name, groups)
        for group in grouped(joined, name, groups, population=population, level=level):
            rows += _of_group(group.persons, group.common, name, weights, counted(answers, name))
    found = result(rows, groups, [*BESIDE, "df", "unit"])
    alike = found["measure"] != "difference"
    one = claims.declare(found, design="outcome_only", estimand="agreement")
    return one.assign(estimand=one["estimand"].where(alike, "paired_difference"))


def _at(answers: pd.DataFrame, wave: str) -> pd.DataFrame:
    asked = answers[answers["wave"] == wave]
    roles = set(asked["role"].dropna())
    if not {"mentee", "mentor"} <= roles:
        raise UsageError(
            f"At the time '{wave}' the frame does not hold answers of both mentors and mentees.",
            fix="Use the answers of a study that asks both, at the time at which it does.",
        )
    return asked


def _joined(asked: pd.DataFrame, name: str, groups: list[str]) -> pd.DataFrame:
    """One row for each mentee, with the answer of her mentor where the pair is known to be these two."""
    keys = [key for key in ("programme", "pair_id") if key in asked.columns]
    mentees = asked[asked["role"] == "mentee"]
    mentors = asked[(asked["role"] == "mentor") & asked["pair_id"].notna()]
    single = mentors[~mentors.duplicated(keys, keep=False)]
    other = single[[*keys, name]].rename(columns={name: "other"})
    joined = mentees.merge(other, on=keys, how="left", validate="m:1")
    several = joined.duplicated(keys, keep=False) & joined["pair_id"].notna()
    joined = joined.assign(other=joined["other"].where(~several))
    companion = f"{name}_missing"
    if companion not in mentors.columns:
        return joined.assign(other_missing="no_answer")
    # Where mentors were never asked, that is why there are no pairs.
    reasons = {code: why_empty(own, name) for code, own in mentors.groupby("programme")}
    never = mentors.groupby("programme")[name].count() == 0
    why = {code: reason for code, reason in reasons.items() if never.get(code, False)}
    return joined.assign(other_missing=joined["programme"].map(why))


def _of_group(
    persons: pd.DataFrame, common: dict[str, Any], name: str, weights: str, numeric: bool
) -> list[dict[str, Any]]:
    both = persons[persons[name].notna() & persons["other"].notna()]
    n, level = len(both), common["level"]
    base = common | {"n": n, "missing": len(persons) - n, "method": "none"}
    kinds = [("share", "alike"), ("kappa", ""), *([("difference", "")] if numeric else [])]
    if not n:
        note = _why(persons, name)
        return [base | {"measure": m, "category": c, "note": note} for m, c in kinds]
    if numeric:
        one, other = (both[column].to_numpy(float).round(6) for column in (name, "other"))
    else:
        one, other = (both[column].astype("str").to_numpy() for column in (name, "other"))
    same = int((one == other).sum())
    low, high = wilson(same, n, level=level)
    share = {"estimate": same / n, "count": same, "method": "wilson"}
    share |= {"conf_low": float(low[0]), "conf_high": float(high[0])}
    rows = [base | {"measure": "share", "category": "alike"} | share]
    # The number of equal answers stands in all three rows, so that they are hidden together.
    base["count"] = same
    rows.append(base | {"measure": "kappa"} | _kappa(one, other, weights, numeric, level))
    if numeric:
        unit = "points" if name.endswith("_score") else ""
        rows.append(base | {"measure": "difference", "unit": unit} | mean_change(other, one, level))
    return rows


def _why(persons: pd.DataFrame, name: str) -> str:
    """Why there are no pairs with two answers."""
    if not persons[name].notna().any():
        return why_empty(persons, name)
    never = set(persons["other_missing"].dropna().astype("str")) - {"no_answer", "no_answers"}
    return never.pop() if len(never) == 1 else "no_pairs"


def _kappa(one: np.ndarray, other: np.ndarray, weights: str, numeric: bool, level: float) -> dict[str, Any]:
    from scipy.stats import norm
    from statsmodels.stats.inter_rater import cohens_kappa

    places = np.unique(np.concatenate([one, other]))
    if len(one) < 4:
        return {"note": "too_few"}
    if len(places) < 2 or len(np.unique(one)) == len(np.unique(other)) == 1:
        return {"note": "no_variation"}
    table = np.zeros((len(places), len(places)))
    np.add.at(table, (np.searchsorted(places, one), np.searchsorted(places, other)), 1)
    if numeric:
        found = cohens_kappa(table, weights=places.astype(float), wt=weights)
    else:
        found = cohens_kappa(table)
    estimate, error = float(found.kappa), float(found.std_kappa)
    row = {"estimate": estimate, "method": "weighted_kappa"}
    if not np.isfinite(error) or error < 1e-12:
        return row | {"note": "few_events"}  # all agree, or nobody does
    reach = float(norm.ppf(0.5 + level / 2)) * error
    low, high = max(estimate - reach, -1.0), min(estimate + reach, 1.0)
    return row | {"std_error": error, "conf_low": low, "conf_high": high}
