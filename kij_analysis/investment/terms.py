"""What every contract has: who pays whom, when, how much at most; sustained employment."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from kij_analysis.errors import Problem, UsageError, one_of
from kij_analysis.investment.courses import Course
from kij_analysis.investment.rates import PAYERS

RISKS = (
    "few_join", "few_get_work", "would_have_anyway", "do_not_stay", "saving_smaller", "cost_overrun",
    "measured_wrongly",
)  # fmt: skip
"""What may go wrong: too few participants; too few jobs; jobs that would have come anyway; jobs that do not
last; a smaller saving than computed; a course that costs more; an outcome measured wrongly or by chance."""
BEARERS = ("payer", "recipient", "shared", "none")
"""Who bears it: who pays under the contract, who is paid, both, or nobody."""
COUNTED = ("gross", "net")


@dataclass(frozen=True, kw_only=True)
class Sustained:
    """When employment counts as sustained.

    Parameters
    ----------
    months
        How long she must have been in work.
    hours
        The least hours a week; none if left out.
    benefit_free
        Whether she may receive no benefit beside the work.
    look_back
        The window of months within which `months` must be reached, so that a gap does no harm; as long as
        `months` itself if left out, which means without a gap.

    Notes ----- In the account of a group the hours and the freedom from benefit enter as
    `Outcome.qualifying`, the share of jobs that have them; a window that is longer than `months` delays the
    payment, and the share that lasts `months` without a gap stands for the share that reaches them with
    gaps, which is too low rather than too high.

    Examples
    --------
    >>> Sustained(months=6, hours=16).due
    6
    """

    months: int
    hours: float | None = None
    benefit_free: bool = False
    look_back: int | None = None

    def __post_init__(self) -> None:
        if self.months < 1 or (self.look_back is not None and self.look_back < self.months):
            what = f"{self.months} months of work within {self.look_back or self.months} cannot be reached."
            raise UsageError(what, fix="months is 1 or more, look_back at least as long.")

    @property
    def due(self) -> int:
        """Months after the job began when it can be judged."""
        return self.look_back or self.months

    @property
    def qualified(self) -> bool:
        """Whether hours or freedom from benefit are asked for."""
        return self.hours is not None or self.benefit_free


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a contract may be paid by: the group's course, and what payers save in each month.

    `saving` and `saving_gross` are those of the one who pays, from additional jobs and from all jobs;
    `public` that of municipality, region and state together; `wages` and `wages_anyway` are the sums of
    wages.
    """

    course: Course
    qualifying: np.ndarray | None
    cost: np.ndarray
    course_months: int
    saving: np.ndarray
    saving_gross: np.ndarray
    public: np.ndarray
    wages: np.ndarray | None
    wages_anyway: np.ndarray | None
    counterfactual: str

    @property
    def months(self) -> int:
        """The months of the account."""
        return self.course.months

    def reached(self, sustained: Sustained | None) -> np.ndarray:
        """How many of all jobs become sustained employment."""
        if sustained is None:
            return self.course.jobs
        jobs = self.course.jobs * self.course.lasting_after(sustained.months)
        if not sustained.qualified:
            return jobs
        if self.qualifying is None:
            raise UsageError(
                "The contract asks for hours or freedom from benefit, and nothing is known of them.",
                fix="Give the share of jobs that have them as qualifying: of the outcome.",
            )
        return jobs * self.qualifying

    def share_reached(self, sustained: Sustained | None) -> np.ndarray:
        """The share of all who began; none where nobody did."""
        people = self.course.participants
        return np.where(people > 0, self.reached(sustained) / np.where(people > 0, people, 1.0), 0.0)

    def needs_gross(self, what: str) -> None:
        """Refuse to count all jobs where only a difference is known."""
        if not self.course.known:
            fix = "Give the share of all participants in work as gross: beside effect:."
            raise UsageError(f"{what} counts all jobs, and only the difference to a group is known.", fix=fix)


