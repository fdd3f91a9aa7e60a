"""Who an analysis is about: women by default; who is left out is counted."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kij_analysis.errors import UsageError, one_of

POPULATIONS = ("women", "all")


@dataclass(frozen=True)
class Population:
    """The rows that an analysis keeps, and how many it leaves out."""

    frame: pd.DataFrame
    left_out: int


def women(frame: pd.DataFrame, population: str = "women") -> Population:
    """The women among the persons of a frame, or everybody.

    Raises
    ------
    UsageError
        If the population is not known, or if the frame does not say who is a woman.

    Examples
    --------
    >>> kept = women(pd.DataFrame({"gender": ["woman", "man", "woman"]}))
    >>> len(kept.frame), kept.left_out
    (2, 1)
    """
    one_of(population, POPULATIONS, name="The population")
    if population == "all":
        return Population(frame, 0)
    if "gender" not in frame.columns:
        raise UsageError(
            "The frame has no column 'gender', so the women cannot be told apart.",
            fix="Use data.answers or data.with_people(), or ask for population='all'.",
        )
    kept = frame[(frame["gender"] == "woman").fillna(False).to_numpy(dtype=bool)]
    return Population(kept, len(frame) - len(kept))
