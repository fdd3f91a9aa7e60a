"""Who answers and who takes part: rates of all who were asked, shares in declared classes."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from kij_analysis.codebook import load_codebook
from kij_analysis.errors import UsageError
from kij_analysis.survey import profile, response, shares
from kij_analysis.template import template_folder

CODEBOOK = load_codebook(template_folder() / "codebook")


def sources(text: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(text), sep=r"\s+").assign(data_status="synthetic")


QUESTIONNAIRES = """
    programme role   wave   unit    invited rows_out
    kvinfo    mentee entry  person  240     221
    kvinfo    mentee end    person  120      60
    kvinfo    mentee end    person   80      60
    fika      mentee end    person  NaN      54
    sajo      mentee end    person   40      50
    sajo      mentee single meeting NaN    1239
"""


def test_the_rounds_of_a_wave_are_added_up():
    found = response(sources(QUESTIONNAIRES)).set_index(["programme", "category"])
    assert found.loc[("kvinfo", "mentee_end"), ["estimate", "count", "n"]].tolist() == [0.6, 120, 200]
    assert found.loc[("kvinfo", "mentee_entry"), "estimate"] == 221 / 240


def test_a_rate_has_no_interval_because_everybody_is_counted():
    assert response(sources(QUESTIONNAIRES))[["conf_low", "conf_high", "std_error"]].isna().all(axis=None)


@pytest.mark.parametrize("programme", ["fika", "sajo"])
def test_without_a_sound_number_of_invitations_there_is_a_note_and_no_rate(programme):
    row = response(sources(QUESTIONNAIRES)).query("programme == @programme").iloc[0]
    assert row["note"] == "unknown_base"
    assert pd.isna(row["estimate"])
    assert pd.isna(row["n"])


def test_logs_of_meetings_are_no_questionnaires():
    assert "mentee_single" not in set(response(sources(QUESTIONNAIRES))["category"])


def test_sources_without_invitations_are_refused_by_name():
    with pytest.raises(UsageError, match=r"lack .invited"):
        response(sources(QUESTIONNAIRES).drop(columns="invited"))


def women(ages: list[float], **columns: object) -> pd.DataFrame:
    frame = pd.DataFrame({"programme": "fika", "gender": "woman", "age": ages, "data_status": "observed"})
    return frame.assign(**columns)


def test_a_class_holds_its_lower_bound_and_not_its_upper_one():
    found = profile(women([15, 29, 30, 44, 45, 100]), ["age"], codebook=CODEBOOK)
    assert found[["category", "count"]].values.tolist() == [
        ["below_30", 2], ["30_to_45", 2], ["from_45", 2]
    ]  # fmt: skip


def test_who_gave_no_number_is_in_no_class_and_is_counted():
    found = profile(women([20, None, 50]), ["age"], codebook=CODEBOOK)
    assert set(found["n"]) == {2}
    assert set(found["missing"]) == {1}


def test_of_two_classes_the_upper_one_is_told():
    found = profile(women([20] * 4, children_at_home=[0.0, 1, 2, 0]), ["children_at_home"], codebook=CODEBOOK)
    assert found[["category", "estimate"]].values.tolist() == [["from_1", 0.5]]


def test_a_question_with_categories_has_the_shares_of_shares():
    group = pd.Categorical(["low", "high", "high"], categories=["low", "medium", "high"])
    frame = women([20] * 3, education_group=group)
    found = profile(frame, ["education_group"], codebook=CODEBOOK)
    expected = shares(frame, "education_group", by="programme")
    pd.testing.assert_frame_equal(found, expected[found.columns])


def test_a_question_that_was_not_asked_has_its_rows_with_the_reason():
    reasons = pd.Categorical(["not_asked"] * 2)
    frame = women([float("nan")] * 2, age_missing=reasons)
    found = profile(frame, ["age"], codebook=CODEBOOK)
    assert set(found["note"]) == {"not_asked"}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("hours", "has no classes for it|has no column 'hours'"), ("agee", "Did you mean 'age'")],
)
def test_what_cannot_be_described_is_told(name, sentence):
    with pytest.raises(UsageError, match=sentence):
        profile(women([20]), [name], codebook=CODEBOOK)


def test_a_number_without_classes_is_refused_with_what_to_write():
    with pytest.raises(UsageError, match="codebook has no classes for it"):
        profile(women([20], hours=[37.0]), ["hours"], codebook=CODEBOOK)
