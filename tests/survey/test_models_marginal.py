"""Adjusted shares and their differences, against R and against other ways of computing them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kij_analysis import survey

SHARED = os.environ.get("KIJ_SHARED")
needs_shared = pytest.mark.skipif(not SHARED, reason="KIJ_SHARED does not say where the shared data lies")
OTHERS = ["age", "lwt", "race", "ht", "ui"]


@pytest.fixture(scope="module")
def births() -> tuple[pd.DataFrame, dict]:
    """189 births, of case 24."""
    folder = Path(SHARED or ".") / "cases" / "statistics" / "24_marginal_effects_logit"
    rows = pd.read_csv(folder / "input.csv")
    race = pd.Categorical(rows["race"], ["white", "black", "other"])
    theirs = json.loads((folder / "reference.json").read_text("utf-8"))
    return rows.assign(race=race, gender="woman", data_status="published"), theirs


def numbers_of(row: pd.Series, *names: str) -> list[float]:
    return [float(row[name]) for name in names or ("estimate", "std_error")]


@needs_shared
@pytest.mark.parametrize(
    ("errors", "name"), [("model", "standardised_risks_model_vcov"), ("hc1", "standardised_risks_HC1")]
)
def test_standardised_shares_and_their_comparisons_agree_with_R(
    errors: str, name: str, births: tuple[pd.DataFrame, dict]
):
    """> m <- glm(low ~ smoke + age + lwt + race + ht + ui, binomial); p1 <- plogis(X1 %*% beta); …"""
    rows, theirs = births[0], births[1][name]
    asked = {"of": "smoke", "errors": errors}
    difference, none, smokes = (
        row for _, row in survey.marginal(rows, "low", OTHERS, averages=True, **asked).iterrows()
    )
    assert numbers_of(difference) == pytest.approx(theirs["rd"], abs=1e-7)
    assert numbers_of(none) == pytest.approx(theirs["p0"], abs=1e-7)
    assert numbers_of(smokes) == pytest.approx(theirs["p1"], abs=1e-7)
    assert difference["method"] == ("marginal" if errors == "model" else "marginal_robust")
    for measure, log in (("ratio", "log_rr"), ("odds_ratio", "log_or")):
        row = survey.marginal(rows, "low", OTHERS, measure=measure, **asked).iloc[0]
        found = [np.log(row["estimate"]), row["std_error"] / row["estimate"]]
        assert found == pytest.approx(theirs[log], abs=1e-7)
    assert survey.marginal(rows, "low", OTHERS, measure="ratio", **asked)["estimate"].tolist() == (
        pytest.approx([theirs["rr"]], abs=1e-7)
    )


@needs_shared
def test_the_difference_for_those_in_a_group_agrees_with_R(births: tuple[pd.DataFrame, dict]):
    row = survey.marginal(births[0], "low", OTHERS, of="smoke", over="first").iloc[0]
    theirs = births[1]["att_rd"]
    assert numbers_of(row) == pytest.approx([theirs["est"], theirs["se"]], abs=1e-7)


@needs_shared
@pytest.mark.parametrize("of", ["age", "lwt"])
def test_mean_slopes_of_numbers_agree_with_R(of: str, births: tuple[pd.DataFrame, dict]):
    row = survey.marginal(births[0], "low", [*OTHERS, "smoke"], of=of).iloc[0]
    theirs = births[1][f"ame_{of}"]
    assert numbers_of(row) == pytest.approx([theirs["est"], theirs["se"]], abs=1e-7)
    assert (row["group"], row["measure"]) == (of, "risk_difference")


@needs_shared
def test_mean_shares_by_group_agree_with_R(births: tuple[pd.DataFrame, dict]):
    found = survey.marginal(births[0], "low", [*OTHERS, "smoke"], of="race", averages=True)
    shares = found[found["measure"] == "share"].set_index("first")["estimate"]
    assert shares.to_dict() == pytest.approx(births[1]["average_risk_by_race"], abs=1e-7)
    assert found["group"].tolist()[:2] == ["black-white", "other-white"]


# ------------------------------------------------------------------ what rows are called, and other answers


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    """Three programmes, with years in the country that differ between them."""
    random = np.random.default_rng(11)
    programme = np.repeat(["fika", "kvinfo", "sajo"], [60, 90, 70])
    years = random.integers(0, 12, 220) + 3 * (programme == "sajo")
    share = 1 / (1 + np.exp(0.2 * years - 1 - 0.7 * (programme == "kvinfo")))
    language = random.random(220) < share
    return pd.DataFrame(
        {
            "programme": programme, "years": years, "barrier_language": pd.array(language, dtype="boolean"),
            "zero_one": language.astype(int), "gender": "woman", "data_status": "synthetic",
            "children": pd.Categorical(random.choice(["none", "some"], 220), ["none", "some"]),
            "named": pd.Categorical(np.where(language, "language", "other"), ["language", "other"]),
            "wave": np.where(random.random(220) < 0.8, "entry", "end"), "score": 5.0 + years,
        }
    )  # fmt: skip


ADJUSTED = {"predictors": ["years", "children"], "of": "programme"}


def test_one_row_for_each_programme_but_the_reference(answers: pd.DataFrame):
    found = survey.marginal(answers, "barrier_language", **ADJUSTED)
    assert found["group"].tolist() == ["kvinfo-fika", "sajo-fika"]
    assert set(found["programme"]) == {"all"} and set(found["measure"]) == {"risk_difference"}
    assert found[["n_1", "n_2"]].values.tolist() == [[90, 60], [70, 60]]
    assert set(found["category"]) == {"yes"} and set(found["adjusted_for"]) == {"years|children"}


def test_averages_stand_under_their_own_programme_and_differ_by_the_difference(answers: pd.DataFrame):
    found = survey.marginal(answers, "barrier_language", averages=True, reference="sajo", **ADJUSTED)
    shares = found[found["measure"] == "share"].set_index("programme")
    assert shares.index.tolist() == ["sajo", "fika", "kvinfo"] and set(shares["group"]) == {""}
    assert shares["n"].to_dict() == {"sajo": 70, "fika": 60, "kvinfo": 90}
    for row in found[found["measure"] == "risk_difference"].itertuples():
        apart = shares.loc[row.first, "estimate"] - shares.loc["sajo", "estimate"]
        assert row.estimate == pytest.approx(apart)
    assert shares[["conf_low", "conf_high"]].to_numpy().min() > 0


def test_true_and_false_and_zero_and_one_and_a_category_are_the_same_outcome(answers: pd.DataFrame):
    one, two, three = (
        survey.marginal(answers, name, **ADJUSTED, **more)["estimate"].tolist()
        for name, more in (("barrier_language", {}), ("zero_one", {}), ("named", {"category": "language"}))
    )
    assert one == two == three


def test_the_two_answers_of_a_question_mirror_each_other(answers: pd.DataFrame):
    found = survey.marginal(answers, "named", **ADJUSTED).set_index(["category", "group"])["estimate"]
    assert found["language"].to_numpy() == pytest.approx(-found["other"].to_numpy())


def test_adjusting_takes_out_what_differs_between_the_programmes(answers: pd.DataFrame):
    crude = survey.marginal(answers, "barrier_language", [], of="programme").set_index("first")["estimate"]
    shares = answers.groupby("programme")["barrier_language"].mean()
    assert crude["sajo"] == pytest.approx(float(shares["sajo"] - shares["fika"]))
    adjusted = survey.marginal(answers, "barrier_language", **ADJUSTED).set_index("first")["estimate"]
    assert abs(adjusted["sajo"]) < abs(crude["sajo"])


def test_each_group_has_a_model_of_its_own(answers: pd.DataFrame):
    asked = {"predictors": ["years"], "of": "children", "by": "programme", "least_events": 1}
    found = survey.marginal(answers, "barrier_language", **asked)
    assert found["programme"].tolist() == ["fika", "kvinfo", "sajo"]
    asked["by"] = ["wave"]
    assert survey.marginal(answers, "barrier_language", **asked)["group"].str.endswith("|some-none").all()
    alone = survey.marginal(answers[answers["programme"] == "sajo"], "barrier_language", ["years"],
                            of="children", least_events=1)  # fmt: skip
    assert found["estimate"].iloc[2] == pytest.approx(alone["estimate"].iloc[0])


def test_a_linear_model_gives_differences_of_means(answers: pd.DataFrame):
    found = survey.marginal(answers, "score", ["years"], of="children", kind="linear", averages=True)
    assert found["measure"].tolist() == ["difference", "mean", "mean"]
    assert found["estimate"].iloc[0] == pytest.approx(0, abs=1e-9)
    assert found["estimate"].iloc[1:].to_numpy() == pytest.approx(answers["score"].mean())
    assert found["count"].isna().all() and found["n"].tolist()[0] == 220
    slope = survey.marginal(answers, "score", [], of="years", kind="linear")
    assert slope[["group", "measure"]].values.tolist() == [["years", "difference"]]
    assert slope["estimate"].iloc[0] == pytest.approx(1)


def test_the_difference_over_one_group_is_that_of_its_own_members(answers: pd.DataFrame):
    import statsmodels.formula.api as smf

    frame = answers.assign(language=answers["zero_one"])
    fit = smf.logit("language ~ years + C(programme)", frame).fit(disp=0)
    found = survey.marginal(answers, "barrier_language", ["years"], of="programme", over="first")
    for row in found.itertuples():
        own = frame[frame["programme"] == row.first]
        theirs = fit.predict(own).mean() - fit.predict(own.assign(programme="fika")).mean()
        assert row.estimate == pytest.approx(theirs, abs=1e-8)
    other = survey.marginal(answers, "barrier_language", ["years"], of="programme", over="second")
    own = frame[frame["programme"] == "fika"]
    theirs = fit.predict(own.assign(programme="sajo")).mean() - fit.predict(own).mean()
    assert other["estimate"].iloc[1] == pytest.approx(theirs, abs=1e-8)


def test_men_are_left_out_and_counted(answers: pd.DataFrame):
    frame = answers.assign(gender=np.where(np.arange(220) < 15, "man", "woman"))
    found = survey.marginal(frame, "barrier_language", **ADJUSTED)
    assert set(found["left_out"]) == {15.0}
    assert found["n"].tolist() == [135.0, 115.0]
