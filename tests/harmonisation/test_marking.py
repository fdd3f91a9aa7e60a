"""Told to go on, a run marks what failed: its own cells, with a reason, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from study_maker import sav_study, small_study

from kij_analysis.errors import HarmonisationError
from kij_analysis.harmonisation import Harmonised, check, harmonise

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


WHOLE = """
gender: {map: {from: Køn, values: {Kvinde: woman, Mand: man}}, status: complete}
age: {direct: {from: Alder}, status: complete}
education:
  outputs:
    level: {map: {from: Skole, values: {Kort: low, Lang: high}}, status: complete}
    years: {direct: {from: År}, status: complete}
status: {map: {from: Job, values: {Ja: employed, Nej: unemployed}}, status: complete}
start: {direct: {from: Dag}, status: complete}
skill:
  rescale:
    from: Q
    scale: grade3_da
    outputs:
      score: {method: stretch, status: complete}
      high: {method: threshold, at: I høj grad, status: complete}
barriers:
  any_of: {from: Hvad, separator: ",", values: {Sprog: language, Net: network}, empty: no_answer}
  status: complete
"""
SOUND = """\
Id;Køn;Alder;Skole;År;Job;Dag;Q;Hvad
1;Kvinde;30;Kort;9;Ja;01-02-2024;I høj grad;Sprog
2;Mand;31;Lang;12;Nej;02-02-2024;Slet ikke;Net
3;Kvinde;32;Lang;13;Ja;03-02-2024;I nogen grad;Sprog,Net
"""
BARRIERS = {"barrier_language", "barrier_network"}
SCALE = {"skill_score", "skill_high"}
BROKEN = {
    "a column that is gone": (("Køn;", "Sex;"), {"gender"}, 3, 1),
    "a column that two outputs need is gone": ((";Q;", ";P;"), SCALE, 3, 1),
    "an answer without a rule": (("2;Mand", "2;Dreng"), {"gender"}, 1, 1),
    "the same stranger in two rows": (("Lang", "Længe"), {"education_level"}, 2, 1),
    "a number that is none": ((";31;", ";enogtredive;"), {"age"}, 1, 1),
    "a number outside the bounds": ((";31;", ";3100;"), {"age"}, 1, 1),
    "a day that no calendar has": (("02-02-2024", "31-02-2024"), {"start"}, 1, 1),
    "an unknown step of a scale": (("Slet ikke", "Overhovedet ikke"), SCALE, 1, 1),
    "an unknown barrier among others": (("Sprog,Net", "Sprog,Vejr"), BARRIERS, 1, 1),
}
"""What is changed in the file, which columns that costs, in how many rows, and how many problems it is."""


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> Harmonised:
    return harmonise(small_study(tmp_path_factory.mktemp("sound"), SOUND, WHOLE))


@pytest.mark.parametrize("way", BROKEN)
def test_a_broken_rule_costs_its_own_column_only(tmp_path: Path, unbroken: Harmonised, way: str):
    (old, new), hit, rows, problems = BROKEN[way]
    study = small_study(tmp_path, SOUND.replace(old, new), WHOLE)
    found = check(study)
    assert (len(found.errors), found.exit_code) == (problems, 5)
    with pytest.raises(HarmonisationError):
        harmonise(study)
    data = harmonise(study, on_problem="mark")
    for frame in ("people", "answers"):
        whole, marked = getattr(unbroken, frame), getattr(data, frame)
        mine = [name for name in whole.columns if name.removesuffix("_missing") not in hit]
        pd.testing.assert_frame_equal(marked[mine], whole[mine])
        for name in hit & {*whole.columns}:
            failed = marked[f"{name}_missing"].eq("rule_failed")
            assert failed.sum() == rows
            kept = ~failed.to_numpy()
            assert marked.loc[kept, name].tolist() == whole.loc[kept, name].tolist()
    failed = data.ledger.missing.query("reason == 'rule_failed'")
    assert dict(zip(failed["column"], failed["rows"], strict=True)) == dict.fromkeys(hit, rows)
    assert sum(problem.severity == "error" for problem in data.ledger.problems) == problems


def test_several_broken_rules_cost_their_own_columns_each(tmp_path: Path, unbroken: Harmonised):
    table = SOUND.replace("Køn;", "Sex;").replace(";31;", ";x;").replace("Slet ikke", "Overhovedet ikke")
    study = small_study(tmp_path, table, WHOLE)
    found = check(study)
    assert (len(found.errors), found.exit_code) == (3, 5)
    failed = harmonise(study, on_problem="mark").ledger.missing.query("reason == 'rule_failed'")
    assert set(failed["column"]) == {"gender", "age", *SCALE}


def test_a_label_that_is_another_costs_the_rows_that_have_it(tmp_path: Path):
    frame = pd.DataFrame({"id": ["a", "b", "c"], "k": [1.0, 2.0, 2.0], "alder": [30.0, 31.0, 32.0]})
    rules = """
    gender: {map: {from: k, values: {1: woman, 2: man}, labels: {1: Kvinne, 2: Mann}}, status: complete}
    age: {direct: {from: alder}, status: complete}
    """
    study = sav_study(tmp_path, frame, rules, variable_value_labels={"k": {1.0: "Kvinne", 2.0: "Gutt"}})
    found = check(study)
    assert (len(found.errors), found.exit_code) == (1, 5)
    people = harmonise(study, on_problem="mark").people
    assert people["gender_missing"].eq("rule_failed").tolist() == [False, True, True]
    assert people["age"].tolist() == [30, 31, 32]
