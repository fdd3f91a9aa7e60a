"""The pace of finding a first job, by periods of several months (discrete-time models)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import claims
from kij_analysis.effects.ratios import check, complete, counted, ratio_of, traits, why_not
from kij_analysis.effects.steps import times
from kij_analysis.effects.terms import Term, design_matrix
from kij_analysis.errors import UsageError, one_of
from kij_analysis.survey.design import Floats
from kij_analysis.survey.groups import BESIDE, grouped, named, result

LINKS = ("logit", "cloglog")
EXTRA = ("coefficient", "coefficient_error", "count_1", "n_1", "count_2", "n_2", "statistic",
                "periods", "baseline", "baseline_error", *BESIDE)  # fmt: skip


def discrete_time(
    persons: pd.DataFrame,
    variables: Sequence[str],
    *,
    width: float = 3.0,
    periods: int = 5,
    link: str = "cloglog",
    event: str = "job",
    by: str | Sequence[str] = (),
    dates: str = "middle",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """How much faster those with a trait find a first job, where time is only known in periods.

    Every person is counted once in each period in which she still waits. It fits data that tell the period
    between two answers rather than the day.

    Parameters
    ----------
    width
        The months of a period.
    periods
        How many periods have a pace of their own; the last one takes all later ones too.
    link
        ``"cloglog"`` (hazard ratios, as Cox with grouped times) or ``"logit"`` (odds ratios by period).
    persons, variables, event, by, dates, population, level
        As in `cox`.

    Returns
    -------
    DataFrame
        Estimates with measure *hazard_ratio* or *odds_ratio*, one row per variable and category and one for
        each period after the first (variable *period*); to the right as in `cox`, without the test, and
        `periods` (how many person-periods there are), `baseline` and `baseline_error` (the constant of the
        model).

    Raises
    ------
    UsageError
        As `cox` does; or if the width or the number of periods is not above 0.

    Notes
    -----
    Prentice and Gloeckler 1978; Allison 1982; by statsmodels.

    Examples
    --------
    >>> persons = pd.DataFrame({"programme": "fika", "gender": "woman", "data_status": "synthetic",
    ...     "months": [2, 4, 6, 5, 8, 9], "outcome": ["job"] * 5 + ["none"], "high": [True, True, False] * 2})
    >>> discrete_time(persons, ["high"], periods=2)[["variable", "estimate"]].round(2).values.tolist()
    [['high', 4.09], ['period', 5.77]]
    """
    one_of(link, LINKS, name="The link")
    if not width > 0 or periods < 1:
        raise UsageError("A period has no width, or there is none.", fix="Give a width and a number above 0.")
    check(persons, variables, event, dates, named(by), "")
    rows: list[dict[str, Any]] = []
    for group in grouped(
        persons.reset_index(drop=True), "outcome", named(by), population=population, level=level
    ):
        kept = complete(group, variables)
        terms, matrix = design_matrix(kept, variables)
        happened = (kept["outcome"] == event).to_numpy(bool)
        owner, period = _person_periods(times(kept, dates), width, periods)
        last = np.flatnonzero(np.r_[owner[1:] != owner[:-1], len(owner) > 0])
        hit = np.zeros(len(owner))
        hit[last] = happened
        steps = np.column_stack(
            [period == step for step in range(2, periods + 1)] or [np.empty((len(owner), 0))]
        )
        every = [*terms, *(Term(name="period", category=str(step)) for step in range(2, periods + 1))]
        whole = np.column_stack([matrix[owner], steps.astype(float)])
        measure = "hazard_ratio" if link == "cloglog" else "odds_ratio"
        common = counted(group, kept, happened) | {"measure": measure, "periods": len(owner)}
        note = why_not(kept, happened, matrix)
        fitted = {} if note else _by_periods(whole, hit, link)
        for place, term in enumerate(every):
            row = common | term.place
            row |= traits(term, matrix[:, place], happened) if place < len(terms) else {}
            own = (
                ratio_of(fitted, place, whole, level, "discrete_time")
                if fitted
                else {"note": note, "method": "none"}
            )
            rows.append(row | own)
    found = result(rows, named(by), EXTRA)
    return claims.declare(
        found,
        design="association",
        estimand="hazard_ratio",
        also=["end_of_watch_uninformative", "proportional"],
    )


def _by_periods(matrix: Floats, hit: Floats, link: str) -> dict[str, Any]:
    import warnings

    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.families.links import CLogLog, Logit
    from statsmodels.genmod.generalized_linear_model import GLM

    family = Binomial(CLogLog() if link == "cloglog" else Logit())
    with warnings.catch_warnings():
        # Separation is told as a note of the row that it concerns.
        warnings.simplefilter("ignore")
        model = GLM(hit, np.column_stack([matrix, np.ones(len(matrix))]), family=family)
        fitted = model.fit(maxiter=200, tol=1e-14)
    return {"coefficient": fitted.params[:-1], "error": fitted.bse[:-1],
            "baseline": (float(fitted.params[-1]), float(fitted.bse[-1]))}  # fmt: skip


def _person_periods(time: Floats, width: float, periods: int) -> tuple[np.ndarray, np.ndarray]:
    """The number of the person and of the period, for each period that a person waits in."""
    last = np.maximum(np.ceil(time / width - 1e-9), 1).astype(int)
    owner = np.repeat(np.arange(len(time)), last)
    first = np.repeat(np.cumsum(last) - last, last)
    return owner, np.minimum(np.arange(len(owner)) - first + 1, periods)
