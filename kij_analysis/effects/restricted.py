"""Mean times without a first job, of the first months since entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import claims
from kij_analysis.effects.steps import times
from kij_analysis.effects.time import VARIABLE, followed, open_days
from kij_analysis.effects.waiting import check_waiting, hits_of
from kij_analysis.errors import one_of
from kij_analysis.survey.design import Floats
from kij_analysis.survey.groups import BESIDE, compared, grouped, named, result

MEAN_EXTRA = ("until", *BESIDE)
PAIR_EXTRA = ("first", "second", "until", "count_1", "n_1", "count_2", "n_2", "statistic", *BESIDE)
COMPARISONS = ("difference", "ratio")


def restricted_mean(
    persons: pd.DataFrame,
    *,
    until: float = 12.0,
    event: str = "job",
    by: str | Sequence[str] = "programme",
    dates: str = "middle",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """The mean number of months without a first job, of the first months since entry.

    Parameters
    ----------
    until
        How many months are looked at. A group of whom nobody is followed so long has the note *not_followed*.
    persons, event, by, dates, population, level
        As in `log_rank`.

    Returns
    -------
    DataFrame
        Estimates with measure *mean*, in months, one row per group; `count` is the number of events by
        then; to the right `until`.

    Raises
    ------
    UsageError
        As `incidence` does; or if `until` is not above 0.

    Notes
    -----
    The area under the Kaplan–Meier curve with the variance of Klein and Moeschberger 2003, by greenwood
    (lifelines' variance is that of the time itself, not of its mean).

    Examples
    --------
    >>> persons = pd.DataFrame({"programme": "fika", "gender": "woman", "data_status": "synthetic",
    ...     "months": [2.0, 4.0, 6.0, 14.0], "outcome": ["job", "job", "job", "none"]})
    >>> restricted_mean(persons)[["estimate", "std_error"]].values.round(3).tolist()
    [[6.0, 1.871]]
    """
    check_waiting(persons, event, dates, named(by), until)
    rows = []
    for group in grouped(
        persons.reset_index(drop=True), "outcome", named(by), population=population, level=level
    ):
        own = followed(group.persons)
        time, hits = times(own, dates), hits_of(own, event)
        row = group.common | {"variable": VARIABLE, "category": event, "measure": "mean", "until": until}
        row |= {
            "n": len(own),
            "missing": len(group.persons) - len(own),
            "count": int((hits & (time <= until)).sum()),
            "note": open_days(own),
        }
        found = _area(time, hits, until)
        if isinstance(found, str):
            rows.append(row | {"note": found, "method": "none"})
            continue
        estimate, error = found
        rows.append(row | _with_interval(estimate, error, level, (0.0, until)))
    found = result(rows, named(by), MEAN_EXTRA)
    return claims.declare(
        found, design="outcome_only", estimand="restricted_mean", also=["end_of_watch_uninformative"]
    )


def restricted_difference(
    persons: pd.DataFrame,
    *,
    until: float = 12.0,
    event: str = "job",
    by: str = "programme",
    within: str | Sequence[str] = (),
    measure: str = "difference",
    reference: str = "",
    dates: str = "middle",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """How many months longer one group is without a first job than another, of the first months since entry.

    Parameters
    ----------
    until, event, dates, population, level
        As in `restricted_mean`.
    by, within, reference
        As in `kij_analysis.survey.differences`.
    measure
        ``"difference"`` (months) or ``"ratio"`` of the two means.

    Returns
    -------
    DataFrame
        Estimates, one row per pair of groups (the first less the second); to the right `until`, events and
        persons of both groups, and `statistic` (z).

    Raises
    ------
    UsageError
        As `restricted_mean` does; or if no group has the name of the reference.

    Notes
    -----
    Royston and Parmar 2013; as survRM2 of R.

    Examples
    --------
    >>> persons = pd.DataFrame({"programme": ["fika"] * 3 + ["sajo"] * 3, "gender": "woman",
    ...     "data_status": "synthetic", "months": [2, 4, 6, 5, 8, 14], "outcome": ["job"] * 5 + ["none"]})
    >>> restricted_difference(persons)["estimate"].round(2).tolist()
    [-4.33]
    """
    one_of(measure, COMPARISONS, name="The comparison")
    groups = named(within)
    check_waiting(persons, event, dates, [by, *groups], until)
    pairs = compared(
        persons.reset_index(drop=True), "outcome", by, within=groups, reference=reference,
        population=population, level=level,
    )  # fmt: skip
    rows = []
    for pair in pairs:
        both = [followed(own) if own is not None else persons.iloc[:0] for own in pair.persons]
        data = [(times(own, dates), hits_of(own, event)) for own in both]
        row = pair.common | {"variable": VARIABLE, "category": event, "measure": measure, "until": until}
        for number, (time, hits) in enumerate(data, start=1):
            row |= {f"n_{number}": len(time), f"count_{number}": int((hits & (time <= until)).sum())}
        row |= {"n": row["n_1"] + row["n_2"], "count": row["count_1"] + row["count_2"]}
        row["note"] = open_days(pd.concat(both))
        row["missing"] = sum(len(own) for own in pair.persons if own is not None) - row["n"]
        rows.append(row | _compared(data, until, measure, level))
    found = result(rows, groups, PAIR_EXTRA)
    return claims.declare(
        found, design="association", estimand="restricted_mean", also=["end_of_watch_uninformative"]
    )


def _area(time: Floats, hits: np.ndarray, until: float) -> tuple[float, float] | str:
    """The restricted mean and its standard error, or why there is none."""
    import greenwood

    if not len(time):
        return "no_answers"
    last = hits[time == time.max()].all() and time.max() < until
    if time.max() < until and not last:
        return "not_followed"
    from scipy.stats import norm

    fitted = greenwood.KaplanMeier(conf_type="plain").fit(greenwood.Surv(time, event=hits.astype(int)))
    mean, _, high = fitted.rmst(until, ci=True)
    return float(mean), float((high - mean) / norm.ppf(0.975))


def _with_interval(
    estimate: float, error: float, level: float, within: tuple[float, float]
) -> dict[str, Any]:
    from scipy.stats import norm

    row: dict[str, Any] = {"estimate": estimate, "method": "restricted_mean"}
    if not error > 0:
        return row | {"note": "few_events"}
    reach = norm.ppf(0.5 + level / 2) * error
    low, high = np.clip([estimate - reach, estimate + reach], *within)
    return row | {"std_error": error, "conf_low": low, "conf_high": high}


def _compared(
    data: Sequence[tuple[Floats, np.ndarray]], until: float, measure: str, level: float
) -> dict[str, Any]:
    from scipy.stats import norm

    found = [_area(time, hits, until) for time, hits in data]
    notes = [one for one in found if isinstance(one, str)]
    if notes:
        empty = notes.count("no_answers")
        return {"note": "one_group_empty" if empty == 1 else notes[0], "method": "none"}
    (one, own), (other, its) = (pair for pair in found if not isinstance(pair, str))
    ratio = measure == "ratio"
    distance = np.log(one / other) if ratio else one - other
    error = float(np.hypot(own / one, its / other) if ratio else np.hypot(own, its))
    row: dict[str, Any] = {"estimate": one / other if ratio else distance, "method": "restricted_mean"}
    if not error > 0:
        return row | {"note": "few_events"}
    reach = norm.ppf(0.5 + level / 2) * error
    ends = np.array([distance - reach, distance + reach])
    low, high = np.exp(ends) if ratio else ends
    z = float(distance / error)
    row |= {"std_error": error * (one / other if ratio else 1), "conf_low": low, "conf_high": high}
    return row | {"statistic": z, "p_value": float(2 * norm.sf(abs(z)))}
