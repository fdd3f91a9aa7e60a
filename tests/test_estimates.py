"""The one shape of results: what it lets in, and what it refuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kij_analysis import estimates
from kij_analysis.errors import UsageError


def row(**changes: object) -> dict[str, object]:
    """A share that is all right."""
    fine = {
        "programme": "fika", "variable": "barrier_language", "category": "yes", "measure": "share",
        "estimate": 0.5, "conf_low": 0.3, "conf_high": 0.7, "count": 10, "n": 20, "method": "wilson",
        "data_status": "synthetic",
    }  # fmt: skip
    return {**fine, **changes}


def refusal(**changes: object) -> str:
    with pytest.raises(UsageError) as caught:
        estimates.make([row(), row(**changes)])
    return str(caught.value)


def test_the_columns_come_first_and_in_order_and_others_follow():
    frame = estimates.make([{"wave": "end", "n": 20, **row(), "missing": 3}])
    assert list(frame.columns) == [
        "programme", "group", "variable", "category", "measure", "estimate", "std_error", "conf_low",
        "conf_high", "p_value", "count", "n", "method", "data_status", "note", "wave", "missing",
    ]  # fmt: skip


def test_texts_are_never_missing_and_numbers_are_floats():
    frame = estimates.make(pd.DataFrame([row(programme=None, group=np.nan)]))
    assert frame.loc[0, ["programme", "group", "note"]].tolist() == ["", "", ""]
    assert {str(frame[name].dtype) for name in estimates.NUMBERS} == {"float64"}
    assert np.isnan(frame.loc[0, "p_value"])


def test_the_rows_are_numbered_anew_and_the_argument_stays_as_it_was():
    given = pd.DataFrame([row(), row()], index=[7, 7])
    before = given.copy(deep=True)
    assert estimates.make(given).index.tolist() == [0, 1]
    pd.testing.assert_frame_equal(given, before)


def test_no_rows_are_a_frame_with_all_columns():
    assert list(estimates.make([]).columns) == list(estimates.COLUMNS)


@pytest.mark.parametrize(
    "column, word",
    [("measure", "mode"), ("method", "wald"), ("data_status", "real"), ("note", "hidden"), ("measure", "")],
)
def test_a_word_outside_its_list_is_refused_with_the_list(column: str, word: str):
    message = refusal(**{column: word})
    assert f"{column} holds '{word}'" in message
    assert "Known: " in message


@pytest.mark.parametrize("note", [note for note in estimates.NOTES if note])
def test_a_missing_estimate_needs_a_note(note: str):
    empty = {"estimate": None, "conf_low": None, "conf_high": None, "count": None}
    assert "No estimate and no note for 'fika / barrier_language / yes'" in refusal(**empty)
    assert estimates.make([row(**empty, note=note)])["note"].tolist() == [note]


@pytest.mark.parametrize(
    "changes, sentence",
    [
        ({"estimate": 0.29}, "outside its interval"),
        ({"estimate": 0.71}, "outside its interval"),
        ({"estimate": 54, "conf_low": 43, "conf_high": 61}, "lies outside 0–1"),
        ({"estimate": -0.1, "conf_low": -0.2}, "lies outside 0–1"),
        ({"conf_low": 0.7, "conf_high": 0.3, "estimate": None, "note": "undetermined"}, "ends before"),
        ({"count": 21}, "larger than its base"),
        ({"count": -1}, "negative"),
        ({"n": -1, "count": None}, "negative"),
    ],
)
def test_numbers_that_cannot_be_are_refused_and_the_row_is_named(changes: dict[str, object], sentence: str):
    message = refusal(**changes)
    assert sentence in message
    assert "fika / barrier_language / yes" in message


def test_a_text_for_a_number_is_refused_and_shown():
    assert "estimate holds '54 %', which is no number" in refusal(estimate="54 %")


def test_the_edges_are_let_in():
    frame = estimates.make(
        [
            row(estimate=0, conf_low=1e-17, count=0),
            row(estimate=1, conf_low=0.9, conf_high=1 - 1e-16, count=20),
            row(measure="difference", estimate=-0.4, conf_low=-0.6, conf_high=-0.2, count=None),
            row(conf_low=None, conf_high=None),
        ]
    )
    assert len(frame) == 4
