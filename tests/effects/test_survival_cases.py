"""Time to a job against R: survival, survRM2 and glm; the data of the case is read where it lies."""

from __future__ import annotations

import json
import os
from pathlib import Path

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

SHARED = os.environ.get("KIJ_SHARED")
CASE = Path(SHARED or ".") / "cases" / "statistics" / "19_survival"
pytestmark = pytest.mark.skipif(not SHARED, reason="KIJ_SHARED does not say where the reference cases lie")
R = json.loads((CASE / "reference.json").read_text("utf-8")) if SHARED else {}
MGUS = {0: "none", 1: "job", 2: "left"}


def persons(name: str, time: str, event: str, **columns: str) -> pd.DataFrame:
    rows = pd.read_csv(CASE / f"input_{name}.csv")
    outcome = rows[event].map(MGUS)
    return rows.assign(months=rows[time].astype(float), outcome=outcome, data_status="published")


@pytest.fixture(scope="module")
def gehan() -> pd.DataFrame:
    rows = persons("gehan", "time", "cens")
    return rows.assign(control=rows["treat"] == "control", mp=rows["treat"] == "6-MP")


@pytest.fixture(scope="module")
def lung() -> pd.DataFrame:
    return persons("lung", "time", "status").rename(columns={"ph.ecog": "ecog"})


@pytest.fixture(scope="module")
def mgus() -> pd.DataFrame:
    return persons("mgus2", "etime", "event")


@pytest.mark.parametrize("limits", ["plain", "log", "log_log"])
def test_curves_of_those_still_waiting_agree_with_survfit(limits: str, gehan: pd.DataFrame):
    """> summary(survfit(Surv(time, cens) ~ treat, data = gehan, conf.type = …), times = c(5, 10, 15, 20))"""
    found = survival(gehan, months=[5, 10, 15, 20], by="treat", limits=limits, population="all")
    found = found.set_index(["treat", "month"])
    for theirs in R["gehan"][f"km_{limits.replace('_', '')}"]:
        row = found.loc[(theirs["strata"].removeprefix("treat="), theirs["time"])]
        assert row["estimate"] == pytest.approx(theirs["surv"], abs=1e-12)
        assert row["at_risk"] == theirs["n_risk"]
        if theirs["se"] == 0:  # no event so far: R prints an interval from 1 to 1, we print none
            assert row[["std_error", "conf_low"]].isna().all()
        else:
            numbers = row[["std_error", "conf_low", "conf_high"]].tolist()
            assert numbers == pytest.approx([theirs["se"], theirs["lo"], theirs["hi"]], abs=1e-12)


@pytest.mark.parametrize(("name", "by"), [("gehan", "treat"), ("lung", "sex")])
def test_median_times_agree_with_survfit(name: str, by: str, request: pytest.FixtureRequest):
    frame = request.getfixturevalue(name)
    found = median_time(frame, by=by, population="all").set_index(by)
    for theirs in R[name]["median_loglog"]:
        row = found.loc[theirs["strata"].split("=")[1]]
        assert [row["count"], row["n"]] == [theirs["events"], theirs["n"]]
        wanted = [theirs["median"], theirs["lo"], np.nan if theirs["hi"] is None else theirs["hi"]]
        assert row[["estimate", "conf_low", "conf_high"]].tolist() == pytest.approx(wanted, nan_ok=True)


def test_a_curve_that_stays_at_one_half_has_its_median_in_the_middle_of_the_step():
    """> survfit(Surv(c(1, 2, 3, 4), c(1, 1, 1, 1)) ~ 1)  gives 2.5; greenwood 0.8 gives 2."""
    frame = pd.DataFrame({"months": [1.0, 2.0, 3.0, 4.0], "outcome": "job", "data_status": "published"})
    assert median_time(frame, by=(), population="all")["estimate"].tolist() == [2.5]


@pytest.mark.parametrize(("name", "by"), [("gehan", "treat"), ("lung", "sex")])
def test_log_rank_tests_agree_with_survdiff(name: str, by: str, request: pytest.FixtureRequest):
    theirs = R[name]["tests"]["logrank"]
    found = log_rank(request.getfixturevalue(name), by=by, population="all").sort_values(by, kind="stable")
    assert found["count"].tolist() == theirs["obs"]
    assert found["expected"].tolist() == pytest.approx(theirs["exp"], rel=1e-12)
    assert set(found["df"]) == {theirs["df"]}
    assert found["statistic"].iloc[0] == pytest.approx(theirs["chisq"], rel=1e-12)
    assert found["p_value"].iloc[0] == pytest.approx(theirs["p"], abs=1e-14)


