"""The seven forms of contract: what each pays, when, at most and at least, and who bears which risk."""

from __future__ import annotations

import numpy as np
import pytest

from kij_analysis.errors import UsageError
from kij_analysis.investment import (
    CONTRACTS,
    BonusMalus,
    FeePerParticipant,
    FullRisk,
    Milestone,
    Outcome,
    RateCard,
    ShareOfDifference,
    ShareOfWages,
    Sustained,
    ThresholdReturn,
    account,
    payers,
    risks,
)
from kij_analysis.investment.example import given, outcome, plan
from kij_analysis.investment.terms import BEARERS, RISKS

MONTHLY = 5 * 12_064 * 0.8
"""What the municipality saves in a month by the five additional jobs of the example."""


def paid(contract, found=None, **changes) -> np.ndarray:
    frame = plan(paid_by="investor", **changes)
    return account(contract, found or outcome(), payers("DK"), plan=frame).entries[-1].amount[0]


def test_full_risk_pays_the_saving_on_as_it_comes():
    months = paid(FullRisk(share=0.5))
    assert months[:5].tolist() == [0] * 5
    assert months[5:] == pytest.approx([MONTHLY / 2] * 19)


def test_full_risk_stops_at_its_cap():
    months = paid(FullRisk(cap=100_000))
    assert months[5:9] == pytest.approx([MONTHLY, MONTHLY, 100_000 - 2 * MONTHLY, 0])


def test_full_risk_by_all_jobs_pays_twice_as_much_where_half_would_have_come_anyway():
    net, gross = paid(FullRisk()), paid(FullRisk(counted="gross"))
    assert gross.sum() == pytest.approx(2 * net.sum())


def test_full_risk_has_no_floor():
    with pytest.raises(UsageError, match="no payment without result"):
        FullRisk(floor=1)


def test_a_delay_moves_payments_later():
    assert paid(FullRisk(delay=2))[:8].tolist()[:7] == [0] * 7


def test_a_fee_is_paid_whatever_becomes_of_her():
    nobody = outcome(gross=given(0.0), without=given(0.0))
    assert paid(FeePerParticipant(fee=50_000), nobody).tolist() == [1_000_000] + [0] * 23
    assert paid(FeePerParticipant(fee=50_000, over=4))[:5].tolist() == [250_000] * 4 + [0]
    assert paid(FeePerParticipant(fee=50_000, ceiling_per_person=40_000)).sum() == 800_000


def compared(effect=0.1, **more) -> Outcome:
    no = given(0.0)
    return Outcome(
        counterfactual="comparison_group", effect=given(effect), job_month=6, attrition=given(0.25),
        displacement=no, drop_off=no, **more,
    )  # fmt: skip


def test_a_share_of_the_difference_counts_the_whole_public_and_fees_by_completed_training():
    months = paid(ShareOfDifference(share=0.5, measured=12, fee_per_completed=1000), compared())
    # Two additional jobs for seven months; municipality and state together save the whole benefit.
    assert months[11] == pytest.approx(0.5 * 2 * 7 * 12_064)
    assert months[4] == pytest.approx(15 * 1000)


def test_a_share_of_the_difference_is_never_negative():
    assert paid(ShareOfDifference(share=0.5, measured=12), compared(-0.1)).sum() == 0


def test_a_share_of_the_difference_needs_a_comparison_group():
    with pytest.raises(UsageError, match="difference to a control group"):
        paid(ShareOfDifference(share=0.5, measured=12))


def test_a_share_of_wages_above_the_predicted_sum():
    contract = ShareOfWages(share=0.3, observed=12)
    months = paid(contract, wage=given(20_000))
    assert months[16] == pytest.approx(0.3 * 5 * 12 * 20_000) and months.sum() == months[16]
    whole = ShareOfWages(share=0.3, observed=12, of="whole")
    assert paid(whole, wage=given(20_000)).sum() == pytest.approx(0.3 * 10 * 12 * 20_000)


def test_half_of_the_cost_where_wages_do_not_exceed_the_prediction():
    same = outcome(without=given(0.5))
    contract = ShareOfWages(share=0.3, observed=12, floor_of_cost=0.5)
    assert paid(contract, same, wage=given(20_000)).sum() == pytest.approx(500_000)


def test_a_share_of_wages_needs_wages_and_a_prediction():
    with pytest.raises(UsageError, match="pays by wages"):
        paid(ShareOfWages(share=0.3, observed=12))
    with pytest.raises(UsageError, match="needs a predicted sum"):
        gross = outcome(counterfactual="none", without=None)
        paid(ShareOfWages(share=0.3, observed=12), gross, wage=given(20_000))


HALF_YEAR = Sustained(months=6)


