"""The pace of finding a first job, by what persons have in common (Cox)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import claims
from kij_analysis.effects.ratios import check, complete, counted, ratio_of, traits, why_not
from kij_analysis.effects.steps import times
from kij_analysis.effects.terms import Term, design_matrix
from kij_analysis.errors import one_of
from kij_analysis.survey.design import Floats
from kij_analysis.survey.groups import BESIDE, grouped, named, result

TIES = ("efron", "breslow")
EXTRA = (
    "coefficient", "coefficient_error", "count_1", "n_1", "count_2", "n_2", "statistic", "proportional",
    "p_proportional", "global_proportional", "p_global", *BESIDE,
)  # fmt: skip


def cox(
    persons: pd.DataFrame,
    variables: Sequence[str],
    *,
    event: str = "job",
    by: str | Sequence[str] = (),
    ties: str = "efron",
    cluster: str = "",
    dates: str = "middle",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """How much faster those with a trait find a first job than those without it (Cox), all else alike.

    A ratio of 1.5 means half as many again find a job per month among those who still wait. It is an
    association: nobody was drawn by lot.

    Parameters
    ----------
    persons
        The frame of `time_to_job` with the columns of `variables` beside it.
    variables
        Columns of numbers, of true and false, or of categories; the first category is compared with.
    event
        The outcome that is waited for; other ends of the wait count as no longer heard of.
    by
        Columns to group by; each group has a model of its own.
    ties
        How equal times are dealt with: ``"efron"`` or ``"breslow"``.
    cluster
        What persons share, such as a mentor; the standard errors then allow for likeness within it.
    dates, population, level
        As in `incidence`.

    Returns
    -------
    DataFrame
        Estimates with measure *hazard_ratio*, one row per variable and category; `count` is the number of
        events, `n` the persons in the model; to the right `coefficient` and `coefficient_error` (logarithms),
        events and persons with the trait (`count_1`, `n_1`) and without (`count_2`, `n_2`; empty for
        numbers), `statistic` (z), `proportional` and `p_proportional` (whether the ratio stays the same
        over time: a small p says that it does not), the same for all variables together
        (`global_proportional`, `p_global`). A ratio without end, because all or nobody with a trait found a
        job, has no estimate and the note *few_events*.

    Raises
    ------
    UsageError
        If a column is missing, has no variation that a model could use, or as `incidence` does.

    Notes
    -----
    Cox 1972; Efron 1977; Grambsch and Therneau 1994 with the Kaplan–Meier transform of time; by greenwood.
    Lin and Wei 1989 for clusters, with Efron's own residuals (greenwood's are Breslow's: 0.2 per cent off).

    Examples
    --------
    >>> persons = pd.DataFrame({"programme": "fika", "gender": "woman", "data_status": "synthetic",
    ...     "months": [2, 4, 6, 5, 8, 9], "outcome": ["job"] * 5 + ["none"], "high": [True, True, False] * 2})
    >>> cox(persons, ["high"])[["estimate", "count", "n"]].round(2).values.tolist()
    [[3.93, 5.0, 6.0]]
    """
    one_of(ties, TIES, name="The treatment of ties")
    check(persons, variables, event, dates, [*named(by)], cluster)
    rows: list[dict[str, Any]] = []
    for group in grouped(
        persons.reset_index(drop=True), "outcome", named(by), population=population, level=level
    ):
        kept = complete(group, [*variables, *([cluster] if cluster else [])])
        terms, matrix = design_matrix(kept, variables)
        happened = (kept["outcome"] == event).to_numpy(bool)
        common = counted(group, kept, happened) | {"measure": "hazard_ratio"}
        note = why_not(kept, happened, matrix)
        if not note and len(np.unique(times(kept, dates)[happened])) < 2:
            note = "few_events"  # on one day nobody is faster than anybody
        owner = kept[cluster].to_numpy() if cluster else None
        fitted = {} if note else _fitted(times(kept, dates), happened, matrix, terms, ties, owner)
        for place, term in enumerate(terms):
            row = common | term.place | traits(term, matrix[:, place], happened)
            none = {"note": note, "method": "none"}
            rows.append(row | (ratio_of(fitted, place, matrix, level, "cox") if fitted else none))
    found = result(rows, named(by), EXTRA)
    return claims.declare(
        found,
        design="association",
        estimand="hazard_ratio",
        also=["end_of_watch_uninformative", "proportional"],
    )


def _fitted(
    time: Floats, happened: np.ndarray, matrix: Floats, terms: Sequence[Term], ties: str, owner: Any
) -> dict[str, Any]:
    import greenwood
    from scipy.stats import chi2

    from kij_analysis.effects.residuals import clustered

    response = greenwood.Surv(time, event=happened.astype(int))
    model = greenwood.CoxPH(ties=ties).fit(response, matrix, tol=1e-12, max_iter=60)
    found: dict[str, Any] = {"coefficient": model.coef_, "error": model.std_error_}
    if owner is not None:
        found["error"] = clustered(time, happened, matrix, model.coef_, model.vcov_, owner, ties)
    test = model.cox_zph(transform="km")
    found["tests"] = [(one["chisq"], one["p_value"]) for one in test.per_term.values()]
    whole = test.global_test["chisq"]
    return found | {"global": (whole, float(chi2.sf(whole, len(terms))))}
