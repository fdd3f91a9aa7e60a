"""The figure of non-response: one row for each way, ranges as bars, nothing hidden comes through."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from kij_analysis import estimates as e
from kij_analysis.disclosure import suppress
from kij_analysis.errors import UsageError
from kij_analysis.figures import Figure, nonresponse
from kij_analysis.tables import behind
from kij_analysis.words import LANGUAGES

BASE = {
    "variable": "labour_status", "category": "employed|subsidised_job", "measure": "share", "wave": "end",
    "data_status": "synthetic", "level": 0.95,
}  # fmt: skip


def ways(programme: str = "fika", *, count: int = 20, n: int = 50, asked: float = 80) -> list[dict]:
    own = BASE | {"programme": programme, "count": count, "n": n, "asked": asked}
    share, low, high = count / n, count / asked, (count + asked - n) / asked
    sure = {"estimate": share, "conf_low": share - 0.1, "conf_high": share + 0.1}
    return [
        own | sure | {"approach": "complete_cases", "method": "wilson_finite"},
        own | {"approach": "margins", "method": "none", "note": "no_margins"},
        own | sure | {"approach": "dropout", "method": "inverse_probability"},
        own | sure | {"approach": "imputation", "method": "multiple_imputation", "note": "nobody_alike"},
        *(
            own | sure | {"approach": "delta", "shift": shift, "method": "delta_adjusted"}
            | {"estimate": share + shift / 4, "conf_low": 0.0, "conf_high": 0.9}
            for shift in (-0.2, 0.2)
        ),
        own | {"approach": "worst_case", "low": low, "high": high, "note": "bounds_only"}
        | {"conf_low": low, "conf_high": high, "method": "worst_case"},
    ]  # fmt: skip


def drawn(*rows: dict) -> pd.DataFrame:
    return e.make(pd.DataFrame([*rows]))


@cache
def of_fika(language: str) -> Figure:
    return nonresponse(drawn(*ways()), language)


def test_assumed_differences_are_one_row_and_ranges_are_bars():
    figure = of_fika("en")
    data = figure.data.set_index("approach")
    assert list(data.index) == [
        "complete_cases", "margins", "dropout", "imputation", "delta", "worst_case"
    ]  # fmt: skip
    assert data.loc["delta", ["low", "high"]].tolist() == [0.35, 0.45]
    bars = [patch for axes in figure.canvas.axes for patch in axes.patches if isinstance(patch, Rectangle)]
    assert sorted(round(bar.get_x(), 3) for bar in bars) == [0.25, 0.35]
    assert sorted(round(bar.get_width(), 3) for bar in bars) == [0.1, 0.375]


def test_the_headline_says_what_is_certain_and_the_answers_that_count():
    title = nonresponse(drawn(*ways(), *ways("sajo", count=10)), "en").title
    assert title.endswith("FIKA 25–62% and SAJO 12–50%")
    assert "employed / " in title.lower() or "in work" in title.lower()
    assert "|" not in title


def test_a_way_that_cannot_be_gone_is_told_and_no_point_is_drawn():
    figure = of_fika("en")
    row = figure.data.set_index("approach").loc["margins"]
    assert (row["number"], row["note_text"]) == (
        "no margins",
        "No known numbers of participants to weight to",
    )
    assert "Weighted to known numbers of participants: no margins" in figure.alt


def test_hidden_counts_come_through_nowhere():
    figure = nonresponse(suppress(drawn(*ways(count=3))), "en")
    assert figure.data[["estimate", "conf_low", "conf_high", "low", "high", "count"]].isna().all(axis=None)
    assert set(figure.data["note"]) <= {"hidden_small_count", "no_margins", "nobody_alike"}
    assert "%" not in figure.title and "%" not in figure.alt


def test_the_table_behind_holds_the_rows_with_their_words_and_ranges():
    figure = of_fika("en")
    rows = behind(figure, "en").rows
    assert [row[1] for row in rows] == figure.data["label"].tolist()
    assert rows[-1][2] == "25–62%"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_words_for_every_way(language: str):
    figure = of_fika(language)
    assert figure.data["label"].nunique() == 6
    assert not any("_" in label for label in figure.data["label"])


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "nothing to draw"),
        ([*ways(), *(row | {"category": "yes"} for row in ways("sajo"))], "one answer to one question"),
    ],
)
def test_what_cannot_be_drawn_is_told(rows, sentence):
    with pytest.raises(UsageError, match=sentence):
        nonresponse(drawn(*rows), "en")
