"""Errors of models: few clusters, and designs. Each number is computed a second way."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.linalg import sqrtm

from kij_analysis import survey
from kij_analysis.survey import Design

SHARED = os.environ.get("KIJ_SHARED")
needs_shared = pytest.mark.skipif(not SHARED, reason="KIJ_SHARED does not say where the shared data lies")
TERMS = ["age", "course:yes-no"]


@pytest.fixture(scope="module")
def mentees() -> pd.DataFrame:
    """Seventy persons of eight mentors with two to twenty mentees each; courses go by mentor."""
    random = np.random.default_rng(5)
    sizes = [2, 3, 5, 6, 8, 10, 16, 20]
    mentor = np.repeat(np.arange(8), sizes)
    pull = random.normal(0, 0.7, 8)[mentor]
    age = random.integers(20, 60, len(mentor)).astype(float)
    course = np.isin(mentor, [0, 4, 6])
    score = 3 + 0.02 * age + course + pull + random.normal(0, 1, len(mentor))
    high = random.random(len(mentor)) < 1 / (1 + np.exp(-(score - 4.2)))
    return pd.DataFrame(
        {
            "mentor": [f"m{code}" for code in mentor], "age": age, "score": score, "high": high,
            "course": np.where(course, "yes", "no"), "gender": "woman", "data_status": "synthetic",
            "one": 1.0, "w": 1.0 + (np.arange(len(mentor)) % 4), "region": np.where(mentor < 4, "n", "s"),
        }
    )  # fmt: skip


def matrix(frame: pd.DataFrame) -> np.ndarray:
    return np.column_stack([np.ones(len(frame)), frame["age"], frame["course"] == "yes"]).astype(float)


def by_definition(
    values: np.ndarray, working: np.ndarray, left: np.ndarray, cluster: np.ndarray, way: np.ndarray
) -> tuple[float, float]:
    """CR2 variance of way'β and its degrees of freedom, written out with whole matrices.

    Pustejovsky and Tipton 2018: Φ = W⁻¹, Bⱼ = Dⱼ (I − H)ⱼ Φ (I − H)ⱼ' Dⱼ', Aⱼ = Dⱼ' Bⱼ^(−1/2) Dⱼ, and the
    degrees of freedom from the mean and the variance of a quadratic form in normal errors with variance Φ.
    """
    n, weights, target = len(left), np.diag(working), np.diag(1 / working)
    bread = np.linalg.inv(values.T @ weights @ values)
    rest = np.eye(n) - values @ bread @ values.T @ weights
    variance, form = 0.0, np.zeros((n, n))
    for code in np.unique(cluster):
        own = cluster == code
        root = np.sqrt(target[np.ix_(own, own)])
        inner = root @ rest[own] @ target @ rest[own].T @ root.T
        adjust = root.T @ np.real(np.linalg.inv(sqrtm(inner))) @ root
        row = way @ bread @ values[own].T @ weights[np.ix_(own, own)] @ adjust
        variance += float(row @ left[own]) ** 2
        form += np.outer(row @ rest[own], row @ rest[own])
    mean = np.trace(form @ target)
    return variance, 2 * mean**2 / (2 * np.trace(form @ target @ form @ target))


def clusters(frame: pd.DataFrame) -> np.ndarray:
    return pd.factorize(frame["mentor"])[0]


def test_errors_for_few_clusters_are_those_of_the_definition_in_a_linear_model(mentees: pd.DataFrame):
    found = survey.regression(mentees, "score", ["age", "course"], kind="linear", cluster="mentor")
    values, outcome = matrix(mentees), mentees["score"].to_numpy()
    left = outcome - values @ np.linalg.lstsq(values, outcome, rcond=None)[0]
    for place, row in enumerate(found.itertuples(), 1):
        variance, df = by_definition(values, np.ones(len(left)), left, clusters(mentees), np.eye(3)[place])
        assert [row.std_error, row.df] == pytest.approx([np.sqrt(variance), df], rel=1e-9)
    assert set(found["method"]) == {"linear_cr2"} and set(found["clusters"]) == {8.0}


def test_errors_for_few_clusters_agree_with_another_package_in_a_linear_model(mentees: pd.DataFrame):
    """diff-diff 3.13, which is held against R's clubSandwich: vcovCR(type = "CR2") and coef_test."""
    linalg = pytest.importorskip("diff_diff.linalg")
    found = survey.regression(mentees, "score", ["age", "course"], kind="linear", cluster="mentor")
    values, outcome = matrix(mentees), mentees["score"].to_numpy()
    left = outcome - values @ np.linalg.lstsq(values, outcome, rcond=None)[0]
    theirs, df = linalg.compute_robust_vcov(
        values, left, cluster_ids=clusters(mentees), vcov_type="hc2_bm", return_dof=True
    )
    assert found["std_error"].to_numpy() == pytest.approx(np.sqrt(np.diag(theirs))[1:], rel=1e-9)
    assert found["df"].to_numpy() == pytest.approx(df[1:], rel=1e-9)


