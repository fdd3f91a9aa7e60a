"""Precision first: half widths are those of the printed intervals, power is counted over all tables."""

from __future__ import annotations

from itertools import product
from math import comb

import numpy as np
import pandas as pd
import pytest

from kij_analysis import survey
from kij_analysis.errors import UsageError
from kij_analysis.estimates import COLUMNS
from kij_analysis.survey.power import changers, smallest_change, smallest_difference


def test_forty_in_each_arm_see_thirty_and_sixty_per_cent_apart_with_power_078():
    """The planning number of the reference; the formula with pooled variances gives 0.780, arcsines 0.783."""
    assert survey.power_of_shares(0.3, 0.6, 40, 40, method="normal") == pytest.approx(0.78, abs=0.005)
    assert survey.power_of_shares(0.3, 0.6, 40, 40) == pytest.approx(0.78, abs=0.02)


def test_without_a_difference_the_exact_power_is_about_one_less_the_level():
    for share in (0.2, 0.5):
        assert survey.power_of_shares(share, share, 40, 40) == pytest.approx(0.05, abs=0.015)


def test_the_exact_power_is_the_sum_over_all_tables():
    n_1, n_2, one, other = 9, 7, 0.2, 0.8
    expected = 0.0
    for x, y in product(range(n_1 + 1), range(n_2 + 1)):
        (low,), (high,) = survey.newcombe(x, n_1, y, n_2)
        if low > 0 or high < 0:
            first = comb(n_1, x) * one**x * (1 - one) ** (n_1 - x)
            expected += first * comb(n_2, y) * other**y * (1 - other) ** (n_2 - y)
    assert survey.power_of_shares(one, other, n_1, n_2) == pytest.approx(expected, abs=1e-12)


def test_the_exact_power_of_a_change_is_the_sum_over_all_who_change():
    n, share, change, correlation = 14, 0.4, 0.3, 0.2
    gained, lost = changers(share, change, correlation)
    expected = 0.0
    for g, l in product(range(n + 1), range(n + 1)):  # noqa: E741
        if g + l <= n and survey.mcnemar_p(g, l) <= 0.05:
            ways = comb(n, g) * comb(n - g, l)
            expected += ways * gained**g * lost**l * (1 - gained - lost) ** (n - g - l)
    found = survey.power_of_change(share, change, n, correlation=correlation)
    assert found == pytest.approx(expected, abs=1e-12)


def test_those_who_change_give_back_the_shares_and_the_correlation():
    gained, lost = changers(0.3, 0.1, 0.5)
    both = 0.3 - lost
    assert gained - lost == pytest.approx(0.1)
    assert (both - 0.3 * 0.4) / np.sqrt(0.3 * 0.7 * 0.4 * 0.6) == pytest.approx(0.5)


def test_a_correlation_that_is_not_possible_gives_way():
    gained, lost = changers(0.1, 0.85, 0.9)
    assert lost == pytest.approx(0)
    assert gained == pytest.approx(0.85)


@pytest.mark.parametrize(("n_1", "n_2", "share"), [(40, 40, 0.3), (120, 40, 0.1), (25, 60, 0.5)])
def test_the_smallest_difference_has_just_the_power_that_was_asked_for(n_1: int, n_2: int, share: float):
    found = smallest_difference(share, n_1, n_2, power=0.8, level=0.95)
    powers = [survey.power_of_shares(share, share + found, *n) for n in ((n_1, n_2), (n_2, n_1))]
    assert min(powers) == pytest.approx(0.8, abs=1e-3)
    assert max(powers) >= 0.8


def test_the_smallest_change_has_just_the_power_that_was_asked_for():
    found = smallest_change(0.3, 60, correlation=0.5, power=0.8, level=0.95)
    assert survey.power_of_change(0.3, found, 60, correlation=0.5) == pytest.approx(0.8, abs=1e-3)


def test_large_groups_are_planned_with_the_normal_formula_and_agree_with_the_exact_one():
    large = survey.precision({"fika": 400, "sajo": 400}, of="difference", share=0.3).iloc[0]
    assert large["method"] == "normal_power"
    p = (0.3, 0.3 + large["estimate"])
    assert survey.power_of_shares(*p, 400, 400, method="exact") == pytest.approx(0.8, abs=0.01)


