"""The rules of payers: every value as it was published, and an error with a way out for what was not."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from kij_analysis.errors import StudyError, UsageError
from kij_analysis.investment import Rate, municipal_share, payers, with_values
from kij_analysis.template import template_folder

COUNTRIES = ("DK", "FI", "NO")


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_value_has_a_year_a_source_an_address_and_a_confidence(country):
    for rows in payers(country).rates.values():
        for one in rows:
            assert 2000 < one.year < 2030 and one.source and one.address.startswith("http")
            assert one.confidence in ("high", "medium")


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_value_is_the_published_one(country):
    if "KIJ_SHARED" not in os.environ:
        pytest.skip("KIJ_SHARED does not name the folder of published facts")
    path = Path(os.environ["KIJ_SHARED"]) / "data" / "published" / "investment_facts.csv"
    facts = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    printed = {
        (row["indicator"], row["source_url"], float(row["value"]), row["confidence"])
        for row in facts
        if row["country"] == country and row["value"].replace(".", "").isdigit()
    }
    ours = {
        (name, one.address, one.value, one.confidence)
        for name, rows in payers(country).rates.items()
        for one in rows
    }
    assert ours and ours - printed == set()


@pytest.mark.parametrize(
    ("country", "name", "told"),
    [
        ("FI", "municipal_share", "in force from 2025 were not found"),
        ("FI", "discount_rate", "no Finnish guidance"),
        ("NO", "municipal_share", "no rule was found"),
        ("NO", "tax_financing_cost", "20 øre"),
        ("NO", "bracket_tax_step1_rate", "running text"),
        ("DK", "wage", "only increments"),
        ("DK", "cost_per_participant", "no price is published"),
    ],
)
def test_what_could_not_be_verified_is_an_error_that_says_what_to_supply(country, name, told):
    with pytest.raises(UsageError, match=told) as error:
        payers(country).rate(name)
    assert f"values: {name}:" in str(error.value)


def test_a_value_of_low_confidence_is_no_default():
    weak = Rate(
        name="guess", kind="tax", unit="percent", value=1, year=2025, source="a blog", confidence="low"
    )
    rules = payers("DK")
    rules = type(rules)(**{**rules.__dict__, "rates": {"guess": (weak,)}})
    with pytest.raises(UsageError, match="low confidence"):
        rules.rate("guess")


def test_a_value_of_several_years_asks_which():
    rules = payers("DK")
    assert rules.rate("kontanthjaelp_30plus_parent", 2023).value == 15874
    with pytest.raises(UsageError, match="'2014', '2016', '2021', '2023', '2024'"):
        rules.rate("kontanthjaelp_30plus_parent", 2025)


def test_a_misspelt_value_names_the_nearest():
    with pytest.raises(UsageError, match="Did you mean 'average_municipal_tax'"):
        payers("DK").rate("average_municipal_taxes")


def test_a_country_without_rules_says_which_there_are():
    with pytest.raises(UsageError, match="'DK', 'FI', 'NO'"):
        payers("SE")


def test_a_supplied_value_takes_the_place_and_counts_as_assumed():
    mine = Rate(
        name="municipal_share", kind="reimbursement", unit="percent", value=40, year=2025, source="us",
        confidence="supplied",
    )  # fmt: skip
    rules = with_values(payers("FI"), [mine])
    assert rules.rate("municipal_share").data_status == "assumed"
    assert municipal_share(rules, 10, year=2025, months=2) == pytest.approx([0.4, 0.4])
    wrong = Rate(name="personal_allowance", kind="tax", unit="percent", value=1, year=2025, source="us")
    with pytest.raises(UsageError, match="given as percent; the rules have it as amount_per_year"):
        with_values(payers("DK"), [wrong])


def test_a_broken_file_tells_every_problem_with_its_line(tmp_path):
    text = (template_folder() / "codebook" / "payers" / "dk.yaml").read_text("utf-8")
    text = text.replace("value: state_refund_share_weeks_5_26", "value: state_refund_weeks_5_26")
    text = text.replace(
        "source: aktuelle_satser_totaladm_dk, confidence: medium, note",
        "source: nowhere, confidence: medium, note",
        1,
    )
    (tmp_path / "payers").mkdir()
    (tmp_path / "payers" / "dk.yaml").write_text(text, "utf-8")
    with pytest.raises(StudyError) as error:
        payers("DK", tmp_path)
    told = str(error.value)
    assert "no value 'state_refund_weeks_5_26'" in told and "no source 'nowhere'" in told
    assert all(problem.line for problem in error.value.problems)


# --------------------------------------------------------------- the municipality's share of a benefit


def test_the_municipality_bears_61_9_per_cent_of_the_first_year_in_denmark():
    """(4 x 20 + 22 x 60 + 26 x 70) / 52 = 61.92 per cent, from the steps 80/40/30 refunded."""
    shares = municipal_share(payers("DK"), 0, year=2025, months=12)
    assert shares.mean() == pytest.approx((4 * 0.2 + 22 * 0.6 + 26 * 0.7) / 52)
    assert round(float(shares.mean()), 3) == 0.619


@pytest.mark.parametrize(("weeks", "sum_of_year"), [(0, 89_645), (52, 115_814)])
def test_twelve_months_at_12064_cost_the_municipality_more_the_longer_she_has_been_on_benefit(
    weeks, sum_of_year
):
    shares = municipal_share(payers("DK"), weeks, year=2025, months=12)
    assert round(float(shares.sum()) * 12_064) == sum_of_year


def test_the_net_benefit_after_a_year_is_9651_of_12064():
    assert round(float(municipal_share(payers("DK"), 52, year=2024)[0]) * 12_064) == 9_651


def test_the_finnish_steps_go_by_days_and_end_with_2024():
    rules = payers("FI")
    # 300 days of five a week are 60 weeks, 1,000 days 200 weeks.
    found = [float(municipal_share(rules, w, year=2024)[0]) for w in (0, 60, 200)]
    assert found == pytest.approx([0.0, 0.5, 0.7])
    with pytest.raises(UsageError, match="could not be verified for FI"):
        municipal_share(rules, 0, year=2025)


def test_norway_has_no_share_until_somebody_supplies_it():
    with pytest.raises(UsageError, match="could not be verified for NO"):
        municipal_share(payers("NO"), 0, year=2024)


def test_the_danish_steps_do_not_hold_before_2016():
    with pytest.raises(UsageError, match="hold from 2016"):
        municipal_share(payers("DK"), 0, year=2015)
