"""Rare combinations stand together, and nobody is found by subtraction."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest

from kij_analysis import barriers, estimates
from kij_analysis.disclosure import group_rare, suppress_changes
from kij_analysis.errors import UsageError

NAMES = ["barrier_a", "barrier_b", "barrier_c"]


def drawn(seed: int, n: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    hits = rng.random((n, 3)) < rng.uniform(0.1, 0.7, 3)
    frame = pd.DataFrame(hits, columns=NAMES).astype("boolean")
    return frame.assign(programme="fika", gender="woman", data_status="observed")


@pytest.mark.parametrize("n", [12, 25, 40, 120])
@pytest.mark.parametrize("seed", range(12))
def test_what_is_left_of_any_share_that_may_be_shown_is_nobody_or_enough(n: int, seed: int):
    answers = drawn(seed, n)
    shown = group_rare(barriers.combinations(answers))
    if shown["estimate"].isna().all():
        assert shown["note"].tolist() == ["hidden_small_count"]
        return
    assert shown["count"].sum() == n and shown["count"].min() >= 5
    held = {tuple(name in c.split("+") for name in NAMES): k
            for c, k in zip(shown["category"], shown["count"], strict=True) if c != "other"}  # fmt: skip
    hits = answers[NAMES].to_numpy(bool)
    for size in (1, 2):
        for chosen in combinations(range(3), size):
            cells = list(product((True, False), repeat=size))
            whole = [int((hits[:, list(chosen)] == cell).all(axis=1).sum()) for cell in cells]
            if min(whole) < 5:
                continue  # hidden itself, so that nothing can be subtracted from it
            for cell, count in zip(cells, whole, strict=True):
                told = sum(k for named, k in held.items() if tuple(named[i] for i in chosen) == cell)
                assert count - told == 0 or count - told >= 5


def test_common_combinations_stay_as_they_are():
    sets = [[], NAMES[:1], NAMES[1:2], NAMES] * 10
    frame = pd.DataFrame({name: pd.array([name in own for own in sets], dtype="boolean") for name in NAMES})
    found = barriers.combinations(frame.assign(programme="fika", gender="woman", data_status="observed"))
    assert "other" not in set(group_rare(found)["category"])


def test_an_incomplete_table_and_a_useless_threshold_are_refused():
    found = barriers.combinations(drawn(1, 40))
    with pytest.raises(UsageError, match="do not add up"):
        group_rare(found.iloc[1:])
    with pytest.raises(UsageError, match="protects nobody"):
        group_rare(found, threshold=2)


def test_a_group_below_the_threshold_loses_its_base_too():
    shown = group_rare(barriers.combinations(drawn(2, 4)))
    assert shown[["n", "count", "estimate"]].isna().all(axis=None)


def test_changes_are_shown_without_what_the_same_persons_said_each_time():
    row = {"programme": "fika", "variable": "barrier_a", "measure": "change", "method": "newcombe_paired",
           "data_status": "observed", "estimate": -0.25, "count": 10, "n": 40, "count_1": 20, "n_1": 40,
           "count_2": 10, "n_2": 40, "gained": 5, "lost": 15}  # fmt: skip
    small = row | {"count_2": 3, "count": 3}
    shown = suppress_changes(estimates.make([row, small]))
    assert shown["estimate"].iloc[0] == -0.25 and shown["note"].tolist() == ["", "hidden_small_count"]
    assert shown[["count", "count_1", "count_2", "gained", "lost"]].isna().all(axis=None)
