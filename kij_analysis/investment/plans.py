"""What an account is about: participants, the cost of the course, benefit and wage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from kij_analysis.errors import Problem, UsageError, did_you_mean, listed
from kij_analysis.investment.money import Conversion, Money
from kij_analysis.investment.quantities import Quantity
from kij_analysis.investment.rates import PAYERS

PERS = ("participant", "completer", "job", "month_in_work")
"""What a further flow is counted by; jobs and months in work are the additional ones."""
AFTER_WORK = ("same", "continue", "restart")
"""How the weeks on benefit count for somebody whose job has ended: as if she had never left benefit, from
where they stood when the job began, or from week 1. No rule was found, so that each account says which."""
PERSPECTIVES = (*PAYERS, "public", "society")
LONGEST = 420
"""35 years: the Danish rate of discount holds so long."""


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A further payment between payers, such as a grant.

    Parameters
    ----------
    item
        Its name, as it is printed.
    payer, receiver
        Codes of payers; one of them may be empty, where money leaves for, or comes from, outside the account.
    amount
        A quantity, or the name of a value of the country's rules.
    per
        One of `PERS`.
    after
        Months after the start of the account, or for ``job`` after the jobs began (only those that still
        last count).
    over
        The months over which it is spread evenly.
    """

    item: str
    amount: Quantity | str
    payer: str = ""
    receiver: str = ""
    per: str = "participant"
    after: int = 0
    over: int = 1


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The frame of an account.

    Parameters
    ----------
    title
        What is printed above it.
    perspective
        Whose account it is in the first place: a payer, ``public`` (municipality, region, state) or
        ``society``.
    months
        How far the account reaches; what comes later is not counted.
    participants
        How many begin the course.
    cost, paid_by, course_months
        What the course costs for each who begins, who pays for it, and over how many months.
    benefit
        What a participant without work receives: names of values of the country's rules, which are added,
        or an amount for each month; None leaves benefits out.
    weeks_before
        Weeks on benefit before the course.
    weeks_after_work
        One of `AFTER_WORK`; needed where the municipality's share depends on the weeks.
    claimed_cost
        What a provider or municipality says that a woman outside work costs the municipality each month. It
        is shown beside the statutory figure; what it has beyond that counts as other cost of the
        municipality.
    wage, contributions, work_worth
        The monthly wage before tax (None leaves work out), which contributions of the rules the employer
        pays on top, and what the work is worth to the employer for each krone or euro that it costs (1 if
        left out).
    taxes
        Whether the country's taxes on wage and benefit are counted.
    flows
        Further payments.
    discount_rate
        A year's rate as a fraction; the country's own if left out.
    years
        Which year's value is meant where the rules have several.
    """

    title: str
    currency: str
    price_year: int
    perspective: str
    months: int
    participants: Quantity
    cost: Quantity
    paid_by: str
    course_months: int
    benefit: tuple[str, ...] | Quantity | None = None
    weeks_before: Quantity | None = None
    weeks_after_work: str = ""
    claimed_cost: Quantity | None = None
    wage: Quantity | None = None
    contributions: tuple[str, ...] = ()
    work_worth: Quantity | None = None
    taxes: bool = False
    flows: tuple[Flow, ...] = ()
    discount_rate: Quantity | None = None
    years: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    conversions: tuple[Conversion, ...] = ()
    programme: str = ""

    def __post_init__(self) -> None:
        problems = [*self._codes(), *self._numbers(), *self._parts()]
        if problems:
            raise UsageError(problems)

    @property
    def money(self) -> Money:
        """The currency and price year, with the conversions into it."""
        return Money(currency=self.currency, price_year=self.price_year, conversions=self.conversions)

    @property
    def quantities(self) -> dict[str, Quantity]:
        """Every number that a user gives, by name."""
        names = (
            "participants",
            "cost",
            "weeks_before",
            "claimed_cost",
            "wage",
            "work_worth",
            "discount_rate",
        )
        found = {name: one for name in names if (one := getattr(self, name)) is not None}
        if isinstance(self.benefit, Quantity):
            found["benefit"] = self.benefit
        return found | {f"flow_{f.item}": f.amount for f in self.flows if isinstance(f.amount, Quantity)}

    def _codes(self) -> Iterator[Problem]:
        chosen = [("perspective", self.perspective, PERSPECTIVES), ("paid_by", self.paid_by, PAYERS)]
        if self.weeks_after_work:
            chosen.append(("weeks_after_work", self.weeks_after_work, AFTER_WORK))
        for flow in self.flows:
            chosen += [(f"{flow.item}: per", flow.per, PERS)]
            chosen += [(f"{flow.item}: payer", one, PAYERS) for one in (flow.payer, flow.receiver) if one]
        for name, value, known in chosen:
            if value not in known:
                what = f"{name} is '{value}', which is not known. {did_you_mean(value, known)}"
                yield Problem(what=what, fix=f"Known: {listed(known)}.")
        items = [flow.item for flow in self.flows]
        for item in sorted({item for item in items if items.count(item) > 1}):
            yield Problem(what=f"Two flows have the name '{item}'.", fix="Give each its own name.")

    def _numbers(self) -> Iterator[Problem]:
        if not 1 <= self.months <= LONGEST:
            fix = f"An account reaches from 1 to {LONGEST} months; rates of discount fall after that."
            yield Problem(what=f"months is {self.months}.", fix=fix)
        if not 1 <= self.course_months <= self.months:
            fix = "The course lasts at least a month and no longer than the account."
            yield Problem(what=f"course_months is {self.course_months}.", fix=fix)
        for name, one in self.quantities.items():
            if one.value < 0 and not name.startswith("flow_"):
                yield Problem(what=f"{name} is {one.value:g}.", fix="It cannot be below zero.")
        if self.discount_rate is not None and self.discount_rate.value >= 1:
            fix = (
                f"Write {self.discount_rate.value / 100:g} for {self.discount_rate.value:g} per cent a year."
            )
            yield Problem(what=f"The rate of discount is {self.discount_rate.value:g}.", fix=fix)

    def _parts(self) -> Iterator[Problem]:
        if self.benefit is not None and self.weeks_before is None:
            fix = "Give the weeks on benefit before the course as weeks_before:."
            yield Problem(what="A benefit is counted and weeks_before: is missing.", fix=fix)
        if self.taxes and self.wage is None:
            yield Problem(
                what="Taxes are counted and there is no wage:.", fix="Give the monthly wage before tax."
            )
        if self.contributions and self.wage is None:
            yield Problem(
                what="Contributions are counted and there is no wage:.", fix="Give the monthly wage."
            )
        if self.claimed_cost is not None and self.benefit is None:
            fix = "Name the benefit, so that the statutory figure can stand beside the claim."
            yield Problem(what="claimed_cost: is given without a benefit:.", fix=fix)
        for flow in self.flows:
            if not flow.payer and not flow.receiver:
                yield Problem(
                    what=f"{flow.item}: nobody pays or receives it.", fix="Name payer: or receiver:."
                )
            if flow.after < 0 or flow.over < 1:
                yield Problem(
                    what=f"{flow.item}: after or over is too small.",
                    fix="after is 0 or more, over 1 or more.",
                )
