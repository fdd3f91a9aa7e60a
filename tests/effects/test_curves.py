"""Curves and comparisons of times where there is little to see: each says so with a note."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kij_analysis.effects import (
    cox,
    discrete_time,
    incidence,
    log_rank,
    median_time,
    restricted_difference,
    restricted_mean,
    survival,
)
from kij_analysis.errors import UsageError


def persons(outcomes: str, *, programme: str = "fika", **columns: object) -> pd.DataFrame:
    """`3j 6e 9n` is a job after three months, education after six, and nobody heard of after nine."""
    names = {"j": "job", "e": "education", "l": "left", "n": "none"}
    words = outcomes.split()
    frame = pd.DataFrame(
        {"months": [float(word[:-1]) for word in words], "outcome": [names[word[-1]] for word in words]}
    )
    return frame.assign(programme=programme, gender="woman", data_status="synthetic", **columns)


EMPTY = persons("").astype({"months": "float64", "outcome": "object"})
EVERY = {
    "incidence": lambda f: incidence(f, months=[6]),
    "survival": lambda f: survival(f, months=[6]),
    "median_time": median_time,
    "log_rank": log_rank,
    "restricted_mean": lambda f: restricted_mean(f, until=6),
    "restricted_difference": lambda f: restricted_difference(f, until=6),
    "cox": lambda f: cox(f, ["high"]),
    "discrete_time": lambda f: discrete_time(f, ["high"], periods=2),
}
FEW = {
    "nobody": EMPTY.assign(high=pd.Series(dtype="bool")),
    "one": persons("3j", high=[True]),
    "two": persons("3j 8n", high=[True, False]),
    "all found a job on one day": persons("3j " * 8, high=[True, False] * 4),
    "nobody found a job": persons("9n " * 8, high=[True, False] * 4),
    "a trait that all have": persons("2j 4j 5j 7n 8n 9n", high=True),
    "only those with the trait found a job": persons(
        "2j 3j 4j 5j 9n 9n 9n 9n", high=[True] * 4 + [False] * 4
    ),
    "nobody can be followed": persons("3j 8n", high=True).assign(months=np.nan, outcome=None),
}


@pytest.mark.parametrize("few", FEW)
@pytest.mark.parametrize("name", EVERY)
def test_little_data_gives_rows_with_notes_and_never_a_crash(name: str, few: str):
    found = EVERY[name](FEW[few])
    assert len(found) >= 1
    assert not (found["estimate"].isna() & (found["note"] == "")).any()
    shown = found[["estimate", "std_error", "conf_low", "conf_high"]].to_numpy("float64")
    assert not np.isinf(shown).any()
    assert not (found["std_error"] == 0).any()


@pytest.mark.parametrize("name", ["incidence", "survival", "median_time", "log_rank", "restricted_mean"])
def test_a_group_without_anybody_to_follow_has_no_answers(name: str):
    both = pd.concat(
        [persons("3j 5j 8n 9n"), persons("1j", programme="sajo").assign(months=np.nan, outcome=None)]
    )
    found = EVERY[name](both)
    empty = found[found["programme"] == "sajo"]
    assert set(empty["note"]) == {"no_answers"} and set(empty["missing"]) == {1}
    if name != "log_rank":
        assert found.loc[found["programme"] == "fika", "estimate"].notna().any()


def test_a_pair_with_an_empty_group_says_so():
    both = pd.concat(
        [persons("3j 5j 8n 9n"), persons("1j", programme="sajo").assign(months=np.nan, outcome=None)]
    )
    assert restricted_difference(both, until=6)["note"].tolist() == ["one_group_empty"]
    assert log_rank(both)["note"].tolist() == ["one_group_empty", "no_answers"]


def test_months_after_the_last_person_was_heard_of_are_not_read():
    found = incidence(persons("3j 5n 8n"), months=[6, 9])
    assert found.loc[found["month"] == 9, "note"].unique().tolist() == ["not_followed"]
    assert found.loc[found["month"] == 6, "estimate"].notna().all()
    ended = incidence(persons("3j 5e 8j"), months=[9]).set_index("category")["estimate"]
    assert ended.tolist() == pytest.approx([2 / 3, 1 / 3, 0])


def test_the_ends_of_the_wait_and_the_wait_add_up_to_everybody():
    frame = persons("1j 2e 2j 3n 4l 5j 6n 7e 8j 9n")
    parts = incidence(frame, months=[4, 8])
    waiting = survival(
        frame.assign(outcome=frame["outcome"].where(frame["outcome"] == "none", "job")), months=[4, 8]
    )
    for month in (4, 8):
        own = parts.loc[parts["month"] == month, "estimate"].sum()
        assert own + waiting.loc[waiting["month"] == month, "estimate"].sum() == pytest.approx(1)


def test_the_share_lies_between_what_the_dates_of_the_answers_leave_open():
    frame = persons("3j 5j 6e 9n 9n 4j")
    frame = frame.assign(months_earliest=[0, 5, 0, 9, 9, 2], months_latest=[6, 5, 12, 9, 9, 6])
    found = incidence(frame, months=[4], by="programme").set_index("category").loc["job"]
    assert found["note"] == "between_answers"
    assert (found["known_low"], found["known_high"]) == pytest.approx((0, 1 / 3))
    assert found["known_low"] <= found["estimate"] <= found["known_high"]
    latest = incidence(frame, months=[4], dates="latest").set_index("category").loc["job"]
    assert latest["estimate"] == pytest.approx(0)


def test_known_days_leave_nothing_open():
    found = incidence(
        persons("3j 5j 9n").assign(months_earliest=[3, 5, 9], months_latest=[3, 5, 9]), months=[6]
    )
    assert set(found["note"]) == {""}
    assert (found["known_low"] == found["known_high"]).all()


def test_who_cannot_be_followed_and_who_was_in_work_are_counted():
    frame = pd.concat([persons("3j 9n"), persons("1n 1n 1n").assign(months=np.nan, outcome=None)])
    frame = frame.assign(not_followed=["", "", "in_work", "no_later_answer", "status_unknown"])
    found = incidence(frame, months=[6]).iloc[0]
    assert (found["n"], found["in_work"], found["missing"]) == (2, 1, 2)


def test_men_are_left_out_and_counted():
    frame = pd.concat([persons("3j 9n"), persons("3j").assign(gender="man")])
    found = incidence(frame, months=[6]).iloc[0]
    assert (found["n"], found["left_out"]) == (2, 1)
    assert incidence(frame, months=[6], population="all").iloc[0]["n"] == 3


def test_a_trait_without_end_has_no_ratio():
    found = cox(FEW["only those with the trait found a job"], ["high"])
    assert found["note"].tolist() == ["few_events"] and found["estimate"].isna().all()


def test_categories_are_compared_with_the_first_of_them():
    level = pd.Categorical(["low", "middle", "high"] * 4, categories=["low", "middle", "high"])
    frame = persons("2j 3j 4j 5j 6j 7n 8j 9j 9n 4j 6n 2j", level=level, age=range(20, 32))
    found = cox(frame, ["level", "age"])
    assert list(zip(found["variable"], found["category"], strict=True)) == [
        ("level", "middle"), ("level", "high"), ("age", "")
    ]  # fmt: skip
    assert found[["n_1", "n_2"]].iloc[0].tolist() == [4, 8]
    assert pd.isna(found["n_1"].iloc[2])


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda f: incidence(f.drop(columns="months")), "no column 'months'"),
        (lambda f: incidence(f.assign(outcome="illness")), "outcome holds 'illness'"),
        (lambda f: incidence(f.assign(months=-1.0)), "negative"),
        (lambda f: incidence(f, months=[-3]), "-3 is no month"),
        (lambda f: incidence(f, dates="first"), "The day that is taken is 'first'"),
        (lambda f: survival(f, event="none"), "The event is 'none'"),
        (lambda f: restricted_mean(f, until=0), "0 months are no time"),
        (lambda f: restricted_difference(f, reference="sajo"), "No group of 'programme' is 'sajo'"),
        (lambda f: cox(f, []), "No variables"),
        (lambda f: cox(f.assign(name="x"), ["name"]), "'name' holds neither numbers nor categories"),
        (lambda f: discrete_time(f.assign(x=1.0), ["x"], width=0), "A period has no width"),
        (lambda f: cox(f.assign(x=1.0), ["x"], ties="exact"), "The treatment of ties is 'exact'"),
    ],
)
def test_what_a_user_can_mend_in_a_call_is_said(call, sentence: str):
    with pytest.raises(UsageError, match=sentence):
        call(persons("3j 6e 9n"))
