"""How a file is written is proposed with a reason for each part."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from kij_analysis.draft.forms import open_file, propose_form
from kij_analysis.errors import SourceError


def saved(folder: Path, text: str, encoding: str = "utf-8", name: str = "end.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_the_encoding_is_told_from_the_bytes(tmp_path: Path, encoding: str):
    path = saved(tmp_path, "Løbenr;Køn\nD1;Kvinde\nD2;Mand på 40\n", encoding)
    table, opening = open_file(path)
    assert opening.form.encoding == encoding
    assert list(table.columns) == ["Løbenr", "Køn"]


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
def test_the_delimiter_is_the_sign_that_splits_all_rows_alike(tmp_path: Path, mark: str):
    text = f"a{mark}b{mark}c\n1{mark}x{mark}2\n3{mark}y{mark}4\n"
    opening = propose_form(saved(tmp_path, text))
    assert opening.form.delimiter == mark
    assert "splits the first 3 rows into 3 fields each" in opening.because["delimiter"]


def test_a_comma_between_digits_is_a_decimal_sign_and_a_point_in_a_date_is_none(tmp_path: Path):
    opening = propose_form(saved(tmp_path, "år;dato\n4,5;01.02.2024\n3,0;31.12.2024\n"))
    assert (opening.form.decimal, opening.form.dates) == (",", "%d.%m.%Y")


def test_a_date_that_two_patterns_read_is_told_to_be_looked_at(tmp_path: Path):
    opening = propose_form(saved(tmp_path, "id;dato\n1;01/02/2024\n2;03/04/2024\n"))
    assert opening.form.dates == "%d/%m/%Y"
    assert "%m/%d/%Y would too" in opening.because["dates"]


def test_questions_below_the_names_are_a_second_row_of_names(tmp_path: Path):
    text = "id;q1;q2\nNumber;How old are you?;How many children?\n1;34;2\n2;51;0\n3;28;1\n"
    table, opening = open_file(saved(tmp_path, text))
    assert opening.form.header_rows == 2
    assert list(table.columns)[1] == "q1: How old are you?"


def test_two_rows_of_names_in_a_workbook_are_seen(tmp_path: Path):
    rows = (["Nr", "Hinder", ""], ["", "Språk", "Nätverk"], ["F1", "x", ""], ["F2", "", "x"])
    with xlsxwriter.Workbook(tmp_path / "end.xlsx") as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    table, opening = open_file(tmp_path / "end.xlsx")
    assert opening.form.header_rows == 2
    assert list(table.columns) == ["Nr", "Hinder: Språk", "Hinder: Nätverk"]


def test_a_file_of_no_known_format_says_what_to_do(tmp_path: Path):
    (tmp_path / "end.pdf").write_bytes(b"%PDF-1.7\n")
    with pytest.raises(SourceError, match=r"PDF document.*Ask for the data"):
        propose_form(tmp_path / "end.pdf")
