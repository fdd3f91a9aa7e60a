"""Five cohorts with 45 rules over 13,500 rows: every cell is the one that another program gives."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from study_maker import case_study, shared_case

from kij_analysis.harmonisation import Harmonised, harmonise

CASE = "rmonize_five_studies"
NUMBERS = ["sdc_age_m", "preg_gestational_age_del", "pm_birthweight"]
CODES = ["adm_study_id", "sdc_marital_m", "sdc_sex_c"]
SIGNS = ["lsb_alc_binge_m_preg", "lsb_alc_binge_m_first_tri"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Harmonised:
    return harmonise(case_study(tmp_path_factory.mktemp("five"), CASE, shared_case(CASE)))


@pytest.fixture(scope="module")
def expected() -> pd.DataFrame:
    return pd.read_csv(shared_case(CASE) / "expected_pooled.csv", dtype="str")


def test_every_person_stands_where_the_file_has_her(data: Harmonised, expected: pd.DataFrame):
    assert len(data.answers) == 13_500
    assert data.answers["adm_unique_id"].tolist() == expected["adm_unique_id"].tolist()
    assert data.answers["person_id"].tolist() == expected["adm_unique_id"].tolist()


@pytest.mark.parametrize("column", NUMBERS)
def test_every_number_agrees(data: Harmonised, expected: pd.DataFrame, column: str):
    wanted = expected[column].astype("float64")
    assert data.answers[column].isna().tolist() == wanted.isna().tolist()
    assert (data.answers[column] - wanted).abs().max() < 1e-9


@pytest.mark.parametrize("column", CODES)
def test_every_category_agrees(data: Harmonised, expected: pd.DataFrame, column: str):
    found = data.answers[column].astype("str").fillna("")
    assert found.tolist() == expected[column].fillna("").tolist()


@pytest.mark.parametrize("column", SIGNS)
def test_every_yes_and_no_agrees(data: Harmonised, expected: pd.DataFrame, column: str):
    wanted = expected[column].astype("Int64").astype("boolean")
    pd.testing.assert_series_equal(data.answers[column], wanted, check_names=False)


def test_what_cannot_be_had_says_why_in_every_row(data: Harmonised):
    reasons = data.answers.groupby("programme")["lsb_alc_binge_m_first_tri_missing"]
    assert set(reasons.get_group("study_1")) == {"not_comparable"}
    assert set(reasons.get_group("study_2")) == {"not_asked"}


def test_answers_that_fit_no_condition_are_counted(data: Harmonised):
    told = [str(problem) for problem in data.ledger.problems]
    told = [text for text in told if "released on purpose" not in text]
    assert len(told) == 2
    assert all("fit no condition of case" in text for text in told)


def test_a_failing_rule_costs_its_own_column_only(tmp_path: Path, data: Harmonised):
    study = case_study(tmp_path, CASE, shared_case(CASE))
    path = tmp_path / "codebook/crosswalks/study_5.yaml"
    text = path.read_text("utf-8").replace("BIN_SEX, values: {1:", "BIN_SEX, values: {7:")
    path.write_text(text, encoding="utf-8")
    found = harmonise(study, on_problem="mark").answers
    fifth = found["programme"] == "study_5"
    assert set(found.loc[fifth, "sdc_sex_c_missing"].dropna()) == {"rule_failed", "no_answer"}
    others = [name for name in data.answers.columns if not name.startswith("sdc_sex_c")]
    pd.testing.assert_frame_equal(found[others], data.answers[others])
