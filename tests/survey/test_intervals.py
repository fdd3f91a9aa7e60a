"""Intervals against R, against the binomial distribution, and at the edges."""

from __future__ import annotations

import csv
import json
import math
import os
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom, t

from kij_analysis.errors import UsageError
from kij_analysis.survey import linearised, wilson

REFERENCE = Path(__file__).parents[1] / "reference"
R_WILSON = json.loads((REFERENCE / "wilson.json").read_text("utf-8"))
R_WEIGHTED = json.loads((REFERENCE / "weighted_shares.json").read_text("utf-8"))
SHARED = os.environ.get("KIJ_SHARED")
needs_shared = pytest.mark.skipif(not SHARED, reason="KIJ_SHARED does not say where the shared data lies")


def case(name: str) -> tuple[list[dict[str, str]], dict[str, dict]]:
    """The rows and the reference numbers of a shared statistical case."""
    folder = Path(SHARED or ".") / "cases" / "statistics" / name
    with (folder / "input.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return rows, json.loads((folder / "reference.json").read_text("utf-8"))


@pytest.mark.parametrize("x, n, low, high", R_WILSON["intervals"])
def test_wilson_agrees_with_R(x: int, n: int, low: float, high: float):
    """> prop.test(x, n, correct = FALSE)$conf.int   # R 4.2.2"""
    assert np.concatenate(wilson(x, n)).tolist() == pytest.approx([low, high], abs=1e-14)


@pytest.mark.parametrize(
    "level, x, n, low, high",
    [(float(level), *row) for level, rows in R_WILSON["other_levels"].items() for row in rows],
)
def test_wilson_agrees_with_R_at_other_levels(level: float, x: int, n: int, low: float, high: float):
    assert np.concatenate(wilson(x, n, level=level)).tolist() == pytest.approx([low, high], abs=1e-14)


@needs_shared
def test_wilson_agrees_with_the_shared_case():
    rows, reference = case("01_binomial_intervals")
    low, high = wilson([int(row["x"]) for row in rows], [int(row["n"]) for row in rows])
    theirs = np.array([reference["intervals"][row["case_id"]]["wilson"] for row in rows])
    assert np.abs(low - theirs[:, 0]).max() < 1e-14
    assert np.abs(high - theirs[:, 1]).max() < 1e-14


def test_wilson_covers_the_true_share_as_often_as_it_says():
    coverage = []
    for n in (25, 60, 120, 240):
        counts = np.arange(n + 1)
        low, high = wilson(counts, np.full(n + 1, n))
        for p in np.arange(0.02, 0.501, 0.01):
            coverage.append(binom.pmf(counts, n, p)[(low <= p) & (p <= high)].sum())
    assert 0.94 <= np.mean(coverage) <= 0.96
    assert min(coverage) > 0.83  # the worst single p; the Wald interval falls to 0.40 on the same grid


def test_wilson_is_the_same_seen_from_the_other_side():
    counts = np.arange(0, 31)
    low, high = wilson(counts, np.full(31, 30))
    assert low == pytest.approx(1 - high[::-1], abs=1e-15)


def test_wilson_ends_exactly_at_0_and_1():
    low, high = wilson([0, 7, 0, 1, 40], [7, 7, 1, 1, 40])
    assert (low[0], low[2], high[1], high[3], high[4]) == (0.0, 0.0, 1.0, 1.0, 1.0)
    assert not np.signbit(low).any()


def test_wilson_without_persons_is_missing():
    low, high = wilson([0, 5], [0, 10])
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [True, False]


def test_wilson_takes_one_base_for_several_counts():
    assert wilson([1, 2], 10)[0].shape == (2,)


@pytest.mark.parametrize("count, n", [(-1, 10), (11, 10), ([1, 3], [2, 2])])
def test_impossible_counts_are_refused(count: object, n: object):
    with pytest.raises(UsageError, match="larger than its base"):
        wilson(count, n)  # type: ignore[arg-type]


@pytest.mark.parametrize("level", [0, 1, 95, -0.5])
def test_a_level_in_per_cent_is_refused(level: float):
    with pytest.raises(UsageError, match=r"0\.95 for 95 per cent"):
        wilson(5, 10, level=level)
    with pytest.raises(UsageError, match=r"0\.95 for 95 per cent"):
        linearised([1, 0], [1, 1], size=2, level=level)


def persons(table: list[list[float]]) -> tuple[np.ndarray, np.ndarray]:
    """Answers and weights from rows of weight, number of yes, number of no."""
    weights = np.repeat([row[0] for row in table], [row[1] + row[2] for row in table])
    answers = np.concatenate([[1] * row[1] + [0] * row[2] for row in table])
    return answers, weights


@pytest.mark.parametrize("name", ["schwide", "awards"])
def test_weighted_shares_agree_with_R(name: str):
    """> des <- svydesign(id = ~1, weights = ~pw, data = apistrat)
    > svyciprop(~I(sch.wide == "Yes"), des, method = "xlogit")

    survey 4.5, R 4.2.2; its "logit" stops iterating near the same numbers.
    """
    theirs = R_WEIGHTED[name]
    answers, weights = persons(theirs["persons"])
    share, error, low, high = linearised(answers, weights, size=len(answers))
    assert (share, low, high) == pytest.approx((theirs["est"], *theirs["xlogit"]), abs=1e-14)
    assert (low, high) == pytest.approx(tuple(theirs["logit"]), abs=1e-9)
    assert error == pytest.approx(theirs.get("se", error), abs=1e-15)


@needs_shared
@pytest.mark.parametrize("name, column", [("schwide", "sch.wide"), ("awards", "awards")])
def test_weighted_shares_agree_with_the_shared_case(name: str, column: str):
    rows, reference = case("04_survey_proportions")
    sample = [row for row in rows if row["design"] == "apistrat"]
    hit = [row[column] == "Yes" for row in sample]
    share, error, low, high = linearised(hit, [float(row["pw"]) for row in sample], size=len(sample))
    theirs = reference["designs"]["weights_only"]
    interval = theirs[f"svyciprop_{name}"]["xlogit"]
    assert (share, low, high) == pytest.approx((interval["est"], *interval["ci"]), abs=1e-14)
    if name == "schwide":
        assert error == pytest.approx(theirs["prop_schwide"]["se"], abs=1e-15)


def steps(share: float, error: float, low: float, high: float) -> float:
    """How many standard errors of the logit an interval reaches to one side."""
    logits = [math.log(p / (1 - p)) for p in (low, high)]
    return (logits[1] - logits[0]) / 2 / (error / (share * (1 - share)))


def test_a_part_of_a_sample_has_its_own_degrees_of_freedom_as_in_R():
    """> svyby(~I(sch.wide == "Yes"), ~stype, des, svyciprop, vartype = c("se", "ci"), method = "logit")"""
    theirs = R_WEIGHTED["domain"]
    assert steps(theirs["est"], theirs["se"], *theirs["logit"]) == pytest.approx(t.ppf(0.975, 99), abs=1e-9)
    ours = linearised([1] * 30 + [0] * 70, [1.0] * 100, size=200)
    assert steps(*ours) == pytest.approx(t.ppf(0.975, 99), abs=1e-9)


def test_equal_weights_give_the_unweighted_share():
    share, error, _, _ = linearised([1] * 6 + [0] * 14, [3.7] * 20, size=20)
    assert share == pytest.approx(0.3, abs=1e-15)
    assert error == pytest.approx(math.sqrt(0.3 * 0.7 / 19), abs=1e-15)


def test_a_weighted_share_of_nobody_or_of_all_has_no_interval():
    assert np.isnan(linearised([], [], size=10)).all()
    for hits, share in (([1, 1, 1], 1.0), ([0, 0, 0], 0.0), ([1], 1.0)):
        estimate, *others = linearised(hits, [0.1, 0.7, 0.3][: len(hits)], size=3)
        assert estimate == share
        assert np.isnan(others).all()
