"""What printed numbers allow: counts that agree, intervals, worst cases, products; nothing else."""

from __future__ import annotations

import json
import math

import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from kij_analysis.errors import UsageError
from kij_analysis.indicators import computed, conflicts, counts_agreeing, derived, load, printed_range
from kij_analysis.template import template_folder

RECORD = load(template_folder() / "data" / "raw" / "published").set_index("id", drop=False)


def printed(name: str = "womento_employed_2012_2014", **changes: object) -> pd.DataFrame:
    return RECORD.loc[[name]].assign(**changes)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("exact", (0.395, 0.405)),
        ("about", (0.35, 0.45)),
        ("almost", (0.35, 0.40)),
        ("at_least", (0.395, 1.0)),
        ("more_than", (0.40, 1.0)),
        ("less_than", (0.0, 0.40)),
        ("up_to", (0.0, 0.405)),
    ],
)
def test_a_word_says_how_far_a_number_reaches(word, expected):
    assert printed_range(40, precision=word) == expected


def test_a_decimal_makes_the_range_narrower():
    assert printed_range(40.3, digits=1) == (0.4025, 0.4035)


@pytest.mark.parametrize("n", [7, 24, 60, 119])
def test_the_counts_are_those_that_round_to_the_printed_value(n):
    for value in range(101):
        expected = [k for k in range(n + 1) if abs(100 * k / n - value) <= 0.5 + 1e-9]
        assert counts_agreeing(value, n) == expected


def test_a_percentage_that_no_count_gives_contradicts_itself():
    row = computed(printed(value=45.0, n=7)).iloc[0]
    assert (row["basis"], row["note"]) == ("contradiction", "contradicts_itself")
    assert math.isnan(row["conf_low"])


def test_the_interval_is_the_widest_of_all_counts_that_agree():
    row = computed(printed("kvinfo_employed_2002_2013")).iloc[0]
    counts = counts_agreeing(25, 3200)
    assert len(counts) > 1
    low = proportion_confint(min(counts), 3200, method="wilson")[0]
    high = proportion_confint(max(counts), 3200, method="wilson")[1]
    assert (row["conf_low"], row["conf_high"]) == pytest.approx((low, high), rel=1e-12)
    assert math.isnan(row["count"])


def test_without_a_base_there_is_no_interval():
    rows = computed(RECORD[RECORD["n"].isna()])
    assert rows[["conf_low", "conf_high", "count", "n"]].isna().all(axis=None)


def test_a_number_that_is_not_exact_has_no_interval_even_with_a_base():
    row = computed(printed(precision="about")).iloc[0]
    assert row["basis"] == "words"
    assert math.isnan(row["conf_low"])


def test_a_response_rate_gives_worst_case_bounds_for_all_who_were_asked():
    row = computed(printed("kvinfo_employed_2021_may", response_rate=60.0)).iloc[0]
    assert row["basis"] == "worst_case"
    assert (row["low"], row["high"]) == pytest.approx((0.6 * 0.435, 0.6 * 0.445 + 0.4), rel=1e-12)


def test_targets_and_numbers_of_persons_are_no_results():
    kinds = computed(RECORD)["group"]
    left = RECORD[(RECORD["unit"] != "per_cent") | RECORD["outcome_type"].isin(["target", "plan"])]
    assert set(kinds).isdisjoint(left["id"])
    assert len(kinds) == len(RECORD) - len(left)


def test_42_per_cent_of_about_50_per_cent_is_about_21_per_cent_of_all():
    row = derived(RECORD).set_index("of").loc["kvinfo_matching_job_2015_fact_sheet"]
    assert row["estimate"] == pytest.approx(0.21, rel=1e-12)
    assert (row["low"], row["high"]) == pytest.approx((0.415 * 0.45, 0.425 * 0.55), rel=1e-12)
    assert (row["method"], row["precision"]) == ("derived", "about")


def test_a_derived_share_is_that_of_the_base_of_the_whole():
    row = derived(RECORD).set_index("of").loc["kvinfo_matching_job_2017"]
    assert row["denominator"] == RECORD.loc["kvinfo_employed_2017", "denominator"]
    assert row["times"] == "kvinfo_employed_2017"


def test_other_programmes_and_years_are_never_multiplied():
    found = derived(RECORD)
    parts, wholes = RECORD.loc[found["of"]], RECORD.loc[found["times"]]
    for name in ("programme", "year_from", "year_to"):
        assert parts[name].tolist() == wholes[name].tolist()


def test_the_two_accounts_of_2021_are_found_and_not_averaged():
    found = conflicts(RECORD)
    pairs = {frozenset(pair) for pair in found[["a", "b"]].values.tolist()}
    for outcome in ("employed", "in_education"):
        assert frozenset({f"kvinfo_{outcome}_2021_may", f"kvinfo_{outcome}_2021_november"}) in pairs
    assert "estimate" not in found.columns


def test_the_same_number_in_other_words_is_a_conflict_of_precision():
    row = conflicts(RECORD).query("a == 'kvinfo_matching_job_2015'").iloc[0]
    assert (row["b"], row["kind"]) == ("kvinfo_matching_job_2015_fact_sheet", "precision")


def test_every_declared_conflict_of_dated_results_is_found_by_rule():
    shares = RECORD[(RECORD["unit"] == "per_cent") & (RECORD["conflicts_with"] != "")]
    pairs = {frozenset(pair) for pair in conflicts(RECORD)[["a", "b"]].values.tolist()}
    for row in shares.to_dict("records"):
        for other in row["conflicts_with"].split("|"):
            assert frozenset({row["id"], other}) in pairs


def test_bases_that_are_printed_and_differ_are_two_facts():
    two = pd.concat(
        [printed(), printed(id="other", value=50.0, denominator="all_starters")], ignore_index=True
    )
    assert conflicts(two).empty


def test_a_base_of_nobody_is_refused():
    with pytest.raises(UsageError, match="A base of 0"):
        counts_agreeing(50, 0)


def test_what_is_computed_can_be_written_as_json():
    assert json.loads(computed(RECORD).to_json(orient="records"))
