"""Whether programmes differ between women who are alike in what is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from kij_analysis import estimates, survey
from kij_analysis.barriers.asking import REST, apart, barrier_names
from kij_analysis.errors import UsageError
from kij_analysis.survey import Design
from kij_analysis.survey.groups import check_columns, levels

PREDICTORS = (
    "education_group", "years_since_arrival", "language_self_rated_high_at_entry", "children_at_home",
)  # fmt: skip
"""Education, years in the country, the language as the woman judged it at entry, and children at home."""
PERSON = ("programme", "person_id", "role")
AT_ENTRY = "_at_entry"


def at_entry(answers: pd.DataFrame, names: Sequence[str], *, wave: str = "entry") -> pd.DataFrame:
    """The answers with what each person answered at entry beside what she answered later.

    What is to be taken into account must not itself be a result: the language that a woman speaks at the end
    may have changed since she entered.

    Parameters
    ----------
    answers
        Harmonised answers of all waves.
    names
        Columns whose values at entry are wanted.
    wave
        The wave that is the entry.

    Returns
    -------
    DataFrame
        The same rows with a column ``<name>_at_entry`` for each name, missing for persons without an answer
        in that wave.

    Raises
    ------
    UsageError
        If a column is missing, or a person stands twice in the wave.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": "fika", "person_id": ["a", "a", "b"], "role": "mentee",
    ...     "wave": ["entry", "end", "end"], "network_score": [25.0, 75.0, 50.0], "data_status": "observed"})
    >>> at_entry(answers, ["network_score"])["network_score_at_entry"].tolist()
    [25.0, 25.0, nan]
    """
    check_columns(answers, [*names, "wave", "person_id"])
    keys = [name for name in PERSON if name in answers.columns]
    first = answers[(answers["wave"] == wave).to_numpy(bool)]
    if first.duplicated(keys).any():
        raise UsageError(f"Persons stand twice in the wave '{wave}'.", fix="Keep one row for each person.")
    own = first[[*keys, *names]].rename(columns={name: f"{name}{AT_ENTRY}" for name in names})
    found = answers.reset_index(drop=True).merge(own, on=keys, how="left", validate="many_to_one")
    found.index = answers.index
    return found


def adjusted(
    answers: pd.DataFrame,
    *,
    predictors: Sequence[str] = PREDICTORS,
    of: str = "programme",
    leave_out: Sequence[str] = REST,
    adjustment: str = "holm",
    design: Design | None = None,
    cluster: str = "",
    least_events: int = 10,
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """Differences between programmes in the share naming each barrier, as answered and adjusted.

    Every two groups are compared for the barriers that both were asked about. The adjusted difference is
    that between women alike in the predictors; a predictor that is not known in one of the two groups is
    left out of their comparison, which says so. In all else the women may differ still: no difference is a
    proof of what a programme does.

    Parameters
    ----------
    answers
        One wave of the answers of one role, with the predictors (`data.with_people()`, then `at_entry`).
    predictors
        Columns to adjust for.
    of
        The column whose groups are compared.
    leave_out
        Barriers that are not looked at.
    adjustment
        How the p-values are adjusted, as in `kij_analysis.survey.adjusted`; all barriers and all comparisons
        are one family.
    design, cluster, least_events, population, level
        As in `kij_analysis.survey.marginal`.

    Returns
    -------
    DataFrame
        Estimates with measure *risk_difference*, two rows for each barrier and two groups: `model` is *crude*
        (`kij_analysis.survey.differences`) or *adjusted* (`kij_analysis.survey.marginal`); to the right
        further their columns, `adjusted_for` and `not_in_both` (predictors, joined by ``|``), `p_adjusted`,
        `adjustment` and `family_size` of the adjusted rows.

    Raises
    ------
    UsageError
        If the frame holds several roles or waves, and as `kij_analysis.survey.marginal` does.

    Examples
    --------
    >>> cells = [("fika", 0, 21, 9), ("fika", 4, 16, 14), ("sajo", 0, 15, 15), ("sajo", 4, 13, 22)]
    >>> rows = [{"programme": p, "years": y, "barrier_network": named} for p, y, yes, no in cells
    ...         for named in [True] * yes + [False] * no]
    >>> answers = pd.DataFrame(rows).assign(gender="woman", data_status="synthetic")
    >>> adjusted(answers, predictors=["years"]).round(3)[["model", "estimate", "p_adjusted"]].values.tolist()
    [['crude', 0.186, nan], ['adjusted', 0.18, 0.038]]
    """
    several = apart(answers, [])
    if several:
        raise UsageError(
            f"The frame holds several values of '{several[0]}'.",
            fix="Keep one: query(\"role == 'mentee' and wave == 'end'\").",
        )
    names = [name for name in barrier_names(answers) if name not in leave_out]
    check_columns(answers, [*names, *predictors], [of])
    parts = []
    for one, other in combinations(levels(answers[of]), 2):
        both = answers[answers[of].isin([one, other]).to_numpy(bool)]
        if isinstance(both[of].dtype, pd.CategoricalDtype):
            both = both.assign(**{of: both[of].cat.remove_unused_categories()})
        known = [name for name in predictors if (both.groupby(of, observed=True)[name].count() > 0).all()]
        absent = [name for name in predictors if name not in known]
        for name in names:
            told = {"not_in_both": "|".join(absent)}
            crude = survey.differences(
                both, name, by=of, reference=other, design=design, population=population, level=level
            )
            parts.append(crude.assign(model="crude", adjusted_for="", **told))
            model = crude
            if crude["estimate"].notna().all():
                model = survey.marginal(
                    both, name, known, of=of, reference=other, design=design, cluster=cluster,
                    least_events=least_events, population=population, level=level,
                )  # fmt: skip
            parts.append(model.assign(model="adjusted", adjusted_for="|".join(known), **told))
    return _in_families(parts, adjustment)


def _in_families(parts: Sequence[pd.DataFrame], adjustment: str) -> pd.DataFrame:
    """All rows, with the p-values of the adjusted ones adjusted over all of them."""
    if not parts:
        raise UsageError("The frame holds one group only.", fix="Keep two groups or more to compare.")
    found = pd.concat(parts, ignore_index=True)
    own = found["model"] == "adjusted"
    family = survey.adjusted(estimates.make(found[own]), family=[], method=adjustment)
    extra = ["p_adjusted", "adjustment", "family_size"]
    told = family[extra].set_axis(found.index[own])
    texts = {name: found[name].astype("str").fillna("") for name in ("test", "predictor") if name in found}
    whole = estimates.make(found.assign(**texts).join(told))
    return whole.assign(
        adjustment=whole["adjustment"].astype("str").fillna(""),
        family_size=whole["family_size"].astype(np.float64),
    )
