"""Comparisons: what they keep to, whom they count, and what they refuse with a note or a sentence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kij_analysis import claims, effects
from kij_analysis.effects import ESTIMATORS, Matching
from kij_analysis.effects.comparison.compare import CHOOSY
from kij_analysis.effects.comparison.matching import nearest_neighbour
from kij_analysis.effects.comparison.persons import persons_of
from kij_analysis.errors import UsageError

TRAITS = ["age", "education"]


def people(n: int = 240, *, seed: int = 1, pull: float = 0.8, gain: float = 4.0) -> pd.DataFrame:
    """Persons who come to a mentor the likelier, the older they are; age raises the score by itself."""
    rng = np.random.default_rng(seed)
    age = rng.normal(0, 1, n)
    schooling = pd.Categorical(rng.choice(["short", "middle", "long"], n), ["short", "middle", "long"])
    mentored = rng.random(n) < 1 / (1 + np.exp(-pull * age))
    score = 50 + 5 * age + 3 * (schooling == "long") + gain * mentored + rng.normal(0, 4, n)
    return pd.DataFrame(
        {
            "age": 35 + 8 * age,
            "education": schooling,
            "mentored": mentored,
            "score": score,
            "employed": score > 52,
            "gender": "woman",
            "mentor": np.where(mentored, rng.integers(0, 12, n).astype(str), None),
            "data_status": "synthetic",
        }
    )


def compared(frame: pd.DataFrame, **how: object) -> pd.DataFrame:
    given = {"outcome": "score", "treated": "mentored", "covariates": TRAITS} | how
    return effects.compare(frame, **given).set_index("method", drop=False)


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return people()


@pytest.mark.parametrize("estimand", ["att", "ate"])
def test_the_plain_difference_is_far_off_and_every_estimator_is_near_the_truth(estimand: str):
    found = compared(people(4000), estimand=estimand).dropna(subset="estimate")
    assert found.loc["difference_in_means", "estimate"] - 4 > 2
    others = found.drop("difference_in_means")
    assert len(others) == (5 if estimand == "att" else 4)
    assert (others["estimate"] - 4).abs().max() < 0.5
    assert others["std_error"].between(0.05, 0.5).all()


def test_all_estimators_stand_side_by_side_with_the_plain_difference_first(frame):
    found = compared(frame)
    assert found["method"].tolist() == list(ESTIMATORS)
    assert found["maryland"].tolist() == [2, 3, 3, 3, 3, 3]
    assert found["estimand"].tolist() == ["mean_difference", *["att"] * 5]
    assert (found["n_treated"] + found["n_comparison"] == found["n"]).all()


def test_the_frame_is_left_as_it_was(frame):
    before = frame.copy(deep=True)
    compared(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_an_outcome_of_yes_and_no_is_compared_in_shares(frame):
    found = compared(frame, outcome="employed")
    assert set(found["measure"]) == {"risk_difference"} and set(found["unit"]) == {"share"}
    assert found.loc["difference_in_means", "count"] == frame["employed"].sum()


def test_a_sentence_names_a_cause_from_level_three_on_only(frame):
    found = compared(frame, outcome="employed")
    assert "effect" in claims.claim(found.loc["doubly_robust"], "en")
    assert "effect" not in claims.claim(found.loc["difference_in_means"], "en")
    with pytest.raises(UsageError, match="level 2"):
        claims.claim(found.loc["difference_in_means"], "en", causal=True)


def test_groups_that_stay_unlike_after_matching_lose_their_level():
    found = compared(people(pull=2.0), matching=Matching(caliper=0), estimators=["nearest_neighbour"]).iloc[0]
    assert found["largest_difference"] > 0.25 and found["maryland"] == 2


def test_entropy_balancing_makes_the_means_equal_and_before_is_as_it_was(frame):
    found = effects.balance(frame, treated="mentored", covariates=TRAITS)
    after = found[found["when"] == "after"]
    assert after["estimate"].abs().max() < 1e-9
    own = frame.groupby("mentored")["age"]
    gap = (own.mean()[True] - own.mean()[False]) / own.std()[True]
    assert found.iloc[0]["estimate"] == pytest.approx(gap)
    assert found.iloc[0]["variance_ratio"] == pytest.approx(own.var()[True] / own.var()[False])


def test_a_balance_table_has_a_row_for_every_category_and_method(frame):
    methods = ["nearest_neighbour", "inverse_probability", "exact_matching"]
    found = effects.balance(frame, treated="mentored", covariates=TRAITS, after=methods, exact=["education"])
    assert len(found) == 4 * (1 + len(methods))
    exact = found[(found["method"] == "exact_matching") & (found["variable"] == "education")]
    assert exact["estimate"].abs().max() < 1e-12


# ------------------------------------------------------------------ matching


def small(text: str) -> pd.DataFrame:
    lines = [line.split("|") for line in text.strip().splitlines()]
    names, *rows = [[cell.strip() for cell in line] for line in lines]
    frame = pd.DataFrame(rows, columns=names).apply(pd.to_numeric)
    return frame.assign(gender="woman", data_status="synthetic", mentored=frame["mentored"] == 1)


def test_pairs_agree_exactly_where_they_must_and_who_has_no_counterpart_is_counted():
    frame = small("""
        mentored | town | age | score
        1        | 1    | 20  | 5
        1        | 1    | 30  | 6
        1        | 2    | 40  | 7
        0        | 1    | 21  | 1
        0        | 1    | 35  | 1
        0        | 3    | 40  | 3
        0        | 3    | 25  | 3
    """)
    row = compared(
        frame,
        covariates=["age"],
        exact=["town"],
        matching=Matching(caliper=0),
        estimators=["nearest_neighbour"],
    ).iloc[0]
    assert [row["estimate"], row["unmatched"], row["n"]] == [4.5, 1, 4]
    assert row["note"] == "unlike_left_out"


def test_ties_are_counted_and_the_first_in_the_frame_is_taken():
    frame = small("""
        mentored | age | score
        1        | 30  | 9
        1        | 50  | 9
        0        | 30  | 1
        0        | 30  | 5
        0        | 50  | 3
        0        | 40  | 0
    """)
    row = compared(
        frame,
        covariates=["age"],
        matching=Matching(caliper=0),
        estimators=["nearest_neighbour"],
        overlap="allow",
    ).iloc[0]
    assert row["ties"] == 1
    assert row["estimate"] == ((9 - 1) + (9 - 3)) / 2


def test_the_error_of_pairs_is_that_of_their_differences():
    (persons,) = persons_of(people(120), outcome="score", treated="mentored", covariates=TRAITS)
    found = nearest_neighbour(persons, how=Matching())
    pairs = pd.DataFrame(
        {"pair": found.more["pair"], "treated": found.used.treated, "score": found.used.outcome}
    ).pivot(index="pair", columns="treated", values="score")
    apart = pairs[True] - pairs[False]
    assert found.estimate == pytest.approx(apart.mean())
    assert found.spread == pytest.approx((apart.std() / np.sqrt(len(apart)), len(apart) - 1))


def test_a_wider_caliper_leaves_out_fewer(frame):
    left = [
        compared(frame, matching=Matching(caliper=caliper), estimators=["nearest_neighbour"]).iloc[0][
            "unmatched"
        ]
        for caliper in (0.01, 0.2, 0)
    ]
    assert left[0] > left[1] > left[2] == max(0, 2 * frame["mentored"].sum() - len(frame))


def test_several_counterparts_count_as_one_together(frame):
    less = people(300, pull=0.5).query("mentored or age > 20")
    less = pd.concat([less[less["mentored"]].head(40), less[~less["mentored"]]])
    row = compared(less, matching=Matching(ratio=2), estimators=["nearest_neighbour"]).iloc[0]
    assert row["n_comparison"] > row["n_treated"]
    assert row["estimate"] + 2.5 > 4 and row["estimate"] < 6.5


def test_equal_persons_are_compared_by_exact_matching():
    frame = pd.DataFrame(
        [(c, m, 10 * c + 2 * m + e) for c in (0, 1) for m in (0, 1) for e in (-1, 0, 1)] + [(2, 1, 99)],
        columns=["cell", "mentored", "score"],
    ).assign(gender="woman", data_status="synthetic")
    row = compared(frame, covariates=["cell"], estimators=["exact_matching"]).iloc[0]
    assert [row["estimate"], row["unmatched"], row["n"]] == pytest.approx([2.0, 1, 12])
    assert row["std_error"] == pytest.approx(np.sqrt(2 / 3 / 6 + 2 / 3 / 6), rel=0.15)


# ------------------------------------------------------------------ clusters


def test_errors_grow_where_persons_share_a_mentor_who_matters():
    rng = np.random.default_rng(3)
    frame = people(400)
    talent = dict(
        zip(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"], rng.normal(0, 8, 12), strict=True)
    )
    frame["score"] = frame["score"] + frame["mentor"].map(talent).fillna(0.0)
    alone, shared = compared(frame), compared(frame, cluster="mentor")
    assert np.allclose(alone["estimate"], shared["estimate"])
    assert (shared["std_error"] > 1.5 * alone["std_error"]).all()
    assert shared["df"].max() < 60 < alone["df"].min()


def test_a_single_mentor_gives_no_interval():
    found = compared(
        people(100).assign(mentor=lambda f: np.where(f["mentored"], "a", None)), cluster="mentor"
    )
    assert set(found.loc[["difference_in_means", "doubly_robust"], "note"]) == {"too_few"}
    assert (
        found["estimate"].notna().all()
        and found.loc["doubly_robust", "std_error"] != found["std_error"].max()
    )


# ------------------------------------------------------------------ refusals


def test_groups_that_hardly_overlap_are_refused_but_not_by_who_compares_the_alike_only():
    frame = people(400, pull=6.0)
    found = compared(frame)
    assert set(found.loc[[m for m in found.index if m == "none"], "note"]) == {"poor_overlap"}
    kept = found[found["estimate"].notna()]
    assert set(kept["method"]) <= set(CHOOSY)
    state = effects.overlap(frame, treated="mentored", covariates=TRAITS)
    assert set(state["note"]) == {"poor_overlap"} and state["estimate"].notna().all()


def test_who_asks_for_an_error_gets_a_sentence_with_a_way_out():
    with pytest.raises(UsageError, match=r"nobody like them .* overlap='allow'"):
        compared(people(400, pull=6.0), overlap="stop")


def test_who_allows_it_gets_the_numbers():
    assert compared(people(400, pull=6.0), overlap="allow")["estimate"].notna().sum() >= 4


def test_a_trait_that_tells_the_groups_apart_is_refused():
    frame = people(100).assign(age=lambda f: f["mentored"] * 10.0 + np.arange(100) % 5)
    found = compared(frame, covariates=["age"])
    assert set(found["note"].iloc[1:]) == {"no_common_support"}
    assert effects.overlap(frame, treated="mentored", covariates=["age"])["estimate"].isna().all()
    with pytest.raises(UsageError, match="without fail"):
        compared(frame, covariates=["age"], overlap="stop")


@pytest.mark.parametrize(
    ("keep", "note"),
    [("mentored", "one_group_empty"), ("not mentored", "one_group_empty"), ("age < -100", "no_answers")],
)
def test_an_empty_group_is_a_row_with_a_note(keep: str, note: str):
    found = compared(people().query(keep))
    assert len(found) == len(ESTIMATORS) and set(found["note"]) == {note}
    for other in (
        effects.overlap(people().query(keep), treated="mentored", covariates=TRAITS),
        effects.balance(people().query(keep), treated="mentored", covariates=["age"]),
        effects.lottery(people().query(keep), outcome="score", assigned="mentored"),
        effects.did(people().query(keep).assign(late=1), outcome="score", treated="mentored", after="late"),
    ):
        assert set(other["note"]) == {note} and other["estimate"].isna().all()


def test_one_treated_person_is_too_few():
    frame = people()
    frame = pd.concat([frame[frame["mentored"]].head(1), frame[~frame["mentored"]]])
    assert set(compared(frame)["note"]) == {"too_few"}


@pytest.mark.parametrize("value", [True, False])
def test_an_outcome_that_does_not_vary_has_an_estimate_of_nothing_and_no_interval(value: bool):
    found = compared(people().assign(employed=value), outcome="employed")
    assert found["estimate"].abs().max() < 1e-9
    assert set(found["note"]) <= {"no_variation", "unlike_left_out"} and found["conf_low"].isna().all()


def test_a_constant_trait_and_a_trait_told_by_another_change_nothing(frame):
    plain = compared(frame)
    doubled = compared(frame.assign(same=1.0, twice=2 * frame["age"]), covariates=[*TRAITS, "same", "twice"])
    names = ["difference_in_means", "regression_adjusted", "entropy_balancing", "doubly_robust"]
    assert np.allclose(plain.loc[names, "estimate"], doubled.loc[names, "estimate"])


def test_whoever_lacks_a_trait_or_the_outcome_is_counted_as_missing_and_without_group_as_ungrouped():
    frame = people().assign(mentored=lambda f: f["mentored"].astype("boolean"))
    frame.loc[[0, 1, 2], "age"] = np.nan
    frame.loc[[3], "score"] = np.nan
    frame.loc[[4, 5], "mentored"] = pd.NA
    row = compared(frame).iloc[0]
    assert [row["missing"], row["ungrouped"], row["n"]] == [4, 2, 234]


def test_men_are_left_out_and_counted():
    frame = people().assign(gender=["woman", "man"] * 120)
    row = compared(frame).iloc[0]
    assert [row["left_out"], row["n"]] == [120, 120]


def test_groups_are_compared_one_by_one():
    frame = pd.concat([people(seed=1).assign(programme="a"), people(seed=2).assign(programme="b")])
    found = effects.compare(
        frame, outcome="score", treated="mentored", covariates=TRAITS, by="programme",
        estimators=["doubly_robust"],
    )  # fmt: skip
    assert found["programme"].tolist() == ["a", "b"]
    assert found["estimate"].nunique() == 2


def test_matching_answers_only_for_the_treated(frame):
    assert set(compared(frame, estimand="ate", estimators=["nearest_neighbour"])["note"]) == {
        "not_applicable"
    }


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"covariates": []}, "No covariates are named"),
        ({"covariates": ["agee"]}, "Did you mean 'age'"),
        ({"covariates": ["score"]}, "among the covariates"),
        ({"outcome": "education", "covariates": ["age"]}, "does not hold numbers"),
        ({"treated": "education", "covariates": ["age"]}, "must say yes or no"),
        ({"estimand": "atx"}, "estimand is 'atx'"),
        ({"estimators": ["matching"]}, "estimator is 'matching'"),
        ({"overlap": "ignore"}, "rule for overlap"),
        ({"covariates": ["code"]}, "too many for a category"),
    ],
)
def test_wrong_input_gets_a_sentence(how: dict, sentence: str):
    frame = people().assign(code=[f"k{number}" for number in range(240)])
    with pytest.raises(UsageError, match=sentence):
        compared(frame, **how)


# ------------------------------------------------------------------ before and after, and lotteries


def waves(n: int = 60, gain: float = 3.0) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    own = rng.normal(0, 5, n)
    rows = [
        (one, one < n // 2, late, 40 + own[one] + 2 * late + gain * (one < n // 2) * late + rng.normal(0, 1))
        for one in range(n)
        for late in (0, 1)
    ]
    frame = pd.DataFrame(rows, columns=["person_id", "mentored", "late", "score"])
    return frame.assign(gender="woman", data_status="synthetic")


def test_the_same_persons_at_both_times_make_a_difference_in_differences_sharper():
    how = {"outcome": "score", "treated": "mentored", "after": "late"}
    alone, same = (effects.did(waves(), **how, cluster=one).iloc[0] for one in ("", "person_id"))
    assert alone["estimate"] == pytest.approx(same["estimate"]) == pytest.approx(3, abs=0.8)
    assert same["std_error"] < alone["std_error"] / 3
    wide = waves().pivot(index="person_id", columns="late", values="score")
    change = wide[1] - wide[0]
    first = change.index < 30
    parts = change[first].var() / 30 + change[~first].var() / 30
    assert same["std_error"] == pytest.approx(np.sqrt(parts), rel=0.02)


def test_without_the_optional_package_the_error_names_the_extra(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "diff_diff", None)
    with pytest.raises(UsageError, match=r'pip install "kij-analysis\[did\]"'):
        effects.staggered(
            waves().assign(start=0, late=[0, 1] * 60), outcome="score", first_treated="start", time="late",
            person="person_id",
        )  # fmt: skip


def drawn(n: int = 400, come: float = 0.6) -> pd.DataFrame:
    rng = np.random.default_rng(11)
    assigned = np.arange(n) % 2 == 0
    keen = rng.random(n)
    came = assigned & (keen < come)
    score = 20 + 10 * keen + 5 * came + rng.normal(0, 3, n)
    return pd.DataFrame(
        {"assigned": assigned, "came": came, "score": score, "gender": "woman", "data_status": "synthetic"}
    )


def test_a_lottery_gives_the_intention_to_treat_and_the_compliers():
    found = effects.lottery(drawn(), outcome="score", assigned="assigned", took_part="came")
    itt, late = found.iloc[0], found.iloc[1]
    assert late["estimate"] == pytest.approx(itt["estimate"] / late["first_stage"])
    assert late["estimate"] == pytest.approx(5, abs=1.5)
    assert late["conf_low"] < 5 < late["conf_high"] and late["f_statistic"] > 100
    assert [itt["estimand"], late["estimand"]] == ["itt", "late"]
    assert "nobody_defies" in late["assumptions"] and "nobody_defies" not in itt["assumptions"]
    # With a strong draw the interval of Anderson and Rubin is nearly that of t.
    assert [late["robust_low"], late["robust_high"]] == pytest.approx(
        [late["conf_low"], late["conf_high"]], abs=0.4
    )


def test_a_weak_draw_has_no_interval_but_the_robust_one():
    frame = drawn(200, come=0.03)
    row = effects.lottery(frame, outcome="score", assigned="assigned", took_part="came").iloc[1]
    assert row["note"] == "weak_instrument" and row["f_statistic"] < 10 and np.isnan(row["conf_low"])
    assert row["robust_open"]


def test_a_draw_that_moved_nobody_is_a_note():
    frame = drawn().assign(came=False)
    row = effects.lottery(frame, outcome="score", assigned="assigned", took_part="came").iloc[1]
    assert row["note"] == "no_variation" and np.isnan(row["estimate"])
