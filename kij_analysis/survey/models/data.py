"""The rows of one model: who is in it, who is left out, and which coefficients they can tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError, listed
from kij_analysis.survey.design import Codes, Floats, Sample
from kij_analysis.survey.groups import Group, categories, why_empty
from kij_analysis.survey.models.predictors import Predictor, Term


@dataclass(frozen=True, kw_only=True)
class Data:
    """The complete rows of one model.

    `rows` are their places in the whole frame; `values` has a column of ones, then one for each term of
    `columns`, which says where. A term that stands in `notes` instead has no coefficient. A `note` says
    why there is no model at all.
    """

    rows: Codes
    outcome: Floats
    values: Floats
    weight: Floats
    predictors: Mapping[str, Predictor]
    columns: Mapping[Term, int]
    notes: Mapping[Term, str]
    missing: int
    missing_predictors: int
    note: str

    @property
    def terms(self) -> list[Term]:
        """Every term of every predictor, whether it has a coefficient or not."""
        return [term for predictor in self.predictors.values() for term in predictor.terms]

    def persons(self, predictor: str, level: str) -> np.ndarray:
        """Which rows have this answer."""
        return (self.predictors[predictor].values.loc[self.rows] == level).to_numpy(bool)


def events(frame: pd.DataFrame, outcome: str, category: str = "") -> list[tuple[str, pd.Series]]:
    """(code, 1 where it was answered and else 0, missing where nothing was) for each answer.

    Raises
    ------
    UsageError
        If the outcome is neither yes and no, nor 0 and 1, nor a category, or has no such category.
    """
    column = frame[outcome]
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        numbers = pd.Series(column.to_numpy("float64", na_value=np.nan), index=frame.index)
        if not numbers.dropna().isin([0.0, 1.0]).all():
            raise UsageError(
                f"'{outcome}' holds other numbers than 0 and 1.",
                fix="Use kind='linear' for numbers, or one of its outputs, such as _high.",
            )
        found: list[tuple[str, object]] = [("yes", 1.0)]
        column = numbers
    else:
        found = categories(frame, outcome)
    chosen = [(code, value) for code, value in found if not category or code == category]
    if not chosen and category:
        raise UsageError(
            f"'{outcome}' has no category '{category}'.", fix=f"Known: {listed(code for code, _ in found)}."
        )
    known = column.notna().to_numpy(bool)
    return [
        (code, pd.Series(np.where(known, (column == value).fillna(False), np.nan), frame.index, "float64"))
        for code, value in chosen or [("", None)]
    ]


def gather(
    group: Group, outcome: pd.Series, predictors: Mapping[str, Predictor], sample: Sample | None
) -> Data:
    """The rows of a group that have everything the model needs."""
    persons = group.persons
    given = outcome.loc[persons.index]
    counted = sample.counted[persons.index] if sample else np.ones(len(persons), dtype=bool)
    answered = given.notna().to_numpy(bool) & counted
    known = np.ones(len(persons), dtype=bool)
    for predictor in predictors.values():
        known &= predictor.values.loc[persons.index].notna().to_numpy(bool)
    used = persons.index[answered & known]
    own = {name: one.among(persons.index, used) for name, one in predictors.items()}
    values, columns, notes = _matrix(own, used)
    y = given.loc[used].to_numpy(float)
    weight = sample.weight[used] if sample else np.ones(len(used))
    return Data(
        rows=used.to_numpy(),
        outcome=y,
        values=values,
        weight=weight / weight.mean() if len(used) else weight,
        predictors=own,
        columns=columns,
        notes=notes,
        missing=int((~answered).sum()),
        missing_predictors=int((answered & ~known).sum()),
        note=_why_none(persons, str(group.common["variable"]), predictors, answered, y),
    )


def why_absent(group: Group, data: Data, predictor: str, levels: Sequence[str]) -> str:
    """Why one of these groups has nobody in the model, empty if all have somebody.

    A single level is a comparison without a second group.
    """
    empty = [one for one in levels if not data.persons(predictor, one).any()]
    if not empty:
        return "" if len(levels) > 1 else "one_group_empty"
    place = data.predictors[predictor].values.isin(empty).to_numpy(bool)
    reason = why_empty(group.persons[place], str(group.common["variable"]))
    return "one_group_empty" if reason == "no_answers" else reason


def _why_none(
    persons: pd.DataFrame,
    variable: str,
    predictors: Mapping[str, Predictor],
    answered: np.ndarray,
    outcome: Floats,
) -> str:
    """Why there can be no model, empty if there can."""
    if not answered.any():
        return why_empty(persons, variable)
    if not len(outcome):
        empty = [name for name, one in predictors.items() if one.values.loc[persons.index].isna().all()]
        return why_empty(persons, empty[0]) if empty else "no_answers"
    return "no_variation" if np.ptp(outcome) == 0 else ""


def _matrix(
    predictors: Mapping[str, Predictor], used: pd.Index
) -> tuple[Floats, dict[Term, int], dict[Term, str]]:
    """The matrix of a model without what earlier columns tell already, as R's `lm` leaves it out."""
    kept, columns, notes = [np.ones(len(used))], {}, {}
    for predictor in predictors.values():
        values = predictor.values.loc[used]
        for term in predictor.terms:
            note = _why_no_term(predictor, term, values)
            column = predictor.column(term, values)
            if not note and _known_from(np.column_stack(kept), column):
                note = "collinear"
            if note:
                notes[term] = note
            else:
                columns[term] = len(kept)
                kept.append(column)
    return np.column_stack(kept), columns, notes


def _why_no_term(predictor: Predictor, term: Term, values: pd.Series) -> str:
    if predictor.is_number:
        return "no_variation" if values.nunique() < 2 else ""
    based = set(values)
    return "" if {term.first, term.second} <= based and term.first else "one_group_empty"


def _known_from(matrix: Floats, column: Floats) -> bool:
    """Whether a column is a combination of others, to 1e-9 of its length."""
    scaled = matrix / np.maximum(np.linalg.norm(matrix, axis=0), 1e-300)
    left = column - scaled @ np.linalg.lstsq(scaled, column, rcond=None)[0]
    centred = column - column.mean()
    return bool(np.linalg.norm(left) < 1e-9 * max(float(np.linalg.norm(centred)), 1e-300))
