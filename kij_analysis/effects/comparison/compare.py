"""Treated persons held against comparison persons by several estimators, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.effects.comparison.balance import balance_table, rows_of
from kij_analysis.effects.comparison.doubly_robust import doubly_robust
from kij_analysis.effects.comparison.entropy import entropy_balancing
from kij_analysis.effects.comparison.found import Found, refused
from kij_analysis.effects.comparison.matching import Matching, exact_matching, nearest_neighbour
from kij_analysis.effects.comparison.overlap import Overlap, checked
from kij_analysis.effects.comparison.persons import (
    Codes,
    Persons,
    check_estimand,
    named_covariates,
    persons_of,
)
from kij_analysis.effects.comparison.regression import adjusted, naive
from kij_analysis.effects.comparison.result import DESIGN_OF, declared, row_of
from kij_analysis.effects.comparison.weighting import inverse_probability
from kij_analysis.errors import UsageError, one_of
from kij_analysis.survey.groups import check_columns, named

ESTIMATORS = (
    "difference_in_means", "regression_adjusted", "nearest_neighbour", "inverse_probability",
    "entropy_balancing", "doubly_robust",
)  # fmt: skip
"""What is computed unless less is asked for; ``"exact_matching"`` needs columns to match on."""
WEIGHTING = ("nearest_neighbour", "exact_matching", "inverse_probability", "entropy_balancing")
CHOOSY = ("difference_in_means", "nearest_neighbour", "exact_matching")
"""What is shown even where the groups overlap too little: it compares nobody, or only those who are alike."""


def compare(
    frame: pd.DataFrame,
    *,
    outcome: str,
    treated: str,
    covariates: Sequence[str],
    estimand: str = "att",
    cluster: str = "",
    exact: Sequence[str] = (),
    matching: Matching | None = None,
    estimators: Sequence[str] = ESTIMATORS,
    overlap: str = "refuse",
    by: str | Sequence[str] = (),
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """How the outcome of treated persons differs from what it would have been, by several estimators.

    All answer one question, the average among the treated (or among all); the plain difference of the two
    groups stands first, and is no answer to it. What they find may be worded as a cause only as far as their
    level goes, and holds if their assumptions do: nothing unseen sets the groups apart.

    Parameters
    ----------
    frame
        One row for each person.
    outcome
        A column of numbers, or of true and false.
    treated
        A column of true and false (or 1 and 0).
    covariates
        What was known of everybody before the start and sets the groups apart: numbers, yes and no, or
        categories. Nothing that the treatment may have changed.
    estimand
        ``"att"``, the average among the treated, or ``"ate"``, among all.
    cluster
        What persons share, such as the mentor; a person without one stands alone.
    exact
        Columns in which matched persons must agree.
    matching
        How persons are matched, by default the nearest within 0.2 standard deviations of the logit.
    estimators
        Some of `ESTIMATORS`, and ``"exact_matching"`` (on `exact`, or else on the covariates).
    overlap
        Where the groups overlap too little: ``"refuse"`` gives rows with a note, ``"stop"`` an error,
        ``"allow"`` the estimates.
    by, population, level
        As in `survey.shares`.

    Returns
    -------
    DataFrame
        A row for each estimator: *risk_difference* for yes and no, else *difference*. To the right the
        columns of `by`, `n_treated`, `n_comparison`, `effective` (how many equally weighted comparison
        persons they are worth), `unmatched` (treated persons left out), `ties`, `largest_difference`
        (standardised, after), `df`, those of `survey.shares` (`missing`: persons without outcome or
        covariate) and those of `claims.declare`. Notes: *poor_overlap*, *no_common_support*,
        *unlike_left_out* (the estimate is about those who remain), *one_group_empty*, *too_few*,
        *no_variation*, *not_applicable*.

    Raises
    ------
    UsageError
        If a column is missing or cannot be used, no covariates are named, an estimator or rule is not known;
        with ``overlap="stop"`` if the groups overlap too little.

    Notes
    -----
    See the estimators in `kij_analysis.effects.comparison` and docs/methods.md. Intervals are of t.

    Examples
    --------
    >>> ages = [20, 30, 40, 50] * 15
    >>> frame = pd.DataFrame({"mentored": [True, False, False] * 20, "age": ages,
    ...     "points": [age / 2 + 5 * (place % 3 == 0) + place % 4 for place, age in enumerate(ages)],
    ...     "gender": "woman", "data_status": "synthetic"})
    >>> found = compare(frame, outcome="points", treated="mentored", covariates=["age"])
    >>> found[["method", "estimate", "maryland"]].round(2).values.tolist()[::5]
    [['difference_in_means', 5.0, 2], ['doubly_robust', 5.0, 3]]
    """
    check_estimand(estimand)
    names, groups = named_covariates(covariates), named(by)
    for one in estimators:
        one_of(one, (*ESTIMATORS, "exact_matching"), name="An estimator")
    check_columns(frame, list(exact))
    whole = frame.reset_index(drop=True)
    rows = []
    for persons in persons_of(
        whole,
        outcome=outcome,
        treated=treated,
        covariates=names,
        cluster=cluster,
        also=list(exact),
        by=groups,
        population=population,
        level=level,
    ):
        cells = _cells(whole, persons, exact)
        every = _cells(whole, persons, exact or names)
        state = checked(persons, estimand, overlap)
        for one in estimators:
            found = estimated(
                one,
                persons,
                estimand=estimand,
                state=state,
                how=matching or Matching(),
                cells=every if one == "exact_matching" else cells,
                overlap=overlap,
            )
            rows.append((row_of(found, persons), DESIGN_OF[one]))
    return declared(rows, groups, estimand)


def estimated(
    name: str,
    persons: Persons,
    *,
    estimand: str,
    state: Overlap,
    how: Matching,
    cells: Codes | None,
    overlap: str = "refuse",
) -> Found:
    """What one estimator finds, or why it is refused."""
    if state.note and overlap != "allow" and name not in CHOOSY:
        return refused(name, state.note)
    if estimand == "ate" and name in ("nearest_neighbour", "exact_matching"):
        return refused(name, "not_applicable")
    e = state.propensity
    ways: dict[str, Callable[[], Found]] = {
        "difference_in_means": lambda: naive(persons),
        "regression_adjusted": lambda: adjusted(persons, estimand=estimand),
        "nearest_neighbour": lambda: nearest_neighbour(persons, how=how, cells=cells, propensity=e),
        "exact_matching": lambda: exact_matching(persons, _known(cells, persons)),
        "inverse_probability": lambda: inverse_probability(persons, estimand=estimand, propensity=e),
        "entropy_balancing": lambda: entropy_balancing(persons, estimand=estimand),
        "doubly_robust": lambda: doubly_robust(persons, estimand=estimand, propensity=e),
    }
    return ways[name]()


def _known(cells: Codes | None, persons: Persons) -> Codes:
    return np.zeros(len(persons), dtype=np.intp) if cells is None else cells


def _cells(frame: pd.DataFrame, persons: Persons, names: Sequence[str]) -> Codes | None:
    """A number for every combination of the columns."""
    if not names:
        return None
    return frame.loc[persons.index].groupby(list(names), observed=True, sort=False).ngroup().to_numpy()


def balance(
    frame: pd.DataFrame,
    *,
    treated: str,
    covariates: Sequence[str],
    after: Sequence[str] | str = ("entropy_balancing",),
    estimand: str = "att",
    exact: Sequence[str] = (),
    matching: Matching | None = None,
    outcome: str = "",
    by: str | Sequence[str] = (),
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """How alike treated and comparison persons are, before and after matching or weighting.

    Parameters
    ----------
    frame, treated, covariates, estimand, exact, matching, by, population, level
        As in `compare`.
    after
        The methods after which to look: ``"nearest_neighbour"``, ``"exact_matching"``,
        ``"inverse_probability"``, ``"entropy_balancing"``.
    outcome
        Counts only persons whose outcome is known too, as `compare` does; the outcome itself is not
        looked at.

    Returns
    -------
    DataFrame
        A row for each covariate (each category of it) *before* and after each method (`when`), with
        measure *standardised_difference*: treated less comparison mean, in standard deviations of the
        treated before (of both groups pooled, for ``"ate"``). To the right the columns of `by`, `when`,
        `variance_ratio` (treated over comparison; numbers only), `mean_treated`, `mean_comparison`,
        `n_treated`, `n_comparison` and those of `survey.shares`. A method that finds nobody alike has
        rows with its note.

    Raises
    ------
    UsageError
        As `compare` does.

    Notes
    -----
    Differences beyond 0.1 are usually called noticeable, beyond 0.25 too large (Stuart 2010, Statistical
    Science 25: 1-21); variance ratios far from 1 say that the spread differs. No test: with small groups it
    would call anything balanced.

    Examples
    --------
    >>> frame = pd.DataFrame({"mentored": [True, False] * 20, "age": [20, 30, 40, 50, 60] * 8,
    ...     "children": [0, 1, 1, 2, 2, 0, 1, 3] * 5, "gender": "woman", "data_status": "synthetic"})
    >>> found = balance(frame, treated="mentored", covariates=["age", "children"])
    >>> found[["variable", "when", "estimate"]].round(2).values.tolist()
    [['age', 'before', 0.0], ['children', 'before', -0.69], ['age', 'after', 0.0], ['children', 'after', 0.0]]
    """
    check_estimand(estimand)
    names, groups = named_covariates(covariates), named(by)
    methods = [after] if isinstance(after, str) else list(after)
    for one in methods:
        one_of(one, WEIGHTING, name="A method")
    check_columns(frame, list(exact))
    whole = frame.reset_index(drop=True)
    rows: list[dict[str, Any]] = []
    for persons in persons_of(
        whole,
        outcome=outcome,
        treated=treated,
        covariates=names,
        also=list(exact),
        by=groups,
        population=population,
        level=level,
    ):
        state = checked(persons, estimand, "refuse")
        found = [
            estimated(
                one,
                persons,
                estimand=estimand,
                state=state,
                how=matching or Matching(),
                cells=_cells(whole, persons, (exact or names) if one == "exact_matching" else exact),
                overlap="allow",
            )
            for one in methods
        ]
        rows += rows_of(persons, found, estimand)
    if not rows:
        raise UsageError("There is nobody in the frame.", fix="Give a frame with one row for each person.")
    return balance_table(rows, groups)
