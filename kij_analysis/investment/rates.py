"""The values of a country's rules, each with year, source and confidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kij_analysis.errors import UsageError, did_you_mean, listed

PAYERS = ("participant", "municipality", "region", "state", "employer", "investor")
"""Who may pay and receive; an investor is a fund or foundation that pays for the course at its own risk."""
PUBLIC = ("municipality", "region", "state")
GROUPS: Mapping[str, tuple[str, ...]] = {"public": PUBLIC, "society": PAYERS}
"""Payers taken together; what one of a group gives another cancels."""
AMOUNTS = ("amount", "amount_per_month", "amount_per_year", "amount_per_day", "amount_per_hour")
"""Units that are money, and have a price year therefore."""


def members(payer: str) -> tuple[str, ...]:
    """The payers that a code stands for.

    Examples
    --------
    >>> members("state"), members("public")
    (('state',), ('municipality', 'region', 'state'))
    """
    return GROUPS.get(payer, (payer,))


@dataclass(frozen=True, kw_only=True)
class Rate:
    """A value of the rules: what it is, of which year, where it stands and how sure that is.

    `confidence` is ``high``, ``medium`` or ``low`` for a value with a published source, ``supplied`` for
    one that a user has put in its place.
    """

    name: str
    kind: str
    unit: str
    value: float
    year: int
    source: str
    address: str = ""
    confidence: str = "high"
    who: str = ""
    note: str = ""

    @property
    def data_status(self) -> str:
        """``published``, or ``assumed`` where a user has supplied it."""
        return "assumed" if self.confidence == "supplied" else "published"

    @property
    def is_money(self) -> bool:
        """Whether it is an amount, which has a price year, and not a rate or factor."""
        return self.unit in AMOUNTS


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A value that could not be verified: what a user must supply, and why it is no default."""

    what: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step of the staircase: the share of the state or of the municipality from a week or day on."""

    first: float
    value: str
    counts: str


@dataclass(frozen=True, kw_only=True)
class Staircase:
    """How the municipality's share of a benefit grows with the time on benefit."""

    unit: str
    steps: tuple[Step, ...]
    from_year: int | None = None
    until_year: int | None = None
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class Tax:
    """What is due on a wage, or on wage and benefit alike, and who receives it; thresholds are yearly."""

    item: str
    to: str
    of: str
    rates: tuple[str, ...]
    less: tuple[str, ...] = ()
    net_of: tuple[str, ...] = ()
    allowances: tuple[str, ...] = ()
    earned_rate: str = ""
    earned_most: str = ""
    if_over: str = ""

    @property
    def needed(self) -> tuple[str, ...]:
        """The values that it is computed from."""
        single = [name for name in (self.earned_rate, self.earned_most, self.if_over) if name]
        return (*self.rates, *self.less, *self.net_of, *self.allowances, *single)


@dataclass(frozen=True, kw_only=True)
class Payers:
    """Who pays benefits and receives taxes in one country: the rules as data.

    `rates` holds each value by name, one for each year; `missing` what could not be verified.
    """

    country: str
    currency: str
    file: str
    benefit_paid_by: str
    discount_rate: str
    rates: Mapping[str, tuple[Rate, ...]]
    missing: Mapping[str, Missing]
    staircase: Staircase | None = None
    share: str = ""
    taxes: tuple[Tax, ...] = ()
    employer: Mapping[str, str]
    days_per_month: float | None = None
    basic_amount: str = ""

    def rate(self, name: str, year: int | None = None) -> Rate:
        """One value.

        Parameters
        ----------
        name
            Its name in codebook/payers/<country>.yaml.
        year
            Needed where the file has several years.

        Raises
        ------
        UsageError
            If it could not be verified (what to supply), if nobody knows it, if its source is of low
            confidence, or if it is not clear which year is meant.

        Examples
        --------
        >>> from kij_analysis.investment import payers
        >>> rules = payers("DK")
        >>> one = rules.rate("kontanthjaelp_forhoejet_sats")
        >>> one.value, one.year, one.confidence
        (12064.0, 2024, 'medium')
        """
        if name in self.rates:
            return self._of_year(name, year)
        if name in self.missing:
            gap = self.missing[name]
            raise UsageError(
                f"'{name}' could not be verified for {self.country}: {gap.why}.",
                fix=f"Supply {gap.what}, with your source, under values: {name}: of the scenario.",
                file=self.file,
            )
        known = [*self.rates, *self.missing]
        raise UsageError(
            f"The rules of {self.country} have no value '{name}'. {did_you_mean(name, known)}",
            fix="Look it up in the file, or supply it under values: of the scenario.",
            file=self.file,
        )

    def _of_year(self, name: str, year: int | None) -> Rate:
        rows = self.rates[name]
        found = rows if len(rows) == 1 else tuple(row for row in rows if row.year == year)
        if not found:
            years = listed(sorted(row.year for row in rows))
            what = f"'{name}' has no value for {year}." if year else f"'{name}' has several years."
            fix = f"Say which under years: {name}: of the scenario; there are {years}."
            raise UsageError(what, fix=fix, file=self.file)
        if found[0].confidence == "low":
            raise UsageError(
                f"'{name}' ({found[0].value:g}, {found[0].source}) has low confidence and is no default.",
                fix=f"Supply it under values: {name}: of the scenario if you trust it.",
                file=self.file,
            )
        return found[0]


def with_values(payers: Payers, supplied: Sequence[Rate]) -> Payers:
    """The rules with values of a user in the place of theirs, for all years.

    Raises
    ------
    UsageError
        If a value is no number, or if its unit is not that of the value whose place it takes.

    Examples
    --------
    >>> from kij_analysis.investment import payers
    >>> mine = Rate(name="average_municipal_tax", kind="tax", unit="percent", value=26.1, year=2025,
    ...             source="our own rate", confidence="supplied")
    >>> with_values(payers("DK"), [mine]).rate("average_municipal_tax").data_status
    'assumed'
    """
    for rate in supplied:
        old = payers.rates.get(rate.name)
        if old and old[0].unit != rate.unit:
            what = f"'{rate.name}' is given as {rate.unit}; the rules have it as {old[0].unit}."
            raise UsageError(what, fix=f"Write it as {old[0].unit}.", file=payers.file)
    return replace(payers, rates={**payers.rates, **{rate.name: (rate,) for rate in supplied}})
