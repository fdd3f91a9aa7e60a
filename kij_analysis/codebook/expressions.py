"""The expression language of crosswalk rules, read by a parser of its own: nothing is ever run as Python."""

from __future__ import annotations

import datetime
import unicodedata

from kij_analysis.codebook.expression_nodes import (
    Among,
    Arithmetic,
    Call,
    Comparison,
    Date,
    Expression,
    ExpressionError,
    Fault,
    Literal,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Text,
    Truth,
)
from kij_analysis.codebook.expression_types import FUNCTIONS, INSTEAD, TYPES, check
from kij_analysis.codebook.expression_words import Word, words
from kij_analysis.errors import did_you_mean, listed

__all__ = ["FUNCTIONS", "TYPES", "Expression", "ExpressionError", "check", "parse"]

COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
POWERS = {"or": 1, "and": 2, "in": 4, "=": 4, **dict.fromkeys(COMPARISONS, 4), "+": 5, "-": 5, "*": 6, "/": 6}
"""How tightly an operator binds; `not` binds less than a comparison, the sign of a number most of all."""
NOT, COMPARING, SIGN = 3, 4, 7
RESERVED = ("and", "or", "not", "in", "true", "false")
NESTED, OPERATORS = 30, 150
"""Bounds that no rule of a questionnaire comes near, so that no text can exhaust the computer."""


def parse(text: str) -> Expression:
    """The expression that a text says, not yet held against the types of its inputs.

    Raises
    ------
    ExpressionError
        With the character at which the text stops making sense.

    Examples
    --------
    >>> parse("floor(months / 12) + år").names
    ('months', 'år')
    >>> parse("flor(x)")
    Traceback (most recent call last):
    kij_analysis.codebook.expression_nodes.ExpressionError: Character 1: there is no function 'flor'. ...
    flor(x)
    ^
    """
    whole = unicodedata.normalize("NFC", text)
    parser = _Parser(whole)
    root = parser.value()
    parser.expect_end()
    return Expression(text=whole, names=tuple(parser.names), root=root)


