"""Standardised differences: the pooled standard deviation, all answers at once, and chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kij_analysis import survey
from kij_analysis.disclosure import suppress
from kij_analysis.errors import UsageError
from kij_analysis.estimates import COLUMNS
from kij_analysis.survey.standardised import distance_of_counts


def groups(first: list, second: list, *, categories: list | None = None) -> pd.DataFrame:
    """One question answered by two programmes; an empty answer is missing."""
    rows = [("fika", answer) for answer in first] + [("sajo", answer) for answer in second]
    frame = pd.DataFrame(rows, columns=["programme", "x"]).assign(gender="woman", data_status="observed")
    if categories is not None:
        return frame.assign(x=pd.Categorical(frame["x"], categories=categories))
    return frame


def only(frame: pd.DataFrame, **options: object) -> pd.Series:
    (row,) = survey.standardised_differences(frame, ["x"], **options).to_dict("records")
    return pd.Series(row)


def test_numbers_are_apart_by_the_difference_of_means_over_the_root_of_the_mean_variance():
    one, other = [1.0, 2, 3, 6], [4.0, 5, 9]
    row = only(groups(one, other))
    spread = np.sqrt((np.var(one, ddof=1) + np.var(other, ddof=1)) / 2)
    assert row["estimate"] == pytest.approx((3 - 6) / spread)
    error = np.sqrt(1 / 4 + 1 / 3 + row["estimate"] ** 2 / 14)
    assert row["std_error"] == pytest.approx(error)
    assert row["conf_high"] - row["estimate"] == pytest.approx(1.959964 * error, rel=1e-6)
    assert (row["value_1"], row["value_2"]) == (3, 6)


def test_yes_and_no_are_apart_by_the_shares_with_their_variances():
    """Austin 2009, formula (2): 0.6 and 0.3 are 0.6345 standard deviations apart."""
    yes = groups([True] * 6 + [False] * 4, [True] * 6 + [False] * 14).astype({"x": "boolean"})
    row = only(yes)
    assert row["estimate"] == pytest.approx(0.3 / np.sqrt((0.24 + 0.21) / 2))
    assert row[["count_1", "n_1", "count_2", "n_2"]].tolist() == [6, 10, 6, 20]


def test_a_question_with_two_answers_is_as_far_apart_as_yes_and_no():
    answers = groups(["a"] * 6 + ["b"] * 4, ["a"] * 6 + ["b"] * 14, categories=["a", "b"])
    assert only(answers)["estimate"] == pytest.approx(0.3 / np.sqrt((0.24 + 0.21) / 2))


def test_the_distance_over_three_answers_is_yang_and_daltons_whichever_answer_is_left_out():
    counts = np.array([[20, 10, 30], [10, 25, 15]])
    expected = []
    p, q = (own / own.sum() for own in counts)
    covariance = (np.diag(p) - np.outer(p, p) + np.diag(q) - np.outer(q, q)) / 2
    for left_out in range(3):
        kept = [k for k in range(3) if k != left_out]
        apart = (p - q)[kept]
        expected.append(np.sqrt(apart @ np.linalg.inv(covariance[np.ix_(kept, kept)]) @ apart))
    frame = groups(*([a for a, n in zip("abc", own, strict=True) for _ in range(n)] for own in counts),
                   categories=list("abc"))  # fmt: skip
    row = only(frame)
    assert expected == pytest.approx([row["estimate"]] * 3)
    assert row["conf_low"] >= 0
    assert row["answers"] == 3


def test_each_answer_may_have_a_row_of_its_own():
    frame = groups(["a"] * 6 + ["b"] * 4, ["a"] * 6 + ["b"] * 14, categories=["a", "b"])
    found = survey.standardised_differences(frame, ["x"], each=True)
    assert found["category"].tolist() == ["", "a", "b"]
    assert found["estimate"].iloc[1] == pytest.approx(-found["estimate"].iloc[2])


@pytest.mark.parametrize("answers", [2, 4])
def test_groups_drawn_from_the_same_women_stay_below_what_chance_gives_as_often_as_it_says(answers: int):
    rng = np.random.default_rng(4)
    drawn = [rng.multinomial(n, [1 / answers] * answers, size=1000) for n in (40, 70)]
    found = [distance_of_counts(np.array(pair), 0, 0.95) for pair in zip(*drawn, strict=True)]
    below = np.mean([row["estimate"] <= row["by_chance"] for row in found])
    assert 0.93 <= below <= 0.97


def test_rare_answers_are_taken_together_as_they_are_hidden():
    frame = groups(["a"] * 30 + ["b"] * 3 + ["c"] * 7, ["a"] * 20 + ["b"] * 12 + ["c"] * 18,
                   categories=["a", "b", "c", "d"])  # fmt: skip
    profile = suppress(survey.shares(frame, "x", by="programme"))
    hidden = profile[profile["note"] == "hidden_small_count"]
    row = only(frame, smallest=5)
    # FIKA's b and d are too few together, so c goes with them; SAJO's d takes b along.
    assert set(hidden.loc[hidden["programme"] == "fika", "category"]) == {"b", "c", "d"}
    assert (row["answers"], row["taken_together"]) == (2, 3)
    two = groups(["a"] * 30 + ["b"] * 10, ["a"] * 20 + ["b"] * 30, categories=["a", "b"])
    assert row["estimate"] == pytest.approx(only(two)["estimate"])


def test_a_question_with_one_answer_that_may_be_told_is_hidden():
    frame = groups(["a"] * 38 + ["b"] * 2, ["a"] * 36 + ["b"] * 4, categories=["a", "b"])
    assert only(frame, smallest=5)["note"] == "hidden_small_count"


def test_a_yes_and_no_of_few_persons_is_hidden_with_all_its_numbers():
    frame = groups([True] * 2 + [False] * 30, [True] * 10 + [False] * 20).astype({"x": "boolean"})
    row = suppress(survey.standardised_differences(frame, ["x"])).iloc[0]
    assert row["note"] == "hidden_small_count"
    assert row[["estimate", "value_1", "value_2", "count_1", "by_chance"]].isna().all()


EDGES = {
    "nobody": ([], [], "no_answers"),
    "one group": ([1.0, 2, 3], [], "one_group_empty"),
    "one group without answers": ([1.0, 2, 3], [np.nan] * 3, "one_group_empty"),
    "one person each": ([1.0], [2.0], "too_few"),
    "one person in one": ([1.0, 2, 3], [2.0], "too_few"),
    "two persons each": ([1.0, 2], [2.0, 4], ""),
    "all the same": ([3.0] * 9, [3.0] * 9, "no_variation"),
    "no spread, but apart": ([1.0] * 9, [2.0] * 9, "no_overlap"),
    "all missing": ([np.nan] * 9, [np.nan] * 9, "no_answers"),
    "enough": ([1.0, 2, 3] * 9, [2.0, 3, 3] * 9, ""),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", EDGES)
@pytest.mark.parametrize("kind", ["number", "boolean", "category"])
def test_every_pair_has_a_row_and_every_gap_a_reason(name: str, kind: str):
    first, second, note = EDGES[name]
    frame = groups(first, second).astype({"x": "float64"})
    if kind == "boolean":
        frame = frame.assign(x=(frame["x"] > 1.5).astype("boolean").mask(frame["x"].isna()))
    elif kind == "category":
        frame = frame.assign(x=pd.Categorical(frame["x"], categories=[1.0, 2.0, 3.0, 4.0]))
    found = survey.standardised_differences(frame, ["x"], each=kind == "category")
    assert list(found.columns[: len(COLUMNS)]) == list(COLUMNS)
    if kind == "number":
        assert found["note"].tolist() == [note]
    told = found[found["note"] == ""]
    assert told[["estimate", "conf_low", "conf_high", "by_chance"]].notna().all(axis=None)
    assert (found["estimate"].isna() == (found["note"] != "")).all()


def test_men_are_left_out_and_counted():
    frame = groups([1.0, 2, 3, 90], [2.0, 3, 5])
    frame.loc[3, "gender"] = "man"
    row = only(frame)
    assert (row["n_1"], row["left_out"]) == (3, 1)


def test_a_question_that_one_programme_did_not_ask_is_told_as_such():
    frame = groups([1.0, 2, 3], [np.nan] * 3).assign(x_missing=[None] * 3 + ["not_asked"] * 3)
    assert only(frame)["note"] == "not_asked"


def test_a_text_has_no_standardised_difference():
    with pytest.raises(UsageError, match="neither a number nor a category"):
        survey.standardised_differences(groups(["a"], ["b"]), ["x"])


# ------------------------------------------------------------------ who answered again


def people_and_answers() -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = [
        ("fika", "a", "entry"), ("fika", "b", "entry"), ("fika", "a", "end"), ("fika", "c", "end"),
        ("sajo", "a", "entry"), ("sajo", "z", "end"),
    ]  # fmt: skip
    answers = pd.DataFrame(rows, columns=["programme", "person_id", "wave"]).assign(role="mentee")
    people = answers.drop_duplicates(["programme", "person_id"]).drop(columns="wave")
    return people.reset_index(drop=True), answers


def test_who_answered_again_is_told_of_those_who_answered_first():
    people, answers = people_and_answers()
    found = survey.who_answered(people, answers)
    fika = found[found["programme"] == "fika"]
    assert fika[["person_id", "response"]].values.tolist() == [["a", "answered"], ["b", "not_answered"]]


def test_where_nobody_is_found_again_it_is_not_known_who_answered():
    people, answers = people_and_answers()
    found = survey.who_answered(people, answers)
    assert found.loc[found["programme"] == "sajo", "response"].isna().all()
    x = found.assign(x=1.0, gender="woman", data_status="observed")
    row = survey.standardised_differences(x, ["x"], by="response", within="programme").iloc[-1]
    assert (row["programme"], row["note"]) == ("sajo", "no_answers")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"wave": "later"}, "no wave 'later'"), ({"among": "before"}, "no wave 'before'")],
)
def test_a_wave_that_is_not_there_is_told(change: dict, sentence: str):
    with pytest.raises(UsageError, match=sentence):
        survey.who_answered(*people_and_answers(), **change)


def test_frames_that_do_not_say_who_is_who_are_refused():
    people, answers = people_and_answers()
    with pytest.raises(UsageError, match="no column 'person_id'"):
        survey.who_answered(people.drop(columns="person_id"), answers)


def test_frames_stay_as_they_were():
    people, answers = people_and_answers()
    before = people.copy(deep=True)
    survey.who_answered(people, answers)
    pd.testing.assert_frame_equal(people, before)
