"""Models of data that cannot carry them: every call gives rows, and every gap has its reason."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest

from kij_analysis import disclosure, survey
from kij_analysis.errors import UsageError
from kij_analysis.estimates import COLUMNS
from kij_analysis.survey import Design

ANSWERS = ["low", "middle", "high"]
Frame = pd.DataFrame


def persons(first: list[str], second: list[str], age: str = "given") -> Frame:
    """Two groups that answered so; an empty answer is missing."""
    answers = pd.Series([*first, *second], dtype="object")
    rows = np.arange(len(answers))
    known = answers.where(answers != "")
    places = known.map({code: float(place) for place, code in enumerate(ANSWERS)}).astype("float64")
    ages = {"given": 20.0 + 7 * rows % 31, "alike": 30.0 + 0 * rows, "missing": np.nan + rows}
    return pd.DataFrame(
        {
            "arm": pd.Categorical(["a"] * len(first) + ["b"] * len(second), ["a", "b"]),
            "answer": pd.Categorical(known, ANSWERS, ordered=True),
            "score": places,
            "yes": (places > 0).astype("boolean").where(known.notna()),
            "age": ages[age],
            "programme": np.where(rows % 2 == 0, "fika", "sajo"),
            "place": [f"t{row % 5}" for row in rows],
            "gender": "woman",
            "data_status": "synthetic",
            "w": 1.0 + rows % 3,
            **{f"r{k + 1}": (1.0 + rows % 3) * np.where(rows % 5 == k, 0, 5 / 4) for k in range(5)},
        }
    )


CLUSTERED = Design(weight="w", cluster="place")
REPLICATED = Design(weight="w", replicates=["r1", "r2", "r3", "r4", "r5"], replicate_method="JK1")
OF = {"of": "arm", "least_events": 1}
FUNCTIONS: dict[str, Callable[[Frame], Frame]] = {
    "logistic": lambda f: survey.regression(f, "yes", ["arm", "age"], intercept=True),
    "logistic, always penalised": lambda f: survey.regression(f, "yes", ["arm"], penalised=True),
    "logistic, each answer": lambda f: survey.regression(f, "answer", ["arm"]),
    "logistic, robust": lambda f: survey.regression(f, "yes", ["arm", "age"], errors="hc3"),
    "logistic, few clusters": lambda f: survey.regression(f, "yes", ["arm", "age"], cluster="place"),
    "logistic, clusters": lambda f: survey.regression(f, "yes", ["arm", "age"], design=CLUSTERED),
    "logistic, replicates": lambda f: survey.regression(f, "yes", ["arm"], design=REPLICATED),
    "logistic, by programme": lambda f: survey.regression(f, "yes", ["arm", "age"], by="programme"),
    "linear": lambda f: survey.regression(f, "score", ["arm", "age"], kind="linear", intercept=True),
    "linear, few clusters": lambda f: survey.regression(
        f, "score", ["arm", "age"], kind="linear", cluster="place"
    ),
    "ordinal": lambda f: survey.regression(f, "answer", ["arm", "age"], kind="ordinal", intercept=True),
    "ordinal, robust": lambda f: survey.regression(f, "answer", ["arm"], kind="ordinal", errors="hc1"),
    "ordinal, replicates": lambda f: survey.regression(
        f, "answer", ["arm"], kind="ordinal", design=REPLICATED
    ),
    "marginal": lambda f: survey.marginal(f, "yes", ["age"], of="arm", averages=True),
    "marginal, few events allowed": lambda f: survey.marginal(f, "yes", ["age"], averages=True, **OF),
    "marginal ratios": lambda f: survey.marginal(f, "yes", ["age"], measure="ratio", **OF),
    "marginal, robust": lambda f: survey.marginal(f, "yes", ["age"], errors="hc1", **OF),
    "marginal, few clusters": lambda f: survey.marginal(f, "yes", ["age"], cluster="place", **OF),
    "marginal, clusters": lambda f: survey.marginal(f, "yes", ["age"], design=CLUSTERED, **OF),
    "marginal, replicates": lambda f: survey.marginal(f, "yes", ["age"], design=REPLICATED, **OF),
    "marginal, for those in it": lambda f: survey.marginal(f, "yes", ["age"], over="first", **OF),
    "marginal, always penalised": lambda f: survey.marginal(f, "yes", ["age"], penalised=True, **OF),
    "mean slope": lambda f: survey.marginal(f, "yes", ["arm"], of="age", least_events=1),
    "mean difference": lambda f: survey.marginal(f, "score", ["age"], of="arm", kind="linear", averages=True),
}

CASES = {
    "nobody": persons([], []),
    "one person": persons(["low"], []),
    "one person in each group": persons(["low"], ["high"]),
    "two persons": persons(["low", "high"], []),
    "all yes": persons(["high"] * 12, ["high"] * 12),
    "all no": persons(["low"] * 12, ["low"] * 12),
    "one group empty": persons(["low", "high"] * 6, []),
    "one group without answers": persons(["low", "high"] * 6, [""] * 12),
    "the reference without answers": persons([""] * 12, ["low", "high"] * 6),
    "no answers": persons([""] * 12, [""] * 12),
    "nobody says no in one group": persons(["high"] * 12, ["low", "middle", "high"] * 4),
    "one says no": persons(["high"] * 11 + ["low"], ["high"] * 12),
    "no overlap": persons(["low"] * 12, ["high"] * 12),
    "a constant predictor": persons(["low", "middle", "high"] * 8, ["low", "high", "high"] * 8, "alike"),
    "a predictor that nobody answered": persons(["low", "high"] * 8, ["high", "low"] * 8, "missing"),
    "enough": persons(["low", "middle", "high"] * 8, ["low", "high", "high"] * 8),
}


@cache
def result_of(function: str, case: str) -> Frame:
    return FUNCTIONS[function](CASES[case])


def gaps(result: Frame) -> list[str]:
    """What a result leaves open without a reason."""
    silent = result[result["note"] == ""]
    numbers = result[["estimate", "std_error", "conf_low", "conf_high", "p_value"]].to_numpy(float)
    found = {
        "no row": result.empty,
        "other columns": list(result.columns[: len(COLUMNS)]) != list(COLUMNS),
        "no estimate": silent["estimate"].isna().any(),
        "no interval": silent[["std_error", "conf_low", "conf_high"]].isna().any(axis=None),
        "half an interval": (result["conf_low"].isna() != result["conf_high"].isna()).any(),
        "no method": (silent["method"] == "none").any(),
        "a method without an estimate": (result["estimate"].isna() & (result["method"] != "none")).any(),
        "endless": np.isinf(numbers).any(),
    }
    return [name for name, wrong in found.items() if wrong]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_model_gives_rows_and_every_gap_has_its_reason(function: str):
    found = {name: gaps(result_of(function, name)) for name in CASES}
    assert found == {name: [] for name in CASES}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_enough_answers_give_every_model_a_full_row(function: str):
    result = result_of(function, "enough")
    full = result["note"].isin(["", "few_clusters"]) & result["conf_low"].notna()
    assert full.any() or (function == "marginal" and set(result["note"]) == {"few_events"})


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_is_hidden_of_a_model_is_hidden_whole(function: str):
    shown = disclosure.suppress(result_of(function, "one group without answers"))
    gone = shown[shown["note"] == "hidden_small_count"]
    assert (
        gone[["estimate", "coefficient", "std_error"] if "coefficient" in gone else ["estimate"]]
        .isna()
        .all(axis=None)
    )


def test_models_leave_their_answers_as_they_were():
    frame = CASES["enough"]
    before = frame.copy(deep=True)
    survey.regression(frame, "yes", ["arm", "age"], by="programme", design=CLUSTERED)
    survey.marginal(frame, "yes", ["age"], **OF)
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("case", "function", "notes"),
    [
        ("no answers", "logistic", {"no_answers"}),
        ("all yes", "logistic", {"no_variation"}),
        ("all no", "marginal", {"no_variation"}),
        ("all yes", "linear", {"no_variation"}),
        ("all no", "ordinal", {"no_variation"}),
        ("no overlap", "logistic", {"separation"}),
        ("no overlap", "ordinal", {"separation"}),
        ("nobody says no in one group", "marginal, few clusters", {"separation"}),
        ("one group without answers", "marginal", {"one_group_empty", "few_events"}),
        ("one group empty", "marginal ratios", {"one_group_empty"}),
        ("a predictor that nobody answered", "linear", {"no_answers"}),
        ("a constant predictor", "mean slope", {"no_variation"}),
    ],
)  # fmt: skip
def test_the_reason_is_the_right_one(case: str, function: str, notes: set[str]):
    assert set(result_of(function, case)["note"]) == notes


def test_a_constant_predictor_has_no_coefficient_and_leaves_the_others_theirs():
    found = result_of("logistic", "a constant predictor").set_index("predictor")
    assert found.loc["age", "note"] == "no_variation" and np.isnan(found.loc["age", "estimate"])
    alone = survey.regression(CASES["a constant predictor"], "yes", ["arm"]).iloc[0]
    assert found.loc["arm", "estimate"] == pytest.approx(alone["estimate"])


def test_a_predictor_that_others_tell_is_said_to_be_collinear():
    frame = CASES["enough"].assign(double=lambda f: 2 * f["age"] + 3, also=lambda f: f["arm"].astype(str))
    found = survey.regression(frame, "yes", ["age", "double", "arm"]).set_index("predictor")
    assert found["note"].to_dict() == {"age": "", "double": "collinear", "arm": ""}
    adjusted = survey.marginal(frame, "yes", ["also"], of="arm", least_events=1, averages=True)
    assert set(adjusted["note"]) == {"collinear"} and adjusted["estimate"].isna().all()


def test_who_lacks_a_predictor_is_counted_and_left_out():
    frame = CASES["enough"].assign(age=lambda f: f["age"].where(f.index % 6 != 0))
    for found in (
        survey.regression(frame, "yes", ["arm", "age"]),
        survey.marginal(frame, "yes", ["age"], of="arm"),
    ):
        assert set(found["missing_predictors"]) == {8.0} and set(found["missing"]) == {0.0}
        assert found["n"].tolist() == [40.0] * len(found)
    complete = frame[frame["age"].notna()]
    one, other = (survey.regression(rows, "yes", ["arm", "age"])["estimate"] for rows in (frame, complete))
    assert one.tolist() == pytest.approx(other.tolist())


def test_a_programme_that_did_not_ask_is_told_as_such():
    frame = CASES["one group without answers"]
    frame = frame.assign(yes_missing=pd.Series("not_asked", frame.index).where(frame["yes"].isna()))
    assert survey.marginal(frame, "yes", ["age"], of="arm")["note"].tolist() == ["not_asked"]
    found = survey.regression(frame, "yes", ["arm", "age"]).set_index("predictor")
    assert found["note"].to_dict() == {"arm": "not_asked", "age": ""}


def test_the_reference_is_a_group_with_answers_unless_it_is_named():
    frame = CASES["the reference without answers"]
    three = pd.concat([frame, CASES["enough"].assign(arm="c")], ignore_index=True)
    three["arm"] = pd.Categorical(three["arm"], ["a", "b", "c"])
    found = survey.marginal(three, "yes", [], of="arm", least_events=1)
    assert found[["first", "second"]].values.tolist() == [["a", "b"], ["c", "b"]]
    assert found["note"].tolist() == ["one_group_empty", ""]
    named = survey.marginal(three, "yes", [], of="arm", least_events=1, reference="a")
    assert set(named["note"]) == {"one_group_empty"}


# ------------------------------------------------------------------ few events, and separation


def two_arms(yes: int, other: int, n: int = 40) -> Frame:
    hits = [True] * yes + [False] * (n - yes) + [True] * other + [False] * (n - other)
    return pd.DataFrame(
        {"arm": ["a"] * n + ["b"] * n, "yes": hits, "gender": "woman", "data_status": "synthetic"}
    )


@pytest.mark.parametrize(
    ("yes", "other", "note"), [(10, 20, ""), (9, 20, "few_events"), (30, 20, ""), (31, 20, "few_events")]
)
def test_below_ten_events_in_a_group_there_is_an_estimate_and_no_interval(yes: int, other: int, note: str):
    row = survey.marginal(two_arms(yes, other), "yes", [], of="arm").iloc[0]
    assert row["estimate"] == pytest.approx((other - yes) / 40)
    assert row["note"] == note and np.isnan(row["conf_low"]) == bool(note) == np.isnan(row["p_value"])


def test_without_events_in_a_group_the_difference_is_that_of_the_penalised_model():
    row = survey.marginal(two_arms(0, 15), "yes", [], of="arm", averages=True)
    assert set(row["method"]) == {"marginal_firth"} and set(row["note"]) == {"separation"}
    assert row["conf_low"].isna().tolist() == [True, True, False]
    # Firth's shares of two groups are (x + ½)/(n + 1); the correction brings their mean back to 15/80.
    shares = row["estimate"].iloc[1:].to_numpy()
    assert shares.mean() == pytest.approx(15 / 80)
    odds = (shares[1] / (1 - shares[1])) / (shares[0] / (1 - shares[0]))
    assert odds == pytest.approx((15.5 / 25.5) / (0.5 / 40.5))


def test_separation_by_another_predictor_leaves_a_difference_with_its_interval_and_a_note():
    frame = two_arms(15, 25).assign(rare=lambda f: (f.index % 20 == 0) & f["yes"])
    row = survey.marginal(frame, "yes", ["rare"], of="arm").iloc[0]
    assert (row["note"], row["method"]) == ("separation", "marginal_firth")
    assert row["conf_low"] < row["estimate"] < row["conf_high"]


def test_the_odds_ratio_of_a_group_without_events_has_a_profile_interval():
    row = survey.regression(two_arms(0, 15), "yes", ["arm"]).iloc[0]
    assert row["estimate"] == pytest.approx((15.5 / 25.5) / (0.5 / 40.5))
    assert 1 < row["conf_low"] < row["estimate"] < row["conf_high"] < np.inf
    assert (row["note"], row["method"], row["test"]) == ("separation", "firth", "likelihood_ratio")


def test_separated_answers_of_a_design_have_no_interval():
    frame = two_arms(0, 15).assign(w=1.0)
    row = survey.regression(frame, "yes", ["arm"], design=Design(weight="w")).iloc[0]
    assert row["note"] == "separation" and row["estimate"] > 1 and np.isnan(row["conf_low"])


# ------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda f: survey.regression(f, "score", ["arm"]), "other numbers than 0 and 1"),
        (lambda f: survey.regression(f, "yes", []), "no predictors"),
        (lambda f: survey.regression(f, "yes", ["arm", "arm"]), "twice"),
        (lambda f: survey.regression(f, "yes", ["yes"]), "outcome and a predictor"),
        (lambda f: survey.regression(f, "yes", ["arms"]), "no column 'arms'.*'arm'"),
        (lambda f: survey.regression(f, "yes", ["arm"], kind="probit"), "not known"),
        (lambda f: survey.regression(f, "yes", ["arm"], errors="hc4"), "not known"),
        (lambda f: survey.regression(f, "yes", ["arm"], reference={"arm": "z"}), "No answer of 'arm'"),
        (lambda f: survey.regression(f, "yes", ["arm"], reference={"ram": "a"}), "no predictor"),
        (lambda f: survey.regression(f, "yes", ["age"], reference={"age": "a"}), "holds numbers"),
        (lambda f: survey.regression(f, "answer", ["arm"], category="top"), "no category 'top'"),
        (lambda f: survey.regression(f, "yes", ["arm"], kind="linear"), "does not hold numbers"),
        (lambda f: survey.regression(f, "arm", ["age"], kind="ordinal"), "have no order"),
        (
            lambda f: survey.regression(f, "answer", ["arm"], kind="ordinal", cluster="place"),
            "not defined for ordered",
        ),
        (
            lambda f: survey.regression(f, "yes", ["arm"], cluster="place", design=CLUSTERED),
            "Both a design and clusters",
        ),
        (lambda f: survey.regression(f, "yes", ["arm"], cluster="place", errors="hc1"), "Leave errors= out"),
        (lambda f: survey.regression(f, "yes", ["arm"], cluster="place", interval="profile"), "Profile"),
        (lambda f: survey.regression(f, "score", ["arm"], kind="linear", penalised=True), "neither"),
        (lambda f: survey.regression(f.assign(age=np.inf), "yes", ["age"]), "infinite"),
        (
            lambda f: survey.regression(f.assign(age=pd.Timestamp("2024-01-01")), "yes", ["age"]),
            "holds dates",
        ),
        (lambda f: survey.marginal(f, "yes", [], of="arm", averages=True, over="first"), "over='all'"),
        (lambda f: survey.marginal(f, "yes", [], of="age", measure="ratio"), "slope and no groups"),
        (lambda f: survey.marginal(f, "score", [], of="arm", kind="linear", measure="ratio"), "numbers"),
        (lambda f: survey.marginal(f.drop(columns="gender"), "yes", [], of="arm"), "no column 'gender'"),
        (lambda f: survey.marginal(f.drop(columns="data_status"), "yes", [], of="arm"), "data_status"),
    ],
)
def test_what_a_model_cannot_give_is_refused_in_a_sentence(call: Callable, message: str):
    with pytest.raises(UsageError, match=message):
        call(CASES["enough"])


def test_replicates_in_which_a_group_has_no_events_leave_a_coefficient_without_an_interval():
    frame = two_arms(4, 20).assign(w=1.0)
    place = np.where(frame["yes"] & (frame["arm"] == "a"), 0, 1 + frame.index % 4)
    replicates = {f"r{k}": np.where(place == k, 0.0, 5 / 4) for k in range(5)}
    design = Design(weight="w", replicates=list(replicates), replicate_method="JK1")
    row = survey.regression(frame.assign(**replicates), "yes", ["arm"], design=design).iloc[0]
    assert (
        row["note"] == "not_converged" and row["estimate"] == pytest.approx(9) and np.isnan(row["conf_low"])
    )
    adjusted = survey.marginal(frame.assign(**replicates), "yes", [], of="arm", design=design, least_events=1)
    assert adjusted["conf_low"].notna().all()


def test_a_year_is_as_good_a_predictor_as_the_years_since():
    random = np.random.default_rng(2)
    year = random.integers(1999, 2025, 300)
    yes = random.random(300) < 1 / (1 + np.exp(-0.1 * (year - 2012)))
    frame = pd.DataFrame({"year": year, "yes": yes, "gender": "woman", "data_status": "synthetic"})
    frame = frame.assign(since=2026 - year)
    for kind, outcome in (("logistic", "yes"), ("ordinal", "high")):
        rows = frame.assign(high=frame["yes"].astype(int) + (frame["year"] > 2020))
        one, other = (
            survey.regression(rows, outcome, [name], kind=kind).iloc[0] for name in ("year", "since")
        )
        assert one["coefficient"] == pytest.approx(-other["coefficient"], rel=1e-8)
        assert one["coefficient_error"] == pytest.approx(other["coefficient_error"], rel=1e-6)


def test_few_who_lack_a_predictor_are_not_told():
    frame = CASES["enough"].assign(age=lambda f: f["age"].where(f.index % 16 != 0))
    found = survey.regression(frame, "score", ["arm", "age"], kind="linear")
    assert set(found["missing_predictors"]) == {3.0}
    assert disclosure.suppress(found)["missing_predictors"].isna().all()
