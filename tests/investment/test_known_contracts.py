"""Contracts whose outcome is known: Koto-SIB, IMPACT60, and the claim of 15,000 to 25,000 kroner a month."""

from __future__ import annotations

import pytest

from kij_analysis.investment import (
    FeePerParticipant,
    Flow,
    FullRisk,
    Outcome,
    Plan,
    Quantity,
    ShareOfDifference,
    ThresholdReturn,
    account,
    claimed,
    compare,
    effect_on_treated,
    payers,
    results,
    scenario,
)
from kij_analysis.investment.example import given, outcome, plan
from kij_analysis.words.told import spoken

DRAWN, CAME, TRAINED = 2636, 2217, 1812
SAVING = 2670
CAPITAL = 14_300_000
FEE = 1500
"""The fee for each completed training is background of the reference, not a value that is shipped."""


def printed(value: float, source: str) -> Quantity:
    return Quantity(value=value, source=source, data_status="published")


@pytest.fixture(scope="module")
def koto():
    """Koto-SIB as printed: the difference to the control group, one sum for each person drawn."""
    no = given(0.0)
    frame = Plan(
        title="Koto-SIB",
        currency="EUR",
        price_year=2019,
        perspective="investor",
        months=36,
        participants=printed(DRAWN, "QSA 2024"),
        cost=given(CAPITAL / DRAWN),
        paid_by="investor",
        course_months=12,
        flows=(
            Flow(
                item="taxes and benefits", payer="participant", receiver="state",
                amount=printed(SAVING, "kotoutuminen.fi 2024"), per="participant", over=36,
            ),
        ),
        discount_rate=no,
    )  # fmt: skip
    found = Outcome(
        counterfactual="comparison_group", effect=printed(0.05, "kotoutuminen.fi 2024"), job_month=12,
        attrition=given(1 - TRAINED / DRAWN), displacement=no, drop_off=no,
    )  # fmt: skip
    contract = ShareOfDifference(share=0.5, measured=36, fee_per_completed=FEE, payer="state")
    return account(contract, found, payers("FI"), plan=frame)


def test_koto_sib_saves_about_seven_million(koto):
    """2,636 x 2,670 = 7,038,120; the evaluation prints about 6.8 million."""
    saving = next(entry for entry in koto.entries if entry.item == "taxes and benefits")
    assert float(saving.amount.sum()) == pytest.approx(DRAWN * SAVING)


def test_koto_sib_pays_about_6_2_million(koto):
    """0.5 x 7,038,120 + 1,812 x 1,500 = 3,519,060 + 2,718,000 = 6,237,060."""
    assert float(koto.entries[-1].amount.sum()) == pytest.approx(6_237_060)


def test_koto_sib_is_a_loss_for_its_investor_as_it_was(koto):
    """6.24 million come back of 14.3 million: a loss, as the audit office and VATT report."""
    frame = results(koto).set_index(["group", "variable"])
    assert frame.loc[("investor", "sum"), "estimate"] == pytest.approx(6_237_060 - CAPITAL)
    assert frame.loc[("investor", "irr"), "estimate"] < -0.2


def test_koto_sib_among_those_who_came():
    """2,670 / (2,217 / 2,636) = 3,175 euros and 5.9 points."""
    take_up = CAME / DRAWN
    assert round(effect_on_treated(SAVING, take_up)) == 3175
    assert round(effect_on_treated(0.05, take_up), 3) == 0.059


@pytest.mark.parametrize(("share", "repaid"), [(0.46, 0.0), (0.499, 0.0), (0.5, 8.0), (0.6, 8.0)])
def test_impact60_misses_its_threshold_of_50_per_cent_with_46(share, repaid):
    """Printed: 120 persons, at least 50 per cent of them in work or self-support, 46 reached."""
    contract = ThresholdReturn(principal=8.0, threshold=0.5, month=24)
    reached = outcome(gross=given(share), without=given(0.0))
    one = account(contract, reached, payers("DK"), plan=plan(participants=given(120), paid_by="investor"))
    assert float(one.entries[-1].amount.sum()) == repaid


# ------------------------------------------------------------------ 15,000 to 25,000 kroner a month


@pytest.mark.parametrize(
    ("benefit", "law", "beyond"),
    [
        ("kontanthjaelp_mindstesats", 5242, (9758, 19758)),
        ("kontanthjaelp_forhoejet_sats", 9651, (5349, 15349)),
        ("kontanthjaelp_30plus_nonparent", 9861, (5139, 15139)),
        ("kontanthjaelp_30plus_parent", 13106, (1894, 11894)),
    ],
)
def test_the_claim_exceeds_what_the_municipality_bears_by_law_at_every_rate(benefit, law, beyond):
    for claim, rest in zip((15_000, 25_000), beyond, strict=True):
        frame_plan = plan(benefit=(benefit,), weeks_before=given(60), claimed_cost=given(claim))
        frame = claimed(account(None, outcome(), payers("DK"), plan=frame_plan)).query("month == 6")
        told = frame.set_index("variable")["estimate"].round()
        assert (told["statutory_cost"], told["beyond_statutory"]) == (law, rest)
        assert frame["warning"].all()


def test_the_claim_is_a_scenario_with_its_label_and_the_statutory_figure_is_published():
    frame = claimed(scenario("two_payment_models").account()).set_index(["variable", "month"])
    assert {spoken(text, "en") for text in frame["label"]} == {"provider's estimate"}
    assert frame.loc[("claimed_cost", 6), "data_status"] == "assumed"
    assert frame.loc[("statutory_cost", 6), "data_status"] == "published"


def test_a_claim_counts_as_a_saving_beyond_the_benefit():
    with_claim = account(None, outcome(), payers("DK"), plan=plan(claimed_cost=given(15_000)))
    # Five additional jobs for 19 months at 15,000, less the course.
    assert with_claim.net("municipality").sum() == pytest.approx(5 * 19 * 15_000 - 20 * 50_000)


def test_the_two_payment_models_differ_in_who_bears_a_bad_outcome():
    forms = {"full risk": FullRisk(cap=1_200_000), "fee": FeePerParticipant(fee=50_000)}
    shares = {"as planned": 0.5, "nobody more than anyway": 0.25}
    frame = compare(forms, outcome(), payers("DK"), plan=plan(paid_by="investor"), shares=shares)
    worth = frame.query("variable == 'npv'").set_index(["case", "contract_name", "group"])["estimate"]
    nobody = worth["nobody more than anyway"]
    assert nobody["full risk", "municipality"] == 0 and nobody["fee", "municipality"] == -1_000_000
    assert nobody["full risk", "investor"] == -1_000_000 and nobody["fee", "investor"] == 0
