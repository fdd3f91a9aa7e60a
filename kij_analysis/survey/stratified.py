"""Two groups compared within strata, such as programmes, and the results put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.survey.differences import counted
from kij_analysis.survey.groups import (
    BESIDE,
    Pair,
    categories,
    check_columns,
    compared,
    named,
    result,
    why_not_compared,
)
from kij_analysis.survey.intervals import Floats

EXTRA = (
    "first", "second", "count_1", "n_1", "count_2", "n_2", *BESIDE, "strata", "strata_left_out", "test",
    "statistic", "df", "homogeneity", "p_homogeneity",
)  # fmt: skip
"""The columns to the right of the groups within which is compared."""
MEASURES = ("odds_ratio", "ratio", "risk_difference", "standardised")


def stratified(
    frame: pd.DataFrame,
    variable: str,
    *,
    by: str,
    strata: str = "programme",
    within: str | Sequence[str] = (),
    reference: str = "",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """The share giving each answer in two groups, compared within strata and put together (Mantel–Haenszel).

    Comparing women only with women of their own programme keeps the programmes' differences out. One number
    for all strata says much only where they resemble each other: look at `p_homogeneity` and at the strata
    themselves (`differences` with `within`).

    Parameters
    ----------
    frame
        Harmonised answers.
    variable
        A column with categories, or true and false (rows for *yes*).
    by, within, reference
        As in `differences`.
    strata
        The column within whose groups persons are compared.
    population, level
        As in `shares`.

    Returns
    -------
    DataFrame
        Four rows for each answer: *odds_ratio*, *ratio* and *risk_difference* by Mantel–Haenszel, and the
        *risk_difference* standardised to the persons of all strata (method *standardised*). To the right
        those of `differences`, `strata` and `strata_left_out` (how many count, and how many hold one group
        only), `statistic` and `p_value` of the Cochran–Mantel–Haenszel test without a correction (the same
        in the first three rows), `homogeneity` and `p_homogeneity`, Tarone's version of the Breslow–Day
        test that the odds ratio is the same in all strata. Notes: *one_group_empty*, *no_variation*,
        *few_events* where a ratio has nothing below the line.

    Raises
    ------
    UsageError
        As `differences` does.

    Notes
    -----
    Mantel and Haenszel 1959; odds ratio with the interval of Robins, Breslow and Greenland 1986 and the tests
    (statsmodels); ratio with that of Greenland and Robins 1985 (Biometrics 41), risk difference with that of
    Sato, Greenland and Robins 1989 (Biometrics 45: 1323); as R's ``mantelhaen.test`` and ``rma.mh`` without
    additions to zero cells.

    Examples
    --------
    >>> cells = {("fika", "long"): (7, 5), ("fika", "short"): (4, 11), ("sajo", "long"): (30, 18),
    ...          ("sajo", "short"): (22, 41)}
    >>> rows = [{"programme": p, "meetings": m, "high": h}
    ...         for (p, m), (yes, no) in cells.items() for h in [True] * yes + [False] * no]
    >>> answers = pd.DataFrame(rows).assign(gender="woman", data_status="synthetic")
    >>> found = stratified(answers, "high", by="meetings").round(3)
    >>> found[["measure", "estimate", "conf_low", "conf_high", "p_homogeneity"]].values.tolist()[0]
    ['odds_ratio', 3.234, 1.601, 6.533, 0.815]
    """
    groups = named(within)
    check_columns(frame, [variable, strata], [by, *groups])
    codes = categories(frame, variable) or [("", None)]
    whole = frame.reset_index(drop=True)
    pairs = compared(
        whole, variable, by, within=groups, reference=reference, population=population, level=level
    )
    rows: list[dict[str, Any]] = []
    for pair in pairs:
        for code, value in codes:
            rows += [
                pair.common | {"category": code} | row for row in _of_pair(pair, variable, value, strata)
            ]
    if strata == "programme":
        rows = [row | {"programme": "all"} for row in rows]
    return result(rows, groups, EXTRA)


def _of_pair(pair: Pair, variable: str, value: object, strata: str) -> list[dict[str, Any]]:
    parts = []
    for persons in pair.persons:
        own = persons if persons is not None else pd.DataFrame(columns=[variable, strata])
        given = own[own[variable].notna().to_numpy(bool) & own[strata].notna().to_numpy(bool)]
        parts.append((given[strata].astype(str), (given[variable] == value).fillna(False).to_numpy(bool)))
    hits = [hit for _, hit in parts]
    row = counted(pair, hits) | {"test": "", "method": "none"}
    names = dict.fromkeys([*parts[0][0], *parts[1][0]])
    table = np.array([[_cells(name, *part) for part in parts] for name in names], float).reshape(-1, 2, 2)
    informative = table[(table.sum(2) > 0).all(1)]
    row |= {"strata": len(informative), "strata_left_out": len(table) - len(informative)}
    note = why_not_compared(pair.persons, variable, [len(hit) for hit in hits])
    if not note and not len(informative):
        note = "one_group_empty"
    if not note and not informative.sum((0, 1)).all():
        note = "no_variation"
    if note:
        return [row | {"measure": _measure(name), "note": note} for name in MEASURES]
    tests = _tests(informative)
    level = pair.common["level"]
    return [row | _estimated(name, informative, tests, level) for name in MEASURES]


def _cells(name: str, strata: pd.Series, hits: np.ndarray) -> tuple[int, int]:
    own = hits[(strata == name).to_numpy(bool)]
    return int(own.sum()), int((~own).sum())


def _measure(name: str) -> str:
    return "risk_difference" if name == "standardised" else name


def _tests(table: Floats) -> dict[str, Any]:
    """The tests of the common odds ratio, over the strata in which both answers occur."""
    from scipy.stats import chi2
    from statsmodels.stats.contingency_tables import StratifiedTable

    varied = table[(table.sum(1) > 0).all(1)]
    found = StratifiedTable(np.moveaxis(varied, 0, 2))
    statistic = float(found.test_null_odds().statistic)
    row = {
        "statistic": statistic,
        "df": 1,
        "p_value": float(chi2.sf(statistic, 1)),
        "test": "mantel_haenszel",
    }
    odds = float(np.sum(found._bc / found._n))
    if len(varied) < 2 or not odds or not found.oddsratio_pooled > 0:
        return row
    if found.oddsratio_pooled == 1:
        # Where the common odds ratio is 1, statsmodels' quadratic has no square term and gives nothing.
        varied = varied * (1 + 1e-9 * np.array([[1, -1], [-1, 1]]))
        found = StratifiedTable(np.moveaxis(varied, 0, 2))
    tarone = float(found.test_equal_odds(adjust=True).statistic)
    return row | {"homogeneity": tarone, "p_homogeneity": float(chi2.sf(tarone, len(varied) - 1))}


def _estimated(name: str, table: Floats, tests: dict[str, Any], level: float) -> dict[str, Any]:
    from scipy.stats import norm

    row = (tests if name != "standardised" else {}) | {"measure": _measure(name)}
    method = "standardised" if name == "standardised" else "mantel_haenszel"
    estimate, error = FORMULAS[name](table)
    if not np.isfinite(estimate):
        return row | {"note": "few_events"}
    row |= {"estimate": estimate, "method": method}
    if not error > 0 or not np.isfinite(error):
        return row | {"note": "few_events"}
    reach = norm.ppf(0.5 + level / 2) * error
    if name in ("odds_ratio", "ratio"):
        low, high = np.exp(np.log(estimate) + np.array([-reach, reach]))
        return row | {"std_error": estimate * error, "conf_low": low, "conf_high": high}
    return row | {"std_error": error, "conf_low": estimate - reach, "conf_high": estimate + reach}


def _odds_ratio(table: Floats) -> tuple[float, float]:
    """The common odds ratio and the error of its logarithm (Robins, Breslow and Greenland 1986)."""
    from statsmodels.stats.contingency_tables import StratifiedTable

    found = StratifiedTable(np.moveaxis(table, 0, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(found.oddsratio_pooled), float(found.logodds_pooled_se)


def _ratio(table: Floats) -> tuple[float, float]:
    """The common ratio of shares and the error of its logarithm (Greenland and Robins 1985)."""
    x1, x2, n1, n2 = _parts(table)
    n = n1 + n2
    above, below = (x1 * n2 / n).sum(), (x2 * n1 / n).sum()
    variance = ((n1 * n2 * (x1 + x2) - x1 * x2 * n) / n**2).sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(above / below), float(np.sqrt(variance / (above * below)))


def _risk_difference(table: Floats) -> tuple[float, float]:
    """The common difference of shares and its error (Sato, Greenland and Robins 1989)."""
    x1, x2, n1, n2 = _parts(table)
    n, weight = n1 + n2, (n1 * n2 / (n1 + n2)).sum()
    estimate = ((x1 * n2 - x2 * n1) / n).sum() / weight
    skew = ((n1**2 * x2 - n2**2 * x1 + n1 * n2 * (n2 - n1) / 2) / n**2).sum()
    spread = ((x1 * (n2 - x2) + x2 * (n1 - x1)) / (2 * n)).sum()
    return float(estimate), float(np.sqrt(max(estimate * skew + spread, 0)) / weight)


def _standardised(table: Floats) -> tuple[float, float]:
    """The differences of the strata, weighted by how many persons each stratum has."""
    x1, x2, n1, n2 = _parts(table)
    weight = (n1 + n2) / (n1 + n2).sum()
    variance = (weight**2 * (x1 * (n1 - x1) / n1**3 + x2 * (n2 - x2) / n2**3)).sum()
    return float((weight * (x1 / n1 - x2 / n2)).sum()), float(np.sqrt(variance))


def _parts(table: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    return table[:, 0, 0], table[:, 1, 0], table[:, 0].sum(1), table[:, 1].sum(1)


FORMULAS = dict(zip(MEASURES, (_odds_ratio, _ratio, _risk_difference, _standardised), strict=True))
