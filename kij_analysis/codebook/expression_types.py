"""What the functions of an expression take and give, and whether an expression's parts fit together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kij_analysis.codebook.expression_nodes import (
    Among,
    Arithmetic,
    Call,
    Comparison,
    Date,
    Expression,
    ExpressionError,
    Fault,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Text,
    Truth,
    start,
)
from kij_analysis.errors import did_you_mean, listed, one_of

TYPES = ("number", "text", "date", "truth")
ANY = ""
"""The type of what has a fault, or of a part that may have any type."""


@dataclass(frozen=True, kw_only=True)
class Function:
    """A function: how it is written, how many parts it takes, of which type, and what it gives.

    `takes` and `gives` are types, or ``same`` for one type throughout, or empty for any type.
    """

    form: str
    least: int
    most: int | None
    takes: str
    gives: str

    def wrong_number(self, count: int) -> str:
        """How many values it takes, in words; empty if the number is right."""
        if self.least <= count and (self.most is None or count <= self.most):
            return ""
        if self.most is None:
            return f"{self.least} or more values"
        if self.least == self.most:
            return f"{self.least} value{'s' if self.least > 1 else ''}"
        return f"{self.least} to {self.most} values"


def _function(form: str, least: int, most: int | None, takes: str, gives: str) -> Function:
    return Function(form=form, least=least, most=most, takes=takes, gives=gives)


FUNCTIONS: Mapping[str, Function] = {
    "coalesce": _function("coalesce(a, b, …)", 2, None, "same", "same"),
    "case": _function("case(condition, value, condition, value, …, else)", 2, None, "same", "same"),
    "floor": _function("floor(number)", 1, 1, "number", "number"),
    "round": _function("round(number) or round(number, digits)", 1, 2, "number", "number"),
    "abs": _function("abs(number)", 1, 1, "number", "number"),
    "min": _function("min(a, b, …)", 2, None, "same", "same"),
    "max": _function("max(a, b, …)", 2, None, "same", "same"),
    "years_between": _function("years_between(earlier, later)", 2, 2, "date", "number"),
    "months_between": _function("months_between(earlier, later)", 2, 2, "date", "number"),
    "days_between": _function("days_between(earlier, later)", 2, 2, "date", "number"),
    "year": _function("year(date)", 1, 1, "date", "number"),
    "missing": _function("missing(a)", 1, 1, ANY, "truth"),
    "any": _function("any(condition, condition, …)", 1, None, "truth", "truth"),
    "all": _function("all(condition, condition, …)", 1, None, "truth", "truth"),
    "date": _function('date("2020-01-31")', 1, 1, "text", "date"),
}
"""The closed list of functions."""

INSTEAD = {
    **dict.fromkeys(("if", "iif", "ifelse", "if_else", "case_when", "ifs", "hvis", "cond"),
                    "Write case(condition, value, else)."),
    **dict.fromkeys(("isna", "isnull", "is_na", "is_null", "sysmis", "isblank"), "Write missing(a)."),
    **dict.fromkeys(("datedif", "datediff", "age", "ctime"), "Write years_between(earlier, later)."),
    **dict.fromkeys(("int", "trunc"), "Write floor(number)."),
    **dict.fromkeys(("mean", "sum", "average"), "Write (a + b) / 2, or the rule score for items."),
    "ifnull": "Write coalesce(a, b).", "nvl": "Write coalesce(a, b).", "pow": "Write x * x.",
}  # fmt: skip
"""Functions of other programs and what to write here."""


def check(expression: Expression, types: Mapping[str, str]) -> str:
    """The type of what an expression gives, after its parts were held against the types of its inputs.

    Parameters
    ----------
    types
        Of each input: number, text, date or truth.

    Raises
    ------
    ExpressionError
        With every fault, each at its character.

    Examples
    --------
    >>> from kij_analysis.codebook.expressions import parse
    >>> check(parse("years_between(birth, answered) >= 18"), {"birth": "date", "answered": "date"})
    'truth'
    """
    for name, kind in types.items():
        one_of(kind, TYPES, name=f"The type of '{name}'")
    checker = _Checker(types)
    if not expression.names:
        checker.say(expression.root, "no input stands in the expression.", "Write constant: instead.")
    found = checker.of(expression.root)
    if checker.faults:
        raise ExpressionError(expression.text, sorted(set(checker.faults), key=lambda fault: fault.at))
    return found


class _Checker:
    """Finds the type of each node; what has a fault has none, so that it is told once."""

    def __init__(self, types: Mapping[str, str]) -> None:
        self.types = types
        self.faults: list[Fault] = []
        self.by_node: dict[type, Callable[[Any], str]] = {
            Name: self.name, Negative: self.arithmetic, Arithmetic: self.arithmetic, Not: self.condition,
            Logic: self.condition, Comparison: self.comparison, Among: self.among, Call: self.call,
        }  # fmt: skip

    def of(self, node: Node) -> str:
        """The type of a node."""
        plain = {Number: "number", Text: "text", Date: "date", Truth: "truth"}.get(type(node))
        return plain or self.by_node[type(node)](node)

    def say(self, node: Node, what: str, fix: str = "") -> None:
        """Note a fault."""
        self.faults.append(Fault(start(node), what, fix))

    def name(self, node: Name) -> str:
        if node.name in self.types:
            return self.types[node.name]
        function = FUNCTIONS.get(node.name)
        hint = f"Write {function.form}." if function else did_you_mean(node.name, self.types)
        known = f"Inputs: {listed(self.types)}." if self.types else "No input is declared."
        self.say(node, f"there is no input '{node.name}'.", f"{hint} {known}".strip())
        return ANY

    def arithmetic(self, node: Arithmetic | Negative) -> str:
        parts = [node.left, node.right] if isinstance(node, Arithmetic) else [node.part]
        for part in parts:
            self.wanted(part, "number", f"'{getattr(node, 'sign', '-')}' is for numbers")
        return "number"

    def condition(self, node: Logic | Not) -> str:
        word = node.word if isinstance(node, Logic) else "not"
        for part in node.parts if isinstance(node, Logic) else (node.part,):
            self.wanted(part, "truth", f"'{word}' is for conditions")
        return "truth"

    def wanted(self, node: Node, kind: str, why: str) -> None:
        """Note a fault if a node has another type."""
        found = self.of(node)
        if found not in (kind, ANY):
            self.say(node, f"{why}, and this is a {found}.", _advice(found, kind))

    def comparison(self, node: Comparison) -> str:
        left, right = self.of(node.left), self.of(node.right)
        if ANY not in (left, right) and left != right:
            self.say(node.right, f"a {left} is compared with a {right}.", _alike(node.left, node.right))
        elif node.sign[0] in "<>" and {left, right} & {"text", "truth"}:
            kind = left or right
            self.faults.append(
                Fault(node.at, f"'{node.sign}' is for numbers and dates, and this is a {kind}.")
            )
        return "truth"

    def among(self, node: Among) -> str:
        found = self.of(node.part)
        for option in node.options:
            kind = self.of(option)
            if ANY not in (found, kind) and found != kind:
                self.say(option, f"a {found} is compared with a {kind}.", _alike(node.part, option))
        return "truth"

    def call(self, node: Call) -> str:
        function, parts = FUNCTIONS[node.function], node.parts
        if node.function == "case":
            paired = len(parts) - len(parts) % 2
            for condition in parts[:paired:2]:
                self.wanted(condition, "truth", "a condition belongs here")
            return self.alike([*parts[1:paired:2], *parts[paired:]])
        if node.function == "round" and len(parts) == 2:
            self.digits(parts[1])
            parts = parts[:1]
        if function.takes == "same":
            found = self.alike(parts)
            if node.function in ("min", "max") and found in ("text", "truth"):
                self.say(node, f"'{node.function}' is for numbers and dates, and this is a {found}.")
            return found
        for part in parts:
            if function.takes:
                self.wanted(part, function.takes, f"'{node.function}' takes a {function.takes}")
            else:
                self.of(part)
        return function.gives

    def alike(self, parts: Sequence[Node]) -> str:
        """The one type of several values."""
        first = ANY
        for part in parts:
            found = self.of(part)
            if first and found and found != first:
                self.say(
                    part, f"the values before are a {first} and this is a {found}.", _advice(found, first)
                )
            first = first or found
        return first

    def digits(self, node: Node) -> None:
        if not isinstance(node, Number) or node.value not in range(11):
            self.say(node, "the number of digits is a whole number from 0 to 10.", "Write round(a, 1).")


def _alike(left: Node, right: Node) -> str:
    """How two values that are compared become alike."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Number) and not isinstance(other, Text):
            value = int(one.value) if one.value.is_integer() else one.value
            return f'Write "{value}" in quotes if the input is text.'
        if isinstance(one, Text) and not isinstance(other, Number):
            return f'Write {one.value} without quotes, or date("…") for a day, or declare the input as text.'
    return "Compare values of one type."


def _advice(found: str, wanted: str) -> str:
    if wanted == "number" and found == "date":
        return "Write days_between, months_between or years_between."
    if wanted == "number" and found == "text":
        return "Declare the input as a number, or write numbers without quotes."
    if wanted == "date" and found == "text":
        return 'Declare the input as a date, or write date("2020-01-31").'
    if wanted == "truth":
        return "Compare it with something, such as a == 1."
    return "Give values of one type."
