"""What models of pace have in common: who is in them, why there is none, and their rows of results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.effects.steps import DATES
from kij_analysis.effects.terms import Term
from kij_analysis.effects.time import OUTCOMES, followed, open_days
from kij_analysis.errors import UsageError, one_of
from kij_analysis.survey.design import Floats
from kij_analysis.survey.groups import Group, check_columns

ENDLESS = 10.0
"""A log ratio whose error for one standard deviation of the variable is larger than this has no end."""


def check(
    persons: pd.DataFrame, variables: Sequence[str], event: str, dates: str, groups: list[str], cluster: str
) -> None:
    """Refuse a call that names what is not there."""
    one_of(event, OUTCOMES[1:], name="The event")
    one_of(dates, DATES, name="The day that is taken")
    if not variables or isinstance(variables, str):
        raise UsageError("No variables are given.", fix="Give a list of columns.")
    check_columns(persons, ["months", "outcome", *variables, *([cluster] if cluster else [])], groups)


def complete(group: Group, columns: Sequence[str]) -> pd.DataFrame:
    """The persons who are followed and have a value in every column."""
    return followed(group.persons).dropna(subset=list(columns))


def counted(group: Group, kept: pd.DataFrame, happened: np.ndarray) -> dict[str, Any]:
    """How many are in a model, had the event, and could not be used."""
    counts = {"count": int(happened.sum()), "n": len(kept), "missing": len(group.persons) - len(kept)}
    return group.common | counts | {"note": open_days(kept)}


def why_not(kept: pd.DataFrame, happened: np.ndarray, matrix: Floats) -> str:
    """Why there can be no model, empty if there can."""
    if kept.empty:
        return "no_answers"
    if int(happened.sum()) <= matrix.shape[1]:
        return "few_events"
    constant = np.column_stack([np.ones(len(matrix)), matrix])
    return "no_variation" if np.linalg.matrix_rank(constant) <= matrix.shape[1] else ""


def traits(term: Term, column: Floats, happened: np.ndarray) -> dict[str, Any]:
    """Events and persons with and without a trait."""
    if term.number:
        return {}
    has = column > 0
    return {
        "count_1": int(happened[has].sum()), "n_1": int(has.sum()),
        "count_2": int(happened[~has].sum()), "n_2": int((~has).sum()),
    }  # fmt: skip


def ratio_of(fitted: dict[str, Any], place: int, matrix: Floats, level: float, method: str) -> dict[str, Any]:
    """A ratio with its interval and tests; none where it has no end."""
    from scipy.stats import norm

    value, error = float(fitted["coefficient"][place]), float(fitted["error"][place])
    row: dict[str, Any] = {}
    if "tests" in fitted:
        (own, p), (whole, p_whole) = fitted["tests"][place], fitted["global"]
        row = {"proportional": own, "p_proportional": p, "global_proportional": whole, "p_global": p_whole}
    if "baseline" in fitted:
        row |= dict(zip(("baseline", "baseline_error"), fitted["baseline"], strict=True))
    if not np.isfinite(error) or not error > 0 or error * matrix[:, place].std() > ENDLESS:
        return {"note": "few_events", "method": "none"}
    reach = norm.ppf(0.5 + level / 2) * error
    low, high = np.exp([value - reach, value + reach])
    ratio = float(np.exp(value))
    row |= {
        "estimate": ratio,
        "std_error": ratio * error,
        "conf_low": low,
        "conf_high": high,
        "method": method,
    }
    row |= {"coefficient": value, "coefficient_error": error, "statistic": value / error}
    return row | {"p_value": float(2 * norm.sf(abs(value / error)))}