class _Parser:
    """Reads words from left to right; an operator takes what binds more tightly than itself."""

    def __init__(self, text: str) -> None:
        self.text, self.words = text, words(text)
        self.position, self.depth, self.operators = 0, 0, 0
        self.names: dict[str, None] = {}

    @property
    def now(self) -> Word:
        return self.words[self.position]

    def take(self) -> Word:
        word = self.now
        self.position += word.kind != "end"
        return word

    def is_next(self, *texts: str) -> bool:
        return self.now.kind in ("sign", "name") and self.now.text in texts

    def fault(self, word: Word, what: str, fix: str = "") -> ExpressionError:
        return ExpressionError(self.text, [Fault(word.at, what, fix)])

    def value(self, power: int = 0) -> Node:
        """What stands here, with all operators that bind more tightly than `power`."""
        self.depth += 1
        if self.depth > NESTED:
            raise self.fault(self.now, f"more than {NESTED} parts stand inside each other.", "Split it.")
        left = self.first()
        while (found := self.power()) > power:
            self.operators += 1
            if self.operators > OPERATORS:
                raise self.fault(self.now, f"this is operator number {OPERATORS + 1}.", "Split it.")
            left = self.operation(left, found)
        self.depth -= 1
        return left

    def power(self) -> int:
        if self.is_next("not") and self.words[self.position + 1].text == "in":
            return COMPARING
        return POWERS.get(self.now.text, 0) if self.now.kind in ("sign", "name") else 0

    def first(self) -> Node:
        """A value without the operators to its right."""
        word = self.take()
        if word.kind == "number":
            return Number(float(word.text), word.at)
        if word.kind == "text":
            quote = word.text[0]
            return Text(word.text[1:-1].replace(quote * 2, quote), word.at)
        if word.kind == "sign" and word.text in "(-+":
            return self.signed(word)
        if word.kind != "name" or (word.text in RESERVED and word.text not in ("not", "true", "false")):
            shown = f"'{word.text}' stands" if word.text else "the expression ends"
            raise self.fault(word, f"{shown} where a value belongs.", "Write a name, a number or a text.")
        if word.text == "not":
            return Not(self.value(NOT), word.at)
        if word.text in ("true", "false"):
            return Truth(word.text == "true", word.at)
        if self.is_next("("):
            return self.call(word)
        self.names[word.text] = None
        return Name(word.text, word.at)

    def signed(self, word: Word) -> Node:
        """A value in parentheses, or with a sign before it."""
        if word.text == "(":
            inner = self.value()
            if self.is_next(","):
                what = "a comma stands between parentheses that are not of a function or of `in`."
                raise self.fault(self.now, what, "Write decimals with a point: 1.5.")
            self.close(word)
            return inner
        if word.text == "+":
            raise self.fault(word, "'+' stands where a value belongs.", "Remove it.")
        part = self.value(SIGN)
        return Number(-part.value, word.at) if isinstance(part, Number) else Negative(part, word.at)

    def close(self, opened: Word) -> None:
        if not self.is_next(")"):
            self.needs_operator()
            what = f"the parenthesis opened at character {opened.at + 1} is not closed."
            raise self.fault(self.now, what, "Add ).")
        self.take()

    def operation(self, left: Node, power: int) -> Node:
        """`left` joined by the operator that stands here to what stands to the right of it."""
        word = self.now
        if power == COMPARING:
            return self.comparisons(left)
        self.take()
        if word.text not in ("and", "or"):
            return Arithmetic(word.text, left, self.value(power), word.at)
        parts = [left, self.value(power)]
        while self.is_next(word.text):
            self.take()
            parts.append(self.value(power))
        return Logic(word.text, tuple(parts), word.at)

    def comparisons(self, left: Node) -> Node:
        """One comparison, or a row of them such as `18 <= age < 65`."""
        found: list[Comparison] = []
        while self.power() == COMPARING:
            word = self.now
            if self.is_next("in", "not"):
                if found:
                    raise self.fault(word, "two comparisons stand in a row.", "Join them with and.")
                return self.among(left)
            self.take()
            sign = "==" if word.text == "=" else word.text
            if found and (sign[0] not in "<>" or found[-1].sign[0] != sign[0]):
                raise self.fault(word, "two comparisons stand in a row.", "Join them with and.")
            right = self.value(COMPARING)
            found.append(Comparison(sign, left, right, word.at))
            left = right
        return found[0] if len(found) == 1 else Logic("and", tuple(found), found[0].at)

    def among(self, part: Node) -> Node:
        """`in (1, 2)` or `not in (1, 2)`."""
        word = self.take()
        if word.text == "not":
            self.take()
        opened = self.take()
        if opened.text != "(":
            raise self.fault(opened, "a list in parentheses belongs after in.", "Write in (1, 2).")
        options = []
        for option in self.list_of_values(opened):
            if not isinstance(option, Number | Text | Date):
                fault = Fault(option.at, "a list after in holds numbers, texts in quotes and dates only.")
                raise ExpressionError(self.text, [fault])
            options.append(option)
        among = Among(part, tuple(options), word.at)
        if self.power() == COMPARING:
            raise self.fault(self.now, "two comparisons stand in a row.", "Join them with and.")
        return Not(among, word.at) if word.text == "not" else among

    def list_of_values(self, opened: Word) -> list[Node]:
        """Values separated by commas, up to the closing parenthesis."""
        found = [self.value()]
        while self.is_next(","):
            self.take()
            found.append(self.value())
        self.close(opened)
        return found

    def call(self, word: Word) -> Node:
        """A function and what it is given."""
        function, opened = FUNCTIONS.get(word.text), self.take()
        if function is None:
            hint = INSTEAD.get(word.text.lower()) or did_you_mean(word.text, FUNCTIONS)
            known = f"Known: {listed(FUNCTIONS, most=len(FUNCTIONS))}."
            raise self.fault(word, f"there is no function '{word.text}'.", f"{hint} {known}".strip())
        if self.is_next(")"):
            self.take()
            parts: list[Node] = []
        else:
            parts = self.list_of_values(opened)
        wrong = function.wrong_number(len(parts))
        if wrong:
            raise self.fault(word, f"{word.text} takes {wrong}, not {len(parts)}.", f"Write {function.form}.")
        return self.date(parts[0]) if word.text == "date" else Call(word.text, tuple(parts), word.at)

    def date(self, part: Node) -> Literal:
        """The date that a text says."""
        if isinstance(part, Text):
            try:
                day = datetime.date.fromisoformat(part.value)
            except ValueError:
                day = None
            if day is not None and day.isoformat() == part.value:
                return Date(part.value, part.at)
        what = "date takes a day of the calendar in quotes."
        fix = 'Write date("2020-01-31"), and declare an input that holds dates as one.'
        raise ExpressionError(self.text, [Fault(part.at, what, fix)])

    def needs_operator(self) -> None:
        """Refuse a value that follows another one at once."""
        word = self.now
        if word.kind in ("name", "number", "text") or word.text == "(":
            hint = did_you_mean(word.text, ("and", "or", "not", "in")) if word.kind == "name" else ""
            fix = hint or "Write one between them, such as + or and."
            raise self.fault(word, f"an operator is missing before '{word.text}'.", fix)

    def expect_end(self) -> None:
        """Refuse what stands after the expression."""
        word = self.now
        if word.kind == "end":
            return
        self.needs_operator()
        if word.text == ",":
            fix = "Write decimals with a point: 1.5. Commas stand between what a function is given."
            raise self.fault(word, "a comma stands outside of a function.", fix)
        raise self.fault(word, f"'{word.text}' has no opening parenthesis.", "Remove it, or add (.")
