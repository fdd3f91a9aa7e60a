"""The account by payer and month: benefit, refund, taxes, work, grants, and the money it is in."""

from __future__ import annotations

import numpy as np
import pytest

from kij_analysis.errors import UsageError
from kij_analysis.investment import (
    Conversion,
    Flow,
    Rate,
    account,
    break_even,
    flows,
    payers,
    results,
    simulate,
    tornado,
    two_way,
    with_values,
)
from kij_analysis.investment.example import given, outcome, plan

TO_2025 = Conversion(
    from_currency="DKK",
    from_year=2024,
    to_currency="DKK",
    to_year=2025,
    factor=1.0,
    source="taken as they are",
)


def make(found=None, rules="DK", **changes):
    return account(None, found or outcome(), payers(rules), plan=plan(**changes))


def monthly(one, item):
    entry = next(entry for entry in one.entries if entry.item == item)
    return np.broadcast_to(entry.amount, (1, one.plan.months))[0]


def test_the_saving_of_the_municipality_is_its_share_of_the_benefit():
    one = make()
    assert monthly(one, "benefit")[5] == pytest.approx(5 * 12_064)
    assert monthly(one, "reimbursement")[5] == pytest.approx(5 * 12_064 * 0.2)
    assert one.net("municipality")[5] == pytest.approx(5 * 12_064 * 0.8)


def test_a_woman_who_is_new_on_benefit_saves_the_municipality_less():
    new, old = make(weeks_before=given(0)), make(weeks_before=given(104))
    assert monthly(new, "benefit").tolist() == monthly(old, "benefit").tolist()
    # In month 6 (weeks 21.7 to 26) the municipality bears 60 per cent, from week 53 on 80.
    assert new.net("municipality")[5] == pytest.approx(5 * 12_064 * 0.6)
    assert new.net("municipality")[20] == pytest.approx(old.net("municipality")[20])


def test_weeks_that_begin_anew_after_a_job_lower_the_municipal_share():
    short = outcome(retention={1: given(0.0)})
    same, restart, goes_on = (make(short, weeks_after_work=way) for way in ("same", "restart", "continue"))
    # All five jobs last one month; from month 7 on the municipality bears 80 per cent as before, or begins
    # at week 1: (4 x 20 + 1/3 x 60) / 4.33 weeks = 23.1 per cent.
    assert same.net("municipality")[6] == 0
    gain = restart.net("municipality")[6]
    assert gain == pytest.approx(5 * 12_064 * (0.8 - (4 * 0.2 + (52 / 12 - 4) * 0.6) / (52 / 12)))
    assert goes_on.net("municipality")[6] == pytest.approx(0)
    assert restart.net("public").sum() == pytest.approx(same.net("public").sum())


def test_it_must_be_said_how_weeks_count_after_a_job():
    with pytest.raises(UsageError, match="weeks_after_work: same, continue or restart"):
        make(weeks_after_work="")


def test_danish_taxes_by_hand():
    """Wage 25,000, benefit 12,064, allowance 51,600 a year, employment allowance 12.3 per cent (3,075).

    AM 8 % = 2,000. Income 23,000 - 4,300 = 18,700, x 12.01 % = 2,245.87; on the benefit
    (12,064 - 4,300) x 12.01 % = 932.46. Municipality (18,700 - 3,075) x 25.068 % = 3,916.88; on the benefit
    7,764 x 25.068 % = 1,946.28.
    """
    one = make(
        price_year=2025, conversions=(TO_2025,), wage=given(25_000), taxes=True,
        years={"average_municipal_tax": 2025},
    )  # fmt: skip
    assert monthly(one, "labour_market_contribution")[6] == pytest.approx(5 * 2000)
    assert monthly(one, "state_tax")[6] == pytest.approx(5 * (2245.87 - 932.4564))
    assert monthly(one, "municipal_tax")[6] == pytest.approx(5 * (3916.875 - 1946.27952))


def test_with_wages_the_total_is_what_work_creates_less_the_course():
    one = make(wage=given(25_000))
    assert one.net("society").sum() == pytest.approx(5 * 19 * 25_000 - 20 * 50_000)
    assert one.net("participant")[6] == pytest.approx(5 * (25_000 - 12_064))
    assert one.net("employer").sum() == pytest.approx(0)


