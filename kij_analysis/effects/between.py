"""Whether groups have changed differently, among those who began alike or among all who answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import claims
from kij_analysis.effects.change import RATINGS, columns_of
from kij_analysis.effects.roles import one_role
from kij_analysis.errors import UsageError, one_of
from kij_analysis.survey.groups import (
    BESIDE,
    Pair,
    check_columns,
    compared,
    named,
    numbers,
    result,
    why_not_compared,
)
from kij_analysis.survey.repeated import repeated

MODELS = ("ancova", "longitudinal")
EXTRA = ("first", "second", "n_1", "n_2", *BESIDE, "df", "unit", "wave_1", "wave_2", "model")


def change_between(
    answers: pd.DataFrame,
    variables: str | Sequence[str] = RATINGS,
    *,
    between: str,
    reference: str = "",
    wave: tuple[str, str] = ("entry", "end"),
    model: str = "ancova",
    covariates: Sequence[str] = (),
    constrained: bool = False,
    within: str | Sequence[str] = (),
    design: str = "comparison_raw",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """How much more one group has changed than another.

    Parameters
    ----------
    answers, variables, wave, population, level
        As in `change`; the variables are numbers.
    between
        The column whose groups are compared, as it was at the first time; every two of them, or each with
        the `reference`.
    model
        ``"ancova"``: the difference at the second time between persons who began alike, among those who
        answered both times. ``"longitudinal"``: the difference between the changes, in a mixed model with an
        intercept for each person, which also uses those who answered once (as if what they did not say
        depended on what they did say only).
    covariates
        Further columns held equal, as they were at the first time: numbers, categories, true and false.
    constrained
        For the longitudinal model: whether both groups are taken to have begun alike, as after a draw by lot.
    within
        Columns within whose groups is compared.
    design
        How the groups came about: a code of `kij_analysis.claims.DESIGNS`.

    Returns
    -------
    DataFrame
        Estimates with measure *difference* and `unit` *points*, the first group less the second; to the right
        `first`, `second`, `n_1`, `n_2` (who answered both times), those of `change` and `model`. A group
        without answers: *one_group_empty*; too few for the model: *too_few*.

    Raises
    ------
    UsageError
        As `change` does, if a model or a covariate is not known, or no group is the reference.

    Notes
    -----
    ANCOVA: least squares with HC3 errors and t intervals (Vickers and Altman 2001; Long and Ervin 2000).
    Longitudinal: restricted maximum likelihood (statsmodels MixedLM), t with as many degrees of freedom as
    persons answered both times, less 2; constrained: Liang and Zeger 2000.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": "fika", "person_id": [*range(12)] * 2, "gender": "woman",
    ...     "wave": ["entry"] * 12 + ["end"] * 12, "data_status": "synthetic", "round": ["a", "b"] * 12,
    ...     "confidence_score": [20, 40, 60, 40, 40, 20] * 2 + [40, 40, 80, 60, 70, 20] * 2})
    >>> found = change_between(answers, "confidence", between="round")
    >>> found[["group", "estimate", "n_1", "n_2"]].round(1).values.tolist()
    [['a-b', 15.8, 6.0, 6.0]]
    """
    one_of(model, MODELS, name="The model")
    groups, names = named(within), columns_of(answers, variables)
    check_columns(answers, [*names, "wave", "person_id", *covariates], [between, *groups])
    one_role(answers, [between, *groups])
    whole, keys = repeated(answers, wave, [between, *groups, *covariates])
    rows = []
    for name in names:
        values = numbers(whole, name)
        kept = whole.assign(value=values)
        for pair in compared(
            kept, name, between, within=groups, reference=reference, population=population, level=level
        ):
            row = pair.common | {"measure": "difference", "unit": "points", "model": model}
            row |= dict(zip(("wave_1", "wave_2"), wave, strict=True))
            rows.append(row | _compared(pair, name, keys, wave, model, covariates, constrained))
    found = result(rows, groups, EXTRA)
    estimand = "adjusted_difference" if model == "ancova" else "mean_difference"
    return claims.declare(found, design=design, estimand=estimand)


def _compared(
    pair: Pair,
    name: str,
    keys: list[str],
    wave: tuple[str, str],
    model: str,
    covariates: Sequence[str],
    constrained: bool,
) -> dict[str, Any]:
    answers = [persons for persons in pair.persons if persons is not None]
    wide = [_wide(persons, keys, wave, covariates) for persons in answers]
    complete = [own.dropna(subset=list(wave)) for own in wide]
    sizes = [len(own) for own in complete] + [0] * (2 - len(complete))
    row = {"n_1": sizes[0], "n_2": sizes[1], "n": sum(sizes), "method": "none"}
    row["missing"] = sum(map(len, wide)) - sum(sizes)
    why = why_not_compared(pair.persons, name, sizes)
    if why:
        return row | {"note": why}
    used = complete if model == "ancova" else wide
    together = pd.concat([own.assign(group=1.0 - place) for place, own in enumerate(used)], ignore_index=True)
    together = together.dropna(subset=list(covariates))
    fit = _ancova if model == "ancova" else _longitudinal
    if min(sizes) < 2:
        return row | {"note": "too_few"}
    return row | fit(together, wave, _design(together, covariates), constrained, pair.common["level"])


def _wide(
    persons: pd.DataFrame, keys: list[str], wave: tuple[str, str], covariates: Sequence[str]
) -> pd.DataFrame:
    """One row for each person: the two answers, and the covariates as they were first."""
    rows = persons.groupby(keys, sort=False, dropna=False)
    own = rows[list(covariates)].first() if covariates else pd.DataFrame(index=rows.size().index)
    for one in wave:
        own[one] = persons[persons["wave"] == one].set_index(keys)["value"].reindex(own.index)
    return own[own[list(wave)].notna().any(axis=1)].reset_index(drop=True)


def _design(frame: pd.DataFrame, covariates: Sequence[str]) -> np.ndarray:
    """The covariates as columns of numbers, those without spread left out."""
    if not covariates:
        return np.empty((len(frame), 0))
    plain = frame[list(covariates)]
    for name in plain.columns:
        if pd.api.types.is_datetime64_any_dtype(plain[name].dtype):
            raise UsageError(f"'{name}' holds dates.", fix="Use a number, a category, or true and false.")
        if pd.api.types.is_bool_dtype(plain[name].dtype):
            plain = plain.assign(**{name: plain[name].astype("float64")})
    columns = pd.get_dummies(plain, drop_first=True).astype("float64")
    varying = columns.loc[:, columns.nunique() > 1]
    return varying.to_numpy()


def _ancova(
    frame: pd.DataFrame, wave: tuple[str, str], more: np.ndarray, _: bool, level: float
) -> dict[str, Any]:
    from scipy.stats import t
    from statsmodels.regression.linear_model import OLS

    first, second = (frame[one].to_numpy(float) for one in wave)
    start = first[:, None] - first.mean()
    columns = [np.ones((len(frame), 1)), frame[["group"]].to_numpy(), *([start] if start.any() else []), more]
    matrix = np.hstack(columns)
    df = len(frame) - np.linalg.matrix_rank(matrix)
    if df < 1:
        return {"note": "too_few"}
    fit = OLS(second, matrix).fit()
    if np.allclose(fit.resid, 0):
        return {"note": "no_variation"}
    error = float(np.sqrt(fit.cov_HC3[1, 1]))
    if not np.isfinite(error) or error < 1e-12:
        return {"note": "too_few"}
    return _row(float(fit.params[1]), error, float(t.ppf(0.5 + level / 2, df)), df, "ancova")


def _longitudinal(
    frame: pd.DataFrame, wave: tuple[str, str], more: np.ndarray, constrained: bool, level: float
) -> dict[str, Any]:
    """The interaction of group and time in a model with an intercept for each person."""
    import warnings

    from scipy.stats import t
    from statsmodels.regression.mixed_linear_model import MixedLM

    both = int(frame[list(wave)].notna().all(axis=1).sum())
    parts, persons, values = [], [], []
    for later, one in enumerate(wave):
        there = frame[one].notna().to_numpy()
        group, time = frame["group"].to_numpy()[there], np.full(there.sum(), float(later))
        first = [np.ones_like(time), time, group * time]
        parts.append(np.column_stack([*first, *([] if constrained else [group]), more[there]]))
        persons.append(np.flatnonzero(there))
        values.append(frame[one].to_numpy(float)[there])
    matrix, answers = np.vstack(parts), np.concatenate(values)
    df = both - 2
    if df < 1 or np.linalg.matrix_rank(matrix) < matrix.shape[1]:
        return {"note": "too_few"}
    if np.ptp(answers) == 0:
        return {"note": "no_variation"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a variance of 0 between persons is a result, not a failure
        try:
            fit = MixedLM(answers, matrix, groups=np.concatenate(persons)).fit(reml=True)
        except np.linalg.LinAlgError:
            return {"note": "no_variation"}
    error = float(fit.bse_fe[2])
    if not np.isfinite(error) or error < 1e-12:
        return {"note": "no_variation"}
    return _row(float(fit.fe_params[2]), error, float(t.ppf(0.5 + level / 2, df)), df, "mixed")


def _row(estimate: float, error: float, steps: float, df: int, method: str) -> dict[str, Any]:
    from scipy.stats import t

    row = {"estimate": estimate, "std_error": error, "method": method, "df": df}
    row |= {"conf_low": estimate - steps * error, "conf_high": estimate + steps * error}
    return row | {"p_value": 2 * float(t.sf(abs(estimate) / error, df))}
