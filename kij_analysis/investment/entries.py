"""Who pays whom how much in each month, from a course, the rules and the plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kij_analysis.investment.courses import Course, Values
from kij_analysis.investment.inputs import Inputs
from kij_analysis.investment.plans import Flow, Plan
from kij_analysis.investment.rates import Payers, members
from kij_analysis.investment.sharing import WEEKS_PER_MONTH, municipal_share
from kij_analysis.investment.terms import spread

OUTSIDE = ""
"""Where money goes that leaves the account: what the course uses up, and what work creates."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One item: what `payer` gives `receiver` in each month, one row for each draw."""

    item: str
    payer: str
    receiver: str
    amount: np.ndarray

    @property
    def is_transfer(self) -> bool:
        """Whether it only moves money from one payer to another, so that it cancels in the total."""
        return bool(self.payer and self.receiver)

    def of(self, payer: str) -> np.ndarray:
        """What it means for one payer: above zero what she receives or saves."""
        sign = (self.receiver == payer) - (self.payer == payer)
        return sign * self.amount


def net_of(entries: Sequence[Entry], payer: str) -> np.ndarray:
    """The sum of all items for one payer, by month; of all payers together if it is ``society``.

    Examples
    --------
    >>> one = Entry(item="grant", payer="state", receiver="municipality", amount=np.array([[5.0]]))
    >>> net_of([one], "municipality").tolist(), net_of([one], "public").tolist()
    ([[5.0]], [[0.0]])
    """
    rows = [one.of(member) for one in entries for member in members(payer)]
    return np.asarray(sum(rows, np.zeros((1, 1))))


@dataclass(frozen=True, kw_only=True)
class Making:
    """What entries are made from: the plan, the rules and the numbers of each draw."""

    plan: Plan
    payers: Payers
    inputs: Inputs
    values: Values

    def get(self, name: str, otherwise: float = 0.0) -> np.ndarray:
        """A number as a column, one row for each draw."""
        return np.atleast_2d(np.asarray(self.values.get(name, otherwise), dtype=float))

    def of_course(self, course: Course, *, everybody: bool = False) -> list[Entry]:
        """What follows from the months in work: of additional jobs, or of all jobs if `everybody`."""
        in_work = course.in_work if everybody else course.additional_in_work
        jobs = course.jobs if everybody else course.additional
        found = [*self._work(in_work), *self._taxes(in_work), *self._benefit(in_work, course.job_month)]
        return [*found, *self._flows(course, in_work, jobs)]

    def cost(self, course: Course) -> Entry:
        """The cost of the course, spread over its months."""
        amount = spread(self.get("cost") * course.participants, 1, self.plan.course_months, self.plan.months)
        return Entry(item="course", payer=self.plan.paid_by, receiver=OUTSIDE, amount=amount)

    def _benefit(self, in_work: np.ndarray, job_month: int) -> Iterator[Entry]:
        """The benefit that is no longer paid, and the other one's part in it."""
        if self.plan.benefit is None:
            return
        plan, benefit = self.plan, self.get("benefit")
        first = self.payers.benefit_paid_by
        other = "state" if first == "municipality" else "municipality"
        share = municipal_share(
            self.payers, self.get("weeks_before"), year=plan.price_year, months=plan.months
        )
        refund = 1 - share if first == "municipality" else share
        saved = benefit * in_work
        yield Entry(item="benefit", payer="participant", receiver=first, amount=saved)
        yield Entry(item="reimbursement", payer=first, receiver=other, amount=refund * saved)
        if plan.weeks_after_work in ("continue", "restart"):
            later = self._after_work(in_work, share, job_month) * benefit
            yield Entry(item="weeks_after_work", payer="state", receiver="municipality", amount=later)
        if plan.claimed_cost is not None:
            rest = (self.get("claimed_cost") - share * benefit) * in_work
            yield Entry(item="other_municipal_cost", payer=OUTSIDE, receiver="municipality", amount=rest)

    def _after_work(self, in_work: np.ndarray, share: np.ndarray, job_month: int) -> np.ndarray:
        """By how much the municipality's share is lower for those whose job has ended, times their number."""
        ended = np.maximum(-np.diff(in_work, axis=1, prepend=0.0), 0.0)
        ended[:, : job_month - 1] = 0.0
        weeks = self.get("weeks_before") + WEEKS_PER_MONTH * (job_month - 1)
        start = weeks if self.plan.weeks_after_work == "continue" else 0.0 * weeks
        again = municipal_share(self.payers, start, year=self.plan.price_year, months=self.plan.months)
        rows = np.broadcast_shapes(ended.shape, share.shape, again.shape)
        ended = np.broadcast_to(ended, rows)
        change = share * np.cumsum(ended, axis=1)
        for lag in range(self.plan.months):
            change[:, lag:] -= again[:, lag : lag + 1] * ended[:, : self.plan.months - lag]
        return change

    def _work(self, in_work: np.ndarray) -> Iterator[Entry]:
        if self.plan.wage is None:
            return
        wages = self.get("wage") * in_work
        yield Entry(item="wage", payer="employer", receiver="participant", amount=wages)
        cost = wages
        for name, rate, receiver in self.inputs.contributions:
            yield Entry(item=name, payer="employer", receiver=receiver, amount=rate * wages)
            cost = cost + rate * wages
        worth = self.get("work_worth", 1.0) * cost
        yield Entry(item="work", payer=OUTSIDE, receiver="employer", amount=worth)

    def _taxes(self, in_work: np.ndarray) -> Iterator[Entry]:
        """Taxes on the wage less those on the benefit."""
        for line in self.inputs.taxes:
            due = line.on_wage(self.get("wage")) - line.on_benefit(self.get("benefit"))
            yield Entry(item=line.item, payer="participant", receiver=line.to, amount=due * in_work)

    def _flows(self, course: Course, in_work: np.ndarray, jobs: np.ndarray) -> Iterator[Entry]:
        for flow in self.plan.flows:
            amount = self.get(f"flow_{flow.item}") * self._counted(flow, course, in_work, jobs)
            yield Entry(item=flow.item, payer=flow.payer, receiver=flow.receiver, amount=amount)

    def _counted(self, flow: Flow, course: Course, in_work: np.ndarray, jobs: np.ndarray) -> np.ndarray:
        """How many the amount is for, by month."""
        months = self.plan.months
        if flow.per == "month_in_work":
            return in_work
        if flow.per == "job":
            lasting = (
                jobs
                * course.lasting_after(min(flow.after, months))
                * course.staying[:, flow.after : flow.after + 1]
            )
            first = course.job_month + flow.after
            return spread(lasting, first, flow.over, months) if first <= months else np.zeros((1, months))
        people = course.participants if flow.per == "participant" else course.completers
        return spread(people, flow.after + 1, flow.over, months)