def test_errors_for_few_clusters_are_those_of_the_definition_in_a_logistic_model(mentees: pd.DataFrame):
    import statsmodels.api as sm

    found = survey.regression(mentees, "high", ["age", "course"], cluster="mentor")
    values, outcome = matrix(mentees), mentees["high"].to_numpy(float)
    share = sm.GLM(outcome, values, family=sm.families.Binomial()).fit(tol=1e-12).fittedvalues
    working = share * (1 - share)
    left = (outcome - share) / working
    for place, row in enumerate(found.itertuples(), 1):
        variance, df = by_definition(values, working, left, clusters(mentees), np.eye(3)[place])
        assert [row.coefficient_error, row.df] == pytest.approx([np.sqrt(variance), df], rel=1e-7)


def test_adjusted_differences_have_the_errors_of_few_clusters_too(mentees: pd.DataFrame):
    import statsmodels.api as sm

    row = survey.marginal(mentees, "high", ["age"], of="course", cluster="mentor", least_events=1).iloc[0]
    values, outcome = matrix(mentees), mentees["high"].to_numpy(float)
    fit = sm.GLM(outcome, values, family=sm.families.Binomial()).fit(tol=1e-12)
    one, none = values.copy(), values.copy()
    one[:, 2], none[:, 2] = 1.0, 0.0

    def difference(beta: np.ndarray) -> float:
        return float((1 / (1 + np.exp(-one @ beta)) - 1 / (1 + np.exp(-none @ beta))).mean())

    step = 1e-5 * np.eye(3)
    way = np.array([difference(fit.params + h) - difference(fit.params - h) for h in step]) / 2e-5
    working = fit.fittedvalues * (1 - fit.fittedvalues)
    left = (outcome - fit.fittedvalues) / working
    variance, df = by_definition(values, working, left, clusters(mentees), way)
    assert [row["estimate"], row["std_error"], row["df"]] == pytest.approx(
        [difference(fit.params), np.sqrt(variance), df], rel=1e-6
    )


def test_with_each_person_a_cluster_the_errors_are_those_of_hc2(mentees: pd.DataFrame):
    alone = mentees.assign(person=range(len(mentees)))
    one = survey.regression(alone, "score", ["age", "course"], kind="linear", cluster="person")
    other = survey.regression(alone, "score", ["age", "course"], kind="linear", errors="hc2")
    assert one["std_error"].to_numpy() == pytest.approx(other["std_error"].to_numpy())


def test_a_person_without_a_mentor_is_a_cluster_of_her_own(mentees: pd.DataFrame):
    some = mentees.assign(mentor=mentees["mentor"].where(mentees["mentor"] != "m0"))
    alone = mentees.assign(mentor=mentees["mentor"].where(mentees["mentor"] != "m0", ["a", "b"] * 35))
    ours, theirs = (
        survey.regression(rows, "score", ["age", "course"], kind="linear", cluster="mentor")
        for rows in (some, alone)
    )
    pd.testing.assert_frame_equal(ours, theirs)
    assert set(ours["clusters"]) == {9.0}


def test_what_varies_in_few_clusters_says_so(mentees: pd.DataFrame):
    few = mentees[mentees["mentor"].isin(["m4", "m5", "m6", "m7"])]
    found = survey.regression(few, "score", ["age", "course"], kind="linear", cluster="mentor")
    course = found.set_index("predictor").loc["course"]
    assert course["df"] < 4 and course["note"] == "few_clusters" and course["conf_low"] < course["conf_high"]


def test_a_single_cluster_has_no_interval(mentees: pd.DataFrame):
    one = mentees.assign(mentor="m1")
    for found in (
        survey.regression(one, "high", ["age"], cluster="mentor"),
        survey.marginal(one, "high", ["age"], of="course", cluster="mentor", least_events=1),
    ):
        assert found["estimate"].notna().all() and found["conf_low"].isna().all()
        assert set(found["note"]) == {"few_clusters"}


