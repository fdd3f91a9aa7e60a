"""Regression against R: cases 07, 24 and 25, and against statsmodels where no case is at hand."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kij_analysis import survey
from kij_analysis.survey.models.ordered import proportional_odds, shares_at

SHARED = os.environ.get("KIJ_SHARED")
pytestmark = pytest.mark.skipif(not SHARED, reason="KIJ_SHARED does not say where the shared data lies")


def case(name: str, table: str = "input.csv") -> tuple[pd.DataFrame, dict]:
    folder = Path(SHARED or ".") / "cases" / "statistics" / name
    rows = pd.read_csv(folder / table).assign(gender="woman", data_status="published")
    return rows, json.loads((folder / "reference.json").read_text("utf-8"))


def coefficients(found: pd.DataFrame) -> pd.DataFrame:
    """By the name of the term in R: the coefficient and its error, and z."""
    names = found["predictor"] + found["first"].where(~found["first"].isin(["True", ""]), "")
    return found.set_index(names.str.replace("intercept", "(Intercept)"))


# ------------------------------------------------------------------ case 24: a plain logistic model

RACES = ["white", "black", "other"]


@pytest.fixture(scope="module")
def births() -> tuple[pd.DataFrame, dict]:
    rows, theirs = case("24_marginal_effects_logit")
    return rows.assign(race=pd.Categorical(rows["race"], RACES)), theirs


PREDICTORS = ["smoke", "age", "lwt", "race", "ht", "ui"]


def test_a_logistic_model_agrees_with_R(births: tuple[pd.DataFrame, dict]):
    """> summary(glm(low ~ smoke + age + lwt + race + ht + ui, family = binomial))"""
    found = survey.regression(births[0], "low", PREDICTORS, interval="wald", intercept=True)
    ours, theirs = coefficients(found), pd.DataFrame(births[1]["coef"]).T.astype(float)
    ours = ours.loc[theirs.index]
    assert ours["coefficient"].to_numpy() == pytest.approx(theirs["Estimate"].to_numpy(), abs=1e-7)
    assert ours["coefficient_error"].to_numpy() == pytest.approx(theirs["Std. Error"].to_numpy(), abs=1e-7)
    assert ours["p_value"].to_numpy() == pytest.approx(theirs["Pr(>|z|)"].to_numpy(), abs=1e-7)
    odds = ours[ours["measure"] == "odds_ratio"]
    assert odds["estimate"].to_numpy() == pytest.approx(np.exp(odds["coefficient"].to_numpy()))


@pytest.mark.parametrize("errors", ["hc2", "hc3"])
def test_a_linear_model_with_robust_errors_agrees_with_R(errors: str, births: tuple[pd.DataFrame, dict]):
    """> sqrt(vcovHC(lm(low ~ …), "HC2")["smoke", "smoke"])"""
    found = survey.regression(births[0], "low", PREDICTORS, kind="linear", errors=errors).iloc[0]
    theirs = births[1]["lpm"]
    assert [found["estimate"], found["std_error"]] == pytest.approx(
        [theirs["rd"], theirs[f"se_{errors.upper()}"]], abs=1e-7
    )
    assert (found["measure"], found["test"], found["df"]) == ("difference", "t", 189 - 8)


def test_linear_models_agree_with_statsmodels(births: tuple[pd.DataFrame, dict]):
    import statsmodels.api as sm

    rows = births[0]
    found = survey.regression(rows, "lwt", ["age", "smoke"], kind="linear", intercept=True)
    theirs = sm.OLS(rows["lwt"], sm.add_constant(rows[["age", "smoke"]])).fit()
    order = ["age", "smoke", "const"]
    assert found["estimate"].to_numpy() == pytest.approx(theirs.params[order].to_numpy())
    assert found[["conf_low", "conf_high"]].to_numpy() == pytest.approx(
        theirs.conf_int().loc[order].to_numpy()
    )
    assert found["p_value"].to_numpy() == pytest.approx(theirs.pvalues[order].to_numpy())
    assert found["log_likelihood"].iloc[0] == pytest.approx(theirs.llf)


def test_likelihood_ratio_tests_agree_with_statsmodels(births: tuple[pd.DataFrame, dict]):
    import statsmodels.api as sm

    rows = births[0]
    found = survey.regression(rows, "low", ["age", "lwt", "ht"])
    full = sm.Logit(rows["low"], sm.add_constant(rows[["age", "lwt", "ht"]])).fit(disp=0)
    for name in ("age", "lwt", "ht"):
        rest = [other for other in ("age", "lwt", "ht") if other != name]
        less = sm.Logit(rows["low"], sm.add_constant(rows[rest])).fit(disp=0)
        from scipy.stats import chi2

        p = found.set_index("predictor").loc[name, "p_value"]
        assert p == pytest.approx(chi2.sf(2 * (full.llf - less.llf), 1), abs=1e-8)
    assert set(found["test"]) == {"likelihood_ratio"}


def test_a_profile_interval_ends_where_the_test_of_its_end_has_the_p_value_of_the_level(
    births: tuple[pd.DataFrame, dict],
):
    import statsmodels.api as sm

    rows = births[0]
    found = survey.regression(rows, "low", ["lwt", "ht"], level=0.9).set_index("predictor").loc["ht"]
    full = sm.Logit(rows["low"], sm.add_constant(rows[["lwt", "ht"]])).fit(disp=0)
    for end in (found["conf_low"], found["conf_high"]):
        offset = np.log(end) * rows["ht"]
        held = sm.GLM(
            rows["low"], sm.add_constant(rows[["lwt"]]), family=sm.families.Binomial(), offset=offset
        ).fit()
        assert 2 * (full.llf - held.llf) == pytest.approx(2.7055434541, abs=1e-6)


# ------------------------------------------------------------------ case 25: Firth

FIRTH = {
    "endometrial_firth": ("input_endometrial.csv", "HG", ["NV", "PI", "EH"]),
    "tiny_firth": ("input_tiny.csv", "y", ["t", "age"]),
}


@pytest.mark.parametrize("name", FIRTH)
def test_separated_answers_are_penalised_as_in_R_and_that_is_said(name: str):
    """> glm(HG ~ NV + PI + EH, binomial, method = "brglmFit", type = "AS_mean"); profiles by optim"""
    table, outcome, predictors = FIRTH[name]
    rows, reference = case("25_small_sample_logistic", table)
    ours = coefficients(survey.regression(rows, outcome, predictors, intercept=True))
    theirs = reference[name]
    table_ = pd.DataFrame(theirs["coef"]).T.astype(float)
    profile = pd.DataFrame(theirs["profile"]).T.astype(float)
    ours = ours.loc[table_.index]
    assert ours["coefficient"].to_numpy() == pytest.approx(table_["Estimate"].to_numpy(), abs=1e-7)
    assert ours["coefficient_error"].to_numpy() == pytest.approx(table_["Std. Error"].to_numpy(), abs=1e-7)
    assert ours["log_likelihood"].to_numpy() == pytest.approx(theirs["penalised_loglik"], abs=1e-7)
    ends = ours[["conf_low", "conf_high"]]
    logs = ends.where(ours["measure"] == "coefficient", np.log(ends.where(ends > 0)))
    assert logs.to_numpy() == pytest.approx(profile[["lo", "hi"]].to_numpy(), rel=1e-4, abs=1e-4)
    assert ours["p_value"].to_numpy() == pytest.approx(profile["p"].to_numpy(), abs=1e-4)
    assert set(ours["method"]) == {"firth"} and set(ours["note"]) == {"separation"}


def test_separation_without_the_penalty_gives_no_estimate():
    rows, _ = case("25_small_sample_logistic", "input_endometrial.csv")
    found = survey.regression(rows, "HG", ["NV", "PI", "EH"], penalised=False)
    assert found["estimate"].isna().all() and set(found["note"]) == {"separation"}


def test_the_penalty_may_be_asked_for_where_nothing_is_separated():
    rows, _ = case("25_small_sample_logistic", "input_endometrial.csv")
    found = survey.regression(rows, "HG", ["PI", "EH"], penalised=True)
    assert set(found["note"]) == {""} and set(found["method"]) == {"firth"}
    plain = survey.regression(rows, "HG", ["PI", "EH"])
    assert set(plain["method"]) == {"logistic"}
    assert (found["coefficient"].abs() < plain["coefficient"].abs()).all()


# ------------------------------------------------------------------ case 07: proportional odds


@pytest.fixture(scope="module")
def ordered() -> tuple[dict[str, pd.DataFrame], dict]:
    """The housing cells as persons, and the wine tastings."""
    rows, theirs = case("07_ordinal_models")
    levels = theirs["levels"]
    housing = rows[rows["set"] == "housing"]
    housing = housing.loc[housing.index.repeat(housing["freq"])].assign(
        y=lambda f: pd.Categorical(f["y"], levels["Sat"], ordered=True),
        **{
            name: lambda f, x=x, name=name: pd.Categorical(f[x], levels[name])
            for x, name in (("x1", "Infl"), ("x2", "Type"), ("x3", "Cont"))
        },
    )
    wine = rows[rows["set"] == "wine"]
    wine = wine.assign(
        y=pd.Categorical(wine["y"], list("12345"), ordered=True),
        temp=pd.Categorical(wine["x1"], levels["temp"]),
        contact=pd.Categorical(wine["x2"], levels["contact"]),
    )
    return {"housing": housing, "wine": wine}, theirs


MODELS = {"housing": ["Infl", "Type", "Cont"], "wine": ["temp", "contact"]}


@pytest.mark.parametrize(("name", "key"), [("housing", "logit"), ("wine", "")])
def test_proportional_odds_agree_with_R(name: str, key: str, ordered: tuple[dict, dict]):
    """> clm(Sat ~ Infl + Type + Cont, weights = Freq); clm(rating ~ temp + contact)"""
    theirs = ordered[1][f"{name}_clm"][key] if key else ordered[1][f"{name}_clm"]
    found = survey.regression(
        ordered[0][name], "y", MODELS[name], kind="ordinal", interval="wald", intercept=True
    )
    names = found["first"].where(found["predictor"] == "threshold", found["predictor"] + found["first"])
    ours, table = found.set_index(names), pd.DataFrame(theirs["coef_table"]).T.astype(float)
    ours = ours.loc[table.index]
    assert ours["coefficient"].to_numpy() == pytest.approx(table["Estimate"].to_numpy(), abs=1e-6)
    assert ours["coefficient_error"].to_numpy() == pytest.approx(table["Std. Error"].to_numpy(), abs=1e-5)
    assert ours["p_value"].to_numpy() == pytest.approx(table["Pr(>|z|)"].to_numpy(), abs=1e-6)
    assert ours["log_likelihood"].iloc[0] == pytest.approx(theirs["loglik"], abs=1e-6)
    if name == "housing":
        polr = ordered[1]["housing_polr"]
        slopes = ours.loc[list(polr["beta"]), "coefficient"].to_numpy()
        assert slopes == pytest.approx(list(polr["beta"].values()), abs=1e-6)


def test_the_test_of_proportional_odds_agrees_with_VGAM(ordered: tuple[dict, dict]):
    """> vglm(ordered(Sat) ~ Infl + Type + Cont, cumulative(parallel = FALSE), weights = Freq)"""
    found = survey.regression(ordered[0]["housing"], "y", MODELS["housing"], kind="ordinal").iloc[0]
    theirs = ordered[1]["housing_PO_LR_test"]
    ours = found[["proportionality", "df_proportionality", "p_proportionality"]].tolist()
    assert ours == pytest.approx([theirs["LR"], theirs["df"], theirs["p"]], abs=1e-5)


def test_the_test_of_one_predictor_and_profiles_agree_with_R(ordered: tuple[dict, dict]):
    """> clm(rating ~ temp, nominal = ~ contact, data = wine); confint(w1, type = "profile"); anova(w0, w1)"""
    found = survey.regression(ordered[0]["wine"], "y", MODELS["wine"], kind="ordinal")
    contact = found.set_index("predictor").loc["contact"]
    theirs = ordered[1]["wine_nominal_contact"]
    ours = contact[["own_proportionality", "df_own_proportionality", "p_own_proportionality"]].tolist()
    assert ours == pytest.approx([theirs["LR"], theirs["df"], theirs["p"]], abs=1e-6)
    assert contact["p_value"] == pytest.approx(ordered[1]["wine_LRT_contact"]["p"], abs=1e-8)
    # R's profile is interpolated between points, hence the tolerance.
    ends = np.array([list(ends.values()) for ends in ordered[1]["wine_confint_profile"].values()])
    assert np.log(found[["conf_low", "conf_high"]].to_numpy()) == pytest.approx(ends, abs=2e-4)


def test_shares_of_ordered_answers_agree_with_R(ordered: tuple[dict, dict]):
    wine = ordered[0]["wine"]
    values = np.column_stack([wine["temp"] == "warm", wine["contact"] == "yes"]).astype(float)
    fit, _ = proportional_odds(values, wine["y"].cat.codes.to_numpy(float), np.ones(len(wine)))
    places = {"cold_no": (0, 0), "warm_no": (1, 0), "cold_yes": (0, 1), "warm_yes": (1, 1)}
    theirs = ordered[1]["wine_predicted_probs"]
    for name, place in places.items():
        ours = shares_at(np.array([place], float), fit.coefficients, 4)[0]
        assert ours == pytest.approx(list(theirs[name].values()), abs=1e-6)
