"""Any frame of estimates reads as a table: numbers in their units, what is missing with its reason."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import kij_analysis as kij
from kij_analysis import estimates
from kij_analysis.errors import UsageError
from kij_analysis.harmonisation import Harmonised

ROW = {
    "programme": "fika", "variable": "confidence_high", "category": "yes", "measure": "share",
    "estimate": 0.512, "conf_low": 0.42, "conf_high": 0.61, "count": 61, "n": 120, "method": "wilson",
    "data_status": "observed",
}  # fmt: skip


def rows(*changes: dict[str, Any]) -> pd.DataFrame:
    """Estimates that differ from one row as told."""
    return estimates.make([ROW | change for change in changes])


def number(language: str = "en", **changes: Any) -> str:
    """What the column for numbers says of one row."""
    told = kij.tables.readable(rows({}, {"conf_low": None, "conf_high": None, **changes}), language)
    return told.rows[1][told.header.index(kij.words.load(language)("table.results.value"))]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"estimate": 0.4}, "40%"),
        ({"measure": "risk_difference", "estimate": -0.07}, "−7 percentage points"),
        ({"measure": "change", "estimate": 0.17}, "+17 percentage points"),
        ({"measure": "change", "estimate": 13.24, "unit": "points"}, "+13.2 points"),
        ({"measure": "change", "estimate": 0.492, "unit": "g_av"}, "+0.49 standard deviations"),
        ({"measure": "change", "estimate": 10.86}, "+10.9"),
        ({"measure": "odds_ratio", "estimate": 1.204}, "1.20"),
        ({"measure": "mean", "estimate": 1234.56}, "1,234.6"),
        ({"measure": "months", "estimate": 7.0}, "7.0"),
        ({"measure": "rate", "estimate": 0.043}, "4.3%"),
        ({"measure": "amount", "estimate": 254780.4, "currency": "DKK"}, "254,780\N{NO-BREAK SPACE}DKK"),
        ({"estimate": None, "note": "too_few"}, "–"),
    ],
)
def test_a_number_is_told_in_its_unit(changes: dict[str, Any], told: str):
    assert number(**changes) == told


def test_numbers_are_written_as_the_language_writes_them():
    assert number("fi", measure="odds_ratio", estimate=1.2) == "1,20"


def test_what_rows_share_stands_once_and_a_column_only_where_they_differ():
    table = kij.tables.readable(rows({}, {"programme": "sajo"}), "en")
    assert table.title == "Share: Rates own self-confidence as good"
    assert table.header == ("Programme", "Number", "Interval", "n")
    assert (table.mark, table.note) == ("Observed", "Wilson intervals, unweighted.")


def test_methods_and_kinds_of_data_stand_in_columns_where_rows_differ():
    other = {"programme": "sajo", "method": "printed", "data_status": "published", "measure": "mean"}
    table = kij.tables.readable(rows({}, other), "en")
    assert table.header[1] == "Measure" and table.header[-2:] == ("Method", "Data")
    assert [row[-2:] for row in table.rows] == [
        ("Wilson intervals, unweighted.", "observed"),
        ("As printed.", "published"),
    ]
    assert (table.mark, table.note) == ("", "")


def test_a_missing_number_says_why():
    table = kij.tables.readable(rows({}, {"estimate": None, "note": "not_asked", "method": "none"}), "da")
    assert table.rows[1][-1] == "Ikke spurgt" and table.rows[0][-1] == ""


def test_groups_are_told_in_words_once():
    both = [{"group": "entry", "wave": "entry"}, {"group": "end", "wave": "end"}]
    table = kij.tables.readable(rows(*both), "en")
    assert table.header[:2] == ("Programme", "wave")
    assert [row[1] for row in table.rows] == ["at entry", "at the end"]


def test_a_long_frame_is_cut_and_the_rest_counted():
    table = kij.tables.readable(rows(*({"n": 200 + k} for k in range(40))), "en")
    assert len(table.rows) == 30
    assert table.note.endswith("Rows that are not shown: 10.")
    assert "not shown" not in kij.tables.readable(rows({}), "en").note


def test_a_p_value_is_not_told_smaller_than_it_can_be_trusted():
    table = kij.tables.readable(rows({"p_value": 0.00002}, {"p_value": 0.0314}), "en")
    assert [row[-1] for row in table.rows] == ["< 0.001", "0.031"]


def test_a_frame_that_holds_no_estimates_is_refused():
    with pytest.raises(UsageError, match="holds no estimates: it has no 'programme'"):
        kij.tables.readable(pd.DataFrame({"age": [31]}), "en")


def test_an_empty_frame_is_a_table_without_rows():
    assert kij.tables.readable(rows({}).iloc[:0], "sv").rows == ()


@pytest.mark.parametrize("language", kij.words.LANGUAGES)
def test_what_the_estimators_return_is_told_in_every_language(demonstration: Harmonised, language: str):
    answers = demonstration.answers.query("role == 'mentee'")
    for frame in (
        kij.survey.shares(answers, "labour_status", by=["programme", "wave"]),
        kij.survey.differences(answers, "network_high", by="programme", within="wave"),
        kij.effects.change(answers),
        kij.effects.transitions(answers),
    ):
        table = kij.tables.readable(frame, language)
        assert all(len(row) == len(table.header) for row in table.rows) and len(table.rows)
        assert not {code for row in table.rows for code in row if "_" in code}
