"""Weights, imputation and bounds against R: the shared cases 06, 22 and 27."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kij_analysis.survey import (
    Calibration,
    Design,
    calibrate,
    delta_adjusted,
    imbens_manski,
    lee,
    manski,
    means,
    rubin,
    rubin_share,
    rubin_test,
    shares,
    trim_weights,
    weight_diagnostics,
)
from kij_analysis.survey.design import sample_of
from kij_analysis.survey.variances import sums

SHARED = os.environ.get("KIJ_SHARED")
pytestmark = pytest.mark.skipif(not SHARED, reason="KIJ_SHARED does not say where the shared data lies")


def case(name: str, file: str = "input.csv") -> tuple[pd.DataFrame, dict]:
    folder = Path(SHARED or ".") / "cases" / "statistics" / name
    return pd.read_csv(folder / file), json.loads((folder / "reference.json").read_text("utf-8"))


def near(found: float, theirs: float, tolerance: float) -> bool:
    return abs(found - theirs) <= tolerance * max(1, abs(theirs))


# ------------------------------------------------------------------ case 06: calibration

TYPES, WIDE = {"E": 4421, "H": 755, "M": 1018}, {"No": 1072, "Yes": 5122}
SCORES = {"stype": TYPES, "api99": 3914069}
CALIBRATIONS = {
    "unadjusted": (None, ""),
    "poststratified": (Calibration(totals={"stype": TYPES}), "w_post"),
    "raked": (Calibration(totals={"stype": TYPES, "sch.wide": WIDE}), "w_rake"),
    "greg_linear": (Calibration(totals=SCORES, method="linear"), "w_greg"),
    "calib_raking": (Calibration(totals=SCORES), "w_calraking"),
    "calib_logit_bounds_0.5_2.5": (
        Calibration(totals=SCORES, method="logit", bounds=(0.5, 2.5)), "w_callogit"
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def schools() -> tuple[pd.DataFrame, dict]:
    rows, reference = case("06_calibration_weights")
    return rows.assign(data_status="published", awards=rows["awards"] == "Yes"), reference


@pytest.mark.parametrize("name", CALIBRATIONS)
def test_calibrated_estimates_have_the_errors_of_what_the_margins_leave(name: str, schools):
    """> svymean(~api00, d); svytotal(~enroll, d); svymean(~I(awards == "Yes"), d)   # survey 4.5"""
    frame, reference = schools
    theirs = reference[name]
    design = Design(weight="pw", cluster="dnum", fpc="fpc", calibrated_to=CALIBRATIONS[name][0])
    found = {
        "mean_api00": means(frame, "api00", design=design, population="all").iloc[0],
        "prop_awards": shares(frame, "awards", design=design, population="all").iloc[0],
    }
    total, variance = sums(sample_of(frame, design), frame[["enroll"]])
    found["total_enroll"] = {"estimate": total[0], "std_error": np.sqrt(variance[0, 0])}
    for what, row in found.items():
        assert near(row["estimate"], theirs[what]["est"], 1e-6), what
        assert near(row["std_error"], theirs[what]["se"], 1e-5), what


@pytest.mark.parametrize("name", [name for name, (_, weight) in CALIBRATIONS.items() if weight])
def test_calibrated_weights_agree_with_R_one_by_one(name: str, schools):
    frame, reference = schools
    to, column = CALIBRATIONS[name]
    found = calibrate(frame, to, weight="pw")
    theirs = pd.Series(reference["weights_by_snum"][column]).reindex(frame["snum"].astype(str))
    assert np.abs(found.to_numpy() / theirs.to_numpy() - 1).max() < 1e-6
    told, own = reference[name]["weights"], weight_diagnostics(found)
    for one, other in (
        ("sum", "sum"), ("least", "min"), ("largest", "max"), ("design_effect", "kish_deff")
    ):  # fmt: skip
        assert near(own[one], told[other], 1e-6), one


def test_trimmed_weights_agree_with_R(schools):
    frame, reference = schools
    found = trim_weights(calibrate(frame, CALIBRATIONS["raked"][0], weight="pw"), low=15, high=45)
    theirs = reference["raked_trimmed_15_45_strict"]
    assert near(found.min(), theirs["min"], 1e-6) and near(found.max(), theirs["max"], 1e-6)
    assert near(found.sum(), theirs["sum"], 1e-6)
    assert near(found @ frame["api00"] / found.sum(), theirs["mean_api00"], 1e-6)


def test_raked_weights_taken_for_fixed_ones_have_another_error(schools):
    frame, reference = schools
    fixed = frame.assign(raked=calibrate(frame, CALIBRATIONS["raked"][0], weight="pw"))
    row = shares(
        fixed, "awards", design=Design(weight="raked", cluster="dnum", fpc="fpc"), population="all"
    ).iloc[0]
    assert not near(row["std_error"], reference["raked"]["prop_awards"]["se"], 1e-2 * 0.1)
    assert row["std_error"] > reference["raked"]["prop_awards"]["se"] * 1.3


# ------------------------------------------------------------------ case 22: Rubin's rules


