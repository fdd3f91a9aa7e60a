"""Pooling agrees with other programs, is honest with two or three studies, and refuses what differs."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

from kij_analysis import estimates as shape
from kij_analysis.errors import UsageError
from kij_analysis.indicators import evidence, matrix, poolable
from kij_analysis.survey import leave_one_out, partial_pool, pool
from kij_analysis.survey.pooling import spread
from kij_analysis.template import template_folder

SHARED = os.environ.get("KIJ_SHARED")
CASE = Path(SHARED or ".") / "cases" / "statistics" / "13_meta_k3"
with_case = pytest.mark.skipif(not SHARED, reason="KIJ_SHARED does not say where the reference cases lie")
NAMES = {"PM": "paule_mandel", "DL": "dersimonian_laird", "REML": "reml"}

# Trials of the BCG vaccine (Colditz and others 1994): vaccinated cases and others, control cases and others.
BCG = """
4 119 11 128; 6 300 29 274; 3 228 11 209; 62 13536 248 12619; 33 5036 47 5761; 180 1361 372 1079;
8 2537 10 619; 505 87886 499 87892; 29 7470 45 7232; 17 1699 65 1600; 186 50448 141 27197;
5 2493 3 2338; 27 16886 29 17825
"""


def studies(rows: list[tuple[str, float, float]]) -> pd.DataFrame:
    fixed = {
        "variable": "employed",
        "measure": "risk_difference",
        "method": "none",
        "data_status": "observed",
    }
    return shape.make([fixed | {"programme": p, "estimate": y, "std_error": s} for p, y, s in rows])


def bcg() -> pd.DataFrame:
    """Log risk ratios with their standard errors."""
    from math import log, sqrt

    rows = []
    trials = [trial.split() for trial in BCG.split(";")]
    for number, trial in enumerate(trials):
        a, b, c, d = (float(cell) for cell in trial)
        error = sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))
        rows.append((str(number), log(a / (a + b)) - log(c / (c + d)), error))
    return studies(rows)


def test_the_trials_of_bcg_are_pooled_as_metafor_pools_them():
    """rma(yi, vi, data = escalc("RR", …, data = dat.bcg), method = "DL"): -0.7141 (se 0.1787), tau² 0.3088.

    REML, metafor's own default, gives -0.7145 (0.1798); Paule and Mandel lie near it.
    """
    found = pool(bcg(), heterogeneity="dersimonian_laird").iloc[0]
    assert found["estimate"] == pytest.approx(-0.7141, abs=5e-5)
    assert found["tau2"] == pytest.approx(0.3088, abs=5e-5)
    effect, variance = bcg()["estimate"], bcg()["std_error"] ** 2
    assert (1 / (variance + found["tau2"])).sum() ** -0.5 == pytest.approx(0.1787, abs=5e-5)
    assert len(effect) == found["k"] == 13
    assert found["i2"] == pytest.approx(0.9212, abs=5e-5)
    near = pool(bcg()).iloc[0]
    assert near["estimate"] == pytest.approx(-0.7145, abs=1e-3)
    assert near["std_error"] == pytest.approx(0.1798, abs=3e-3)


def test_the_eight_schools_agree_so_well_that_they_are_pooled_as_one():
    """Rubin 1981: 7.69 with standard error 4.07 and no variance between the schools."""
    rows = [(str(i), y, s) for i, (y, s) in enumerate(zip(
        (28, 8, -3, 7, -1, 1, 18, 12), (15, 10, 16, 11, 9, 11, 10, 18), strict=True))]  # fmt: skip
    for heterogeneity in NAMES.values():
        found = pool(studies(rows), heterogeneity=heterogeneity).iloc[0]
        assert (found["tau2"], found["i2"]) == (0, 0)
        assert (found["estimate"], found["std_error"]) == pytest.approx((7.69, 4.07), abs=5e-3)


SETS = ["homog", "heter", "bcg3", "crins2"]
INTERVALS = {"z": "normal", "knha": "hartung_knapp", "adhoc": "adhoc"}


def case_rows(name: str) -> pd.DataFrame:
    rows = csv.DictReader((CASE / "input.csv").open(encoding="utf-8"))
    return studies([(r["study"], float(r["yi"]), float(r["sei"])) for r in rows if r["set"] == name])


def theirs(name: str) -> dict:
    return json.loads((CASE / "reference.json").read_text("utf-8"))["sets"][name]


def near(reference: float, tolerance: float) -> object:
    """As method.md says: relative to the reference, or to 1 where that is smaller."""
    return pytest.approx(reference, rel=tolerance, abs=tolerance)


@with_case
@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("test", INTERVALS)
@pytest.mark.parametrize("method", NAMES)
def test_two_and_three_studies_are_pooled_as_metafor_pools_them(name: str, method: str, test: str):
    """> rma(yi, sei = sei, method = …, test = …)   # metafor 3.8"""
    expected = theirs(name)["frequentist"][method][test]
    options = {"heterogeneity": NAMES[method], "interval": INTERVALS[test]}
    found = pool(case_rows(name), **options).iloc[0]
    tolerance = 1e-5 if method == "REML" else 1e-9
    for ours, reference in (
        ("estimate", expected["est"]), ("std_error", expected["se"]), ("conf_low", expected["ci"][0]),
        ("conf_high", expected["ci"][1]), ("p_value", expected["p"]), ("tau2", expected["tau2"]),
        ("i2", expected["I2"] / 100), ("q", expected["Q"]), ("p_heterogeneity", expected["Q_p"]),
    ):  # fmt: skip
        assert found[ours] == near(reference, tolerance), ours
    ahead = found[["predicted_low", "predicted_high"]].tolist()
    if expected["pi_HTS_t_kminus2"] is None:
        assert pd.isna(ahead).all()
    else:
        assert ahead == [near(end, 20 * tolerance) for end in expected["pi_HTS_t_kminus2"]]
    one_more = pool(case_rows(name), prediction="k_minus_1", **options).iloc[0]
    wanted = [near(end, 20 * tolerance) for end in expected["pi_t_kminus1"]]
    assert one_more[["predicted_low", "predicted_high"]].tolist() == wanted


