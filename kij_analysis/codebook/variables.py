"""Harmonised variables: what each means, its type, unit and categories, and the columns it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from kij_analysis.codebook.programmes import Programme as Programme

KEYS = ("programme", "person_id", "role", "wave")
"""The columns that name a row of `answers`; `people` has them without the wave."""

KEY_COLUMNS = (
    "programme",
    "person_id",
    "role",
    "wave",
    "round",
    "date",
    "pair_id",
    "instrument",
    "data_status",
)
"""The columns that every harmonised row begins with, whatever the codebook asks."""

FRAMES = ("people", "answers", "pairs", "meetings")

WHO = {"comparison": "comparison groups"}
WHEN = {"entry": "at entry", "end": "at the end", "follow_up": "at follow-up", "single": "in one survey"}
"""How the waves are named in a reason."""


@dataclass(frozen=True, kw_only=True)
class Category:
    """One answer category of a harmonised variable."""

    code: str
    labels: Mapping[str, str]
    meaning: str = ""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a harmonised frame: a variable, or one output of a variable.

    Its values are codes of `categories`, numbers in `unit` between `minimum` and `maximum`, booleans,
    dates or texts; its companion ``<name>_missing`` says why a value is missing. `classes` holds the numbers
    at which the groups begin in which a number is described.
    """

    name: str
    variable: str
    output: str
    frame: str
    type: str
    labels: Mapping[str, str]
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    ordered: bool = False
    categories: Mapping[str, Category] = field(default_factory=dict)
    classes: tuple[float, ...] = ()

    @property
    def missing(self) -> str:
        """The name of the companion column that holds the reason of a missing value."""
        return f"{self.name}_missing"

    @property
    def class_bounds(self) -> dict[str, tuple[float, float]]:
        """The groups of a number by their codes: from the first bound up to, but not with, the second.

        Examples
        --------
        >>> age = Column(name="age", variable="age", output="", frame="people", type="number", labels={},
        ...     classes=(30, 45))
        >>> list(age.class_bounds.items())
        [('below_30', (-inf, 30)), ('30_to_45', (30, 45)), ('from_45', (45, inf))]
        """
        if not self.classes:
            return {}
        inner = {f"{a:g}_to_{b:g}": (a, b) for a, b in zip(self.classes, self.classes[1:], strict=False)}
        first, last = self.classes[0], self.classes[-1]
        below = {f"below_{first:g}": (float("-inf"), first)}
        return {**below, **inner, f"from_{last:g}": (last, float("inf"))}


@dataclass(frozen=True, kw_only=True)
class Variable:
    """A harmonised variable: one concept and the columns that carry it.

    `asked_of` leads from the roles that are asked to the waves in which they are; empty: everybody, always.
    `only_if` leads from a harmonised column to the values that a person must have for the question to concern
    her; an empty cell of anybody else is *not applicable*.
    """

    name: str
    concept: str
    frame: str
    type: str
    labels: Mapping[str, str]
    columns: tuple[Column, ...]
    standard: str = ""
    source: str = ""
    asked_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    only_if: Mapping[str, tuple[object, ...]] = field(default_factory=dict)

    def column(self, output: str = "") -> Column | None:
        """The column of an output, or the only column."""
        return next((column for column in self.columns if column.output == output), None)

    def not_asked(self, role: str, wave: str) -> str:
        """Why a survey of this role and wave does not ask the question; empty if it does.

        Examples
        --------
        >>> trust = Variable(
        ...     name="trust", concept="", frame="answers", type="boolean", labels={}, columns=(),
        ...     asked_of={"mentor": ("end",)},
        ... )
        >>> trust.not_asked("mentee", "end"), trust.not_asked("mentor", "entry")
        ('asked of mentors only', 'asked at the end only')
        """
        if self.frame == "meetings":
            return "told by logs of meetings only"
        if self.asked_of and role not in self.asked_of:
            return f"asked of {' and '.join(WHO.get(who, f'{who}s') for who in self.asked_of)} only"
        waves = self.asked_of.get(role, (wave,))
        return "" if wave in waves else f"asked {' and '.join(WHEN[when] for when in waves)} only"


@dataclass(frozen=True, kw_only=True)
class MissingReason:
    """Why a value is missing: a closed list, with its codes in SPSS and Stata files."""

    code: str
    labels: Mapping[str, str]
    meaning: str
    spss: int
    stata: str


@dataclass(frozen=True, kw_only=True)
class MissingFamily:
    """Codes that say why an answer is missing and are as wide as the codes of their column.

    `reasons` leads from a digit to the missing reason: with 7, refused, the code is 7 in a column of one
    digit, 77 in one of two, 777 in one of three. `labels` holds, for a digit, the labels that files give it.
    """

    name: str
    meaning: str
    reasons: Mapping[str, str]
    labels: Mapping[str, tuple[str, ...]]
    source: str = ""

    def codes(self, width: int) -> dict[str, str]:
        """The codes of a column of this width, with the digit that each repeats.

        Examples
        --------
        >>> family = MissingFamily(name="ess", meaning="", reasons={"7": "refused"}, labels={"7": ()})
        >>> family.codes(2)
        {'77': '7'}
        """
        return {digit * width: digit for digit in self.reasons}


@dataclass(frozen=True, kw_only=True)
class Barrier:
    """One class of barriers to work, and what it corresponds to in the classifications of others."""

    code: str
    domain: str
    asked: bool
    labels: Mapping[str, str]
    basis: str
    mappings: Mapping[str, object] = field(default_factory=dict)

    @property
    def variable(self) -> str:
        """The name of the variable that holds this barrier."""
        return f"barrier_{self.code}"


@dataclass(frozen=True, kw_only=True)
class ScaleCategory:
    """One step of an answer scale: its code in the source, if it has one, and its labels by language.

    `translations` are what pages in other languages call it; answers are never read by them.
    """

    code: str
    labels: Mapping[str, str]
    translations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Scale:
    """An answer scale as one instrument prints it; categories always from low to high."""

    id: str
    languages: tuple[str, ...]
    direction: str
    middle: bool
    basis: str
    categories: tuple[ScaleCategory, ...]
    missing: Mapping[str | int | float, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Family:
    """Variables that belong together: whoever says more to one of them tends to say more to the others."""

    code: str
    variables: tuple[str, ...]
    basis: str


@dataclass(frozen=True, kw_only=True)
class Codebook:
    """What we want to know: variables, their families, missing reasons, barriers, scales and programmes."""

    variables: Mapping[str, Variable]
    missing: Mapping[str, MissingReason]
    barriers: Mapping[str, Barrier]
    domains: Mapping[str, Mapping[str, str]]
    programmes: Mapping[str, Programme]
    scales: Mapping[str, Scale]
    missing_families: Mapping[str, MissingFamily] = field(default_factory=dict)
    families: Mapping[str, Family] = field(default_factory=dict)

    @cached_property
    def columns(self) -> dict[str, Column]:
        """Every harmonised column but the keys, by name, in the order of the codebook."""
        return {c.name: c for v in self.variables.values() if v.frame != "key" for c in v.columns}

    @property
    def barrier_variables(self) -> tuple[str, ...]:
        """The variables that hold the barriers that are asked about."""
        return tuple(barrier.variable for barrier in self.barriers.values() if barrier.asked)
