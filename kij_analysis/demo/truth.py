"""The known truth: what became of all participants, answering or not, in numbers to check against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kij_analysis.demo.assumptions import Assumptions, Programme
from kij_analysis.demo.course import JOB, MOVING, participants
from kij_analysis.demo.waiting import difference_made
from kij_analysis.study import Study

DIGITS = 3


def truth(assumptions: Assumptions, *, seed: int | None = None) -> dict[str, Any]:
    """What became of all participants of each programme, as the block `truth` of the assumptions holds it.

    `labour_status` holds counts by wave, `in_job` the share of all in a job with or without a subsidy,
    `change` the mean change from entry to the end in points of 100 (equal steps), `high` the share on the
    steps that the crosswalks call high, `barriers` shares of all who meet the barrier. Where the
    assumptions say how it would have been without a mentor, `made` is what mentoring makes of all
    participants at the end: in points of 100, and as a share in a job.

    Examples
    --------
    >>> from kij_analysis.demo.reading import read_assumptions
    >>> from kij_analysis.template import template_folder
    >>> given = read_assumptions(template_folder() / "data/raw/demo/assumptions.yaml")
    >>> truth(given)["fika"]["participants"]
    90
    """
    chosen = assumptions.seed if seed is None else seed
    return {
        code: _of(participants(assumptions, code, seed=chosen), given) | _made(assumptions, code, chosen)
        for code, given in assumptions.programmes.items()
    }


def _of(people: pd.DataFrame, given: Programme) -> dict[str, Any]:
    waves = ("entry", "end", "follow_up")
    women = people[people["gender"] == "woman"]
    return {
        "participants": len(people),
        "women": len(women),
        "labour_status": {wave: _counts(people[f"status_{wave}"]) for wave in waves},
        "in_job": {wave: _in_job(people, wave) for wave in waves},
        "in_job_women": {wave: _in_job(women, wave) for wave in waves},
        "completed": round(float((people["completion"] == "completed").mean()), DIGITS),
        "mean_meetings": round(float(people["meetings"].mean()), DIGITS),
        "change": {item: _change(people, item, given) for item in MOVING},
        "high": {
            item: {wave: _high(people[f"{item}_{wave}"], given) for wave in ("entry", "end")}
            for item in MOVING
        },
        "barriers": {
            "entry": _barriers(people, "entry", given.barriers_at_entry.shares),
            "end": _barriers(people, "end", given.barriers.shares),
        },
    }


def _made(assumptions: Assumptions, code: str, seed: int) -> dict[str, Any]:
    found = difference_made(assumptions, code, seed=seed)
    return {"made": {name: round(value, DIGITS) for name, value in found.items()}} if found else {}


def _counts(values: pd.Series) -> dict[str, int]:
    return {str(code): int(number) for code, number in values.value_counts().sort_index().items()}


def _in_job(people: pd.DataFrame, wave: str) -> float:
    return round(float(people[f"status_{wave}"].isin(JOB).mean()), DIGITS)


def _change(people: pd.DataFrame, item: str, given: Programme) -> float:
    steps = len(getattr(given, item).shares) - 1
    moved = people[f"{item}_end"].astype(int) - people[f"{item}_entry"].astype(int)
    return round(float(moved.mean() * 100 / steps), DIGITS)


def _high(steps: pd.Series, given: Programme) -> float:
    """The two highest steps, as in all three crosswalks."""
    top = len(given.language.shares) - 1
    return round(float((steps.astype(int) >= top).mean()), DIGITS)


def _barriers(people: pd.DataFrame, wave: str, shares: Mapping[str, float]) -> dict[str, float]:
    return {code: round(float(people[f"barrier_{code}_{wave}"].mean()), DIGITS) for code in shares}


def known_difference(study: Study, programme: str, item: str) -> float:
    """What mentoring makes of the participants of a demonstration study by its assumptions; else missing.

    Parameters
    ----------
    study
        The study; only one of synthetic data has a known truth.
    programme
        The programme's code.
    item
        A key of the block `made`: ``"network"``, ``"language"``, ``"confidence"`` (points of 100) or
        ``"in_job"``.

    Examples
    --------
    >>> from kij_analysis.study import open_study
    >>> from kij_analysis.template import template_folder
    >>> study = open_study(template_folder())
    >>> known_difference(study, "kvinfo", "network"), known_difference(study, "fika", "network")
    (7.917, nan)
    """
    from kij_analysis.demo.reading import read_assumptions

    file = study.folders["raw"] / "demo" / "assumptions.yaml"
    if study.data_status != "synthetic" or not file.exists():
        return float("nan")
    made = read_assumptions(file).truth.get(programme, {}).get("made", {})
    return float(made.get(item, float("nan")))
