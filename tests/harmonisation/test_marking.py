"""Told to go on, a run marks what failed: its own cells, with a reason, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from study_maker import small_study

from kij_analysis.errors import HarmonisationError
from kij_analysis.harmonisation import Harmonised, harmonise

RULES = """
gender: {map: {from: Køn, values: {Kvinde: woman, Mand: man}}, status: complete}
age: {direct: {from: Alder}, status: complete}
status: {map: {from: Job, values: {Ja: employed, Nej: unemployed}}, status: complete}
"""
TABLE = "Id;Køn;Alder;Job\n1;Kvinde;30;Ja\n2;Dame;31;Nej\n3;Mand;many;Ja\n"


def marked(folder: Path, table: str) -> Harmonised:
    study = small_study(folder, table, RULES)
    with pytest.raises(HarmonisationError):
        harmonise(study)
    return harmonise(study, on_problem="mark")


def test_an_answer_without_a_rule_costs_its_own_cell(tmp_path: Path):
    found = marked(tmp_path, TABLE)
    people = found.people.set_index("person_id")
    assert people["gender"].isna().tolist() == [False, True, False]
    assert people.loc["2", "gender_missing"] == "rule_failed"
    assert people["age"].tolist()[:2] == [30, 31]
    assert people.loc["3", "age_missing"] == "rule_failed"
    assert found.answers["status"].tolist() == ["employed", "unemployed", "employed"]


def test_a_missing_column_costs_its_own_column(tmp_path: Path):
    found = marked(tmp_path, "Id;Alder;Job\n1;30;Ja\n2;31;Nej\n")
    assert found.people["gender_missing"].tolist() == ["rule_failed"] * 2
    assert found.people["age"].tolist() == [30, 31]


def test_the_problems_stand_in_the_ledger(tmp_path: Path):
    ledger = marked(tmp_path, TABLE).ledger
    assert sum(problem.severity == "error" for problem in ledger.problems) == 2
    failed = ledger.counts[ledger.counts["missing"] == "rule_failed"]
    assert dict(zip(failed["column"], failed["rows"], strict=True)) == {"gender": 1, "age": 1}


def test_rows_that_no_id_tells_apart_are_lost_and_counted(tmp_path: Path):
    found = marked(
        tmp_path, "Id;Køn;Alder;Job\n1;Kvinde;30;Ja\n;Mand;31;Ja\n;;;\n1;Mand;32;Nej\n2;Mand;33;Nej\n"
    )
    assert found.people[["person_id", "gender"]].to_numpy().tolist() == [["1", "woman"], ["2", "man"]]
    lost = dict(zip(found.ledger.lost["reason"], found.ledger.lost["rows"], strict=True))
    assert lost == {"empty row": 1, "no id": 1, "id repeated": 1}
    source = found.ledger.sources.iloc[0]
    assert (source["rows_in"], source["rows_out"]) == (5, 2)


def test_a_file_without_its_id_column_gives_no_rows(tmp_path: Path):
    found = marked(tmp_path, "Nr;Køn;Alder;Job\n1;Kvinde;30;Ja\n")
    assert (len(found.answers), len(found.people)) == (0, 0)
    assert found.ledger.lost["rows"].tolist() == [1]
