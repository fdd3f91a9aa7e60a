"""What people answer in one wave, in harmonised codes; the exports put it into each tool's words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from kij_analysis.demo.assumptions import MARKS, RATINGS, Assumptions, Programme
from kij_analysis.demo.draws import at_random, counts, highest, in_order, score, stream, whole

JOB = ("employed", "subsidised_job")
"""Who is asked about hours and about whether the job matches."""
BACKGROUND = (
    "gender",
    "age",
    "region_of_origin",
    "years_since_arrival",
    "children_at_home",
    "education_level",
)
FOLLOW_UPS = ("hours", "job_matches")


def end_survey(people: pd.DataFrame, assumptions: Assumptions, programme: str, *, seed: int) -> pd.DataFrame:
    """One row for each participant who answers the end survey, in the order of the days of answering.

    Every item has a companion `<item>_mark`: empty where there is an answer, else ``dont_know``,
    ``refused``, ``blank`` (nothing entered) or ``filtered`` (not shown to this person). Margins hold
    among those who answered the item, to within the rounding of counts.
    """
    given = assumptions.programmes[programme]
    rng = stream(seed, programme, "end")
    number = whole(given.response_rate.value, len(people))
    answers = highest(score(people, assumptions.weights("response"), rng), number)
    frame = people[answers].reset_index(drop=True)
    days = given.fieldwork.days
    # More people answer in the first days than after the reminder.
    waited = np.floor(rng.random(len(frame)) ** 2 * len(days)).astype(int)
    frame = frame.assign(date=[days[day] for day in waited])
    frame = frame.sort_values("date", kind="stable", ignore_index=True)
    frame = _background(frame, given, rng)
    frame = _status(frame, assumptions, given, rng)
    frame = _follow_ups(frame, assumptions, given, rng)
    frame = _ratings(frame, given, rng)
    frame = _barriers(frame, assumptions, given, rng)
    remarks = in_order(rng.random(len(frame)), {"": 1 - given.remarks.value, "x": given.remarks.value})
    return frame.assign(remark=[mark == "x" for mark in remarks])


def _marks(
    rng: np.random.Generator, shares: Mapping[str, float], n: int, allowed: tuple[str, ...]
) -> list[str]:
    some = {mark: shares[mark] for mark in allowed}
    return at_random(rng, {**some, "": 1 - sum(some.values())}, n)


def _background(frame: pd.DataFrame, given: Programme, rng: np.random.Generator) -> pd.DataFrame:
    allowed = ("refused", "blank")
    marks = {f"{item}_mark": _marks(rng, given.unanswered.shares, len(frame), allowed) for item in BACKGROUND}
    return frame.assign(**marks)


def _status(
    frame: pd.DataFrame, assumptions: Assumptions, given: Programme, rng: np.random.Generator
) -> pd.DataFrame:
    """Each status in turn takes its exact number of those who are left; the last takes the rest."""
    marks = _marks(rng, given.unanswered.shares, len(frame), MARKS)
    frame = frame.assign(labour_status="", labour_status_mark=marks)
    left = frame.index[frame["labour_status_mark"] == ""]
    chosen = pd.Series("", index=frame.index)
    for status, number in counts(given.labour_status.shares, len(left)).items():
        scores = score(frame.loc[left], assumptions.weights(status), rng)
        taken = left[highest(scores, number)]
        chosen.loc[taken] = status
        left = left.difference(taken)
    return frame.assign(labour_status=chosen, in_job=chosen.isin(JOB).astype(float))


def _follow_ups(
    frame: pd.DataFrame, assumptions: Assumptions, given: Programme, rng: np.random.Generator
) -> pd.DataFrame:
    """Hours and match, asked of those in a job only and not to be skipped."""
    shown = frame["in_job"] == 1
    for item in FOLLOW_UPS:
        marks = pd.Series("filtered", index=frame.index)
        marks.loc[shown] = _marks(rng, given.unanswered.shares, int(shown.sum()), ("dont_know", "refused"))
        values = pd.Series("", index=frame.index)
        valid = frame.index[marks == ""]
        scores = score(frame.loc[valid], assumptions.weights(item), rng)
        values.loc[valid] = in_order(scores, getattr(given, item).shares)
        frame = frame.assign(**{item: values, f"{item}_mark": marks})
    return frame


def _ratings(frame: pd.DataFrame, given: Programme, rng: np.random.Generator) -> pd.DataFrame:
    """The steps of each rating, dealt out along the trait behind it."""
    for item in RATINGS:
        marks = pd.Series(_marks(rng, given.unanswered.shares, len(frame), MARKS), index=frame.index)
        steps = pd.Series("", index=frame.index)
        valid = frame.index[marks == ""]
        steps.loc[valid] = in_order(frame.loc[valid, item].to_numpy(), getattr(given, item).shares)
        frame = frame.assign(**{f"{item}_step": steps, f"{item}_step_mark": marks})
    return frame


def _barriers(
    frame: pd.DataFrame, assumptions: Assumptions, given: Programme, rng: np.random.Generator
) -> pd.DataFrame:
    drawn = _marks(rng, given.unanswered.shares, len(frame), ("refused", "blank"))
    marks = pd.Series(drawn, index=frame.index)
    valid = frame.index[marks == ""]
    columns = [f"barrier_{code}" for code in given.barriers.shares]
    named = pd.DataFrame(False, index=frame.index, columns=columns)
    for code, share in given.barriers.shares.items():
        scores = score(frame.loc[valid], assumptions.weights(f"barrier_{code}"), rng)
        named.loc[valid[highest(scores, whole(share, len(valid)))], f"barrier_{code}"] = True
    return pd.concat([frame, named], axis=1).assign(barriers_mark=marks)