def test_finland_the_state_pays_and_the_municipality_refunds():
    one = make(
        rules="FI", currency="EUR", benefit=("labour_market_subsidy_month",),
        years={"labour_market_subsidy_month": 2024},
        weeks_before=given(60),
    )  # fmt: skip
    assert one.net("state")[6] == pytest.approx(5 * 800.02 * 0.5)
    assert one.net("municipality")[6] == pytest.approx(5 * 800.02 * 0.5)


def test_the_finnish_subsidy_by_day_is_that_by_month():
    by_day = make(rules="FI", currency="EUR", benefit=("labour_market_subsidy_day",), weeks_before=given(60))
    assert by_day.inputs.values["benefit"] == pytest.approx(800.02, abs=0.01)


def test_finland_with_employer_contributions():
    names = ("employer_pension_contribution_average", "employer_health_contribution")
    one = make(rules="FI", currency="EUR", benefit=None, wage=given(2000), contributions=names)
    assert one.net("state")[6] == pytest.approx(5 * 2000 * (0.1734 + 0.0116))


def test_norway_two_basic_amounts_a_year_and_a_share_that_somebody_supplies():
    mine = Rate(
        name="municipal_share", kind="reimbursement", unit="percent", value=100, year=2024, source="own rule",
        confidence="supplied",
    )  # fmt: skip
    frame = plan(currency="NOK", benefit=("introduction_benefit",), years={"g_basic_amount": 2024})
    one = account(None, outcome(), with_values(payers("NO"), [mine]), plan=frame)
    assert round(one.inputs.values["benefit"]) == 20_671
    assert one.net("municipality")[6] == pytest.approx(5 * 2 * 124_028 / 12)
    assert one.data_status == "assumed"


def test_asking_for_what_could_not_be_verified_tells_all_of_it_at_once():
    with pytest.raises(UsageError) as error:
        make(
            rules="NO", currency="NOK", benefit=("introduction_benefit",), years={"g_basic_amount": 2024},
            wage=given(30_000), taxes=True, price_year=2025,
        )  # fmt: skip
    told = str(error.value)
    for name in ("municipal_share", "municipal_tax_rate", "region_tax_rate", "standard_deduction_rate"):
        assert f"values: {name}:" in told
    assert "'g_basic_amount'" in told and "NOK 2024" in told  # 2024 in an account of 2025


def test_a_grant_moves_between_state_and_municipality_and_cancels():
    grant = Flow(
        item="result grant", amount="result_grant_ordinary_employment_within_3_years", payer="state",
        receiver="municipality", per="job", after=6,
    )  # fmt: skip
    one = make(outcome(retention={6: given(0.8)}), flows=(grant,))
    assert monthly(one, "result grant")[11] == pytest.approx(5 * 0.8 * 88_817)
    assert one.net("public").sum() == pytest.approx(
        make(outcome(retention={6: given(0.8)})).net("public").sum()
    )


def test_a_region_takes_part_where_a_flow_says_so():
    visits = Flow(item="health care", amount=given(500), receiver="region", per="month_in_work")
    assert make(flows=(visits,)).net("region")[6] == pytest.approx(2500)


# ------------------------------------------------------------------ one money


def test_an_amount_of_another_price_year_needs_a_stated_conversion():
    with pytest.raises(UsageError, match=r"is in DKK of 2024, the account in DKK of 2025.") as error:
        make(price_year=2025)
    assert "conversions:" in str(error.value)
    assert make(price_year=2025, conversions=(TO_2025,)).inputs.values["benefit"] == 12_064


def test_an_amount_of_another_currency_is_brought_over_by_the_stated_factor_only():
    with pytest.raises(UsageError, match="cost is in EUR of 2024"):
        make(cost=given(1000, currency="EUR"))
    euro = Conversion(
        from_currency="EUR",
        from_year=2024,
        to_currency="DKK",
        to_year=2024,
        factor=7.46,
        source="central bank",
    )
    assert make(cost=given(1000, currency="EUR"), conversions=(euro,)).inputs.values["cost"] == 7460


def test_the_rules_of_one_country_do_not_mix_with_another_currency():
    with pytest.raises(UsageError, match="The account is in EUR"):
        make(currency="EUR")


def test_every_row_of_an_account_carries_its_money_and_its_perspective():
    for frame in (flows(make()), results(make())):
        assert set(frame["currency"]) == {"DKK"} and set(frame["price_year"]) == {2024}
        assert (frame["perspective"] == frame["group"]).all()
        assert set(frame["data_status"]) == {"assumed"}


