"""The simulation of benchmarks/effects.py in its short form: who strays, who does not, who is refused."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pandas as pd
import pytest


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    path = Path(__file__).parents[2] / "benchmarks" / "effects.py"
    spec = importlib.util.spec_from_file_location("bench_effects", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.simulated(25).set_index(["scenario", "estimator"])


ADJUSTED = ["regression_adjusted", "inverse_probability", "entropy_balancing", "doubly_robust"]


def test_without_confounding_nobody_strays(found):
    assert found.loc["no confounding", "bias"].abs().max() < 0.1


def test_with_measured_confounding_only_the_plain_difference_strays(found):
    own = found.loc["measured confounding"]
    assert own.loc["difference_in_means", "bias"] > 0.3
    assert own.loc[ADJUSTED, "bias"].abs().max() < 0.15


def test_with_poor_overlap_estimates_are_refused(found):
    assert (found.loc["poor overlap"].loc[ADJUSTED, "refused"] > 30).all()


def test_drop_out_by_the_outcome_is_mended_by_nobody(found):
    assert found.loc["drop-out by outcome"].loc[ADJUSTED, "bias"].min() > 0.05


def test_standard_errors_are_as_large_as_the_estimates_vary(found):
    own = found.loc[["no confounding", "measured confounding", "few clusters"]].drop(
        index="nearest_neighbour", level=1
    )
    ratio = own["se"] / own["sd"]
    assert ratio.between(0.6, 1.7).all()
