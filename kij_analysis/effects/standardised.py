"""Changes in standard deviations, with intervals from the noncentral t distribution."""

from __future__ import annotations

import math
from collections.abc import Sequence
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
)
from kij_analysis.effects.roles import one_role
from kij_analysis.errors import UsageError, listed
from kij_analysis.survey.groups import check_columns, grouped, named, numbers, result
from kij_analysis.survey.repeated import repeated, why_no_pairs

SIZES = ("d_z", "d_av", "g_z", "g_av")


def standardised(
    answers: pd.DataFrame,
    variables: str | Sequence[str] = RATINGS,
    *,
    wave: tuple[str, str] = ("entry", "end"),
    sizes: str | Sequence[str] = "g_av",
    by: str | Sequence[str] = "programme",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """How much numbers have changed in the same persons, in standard deviations.

    Scales of different length may so be set beside each other; they are no more comparable in what they ask.

    Parameters
    ----------
    answers, variables, wave, by, population, level
        As in `change`; the variables are numbers.
    sizes
        ``"d_z"``: in standard deviations of the change, large where everybody changes alike. ``"d_av"``: in
        the standard deviation of the answers, the two times averaged; the one to compare with other studies.
        ``"g_z"`` and ``"g_av"``: the same with the correction of Hedges for few persons.

    Returns
    -------
    DataFrame
        Estimates with measure *change*, `unit` and `category` the size; otherwise as of `change`. Fewer than
        two persons: *too_few*. No spread: *no_variation*.

    Raises
    ------
    UsageError
        As `change` does, and if a size is not known or a column holds no numbers.

    Notes
    -----
    d_z is the mean change over its standard deviation, d_av over √((s₁² + s₂²)/2) (Cumming 2012; Lakens 2013,
    doi 10.3389/fpsyg.2013.00863). The interval of d_z inverts the noncentral t distribution with n − 1
    degrees of freedom (Cumming and Finch 2001); that of d_av is the same one rescaled (Algina and Keselman
    2003). Hedges' factor is Γ(m/2)/(√(m/2) Γ((m − 1)/2)) with m = n − 1 (Hedges 1981), applied to the
    estimate and both ends.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": "fika", "person_id": [*"abcd"] * 2, "gender": "woman",
    ...     "wave": ["entry"] * 4 + ["end"] * 4, "confidence_score": [20, 40, 60, 40, 40, 40, 80, 60],
    ...     "data_status": "synthetic"})
    >>> standardised(answers, "confidence", sizes="d_z").round(2)[["estimate", "conf_low"]].values.tolist()
    [[1.5, -0.04]]
    """
    chosen = [sizes] if isinstance(sizes, str) else list(sizes)
    strange = [size for size in chosen if size not in SIZES]
    if strange or not chosen:
        raise UsageError(f"There is no effect size {listed(strange)}.", fix=f"Known: {listed(SIZES)}.")
    groups, names = named(by), columns_of(answers, variables)
    check_columns(answers, [*names, "wave", "person_id"], groups)
    one_role(answers, groups)
    whole, keys = repeated(answers, wave, groups)
    rows: list[dict[str, Any]] = []
    for name in names:
        values = numbers(whole, name)
        for group in grouped(whole, name, groups, population=population, level=level):
            first, second, missing = both_times(group, values, keys, wave)
            row = group.common | {"measure": "change", "n": len(first), "missing": missing}
            row |= dict(zip(("wave_1", "wave_2"), wave, strict=True))
            note = why_no_pairs(group.persons, name, wave) if not len(first) else ""
            for size in chosen:
                own = {"note": note, "method": "none"} if note else _with_size(first, second, size, level)
                rows.append(row | {"category": size, "unit": size} | own)
    return claims.declare(result(rows, groups, EXTRA), design="before_after", estimand="standardised_change")


def effect_size(
    first: np.ndarray, second: np.ndarray, size: str = "g_av", *, level: float = 0.95
) -> tuple[float, float, float]:
    """A standardised paired change with its interval; missing where it has none.

    Examples
    --------
    >>> one = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
    >>> two = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
    >>> [round(number, 2) for number in effect_size(one, two, "d_z")]
    [1.28, 0.41, 2.12]
    """
    differences, n = second - first, len(first)
    if n < 2:
        return (math.nan,) * 3
    spread = float(differences.std(ddof=1))
    average = math.sqrt((float(first.var(ddof=1)) + float(second.var(ddof=1))) / 2)
    if spread < 1e-12 or average < 1e-12:
        return (math.nan,) * 3
    statistic = float(differences.mean()) / spread * math.sqrt(n)
    unit = (1.0 if size.endswith("z") else spread / average) * (hedges(n - 1) if size[0] == "g" else 1.0)
    low, high = noncentrality(statistic, n - 1, level=level)
    return tuple(number / math.sqrt(n) * unit for number in (statistic, low, high))  # type: ignore[return-value]


def hedges(df: int) -> float:
    """Hedges' factor for few persons; with one degree of freedom it is 0, for many nearly 1.

    Examples
    --------
    >>> round(hedges(9), 4), round(hedges(99), 4)
    (0.9139, 0.9924)
    """
    if df < 2:
        return math.nan
    return math.exp(math.lgamma(df / 2) - math.lgamma((df - 1) / 2)) / math.sqrt(df / 2)


def noncentrality(statistic: float, df: int, *, level: float = 0.95) -> tuple[float, float]:
    """The noncentralities of t for which a statistic lies at the ends of what is to be expected.

    Examples
    --------
    >>> low, high = noncentrality(4.0621, 9)
    >>> round(low, 2), round(high, 2)
    (1.31, 6.7)
    """
    from scipy.optimize import brentq
    from scipy.stats import nct

    ends = []
    for tail in (0.5 + level / 2, 0.5 - level / 2):
        reach = next((r for r in 4.0 * 2.0 ** np.arange(12) if _brackets(statistic, df, r, tail)), None)
        if reach is None:
            return math.nan, math.nan
        bounds = (statistic - reach, statistic + reach)
        ends.append(float(brentq(lambda ncp, tail=tail: nct.cdf(statistic, df, ncp) - tail, *bounds)))
    return ends[0], ends[1]


def _brackets(statistic: float, df: int, reach: float, tail: float) -> bool:
    """Whether the noncentrality that is sought lies within reach of the statistic."""
    from scipy.stats import nct

    below, above = (nct.cdf(statistic, df, statistic + way * reach) for way in (-1, 1))
    return bool(below > tail > above)


def _with_size(first: np.ndarray, second: np.ndarray, size: str, level: float) -> dict[str, Any]:
    row = described(first, second) | {"method": "noncentral_t", "df": len(first) - 1}
    estimate, low, high = effect_size(first, second, size, level=level)
    if math.isnan(estimate):
        few = len(first) < 2 or (size[0] == "g" and len(first) < 3)
        return row | {"note": "too_few" if few else "no_variation", "method": "none"}
    return row | {"estimate": estimate, "conf_low": low, "conf_high": high}
