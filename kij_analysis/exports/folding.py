"""Value and reason folded into one column, as SPSS and Stata keep them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from kij_analysis.errors import Problem, UsageError
from kij_analysis.exports.columns import Held, Table
from kij_analysis.exports.naming import Limits, cut, legal_names
from kij_analysis.exports.numbers import Calendar, as_numbers, is_text, numbered, time_format


@dataclass(frozen=True, kw_only=True, eq=False)
class Folded:
    """One column on its way into an SPSS or Stata file.

    `values` are numbers or texts; `reasons` holds the reason of each missing value, None where there is a
    value or no reason. `labels` are those of the numbers; `format` is that of a date, else empty.
    """

    held: Held
    name: str
    label: str
    values: np.ndarray
    reasons: np.ndarray
    labels: Mapping[float, str] = field(default_factory=dict)
    format: str = ""

    @property
    def used(self) -> list[str]:
        """The reasons that stand in the column."""
        return sorted({reason for reason in self.reasons if reason is not None})


def folded_columns(table: Table, limits: Limits, calendar: Calendar) -> list[Folded]:
    """The columns of a frame as the program will hold them, the companions among them.

    Raises
    ------
    UsageError
        If a value has a reason why it is missing, or if a text is too long for the program.
    """
    problems = [problem for held in table.columns for problem in _problems(table, held, limits)]
    if problems:
        raise UsageError(problems)
    names = legal_names([held.name for held in table.columns], limits)
    return [_folded(table.frame, held, names[held.name], limits, calendar) for held in table.columns]


def _problems(table: Table, held: Held, limits: Limits) -> list[Problem]:
    column, found = table.frame[held.name], []
    if held.companion:
        both = int((column.notna() & table.frame[held.companion].notna()).sum())
        if both:
            what = f"{both} values have a reason why they are missing."
            fix = f"Empty the value or its reason in {held.companion}."
            found.append(Problem(what=what, fix=fix, file=table.name, column=held.name))
    if is_text(held):
        if column.str.contains("\0", regex=False).any():
            what = "Some texts hold the sign zero, where this format ends a text."
            found.append(Problem(what=what, fix="Leave this format out.", file=table.name, column=held.name))
        sizes = column.dropna().map(lambda text: len(str(text).encode("utf-8")))
        if (sizes > limits.text).any():
            what = f"{int((sizes > limits.text).sum())} texts have more than {limits.text} bytes."
            fix = "Leave this format out."
            found.append(Problem(what=what, fix=fix, file=table.name, column=held.name))
    return found


def _folded(frame: pd.DataFrame, held: Held, name: str, limits: Limits, calendar: Calendar) -> Folded:
    column = frame[held.name]
    why = frame[held.companion] if held.companion else pd.Series([None] * len(frame), dtype=object)
    values = _texts(column) if is_text(held) else as_numbers(column, held, calendar)
    label = held.label if name == held.name else f"{held.label} ({held.name})"
    return Folded(
        held=held,
        name=name,
        label=cut(label, limits.label, in_bytes=limits.in_bytes),
        values=values,
        reasons=why.astype(object).where(why.notna(), None).to_numpy(),
        labels={
            float(number): cut(held.categories[code], limits.value_label, in_bytes=limits.in_bytes)
            for number, code in numbered(held).items()
        },
        format=time_format(column, calendar) if held.type == "date" else "",
    )


def _texts(column: pd.Series) -> np.ndarray:
    return np.asarray(column.astype(object).where(column.notna(), ""), dtype=object)
