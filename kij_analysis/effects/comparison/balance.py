"""How alike treated and comparison persons are, before and after they are made so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.effects.comparison.found import Found
from kij_analysis.effects.comparison.persons import Covariate, Flags, Floats, Persons
from kij_analysis.survey.groups import BESIDE, result

EXTRA = (
    "when", "variance_ratio", "mean_treated", "mean_comparison", "count_1", "n_1", "count_2", "n_2",
    "n_treated", "n_comparison", *BESIDE,
)  # fmt: skip


def standardised(
    one: Covariate, treated: Flags, weights: Floats, spread: float
) -> tuple[float, float, float, float]:
    """Standardised difference, variance ratio (missing for yes and no) and the means of the two groups.

    A covariate that does not vary among those who give the standard deviation has no standardised
    difference unless the means are equal.
    """
    means, variances = [], []
    for arm in (treated, ~treated):
        w, values = weights[arm], one.values[arm]
        total = float(w.sum())
        mean = float(w @ values / total)
        rest = total**2 - float(w @ w)
        means.append(mean)
        variances.append(float(w @ (values - mean) ** 2) * total / rest if rest > 0 else np.nan)
    gap = means[0] - means[1]
    distance = 0.0 if abs(gap) < 1e-12 else gap / spread if spread > 0 else np.nan
    ratio = variances[0] / variances[1] if not one.flag and variances[1] > 0 else np.nan
    return distance, ratio, means[0], means[1]


def spread_of(one: Covariate, treated: Flags, estimand: str) -> float:
    """The standard deviation by which a difference is divided: of the treated, or of both groups pooled.

    It is that before matching or weighting, so that both sides of a table have one yardstick. A share has
    the standard deviation of a share.
    """
    found = []
    for arm in (treated, ~treated):
        values = one.values[arm]
        if one.flag:
            found.append(float(values.mean() * (1 - values.mean())))
        else:
            found.append(float(values.var(ddof=1)) if len(values) > 1 else np.nan)
    return float(np.sqrt(found[0] if estimand == "att" else (found[0] + found[1]) / 2))


def largest_difference(used: Persons, weights: Floats, *, before: Persons) -> float:
    """The largest standardised difference that remains, without a sign; missing without covariates."""
    found = [
        abs(standardised(one, used.treated, weights, spread_of(old, before.treated, "att"))[0])
        for one, old in zip(used.covariates, before.covariates, strict=True)
    ]
    return max((one for one in found if np.isfinite(one)), default=np.nan)


def rows_of(persons: Persons, found: Sequence[Found], estimand: str) -> list[dict[str, Any]]:
    """A row for every covariate before, and after by every method that has weights."""
    rows = []
    plain = Found(method="difference_in_means", weights=np.ones(len(persons)), used=persons)
    for when, one in [("before", plain), *(("after", one) for one in found)]:
        for place, covariate in enumerate(persons.covariates):
            row = persons.common | {
                "variable": covariate.variable,
                "category": covariate.category,
                "measure": "standardised_difference",
                "when": when,
                "n": len(persons),
            }
            rows.append(row | _measured(persons, one, place, estimand))
    return rows


def _measured(persons: Persons, one: Found, place: int, estimand: str) -> dict[str, Any]:
    if persons.note or one.used is None or not len(one.weights):
        return {"note": persons.note or one.note, "method": "none"}
    spread = spread_of(persons.covariates[place], persons.treated, estimand)
    distance, ratio, mean, other = standardised(
        one.used.covariates[place], one.used.treated, one.weights, spread
    )
    return {
        "estimate": distance,
        "variance_ratio": ratio,
        "mean_treated": mean,
        "mean_comparison": other,
        "n": len(one.used),
        "n_treated": int(one.used.treated.sum()),
        "n_comparison": int((~one.used.treated).sum()),
        "method": one.method,
        "note": "" if np.isfinite(distance) else "no_variation",
        **_counted(one.used.covariates[place], one.used.treated),
    }


def balance_table(rows: list[dict[str, Any]], groups: Sequence[str]) -> pd.DataFrame:
    """The rows as estimates."""
    return result(rows, groups, list(EXTRA))


def _counted(one: Covariate, treated: Flags) -> dict[str, Any]:
    """Bases of the two groups, and how many have a yes: disclosure control goes by them."""
    arms = {"1": treated, "2": ~treated}
    bases: dict[str, Any] = {f"n_{place}": int(arm.sum()) for place, arm in arms.items()}
    if not one.flag:
        return bases
    return bases | {f"count_{place}": int(one.values[arm].sum()) for place, arm in arms.items()}
