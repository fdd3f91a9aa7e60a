"""Bounds of a comparison for those who gave no answer: known numbers, and nothing is left out in silence."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pandas as pd
import pytest

from kij_analysis.effects import dropout_bounds, explained_away
from kij_analysis.errors import UsageError
from kij_analysis.words import LANGUAGES

SHARED = os.environ.get("KIJ_SHARED", "")


def persons(outcome: list, treated: list, dtype: str = "boolean") -> pd.DataFrame:
    return pd.DataFrame(
        {"programme": "kvinfo", "mentored": treated, "high": pd.array(outcome, dtype=dtype),
         "gender": "woman", "data_status": "observed"}
    )  # fmt: skip


@pytest.mark.skipif(not SHARED, reason="KIJ_SHARED does not say where the reference cases lie")
def test_the_worst_case_is_that_of_the_reference():
    folder = Path(SHARED) / "cases" / "statistics" / "27_bounds_missing_outcomes"
    rows = pd.read_csv(folder / "input.csv")
    theirs = json.loads((folder / "reference.json").read_text("utf-8"))["no_assumption_ATE"]
    frame = persons(rows["emp"].astype("Int64").astype("boolean").tolist(), rows["treat"].eq(1).tolist())
    found = dropout_bounds(frame, outcome="high", treated="mentored").set_index("what")
    ours = found.loc["worst_case", ["low", "high"]].tolist()
    assert ours == pytest.approx([theirs["lower"], theirs["upper"]], abs=1e-9)
    low, high = found.loc["lee", ["low", "high"]]
    assert ours[0] < low <= high < ours[1]


def test_when_all_answered_all_bounds_are_the_difference():
    found = dropout_bounds(
        persons([1, 1, 0, 0], [True, True, False, False]), outcome="high", treated="mentored"
    )
    assert found[["low", "high"]].to_numpy().ravel() == pytest.approx([1.0] * 4)
    assert found["estimate"].isna().all() and set(found["note"]) == {"bounds_only"}


def test_scores_lie_within_their_ends_and_other_numbers_need_limits():
    frame = persons([50.0, None, 40.0, None], [True, True, False, False], "Float64")
    frame = frame.rename(columns={"high": "network_score"})
    found = dropout_bounds(frame, outcome="network_score", treated="mentored").set_index("what")
    assert found.loc["worst_case", ["low", "high"]].tolist() == pytest.approx([25 - 70, 75 - 20])
    hours = frame.rename(columns={"network_score": "hours"})
    assert dropout_bounds(hours, outcome="hours", treated="mentored")["note"].tolist() == [
        "unknown_base", "bounds_only",
    ]  # fmt: skip
    given = dropout_bounds(hours, outcome="hours", treated="mentored", limits=(0, 60))
    assert given["low"].notna().all()


@pytest.mark.parametrize("outcome", [[None, None, 1, 0], [1, 0, None, None], [None] * 4])
def test_a_group_without_answers_has_rows_with_a_reason(outcome):
    frame = persons(outcome, [True, True, False, False])
    found = dropout_bounds(frame, outcome="high", treated="mentored")
    assert found["note"].tolist() == ["one_group_empty"] * 2


def test_one_group_alone_and_a_missing_column_are_told():
    alone = dropout_bounds(persons([1, 0], [True, True]), outcome="high", treated="mentored")
    assert alone["note"].tolist() == ["one_group_empty"] * 2
    with pytest.raises(UsageError, match="no column 'work'"):
        dropout_bounds(persons([1, 0], [True, False]), outcome="work", treated="mentored")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bounds_are_told_in_words(language):
    found = dropout_bounds(
        persons([1, None, 0, 0], [True, True, False, False]), outcome="high", treated="mentored"
    )
    told = explained_away(found, language)
    assert told["what"].tolist() == ["worst_case", "lee"]
    assert all("50" in sentence or "100" in sentence for sentence in told["sentence"])
