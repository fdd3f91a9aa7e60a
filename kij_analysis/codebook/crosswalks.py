"""Crosswalks: rules that carry an instrument's answers over to the harmonised variables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from kij_analysis.codebook.instruments import Instrument
from kij_analysis.codebook.specs import Answer as Answer
from kij_analysis.codebook.specs import Formula, Intervals, Join, Mirror, Ridit, Score, StepTable, Turned
from kij_analysis.codebook.specs import Missing as Missing
from kij_analysis.errors import Problem

STATUSES = ("complete", "partial", "impossible", "undetermined", "not_applicable")
"""The harmonisation statuses of Maelstrom, extended by *partial* and *not applicable*."""

PSEUDONYMISED = ("person_id", "pair_id")
"""Keys that leave the file as pseudonyms only."""


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
    """Each answer leads to one value; many answers may lead to the same.

    With `regex` the answers are patterns that a whole answer must fit; `otherwise` is the missing reason of
    answers without a rule, which stop the work where it is empty.
    """

    source: str
    values: Mapping[Answer, object]
    labels: Mapping[Answer, str] = field(default_factory=dict)
    missing: Mapping[Answer, str] = field(default_factory=dict)
    regex: bool = False
    otherwise: str = ""


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """The steps of a scale spread evenly between two numbers; equal steps are an assumption."""

    source: str
    scale: str
    low: float
    high: float
    reversed: bool = False
    missing: Mapping[Answer, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """True from one step of a scale upwards; of a reversed scale downwards."""

    source: str
    scale: str
    at: int
    reversed: bool = False
    missing: Mapping[Answer, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Constant:
    """The same value for everybody, because of how the programme works."""

    value: object


@dataclass(frozen=True, kw_only=True)
class ManyInOneCell:
    """A multiple choice whose answers stand in one cell; true where `code` is among them.

    With `count` the number of different codes other than ``none``.
    """

    source: str
    separator: str
    values: Mapping[Answer, object]
    empty: str
    code: str
    count: bool = False
    missing: Mapping[Answer, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ColumnPerAnswer:
    """A multiple choice with one column per answer; true where a column that leads to `code` is chosen.

    With `count` the number of different codes other than ``none`` that are chosen.
    """

    columns: Mapping[str, str]
    chosen: tuple[Answer, ...]
    not_chosen: tuple[Answer, ...]
    none_chosen: str
    code: str
    count: bool = False
    missing: Mapping[Answer, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Absent:
    """No value can or may be had: impossible, undetermined or not applicable.

    `reason` is the missing reason where it is not that of the kind of rule.
    """

    reason: str = ""


Spec = (
    Direct | Map | Intervals | Stretch | Threshold | Ridit | StepTable | Mirror | Turned | Constant
    | ManyInOneCell | ColumnPerAnswer | Score | Join | Formula | Absent
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How one harmonised column comes about in one instrument, and how well that succeeds.

    `proposed` is the score of a rule that `kij draft` wrote and nobody has confirmed yet.
    `line` is where it stands in `file`, the crosswalk itself or the one that it is based on.
    """

    column: str
    kind: str
    spec: Spec
    status: str
    detail: str = ""
    because: str = ""
    decided_by: str = ""
    on: str = ""
    proposed: float | None = None
    line: int | None = None
    file: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns of the file that the rule reads."""
        if isinstance(self.spec, ColumnPerAnswer):
            return tuple(self.spec.columns)
        if isinstance(self.spec, Score):
            return tuple(item.source for item in self.spec.items)
        if isinstance(self.spec, Formula):
            return tuple(dict.fromkeys(part.source for part in self.spec.inputs.values()))
        source = getattr(self.spec, "source", "")
        return (source,) if source else ()

    @property
    def passes_on(self) -> tuple[str, ...]:
        """The columns, of the file or of a key file, whose texts a text column would get as they stand."""
        spec = self.spec
        if isinstance(spec, Direct):
            return (spec.source,)
        if isinstance(spec, Join):
            return () if spec.values else (spec.bring,)
        if isinstance(spec, Formula) and not spec.values:
            texts = (part for part in spec.inputs.values() if part.type == "text" and not part.values)
            return tuple(dict.fromkeys(part.source for part in texts))
        return ()


def columns_read(instrument: Instrument, rules: Iterable[Rule]) -> frozenset[str]:
    """The columns of a file that a rule, the choice of rows, or a key that no pseudonym stands for, reads.

    An id that is only looked up in a key file is not read: it goes no further than that.
    """
    keys = instrument.keys
    ids = {keys[key] for key in PSEUDONYMISED if key in keys}
    found = {*instrument.only, *(column for key, column in keys.items() if key not in PSEUDONYMISED)}
    for rule in rules:
        found.update(set(rule.sources) - ids if isinstance(rule.spec, Join) else rule.sources)
    return frozenset(found)


@dataclass(frozen=True, kw_only=True)
class Crosswalk:
    """An instrument with one rule for every harmonised column.

    `based_on` names last year's crosswalk where this one says only what differs; `bases` are the files of
    that one and of those that it rests on itself.
    """

    instrument: Instrument
    rules: tuple[Rule, ...]
    path: Path
    name: str
    based_on: str = ""
    bases: tuple[Path, ...] = ()

    @property
    def read(self) -> frozenset[str]:
        """See `columns_read`."""
        return columns_read(self.instrument, self.rules)

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

    def problem(self, rule: Rule, problem: Problem) -> Problem:
        """A problem with the place of a rule: a line of a YAML file, or a row of a sheet."""
        if self.path.suffix in (".csv", ".xlsx"):
            return replace(problem, file=self.name, row=rule.line)
        return replace(problem, file=self.name, line=rule.line)
