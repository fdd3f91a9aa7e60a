"""Intervals of models hold the truth as often as they say: the short form of `benchmarks/coverage.py`."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def coverage() -> ModuleType:
    spec = spec_from_file_location("coverage", Path(__file__).parents[2] / "benchmarks" / "coverage.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_adjusted_differences_are_held_where_each_group_expects_ten_events(coverage: ModuleType):
    """In the long form, of 2,000 draws each: 93.3 to 94.7 per cent."""
    for n_1, n_2, p_1, p_2 in coverage.TEN:
        assert min(n * min(p, 1 - p) for n, p in ((n_1, p_1), (n_2, p_2))) >= 10 - 1e-9
    found = coverage.of_marginal((coverage.TEN[0], coverage.TEN[2], coverage.TEN[4]), 250)
    assert 0.92 <= found.mean() <= 0.97 and found.min() > 0.9


def test_weighted_shares_are_held_where_ten_effective_events_are_expected(coverage: ModuleType):
    """In the long form, of 2,000 draws each: 95.0 to 96.1 per cent."""
    for n, light, heavy, heft in coverage.WEIGHTED:
        effective = n * (1 + heft) ** 2 / (2 * (1 + heft**2))
        share = (light + heft * heavy) / (1 + heft)
        assert effective * min(share, 1 - share) >= 10
    found = coverage.of_weighted(coverage.WEIGHTED[2:7:2], 400)
    assert 0.93 <= found.mean() <= 0.98 and found.min() > 0.91


def test_errors_for_few_clusters_hold_where_those_of_the_model_do_not(coverage: ModuleType):
    """In the long form, of 2,000 draws each: 93.7 to 94.9 per cent, against 76 to 80."""
    few, plain = (coverage.of_clusters(((5, 8),), 250, few=few)[0] for few in (True, False))
    assert 0.92 <= few <= 0.98
    assert plain < 0.85
