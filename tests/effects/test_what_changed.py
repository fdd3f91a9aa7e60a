"""What has changed in the same persons: means, sizes, statuses, low starts, and groups compared."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from scipy.stats import nct, ttest_rel

from kij_analysis.effects import (
    change,
    change_between,
    effect_size,
    expected_regression,
    job_between,
    low_start,
    standardised,
    transitions,
)
from kij_analysis.effects.standardised import hedges, noncentrality
from kij_analysis.errors import UsageError

SLEEP = (
    [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
    [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
)
"""Student's sleep data (Cushny and Peebles 1905): hours gained by ten persons with two drugs."""


def twice(first: Sequence[object], second: Sequence[object], name: str = "confidence_score", **more: object):
    """Answers of the same persons at entry and at the end."""
    n = len(first)
    frame = pd.DataFrame(
        {"programme": "fika", "person_id": [*range(n)] * 2, "gender": "woman", "role": "mentee",
         "wave": ["entry"] * n + ["end"] * n, "data_status": "synthetic", name: [*first, *second]}
    )  # fmt: skip
    return frame.assign(**{key: [*values, *values] for key, values in more.items()})


# ------------------------------------------------------------------ changes and their sizes


def test_a_mean_change_is_that_of_the_paired_t_test():
    (row,) = change(twice(*SLEEP), "confidence").to_dict("records")
    expected = ttest_rel(SLEEP[1], SLEEP[0])
    low, high = expected.confidence_interval(0.95)
    assert row["estimate"] == pytest.approx(1.58) and row["p_value"] == pytest.approx(expected.pvalue)
    assert (row["conf_low"], row["conf_high"]) == (pytest.approx(low), pytest.approx(high))
    assert row["mean_1"] == pytest.approx(0.75) and row["correlation"] == pytest.approx(0.7952, abs=5e-5)
    assert (row["measure"], row["design"], row["maryland"]) == ("change", "before_after", 2)


def test_the_sizes_of_the_sleep_data_are_the_published_ones():
    """> cohens_d(Pair(extra[group == 1], extra[group == 2]) ~ 1, data = sleep)   # effectsize

    -1.28 [-2.12, -0.41], the first drug less the second.
    """
    d, low, high = effect_size(*map(np.array, SLEEP), "d_z")
    assert (round(d, 2), round(low, 2), round(high, 2)) == (1.28, 0.41, 2.12)


def test_d_av_divides_by_the_spread_of_the_answers_and_rescales_the_interval():
    one, two = map(np.array, SLEEP)
    average = math.sqrt((one.var(ddof=1) + two.var(ddof=1)) / 2)
    scale = (two - one).std(ddof=1) / average
    found, z = effect_size(one, two, "d_av"), effect_size(one, two, "d_z")
    assert found[0] == pytest.approx((two - one).mean() / average)
    assert found == pytest.approx([number * scale for number in z])


def test_hedges_factor_is_the_exact_one():
    """The approximation 1 - 3/(4m - 1) of the textbooks is near it."""
    assert hedges(9) == pytest.approx(math.gamma(4.5) / (math.sqrt(4.5) * math.gamma(4)))
    assert hedges(50) == pytest.approx(1 - 3 / 199, abs=1e-4)
    g, d = (effect_size(*map(np.array, SLEEP), size) for size in ("g_z", "d_z"))
    assert g == pytest.approx([number * hedges(9) for number in d])


@pytest.mark.parametrize(("statistic", "df"), [(0.0, 3), (4.06, 9), (-2.5, 40), (30.0, 5)])
def test_the_ends_of_noncentrality_leave_the_tails_that_they_should(statistic: float, df: int):
    low, high = noncentrality(statistic, df)
    assert nct.sf(statistic, df, low) == pytest.approx(0.025, abs=1e-6)
    assert nct.cdf(statistic, df, high) == pytest.approx(0.025, abs=1e-6)


def test_the_interval_of_d_av_covers_as_it_says():
    """400 samples of 20 pairs, correlation 0.6, true change 0.5 standard deviations."""
    rng = np.random.default_rng(7)
    first = rng.normal(size=(400, 20))
    second = 0.5 + 0.6 * first + 0.8 * rng.normal(size=(400, 20))
    found = [effect_size(one, two, "d_av") for one, two in zip(first, second, strict=True)]
    covered = np.mean([low <= 0.5 <= high for _, low, high in found])
    assert abs(covered - 0.95) < 3 * math.sqrt(0.95 * 0.05 / 400)


