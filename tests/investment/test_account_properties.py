"""What holds for every account: invariants, on drawn numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from kij_analysis.investment import (
    BonusMalus,
    FeePerParticipant,
    Flow,
    FullRisk,
    Milestone,
    RateCard,
    ShareOfWages,
    Sustained,
    ThresholdReturn,
    account,
    payers,
)
from kij_analysis.investment.example import given, outcome, plan
from kij_analysis.investment.rates import PAYERS, PUBLIC

DK = payers("DK")
FEW = settings(max_examples=40, deadline=None)
shares = st.floats(0, 1, width=32)
amounts = st.floats(0, 200_000, width=32)


@st.composite
def outcomes(draw):
    later, first = sorted((draw(shares), draw(shares)))
    return outcome(
        gross=given(draw(shares)), without=given(draw(shares)), attrition=given(draw(shares)),
        displacement=given(draw(shares)), drop_off=given(draw(st.floats(0, 0.9))),
        retention={6: given(first), 12: given(later)}, base=draw(st.sampled_from(["starters", "completers"])),
        job_month=draw(st.integers(1, 12)),
    )  # fmt: skip


@st.composite
def plans(draw):
    grant = Flow(item="grant", amount=given(draw(amounts)), payer="state", receiver="municipality", per="job")
    return plan(
        participants=given(draw(st.floats(0, 500))), cost=given(draw(amounts)), paid_by="investor",
        weeks_before=given(draw(st.floats(0, 200))), discount_rate=given(draw(st.floats(0, 0.2))),
        weeks_after_work=draw(st.sampled_from(["same", "continue", "restart"])), months=36,
        wage=given(draw(amounts)), flows=(grant,),
    )  # fmt: skip


CARD = RateCard(milestones=(Milestone(amount=1000.0), Milestone(amount=500.0, sustained=Sustained(months=6))))
contracts = st.sampled_from(
    [
        FullRisk(), FullRisk(share=0.5, counted="gross"), FeePerParticipant(fee=30_000), CARD,
        ShareOfWages(share=0.3, observed=12, floor_of_cost=0.5),
        ThresholdReturn(principal=1e6, threshold=0.5, month=24),
        BonusMalus(fee=10_000, target=0.5, band=0.1, month=12),
    ]
)  # fmt: skip


@FEW
@drawn(contracts, outcomes(), plans())
def test_transfers_cancel_in_the_total(contract, found, frame):
    one = account(contract, found, DK, plan=frame)
    for entry in one.entries:
        if entry.is_transfer:
            assert np.allclose(sum(entry.of(payer) for payer in PAYERS), 0)
        if entry.payer in PUBLIC and entry.receiver in PUBLIC:
            assert np.allclose(sum(entry.of(payer) for payer in PUBLIC), 0)
    outside = sum(
        (bool(entry.receiver) - bool(entry.payer)) * np.broadcast_to(entry.amount, (1, 36))
        for entry in one.entries
    )
    assert np.allclose(sum(one.net(payer) for payer in PAYERS), outside, atol=1e-3)
    assert np.allclose(one.net("society"), outside, atol=1e-3)


@FEW
@drawn(contracts, outcomes(), plans(), st.floats(0, 2e6))
def test_a_contract_never_pays_beyond_its_cap(contract, found, frame, cap):
    paid = account(replace(contract, cap=cap), found, DK, plan=frame).entries[-1].amount
    assert np.cumsum(paid).max() <= cap + 1e-3


@FEW
@drawn(outcomes(), plans(), shares)
def test_no_difference_gives_no_saving(found, frame, share):
    same = replace(found, gross=given(share), without=given(share))
    one = account(None, same, DK, plan=frame)
    for payer in ("municipality", "state", "region", "participant", "employer"):
        assert np.allclose(one.net(payer), 0, atol=1e-3)


@FEW
@drawn(outcomes(), plans(), st.sampled_from(["net", "gross"]), shares)
def test_full_risk_means_no_payment_without_result(found, frame, counted, share):
    nobody = replace(found, gross=given(0.0), without=given(share if counted == "net" else 0.0))
    paid = account(FullRisk(counted=counted), nobody, DK, plan=frame).entries[-1].amount
    assert np.abs(paid).max() < 1e-6


@FEW
@drawn(outcomes(), plans(), st.floats(0, 1))
def test_full_risk_never_costs_the_payer_more_than_it_has_saved(found, frame, share):
    quiet = replace(frame, weeks_after_work="same", flows=())
    better = replace(found, without=given(min(found.gross.value, found.without.value)))
    one = account(FullRisk(share=share), better, DK, plan=quiet)
    assert np.cumsum(one.net("municipality")).min() >= -1e-3


@FEW
@drawn(contracts, outcomes(), plans())
def test_discounting_at_nothing_is_the_plain_sum(contract, found, frame):
    one = account(contract, found, DK, plan=replace(frame, discount_rate=given(0.0)))
    for payer in PAYERS:
        assert one.net(payer, discounted=True).sum() == pytest.approx(one.net(payer).sum(), abs=1e-3)


@FEW
@drawn(
    st.sampled_from([FullRisk(), FullRisk(counted="gross"), FeePerParticipant(fee=30_000), CARD]),
    outcomes(),
    plans(),
)
def test_twice_as_many_participants_double_a_linear_contract(contract, found, frame):
    twice = replace(frame, participants=given(2 * frame.participants.value))
    paid, doubled = (account(contract, found, DK, plan=one).entries[-1].amount for one in (frame, twice))
    assert np.allclose(doubled, 2 * paid, atol=1e-2)


@FEW
@drawn(outcomes(), plans(), st.floats(0, 200))
def test_the_municipal_share_never_falls_with_the_weeks_on_benefit(found, frame, weeks):
    better = replace(found, gross=given(1.0), without=given(0.0))
    calm = replace(frame, flows=(), weeks_after_work="same")
    now, later = (
        account(None, better, DK, plan=replace(calm, weeks_before=given(w))).net("municipality").sum()
        for w in (weeks, weeks + 10)
    )
    assert later >= now - 1e-3
