"""The steps behind thresholds, and what is known about each source."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from study_maker import CODEBOOK, crosswalk, make_study, sav_study, small_study

from kij_analysis.harmonisation import Harmonised, harmonise

RULES = """
gender: {map: {from: Køn, values: {Kvinde: woman, Mand: man}}, status: complete}
skill:
  rescale:
    from: Hvor god er du?
    scale: grade3_da
    outputs:
      score: {method: stretch, status: partial, because: equal steps}
      high: {method: threshold, at: AT, status: complete}
"""
TABLE = (
    "Id;Køn;Hvor god er du?\n1;Kvinde;I høj grad\n2;Kvinde;i nogen  GRAD\n3;Kvinde;Slet ikke\n"
    "4;Kvinde;Ved ikke\n5;Mand;I høj grad\n6;Kvinde;I høj grad\n7;Kvinde;\n"
)


def harmonised(folder: Path, at: str = "I nogen grad", table: str = TABLE, **changes: object) -> Harmonised:
    changes = {"languages": ["da"], "round": "2025 forår", "mode": "web", **changes}
    return harmonise(small_study(folder, table, RULES.replace("AT", at), **changes))


def cuts(data: Harmonised) -> list[tuple[object, ...]]:
    """(moved, step, label, count, n, left out) of each row; an empty count is None."""
    rows = data.sensitivity[["moved", "step", "label", "count", "n", "left_out"]].astype(object)
    return [tuple(None if pd.isna(value) else value for value in row) for row in rows.to_numpy()]


def test_the_declared_cut_counts_what_the_harmonised_column_holds(tmp_path: Path):
    data = harmonised(tmp_path, at="I høj grad")
    women = data.answers[data.answers["gender"] == "woman"]["skill_high"]
    (declared,) = data.sensitivity[data.sensitivity["moved"] == 0].to_dict("records")
    assert (declared["count"], declared["n"]) == (women.sum(), women.notna().sum()) == (2, 4)


def test_a_moved_cut_counts_one_step_more_or_less_and_men_are_left_out(tmp_path: Path):
    assert cuts(harmonised(tmp_path, at="I høj grad")) == [
        (0, 3, "I høj grad", 2, 4, 1),
        (-1, 2, "I nogen grad", 3, 4, 1),
        (1, 4, "", None, 4, 1),
    ]


def test_a_cut_that_would_count_everybody_is_empty(tmp_path: Path):
    found = {moved: (label, count) for moved, _, label, count, _, _ in cuts(harmonised(tmp_path))}
    assert found == {0: ("I nogen grad", 3), -1: ("", None), 1: ("I høj grad", 2)}


def test_rows_that_are_lost_are_lost_in_the_steps_too(tmp_path: Path):
    table = f"{TABLE}1;Kvinde;I høj grad\n;;\n;Kvinde;I høj grad\n"
    study = small_study(tmp_path, table, RULES.replace("AT", "I nogen grad"))
    assert cuts(harmonise(study, on_problem="mark"))[0] == (0, 2, "I nogen grad", 3, 4, 1)


def test_a_later_wave_that_does_not_ask_the_gender_counts_the_same_women(tmp_path: Path):
    later = RULES.replace("AT", "I høj grad").split("skill:", 1)[1]
    text = crosswalk(f"skill:{later}", id="kv_later", wave="follow_up", languages=["da"])
    files = {"end.csv": TABLE, "later.csv": "Id;Hvor god er du?\n1;I høj grad\n5;I høj grad\n9;Slet ikke\n"}
    crosswalks = {"end.csv": crosswalk(RULES.replace("AT", "I høj grad")), "later.csv": text}
    data = harmonise(make_study(tmp_path, files, crosswalks))
    (row,) = data.sensitivity.query("wave == 'follow_up' and moved == 0").to_dict("records")
    assert (row["count"], row["n"], row["left_out"]) == (1, 1, 2)


def test_steps_are_counted_from_low_to_high_whatever_the_codes_are(tmp_path: Path):
    rules = """
    skill:
      rescale: {from: k, scale: grade4_nb, outputs: {high: {method: threshold, at: 3}}}
      status: complete
    """
    frame = pd.DataFrame({"id": ["a", "b", "c", "d"], "k": [1.0, 3.0, 4.0, 98.0]})
    data = harmonise(sav_study(tmp_path, frame, rules, column_labels={"k": "Hvor god er du?"}))
    # Nobody said her gender, so nobody is counted as a woman.
    assert data.sensitivity["n"].tolist() == [0, 0, 0]
    assert data.sensitivity["label"].tolist() == ["Nokså godt", "Nokså dårlig", "Godt"]
    (known,) = data.properties.query("column == 'skill_high'").to_dict("records")
    assert (known["wording"], known["source_columns"]) == ("Hvor god er du?", "k")


ODD = """\
scales:
  grade3_da:
    languages: [da]
    direction: descending
    middle: false
    basis: test
    categories:
      - {code: 5, labels: {da: Slet ikke}}
      - {code: 4}
      - {code: 2}
      - {code: 1, labels: {da: I høj grad}}
    missing: {3: not_applicable, Ved ikke: dont_know}