@with_case
@pytest.mark.parametrize("name", SETS)
def test_the_common_model_agrees_with_metafor(name: str):
    """> rma(yi, sei = sei, method = "FE")"""
    expected = theirs(name)["frequentist"]["FE"]
    found = pool(case_rows(name), model="common").iloc[0]
    numbers = found[["estimate", "std_error", "conf_low", "conf_high", "p_value", "q", "p_heterogeneity"]]
    wanted = [expected["est"], expected["se"], *expected["ci"], expected["p"], expected["Q"], expected["Q_p"]]
    assert numbers.tolist() == [near(value, 1e-9) for value in wanted]
    assert pd.isna(found["predicted_low"]) and found["method"] == "pooled_common"


@with_case
@pytest.mark.parametrize("name", SETS)
def test_the_interval_of_the_variance_is_the_q_profile(name: str):
    """> confint(rma(yi, sei = sei))

    metafor searches up to 100 and within 0.00012; ours solves the equation.
    """
    expected = theirs(name)["tau2_Qprofile_REML"]
    frame = case_rows(name)
    found = pool(frame, heterogeneity="reml").iloc[0]
    assert found["tau2"] == near(expected["estimate"], 1e-5)
    assert found["tau2_low"] == near(expected["ci.lb"], 2e-4)
    if expected["ci.ub"] == 100:
        assert found["tau2_high"] > 100
    else:
        assert found["tau2_high"] == near(expected["ci.ub"], 2e-4)
    effect, error = (frame[column].to_numpy(float) for column in ("estimate", "std_error"))
    for end, side in (("tau2_low", 0.975), ("tau2_high", 0.025)):
        if found[end] > 0:
            assert spread(effect, error, found[end]) == pytest.approx(
                chi2.ppf(side, len(frame) - 1), rel=1e-9
            )


