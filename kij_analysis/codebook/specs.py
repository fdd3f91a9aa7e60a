"""What further rules of a crosswalk hold: intervals, mirrors, ridits, scores, key files and formulas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kij_analysis.codebook.instruments import FileForm
from kij_analysis.codebook.intervals import Interval

Answer = str | int | float
"""How a rule names an answer: by its text or value label, or by its code."""


@dataclass(frozen=True)
class Missing:
    """An answer that is none, with the reason."""

    reason: str


@dataclass(frozen=True)
class Copy:
    """The number itself."""


@dataclass(frozen=True, kw_only=True)
class Intervals:
    """A number leads to what its interval leads to; an answer named by itself beats every interval.

    `pieces` are the intervals and their results; `rest` is what a number outside all of them leads to,
    None where it stops the work. `otherwise` is the missing reason of such a number and of what is no number.
    """

    source: str
    pieces: tuple[tuple[Interval, object], ...]
    values: Mapping[Answer, object] = field(default_factory=dict)
    rest: object = None
    otherwise: str = ""
    missing: Mapping[Answer, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Mirror:
    """A number turned about the middle between two ends: low becomes high."""

    source: str
    low: float
    high: float
    otherwise: str = ""
    missing: Mapping[Answer, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Turned:
    """The steps of a scale carried over to as many ordered categories, the lowest step to the highest."""

    source: str
    scale: str
    missing: Mapping[Answer, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Ridit:
    """Each step of a scale as the share of people below it, and half of those at it (Bross 1958).

    `reference` holds the weight of each step from low to high in the reference population; empty: the answers
    of the file itself.
    """

    source: str
    scale: str
    low: float
    high: float
    reference: tuple[float, ...] = ()
    reversed: bool = False
    missing: Mapping[Answer, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class StepTable:
    """A number, or a missing reason, for each step of a scale from low to high."""

    source: str
    scale: str
    numbers: tuple[object, ...]
    missing: Mapping[Answer, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item of a score: the numbers of its answers come from a scale, from a list, or from the file."""

    source: str
    scale: str = ""
    values: Mapping[Answer, object] = field(default_factory=dict)
    reversed: bool = False
    missing: Mapping[Answer, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Score:
    """Several items of one range together.

    A sum where some answers are missing is the mean of the others times the number of items. With fewer than
    `minimum` answers there is no score. `spread` are the two numbers that the lowest and the highest score
    become, if others than the range's own.
    """

    items: tuple[Item, ...]
    low: float
    high: float
    method: str
    minimum: int
    spread: tuple[float, float] | None = None


@dataclass(frozen=True, kw_only=True)
class Join:
    """An answer looked up in a key file of the study; what stands in the column `bring` there comes over.

    `otherwise` is the missing reason of answers that the key file does not have.
    """

    source: str
    path: str
    form: FileForm
    key: str
    bring: str
    values: Mapping[Answer, object] = field(default_factory=dict)
    otherwise: str = ""
    missing: Mapping[Answer, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Input:
    """One column that a formula reads, under the name that it has there."""

    source: str
    type: str
    values: Mapping[Answer, object] = field(default_factory=dict)
    missing: Mapping[Answer, str] = field(default_factory=dict)
    otherwise: str = ""


@dataclass(frozen=True, kw_only=True)
class Formula:
    """A value calculated from several columns; `values` leads from results to what they mean."""

    inputs: Mapping[str, Input]
    text: str
    values: Mapping[Answer, object] = field(default_factory=dict)
    otherwise: str = ""
