"""Whether groups find a first job at the same pace: the log-rank test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import claims
from kij_analysis.effects.steps import times
from kij_analysis.effects.time import VARIABLE, followed, open_days
from kij_analysis.effects.waiting import check_waiting, hits_of
from kij_analysis.survey.design import Floats
from kij_analysis.survey.groups import BESIDE, grouped, named, result

EXTRA = ("expected", "statistic", "df", *BESIDE)


def log_rank(
    persons: pd.DataFrame,
    *,
    by: str = "programme",
    event: str = "job",
    within: str | Sequence[str] = (),
    dates: str = "middle",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """Whether groups find a first job at the same pace: observed events over those expected if they did.

    Other ends of the wait count as no longer heard of, so that the test is about the pace among those who
    still wait. It says nothing about why groups differ.

    Parameters
    ----------
    persons
        The frame of `time_to_job`, or any with `months` and `outcome`.
    by
        The column of the groups that are compared.
    event
        The outcome that is waited for.
    within
        Columns; the test is made in each of their groups.
    dates, population, level
        As in `incidence`.

    Returns
    -------
    DataFrame
        Estimates with measure *ratio* (observed over expected; above 1 is faster than all together), one row
        per group; `count` is the number of events; to the right `expected`, and `statistic`, `df` and
        `p_value` of the test, the same in all rows of one test. With one group or no event there is no test.

    Raises
    ------
    UsageError
        As `incidence` does.

    Notes
    -----
    Mantel 1966; Peto and Peto 1972; by greenwood.

    Examples
    --------
    >>> persons = pd.DataFrame({"programme": ["fika"] * 3 + ["sajo"] * 3, "gender": "woman",
    ...     "data_status": "synthetic", "months": [2, 4, 6, 5, 8, 9], "outcome": ["job"] * 5 + ["none"]})
    >>> log_rank(persons)[["programme", "count", "expected", "p_value"]].round(3).values.tolist()
    [['fika', 3.0, 1.483, 0.11], ['sajo', 2.0, 3.517, 0.11]]
    """
    check_waiting(persons, event, dates, [by, *named(within)])
    rows: list[dict[str, Any]] = []
    whole = persons.reset_index(drop=True)
    for outer in grouped(whole, "outcome", named(within), population="all", level=level):
        groups = grouped(
            outer.persons,
            "outcome",
            list(dict.fromkeys([*named(within), by])),
            population=population,
            level=level,
        )
        kept = [followed(group.persons) for group in groups]
        test = _tested([times(own, dates) for own in kept], [hits_of(own, event) for own in kept])
        for place, (group, own) in enumerate(zip(groups, kept, strict=True)):
            row = group.common | {
                "variable": VARIABLE,
                "category": event,
                "measure": "ratio",
                "n": len(own),
            }
            row |= {"count": int(hits_of(own, event).sum()), "missing": len(group.persons) - len(own)}
            row["note"] = open_days(pd.concat(kept))
            rows.append(row | test[place])
    found = result(rows, list(dict.fromkeys([*named(within), by])), EXTRA)
    return claims.declare(
        found, design="association", estimand="hazard_ratio", also=["end_of_watch_uninformative"]
    )


def _tested(data: Sequence[Floats], hits: Sequence[np.ndarray]) -> list[dict[str, Any]]:
    """What the log-rank test says of every group."""
    import greenwood

    filled = [place for place, time in enumerate(data) if len(time)]
    rows: list[dict[str, Any]] = [{"note": "no_answers", "method": "none"} for _ in data]
    events = int(sum(own.sum() for own in hits))
    if len(filled) < 2 or not events:
        note = "few_events" if not events else "one_group_empty"
        return [
            {"note": note if place in filled else "no_answers", "method": "none"}
            for place in range(len(data))
        ]
    labels = np.concatenate([np.full(len(data[place]), place) for place in filled])
    response = greenwood.Surv(
        np.concatenate([data[p] for p in filled]), event=np.concatenate(hits).astype(int)
    )
    found = greenwood.logrank_test(response, group=labels)
    # A group that is lost from sight before the first event is not compared with anybody.
    for place in filled:
        expected = float(found.expected[place])
        row = {"expected": expected, "statistic": found.statistic, "df": found.df, "p_value": found.p_value}
        seen = {"estimate": float(hits[place].sum()) / expected} if expected > 0 else {"note": "not_followed"}
        rows[place] = row | seen | {"method": "log_rank"}
    return rows
