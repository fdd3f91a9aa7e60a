"""Steps on which few stand are joined with their neighbours, and nobody is found by subtraction."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kij_analysis import estimates as e
from kij_analysis.disclosure import join_steps, suppress
from kij_analysis.errors import UsageError
from kij_analysis.survey import wilson


def steps(*counts: int, cut: float = np.nan, missing: int = 0) -> pd.DataFrame:
    """The shares of one question with so many answers on each step."""
    n, k = sum(counts), len(counts)
    rows = [
        {"programme": "fika", "variable": "trust_score", "category": f"step_{place}_of_{k}", "n": n,
         "measure": "share", "estimate": count / n if n else None, "count": count if n else None,
         "method": "wilson" if n else "none", "note": "" if n else "no_answers", "data_status": "observed",
         "scale": "s", "step": place, "steps": k, "cut": cut, "turned": False, "missing": missing,
         "level": 0.95}
        for place, count in enumerate(counts, start=1)
    ]  # fmt: skip
    return e.make(rows)


def shown(found: pd.DataFrame) -> list[tuple[int, int, float | None]]:
    return [
        (int(row["step"]), int(row["last"]), None if np.isnan(row["count"]) else int(row["count"]))
        for row in found.to_dict("records")
    ]


def test_steps_with_enough_persons_stay_as_they_are():
    found = join_steps(steps(5, 13, 12, 8, cut=3))
    assert shown(found) == [(1, 1, 5), (2, 2, 13), (3, 3, 12), (4, 4, 8)]


def test_a_small_step_is_joined_with_its_smaller_neighbour_on_its_side_of_the_middle():
    assert shown(join_steps(steps(1, 6, 7, 9, 10, 4))) == [(1, 2, 7), (3, 3, 7), (4, 4, 9), (5, 6, 14)]
    assert shown(join_steps(steps(2, 9, 20, 3, 30))) == [(1, 2, 11), (3, 3, 20), (4, 5, 33)]


def test_a_joined_share_has_its_own_interval_and_category():
    row = join_steps(steps(1, 6, 7, 9, 10, 4)).iloc[0]
    low, high = wilson([7], [37])
    assert (row["category"], row["estimate"]) == ("steps_1_to_2_of_6", 7 / 37)
    assert (row["conf_low"], row["conf_high"]) == pytest.approx((low[0], high[0]))


def test_steps_are_never_joined_across_the_cut_whose_share_stands_elsewhere():
    found = join_steps(steps(6, 7, 9, 2, 10, 6, cut=5))
    assert (4, 5) not in [(first, last) for first, last, _ in shown(found)]


def test_a_small_middle_is_hidden_with_another_on_its_side_of_the_cut():
    found = join_steps(steps(20, 21, 2, 15, 16, cut=4))
    assert shown(found) == [(1, 1, None), (2, 2, 21), (3, 3, None), (4, 4, 15), (5, 5, 16)]
    assert (found.loc[found["estimate"].isna(), "note"] == "hidden_small_count").all()


@pytest.mark.parametrize("cut", [np.nan, 3, 4])
def test_no_small_number_can_be_had_by_subtraction(cut: float):
    """Tables of five steps with few and many on each: what is hidden on each side of the cut, and in all."""
    tables = np.random.default_rng(4).choice([0, 1, 4, 6, 30], size=(12, 5))
    for counts in ((0, 0, 0, 4, 30), (30, 2, 0, 0, 3), (30, 30, 1, 30, 30), *map(tuple, tables.tolist())):
        raw = dict(enumerate(counts, start=1))
        found = join_steps(steps(*counts, cut=cut))
        total = sum(counts)
        seen = found["count"].dropna()
        assert ((seen >= 5) & (total - seen >= 5)).all()
        upper = sum(n for step, n in raw.items() if step >= cut)
        known = not np.isnan(cut) and upper >= 5 and total - upper >= 5
        sides = [found["step"] >= cut, found["step"] < cut] if known else [found["step"] > 0]
        for side in sides:
            gone = found[side & found["count"].isna()]
            if gone.empty:
                continue
            runs = zip(gone["step"].astype(int), gone["last"].astype(int), strict=True)
            hidden = [sum(raw[step] for step in range(first, last + 1)) for first, last in runs]
            # Several cells, or the whole side, which is printed as the share above the cut.
            assert len(hidden) >= 2 or len(gone) == side.sum(), (counts, cut)
            assert sum(hidden) >= 5, (counts, cut)


def test_what_is_missing_is_told_as_everywhere_else():
    few = join_steps(steps(9, 9, 9, 9, missing=3))
    assert few["missing"].isna().all() and (few["n"] == 36).all()


def test_a_question_without_answers_keeps_its_note():
    assert join_steps(steps(0, 0, 0, 0))["note"].unique().tolist() == ["no_answers"]


def test_other_frames_and_low_thresholds_are_refused():
    with pytest.raises(UsageError, match="no column 'scale'"):
        join_steps(steps(9, 9).drop(columns="scale"))
    with pytest.raises(UsageError, match="protects nobody"):
        join_steps(steps(9, 9, 9, 9), threshold=2)


def test_more_of_the_picture_stays_than_if_steps_were_hidden():
    frame = steps(1, 6, 7, 9, 10, 4)
    assert join_steps(frame)["estimate"].sum() == pytest.approx(1)
    assert suppress(frame)["estimate"].sum() < 0.9
