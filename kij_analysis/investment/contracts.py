"""Contracts paid by saving or difference: full risk, shares of a difference or of wages, threshold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from kij_analysis.errors import UsageError, one_of
from kij_analysis.investment.terms import COUNTED, Contract, Facts, Sustained


@dataclass(frozen=True, kw_only=True)
class FullRisk(Contract):
    """Full risk with the investor, repaid from the saving once it is there; no result, no payment.

    Parameters
    ----------
    share
        The share of the payer's saving that is paid on.
    counted
        ``net`` pays by additional jobs, ``gross`` by all jobs: that is what a municipality sees, and then
        it pays for jobs that would have come anyway, too.
    """

    kind: ClassVar[str] = "full_risk"
    risks: ClassVar[Mapping[str, str]] = {
        "few_join": "recipient", "few_get_work": "recipient", "would_have_anyway": "recipient",
        "do_not_stay": "recipient", "saving_smaller": "recipient", "cost_overrun": "recipient",
        "measured_wrongly": "shared",
    }  # fmt: skip
    share: float = 1.0
    counted: str = "net"

    def __post_init__(self) -> None:
        super().__post_init__()
        one_of(self.counted, COUNTED, name="counted")
        _fraction(self.share, "share")
        if self.floor:
            fix = "Remove the floor, or take a contract that shares the risk."
            raise UsageError(
                "Full risk means no payment without result, and the contract has a floor.", fix=fix
            )

    def raw(self, facts: Facts) -> np.ndarray:
        """The share of the saving that has come in so far and has not been paid on yet."""
        if self.counted == "gross":
            facts.needs_gross("The contract")
        saving = facts.saving if self.counted == "net" else facts.saving_gross
        so_far = np.maximum.accumulate(np.maximum(np.cumsum(saving, axis=1), 0.0), axis=1)
        return self.share * np.diff(so_far, axis=1, prepend=0.0)


@dataclass(frozen=True, kw_only=True)
class ShareOfDifference(Contract):
    """A share of what the public saves beyond a control group, and a fee for each completed training.

    Parameters
    ----------
    share
        The share of the difference.
    fee_per_completed
        For each participant who completes, whatever becomes of her.
    measured
        The month in which the difference up to then is measured and paid.
    """

    kind: ClassVar[str] = "share_of_difference"
    risks: ClassVar[Mapping[str, str]] = {
        "few_join": "shared", "few_get_work": "shared", "would_have_anyway": "recipient",
        "do_not_stay": "shared", "saving_smaller": "shared", "cost_overrun": "recipient",
        "measured_wrongly": "shared",
    }  # fmt: skip
    share: float
    measured: int
    fee_per_completed: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        _fraction(self.share, "share")

    def raw(self, facts: Facts) -> np.ndarray:
        """The share of the difference when measured, never below zero; the fees when the course ends."""
        if facts.counterfactual != "comparison_group":
            raise UsageError(
                f"The contract pays by the difference to a control group; the counterfactual is "
                f"'{facts.counterfactual}'.",
                fix="Give the effect of a comparison group, or take another form of contract.",
            )
        fees = self.at(self.fee_per_completed * facts.course.completers, facts.course_months, facts)
        difference = facts.public[:, : self.measured].sum(axis=1, keepdims=True)
        return self.at(self.share * np.maximum(difference, 0.0), self.measured, facts) + fees


@dataclass(frozen=True, kw_only=True)
class ShareOfWages(Contract):
    """A share of the wages, if these exceed a predicted sum; else a part of the cost.

    Parameters
    ----------
    share
        The share of wages that is paid.
    of
        ``excess`` pays the share of what exceeds the prediction, ``whole`` of the whole sum as soon as it
        does.
    observed
        Months from the beginning of the jobs over which wages are summed; paid at their end.
    floor_of_cost
        The share of the cost of the course that is paid if the prediction is not exceeded.
    """

    kind: ClassVar[str] = "share_of_wages"
    risks: ClassVar[Mapping[str, str]] = {
        "few_join": "shared", "few_get_work": "recipient", "would_have_anyway": "recipient",
        "do_not_stay": "recipient", "saving_smaller": "payer", "cost_overrun": "recipient",
        "measured_wrongly": "shared",
    }  # fmt: skip
    share: float
    observed: int
    of: str = "excess"
    floor_of_cost: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        one_of(self.of, ("excess", "whole"), name="of")
        _fraction(self.share, "share")
        _fraction(self.floor_of_cost, "floor_of_cost")

    def raw(self, facts: Facts) -> np.ndarray:
        """The share when the wages are summed, or the part of the cost."""
        if facts.wages is None or facts.wages_anyway is None:
            raise UsageError("The contract pays by wages, and there are none.", fix="Give wage: under work:.")
        if facts.counterfactual == "none":
            fix = "Give the share that would be in work anyway, or the effect of a comparison group."
            raise UsageError(
                "The contract needs a predicted sum of wages, and there is no counterfactual.", fix=fix
            )
        facts.needs_gross("The contract")
        end = facts.course.job_month + self.observed - 1
        wages, anyway = (one[:, :end].sum(axis=1, keepdims=True) for one in (facts.wages, facts.wages_anyway))
        paid = self.share * (wages if self.of == "whole" else wages - anyway)
        return self.at(np.where(wages > anyway, paid, self.floor_of_cost * facts.cost), end, facts)


@dataclass(frozen=True, kw_only=True)
class ThresholdReturn(Contract):
    """The capital back with a return if a threshold is reached, and nothing below it.

    Parameters
    ----------
    principal
        The capital.
    threshold
        What must be reached at least.
    of
        What is held against it: ``share`` of the participants in work, ``difference`` to what would be
        anyway, or ``relative`` difference (0.1: ten per cent more than the comparison group).
    lowest, highest, upper
        The return on the capital at the threshold and at `upper`, from where on it no longer grows.
    month
        When it is paid.
    sustained
        What counts as work; every job if left out.
    """

    kind: ClassVar[str] = "threshold_return"
    risks: ClassVar[Mapping[str, str]] = {
        "few_join": "recipient", "few_get_work": "recipient", "would_have_anyway": "recipient",
        "do_not_stay": "shared", "saving_smaller": "payer", "cost_overrun": "recipient",
        "measured_wrongly": "shared",
    }  # fmt: skip
    principal: float
    threshold: float
    month: int
    of: str = "share"
    lowest: float = 0.0
    highest: float = 0.0
    upper: float | None = None
    sustained: Sustained | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        one_of(self.of, ("share", "difference", "relative"), name="of")
        if self.highest != self.lowest and (self.upper is None or self.upper <= self.threshold):
            fix = "Give upper:, above the threshold: from there the return no longer grows."
            raise UsageError("The return grows, and it is not said up to where.", fix=fix)

    def raw(self, facts: Facts) -> np.ndarray:
        """Capital and return, if the threshold is reached."""
        achieved = self.achieved(facts)
        width = (self.upper or self.threshold) - self.threshold
        part = np.clip((achieved - self.threshold) / width, 0.0, 1.0) if width else 0.0 * self.threshold
        repaid = self.principal * (1 + self.lowest + (self.highest - self.lowest) * part)
        return self.at(np.where(achieved >= self.threshold - 1e-12, repaid, 0.0), self.month, facts)

    def achieved(self, facts: Facts) -> np.ndarray:
        """What is held against the threshold."""
        course = facts.course
        if self.of == "share":
            facts.needs_gross("The threshold")
            return facts.share_reached(self.sustained)
        if facts.counterfactual == "none":
            fix = "Take of: share, or give what would be without the programme."
            raise UsageError("The threshold is a difference, and there is no counterfactual.", fix=fix)
        difference = course.jobs - course.without
        if self.of == "difference":
            people = course.participants
            return np.where(people > 0, difference / np.where(people > 0, people, 1.0), 0.0)
        facts.needs_gross("The threshold")
        anyway = course.without
        # Where nobody would be in work anyway, any job is infinitely many more.
        without_base = np.where(difference > 0, np.inf, 0.0)
        return np.where(anyway > 0, difference / np.where(anyway > 0, anyway, 1.0), without_base)


def _fraction(value: float, name: str) -> None:
    if not 0 <= value <= 1:
        raise UsageError(
            f"{name} is {value:g}.", fix=f"It is a fraction of 1: {value / 100:g} for {value:g} per cent."
        )
