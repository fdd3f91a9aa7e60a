"""Who is in the base of a definition, and who counts as a hit."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

IN_WORK = ("employed", "subsidised_job")
OUTCOMES: Mapping[str, tuple[str, ...]] = {
    "employed": IN_WORK,
    "in_education": ("education",),
    "in_traineeship": ("internship",),
    "employed_or_education": (*IN_WORK, "education"),
    "employed_or_traineeship": (*IN_WORK, "internship"),
    "job_placement_or_education": (*IN_WORK, "internship", "education"),
}
"""Which labour statuses count as each printed outcome; *matching_job* and *helped_to_find_work* have
questions of their own."""


def persons_of(mentees: pd.DataFrame) -> pd.DataFrame:
    """One row per person with what she said in each wave; a wave she did not answer is missing."""
    columns = ["labour_status", "job_matches_qualifications", "completed"]
    wide = {}
    for wave in ("entry", "end", "follow_up"):
        rows = mentees[mentees["wave"] == wave].drop_duplicates("person_id").set_index("person_id")
        wide[f"{wave}_answered"] = pd.Series(True, index=rows.index)
        for name in columns:
            if name in rows.columns:
                wide[f"{wave}_{name}"] = rows[name].astype("object")
                companion = f"{name}_missing"
                if companion in rows.columns:
                    wide[f"{wave}_{companion}"] = rows[companion].astype("object")
    return pd.DataFrame(wide)


Counted = tuple[pd.Series, pd.Series, str]
"""(who is in the base, who is a hit: true, false or missing, why nothing can be counted)"""


def of_mentors(rows: pd.DataFrame) -> Counted:
    """The mentors who say that they have helped the mentee on her way to work."""
    if "mentor_view_job_high" not in rows.columns or not len(rows):
        return rows.index.to_series(), rows.index.to_series(), "not_asked"
    hit = rows["mentor_view_job_high"].astype("object")
    note = "" if hit.notna().any() else _why(rows, "mentor_view_job_high_missing")
    return pd.Series(True, index=rows.index), hit, note


def of_mentees(persons: pd.DataFrame, indicator: str, denominator: str, timing: str) -> Counted:
    """The mentees who have an outcome, among those of a base; all who began count, answered or not."""
    hit, note = _hits(persons, indicator, timing)
    base, lack = _base(persons, denominator, timing)
    if denominator == "all_starters" and not note:
        hit = hit.where(hit.notna(), False)
    return base, hit, note or lack


def _waves(timing: str) -> tuple[str, ...]:
    return {"at_end": ("end",), "after_k_months": ("follow_up",), "ever": ("end", "follow_up")}[timing]


def _hits(persons: pd.DataFrame, indicator: str, timing: str) -> tuple[pd.Series, str]:
    """Whether each person has the outcome; over several waves once is enough."""
    found = []
    for wave in _waves(timing):
        status = _column(persons, f"{wave}_labour_status")
        hit = _among(status, OUTCOMES.get(indicator, IN_WORK))
        if indicator == "matching_job":
            fits = _column(persons, f"{wave}_job_matches_qualifications")
            if fits.isna().all():
                return fits, _why(persons, f"{wave}_job_matches_qualifications_missing")
            # Who is not in work has no matching job; who is and did not answer the question is not known.
            hit = hit.where(~hit.eq(True), fits)
        found.append(hit)
    if all(hit.isna().all() for hit in found):
        return found[0], _why(persons, f"{_waves(timing)[0]}_labour_status_missing")
    once = found[0]
    for more in found[1:]:
        once = once.where(~(more.eq(True) | once.isna()), more)
    return once, ""


def _base(persons: pd.DataFrame, denominator: str, timing: str) -> tuple[pd.Series, str]:
    """Who is in the base; and why it cannot be told, if so."""
    entry = _column(persons, "entry_labour_status")
    everybody = pd.Series(True, index=persons.index)
    if denominator == "all_starters":
        return _column(persons, "entry_answered").eq(True), ""
    if denominator in ("completers", "leavers"):
        completed = _column(persons, "end_completed")
        if completed.isna().all():
            return everybody, _why(persons, "end_completed_missing")
        ways = ("completed",) if denominator == "completers" else ("completed", "dropped_out")
        return completed.isin(ways), ""
    if denominator == "job_seekers":
        return entry.eq("unemployed"), ""
    if denominator == "not_employed_before":
        return entry.notna() & ~entry.isin(IN_WORK), ""
    if denominator == "employed":
        now = [_column(persons, f"{wave}_labour_status").isin(IN_WORK) for wave in _waves(timing)]
        return np.logical_or.reduce(now) & everybody, ""
    return everybody, ""


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    return frame[name] if name in frame.columns else pd.Series(np.nan, index=frame.index, dtype="object")


def _among(status: pd.Series, wanted: tuple[str, ...]) -> pd.Series:
    return status.isin(wanted).astype("object").where(status.notna())


def _why(frame: pd.DataFrame, companion: str) -> str:
    """The one reason why nobody has an answer, if it is one that holds for the whole questionnaire."""
    whole = {"not_asked", "not_comparable", "not_applicable", "undetermined"}
    reasons = set(_column(frame, companion).dropna()) & whole
    return str(reasons.pop()) if len(reasons) == 1 else "no_answers"
