"""Designs: what they refuse, and the identities that their variances keep."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kij_analysis.errors import UsageError
from kij_analysis.survey import Design, differences, means, medians, shares
from kij_analysis.survey.design import sample_of
from kij_analysis.survey.variances import ratios

SCORES = [3.0, 5, 4, 8, 1, 7, 6, 2]


def people(**columns: object) -> pd.DataFrame:
    frame = pd.DataFrame({"score": SCORES, "w": 1.0, "gender": "woman", "data_status": "synthetic"})
    frame["high"] = frame["score"] > 4
    return frame.assign(**columns)


def delete_one() -> dict[str, np.ndarray]:
    """Replicate weights that leave out each of eight persons in turn."""
    return {f"r{k}": np.where(np.arange(8) == k, 0.0, 8 / 7) for k in range(8)}


JK1 = Design(weight="w", replicates=[f"r{k}" for k in range(8)], replicate_method="JK1")


def test_the_jackknife_of_a_mean_is_its_usual_standard_error():
    frame = people(**delete_one())
    found, usual = (means(frame, "score", design=design).iloc[0] for design in (JK1, None))
    columns = ["estimate", "std_error", "conf_low", "conf_high", "df"]
    assert found[columns].tolist() == pytest.approx(usual[columns].tolist(), rel=1e-12)


PAIRED_STRATA = np.repeat(range(4), 2)


def half_samples(fay: float = 0.0) -> dict[str, np.ndarray]:
    """Balanced half-samples of four strata of two persons (a Hadamard matrix of order four)."""
    signs = np.array([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]])
    first = np.arange(8) % 2 == 0
    up, down = 2 - fay, fay
    return {f"r{k}": np.where((signs[k][PAIRED_STRATA] == 1) == first, up, down) for k in range(4)}


@pytest.mark.parametrize("fay", [0.0, 0.3])
def test_balanced_half_samples_give_the_variance_within_paired_strata(fay: float):
    """Exactly so for a total over a fixed number of persons, which the mean of equal strata is."""
    frame = people(stratum=PAIRED_STRATA, **half_samples(fay))
    method = {"replicate_method": "Fay", "fay": fay} if fay else {"replicate_method": "BRR"}
    replicated = Design(weight="w", replicates=[f"r{k}" for k in range(4)], **method)
    one = means(frame, "score", design=replicated).iloc[0]
    other = means(frame, "score", design=Design(weight="w", strata="stratum")).iloc[0]
    assert one["std_error"] == pytest.approx(other["std_error"], rel=1e-12)
    assert (one["method"], other["method"]) == ("replicated_mean", "linearised_mean")


def test_the_jackknife_of_pairs_gives_the_variance_within_paired_strata():
    first = np.arange(8) % 2 == 0
    columns = {f"r{k}": np.where(k == PAIRED_STRATA, np.where(first, 2.0, 0.0), 1.0) for k in range(4)}
    frame = people(stratum=PAIRED_STRATA, **columns)
    jk2 = Design(weight="w", replicates=list(columns), replicate_method="JK2")
    one = means(frame, "score", design=jk2).iloc[0]
    other = means(frame, "score", design=Design(weight="w", strata="stratum")).iloc[0]
    assert one["std_error"] == pytest.approx(other["std_error"], rel=1e-12)


def test_persons_of_one_cluster_count_as_one_unit():
    """Four clusters of two persons each who answer alike are four observations."""
    frame = people(score=np.repeat([1.0, 4, 2, 7], 2), place=PAIRED_STRATA)
    found = means(frame, "score", design=Design(weight="w", cluster="place")).iloc[0]
    four = means(people().head(4).assign(score=[1.0, 4, 2, 7]), "score").iloc[0]
    assert found[["estimate", "std_error", "df"]].tolist() == pytest.approx(
        four[["estimate", "std_error", "df"]].tolist()
    )


def test_a_cluster_name_used_in_two_strata_means_two_clusters():
    frame = people(stratum=np.repeat([0, 1], 4), place=[0, 0, 1, 1, 0, 0, 1, 1])
    found = means(frame, "score", design=Design(weight="w", strata="stratum", cluster="place")).iloc[0]
    assert found["df"] == 2


def test_a_census_has_no_error():
    frame = people(size=8)
    found = means(frame, "score", design=Design(weight="w", fpc="size")).iloc[0]
    assert found["note"] == "no_variation"
    assert means(frame, "score", population_size=8).iloc[0][["conf_low", "conf_high"]].tolist() == [4.5, 4.5]


def test_the_correction_for_a_known_population_is_that_of_sampling_without_replacement():
    known, endless = means(people(), "score", population_size=20), means(people(), "score")
    ratio = known["std_error"] / endless["std_error"]
    assert ratio.item() == pytest.approx(np.sqrt(1 - 8 / 20))


def test_differences_of_a_design_reckon_with_what_two_groups_share():
    """Two groups inside the same clusters vary together; the variance of the difference takes it off."""
    frame = people(
        place=PAIRED_STRATA, arm=["a", "b"] * 4, high=[True, True, False, False, True, False] + [True] * 2
    )
    design = Design(weight="w", cluster="place")
    found = differences(frame, "high", by="arm", design=design).iloc[0]
    sample = sample_of(frame, design)
    arms = np.column_stack([frame["arm"] == "a", frame["arm"] == "b"]).astype(float)
    _, covariance = ratios(sample, arms * frame[["high"]].to_numpy(float), arms)
    assert covariance[0, 1] > 0
    assert found["std_error"] ** 2 == pytest.approx(
        covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    )


def test_woodruff_with_equal_weights_finds_the_middle():
    found = medians(people(), "score", design=Design(weight="w")).iloc[0]
    assert found["estimate"] == 4.5
    assert (found["conf_low"], found["conf_high"], found["method"]) == (1.0, 8.0, "woodruff")


def test_a_median_of_ordered_answers_is_an_answer_that_somebody_gave():
    answer = pd.Categorical(["low", "low", "high", "high"], ["low", "middle", "high"], ordered=True)
    found = medians(people().head(4).assign(answer=answer), "answer").iloc[0]
    assert (found["category"], found["estimate"], found["note"]) == ("low", 1.0, "too_few")


@pytest.mark.parametrize(
    ("columns", "design", "sentence"),
    [
        ({"s": [1] * 7 + [2]}, {"strata": "s"}, r"single unit: '2'"),
        ({"s": [1.0] * 7 + [np.nan]}, {"strata": "s"}, "1 persons with a weight have no value in 's'"),
        ({"n": 7}, {"fpc": "n"}, "fewer units in a population than there are in its sample"),
        ({"n": range(10, 18)}, {"fpc": "n"}, "differs within a stratum"),
        ({}, {"strata": "stratum"}, "has no column 'stratum'"),
        ({"w": -1.0}, {}, "negative or infinite"),
    ],
)
def test_a_frame_that_does_not_fit_its_design_is_refused(columns: dict, design: dict, sentence: str):
    with pytest.raises(UsageError, match=sentence):
        means(people(**columns), "score", design=Design(weight="w", **design))


@pytest.mark.parametrize(
    ("design", "sentence"),
    [
        ({}, "names no weights"),
        ({"weight": "w", "replicates": ["r"], "replicate_method": "JK3"}, "Did you mean 'JK"),
        (
            {"weight": "w", "replicates": ["r"], "replicate_method": "JK1", "strata": "s"},
            "Give one of the two",
        ),
        ({"weight": "w", "replicate_method": "JK1"}, "names no replicate weights"),
        ({"weight": "w", "replicates": ["r"], "replicate_method": "Fay"}, "Fay's factor"),
        ({"weight": "w", "replicates": ["r"], "replicate_method": "BRR", "fay": 0.5}, "Fay's factor"),
    ],
)
def test_a_design_that_contradicts_itself_is_refused(design: dict, sentence: str):
    with pytest.raises(UsageError, match=sentence):
        Design(**design)


def test_a_design_and_what_it_decides_are_not_asked_for_twice():
    frame, design = people(), Design(weight="w")
    with pytest.raises(UsageError, match="Both weights and a design"):
        shares(frame, "high", weight="w", design=design)
    with pytest.raises(UsageError, match="logit intervals"):
        shares(frame, "high", design=design, interval="jeffreys")
    with pytest.raises(UsageError, match="how large its population is"):
        shares(frame, "high", design=design, population_size=20)


def test_a_population_may_be_known_for_some_groups_only():
    frame = people(programme=["fika", "sajo"] * 4)
    found = shares(frame, "high", by="programme", population_size={"fika": 6}).set_index("programme")
    assert found["method"].to_dict() == {"fika": "wilson_finite", "sajo": "wilson"}
