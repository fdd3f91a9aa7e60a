"""Predictors as columns of numbers: which answer each stands for, and against which it is held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError, did_you_mean, listed
from kij_analysis.survey.design import Floats

CONSTANT, THRESHOLD = "intercept", "threshold"
"""What the constants of a model are called."""


@dataclass(frozen=True, kw_only=True)
class Predictor:
    """One column of a frame, as a model reads it.

    `levels` are the answers that occur, in their order, the reference first; empty for numbers. `chosen`
    says that somebody named the reference.
    """

    name: str
    values: pd.Series
    levels: tuple[str, ...] = ()
    chosen: bool = False

    @property
    def is_number(self) -> bool:
        """Whether the predictor has a slope instead of answers."""
        return pd.api.types.is_float_dtype(self.values.dtype)

    def among(self, persons: pd.Index, used: pd.Index) -> Predictor:
        """The predictor as a part of the frame knows it; the reference is an answer that is used."""
        own = self.values.loc[persons]
        if self.is_number:
            return replace(self, values=own)
        found, based = set(own.dropna()), set(self.values.loc[used])
        order = [code for code in self.levels if code in found or (self.chosen and code == self.levels[0])]
        first = [code for code in order if self.chosen or code in based][:1]
        return replace(self, values=own, levels=tuple(dict.fromkeys([*first, *order])))

    @property
    def terms(self) -> list[Term]:
        """What the predictor contributes to a model: a slope, or each answer against the reference."""
        if self.is_number:
            return [Term(predictor=self.name)]
        if len(self.levels) < 2:
            return [Term(predictor=self.name, second=self.levels[0] if self.levels else "")]
        return [Term(predictor=self.name, first=one, second=self.levels[0]) for one in self.levels[1:]]

    def column(self, term: Term, values: pd.Series) -> Floats:
        """The numbers of one term for the given rows."""
        if self.is_number:
            return values.to_numpy("float64")
        return (values == term.first).to_numpy("float64")


@dataclass(frozen=True, kw_only=True)
class Term:
    """One coefficient: of a number, or of an answer (`first`) against its reference (`second`)."""

    predictor: str
    first: str = ""
    second: str = ""

    @property
    def code(self) -> str:
        """The contrast as results name it."""
        return f"{self.predictor}:{self.first}-{self.second}" if self.first else self.predictor


def read_predictors(
    frame: pd.DataFrame, names: Sequence[str], reference: Mapping[str, str]
) -> dict[str, Predictor]:
    """The predictors of a model, in the order in which they are named.

    Raises
    ------
    UsageError
        If none is named, one is named twice, one is a date, or a reference is no answer of its predictor.
    """
    if not names:
        raise UsageError("The model has no predictors.", fix="Name one or more columns.")
    twice = sorted({name for name in names if list(names).count(name) > 1})
    if twice:
        raise UsageError(f"{listed(twice)} stands twice among the predictors.", fix="Name it once.")
    for name in reference:
        if name not in names:
            raise UsageError(f"'{name}' has a reference and is no predictor.", fix=did_you_mean(name, names))
    return {name: read_predictor(frame[name], name, reference.get(name, "")) for name in names}


def read_predictor(column: pd.Series, name: str, reference: str = "") -> Predictor:
    """One predictor: numbers stay numbers, everything else becomes codes.

    Answers stand in the order of the categories; no before yes; texts by the alphabet.
    """
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        if reference:
            raise UsageError(f"'{name}' holds numbers and has no reference.", fix="Leave it out.")
        numbers = column.to_numpy("float64", na_value=np.nan)
        if np.isinf(numbers).any():
            raise UsageError(f"'{name}' holds infinite numbers.", fix="Empty these cells, or mend them.")
        return Predictor(name=name, values=pd.Series(numbers, index=column.index, dtype="float64"))
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        raise UsageError(f"'{name}' holds dates.", fix="Count days or years from a date instead.")
    codes = column.astype("object").map(str, na_action="ignore")
    order = tuple(_ordered(column, codes, name, reference))
    return Predictor(name=name, values=codes, levels=order, chosen=bool(reference))


def as_answers(column: pd.Series) -> pd.Series:
    """A column of the numbers 0 and 1 as the answers "0" and "1"; any other as it is."""
    if not pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(column.dtype):
        return column
    numbers = pd.Series(column.to_numpy("float64", na_value=np.nan), index=column.index)
    if numbers.notna().any() and numbers.dropna().isin([0.0, 1.0]).all():
        return numbers.astype("object").map(lambda value: str(int(value)), na_action="ignore")
    return column


def _ordered(column: pd.Series, codes: pd.Series, name: str, reference: str) -> list[str]:
    found = set(codes.dropna())
    if isinstance(column.dtype, pd.CategoricalDtype):
        order = [str(code) for code in column.cat.categories if str(code) in found]
    else:
        order = sorted(found)
    if reference and reference not in order:
        raise UsageError(f"No answer of '{name}' is '{reference}'.", fix=f"Answers: {listed(order)}.")
    return [reference, *(code for code in order if code != reference)] if reference else order
