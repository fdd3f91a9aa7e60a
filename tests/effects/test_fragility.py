"""What would have to be so for a result to be wrong: the table and its sentences."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kij_analysis import claims, effects
from kij_analysis.effects.comparison.persons import persons_of
from kij_analysis.effects.fragility.robustness import adjusted_for, benchmark, regression, shares_of
from kij_analysis.errors import UsageError
from kij_analysis.words import LANGUAGES, causal_words

TRAITS = ["age", "education"]


def people(n: int = 300, *, gain: float = 5.0, seed: int = 2) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    age, hidden = rng.normal(0, 1, n), rng.normal(0, 1, n)
    schooling = pd.Categorical(rng.choice(["short", "middle", "long"], n), ["short", "middle", "long"])
    mentored = rng.random(n) < 1 / (1 + np.exp(-0.6 * age - 0.4 * hidden))
    score = 50 + 3 * age + 2 * hidden + gain * mentored + rng.normal(0, 5, n)
    return pd.DataFrame(
        {
            "programme": "kvinfo", "age": 35 + 8 * age, "hidden": hidden, "education": schooling,
            "mentored": mentored, "score": score, "employed": score > 53, "gender": "woman",
            "mentor": np.where(mentored, rng.integers(0, 15, n).astype(str), None), "data_status": "observed",
        }
    )  # fmt: skip


def tried(frame: pd.DataFrame, **how: object) -> pd.DataFrame:
    given = {"outcome": "employed", "treated": "mentored", "covariates": TRAITS, "cluster": "mentor"} | how
    return effects.fragility(frame, **given)


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    return tried(people())


def test_the_table_begins_with_the_result_itself(found):
    result = effects.compare(
        people(), outcome="employed", treated="mentored", covariates=TRAITS, cluster="mentor",
        estimators=["doubly_robust"],
    ).iloc[0]  # fmt: skip
    first = found.iloc[0]
    assert first["what"] == "estimate"
    assert [first["estimate"], first["std_error"]] == [result["estimate"], result["std_error"]]


def test_a_share_without_treatment_is_that_of_the_treated_less_the_difference(found):
    first, e = found.iloc[0], found[found["what"] == "e_value"].iloc[0]
    base = first["mean_treated"] - first["estimate"]
    wanted = effects.e_value(
        first["estimate"], low=first["conf_low"], high=first["conf_high"], scale="risk_difference", base=base
    )
    assert (e["estimate"], e["limit"]) == pytest.approx(wanted)


def test_every_covariate_is_a_benchmark_in_three_strengths_and_the_stronger_leaves_less(found):
    marks = found[found["what"] == "benchmark"]
    assert marks.groupby("trait")["times"].apply(list).to_dict() == {t: [1.0, 2.0, 3.0] for t in TRAITS}
    age = marks[marks["trait"] == "age"]["estimate"]
    assert age.is_monotonic_decreasing


def test_a_benchmark_gives_back_what_a_trait_does_that_is_put_into_the_regression():
    """With the true shares of the hidden trait the formula is exact."""
    without, with_it = (
        persons_of(people(), outcome="score", treated="mentored", covariates=own)[0]
        for own in (["age"], ["age", "hidden"])
    )
    shares = shares_of(with_it, "hidden")
    short, long = regression(without), regression(with_it)
    estimate, error = adjusted_for(*short, with_treatment=shares[0], with_outcome=shares[1])
    assert [estimate, error] == pytest.approx(long[:2], rel=1e-9)


def test_each_mentor_is_left_out_once_and_nobody_is_named(found):
    left = found[found["what"] == "leave_out"]
    assert left["group"].tolist() == [str(number) for number in range(1, 16)]
    frame = people()
    assert left["left"].sum() == frame["mentored"].sum()
    assert (left["n"] + left["left"] == len(frame)).all()


def test_without_clusters_nobody_is_left_out():
    assert "leave_out" not in set(tried(people(), cluster="")["what"])


def test_a_result_that_may_be_nothing_has_nothing_to_explain():
    found = tried(people(gain=-1.0), outcome="score").set_index("what")
    assert found.loc["estimate", "conf_low"] < 0 < found.loc["estimate", "conf_high"]
    assert found.loc["e_value", "limit"] == 1 and found.loc["e_value", "note"] == "nothing_to_explain"
    assert found.loc["robustness_value", "limit"] == 0
    assert found.loc["gamma", "note"] == "nothing_to_explain" and np.isnan(found.loc["gamma", "estimate"])


def test_a_result_below_zero_is_as_fragile_as_its_mirror():
    frame = people()
    plus = tried(frame, outcome="score").set_index("what")
    minus = tried(frame.assign(score=-frame["score"]), outcome="score").set_index("what")
    for what in ("e_value", "gamma", "robustness_value"):
        assert plus.loc[what, "estimate"] == pytest.approx(minus.loc[what, "estimate"])


def test_the_tables_numbers_claim_no_cause_but_the_result_may(found):
    assert found.iloc[0]["maryland"] == 3
    for row in found[found["what"].isin(["e_value", "robustness_value", "gamma"])].to_dict("records"):
        assert "effect" not in claims.claim(row, "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentences_are_told_in_five_languages_without_causal_words(found, language: str):
    told = effects.explained_away(found, language)
    assert told["what"].tolist() == ["e_value", "gamma", "robustness_value", "benchmark", "leave_out"]
    assert not [one for one in told["sentence"] if "{" in one or causal_words(one, language)]


def test_the_sentences_say_the_numbers(found):
    told = effects.explained_away(found, "en").set_index("what")["sentence"]
    e = found[found["what"] == "e_value"].iloc[0]
    assert f"{e['estimate']:.1f} times as common" in told["e_value"]
    assert f"{e['limit']:.1f} times would be enough" in told["e_value"]
    assert "one of the 15 mentors" in told["leave_out"]


@pytest.mark.parametrize(
    ("keep", "note"),
    [("mentored", "one_group_empty"), ("not mentored", "one_group_empty"), ("age < -100", "no_answers")],
)
def test_who_cannot_be_compared_has_rows_with_notes(keep: str, note: str):
    found = tried(people().query(keep))
    assert set(found["note"]) == {note} and found["estimate"].isna().all()
    assert len(effects.explained_away(found, "en")) == 3


@pytest.mark.parametrize("value", [True, False])
def test_an_outcome_that_does_not_vary_is_a_note(value: bool):
    found = tried(people().assign(employed=value)).set_index("what")
    assert found.loc[["e_value", "gamma", "robustness_value"], "estimate"].isna().all()
    assert found.loc["estimate", "note"] == "no_variation"


def test_too_few_pairs_have_no_gamma():
    frame = people()
    frame = pd.concat([frame[frame["mentored"]].head(8), frame[~frame["mentored"]].head(90)])
    assert tried(frame, cluster="").set_index("what").loc["gamma", "note"] == "too_few"


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"benchmarks": ["score"]}, "benchmark is 'score'"),
        ({"times": [0]}, "0 times as strong"),
        ({"estimator": "best"}, "estimator is 'best'"),
    ],
)
def test_wrong_input_gets_a_sentence(how: dict, sentence: str):
    with pytest.raises(UsageError, match=sentence):
        tried(people(60), **how)


def test_sentences_need_a_table_of_fragility():
    with pytest.raises(UsageError, match=r"effects\.fragility"):
        effects.explained_away(pd.DataFrame({"estimate": [1.0]}), "en")


def test_a_trait_beyond_all_strength_is_a_note():
    frame = people(gain=0.0).assign(near=lambda f: f["mentored"] * 3.0 + np.arange(300) % 7)
    marks = tried(frame, covariates=["near"], times=[1, 5])
    own = marks[marks["what"] == "benchmark"].set_index("times")
    assert own.loc[5.0, "note"] == "not_applicable"
    assert benchmark(1.0, 0.1, 20, treatment_r2=0.9, outcome_r2=0.1) is None


@pytest.mark.parametrize(("gammas", "word"), [([0.5], "gamma lies below 1")])
def test_gamma_begins_at_one(gammas: list[float], word: str):
    with pytest.raises(UsageError, match=word):
        effects.pair_bounds([1, 2, 3], gammas=gammas)


@pytest.mark.parametrize("pairs", [[], [0, 0], [np.nan]])
def test_without_pairs_that_differ_every_p_value_is_one(pairs: list[float]):
    for test in ("signed_rank", "sign", "mcnemar"):
        assert (effects.pair_bounds(pairs, test=test)["p_upper"] == 1).all()
        assert np.isnan(effects.critical_gamma(pairs, test=test))