# ------------------------------------------------------------------ designs


@needs_shared
def test_models_of_a_design_print_what_the_handbook_of_R_survey_prints():
    """> svyglm(api00 ~ ell + meals + mobility, design = dstrat); also sch.wide with quasibinomial()

    The numbers are those of the package's help page, as printed there.
    """
    folder = Path(SHARED or ".") / "cases" / "statistics" / "04_survey_proportions"
    rows = pd.read_csv(folder / "input.csv").assign(data_status="published")
    schools = rows[rows["design"] == "apistrat"].assign(wide=lambda f: f["sch.wide"] == "Yes")
    design = Design(weight="pw", strata="stype", fpc="fpc")
    asked = {"design": design, "population": "all", "intercept": True}
    names = ["ell", "meals", "mobility"]
    linear = survey.regression(schools, "api00", names, kind="linear", **asked)
    assert linear["estimate"].tolist() == pytest.approx([-0.4806, -3.1415, 0.2257, 820.8873], abs=5.1e-5)
    assert linear["std_error"].tolist() == pytest.approx([0.3920, 0.2839, 0.3932, 10.0777], abs=5.1e-5)
    assert set(linear["df"]) == {194.0}
    logistic = survey.regression(schools, "wide", names, **asked)
    theirs = [-0.002490, -0.003152, 0.060897, 0.835837]
    assert logistic["coefficient"].tolist() == pytest.approx(theirs, abs=5.1e-7)
    # R stops a little earlier, which shows in the last digit of its errors.
    errors = [0.013252, 0.009199, 0.031935, 0.455626]
    assert logistic["coefficient_error"].tolist() == pytest.approx(errors, abs=1e-5)


DESIGNS = {
    "weights": Design(weight="w"),
    "clusters": Design(weight="w", cluster="mentor"),
    "strata and clusters": Design(weight="w", strata="region", cluster="mentor"),
    "replicates": Design(weight="w", replicates=[f"r{k}" for k in range(8)], replicate_method="JK1"),
}


@pytest.fixture(scope="module")
def weighted(mentees: pd.DataFrame) -> pd.DataFrame:
    codes = clusters(mentees)
    dropped = {f"r{k}": mentees["w"] * np.where(codes == k, 0, 8 / 7) for k in range(8)}
    return mentees.assign(**dropped)


@pytest.mark.parametrize("design", DESIGNS)
def test_a_model_of_one_group_gives_the_difference_of_weighted_shares(design: str, weighted: pd.DataFrame):
    frame = weighted.assign(score=weighted["high"].astype(float))
    shares = survey.differences(frame, "high", by="course", reference="no", design=DESIGNS[design]).iloc[0]
    linear = survey.regression(frame, "score", ["course"], kind="linear", design=DESIGNS[design]).iloc[0]
    adjusted = survey.marginal(frame, "high", [], of="course", design=DESIGNS[design], least_events=1).iloc[0]
    for row in (linear, adjusted):
        assert [row["estimate"], row["std_error"]] == pytest.approx(
            [shares["estimate"], shares["std_error"]], rel=1e-8
        )
    assert linear["df"] == adjusted["df"] == shares["df"] - 1


def test_clusters_in_a_design_agree_with_statsmodels(mentees: pd.DataFrame):
    import statsmodels.api as sm

    design = Design(weight="one", cluster="mentor")
    found = survey.regression(mentees, "high", ["age", "course"], design=design)
    theirs = sm.Logit(mentees["high"].astype(float), matrix(mentees)).fit(
        disp=0, tol=1e-10, cov_type="cluster",
        cov_kwds={"groups": clusters(mentees), "use_correction": False},
    )  # fmt: skip
    assert found["coefficient_error"].to_numpy() == pytest.approx(theirs.bse[1:] * np.sqrt(8 / 7), rel=1e-6)


