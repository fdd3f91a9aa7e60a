"""Rows of a file that belong to an instrument; the others are counted with the reason."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from study_maker import crosswalk, make_study, sav, small_study

from kij_analysis.errors import HarmonisationError, StudyError
from kij_analysis.harmonisation import check, harmonise

TABLE = """\
Id;Land;Status;Hvem
1;DK;1;elev
2;NO;2;elev
3;dk ;2;lærer
4;;1;elev
5;FI;7;elev
"""
STATUS = "status: {map: {from: Status, values: {1: employed, 2: unemployed}}, status: complete}"


def test_only_the_named_rows_come_over_and_the_others_are_counted(tmp_path: Path):
    data = harmonise(small_study(tmp_path, TABLE, STATUS, only={"Land": ["DK", "NO"]}))
    assert data.answers["person_id"].tolist() == ["1", "2", "3"]
    assert data.ledger.sources[["rows_in", "rows_out"]].to_numpy().tolist() == [[5, 3]]
    assert data.ledger.lost[["reason", "rows"]].to_numpy().tolist() == [["outside only: Land", 2]]


def test_an_answer_of_a_row_that_does_not_belong_needs_no_rule(tmp_path: Path):
    with pytest.raises(HarmonisationError, match="'7' has no rule"):
        harmonise(small_study(tmp_path / "all", TABLE, STATUS))
    harmonise(small_study(tmp_path / "some", TABLE, STATUS, only={"Land": ["DK"]}))


def test_every_condition_must_hold_and_each_row_is_lost_once(tmp_path: Path):
    data = harmonise(small_study(tmp_path, TABLE, STATUS, only={"Land": ["DK"], "Hvem": ["elev"]}))
    assert data.answers["person_id"].tolist() == ["1"]
    assert dict(data.ledger.lost[["reason", "rows"]].to_numpy().tolist()) == {
        "outside only: Land": 3,
        "outside only: Hvem": 1,
    }


def test_the_empty_cell_belongs_only_if_it_is_named(tmp_path: Path):
    data = harmonise(small_study(tmp_path, TABLE, STATUS, only={"Land": ["DK", ""]}))
    assert data.answers["person_id"].tolist() == ["1", "3", "4"]


def test_messages_name_the_rows_of_the_file(tmp_path: Path):
    table = TABLE.replace("3;dk", ";dk")
    with pytest.raises(HarmonisationError, match=r"no id \(row 4\)"):
        harmonise(small_study(tmp_path, table, STATUS, only={"Land": ["DK"]}))


def test_an_answer_that_the_column_does_not_have_is_a_slip(tmp_path: Path):
    found = check(small_study(tmp_path, TABLE, STATUS, only={"Land": ["DK", "NOR"]}))
    (problem,) = found.errors
    assert "'NOR', which the column does not have. Did you mean 'NO'?" in str(problem)


def test_the_answers_of_an_unlabelled_column_are_not_listed(tmp_path: Path):
    found = check(small_study(tmp_path, TABLE, STATUS, only={"Land": ["Sverige"]}))
    assert "DK" not in str(found.errors[0])


def test_conditions_that_no_row_fulfils_at_once_stop(tmp_path: Path):
    found = check(small_study(tmp_path, TABLE, STATUS, only={"Land": ["NO"], "Hvem": ["lærer"]}))
    assert "No row belongs to the instrument" in str(found.errors[0])


def test_without_the_column_no_row_is_taken_for_one_that_belongs(tmp_path: Path):
    study = small_study(tmp_path, TABLE, STATUS, only={"Region": ["DK"]})
    assert "needed for 'only'" in str(check(study).errors[0])
    marked = harmonise(study, on_problem="mark")
    assert len(marked.answers) == 0
    assert marked.ledger.lost["rows"].tolist() == [5]


def test_the_column_that_chooses_is_no_stranger_and_may_not_be_set_aside(tmp_path: Path):
    data = harmonise(small_study(tmp_path / "a", TABLE, STATUS, only={"Land": ["DK"]}))
    reasons = dict(data.ledger.left_behind[["column", "reason"]].to_numpy().tolist())
    assert reasons["Land"] == "chooses the rows and nothing else"
    with pytest.raises(StudyError, match=r"the choice of rows \(only\) is read from it"):
        harmonise(
            small_study(tmp_path / "b", TABLE, STATUS, only={"Land": ["DK"]}, ignored={"Land": "not needed"})
        )


def test_codes_and_labels_of_a_labelled_file_choose_and_other_labels_need_no_rule(tmp_path: Path):
    frame = pd.DataFrame({"id": ["a", "b", "c"], "land": [7.0, 16.0, 1.0]})
    labels = {"land": {7: "Denmark", 16: "Finland", 1: "France"}}
    rules = "place: {map: {from: land, values: {7: here, 16: there}}, status: complete}"
    for wanted in ([7, 16], ["Denmark", "finland"]):
        folder = tmp_path / str(wanted[0])
        folder.mkdir()
        text = crosswalk(rules, file={"format": "spss"}, keys={"person_id": "id"}, only={"land": wanted})
        content = sav(frame, folder, variable_value_labels=labels)
        study = make_study(folder, {"end.sav": content}, {"end.sav": text})
        found = check(study)
        assert (found.exit_code, found.problems) == (0, ())
        assert harmonise(study).answers["place"].tolist() == ["here", "there"]
