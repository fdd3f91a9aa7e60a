"""The printed record: complete, traceable, and classified as the words were read."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from kij_analysis import findings
from kij_analysis.codebook import load_codebook, profiles
from kij_analysis.indicators import evidence, load, read_sheet, sources
from kij_analysis.study import open_study
from kij_analysis.template import template_folder

ROOT = template_folder()
FOLDER = ROOT / "data" / "raw" / "published"
OUTCOMES = ("status", "perceived_change", "perceived_help", "satisfaction")


@pytest.fixture(scope="module")
def record() -> pd.DataFrame:
    return load(FOLDER).set_index("id", drop=False)


# ---------------------------------------------------------------- the record as it is published


def test_each_row_leads_to_its_source_and_each_source_is_used(record) -> None:
    listed = sources(FOLDER)
    told = profiles(load_codebook(ROOT / "codebook"))["source"].str.split().explode().dropna()
    studied = evidence(FOLDER)["source"]
    found = [source for one in findings.load(open_study(ROOT)).values() for source in one.source]
    assert set(record["source"]) | set(told) | set(studied) | set(found) == set(listed["id"])
    assert listed["address"].str.match(r"https?://|project document$").all()
    assert (listed.loc[listed["address"] == "project document", "publisher"] != "").all()


def test_conflicts_stand_side_by_side_and_name_each_other(record) -> None:
    named = record.loc[record["conflicts_with"] != "", "conflicts_with"].str.split("|")
    pairs = {frozenset({one, other}) for one, others in named.items() for other in others}
    assert {
        frozenset({"kvinfo_employed_2021_may", "kvinfo_employed_2021_november"}),
        frozenset({"kvinfo_in_education_2021_may", "kvinfo_in_education_2021_november"}),
        frozenset({"kvinfo_matching_job_2015", "kvinfo_matching_job_2015_fact_sheet"}),
    } <= pairs
    for one, other in map(sorted, pairs):
        assert other in record.loc[one, "conflicts_with"].split("|")
        assert one in record.loc[other, "conflicts_with"].split("|")
        assert record.loc[one, "programme"] == record.loc[other, "programme"]


@pytest.mark.parametrize(
    ("record_id", "value", "precision", "denominator", "timing", "cut_off"),
    [
        ("kvinfo_employed_2021_may", 44, "exact", "respondents", "at_end", "not_applicable"),
        ("kvinfo_in_education_2021_may", 15, "exact", "respondents", "at_end", "not_applicable"),
        ("kvinfo_employed_2021_november", 47, "exact", "evaluated_courses", "unknown", "not_applicable"),
        ("kvinfo_in_education_2021_november", 20, "exact", "evaluated_courses", "unknown", "not_applicable"),
        ("kvinfo_matching_job_2015", 42, "about", "employed", "unknown", "not_applicable"),
        ("kvinfo_matching_job_2015_fact_sheet", 42, "exact", "employed", "unknown", "not_applicable"),
        ("kvinfo_employed_2015", 50, "about", "unknown", "unknown", "not_applicable"),
        ("kvinfo_employed_2002_2013", 25, "exact", "all_starters", "ever", "not_applicable"),
        ("kvinfo_employed_2011_job_seekers", 40, "at_least", "job_seekers", "during", "not_applicable"),
        ("kvinfo_employed_about_2011", 33, "about", "all_starters", "within_k_months", "not_applicable"),
        ("kvinfo_improved_language_2021", 83, "exact", "courses_with_language_focus", "at_end", "top_3"),
        ("kvinfo_satisfied_with_introduction_2021", 82, "exact", "respondents", "at_end", "top_2"),
        ("kvinfo_improved_language_2012", 77, "exact", "unknown", "unknown", "unknown"),
    ],
)
def test_the_printed_words_are_classified_as_read(
    record, record_id, value, precision, denominator, timing, cut_off
) -> None:
    row = record.loc[record_id]
    assert row["value"] == value
    assert list(row[["precision", "denominator", "timing", "cut_off"]]) == [
        precision, denominator, timing, cut_off,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("record_id", "value", "high", "unit", "precision"),
    [
        ("kvinfo_members_2002_2017", 8500, None, "persons", "about"),
        ("kvinder_i_job_course_duration", 20, None, "weeks", "exact"),
        ("kvinder_i_job_course_phases", 3, None, "count", "exact"),
        ("kvinder_i_job_course_municipal_cost", 15000, 25000, "DKK_per_month", "about"),
        ("kvinner_ut_chapters_five_years", 150, None, "count", "almost"),
        ("kvinner_ut_activities_five_years", 600, None, "count", "more_than"),
        ("kvinder_i_job_report_funding_frame", 1200000, None, "DKK", "exact"),
    ],
)
def test_the_numbers_of_the_source_documents_are_in_the_record(
    record, record_id, value, high, unit, precision
) -> None:
    row = record.loc[record_id]
    assert (row["value"], row["unit"], row["precision"]) == (value, unit, precision)
    assert row["value_high"] == high if high else pd.isna(row["value_high"])


def test_work_and_education_of_47_and_20_are_never_added(record) -> None:
    assert not ((record["programme"] == "kvinfo") & (record["value"] == 67)).any()


def test_what_a_mentor_says_is_told_apart_from_what_a_mentee_says(record) -> None:
    copes = record[record["indicator"] == "copes_better"].set_index("role")["value"]
    assert copes.to_dict() == {"mentor": 81, "mentee": 37}


def test_fika_sajo_and_kvinner_ut_print_no_outcomes(record) -> None:
    silent = record[record["programme"].isin(["fika", "sajo", "kvinner_ut"])]
    assert len(silent) > 0
    assert not silent["outcome_type"].isin(OUTCOMES).any()
    assert not (silent["unit"] == "per_cent").any()


def test_no_survey_of_the_three_programmes_prints_its_n_or_response_rate(record) -> None:
    three = record[record["programme"].isin(["kvinfo", "fika", "sajo"])]
    assert three["response_rate"].isna().all()
    assert list(three.index[three["n"].notna()]) == ["kvinfo_employed_2002_2013"]


def test_the_two_projects_called_kvinder_i_job_have_two_codes(record) -> None:
    durations = record[record["indicator"] == "duration"].set_index("programme")
    assert durations.loc["kvinder_i_job_course", ["value", "unit"]].tolist() == [20, "weeks"]
    assert durations.loc["kvinder_i_job_report", ["value", "unit"]].tolist() == [16, "months"]


def test_goals_and_plans_are_marked_and_never_results(record) -> None:
    goals = record[record["id"].str.contains("target_(?!group)|applied", regex=True)]
    assert {"kvinfo_target_employed_or_education_2021", "koto_sib_target_employed"} <= set(goals["id"])
    assert goals["outcome_type"].isin(["target", "plan"]).all()


def test_the_report_s_own_numbers_are_still_awaited() -> None:
    waiting, problems = read_sheet(FOLDER / "report_numbers.csv")
    assert (len(waiting), problems) == (0, [])


def test_a_study_knows_its_record(record) -> None:
    assert load(open_study(ROOT))["id"].tolist() == list(record["id"])
    named = SimpleNamespace(folders={"raw": ROOT, "published": FOLDER})
    assert sources(named)["id"].tolist() == sources(FOLDER)["id"].tolist()


def test_the_columns_have_fixed_types_and_texts_are_never_missing(record) -> None:
    kinds = {name: str(kind) for name, kind in record.dtypes.items()}
    assert {kinds[name] for name in ("value", "value_high", "response_rate")} == {"float64"}
    assert {kinds[name] for name in ("n", "year_from", "year_to", "timing_months")} == {"Int64"}
    texts = record.select_dtypes("str")
    assert len(texts.columns) == 19 and not texts.isna().any().any()
