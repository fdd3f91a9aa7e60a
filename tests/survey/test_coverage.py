"""Intervals hold the truth as often as they say: exactly, over the numbers that small programmes have."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import binom, hypergeom, multinomial

from kij_analysis.errors import UsageError
from kij_analysis.survey import clopper_pearson, jeffreys, miettinen_nurminen, mover, newcombe, wilson
from kij_analysis.survey.paired import newcombe_paired

SHARES = np.arange(0.02, 0.50001, 0.005)
ROOM = 1e-9


def holds(low: np.ndarray, high: np.ndarray, truth: float) -> np.ndarray:
    return (low <= truth + ROOM) & (truth - ROOM <= high)


@pytest.mark.parametrize(
    ("interval", "mean", "least"),
    [(wilson, (0.94, 0.96), 0.89), (jeffreys, (0.94, 0.96), 0.87), (clopper_pearson, (0.96, 0.98), 0.95)],
)
def test_shares_are_covered_as_often_as_the_interval_says(
    interval: Callable, mean: tuple[float, float], least: float
):
    found = []
    for n in (25, 60, 120, 240):
        counts = np.arange(n + 1)
        low, high = interval(counts, np.full(n + 1, n))
        found += [binom.pmf(counts, n, share)[holds(low, high, share)].sum() for share in SHARES]
    assert mean[0] <= np.mean(found) <= mean[1]
    assert min(found) > least


@pytest.mark.parametrize(
    ("interval", "mean", "least"),
    [(wilson, (0.94, 0.96), 0.89), (jeffreys, (0.94, 0.96), 0.86), (clopper_pearson, (0.95, 0.98), 0.95)],
)
def test_shares_of_a_known_population_are_covered_too(
    interval: Callable, mean: tuple[float, float], least: float
):
    found = []
    for n, population in ((25, 40), (60, 90), (120, 150), (240, 400)):
        counts = np.arange(n + 1)
        low, high = interval(counts, np.full(n + 1, n), population_size=population)
        for yes in range(int(0.02 * population) + 1, population // 2 + 1):
            chances = hypergeom.pmf(counts, population, yes, n)
            found.append(chances[holds(low, high, yes / population)].sum())
    assert mean[0] <= np.mean(found) <= mean[1]
    assert min(found) > least


@pytest.mark.parametrize("interval", [wilson, jeffreys, clopper_pearson])
def test_where_all_have_answered_nothing_is_unsure(interval: Callable):
    low, high = interval([0, 3, 10], [10, 10, 10], population_size=10)
    assert low.tolist() == high.tolist() == [0.0, 0.3, 1.0]


@pytest.mark.parametrize("interval", [wilson, jeffreys])
def test_a_large_population_is_as_good_as_an_endless_one(interval: Callable):
    known, endless = interval([7], [20], population_size=1e9), interval([7], [20])
    assert np.concatenate(known) == pytest.approx(np.concatenate(endless), abs=1e-8)


@pytest.mark.parametrize("interval", [wilson, jeffreys, clopper_pearson])
def test_more_answers_than_persons_are_refused(interval: Callable):
    with pytest.raises(UsageError, match="smaller than the number of its persons"):
        interval([5], [20], population_size=19)


PAIRS = ((25, 25), (25, 60))


@pytest.mark.parametrize("interval", [newcombe, miettinen_nurminen])
def test_differences_are_covered_as_often_as_the_interval_says(interval: Callable):
    found = []
    for n_1, n_2 in PAIRS:
        one, other = (counts.ravel() for counts in np.mgrid[0 : n_1 + 1, 0 : n_2 + 1])
        low, high = interval(one, np.full(one.shape, n_1), other, np.full(one.shape, n_2))
        for p in (0.05, 0.2, 0.35, 0.5):
            for q in (0.1, 0.25, 0.4, 0.7):
                chances = binom.pmf(one, n_1, p) * binom.pmf(other, n_2, q)
                found.append(chances[holds(low, high, p - q)].sum())
    assert 0.94 <= np.mean(found) <= 0.96
    assert min(found) > 0.93


@pytest.mark.parametrize("interval", [mover, lambda *table: miettinen_nurminen(*table, ratio=True)])
def test_ratios_are_covered_as_often_as_the_interval_says(interval: Callable):
    found = []
    for n_1, n_2 in PAIRS:
        one, other = (counts.ravel() for counts in np.mgrid[0 : n_1 + 1, 0 : n_2 + 1])
        low, high = interval(one, np.full(one.shape, n_1), other, np.full(one.shape, n_2))
        for p in (0.1, 0.3, 0.5):
            for q in (0.15, 0.3, 0.6):
                chances = binom.pmf(one, n_1, p) * binom.pmf(other, n_2, q)
                found.append(chances[holds(low, high, p / q)].sum())
    assert 0.94 <= np.mean(found) <= 0.97
    assert min(found) > 0.93


def test_changes_are_covered_as_often_as_the_interval_says():
    n = 16
    tables = [
        (both, gained, lost, n - both - gained - lost)
        for both in range(n + 1)
        for gained in range(n + 1 - both)
        for lost in range(n + 1 - both - gained)
    ]
    edges = np.array([newcombe_paired(*table) for table in tables])
    found = []
    for both, gained, lost in ((0.3, 0.2, 0.1), (0.2, 0.3, 0.05), (0.5, 0.1, 0.1)):
        chances = multinomial.pmf(tables, n, [both, gained, lost, 1 - both - gained - lost])
        found.append(chances[holds(edges[:, 0], edges[:, 1], gained - lost)].sum())
    assert min(found) > 0.93
    assert 0.94 <= np.mean(found) <= 0.98
