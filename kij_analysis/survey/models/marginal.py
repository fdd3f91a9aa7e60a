"""Adjusted shares and their differences: what a model says on the scale of shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from kij_analysis.errors import UsageError, one_of
from kij_analysis.survey.design import Design
from kij_analysis.survey.groups import BESIDE, check_columns, grouped, named, narrowed, numbers, result
from kij_analysis.survey.models.averaging import MEASURES, Question, rows_of
from kij_analysis.survey.models.data import events, gather
from kij_analysis.survey.models.errors import source_of
from kij_analysis.survey.models.predictors import as_answers, read_predictors

KINDS = ("logistic", "linear")
OVER = ("all", "first", "second")
EXTRA = (
    "predictor", "first", "second", "count_1", "n_1", "count_2", "n_2", *BESIDE, "missing_predictors",
    "adjusted_for", "df", "clusters",
)  # fmt: skip
"""The columns to the right of the groups."""


def marginal(
    frame: pd.DataFrame,
    outcome: str,
    predictors: Sequence[str],
    *,
    of: str,
    kind: str = "logistic",
    category: str = "",
    measure: str = "difference",
    averages: bool = False,
    over: str = "all",
    reference: str = "",
    by: str | Sequence[str] = (),
    design: Design | None = None,
    cluster: str = "",
    errors: str = "model",
    penalised: bool | None = None,
    least_events: int = 10,
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """How much the share giving an answer differs between groups whose members are alike otherwise.

    A model of the answer is fitted to the persons who have everything it needs; then everybody is taken to be
    in one group after the other, and the fitted shares are averaged (g-computation). For a number, it is the
    average slope of the share (average marginal effect), per unit. Alike means: in the predictors, as far as
    the model fits; in all else groups may differ, so that a difference is no proof of what a programme does.

    Parameters
    ----------
    frame
        Harmonised answers, `data.with_people()` where predictors belong to persons.
    outcome
        True and false, the numbers 0 and 1, or a column with categories (each against the others).
    predictors
        Columns to adjust for, numbers or categories; with or without `of`.
    of
        The predictor asked about. The numbers 0 and 1 count as answers.
    kind
        ``"logistic"``, or ``"linear"`` for an outcome of numbers (measures *difference* and *mean*).
    category
        The one category of the outcome that is asked about.
    measure
        ``"difference"``, ``"ratio"`` or ``"odds_ratio"`` of the averaged shares.
    averages
        Also a row with measure *share* (or *mean*) for each group.
    over
        Whom the averages stand for: ``"all"``, or the members of the ``"first"`` group of a comparison (the
        difference for those in it) or of the ``"second"``, its reference.
    reference
        The group of `of` with which the others are compared; else the first one.
    by
        Columns to group by; each group has a model of its own.
    design
        How the sample was drawn. Errors then hold for the population: whom the averages are over counts as
        drawn, too.
    cluster
        The column of what persons share, such as the mentor: CR2 errors with Satterthwaite's degrees of
        freedom, which hold for few clusters. A person without one is a cluster of her own.
    errors
        ``"model"``, or robust ``"hc1"``, ``"hc2"``, ``"hc3"``.
    penalised
        Firth's penalised model: where answers are separated (None), always, or never.
    least_events
        With fewer answers, or fewer of the others, in either group (for a number: in all) there is an
        estimate with the note *few_events* and no interval.
    population, level
        As in `shares`.

    Returns
    -------
    DataFrame
        Estimates, one row for each group other than the reference, `group` naming both; to the right the
        columns of `by`, `predictor`, `first`, `second`, `count_1`, `n_1`, `count_2`, `n_2` (the unweighted
        answers of both groups), those of `shares`, `missing_predictors` (persons with an answer who lack a
        predictor), `adjusted_for`, `df` and `clusters`. Notes: *one_group_empty* or why it was not asked,
        *no_variation*, *collinear* (the group cannot be told from the other predictors), *separation* (the
        estimate is Firth's), *few_events*, *few_clusters* (below 4 degrees of freedom), *not_converged*,
        *too_few*.

    Raises
    ------
    UsageError
        If a column is not in the frame or cannot be a predictor, or as `Design` and `shares` say.

    Notes
    -----
    Delta method with exact derivatives. With a design: linearised, the covariates being drawn too (Graubard
    and Korn 1999, Biometrics 55: 652), or replicates of the whole computation. Penalised shares are centred
    (Puhr and others 2017). See `kij_analysis.survey.models`.

    Examples
    --------
    >>> cells = [("fika", 0, 9, 21), ("fika", 4, 14, 16), ("sajo", 0, 15, 15), ("sajo", 4, 22, 13)]
    >>> rows = [{"programme": p, "years": y, "high": high} for p, y, yes, no in cells
    ...         for high in [True] * yes + [False] * no]
    >>> answers = pd.DataFrame(rows).assign(gender="woman", data_status="synthetic")
    >>> found = marginal(answers, "high", ["years"], of="programme").round(3)
    >>> found[["group", "estimate", "conf_low", "conf_high"]].values.tolist()
    [['sajo-fika', 0.18, 0.01, 0.351]]
    """
    _check(frame, of, kind, measure, over, averages, category)
    groups, others = named(by), [name for name in dict.fromkeys(predictors) if name != of]
    needed = [outcome, of, *others, *(design.columns if design else []), *([cluster] if cluster else [])]
    check_columns(frame, needed, groups)
    if outcome in (of, *others):
        raise UsageError(f"'{outcome}' is the outcome and a predictor.", fix="Take it out of the predictors.")
    whole = frame.reset_index(drop=True)
    source = source_of(whole, errors, design, cluster)
    read = read_predictors(
        whole.assign(**{of: as_answers(whole[of])}), [*others, of], {of: reference} if reference else {}
    )
    question = Question(
        of=of, kind=kind, measure=measure, averages=averages, over=over, least_events=least_events,
        penalised=penalised, level=level,
    )  # fmt: skip
    asked = [("", numbers(whole, outcome))] if kind == "linear" else events(whole, outcome, category)
    rows: list[dict[str, Any]] = []
    own = narrowed(whole, [outcome, of, *others, *groups])
    for group in grouped(own, outcome, groups, population=population, level=level):
        for code, answers in asked:
            data = gather(group, answers, read, source.sample)
            common = group.common | {"category": code, "adjusted_for": "|".join(others)} | source.told(data)
            rows += [_named(common | row) for row in rows_of(group, data, source, question)]
    return result(rows, groups, EXTRA)


def _check(
    frame: pd.DataFrame, of: str, kind: str, measure: str, over: str, averages: bool, category: str
) -> None:
    """Refuse what cannot be asked."""
    one_of(kind, KINDS, name="The kind of model")
    one_of(measure, MEASURES, name="The measure")
    one_of(over, OVER, name="over")
    if kind == "linear" and (measure != "difference" or category):
        raise UsageError(
            "A linear model gives differences of numbers.", fix="Leave measure and category out."
        )
    if averages and over == "first":
        raise UsageError(
            "Averages over the first group differ from comparison to comparison.",
            fix="Ask for them with over='all' or over='second'.",
        )
    check_columns(frame, [of])
    column = as_answers(frame[of])
    slope = pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype)
    if slope and (measure != "difference" or averages or over != "all"):
        raise UsageError(
            f"'{of}' holds numbers, which have a slope and no groups.",
            fix="Leave measure, averages and over out, or put it into classes.",
        )


def _named(row: dict[str, Any]) -> dict[str, Any]:
    """The row with the group that it is about in its name."""
    about = "-".join(filter(None, (row["first"], row["second"]))) or row["predictor"]
    if row["predictor"] == "programme":
        programme = "all" if row["second"] or not row["first"] else row["first"]
        about = "" if row["first"] and not row["second"] else about
        row = row | {"programme": programme}
    return row | {"group": "|".join(filter(None, (row["group"], about)))}
