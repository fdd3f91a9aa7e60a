"""Whether a scale may be compared between programmes: items, steps and direction, alpha in each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import estimates
from kij_analysis.errors import UsageError
from kij_analysis.study import weakest
from kij_analysis.survey.groups import BESIDE, levels
from kij_analysis.survey.intervals import check_level
from kij_analysis.survey.population import women
from kij_analysis.survey.reliability import _numeric, item_statistics, reliability
from kij_analysis.survey.scale_items import Bounds, checked, scale_scores

BARRED = ("items_differ", "steps_differ", "direction_differs")
"""What makes levels not comparable; other reasons ask for caution."""
ENOUGH = 0.7
"""Below it an alpha is called low (Nunnally 1978)."""
NUMBERS = ("n_1", "n_2", "mean_1", "mean_2", "df")
TEXTS = ("first", "second", "asked", "steps", "verdict", "reasons")


def scale_comparability(
    frame: pd.DataFrame,
    items: Sequence[str],
    *,
    name: str = "scale",
    by: str = "programme",
    reverse: Sequence[str] = (),
    bounds: Bounds = None,
    properties: pd.DataFrame | None = None,
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """Whether the levels of a scale may be compared between groups: alpha of each, then a row for every two.

    Levels are compared only where both groups answered the same items, on scales with the same number of
    steps, all items running one way. Even then the words, the language and who answers can move a mean; equal
    alphas prove no equal meaning. A change within one group asks for none of this.

    Parameters
    ----------
    frame
        One row for each person: harmonised answers of one role and wave, items as scores from 0 to 100 or as
        ordered categories.
    items, name, reverse, bounds, population, level
        As in `reliability`.
    by
        The column whose groups are compared.
    properties
        `data.properties`: how many steps each item had in each questionnaire, and on which scale. Without
        it the categories of the frame are taken as they stand.

    Returns
    -------
    DataFrame
        First, for each group, measure *reliability* (Cronbach's alpha of the items that it was asked) with
        `asked` (these items) and `steps`. Then, for every two groups, measure *difference* and category
        *level*: the mean score of the first less that of the second with Welch's interval and the note
        *equal_steps*, or an empty estimate with the note *not_comparable*; `verdict` is *comparable*,
        *caution* or *not_comparable*, and `reasons` says why, joined by ``|``: *items_differ*,
        *steps_differ*, *direction_differs*, *scale_differs* (same steps, other words), *low_reliability* (an
        alpha below 0.7), *reliability_unknown*.

    Raises
    ------
    UsageError
        As `reliability` does, and if `by` has a single group.

    Notes
    -----
    Welch 1947. Mean scores as `scale_scores` makes them.

    Examples
    --------
    >>> import numpy as np
    >>> base = np.array([0.0, 25, 50, 75, 100, 50] * 5)
    >>> one = pd.DataFrame({"programme": "fika", "trust": base, "equality": base})
    >>> two = pd.DataFrame({"programme": "sajo", "trust": base, "equality": np.nan})
    >>> answers = pd.concat([one, two]).assign(gender="woman", data_status="synthetic")
    >>> found = scale_comparability(answers, ["trust", "equality"])
    >>> found[["group", "category", "note", "reasons"]].values.tolist()[-1]
    ['fika-sajo', 'level', 'not_comparable', 'items_differ']
    """
    check_level(level)
    names = checked(frame, items, reverse)
    if by not in frame.columns or len(levels(frame[by])) < 2:
        raise UsageError(f"'{by}' has fewer than two groups.", fix="Nothing is compared with itself.")
    options = {"reverse": reverse, "bounds": bounds, "population": population, "level": level}
    kept = women(frame, population).frame
    alone = {code: frame[(frame[by] == code).fillna(False)] for code in levels(kept[by])}
    found = {c: _group(part, names, name, by, properties, options) for c, part in alone.items()}
    rows = [row for row, _ in found.values()]
    for one, other in combinations(found, 2):
        rows.append(_pair((one, other), (found[one], found[other]), name, by, level))
    extra = [*TEXTS[:2], *NUMBERS, *BESIDE, *TEXTS[2:]]
    made = estimates.make(pd.DataFrame(rows, columns=[*estimates.COLUMNS, *extra]))
    texts = {c: made[c].astype("str").fillna("") for c in TEXTS}
    return _numeric(made.assign(**texts), NUMBERS)


def _group(
    part: pd.DataFrame,
    names: list[str],
    name: str,
    by: str,
    properties: pd.DataFrame | None,
    options: dict[str, Any],
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The row of a group, and what its comparisons need."""
    own = women(part, options["population"]).frame
    asked = [item for item in names if own[item].notna().any()]
    turned = [item for item in options["reverse"] if item in asked]
    scales = {item: _scale(own, item, properties) for item in asked}
    steps = {item: told[0] for item, told in scales.items()}
    about = {"asked": asked, "steps": steps, "scales": {i: told[1] for i, told in scales.items()}}
    beside = {"asked": "|".join(asked), "steps": "|".join(dict.fromkeys(steps.values()))}
    if len(asked) < 2:
        row = reliability(part, names, name=name, kind="cronbach", by=by, **options).iloc[0].to_dict()
        return row | beside, about | {"scores": np.array([]), "against": [], "row": row}
    given = options | {"reverse": turned}
    row = reliability(part, asked, name=name, kind="cronbach", by=by, **given).iloc[0].to_dict()
    totals = item_statistics(part, asked, by=by, **given)
    against = totals.loc[totals["conf_high"] < 0, "variable"].tolist()
    scores = scale_scores(own, asked, reverse=turned, bounds=options["bounds"]).dropna().to_numpy()
    return row | beside, about | {"scores": scores, "against": against, "row": row}


def _scale(own: pd.DataFrame, item: str, properties: pd.DataFrame | None) -> tuple[str, str]:
    """The number of steps of an item and the name of its scale, as far as they are known."""
    if properties is not None and "instrument" in own.columns:
        used = own.loc[own[item].notna(), "instrument"].unique()
        told = properties[(properties["column"] == item) & properties["instrument"].isin(used)]
        steps = sorted({f"{count}" for count in told["steps"].dropna()})
        return "/".join(steps), "/".join(sorted(set(told["scale"]) - {""}))
    if isinstance(own[item].dtype, pd.CategoricalDtype):
        return f"{len(own[item].cat.categories)}", ""
    return "", ""


def _pair(
    codes: tuple[str, str],
    both: tuple[tuple[dict[str, Any], dict[str, Any]], ...],
    name: str,
    by: str,
    level: float,
) -> dict[str, Any]:
    rows, (one, other) = [row for row, _ in both], [about for _, about in both]
    reasons = _reasons(one, other)
    barred = [reason for reason in reasons if reason in BARRED]
    row = {
        "programme": "all" if by == "programme" else rows[0]["programme"],
        "group": "-".join(codes), "variable": name, "category": "level", "measure": "difference",
        "first": codes[0], "second": codes[1], "n_1": len(one["scores"]), "n_2": len(other["scores"]),
        "n": len(one["scores"]) + len(other["scores"]), "level": level, "method": "none",
        "data_status": weakest([own["data_status"] for own in rows]), "reasons": "|".join(reasons),
        "verdict": "not_comparable" if barred else "caution" if reasons else "comparable",
        "left_out": sum(own["left_out"] for own in rows),
    }  # fmt: skip
    empty = [about for about in (one, other) if not len(about["asked"])]
    if empty:
        return row | {"note": "no_answers" if len(empty) == 2 else "one_group_empty"}
    return row | ({"note": "not_comparable"} if barred else _welch(one["scores"], other["scores"], level))


def _reasons(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """What speaks against comparing the levels of two groups."""
    shared = [item for item in one["asked"] if item in other["asked"]]
    alphas = [about["row"]["estimate"] for about in (one, other)]
    holds = {
        "items_differ": one["asked"] != other["asked"] or len(shared) < 2,
        "steps_differ": any(one["steps"][item] != other["steps"][item] for item in shared),
        "direction_differs": bool(one["against"] or other["against"]),
        "scale_differs": any(one["scales"][item] != other["scales"][item] for item in shared),
        "low_reliability": any(alpha < ENOUGH for alpha in alphas),
    }
    if holds["steps_differ"]:
        holds["scale_differs"] = False
    if not any(holds[reason] for reason in BARRED):
        holds["reliability_unknown"] = bool(np.isnan(alphas).any())
    return [reason for reason, true in holds.items() if true]


def _welch(one: np.ndarray, other: np.ndarray, level: float) -> dict[str, Any]:
    """The difference of two means with Welch's interval and test."""
    from scipy.stats import ttest_ind

    if not len(one) or not len(other):
        return {"note": "one_group_empty"}
    row = {"estimate": float(one.mean() - other.mean()), "method": "welch", "note": "equal_steps"}
    row |= {"mean_1": float(one.mean()), "mean_2": float(other.mean())}
    if min(len(one), len(other)) < 2:
        return row | {"note": "too_few"}
    if np.ptp(one) == 0 and np.ptp(other) == 0:
        return row | {"note": "no_variation"}
    found = ttest_ind(one, other, equal_var=False)
    low, high = found.confidence_interval(level)
    error = float(np.sqrt(one.var(ddof=1) / len(one) + other.var(ddof=1) / len(other)))
    interval = {"std_error": error, "conf_low": float(low), "conf_high": float(high), "df": float(found.df)}
    return row | interval | {"p_value": float(found.pvalue)}
