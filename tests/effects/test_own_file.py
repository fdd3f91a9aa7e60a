"""A spreadsheet of one's own: read as people write them, refused with sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from kij_analysis import effects
from kij_analysis.errors import SourceError

TABLE = "mentor;alder;job;køn\nja;31,5;1;k\nnej;40;0;k\nJa;28;0;m\n;33;1;k\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_nordic_csv_is_read_with_decimal_commas_and_yes_in_any_language(tmp_path: Path, encoding: str):
    file = tmp_path / "egne.csv"
    file.write_text(TABLE, encoding)
    found = effects.read_persons(file, outcome="job", treated="mentor", covariates=["alder", "køn"])
    assert found["mentor"].tolist()[:3] == [True, False, True] and found["mentor"].isna().iloc[3]
    assert found["alder"].tolist() == [31.5, 40.0, 28.0, 33.0]
    assert str(found["job"].dtype) == "boolean" and str(found["køn"].dtype) == "category"
    assert set(found["data_status"]) == {"observed"} and set(found["programme"]) == {"all"}


def test_a_workbook_is_read_too(tmp_path: Path):
    import pandas as pd

    file = tmp_path / "own.xlsx"
    pd.DataFrame({"m": ["yes", "no"], "score": [3.5, 2], "age": [30, 41]}).to_excel(
        file, index=False, engine="xlsxwriter"
    )
    found = effects.read_persons(file, outcome="score", treated="m", covariates=["age"])
    assert found["score"].tolist() == [3.5, 2.0] and found["m"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("mentor,age,job\nmaybe,30,1\n", "1 cells say neither yes nor no"),
        ("mentor,age,job\nyes,30,good\n", "1 cells are no numbers"),
        ("mentr,age,job\nyes,30,1\n", "Did you mean 'mentr'"),
    ],
)
def test_what_cannot_be_used_gets_a_sentence_without_the_answer(tmp_path: Path, text: str, sentence: str):
    file = tmp_path / "own.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(SourceError, match=sentence) as error:
        effects.read_persons(file, outcome="job", treated="mentor", covariates=["age"])
    assert "maybe" not in str(error.value) and "good" not in str(error.value)


def test_a_file_that_is_not_there_or_of_another_kind_is_refused(tmp_path: Path):
    for name, sentence in (("none.csv", "no such file"), ("a.docx", "are not read here")):
        if name == "a.docx":
            (tmp_path / name).write_bytes(b"x")
        with pytest.raises(SourceError, match=sentence):
            effects.read_persons(tmp_path / name, outcome="y", treated="t", covariates=["x"])


def test_a_list_that_a_command_line_passes_as_text_is_a_list(tmp_path: Path):
    file = tmp_path / "own.csv"
    file.write_text("mentor,age,town,job\nyes,30,a,1\nno,31,b,0\n", "utf-8")
    for text in ('["age", "town"]', "age, town"):
        found = effects.read_persons(file, outcome="job", treated="mentor", covariates=text)
        assert found["age"].tolist() == [30.0, 31.0] and str(found["town"].dtype) == "category"
