"""Tables as XLSX: what is printed stays as printed, numbers can be counted with, and nothing is lost."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from kij_analysis.tables import Table
from kij_analysis.tables.workbook import number_in, sheet_names, workbook
from kij_analysis.words import LANGUAGES, Words

TABLE = Table(
    name="people",
    language="da",
    title="Deltagere: alle",
    header=("Program", "Antal", "Andel", "Interval", "Note"),
    rows=(("2021", "1.234", "46\N{NO-BREAK SPACE}%", "38 til 55", "2"), ("=1+1", "–", "−3,5", "", "a\nb")),
    numeric=(False, True, True, True, False),
    mark="Syntetiske data",
    note="Her er alle.",
    sources=(("Rapport", "https://example.org/"),),
)


def cells(content: bytes, sheet: int = 0) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_index(sheet).to_python(skip_empty_area=False)


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return file.read(name).decode("utf-8")


def test_title_mark_header_rows_note_and_sources_stand_in_their_order():
    rows = cells(TABLE.xlsx())
    assert [row[0] for row in rows] == [
        "Deltagere: alle", "Syntetiske data", "", "Program", "2021", "=1+1", "", "Her er alle.",
        "Rapport: https://example.org/",
    ]  # fmt: skip
    assert rows[3] == list(TABLE.header)


def test_a_cell_that_is_a_number_is_one_and_the_rest_stays_text():
    rows = cells(TABLE.xlsx())
    assert rows[4] == ["2021", 1234, 0.46, "38 til 55", "2"]
    assert rows[5] == ["=1+1", "–", -3.5, "", "a\nb"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("value", "digits"), [(0, 0), (7, 0), (-7, 0), (1234, 0), (1234567, 0), (0.5, 1), (-12345.67, 2)]
)
def test_numbers_as_each_language_prints_them_are_read_back(language: str, value: float, digits: int):
    say = Words(language)
    found = number_in(say.number(value, digits=digits), language)
    assert found is not None and found[0] == value
    shared = number_in(say.share(value, digits=digits), language)
    assert shared is not None and shared[0] == pytest.approx(value) and shared[1].endswith("%")


@pytest.mark.parametrize(
    "text", ["", "–", "1 234", "12 to 14", "5 or 6", "1,2,3", "12,34", "level 2", "1e3", "½"]
)
def test_what_is_anything_more_than_a_number_is_none(text: str):
    assert number_in(text, "en") is None


def test_the_header_stays_in_sight_and_is_repeated_on_paper():
    sheet = part(TABLE.xlsx(), "xl/worksheets/sheet1.xml")
    assert '<pane xSplit="1" ySplit="4" topLeftCell="B5"' in sheet
    assert "Print_Titles" in part(TABLE.xlsx(), "xl/workbook.xml")


def test_the_file_says_its_title_and_language_and_is_always_the_same():
    core = part(TABLE.xlsx(), "docProps/core.xml")
    assert "<dc:title>Deltagere: alle</dc:title>" in core and "<dc:language>da-DK</dc:language>" in core
    assert TABLE.xlsx() == TABLE.xlsx()


def test_a_table_is_saved_as_csv_and_beside_it_as_xlsx(tmp_path: Path):
    path = TABLE.save(tmp_path / "da")
    assert path.name == "people.csv"
    assert path.with_suffix(".xlsx").read_bytes() == TABLE.xlsx()


def test_a_workbook_of_several_tables_begins_with_their_list():
    content = workbook({"Tabel 1": TABLE, "Tabel 2": TABLE}, title="Rapport", words=("Indhold", "Indhold"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["Indhold", "Tabel 1", "Tabel 2"]
    assert cells(content)[3] == ["Tabel 1", "Deltagere: alle", "Syntetiske data"]
    assert cells(content, 2) == cells(TABLE.xlsx())


def test_names_of_sheets_are_those_that_excel_takes():
    names = sheet_names(["a" * 40, "A" * 40, "x/y: [1]?", "'", "x y 1"])
    assert names == ["a" * 31, "A" * 29 + " 2", "x y 1", "Sheet", "x y 1 2"]


def test_a_table_without_rows_can_be_written():
    empty = Table(name="e", language="fi", title="Tyhjä", header=("a",), rows=(), numeric=(False,))
    assert cells(empty.xlsx())[3] == ["a"]
    assert Table.of(empty.texts()) == empty
