"""Those who did not answer: weights, imputation and bounds; every gap in a result has its reason."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from kij_analysis import survey
from kij_analysis.errors import UsageError
from kij_analysis.estimates import COLUMNS
from kij_analysis.survey import Calibration, Design, nonresponse
from kij_analysis.survey.nonresponse.dropout import drop_out, model_columns
from kij_analysis.survey.nonresponse.logistic import logistic

ORDER = ("complete_cases", "margins", "dropout", "imputation", "delta", "worst_case")


def women(entry: str, end: str, *, programme: str = "fika", **columns: object) -> pd.DataFrame:
    """Answers at both waves, a letter a person: y, n, - for no answer, a blank for who is not there."""
    parts = []
    for wave, letters in (("entry", entry), ("end", end)):
        rows = [(f"{programme}{place}", letter) for place, letter in enumerate(letters) if letter != " "]
        parts.append(pd.DataFrame(rows, columns=["person_id", "letter"]).assign(wave=wave))
    frame = pd.concat(parts, ignore_index=True)
    place = frame["person_id"].str.removeprefix(programme).astype("Int64").fillna(0)
    high = frame["letter"].map({"y": True, "n": False}).astype("boolean")
    return frame.drop(columns="letter").assign(
        high=high, programme=programme, gender="woman", data_status="synthetic",
        age=20.0 + (place * 7 % 30).astype(float),
        education_group=pd.Categorical(np.where(place % 3 == 0, "low", "high"), ["low", "high"]), **columns,
    )  # fmt: skip


def known(asked: float, *, programme: str = "fika", **totals: dict[str, float]) -> pd.DataFrame:
    rows = [[programme, "", "", asked]]
    rows += [[programme, name, code, n] for name, own in totals.items() for code, n in own.items()]
    return pd.DataFrame(rows, columns=["programme", "variable", "category", "total"])


ENTRY = "ynnynnynny" * 4
END = "yn nyy-nyn" * 2 + " nyyn yn y" + " " * 10
MANY = women(ENTRY, END)
REGISTER = known(40, gender={"woman": 40}, education_group={"low": 14, "high": 26})


def found_in(frame: pd.DataFrame, margins: pd.DataFrame | None = REGISTER, **options: object) -> pd.DataFrame:
    return nonresponse(frame, "high", margins=margins, m=5, **options)  # type: ignore[arg-type]


def row(found: pd.DataFrame, approach: str) -> pd.Series:
    return found[found["approach"] == approach].iloc[0]


# ------------------------------------------------------------------ side by side


def test_every_way_stands_in_one_frame_with_the_same_answers_behind_it():
    found = found_in(MANY)
    assert list(dict.fromkeys(found["approach"])) == list(ORDER)
    assert found["count"].nunique() == found["n"].nunique() == found["asked"].nunique() == 1
    assert list(found.columns[: len(COLUMNS)]) == list(COLUMNS)
    assert found.loc[found["note"] != "bounds_only", "estimate"].notna().all()


def test_the_same_seed_gives_the_same_frame_and_the_argument_stays_as_it_was():
    before = MANY.copy(deep=True)
    pd.testing.assert_frame_equal(found_in(MANY), found_in(MANY))
    pd.testing.assert_frame_equal(MANY, before)
    other = row(found_in(MANY, seed=2), "imputation")["estimate"]
    assert other != row(found_in(MANY), "imputation")["estimate"]


def test_who_left_the_question_out_is_among_those_who_did_not_answer():
    found = row(found_in(MANY), "worst_case")
    letters = [letter for letter in END if letter in "yn"]
    assert (found["n"], found["asked"]) == (len(letters), 40)
    assert found["low"] == letters.count("y") / 40
    assert found["high"] == (letters.count("y") + 40 - len(letters)) / 40


def test_where_everybody_answered_all_ways_give_the_same_share_and_nothing_is_open():
    found = found_in(women(ENTRY, "yyn" * 13 + "y"))
    shares = found["estimate"].dropna()
    assert shares.to_numpy() == pytest.approx(27 / 40, abs=1e-9)
    bounds = row(found, "worst_case")
    assert bounds["low"] == bounds["high"] == 27 / 40
    assert found["conf_low"].to_numpy() == pytest.approx(found["conf_high"].to_numpy(), abs=1e-9)


def test_persons_of_whom_nothing_is_known_widen_the_bounds_and_nothing_else_hides_them():
    few, many = found_in(MANY, known(40)), found_in(MANY, known(80))
    low, high = (row(found, "worst_case") for found in (few, many))
    assert high["high"] - high["low"] == pytest.approx((low["high"] - low["low"]) * 20 / 40 + 0.5, abs=1e-9)
    assert row(many, "complete_cases")["estimate"] == row(few, "complete_cases")["estimate"]


def test_weighting_by_margins_follows_the_register():
    frame = women("y" * 40, "y" * 12 + "n" * 8 + " " * 20).assign(
        education_group=lambda f: pd.Categorical(f["high"].map({True: "high", False: "low"}).astype("str"))
    )
    found = found_in(frame, known(40, education_group={"high": 10, "low": 30}), predictors=["age"])
    assert row(found, "margins")["estimate"] == pytest.approx(0.25)


def test_men_answer_for_the_margins_and_are_no_part_of_the_share():
    men = women(" " * 60 + "y" * 10, " " * 60 + "y" * 10).assign(gender="man")
    margins = known(50, gender={"woman": 40, "man": 10})
    found = found_in(pd.concat([MANY, men], ignore_index=True), margins)
    own = row(found, "margins")
    assert own["n"] == row(found_in(MANY), "margins")["n"]
    assert (own["asked"], own["left_out"]) == (40, 10)


def test_how_many_women_were_asked_is_unknown_where_men_are_there_and_nobody_tells():
    men = women(" " * 60 + "y" * 10, " " * 60 + "y" * 10).assign(gender="man")
    found = found_in(pd.concat([MANY, men], ignore_index=True), known(60))
    assert row(found, "worst_case")["note"] == "unknown_base"
    assert row(found, "complete_cases")["method"] == "wilson"


def test_more_answers_than_invitations_leave_everything_open():
    found = found_in(MANY, known(15, gender={"woman": 15}))
    assert set(found.loc[found["approach"].isin(["margins", "delta", "worst_case"]), "note"]) == {
        "unknown_base"
    }
    assert row(found, "complete_cases")["method"] == "wilson"


def test_answers_that_count_alike_have_one_share():
    frame = MANY.assign(high=pd.Categorical(MANY["high"].map({True: "job", False: "none"}), ["job", "none"]))
    both = found_in(frame, answer=["job", "none"])
    assert row(both, "complete_cases")["estimate"] == 1
    assert set(both["category"]) == {"job|none"}
    assert set(found_in(frame)["category"]) == {"job", "none"}
    assert row(found_in(MANY, answer="no"), "complete_cases")["estimate"] == pytest.approx(
        1 - row(found_in(MANY), "complete_cases")["estimate"]
    )


def test_participants_who_stand_for_others_have_wider_intervals():
    width = found_in(MANY).set_index(["approach", "shift"])
    sampled = found_in(MANY, sampled=True).set_index(["approach", "shift"])
    spans = [one["conf_high"] - one["conf_low"] for one in (width, sampled)]
    assert (spans[1] > spans[0]).all()


def test_shares_under_assumed_differences_stay_between_the_worst_case_bounds():
    found = found_in(MANY, deltas=(-1, -0.3, 0.3, 1))
    bounds, moved = row(found, "worst_case"), found[found["approach"] == "delta"]
    assert moved["estimate"].is_monotonic_increasing
    assert moved["estimate"].iloc[[0, -1]].tolist() == pytest.approx([bounds["low"], bounds["high"]])
    assert (moved["conf_low"] >= bounds["low"] - 1e-9).all()
    assert (moved["conf_high"] <= bounds["high"] + 1e-9).all()


# ------------------------------------------------------------------ data that carries little

THIN = {
    "nobody": ("", ""),
    "one person": ("y", "y"),
    "two persons": ("yn", "yn"),
    "one of two answered": ("yn", "y "),
    "all yes": ("yn" * 10, "y" * 12 + " " * 8),
    "all no": ("yn" * 10, "n" * 12 + " " * 8),
    "all left the question out": ("yn" * 10, "-" * 12 + " " * 8),
    "nobody at entry": (" " * 20, "yn" * 6),
    "only those who said yes at entry answered": ("y" * 10 + "n" * 10, "yyyyynnnnn" + " " * 10),
    "one answered": ("yn" * 10, "y" + " " * 19),
    "constant predictors": ("y" * 20, "yyn" * 4 + " " * 8),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("margins", [None, 30.0])
@pytest.mark.parametrize("name", THIN)
def test_every_way_gives_a_row_and_every_gap_has_its_reason(name: str, margins: float | None):
    frame = women(*THIN[name])
    found = found_in(frame, None if margins is None else known(margins, gender={"woman": margins}))
    assert list(dict.fromkeys(found["approach"])) == list(ORDER)
    assert (found["estimate"].notna() | (found["note"] != "")).all()
    silent = found[found["note"] == ""]
    assert silent[["conf_low", "conf_high"]].notna().all(axis=None)
    assert not np.isinf(found[["estimate", "std_error", "conf_low", "conf_high"]].to_numpy(float)).any()


@pytest.mark.parametrize(
    ("name", "approach", "note"),
    [
        ("all left the question out", "complete_cases", "no_answers"),
        ("all yes", "imputation", "no_variation"),
        ("nobody at entry", "dropout", "no_entry"),
        ("only those who said yes at entry answered", "imputation", "nobody_alike"),
        ("only those who said yes at entry answered", "dropout", "nobody_alike"),
        ("one answered", "dropout", "few_events"),
        ("one answered", "imputation", "too_few"),
    ],
)
def test_a_way_that_cannot_be_gone_says_why(name: str, approach: str, note: str):
    found = found_in(women(*THIN[name]), known(20), predictors=[])
    assert row(found, approach)["note"] == note


def test_without_known_numbers_nothing_is_weighted_and_nothing_is_bounded():
    found = found_in(MANY, None)
    notes = found.groupby("approach")["note"].first()
    assert notes["margins"] == "no_margins"
    assert notes["worst_case"] == notes["delta"] == "unknown_base"
    assert row(found, "imputation")["note"] == "unknown_base"
    assert row(found, "imputation")["estimate"] > 0


def test_a_question_that_was_not_asked_is_told_as_such_in_every_row():
    frame = women(ENTRY, END.replace("y", "-").replace("n", "-"))
    reasons = pd.Series("not_asked", index=frame.index).where(frame["high"].isna())
    assert set(found_in(frame.assign(high_missing=reasons))["note"]) == {"not_asked"}


def test_a_category_of_the_register_in_which_nobody_answered_cannot_be_stood_for():
    small = known(100, education_group={"low": 30, "high": 66, "none": 4})
    large = known(100, education_group={"low": 30, "high": 40, "none": 30})
    assert row(found_in(MANY, small), "margins")["note"] == ""
    assert row(found_in(MANY, large), "margins")["note"] == "nobody_alike"


@pytest.mark.parametrize(
    ("change", "options", "sentence"),
    [
        (lambda f: f.drop(columns="wave"), {}, "no column 'wave'"),
        (lambda f: f, {"wave": "later"}, "no wave 'later'"),
        (lambda f: f, {"predictors": ["agee"]}, "Did you mean 'age'"),
        (lambda f: f, {"answer": "perhaps"}, "has no answer 'perhaps'"),
        (lambda f: pd.concat([f, f]), {}, "more than once in a wave"),
        (lambda f: f.assign(role=np.where(f["age"] > 30, "mentee", "mentor")), {}, "several roles"),
        (lambda f: f, {"margins": REGISTER.drop(columns="total")}, "lack the column 'total'"),
        (lambda f: f, {"margins": REGISTER.assign(total="many")}, "no number of persons"),
        (lambda f: f, {"margins": pd.concat([REGISTER, REGISTER])}, "stands twice"),
        (lambda f: f, {"margins": known(40, country={"fi": 40})}, "no column 'country'"),
        (lambda f: f, {"level": 95}, "between 0 and 1"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told(change, options, sentence):
    with pytest.raises(UsageError, match=sentence):
        nonresponse(change(MANY), "high", **{"margins": REGISTER, "m": 2} | options)


# ------------------------------------------------------------------ calibration

PEOPLE = pd.DataFrame({"group": ["a"] * 4 + ["b"] * 6, "kind": ["x", "y"] * 5, "hours": np.arange(10.0)})


def test_margins_are_met_by_every_method():
    totals = {"group": {"a": 30, "b": 30}, "kind": {"x": 20, "y": 40}, "hours": 300}
    for method in ("raking", "linear", "logit"):
        found = survey.calibrate(PEOPLE, Calibration(totals=totals, method=method, bounds=(0.1, 4)))
        for name in ("group", "kind"):
            assert found.groupby(PEOPLE[name]).sum().to_dict() == pytest.approx(totals[name], rel=1e-6)
        assert found @ PEOPLE["hours"] == pytest.approx(300, rel=1e-6)


def test_bounded_weights_stay_within_their_bounds():
    to = Calibration(totals={"group": {"a": 40, "b": 20}}, method="logit", bounds=(0.4, 2))
    found = survey.calibrate(PEOPLE, to)
    assert found.min() >= 0.4 * 6 and found.max() <= 2 * 6
    with pytest.raises(UsageError, match="wider bounds"):
        survey.calibrate(PEOPLE, Calibration(totals=to.totals, method="logit", bounds=(0.8, 1.2)))


def test_a_table_of_two_columns_is_post_stratification():
    table = {"a|x": 10, "a|y": 20, "b|x": 30, "b|y": 40}
    found = survey.calibrate(PEOPLE, Calibration(totals={"group|kind": table}))
    cells = PEOPLE["group"] + "|" + PEOPLE["kind"]
    assert found.to_numpy() == pytest.approx(
        (cells.map(table) / cells.map(cells.value_counts())).to_numpy(), rel=1e-9
    )


def test_unknown_persons_keep_their_share_if_asked_to_and_are_refused_otherwise():
    frame = PEOPLE.assign(group=PEOPLE["group"].where(PEOPLE.index > 0))
    to = Calibration(totals={"group": {"a": 50, "b": 50}}, unknown="apart")
    found = survey.calibrate(frame, to)
    assert found[0] == pytest.approx(10)
    assert found[1:4].sum() == pytest.approx(45)
    with pytest.raises(UsageError, match="1 persons of the sample have no value in 'group'"):
        survey.calibrate(frame, Calibration(totals=to.totals))


def test_each_sample_has_its_own_margins():
    frame = PEOPLE.assign(programme=["one"] * 4 + ["two"] * 6, data_status="observed", high=[True, False] * 5)
    to = {
        "one": Calibration(totals={"kind": {"x": 3, "y": 1}}),
        "two": Calibration(totals={"kind": {"x": 10, "y": 30}}),
    }
    design = Design(weight="w", samples="programme", calibrated_to=to)
    found = survey.shares(frame.assign(w=1.0), "high", by="programme", design=design, population="all")
    assert found["estimate"].tolist() == pytest.approx([0.75, 0.25])
    assert set(found["method"]) == {"calibrated"}
    with pytest.raises(UsageError, match="no margins for the sample 'two'"):
        survey.calibrate(frame, {"one": to["one"]}, samples="programme")


def test_what_the_margins_explain_has_no_error():
    frame = PEOPLE.assign(w=1.0, data_status="observed", high=PEOPLE["group"] == "a")
    to = Calibration(totals={"group": {"a": 30, "b": 30}})
    found = survey.shares(frame, "high", design=Design(weight="w", calibrated_to=to), population="all")
    assert found["estimate"].iloc[0] == pytest.approx(0.5)
    assert found["std_error"].iloc[0] == pytest.approx(0, abs=1e-12)


def test_comparisons_and_means_know_of_the_calibration_too():
    frame = PEOPLE.assign(w=1.0, data_status="observed", high=[True, False, False, True, True] * 2)
    design = Design(weight="w", calibrated_to=Calibration(totals={"group": {"a": 30, "b": 30}}))
    compared = survey.differences(frame, "high", by="kind", design=design, population="all")
    assert set(compared["method"]) == {"calibrated_difference"}
    mean = survey.means(frame, "hours", design=design, population="all")
    assert set(mean["method"]) == {"calibrated_mean"}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"totals": {}}, "no margins to weight to"),
        ({"totals": {"group": {}}}, "holds no persons"),
        ({"totals": {"group": {"a": -1, "b": 3}}}, "below 0"),
        ({"totals": {"group": {"a": 1, "b": 3}, "kind": {"x": 9, "y": 9}}}, "different numbers of persons"),
        ({"totals": {"group": {"a": 1}}, "method": "rake"}, "method of calibration is 'rake'"),
        ({"totals": {"group": {"a": 1}}, "bounds": (1.5, 2)}, "one below 1 and one above"),
        ({"totals": {"group": {"a": 1}}, "unknown": "drop"}, "unknown persons is 'drop'"),
    ],
)
def test_margins_that_cannot_be_are_refused(options, sentence):
    with pytest.raises(UsageError, match=sentence):
        Calibration(**options)


@pytest.mark.parametrize(
    ("totals", "sentence"),
    [
        ({"grupp": {"a": 1}}, "Did you mean 'group'"),
        ({"group": {"a": 30, "b": 20, "c": 10}}, "Nobody in the sample is in 'c'"),
        ({"group": {"a": 30}}, "has no total for 'b'"),
        ({"group": {"a": 30, "b": 0}}, "counts nobody in 'b'"),
        ({"group": 30}, "holds no numbers"),
        ({"group": {"a": 30, "b": 30}, "hours": 9000}, "No weights"),
    ],
)
def test_samples_that_do_not_fit_their_margins_are_refused(totals, sentence):
    with pytest.raises(UsageError, match=sentence):
        survey.calibrate(PEOPLE, Calibration(totals=totals))


def test_replicate_weights_are_not_calibrated():
    to = Calibration(totals={"group": {"a": 30, "b": 30}})
    with pytest.raises(UsageError, match="cannot be calibrated"):
        Design(weight="w", replicates=["r"], replicate_method="JK1", calibrated_to=to)


def test_trimming_keeps_the_sum_and_says_when_it_cannot():
    given = [1.0, 2, 3, 30]
    assert survey.trim_weights(given, high=10).sum() == pytest.approx(36)
    assert survey.trim_weights(given, low=2, high=12).min() >= 2
    assert survey.trim_weights(given).tolist() == given
    with pytest.raises(UsageError, match="cannot keep their sum"):
        survey.trim_weights(given, high=5)


def test_uneven_weights_are_worth_fewer_persons():
    assert survey.weight_diagnostics([2, 2, 2])["effective_n"] == pytest.approx(3)
    found = survey.weight_diagnostics([1, 1, 4])
    assert found["effective_n"] == pytest.approx(36 / 18)
    assert found["ratio"] == 4
    assert survey.weight_diagnostics([])["effective_n"] == 0


# ------------------------------------------------------------------ drop-out


def test_chances_to_answer_are_those_of_statsmodels():
    from statsmodels.discrete.discrete_model import Logit

    rng = np.random.default_rng(1)
    x = np.column_stack([np.ones(80), rng.random((80, 2))])
    y = (rng.random(80) < 0.3 + 0.5 * x[:, 1]).astype(float)
    fit = Logit(y, x).fit(disp=0, tol=1e-12)
    own = logistic(x, y)
    assert own.coefficients == pytest.approx(fit.params, abs=1e-7)
    assert own.covariance == pytest.approx(fit.cov_params(), rel=1e-5)


def test_with_groups_alone_drop_out_weights_are_those_of_the_groups():
    frame = pd.DataFrame(
        {"g": ["a"] * 20 + ["b"] * 20, "here": [True] * 15 + [False] * 5 + [True] * 8 + [False] * 12}
    )
    found = survey.dropout_weights(frame, ["g"], answered="here")
    assert found["weight"].dropna().round(6).unique().tolist() == pytest.approx([20 / 15, 20 / 8])
    assert found["stabilised"].mean() == pytest.approx(1)
    assert found["weight"].notna().tolist() == frame["here"].tolist()


def test_the_error_of_drop_out_weights_is_that_of_post_stratification_where_they_are_the_same():
    answered = np.array([True] * 30 + [False] * 10 + [True] * 12 + [False] * 28)
    hit = np.array([1.0] * 20 + [0] * 20 + [1] * 3 + [0] * 37)
    group = np.repeat([0.0, 1.0], 40)
    model = drop_out(np.column_stack([np.ones(80), group]), answered)
    share, error = survey.dropout_share(hit, model, certain=True)
    rates, hits = [30 / 40, 12 / 40], [20 / 30, 3 / 12]
    expected = sum(
        (1 - rate) * (0.5**2) * p * (1 - p) / (n - 1)
        for rate, p, n in zip(rates, hits, (30, 12), strict=True)
    )
    assert share == pytest.approx(sum(hits) / 2)
    assert error == pytest.approx(np.sqrt(expected), rel=1e-6)


def test_estimated_weights_have_a_smaller_error_than_fixed_ones():
    rng = np.random.default_rng(3)
    x = np.column_stack([np.ones(400), rng.standard_normal(400)])
    chance = 1 / (1 + np.exp(-x[:, 1]))
    answered = rng.random(400) < chance
    hit = (rng.random(400) < 1 / (1 + np.exp(-2 * x[:, 1]))).astype(float)
    model = drop_out(x, answered)
    share, error = survey.dropout_share(hit, model)
    weight = model.weight
    fixed = np.sqrt((weight**2 * (hit - share) ** 2).sum()) / weight.sum()
    assert error < fixed


def test_columns_that_say_nothing_new_are_left_out_of_the_model():
    frame = pd.DataFrame(
        {"a": [1.0, 2, 3, 4], "twice": [2.0, 4, 6, 8], "same": 1.0, "b": ["x", "y", "x", None]}
    )
    assert model_columns(frame).shape == (4, 3)
    assert model_columns(frame[[]]).shape == (4, 1)


def test_who_never_answers_has_no_weight_and_it_is_told():
    frame = pd.DataFrame({"g": ["a"] * 20 + ["b"] * 20, "here": [True, False] * 10 + [False] * 20})
    assert set(survey.dropout_weights(frame, ["g"], answered="here")["note"]) == {"nobody_alike"}
    few = frame.assign(here=[True] + [False] * 39)
    assert set(survey.dropout_weights(few, ["g"], answered="here")["note"]) == {"few_events"}
    everybody = survey.dropout_weights(frame.assign(here=True), ["g"], answered="here")
    assert set(everybody["weight"]) == {1.0}
    with pytest.raises(UsageError, match="empty cells"):
        survey.dropout_weights(frame.assign(here=None), ["g"], answered="here")


# ------------------------------------------------------------------ imputation


def test_what_was_answered_stays_and_what_was_not_is_drawn_from_what_there_is():
    given = pd.DataFrame(
        {
            "kind": pd.Categorical(
                ["a", "b", None, "c", "a", "b"] * 5, ["a", "b", "c", "never"], ordered=True
            ),
            "yes": pd.array([True, None, False] * 10, dtype="boolean"),
            "hours": [1.0, 2, None, 4, 5, 6] * 5,
        }
    )
    found = survey.impute(given, m=3, seed=4)
    assert found[["kind", "yes", "hours"]].notna().all(axis=None)
    assert set(found["kind"]) == {"a", "b", "c"}
    assert found["kind"].cat.ordered
    assert set(found["hours"]) <= {1.0, 2, 4, 5, 6}
    for _, part in found.groupby("imputation"):
        for name in given:
            there = given[name].notna().to_numpy()
            assert (part[name].to_numpy()[there] == given[name].to_numpy()[there]).all()


def test_draws_follow_what_tells_about_the_missing_answers():
    rng = np.random.default_rng(5)
    before = rng.random(300) < 0.5
    after = np.where(rng.random(300) < 0.9, before, ~before)
    given = pd.DataFrame({"before": before, "after": pd.array(after, dtype="boolean")})
    silent = np.where(before, rng.random(300) < 0.6, rng.random(300) < 0.1)
    given = given.assign(after=given["after"].mask(silent))
    found = survey.impute(given, m=20, seed=6).groupby("imputation")["after"].mean().mean()
    assert abs(found - after.mean()) < 0.05
    assert abs(given["after"].mean() - after.mean()) > 0.1


def test_a_column_that_does_not_vary_is_filled_with_its_value():
    given = pd.DataFrame({"a": pd.array([True, True, None], dtype="boolean"), "b": [1.0, None, 1.0]})
    found = survey.impute(given, m=2)
    assert found["a"].all() and set(found["b"]) == {1.0}


@pytest.mark.parametrize(
    ("change", "options", "sentence"),
    [
        (lambda f: f, {"m": 0}, "0 imputations"),
        (lambda f: f, {"columns": ["agee"]}, "Did you mean 'age'"),
        (lambda f: f.assign(age=np.nan), {}, "Nothing is known of 'age'"),
        (lambda f: f.assign(age=["old"] * len(f)), {}, "neither numbers nor categories"),
    ],
)
def test_what_cannot_be_drawn_is_told(change, options, sentence):
    with pytest.raises(UsageError, match=sentence):
        survey.impute(change(MANY[["age", "high"]]), **options)


def test_nothing_missing_means_no_spread_between_data_sets():
    found = survey.rubin([0.4, 0.4, 0.4], [0.01, 0.01, 0.01], complete_df=20)
    assert [found.between, found.missing_share, found.increase] == pytest.approx([0, 0, 0], abs=1e-12)
    assert found.df == pytest.approx(20 * 21 / 23)
    certain = survey.rubin([0.4, 0.5, 0.45], [0, 0, 0])
    assert certain.df == pytest.approx(2)
    assert survey.rubin([0.5, 0.5], [0, 0]).interval() == (0.5, 0.5)


@pytest.mark.parametrize(
    "call",
    [
        lambda: survey.rubin([1.0], [1.0]),
        lambda: survey.rubin([1.0, 2], [1.0]),
        lambda: survey.rubin([1.0, 2], [1.0, -1]),
        lambda: survey.rubin_test([1.0, 2], [1.0, 2]),
        lambda: survey.rubin_share([3, 30], 20),
        lambda: survey.rubin_share([3, 4], 20, scale="log"),
    ],
)
def test_what_cannot_be_pooled_is_refused(call):
    with pytest.raises(UsageError):
        call()


def test_pooled_shares_of_nobody_or_everybody_stay_between_nothing_and_all():
    for counts in ([0, 0, 1], [20, 20, 19], [0, 0, 0], [20, 20, 20]):
        _, share, low, high = survey.rubin_share(counts, 20)
        assert 0 <= low <= share <= high <= 1


# ------------------------------------------------------------------ bounds


@pytest.mark.parametrize(
    ("count", "n", "asked", "low", "high"),
    [(0, 0, 5, 0, 1), (0, 3, 5, 0, 0.4), (3, 3, 5, 0.6, 1), (2, 5, 5, 0.4, 0.4)],
)
def test_bounds_hold_whatever_the_others_would_have_said(count, n, asked, low, high):
    found = survey.manski(count, n, asked, sampled=False)
    assert (found.low, found.high, found.conf_low, found.conf_high) == pytest.approx((low, high, low, high))
    sampled = survey.manski(count, n, asked)
    assert 0 <= sampled.conf_low <= sampled.low and sampled.high <= sampled.conf_high <= 1


@pytest.mark.parametrize("numbers", [(3, 2, 5), (1, 6, 5), (-1, 2, 5), (0, 0, 0)])
def test_bounds_of_impossible_counts_are_refused(numbers):
    with pytest.raises(UsageError, match="cannot be"):
        survey.manski(*numbers)


def test_an_interval_of_one_point_is_the_usual_one():
    low, high = survey.imbens_manski(0.5, 0.5, 0.1, 0.1)
    assert [low, high] == pytest.approx([0.5 - 0.19599639845, 0.5 + 0.19599639845])
    assert survey.imbens_manski(0.2, 0.6, 0, 0) == (0.2, 0.6)
    with pytest.raises(UsageError, match="above the upper one"):
        survey.imbens_manski(0.6, 0.2, 0.1, 0.1)


def test_the_tipping_point_is_the_difference_that_leads_there():
    shift = survey.tipping_point(0.6, 0.5, to=0.5)
    assert survey.delta_adjusted(0.6, 0.5, shift) == pytest.approx(0.5)
    assert np.isnan(survey.tipping_point(0.9, 0.9, to=0.1))
    assert survey.tipping_point(0.4, 1.0, to=0.4) == 0


@pytest.mark.parametrize("outcome", [[1.0, 2, None, None], [None, None, 1.0, 2]])
def test_lee_bounds_need_answers_in_both_arms(outcome):
    with pytest.raises(UsageError, match="An arm is empty"):
        survey.lee(outcome, [1, 1, 0, 0])


# ------------------------------------------------------------------ known numbers and retention


def ledger(rows: list[tuple[str, str, str, object]], told: dict[str, dict]) -> SimpleNamespace:
    columns = ["instrument", "wave", "round", "invited"]
    sources = pd.DataFrame(rows, columns=columns).assign(programme="fika", role="mentee", unit="person")
    instruments = {name: {"population": population} for name, population in told.items()}
    return SimpleNamespace(sources=sources, definitions={"instruments": instruments})


def test_margins_of_another_wave_serve_where_the_own_has_none():
    told = {"start": {"invited": 9, "margins": {"gender": {"woman": 9}}}, "slut": {"invited": 9}}
    rows = [("start", "entry", "2024", 9), ("slut", "end", "2024", 9)]
    found = survey.margins(ledger(rows, told))
    assert found[["variable", "category", "total"]].values.tolist() == [
        ["", "", 9.0],
        ["gender", "woman", 9.0],
    ]


def test_a_margin_that_one_round_does_not_know_is_not_known_of_both():
    told = {"a": {"margins": {"gender": {"woman": 9}}}, "b": {}}
    rows = [("a", "end", "2024", 9), ("b", "end", "2025", 5)]
    assert survey.margins(ledger(rows, told))["total"].tolist() == [14.0]
    assert survey.margins(ledger([("a", "end", "2024", pd.NA)], {}), wave="end").empty


def test_who_stays_is_counted_by_group_with_an_interval():
    found = survey.retention(MANY, by=["programme", "education_group"]).set_index("education_group")
    assert found["n"].sum() == 40
    assert found["count"].sum() == sum(letter != " " for letter in END)
    assert found[["conf_low", "conf_high"]].notna().all(axis=None)
    assert set(found["variable"]) == {"response"}


def test_groups_of_nobody_are_told_in_retention():
    assert survey.retention(women("", "")).iloc[0]["note"] == "no_answers"
    alone = survey.retention(women("y", "y")).iloc[0]
    assert (alone["estimate"], alone["n"]) == (1.0, 1)
