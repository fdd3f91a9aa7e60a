"""How many name each barrier."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kij_analysis import barriers, survey
from kij_analysis.errors import UsageError


def answers() -> pd.DataFrame:
    text = """
        programme | gender | language | health | health_missing | weight
        fika      | woman  | 1        |        | not_asked      | 1
        fika      | woman  | 0        |        | not_asked      | 3
        fika      | man    | 1        |        | not_asked      | 1
        sajo      | woman  | 1        | 0      |                | 1
        sajo      | woman  |          | 1      |                | 1
    """
    head, *lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    frame = pd.DataFrame(lines, columns=head).replace("", np.nan).assign(data_status="synthetic")
    for name in ("language", "health"):
        frame[name] = frame[name].map({"1": True, "0": False}).astype("boolean")
    frame["weight"] = frame["weight"].astype("float64")
    names = {
        "language": "barrier_language",
        "health": "barrier_health",
        "health_missing": "barrier_health_missing",
    }
    return frame.rename(columns=names)


def test_each_barrier_has_a_row_for_each_programme():
    result = barriers.prevalence(answers())
    assert result[["variable", "programme", "category"]].values.tolist() == [
        ["barrier_language", "fika", "yes"],
        ["barrier_language", "sajo", "yes"],
        ["barrier_health", "fika", "yes"],
        ["barrier_health", "sajo", "yes"],
    ]
    assert result["estimate"].tolist()[:2] == [0.5, 1.0]


def test_a_barrier_that_was_not_asked_about_says_so():
    row = barriers.prevalence(answers()).iloc[2]
    assert (row["note"], row["n"]) == ("not_asked", 0)
    assert np.isnan(row["estimate"])


def test_it_is_the_same_as_the_shares_of_each_column():
    expected = survey.shares(answers(), "barrier_language", by="programme", weight="weight", population="all")
    result = barriers.prevalence(answers(), weight="weight", population="all")
    pd.testing.assert_frame_equal(result.head(2), expected)


def test_other_columns_of_the_name_are_not_taken_for_barriers():
    frame = answers().assign(barrier_count=2, barrier_other_text="…")
    assert set(barriers.prevalence(frame)["variable"]) == {"barrier_language", "barrier_health"}


def test_a_frame_without_barriers_is_refused():
    with pytest.raises(UsageError, match="no columns barrier_"):
        barriers.prevalence(answers()[["programme", "gender"]])