@with_case
@pytest.mark.parametrize("scale", [0.5, 1.0])
@pytest.mark.parametrize("name", SETS)
def test_partial_pooling_agrees_with_bayesmeta(name: str, scale: float):
    """> bayesmeta(y, sigma, tau.prior = function(t) dhalfnormal(t, scale), interval.type = "central")"""
    expected = theirs(name)["bayes_flat_mu"][f"hn{scale:g}"]
    found = partial_pool(case_rows(name), scale=scale)
    mean, further = found.iloc[-2], found.iloc[-1]
    mu, tau, new = expected["mu"], expected["tau"], expected["theta_new"]
    wanted = [mu["mean"], mu["sd"], mu["median"], *mu["ci"], expected["p_mu_gt_0"]]
    numbers = mean[["estimate", "std_error", "median", "conf_low", "conf_high", "above"]].tolist()
    assert numbers == [near(value, 1e-3) for value in wanted]
    assert mean[["tau", "tau_low", "tau_high"]].tolist() == [
        near(v, 1e-3) for v in (tau["median"], *tau["ci"])
    ]
    numbers = further[["median", "conf_low", "conf_high"]].tolist()
    assert numbers == [near(value, 1e-3) for value in (new["median"], *new["ci"])]
    for (_, own), one in zip(found.iloc[:-2].iterrows(), expected["shrinkage"], strict=True):
        assert own["programme"] == one["study"]
        assert own[["estimate", "std_error"]].tolist() == [near(one["mean"], 1e-3), near(one["sd"], 1e-3)]


@with_case
def test_the_eight_schools_agree_with_metafor():
    expected = json.loads((CASE / "reference.json").read_text("utf-8"))["eight_schools"]
    rows = csv.DictReader((CASE / "eight_schools.csv").open(encoding="utf-8"))
    frame = studies([(row["study"], float(row["yi"]), float(row["sei"])) for row in rows])
    for method in ("DL", "REML"):
        found = pool(frame, heterogeneity=NAMES[method]).iloc[0]
        numbers = found[["estimate", "std_error", "tau2"]].tolist()
        assert numbers == pytest.approx([expected[method][name] for name in ("est", "se", "tau2")], abs=1e-5)


def test_agreement_by_chance_does_not_make_the_interval_narrower():
    found = pool(studies([("DK", 0.10, 0.06), ("SE", 0.12, 0.05), ("FI", 0.11, 0.08)])).iloc[0]
    plain = (1 / 0.06**2 + 1 / 0.05**2 + 1 / 0.08**2) ** -0.5
    assert found["std_error"] == pytest.approx(plain, rel=1e-12)


TWO = [("DK", 0.10, 0.06), ("SE", 0.12, 0.05)]


THREE = [("DK", 0.25, 0.06), ("SE", 0.02, 0.04), ("FI", 0.14, 0.09)]


def test_three_programmes_carry_a_caution_and_five_do_not():
    assert pool(studies(THREE))["note"].tolist() == ["few_estimates"]
    assert set(partial_pool(studies(THREE), scale=0.1)["note"]) == {"few_estimates"}
    five = [(str(number), 0.1 + number / 50, 0.05) for number in range(5)]
    assert pool(studies(five))["note"].tolist() == [""]


@pytest.mark.parametrize("rows", [[], TWO[:1]])
def test_fewer_than_two_estimates_are_a_row_with_a_note(rows: list):
    frame = studies(TWO).iloc[: len(rows)]
    for found in (pool(frame), pool(frame, model="common"), partial_pool(frame, scale=0.1)):
        assert found["note"].tolist() == ["nothing_to_pool"] and found["estimate"].isna().all()
        assert found["k"].tolist() == [len(rows)]
    assert leave_one_out(frame).empty


def test_two_estimates_have_no_prediction_and_leaving_one_out_leaves_nothing_to_pool():
    found = pool(studies(TWO)).iloc[0]
    assert pd.isna(found["predicted_low"]) and found["estimate"] == pytest.approx(0.1118, abs=1e-4)
    assert leave_one_out(studies(TWO))["note"].tolist() == ["nothing_to_pool"] * 2


