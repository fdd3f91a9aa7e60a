"""How many barriers are named, and which of them together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from barriers.making import answers
from scipy.stats import nchypergeom_fisher

from kij_analysis import barriers
from kij_analysis.errors import UsageError

TWO = {"fika": ("abcde", {"ae": 4, "abc": 4, "-": 2}), "sajo": ("abd", {"ab": 6, "d": 4})}


def two_programmes() -> pd.DataFrame:
    parts = [answers(sets, asked=asked, programme=name) for name, (asked, sets) in TWO.items()]
    return pd.concat(parts, ignore_index=True)


# ------------------------------------------------------------------ how many


def shares_of(frame: pd.DataFrame, variable: str, programme: str) -> list[float]:
    own = frame[
        (frame["variable"] == variable) & (frame["programme"] == programme) & (frame["measure"] == "share")
    ]
    return own["count"].tolist()


def test_the_own_list_counts_the_rest_class_and_the_shared_list_what_all_were_asked():
    found = barriers.number(two_programmes(), most=3)
    assert shares_of(found, "barriers_named", "fika") == [2, 0, 4, 4]
    assert shares_of(found, "barriers_named", "sajo") == [0, 4, 6, 0]
    assert shares_of(found, "barriers_named_shared", "fika") == [2, 4, 4, 0]
    items = found.drop_duplicates(["variable", "programme"])["items"].tolist()
    assert items == [5, 3, 3, 3]


def test_mean_and_median_are_those_of_the_counts():
    found = barriers.number(two_programmes()).query("variable == 'barriers_named' and programme == 'fika'")
    told = found.set_index("measure")["estimate"]
    assert (told["mean"], told["median"]) == (2.0, 2.0)


def test_who_left_a_barrier_out_has_no_number():
    frame = answers({"a": 6, "b": 6}, asked="ab")
    frame.loc[0, "barrier_network"] = None
    found = barriers.number(frame)
    assert (found.loc[found["measure"] == "mean", "n"] == 11).all()


@pytest.mark.parametrize("sets", [{}, {"a": 1}, {"a": 2}, {"ab": 9}, {"-": 9}])
def test_hardly_any_answers_give_rows_with_a_number_or_a_reason(sets: dict):
    for by in ("programme", []):
        found = barriers.number(answers(sets), by=by)
        assert {"share", "mean", "median"} == set(found["measure"])
        assert (found.loc[found["estimate"].isna(), "note"] != "").all()


def test_a_programme_that_was_not_asked_says_so():
    found = barriers.number(pd.concat([answers({"a": 4}), answers({"a": 4}, asked="", programme="sajo")]))
    assert set(found.loc[found["programme"] == "sajo", "estimate"].isna()) == {True}


# ------------------------------------------------------------------ two together


def test_the_odds_ratio_and_its_interval_are_those_of_fishers_tea():
    found = barriers.together(answers({"ab": 3, "a": 1, "b": 1, "-": 3}, asked="ab")).iloc[0]
    # R: fisher.test(matrix(c(3, 1, 1, 3), 2)), where the two-sided p is twice the tail of this table.
    assert found[["estimate", "p_value"]].tolist() == pytest.approx([6.408309, 0.4857143], rel=1e-5)
    # The ends are the odds ratios under which as many or more, or as few or fewer, are seen in 2.5 per cent.
    low, high = found[["conf_low", "conf_high"]]
    assert nchypergeom_fisher.sf(2, 8, 4, 4, low) == pytest.approx(0.025)
    assert nchypergeom_fisher.cdf(3, 8, 4, 4, high) == pytest.approx(0.025)
    assert found[["count_1", "n_1", "count_2", "n_2"]].tolist() == [3, 4, 1, 4]


@pytest.mark.parametrize(
    ("sets", "open_end"),
    [
        ({"ab": 8, "-": 8}, "conf_high"),
        ({"a": 8, "b": 8}, "conf_low"),
        ({"ab": 4, "a": 4, "-": 4}, "conf_high"),
    ],
)
def test_an_empty_cell_leaves_the_finite_end_of_the_interval_and_a_note(sets: dict, open_end: str):
    found = barriers.together(answers(sets, asked="ab")).iloc[0]
    assert np.isnan(found["estimate"]) and found["note"] == "few_events"
    ends = {"conf_low", "conf_high"}
    assert np.isnan(found[open_end]) and np.isfinite(found[(ends - {open_end}).pop()])
    assert 0 < found["p_value"] <= 1


def test_the_interval_leaves_1_out_exactly_where_p_is_below_the_level():
    for both in (5, 8, 11, 12, 13, 14):
        row = barriers.together(answers({"ab": both, "a": 20 - both, "b": 8, "-": 12}, asked="ab")).iloc[0]
        assert (row["p_value"] < 0.05) == (row["conf_low"] > 1 or row["conf_high"] < 1)


def test_all_pairs_of_a_programme_are_one_family():
    found = barriers.together(two_programmes())
    sizes = found[found["p_value"].notna()].groupby("programme")["family_size"].first()
    assert sizes.to_dict() == {"fika": 3, "sajo": 3}
    assert (found["p_adjusted"].dropna() >= found["p_value"].dropna()).all()


@pytest.mark.parametrize(
    ("frame", "note"),
    [
        (answers({}), "no_answers"),
        (answers({"a": 1}), "no_variation"),
        (answers({"ab": 9}), "no_variation"),
        (answers({"-": 9}), "no_variation"),
        (answers({"a": 9}, asked="a"), "not_asked"),
    ],
)
def test_pairs_without_an_odds_ratio_say_why(frame: pd.DataFrame, note: str):
    first = barriers.together(frame).iloc[0]
    assert np.isnan(first["estimate"]) and first["note"] == note


# ------------------------------------------------------------------ whole combinations


def test_every_person_stands_in_one_combination():
    found = barriers.combinations(answers({"ab": 4, "a": 3, "c": 2, "-": 1}), barriers=["barrier_language"])
    assert dict(zip(found["category"], found["count"], strict=True)) == {"barrier_language": 7, "none": 3}
    whole = barriers.combinations(answers({"ab": 4, "a": 3, "c": 2, "-": 1}), most=4)
    assert whole["count"].sum() == 10 and whole["estimate"].sum() == pytest.approx(1)


def test_the_most_named_of_those_that_all_were_asked_are_looked_at():
    found = barriers.combinations(two_programmes(), most=2)
    assert set(found["barriers"]) == {"barrier_language+barrier_network"}


def test_an_unknown_barrier_and_lists_without_a_common_one_are_refused():
    with pytest.raises(UsageError, match="barrier_cost"):
        barriers.combinations(answers({"a": 3}), barriers=["barrier_costs"])
    apart = pd.concat([answers({"a": 3}, asked="a"), answers({"b": 3}, asked="b", programme="sajo")])
    with pytest.raises(UsageError, match="lists of all groups"):
        barriers.combinations(apart)


def test_a_group_without_answers_has_a_row_with_a_reason():
    frame = pd.concat([answers({"a": 3}), answers({"a": 3}, asked="", programme="sajo")])
    found = barriers.combinations(frame).set_index("programme")
    assert found.loc["sajo", "note"] == "not_asked"
