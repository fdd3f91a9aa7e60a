"""The account of a programme: entries by payer and month under a contract, for one draw or for many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kij_analysis.errors import UsageError
from kij_analysis.investment.courses import Course, Values, follow
from kij_analysis.investment.entries import Entry, Making, net_of
from kij_analysis.investment.inputs import Inputs, resolve
from kij_analysis.investment.outcomes import Outcome
from kij_analysis.investment.plans import Plan
from kij_analysis.investment.rates import Payers
from kij_analysis.investment.terms import Contract, Facts
from kij_analysis.study import weakest


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account: what it rests on, and what each payer gives each other in every month.

    `account` makes it; `flows`, `results` and the others read it.
    """

    plan: Plan
    outcome: Outcome
    payers: Payers
    contract: Contract | None
    inputs: Inputs
    entries: tuple[Entry, ...]
    course: Course

    @property
    def basis(self) -> str:
        """``gross`` where nothing is known of what would have been without the programme, else ``net``."""
        return self.outcome.basis

    @property
    def data_status(self) -> str:
        """The weakest kind of all it rests on: ``assumed`` as soon as a user supplied an amount."""
        terms = [] if self.contract is None else ["assumed"]
        return weakest([self.inputs.data_status, *terms])

    @property
    def discount(self) -> np.ndarray:
        """What an amount of each month is worth in the first one."""
        return discount(self.inputs.values["discount_rate"], self.plan.months)

    def net(self, payer: str, *, discounted: bool = False) -> np.ndarray:
        """What a payer receives or saves, less what it pays, by month.

        Parameters
        ----------
        payer
            A payer, ``public`` or ``society``.
        """
        found = np.broadcast_to(net_of(self.entries, payer), (1, self.plan.months))[0]
        return found * self.discount if discounted else found.copy()


def discount(rate: float | np.ndarray, months: int) -> np.ndarray:
    """The factors of a yearly rate by month; the first month counts in full.

    Examples
    --------
    >>> discount(0.035, 13)[[0, 12]].round(4).tolist()
    [1.0, 0.9662]
    """
    years = np.arange(months) / 12
    return np.asarray((1 + np.asarray(rate, dtype=float)) ** -years)


def account(contract: Contract | None, outcome: Outcome, payers: Payers, *, plan: Plan) -> Account:
    """The account of a programme: who pays, who saves, month by month.

    Parameters
    ----------
    contract
        Any of `CONTRACTS`; None where nobody pays by results and the course is simply paid for.
    outcome
        What becomes of the participants, and what would have become of them.
    payers
        The rules of the country: ``payers("DK")``.
    plan
        Participants, cost, benefit, wage, months, currency and price year.

    Raises
    ------
    UsageError
        All problems at once: values that could not be verified, amounts in other money, a contract that
        asks for what is not known, or that pays after the account ends.

    Examples
    --------
    >>> from kij_analysis.investment import payers
    >>> from kij_analysis.investment.example import outcome, plan
    >>> one = account(None, outcome(), payers("DK"), plan=plan())
    >>> round(one.net("municipality").sum())    # 5 women x 19 months x 12,064 x 80 %, less 20 x 50,000
    -83136
    """
    inputs = resolve(plan, outcome, payers)
    _same_money(contract, plan)
    making = Making(plan=plan, payers=payers, inputs=inputs, values=inputs.values)
    entries, course = entries_of(making, outcome, contract)
    return Account(
        plan=plan, outcome=outcome, payers=payers, contract=contract, inputs=inputs, entries=tuple(entries),
        course=course,
    )  # fmt: skip


def entries_of(
    making: Making, outcome: Outcome, contract: Contract | None, *, lasting: np.ndarray | None = None
) -> tuple[list[Entry], Course]:
    """The entries for the numbers of one draw or of many, and the course behind them."""
    course = follow(outcome, making.values, months=making.plan.months, lasting=lasting)
    entries = [making.cost(course), *making.of_course(course)]
    if contract is not None:
        paid = contract.payments(_facts(making, outcome, contract, course, entries[1:]))
        entries.append(Entry(item="contract", payer=contract.payer, receiver=contract.recipient, amount=paid))
    return entries, course


def with_numbers(
    one: Account, values: Values, *, lasting: np.ndarray | None = None
) -> tuple[list[Entry], Course]:
    """The entries of an account with other numbers by name; a column of numbers gives a row for each."""
    numbers: Mapping[str, float | np.ndarray] = {**one.inputs.values, **values}
    making = Making(plan=one.plan, payers=one.payers, inputs=one.inputs, values=numbers)
    return entries_of(making, one.outcome, one.contract, lasting=lasting)


def _facts(
    making: Making, outcome: Outcome, contract: Contract, course: Course, entries: list[Entry]
) -> Facts:
    """What the contract may be paid by."""
    months = making.plan.months
    wages = making.get("wage") if making.plan.wage is not None else None
    everybody = making.of_course(course, everybody=True) if course.known else entries

    def wide(amount: np.ndarray) -> np.ndarray:
        return np.broadcast_to(amount, np.broadcast_shapes(amount.shape, (1, months)))

    return Facts(
        course=course,
        qualifying=making.get("qualifying") if outcome.qualifying is not None else None,
        cost=making.get("cost") * course.participants,
        course_months=making.plan.course_months,
        saving=wide(net_of(entries, contract.payer)),
        saving_gross=wide(net_of(everybody, contract.payer)),
        public=wide(net_of(entries, "public")),
        wages=None if wages is None else wages * course.in_work,
        wages_anyway=None if wages is None else wages * course.in_work_anyway,
        counterfactual=outcome.counterfactual,
    )


def _same_money(contract: Contract | None, plan: Plan) -> None:
    if contract is None:
        return
    given = (contract.currency or plan.currency, contract.price_year or plan.price_year)
    if given != (plan.currency, plan.price_year):
        raise UsageError(
            f"The contract is in {given[0]} of {given[1]}, the account in "
            f"{plan.currency} of {plan.price_year}.",
            fix="Write its amounts in the money of the account.",
        )
