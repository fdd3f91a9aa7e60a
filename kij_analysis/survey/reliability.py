"""How well the items of a scale go together: Cronbach's alpha, ordinal alpha, and what each item adds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from kij_analysis.errors import one_of
from kij_analysis.survey.groups import BESIDE, Group, check_columns, grouped, named, result, why_empty
from kij_analysis.survey.intervals import Floats, check_level
from kij_analysis.survey.polychoric import EDGE, polychoric_matrix
from kij_analysis.survey.scale_items import Bounds, checked, item_values

KINDS = ("cronbach", "ordinal")
STEPS = 12
"""The most answers that an item may have for its polychoric correlations."""


def reliability(
    frame: pd.DataFrame,
    items: Sequence[str],
    *,
    name: str = "scale",
    reverse: Sequence[str] = (),
    bounds: Bounds = None,
    kind: str | Sequence[str] = KINDS,
    by: str | Sequence[str] = (),
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """Cronbach's alpha and the ordinal alpha of a scale in each group, with intervals.

    Of those who answered all items. A high alpha says that the items go together, not that they measure one
    thing, nor that groups may be compared (see `scale_comparability`).

    Parameters
    ----------
    frame
        One row for each person: harmonised answers of one role and wave.
    items
        Ordered categories, yes and no, or numbers.
    name
        What stands in `variable`.
    reverse, bounds
        As in `scale_scores`.
    kind
        ``"cronbach"``: from the covariances of the answers taken as numbers. ``"ordinal"``: from polychoric
        correlations, the alpha that the variables behind the answers would have.
    by, population, level
        As in `shares`.

    Returns
    -------
    DataFrame
        Estimates with measure *reliability* and category *cronbach_alpha* or *ordinal_alpha*; to the right
        the columns of `by`, those of `shares` and, for Cronbach's alpha, `items` (how many), `standardised`
        (alpha of the correlations), `sem` (the standard error of measurement of the mean of the items) and
        `mdc` (the smallest change of one person that is larger than it at the level). No interval where the
        items run wholly together or too few answered (*too_few*), no alpha where an item has one answer
        (*no_variation*) or, for the ordinal one, more than twelve (*not_applicable*).

    Raises
    ------
    UsageError
        As `scale_scores` does.

    Notes
    -----
    Cronbach 1951; interval of Feldt 1965 (Psychometrika 30: 357–370), exact for normal scores. Ordinal alpha
    of Zumbo, Gadermann and Zeisser 2007 (J. Mod. Appl. Stat. Methods 6: 21–29): k/(k − 1)(1 − k/ΣR); its
    interval is t on log(1 − alpha) with a delete-one jackknife, which takes no model for the answers.

    Examples
    --------
    >>> answers = pd.DataFrame({"gender": "woman", "data_status": "synthetic", "a": [1, 2, 3, 4, 5, 3],
    ...     "b": [1, 3, 3, 4, 4, 2], "c": [2, 2, 3, 5, 5, 3]})
    >>> found = reliability(answers, ["a", "b", "c"], kind="cronbach").round(2)
    >>> found[["category", "estimate", "conf_low", "conf_high", "n"]].values.tolist()
    [['cronbach_alpha', 0.95, 0.77, 0.99, 6.0]]
    """
    kinds = [kind] if isinstance(kind, str) else list(kind)
    for one in kinds:
        one_of(one, KINDS, name="The kind of alpha")
    groups, names = named(by), checked(frame, items, reverse)
    check_columns(frame, names, groups)
    check_level(level)
    whole = frame.reset_index(drop=True)
    values = item_values(whole, names, reverse=reverse, bounds=bounds)
    rows = []
    for group in grouped(whole, name, groups, population=population, level=level):
        for one in kinds:
            rows.append(_alpha(group, values.loc[group.persons.index], one, names, level))
    extra = [*BESIDE, "items", "standardised", "sem", "mdc"]
    return _numeric(result(rows, groups, extra), extra[4:])


def item_statistics(
    frame: pd.DataFrame,
    items: Sequence[str],
    *,
    reverse: Sequence[str] = (),
    bounds: Bounds = None,
    by: str | Sequence[str] = (),
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """How each item goes with the sum of the others, and what alpha would be without it.

    A correlation whose interval lies below 0 is an item that runs the other way.

    Parameters
    ----------
    frame, items, reverse, bounds, by, population, level
        As in `reliability`.

    Returns
    -------
    DataFrame
        Estimates with measure *correlation*, the items as `variable`, with Fisher's interval; to the right
        also `alpha_without`, `mean` and `sd` of the item. Of those who answered all items.

    Raises
    ------
    UsageError
        As `reliability` does.

    Examples
    --------
    >>> answers = pd.DataFrame({"gender": "woman", "data_status": "synthetic", "a": [1, 2, 3, 4, 5, 3],
    ...     "b": [1, 3, 3, 4, 4, 2], "c": [2, 2, 3, 5, 5, 3]})
    >>> found = item_statistics(answers, ["a", "b", "c"]).round(2)
    >>> found[["variable", "estimate", "alpha_without"]].values.tolist()
    [['a', 0.94, 0.88], ['b', 0.83, 0.96], ['c', 0.9, 0.91]]
    """
    groups, names = named(by), checked(frame, items, reverse)
    check_columns(frame, names, groups)
    check_level(level)
    whole = frame.reset_index(drop=True)
    values = item_values(whole, names, reverse=reverse, bounds=bounds)
    rows: list[dict[str, Any]] = []
    for group in grouped(whole, "", groups, population=population, level=level):
        own = values.loc[group.persons.index]
        rows += [_item(group, own, item, level) for item in names]
    extra = [*BESIDE, "alpha_without", "mean", "sd"]
    return _numeric(result(rows, groups, extra), extra[4:])


def cronbach_alpha(values: ArrayLike) -> float:
    """Cronbach's alpha of a matrix, one row for each person; missing where there is no variance.

    Examples
    --------
    >>> round(cronbach_alpha([[1, 2], [2, 2], [3, 5], [4, 4]]), 3)
    0.867
    """
    matrix = np.asarray(values, float)
    k = matrix.shape[1] if matrix.ndim == 2 else 0
    if k < 2 or len(matrix) < 2:
        return np.nan
    whole = float(matrix.sum(axis=1).var(ddof=1))
    return float(k / (k - 1) * (1 - matrix.var(axis=0, ddof=1).sum() / whole)) if whole > 0 else np.nan


def feldt(alpha: float, n: int, items: int, *, level: float = 0.95) -> tuple[float, float]:
    """Feldt's interval for Cronbach's alpha of `items` items and `n` persons (Feldt 1965).

    Examples
    --------
    >>> low, high = feldt(0.8, 60, 5)
    >>> round(low, 3), round(high, 3)
    (0.707, 0.87)
    """
    from scipy.stats import f

    low, high = f.ppf([0.5 - level / 2, 0.5 + level / 2], n - 1, (n - 1) * (items - 1))
    return float(1 - (1 - alpha) * high), float(1 - (1 - alpha) * low)


def _numeric(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    return frame.astype(dict.fromkeys(names, "float64"))


def _alpha(group: Group, own: pd.DataFrame, kind: str, names: list[str], level: float) -> dict[str, Any]:
    values = own.dropna()
    n, k = len(values), len(names)
    row = group.common | {"measure": "reliability", "n": n, "missing": len(own) - n, "items": k}
    row |= {"category": f"{kind}_alpha", "method": "none"}
    note = _why_not(group, values, names)
    if note:
        return row | {"note": note}
    if kind == "ordinal":
        return row | _ordinal(values, level)
    return row | _cronbach(values.to_numpy(float), level)


def _why_not(group: Group, values: pd.DataFrame, names: list[str]) -> str:
    """Why there is no alpha, empty if there is one."""
    if values.empty:
        reasons = {why_empty(group.persons, item) for item in names} - {"no_answers"}
        return reasons.pop() if len(reasons) == 1 else "no_answers"
    if len(values) < 2:
        return "too_few"
    return "no_variation" if (values.nunique() < 2).any() or not values.sum(axis=1).var() > 0 else ""


def _cronbach(values: Floats, level: float) -> dict[str, Any]:
    from scipy.stats import norm

    n, k = values.shape
    alpha, mean_sd = cronbach_alpha(values), float(values.mean(axis=1).std(ddof=1))
    sem = mean_sd * np.sqrt(max(1 - alpha, 0.0))
    beside = {"standardised": _of_correlations(np.asarray(np.corrcoef(values.T))), "sem": sem}
    beside["mdc"] = float(norm.ppf(0.5 + level / 2) * np.sqrt(2) * sem)
    row = {"estimate": alpha, "method": "feldt", **beside}
    if 1 - alpha < 1e-12:
        return row | {"note": "too_few"}
    low, high = feldt(alpha, n, k, level=level)
    return row | {"conf_low": low, "conf_high": high}


def _of_correlations(matrix: Floats) -> float:
    """Alpha of a matrix of correlations; missing where their sum is not above 0."""
    k, total = len(matrix), float(matrix.sum())
    return k / (k - 1) * (1 - k / total) if total > 0 else np.nan


def _ordinal(values: pd.DataFrame, level: float) -> dict[str, Any]:
    """Ordinal alpha with its jackknife interval."""
    from scipy.stats import t

    if values.nunique().max() > STEPS:
        return {"note": "not_applicable"}
    codes = np.column_stack([pd.factorize(values[item], sort=True)[0] for item in values])
    matrix, without = polychoric_matrix(codes)
    n, k = codes.shape
    alpha = _of_correlations(matrix)
    if np.isnan(alpha):
        return {"note": "too_few"}
    row = {"estimate": alpha, "method": "ordinal_alpha"}
    sums = k + 2 * without.sum(axis=0)
    if n < 3 or np.abs(matrix[np.triu_indices(k, 1)]).max() > 0.99 * EDGE or (sums <= 0).any():
        return row | {"note": "too_few"}
    left_out = k / (k - 1) * (1 - k / sums)
    if (left_out >= 1).any() or alpha >= 1:
        return row | {"note": "too_few"}
    logs = np.log1p(-left_out)
    error = float(np.sqrt((n - 1) / n * ((logs - logs.mean()) ** 2).sum()))
    reach = float(t.ppf(0.5 + level / 2, n - 1)) * error
    ends = -np.expm1(np.log1p(-alpha) + np.array([reach, -reach]))
    return row | {"std_error": error * (1 - alpha), "conf_low": ends[0], "conf_high": ends[1]}


def _item(group: Group, own: pd.DataFrame, item: str, level: float) -> dict[str, Any]:
    values = own.dropna()
    n, rest = len(values), values.drop(columns=item)
    row = group.common | {"variable": item, "measure": "correlation", "n": n, "missing": len(own) - n}
    if not n:
        return row | {"note": why_empty(group.persons, item), "method": "none"}
    row |= {"mean": float(values[item].mean()), "sd": float(values[item].std(ddof=1)) if n > 1 else np.nan}
    if n < 2:
        return row | {"note": "too_few", "method": "none"}
    row["alpha_without"] = cronbach_alpha(rest)
    others = rest.sum(axis=1)
    if values[item].nunique() < 2 or others.nunique() < 2:
        return row | {"note": "no_variation", "method": "none"}
    return row | _correlated(values[item], others, level)


def _correlated(one: pd.Series, other: pd.Series, level: float) -> dict[str, Any]:
    """Pearson's correlation with Fisher's interval."""
    from scipy.stats import norm

    n, r = len(one), float(np.clip(np.corrcoef(one, other)[0, 1], -1, 1))
    row = {"estimate": r, "method": "item_total"}
    if n < 4 or abs(r) > 1 - 1e-12:
        return row | {"note": "too_few"}
    reach = norm.ppf(0.5 + level / 2) / np.sqrt(n - 3)
    low, high = np.tanh(np.arctanh(r) + np.array([-reach, reach]))
    return row | {"conf_low": float(low), "conf_high": float(high)}
