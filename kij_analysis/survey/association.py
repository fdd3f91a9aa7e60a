"""Whether answers and groups go together at all: one test for a whole table, weighted or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.survey.design import Design, Floats, Sample, sample_of
from kij_analysis.survey.groups import (
    BESIDE,
    Group,
    categories,
    check_columns,
    grouped,
    levels,
    named,
    result,
    why_empty,
)
from kij_analysis.survey.two_shares import SMALL
from kij_analysis.survey.variances import freedom, ratios

EXTRA = (*BESIDE, "test", "statistic", "df", "df_2")
SHUFFLES, SEED = 9999, 20261121


def association(
    frame: pd.DataFrame,
    variable: str,
    *,
    by: str = "programme",
    within: str | Sequence[str] = (),
    design: Design | None = None,
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """How strongly answers and groups go together, with one test for the whole table.

    Parameters
    ----------
    frame
        Harmonised answers.
    variable
        A column with categories, or true and false.
    by
        The column whose groups are compared, two or more.
    within
        Columns within whose groups the table is made.
    design
        How the sample was drawn; the frame is taken as the whole sample.
    population, level
        As in `shares`.

    Returns
    -------
    DataFrame
        Estimates with measure *correlation*, Cramér's V from 0 to 1, without an interval; to the right
        `test` (*score*, *permutation* or *rao_scott*), `statistic` and its degrees of freedom `df` and
        `df_2`. Without two groups and two answers: *one_group_empty* or *no_variation*.

    Raises
    ------
    UsageError
        As `shares` does.

    Notes
    -----
    Pearson's chi-squared test; where an expected count is below 5, its statistic in 9,999 shuffled tables
    with the same margins, from a fixed seed. With a design: Rao and Scott's second-order correction as an F
    test (Rao and Scott 1984, Ann. Stat. 12; Thomas and Rao 1987), as R's ``svychisq(statistic = "F")``.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": ["fika"] * 34 + ["sajo"] * 34, "gender": "woman",
    ...     "high": [True] * 17 + [False] * 17 + [True] * 9 + [False] * 25, "data_status": "synthetic"})
    >>> association(answers, "high").round(3)[["estimate", "p_value", "test"]].values.tolist()
    [[0.242, 0.046, 'score']]
    """
    groups = named(within)
    check_columns(frame, [variable, *(design.columns if design else [])], [by, *groups])
    codes = [value for _, value in categories(frame, variable)]
    whole = frame.reset_index(drop=True)
    sample = sample_of(whole, design) if design else None
    order = levels(whole[by])
    rows = []
    for group in grouped(whole, variable, groups, population=population, level=level):
        common = group.common | {"measure": "correlation", "test": ""}
        rows.append(common | _of_group(group, by, order, codes, sample))
    return result(rows, groups, EXTRA)


def _of_group(
    group: Group, by: str, order: list[str], codes: list[object], sample: Sample | None
) -> dict[str, Any]:
    persons, variable = group.persons, str(group.common["variable"])
    keep = (persons[variable].notna() & persons[by].notna()).to_numpy(bool)
    given = persons[keep & sample.counted[persons.index] if sample else keep]
    row: dict[str, Any] = {"n": len(given), "missing": len(persons) - len(given), "method": "none"}
    if codes == [True]:
        codes = [True, False]
    place = pd.Series(pd.Categorical(given[by].astype(str), categories=order).codes)
    answer = np.select([(given[variable] == code).to_numpy(bool) for code in codes], range(len(codes)), -1)
    if given.empty:
        return row | {"note": why_empty(persons, variable)}
    if place.nunique() < 2:
        return row | {"note": "one_group_empty"}
    if len(set(answer)) < 2:
        return row | {"note": "no_variation"}
    if sample:
        return row | _rao_scott(given.index.to_numpy(), place.to_numpy(), answer, sample)
    return row | _pearson(pd.crosstab(place, answer).to_numpy())


def _pearson(table: Floats) -> dict[str, Any]:
    from scipy.stats import chi2_contingency, random_table

    found = chi2_contingency(table, correction=False)
    row = _strength(found.statistic, table.sum(), table.shape) | {
        "statistic": found.statistic,
        "df": found.dof,
    }
    if found.expected_freq.min() >= SMALL:
        return row | {"p_value": found.pvalue, "test": "score", "method": "pearson"}
    drawn = random_table(table.sum(1), table.sum(0)).rvs(SHUFFLES, random_state=SEED)
    statistics = ((drawn - found.expected_freq) ** 2 / found.expected_freq).sum(axis=(1, 2))
    p = (1 + (statistics >= found.statistic - 1e-9).sum()) / (SHUFFLES + 1)
    return row | {"p_value": p, "test": "permutation", "method": "pearson"}


def _strength(statistic: float, n: float, shape: tuple[int, ...]) -> dict[str, Any]:
    return {"estimate": float(np.sqrt(min(statistic / (n * (min(shape) - 1)), 1)))}


def _rao_scott(rows: Floats, place: Floats, answer: Floats, sample: Sample) -> dict[str, Any]:
    """Pearson's statistic of the weighted table over its mean design effect, as an F."""
    from scipy.stats import f

    first, second = (pd.factorize(codes, sort=True)[0] for codes in (place, answer))
    shape = (int(first.max()) + 1, int(second.max()) + 1)
    top = np.zeros((len(sample.weight), shape[0] * shape[1]))
    bottom = top.copy()
    top[rows, first * shape[1] + second], bottom[rows] = 1.0, 1.0
    cells, covariance = ratios(sample, top, bottom)
    table = cells.reshape(shape)
    expected = np.outer(table.sum(1), table.sum(0))
    pearson = len(rows) * float(((table - expected) ** 2 / expected).sum())
    df = freedom(sample, bottom[:, 0] > 0)
    row = _strength(pearson, len(rows), shape) | {"method": "rao_scott"}
    if df < 1 or np.isnan(covariance).any():
        return row | {"note": "too_few"}
    effects = _design_effects(cells, covariance, shape, len(rows))
    if not np.trace(effects @ effects) > 1e-20:
        # Answers that follow from the groups vary in no other way; else the units are all alike.
        return row | {"note": "too_few" if np.abs(covariance).max() < 1e-15 else "no_overlap"}
    freedom_1 = np.trace(effects) ** 2 / np.trace(effects @ effects)
    statistic = pearson / np.trace(effects)
    p = f.sf(statistic, freedom_1, freedom_1 * df)
    more = {"statistic": statistic, "df": freedom_1, "df_2": freedom_1 * df, "test": "rao_scott"}
    return row | more | {"p_value": float(p)}


def _design_effects(cells: Floats, covariance: Floats, shape: tuple[int, int], n: int) -> Floats:
    """The matrix of generalised design effects of the interactions (Rao and Scott 1984)."""
    contrasts = np.kron(*(np.eye(size)[:, 1:] - 1 / size for size in shape))
    inverse = np.diag(np.where(cells > 0, 1 / np.where(cells > 0, cells, 1.0), 0.0))
    simple = contrasts.T @ (inverse / n) @ contrasts
    own = contrasts.T @ inverse @ covariance @ inverse @ contrasts
    return np.asarray(np.linalg.lstsq(simple, own, rcond=None)[0])
