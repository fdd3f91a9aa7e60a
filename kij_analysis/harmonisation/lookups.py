"""Compiled rules: what each answer leads to, as plain lookup tables that any engine can apply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kij_analysis.codebook.crosswalks import Answer, Crosswalk, Missing, Rule
from kij_analysis.codebook.expressions import Expression
from kij_analysis.codebook.instruments import FileForm
from kij_analysis.codebook.intervals import Interval
from kij_analysis.codebook.variables import Column


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """Answers of one column and what each leads to.

    `by_text` has answers by their normalised text or value label, `by_code` by their code; `labels`
    holds, for a code, the normalised labels that a file may give it. `patterns` are tried on answers that are
    in neither; `otherwise` is the missing reason of what is left, which has no rule where it is empty.
    """

    source: str
    by_text: Mapping[str, object]
    by_code: Mapping[str, object]
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    known: tuple[str, ...] = ()
    patterns: tuple[tuple[str, object], ...] = ()
    otherwise: str = ""


@dataclass(frozen=True, kw_only=True)
class Cut:
    """What a number leads to by the interval that it lies in; `rest` is for all others, None if nothing."""

    pieces: tuple[tuple[Interval, object], ...]
    rest: object = None


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A number mirrored: low becomes high."""

    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Numbers, dates or texts of one column, read by the declared form and held to bounds.

    `missing` has the answers that lead to a reason, or to a value, by themselves; `then` says what becomes
    of a number.
    """

    source: str
    type: str
    missing: Lookup
    minimum: float | None = None
    maximum: float | None = None
    otherwise: str = ""
    then: Cut | Turn | None = None


@dataclass(frozen=True, kw_only=True)
class Fixed:
    """One value, or one missing reason, for every row."""

    value: object


@dataclass(frozen=True, kw_only=True)
class Membership:
    """Whether a code is among the answers that one cell lists; `empty` is what an empty cell means.

    With `count` how many codes there are. Where several missing reasons meet, the first in `precedence`
    counts. `target` is how messages call the question.
    """

    answers: Lookup
    separator: str
    empty: object
    code: str
    precedence: tuple[str, ...]
    target: str = ""
    count: bool = False


@dataclass(frozen=True, kw_only=True)
class Ticks:
    """Whether one of the columns that lead to a code is ticked, with one column per answer.

    With `count` how many codes are ticked.
    """

    columns: Mapping[str, str]
    ticks: Lookup
    none_chosen: object
    code: str
    precedence: tuple[str, ...]
    target: str = ""
    count: bool = False


@dataclass(frozen=True, kw_only=True)
class Ridits:
    """Steps of a scale, and the weights that ridits are taken from; none: the file's own answers."""

    steps: Lookup
    weights: tuple[float, ...]
    size: int
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Scoring:
    """The items of a score, each as numbers of one range, and how they become one number."""

    items: tuple[Lookup | Reading, ...]
    times: float
    minimum: int
    low: float
    high: float
    spread: tuple[float, float] | None
    precedence: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Joining:
    """A key file's column in place of the keys; `brought` is what its answers lead to.

    `none` are the answers that are no keys.
    """

    source: str
    path: str
    form: FileForm
    key: str
    bring: str
    none: Lookup
    brought: Lookup | Reading
    otherwise: str


@dataclass(frozen=True, kw_only=True)
class Calculating:
    """A formula, its inputs, and what its results lead to; without `values` they stand as they are."""

    inputs: Mapping[str, Lookup | Reading]
    types: Mapping[str, str]
    expression: Expression
    values: Lookup | None
    otherwise: str
    precedence: tuple[str, ...]


Plan = Lookup | Reading | Fixed | Membership | Ticks | Ridits | Scoring | Joining | Calculating


@dataclass(frozen=True, kw_only=True)
class CompiledRule:
    """A rule and the plan that it compiles to."""

    rule: Rule
    column: Column
    plan: Plan


@dataclass(frozen=True, kw_only=True)
class CompiledCrosswalk:
    """A crosswalk ready to be applied to a file."""

    crosswalk: Crosswalk
    rules: tuple[CompiledRule, ...]


def answer_code(answer: Answer) -> str:
    """An answer as a code is spelt: whole numbers without decimals.

    Examples
    --------
    >>> answer_code(3), answer_code(2.5), answer_code(".a")
    ('3', '2.5', '.a')
    """
    if isinstance(answer, float) and answer.is_integer():
        return str(int(answer))
    return str(answer)


def reason_of(outcome: object) -> str:
    """The missing reason of an outcome, empty if it is a value."""
    return outcome.reason if isinstance(outcome, Missing) else ""
