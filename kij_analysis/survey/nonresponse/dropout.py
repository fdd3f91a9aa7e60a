"""Persons who answer a later wave weighted up for those who do not, by what was known of both at entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kij_analysis.errors import UsageError, did_you_mean, listed
from kij_analysis.survey.design import Floats
from kij_analysis.survey.nonresponse.logistic import logistic

PER_COEFFICIENT = 3
"""How many who answered, and how many who did not, each coefficient of the model needs at least."""


@dataclass(frozen=True, kw_only=True)
class DropOut:
    """The chance of each person to answer, and the weights of those who did; `note` says why there are none.

    `stabilised` is the share of those who answered, divided by the person's chance: their mean is near 1.
    `columns` are those of the model.
    """

    note: str
    answered: NDArray[np.bool_]
    chance: Floats
    columns: Floats

    @property
    def weight(self) -> Floats:
        """1 divided by the chance for those who answered, else 0."""
        return np.asarray(np.where(self.answered, 1 / self.chance, 0.0))

    @property
    def stabilised(self) -> Floats:
        """The weights, multiplied by the share that answered."""
        return np.asarray(self.weight * self.answered.mean())


def dropout_weights(
    frame: pd.DataFrame, predictors: Sequence[str], *, answered: str, largest: float = np.inf
) -> pd.DataFrame:
    """For each person the chance to answer later, given what was known at entry, and the weights that follow.

    Parameters
    ----------
    frame
        One row for each person who could have answered.
    predictors
        Columns known of everybody, answering or not: numbers, categories, true and false. An empty cell
        counts as the mean of its column; a person without any value is in a group of her own.
    answered
        A column of true and false: who answered the later wave.
    largest
        Stabilised weights are cut off there.

    Returns
    -------
    DataFrame
        `chance`, `weight` (1/chance, missing for who did not answer) and `stabilised`, on the frame's index,
        and `note`, which is empty or says why there are no weights: *few_events* (fewer than three persons
        per coefficient on either side) or *nobody_alike* (some persons never answer).

    Raises
    ------
    UsageError
        If a column is missing or `answered` has empty cells.

    Notes
    -----
    Logistic regression, maximum likelihood; stabilised weights as in Robins, Hernán and Brumback 2000
    (Epidemiology 11: 550–560). Their errors: `kij_analysis.survey.dropout_share`.

    Examples
    --------
    >>> people = pd.DataFrame({"high": [True] * 10 + [False] * 10,
    ...     "end": [True] * 8 + [False] * 2 + [True] * 4 + [False] * 6})
    >>> dropout_weights(people, ["high"], answered="end")["weight"].round(2).dropna().unique().tolist()
    [1.25, 2.5]
    """
    _check(frame, [*predictors, answered])
    if frame[answered].isna().any():
        raise UsageError(f"'{answered}' has empty cells.", fix="Write true or false for each person.")
    here = frame[answered].astype(bool).to_numpy()
    found = drop_out(model_columns(frame[list(predictors)]), here)
    given = np.where(here, 1.0, np.nan)
    return pd.DataFrame(
        {
            "chance": found.chance,
            "weight": given * found.weight,
            "stabilised": np.minimum(given * found.stabilised, largest),
            "note": found.note,
        },
        index=frame.index,
    )


def dropout_share(hit: Floats, found: DropOut, *, certain: bool = False) -> tuple[float, float]:
    """The weighted share of those who gave an answer, and its error with the weights taken as estimated.

    Hajek's estimator Σwy/Σw. The influence of a person is w(y − ȳ) less what the score equations of the model
    explain of it, which makes the error smaller than that of fixed weights (Lunceford and Davidian 2004,
    Stat. Med. 23: 2937–2960; Kim and Kim 2007, Can. J. Stat. 35: 501–514).

    Parameters
    ----------
    hit
        1 or 0 for each person, anything for who did not answer.
    certain
        Whether the persons are all that the share is about (errors come from who answered only), or stand for
        further ones.

    Examples
    --------
    >>> columns = np.column_stack([np.ones(20), [1] * 10 + [0] * 10])
    >>> here = np.array([True] * 8 + [False] * 2 + [True] * 4 + [False] * 6)
    >>> share, error = dropout_share(np.array([1.0] * 6 + [0] * 14), drop_out(columns, here))
    >>> round(share, 3), round(error, 3)
    (0.375, 0.121)
    """
    if found.note:
        return np.nan, np.nan
    weight, here, p = found.weight, found.answered, found.chance
    total = weight.sum()
    values = np.where(here, hit, 0.0)
    share = float(weight @ values / total)
    distance = np.where(here, values - share, 0.0)
    x = found.columns
    bend = x.T @ (x * (p * (1 - p))[:, None])
    inverse = np.linalg.pinv(bend, hermitian=True)
    explained = x @ inverse @ (x.T @ (weight * (1 - p) * distance))
    # How much each decides her own fitted value; few who stand for many are fitted too well.
    own = np.minimum((1 - p) * ((x @ inverse) * x).sum(axis=1), 0.99)
    if certain:
        parts = np.where(here, 1 - p, 0.0) * (distance / p - explained) ** 2
    else:
        parts = (weight * distance - (here - p) * explained) ** 2
    return share, float(np.sqrt((parts / np.where(here, 1 - own, 1.0)).sum()) / total)


def drop_out(columns: Floats, answered: NDArray[np.bool_]) -> DropOut:
    """The chances to answer by the columns of a model, whose first is ones."""
    nothing = np.full(len(answered), np.nan)
    few = min(answered.sum(), (~answered).sum())
    if answered.all() and len(answered):
        return DropOut(note="", answered=answered, chance=np.ones(len(answered)), columns=columns[:, :1])
    if few < PER_COEFFICIENT * columns.shape[1]:
        return DropOut(note="few_events", answered=answered, chance=nothing, columns=columns)
    found = logistic(columns, answered.astype(float))
    if found.separated:
        return DropOut(note="nobody_alike", answered=answered, chance=nothing, columns=columns)
    return DropOut(note="", answered=answered, chance=found.chances, columns=columns)


def model_columns(frame: pd.DataFrame) -> Floats:
    """The columns of a model: ones, who has no value at all, numbers standardised, categories but one.

    Empty cells are 0 after centring, so that they count as the mean; columns that do not vary, or say what
    others have said, are left out.
    """
    parts = [np.ones(len(frame))]
    nobody = frame.isna().all(axis=1).to_numpy(bool) if len(frame.columns) else np.zeros(len(frame), bool)
    if 0 < nobody.sum() < len(frame):
        parts.append(nobody.astype(float))
    for name in frame.columns:
        parts += encoded(frame[name])
    kept: list[Floats] = []
    for part in parts:
        spread = part.std()
        candidate = [*kept, part if not kept else (part - part.mean()) / (spread or 1.0)]
        if (not kept or spread > 0) and np.linalg.matrix_rank(np.column_stack(candidate)) == len(candidate):
            kept = candidate
    return np.column_stack(kept)


def encoded(column: pd.Series) -> list[Floats]:
    """A column as numbers centred at 0, empty cells as 0; categories as one column each but the largest."""
    if isinstance(column.dtype, pd.CategoricalDtype) or not pd.api.types.is_numeric_dtype(column.dtype):
        if pd.api.types.is_bool_dtype(column.dtype):
            return [_centred(column.astype("boolean").to_numpy("float64", na_value=np.nan))]
        known = column.astype("str").where(column.notna())
        codes = list(known.value_counts().index)
        return [
            _centred(np.where(known.notna(), (known == code).fillna(False).astype(float), np.nan))
            for code in codes[1:]
        ]
    return [_centred(column.astype("Float64").to_numpy("float64", na_value=np.nan))]


def _centred(values: Floats) -> Floats:
    known = values[~np.isnan(values)]
    return np.nan_to_num(values - (known.mean() if len(known) else 0.0), nan=0.0)


def _check(frame: pd.DataFrame, names: Sequence[str]) -> None:
    absent = [name for name in names if name not in frame.columns]
    if absent:
        raise UsageError(f"The frame lacks {listed(absent)}.", fix=did_you_mean(absent[0], frame.columns))
