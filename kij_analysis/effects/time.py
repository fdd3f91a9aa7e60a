"""How long it takes until the first job, for each person, with what the dates of answers leave open."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kij_analysis.errors import UsageError, did_you_mean, listed, one_of

VARIABLE = "date_of_first_job"
"""The variable of the codebook that all estimates of time are about."""
WORK = ("employed", "subsidised_job")
COMPETING = ("education", "left")
OUTCOMES = ("none", "job", *COMPETING)
"""What ends the wait, in the order that counts where several are told in one answer."""
REASONS = ("in_work", "status_unknown", "no_entry", "no_later_answer")
"""Why a person is not followed."""
PERSON = ("programme", "person_id")
DAYS = 30.4375
"""Days of a month, on average."""
NEEDED = (*PERSON, "wave", "date", "labour_status", "data_status")


def time_to_job(answers: pd.DataFrame, *, competing: Sequence[str] = COMPETING) -> pd.DataFrame:
    """For each person the months from the entry survey to what came first: a job, education, or leaving.

    A job counts from its date where that was asked. Everything else is only known to lie between two answers:
    after the last one in which it was not so, and no later than the one in which it is. The earliest and the
    latest possible time are kept beside the middle of the two.

    Parameters
    ----------
    answers
        Harmonised answers; mentors are left aside. Used are `wave`, `date`, `labour_status`, and where they
        are there `date_of_first_job`, `completed` and `reason_not_completed`.
    competing
        What else ends the wait: ``"education"`` (taken up since entry) and ``"left"`` (left the programme
        before its end, whatever the reason, unless it was a job or education). What is not named is not
        looked at.

    Returns
    -------
    DataFrame
        One row per person: `programme`, `person_id`, `gender` and `round` (as far as they are there),
        `months_earliest`, `months`, `months_latest`; `outcome` (a category: *none*, *job*, *education*,
        *left*), missing for who is not followed, with the reason in `not_followed`: *in_work* (at entry, so
        that there is nothing to wait for), *status_unknown* (at entry), *no_entry* (no entry survey with a
        date), *no_later_answer*; `dated` (whether the day of the job is known), `data_status`.

    Raises
    ------
    UsageError
        If a column is missing, or a competing event is not known.

    Notes
    -----
    A date of the first job before the entry survey, or after the answer that tells it, or after an answer
    that says that the person is in work, is not used; the answers are. Where an answer tells of two events,
    the job counts before education, education before leaving.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": "fika", "person_id": ["a", "a", "b", "b"], "gender": "woman",
    ...     "wave": ["entry", "end"] * 2, "date": pd.to_datetime(["2024-01-01", "2024-10-01"] * 2),
    ...     "labour_status": ["unemployed", "employed", "unemployed", "unemployed"],
    ...     "data_status": "synthetic"})
    >>> found = time_to_job(answers).round(1)
    >>> found[["person_id", "months_earliest", "months_latest", "outcome"]].values.tolist()
    [['a', 0.0, 9.0, 'job'], ['b', 9.0, 9.0, 'none']]
    """
    for name in NEEDED:
        if name not in answers.columns:
            raise UsageError(f"The frame has no column '{name}'.", fix=did_you_mean(name, answers.columns))
    for name in competing:
        one_of(name, COMPETING, name="A competing event")
    rows = answers[answers["role"] == "mentee"] if "role" in answers.columns else answers
    _check_waves(rows)
    persons = _persons(rows)
    later = _later(rows, persons, competing)
    found = _first(later, persons)
    return _finished(persons, found)


def _check_waves(rows: pd.DataFrame) -> None:
    twice = rows.duplicated([*PERSON, "wave"]).sum()
    if twice:
        raise UsageError(
            f"{int(twice)} persons stand twice in a wave.",
            fix="Say in the crosswalk what becomes of repeats.",
        )
    if not (rows["wave"] == "entry").any():
        raise UsageError(
            "The frame has no wave 'entry', from which time is counted.", fix="Add the entry survey."
        )


def _persons(rows: pd.DataFrame) -> pd.DataFrame:
    """One row for each person, with the day and the status at entry."""
    beside = [name for name in ("gender", "round", "data_status") if name in rows.columns]
    persons = rows.drop_duplicates(list(PERSON))[[*PERSON, *beside]]
    entry = rows.loc[rows["wave"] == "entry", [*PERSON, "date", "labour_status"]]
    entry = entry.rename(columns={"date": "start", "labour_status": "status"})
    return persons.merge(entry, on=list(PERSON), how="left")


def _later(rows: pd.DataFrame, persons: pd.DataFrame, competing: Sequence[str]) -> pd.DataFrame:
    """The answers after entry that tell something, by person and day, with what each tells."""
    later = rows[rows["wave"] != "entry"].merge(
        persons[[*PERSON, "start", "status"]], on=list(PERSON), how="inner"
    )
    days = (later["date"] - later["start"]).dt.days
    later = later.assign(day=days)[days > 0].sort_values([*PERSON, "day"], kind="stable")
    left = _equals(later, "completed", "dropped_out")
    reason = later["reason_not_completed"].astype("object") if "reason_not_completed" in later else None
    why = (reason.where(left) if reason is not None else pd.Series(None, index=later.index)).astype("object")
    job = later["labour_status"].isin(WORK) | (why == "job")
    studies = (later["labour_status"] == "education") & (later["status"] != "education").fillna(True)
    education = studies | (why == "education")
    gone = left & ~why.isin(["job", "education"])
    known = later["labour_status"].notna() | left | job
    if "date_of_first_job" in later.columns:
        known |= later["date_of_first_job"].notna() | _equals(
            later, "date_of_first_job_missing", "not_applicable"
        )
    told = pd.Series("none", index=later.index)
    for name, is_so in (("left", gone), ("education", education)):
        if name in competing:
            told = told.mask(is_so.fillna(False).astype(bool), name)
    told = told.mask(job.fillna(False).astype(bool), "job")
    later = later.assign(told=told, first_job=_first_job(later))[known.fillna(False).to_numpy(bool)]
    return later.assign(before=later.groupby(list(PERSON), sort=False)["day"].shift(fill_value=0))


def _equals(frame: pd.DataFrame, name: str, value: str) -> pd.Series:
    if name not in frame.columns:
        return pd.Series(False, index=frame.index)
    return (frame[name] == value).fillna(False).astype(bool)


def _first_job(later: pd.DataFrame) -> pd.Series:
    """The day of the first job where it is told and possible."""
    if "date_of_first_job" not in later.columns:
        return pd.Series(float("nan"), index=later.index)
    day = (later["date_of_first_job"] - later["start"]).dt.days.astype("float64")
    return day.where((day >= 0) & (day <= later["day"]))


def _first(later: pd.DataFrame, persons: pd.DataFrame) -> pd.DataFrame:
    """What came first for each person who was heard of again, with its earliest and its latest day."""
    answered = later[later["told"] != "none"].drop_duplicates([*PERSON, "told"])
    answered = answered.assign(earliest=answered["before"], latest=answered["day"], dated=False)
    seen = later[later["told"] == "job"].drop_duplicates(list(PERSON))[[*PERSON, "day"]]
    dated = later[later["first_job"].notna()].sort_values("first_job").drop_duplicates(list(PERSON))
    dated = dated.merge(seen.rename(columns={"day": "seen"}), on=list(PERSON), how="left")
    dated = dated[dated["seen"].isna() | (dated["first_job"] <= dated["seen"])]
    day = dated["first_job"].clip(lower=1)
    dated = dated.assign(told="job", earliest=day, latest=day, dated=True)
    last = later.groupby(list(PERSON), sort=False, as_index=False)["day"].max()
    last = last.assign(told="none", earliest=last["day"], latest=last["day"], dated=False)
    columns = [*PERSON, "told", "earliest", "latest", "dated"]
    events = pd.concat([dated[columns], answered[columns]], ignore_index=True)
    place = events["told"].map({"job": 0, "education": 1, "left": 2})
    events = events.assign(place=place, sure=~events["dated"]).sort_values(
        ["latest", "place", "sure"], kind="stable"
    )
    # A known day of the job goes before the answer that only tells that there is one.
    known = events.loc[events["dated"], list(PERSON)].assign(known=True)
    events = events.merge(known, on=list(PERSON), how="left")
    events = events[~((events["told"] == "job") & ~events["dated"] & events["known"].notna())]
    return pd.concat([events[columns], last[columns]], ignore_index=True).drop_duplicates(list(PERSON))


def _finished(persons: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    frame = persons.merge(found, on=list(PERSON), how="left")
    why = pd.Series("", index=frame.index)
    why = why.mask(frame["told"].isna(), "no_later_answer")
    why = why.mask(frame["status"].isna(), "status_unknown")
    why = why.mask(frame["start"].isna(), "no_entry")
    why = why.mask(frame["status"].isin(WORK), "in_work")
    followed = why == ""
    outcome = pd.Categorical(frame["told"].where(followed), categories=list(OUTCOMES))
    months = frame[["earliest", "latest"]].where(followed).astype("float64") / DAYS
    beside = [name for name in ("gender", "round") if name in frame.columns]
    return frame[[*PERSON, *beside]].assign(
        months_earliest=months["earliest"],
        months=months.mean(axis=1),
        months_latest=months["latest"],
        outcome=outcome,
        dated=frame["dated"].where(followed, False).fillna(False).astype(bool),
        not_followed=why,
        data_status=frame["data_status"],
    )


def followed(persons: pd.DataFrame) -> pd.DataFrame:
    """The persons who are followed, checked.

    Raises
    ------
    UsageError
        If the frame lacks `months` or `outcome`, if a time is negative, or an outcome stands without a time.

    Examples
    --------
    >>> len(followed(pd.DataFrame({"months": [3.0, None], "outcome": ["job", None]})))
    1
    """
    for name in ("months", "outcome"):
        if name not in persons.columns:
            raise UsageError(
                f"The frame has no column '{name}'.", fix="Use the frame of effects.time_to_job."
            )
    kept = persons[persons["outcome"].notna()]
    strange = sorted(set(kept["outcome"].astype("str")) - set(OUTCOMES))
    if strange:
        raise UsageError(f"outcome holds {listed(strange)}.", fix=f"Known: {listed(OUTCOMES)}.")
    if kept["months"].isna().any() or (kept["months"] < 0).any():
        raise UsageError(
            "An outcome has no time, or a negative one.", fix="Give months since entry, 0 or more."
        )
    return kept


def open_days(persons: pd.DataFrame) -> str:
    """The note that some days are only known to lie between two answers; empty where all are known.

    Examples
    --------
    >>> open_days(pd.DataFrame({"months_earliest": [0.0], "months_latest": [9.0]}))
    'between_answers'
    """
    if "months_earliest" not in persons.columns or "months_latest" not in persons.columns:
        return ""
    return "between_answers" if (persons["months_earliest"] < persons["months_latest"]).any() else ""
