"""The mentors: one to each participant, and what they answer at the end."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kij_analysis.demo.assumptions import Assumptions
from kij_analysis.demo.course import MOVING
from kij_analysis.demo.draws import around, at_random, highest, score, standard, stream, whole
from kij_analysis.demo.waves import ENDING, RELATIONSHIP, SILENT, dated, dealt, marked, remarked, unless

GAINS = ("insight", "contacts", "content")
"""What the mentors themselves have got: insight, new contacts, content with being a mentor."""
VIEWS = (*MOVING, "job")
BACKGROUND = ("gender", "age", "birth_place")


def mentor_survey(
    people: pd.DataFrame, assumptions: Assumptions, programme: str, *, seed: int
) -> pd.DataFrame:
    """One row for each mentor who answers; `number` is the mentor's, `pair` leads to the mentee."""
    given = assumptions.programmes[programme]
    rng = stream(seed, programme, "mentors")
    n = len(people)
    frame = people.assign(
        number=np.argsort(rng.random(n), kind="stable") + 1,
        gender=at_random(rng, given.mentor_gender.shares, n),
        age=np.floor(around(given.mentor_age, rng, n)).astype(int),
        birth_place=at_random(rng, given.mentor_birth_place.shares, n),
    )
    ready = score(frame, assumptions.weights("response_mentors"), rng)
    frame = frame[highest(ready, whole(given.mentor_rate.value, n))]
    frame = dated(frame, given.mentor_fieldwork, rng)
    # Two people do not count the same meetings.
    recalled = np.maximum(frame["meetings"] + np.floor(rng.random(len(frame)) * 5) - 2, 1)
    frame = frame.assign(meetings=recalled)
    items = [*BACKGROUND, *(item for item in ENDING if item in frame)]
    frame = marked(frame, items, given, rng, SILENT)
    frame = frame.assign(reason_not_completed_mark=unless(frame["completion"] != "dropped_out"))
    asked: dict[str, tuple[str, str]] = {f"{item}_step": ("mentor_gains", "") for item in GAINS}
    asked |= {f"{item}_step": ("relationship", "") for item in RELATIONSHIP}
    asked |= {f"view_{item}_step": ("mentor_view", item) for item in VIEWS}
    for item, (shares, seen) in asked.items():
        moved = frame.assign(gain=_gain(frame, seen)) if seen else frame
        scores = score(moved, assumptions.weights(shares), rng)
        frame = dealt(frame, item, scores, given, rng, shares=shares)
    return remarked(frame, given, rng)


def _gain(frame: pd.DataFrame, item: str) -> np.ndarray:
    """How far the mentee has come in truth."""
    if item == "job":
        return standard((frame["in_job"] == 1).astype(float))
    return standard(frame[f"{item}_end"].astype(float) - frame[f"{item}_entry"].astype(float))
