"""Comparisons against R and against published numbers: the shared cases on NSW, entropy balancing and DiD."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kij_analysis import effects
from kij_analysis.effects.comparison.doubly_robust import doubly_robust
from kij_analysis.effects.comparison.entropy import entropy_balancing
from kij_analysis.effects.comparison.found import Found
from kij_analysis.effects.comparison.persons import Persons, persons_of
from kij_analysis.effects.comparison.propensity import propensity_of
from kij_analysis.effects.comparison.regression import adjusted
from kij_analysis.effects.comparison.result import effective_size
from kij_analysis.effects.comparison.weighting import inverse_probability

SHARED = os.environ.get("KIJ_SHARED")
pytestmark = pytest.mark.skipif(not SHARED, reason="KIJ_SHARED does not say where the shared data lies")
NSW = ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"]
SCORE = [*NSW, "age2", "age3", "educ2", "u74", "u75", "educ_re74"]
MEANS = [*NSW, "age2", "u74", "u75"]


def case(name: str, file: str = "input.csv") -> tuple[pd.DataFrame, dict[str, Any]]:
    folder = Path(SHARED or ".") / "cases" / "statistics" / name
    frame = pd.read_csv(folder / file).assign(data_status="published")
    return frame, json.loads((folder / "reference.json").read_text("utf-8"))


def persons(frame: pd.DataFrame, outcome: str, treated: str, covariates: list[str]) -> Persons:
    (found,) = persons_of(frame, outcome=outcome, treated=treated, covariates=covariates, population="all")
    return found


@pytest.fixture(scope="module")
def nsw() -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Any]]:
    """The experiment, its treated with the controls of the population survey, and the reference."""
    rows, reference = case("15_nsw_benchmark")
    rows = rows.assign(
        u74=(rows["re74"] == 0).astype(float),
        u75=(rows["re75"] == 0).astype(float),
        age2=rows["age"] ** 2,
        age3=rows["age"] ** 3,
        educ2=rows["educ"] ** 2,
        educ_re74=rows["educ"] * rows["re74"],
        employed=rows["re78"] > 0,
    )
    experiment = rows[rows["sample"] == "nsw"]
    others = pd.concat([experiment[experiment["treat"] == 1], rows[rows["sample"] == "cps"]])
    return experiment, others, reference


# ------------------------------------------------------------------ case 15: NSW


PUBLISHED = {("experimental", False): (1794, 633), ("experimental", True): (1676, 639)} | {
    ("cps_controls", False): (-8498, 712), ("cps_controls", True): (699, 548),
}  # fmt: skip


@pytest.mark.parametrize("sample", ["experimental", "cps_controls"])
@pytest.mark.parametrize("with_covariates", [False, True])
def test_nsw_equals_the_published_numbers_and_R(nsw, sample: str, with_covariates: bool):
    """LaLonde 1986 and Dehejia & Wahba 1999; > lm(re78 ~ treat + ...); vcovHC(m, "HC1" to "HC3")"""
    rows = nsw[0] if sample == "experimental" else nsw[1]
    own = persons(rows, "re78", "treat", NSW if with_covariates else [])
    theirs = nsw[2][sample]["adjusted" if with_covariates else "difference_in_means"]
    names = {"classical": "se_ols", "hc1": "se_HC1", "robust": "se_HC2", "hc3": "se_HC3"}
    for errors, name in names.items():
        found = adjusted(own, interacted=False, errors=errors)
        assert found.estimate == pytest.approx(theirs["est"], rel=1e-8)
        assert found.spread[0] == pytest.approx(theirs[name], rel=1e-8)
    classical = adjusted(own, interacted=False, errors="classical")
    assert (round(classical.estimate), round(classical.spread[0])) == PUBLISHED[sample, with_covariates]
    assert (len(own), own.treated.sum()) == (theirs["n"], theirs["n_treated"])


def test_the_plain_difference_is_that_of_welch(nsw):
    """> t.test(re78 ~ treat)"""
    row = effects.compare(
        nsw[0], outcome="re78", treated="treat", covariates=["age"], estimators=["difference_in_means"],
        population="all",
    ).iloc[0]  # fmt: skip
    welch = nsw[2]["experimental"]["welch"]
    assert row["df"] == pytest.approx(welch["df"], rel=1e-9)
    assert row["estimate"] / row["std_error"] == pytest.approx(welch["t"], rel=1e-9)
    assert [row["conf_low"], row["conf_high"]] == pytest.approx(welch["ci"], rel=1e-9)


def test_a_share_of_employed_is_compared_as_a_share(nsw):
    row = effects.compare(
        nsw[0], outcome="employed", treated="treat", covariates=["age"], estimators=["difference_in_means"],
        population="all",
    ).iloc[0]  # fmt: skip
    assert row["measure"] == "risk_difference"
    assert row["estimate"] == pytest.approx(nsw[2]["experimental"]["employment"]["rd"], abs=1e-12)


def test_regression_with_a_slope_of_its_own_for_each_group_agrees_with_R(nsw):
    """Lin 2013: > lm(re78 ~ treat * scale(X, scale = FALSE)); vcovHC(li, "HC2")"""
    found = adjusted(persons(nsw[0], "re78", "treat", NSW), estimand="ate")
    theirs = nsw[2]["experimental"]["lin_interacted"]
    assert [found.estimate, found.spread[0]] == pytest.approx([theirs["est"], theirs["se_HC2"]], rel=1e-8)


@pytest.fixture(scope="module")
def observed(nsw) -> tuple[Persons, Persons]:
    """The treated of NSW among the controls of CPS, by the columns of the score and of the outcome."""
    return persons(nsw[1], "re78", "treat", SCORE), persons(nsw[1], "re78", "treat", MEANS)


def test_weights_by_the_inverse_chance_agree_with_R(nsw, observed):
    own, theirs = observed[0], nsw[2]["cps_controls"]
    fitted = propensity_of(own)
    likelihood = np.log(np.where(own.treated, fitted.chance, 1 - fitted.chance)).sum()
    assert likelihood == pytest.approx(theirs["ps_loglik"], rel=1e-9)
    found = inverse_probability(own, propensity=fitted)
    assert found.estimate == pytest.approx(theirs["ipw_att_hajek"], rel=1e-5)
    weights = found.weights[~own.treated]
    assert effective_size(weights) == pytest.approx(theirs["ess_controls"], rel=1e-5)
    trimmed, wanted = inverse_probability(own, trim=(0.1, 0.9)), theirs["ipw_att_trim_0.1_0.9"]
    assert trimmed.estimate == pytest.approx(wanted["est"], rel=1e-5)
    assert (len(trimmed.used), trimmed.used.treated.sum()) == (wanted["n"], wanted["n_treated"])


def test_regression_imputation_agrees_with_R(nsw, observed):
    found = adjusted(observed[1])
    assert found.estimate == pytest.approx(nsw[2]["cps_controls"]["regression_imputation_att"], rel=1e-8)


def test_the_doubly_robust_estimate_and_its_influence_agree_with_R(nsw, observed):
    theirs = nsw[2]["cps_controls"]["aipw_att"]
    found = doubly_robust(observed[0], outcome_persons=observed[1], nuisance="known")
    assert found.estimate == pytest.approx(theirs["est"], rel=1e-5)
    error = found.influence.std(ddof=1) / np.sqrt(len(found.influence))
    assert error == pytest.approx(theirs["se_if"], rel=1e-5)
    # Allowing for the estimated models changes little here.
    estimated = doubly_robust(observed[0], outcome_persons=observed[1])
    assert estimated.spread[0] == pytest.approx(error, rel=0.05)


# ------------------------------------------------------------------ case 16: entropy balancing

LALONDE = ["age", "educ", "race", "married", "nodegree", "re74", "re75"]


@pytest.fixture(scope="module")
def lalonde() -> tuple[pd.DataFrame, Persons, Found, dict[str, Any]]:
    rows, reference = case("16_entropy_balancing")
    own = persons(rows, "re78", "treat", LALONDE)
    return rows, own, entropy_balancing(own), reference


def test_the_weights_of_entropy_balancing_agree_with_R(lalonde):
    rows, own, found, reference = lalonde
    theirs = reference["weights_control_sum_to_n_treated"]
    ids = rows["id"].loc[own.index[~own.treated]].astype(str)
    weights = found.weights[~own.treated]
    assert np.abs(weights - np.array([theirs[one] for one in ids])).max() < 1e-6
    assert effective_size(weights) == pytest.approx(reference["ess_control"], rel=1e-6)
    assert weights.max() == pytest.approx(reference["max_weight"], rel=1e-6)
    shares = weights / weights.sum()
    divergence = (shares * np.log(shares * len(shares))).sum()
    assert divergence == pytest.approx(reference["entropy_divergence"], rel=1e-6)


def test_the_estimates_of_entropy_balancing_agree_with_R(lalonde):
    """The ATT of 1273.3 also stands in the vignette of WeightIt."""
    _, own, found, reference = lalonde
    assert found.estimate == pytest.approx(reference["att"]["est"], rel=1e-6)
    known = np.sqrt((found.more["known"] ** 2).sum()) / len(own)
    assert known == pytest.approx(reference["att"]["se_HC0"], rel=1e-6)
    everybody = entropy_balancing(own, estimand="ate")
    assert everybody.estimate == pytest.approx(reference["ate"]["est"], rel=1e-6)
    for arm, name in ((own.treated, "ess_treated"), (~own.treated, "ess_control")):
        assert effective_size(everybody.weights[arm]) == pytest.approx(reference["ate"][name], rel=1e-6)


def test_the_balance_table_agrees_with_R(lalonde):
    """> cobalt::bal.tab(f, weights = w, s.d.denom = "treated", binary = "std", stats = c("m", "v"))"""
    rows, _, _, reference = lalonde
    found = effects.balance(rows, treated="treat", covariates=LALONDE, population="all")
    assert set(found["when"]) == {"before", "after"}
    for theirs in reference["balance"]:
        variable, _, category = theirs["var"].partition("_")
        own = found[(found["variable"] == variable) & (found["category"] == category)].set_index("when")
        assert own.loc["before", "estimate"] == pytest.approx(theirs["smd_un"], rel=1e-9)
        assert own.loc["after", "estimate"] == pytest.approx(theirs["smd_adj"], abs=1e-9)
        if theirs["vr_un"] is None:
            assert own["variance_ratio"].isna().all()
        else:
            assert own.loc["before", "variance_ratio"] == pytest.approx(theirs["vr_un"], rel=1e-9)
            assert own.loc["after", "variance_ratio"] == pytest.approx(theirs["vr_adj"], rel=1e-6)


def test_matching_without_a_caliper_finds_what_matchit_finds(lalonde):
    """> summary(matchit(f, lalonde)); MatchIt 4.7: 185 pairs, the mean difference in re78 is 894.37"""
    rows = lalonde[0]
    row = effects.compare(
        rows, outcome="re78", treated="treat", covariates=LALONDE, population="all",
        estimators=["nearest_neighbour"],
        matching=effects.Matching(caliper=0, distance="propensity", order="largest"),
    ).iloc[0]  # fmt: skip
    assert row["estimate"] == pytest.approx(894.37, abs=0.01)
    assert (row["unmatched"], row["n_treated"], row["n_comparison"]) == (0, 185, 185)


# ------------------------------------------------------------------ case 18: difference in differences


def row_of_did(rows: pd.DataFrame, **columns: Any) -> pd.DataFrame:
    return effects.did(rows, population="all", **columns).iloc[0]


@pytest.mark.parametrize(("state", "name"), [("ky", "injury_kentucky"), ("mi", "injury_michigan")])
def test_injury_leave_agrees_with_R_and_meyer_viscusi_durbin(state: str, name: str):
    """> lm(ldurat ~ afchnge * highearn)"""
    rows, reference = case("18_did", "input_injury.csv")
    theirs = reference[name]["did"]
    own = rows[rows[state] == 1]
    for errors, error in (("classical", "se_ols"), ("hc1", "se_HC1")):
        row = row_of_did(own, outcome="ldurat", treated="highearn", after="afchnge", errors=errors)
        assert [row["estimate"], row["std_error"], row["n"]] == pytest.approx(
            [theirs["est"], theirs[error], theirs["n"]], rel=1e-9
        )
    if state == "ky":
        cells = reference[name]["cell_means"]
        means = [row[f"{arm}_{when}"] for arm in ("comparison", "treated") for when in ("before", "after")]
        wanted = [cells[f"{arm}_{when}"] for arm in ("low", "high") for when in ("before", "after")]
        assert means == pytest.approx(wanted, rel=1e-9)


KIELMC = {
    "no_controls": [],
    "age_controls": ["age", "agesq"],
    "full_controls": ["age", "agesq", "intst", "land", "area", "rooms", "baths"],
}


@pytest.mark.parametrize("name", KIELMC)
def test_house_prices_agree_with_R_and_kiel_mcclain(name: str):
    """> lm(rprice ~ nearinc * y81 + ...)"""
    rows, reference = case("18_did", "input_kielmc.csv")
    theirs = reference["kielmc"][name]
    for errors, error in (("classical", "se_ols"), ("hc1", "se_HC1")):
        row = row_of_did(
            rows, outcome="rprice", treated="nearinc", after="y81", covariates=KIELMC[name], errors=errors
        )
        assert [row["estimate"], row["std_error"], row["n"]] == pytest.approx(
            [theirs["est"], theirs[error], theirs["n"]], rel=1e-9
        )


@pytest.fixture(scope="module")
def counties() -> tuple[pd.DataFrame, dict[str, Any]]:
    pytest.importorskip("diff_diff")
    rows, reference = case("18_did", "input_mpdta.csv")
    return rows, reference["mpdta"]


def started(rows: pd.DataFrame, **how: Any) -> pd.DataFrame:
    found = effects.staggered(
        rows, outcome="lemp", first_treated="first.treat", time="year", person="countyreal",
        population="all", **how,
    )  # fmt: skip
    return found.set_index("group")


@pytest.mark.parametrize(("comparison", "name"), [("never", ""), ("not_yet", "_notyet")])
def test_starts_at_different_times_agree_with_callaway_and_santanna(counties, comparison: str, name: str):
    """> did::att_gt(...); aggte(..., type = "simple")"""
    rows, reference = counties
    own = started(rows, comparison=comparison, summary="group_time")
    for theirs in reference[f"group_time_{'never' if not name else 'notyet'}"]:
        row = own.loc[f"{theirs['g']}|{theirs['t']}"]
        assert [row["estimate"], row["std_error"]] == pytest.approx([theirs["att"], theirs["se"]], abs=1e-9)
    row, theirs = started(rows, comparison=comparison, summary="simple").iloc[0], reference[f"simple{name}"]
    assert [row["estimate"], row["std_error"]] == pytest.approx([theirs["est"], theirs["se"]], abs=1e-9)


def test_the_summaries_of_starts_agree_with_callaway_and_santanna(counties):
    """> aggte(..., type = "dynamic"): overall -0.0772; type = "group\""""
    rows, reference = counties
    own, theirs = started(rows, summary="dynamic"), reference["dynamic"]
    for name, wanted in [("overall", theirs["overall"])] + [
        (str(one["event_time"]), one) for one in theirs["by_event"]
    ]:
        assert [own.loc[name, "estimate"], own.loc[name, "std_error"]] == pytest.approx(
            [wanted["est"], wanted["se"]], abs=1e-9
        )
    own = started(rows, summary="group")
    for wanted in reference["group"]["by_group"]:
        row = own.loc[str(wanted["g"])]
        assert [row["estimate"], row["std_error"]] == pytest.approx([wanted["est"], wanted["se"]], abs=1e-9)
