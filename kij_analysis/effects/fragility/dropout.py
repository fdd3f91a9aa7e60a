"""What a comparison could be if those who gave no answer at the end had answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import nan
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import claims
from kij_analysis.effects.comparison.persons import Flags, Floats, flags, outcome_of
from kij_analysis.survey import lee
from kij_analysis.survey.groups import check_columns, grouped, named, result

MORE = ("what", "low", "high", "answered_treated", "answered_comparison", "unit")


def dropout_bounds(
    frame: pd.DataFrame,
    *,
    outcome: str,
    treated: str,
    limits: tuple[float, float] | None = None,
    by: str | Sequence[str] = (),
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """The bounds of a difference between two groups, some of whom gave no answer.

    Parameters
    ----------
    frame
        One row for each person of both groups, those without an outcome too.
    outcome
        A yes/no or a number.
    treated
        True for those who took part; persons without a value are left out.
    limits
        The lowest and highest number that anybody could have given; needed unless the outcome is yes/no or a
        score (*_score*, 0 to 100).
    by, population, level
        As in `compare`.

    Returns
    -------
    DataFrame
        Two rows for each group, with no estimate, the note *bounds_only* and the bounds in `low` and `high`.
        `what` is *worst_case* (whatever the others would have answered) or *lee* (among those who would
        have answered in either group, if taking part makes nobody answer less). `answered_treated` and
        `answered_comparison` are the shares who answered; `n` are all persons. Nobody or no answers in a
        group: *one_group_empty*; no limits known: *unknown_base*.

    Raises
    ------
    UsageError
        If a column is not in the frame.

    Notes
    -----
    Manski 1989 (J. Hum. Resour. 24: 343-360); Lee 2009 (Rev. Econ. Stud. 76: 1071-1102), fractional trimming.
    The bounds hold for these persons; what chance adds is not in them.

    Examples
    --------
    >>> frame = pd.DataFrame({"mentored": [True] * 4 + [False] * 4, "gender": "woman",
    ...     "employed": pd.array([True, True, False, None, True, False, None, None], dtype="boolean"),
    ...     "data_status": "synthetic"})
    >>> found = dropout_bounds(frame, outcome="employed", treated="mentored")
    >>> found[["what", "low", "high"]].values.tolist()
    [['worst_case', -0.25, 0.5], ['lee', 0.0, 0.5]]
    """
    groups = named(by)
    check_columns(frame, [outcome, treated], groups)
    whole = frame.reset_index(drop=True)
    arms, (values, yes_no) = flags(whole, treated), outcome_of(whole, outcome)
    ends = (0.0, 1.0) if yes_no else limits or ((0.0, 100.0) if outcome.endswith("_score") else None)
    rows: list[dict[str, Any]] = []
    for group in grouped(whole, outcome, groups, population=population, level=level):
        kept = group.persons.index[arms[group.persons.index].notna()]
        found = values[kept].to_numpy(float), (arms[kept] == 1).to_numpy(bool)
        rows += list(_rows(group.common, *found, ends, yes_no))
    bounds = result(rows, groups, MORE)
    return claims.declare(
        bounds, design="comparison_raw", estimand="mean_difference", also=["drop_out_alike"]
    )


def _rows(
    shared: dict[str, Any], values: Floats, arm: Flags, ends: tuple[float, float] | None, yes_no: bool
) -> Iterator[dict[str, Any]]:
    given = ~np.isnan(values)
    common = shared | {
        "measure": "risk_difference" if yes_no else "difference",
        "unit": "share" if yes_no else "points",
        "n": len(arm),
        "answered_treated": float(given[arm].mean()) if arm.any() else nan,
        "answered_comparison": float(given[~arm].mean()) if (~arm).any() else nan,
        "note": "bounds_only",
    }
    if not given[arm].any() or not given[~arm].any():
        empty = {"note": "one_group_empty", "method": "none"}
        yield from (common | empty | {"what": what} for what in ("worst_case", "lee"))
        return
    if ends is None:
        yield common | {"what": "worst_case", "note": "unknown_base", "method": "none"}
    else:
        low, high = _worst(values, arm, given, ends)
        yield common | {"what": "worst_case", "method": "worst_case", "low": low, "high": high}
    bounds = lee(values, arm)
    yield common | {"what": "lee", "method": "lee", "low": bounds.low, "high": bounds.high}


def _worst(values: Floats, arm: Flags, given: Flags, ends: tuple[float, float]) -> tuple[float, float]:
    """The difference if all others of one group had given the one end, and those of the other the other."""

    def mean(part: Flags, end: float) -> float:
        return float(np.where(given[part], np.nan_to_num(values[part]), end).mean())

    return mean(arm, ends[0]) - mean(~arm, ends[1]), mean(arm, ends[1]) - mean(~arm, ends[0])