def test_half_widths_are_those_of_the_intervals_that_shares_prints():
    answers = pd.DataFrame({"gender": "woman", "data_status": "observed", "yes": [True] * 12 + [False] * 28})
    for size in (None, 55):
        printed = survey.shares(answers, "yes", population_size=size).iloc[0]
        planned = survey.precision({"all": 40}, of="share", share=0.3, population_size=size).iloc[0]
        assert planned["estimate"] == pytest.approx((printed["conf_high"] - printed["conf_low"]) / 2)
        assert planned["expected_low"] == pytest.approx(printed["conf_low"])
        assert planned["method"] == printed["method"]


def test_half_widths_of_means_are_those_of_the_intervals_that_means_prints():
    answers = pd.DataFrame({"gender": "woman", "data_status": "observed", "x": [1.0, 4, 6, 9, 12, 3]})
    for size in (None, 9):
        printed = survey.means(answers, "x", population_size=size).iloc[0]
        planned = survey.precision({"all": 6}, of="mean", sd=answers["x"].std(), population_size=size)
        assert planned["estimate"].iloc[0] == pytest.approx((printed["conf_high"] - printed["conf_low"]) / 2)


def test_the_smallest_difference_of_means_is_that_of_the_noncentral_t():
    from scipy.stats import nct, t

    def power(distance: float, df: int) -> float:
        edge = t.ppf(0.975, df)
        return float(nct.sf(edge, df, distance) + nct.cdf(-edge, df, distance))

    found = survey.precision({"fika": 40, "sajo": 30}, of=["mean_difference", "mean_change"], sd=10)
    difference, change, _ = found["estimate"]
    assert power(difference / 10 / np.sqrt(1 / 40 + 1 / 30), 68) == pytest.approx(0.8, abs=1e-3)
    assert power(change / 10 * np.sqrt(40), 39) == pytest.approx(0.8, abs=1e-3)


def test_means_of_thousands_are_planned_too():
    found = survey.precision({"fika": 20_000, "sajo": 9_000}, of=["mean_difference", "mean_change"])
    expected = 2.8016 * np.sqrt(1 / 20_000 + 1 / 9_000)
    assert found["estimate"].iloc[0] == pytest.approx(expected, rel=1e-3)


def test_all_who_could_answer_leave_nothing_open():
    assert survey.precision({"a": 40}, of="share", population_size=40)["estimate"].tolist() == [0, 0, 0]


PLAN = pd.DataFrame(
    {
        "programme": ["kvinfo", "fika", "kvinfo", "fika"],
        "wave": ["entry", "entry", "end", "end"],
        "gender": "woman",
        "data_status": "observed",
    }
)


def test_programmes_are_compared_within_a_wave_and_population_sizes_go_by_both():
    sizes = survey.group_sizes(pd.concat([PLAN] * 30, ignore_index=True), by=["programme", "wave"])
    found = survey.precision(sizes, share=0.5, population_size={"kvinfo|end": 40})
    pairs = found[found["category"] == "difference"]
    assert pairs[["group", "wave", "n_1", "n_2"]].values.tolist() == [
        ["entry|kvinfo-fika", "entry", 30, 30], ["end|kvinfo-fika", "end", 30, 30]
    ]  # fmt: skip
    finite = found[found["method"] == "wilson_finite"]
    assert finite[["programme", "wave"]].values.tolist() == [["kvinfo", "end"]]


def test_the_table_of_a_question_is_a_plan_of_its_own():
    frame = pd.concat([PLAN] * 20, ignore_index=True).assign(yes=True)
    shares = survey.shares(frame, "yes", by="programme")
    found = survey.precision(shares, share=0.5)
    assert found["variable"].unique().tolist() == ["yes"]
    assert found["n"].tolist() == [40, 40, 80]


def test_a_plan_is_an_assumption_and_synthetic_persons_stay_synthetic():
    sizes = survey.group_sizes(PLAN, by="programme")
    assert set(survey.precision(sizes)["data_status"]) == {"assumed"}
    assert set(survey.precision(sizes.assign(data_status="synthetic"))["data_status"]) == {"synthetic"}


