"""Dose beside outcome and who stays; mentors beside mentees and the two of a pair."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from kij_analysis.disclosure import suppress, suppress_flows
from kij_analysis.effects import agreement, dose, dose_levels, mentees, transitions, two_way
from kij_analysis.errors import UsageError


def persons(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(
        {"programme": "fika", "gender": "woman", "data_status": "synthetic", "meetings_missing": None}
        | columns
    )


def test_the_rank_correlation_is_spearmans_and_its_interval_that_of_bonett_and_wright():
    rng = np.random.default_rng(2)
    one = rng.integers(1, 12, 40).astype(float)
    other = one + rng.normal(0, 4, 40)
    (row,) = dose(persons(meetings=one, x=other), doses=["meetings"], outcomes=["x"]).to_dict("records")
    rho, p = spearmanr(one, other)
    wide = 1.959964 * np.sqrt((1 + rho**2 / 2) / 37)
    assert row["estimate"] == pytest.approx(rho) and row["p_value"] == pytest.approx(p)
    assert row["conf_low"] == pytest.approx(np.tanh(np.arctanh(rho) - wide), abs=1e-6)
    assert (row["measure"], row["design"], row["maryland"]) == ("correlation", "association", 1)


@pytest.mark.parametrize(
    ("one", "other", "note"),
    [([None] * 5, [1.0] * 5, "not_asked"), ([1.0, 2, 3], [1.0, 2, 3], "too_few"),
     ([1.0] * 6, [1.0, 2, 3, 4, 5, 6], "no_variation"), ([1.0, 2, 3, 4], [1.0, 2, 3, 4], "too_few"),
     ([1.0, None], [None, 1.0], "no_overlap")],
)  # fmt: skip
def test_a_correlation_that_cannot_be_had_says_why(one, other, note):
    missing = "not_asked" if one[0] is None and len(set(one)) == 1 else None
    frame = persons(meetings=one, x=other, meetings_missing=[missing] * len(one))
    found = dose(frame.astype({"meetings": "float64", "x": "float64"}), doses=["meetings"], outcomes=["x"])
    assert found["note"].tolist() == [note]


def test_thirds_keep_equal_answers_together_and_are_those_of_each_programme():
    frame = persons(meetings=[1.0, 2, 2, 2, 5, 9], yes=pd.array([True] * 6, dtype="boolean"))
    other = frame.assign(programme="sajo", meetings=frame["meetings"] * 10)
    found = dose_levels(pd.concat([frame, other]), "meetings", outcomes=["yes"])
    for programme in ("fika", "sajo"):
        own = found[found["programme"] == programme].set_index("dose_level")["n"]
        assert own.to_dict() == {"low": 4, "high": 2}


def answered(**columns: object) -> pd.DataFrame:
    base = {
        "programme": "sajo", "role": "mentee", "gender": "woman", "data_status": "synthetic",
        "person_id": ["a", "b", "c", "a", "b", "a"], "pair_id": ["p", "q", "r", "p", "q", "p"],
        "wave": ["entry"] * 3 + ["end"] * 2 + ["follow_up"],
        "labour_status": ["unemployed", "unemployed", "employed", "employed", "unemployed", "employed"],
        "confidence_score": [20.0, 40, 60, 60, 40, 80],
        "relationship_trust_score": [np.nan] * 3 + [80.0, 60, np.nan],
        "relationship_equality_score": [np.nan] * 3 + [60.0, np.nan, np.nan],
    }  # fmt: skip
    return pd.DataFrame(base | columns)


def test_each_mentee_has_one_row_with_who_stayed_and_what_became_of_her():
    found = mentees(answered()).set_index("person_id")
    assert found["answered_end"].tolist() == [True, True, False]
    assert found["answered_follow_up"].tolist() == [True, False, False]
    assert found["work_end"].astype("object").where(found["work_end"].notna(), None).tolist() == [
        True,
        False,
        None,
    ]
    assert found["confidence_change"].tolist()[:2] == [40.0, 0.0]
    assert found.loc["a", "relationship"] == 70.0 and np.isnan(found.loc["b", "relationship"])


def test_meetings_come_from_the_log_where_nobody_asked_for_them():
    log = pd.DataFrame(
        {"programme": "sajo", "pair_id": ["p", "p", "p", "q"],
         "date": pd.to_datetime(["2024-01-01", "2024-02-01", "2024-03-02", "2024-01-05"])}
    )  # fmt: skip
    found = mentees(answered(), meetings=log).set_index("person_id")
    assert found["meetings"].tolist()[:2] == [3.0, 1.0] and np.isnan(found.loc["c", "meetings"])
    assert found.loc["a", "months"] == pytest.approx(61 / 30.4375)
    assert mentees(answered())["months_missing"].unique().tolist() == ["not_asked"]


def both_roles(mentee: list, mentor: list, **more: object) -> pd.DataFrame:
    n = len(mentee)
    base = {
        "programme": "fika", "role": ["mentee"] * n + ["mentor"] * n, "wave": "end", "gender": "woman",
        "pair_id": [*map(str, range(n))] * 2, "data_status": "synthetic",
        "relationship_trust_score": [*mentee, *mentor],
    }  # fmt: skip
    return pd.DataFrame(base | more).astype({"relationship_trust_score": "float64"})


def weighted(one: np.ndarray, other: np.ndarray, power: int) -> float:
    """Weighted kappa from its definition: disagreement observed over disagreement between strangers."""
    seen = (np.abs(one - other) ** power).mean()
    strangers = (np.abs(one[:, None] - other[None, :]) ** power).mean()
    return float(1 - seen / strangers)


@pytest.mark.parametrize(("weights", "power"), [("quadratic", 2), ("linear", 1)])
def test_weighted_kappa_is_one_less_the_disagreement_over_that_of_strangers(weights, power):
    rng = np.random.default_rng(8)
    one = rng.choice([0.0, 25, 50, 75, 100], 60)
    other = np.clip(one + rng.choice([-25.0, 0, 0, 25], 60), 0, 100)
    found = agreement(both_roles(list(one), list(other)), ["relationship_trust"], weights=weights)
    by = found.set_index("measure")
    assert by.loc["kappa", "estimate"] == pytest.approx(weighted(one, other, power))
    assert by.loc["share", "estimate"] == pytest.approx((one == other).mean())
    assert by.loc["difference", "estimate"] == pytest.approx((one - other).mean())
    assert by.loc["difference", "estimand"] == "paired_difference"


@pytest.mark.parametrize(
    ("mentee", "mentor", "notes"),
    [([None, None], [1.0, 2.0], ["no_answers"] * 3), ([1.0, None], [None, 2.0], ["no_pairs"] * 3),
     ([50.0] * 6, [50.0] * 6, ["", "no_variation", "no_variation"]),
     ([50.0], [75.0], ["", "too_few", "too_few"])],
)  # fmt: skip
def test_pairs_that_tell_nothing_say_why(mentee, mentor, notes):
    assert agreement(both_roles(mentee, mentor), ["relationship_trust"])["note"].tolist() == notes


def test_a_pair_with_two_mentors_is_left_out_and_counted():
    frame = both_roles([50.0, 75.0, 25.0], [50.0, 75.0, 25.0])
    double = pd.concat([frame, frame[(frame["role"] == "mentor") & (frame["pair_id"] == "0")]])
    found = agreement(double, ["relationship_trust"]).iloc[0]
    assert (found["n"], found["missing"]) == (2, 1)


def test_what_mentors_were_never_asked_is_told():
    frame = both_roles([50.0, 75.0], [None, None]).assign(
        relationship_trust_score_missing=[None] * 2 + ["not_asked"] * 2
    )
    assert agreement(frame, ["relationship_trust"])["note"].unique().tolist() == ["not_asked"]


def test_roles_stand_beside_each_other_and_are_never_counted_together():
    frame = both_roles([1.0] * 4, [1.0] * 4).assign(
        relationship_trust_high=pd.array([1, 1, 0, 0, 1, 1, 1, 0], dtype="boolean"),
        gender=["woman"] * 4 + ["woman", "man", "man", "man"],
    )
    found = two_way(frame, mentors=[], mentees=[], both=["relationship_trust_high"]).set_index("role")
    assert found["n"].to_dict() == {"mentor": 4, "mentee": 4}  # all mentors, whoever they are
    assert found["count"].to_dict() == {"mentor": 3, "mentee": 2}
    assert found["maryland"].tolist() == [1, 1]
    with pytest.raises(UsageError, match="both mentors and mentees"):
        two_way(frame[frame["role"] == "mentee"], mentors=[], mentees=[], both=["relationship_trust_high"])


# ------------------------------------------------------------------ small cells


def test_pairs_that_all_agree_are_hidden_in_every_row():
    found = suppress(agreement(both_roles([50.0] * 9 + [75.0], [50.0] * 9 + [75.0]), ["relationship_trust"]))
    assert found["note"].unique().tolist() == ["hidden_small_count"] and found["estimate"].isna().all()


def test_that_few_persons_changed_alike_is_not_told():
    frame = pd.DataFrame(
        {"measure": "change", "estimate": 10.0, "n": [4.0, 9.0], "note": "no_variation", "method": "none",
         "data_status": "observed"}
    )  # fmt: skip
    from kij_analysis import estimates

    assert suppress(estimates.make(frame))["note"].tolist() == ["hidden_small_count", "no_variation"]


def test_movements_from_and_to_a_hidden_status_are_hidden_too():
    first = ["employed"] * 20 + ["education"] * 20 + ["unemployed"] * 40
    second = (
        ["employed"] * 20 + ["education"] * 8 + ["employed"] * 12 + ["unemployed"] * 3 + ["employed"] * 37
    )
    frame = pd.DataFrame(
        {"programme": "fika", "person_id": [*range(80)] * 2, "gender": "woman", "data_status": "synthetic",
         "wave": ["entry"] * 80 + ["end"] * 80, "labour_status": pd.Categorical([*first, *second])}
    )  # fmt: skip
    found = suppress_flows(transitions(frame, wave=("entry", "end")))
    end = found.query("first == '' and wave_1 == 'end'").set_index("second")["count"]
    assert end.isna().to_dict() == {"work": False, "on_the_way": True, "no_work": True}
    moved = found.query("first != ''")
    assert moved.loc[moved["second"] != "work", "count"].isna().all()  # 8 would tell the 3


@pytest.mark.parametrize("seed", range(6))
def test_no_hidden_flow_can_be_had_by_subtraction(seed: int):
    """In every row and column none is hidden, or two or more of five persons or more."""
    rng = np.random.default_rng(seed)
    first = rng.choice(["employed", "education", "unemployed"], 90, p=[0.2, 0.3, 0.5])
    second = np.where(rng.random(90) < 0.6, first, rng.choice(["employed", "education", "unemployed"], 90))
    frame = pd.DataFrame(
        {"programme": "fika", "person_id": [*range(90)] * 2, "gender": "woman", "data_status": "synthetic",
         "wave": ["entry"] * 90 + ["end"] * 90, "labour_status": pd.Categorical([*first, *second])}
    )  # fmt: skip
    whole = transitions(frame, wave=("entry", "end")).query("first != ''")
    shown = suppress_flows(transitions(frame, wave=("entry", "end"))).query("first != ''")
    hidden = shown["count"].isna()
    assert whole.loc[~hidden, "count"].min() >= 5 if (~hidden).any() else True
    for line in ("first", "second"):
        for _, cells in whole.assign(hidden=hidden).groupby(line):
            gone = cells.loc[cells["hidden"], "count"]
            assert gone.empty or (len(gone) >= 2 and gone.sum() >= 5) or len(gone) == len(cells)