"""


def test_a_scale_with_falling_codes_worded_ends_and_a_not_relevant_in_the_middle(tmp_path: Path):
    rules = RULES.replace("AT", "2")
    table = (
        "Id;Køn;Hvor god er du?\n"
        + "\n".join(f"{i};Kvinde;{i}" for i in range(1, 6))
        + "\n6;Kvinde;i HØJ grad\n"
    )
    study = make_study(
        tmp_path, {"end.csv": table}, {"end.csv": crosswalk(rules)}, codebook={**CODEBOOK, "scales.yaml": ODD}
    )
    data = harmonise(study)
    answers = data.answers
    assert answers["skill_score"].round(1).fillna(-1).tolist() == [100, 66.7, -1, 33.3, 0, 100]
    assert answers.loc[2, "skill_high_missing"] == "not_applicable"
    assert [(moved, step, label, count) for moved, step, label, count, _, _ in cuts(data)] == [
        (0, 3, "2", 3), (-1, 2, "4", 4), (1, 4, "I høj grad", 2),
    ]  # fmt: skip
    (row,) = data.properties.query("column == 'skill_score'").to_dict("records")
    assert (row["steps"], row["has_middle"], row["direction"], row["labelled"]) == (
        4,
        False,
        "descending",
        "ends",
    )


def test_properties_say_how_each_column_was_asked(tmp_path: Path):
    data = harmonised(tmp_path)
    assert len(data.properties) == len(data.codebook.columns)
    (row,) = data.properties.query("column == 'skill_high'").to_dict("records")
    expected = {
        "programme": "kvinfo", "country": "DK", "role": "mentee", "wave": "end", "mode": "web",
        "languages": "da", "year": 2025, "wording": "Hvor god er du?", "kind": "threshold",
        "status": "complete", "scale": "grade3_da", "steps": 3, "has_middle": True, "direction": "ascending",
        "labelled": "all", "threshold": 2,
    }  # fmt: skip
    assert {key: row[key] for key in expected} == expected


def test_a_column_without_a_scale_has_no_properties_of_one(tmp_path: Path):
    (row,) = harmonised(tmp_path).properties.query("column == 'gender'").to_dict("records")
    assert (row["scale"], row["direction"], row["labelled"], row["wording"]) == ("", "", "", "")
    assert all(pd.isna(row[name]) for name in ("steps", "has_middle", "threshold"))


@pytest.mark.parametrize(
    ("dates", "year"), [("31-12-2024;02-01-2025;03-01-2025", 2025), ("31-12-2024;02-01-2025;", 2024)]
)
def test_the_year_is_that_of_most_answers_and_the_earlier_of_two(tmp_path: Path, dates: str, year: int):
    lines = TABLE.splitlines()[:4]
    table = "\n".join(f"{line};{day}" for line, day in zip(lines, ["Dato", *dates.split(";")], strict=True))
    data = harmonised(tmp_path, table=f"{table}\n", keys={"person_id": "Id", "date": "Dato"})
    assert set(data.properties["year"]) == {year}


def test_properties_join_to_the_answers_as_covariates(tmp_path: Path):
    data = harmonised(tmp_path)
    scale = data.properties.query("column == 'skill_score'")[["instrument", "steps", "has_middle"]]
    joined = data.answers.merge(scale, on="instrument", how="left", validate="m:1")
    assert joined["steps"].tolist() == [3] * 7
