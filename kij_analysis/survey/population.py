"""Who an analysis is about: women who take part by default; who is left out is counted."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kij_analysis.errors import UsageError, one_of

POPULATIONS = ("women", "all")
OUTSIDE = "comparison"
"""The role of who takes part in nothing, such as a waiting list; no analysis of participants holds it."""


@dataclass(frozen=True)
class Population:
    """The rows that an analysis keeps, and how many it leaves out."""

    frame: pd.DataFrame
    left_out: int


def women(frame: pd.DataFrame, population: str = "women") -> Population:
    """The women among the persons of a frame, or everybody; never a comparison group.

    A person with the role *comparison* (a waiting list) is left out and counted, whichever population is
    asked for: `effects.beside` makes a frame of both groups.

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
    inside = frame
    if "role" in frame.columns:
        outside = (frame["role"] == OUTSIDE).fillna(False).to_numpy(dtype=bool)
        inside = frame[~outside] if outside.any() else frame
    if population == "all":
        return Population(inside, len(frame) - len(inside))
    if "gender" not in frame.columns:
        raise UsageError(
            "The frame has no column 'gender', so the women cannot be told apart.",
            fix="Use data.answers or data.with_people(), or ask for population='all'.",
        )
    kept = inside[(inside["gender"] == "woman").fillna(False).to_numpy(dtype=bool)]
    return Population(kept, len(frame) - len(kept))
