"""The numbers of an account in its own money, and every value of the rules that they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kij_analysis.errors import KijError, Problem, UsageError
from kij_analysis.investment.outcomes import Outcome
from kij_analysis.investment.plans import Plan
from kij_analysis.investment.quantities import Quantity
from kij_analysis.investment.rates import Payers, Rate
from kij_analysis.investment.sharing import share_rates
from kij_analysis.study import weakest

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

PLAIN = ("participants", "weeks_before", "work_worth", "discount_rate")
"""Quantities of a plan that are no money."""


@dataclass(frozen=True, kw_only=True)
class TaxLine:
    """A tax with its numbers: fractions, and thresholds by month in the account's money."""

    item: str
    to: str
    of: str
    rate: float
    taken_off: float = 0.0
    allowance: float = 0.0
    earned_rate: float = 0.0
    earned_most: float = 0.0
    if_over: float = 0.0

    def on_wage(self, wage: ArrayLike) -> np.ndarray:
        """What is due each month on a monthly wage."""
        wage = np.asarray(wage, dtype=float)
        if self.of == "wage":
            return self.rate * np.where(wage > self.if_over, wage, 0.0)
        earned = np.minimum(self.earned_rate * wage, self.earned_most)
        return self.rate * np.maximum(wage * (1 - self.taken_off) - earned - self.allowance, 0.0)

    def on_benefit(self, benefit: ArrayLike) -> np.ndarray:
        """What is due each month on a monthly benefit."""
        benefit = np.asarray(benefit, dtype=float)
        return (
            np.zeros_like(benefit)
            if self.of == "wage"
            else self.rate * np.maximum(benefit - self.allowance, 0.0)
        )


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What an account is computed from.

    `values` are numbers by name in the account's money; `factors` what a quantity is multiplied by to get
    there; `quantities` those that a user gave or estimated; `rates` the values of the rules that were used.
    """

    values: Mapping[str, float]
    factors: Mapping[str, float]
    quantities: Mapping[str, Quantity]
    rates: tuple[Rate, ...]
    taxes: tuple[TaxLine, ...]
    contributions: tuple[tuple[str, float, str], ...]

    @property
    def data_status(self) -> str:
        """The weakest kind of all that the account rests on."""
        every = [one.data_status for one in self.quantities.values()] + [
            rate.data_status for rate in self.rates
        ]
        return weakest(every)


def resolve(plan: Plan, outcome: Outcome, payers: Payers) -> Inputs:
    """The numbers of an account, brought into its money.

    Raises
    ------
    UsageError
        All problems at once: a value that could not be verified, an amount in another currency or price
        year without a conversion, a contribution that the rules do not know.

    Examples
    --------
    >>> from kij_analysis.investment.example import outcome, plan
    >>> from kij_analysis.investment import payers
    >>> resolve(plan(), outcome(), payers("DK")).values["benefit"]
    12064.0
    """
    return _Resolving(plan, payers).inputs(outcome)


class _Resolving:
    """Gathers numbers, the rates behind them, and every problem on the way."""

    def __init__(self, plan: Plan, payers: Payers) -> None:
        self.plan, self.payers = plan, payers
        self.used: dict[str, Rate] = {}
        self.problems: list[Problem] = []

    def inputs(self, outcome: Outcome) -> Inputs:
        plan, payers = self.plan, self.payers
        quantities = {**plan.quantities, **outcome.quantities}
        own = set(outcome.quantities) | set(PLAIN)
        factors = {n: 1.0 if n in own else self.factor(one, n) for n, one in quantities.items()}
        values = {name: one.value * factors[name] for name, one in quantities.items()}
        if plan.currency != payers.currency and (plan.benefit or plan.taxes or plan.contributions):
            what = f"The account is in {plan.currency}, the rules of {payers.country} in {payers.currency}."
            self.problems.append(Problem(what=what, fix=f"Write currency: {payers.currency}."))
        if "discount_rate" not in values:
            values["discount_rate"] = self.value(payers.discount_rate) / 100
        if isinstance(plan.benefit, tuple):
            values["benefit"] = sum(self.monthly(name) for name in plan.benefit)
        for flow in plan.flows:
            if isinstance(flow.amount, str):
                values[f"flow_{flow.item}"] = self.value(flow.amount)
        if plan.benefit is not None:
            self.shares()
        taxes = tuple(self.taxes()) if plan.taxes else ()
        contributions = tuple(self.contributions())
        if self.problems:
            raise UsageError(self.problems)
        return Inputs(
            values=values, factors=factors, quantities=quantities, rates=tuple(self.used.values()),
            taxes=taxes, contributions=contributions,
        )  # fmt: skip

    def factor(self, one: Quantity, name: str) -> float:
        return self.attempt(
            lambda: self.plan.money.bring(1.0, currency=one.currency, year=one.price_year, name=name), 1.0
        )

    def attempt(self, asked, otherwise):  # type: ignore[no-untyped-def]
        try:
            return asked()
        except KijError as error:
            self.problems += [one for one in error.problems if one not in self.problems]
            return otherwise

    def rate(self, name: str) -> Rate | None:
        found: Rate | None = self.attempt(
            lambda: self.payers.rate(name, self.plan.years.get(name, self.plan.price_year)), None
        )
        if found is not None:
            self.used[name] = found
        return found

    def value(self, name: str) -> float:
        """A value of the rules; an amount is brought into the account's money."""
        rate = self.rate(name)
        if rate is None:
            return 0.0
        if not rate.is_money:
            return rate.value
        shown = f"'{name}' ({rate.source})"
        currency = self.payers.currency
        return self.attempt(
            lambda: self.plan.money.bring(rate.value, currency=currency, year=rate.year, name=shown), 0.0
        )

    def monthly(self, name: str) -> float:
        """A benefit by month."""
        amount, rate = self.value(name), self.used.get(name)
        if rate is None:
            return 0.0
        if rate.unit == "amount_per_day" and self.payers.days_per_month:
            return amount * self.payers.days_per_month
        if rate.unit == "basic_amounts_per_year":
            return amount * self.value(self.payers.basic_amount) / 12
        if rate.unit == "amount_per_year":
            return amount / 12
        if rate.unit != "amount_per_month":
            fix = "Name a benefit by month, by day or by year."
            self.problems.append(Problem(what=f"'{name}' is no benefit of a month ({rate.unit}).", fix=fix))
        return amount

    def shares(self) -> None:
        """The values behind the municipality's share, and whether the account says what it must."""
        found = self.attempt(lambda: share_rates(self.payers, self.plan.price_year), ())
        self.used |= {rate.name: rate for rate in found}
        if len(found) > 1 and not self.plan.weeks_after_work:
            fix = "Write weeks_after_work: same, continue or restart; no rule was found, it is an assumption."
            what = "It is not said how weeks on benefit count for somebody whose job has ended."
            self.problems.append(Problem(what=what, fix=fix))

    def taxes(self) -> list[TaxLine]:
        return [
            TaxLine(
                item=tax.item,
                to=tax.to,
                of=tax.of,
                rate=(sum(map(self.value, tax.rates)) - sum(map(self.value, tax.less))) / 100,
                taken_off=sum(map(self.value, tax.net_of)) / 100,
                allowance=sum(map(self.value, tax.allowances)) / 12,
                earned_rate=self.value(tax.earned_rate) / 100 if tax.earned_rate else 0.0,
                earned_most=self.value(tax.earned_most) / 12 if tax.earned_most else 0.0,
                if_over=self.value(tax.if_over) / 12 if tax.if_over else 0.0,
            )
            for tax in self.payers.taxes
        ]

    def contributions(self) -> list[tuple[str, float, str]]:
        known = self.payers.employer
        for name in self.plan.contributions:
            if name not in known:
                what = f"The rules of {self.payers.country} have no contribution '{name}'."
                fix = f"They have {', '.join(known) or 'none'}."
                self.problems.append(Problem(what=what, fix=fix))
        return [(n, self.value(n) / 100, known[n]) for n in self.plan.contributions if n in known]
