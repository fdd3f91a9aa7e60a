"""A small account for the examples of the documentation: one woman in twenty, round numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kij_analysis.investment.outcomes import Outcome
from kij_analysis.investment.plans import Plan
from kij_analysis.investment.quantities import Quantity


def given(value: float, **more: Any) -> Quantity:
    """A quantity of an example."""
    return Quantity(value=value, source="example", **more)


def plan(**changes: Any) -> Plan:
    """Twenty women who have been on benefit for more than a year; benefits only, no discounting."""
    one = Plan(
        title="An example",
        currency="DKK",
        price_year=2024,
        perspective="municipality",
        months=24,
        participants=given(20),
        cost=given(50_000),
        paid_by="municipality",
        course_months=5,
        benefit=("kontanthjaelp_forhoejet_sats",),
        weeks_before=given(60),
        weeks_after_work="same",
        discount_rate=given(0.0),
    )
    return replace(one, **changes)


def outcome(**changes: Any) -> Outcome:
    """Ten of twenty in work from month 6, where five would be anyway; the jobs last."""
    one = Outcome(
        counterfactual="benchmark",
        gross=given(0.5),
        without=given(0.25),
        job_month=6,
        attrition=given(0.1),
        displacement=given(0.0),
        drop_off=given(0.0),
    )
    return replace(one, **changes)
