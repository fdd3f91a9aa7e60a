"""Scenario files: what they hold, and every mistake told with its line."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

import kij_analysis as kij
from kij_analysis.errors import StudyError
from kij_analysis.investment import (
    FeePerParticipant,
    FullRisk,
    RateCard,
    numbers,
    payers,
    results,
    scenario,
    scenarios,
)
from kij_analysis.study import open_study
from kij_analysis.tables import account_numbers
from kij_analysis.template import template_folder
from kij_analysis.words import LANGUAGES, Words

FOLDER = template_folder() / "codebook" / "scenarios"


@pytest.fixture
def written(tmp_path):
    """The worked example with parts of its text changed."""

    def write(*changes: tuple[str, str]) -> Path:
        text = (FOLDER / "worked_example.yaml").read_text("utf-8")
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        place = tmp_path / "mine.yaml"
        place.write_text(text, "utf-8")
        return place

    return write


@pytest.mark.parametrize("name", ["worked_example", "two_payment_models"])
def test_every_shipped_scenario_makes_an_account_whose_numbers_are_assumed(name):
    one = scenario(name).account()
    assert one.data_status == "assumed" and not results(one).empty


def test_the_worked_example_comes_to_what_the_guide_computes_by_hand():
    """5 jobs x 9,651.20 x 27.9 months = 1,346,342.40; 80 per cent of it is 1,077,073.92."""
    frame = results(scenario("worked_example").account()).set_index(["group", "variable"])["estimate"]
    assert frame["municipality", "sum"] == pytest.approx(0.2 * 1_346_342.4)
    assert frame["investor", "sum"] == pytest.approx(1_077_073.92 - 1_000_000)
    assert frame["state", "sum"] == pytest.approx(5 * 2412.8 * 27.9)


def test_a_scenario_holds_other_contracts_to_compare_with():
    found = scenario("worked_example")
    assert isinstance(found.contract, FullRisk)
    assert isinstance(found.compare_with["fee_per_participant"], FeePerParticipant)


def test_a_study_finds_its_own_scenarios_and_the_shipped_ones():
    study = open_study(template_folder())
    assert {"worked_example", "two_payment_models"} <= set(scenarios(study))
    with pytest.raises(StudyError, match="There is no scenario 'worked'"):
        scenario("worked", study=study)


def test_a_value_of_a_scenario_takes_the_place_of_that_of_the_rules(written):
    mine = '\nvalues:\n  kontanthjaelp_forhoejet_sats: {value: 12000, year: 2024, source: "our payroll"}\n'
    place = written(("\ncontract:", mine + "\ncontract:"))
    one = scenario(place).account()
    assert one.inputs.values["benefit"] == 12_000
    assert [rate.source for rate in one.inputs.rates if rate.name == "kontanthjaelp_forhoejet_sats"] == [
        "our payroll"
    ]


def test_a_rate_card_is_read_with_its_milestones(written):
    card = (
        "kind: rate_card\n  start_fee: 5000\n  milestones:\n    - {amount: 20000}\n"
        "    - {amount: 40000, sustained: {months: 6, look_back: 8}}"
    )
    place = written(("kind: full_risk", card), ("share: 0.8", "# share: 0.8"), ("  counted: net\n", ""))
    contract = scenario(place).contract
    assert isinstance(contract, RateCard)
    assert [step.sustained.due if step.sustained else 0 for step in contract.milestones] == [0, 8]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("job_month: 6", "job_mnoth: 6", "Did you mean 'job_month'"),
        ("gross: {value: 0.5,", "gross: {value: 50,", "0.5 for 50 per cent"),
        ("weeks_after_work: same", "# left out", "weeks_after_work: same, continue or restart"),
        ("price_year: 2024", "price_year: 2025", "conversions:"),
        ("counterfactual: benchmark", "counterfactual: comparison_group", "subtracted twice"),
        ("share: 0.8 ", "threshold: 0.8 ", "A contract of the kind full_risk has no 'threshold'"),
        ("source: *example\n    fee: 50000", "source: *example", "lacks 'fee'"),
        ("paid_by: investor", "paid_by: fond", "Known"),
        ('country: "DK"', 'country: "SE"', "There are no rules of 'SE'"),
        ("values: [kontanthjaelp_forhoejet_sats]", "amount: {value: 12064, source: ' '}", "has no source"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_way_out(written, old, new, told):
    place = written((old, new))
    with pytest.raises(Exception, match=told) as error:
        scenario(place).account()
    assert error.value.exit_code in (2, 3)


def test_several_mistakes_are_told_at_once_with_their_lines(written):
    place = written(("gross: {value: 0.5,", "gross: {value: 50,"), ("months: 36", "months: 900"))
    with pytest.raises(StudyError) as error:
        scenario(place)
    assert len(error.value.problems) == 2 and all(problem.line for problem in error.value.problems)


def test_the_report_is_about_the_users_own_scenario_where_there_is_one(tmp_path):
    study = kij.open_study(kij.init(tmp_path / "study"))
    assert kij.investment.reported(study) == "two_payment_models"
    folder = study.folders["codebook"] / "scenarios"
    own = (folder / "worked_example.yaml").read_text("utf-8")
    (folder / "report.yaml").write_text(own, encoding="utf-8")
    assert kij.investment.reported(study) == "report"
    found = kij.investment.scenario(kij.investment.reported(study), study=study)
    assert found.account().plan == kij.investment.scenario("worked_example", study=study).account().plan


@pytest.mark.parametrize("name", ["worked_example", "two_payment_models"])
def test_what_readers_see_of_a_shipped_scenario_stands_in_every_language(name):
    frame = numbers(scenario(name).account()).query("confidence == ''")
    texts = [scenario(name).plan.title, *frame["source"]]
    for text in texts:
        told = {language: Words(language).told(text) for language in LANGUAGES}
        assert not any("{{" in one or "||" in one for one in told.values())
        assert all(told[language] != told["en"] for language in ("da", "sv", "fi")), told["en"]


def test_a_text_may_stand_in_one_language_or_in_some(written):
    lines = (FOLDER / "worked_example.yaml").read_text("utf-8").splitlines(keepends=True)
    title = lines.index(next(line for line in lines if line.startswith("  title:")))
    whole = "".join(lines[title : title + 6])
    assert scenario(written((whole, "  title: Vores egen\n"))).plan.title == "Vores egen"
    some = scenario(written((whole, "  title: {da: Vores egen, sv: Vår egen}\n"))).plan.title
    assert [Words(language).told(some) for language in ("da", "sv", "fi")] == [
        "Vores egen", "Vår egen", "Vores egen",
    ]  # fmt: skip
    with pytest.raises(StudyError, match="de"):
        scenario(written((whole, "  title: {de: Unser eigenes}\n")))


@pytest.mark.parametrize("country", ["DK", "FI"])
def test_shares_of_the_state_and_the_municipality_are_named_in_words(country):
    known = [name for name in payers(country).rates if re.search("_share_|discount", name)]
    rows = pd.DataFrame({"variable": known, "estimate": 0.5, "source": "x", "year": 2024.0, "currency": ""})
    rows = rows.assign(measure="ratio", data_status="published")
    named = [row[0] for row in account_numbers(rows, "fi").rows]
    assert len(set(named)) == len(known) > 2
    assert not [name for name in named if re.search("weeks|years|days|share|rate", name)]