def test_a_programme_without_a_number_is_left_out_and_named():
    frame = studies([*THREE, ("IS", np.nan, np.nan)][:3])
    silent = studies(TWO[:1]).assign(programme="IS", estimate=np.nan, std_error=np.nan, note="not_asked")
    found = pool(pd.concat([frame, silent])).iloc[0]
    assert (found["k"], found["pooled_rows"], found["left_out_rows"]) == (3, "DK|SE|FI", "IS")


def test_leaving_one_out_is_pooling_the_others():
    found = leave_one_out(studies(THREE), heterogeneity="reml").set_index("without")
    for name in ("DK", "SE", "FI"):
        rest = pool(studies([row for row in THREE if row[0] != name]), heterogeneity="reml").iloc[0]
        assert found.loc[name, "estimate"] == rest["estimate"]
        whole = pool(studies(THREE), heterogeneity="reml")["estimate"].iloc[0]
        assert found.loc[name, "shift"] == pytest.approx(rest["estimate"] - whole)


@pytest.mark.parametrize("factor", [1e-4, 100, 1e6])
@pytest.mark.parametrize("heterogeneity", NAMES.values())
def test_the_unit_does_not_matter(heterogeneity: str, factor: float):
    """pimeta 1.1 by itself: PM stays at 1e6 for amounts in crowns, REML stops early for small fractions."""
    small = pool(studies(THREE), heterogeneity=heterogeneity).iloc[0]
    rows = [(name, y * factor, s * factor) for name, y, s in THREE]
    large = pool(studies(rows), heterogeneity=heterogeneity).iloc[0]
    assert large["tau2"] == pytest.approx(small["tau2"] * factor**2, rel=1e-9)
    for name in ("estimate", "conf_low", "conf_high", "predicted_low", "predicted_high"):
        assert large[name] == pytest.approx(small[name] * factor, rel=1e-9), name
    assert large["tau2_high"] == pytest.approx(small["tau2_high"] * factor**2, rel=1e-9)


def test_programmes_that_agree_to_the_last_digit_still_have_an_interval():
    found = pool(studies([("DK", 0.1, 0.05), ("SE", 0.1, 0.05), ("FI", 0.1, 0.05)])).iloc[0]
    assert found["tau2"] == 0 and found["std_error"] == pytest.approx(0.05 / 3**0.5)


def test_ratios_are_pooled_as_logarithms():
    rows = [("DK", 2.0, 0.4), ("SE", 0.5, 0.1), ("FI", 1.5, 0.3)]
    ratios = studies(rows).assign(measure="hazard_ratio")
    logs = studies([(name, np.log(y), s / y) for name, y, s in rows])
    found, expected = pool(ratios).iloc[0], pool(logs).iloc[0]
    for name in ("estimate", "conf_low", "conf_high", "predicted_low", "predicted_high"):
        assert found[name] == pytest.approx(np.exp(expected[name]))
    assert found["std_error"] == pytest.approx(found["estimate"] * expected["std_error"])
    drawn = partial_pool(ratios, scale=0.5)
    assert drawn["estimate"].tolist() == pytest.approx(
        np.exp(partial_pool(logs, scale=0.5)["estimate"]).tolist()
    )


def test_the_narrower_the_prior_the_nearer_the_programmes_come_to_each_other():
    apart = [
        np.ptp(partial_pool(studies(THREE), scale=scale)["estimate"].iloc[:3]) for scale in (0.001, 0.05, 5)
    ]
    assert apart[0] < apart[1] < apart[2] < 0.23
    common = pool(studies(THREE), model="common")["estimate"].iloc[0]
    assert partial_pool(studies(THREE), scale=0.0001)["estimate"].iloc[-2] == pytest.approx(common, abs=1e-4)


