"""What a rule may lead to, held against the column that it fills."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from kij_analysis.codebook.variables import Column
from kij_analysis.errors import did_you_mean, listed


def value_problem(value: object, column: Column) -> tuple[str, str]:
    """(what is wrong, what would be right) where a value does not fit its column; empty where it does.

    Examples
    --------
    >>> age = Column(
    ...     name="age", variable="age", output="", frame="people", type="number", labels={}, maximum=99
    ... )
    >>> value_problem(120, age)
    ("120 lies outside what 'age' may be (any–99).", 'Correct it, or the bounds in variables.yaml.')
    """
    if column.type == "category" and value not in column.categories:
        known = list(column.categories)
        fix = f"{did_you_mean(value, known)} Known: {listed(known, most=20)}.".strip()
        return f"'{value}' is not a category of '{column.name}'.", fix
    if column.type == "boolean" and not isinstance(value, bool):
        return f"'{column.name}' is true or false, not '{value}'.", "Write true or false."
    if column.type == "number":
        return _number_problem(value, column)
    if column.type == "text" and not isinstance(value, str):
        return f"'{column.name}' is text, not '{value}'.", "Put it in quotes."
    if column.type == "date" and not _is_date(value):
        return f"'{column.name}' is a date, not '{value}'.", "Write it as 2024-05-31."
    return "", ""


def _number_problem(value: object, column: Column) -> tuple[str, str]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"'{column.name}' is a number, not '{value}'.", "Write a number."
    low = float("-inf") if column.minimum is None else column.minimum
    high = float("inf") if column.maximum is None else column.maximum
    if low <= value <= high:
        return "", ""
    bounds = "–".join("any" if bound is None else f"{bound:g}" for bound in (column.minimum, column.maximum))
    what = f"{value:g} lies outside what '{column.name}' may be ({bounds})."
    return what, "Correct it, or the bounds in variables.yaml."


def _is_date(value: object) -> bool:
    try:
        return dt.date.fromisoformat(str(value)) is not None
    except ValueError:
        return False


METHODS = {
    "stretch": ("number", {"to"}, set()),
    "threshold": ("boolean", {"at"}, {"at"}),
    "ridit": ("number", {"to", "reference"}, {"to", "reference"}),
    "table": ("number", {"values"}, {"values"}),
}
"""Of each way to rescale: the type that it gives, the keys that it uses, and those that it needs."""
NEEDS = {
    "at": "the step from which on it is true",
    "to": "the numbers between which it runs, such as to: [0, 1]",
    "reference": "the people whom it compares with: own, or a number for each step",
    "values": "a number for each step",
}


def method_problem(own: Mapping[str, Any], column: Column) -> tuple[str, str]:
    """(what is wrong, what would be right) where a rescaling does not fit the output that it fills."""
    method, name = own["method"], column.name
    wanted, used, needed = METHODS[method]
    if column.type != wanted:
        others = [other for other, (gives, _, _) in METHODS.items() if gives == column.type]
        fix = f"Write method: {others[0]}." if others else "Write map, or intervals."
        return f"{method} gives a {wanted}, and '{name}' is a {column.type}.", fix
    idle = [key for key in NEEDS if key in own and key not in used]
    if idle:
        return f"{method} does not use {idle[0]}:.", "Remove it, or choose the other method."
    for key in NEEDS:
        if key in needed and key not in own:
            return f"{method} needs {NEEDS[key]}.", f"Add {key}:{AND[key]}."
    return spread_problem(own.get("to", (0, 100)), column) if "to" in used else ("", "")


AND = {"at": " and the step's code or label", "to": "", "reference": "", "values": ""}


def spread_problem(ends: Sequence[float], column: Column) -> tuple[str, str]:
    """(what is wrong, what would be right) with the two numbers between which a column is to run."""
    low, high = ends
    if low >= high:
        return f"to: [{low:g}, {high:g}] does not run from low to high.", "Write the lower number first."
    for end in (low, high):
        what, fix = _number_problem(end, column)
        if what:
            return what, fix
    return "", ""