EVERYTHING = ["share", "difference", "mean", "mean_difference", "change", "mean_change"]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("sizes", [(0, 0), (0, 20), (1, 1), (1, 30), (2, 2), (3, 2), (25, 25)])
def test_every_plan_has_rows_and_every_gap_a_reason(sizes: tuple[int, int]):
    found = survey.precision({"fika": sizes[0], "sajo": sizes[1]}, of=EVERYTHING)
    assert list(found.columns[: len(COLUMNS)]) == list(COLUMNS)
    assert set(found["category"]) == set(EVERYTHING)
    assert (found["estimate"].isna() == (found["note"] != "")).all()
    assert not np.isinf(found["estimate"]).any()


def test_groups_too_small_to_show_anything_say_so():
    found = survey.precision({"fika": 2, "sajo": 3}, of=["difference", "change"], share=0.5)
    assert set(found["note"]) == {"too_few"}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"share": 1.0}, "planned share is 1"),
        ({"power": 1.0}, "planned power is 1"),
        ({"sd": 0}, "planned standard deviation is 0"),
        ({"correlation": 1}, "planned correlation is 1"),
        ({"level": 95}, "The level is 95"),
        ({"of": "median"}, "median"),
        ({"population_size": 10, "of": "share"}, "population of 10 is smaller"),
        ({"population_size": 10, "of": "mean"}, "population of 10 is smaller"),
    ],
)
def test_a_plan_that_cannot_be_is_told(options: dict, sentence: str):
    with pytest.raises(UsageError, match=sentence):
        survey.precision({"fika": 40, "sajo": 40}, **options)


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (pd.DataFrame({"programme": ["fika"]}), "no column 'n'"),
        ({"fika": -1}, "negative or broken"),
        ({"fika": 2.5}, "negative or broken"),
    ],
)
def test_a_plan_without_numbers_is_told(plan: object, sentence: str):
    with pytest.raises(UsageError, match=sentence):
        survey.precision(plan)  # type: ignore[arg-type]


def test_shares_of_nobody_cannot_be_planned():
    with pytest.raises(UsageError, match="cannot be"):
        survey.power_of_shares(0.3, 1.2, 40, 40)
    with pytest.raises(UsageError, match="cannot be"):
        survey.power_of_shares(0.3, 0.6, 40, 0)


# ------------------------------------------------------------------ by wave, from the answers


def waves(*, linked: bool = True) -> pd.DataFrame:
    """Thirty women of FIKA and forty of SAJO at entry, twenty of each at the end, and a man."""
    rows = []
    for programme, first in (("fika", 30), ("sajo", 40)):
        rows += [(programme, f"{programme}{k}", "entry") for k in range(first)]
        named = programme if linked or programme == "fika" else "other"
        rows += [(programme, f"{named}{k}", "end") for k in range(20)]
    frame = pd.DataFrame(rows, columns=["programme", "person_id", "wave"])
    gender = np.where(frame["person_id"] == "fika0", "man", "woman")
    return frame.assign(role="mentee", gender=gender, data_status="synthetic")


def test_the_waves_of_a_study_are_planned_from_its_answers():
    invited = [
        ("fika", "entry", 50.0),
        ("fika", "end", 50.0),
        ("sajo", "entry", np.nan),
        ("sajo", "end", 10.0),
    ]
    sources = pd.DataFrame(invited, columns=["programme", "wave", "invited"])
    found = survey.precision_by_wave(waves(), sources=sources.assign(role="mentee", unit="person"), share=0.5)
    finite = found[found["population_size"].notna()]
    # SAJO's entry has no number, and its end fewer than have answered.
    assert finite[["programme", "wave", "population_size"]].values.tolist() == [
        ["fika", "entry", 50.0], ["fika", "end", 50.0]
    ]  # fmt: skip
    changes = found[found["category"] == "change"]
    assert changes[["programme", "n"]].values.tolist() == [["fika", 19], ["sajo", 20]]


def test_a_programme_whose_waves_are_not_linked_shows_no_change():
    found = survey.precision_by_wave(waves(linked=False), share=0.5)
    changes = found[found["category"] == "change"].set_index("programme")
    assert changes.loc["sajo", "note"] == "no_pairs"
    assert changes.loc["fika", "note"] == ""


def test_answers_of_two_roles_are_not_planned_together():
    both = pd.concat([waves(), waves().assign(role="mentor")])
    with pytest.raises(UsageError, match="mentee and mentor"):
        survey.precision_by_wave(both)
    with pytest.raises(UsageError, match="no answers of the waves follow_up"):
        survey.precision_by_wave(waves(), waves=["follow_up"])
