"""How fragile results are, against R and published numbers: Rosenbaum bounds, E-values, robustness values."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kij_analysis import effects
from kij_analysis.effects.fragility.robustness import adjusted_for, benchmark, partial_r2, robustness_value
from kij_analysis.effects.fragility.rosenbaum import statistic

SHARED = os.environ.get("KIJ_SHARED")
needs_shared = pytest.mark.skipif(not SHARED, reason="KIJ_SHARED does not say where the shared data lies")


@pytest.fixture(scope="module")
def lead() -> tuple[np.ndarray, dict[str, Any]]:
    """33 pairs of children, of a father exposed to lead and of one who was not (Morton and others 1982)."""
    folder = Path(SHARED or ".") / "cases" / "statistics" / "21_rosenbaum_bounds"
    rows = pd.read_csv(folder / "input.csv")
    reference = json.loads((folder / "reference.json").read_text("utf-8"))
    return (rows["exposed"] - rows["control"]).to_numpy(float), reference


# ------------------------------------------------------------------ case 21: Rosenbaum bounds


def held(own: pd.DataFrame, theirs: list[dict[str, float]], names: dict[str, str]) -> None:
    assert own["gamma"].tolist() == [row["gamma"] for row in theirs]
    for name, their in names.items():
        assert own[name].to_numpy() == pytest.approx([row[their] for row in theirs], abs=1e-9)


@needs_shared
def test_bounds_of_the_signed_rank_test_agree_with_rbounds(lead):
    """> rbounds::psens(trt, ctrl, Gamma = 6)"""
    apart, reference = lead[0], lead[1]["lead_wilcoxon"]
    assert statistic(apart) == (reference["T"], reference["n_nonzero"])
    gammas = [row["gamma"] for row in reference["table"]]
    normal = effects.pair_bounds(apart, gammas=gammas, exact=False)
    held(normal, reference["table"], {"p_lower": "p_lower", "p_upper": "p_upper"})
    exact = effects.pair_bounds(apart, gammas=gammas)
    held(exact, reference["table"], {"p_upper": "p_upper_exact"})
    for exactly, name in ((False, "critical_gamma_normal_05"), (True, "critical_gamma_exact_05")):
        assert effects.critical_gamma(apart, exact=exactly) == pytest.approx(reference[name], abs=1e-9)


@needs_shared
def test_ranking_zeros_gives_the_values_of_the_book(lead):
    """Rosenbaum 2002: 0.0018, 0.0136, 0.0388, 0.0740 at gamma 2, 3, 4, 5."""
    apart, reference = lead[0], lead[1]["lead_wilcoxon"]
    assert statistic(apart, zeros="ranked")[0] == reference["T_pratt"]
    table = reference["table_pratt_zeros_ranked"]
    gammas = [row["gamma"] for row in table]
    own = effects.pair_bounds(apart, gammas=gammas, exact=False, zeros="ranked")
    held(own, table, {"p_upper": "p_upper"})
    book = own.set_index("gamma").loc[[2, 3, 4, 5], "p_upper"].round(4).tolist()
    assert book == [0.0018, 0.0136, 0.0388, 0.0740]


@needs_shared
def test_bounds_of_the_sign_test_agree_with_R(lead):
    apart, reference = lead[0], lead[1]["lead_sign_test"]
    assert ((apart > 0).sum(), (apart != 0).sum()) == (reference["n_pos"], reference["n"])
    own = effects.pair_bounds(apart, gammas=[row["gamma"] for row in reference["table"]], test="sign")
    held(own, reference["table"], {"p_lower": "p_lower", "p_upper": "p_upper"})


@needs_shared
@pytest.mark.parametrize("name", ["hammond", "small", "employment"])
def test_bounds_of_mcnemars_test_agree_with_R_with_the_tail_that_holds_what_was_seen(lead, name: str):
    """> pbinom(a - 1, n, g / (1 + g), lower.tail = FALSE); rbounds::binarysens uses a strict tail"""
    reference = lead[1]["mcnemar"][name]
    a, n = reference["a"], reference["n"]
    pairs = [1] * a + [-1] * (n - a) + [0] * 7
    own = effects.pair_bounds(pairs, gammas=[row["gamma"] for row in reference["table"]], test="mcnemar")
    held(own, reference["table"], {"p_lower": "p_lower", "p_upper": "p_upper"})
    for alpha, key in ((0.05, "critical_gamma_one_sided_05"), (0.025, "critical_gamma_one_sided_025")):
        found = effects.critical_gamma(pairs, alpha=alpha, test="mcnemar")
        wanted = np.nan if reference[key] is None else reference[key]
        assert found == pytest.approx(wanted, abs=1e-9, nan_ok=True)


@needs_shared
def test_amplification_agrees_with_R(lead):
    for row in lead[1]["amplification"]:
        assert effects.amplification(1.5, row["Lambda"]) == pytest.approx(
            row["Delta_for_Gamma_1.5"], abs=1e-12
        )


# ------------------------------------------------------------------ E-values


def test_the_e_value_of_the_paper():
    """VanderWeele and Ding 2017: a ratio of 3.9 (1.8, 8.7) has the E-values 7.26 and 3.0."""
    assert np.round(effects.e_value(3.9, low=1.8, high=8.7), 2).tolist() == [7.26, 3.0]


@pytest.mark.parametrize(
    ("scale", "how", "wanted"),
    [
        # > evalues.RR(0.8, 0.71, 0.91): a ratio below 1 is turned round
        ((0.8, 0.71, 0.91, "ratio"), {}, (0.8**-1 + (0.8**-1 * (0.8**-1 - 1)) ** 0.5, 1.4286)),
        # > evalues.OR(2.5, 1.4, 4.0, rare = FALSE)
        ((2.5, 1.4, 4.0, "odds_ratio"), {}, (2.53971129469801, 1.6488166904897)),
        # > evalues.HR(1.8, 1.2, 2.6, rare = TRUE)
        ((1.8, 1.2, 2.6, "hazard_ratio"), {"rare": True}, (3, 1.68989794855664)),
        # > evalues.HR(1.8, 1.2, 2.6, rare = FALSE)
        ((1.8, 1.2, 2.6, "hazard_ratio"), {}, (2.36714327129528, 1.52553091757873)),
        # > evalues.MD(0.5, se = 0.2), whose interval reaches 1.78 / 0.91 standard errors
        (
            (0.5, 0.5 - 1.78 / 0.91 * 0.2, 0.5 + 1.78 / 0.91 * 0.2, "standardised_mean"),
            {},
            (2.52914198186127, 1.44302956344269),
        ),
    ],
)
def test_e_values_on_every_scale_agree_with_R(scale: tuple, how: dict, wanted: tuple[float, float]):
    estimate, low, high, name = scale
    assert effects.e_value(estimate, low=low, high=high, scale=name, **how) == pytest.approx(wanted, abs=1e-4)


def test_the_e_value_of_counts_agrees_with_R():
    """> evalues.RD(397, 78557, 51, 108778)   # Hammond and Horn 1958: 20.95, 15.96"""
    found = effects.e_value_of_counts(397, 78954, 51, 108829)
    assert found == pytest.approx((20.947, 15.957), abs=1e-3)
    assert effects.e_value_of_counts(51, 108829, 397, 78954) == effects.e_value_of_counts(
        397, 78954, 51, 108829
    )