def test_a_rate_card_pays_for_the_job_and_for_its_lasting():
    card = RateCard(
        milestones=(Milestone(amount=1000), Milestone(amount=2000, sustained=HALF_YEAR)), start_fee=100
    )
    months = paid(card, outcome(retention={6: given(0.7)}))
    assert (months[0], months[5], months[11]) == pytest.approx((2000, 10_000, 14_000))


def test_sustained_employment_with_hours_needs_the_share_of_jobs_that_have_them():
    card = RateCard(milestones=(Milestone(amount=1000, sustained=Sustained(months=6, hours=16)),))
    with pytest.raises(UsageError, match="qualifying:"):
        paid(card)
    assert paid(card, outcome(qualifying=given(0.6))).sum() == pytest.approx(6000)


def test_a_window_that_is_longer_than_the_employment_delays_the_payment():
    card = RateCard(milestones=(Milestone(amount=1000, sustained=Sustained(months=6, look_back=9)),))
    assert np.flatnonzero(paid(card)).tolist() == [14]
    with pytest.raises(UsageError, match="cannot be reached"):
        Sustained(months=6, look_back=3)


def test_a_payment_after_the_end_of_the_account_is_not_lost_in_silence():
    card = RateCard(milestones=(Milestone(amount=1000, sustained=Sustained(months=24)),))
    with pytest.raises(UsageError, match="months: 30 or more"):
        paid(card)


def test_a_ceiling_for_each_person_counts_those_in_work():
    card = RateCard(milestones=(Milestone(amount=1000), Milestone(amount=2000, sustained=HALF_YEAR)))
    assert paid(card).sum() == pytest.approx(30_000)
    capped = RateCard(milestones=card.milestones, ceiling_per_person=2500)
    assert paid(capped).sum() == pytest.approx(25_000)


@pytest.mark.parametrize(
    ("effect", "repaid"), [(0.02, 0.0), (0.0250001, 103.0), (0.05, 105.0), (0.1, 107.0), (0.12, 107.0)]
)
def test_duo_for_a_job_repays_from_ten_per_cent_above_the_control_group_with_3_to_7_per_cent(effect, repaid):
    """Control 25 per cent in work: 10 per cent more is 27.5 per cent, the upper end here 40 per cent more."""
    contract = ThresholdReturn(
        principal=100, threshold=0.1, of="relative", lowest=0.03, highest=0.07, upper=0.3, month=24
    )
    found = compared(effect, gross=given(0.25 + effect))
    assert paid(contract, found).sum() == pytest.approx(repaid, abs=1e-3)


def test_a_return_that_grows_says_up_to_where():
    with pytest.raises(UsageError, match="Give upper:"):
        ThresholdReturn(principal=1, threshold=0.5, month=12, lowest=0.03, highest=0.07)


@pytest.mark.parametrize(("share", "change"), [(0.5, 0.0), (0.52, 0.015), (0.503, 0.006), (0.3, -0.015)])
def test_bonus_and_malus_stay_within_their_band(share, change):
    """Caritas Perspektive: up to 1.5 per cent of the cost."""
    contract = BonusMalus(fee=50_000, target=0.5, band=0.015, month=12)
    assert paid(contract, outcome(gross=given(share))).sum() == pytest.approx(1_000_000 * (1 + change))


def test_a_floor_is_paid_at_the_end_if_less_has_come():
    card = RateCard(milestones=(Milestone(amount=1000),), floor=15_000)
    assert paid(card)[[5, 23]] == pytest.approx([10_000, 5000])


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ({"payer": "investor"}, "would pay itself"),
        ({"cap": 1, "floor": 2}, "floor is above the cap"),
        ({"cap": -1}, "cap is below zero"),
        ({"delay": -1}, "delay is below zero"),
        ({"payer": "kommune"}, "not known"),
    ],
)
def test_terms_that_contradict_each_other_are_refused(terms, told):
    with pytest.raises(UsageError, match=told):
        FeePerParticipant(fee=1, **terms)


def test_a_contract_in_other_money_is_refused():
    with pytest.raises(UsageError, match="contract is in EUR of 2024"):
        paid(FeePerParticipant(fee=1, currency="EUR"))


def test_all_jobs_cannot_be_counted_where_only_a_difference_is_known():
    with pytest.raises(UsageError, match="only the difference to a group is known"):
        paid(RateCard(milestones=(Milestone(amount=1),)), compared())


def test_there_are_seven_forms_and_each_says_who_bears_every_risk():
    assert len(CONTRACTS) == 7
    for kind in CONTRACTS.values():
        assert set(kind.risks) == set(RISKS) and set(kind.risks.values()) <= set(BEARERS)
    table = risks(FeePerParticipant(fee=1)).set_index("risk")["who"]
    assert (table["few_get_work"], table["cost_overrun"]) == ("municipality", "investor")
