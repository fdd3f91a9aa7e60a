"""Compiled rules: what each answer leads to, as plain lookup tables that any engine can apply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kij_analysis.codebook.crosswalks import Answer, Crosswalk, Missing, Rule
from kij_analysis.codebook.variables import Column


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """Answers of one column and what each leads to.

    `by_text` has answers by their normalised text or value label, `by_code` by their code; `labels`
    holds, for a code, the normalised labels that a file may give it.
    """

    source: str
    by_text: Mapping[str, object]
    by_code: Mapping[str, object]
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    known: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Numbers, dates or texts of one column, read by the declared form and held to bounds."""

    source: str
    type: str
    missing: Lookup
    minimum: float | None = None
    maximum: float | None = None
    otherwise: str = ""


@dataclass(frozen=True, kw_only=True)
class Fixed:
    """One value, or one missing reason, for every row."""

    value: object


@dataclass(frozen=True, kw_only=True)
class Membership:
    """Whether a code is among the answers that one cell lists; `empty` is what an empty cell means.

    Where several missing reasons meet, the first in `precedence` counts.
    """

    answers: Lookup
    separator: str
    empty: object
    code: str
    precedence: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Ticks:
    """Whether one of the columns that lead to a code is ticked, with one column per answer."""

    columns: Mapping[str, str]
    ticks: Lookup
    none_chosen: object
    code: str
    precedence: tuple[str, ...]


Plan = Lookup | Reading | Fixed | Membership | Ticks


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