@dataclass(frozen=True, kw_only=True)
class Contract(ABC):
    """What a contract of any form has.

    Parameters
    ----------
    payer, recipient
        Who pays whom.
    cap, floor
        The most and the least that is paid in all; no limits if left out.
    ceiling_per_person
        The most for each person paid for.
    delay
        Months from the result until the money is paid.
    currency, price_year
        Of its amounts; those of the account if left out.
    source
        Where its terms stand.

    Raises
    ------
    UsageError
        If its limits contradict each other, or somebody would pay himself.
    """

    kind: ClassVar[str] = ""
    risks: ClassVar[Mapping[str, str]] = {}
    paid_for: ClassVar[str] = "jobs"

    payer: str = "municipality"
    recipient: str = "investor"
    cap: float | None = None
    floor: float = 0.0
    ceiling_per_person: float | None = None
    delay: int = 0
    currency: str = ""
    price_year: int | None = None
    source: str = ""

    def __post_init__(self) -> None:
        one_of(self.payer, PAYERS, name="The payer of the contract")
        one_of(self.recipient, PAYERS, name="The recipient of the contract")
        problems = [Problem(what=what, fix=fix) for wrong, what, fix in self._rules() if wrong]
        if problems:
            raise UsageError(problems)

    def _rules(self) -> list[tuple[bool, str, str]]:
        """(wrong, what, what would be right)."""
        cap = self.cap
        return [
            (self.payer == self.recipient, f"{self.payer} would pay itself.", "Name two payers."),
            (cap is not None and cap < 0, "The cap is below zero.", "Leave it out if there is none."),
            (self.floor < 0, "The floor is below zero.", "Leave it out if there is none."),
            (cap is not None and cap < self.floor, "The floor is above the cap.", "Exchange them."),
            (self.delay < 0, "The delay is below zero.", "Money is paid after the result."),
        ]

    @abstractmethod
    def raw(self, facts: Facts) -> np.ndarray:
        """What would be paid in each month without limits; each form has its own."""

    def payments(self, facts: Facts) -> np.ndarray:
        """What is paid in each month: one row for each draw."""
        raw = self.raw(facts)
        if self.delay:
            raw = np.hstack([np.zeros((raw.shape[0], self.delay)), raw[:, : -self.delay]])
        summed = np.cumsum(raw, axis=1)
        most = self._most(facts)
        if most is not None:
            summed = np.minimum(summed, most)
        paid = np.diff(summed, axis=1, prepend=0.0)
        short = np.maximum(self.floor - summed[:, -1], 0.0)
        paid[:, -1] += short
        return paid

    def _most(self, facts: Facts) -> np.ndarray | None:
        limits = [] if self.cap is None else [np.full((1, 1), self.cap)]
        if self.ceiling_per_person is not None:
            course = facts.course
            people = course.participants if self.paid_for == "participants" else course.jobs
            limits.append(self.ceiling_per_person * people)
        return np.minimum.reduce(np.broadcast_arrays(*limits)) if limits else None

    def at(self, amount: np.ndarray, month: int, facts: Facts) -> np.ndarray:
        """A sum that falls due in one month.

        Raises
        ------
        UsageError
            If the account ends before it is paid.
        """
        if month + self.delay > facts.months:
            what = (
                f"A payment of the contract falls in month {month + self.delay}, and the account ends before."
            )
            raise UsageError(what, fix=f"Write months: {month + self.delay} or more.")
        paid = np.zeros((amount.shape[0], facts.months))
        paid[:, month - 1 : month] = amount
        return paid


def spread(amount: np.ndarray, first: int, over: int, months: int) -> np.ndarray:
    """A sum in equal parts over some months; what falls after the account is not counted.

    Examples
    --------
    >>> spread(np.array([[6.0]]), 1, 3, 5).tolist()
    [[2.0, 2.0, 2.0, 0.0, 0.0]]
    """
    due = np.zeros(months)
    due[first - 1 : first - 1 + over] = 1 / over
    return amount * due