def same_model(found: pd.DataFrame, theirs: dict, limits: dict, error: str = "se(coef)"):
    for (_, row), name in zip(found.iterrows(), theirs, strict=True):
        own = theirs[name]
        assert row["coefficient"] == pytest.approx(own["coef"], abs=1e-8)
        assert row["estimate"] == pytest.approx(own["exp(coef)"], rel=1e-8)
        assert row["coefficient_error"] == pytest.approx(own[error], abs=1e-8)
        assert row["statistic"] == pytest.approx(own["z"], rel=1e-7)
        assert row["p_value"] == pytest.approx(own["Pr(>|z|)"], rel=1e-6)
        if limits:
            wanted = [limits[name]["lower .95"], limits[name]["upper .95"]]
            assert row[["conf_low", "conf_high"]].tolist() == pytest.approx(wanted, rel=1e-8)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_hazard_ratios_agree_with_coxph(ties: str, gehan: pd.DataFrame):
    theirs = R["gehan"][f"cox_{ties}"]
    same_model(cox(gehan, ["control"], ties=ties, population="all"), theirs["coef"], theirs["ci"])


@pytest.mark.parametrize(("case", "variables"), [("cox_sex", ["sex"]), ("cox_multi", ["sex", "age", "ecog"])])
def test_hazard_ratios_of_several_traits_agree_with_coxph(
    case: str, variables: list[str], lung: pd.DataFrame
):
    found = cox(lung, variables, population="all")
    same_model(found, R["lung"][case]["coef"], R["lung"][case]["ci"])
    assert found["missing"].iloc[0] == (1 if "ecog" in variables else 0)


def test_hazard_ratios_agree_with_a_second_program(lung: pd.DataFrame):
    from statsmodels.duration.hazard_regression import PHReg

    kept = lung.dropna(subset=["ecog"])
    theirs = PHReg(
        kept["months"], kept[["sex", "age", "ecog"]], status=kept["outcome"] == "job", ties="efron"
    ).fit()
    found = cox(lung, ["sex", "age", "ecog"], population="all")
    assert found["coefficient"].tolist() == pytest.approx(list(theirs.params), abs=1e-7)
    assert found["coefficient_error"].tolist() == pytest.approx(list(theirs.bse), abs=1e-7)


def test_the_test_of_proportionality_agrees_with_cox_zph(lung: pd.DataFrame):
    """> cox.zph(coxph(Surv(time, status) ~ sex + age + ph.ecog, data = lung), transform = "km")"""
    found = cox(lung, ["sex", "age", "ecog"], population="all")
    *terms, whole = R["lung"]["zph_km"]
    assert found["proportional"].tolist() == pytest.approx([term["chisq"] for term in terms], rel=1e-6)
    assert found["p_proportional"].tolist() == pytest.approx([term["p"] for term in terms], abs=1e-6)
    assert found["global_proportional"].iloc[0] == pytest.approx(whole["chisq"], rel=1e-6)
    assert found["p_global"].iloc[0] == pytest.approx(whole["p"], abs=1e-6)


def test_errors_of_persons_who_share_something_agree_with_coxph_cluster(lung: pd.DataFrame):
    found = cox(lung, ["sex", "age"], cluster="inst", population="all")
    same_model(found, R["lung"]["cox_cluster_inst"], {}, error="robust se")


TAUS = [
    ("gehan", "mp", "rmst_6MP_vs_control_tau20"), ("lung", "sex", "rmst_sex2_vs_1_tau365"),
    ("lung", "sex", "rmst_sex2_vs_1_tau730"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "by", "case"), TAUS)
