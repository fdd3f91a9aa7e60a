"""Formulas in a crosswalk: named inputs, and what is calculated from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kij_analysis.codebook.crosswalks import Missing
from kij_analysis.codebook.expressions import ExpressionError, check, parse
from kij_analysis.codebook.specs import Formula, Input
from kij_analysis.codebook.variables import Column
from kij_analysis.codebook.yaml_nodes import Steps
from kij_analysis.errors import listed

if TYPE_CHECKING:
    from kij_analysis.codebook.rule_files import RuleReader

FITS = {
    "number": ("number", "category"),
    "text": ("text", "category"),
    "date": ("date",),
    "truth": ("boolean",),
}
"""What a result of each type may fill as it stands."""


def formula(reader: RuleReader, part: Mapping[str, Any], steps: Steps, column: Column) -> Formula:
    """A value calculated from named inputs; whatever does not fit together is a problem."""
    inputs = {
        str(name): _input(reader, entry, (*steps, "inputs", name)) for name, entry in part["inputs"].items()
    }
    otherwise = part.get("otherwise", "")
    if otherwise:
        reader.reasons(steps, {"otherwise": otherwise})
    values = {a: reader.value(v, column, (*steps, "values", a)) for a, v in part.get("values", {}).items()}
    _held(reader, part["formula"], inputs, column, bool(values), (*steps, "formula"))
    return Formula(inputs=inputs, text=part["formula"], values=values, otherwise=otherwise)


def _input(reader: RuleReader, entry: Mapping[str, Any], steps: Steps) -> Input:
    values: dict[Any, object] = {}
    for answer, value in entry.get("values", {}).items():
        there = (*steps, "values", answer)
        if isinstance(value, dict):
            reader.reasons(there, value)
            values[answer] = Missing(value["missing"])
            continue
        values[answer] = value
        kind = "text" if isinstance(value, str) else "number" if not isinstance(value, bool) else "truth"
        if kind != entry["type"]:
            what = f"'{value}' is no {entry['type']}, and the input's type is {entry['type']}."
            reader.say(there, what, "Correct the value, or type:.")
    otherwise = entry.get("otherwise", "")
    if otherwise:
        reader.reasons(steps, {"otherwise": otherwise})
        if values or entry["type"] == "text":
            what = "otherwise: is for numbers and dates that are read as they stand."
            reader.say((*steps, "otherwise"), what, "Name each answer under values: or missing:.")
    return Input(
        source=entry["from"],
        type=entry["type"],
        values=values,
        missing=reader.reasons((*steps, "missing"), entry.get("missing", {})),
        otherwise=otherwise,
    )


def _held(
    reader: RuleReader, text: str, inputs: Mapping[str, Input], column: Column, mapped: bool, steps: Steps
) -> None:
    """The formula held against its inputs and against the column that it fills."""
    try:
        expression = parse(text)
        kind = check(expression, {name: part.type for name, part in inputs.items()})
    except ExpressionError as error:
        for problem in error.problems:
            reader.say(steps, f"In the formula '{_short(text)}': {problem.what}", problem.fix)
        return
    idle = [name for name in inputs if name not in expression.names]
    if idle:
        reader.say(steps, f"The formula does not use {listed(idle)}.", "Remove it from inputs:, or use it.")
    if not mapped and column.type not in FITS.get(kind, ()):
        what = f"The formula gives a {kind}, and '{column.name}' is a {column.type}."
        reader.say(steps, what, "Add values: that lead from its results to what they mean.")


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 60 else f"{plain[:60]}…"
