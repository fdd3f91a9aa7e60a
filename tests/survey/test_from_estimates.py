"""Programmes compared from their estimates give what their persons give."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kij_analysis import survey
from kij_analysis.disclosure import suppress


def people() -> pd.DataFrame:
    """Three programmes, with a question that one of them did not ask and one that nobody answered there."""
    draw = np.random.default_rng(3)
    parts = []
    for code, n in (("kvinfo", 60), ("fika", 45), ("sajo", 30)):
        parts.append(
            pd.DataFrame(
                {
                    "programme": code, "gender": "woman", "data_status": "synthetic",
                    "age": draw.normal(38, 9, n), "high": pd.array(draw.random(n) < 0.4, dtype="boolean"),
                    "level": draw.choice(["low", "medium", "high"], n, p=[0.3, 0.3, 0.4]),
                    "asked": pd.array(
                        [None] * n if code == "sajo" else draw.random(n) < 0.5, dtype="boolean"
                    ),
                    "asked_missing": "not_asked" if code == "sajo" else None,
                }
            )
        )  # fmt: skip
    whole = pd.concat(parts, ignore_index=True)
    levels = pd.Categorical(whole["level"], categories=["low", "medium", "high"], ordered=True)
    return whole.assign(level=levels)


@pytest.mark.parametrize("variable", ["high", "asked", "level"])
def test_differences_of_shares_are_those_of_persons(variable: str):
    persons = survey.differences(people(), variable)
    shares = survey.differences_of_shares(survey.shares(people(), variable, by="programme"))
    keys = ["group", "category"]
    pd.testing.assert_frame_equal(
        shares.sort_values(keys, ignore_index=True)[persons.columns],
        persons.sort_values(keys, ignore_index=True),
        check_exact=False,
        rtol=1e-12,
    )


def test_distances_are_those_of_persons():
    names = ["age", "high", "level", "asked"]
    persons = survey.standardised_differences(people(), names)
    found = survey.distances(survey.moments(people(), names))
    pd.testing.assert_frame_equal(found[persons.columns], persons, check_exact=False, rtol=1e-9)


def test_hidden_answers_are_taken_together():
    rare = people()
    few = rare.index[(rare["programme"] == "sajo") & (rare["level"] == "low")][3:]
    rare.loc[few, "level"] = "high"
    moments = suppress(survey.moments(rare, ["level"]))
    assert (moments["note"] == "hidden_small_count").sum() == 2
    with_rare = survey.standardised_differences(rare, ["level"], smallest=5)
    found = survey.distances(moments)
    assert found["taken_together"].tolist() == with_rare["taken_together"].tolist()
    assert found["estimate"].tolist() == pytest.approx(with_rare["estimate"].tolist(), rel=1e-12)


def test_one_programme_is_compared_with_nobody():
    own = people().query("programme == 'fika'")
    assert survey.distances(survey.moments(own, ["age"])).empty
    assert survey.differences_of_shares(survey.shares(own, "high", by="programme")).empty


@pytest.mark.parametrize("n, note", [(0, "no_answers"), (1, "too_few"), (2, "")])
def test_few_persons_give_a_row_and_a_note(n: int, note: str):
    one = pd.DataFrame({"programme": "fika", "gender": "woman", "age": [20.0, 30.0, 40.0]})
    other = pd.DataFrame({"programme": "sajo", "gender": "woman", "age": [25.0, 35.0][:n] or [np.nan]})
    both = pd.concat([one, other], ignore_index=True).assign(data_status="synthetic")
    (row,) = survey.distances(survey.moments(both, ["age"])).to_dict("records")
    expected = "one_group_empty" if n == 0 else note
    assert row["note"] == expected and pd.isna(row["estimate"]) == bool(expected)


def test_what_all_answer_alike_has_no_distance():
    both = pd.DataFrame({"programme": ["fika"] * 4 + ["sajo"] * 4, "gender": "woman", "age": 30.0,
                         "data_status": "synthetic"})  # fmt: skip
    assert survey.distances(survey.moments(both, ["age"]))["note"].tolist() == ["no_variation"]
