"""The measured accuracy of drafts does not fall; docs/methods.md prints the numbers."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

from kij_analysis.draft import Earlier, Knowledge
from kij_analysis.study import Study

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("draft_accuracy", ROOT / "benchmarks/draft_accuracy.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_new_wave_is_drafted_from_the_programme_s_other_instruments(
    bench: ModuleType, study: Study, known: Knowledge, earlier: Sequence[Earlier]
):
    source = next(source for source in study.sources if source.crosswalk == "kvinfo_end_2024")
    found = bench._one_left_out(source, study, known.codebook, earlier, True)
    assert found["wrong"] == 0
    assert found["recall"] >= 0.6
    assert found["answers wrong"] == 0


@pytest.mark.parametrize(
    ("name", "right", "wrong", "answers"),
    [("ess9_no", 12, 0, 15), ("eb_67_1", 2, 0, 3), ("eb_82_4", 5, 1, 3)],
)
def test_real_surveys_are_drafted_as_well_as_when_it_was_measured(
    bench: ModuleType, known: Knowledge, name: str, right: int, wrong: int, answers: int
):
    shared = os.environ.get("KIJ_SHARED")
    if not shared:
        pytest.skip("KIJ_SHARED does not name the folder with the public microdata")
    found = bench.one_real(name, Path(shared) / "data" / "microdata", known)
    assert found["right"] >= right and found["wrong"] <= wrong
    assert found["answers right"] >= answers and found["answers wrong"] == 0
    assert found["right"] > found["baseline right"]