@pytest.fixture(scope="module")
def imputed() -> tuple[list[pd.DataFrame], dict]:
    rows, reference = case("22_multiple_imputation_pool", "imputed_nhanes2_m20.csv")
    return [part for _, part in rows.groupby("imp")], reference


def linear(part: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """chl ~ age + bmi: coefficients and covariance."""
    x = np.column_stack(
        [np.ones(len(part)), part["age"] == "40-59", part["age"] == "60-99", part["bmi"]]
    ).astype(float)
    inverse = np.linalg.inv(x.T @ x)
    slopes = inverse @ x.T @ part["chl"].to_numpy(float)
    left = part["chl"].to_numpy(float) - x @ slopes
    return slopes, inverse * (left @ left) / (len(x) - 4)


def logit(part: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """hyp ~ bmi + chl, logistic, as R's glm iterates: its covariance is that of one step before the last."""
    x = np.column_stack([np.ones(len(part)), part["bmi"], part["chl"]])
    y = (part["hyp"] == "yes").to_numpy(float)
    mean, before = (y + 0.5) / 2, np.inf
    while True:
        line, weight = np.log(mean / (1 - mean)), mean * (1 - mean)
        inverse = np.linalg.inv(x.T @ (x * weight[:, None]))
        slopes = inverse @ x.T @ (weight * line + y - mean)
        mean = 1 / (1 + np.exp(-(x @ slopes)))
        deviance = -2 * np.log(np.where(y == 1, mean, 1 - mean)).sum()
        if abs(deviance - before) < 1e-14 * (abs(deviance) + 0.1):
            return slopes, inverse
        before = deviance


@pytest.mark.parametrize(
    ("name", "model", "df"), [("lm_chl_age_bmi", linear, 21), ("glm_hyp_bmi_chl", logit, 22)]
)
def test_pooled_coefficients_agree_with_mice(name, model, df, imputed):
    fits = [model(part) for part in imputed[0]]
    for place, theirs in enumerate(imputed[1][name]):
        q, u = [fit[0][place] for fit in fits], [fit[1][place, place] for fit in fits]
        found = rubin(q, u, complete_df=df)
        low, high = found.interval()
        own = {
            "estimate": found.estimate, "ubar": found.within, "b": found.between, "t": found.total,
            "df": found.df, "riv": found.increase, "lambda": found.missing_share,
            "fmi": found.missing_information, "se": found.std_error, "p": found.p_value(), "lo": low,
            "hi": high, "m": found.m,
        }  # fmt: skip
        wrong = [key for key, value in own.items() if not near(value, theirs[key], 1e-9)]
        assert wrong == []


@pytest.mark.parametrize(
    ("name", "df"), [("scalar_bmi_barnard_rubin", 21), ("scalar_bmi_large_sample_rubin1987", np.inf)]
)
def test_degrees_of_freedom_know_how_many_persons_there_are(name, df, imputed):
    fits, theirs = [linear(part) for part in imputed[0]], imputed[1][name]
    found = rubin([fit[0][3] for fit in fits], [fit[1][3, 3] for fit in fits], complete_df=df)
    assert near(found.df, theirs["df"], 1e-9) and near(found.missing_information, theirs["fmi"], 1e-9)


def test_the_example_by_hand_agrees_with_mice(imputed):
    given = imputed[1]["hand_example"]
    found = rubin(given["q"], given["u"], complete_df=given["n"] - given["k"])
    own = [found.estimate, found.within, found.between, found.total, found.df, found.increase]
    theirs = [given[key] for key in ("qbar", "ubar", "b", "t", "df", "r")]
    assert own == pytest.approx(theirs, rel=1e-9)
    assert found.missing_information == pytest.approx(given["fmi"], rel=1e-9)


@pytest.mark.parametrize(
    ("name", "df", "keys"),
    [
        ("D1_test_drop_age", 21, ("F", "df1", "df2", "p", "riv")),
        ("mitml_D1", np.inf, ("F.value", "df1", "df2", "P(>F)", "RIV")),
    ],
)
def test_the_joint_test_agrees_with_mice_and_mitml(name, df, keys, imputed):
    fits = [linear(part) for part in imputed[0]]
    found = rubin_test([fit[0][1:3] for fit in fits], [fit[1][1:3, 1:3] for fit in fits], complete_df=df)
    own = [found.statistic, found.df, found.df_2, found.p_value, found.increase]
    assert own == pytest.approx([imputed[1][name][key] for key in keys], rel=1e-9)


@pytest.mark.parametrize("scale", ["identity", "logit"])
def test_pooled_shares_agree_with_mice(scale, imputed):
    theirs = imputed[1][f"proportion_{scale}"]
    counts = [int((part["hyp"] == "yes").sum()) for part in imputed[0]]
    pooled, share, low, high = rubin_share(counts, 25, scale=scale)
    own = [pooled.estimate, pooled.within, pooled.between, pooled.total, pooled.df, pooled.increase]
    keys = ("qbar", "ubar", "b", "t", "df", "r")
    assert own == pytest.approx([theirs[key] for key in keys], rel=1e-9)
    assert pooled.missing_information == pytest.approx(theirs["fmi"], rel=1e-9)
    if scale == "logit":
        assert [share, low, high] == pytest.approx([theirs["backtransformed"], *theirs["ci"]], rel=1e-9)


def test_complete_cases_give_another_answer_than_pooled_ones(imputed):
    rows, reference = case("22_multiple_imputation_pool")
    slopes, covariance = linear(rows.dropna(subset=["bmi", "chl"]))
    theirs = reference["complete_case"]["bmi"]
    assert near(slopes[3], theirs["Estimate"], 1e-9)
    assert near(np.sqrt(covariance[3, 3]), theirs["Std. Error"], 1e-9)


# ------------------------------------------------------------------ case 27: bounds


@pytest.fixture(scope="module")
def trial() -> tuple[pd.DataFrame, dict]:
    return case("27_bounds_missing_outcomes")


def arm(rows: pd.DataFrame, treated: int):
    own = rows.loc[rows["treat"] == treated, "emp"]
    return float(own.sum()), float(own.notna().sum()), float(len(own))


@pytest.mark.parametrize(("name", "treated"), [("treated", 1), ("control", 0)])
def test_bounds_of_an_arm_agree(name, treated, trial):
    found, theirs = manski(*arm(trial[0], treated)), trial[1][name]
    own = [found.low, found.high, found.se_low, found.se_high]
    assert own == pytest.approx([theirs[k] for k in ("lower", "upper", "se_lower", "se_upper")], abs=1e-9)
    count, n, asked = arm(trial[0], treated)
    assert [asked, n / asked, count / n] == pytest.approx(
        [theirs[k] for k in ("n", "response_rate", "observed_mean")], abs=1e-9
    )


def test_intervals_of_imbens_and_manski_agree_and_are_shorter_than_those_of_both_bounds(trial):
    one, other = manski(*arm(trial[0], 1)), manski(*arm(trial[0], 0))
    theirs = trial[1]["imbens_manski_treated_mean"]["ci"]
    assert [one.conf_low, one.conf_high] == pytest.approx(theirs, abs=1e-9)
    naive = trial[1]["naive_union_ci_treated_mean"]
    assert naive[0] < one.conf_low and one.conf_high < naive[1]
    low, high = one.low - other.high, one.high - other.low
    assert [low, high] == pytest.approx(
        [trial[1]["no_assumption_ATE"][k] for k in ("lower", "upper")], abs=1e-9
    )
    errors = np.hypot([one.se_low, one.se_high], [other.se_high, other.se_low])
    assert errors == pytest.approx([trial[1]["se"][k] for k in ("lower", "upper")], abs=1e-9)
    assert imbens_manski(low, high, *errors) == pytest.approx(trial[1]["imbens_manski_ATE"]["ci"], abs=1e-9)


def test_assumed_differences_and_tipping_points_agree(trial):
    found = {}
    for treated in (1, 0):
        count, n, asked = arm(trial[0], treated)
        found[treated] = (count / n, n / asked)
    deltas = [row["delta"] for row in trial[1]["delta_adjusted"]]
    one, other = (delta_adjusted(*found[treated], deltas) for treated in (1, 0))
    theirs = pd.DataFrame(trial[1]["delta_adjusted"])
    assert (
        np.abs(np.column_stack([one, other, one - other]) - theirs[["p1", "p0", "rd"]]).to_numpy().max()
        < 1e-9
    )
    share, rate = found[1]
    for row in trial[1]["tipping"]:
        shift = row["q_missing_treated"] - share
        moved = float(delta_adjusted(share, rate, shift)) - found[0][0]
        assert moved == pytest.approx(row["rd_if_missing_controls_at_observed"], abs=1e-9)
    assert found[1][0] - found[0][0] == pytest.approx(trial[1]["complete_case_rd"], abs=1e-9)


@pytest.mark.parametrize(
    ("trimming", "key"),
    [("integer", "integer_floor"), ("quantile", "quantile_type1"), ("fractional", "fractional")],
)
def test_lee_bounds_agree_in_all_three_forms(trimming, key, trial):
    rows, theirs = trial[0], trial[1]["lee"]
    found = lee(rows["income"], rows["treat"], trimming=trimming)
    assert [found.low, found.high] == pytest.approx(theirs[key], abs=1e-9)
    own = [found.rate_1, found.rate_0, found.trimmed_arm, found.share, found.n_trimmed, found.untrimmed]
    keys = (
        "response_treated", "response_control", "trimmed_arm", "trim_share", "n_trim_arm_observed",
        "untrimmed_difference",
    )  # fmt: skip
    assert own == pytest.approx([theirs[k] for k in keys], abs=1e-9)


def test_lee_bounds_turn_their_sign_with_the_arms(trial):
    rows = trial[0]
    one, other = (lee(rows["income"], arms) for arms in (rows["treat"], 1 - rows["treat"]))
    assert [one.low, one.high] == pytest.approx([-other.high, -other.low], abs=1e-9)
    assert other.trimmed_arm == 0
