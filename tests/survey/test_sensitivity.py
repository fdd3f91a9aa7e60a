"""Shares with the threshold moved by one step: what they are, and what of them may be shown."""

from __future__ import annotations

import pandas as pd
import pytest

from kij_analysis.disclosure import suppress_cuts
from kij_analysis.errors import UsageError
from kij_analysis.survey import sensitivity, wilson
from kij_analysis.tables import sensitivity as table


def counts(*cuts: int | None, n: int = 60, instrument: str = "a") -> pd.DataFrame:
    """Rows as `data.sensitivity` has them: the counts at the declared cut, one step lower and one higher."""
    rows = [
        {
            "instrument": instrument, "programme": "fika", "round": "2024", "variable": "network",
            "column": "network_high", "scale": "s", "steps": 4, "at": 3, "moved": moved, "step": 3 + moved,
            "label": f"Step {3 + moved}", "count": count, "n": n, "left_out": 2, "data_status": "synthetic",
        }
        for moved, count in zip((0, -1, 1), cuts, strict=False)
    ]  # fmt: skip
    return pd.DataFrame(rows).astype({"count": "Int64"})


def notes(*cuts: int | None, n: int = 60) -> list[str]:
    return suppress_cuts(sensitivity(counts(*cuts, n=n)))["note"].tolist()


def test_shares_have_wilson_intervals_of_their_own_counts():
    found = sensitivity(counts(30, 45, 12))
    low, high = wilson([30, 45, 12], 60)
    assert found["estimate"].tolist() == [0.5, 0.75, 0.2]
    assert found["conf_low"].tolist() == low.tolist() and found["conf_high"].tolist() == high.tolist()
    assert found["variable"].tolist() == ["network_high"] * 3
    assert set(found["measure"]) == {"share"} and found["moved"].tolist() == [0, -1, 1]


def test_a_cut_beyond_the_scale_and_a_question_without_answers_say_why():
    assert sensitivity(counts(30, 45, None))["note"].tolist() == ["", "", "not_applicable"]
    empty = sensitivity(counts(0, 0, None, n=0))
    assert empty["note"].tolist() == ["no_answers"] * 3 and empty["estimate"].isna().all()


def test_a_frame_that_holds_no_counts_is_refused():
    with pytest.raises(UsageError, match=r"lacks 'column', 'moved'\. Give data\.sensitivity"):
        sensitivity(counts(1).drop(columns=["column", "moved"]))


@pytest.mark.parametrize(
    ("cuts", "hidden"),
    [
        ((30, 45, 12), []),
        ((30, 34, 12), ["lower"]),  # four women on the step below
        ((30, 30, 12), ["lower"]),  # and none tells as much
        ((30, 45, 26), ["higher"]),
        ((30, 57, 3), ["lower", "higher"]),  # three women outside and three inside
        ((3, 45, 1), ["declared", "higher"]),
        ((57, 59, 20), ["declared", "lower"]),
    ],
)
def test_what_the_difference_of_two_cuts_would_tell_is_hidden(cuts: tuple[int, int, int], hidden: list[str]):
    named = dict(zip(("declared", "lower", "higher"), notes(*cuts), strict=True))
    assert sorted(name for name, note in named.items() if note == "hidden_small_count") == sorted(hidden)


def test_no_pair_of_shown_cuts_differs_by_few_women():
    tried = [(d, low, high) for d in range(25) for low in range(d, 25) for high in range(d + 1)]
    rows = [
        {
            "programme": "fika", "instrument": str(place), "column": "q", "moved": moved, "count": count,
            "n": 24, "data_status": "synthetic",
        }
        for place, cuts in enumerate(tried)
        for moved, count in zip((0, -1, 1), cuts, strict=True)
    ]  # fmt: skip
    found = suppress_cuts(sensitivity(pd.DataFrame(rows)))
    shown = found.pivot(index="instrument", columns="moved", values="count").assign(none=0, all=24)
    gaps = shown.apply(lambda row: row.dropna().sort_values().diff().min(), axis=1)
    assert len(shown) == len(tried) and gaps.min() >= 5
    assert shown[[-1, 0, 1]].notna().all(axis=1).any()


def test_a_hidden_row_keeps_where_it_was_cut_and_no_number_of_women():
    found = suppress_cuts(sensitivity(counts(30, 32, 12))).iloc[1]
    assert (found["moved"], found["step"], found["steps"]) == (-1, 2, 4)
    assert found[["estimate", "count", "conf_low", "conf_high"]].isna().all()


def test_the_table_shows_the_three_shares_of_a_questionnaire_in_one_row():
    both = pd.concat([counts(30, 45, 12), counts(20, 22, None, n=50, instrument="b")])
    made = table(suppress_cuts(sensitivity(both)), "en")
    assert [row[2:] for row in made.rows] == [
        ("“Step 3”, step 3 of 4", "75%", "50%", "20%", "60"),
        ("“Step 3”, step 3 of 4", "hidden", "40%", "–", "50"),
    ]
    assert made.mark and "choice" in made.note


def test_two_rounds_of_one_questionnaire_are_told_apart():
    both = pd.concat([counts(30, 45, 12), counts(20, 35, 9).assign(round="2025")])
    assert [row[1] for row in table(sensitivity(both), "en").rows] == ["FIKA, 2024", "FIKA, 2025"]
