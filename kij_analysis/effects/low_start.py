"""Regression to the mean: how much of a change a low start alone lets us expect."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import claims
from kij_analysis.effects.change import (
    EXTRA,
    RATINGS,
    both_times,
    columns_of,
    described,
    mean_change,
)
from kij_analysis.effects.roles import one_role
from kij_analysis.errors import UsageError
from kij_analysis.survey.groups import Group, check_columns, grouped, named, numbers, result
from kij_analysis.survey.repeated import repeated, why_no_pairs

PARTS = ("lowest", "middle", "highest")
FEWEST = 10
"""The fewest persons asked twice from whom a correlation is taken."""


def expected_regression(
    mean: float, sd: float, correlation: float, *, start: float | None = None, below: float | None = None
) -> float:
    """How far a mean is expected to move towards the population's when nothing has happened.

    Parameters
    ----------
    mean, sd
        Of the population from which people come.
    correlation
        Between two measurements of the same person when nothing happens in between.
    start
        The mean with which the group began; or
    below
        the value below which everybody in the group began.

    Raises
    ------
    UsageError
        If both or neither of the last two are given, or the numbers cannot be.

    Notes
    -----
    (1 − ρ)(μ − start); for a cut, σ(1 − ρ) φ(z)/Φ(z) with z = (cut − μ)/σ (Davis 1976, doi
    10.1093/oxfordjournals.aje.a112321; Barnett, van der Pols and Dobson 2005, doi 10.1093/ije/dyh299).

    Examples
    --------
    >>> round(expected_regression(60, 20, 0.7, start=45), 1)
    4.5
    >>> round(expected_regression(60, 20, 0.7, below=50), 2)
    6.85
    """
    from scipy.stats import norm

    if (start is None) == (below is None):
        raise UsageError("Give either where the group began or the cut below which it began.")
    if not -1 <= correlation <= 1 or sd < 0:
        raise UsageError(f"A correlation of {correlation:g} or a standard deviation of {sd:g} cannot be.")
    if start is not None:
        return (1 - correlation) * (mean - start)
    cut = (float(below or 0.0) - mean) / sd
    return float(sd * (1 - correlation) * math.exp(norm.logpdf(cut) - norm.logcdf(cut)))


def low_start(
    answers: pd.DataFrame,
    variables: str | Sequence[str] = RATINGS,
    *,
    wave: tuple[str, str] = ("entry", "end"),
    retest: tuple[str, str] | None = ("end", "follow_up"),
    usual: Mapping[str, float] | None = None,
    by: str | Sequence[str] = "programme",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """The change of those who began low, in the middle and high, beside what regression to the mean predicts.

    If everybody had changed alike, those who began lowest would still gain most, because a low answer is in
    part a bad day. For each third (by the answer at the first time) stand the change that is observed and the
    one to be expected if all had changed by the mean.

    Parameters
    ----------
    answers, variables, wave, by, population, level
        As in `change`; the variables are numbers.
    retest
        Two times between which little happened; the correlation of the same persons' answers is taken from
        them. None, or where fewer than ten answered both: from the two times compared, which mixes true
        differences in change into it.
    usual
        Where women like these stand as a rule, by column; an assumption from elsewhere. With it a further row
        tells how much of the mean change is to be expected from having begun below.

    Returns
    -------
    DataFrame
        Estimates with measure *change* and `unit` *points*: for each `part` (*lowest*, *middle*, *highest*)
        a row with the category *observed* and one with *expected*; then one row with the part *everybody* and
        category *dip*: how far below their usual level people must have begun for regression alone to give
        the mean change; and with `usual` the category *expected* of everybody. To the right also `retest`
        (that correlation) and as in `change`.

    Raises
    ------
    UsageError
        As `change` does.

    Notes
    -----
    Expected in a part: mean change + (1 − ρ)(mean at the start − mean of the part at the start); see
    `expected_regression`. The interval of the expected change is that of ρ alone (Fisher's z).

    Examples
    --------
    >>> scores = [0, 20, 40, 60, 80, 100] * 2
    >>> answers = pd.DataFrame({"programme": "fika", "person_id": [*range(12)] * 2, "gender": "woman",
    ...     "wave": ["entry"] * 12 + ["end"] * 12, "data_status": "synthetic",
    ...     "confidence_score": scores + [30, 40, 50, 60, 70, 80] * 2})
    >>> found = low_start(answers, "confidence", retest=None)
    >>> found.loc[found["part"] == "lowest", ["category", "estimate"]].round(1).values.tolist()
    [['observed', 25.0], ['expected', 5.0]]
    """
    groups, names = named(by), columns_of(answers, variables)
    check_columns(answers, [*names, "wave", "person_id"], groups)
    one_role(answers, groups)
    times = list(dict.fromkeys([*wave, *(retest or ())]))
    known = set(answers["wave"].dropna())
    whole, keys = repeated(answers, [one for one in times if one in known or one in wave], groups)
    rows: list[dict[str, Any]] = []
    for name in names:
        values = numbers(whole, name)
        for group in grouped(whole, name, groups, population=population, level=level):
            rows += _of_group(group, values, keys, wave, retest, (usual or {}).get(name))
    found = result(rows, groups, ["part", "retest", *EXTRA])
    return claims.declare(
        found, design="before_after", estimand="regression_to_mean", without=["entry_not_low"]
    )


def _of_group(
    group: Group,
    values: pd.Series,
    keys: list[str],
    wave: tuple[str, str],
    retest: tuple[str, str] | None,
    usual: float | None,
) -> list[dict[str, Any]]:
    first, second, missing = both_times(group, values, keys, wave)
    row = group.common | {"measure": "change", "unit": "points", "missing": missing}
    row |= dict(zip(("wave_1", "wave_2"), wave, strict=True))
    place = row["group"]
    if len(first) < FEWEST:
        why = "too_few" if len(first) else why_no_pairs(group.persons, str(row["variable"]), wave)
        return [
            row | {"part": part, "category": what, "n": len(first), "note": why, "method": "none"}
            | {"group": "|".join(text for text in (place, part) if text)}
            for part in PARTS
            for what in ("observed", "expected")
        ]  # fmt: skip
    rho, persons = _retest(group, values, keys, wave, retest)
    reach = _fisher(rho, persons, row["level"])
    rows, change = [], float((second - first).mean())
    for part, these in zip(PARTS, _thirds(first), strict=True):
        own = row | {"part": part, "n": int(these.sum()), "retest": rho}
        own |= {"group": "|".join(text for text in (place, part) if text)}
        if not these.any():
            rows += [own | {"category": c, "note": "no_answers"} for c in ("observed", "expected")]
            continue
        own |= described(first[these], second[these])
        rows.append(own | {"category": "observed"} | mean_change(first[these], second[these], row["level"]))
        gap = float(first.mean() - first[these].mean())
        rows.append(own | {"category": "expected"} | _expected(change, gap, rho, reach))
    everybody = row | {"part": "everybody", "n": len(first), "retest": rho} | described(first, second)
    everybody["group"] = "|".join(text for text in (place, "everybody") if text)
    rows.append(everybody | {"category": "dip"} | _dip(change, rho))
    if usual is not None:
        gap = usual - float(first.mean())
        rows.append(everybody | {"category": "expected"} | _expected(0.0, gap, rho, reach))
    return rows


def _thirds(first: np.ndarray) -> list[np.ndarray]:
    """Who is in the lowest, middle and highest third; equal answers stay together."""
    cuts = np.quantile(first, [1 / 3, 2 / 3])
    low = first <= cuts[0]
    high = (first > cuts[1]) & ~low
    return [low, ~low & ~high, high]


def _retest(
    group: Group,
    values: pd.Series,
    keys: list[str],
    wave: tuple[str, str],
    retest: tuple[str, str] | None,
) -> tuple[float, int]:
    """The correlation of the same persons' answers when little happens, and from how many it comes."""
    for times in (retest, wave):
        if times is None:
            continue
        one, other, _ = both_times(group, values, keys, times)
        if len(one) >= FEWEST and one.std() > 0 and other.std() > 0:
            return float(np.corrcoef(one, other)[0, 1]), len(one)
    return math.nan, 0


def _fisher(rho: float, persons: int, level: float) -> tuple[float, float]:
    from scipy.stats import norm

    if math.isnan(rho) or abs(rho) >= 1 or persons <= 3:
        return rho, rho
    wide = float(norm.ppf(0.5 + level / 2)) / math.sqrt(persons - 3)
    return math.tanh(math.atanh(rho) - wide), math.tanh(math.atanh(rho) + wide)


def _expected(change: float, gap: float, rho: float, reach: tuple[float, float]) -> dict[str, Any]:
    if math.isnan(rho):
        return {"note": "no_variation", "method": "none"}
    ends = sorted(change + (1 - own) * gap for own in reach)
    interval = {"conf_low": ends[0], "conf_high": ends[1], "method": "regression_to_mean"}
    return {"estimate": change + (1 - rho) * gap} | interval


def _dip(change: float, rho: float) -> dict[str, Any]:
    """How far below the usual level people must have begun for regression alone to give the change."""
    if math.isnan(rho) or rho >= 1:
        return {"note": "no_variation", "method": "none"}
    return {"estimate": change / (1 - rho), "method": "regression_to_mean"}
