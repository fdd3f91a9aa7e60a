"""What estimators found, as estimates with design, level and assumptions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.claims import CLAIM_COLUMNS, declare
from kij_analysis.effects.comparison.balance import largest_difference
from kij_analysis.effects.comparison.found import Found
from kij_analysis.effects.comparison.persons import Persons
from kij_analysis.survey.groups import BESIDE, result

EXTRA = (
    "unit", "count_1", "n_1", "count_2", "n_2", "n_treated", "n_comparison", "mean_treated", "spread",
    "effective", "unmatched", "ties", "largest_difference", "df", *BESIDE,
)  # fmt: skip
"""The columns to the right of the groups, before those of the claim."""
NUMBERS = (
    "n_treated", "n_comparison", "mean_treated", "spread", "effective", "unmatched", "ties",
    "largest_difference", "df",
)  # fmt: skip
DESIGN_OF = {
    "difference_in_means": "comparison_raw",
    "regression_adjusted": "adjusted",
    "nearest_neighbour": "matched",
    "exact_matching": "matched",
    "inverse_probability": "weighted",
    "entropy_balancing": "weighted",
    "doubly_robust": "doubly_robust",
}
ALIKE = 0.25
"""Groups that after matching or weighting still differ by more standard deviations stay unlike (level 2)."""


def told(persons: Persons) -> dict[str, Any]:
    """Bases, and for yes and no counts, of the two groups, by which disclosure control goes."""
    found: dict[str, Any] = {}
    for place, arm in (("1", persons.treated), ("2", ~persons.treated)):
        found[f"n_{place}"] = int(arm.sum())
        found[f"count_{place}"] = int(persons.outcome[arm].sum()) if persons.yes_no else np.nan
    return found


def spread_within(persons: Persons) -> float:
    """The standard deviation of the outcome within the two groups, pooled."""
    arms = [persons.outcome[arm] for arm in (persons.treated, ~persons.treated)]
    free = len(persons) - 2
    if free < 1 or not all(len(arm) for arm in arms):
        return np.nan
    return float(np.sqrt(sum(float(np.sum((arm - arm.mean()) ** 2)) for arm in arms) / free))


def unit_of(persons: Persons) -> str:
    """In what the outcome is told: a share, points of a score, or its own numbers."""
    if persons.yes_no:
        return "share"
    return "points" if str(persons.common["variable"]).endswith("_score") else ""


def row_of(found: Found, persons: Persons) -> dict[str, Any]:
    """One estimate as a row of results, without its claim."""
    used = found.used if found.used is not None else persons
    row = persons.common | {
        "category": "yes" if persons.yes_no else "",
        "measure": "risk_difference" if persons.yes_no else "difference",
        "unit": unit_of(persons),
        "method": found.method if np.isfinite(found.estimate) else "none",
        "estimate": found.estimate,
        "note": found.note,
        "n": len(used),
        "count": int(used.outcome.sum()) if persons.yes_no else np.nan,
        "n_treated": int(used.treated.sum()),
        "n_comparison": int((~used.treated).sum()),
        **told(used),
        "mean_treated": float(used.outcome[used.treated].mean()) if used.treated.any() else np.nan,
        "spread": spread_within(used),
        "unmatched": found.more.get("unmatched", np.nan),
        "ties": found.more.get("ties", np.nan),
        "effective": effective_size(found.weights[~used.treated]) if len(found.weights) else np.nan,
        "largest_difference": largest_difference(used, found.weights, before=persons)
        if len(found.weights)
        else np.nan,
    }
    if not np.isfinite(found.estimate):
        return row | {"n": len(persons), "count": np.nan, "effective": np.nan}
    if not np.ptp(used.outcome):
        return row | {"estimate": 0.0, "note": "no_variation"}
    return row | interval(found.estimate, *found.spread, level=persons.common["level"], note=found.note)


def interval(estimate: float, error: float, df: float, *, level: float, note: str = "") -> dict[str, Any]:
    """Standard error, t interval and p-value; a note instead where there is no error."""
    from scipy.stats import t

    if not np.isfinite(error):
        return {"df": np.nan, "note": "too_few"}
    if error <= 1e-12 * max(1.0, abs(estimate)):
        return {"df": df, "note": "no_variation"}
    reach = float(t.ppf(0.5 + level / 2, df)) * error
    return {
        "std_error": error,
        "conf_low": estimate - reach,
        "conf_high": estimate + reach,
        "p_value": float(2 * t.sf(abs(estimate) / error, df)),
        "df": df,
        "note": note,
    }


def effective_size(weights: Any) -> float:
    """How many equally weighted persons tell as much (Kish 1965): the squared sum over the sum of squares."""
    total = float(np.sum(np.square(weights)))
    return float(np.sum(weights)) ** 2 / total if total else 0.0


def declared(
    rows: Sequence[tuple[dict[str, Any], str]],
    groups: Sequence[str],
    estimand: str,
    more: Sequence[str] = (),
) -> pd.DataFrame:
    """The rows with estimand, design, level, assumptions; each comes with the code of its design.

    Groups that stay unlike after matching or weighting lower the level to 2.
    """
    whole = result([row for row, _ in rows], groups, [*more, *EXTRA]).astype(
        dict.fromkeys(NUMBERS, "float64")
    )
    parts = []
    for place, (asked, design) in enumerate(rows):
        part = whole.iloc[[place]]
        unlike = design in ("matched", "weighted", "doubly_robust") and bool(
            (part["largest_difference"] > ALIKE).any()
        )
        parts.append(
            declare(
                part,
                design=design,
                estimand=asked.get("asks") or ("mean_difference" if design == "comparison_raw" else estimand),
                level=2 if unlike else None,
            )
        )
    if not parts:
        return whole.assign(**{name: pd.Series(dtype="object") for name in CLAIM_COLUMNS})
    return pd.concat(parts, ignore_index=True)
