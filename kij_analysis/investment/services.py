"""Contracts paid by participant or milestone: fee, rate card, bonus and malus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from kij_analysis.errors import UsageError
from kij_analysis.investment.contracts import FullRisk, ShareOfDifference, ShareOfWages, ThresholdReturn
from kij_analysis.investment.terms import Contract, Facts, Sustained, spread


@dataclass(frozen=True, kw_only=True)
class FeePerParticipant(Contract):
    """A fee for each who begins, whatever becomes of her: an ordinary purchase.

    Parameters
    ----------
    fee
        For each participant.
    over
        Months over which it is paid, from the first on; the first month only if left out.
    """

    kind: ClassVar[str] = "fee_per_participant"
    risks: ClassVar[Mapping[str, str]] = {
        "few_join": "shared", "few_get_work": "payer", "would_have_anyway": "payer", "do_not_stay": "payer",
        "saving_smaller": "payer", "cost_overrun": "recipient", "measured_wrongly": "none",
    }  # fmt: skip
    paid_for: ClassVar[str] = "participants"
    fee: float
    over: int = 1

    def raw(self, facts: Facts) -> np.ndarray:
        """The fees."""
        return spread(self.fee * facts.course.participants, 1, self.over, facts.months)


@dataclass(frozen=True, kw_only=True)
class Milestone:
    """A step of a rate card: an amount for each who reaches it.

    `sustained` says what must be reached after the job began; None is the beginning of the job.
    """

    amount: float
    sustained: Sustained | None = None


@dataclass(frozen=True, kw_only=True)
class RateCard(Contract):
    """An amount for each who reaches a milestone, whether she would have reached it anyway or not.

    Parameters
    ----------
    milestones
        The steps.
    start_fee
        For each who begins.
    """

    kind: ClassVar[str] = "rate_card"
    risks: ClassVar[Mapping[str, str]] = {
        "few_join": "recipient", "few_get_work": "recipient", "would_have_anyway": "payer",
        "do_not_stay": "recipient", "saving_smaller": "payer", "cost_overrun": "recipient",
        "measured_wrongly": "shared",
    }  # fmt: skip
    milestones: tuple[Milestone, ...]
    start_fee: float = 0.0

    def raw(self, facts: Facts) -> np.ndarray:
        """The amounts in the months in which the steps can be judged."""
        facts.needs_gross("The rate card")
        paid = spread(self.start_fee * facts.course.participants, 1, 1, facts.months)
        for step in self.milestones:
            due = facts.course.job_month + (step.sustained.due if step.sustained else 0)
            paid = paid + self.at(step.amount * facts.reached(step.sustained), due, facts)
        return paid


@dataclass(frozen=True, kw_only=True)
class BonusMalus(Contract):
    """A fee for each who begins, raised or lowered a little by how the target is met.

    Parameters
    ----------
    fee
        For each participant.
    target
        The share of participants in work that brings neither bonus nor malus.
    band
        The most that is added or taken, as a share of all fees.
    slope
        By how much of the fees the payment changes when the share is the whole target higher or lower.
    month
        When bonus or malus is settled.
    sustained
        What counts as work; every job if left out.
    """

    kind: ClassVar[str] = "bonus_malus"
    risks: ClassVar[Mapping[str, str]] = {
        "few_join": "shared", "few_get_work": "shared", "would_have_anyway": "payer", "do_not_stay": "payer",
        "saving_smaller": "payer", "cost_overrun": "recipient", "measured_wrongly": "shared",
    }  # fmt: skip
    paid_for: ClassVar[str] = "participants"
    fee: float
    target: float
    band: float
    month: int
    slope: float = 1.0
    sustained: Sustained | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < self.target <= 1 or not 0 <= self.band <= 1:
            fix = "Both are fractions of 1, the target above zero."
            raise UsageError(f"The target is {self.target:g} and the band {self.band:g}.", fix=fix)

    def raw(self, facts: Facts) -> np.ndarray:
        """The fees in the first month, bonus or malus when it is settled."""
        facts.needs_gross("Bonus and malus")
        course = facts.course
        fees = self.fee * course.participants
        missed = facts.share_reached(self.sustained) / self.target - 1
        change = fees * np.clip(self.slope * missed, -self.band, self.band)
        return spread(fees, 1, 1, facts.months) + self.at(change, self.month, facts)


CONTRACTS: Mapping[str, type[Contract]] = {
    one.kind: one
    for one in (
        FullRisk, FeePerParticipant, ShareOfDifference, ShareOfWages, RateCard, ThresholdReturn, BonusMalus,
    )
}  # fmt: skip
"""The seven forms of contract by code."""
