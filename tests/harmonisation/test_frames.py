"""The harmonised frames: what a row is, what a cell holds, and what happens when waves disagree."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest
from study_maker import CODEBOOK, crosswalk, make_study, small_study

from kij_analysis.codebook.variables import KEY_COLUMNS
from kij_analysis.harmonisation import Harmonised, harmonise
from kij_analysis.harmonisation.frames import _once

RULES = """
gender: {map: {from: K, values: {k: woman, m: man}, missing: {"?": refused}}, status: complete}
education:
  outputs:
    level: {direct: {from: U}, status: complete}
    years: {direct: {from: År}, status: complete}
status: {map: {from: S, values: {job: employed, ledig: unemployed}}, status: complete}
in_work: {map: {from: S, values: {job: true, ledig: false}}, status: complete}
start: {direct: {from: Dag}, status: complete}
place: {direct: {from: By}, status: complete}
matched: {map: {from: M, values: {ja: true, nej: false}}, status: complete}
"""
KEYS = {"person_id": "Id", "pair_id": "Par", "date": "Dag"}
TEXTS = {"By": "towns name nobody"}
HEAD = "Id;Par;K;U;År;S;Dag;By;M\n"
ENTRY = HEAD + "1;p1;;low;9;ledig;01-01-2024;A;\n2;p2;m;high;17;ledig;02-01-2024;B;ja\n3;;?;;;ledig;;;\n"
END = HEAD + "1;p1;k;low;9;job;01-07-2024;A;nej\n2;p2;k;high;17;job;02-07-2024;C;nej\n3;;;;;job;;;\n"


def study_data(folder: Path, entry: str = ENTRY, end: str = END, **changes: str) -> Harmonised:
    crosswalks = {
        "end.csv": crosswalk(RULES, keys=KEYS, released_text=TEXTS, **changes),
        "entry.csv": crosswalk(RULES, keys=KEYS, released_text=TEXTS, id="kv_entry", wave="entry"),
    }
    return harmonise(make_study(folder, {"entry.csv": entry, "end.csv": end}, crosswalks))


@pytest.fixture
def data(tmp_path: Path) -> Harmonised:
    return study_data(tmp_path)


def test_people_have_one_row_per_person(data: Harmonised):
    assert data.people[["programme", "person_id", "role"]].to_numpy().tolist() == [
        ["kvinfo", number, "mentee"] for number in "123"
    ]


def test_answers_have_one_row_per_person_and_wave_and_begin_with_the_keys(data: Harmonised):
    assert tuple(data.answers.columns[: len(KEY_COLUMNS)]) == KEY_COLUMNS
    keys = ["programme", "person_id", "role", "wave"]
    assert not data.answers.duplicated(keys).any()
    assert data.answers["wave"].tolist() == ["entry"] * 3 + ["end"] * 3
    assert data.answers["date"].iloc[0] == pd.Timestamp("2024-01-01")


def test_answers_repeat_the_gender_and_no_other_column_of_the_person(data: Harmonised):
    columns = set(data.answers.columns)
    assert {"gender", "gender_missing"} <= columns
    assert not {"education_level", "age"} & columns


def test_every_harmonised_column_has_its_reasons_beside_it(data: Harmonised):
    for column in data.codebook.columns.values():
        frame = getattr(data, column.frame)
        here, reasons = frame[column.name], frame[f"{column.name}_missing"]
        assert (
            list(frame.columns).index(f"{column.name}_missing") == list(frame.columns).index(column.name) + 1
        )
        assert (here.isna() == reasons.notna()).all(), column.name


def test_a_person_has_the_first_valid_value_over_the_waves(data: Harmonised):
    people = data.people.set_index("person_id")
    assert people.loc["1", "gender"] == "woman"
    assert people["gender_missing"].isna().tolist() == [True, True, False]


def test_values_that_differ_between_waves_are_told_by_count_and_the_first_is_kept(data: Harmonised):
    assert data.people.set_index("person_id").loc["2", "gender"] == "man"
    told = [str(problem) for problem in data.ledger.problems]
    assert any("1 of 3 people have different values of 'gender'" in line for line in told)


def test_where_waves_give_different_reasons_the_first_in_the_codebooks_order_counts(data: Harmonised):
    order = list(data.codebook.missing)
    assert order.index("refused") < order.index("no_answer")
    assert data.people.set_index("person_id").loc["3", "gender_missing"] == "refused"


def test_pairs_have_one_row_per_pair_and_people_without_a_pair_have_none(data: Harmonised):
    assert data.pairs[["programme", "pair_id"]].to_numpy().tolist() == [["kvinfo", "p1"], ["kvinfo", "p2"]]
    assert data.pairs["matched"].tolist() == [False, True]


def test_values_of_a_pair_that_differ_are_told_too(data: Harmonised):
    told = [str(problem) for problem in data.ledger.problems]
    assert any("1 of 2 pairs have different values of 'matched'" in line for line in told)


def test_the_types_of_the_columns_are_those_of_the_codebook(data: Harmonised):
    people, answers = data.people, data.answers
    level = people["education_level"].dtype
    assert isinstance(level, pd.CategoricalDtype)
    assert (level.ordered, list(level.categories)) == (True, ["low", "medium", "high"])
    assert answers["status"].dtype.ordered is False
    assert str(people["education_years"].dtype) == "float64"
    assert str(answers["in_work"].dtype) == "boolean"
    assert str(answers["start"].dtype).startswith("datetime64")
    assert str(answers["date"].dtype).startswith("datetime64")
    assert str(answers["place"].dtype) == "str"
    assert isinstance(answers["status_missing"].dtype, pd.CategoricalDtype)


def test_with_people_the_answers_keep_their_rows_and_get_the_columns_of_the_person(data: Harmonised):
    both = data.with_people()
    assert len(both) == len(data.answers)
    levels = both["education_level"].astype(object)
    assert levels[levels.notna()].tolist() == ["low", "high", "low", "high"]
    assert list(data.answers.columns) == list(both.columns[: data.answers.shape[1]])


def test_an_answer_carries_the_status_of_its_file_and_a_person_the_weakest_of_hers(tmp_path: Path):
    crosswalks = {
        "end.csv": crosswalk(RULES, keys=KEYS, released_text=TEXTS),
        "entry.csv": crosswalk(RULES, keys=KEYS, released_text=TEXTS, id="kv_entry", wave="entry"),
    }
    end = HEAD + "1;p1;k;low;9;job;01-07-2024;A;nej\n"
    observed = {"entry.csv": "data_status: observed"}
    study = make_study(tmp_path, {"entry.csv": ENTRY, "end.csv": end}, crosswalks, sources=observed)
    found = harmonise(study)
    assert found.answers["data_status"].tolist() == ["observed"] * 3 + ["synthetic"]
    assert found.people["data_status"].tolist() == ["synthetic", "observed", "observed"]


def test_the_round_is_that_of_the_source_or_else_of_the_instrument_or_a_column_of_the_file(tmp_path: Path):
    table = "Id;Hold\n1;forår\n2;\n"
    found = harmonise(
        small_study(tmp_path / "a", table, "", keys={"person_id": "Id", "round": "Hold"}, round="2024")
    )
    assert found.answers["round"].isna().tolist() == [False, True]
    assert found.answers["round"][0] == "forår"
    found = harmonise(small_study(tmp_path / "b", table, "", round="2024", ignored={"Hold": "x"}))
    assert found.answers["round"].tolist() == ["2024", "2024"]
    study = make_study(
        tmp_path / "c",
        {"end.csv": table},
        {"end.csv": crosswalk("", round="2024", ignored={"Hold": "x"})},
        sources={"end.csv": "round: '2025'"},
    )
    assert harmonise(study).answers["round"].tolist() == ["2025", "2025"]


def test_a_codebook_without_gender_is_a_codebook_too(tmp_path: Path):
    start = CODEBOOK["variables.yaml"].index("  gender:")
    end = CODEBOOK["variables.yaml"].index("  age:")
    without = CODEBOOK["variables.yaml"][:start] + CODEBOOK["variables.yaml"][end:]
    study = make_study(
        tmp_path,
        {"end.csv": "Id\n1\n"},
        {"end.csv": crosswalk("")},
        codebook={**CODEBOOK, "variables.yaml": without},
    )
    assert "gender" not in harmonise(study).answers.columns


def shuffled(table: str, seed: int) -> str:
    head, *rows = table.splitlines()
    random.Random(seed).shuffle(rows)
    return "\n".join([head, *rows]) + "\n"


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_rows_in_the_file_changes_nothing_but_the_order(
    data: Harmonised, tmp_path: Path, seed: int
):
    other = study_data(tmp_path / "other", shuffled(ENTRY, seed), shuffled(END, seed))
    for name, keys in (
        ("people", ["person_id"]), ("answers", ["person_id", "wave"]), ("pairs", ["pair_id"])
    ):  # fmt: skip
        one, two = (getattr(found, name).sort_values(keys).reset_index(drop=True) for found in (data, other))
        pd.testing.assert_frame_equal(one, two)
    counts = [found.ledger.counts.sort_values(["file", "column", "from"]) for found in (data, other)]
    pd.testing.assert_frame_equal(*(frame.reset_index(drop=True) for frame in counts))


def test_a_number_that_moves_with_time_is_told_without_alarm():
    rows = pd.DataFrame({"person_id": ["1", "1"], "age": [30.0, 31.0], "data_status": "observed"})
    rows = rows.assign(age_missing=pd.Categorical([None, None], categories=["not_asked"]))
    found, notices = _once(rows, ["person_id"], ["age", "age_missing"], "people")
    assert found["age"].tolist() == [30]
    (notice,) = notices
    assert "gave another 'age' at a later time; the first one counts" in str(notice)
    assert "grows with time" in str(notice)
