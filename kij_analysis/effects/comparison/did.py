"""Difference in differences: the change of the treated, less the change of the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.effects.comparison.linear import ERRORS, coefficient
from kij_analysis.effects.comparison.persons import Persons, flags, persons_of
from kij_analysis.effects.comparison.result import declared, interval, told, unit_of
from kij_analysis.errors import UsageError, one_of
from kij_analysis.survey.groups import check_columns, named

METHOD = "difference_in_differences"
CELLS = ("comparison_before", "comparison_after", "treated_before", "treated_after")


def did(
    frame: pd.DataFrame,
    *,
    outcome: str,
    treated: str,
    after: str,
    covariates: Sequence[str] = (),
    cluster: str = "",
    errors: str = "robust",
    by: str | Sequence[str] = (),
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """How much more the treated changed than the others (two groups, two times).

    It answers what became of the treated if both groups would else have changed alike.

    Parameters
    ----------
    frame
        One row for each person and time.
    outcome
        A column of numbers, or of true and false.
    treated, after
        Columns of true and false (or 1 and 0): who was ever treated, and which rows are of the later time.
    covariates
        What else the regression holds.
    cluster
        Whoever stands in both times, such as ``"person_id"``, or what persons share. Without it the rows
        count as different persons.
    errors
        ``"robust"``: by cluster where rows share one, else HC2; ``"classical"``, ``"hc1"``, ``"hc3"``.
    by, population, level
        As in `survey.shares`.

    Returns
    -------
    DataFrame
        One row for each group with measure *risk_difference* (yes and no) or *difference*; to the right
        the four means (`comparison_before` …) and what `compare` has. `n` counts rows. Notes:
        *one_group_empty* where one of the four cells is empty, *too_few*, *no_variation*.

    Raises
    ------
    UsageError
        As `compare` does.

    Notes
    -----
    The interaction of a least-squares regression. Where groups start at different times the regression
    would compare with persons who are already treated: use `staggered`.

    Examples
    --------
    >>> cells = [(g, a, e) for g in (0, 1) for a in (0, 1) for e in (-1, 0, 1)]
    >>> rows = [(g, a, 10 + 2 * g + 3 * a + 4 * g * a + e) for g, a, e in cells]
    >>> frame = pd.DataFrame(rows, columns=["mentored", "later", "score"]).assign(data_status="synthetic")
    >>> found = did(frame, outcome="score", treated="mentored", after="later", population="all")
    >>> found[["estimate", "std_error", "maryland"]].round(2).values.tolist()
    [[4.0, 1.15, 3.0]]
    """
    one_of(errors, ERRORS, name="The errors")
    groups = named(by)
    check_columns(frame, [after])
    whole = frame.reset_index(drop=True)
    later = flags(whole, after)
    rows = []
    for persons in persons_of(
        whole,
        outcome=outcome,
        treated=treated,
        covariates=list(covariates),
        cluster=cluster,
        also=[after],
        by=groups,
        population=population,
        level=level,
    ):
        rows.append((_row(persons, later[persons.index].to_numpy() == 1, errors), METHOD))
    return declared(rows, groups, "att", CELLS)


def _row(persons: Persons, after: Any, errors: str) -> dict[str, Any]:
    t, y = persons.treated, persons.outcome
    cells = [~t & ~after, ~t & after, t & ~after, t & after]
    row = persons.common | {
        "category": "yes" if persons.yes_no else "",
        "measure": "risk_difference" if persons.yes_no else "difference",
        "unit": unit_of(persons),
        "method": "none",
        "n": len(persons),
        "n_treated": int(t.sum()),
        "n_comparison": int((~t).sum()),
        **told(persons),
    }
    row |= {
        name: float(y[cell].mean()) if cell.any() else np.nan for name, cell in zip(CELLS, cells, strict=True)
    }
    if not len(persons):
        return row | {"note": "no_answers"}
    if not all(cell.any() for cell in cells):
        return row | {"note": "one_group_empty"}
    x = np.column_stack([np.ones(len(t)), t * after, t, after, persons.design[:, 1:]]).astype(float)
    if np.linalg.matrix_rank(x) < x.shape[1] or len(x) <= x.shape[1]:
        return row | {"note": "too_few"}
    estimate, error, df = coefficient(x, y, 1, cluster=persons.cluster, treated=t, errors=errors)
    row |= {"estimate": estimate, "method": METHOD}
    return row | interval(estimate, error, df, level=persons.common["level"])


def staggered(
    frame: pd.DataFrame,
    *,
    outcome: str,
    first_treated: str,
    time: str,
    person: str,
    comparison: str = "never",
    summary: str = "dynamic",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """Difference in differences where groups start at different times (Callaway and Sant'Anna 2021).

    Needs the optional package diff-diff: ``pip install "kij-analysis[did]"``.

    Parameters
    ----------
    frame
        One row for each person (or municipality) and time.
    outcome
        A column of numbers.
    first_treated
        When the row's person was first treated; 0 or empty if never.
    time, person
        The time of the row, and whose it is.
    comparison
        ``"never"``: those who are never treated. ``"not_yet"``: also those not treated yet.
    summary
        ``"group_time"``: every start at every time. ``"simple"``, ``"dynamic"`` (by time since the start) or
        ``"group"`` (by start): their means, and the overall one first.
    population, level
        As in `survey.shares`.

    Returns
    -------
    DataFrame
        Rows with measure *difference*; `group` is *overall*, the time since the start, the start, or both as
        "start|time". Standard errors by person, intervals normal.

    Raises
    ------
    UsageError
        If the package is missing, or a column is.

    Examples
    --------
    >>> times = [(i, g, s) for i, g in enumerate([0, 2, 3] * 8) for s in (1, 2, 3)]
    >>> rows = [(i, s, 2 * s + (s >= g > 0) + (i % 4) / 10) for i, g, s in times]
    >>> frame = pd.DataFrame(rows, columns=["id", "year", "score"]).assign(data_status="synthetic")
    >>> frame["start"] = frame["id"].map(dict(enumerate([0, 2, 3] * 8)))
    >>> found = staggered(frame, outcome="score", first_treated="start", time="year", person="id",
    ...     summary="simple", population="all")
    >>> found["estimate"].round(6).tolist()
    [1.0]
    """
    from kij_analysis.effects.comparison.staggered import summaries

    one_of(comparison, ("never", "not_yet"), name="The comparison")
    one_of(summary, ("group_time", "simple", "dynamic", "group"), name="The summary")
    check_columns(frame, [outcome, first_treated, time, person])
    if not pd.api.types.is_numeric_dtype(frame[outcome].dtype):
        raise UsageError(f"'{outcome}' holds no numbers.", fix="Make 0 and 1 of yes and no.")
    return summaries(
        frame.reset_index(drop=True),
        columns=(outcome, first_treated, time, person),
        comparison=comparison,
        summary=summary,
        population=population,
        level=level,
    )