def test_an_account_without_wages_says_nothing_of_those_who_earn_them():
    frame = results(make()).set_index(["group", "variable"])
    assert frame.loc[("participant", "npv"), "note"] == "work_left_out"
    assert frame.loc[("public", "mvpf"), "note"] == "work_left_out"


# ------------------------------------------------------------------ what it comes to


def test_the_marginal_value_of_public_funds_stands_with_its_parts():
    one = make(wage=given(25_000), cost=given(150_000))
    frame = results(one).set_index(["group", "variable"])["estimate"]
    gain = 5 * 19 * (25_000 - 12_064)
    cost = 20 * 150_000 - 5 * 19 * 12_064
    assert frame["participant", "mvpf_gain"] == pytest.approx(gain)
    assert frame["public", "mvpf_cost"] == pytest.approx(cost)
    assert frame["public", "mvpf"] == pytest.approx(gain / cost)


def test_where_the_public_gains_there_is_no_ratio():
    frame = results(make(wage=given(25_000), cost=given(1000))).set_index(["group", "variable"])
    assert frame.loc[("public", "mvpf"), "note"] == "pays_for_itself"


def test_no_additional_job_has_no_price():
    frame = results(make(outcome(without=given(0.5)))).set_index("variable")
    assert frame.loc["cost_per_job", "note"] == "no_jobs"
    assert frame.loc["additional_jobs", "estimate"] == 0


def test_what_comes_back_of_each_krone_that_the_municipality_lays_out():
    frame = results(make()).set_index(["group", "variable"])["estimate"]
    assert frame["municipality", "benefit_cost"] == pytest.approx(916_864 / 1_000_000)


def test_break_even_jobs_and_months():
    one = make(months=36, cost=given(40_000))
    frame = break_even(one).set_index("variable")["estimate"]
    # 800,000 / (31 x 9,651.20) = 2.674 jobs; 800,000 / (5 x 9,651.20) = 16.6: 17 months.
    assert frame["break_even_jobs"] == pytest.approx(800_000 / (31 * 9651.2))
    assert frame["break_even_months"] == 17


def test_break_even_is_refused_where_only_outputs_are_published():
    one = make(programme="sajo")
    with pytest.raises(UsageError, match="has published"):
        break_even(one)
    own = make(outcome(gross=given(0.5, data_status="observed")), programme="sajo")
    assert len(break_even(own)) == 2


def test_a_tornado_has_the_widest_first_and_refuses_where_nothing_is_unsure():
    found = outcome(gross=given(0.5, low=0.45, high=0.55), without=given(0.25, low=0.05, high=0.45))
    frame = tornado(make(found))
    assert frame["category"].tolist() == ["without", "without", "gross", "gross"]
    assert frame.query("category == 'gross'")["estimate"].round().tolist() == [
        round(4 * 19 * 9651.2 - 1e6), round(6 * 19 * 9651.2 - 1e6),
    ]  # fmt: skip
    with pytest.raises(UsageError, match="nothing can be varied"):
        tornado(make())


def test_two_numbers_at_a_time():
    grid = two_way(
        make(), x="gross", y="weeks_before", steps=3, ranges={"gross": (0.25, 0.5), "weeks_before": (0, 104)}
    )
    assert len(grid) == 9 and grid["estimate"].max() == pytest.approx(-83_136)
    with pytest.raises(UsageError, match="Did you mean 'gross'"):
        two_way(make(), x="gros", y="cost")


def test_the_same_seed_gives_the_same_draws_and_a_loss_its_probability():
    found = outcome(gross=given(0.5, n=60, distribution="beta"))
    one, other = (simulate(make(found), draws=500, seed=7) for _ in range(2))
    assert one.equals(other)
    loss = one.query("variable == 'loss_probability'").set_index("group")["estimate"]
    assert 0 < loss["municipality"] < 1 and loss["state"] < 0.1


def test_drawing_persons_spreads_a_share_as_the_binomial_does():
    """20 persons at 50 per cent: sd of jobs sqrt(5) = 2.236, each worth 19 x 9,651.20."""
    frame = simulate(make(), draws=4000, seed=3).query("variable == 'npv' and group == 'municipality'")
    assert frame["std_error"].item() == pytest.approx(5**0.5 * 19 * 9651.2, rel=0.04)


def test_a_sure_account_has_nothing_to_draw():
    frame = simulate(make(), draws=100, seed=1, persons=False)
    assert set(frame.query("group == 'municipality'")["note"]) == {"not_drawn"}
    with pytest.raises(UsageError, match="too few"):
        simulate(make(), draws=10, seed=1)
