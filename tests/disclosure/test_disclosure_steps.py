"""Curves over time show no step of few persons, at the threshold and one below and above it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kij_analysis import estimates as e
from kij_analysis.disclosure import suppress_steps
from kij_analysis.errors import UsageError


def curve(counts: list[int], *, n: int = 60, **columns: object) -> pd.DataFrame:
    row = {"programme": "fika", "category": "job", "measure": "share", "n": n, "method": "aalen_johansen",
           "data_status": "observed", "in_work": 3, "missing": 2} | columns  # fmt: skip
    return e.make(
        [
            row | {"month": 3 * place, "count": k, "estimate": k / n, "at_risk": n - k,
                   "known_low": 0.9 * k / n, "known_high": 1.1 * k / n}
            for place, k in enumerate(counts, start=1)
        ]
    )  # fmt: skip


def shown(counts: list[int], **columns: object) -> list[float | None]:
    found = suppress_steps(curve(counts, **columns))["count"]
    return [None if np.isnan(count) else count for count in found]


def test_a_step_is_shown_from_the_threshold_on():
    assert shown([10, 14]) == [10, None]
    assert shown([10, 15]) == [10, 15]
    assert shown([10, 16]) == [10, 16]


def test_the_first_step_is_the_first_count():
    assert shown([4, 10]) == [None, 10]
    assert shown([5, 10]) == [5, 10]


def test_steps_gather_until_there_are_enough_persons():
    assert shown([10, 12, 14, 15, 17, 20]) == [10, None, None, 15, None, 20]


def test_a_month_in_which_nothing_happens_is_shown():
    assert shown([10, 10, 15]) == [10, 10, 15]


def test_few_who_still_wait_hide_the_share():
    assert shown([10, 56], n=60) == [10, None]


def test_curves_do_not_count_each_others_steps():
    both = pd.concat([curve([10, 14]), curve([12, 13], category="education")], ignore_index=True)
    found = suppress_steps(both)
    assert found["count"].isna().tolist() == [False, True, False, True]


def test_a_hidden_month_keeps_its_month_and_nothing_that_tells_of_few():
    found = suppress_steps(curve([10, 13])).iloc[1]
    assert found["month"] == 6 and found["note"] == "hidden_small_count"
    gone = ["estimate", "count", "std_error", "conf_low", "conf_high", "known_low", "known_high", "p_value"]
    assert found[gone].isna().all()


def test_who_still_waits_is_rounded_and_few_are_not_told():
    found = suppress_steps(curve([10, 23, 52, 56, 60], n=60))
    assert found["at_risk"].tolist()[:3] == [50, 35, 10]
    assert np.isnan(found["at_risk"].iloc[3]) and found["at_risk"].iloc[4] == 0


def test_small_numbers_beside_the_curve_are_not_told():
    found = suppress_steps(curve([10, 20]))
    assert found["in_work"].isna().all() and found["missing"].isna().all()


def test_what_is_left_open_is_rounded_outwards():
    found = suppress_steps(curve([21], n=60)).iloc[0]
    assert (found["known_low"], found["known_high"]) == (0.3, 0.4)
    assert found["known_low"] <= found["estimate"] <= found["known_high"]


def test_a_tiny_group_shows_nothing():
    found = suppress_steps(curve([2], n=4)).iloc[0]
    assert found[["estimate", "count", "n", "at_risk", "known_low"]].isna().all()


def test_a_threshold_that_protects_nobody_is_refused():
    with pytest.raises(UsageError, match="protects nobody"):
        suppress_steps(curve([10]), threshold=2)


def test_no_two_shown_numbers_tell_of_fewer_than_five_persons():
    """Drawn at random: whatever the curve, shown counts differ by none or by five and more."""
    draw = np.random.default_rng(7)
    for _ in range(40):
        counts = np.cumsum(draw.integers(0, 8, 8)).tolist()
        told = [count for count in shown(counts, n=80) if count is not None]
        steps = np.diff([0, *told])
        assert all(step == 0 or step >= 5 for step in steps)
