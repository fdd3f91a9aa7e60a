"""Crosswalks: rules that carry an instrument's answers over to the harmonised variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kij_analysis.codebook.instruments import Instrument

STATUSES = ("complete", "partial", "impossible", "undetermined", "not_applicable")
"""The harmonisation statuses of Maelstrom, extended by *partial* and *not applicable*."""

PSEUDONYMISED = ("person_id", "pair_id")
"""Keys that leave the file as pseudonyms only."""

Answer = str | int | float
"""How a rule names an answer: by its text or value label, or by its code."""


@dataclass(frozen=True)
class Missing:
    """An answer that is none, with the reason."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Direct:
    """Numbers, dates and texts as they stand, or answers that are category codes already.

    `otherwise` is the missing reason of what cannot be read or lies outside the codebook's bounds;
    without it such an answer stops the work.
    """

    source: str
    otherwise: str = ""
    missing: Mapping[Answer, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Map:
    """Each answer leads to one value; many answers may lead to the same."""

    source: str
    values: Mapping[Answer, object]
    labels: Mapping[Answer, str] = field(default_factory=dict)
    missing: Mapping[Answer, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """The steps of a scale spread evenly between two numbers; equal steps are an assumption."""

    source: str
    scale: str
    low: float
    high: float
    missing: Mapping[Answer, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """True from one step of a scale upwards."""

    source: str
    scale: str
    at: int
    missing: Mapping[Answer, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Constant:
    """The same value for everybody, because of how the programme works."""

    value: object


@dataclass(frozen=True, kw_only=True)
class ManyInOneCell:
    """A multiple choice whose answers stand in one cell; true where `code` is among them."""

    source: str
    separator: str
    values: Mapping[Answer, object]
    empty: str
    code: str
    missing: Mapping[Answer, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ColumnPerAnswer:
    """A multiple choice with one column per answer; true where a column that leads to `code` is chosen."""

    columns: Mapping[str, str]
    chosen: tuple[Answer, ...]
    not_chosen: tuple[Answer, ...]
    none_chosen: str
    code: str
    missing: Mapping[Answer, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Absent:
    """No value can or may be had: impossible, undetermined or not applicable.

    `reason` is the missing reason where it is not that of the kind of rule.
    """

    reason: str = ""


Spec = Direct | Map | Stretch | Threshold | Constant | ManyInOneCell | ColumnPerAnswer | Absent


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How one harmonised column comes about in one instrument, and how well that succeeds."""

    column: str
    kind: str
    spec: Spec
    status: str
    detail: str = ""
    because: str = ""
    decided_by: str = ""
    on: str = ""
    line: int | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns of the file that the rule reads."""
        if isinstance(self.spec, ColumnPerAnswer):
            return tuple(self.spec.columns)
        source = getattr(self.spec, "source", "")
        return (source,) if source else ()


@dataclass(frozen=True, kw_only=True)
class Crosswalk:
    """An instrument with one rule for every harmonised column."""

    instrument: Instrument
    rules: tuple[Rule, ...]
    path: Path
    name: str

    @property
    def read(self) -> frozenset[str]:
        """The columns of the file that a rule, or a key that no pseudonym stands for, reads."""
        keys = self.instrument.keys
        rest = {column for key, column in keys.items() if key not in PSEUDONYMISED}
        return frozenset(rest | {source for rule in self.rules for source in rule.sources})

    @property
    def pseudonymised(self) -> frozenset[str]:
        """The columns of the file that leave as pseudonyms only."""
        keys = self.instrument.keys
        return frozenset(keys[key] for key in PSEUDONYMISED if key in keys) - self.read

    @property
    def passing(self) -> frozenset[str]:
        """The columns of the file whose texts go further as they stand."""
        return frozenset({*self.instrument.released_text, self.instrument.keys.get("round", "")})

    def rule(self, column: str) -> Rule:
        """The rule of a harmonised column."""
        return next(rule for rule in self.rules if rule.column == column)
