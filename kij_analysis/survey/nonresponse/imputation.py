"""Missing answers drawn several times over from what else is known of a person (chained equations)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kij_analysis.errors import UsageError, did_you_mean, listed
from kij_analysis.survey.design import Floats
from kij_analysis.survey.nonresponse.logistic import drawn_chances

CYCLES = 5
DONORS = 5
PRIOR = 2.5
"""The standard deviation of the prior of a slope, per standard deviation of its column."""
WIDE = 10.0


@dataclass
class _Column:
    """A column while it is being filled, chain × row: numbers, or the places of categories."""

    name: str
    values: Floats
    missing: NDArray[np.bool_]
    categories: int  # 0 for a number

    def encoded(self) -> Floats:
        """As columns of a model: standardised numbers, or categories but the first."""
        if not self.categories:
            middle, spread = self.values.mean(axis=1, keepdims=True), self.values.std(axis=1, keepdims=True)
            return ((self.values - middle) / np.where(spread > 0, spread, 1.0))[:, :, None]
        return (self.values[:, :, None] == np.arange(1, self.categories)).astype(float)


def impute(
    frame: pd.DataFrame,
    columns: Sequence[str] = (),
    *,
    m: int = 50,
    cycles: int = CYCLES,
    seed: int = 20261121,
) -> pd.DataFrame:
    """The frame several times over, each time with its empty cells drawn anew.

    Each column in turn is drawn from a model of all others: true and false by logistic regression, categories
    by one logistic regression after another (this one or a later one), numbers from the five persons who are
    nearest by predicted value. All models draw their coefficients too, so that what is not known of them
    stays in the spread of the results. It is right where answers are missing at random given these columns,
    and no further; `nonresponse` shows what else may be.

    Parameters
    ----------
    columns
        The columns that are filled, and that tell about each other; all if empty.
    m
        How many times; not fewer than the percentage of persons with an empty cell is a usual rule.
    cycles
        How many rounds over the columns, from random values on.
    seed
        The same seed gives the same draws.

    Returns
    -------
    DataFrame
        The columns with `imputation` (1 to m) and `row` (the place in the frame) before them.

    Raises
    ------
    UsageError
        If a column is missing, holds dates or texts, or has no value at all.

    Notes
    -----
    van Buuren and Groothuis-Oudshoorn 2011 (J. Stat. Softw. 45(3)); predictive mean matching after Little
    1988 (J. Bus. Econ. Stat. 6: 287–296); rule for m: White, Royston and Wood 2011 (Stat. Med. 30: 377–399).
    Slopes of logistic models have weak normal priors, so that a rare answer does not stop them. statsmodels'
    MICEData draws from a random generator that is shared by the whole program, and has no model for
    categories.

    Examples
    --------
    >>> given = pd.DataFrame({"before": [True, False] * 10, "after": pd.array([True, False, None] * 6
    ...     + [True, None], dtype="boolean")})
    >>> found = impute(given, m=3, seed=1)
    >>> len(found), int(found["after"].isna().sum())
    (60, 0)
    """
    names = list(columns) or list(frame.columns)
    if m < 1 or cycles < 1:
        raise UsageError(f"There are {m} imputations of {cycles} cycles.", fix="Give one or more of each.")
    if absent := [name for name in names if name not in frame.columns]:
        raise UsageError(f"The frame lacks {listed(absent)}.", fix=did_you_mean(absent[0], frame.columns))
    if empty := [name for name in names if frame[name].isna().all()]:
        raise UsageError(f"Nothing is known of {listed(empty)}.", fix="Leave these columns out.")
    filled = _filled([_column(frame, name) for name in names], m, cycles, np.random.default_rng(seed))
    front = {
        "imputation": np.repeat(np.arange(1, m + 1), len(frame)),
        "row": np.tile(np.arange(len(frame)), m),
    }
    return pd.DataFrame(front | {own.name: _decoded(frame[own.name], own) for own in filled})


def _column(frame: pd.DataFrame, name: str) -> _Column:
    column = frame[name]
    missing = column.isna().to_numpy(bool)
    if isinstance(column.dtype, pd.CategoricalDtype):
        used = [place for place, code in enumerate(column.cat.categories) if (column == code).any()]
        places = np.searchsorted(used, column.cat.codes.to_numpy()).astype(float)
        return _Column(name, np.where(missing, 0.0, places), missing, len(used))
    if pd.api.types.is_bool_dtype(column.dtype):
        values = column.astype("boolean").to_numpy("float64", na_value=0.0)
        return _Column(name, values, missing, 2)
    if not pd.api.types.is_numeric_dtype(column.dtype):
        raise UsageError(
            f"'{name}' holds neither numbers nor categories, so it cannot be drawn.",
            fix="Make it a category, or leave it out.",
        )
    return _Column(name, column.astype("Float64").to_numpy("float64", na_value=0.0), missing, 0)


def _decoded(column: pd.Series, own: _Column) -> pd.Series:
    values = own.values.ravel()
    if isinstance(column.dtype, pd.CategoricalDtype):
        used = [place for place, code in enumerate(column.cat.categories) if (column == code).any()]
        return pd.Series(pd.Categorical.from_codes(np.asarray(used)[values.astype(int)], dtype=column.dtype))
    if pd.api.types.is_bool_dtype(column.dtype):
        return pd.Series(values > 0.5, dtype="boolean")
    return pd.Series(values)


def _filled(columns: list[_Column], m: int, cycles: int, rng: np.random.Generator) -> list[_Column]:
    """The columns with their empty cells drawn, in m chains at once, round after round."""
    for own in columns:
        own.values = np.tile(own.values, (m, 1))
        own.values[:, own.missing] = rng.choice(own.values[0, ~own.missing], (m, own.missing.sum()))
    order = sorted((own for own in columns if own.missing.any()), key=lambda own: own.missing.sum())
    for _ in range(cycles):
        for own in order:
            others = [other.encoded() for other in columns if other is not own]
            x = np.concatenate([np.ones((m, len(own.missing), 1)), *others], axis=2)
            own.values[:, own.missing] = _drawn(x, own, rng)
    return columns


def _drawn(x: Floats, own: _Column, rng: np.random.Generator) -> Floats:
    given, known = ~own.missing, own.values[0]
    shape = (len(x), int(own.missing.sum()))
    if len(np.unique(known[given])) == 1:
        return np.full(shape, known[given][0])
    if not own.categories:
        return np.stack([_nearest(one[given], known[given], one[own.missing], rng) for one in x])
    spread = x.std(axis=1)
    prior = PRIOR / np.where(spread > 0, spread, 1.0)
    prior[:, 0] = WIDE
    drawn, open_rows = np.full(shape, float(own.categories - 1)), np.ones(shape, dtype=bool)
    for place in range(own.categories - 1):
        # Among those who are in none of the earlier categories: this one, or a later one?
        left = given & (known >= place)
        hit = (known[left] == place).astype(float)
        chance = drawn_chances(x[:, left], hit, x[:, own.missing], prior, rng)
        now = open_rows & (rng.random(shape) < chance)
        drawn[now] = place
        open_rows &= ~now
    return drawn


def _nearest(x: Floats, y: Floats, at: Floats, rng: np.random.Generator) -> Floats:
    """Values of persons whose predicted value is near the one predicted with drawn coefficients."""
    bend = x.T @ x
    bend += 1e-5 * np.diag(np.maximum(np.diag(bend), 1e-8))
    inverse = np.linalg.inv(bend)
    slopes = inverse @ x.T @ y
    left = max(len(y) - x.shape[1], 1)
    sigma = np.sqrt(((y - x @ slopes) ** 2).sum() / rng.chisquare(left))
    drawn = slopes + sigma * np.linalg.cholesky(inverse) @ rng.standard_normal(len(slopes))
    near = np.abs((at @ drawn)[:, None] - (x @ slopes)[None, :]) + 1e-9 * rng.random((len(at), len(y)))
    donors = np.argsort(near, axis=1)[:, : min(DONORS, len(y))]
    chosen = donors[np.arange(len(at)), rng.integers(0, donors.shape[1], len(at))]
    return np.asarray(y[chosen])
