"""What comparisons of times share: whom they look at, and who has come to the end of the wait."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kij_analysis.effects.steps import DATES
from kij_analysis.effects.time import OUTCOMES
from kij_analysis.errors import UsageError, one_of
from kij_analysis.survey.groups import check_columns


def check_waiting(
    persons: pd.DataFrame, event: str, dates: str, groups: list[str], until: float = 1.0
) -> None:
    """Refuse a call that names what is not there."""
    one_of(event, OUTCOMES[1:], name="The event")
    one_of(dates, DATES, name="The day that is taken")
    if not until > 0:
        raise UsageError(f"{until:g} months are no time.", fix="Give a number of months above 0.")
    check_columns(persons, ["months", "outcome"], groups)


def hits_of(persons: pd.DataFrame, event: str) -> np.ndarray:
    """Who has come to this end of the wait."""
    return np.asarray((persons["outcome"] == event).to_numpy(bool))
