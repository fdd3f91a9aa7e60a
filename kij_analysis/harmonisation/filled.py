"""One harmonised column of one file, as positions in a short list of outcomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pandas as pd

from kij_analysis.codebook.crosswalks import Missing
from kij_analysis.codebook.variables import Column
from kij_analysis.errors import Problem
from kij_analysis.harmonisation.lookups import reason_of
from kij_analysis.harmonisation.resolving import NOTHING

FAILED = Missing("rule_failed")
DTYPES = {"boolean": "boolean", "number": "float64", "date": "datetime64[s]", "text": "str"}


@dataclass(frozen=True, kw_only=True)
class Joined:
    """The accounts of a key file: how many keys it has, how many were used, and rows without a match."""

    path: str
    sha256: str
    keys: int
    used: int
    unmatched: int


@dataclass(frozen=True, kw_only=True)
class Filled:
    """One harmonised column of one file: a position in `outcomes` for each row.

    `answers` names what each position came from in words fit for the ledger; for open columns it is
    empty, because an answer may be a name, and `unnamed` says how such a value came about. `joined`
    is told of a key file.
    """

    column: Column
    positions: np.ndarray
    outcomes: list[object]
    answers: list[str]
    problems: list[Problem] = field(default_factory=list)
    unnamed: str = "(as it stands)"
    joined: Joined | None = None

    def values(self) -> pd.Series:
        """The values, missing where the outcome is a reason."""
        plain = [None if isinstance(o, Missing) or o is NOTHING else o for o in self.outcomes]
        return _typed(plain, self.positions, self.column)

    def reasons(self, known: list[str]) -> pd.Series:
        """The reason of each missing value as a category, missing where there is a value."""
        reasons = [reason_of(FAILED if o is NOTHING else o) for o in self.outcomes]
        codes = np.array([known.index(reason) if reason else -1 for reason in reasons], dtype=np.int8)
        return pd.Series(pd.Categorical.from_codes(codes[self.positions], dtype=categories(tuple(known))))


def everywhere(column: Column, outcome: object, size: int) -> Filled:
    """The same outcome in every row."""
    return Filled(column=column, positions=np.zeros(size, dtype=np.int8), outcomes=[outcome], answers=[""])


@cache
def categories(known: tuple[str, ...], ordered: bool = False) -> pd.CategoricalDtype:
    """The type of a column of these categories; kept, since to hold them against each other takes time."""
    return pd.CategoricalDtype(known, ordered=ordered)


def _typed(plain: list[object], positions: np.ndarray, column: Column) -> pd.Series:
    if column.type == "category":
        known = list(column.categories)
        codes = np.array(
            [-1 if value is None else known.index(str(value)) for value in plain], dtype=np.int16
        )
        kind = categories(tuple(known), column.ordered)
        return pd.Series(pd.Categorical.from_codes(codes[positions], dtype=kind))
    return pd.Series(pd.Series(plain, dtype=DTYPES[column.type]).array.take(positions))
