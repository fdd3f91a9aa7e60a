"""Whether the comparison group holds persons like the treated at all; if not, the comparison is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.effects.comparison.persons import Persons, check_estimand, named_covariates, persons_of
from kij_analysis.effects.comparison.propensity import Propensity, odds_weights, propensity_of
from kij_analysis.effects.comparison.result import effective_size
from kij_analysis.errors import UsageError, one_of
from kij_analysis.survey.groups import BESIDE, named, result

MOST_OUTSIDE = 0.20
"""The largest share of persons beyond everybody of the other group."""
NEAR = 0.25
"""How many standard deviations of the logit beyond the other group a person still has a neighbour."""
LEAST_EFFECTIVE = 10.0
"""How many equally weighted persons a weighted group must be worth at least."""
RULES = ("refuse", "stop", "allow")
CATEGORIES = ("outside", "effective", "largest_weight")


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """What the chances of treatment say about two groups; `note` is empty where they may be compared."""

    propensity: Propensity | None
    outside: float = np.nan
    effective: float = np.nan
    largest_weight: float = np.nan
    note: str = ""


def overlap_of(persons: Persons, estimand: str = "att") -> Overlap:
    """How far the groups overlap, and whether they may be compared."""
    if persons.note:
        return Overlap(propensity=None, note=persons.note)
    fitted = propensity_of(persons)
    if fitted is None:
        return Overlap(propensity=None, note="no_common_support")
    t, e, place = persons.treated, fitted.chance, fitted.logit
    reach = NEAR * float(place.std(ddof=1))
    beyond = np.zeros(len(t), dtype=bool)
    for own in (t,) if estimand == "att" else (t, ~t):
        beyond |= own & ((place > place[~own].max() + reach) | (place < place[~own].min() - reach))
    outside = float(beyond[t].mean() if estimand == "att" else beyond.mean())
    weights = odds_weights(e, t, estimand)
    arms = [~t] if estimand == "att" else [t, ~t]
    effective = min(effective_size(weights[arm]) for arm in arms)
    largest = max(float(weights[arm].max() / weights[arm].sum()) for arm in arms)
    poor = outside > MOST_OUTSIDE or effective < LEAST_EFFECTIVE
    return Overlap(
        propensity=fitted,
        outside=outside,
        effective=effective,
        largest_weight=largest,
        note="poor_overlap" if poor else "",
    )


def checked(persons: Persons, estimand: str, rule: str) -> Overlap:
    """The overlap of two groups; with the rule ``"stop"`` an error if they may not be compared.

    Raises
    ------
    UsageError
        Which share of the treated has no counterpart, and what to do.
    """
    one_of(rule, RULES, name="The rule for overlap")
    found = overlap_of(persons, estimand)
    if rule != "stop" or found.note not in ("poor_overlap", "no_common_support"):
        return found
    if found.propensity is None:
        what = "The covariates tell of some or all persons without fail in which group they are."
    else:
        what = (
            f"{found.outside:.0%} of the persons have nobody like them in the other group, and the weighted "
            f"group is worth {found.effective:.0f} persons."
        )
    raise UsageError(
        what,
        fix="Name fewer covariates, find a comparison group that is more alike, match with a caliper "
        "(estimators=['nearest_neighbour']), or ask for overlap='allow' and say so in print.",
    )


def overlap(
    frame: pd.DataFrame,
    *,
    treated: str,
    covariates: Sequence[str],
    estimand: str = "att",
    by: str | Sequence[str] = (),
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """Whether treated and comparison persons overlap enough to be compared.

    Parameters
    ----------
    frame
        One row for each person.
    treated
        A column of true and false (or 1 and 0).
    covariates
        What was known before the start: numbers, yes and no, or categories.
    estimand
        ``"att"``: every treated person needs a counterpart. ``"ate"``: everybody does.
    by, population, level
        As in `survey.shares`.

    Returns
    -------
    DataFrame
        Three rows for each group, by `category`: *outside*, the share beyond everybody of the other
        group; *effective*, how many equally weighted persons the weighted comparison group is worth; and
        *largest_weight*, the largest share that one of them has. All carry the note *poor_overlap* where
        more than a fifth lie outside or fewer than ten count, and *no_common_support* where the
        covariates tell the groups apart completely. To the right `n_treated`, `n_comparison` and the
        columns of `survey.shares`.

    Raises
    ------
    UsageError
        As `compare` does.

    Notes
    -----
    The limits are ours. Chances of treatment from a logistic model; Crump, Hotz, Imbens and Mitnik 2009
    (Biometrika 96: 187-199) on what to do where they are near 0 or 1.

    Examples
    --------
    >>> ages = [20, 25, 30, 35] * 10
    >>> frame = pd.DataFrame({"mentored": [True, False, False, True, False] * 8, "age": ages,
    ...     "gender": "woman", "data_status": "synthetic"})
    >>> overlap(frame, treated="mentored", covariates=["age"])[["category", "estimate", "note"]].round(2)
             category  estimate note
    0         outside      0.00
    1       effective     24.00
    2  largest_weight      0.04
    """
    check_estimand(estimand)
    groups, names = named(by), named_covariates(covariates)
    rows: list[dict[str, Any]] = []
    for persons in persons_of(
        frame, outcome="", treated=treated, covariates=names, by=groups, population=population, level=level
    ):
        found = overlap_of(persons, estimand)
        row = persons.common | {
            "n": len(persons),
            "method": "propensity" if found.propensity else "none",
            "note": found.note,
            "n_treated": int(persons.treated.sum()),
            "n_comparison": int((~persons.treated).sum()),
        }
        for name in CATEGORIES:
            measure = "count" if name == "effective" else "share"
            rows.append(row | {"category": name, "measure": measure, "estimate": getattr(found, name)})
    return result(rows, groups, ["n_treated", "n_comparison", *BESIDE])