def test_restricted_means_agree_with_survRM2(name: str, by: str, case: str, request: pytest.FixtureRequest):
    """> rmst2(time, status, arm, tau)"""
    frame, theirs = request.getfixturevalue(name), R[name][case]
    one, other = ("True", "False") if by == "mp" else ("2", "1")
    means = restricted_mean(frame, until=theirs["tau"], by=by, population="all").set_index(by)
    for code, key in ((one, "arm1"), (other, "arm0")):
        numbers = means.loc[code, ["estimate", "std_error", "conf_low", "conf_high"]].tolist()
        assert numbers[:3] == pytest.approx(theirs[key][:3], rel=1e-9)
        assert numbers[3] == pytest.approx(min(theirs[key][3], theirs["tau"]), rel=1e-9)
    for measure, key in (("difference", "diff"), ("ratio", "ratio")):
        found = restricted_difference(
            frame.assign(arm=frame[by].astype("str")), until=theirs["tau"], by="arm", reference=other,
            measure=measure, population="all",
        ).iloc[0]  # fmt: skip
        numbers = found[["estimate", "conf_low", "conf_high", "p_value"]].tolist()
        assert numbers == pytest.approx(theirs[key], rel=1e-8)


def test_the_error_of_a_restricted_mean_is_not_that_of_the_time_itself(gehan: pd.DataFrame):
    """lifelines' restricted_mean_survival_time(return_variance=True) gives 5.56 (its issue 1682)."""
    found = restricted_mean(gehan, until=20, by="mp", population="all").set_index("mp")
    assert found.loc["True", "std_error"] == pytest.approx(1.2516, abs=5e-5)


def test_cumulative_incidence_agrees_with_survfit(mgus: pd.DataFrame):
    """> survfit(Surv(etime, factor(event, 0:2, c("censor", "pcm", "death"))) ~ 1, data = mgus2)"""
    found = incidence(mgus, months=[12, 60, 120, 240], by=(), population="all").set_index(
        ["category", "month"]
    )
    for theirs in R["mgus2"]["cif"]:
        for code, name in (("job", "pcm"), ("left", "death")):
            row = found.loc[(code, theirs["time"])]
            assert row[["estimate", "std_error"]].tolist() == pytest.approx(
                [theirs[name], theirs[f"{name}_se"]], abs=1e-12
            )


def test_cumulative_incidence_of_groups_agrees_with_survfit(mgus: pd.DataFrame):
    found = incidence(mgus, months=[60, 120, 240], by="sex", population="all")
    found = found.set_index(["sex", "category", "month"])["estimate"]
    for theirs in R["mgus2"]["cif_by_sex"]:
        place = theirs["strata"].removeprefix("sex=")
        numbers = [found[(place, code, theirs["time"])] for code in ("job", "left")]
        assert numbers == pytest.approx([theirs["pcm"], theirs["death"]], abs=1e-12)


def test_one_minus_kaplan_meier_overstates_the_share(mgus: pd.DataFrame):
    naive = 1 - survival(mgus, months=[240], by=(), population="all")["estimate"].iloc[0]
    assert naive == pytest.approx(R["mgus2"]["naive_1_minus_KM_pcm_240"], abs=1e-12)
    found = incidence(mgus, months=[240], by=(), population="all").set_index("category")["estimate"]
    assert naive > 2 * found["job"]


def test_the_pace_towards_one_end_agrees_with_coxph(mgus: pd.DataFrame):
    """> coxph(Surv(etime, event == 1) ~ age + I(sex == "M"), data = mgus2)"""
    found = cox(mgus.assign(male=mgus["sex"] == "M"), ["age", "male"], population="all")
    same_model(found, R["mgus2"]["cause_specific_cox_pcm"], {})


@pytest.mark.parametrize("link", ["logit", "cloglog"])
def test_models_of_periods_agree_with_glm(link: str, gehan: pd.DataFrame):
    """> glm(y ~ factor(pg) + treat, family = binomial(link), data = person_periods)"""
    found = discrete_time(gehan, ["mp"], width=4, link=link, population="all").set_index(
        ["variable", "category"]
    )
    theirs = R["discrete_time"][link]
    assert set(found["periods"]) == {R["discrete_time"]["person_periods"]}
    named = {("mp", "yes"): "treat"} | {("period", str(step)): f"factor(pg){step}" for step in range(2, 6)}
    for place, name in named.items():
        own = [theirs[name][key] for key in ("Estimate", "Std. Error", "z value", "Pr(>|z|)")]
        numbers = found.loc[place, ["coefficient", "coefficient_error", "statistic", "p_value"]].tolist()
        assert numbers == pytest.approx(own, abs=1e-6)
    constant = [theirs["(Intercept)"][key] for key in ("Estimate", "Std. Error")]
    assert found.iloc[0][["baseline", "baseline_error"]].tolist() == pytest.approx(constant, abs=1e-6)
