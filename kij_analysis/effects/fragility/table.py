"""What would have to be so for a result to be wrong: one table for one comparison."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite, nan
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.effects.comparison.compare import ESTIMATORS, estimated
from kij_analysis.effects.comparison.found import Found
from kij_analysis.effects.comparison.matching import Matching, nearest_neighbour
from kij_analysis.effects.comparison.overlap import Overlap, checked
from kij_analysis.effects.comparison.persons import Persons, check_estimand, named_covariates, persons_of
from kij_analysis.effects.comparison.result import DESIGN_OF, declared, interval, row_of
from kij_analysis.effects.fragility.evalue import e_value
from kij_analysis.effects.fragility.robustness import benchmark, regression, robustness_value, shares_of
from kij_analysis.effects.fragility.rosenbaum import critical_gamma
from kij_analysis.errors import UsageError, one_of
from kij_analysis.survey.groups import named

WHATS = ("estimate", "e_value", "gamma", "robustness_value", "benchmark", "leave_out")
MORE = (
    "what", "limit", "trait", "times", "with_treatment", "with_outcome", "left", "regression",
    "regression_error",
)  # fmt: skip
LEAST_PAIRS = 6
"""With fewer pairs that differ no one-sided p-value can fall below 0.05."""


def fragility(
    frame: pd.DataFrame,
    *,
    outcome: str,
    treated: str,
    covariates: Sequence[str],
    estimand: str = "att",
    estimator: str = "doubly_robust",
    cluster: str = "",
    benchmarks: Sequence[str] | None = None,
    times: Sequence[float] = (1.0, 2.0, 3.0),
    matching: Matching | None = None,
    by: str | Sequence[str] = (),
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """How strong something unseen would have to be to undo a comparison, said in five ways.

    Parameters
    ----------
    frame, outcome, treated, covariates, estimand, cluster, matching, by, population, level
        As in `compare`.
    estimator
        The estimator whose result is tried.
    benchmarks
        The covariates that an unseen trait is measured by; all of them if not given.
    times
        How many times as strong as each of them.

    Returns
    -------
    DataFrame
        Rows by `what`: *estimate*, the result itself; *e_value*, with that of the end of the interval in
        `limit`; *gamma*, how many times the odds of taking part may differ within matched pairs before
        the one-sided p-value exceeds half of 1 - level; *robustness_value* (in `limit` the one that costs
        significance); *benchmark*, what remains of the regression's estimate beside a trait `times` as
        strong as `trait`, with the shares of what is left that it goes with (`with_treatment`,
        `with_outcome`); *leave_out*, the result without each treated cluster in turn, numbered, with
        `left` persons left out (only with `cluster`). Notes: *nothing_to_explain* where the interval
        holds that there is no difference, and those of `compare`.

    Raises
    ------
    UsageError
        As `compare` does, and if a benchmark is none of the covariates.

    Notes
    -----
    See `e_value`, `pair_bounds`, `robustness_value`. The E-value of numbers takes the difference in standard
    deviations within the groups. For persons who dropped out see the bounds of `kij_analysis.survey`.

    Examples
    --------
    >>> ages = [20, 30, 40, 50] * 15
    >>> frame = pd.DataFrame({"mentored": [True, False, False] * 20, "age": ages,
    ...     "points": [age / 2 + 5 * (place % 3 == 0) + place % 4 for place, age in enumerate(ages)],
    ...     "gender": "woman", "data_status": "synthetic"})
    >>> found = fragility(frame, outcome="points", treated="mentored", covariates=["age"])
    >>> found.loc[found["what"] == "e_value", "estimate"].round(1).tolist()
    [3.3]
    """
    check_estimand(estimand)
    one_of(estimator, ESTIMATORS, name="The estimator")
    names, groups = named_covariates(covariates), named(by)
    for one in benchmarks or ():
        one_of(one, names, name="A benchmark")
    if any(one <= 0 for one in times):
        raise UsageError(
            "A trait cannot be 0 times as strong.", fix="Give numbers above 0, such as [1, 2, 3]."
        )
    rows = []
    for persons in persons_of(
        frame,
        outcome=outcome,
        treated=treated,
        covariates=names,
        cluster=cluster,
        by=groups,
        population=population,
        level=level,
    ):
        asked = _Asked(estimator, estimand, matching or Matching(), list(benchmarks or names), list(times))
        rows += list(_rows(persons, asked, bool(cluster)))
    numbers = [name for name in MORE if name not in ("what", "trait")]
    return declared(rows, groups, estimand, MORE).astype(dict.fromkeys(numbers, "float64"))


class _Asked:
    """What a call has asked for."""

    def __init__(
        self, estimator: str, estimand: str, how: Matching, benchmarks: list[str], times: list[float]
    ) -> None:
        self.estimator, self.estimand, self.how = estimator, estimand, how
        self.benchmarks, self.times = benchmarks, times

    def found(self, persons: Persons) -> tuple[Found, Overlap]:
        """What the estimator finds for some persons."""
        state = checked(persons, self.estimand, "refuse")
        return (
            estimated(self.estimator, persons, estimand=self.estimand, state=state, how=self.how, cells=None),
            state,
        )


def _rows(persons: Persons, asked: _Asked, clustered: bool) -> Iterator[tuple[dict[str, Any], str]]:
    design = DESIGN_OF[asked.estimator]
    found, state = asked.found(persons)
    row = row_of(found, persons) | {"what": "estimate"}
    yield row, design
    bare = (
        persons.common
        | {name: row[name] for name in ("category", "unit", "n", "n_treated", "n_comparison")}
        | {"asks": "adjusted_difference"}
    )
    yield bare | {"what": "e_value", "measure": "e_value"} | _e_value(row), design
    yield bare | {"what": "gamma", "measure": "gamma"} | _gamma(persons, asked, state), "matched"
    yield from ((bare | one, "adjusted") for one in _robustness(persons, asked, row))
    if clustered and isfinite(row.get("estimate", nan)):
        yield from ((one, design) for one in _left_out(persons, asked))


def _e_value(row: dict[str, Any]) -> dict[str, Any]:
    estimate, low, high = (float(row.get(name, nan)) for name in ("estimate", "conf_low", "conf_high"))
    if not isfinite(estimate):
        return {"note": row["note"], "method": "none"}
    if row["measure"] == "risk_difference":
        base = row["mean_treated"] - estimate
        if not 0 < base < 1:
            return {"note": "few_events", "method": "none"}
        point, limit = e_value(estimate, low=low, high=high, scale="risk_difference", base=base)
    else:
        if not row["spread"] > 0:
            return {"note": "no_variation", "method": "none"}
        spread = row["spread"]
        point, limit = e_value(
            estimate / spread, low=low / spread, high=high / spread, scale="standardised_mean"
        )
    if not isfinite(point):
        return {"note": "few_events", "method": "none"}
    note = "nothing_to_explain" if limit == 1 else row["note"]
    return {"estimate": point, "limit": limit, "method": "e_value", "note": note}


def _gamma(persons: Persons, asked: _Asked, state: Overlap) -> dict[str, Any]:
    found = nearest_neighbour(persons, how=asked.how, propensity=state.propensity)
    if found.used is None:
        return {"note": found.note, "method": "none"}
    pair, t, y = found.more["pair"], found.used.treated, found.used.outcome
    weights = found.weights
    apart = np.bincount(pair, weights=np.where(t, 1, -1) * weights * y)
    apart = apart if found.estimate >= 0 else -apart
    test = "mcnemar" if persons.yes_no and asked.how.ratio == 1 else "signed_rank"
    sizes = {"n": len(found.used), "n_treated": int(t.sum()), "n_comparison": int((~t).sum())}
    if int((np.abs(apart) > 1e-12).sum()) < LEAST_PAIRS:
        return sizes | {"note": "too_few", "method": "none"}
    gamma = critical_gamma(apart, alpha=(1 - persons.common["level"]) / 2, test=test)
    if not isfinite(gamma):
        return sizes | {"note": "nothing_to_explain", "method": "none"}
    method = "mcnemar_bound" if test == "mcnemar" else "signed_rank"
    return sizes | {"estimate": gamma, "method": method, "note": found.note}


def _robustness(persons: Persons, asked: _Asked, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    first = {"what": "robustness_value", "measure": "robustness_value"}
    fitted = regression(persons) if not persons.note else None
    if fitted is None:
        yield first | {"note": persons.note or "too_few", "method": "none"}
        return
    level = persons.common["level"]
    limit = robustness_value(*fitted, alpha=1 - level)
    yield first | {
        "estimate": robustness_value(*fitted),
        "limit": limit,
        "method": "partial_r2",
        "note": "" if limit else "nothing_to_explain",
        "regression": fitted[0],
        "regression_error": fitted[1],
        "df": fitted[2],
    }
    for trait in asked.benchmarks:
        with_treatment, with_outcome = shares_of(persons, trait)
        for times in asked.times:
            remains = benchmark(*fitted, treatment_r2=with_treatment, outcome_r2=with_outcome, times=times)
            one = {"what": "benchmark", "measure": row["measure"], "trait": trait, "times": times}
            if remains is None:
                yield one | {"note": "not_applicable", "method": "none"}
                continue
            yield (
                one
                | interval(remains.estimate, remains.std_error, fitted[2] - 1, level=level)
                | {
                    "estimate": remains.estimate,
                    "with_treatment": remains.with_treatment,
                    "with_outcome": remains.with_outcome,
                    "method": "partial_r2",
                }
            )


def _left_out(persons: Persons, asked: _Asked) -> Iterator[dict[str, Any]]:
    """The result without each cluster of treated persons; clusters are numbered, not named."""
    codes = pd.unique(persons.cluster[persons.treated])
    for number, code in enumerate(codes, 1):
        keep = persons.cluster != code
        rest = persons.part(keep)
        found, _ = asked.found(rest)
        row = row_of(found, rest)
        group = "|".join(filter(None, (str(persons.common["group"]), str(number))))
        yield row | {"what": "leave_out", "group": group, "left": int((~keep).sum())}
