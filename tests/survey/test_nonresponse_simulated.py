"""The short form of benchmarks/nonresponse.py: how silence is dealt with, on a known truth."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

SEEDS = range(1, 6)


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks" / "nonresponse.py"
    spec = importlib.util.spec_from_file_location("benchmark_nonresponse", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rows(benchmark: ModuleType) -> pd.DataFrame:
    return pd.concat(benchmark.results(benchmark.assumed(), ("kvinfo",), SEEDS), ignore_index=True)


@pytest.fixture(scope="module")
def found(benchmark: ModuleType, rows: pd.DataFrame) -> pd.DataFrame:
    return benchmark.table(rows).set_index(["variable", "approach"])


def test_worst_case_bounds_hold_the_truth_every_time(rows: pd.DataFrame):
    bounds = rows[rows["approach"] == "worst_case"]
    assert len(bounds) == len(SEEDS) * 4
    assert ((bounds["low"] <= bounds["truth"]) & (bounds["truth"] <= bounds["high"])).all()


def test_answers_missing_at_random_are_covered_by_complete_cases(found: pd.DataFrame):
    assert found.loc[("elsewhere", "complete_cases"), "held"] >= 4 / 5
    assert abs(found.loc[("elsewhere", "complete_cases"), "error"]) < 0.025


def test_complete_cases_fail_where_silence_depends_on_the_outcome(found: pd.DataFrame):
    assert found.loc[("in_job", "complete_cases"), "held"] == 0
    assert found.loc[("in_job", "complete_cases"), "error"] > 0.07


def test_weights_repair_what_was_known_at_entry_and_no_more(found: pd.DataFrame):
    plain = found.loc[("in_job", "complete_cases"), "error"]
    for way in ("margins", "dropout", "imputation"):
        assert 0 < found.loc[("in_job", way), "error"] < 0.8 * plain
    assert found.loc[("in_job", "dropout"), "error"] < 0.5 * plain


def test_weights_repair_all_where_what_was_known_explains_all(found: pd.DataFrame):
    assert found.loc[("recognition", "complete_cases"), "error"] > 0.04
    for way in ("margins", "dropout"):
        assert abs(found.loc[("recognition", way), "error"]) < 0.025
        assert found.loc[("recognition", way), "held"] >= 4 / 5