def test_results_of_other_studies_are_pooled_by_the_same_function():
    """No study prints a standard error; with made-up ones, what `poolable` lets through is pooled."""
    base = evidence(template_folder() / "data" / "raw" / "published")
    assert not poolable(base)["poolable"].any()
    judged = poolable(base.assign(standard_error=5.0))
    rows = judged[judged["poolable"]].drop_duplicates(["estimand", "study"])
    for _, own in rows.groupby("estimand"):
        found = pool(own.rename(columns={"standard_error": "std_error"}), by="study").iloc[0]
        assert found["k"] == len(own) and own["estimate"].min() <= found["estimate"] <= own["estimate"].max()
    with pytest.raises(UsageError, match="estimand is"):
        pool(rows.rename(columns={"standard_error": "std_error"}), by="id")


RECORD = {
    "indicator": "employed", "unit": "per_cent", "precision": "exact", "outcome_type": "status",
    "denominator": "respondents", "timing": "at_end", "timing_months": None, "year_from": 2024,
    "year_to": 2024, "cut_off": "not_applicable", "role": "mentee", "population": "women", "n": 100,
    "response_rate": 80, "confidence": "high", "data_status": "published",
}  # fmt: skip


def test_what_may_not_be_compared_is_not_pooled():
    record = pd.DataFrame([RECORD | {"id": name, "programme": name} for name in ("kvinfo", "fika", "sajo")])
    frame = studies([("kvinfo", 0.5, 0.05), ("fika", 0.4, 0.06), ("sajo", 0.6, 0.05)])
    found = pool(frame, verdicts=matrix(record)).iloc[0]
    assert found["verdict"] in ("comparable", "caution") and pd.notna(found["estimate"])
    record.loc[1, "role"] = "mentor"
    for call in (pool, lambda f, **options: partial_pool(f, scale=0.1, **options)):
        with pytest.raises(UsageError, match=r"'kvinfo' and 'fika' may not be compared \(.*roles_differ"):
            call(frame, verdicts=matrix(record))
    with pytest.raises(UsageError, match="do not speak of every two"):
        pool(frame, verdicts=matrix(record.head(2)))


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        (studies([TWO[0], ("SE", 0.12, float("nan"))]), "standard error above 0 for 'SE'"),
        (studies([TWO[0], ("SE", 0.12, 0.0)]), "standard error above 0 for 'SE'"),
        (studies([TWO[0], ("SE", 0.12, float("inf"))]), "standard error above 0 for 'SE'"),
        (studies([TWO[0], TWO[0]]), "'DK' stands twice"),
        (
            studies(TWO).assign(variable=["employed", "in_education"]),
            "variable is 'employed', 'in_education'",
        ),
        (studies(TWO).assign(measure=["share", "change"]), "measure is 'change', 'share'"),
        (studies(TWO).assign(estimand=["to_6", "to_18"]), "estimand is 'to_18', 'to_6'"),
        (studies(TWO).assign(role=["mentee", "mentor"]), "role is 'mentee', 'mentor'"),
        (studies(TWO).assign(wave=["end", "follow_up"]), "wave is 'end', 'follow_up'"),
        (studies(TWO).assign(data_status=["synthetic", "observed"]), "not of one kind"),
        (studies(TWO).assign(measure="ratio", estimate=[0.0, 1.0]), "no logarithm"),
        (studies(TWO).drop(columns="std_error"), "no column 'std_error'"),
    ],
)
def test_what_does_not_estimate_the_same_thing_is_refused(frame: pd.DataFrame, sentence: str):
    with pytest.raises(UsageError) as caught:
        pool(frame)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"model": "fixed"}, "The model is 'fixed'"),
        ({"heterogeneity": "ml"}, "The estimator of heterogeneity is 'ml'"),
        ({"interval": "wald"}, "The interval is 'wald'"),
        ({"prediction": "z"}, "The prediction interval is 'z'"),
        ({"level": 95}, "level"),
    ],
)
def test_what_is_not_known_is_refused(options: dict, sentence: str):
    with pytest.raises(UsageError, match=sentence):
        pool(studies(TWO), **options)


@pytest.mark.parametrize("scale", [0, -1, float("nan"), float("inf")])
def test_a_prior_needs_a_scale(scale: float):
    with pytest.raises(UsageError, match="The scale of the prior"):
        partial_pool(studies(TWO), scale=scale)
