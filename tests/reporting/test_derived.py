"""What is computed across programmes is computed from protected numbers."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import kij_analysis as kij
from kij_analysis import estimates
from kij_analysis.reporting import derived
from kij_analysis.reporting.drawing import protected, resolved
from kij_analysis.reporting.items import Item
from kij_analysis.template import template_folder

STUDY = kij.open_study(template_folder()).speaking(["en"])


def changes(*sizes: int) -> pd.DataFrame:
    row = {"variable": "confidence_score", "measure": "change", "std_error": 2.0, "method": "student_paired",
           "data_status": "synthetic"}  # fmt: skip
    codes = ("kvinfo", "fika", "sajo")
    rows = [row | {"programme": p, "estimate": 4.0 + k, "n": n}
            for k, (p, n) in enumerate(zip(codes, sizes, strict=False))]  # fmt: skip
    return estimates.make(rows)


def shares(*counts: int, n: int = 40) -> pd.DataFrame:
    row = {"variable": "barrier_network", "category": "yes", "measure": "share", "n": n, "method": "wilson",
           "data_status": "synthetic"}  # fmt: skip
    codes = ("kvinfo", "fika", "sajo")
    rows = [row | {"programme": p, "count": k, "estimate": k / n}
            for p, k in zip(codes, counts, strict=False)]  # fmt: skip
    return estimates.make(rows)


def made(frame: pd.DataFrame, **more: Any) -> list[Item]:
    one = Item(kind="figure", make=kij.figures.forest, frame=frame, **more)
    jobs, problems = resolved(protected([("change", {0: one})], profile=STUDY.profile)[0])
    assert not problems
    return [job.item for job in jobs]


def test_a_pooled_mean_leaves_out_what_is_hidden():
    options = {"pooled": derived(kij.survey.pool)}
    (one,) = made(changes(40, 40, 3), options=options)
    assert one.options["pooled"]["pooled_rows"].tolist() == ["kvinfo|fika"]
    (all_three,) = made(changes(40, 40, 40), options=options)
    expected = kij.survey.pool(changes(40, 40, 40))
    pd.testing.assert_frame_equal(all_three.options["pooled"], expected)


def test_estimates_inside_of_what_is_derived_are_protected_too():
    seen = {}

    def keeping(frame: pd.DataFrame, *, beside: pd.DataFrame) -> pd.DataFrame:
        seen["beside"] = beside
        return frame

    made(changes(40, 40), then=derived(keeping, beside=shares(3, 20)))
    assert seen["beside"]["note"].tolist() == ["hidden_small_count", ""]


def test_without_a_function_it_is_the_protected_frame_itself():
    (one,) = made(shares(3, 20), options={"beside": derived()})
    pd.testing.assert_frame_equal(one.options["beside"], one.frame)
    assert one.frame["note"].tolist() == ["hidden_small_count", ""]


def test_where_nothing_is_left_there_is_no_figure():
    assert made(shares(20), then=derived(kij.barriers.between)) == []
    assert len(made(shares(20, 10), then=derived(kij.barriers.between))) == 1


def test_a_derivation_that_is_refused_is_told_with_the_figure():
    twice = estimates.make(pd.concat([changes(40), changes(40)]))
    one = Item(kind="figure", make=kij.figures.forest, frame=twice,
               options={"pooled": derived(kij.survey.pool)})  # fmt: skip
    jobs, problems = resolved(protected([("change", {0: one})], profile=STUDY.profile)[0])
    assert jobs == []
    assert str(problems[0]).startswith("change: The figure 'forest': 'kvinfo' stands twice.")


@pytest.mark.parametrize(
    "counts, note", [((20, 10), ""), ((3, 10), "hidden_small_count"), ((37, 10), "hidden_small_count")]
)
def test_a_difference_is_hidden_with_either_of_its_shares(counts: tuple[int, int], note: str):
    (one,) = made(shares(*counts), then=derived(kij.survey.differences_of_shares))
    assert one.frame["note"].tolist() == [note]
    assert one.frame["estimate"].isna().tolist() == [bool(note)]
