"""Expressions evaluated on whole columns, each missing value with its reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from kij_analysis.codebook.expression_nodes import (
    Among,
    Arithmetic,
    Call,
    Comparison,
    Date,
    Expression,
    Literal,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    Number,
)
from kij_analysis.codebook.expression_types import check
from kij_analysis.errors import UsageError
from kij_analysis.harmonisation.operands import (
    NO_CASE,
    UNDEFINED,
    VALID,
    Operand,
    alike,
    days_and_months,
    first_reason,
    round_half_up,
    settled,
)

__all__ = ["NO_CASE", "UNDEFINED", "VALID", "Operand", "evaluate"]

ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide,
}  # fmt: skip
COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    "==": np.equal, "!=": np.not_equal, "<": np.less, "<=": np.less_equal,
    ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip


def evaluate(expression: Expression, inputs: Mapping[str, Operand]) -> Operand:
    """What an expression gives for every row.

    Where a part is missing, so is what is computed or compared from it, with the reason that comes first
    in the codebook. `and`, `or`, `any` and `all` are sure where the missing part does not matter: false and
    unknown is false. `case` takes the first condition that holds and passes over one that is missing; if
    none holds and one was missing, the result is missing with that reason, else it is what stands after the
    pairs, else `NO_CASE`. Division by zero and what is no finite number give `UNDEFINED`; both codes beat
    the reasons, so that they can be counted.

    Texts are compared as labels are: blanks and capitals do not count. Dates count in whole days.

    Raises
    ------
    ExpressionError
        If the types of the inputs do not fit the expression.
    UsageError
        If the inputs have different lengths.

    Examples
    --------
    >>> import numpy as np
    >>> from kij_analysis.codebook.expressions import parse
    >>> hours = Operand(np.array([37.0, 0.0, np.nan]), np.array([-1, -1, 4], dtype="int8"))
    >>> found = evaluate(parse("hours / 37 >= 0.5"), {"hours": hours})
    >>> found.values.tolist(), found.reasons.tolist()
    ([True, False, False], [-1, -1, 4])
    """
    check(expression, {name: operand.kind for name, operand in inputs.items()})
    sizes = {len(operand.values) for operand in inputs.values()}
    if len(sizes) > 1:
        raise UsageError(
            f"The inputs of an expression have {sorted(sizes)} rows.", fix="Give them one length."
        )
    used = {name: settled(inputs[name]) for name in expression.names}
    return _Evaluator(used, sizes.pop()).of(expression.root)


@dataclass(frozen=True)
class _Evaluator:
    inputs: Mapping[str, Operand]
    rows: int

    def of(self, node: Node) -> Operand:
        """The values of a node."""
        if isinstance(node, Name):
            return self.inputs[node.name]
        if isinstance(node, Negative):
            part = self.of(node.part)
            return settled(Operand(-part.values, part.reasons))
        if isinstance(node, Not):
            part = self.of(node.part)
            return settled(Operand(~part.values, part.reasons))
        if isinstance(node, Logic):
            return kleene([self.of(part) for part in node.parts], decided_by=node.word == "or")
        if isinstance(node, Arithmetic):
            return self.arithmetic(node)
        if isinstance(node, Comparison):
            return self.comparison(node)
        if isinstance(node, Among):
            return self.among(node)
        return self.call(node) if isinstance(node, Call) else self.literal(node)

    def literal(self, node: Literal) -> Operand:
        """The same value in every row."""
        if isinstance(node, Number):
            values = np.full(self.rows, node.value, dtype="float64")
        elif isinstance(node, Date):
            values = np.full(self.rows, np.datetime64(node.value, "s"))
        else:
            values = np.full(self.rows, node.value, dtype=bool if isinstance(node.value, bool) else object)
        return Operand(values, np.full(self.rows, VALID, dtype="int8"))

    def arithmetic(self, node: Arithmetic) -> Operand:
        left, right = self.of(node.left), self.of(node.right)
        with np.errstate(all="ignore"):
            return settled(
                Operand(ARITHMETIC[node.sign](left.values, right.values), first_reason([left, right]))
            )

    def comparison(self, node: Comparison) -> Operand:
        left, right = self.of(node.left), self.of(node.right)
        one, other = alike(left, right)
        with np.errstate(invalid="ignore"):
            return settled(Operand(COMPARED[node.sign](one, other), first_reason([left, right])))

    def among(self, node: Among) -> Operand:
        part = self.of(node.part)
        found = np.zeros(self.rows, dtype=bool)
        for option in node.options:
            one, other = alike(part, self.literal(option))
            found |= one == other
        return settled(Operand(found, part.reasons))

    def call(self, node: Call) -> Operand:
        name = node.function
        if name == "round":
            part, digits = self.of(node.parts[0]), node.parts[-1]
            places = int(digits.value) if isinstance(digits, Number) and len(node.parts) == 2 else 0
            return settled(Operand(round_half_up(part.values, places), part.reasons))
        parts = [self.of(part) for part in node.parts]
        if name == "case":
            return case(parts)
        if name == "coalesce":
            return coalesce(parts)
        if name in ("any", "all"):
            return kleene(parts, decided_by=name == "any")
        if name == "missing":
            gone = parts[0].reasons != VALID
            return Operand(gone, np.full(self.rows, VALID, dtype="int8"))
        return settled(Operand(_computed(name, [part.values for part in parts]), first_reason(parts)))


def _computed(name: str, values: Sequence[np.ndarray]) -> np.ndarray:
    """What a plain function gives; rows with a missing part hold anything."""
    if name == "min":
        return reduce(np.minimum, values)
    if name == "max":
        return reduce(np.maximum, values)
    if name == "year":
        return values[0].astype("datetime64[Y]").astype("int64") + 1970.0
    if name in ("floor", "abs"):
        return {"floor": np.floor, "abs": np.abs}[name](values[0])
    days, months = days_and_months(values[0], values[1])
    if name == "days_between":
        return days
    return months if name == "months_between" else np.trunc(months / 12)


def kleene(parts: Sequence[Operand], *, decided_by: bool) -> Operand:
    """Conditions joined by `or` (true decides) or by `and` (false decides), whatever else is missing.

    Examples
    --------
    >>> import numpy as np
    >>> yes = Operand(np.array([True, False]), np.array([-1, -1], dtype="int8"))
    >>> unknown = Operand(np.array([False, False]), np.array([3, 3], dtype="int8"))
    >>> kleene([yes, unknown], decided_by=True).reasons.tolist()
    [-1, 3]
    """
    decided = reduce(np.logical_or, [part.valid & (part.values == decided_by) for part in parts])
    reasons = np.where(decided, VALID, first_reason(parts)).astype("int8")
    return settled(Operand(decided if decided_by else ~decided, reasons))


def coalesce(parts: Sequence[Operand]) -> Operand:
    """The first value that is there; where there is none, the first of the reasons."""
    values = parts[-1].values
    for part in reversed(parts[:-1]):
        values = np.where(part.valid, part.values, values)
    there = reduce(np.logical_or, [part.valid for part in parts])
    return settled(Operand(values, np.where(there, VALID, first_reason(parts)).astype("int8")))


def case(parts: Sequence[Operand]) -> Operand:
    """The value after the first condition that holds."""
    paired = len(parts) - len(parts) % 2
    conditions, results = parts[:paired:2], parts[1:paired:2]
    unknown = first_reason(conditions)
    if paired < len(parts):
        values, reasons = parts[-1].values, parts[-1].reasons
        reasons = np.where(unknown == VALID, reasons, unknown)
    else:
        values = results[-1].values
        reasons = np.where(unknown == VALID, NO_CASE, unknown)
    for condition, result in zip(reversed(conditions), reversed(results), strict=True):
        holds = condition.valid & condition.values
        values = np.where(holds, result.values, values)
        reasons = np.where(holds, result.reasons, reasons)
    return settled(Operand(values, reasons.astype("int8")))
