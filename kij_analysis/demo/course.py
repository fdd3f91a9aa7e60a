"""What becomes of the people of a programme, whether they answer or not: the truth behind the surveys."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from kij_analysis.demo.assumptions import Assumptions, Portions, Programme, Shares
from kij_analysis.demo.draws import (
    Floats,
    around,
    at_random,
    counts,
    highest,
    in_order,
    normal,
    score,
    standard,
    stream,
    whole,
)
from kij_analysis.demo.population import people

JOB = ("employed", "subsidised_job")
"""Who is asked about hours and about whether the job matches."""
MOVING = ("language", "network", "confidence")
"""The ratings of the person, which change; satisfaction is one of the programme, at its end only."""
AT_RANDOM = ("ground_for_residence", "education_from_abroad", "field_of_education", "education_recognised")
SHORT = 0.45
"""Who drops out has had about this part of the meetings."""


def participants(assumptions: Assumptions, programme: str, *, seed: int) -> pd.DataFrame:
    """The people of a programme with what becomes of them, whether they answer or not.

    To the columns of `people` come the background that is asked at entry, `meetings`, `minutes` (of a usual
    meeting), `completion`, `reason_not_completed`, `first_job` (a day, or none) and, with the wave behind the
    name, `status_…` (entry, end, follow_up), the steps `language_…` … `confidence_…` (entry, end) and
    `barrier_…_…` (entry, end).

    Examples
    --------
    >>> from kij_analysis.demo.reading import read_assumptions
    >>> from kij_analysis.template import template_folder
    >>> given = read_assumptions(template_folder() / "data/raw/demo/assumptions.yaml")
    >>> found = participants(given, "sajo", seed=1)
    >>> len(found), int(found.status_end.isin(["employed"]).sum())
    (130, 49)
    """
    given = assumptions.programmes[programme]
    rng = stream(seed, programme, "course")
    frame = people(assumptions, programme, seed=seed)
    frame = _background(frame, assumptions, given, rng)
    frame = _status(frame, assumptions, "entry", given.status_at_entry, rng)
    frame = _mentoring(frame, assumptions, given, rng)
    frame = _status(frame, assumptions, "end", given.status_at_end, rng)
    frame = _status(frame, assumptions, "follow_up", given.status_a_year_later, rng)
    frame = _ratings(frame, assumptions, given, rng)
    for wave, portions in (("entry", given.barriers_at_entry), ("end", given.barriers)):
        frame = _barriers(frame, assumptions, wave, portions, rng)
    return frame.assign(first_job=_first_job(frame, given, rng))


def _background(
    frame: pd.DataFrame, assumptions: Assumptions, given: Programme, rng: np.random.Generator
) -> pd.DataFrame:
    """What is asked at entry beside the background of every wave, where the programme asks it."""
    n = len(frame)
    for item in AT_RANDOM:
        if shares := getattr(given, item):
            frame = frame.assign(**{item: at_random(rng, shares.shares, n)})
    for item in ("cefr", "labour_market_knowledge", "job_search_skills"):
        if shares := getattr(given, item):
            scores = score(frame, assumptions.weights(item), rng)
            frame = frame.assign(**{item: in_order(scores, shares.shares)})
    grown = np.maximum(frame["age"] - frame["years_since_arrival"] - 18, 0)
    for item, most in (("before", grown), ("here", frame["years_since_arrival"])):
        if spread := getattr(given, f"work_experience_{item}"):
            years = np.minimum(around(spread, rng, n), most)
            frame = frame.assign(**{f"work_experience_{item}": np.floor(years)})
    return frame


def _status(
    frame: pd.DataFrame, assumptions: Assumptions, wave: str, given: Shares, rng: np.random.Generator
) -> pd.DataFrame:
    """Each status in turn takes its exact number of those who are left; the last takes the rest."""
    earlier = {"end": "status_entry", "follow_up": "status_end"}.get(wave)
    left = frame.index
    chosen = pd.Series("", index=frame.index)
    for status, number in counts(given.shares, len(left)).items():
        scores = score(frame.loc[left], assumptions.weights(status), rng)
        if earlier:
            same = (frame.loc[left, earlier] == status).astype(float)
            scores = scores + assumptions.weights("persistence").get("before", 0.0) * standard(same)
        taken = left[highest(scores, number)]
        chosen.loc[taken] = status
        left = left.difference(taken)
    return frame.assign(**{f"status_{wave}": chosen, "in_job": chosen.isin(JOB).astype(float)})


def _mentoring(
    frame: pd.DataFrame, assumptions: Assumptions, given: Programme, rng: np.random.Generator
) -> pd.DataFrame:
    """Whether the pair holds to the end, how often and how long it meets."""
    n = len(frame)
    completion = in_order(score(frame, assumptions.weights("dropped_out"), rng), given.completion.shares)
    ended = pd.Series(completion, index=frame.index) == "dropped_out"
    # The spread gives how often people meet, the score who meets more often.
    often = np.sort(around(given.meetings, rng, n))
    often = often[np.argsort(np.argsort(score(frame, assumptions.weights("meetings"), rng), kind="stable"))]
    reasons = pd.Series("", index=frame.index)
    reasons.loc[ended] = at_random(rng, given.reason_not_completed.shares, int(ended.sum()))
    same = given.same_occupation
    return frame.assign(
        completion=completion,
        reason_not_completed=reasons,
        meetings=np.maximum(np.floor(np.where(ended, often * SHORT, often)), 1),
        minutes=np.round(around(given.minutes, rng, n) / 15) * 15,
        **({"same_occupation": at_random(rng, same.shares, n)} if same else {}),
    )


def _ratings(
    frame: pd.DataFrame, assumptions: Assumptions, given: Programme, rng: np.random.Generator
) -> pd.DataFrame:
    """The steps at entry, at the end and a year later, along the trait behind them and what is added."""
    n = len(frame)
    later = rng.spawn(1)[0]
    kept = assumptions.weights("later_rating").get("before", 0.0)
    for item in MOVING:
        trait = standard(frame[item])
        gained = score(frame, assumptions.weights("gain"), rng) * 0.5
        scores = {"entry": trait + 0.4 * normal(rng, n), "end": trait + gained}
        scores["follow_up"] = kept * standard(scores["end"]) + normal(later, n)
        ended = getattr(given, item).shares
        shares = {"entry": getattr(given, f"{item}_at_entry").shares, "end": ended, "follow_up": ended}
        steps = {f"{item}_{wave}": in_order(scores[wave], shares[wave]) for wave in scores}
        frame = frame.assign(**steps)
    return frame


def _barriers(
    frame: pd.DataFrame, assumptions: Assumptions, wave: str, given: Portions, rng: np.random.Generator
) -> pd.DataFrame:
    frame = frame.assign(in_job=frame[f"status_{wave}"].isin(JOB).astype(float))
    named: dict[str, np.ndarray] = {}
    for code, share in given.shares.items():
        scores = score(frame, assumptions.weights(f"barrier_{code}"), rng)
        before = f"barrier_{code}_entry"
        if before in frame:
            scores = scores + assumptions.weights("persistence").get("before", 0.0) * standard(frame[before])
        named[f"barrier_{code}_{wave}"] = highest(scores, whole(share, len(frame)))
    return pd.concat([frame, pd.DataFrame(named, index=frame.index)], axis=1)


def _first_job(frame: pd.DataFrame, given: Programme, rng: np.random.Generator) -> list[dt.date | None]:
    """The first day of the first job after entry: between entry and end, or between end and follow-up."""
    limits = [given.entry_fieldwork.days[-1], given.fieldwork.days[0], given.follow_up_fieldwork.days[0]]
    drawn: Floats = rng.random(len(frame))
    days: list[dt.date | None] = []
    for row, u in zip(frame.to_dict("records"), drawn, strict=True):
        at = next((i for i, wave in enumerate(("end", "follow_up")) if row[f"status_{wave}"] in JOB), None)
        if at is None or row["status_entry"] in JOB:
            days.append(None)
        else:
            days.append(limits[at] + dt.timedelta(days=int(u * (limits[at + 1] - limits[at]).days)))
    return days
