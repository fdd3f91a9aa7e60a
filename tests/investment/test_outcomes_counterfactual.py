"""Outcomes: gross, without the programme, net; and a counterfactual that is never used twice."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from kij_analysis import survey
from kij_analysis.errors import UsageError
from kij_analysis.investment import (
    Outcome,
    Quantity,
    account,
    flows,
    needed_among_completers,
    payers,
    quantity,
    results,
)
from kij_analysis.investment.courses import follow
from kij_analysis.investment.example import given, outcome, plan

NO = given(0.0)


def compared(**changes):
    one = Outcome(
        counterfactual="comparison_group", effect=given(0.1), job_month=6, attrition=NO, displacement=NO,
        drop_off=NO,
    )  # fmt: skip
    return replace(one, **changes)


def course_of(one, months=24, **numbers):
    values = {name: q.value for name, q in one.quantities.items()} | {"participants": 20.0} | numbers
    return follow(one, values, months=months)


def test_deadweight_is_never_subtracted_from_an_effect_of_a_comparison_group():
    with pytest.raises(UsageError, match="subtracted twice") as error:
        compared(without=given(0.25))
    assert "Remove without:" in str(error.value)


def test_an_effect_counts_as_it_is():
    assert float(course_of(compared()).additional[0, 0]) == pytest.approx(2)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"counterfactual": "comparison_group", "effect": None}, "there is no effect:"),
        ({"counterfactual": "benchmark", "effect": given(0.1)}, "There is an effect:"),
        ({"counterfactual": "printed", "without": None}, "without: is missing"),
        ({"counterfactual": "none"}, "'none', and without: is given"),
        ({"gross": None}, "There is no gross:"),
        ({"gross": given(50)}, "0.5 for 50 per cent"),
        ({"job_month": 0}, "first month of the account is 1"),
        ({"retention": {6: given(0.5), 12: given(0.6)}}, "retention rises"),
    ],
)
def test_what_does_not_fit_together_is_refused_with_a_way_out(changes, told):
    with pytest.raises(UsageError, match=told):
        outcome(**changes)


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(UsageError) as error:
        outcome(gross=given(50), job_month=0, drop_off=given(2))
    assert len(error.value.problems) == 3


def test_without_a_counterfactual_every_row_says_gross():
    one = account(None, outcome(counterfactual="none", without=None), payers("DK"), plan=plan())
    frame = results(one)
    assert one.basis == "gross" and set(frame["basis"]) == {"gross"}
    assert set(frame.loc[frame["estimate"].notna(), "note"]) == {"gross"}
    assert set(flows(one)["note"]) == {"gross"}


def test_net_is_gross_less_what_would_be_anyway_and_less_what_others_lose():
    assert float(course_of(outcome()).additional[0, 0]) == pytest.approx(20 * 0.25)
    one = outcome(displacement=given(0.2), attribution=given(0.5))
    assert float(course_of(one).additional[0, 0]) == pytest.approx(20 * 0.25 * 0.5 * 0.8)


def test_completers_are_brought_to_starters_and_starters_are_not_reduced_twice():
    assert float(course_of(outcome()).jobs[0, 0]) == pytest.approx(10)
    assert float(course_of(outcome(base="completers")).jobs[0, 0]) == pytest.approx(9)


def test_a_target_of_half_at_a_fifth_of_attrition_needs_62_5_per_cent_of_completers():
    assert needed_among_completers(0.5, 0.2) == 0.625
    with pytest.raises(UsageError, match="share from 0 to below 1"):
        needed_among_completers(0.5, 1)


def test_jobs_end_in_equal_steps_to_a_point_and_then_by_the_same_share():
    one = course_of(outcome(retention={6: given(0.7), 12: given(0.56)}), months=30)
    lasting = one.lasting[0]
    assert lasting[[0, 3, 6, 9, 12]] == pytest.approx([1, 0.85, 0.7, 0.63, 0.56])
    # 0.56 / 0.7 = 0.8 in six months, and so on.
    assert lasting[[18, 24]] == pytest.approx([0.56 * 0.8, 0.56 * 0.64])


def test_nobody_is_left_where_nobody_is_left_at_a_point():
    lasting = course_of(outcome(retention={12: given(0.0)})).lasting[0]
    assert lasting[6] == pytest.approx(0.5) and not lasting[12:].any()


def test_drop_off_shrinks_the_difference_each_year_and_leaves_all_jobs():
    one = course_of(outcome(drop_off=given(0.1)), months=30)
    assert one.in_work[0, 29] == pytest.approx(10)
    assert one.additional_in_work[0, 5] == pytest.approx(5)
    assert one.additional_in_work[0, 17] == pytest.approx(5 * 0.9)


# ------------------------------------------------------------------ from the library's own estimates


def test_a_share_of_the_library_enters_with_its_imprecision_and_its_status():
    answers = pd.DataFrame(
        {
            "programme": "fika",
            "gender": "woman",
            "yes": [True] * 16 + [False] * 24,
            "data_status": "synthetic",
        }
    )
    row = survey.shares(answers, "yes").query("category == 'yes' or category == 'True'").iloc[0]
    one = quantity(row)
    assert (one.value, one.distribution, one.n, one.data_status) == (0.4, "beta", 40, "synthetic")


def test_an_estimate_with_an_interval_only_is_drawn_from_a_normal_distribution():
    row = {
        "measure": "survival",
        "estimate": 0.8,
        "conf_low": 0.7,
        "conf_high": 0.896,
        "data_status": "observed",
    }
    one = quantity(row, source="time to job")
    assert one.distribution == "normal" and one.std_error == pytest.approx(0.05, abs=1e-4)


def test_a_row_without_an_estimate_is_refused_with_its_note():
    with pytest.raises(UsageError, match="too_few"):
        quantity({"variable": "employed", "estimate": float("nan"), "note": "too_few"})


def test_a_number_without_a_source_does_not_enter():
    with pytest.raises(UsageError, match="has no source"):
        Quantity(value=1, source=" ")


@pytest.mark.parametrize("distribution", ["normal", "beta", "triangular", "uniform", "lognormal"])
def test_a_distribution_without_what_it_needs_says_what_that_is(distribution):
    with pytest.raises(UsageError, match="lacks what it needs"):
        given(0.5, distribution=distribution)
