"""The columns of a model: numbers as they are, answers as yes or no against the first of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.survey.design import Floats
from kij_analysis.survey.groups import levels


@dataclass(frozen=True, kw_only=True)
class Term:
    """One column of a model."""

    name: str
    category: str = ""
    number: bool = False

    @property
    def place(self) -> dict[str, str]:
        """Where the estimate stands."""
        return {"variable": self.name, "category": self.category}


def design_matrix(frame: pd.DataFrame, variables: Sequence[str]) -> tuple[list[Term], Floats]:
    """The columns of a model, without a constant.

    Raises
    ------
    UsageError
        If a variable holds dates or free text.

    Examples
    --------
    >>> frame = pd.DataFrame({"age": [30.0, 40.0], "level": pd.Categorical(["low", "high"], ["low", "high"])})
    >>> terms, matrix = design_matrix(frame, ["age", "level"])
    >>> [(term.name, term.category) for term in terms], matrix.tolist()
    ([('age', ''), ('level', 'high')], [[30.0, 0.0], [40.0, 1.0]])
    """
    terms: list[Term] = []
    columns: list[Floats] = []
    for name in variables:
        column = frame[name]
        if pd.api.types.is_bool_dtype(column.dtype):
            terms.append(Term(name=name, category="yes"))
            columns.append(column.to_numpy(bool).astype(float))
        elif pd.api.types.is_numeric_dtype(column.dtype):
            terms.append(Term(name=name, number=True))
            columns.append(column.to_numpy("float64"))
        elif isinstance(column.dtype, pd.CategoricalDtype):
            for code in levels(column)[1:] or [""]:
                terms.append(Term(name=name, category=code))
                columns.append((column.astype("str") == code).to_numpy(float))
        else:
            raise UsageError(
                f"'{name}' holds neither numbers nor categories.",
                fix="Make it a category: astype('category').",
            )
    matrix = np.column_stack(columns) if columns else np.empty((len(frame), 0))
    return terms, np.asarray(matrix, dtype="float64")