@pytest.mark.parametrize(
    ("first", "second", "note"),
    [([], [], "no_answers"), ([50.0], [60.0], "too_few"),
     ([50.0, 60.0, 10.0], [60.0, 70.0, 20.0], "no_variation"), ([None, 40.0], [40.0, None], "no_pairs")],
)  # fmt: skip
def test_what_has_no_interval_says_why(first: list, second: list, note: str):
    frame = twice(first, second).astype({"confidence_score": "float64"})
    if frame.empty:
        frame = twice([None], [None]).astype({"confidence_score": "float64"})
    assert change(frame, "confidence")["note"].tolist() == [note]
    assert standardised(frame, "confidence")["note"].tolist() == [note]


def test_shares_change_by_the_paired_method_and_say_their_unit():
    frame = twice([True, False, False, True], [True, True, False, True], "barrier_network")
    (row,) = change(frame.astype({"barrier_network": "boolean"}), "barrier_network").to_dict("records")
    assert (row["estimate"], row["unit"], row["estimand"]) == (0.25, "share", "share_change")


def test_mentors_and_mentees_are_never_pooled():
    mixed = twice([1.0, 2.0], [2.0, 3.0]).assign(role=["mentee", "mentor"] * 2)
    for analysis in (change, standardised, low_start):
        with pytest.raises(UsageError, match="never pooled"):
            analysis(mixed, "confidence")
    assert len(change(mixed, "confidence", by=["programme", "role"])) == 2


def test_only_women_count_unless_everybody_is_asked_for():
    frame = twice([10.0, 20.0, 30.0], [20.0, 20.0, 90.0], gender=["woman", "woman", "man"])
    assert change(frame, "confidence")["n"].tolist() == [2]
    assert change(frame, "confidence", population="all")["n"].tolist() == [3]


# ------------------------------------------------------------------ regression to the mean


def test_a_cut_moves_a_mean_as_the_formula_of_davis_says():
    """Against a million pairs from a bivariate normal distribution."""
    rng = np.random.default_rng(3)
    first = rng.normal(size=1_000_000)
    second = 0.7 * first + math.sqrt(1 - 0.49) * rng.normal(size=1_000_000)
    below = first < -0.5
    moved = (second[below] - first[below]).mean() * 20
    assert expected_regression(60, 20, 0.7, below=50) == pytest.approx(moved, abs=0.06)


def test_a_group_that_began_low_is_expected_to_rise_by_its_share_of_the_gap():
    assert expected_regression(60, 20, 0.75, start=40) == pytest.approx(5.0)
    assert expected_regression(60, 20, 1.0, start=40) == 0.0
    with pytest.raises(UsageError, match="either"):
        expected_regression(60, 20, 0.7)


def test_who_begins_low_gains_most_even_if_nothing_has_happened():
    rng = np.random.default_rng(11)
    usual = rng.normal(50, 15, size=3000)
    first, second, third = (usual + rng.normal(0, 12, size=3000) for _ in range(3))
    frame = pd.concat(
        [twice(first, second), twice(first, third).query("wave == 'end'").assign(wave="follow_up")]
    )
    found = low_start(frame, "confidence").set_index(["part", "category"])["estimate"]
    assert found["lowest", "observed"] > 5 and found["highest", "observed"] < -5
    for part in ("lowest", "middle", "highest"):
        assert found[part, "observed"] == pytest.approx(found[part, "expected"], abs=1.5)
    assert abs(found["everybody", "dip"]) < 3


def test_the_correlation_comes_from_two_times_between_which_little_happened():
    rng = np.random.default_rng(1)
    first, second = rng.normal(50, 10, 40), rng.normal(60, 10, 40)
    frame = pd.concat(
        [twice(first, second), twice(first, second + 1).query("wave == 'end'").assign(wave="follow_up")]
    )
    found = low_start(frame, "confidence")
    assert found["retest"].round(6).unique().tolist() == [1.0]
    assert found.loc[found["category"] == "dip", "note"].tolist() == ["no_variation"]
    assert low_start(frame, "confidence", retest=None)["retest"].abs().max() < 0.6


