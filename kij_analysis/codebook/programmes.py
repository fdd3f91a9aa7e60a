"""What has been printed about a programme: its profile of ten cells, and whether outcomes are among it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

CELLS = (
    "model", "target_group", "eligibility", "length", "intensity",
    "matching", "goals", "funding", "evidence", "authorities",
)  # fmt: skip
"""The cells of a profile, in the order of the comparison table."""

KINDS = ("programme", "project", "survey")
EVIDENCE = ("outcomes", "outputs_only", "none_published")
"""What is printed of the results: what became of the participants, only what was done, or nothing."""


@dataclass(frozen=True, kw_only=True)
class Number:
    """One printed number, or a range if `high` is given, as its sources qualify it.

    `unit` and `precision` are codes of the printed record; `record` is the id of the row there.
    """

    value: float
    unit: str
    high: float | None = None
    precision: str = "exact"
    sources: tuple[str, ...] = ()
    record: str = ""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One thing that has been printed: a short phrase in five languages, numbers, or both.

    In the phrases ``{number}`` stands for the number. Several numbers are what sources say of one thing
    where they differ. `when` is a year, ``2002–2013`` or ``2012–``, or empty.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    numbers: tuple[Number, ...] = ()
    sources: tuple[str, ...] = ()
    when: str = ""

    @property
    def cited(self) -> tuple[str, ...]:
        """All sources of the fact, each once."""
        numbers = (source for number in self.numbers for source in number.sources)
        return tuple(dict.fromkeys([*self.sources, *numbers]))


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell of a profile; without facts nothing was found published."""

    facts: tuple[Fact, ...] = ()

    @property
    def published(self) -> bool:
        """Whether anything was found."""
        return bool(self.facts)


@dataclass(frozen=True, kw_only=True)
class Programme:
    """A programme; or a project about programmes, or a population survey used during development.

    `parts` are the further codes under which the printed record keeps numbers of this programme.
    A programme that nobody has described yet has an empty profile and no evidence code.
    """

    id: str
    kind: str
    name: str
    short: str
    country: str
    source: str
    admits: str = ""
    evidence: str = ""
    parts: tuple[str, ...] = ()
    profile: Mapping[str, Cell] = field(default_factory=dict)

    @property
    def has_outcomes(self) -> bool:
        """Whether anything has been printed of what became of the participants."""
        return self.evidence == "outcomes"

    @property
    def months(self) -> float | None:
        """The printed length of one course in months; None where it is printed as a range or not at all."""
        for fact in self.profile.get("length", Cell()).facts:
            if len(fact.numbers) == 1 and fact.numbers[0].unit == "months" and fact.numbers[0].high is None:
                return fact.numbers[0].value
        return None
