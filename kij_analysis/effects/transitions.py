"""Who moved from which labour status to which, between entry, end and follow-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd

from kij_analysis import claims
from kij_analysis.effects.roles import one_role
from kij_analysis.errors import UsageError, listed
from kij_analysis.survey.groups import BESIDE, Group, check_columns, grouped, named, result, why_empty
from kij_analysis.survey.intervals import wilson
from kij_analysis.survey.repeated import repeated

STATUS_GROUPS: Mapping[str, str] = {
    "employed": "work", "subsidised_job": "work", "internship": "on_the_way", "education": "on_the_way",
    "language_course": "on_the_way", "unemployed": "no_work", "parental_leave": "no_work",
    "outside_labour_force": "no_work",
}  # fmt: skip
"""Labour statuses in three groups: a job for pay, learning or an internship, neither."""
STATES = ("work", "on_the_way", "no_work")
LOST = "lost"
"""The state of somebody who gave no answer at a time: nobody knows."""
EXTRA = ("first", "second", *BESIDE, "wave_1", "wave_2")


def transitions(
    answers: pd.DataFrame,
    *,
    variable: str = "labour_status",
    wave: Sequence[str] = ("entry", "end", "follow_up"),
    into: Mapping[str, str] | None = STATUS_GROUPS,
    lost: bool = True,
    by: str | Sequence[str] = "programme",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """Of those in each status at one time, the share in each status at the next.

    Whoever gave an answer at the first time is followed. With `lost`, those who give none later are a state
    of their own; without it they are left out, which takes for granted that they moved like the others.

    Parameters
    ----------
    answers
        Harmonised answers of one role, with `person_id` and `wave`.
    variable
        A column with categories.
    wave
        The times in their order, two or more.
    into
        The group of each category; None for the categories themselves. A category that is not named stands
        for itself.
    lost
        Whether those who gave no answer at a time are shown.
    by, population, level
        As in `change`.

    Returns
    -------
    DataFrame
        Estimates with measure *share*. First those of everybody who is followed in each status at each time
        (`second`, also the `category`; `first` and `wave_2` are empty, `group` is the wave). Then, for each
        step and status before (`first`), those in each status after; `n` are those in `first`, `group` is
        ``wave-wave|first``. To the right the columns of `by`, `first`, `second`, `missing` (who gave no
        answer then, or at the second time), and as in `change`. A status in which nobody was has rows with
        the note *no_answers*.

    Raises
    ------
    UsageError
        As `change` does, and if the column has no categories.

    Notes
    -----
    Wilson intervals. The counts of the rows of one step are its flows;
    `kij_analysis.disclosure.suppress_flows` hides those of too few persons.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": "fika", "person_id": [*"abcab"], "gender": "woman",
    ...     "wave": ["entry"] * 3 + ["end"] * 2, "data_status": "synthetic", "labour_status": pd.Categorical(
    ...     ["unemployed", "unemployed", "employed", "employed", "unemployed"])})
    >>> found = transitions(answers, wave=("entry", "end")).query("count > 0 and first != ''")
    >>> found[["first", "second", "count", "n"]].values.tolist()
    [['work', 'lost', 1.0, 1.0], ['no_work', 'work', 1.0, 2.0], ['no_work', 'no_work', 1.0, 2.0]]
    """
    groups = named(by)
    check_columns(answers, [variable, "wave", "person_id"], groups)
    one_role(answers, groups)
    order = _states(answers, variable, into)
    whole, keys = repeated(answers, wave, groups)
    moved = whole.assign(state=_grouped_states(whole[variable], into))
    rows: list[dict[str, Any]] = []
    for group in grouped(moved, variable, groups, population=population, level=level):
        courses = _courses(group, keys, wave)
        for one in wave:
            rows += _at_time(group, courses, one, order, lost)
        for step in pairwise(wave):
            rows += _of_step(group, courses, step, order, lost)
    return claims.declare(result(rows, groups, EXTRA), design="before_after", estimand="transition")


def _states(answers: pd.DataFrame, variable: str, into: Mapping[str, str] | None) -> list[str]:
    """The states in their order."""
    if not isinstance(answers[variable].dtype, pd.CategoricalDtype):
        raise UsageError(f"'{variable}' has no categories.", fix="Choose a column such as labour_status.")
    known = [str(code) for code in answers[variable].cat.categories]
    if LOST in known:
        raise UsageError(f"'{LOST}' is a category of '{variable}'.", fix="Rename it.")
    names = list(dict.fromkeys((into or {}).get(code, code) for code in known))
    return sorted(names, key=lambda name: STATES.index(name) if name in STATES else len(STATES))


def _grouped_states(column: pd.Series, into: Mapping[str, str] | None) -> pd.Series:
    own = column.astype("object")
    return own.map(lambda code: (into or {}).get(str(code), str(code)), na_action="ignore")


def _courses(group: Group, keys: list[str], wave: Sequence[str]) -> pd.DataFrame:
    """One row for each person with an answer at the first time, one column for each time."""
    persons = group.persons[group.persons["state"].notna()]
    times = {one: persons[persons["wave"] == one].set_index(keys)["state"] for one in wave}
    first = times[wave[0]]
    return pd.DataFrame({one: own.reindex(first.index) for one, own in times.items()}, dtype="object")


def _at_time(
    group: Group, courses: pd.DataFrame, wave: str, order: list[str], lost: bool
) -> list[dict[str, Any]]:
    """Everybody who is followed, by status at one time."""
    states = courses[wave].fillna(LOST)
    base = states if lost else states[states != LOST]
    place = "|".join(text for text in (group.common["group"], wave) if text)
    row = group.common | {"group": place, "first": "", "measure": "share", "n": len(base)}
    row |= {"missing": int((states == LOST).sum()), "wave_1": wave, "wave_2": ""}
    ends = [*order, *([LOST] if lost and (states == LOST).any() else [])]
    return [row | {"category": e, "second": e} | _share(base, e, group, len(courses)) for e in ends]


def _of_step(
    group: Group, courses: pd.DataFrame, step: tuple[str, str], order: list[str], lost: bool
) -> list[dict[str, Any]]:
    before, after = (courses[one].fillna(LOST) for one in step)
    starts = [*order, *([LOST] if lost and (before == LOST).any() else [])]
    ends = [*order, *([LOST] if lost and (after == LOST).any() else [])]
    rows = []
    for start in starts:
        these = after[before == start]
        unknown = int((these == LOST).sum())
        base = these if lost else these[these != LOST]
        place = "|".join(text for text in (group.common["group"], f"{step[0]}-{step[1]}", start) if text)
        row = group.common | {"group": place, "first": start, "measure": "share", "n": len(base)}
        row |= {"missing": unknown, "wave_1": step[0], "wave_2": step[1]}
        for end in ends:
            own = {"category": end, "second": end}
            rows.append(row | own | _share(base, end, group, len(courses)))
    return rows


def _share(base: pd.Series, end: str, group: Group, followed: int) -> dict[str, Any]:
    if not len(base):
        why = why_empty(group.persons, str(group.common["variable"])) if not followed else "no_answers"
        return {"note": why, "method": "none"}
    count = int((base == end).sum())
    low, high = wilson(count, len(base), level=group.common["level"])
    interval = {"conf_low": float(low[0]), "conf_high": float(high[0]), "method": "wilson"}
    return {"estimate": count / len(base), "count": count} | interval


def job_between(
    answers: pd.DataFrame,
    *,
    wave: tuple[str, str] = ("entry", "end"),
    work: Sequence[str] = ("employed", "subsidised_job"),
) -> pd.DataFrame:
    """The answers with `job`: whether each person found work between two times.

    ``found``: not in work at the first time, in work at the second. ``none``: in work at neither. ``before``:
    in work at the first time already. Missing where a status is not known.

    Raises
    ------
    UsageError
        As `change` does, and if a status that counts as work is not a category.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": "fika", "person_id": ["a", "b", "a", "b"],
    ...     "wave": ["entry", "entry", "end", "end"], "data_status": "synthetic", "labour_status":
    ...     pd.Categorical(["unemployed", "unemployed", "employed", "unemployed"],
    ...     categories=["employed", "subsidised_job", "unemployed"])})
    >>> job_between(answers)["job"].tolist()
    ['found', 'none', 'found', 'none']
    """
    check_columns(answers, ["labour_status", "wave", "person_id"])
    one_role(answers)
    known = [str(code) for code in answers["labour_status"].cat.categories]
    strange = [code for code in work if code not in known]
    if strange:
        raise UsageError(f"{listed(strange)} is no labour status.", fix=f"Known: {listed(known)}.")
    whole, keys = repeated(answers, wave)
    stated = whole[whole["labour_status"].notna()]
    working = [
        stated[stated["wave"] == one].set_index(keys)["labour_status"].isin(list(work)) for one in wave
    ]
    first, second = working[0].align(working[1], join="inner")
    job = pd.Series("none", index=first.index, dtype="str").mask(second, "found").mask(first, "before")
    own = answers.merge(job.rename("job").reset_index(), on=keys, how="left", validate="m:1")
    return own.assign(job=pd.Categorical(own["job"], categories=["found", "none", "before"]))
