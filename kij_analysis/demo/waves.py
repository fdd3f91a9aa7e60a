"""What people answer in one wave, in harmonised codes; the exports put it into each tool's words.

Every item has a companion `<item>_mark`: empty where there is an answer, else ``dont_know``, ``refused``,
``blank`` (nothing entered) or ``filtered`` (not shown to this person).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from kij_analysis.demo.assumptions import MARKS, Assumptions, Fieldwork, Programme
from kij_analysis.demo.course import AT_RANDOM, JOB, MOVING
from kij_analysis.demo.draws import at_random, counts, highest, in_order, score, stream, whole

BACKGROUND = (
    "gender",
    "age",
    "region_of_origin",
    "years_since_arrival",
    "children_at_home",
    "education_level",
)
EXTRA = (*AT_RANDOM, "cefr", "work_experience_before", "work_experience_here")
FOLLOW_UPS = ("hours", "job_matches")
RELATIONSHIP = ("equality", "mutuality", "trust", "voluntariness")
ENDING = ("meetings", "minutes", "completion", "same_occupation")
SILENT = ("refused", "blank")


def entry_survey(
    people: pd.DataFrame, assumptions: Assumptions, programme: str, *, seed: int
) -> pd.DataFrame:
    """One row for each participant who answers at entry, in the order of the days of answering."""
    given = assumptions.programmes[programme]
    rng = stream(seed, programme, "entry")
    number = whole(given.entry_rate.value, len(people))
    answers = highest(score(people, assumptions.weights("response_entry"), rng), number)
    frame = dated(people[answers], given.entry_fieldwork, rng)
    items = [*BACKGROUND, *(item for item in EXTRA if item in frame)]
    frame = marked(frame, items, given, rng, SILENT)
    if "field_of_education" in frame:
        low = frame["education_level"].isin(["isced_0_1", "isced_2"])
        frame = frame.assign(field_of_education_mark=frame["field_of_education_mark"].mask(low, "filtered"))
    frame = marked(frame.assign(labour_status=frame["status_entry"]), ["labour_status"], given, rng)
    frame = _steps(frame, "entry", given, rng)
    for item in ("labour_market_knowledge", "job_search_skills"):
        if item in frame:
            frame = marked(frame.assign(**{f"{item}_step": frame[item]}), [f"{item}_step"], given, rng)
    return remarked(_barriers(frame, "entry", given, rng), given, rng)


def end_survey(people: pd.DataFrame, assumptions: Assumptions, programme: str, *, seed: int) -> pd.DataFrame:
    """One row for each participant who answers the end survey, in the order of the days of answering.

    Who answers depends on what became of people: as many of each status as the shares among the answers
    say, of each the readiest. These shares hold to within the rounding of counts.
    """
    given = assumptions.programmes[programme]
    rng = stream(seed, programme, "end")
    marks = _responders(people, assumptions, given, rng)
    frame = people.assign(labour_status=people["status_end"], labour_status_mark=marks)
    frame = dated(frame[frame["labour_status_mark"].notna()], given.fieldwork, rng)
    frame = frame.assign(
        age=frame["age"] + (rng.random(len(frame)) < 0.6),
        years_since_arrival=frame["years_since_arrival"] + 0.5,
    )
    frame = marked(frame, BACKGROUND, given, rng, SILENT)
    frame = _follow_ups(frame, assumptions, given, rng)
    frame = _steps(frame, "end", given, rng)
    frame = dealt(frame, "satisfaction_step", frame["satisfaction"].to_numpy(), given, rng)
    frame = marked(frame, [item for item in ENDING if item in frame], given, rng, SILENT)
    frame = frame.assign(reason_not_completed_mark=unless(frame["completion"] != "dropped_out"))
    for item in RELATIONSHIP:
        scores = score(frame, assumptions.weights("relationship"), rng)
        frame = dealt(frame, f"{item}_step", scores, given, rng, shares="relationship")
    return remarked(_barriers(frame, "end", given, rng), given, rng)


def follow_up_survey(
    people: pd.DataFrame, ended: pd.DataFrame, assumptions: Assumptions, programme: str, *, seed: int
) -> pd.DataFrame:
    """One row for each participant who answers a year later; `ended` are the answers to the end survey."""
    given = assumptions.programmes[programme]
    rng = stream(seed, programme, "follow_up")
    readiness = people.assign(
        in_job=people["status_follow_up"].isin(JOB).astype(float),
        answered=people["number"].isin(ended["number"]).astype(float),
    )
    number = whole(given.follow_up_rate.value, len(people))
    answers = highest(score(readiness, assumptions.weights("response_follow_up"), rng), number)
    frame = dated(people[answers], given.follow_up_fieldwork, rng)
    frame = frame.assign(labour_status=frame["status_follow_up"])
    frame = marked(frame, ["labour_status"], given, rng)
    frame = _follow_ups(frame, assumptions, given, rng)
    frame = _steps(frame, "follow_up", given, rng)
    return remarked(frame.assign(first_job_mark=unless(frame["first_job"].isna())), given, rng)


def unless(hidden: pd.Series) -> pd.Series:
    """The mark of a question that some people are not shown."""
    return pd.Series("", index=hidden.index).mask(hidden, "filtered")


def _responders(
    people: pd.DataFrame, assumptions: Assumptions, given: Programme, rng: np.random.Generator
) -> pd.Series:
    """Each participant's mark for the status; none for those who do not answer at all."""
    number = whole(given.response_rate.value, len(people))
    silent = {mark: whole(given.unanswered.shares[mark], number) for mark in MARKS}
    readiness = pd.Series(score(people, assumptions.weights("response"), rng), index=people.index)
    marks = pd.Series(None, index=people.index, dtype=object)
    for status, wanted in counts(given.labour_status.shares, number - sum(silent.values())).items():
        there = readiness[people["status_end"] == status]
        marks.loc[there.index[highest(there.to_numpy(), wanted)]] = ""
    for mark, wanted in silent.items():
        rest = readiness[marks.isna()]
        marks.loc[rest.index[highest(rest.to_numpy(), wanted)]] = mark
    return marks