def test_a_difference_of_shares_has_the_e_value_of_its_ratio():
    found = effects.e_value(0.2, low=0.05, high=0.35, scale="risk_difference", base=0.3)
    assert found == pytest.approx(effects.e_value(0.5 / 0.3, low=0.35 / 0.3, high=0.65 / 0.3))


def test_an_interval_that_holds_no_difference_needs_nothing():
    assert effects.e_value(1.4, low=0.9, high=2.0)[1] == 1.0
    assert np.isnan(effects.e_value(1.4)[1])


# ------------------------------------------------------------------ robustness values

DARFUR = (0.09731582, 0.02325654, 783)
BOUNDS = {
    1: (0.00916428667504862, 0.12464092303637, 0.0752202712144491, 0.0218733277437572, 3.43890386024675),
    2: (0.0183285733500972, 0.249324064199975, 0.0529151723844518, 0.0203500620779637, 2.60024623913809),
    3: (0.0274928600251459, 0.374050471038094, 0.0303960234641548, 0.0186700648170924, 1.62806202131271),
}
"""> sensemakr(model, treatment = "directlyharmed", benchmark_covariates = "female", kd = 1:3)   # 0.1.6"""


def test_darfur_has_the_robustness_values_that_cinelli_and_hazlett_print():
    """2.2 per cent, 13.9 per cent, 7.6 per cent."""
    assert partial_r2(*DARFUR) == pytest.approx(0.02187309, abs=1e-7)
    assert robustness_value(*DARFUR) == pytest.approx(0.1387764, abs=1e-6)
    assert robustness_value(*DARFUR, alpha=0.05) == pytest.approx(0.07625797, abs=1e-6)


@pytest.mark.parametrize("times", [1, 2, 3])
def test_darfur_has_the_bounds_that_cinelli_and_hazlett_print(times: int):
    with_treatment, with_outcome, estimate, error, t = BOUNDS[times]
    found = adjusted_for(*DARFUR, with_treatment=with_treatment, with_outcome=with_outcome)
    assert found == pytest.approx((estimate, error), abs=1e-7)
    assert found[0] / found[1] == pytest.approx(t, abs=1e-4)


def test_the_bounds_of_a_benchmark_follow_from_its_two_shares():
    treatment_r2 = BOUNDS[1][0] / (1 + BOUNDS[1][0])
    between = treatment_r2**2 / (1 - treatment_r2) ** 2
    ratio = BOUNDS[1][1] / ((1 + np.sqrt(between)) ** 2 / (1 - between))
    outcome_r2 = ratio / (1 + ratio)
    for times, (with_treatment, with_outcome, estimate, error, _) in BOUNDS.items():
        found = benchmark(*DARFUR, treatment_r2=treatment_r2, outcome_r2=outcome_r2, times=times)
        assert [found.with_treatment, found.with_outcome] == pytest.approx(
            [with_treatment, with_outcome], abs=1e-9
        )
        assert [found.estimate, found.std_error] == pytest.approx([estimate, error], abs=1e-7)


def test_a_trait_that_cannot_be_so_strong_has_no_bound():
    assert benchmark(1.0, 0.2, 50, treatment_r2=0.6, outcome_r2=0.3, times=2) is None
