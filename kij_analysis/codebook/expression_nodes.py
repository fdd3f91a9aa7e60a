"""What an expression consists of: small frozen nodes, and the faults that point at a character."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from kij_analysis.errors import Problem, StudyError


@dataclass(frozen=True)
class Number:
    """A number as it is written."""

    value: float
    at: int = field(compare=False)


@dataclass(frozen=True)
class Text:
    """A text in quotes, without them."""

    value: str
    at: int = field(compare=False)


@dataclass(frozen=True)
class Date:
    """A date such as 2020-01-31."""

    value: str
    at: int = field(compare=False)


@dataclass(frozen=True)
class Truth:
    """`true` or `false`."""

    value: bool
    at: int = field(compare=False)


@dataclass(frozen=True)
class Name:
    """An input."""

    name: str
    at: int = field(compare=False)


@dataclass(frozen=True)
class Negative:
    """A number with its sign turned."""

    part: Node
    at: int = field(compare=False)


@dataclass(frozen=True)
class Not:
    """True where its part is false."""

    part: Node
    at: int = field(compare=False)


@dataclass(frozen=True)
class Arithmetic:
    """Two numbers joined by one of + - * /."""

    sign: str
    left: Node
    right: Node
    at: int = field(compare=False)


@dataclass(frozen=True)
class Comparison:
    """Two values compared by one of == != < <= > >=."""

    sign: str
    left: Node
    right: Node
    at: int = field(compare=False)


@dataclass(frozen=True)
class Among:
    """Whether a value is one of those listed."""

    part: Node
    options: tuple[Number | Text | Date, ...]
    at: int = field(compare=False)


@dataclass(frozen=True)
class Logic:
    """Two or more conditions joined by `and` or by `or`."""

    word: str
    parts: tuple[Node, ...]
    at: int = field(compare=False)


@dataclass(frozen=True)
class Call:
    """A function of the closed list and what it is given."""

    function: str
    parts: tuple[Node, ...]
    at: int = field(compare=False)


Literal = Number | Text | Date | Truth
Node: TypeAlias = Literal | Name | Negative | Not | Arithmetic | Comparison | Among | Logic | Call


@dataclass(frozen=True)
class Expression:
    """A parsed expression: its text, its inputs in the order of their appearance, and its nodes."""

    text: str
    names: tuple[str, ...]
    root: Node


@dataclass(frozen=True)
class Fault:
    """What is wrong at one character of an expression; `at` counts from 0."""

    at: int
    what: str
    fix: str = ""


class ExpressionError(StudyError):
    """An expression cannot be read or its parts do not fit together.

    Examples
    --------
    >>> error = ExpressionError("1 + flor(a)", [Fault(4, "'flor' is no function.", "Write floor.")])
    >>> print(error)
    Character 5: 'flor' is no function. Write floor.
    1 + flor(a)
        ^
    """

    def __init__(self, text: str, faults: Iterable[Fault]) -> None:
        self.text, self.faults = text, tuple(faults)
        super().__init__(
            Problem(what=f"Character {fault.at + 1}: {fault.what}", fix=fault.fix) for fault in self.faults
        )

    @property
    def character(self) -> int:
        """Where the first fault is; the first character is 1."""
        return self.faults[0].at + 1

    def __str__(self) -> str:
        told = zip(self.problems, self.faults, strict=True)
        return "\n".join(f"{problem}\n{pointed(self.text, fault.at)}" for problem, fault in told)


def pointed(text: str, at: int) -> str:
    """The line of a text that holds a character, and a caret below it.

    Examples
    --------
    >>> print(pointed("år + flor(x)", 5))
    år + flor(x)
         ^
    """
    begin = text.rfind("\n", 0, at) + 1
    line = "".join(" " if sign.isspace() else sign for sign in text[begin:].split("\n")[0])
    # Of a long line the surroundings, so that the caret stands under its sign on a narrow screen too.
    cut = max(0, at - begin - 60)
    shown = line[cut : cut + 100]
    return f"{shown}\n{' ' * (at - begin - cut)}^"


def start(node: Node) -> int:
    """The character at which a node begins, which for `a + b` is that of `a`."""
    if isinstance(node, Arithmetic | Comparison):
        return start(node.left)
    if isinstance(node, Among):
        return start(node.part)
    if isinstance(node, Logic):
        return start(node.parts[0])
    return node.at