def test_replicates_refit_the_whole_model(weighted: pd.DataFrame):
    import statsmodels.api as sm

    found = survey.regression(weighted, "high", ["age", "course"], design=DESIGNS["replicates"])
    values, outcome = matrix(weighted), weighted["high"].astype(float)

    def slopes(weight: pd.Series) -> np.ndarray:
        model = sm.GLM(outcome, values, family=sm.families.Binomial(), var_weights=weight)
        return model.fit(tol=1e-12).params.to_numpy()[1:]

    full = slopes(weighted["w"])
    moved = np.array([slopes(weighted[f"r{k}"]) - full for k in range(8)])
    errors = np.sqrt(7 / 8 * (moved**2).sum(0))
    assert found["coefficient"].to_numpy() == pytest.approx(full, rel=1e-7)
    assert found["coefficient_error"].to_numpy() == pytest.approx(errors, rel=1e-6)
    assert set(found["method"]) == {"logistic_replicated"}


@pytest.mark.parametrize("kind", ["logistic", "ordinal"])
def test_linearised_errors_are_near_those_of_a_jackknife_that_drops_one_person_at_a_time(
    kind: str, mentees: pd.DataFrame
):
    n = len(mentees)
    dropped = {f"r{k}": np.where(np.arange(n) == k, 0, n / (n - 1)) for k in range(n)}
    answer = pd.cut(mentees["score"], [-9, 3.2, 4.5, 99], labels=["low", "middle", "high"])
    frame = mentees.assign(answer=answer, **dropped)
    outcome = "high" if kind == "logistic" else "answer"
    jackknife = Design(weight="one", replicates=list(dropped), replicate_method="JK1")
    one = survey.regression(frame, outcome, ["age", "course"], kind=kind, design=jackknife)
    other = survey.regression(frame, outcome, ["age", "course"], kind=kind, design=Design(weight="one"))
    assert one["coefficient_error"].to_numpy() == pytest.approx(
        other["coefficient_error"].to_numpy(), rel=0.12
    )
    assert set(one["df"]) == set(other["df"])
    if kind == "ordinal":
        assert one["p_proportionality"].iloc[0] == pytest.approx(other["p_proportionality"].iloc[0], abs=0.1)


def test_with_equal_weights_the_test_of_proportional_odds_is_near_the_likelihood_ratio():
    random = np.random.default_rng(3)
    x = random.normal(0, 1, 900)
    cut = pd.cut(0.8 * x + random.logistic(0, 1, 900), [-99, -1, 0.5, 2, 99], labels=list("abcd"))
    frame = pd.DataFrame({"answer": cut, "x": x, "one": 1.0, "gender": "woman", "data_status": "synthetic"})
    plain = survey.regression(frame, "answer", ["x"], kind="ordinal").iloc[0]
    design = survey.regression(frame, "answer", ["x"], kind="ordinal", design=Design(weight="one")).iloc[0]
    assert design["estimate"] == pytest.approx(plain["estimate"], rel=1e-9)
    assert design["p_proportionality"] == pytest.approx(plain["p_proportionality"], abs=0.08)
    assert plain["own_proportionality"] == plain["proportionality"]


def test_slopes_that_differ_between_cuts_are_found_with_and_without_a_design():
    random = np.random.default_rng(4)
    x = random.normal(0, 1, 600)
    above = random.random((600, 2)) < 1 / (1 + np.exp(-np.column_stack([0.5 + 2 * x, -0.5 + 0 * x])))
    places = above[:, 0].astype(int) + (above[:, 0] & above[:, 1])
    frame = pd.DataFrame(
        {"answer": places, "x": x, "one": 1.0, "gender": "woman", "data_status": "synthetic"}
    )
    for design in (None, Design(weight="one")):
        found = survey.regression(frame, "answer", ["x"], kind="ordinal", design=design).iloc[0]
        assert found["p_proportionality"] < 1e-4


def test_persons_outside_the_group_and_the_population_stay_in_the_design(mentees: pd.DataFrame):
    frame = mentees.assign(gender=np.where(np.arange(len(mentees)) % 3 == 0, "man", "woman"))
    design = Design(weight="w", cluster="mentor")
    whole = survey.regression(frame, "score", ["age"], kind="linear", design=design).iloc[0]
    inside = frame["gender"] == "woman"
    zero = frame.assign(w=frame["w"], score=frame["score"].where(inside), gender="woman")
    other = survey.regression(zero, "score", ["age"], kind="linear", design=design).iloc[0]
    assert [whole["estimate"], whole["std_error"], whole["df"]] == pytest.approx(
        [other["estimate"], other["std_error"], other["df"]]
    )
    assert (whole["left_out"], other["missing"]) == (24.0, 24.0)
