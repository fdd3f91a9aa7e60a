"""Rows of one file that stand for the same person or meeting, settled as the instrument declares."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from kij_analysis.errors import Problem
from kij_analysis.harmonisation.keys import places
from kij_analysis.harmonisation.parts import Part


def once(part: Part, rows: np.ndarray) -> Part:
    """The part with every person or meeting once, as far as its instrument says which row counts.

    With ``repeated: identical`` a row that is the same in every used column counts once; with ``last`` the
    last row of a person by date stays. What is dropped is counted as lost; what still stands twice is a
    problem, told with its rows.
    """
    policy = part.crosswalk.instrument.repeated
    gone = np.zeros(len(part.frame), dtype=bool)
    if policy == "identical":
        gone = _same_again(part)
    elif policy == "last":
        gone = _earlier(part.frame)
    reason = "the same row again" if policy == "identical" else "an earlier answer of the same person"
    return _told(part.without(gone, reason), rows[~gone])


def _same_again(part: Part) -> np.ndarray:
    """Rows that repeat another in every used column; without an id or a date nothing is the same."""
    known = part.frame["pair_id" if part.crosswalk.instrument.unit == "meeting" else "person_id"].notna()
    if part.crosswalk.instrument.unit == "meeting":
        known &= part.frame["date"].notna()
    return (part.frame.duplicated() & known).to_numpy(dtype=bool)


def _earlier(frame: pd.DataFrame) -> np.ndarray:
    """Rows of a person who has a later one; a row without a date is earlier than one with."""
    ordered = frame["person_id"].loc[frame["date"].sort_values(kind="stable", na_position="first").index]
    later = ordered.duplicated(keep="last") & ordered.notna()
    return later.reindex(frame.index).to_numpy(dtype=bool)


def _told(part: Part, rows: np.ndarray) -> Part:
    instrument = part.crosswalk.instrument
    if instrument.unit != "person":
        return part
    persons = part.frame["person_id"]
    repeated = (persons.notna() & persons.duplicated(keep=False)).to_numpy()
    if not repeated.any():
        return part
    count = persons[repeated].nunique()
    many = "1 id stands" if count == 1 else f"{count} ids stand"
    problem = Problem(
        what=f"{many} in more than one row ({places(rows[repeated])}).",
        fix="Keep one row for each person and wave, or say repeated: last in the crosswalk.",
        file=part.source.shown,
        column=instrument.keys["person_id"],
    )
    return replace(part, problems=(*part.problems, problem))