def test_with_the_usual_level_the_share_of_the_whole_change_is_told():
    frame = twice([0.0, 20, 40, 60, 80, 100] * 2, [30.0, 40, 50, 60, 70, 80] * 2)
    found = low_start(frame, "confidence", retest=None, usual={"confidence_score": 60.0})
    row = found[(found["part"] == "everybody") & (found["category"] == "expected")]
    assert row["estimate"].tolist() == pytest.approx([0.0])  # the two times correlate perfectly


def test_too_few_for_thirds_say_so_in_every_row():
    found = low_start(twice([1.0, 2.0], [2.0, 5.0]), "confidence")
    assert found["note"].unique().tolist() == ["too_few"] and len(found) == 6


# ------------------------------------------------------------------ statuses


STATES = ["employed", "subsidised_job", "internship", "education", "unemployed", "outside_labour_force"]


def statuses(*courses: tuple[str | None, ...]) -> pd.DataFrame:
    waves = ("entry", "end", "follow_up")
    rows = [
        {"programme": "fika", "person_id": person, "gender": "woman", "wave": wave, "labour_status": status,
         "data_status": "synthetic"}
        for person, course in enumerate(courses)
        for wave, status in zip(waves, course, strict=False)
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    return frame.assign(labour_status=pd.Categorical(frame["labour_status"], categories=STATES))


COURSES = (
    ("unemployed", "employed", "employed"),
    ("unemployed", "unemployed", None),
    ("education", None, "employed"),
    ("unemployed", None, None),
    (None, "employed", "employed"),
)


def test_every_person_with_a_first_answer_is_in_one_flow_of_each_step():
    found = transitions(statuses(*COURSES))
    for step in (("entry", "end"), ("end", "follow_up")):
        flows = found[(found["wave_1"] == step[0]) & (found["wave_2"] == step[1])]
        assert flows["count"].sum() == 4  # who gave no first answer is not followed
    moved = found[found["count"] > 0].set_index(["wave_2", "first", "second"])["count"]
    assert moved["end", "no_work", "lost"] == 1 and moved["end", "on_the_way", "lost"] == 1
    assert moved["follow_up", "lost", "work"] == 1


def test_the_shares_of_each_time_add_up_to_everybody_followed():
    found = transitions(statuses(*COURSES)).query("first == ''")
    assert found.groupby("wave_1")["estimate"].sum().round(9).tolist() == [1.0, 1.0, 1.0]
    assert "lost" not in set(found.loc[found["wave_1"] == "entry", "second"])


def test_without_the_lost_the_base_are_those_who_answered():
    found = transitions(statuses(*COURSES), wave=("entry", "end"), lost=False)
    row = found[(found["first"] == "no_work") & (found["second"] == "work")].iloc[0]
    assert (row["count"], row["n"], row["missing"]) == (1, 2, 1)


def test_statuses_may_stand_for_themselves():
    found = transitions(statuses(*COURSES), wave=("entry", "end"), into=None)
    assert set(found["second"]) == {*STATES, "lost"}
    empty = found[found["first"] == "internship"]
    assert empty["note"].unique().tolist() == ["no_answers"] and empty["estimate"].isna().all()


def test_finding_a_job_is_told_from_having_had_one_and_from_not_being_known():
    frame = statuses(
        ("unemployed", "subsidised_job"),
        ("unemployed", "education"),
        ("employed", "unemployed"),
        ("unemployed", None),
    )
    found = job_between(frame).query("wave == 'entry'")["job"]
    assert found.astype("object").where(found.notna(), None).tolist() == ["found", "none", "before", None]


def test_change_is_told_for_those_who_found_no_work():
    frame = statuses(("unemployed", "employed"), ("unemployed", "education"), ("unemployed", "unemployed"))
    frame = frame.assign(confidence_score=[20.0, 60, 20, 30, 40, 60])
    found = change(job_between(frame), "confidence", by=["programme", "job"]).set_index("job")
    assert found.loc["none", "estimate"] == pytest.approx(15.0) and found.loc["none", "n"] == 2


# ------------------------------------------------------------------ groups compared


def grouped(n: int = 30, gap: float = 5.0) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    group = np.array(["a", "b"] * n)
    first = rng.normal(50, 10, 2 * n)
    second = 20 + 0.6 * first + gap * (group == "a") + rng.normal(0, 5, 2 * n)
    return twice(first, second, round=list(group))


def test_ancova_is_least_squares_on_group_and_start():
    frame = grouped()
    (row,) = change_between(frame, "confidence", between="round").to_dict("records")
    wide = frame.pivot(index="person_id", columns="wave", values="confidence_score")
    group = frame.query("wave == 'entry'").set_index("person_id")["round"].eq("a").to_numpy(float)
    matrix = np.column_stack([np.ones(60), group, wide["entry"]])
    inverse = np.linalg.inv(matrix.T @ matrix)
    beta = inverse @ matrix.T @ wide["end"].to_numpy()
    left = wide["end"].to_numpy() - matrix @ beta
    leverage = np.einsum("ij,jk,ik->i", matrix, inverse, matrix)
    robust = inverse @ (matrix.T * (left / (1 - leverage)) ** 2) @ matrix @ inverse
    assert row["estimate"] == pytest.approx(beta[1])
    assert row["std_error"] == pytest.approx(math.sqrt(robust[1, 1]))
    assert (row["measure"], row["design"], row["maryland"], row["df"]) == (
        "difference",
        "comparison_raw",
        2,
        57,
    )


def test_with_two_complete_waves_the_longitudinal_model_is_the_difference_of_the_mean_changes():
    frame = grouped()
    (row,) = change_between(frame, "confidence", between="round", model="longitudinal").to_dict("records")
    changes = change(frame, "confidence", by="round").set_index("round")
    assert row["estimate"] == pytest.approx(
        changes.loc["a", "estimate"] - changes.loc["b", "estimate"], abs=1e-6
    )
    pooled = math.sqrt((changes["std_error"] ** 2).sum())
    assert row["std_error"] == pytest.approx(pooled, rel=0.02)


def test_the_longitudinal_model_also_uses_those_who_answered_once():
    frame = grouped()
    frame.loc[frame.index[70:80], "confidence_score"] = np.nan
    one = change_between(frame, "confidence", between="round", model="longitudinal").iloc[0]
    other = change_between(frame, "confidence", between="round").iloc[0]
    assert one["n"] == other["n"] == 50 and np.isfinite(one["std_error"])


def test_a_constrained_model_takes_both_groups_to_have_begun_alike():
    frame = grouped()
    start = frame["wave"].eq("entry") & frame["round"].eq("a")
    frame = frame.assign(confidence_score=frame["confidence_score"] + 3.0 * start)
    free = change_between(frame, "confidence", between="round", model="longitudinal").iloc[0]
    held = change_between(
        frame, "confidence", between="round", model="longitudinal", constrained=True, design="randomised"
    ).iloc[0]
    assert held["estimate"] > free["estimate"] and held["maryland"] == 5


@pytest.mark.parametrize("model", ["ancova", "longitudinal"])
@pytest.mark.parametrize(
    ("first", "second", "groups", "note"),
    [([1.0, 2, 3], [2.0, 3, 5], ["a", "a", "b"], "too_few"),
     ([1.0, 2, 3, 4], [2.0, 3, None, None], ["a", "a", "b", "b"], "one_group_empty"),
     ([50.0] * 6, [50.0] * 6, ["a", "b"] * 3, "no_variation"),
     ([None] * 4, [None] * 4, ["a", "b"] * 2, "no_answers")],
)  # fmt: skip
def test_groups_that_cannot_be_compared_say_why(model, first, second, groups, note):
    frame = twice(first, second, round=groups).astype({"confidence_score": "float64"})
    found = change_between(frame, "confidence", between="round", model=model)
    assert found["note"].tolist() == [note] and found["estimate"].isna().all()


def test_covariates_are_held_equal_and_those_without_spread_left_out():
    frame = grouped().assign(age=lambda own: own["person_id"] % 7 + 30.0, same="x", yes=True)
    found = change_between(frame, "confidence", between="round", covariates=["age", "same", "yes"])
    assert found["df"].tolist() == [56] and found["note"].tolist() == [""]
