"""Small cells never leave: at the threshold, beside it, and through no other column."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kij_analysis import estimates
from kij_analysis.disclosure import at_least, suppress
from kij_analysis.errors import UsageError
from kij_analysis.survey import shares

NUMBERS = ["estimate", "std_error", "conf_low", "conf_high", "p_value", "count"]


def cells(*pairs: tuple[float | None, float | None], **columns: object) -> pd.DataFrame:
    """Estimates of (count, n) with every number filled, and columns to the right."""
    rows = [
        {
            "programme": "fika", "variable": f"v{place}", "category": "yes", "measure": "share",
            "estimate": 0.5, "std_error": 0.1, "conf_low": 0.4, "conf_high": 0.6, "p_value": 0.2,
            "count": count, "n": n, "method": "wilson", "data_status": "observed",
        }
        for place, (count, n) in enumerate(pairs)
    ]  # fmt: skip
    return estimates.make(pd.DataFrame(rows).assign(**columns))


def hidden(frame: pd.DataFrame) -> list[bool]:
    return (frame["note"] == "hidden_small_count").tolist()


@pytest.mark.parametrize("threshold", [3, 5, 10])
def test_a_count_is_hidden_below_the_threshold(threshold: int):
    frame = cells((threshold - 1, 100), (threshold, 100), (threshold + 1, 100))
    assert hidden(suppress(frame, threshold=threshold)) == [True, False, False]


@pytest.mark.parametrize("threshold", [3, 5, 10])
def test_so_is_the_number_who_did_not_give_the_answer(threshold: int):
    frame = cells(*((100 - few, 100) for few in (threshold - 1, threshold, threshold + 1)))
    assert hidden(suppress(frame, threshold=threshold)) == [True, False, False]


@pytest.mark.parametrize("threshold", [3, 5, 10])
def test_so_is_a_base_and_then_the_base_itself(threshold: int):
    frame = cells(*((None, n) for n in (threshold - 1, threshold, threshold + 1)))
    result = suppress(frame, threshold=threshold)
    assert hidden(result) == [True, False, False]
    assert result["n"].isna().tolist() == [True, False, False]


def test_nobody_and_everybody_are_small_counts_too():
    assert hidden(suppress(cells((0, 40), (40, 40), (20, 40)))) == [True, True, False]


def test_the_base_of_a_hidden_row_stays_where_it_is_large():
    assert suppress(cells((1, 40)))["n"].tolist() == [40]


def test_nothing_of_a_hidden_row_remains_in_any_number_column():
    frame = cells((2, 40), (20, 40), weighted_count=[1.9, 21.0], rank=[2, 1], level=0.95, wave="end")
    result = suppress(frame)
    assert result.loc[0, [*NUMBERS, "weighted_count", "rank"]].isna().all()
    assert result.loc[1, [*NUMBERS, "weighted_count", "rank"]].notna().all()
    assert (result["level"] == 0.95).all() and (result["wave"] == "end").all()


def test_a_note_that_a_row_already_has_stays_and_its_numbers_go():
    frame = cells((2, 40), (20, 40)).assign(note="undetermined")
    result = suppress(frame)
    assert result["note"].tolist() == ["undetermined", "undetermined"]
    assert result.loc[0, NUMBERS].isna().all()
    assert result.loc[1, NUMBERS].notna().all()


def test_a_row_that_nobody_answered_is_not_called_hidden():
    empty = {"estimate": None, "conf_low": None, "conf_high": None, "count": None, "n": 0}
    frame = estimates.make([{**cells((1, 2)).iloc[0].to_dict(), **empty, "note": "not_asked"}])
    assert suppress(frame)["note"].tolist() == ["not_asked"]


def test_an_estimate_whose_base_is_not_known_is_shown():
    assert hidden(suppress(cells((None, None), (20, None)))) == [False, False]


@pytest.mark.parametrize("name", ["missing", "left_out", "ungrouped"])
def test_few_persons_beside_the_base_are_not_told_and_none_are(name: str):
    frame = cells(*[(20, 40)] * 5, **{name: [0, 1, 4, 5, 6]})
    assert suppress(frame)[name].isna().tolist() == [False, True, True, False, False]


def test_a_hidden_base_cannot_be_had_from_those_who_did_not_answer():
    """Who knows how many were asked would subtract; a neighbouring row with the same persons tells it."""
    frame = cells((3, 4), (20, 40), missing=[46, 10], left_out=[0, 0])
    result = suppress(frame)
    assert result.loc[0, ["n", "missing"]].isna().all()
    assert result.loc[1, ["n", "missing"]].tolist() == [40, 10]


def test_no_hidden_count_can_be_computed_from_its_own_row():
    """For all counts of all small bases: the answer has no number left, and a small base neither."""
    pairs = [(count, n) for n in range(1, 13) for count in range(n + 1)]
    frame = cells(*pairs, missing=7, left_out=9)
    result = suppress(frame)
    for (count, n), (_, row) in zip(pairs, result.iterrows(), strict=True):
        if row["note"] == "hidden_small_count":
            kept = row[["n", "missing", "left_out"]].dropna().to_dict()
            assert row[NUMBERS].isna().all()
            assert n >= 5 or kept.keys() == {"left_out"}
        else:
            assert min(count, n - count) >= 5


def test_what_shares_gives_is_hidden_whole():
    answers = pd.DataFrame(
        {
            "programme": ["fika"] * 10,
            "gender": "woman",
            "yes": pd.array([True] * 2 + [False] * 6 + [None] * 2, dtype="boolean"),
            "weight": np.linspace(1, 2, 10),
            "data_status": "observed",
        }
    )
    for weight in ("", "weight"):
        row = suppress(shares(answers, "yes", by="programme", weight=weight)).iloc[0]
        assert row[[*NUMBERS, "missing"]].isna().all()
        assert (row["n"], row["left_out"], row["note"]) == (8, 0, "hidden_small_count")


def test_the_argument_stays_as_it_was():
    frame = cells((2, 40), missing=3)
    before = frame.copy(deep=True)
    suppress(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_no_rows_stay_no_rows():
    assert len(suppress(cells((2, 40)).head(0))) == 0


@pytest.mark.parametrize("threshold", [2, 1, 0, -5])
def test_a_threshold_that_protects_nobody_is_refused(threshold: int):
    with pytest.raises(UsageError, match="protects nobody"):
        suppress(cells((2, 40)), threshold=threshold)


def test_a_number_of_persons_is_told_from_the_threshold_up():
    told = [at_least(count, threshold=5) for count in (0, 1, 4, 5, 6)]
    assert told == [0, None, None, 5, 6]


def answers(*counts: int) -> pd.DataFrame:
    """All answers to one question, side by side."""
    n = sum(counts)
    rows = [
        {
            "programme": "fika", "variable": "v", "category": f"c{place}", "measure": "share",
            "estimate": count / n, "count": count, "n": n, "method": "none", "data_status": "observed",
        }
        for place, count in enumerate(counts)
    ]  # fmt: skip
    return estimates.make(rows)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((3, 20, 30), [True, True, False]),
        ((4, 4, 30), [True, True, False]),
        ((0, 0, 12, 30), [True, True, True, False]),
        ((1, 2, 12, 30), [True, True, True, False]),
        ((6, 20, 30), [False, False, False]),
        ((2, 40), [True, True]),
    ],
)
def test_a_hidden_answer_cannot_be_had_by_subtraction(counts, expected):
    assert hidden(suppress(answers(*counts))) == expected


def test_answers_that_do_not_add_up_are_judged_by_themselves():
    frame = answers(3, 20, 30)
    several = frame.assign(n=60.0, estimate=frame["count"] / 60)
    assert hidden(suppress(several)) == [True, False, False]


def test_the_base_of_two_groups_is_hidden_where_one_is_small_because_the_other_would_tell_it():
    row = {"measure": "difference", "estimate": 0.3, "method": "none", "data_status": "observed"}
    pairs = [row | {"n": 40 + n, "n_1": 40.0, "n_2": float(n)} for n in (0, 3, 4, 5)]
    assert suppress(estimates.make(pairs))["n"].isna().tolist() == [False, True, True, False]
