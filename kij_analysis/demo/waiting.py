"""People on a waiting list, and what would have become of the participants without a mentor.

The world without mentoring is the same machinery with the shares that the assumptions give for it, so that
the difference it makes to the participants is known. Who waits longer than others is settled by what the
entry survey asks, and by chance: an analysis that holds these answers equal can find the difference, a plain
comparison not.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.demo.assumptions import Assumptions, Programme
from kij_analysis.demo.course import JOB, MOVING, participants
from kij_analysis.demo.draws import highest, score, stream, whole
from kij_analysis.demo.waves import dated, entry_survey, marked, remarked

APPLICANTS = 2
"""How many applicants stand behind one person on the list."""


def without_mentoring(assumptions: Assumptions, programme: str) -> Assumptions:
    """The assumptions as they are for people whom no mentor has met.

    Examples
    --------
    >>> from kij_analysis.demo.reading import read_assumptions
    >>> from kij_analysis.template import template_folder
    >>> given = read_assumptions(template_folder() / "data/raw/demo/assumptions.yaml")
    >>> sum(without_mentoring(given, "kvinfo").programmes["kvinfo"].network.shares.values())
    1.0
    """
    given = assumptions.programmes[programme]
    shares = {
        "status_at_end": given.status_without,
        **{item: getattr(given, f"{item}_without") for item in MOVING},
    }
    known = {name: value for name, value in shares.items() if value is not None}
    return replace(assumptions, programmes={**assumptions.programmes, programme: replace(given, **known)})


def waiting_list(assumptions: Assumptions, programme: str, *, seed: int) -> pd.DataFrame:
    """The people on a programme's waiting list, with what becomes of them; nobody if it has none.

    The columns are those of `participants`; meetings and the like would have been theirs with a mentor and
    are asked of nobody.

    Examples
    --------
    >>> from kij_analysis.demo.reading import read_assumptions
    >>> from kij_analysis.template import template_folder
    >>> given = read_assumptions(template_folder() / "data/raw/demo/assumptions.yaml")
    >>> len(waiting_list(given, "kvinfo", seed=1)), len(waiting_list(given, "fika", seed=1))
    (150, 0)
    """
    given = assumptions.programmes[programme]
    if given.waiting_list is None:
        return pd.DataFrame()
    places = int(given.waiting_list.value)
    size = replace(given.participants, value=places * APPLICANTS)
    others = replace(assumptions, programmes={programme: replace(given, participants=size)})
    rng = stream(seed, programme, "waiting_list", "waiting")
    everybody = participants(without_mentoring(others, programme), programme, seed=_seed(rng))
    waits = highest(score(_as_asked(everybody), assumptions.weights("waiting"), rng), places)
    listed = everybody[waits].reset_index(drop=True)
    return listed.assign(number=np.arange(1, len(listed) + 1))


def _seed(rng: np.random.Generator) -> int:
    """A seed of its own, from a uniform number (see `stream`)."""
    return int(rng.random() * 2**31)


def _as_asked(people: pd.DataFrame) -> pd.DataFrame:
    """The predictors as the entry survey knows them: steps instead of the traits behind them."""
    steps = {item: people[f"{item}_entry"].astype(float) for item in MOVING}
    return people.assign(**steps, in_job=people["status_entry"].isin(JOB).astype(float))


def waiting_surveys(assumptions: Assumptions, programme: str, *, seed: int) -> dict[str, pd.DataFrame]:
    """What the people on a waiting list answer, when they come on it and when the courses end."""
    listed = waiting_list(assumptions, programme, seed=seed)
    if listed.empty:
        return {}
    given = assumptions.programmes[programme]
    everybody = replace(given, entry_rate=replace(given.entry_rate, value=1.0))
    all_answer = replace(assumptions, programmes={programme: everybody})
    begun = entry_survey(
        listed, all_answer, programme, seed=_seed(stream(seed, programme, "waiting_list", "waiting_entry"))
    )
    return {"waiting_entry": begun, "waiting_end": _end(listed, assumptions, programme, given, seed)}


def _end(
    listed: pd.DataFrame, assumptions: Assumptions, programme: str, given: Programme, seed: int
) -> pd.DataFrame:
    rng = stream(seed, programme, "waiting_list", "waiting_end")
    rate = given.waiting_rate.value if given.waiting_rate else given.response_rate.value
    readiness = score(listed.assign(meetings=0.0), assumptions.weights("response"), rng)
    frame = dated(listed[highest(readiness, whole(rate, len(listed)))], given.fieldwork, rng)
    frame = frame.assign(labour_status=frame["status_end"])
    frame = marked(frame, ["labour_status"], given, rng)
    frame = frame.assign(**{f"{item}_step": frame[f"{item}_end"] for item in MOVING})
    frame = marked(frame, [f"{item}_step" for item in MOVING], given, rng)
    return remarked(frame, given, rng)


def difference_made(assumptions: Assumptions, programme: str, *, seed: int) -> dict[str, Any]:
    """What mentoring makes of the participants by the assumptions: ratings in points of 100, share in a job.

    Empty if the assumptions do not say how it would have been without.

    Examples
    --------
    >>> from kij_analysis.demo.reading import read_assumptions
    >>> from kij_analysis.template import template_folder
    >>> given = read_assumptions(template_folder() / "data/raw/demo/assumptions.yaml")
    >>> sorted(difference_made(given, "kvinfo", seed=1)), difference_made(given, "fika", seed=1)
    (['confidence', 'in_job', 'language', 'network'], {})
    """
    if assumptions.programmes[programme].waiting_list is None:
        return {}
    worlds = [
        participants(one, programme, seed=seed)
        for one in (assumptions, without_mentoring(assumptions, programme))
    ]
    given = assumptions.programmes[programme]
    steps = {item: len(getattr(given, item).shares) for item in MOVING}
    found = {
        item: _mean(worlds[0], item, steps[item]) - _mean(worlds[1], item, steps[item]) for item in MOVING
    }
    shares = [float(world["status_end"].isin(JOB).mean()) for world in worlds]
    return {**found, "in_job": shares[0] - shares[1]}


def _mean(people: pd.DataFrame, item: str, steps: int) -> float:
    return float((people[f"{item}_end"].astype(int) - 1).mean() * 100 / (steps - 1))
