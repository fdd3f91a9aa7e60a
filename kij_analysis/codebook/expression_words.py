"""The text of an expression cut into words and signs, and advice on signs that other programs use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kij_analysis.codebook.expression_nodes import ExpressionError, Fault

WORD = re.compile(
    r"""(?P<blank>\s+)
    | (?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)
    | (?P<name>[^\W\d]\w*)
    | (?P<text>"(?:[^"]|"")*"|'(?:[^']|'')*')
    | (?P<sign><=|>=|==|!=|[-+*/()<>=,])""",
    re.VERBOSE,
)

ELSEWHERE = {
    "<>": "Write != for 'is not'.", "=>": "Write >=.", "=<": "Write <=.", "~=": "Write !=.",
    "**": "There are no powers; write x * x.", "^": "There are no powers; write x * x.",
    "//": "Write floor(x / y).", "%": "There is no remainder and no per cent; write x / 100.",
    "&&": "Write and.", "&": "Write and.", "||": "Write or.", "|": "Write or.", "!": "Write not or !=.",
    ";": "Separate what a function is given with commas.",
    ":": "Write / to divide.", "÷": "Write / to divide.", "×": "Write * to multiply.",
    "·": "Write * to multiply.", "−": "Write - as on the keyboard.", "–": "Write - as on the keyboard.",
    "—": "Write - as on the keyboard.", "≤": "Write <=.", "≥": "Write >=.", "≠": "Write !=.",
    "“": 'Write straight quotes: "text".', "”": 'Write straight quotes: "text".',
    "„": 'Write straight quotes: "text".', "‘": "Write straight quotes: 'text'.",
    "’": "Write straight quotes: 'text'.", "´": "Write straight quotes: 'text'.",
    "`": "Write straight quotes: 'text'.", "»": 'Write straight quotes: "text".',
    "«": 'Write straight quotes: "text".',
    ".": "A name has no parts; give the column a short name of letters, digits and _.",
    "[": "Give the column a short name of letters, digits and _.",
    "$": "Give the column a short name of letters, digits and _.",
    "#": "Give the column a short name of letters, digits and _.",
    "{": "Write inputs as they are, without braces.",
}  # fmt: skip
"""Signs of other languages and of word processors, and what to write instead."""

LONGEST = 2000
DIGITS = 15
"""More digits than these a number of a computer does not hold exactly."""


@dataclass(frozen=True)
class Word:
    """One word or sign of an expression: a number, name, text, sign or the end."""

    kind: str
    text: str
    at: int


def words(text: str) -> list[Word]:
    """The words and signs of an expression, with an end after the last one.

    Raises
    ------
    ExpressionError
        At a sign that is not of the language, a text without its closing quote, or a number that is
        too long to be held exactly.

    Examples
    --------
    >>> [word.text for word in words("floor(år/12)")]
    ['floor', '(', 'år', '/', '12', ')', '']
    """
    if len(text) > LONGEST:
        what = f"the expression has {len(text)} characters; it may have {LONGEST}."
        raise ExpressionError(text, [Fault(LONGEST, what, "Split it into several variables.")])
    if not text.strip():
        raise ExpressionError(text, [Fault(0, "nothing stands here.", "Write an expression.")])
    return [*_words(text), Word("end", "", len(text.rstrip()))]


def _words(text: str) -> Iterator[Word]:
    at = 0
    while at < len(text):
        match = None if text[at : at + 2] in ELSEWHERE else WORD.match(text, at)
        if match is None:
            raise ExpressionError(text, [_stranger(text, at)])
        kind, found = str(match.lastgroup), match.group()
        if kind == "number":
            _held_exactly(text, found, at, match.end())
        if kind != "blank":
            yield Word(kind, found, at)
        at = match.end()


def _stranger(text: str, at: int) -> Fault:
    sign = text[at]
    if sign in "\"'":
        return Fault(at, f"the text that begins here has no closing {sign}.", f"Add {sign} at its end.")
    longer = text[at : at + 2]
    shown = longer if longer in ELSEWHERE else sign
    fix = ELSEWHERE.get(shown, "Use letters, digits, _ and the signs + - * / ( ) , < > = !.")
    return Fault(at, f"'{shown}' is not part of the language.", fix)


def _held_exactly(text: str, number: str, at: int, end: int) -> None:
    if end < len(text) and (text[end].isalnum() or text[end] == "_"):
        what = f"letters follow the number {number} at once."
        raise ExpressionError(text, [Fault(end, what, "Write 2 * x for 2x, and 1000 for 1e3.")])
    if sum(sign != "." for sign in number) > DIGITS:
        what = f"the number has more than {DIGITS} digits and would not be held exactly."
        raise ExpressionError(text, [Fault(at, what, "Write fewer digits; put a long code in quotes.")])
