"""Groups that start at different times, through the optional package diff-diff."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.effects.comparison.result import declared
from kij_analysis.errors import UsageError
from kij_analysis.survey.groups import grouped

METHOD = "group_time"
CONTROL = {"never": "never_treated", "not_yet": "not_yet_treated"}


def estimator() -> Any:
    """The estimator of Callaway and Sant'Anna.

    Raises
    ------
    UsageError
        If the optional package is not installed.
    """
    try:
        from diff_diff import CallawaySantAnna
    except ImportError:
        raise UsageError(
            "Starts at different times need the package diff-diff, which is not installed.",
            fix='Install the extra: pip install "kij-analysis[did]".',
        ) from None
    return CallawaySantAnna


def summaries(
    frame: pd.DataFrame,
    *,
    columns: tuple[str, str, str, str],
    comparison: str,
    summary: str,
    population: str,
    level: float,
) -> pd.DataFrame:
    """The estimates of `staggered`, from a frame whose columns are known to be there."""
    outcome, first, time, person = columns
    fitting = estimator()(control_group=CONTROL[comparison])
    (group,) = grouped(frame, outcome, [], population=population, level=level)
    own = group.persons[group.persons[[outcome, time, person]].notna().all(axis=1)]
    table = pd.DataFrame(
        {
            "y": own[outcome].to_numpy("float64"),
            "start": own[first].fillna(0).to_numpy("float64"),
            "time": own[time].to_numpy("float64"),
            "unit": pd.factorize(own[person])[0],
        }
    )
    common = group.common | {"measure": "difference", "missing": len(group.persons) - len(own), "unit": ""}
    starts = table.drop_duplicates("unit")["start"]
    sizes = {"n_treated": int((starts > 0).sum()), "n_comparison": int((starts == 0).sum())}
    row = common | sizes | {"n": len(table)}
    note = "no_answers" if table.empty else ""
    if not note and (not sizes["n_treated"] or (comparison == "never" and not sizes["n_comparison"])):
        note = "one_group_empty"
    if note:
        empty = row | {"group": "overall", "note": note, "method": "none"}
        return declared([(empty, "difference_in_differences")], [], "att")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = fitting.fit(table, outcome="y", unit="unit", time="time", first_treat="start")
        found = list(_summary(fitted, summary))
    rows = [row | {"group": name, **_interval(one, error, level)} for name, one, error in found]
    return declared([(one, "difference_in_differences") for one in rows], [], "att")


def _summary(fitted: Any, summary: str) -> Iterator[tuple[str, float, float]]:
    """Name, estimate and error of every row."""
    if summary == "group_time":
        for (start, time), cell in fitted.group_time_effects.items():
            yield f"{start:g}|{time:g}", cell["effect"], cell["se"]
        return
    if summary == "dynamic":
        found = fitted.aggregate("event_study")
        after = np.asarray(found.event_time) >= 0
        weights = after / after.sum()
        yield (
            "overall",
            float(np.asarray(found.att) @ weights),
            float(np.sqrt(weights @ found.vcov @ weights)),
        )
        yield from _each(found.event_time, found)
        return
    overall = fitted.aggregate("simple")
    yield "overall", float(overall.att[0]), float(overall.se[0])
    if summary == "group":
        found = fitted.aggregate("group")
        yield from _each(found.label, found)


def _each(names: Any, found: Any) -> Iterator[tuple[str, float, float]]:
    for name, one, error in zip(names, found.att, found.se, strict=True):
        yield f"{name:g}", float(one), float(error)


def _interval(estimate: float, error: float, level: float) -> dict[str, Any]:
    from scipy.stats import norm

    row: dict[str, Any] = {"estimate": estimate, "method": METHOD}
    if not np.isfinite(estimate):
        return {"note": "too_few", "method": "none"}
    if not np.isfinite(error) or error <= 1e-12:
        return row | {"note": "no_variation"}
    reach = float(norm.ppf(0.5 + level / 2)) * error
    p = float(2 * norm.sf(abs(estimate) / error))
    return row | {
        "std_error": error,
        "conf_low": estimate - reach,
        "conf_high": estimate + reach,
        "p_value": p,
    }