def dated(frame: pd.DataFrame, given: Fieldwork, rng: np.random.Generator) -> pd.DataFrame:
    """More people answer in the first days than after the reminder."""
    days = given.days
    waited = np.floor(rng.random(len(frame)) ** 2 * len(days)).astype(int)
    placed = frame.assign(date=[days[day] for day in waited])
    return placed.sort_values("date", kind="stable", ignore_index=True)


def _marks(
    rng: np.random.Generator, shares: Mapping[str, float], n: int, allowed: Sequence[str] = MARKS
) -> list[str]:
    some = {mark: shares[mark] for mark in allowed}
    return at_random(rng, {**some, "": 1 - sum(some.values())}, n)


def marked(
    frame: pd.DataFrame,
    items: Sequence[str],
    given: Programme,
    rng: np.random.Generator,
    allowed: Sequence[str] = MARKS,
) -> pd.DataFrame:
    """The answers with a mark for each item, at random."""
    drawn = {f"{item}_mark": _marks(rng, given.unanswered.shares, len(frame), allowed) for item in items}
    return frame.assign(**drawn)


def _steps(frame: pd.DataFrame, wave: str, given: Programme, rng: np.random.Generator) -> pd.DataFrame:
    frame = frame.assign(**{f"{item}_step": frame[f"{item}_{wave}"] for item in MOVING})
    return marked(frame, [f"{item}_step" for item in MOVING], given, rng)


def dealt(
    frame: pd.DataFrame,
    item: str,
    scores: np.ndarray,
    given: Programme,
    rng: np.random.Generator,
    *,
    shares: str = "",
) -> pd.DataFrame:
    """Steps whose shares hold among those who answer the item, dealt out along a score."""
    marks = pd.Series(_marks(rng, given.unanswered.shares, len(frame)), index=frame.index)
    valid = (marks == "").to_numpy()
    steps = pd.Series("", index=frame.index)
    steps.loc[valid] = in_order(scores[valid], getattr(given, shares or item.removesuffix("_step")).shares)
    return frame.assign(**{item: steps, f"{item}_mark": marks})


def _follow_ups(
    frame: pd.DataFrame, assumptions: Assumptions, given: Programme, rng: np.random.Generator
) -> pd.DataFrame:
    """Hours and match, asked of those who say that they are in a job, and not to be skipped."""
    shown = frame["labour_status"].isin(JOB) & (frame["labour_status_mark"] == "")
    for item in FOLLOW_UPS:
        marks = pd.Series("filtered", index=frame.index)
        marks.loc[shown] = _marks(rng, given.unanswered.shares, int(shown.sum()), ("dont_know", "refused"))
        values = pd.Series("", index=frame.index)
        valid = frame.index[marks == ""]
        scores = score(frame.loc[valid], assumptions.weights(item), rng)
        values.loc[valid] = in_order(scores, getattr(given, item).shares)
        frame = frame.assign(**{item: values, f"{item}_mark": marks})
    return frame


def _barriers(frame: pd.DataFrame, wave: str, given: Programme, rng: np.random.Generator) -> pd.DataFrame:
    """What people name; who skips the question names nothing."""
    marks = pd.Series(_marks(rng, given.unanswered.shares, len(frame), SILENT), index=frame.index)
    portions = given.barriers_at_entry if wave == "entry" else given.barriers
    named = {f"barrier_{c}": frame[f"barrier_{c}_{wave}"] & (marks == "") for c in portions.shares}
    return pd.concat([frame, pd.DataFrame(named)], axis=1).assign(barriers_mark=marks)


def remarked(frame: pd.DataFrame, given: Programme, rng: np.random.Generator) -> pd.DataFrame:
    """The answers with who writes a remark."""
    remarks = in_order(rng.random(len(frame)), {"": 1 - given.remarks.value, "x": given.remarks.value})
    return frame.assign(remark=[mark == "x" for mark in remarks])
