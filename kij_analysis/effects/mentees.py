"""One row for each mentee: how much mentoring, how good the relationship, and what became of her."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kij_analysis.effects.roles import one_role
from kij_analysis.survey.groups import check_columns
from kij_analysis.survey.repeated import repeated

KEYS = ["programme", "person_id"]
ASPECTS = (
    "relationship_equality_score", "relationship_mutuality_score", "relationship_trust_score",
    "relationship_voluntariness_score",
)  # fmt: skip
WORK = ("employed", "subsidised_job")
DAYS_A_MONTH = 30.4375
TAKEN = ("pair_id", "data_status", "gender", "completed", "satisfaction_score", "meetings", *ASPECTS)


def mentees(
    answers: pd.DataFrame,
    *,
    pairs: pd.DataFrame | None = None,
    meetings: pd.DataFrame | None = None,
    ratings: Sequence[str] = ("language_self_rated", "network", "confidence"),
) -> pd.DataFrame:
    """One row for each mentee of any wave: dose, relationship, whether she stayed, and outcomes.

    Parameters
    ----------
    answers
        Harmonised answers; those of mentors are left aside.
    pairs, meetings
        The harmonised pairs and the log of meetings, as far as there are any.
    ratings
        Self-ratings whose change is wanted.

    Returns
    -------
    DataFrame
        Keys, `gender`, `pair_id` and `data_status`; then `meetings` (as told at the end, else as logged),
        `months` (from the first to the last logged meeting), `same_occupation`, the four aspects of the
        relationship as she rates them and `relationship` (their mean, of two or more); `completed`,
        `answered_end` and `answered_follow_up` (true and false); `work_end`, `work_follow_up`,
        `satisfaction_score`, and for each rating ``<rating>_change`` and ``<rating>_rose``. Beside most of
        them stands ``<column>_missing``, with *not_asked* where a programme never asked.

    Raises
    ------
    UsageError
        If a column is not in the frame, or a person stands twice in a wave.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": "fika", "person_id": [*"abab"], "gender": "woman",
    ...     "role": "mentee", "wave": ["entry", "entry", "end", "end"], "data_status": "synthetic",
    ...     "labour_status": ["unemployed", "unemployed", "employed", "unemployed"],
    ...     "meetings": [None, None, 8, 3]})
    >>> mentees(answers)[["person_id", "meetings", "work_end"]].values.tolist()
    [['a', 8.0, True], ['b', 3.0, False]]
    """
    check_columns(answers, [*KEYS, "wave", "labour_status"])
    own = answers[answers["role"] == "mentee"] if "role" in answers.columns else answers
    one_role(own)
    waves = [wave for wave in ("entry", "end", "follow_up") if (own["wave"] == wave).any()]
    if len(waves) > 1:
        own, _ = repeated(own, waves)
    times = {wave: own[own["wave"] == wave].set_index(KEYS) for wave in ("entry", "end", "follow_up")}
    found = own.groupby(KEYS, sort=False)[_there(own, ["pair_id", "data_status", "gender"])].first()
    found = _from_the_end(found, times["end"])
    found = _outcomes(found, times, ratings)
    found = _logged(found.reset_index(), meetings)
    return _paired(found, pairs)


def _there(frame: pd.DataFrame, names: Sequence[str]) -> list[str]:
    return [name for name in names if name in frame.columns]


def _from_the_end(found: pd.DataFrame, end: pd.DataFrame) -> pd.DataFrame:
    """What is asked when the mentoring ends, and why it is missing."""
    for name in _there(end, [name for name in TAKEN if name not in found.columns]):
        found[name] = end[name].reindex(found.index)
        if f"{name}_missing" in end.columns:
            found[f"{name}_missing"] = end[f"{name}_missing"].reindex(found.index)
    aspects = _there(found, ASPECTS)
    told = found[aspects].astype("float64")
    found["relationship"] = told.mean(axis=1).where(told.notna().sum(axis=1) >= 2)
    if "completed" in found.columns:
        found["completed"] = _true(found["completed"] == "completed", found["completed"].notna())
    for name in ("meetings", "completed"):
        if name not in found.columns:
            found[name] = pd.Series(pd.NA, index=found.index, dtype="Float64" if name == "meetings" else None)
    found["meetings"] = found["meetings"].astype("float64")
    return found.assign(completed=found["completed"].astype("boolean"))


def _outcomes(found: pd.DataFrame, times: dict[str, pd.DataFrame], ratings: Sequence[str]) -> pd.DataFrame:
    for wave in ("end", "follow_up"):
        status = times[wave]["labour_status"].reindex(found.index)
        found[f"answered_{wave}"] = _true(status.notna(), None)
        found[f"work_{wave}"] = _true(status.isin(WORK), status.notna())
    for name in ratings:
        score = f"{name}_score"
        if score in times["end"].columns:
            first, second = (times[w][score].astype("float64").reindex(found.index) for w in ("entry", "end"))
            found[f"{name}_change"] = second - first
            found[f"{name}_rose"] = _true(second > first, (second - first).notna())
    return found


def _true(values: pd.Series, known: pd.Series | None) -> pd.Series:
    result = values.astype("boolean")
    return result if known is None else result.where(known)


def _logged(found: pd.DataFrame, meetings: pd.DataFrame | None) -> pd.DataFrame:
    """Meetings and months from the log, for those who are in it."""
    log = pd.DataFrame(columns=["programme", "pair_id", "logged", "months"])
    if meetings is not None and len(meetings) and "pair_id" in found.columns:
        dates = meetings.groupby(["programme", "pair_id"], sort=False)["date"].agg(["size", "min", "max"])
        months = (dates["max"] - dates["min"]).dt.days / DAYS_A_MONTH
        log = (
            dates.assign(months=months).rename(columns={"size": "logged"})[["logged", "months"]].reset_index()
        )
    if log.empty:
        logged = found.assign(logged=pd.Series(float("nan"), index=found.index), months=float("nan"))
    else:
        logged = found.merge(log, on=["programme", "pair_id"], how="left", validate="m:1")
    told = logged["meetings"].fillna(logged["logged"].astype("float64"))
    with_log = logged["programme"].isin(set(log["programme"]))
    reasons = pd.Series("not_asked", index=logged.index).where(~with_log, "no_answer")
    why = {"months_missing": reasons.where(logged["months"].isna())}
    if "meetings_missing" in logged.columns:
        why["meetings_missing"] = logged["meetings_missing"].astype("object").where(told.isna())
    return logged.assign(meetings=told, **why).drop(columns="logged")


def _paired(found: pd.DataFrame, pairs: pd.DataFrame | None) -> pd.DataFrame:
    """Whether mentor and mentee have the same occupation."""
    if pairs is None or "pair_id" not in found.columns:
        none = pd.Series(pd.NA, index=found.index, dtype="boolean")
        return found.assign(same_occupation=none, same_occupation_missing="not_asked")
    names = _there(pairs, ["programme", "pair_id", "same_occupation", "same_occupation_missing"])
    return found.merge(pairs[names], on=["programme", "pair_id"], how="left", validate="m:1")
