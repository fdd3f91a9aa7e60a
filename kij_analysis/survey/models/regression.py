"""Regression of an answer on several predictors at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from kij_analysis.errors import UsageError, one_of
from kij_analysis.survey.design import Design
from kij_analysis.survey.groups import BESIDE, check_columns, grouped, named, numbers, result
from kij_analysis.survey.models.coefficients import NAMES, Asked, rows_of
from kij_analysis.survey.models.data import events, gather
from kij_analysis.survey.models.errors import source_of
from kij_analysis.survey.models.predictors import read_predictors

INTERVALS = ("auto", "profile", "wald")
EXTRA = (
    "predictor", "first", "second", "count_1", "n_1", "count_2", "n_2", *BESIDE, "missing_predictors",
    "coefficient", "coefficient_error", "test", "df", "clusters", "log_likelihood",
)  # fmt: skip
"""The columns to the right of the groups."""
PROPORTIONALITY = (
    "proportionality", "df_proportionality", "p_proportionality",
    "own_proportionality", "df_own_proportionality", "p_own_proportionality",
)  # fmt: skip
"""Further columns where answers are ordered."""


def regression(
    frame: pd.DataFrame,
    outcome: str,
    predictors: Sequence[str],
    *,
    kind: str = "logistic",
    category: str = "",
    reference: Mapping[str, str] | None = None,
    by: str | Sequence[str] = (),
    design: Design | None = None,
    cluster: str = "",
    errors: str = "model",
    interval: str = "auto",
    penalised: bool | None = None,
    intercept: bool = False,
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """How an answer goes with several predictors, each with the others held alike.

    Persons who lack the outcome (`missing`) or a predictor (`missing_predictors`) are left out and counted.
    An odds ratio is no ratio of shares, and odds ratios of models with other predictors cannot be held
    against each other: for how much shares differ see `marginal`.

    Parameters
    ----------
    frame
        Harmonised answers, `data.with_people()` where predictors belong to persons.
    outcome
        ``"logistic"``: true and false, the numbers 0 and 1, or a column with categories (each against the
        others). ``"linear"``: numbers. ``"ordinal"``: ordered categories, or numbers as their order.
    predictors
        Columns of numbers, categories, texts, true and false.
    kind
        ``"logistic"``, ``"linear"`` or ``"ordinal"`` (proportional odds: one slope for all cuts between
        answers; above 1 means higher answers).
    category
        The one category of the outcome of a logistic model that is asked about.
    reference
        By predictor, the answer against which the others are held; else the first category, *False*, or the
        first text by the alphabet.
    by
        Columns to group by; each group has a model of its own.
    design
        How the sample was drawn: pseudo-likelihood and design-based errors.
    cluster
        The column of what persons share, such as the mentor: CR2 errors with Satterthwaite's degrees of
        freedom, which hold for few clusters (linear and logistic). A person without one is a cluster of her
        own.
    errors
        ``"model"``, or robust ``"hc1"``, ``"hc2"``, ``"hc3"`` (ordinal: hc1).
    interval
        ``"profile"``: profile likelihood and likelihood ratio tests, which hold better where persons are
        few. ``"wald"``: symmetric on the scale of the coefficients, as most programs print them.
        ``"auto"``: profile where the errors are the model's own, else Wald.
    penalised
        Firth's penalised logistic model: where answers are separated (None), always, or never.
    intercept
        Also the intercept, or the thresholds of ordered answers (measure *coefficient*).
    population, level
        As in `shares`.

    Returns
    -------
    DataFrame
        Estimates, one row for each number (per unit) and each answer of a predictor other than its reference:
        *odds_ratio*, or *difference* in a linear model. `std_error` is on the scale of the estimate; to the
        right the columns of `by`, `predictor`, `first` (the answer), `second` (its reference), their
        unweighted counts and bases, those of `shares`, `missing_predictors`, `coefficient` (a logarithm for
        odds ratios), `coefficient_error`, `test`, `df`, `clusters` and `log_likelihood`. Ordinal models also
        have the test of proportional odds, of all predictors (`proportionality`, `df_proportionality`,
        `p_proportionality`) and of the row's own. Notes: *no_variation*, *one_group_empty* or why it was not
        asked, *collinear* (told by the predictors before it), *separation* (Firth's estimate; an ordinal
        model has none), *few_clusters* (below 4 degrees of freedom), *not_converged*, *too_few*.

    Raises
    ------
    UsageError
        If a column is not in the frame, or the outcome or a predictor is of the wrong kind; and as `Design`
        and `shares` say.

    Notes
    -----
    Weights with a design: pseudo-likelihood, linearised (Binder 1983, Int. Stat. Rev. 51: 279) or replicated,
    t with the design's degrees of freedom less one for each slope. See `kij_analysis.survey.models`.

    Examples
    --------
    >>> cells = [("fika", 9, 21), ("sajo", 22, 13)]
    >>> rows = [{"programme": p, "high": high} for p, yes, no in cells
    ...         for high in [True] * yes + [False] * no]
    >>> answers = pd.DataFrame(rows).assign(gender="woman", data_status="synthetic")
    >>> found = regression(answers, "high", ["programme"]).round(2)
    >>> found[["first", "second", "measure", "estimate", "conf_low", "conf_high"]].values.tolist()
    [['sajo', 'fika', 'odds_ratio', 3.95, 1.43, 11.6]]
    """
    _check(kind, category, interval, errors, cluster, penalised, bool(design))
    groups, names = named(by), list(predictors)
    needed = [outcome, *names, *(design.columns if design else []), *([cluster] if cluster else [])]
    check_columns(frame, needed, groups)
    if outcome in names:
        raise UsageError(f"'{outcome}' is the outcome and a predictor.", fix="Take it out of the predictors.")
    whole = frame.reset_index(drop=True)
    source, read = source_of(whole, errors, design, cluster), read_predictors(whole, names, reference or {})
    labels: tuple[str, ...] = ()
    if kind == "logistic":
        outcomes = events(whole, outcome, category)
    else:
        values, labels = _ordered(whole, outcome) if kind == "ordinal" else (numbers(whole, outcome), ())
        outcomes = [("", values)]
    asked = Asked(
        kind=kind, interval=interval, intercept=intercept, penalised=penalised, level=level, labels=labels
    )
    rows: list[dict[str, Any]] = []
    for group in grouped(whole, outcome, groups, population=population, level=level):
        for code, answers in outcomes:
            data = gather(group, answers, read, source.sample)
            common = group.common | {"category": code} | source.told(data)
            rows += [_named(common | row) for row in rows_of(group, data, source, asked)]
    return result(rows, groups, [*EXTRA, *(PROPORTIONALITY if kind == "ordinal" else ())])


def _check(
    kind: str, category: str, interval: str, errors: str, cluster: str, penalised: bool | None, design: bool
) -> None:
    """Refuse what a kind of model does not have."""
    one_of(kind, NAMES, name="The kind of model")
    one_of(interval, INTERVALS, name="The interval")
    if kind != "logistic" and (category or penalised):
        raise UsageError(f"A {kind} model has neither category nor penalty.", fix="Leave them out.")
    if kind == "ordinal" and (cluster or errors in ("hc2", "hc3")):
        raise UsageError(
            "CR2, HC2 and HC3 are not defined for ordered answers.",
            fix="Use errors='hc1', or clusters in a design: Design(weight=…, cluster=…).",
        )
    if interval == "profile" and (kind == "linear" or design or cluster or errors != "model"):
        raise UsageError(
            "Profile intervals belong to the likelihood of a logistic or ordinal model of persons who count "
            "alike.",
            fix="Use interval='wald', or leave it out.",
        )


def _ordered(frame: pd.DataFrame, outcome: str) -> tuple[pd.Series, tuple[str, ...]]:
    """The places of ordered answers, 1, 2, …, and their names."""
    column = frame[outcome]
    if isinstance(column.dtype, pd.CategoricalDtype):
        return numbers(frame, outcome, ordered=True), tuple(map(str, column.cat.categories))
    values = numbers(frame, outcome, ordered=True)
    known = sorted(values.dropna().unique())
    return values.map({value: place for place, value in enumerate(known, 1)}), tuple(
        f"{one:g}" for one in known
    )


def _named(row: dict[str, Any]) -> dict[str, Any]:
    """The row with the contrast in its group."""
    return row | {"group": "|".join(filter(None, (row["group"], row["code"])))}
