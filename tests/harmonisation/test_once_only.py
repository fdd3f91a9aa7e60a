"""What several rules need is worked out once, and nobody can change it for the others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from study_maker import small_study

import kij_analysis.harmonisation.at_hand as at_hand
import kij_analysis.sources.table as table
from kij_analysis.harmonisation import harmonise
from kij_analysis.sources import ColumnNotes, RawTable

COLUMNS = """
barriers:
  any_of:
    columns: {A: language, B: network, C: other}
    chosen: [x]
    not_chosen: [""]
    none_chosen: none
  status: complete
in_work: {map: {from: D, values: {ja: true, nej: false}}, status: complete}
hours: {map: {from: D, values: {ja: 37, nej: 0}}, status: complete}
"""


def raw(answers: list[str]) -> RawTable:
    return RawTable(
        path=Path("a.csv"), name="a.csv", frame=pd.DataFrame({"q": answers}), encoding="utf-8", sha256="",
        columns={"q": ColumnNotes(name="q", kind="text")}, first_row=2,
    )  # fmt: skip


def counting(monkeypatch: pytest.MonkeyPatch, module: object, name: str) -> list[object]:
    """Calls of a function, counted while it works as before."""
    calls: list[object] = []
    real = getattr(module, name)

    def counted(*parts: object, **options: object) -> object:
        calls.append(parts[1] if len(parts) > 1 else parts[0])
        return real(*parts, **options)

    monkeypatch.setattr(module, name, counted)
    return calls


def test_a_column_is_looked_through_once_however_many_rules_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    calls = counting(monkeypatch, table, "distinct")
    harmonise(small_study(tmp_path, "Id;A;B;C;D\n1;x;;;ja\n2;;x;;nej\n", COLUMNS))
    assert sorted(str(column.name) for column in calls) == ["A", "B", "C", "D", "Id"]


def test_the_columns_of_a_multiple_choice_are_resolved_once_for_all_its_targets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    calls = counting(monkeypatch, at_hand, "resolve")
    harmonise(small_study(tmp_path, "Id;A;B;C;D\n1;x;;;ja\n2;;x;;nej\n", COLUMNS))
    assert sorted(map(str, calls)) == ["A", "B", "C"]


def test_nobody_can_write_into_the_answers_that_others_read():
    codes, answers = raw(["a", "b", "a"]).keys("q")
    with pytest.raises(ValueError, match="read-only"):
        codes[0] = 1
    assert isinstance(answers, tuple)


def test_a_table_with_other_rows_looks_anew():
    whole = raw(["a", "b", "a"])
    assert [answer.key for answer in whole.keys("q")[1]] == ["a", "b"]
    half = replace(whole, frame=whole.frame.iloc[[1]].reset_index(drop=True))
    assert [answer.key for answer in half.keys("q")[1]] == ["b"]
    assert half.only([]).columns == {} and list(whole.columns) == ["q"]
