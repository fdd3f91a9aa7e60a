"""Curves of time to a first job: cumulative incidence, those still waiting, and median times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import claims
from kij_analysis.effects.steps import (
    DATES,
    LIMITS,
    aalen_johansen,
    crossing,
    kaplan_meier,
    read,
    times,
    value,
)
from kij_analysis.effects.time import OUTCOMES, VARIABLE, followed, open_days
from kij_analysis.errors import UsageError, one_of
from kij_analysis.survey.design import Floats
from kij_analysis.survey.groups import BESIDE, Group, check_columns, grouped, named, result

MONTHS = (3.0, 6.0, 9.0, 12.0, 15.0, 18.0)
EXTRA = ("month", "at_risk", "known_low", "known_high", "in_work", *BESIDE)


def incidence(
    persons: pd.DataFrame,
    *,
    months: Sequence[float] = MONTHS,
    by: str | Sequence[str] = "programme",
    dates: str = "middle",
    limits: str = "log_log",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """The share who have found a first job by each month, and of each other end of the wait (Aalen–Johansen).

    Persons who are not heard of any longer count as long as they are known to wait. Other ends of the wait
    are not treated as if they were a pause: one minus Kaplan–Meier would overstate the share with a job.

    Parameters
    ----------
    persons
        The frame of `time_to_job`, or any with `months` and `outcome`.
    months
        The months since entry at which the shares are read.
    by
        Columns to group by.
    dates
        Where an event is only known to lie between two answers, it is put in the ``"middle"``, at the
        ``"earliest"`` or at the ``"latest"`` day that is possible.
    limits
        Intervals on the ``"log_log"``, ``"log"`` or ``"plain"`` scale.
    population, level
        As in `kij_analysis.survey.shares`.

    Returns
    -------
    DataFrame
        Estimates with measure *share*, one row per group, end of the wait (`category`) and month; `count`
        is how many have come to this end so far and `n` how many are followed from the start; to the right
        `month`, `at_risk` (who still waits and is heard of), `known_low` and `known_high` (the share if
        every event that is only known to lie between two answers lies where the share is smallest, or
        largest), `in_work` (who had a job at entry), then those of `shares`; `missing` counts who cannot be
        followed. The note *between_answers* says that days are not known, *not_followed* that nobody is
        followed for so long.

    Raises
    ------
    UsageError
        If the frame lacks a column, holds an unknown outcome or a negative time, or if a month is negative.

    Notes
    -----
    Aalen and Johansen 1978; standard errors by the delta method (Marubini and Valsecchi 1995), by greenwood.
    It is assumed that who is no longer heard of is like who is.

    Examples
    --------
    >>> persons = pd.DataFrame({"programme": "fika", "gender": "woman", "data_status": "synthetic",
    ...     "months": [2.0, 4.0, 4.0, 8.0, 9.0], "outcome": ["job", "job", "education", "none", "job"]})
    >>> found = incidence(persons, months=[6])
    >>> found[["category", "estimate", "count", "n", "at_risk"]].values.tolist()
    [['job', 0.4, 2.0, 5.0, 2.0], ['education', 0.2, 1.0, 5.0, 2.0], ['left', 0.0, 0.0, 5.0, 2.0]]
    """
    one_of(limits, LIMITS, name="The scale of the limits")
    groups, marks = _checked(persons, by, months, dates)
    rows: list[dict[str, Any]] = []
    for group in grouped(
        persons.reset_index(drop=True), "outcome", groups, population=population, level=level
    ):
        kept = followed(group.persons)
        common = group.common | _beside(group, kept) | {"variable": VARIABLE, "measure": "share"}
        if kept.empty:
            rows += [common | {"category": c, "month": m, "note": "no_answers", "method": "none"}
                     for c in OUTCOMES[1:] for m in marks]  # fmt: skip
            continue
        rows += _of_group(kept, marks, dates, limits, level, common)
    found = result(rows, groups, EXTRA)
    return claims.declare(
        found, design="outcome_only", estimand="cumulative_incidence", also=["end_of_watch_uninformative"]
    )


def survival(
    persons: pd.DataFrame,
    *,
    event: str = "job",
    months: Sequence[float] = MONTHS,
    by: str | Sequence[str] = "programme",
    dates: str = "middle",
    limits: str = "log_log",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """The share still without a first job at each month, if nothing else could end the wait (Kaplan–Meier).

    Other ends of the wait count as no longer heard of. One minus this share is therefore no forecast of how
    many find a job: it is larger than what `incidence` gives as soon as something else ends the wait.

    Parameters
    ----------
    event
        The outcome that is waited for.
    persons, months, by, dates, limits, population, level
        As in `incidence`.

    Returns
    -------
    DataFrame
        Estimates with measure *survival*, one row per group and month; `count` is how many events there
        have been so far; to the right as in `incidence`.

    Raises
    ------
    UsageError
        As `incidence` does.

    Notes
    -----
    Kaplan and Meier 1958; Greenwood's standard errors, by greenwood.

    Examples
    --------
    >>> persons = pd.DataFrame({"programme": "fika", "gender": "woman", "data_status": "synthetic",
    ...     "months": [2.0, 4.0, 4.0, 8.0, 9.0], "outcome": ["job", "job", "education", "none", "job"]})
    >>> survival(persons, months=[6])["estimate"].round(3).tolist()
    [0.6]
    """
    one_of(limits, LIMITS, name="The scale of the limits")
    one_of(event, OUTCOMES[1:], name="The event")
    groups, marks = _checked(persons, by, months, dates)
    rows = []
    for group in grouped(
        persons.reset_index(drop=True), "outcome", groups, population=population, level=level
    ):
        kept = followed(group.persons)
        common = group.common | _beside(group, kept)
        common |= {"variable": VARIABLE, "category": event, "measure": "survival"}
        if kept.empty:
            rows += [common | {"month": m, "note": "no_answers", "method": "none"} for m in marks]
            continue
        time, happened = times(kept, dates), (kept["outcome"] == event).to_numpy()
        curve = kaplan_meier(time, happened, limits, level)
        for month in marks:
            told = read(curve, time, happened, month, "kaplan_meier", ended=curve["estimate"].iloc[-1] == 0)
            rows.append(common | {"note": open_days(kept)} | told)
    found = result(rows, groups, EXTRA)
    return claims.declare(
        found, design="outcome_only", estimand="cumulative_incidence", also=["end_of_watch_uninformative"]
    )


def median_time(
    persons: pd.DataFrame,
    *,
    event: str = "job",
    by: str | Sequence[str] = "programme",
    dates: str = "middle",
    limits: str = "log_log",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """The month by which half have found a first job, as Kaplan–Meier reads it.

    Parameters
    ----------
    event, persons, by, dates, limits, population, level
        As in `survival`.

    Returns
    -------
    DataFrame
        Estimates with measure *median*, in months, one row per group; an end of the interval that the curve
        never reaches is missing. Fewer than half: *not_followed*.

    Raises
    ------
    UsageError
        As `incidence` does.

    Notes
    -----
    Brookmeyer and Crowley 1982: the interval ends where that of the curve crosses one half.

    Examples
    --------
    >>> persons = pd.DataFrame({"programme": "fika", "gender": "woman", "data_status": "synthetic",
    ...     "months": [2.0, 4.0, 4.0, 8.0, 9.0], "outcome": ["job", "job", "education", "none", "job"]})
    >>> median_time(persons)["estimate"].tolist()
    [9.0]
    """
    one_of(limits, LIMITS, name="The scale of the limits")
    one_of(event, OUTCOMES[1:], name="The event")
    groups, _ = _checked(persons, by, (), dates)
    rows = []
    for group in grouped(
        persons.reset_index(drop=True), "outcome", groups, population=population, level=level
    ):
        kept = followed(group.persons)
        happened = (kept["outcome"] == event).to_numpy()
        row = group.common | _beside(group, kept) | {"variable": VARIABLE, "category": event}
        row |= {"measure": "median", "count": int(happened.sum()), "at_risk": len(kept)}
        if kept.empty:
            rows.append(row | {"note": "no_answers", "method": "none"})
            continue
        curve = kaplan_meier(times(kept, dates), happened, limits, level)
        middle, low, high = (
            crossing(curve["time"], curve[name]) for name in ("estimate", "conf_low", "conf_high")
        )
        if np.isnan(middle):
            rows.append(row | {"note": "not_followed", "method": "none"})
            continue
        ends = {"conf_low": low, "conf_high": high, "method": "kaplan_meier"}
        rows.append(row | {"estimate": middle, "note": open_days(kept)} | ends)
    kept = [name for name in EXTRA if name not in ("month", "known_low", "known_high")]
    return claims.declare(
        result(rows, groups, kept),
        design="outcome_only",
        estimand="cumulative_incidence",
        also=["end_of_watch_uninformative"],
    )


def _checked(
    persons: pd.DataFrame, by: str | Sequence[str], months: Sequence[float], dates: str
) -> tuple[list[str], list[float]]:
    one_of(dates, DATES, name="The day that is taken")
    groups = named(by)
    check_columns(persons, ["months", "outcome"], groups)
    marks = sorted({float(month) for month in months})
    if any(not month >= 0 for month in marks):
        raise UsageError(f"{marks[0]:g} is no month since entry.", fix="Give months from 0 on.")
    return groups, marks


def _beside(group: Group, kept: pd.DataFrame) -> dict[str, Any]:
    """How many are followed, cannot be followed, or had a job at entry."""
    why = group.persons.get("not_followed", pd.Series("", index=group.persons.index))
    in_work = int((why == "in_work").sum())
    return {"n": len(kept), "missing": len(group.persons) - len(kept) - in_work, "in_work": in_work}


def _of_group(
    kept: pd.DataFrame, marks: list[float], dates: str, limits: str, level: float, common: dict[str, Any]
) -> list[dict[str, Any]]:
    rows = []
    time = times(kept, dates)
    curves = aalen_johansen(time, kept["outcome"], limits, level)
    ended = not (kept["outcome"].to_numpy() == "none")[time == time.max()].any()
    for cause, curve in curves.items():
        happened = (kept["outcome"] == cause).to_numpy()
        extremes = [
            aalen_johansen(_extreme(kept, happened, own), kept["outcome"], limits, level)[cause]
            for own in (("earliest", "latest"), ("latest", "earliest"))
        ]
        for month in marks:
            told = read(curve, time, happened, month, "aalen_johansen", ended=ended)
            row = common | {"category": cause, "note": open_days(kept)} | told
            if told.get("estimate") is not None:
                ends = [value(extreme, month, "estimate", 0.0) for extreme in extremes] + [row["estimate"]]
                row |= {"known_low": min(ends), "known_high": max(ends)}
            rows.append(row)
    return rows


def _extreme(kept: pd.DataFrame, happened: np.ndarray, own: tuple[str, str]) -> Floats:
    """The months with the event at one end of what is possible and all others at the other end."""
    return np.where(happened, times(kept, own[0]), times(kept, own[1]))
