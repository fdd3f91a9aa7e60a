"""Workbooks: cells typed as Excel has them, and what readers pass over in silence told."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xlsxwriter

from kij_analysis.codebook.instruments import FileForm
from kij_analysis.errors import SourceError
from kij_analysis.sources import RawTable, read, to_dates, to_numbers

XLSX = FileForm(format="xlsx")
Fill = Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], object]


def workbook(folder: Path, *rows: list[object], fill: Fill | None = None, name: str = "svar.xlsx") -> Path:
    path = folder / name
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("Svar")
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if cell is not None:
                    sheet.write(number, place, cell)
        if fill is not None:
            fill(book, sheet)
    return path


def reading(folder: Path, *rows: list[object], fill: Fill | None = None, **form: object) -> RawTable:
    return read(workbook(folder, *rows, fill=fill), FileForm(**{"format": "xlsx", **form}))


def refusal(path: Path, form: FileForm = XLSX) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read(path, form)
    return caught.value


def rewritten(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """The workbook with its parts changed, as other programs write them."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, change(name, content))
    return path


def test_cells_keep_the_type_that_excel_has(tmp_path: Path):
    day = datetime.date(2024, 5, 31)
    table = reading(
        tmp_path, ["id", "n", "x", "day", "yes"], ["01", 3, 2.5, day, True], ["02", 4, 3, day, False]
    )
    assert table.frame["id"].tolist() == ["01", "02"]
    assert table.frame["n"].tolist() == [3.0, 4.0]
    assert table.frame["day"].tolist() == [pd.Timestamp(day)] * 2
    assert [notes.kind for notes in table.columns.values()] == ["text", "number", "number", "date", "text"]
    keys = {name: table.keys(name)[1][0].key for name in table.frame}
    assert keys == {"id": "01", "n": "3", "x": "2.5", "day": "2024-05-31", "yes": "TRUE"}


def test_empty_cells_are_missing_whatever_the_type(tmp_path: Path):
    day = datetime.date(2024, 5, 31)
    rows = [
        ["t", "n", "d", "b", "none", "id"],
        ["a", 1, day, True, None, 1],
        [None, None, None, None, None, 2],
    ]
    table = reading(tmp_path, *rows)
    assert table.frame.iloc[1, :5].isna().all()
    assert [table.keys(name)[1][-1].key for name in ("t", "n", "d", "b", "none")] == [""] * 5
    assert table.columns["d"].kind == "date"


def test_a_column_of_mixed_types_keeps_each_cell_as_it_is(tmp_path: Path):
    day = datetime.date(2024, 5, 31)
    table = reading(tmp_path, ["q"], [3], ["3"], ["17,5"], [True], [day], [2.5])
    assert table.frame["q"].tolist() == [3.0, "3", "17,5", True, day, 2.5]
    codes, answers = table.keys("q")
    assert [answer.key for answer in answers] == ["3", "17,5", "TRUE", "2024-05-31", "2.5"]
    assert codes.tolist() == [0, 0, 1, 2, 3, 4]
    numbers, strangers = to_numbers(answers, FileForm(format="xlsx", decimal=","))
    assert numbers[[0, 1, 4]].tolist() == [3.0, 17.5, 2.5]
    assert [stranger.key for stranger in strangers] == ["TRUE", "2024-05-31"]


def test_days_and_moments_in_one_column_are_dates(tmp_path: Path):
    def fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_datetime(2, 0, datetime.datetime(2024, 6, 1, 12, 30), moment)

    table = reading(tmp_path, ["d"], [datetime.date(2024, 5, 31)], fill=fill)
    answers = table.keys("d")[1]
    assert [answer.key for answer in answers] == ["2024-05-31", "2024-06-01T12:30:00"]
    assert to_dates(answers, XLSX)[0].tolist() == [
        datetime.datetime(2024, 5, 31),
        datetime.datetime(2024, 6, 1, 12, 30),
    ]


def test_blank_text_is_text_in_the_frame_and_an_empty_answer_as_a_key(tmp_path: Path):
    table = reading(tmp_path, ["q"], ["  "], ["x"])
    assert table.frame["q"].tolist() == ["  ", "x"]
    assert table.keys("q")[1][0].key == ""


def test_two_header_rows_with_merged_cells_are_joined(tmp_path: Path):
    def fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.merge_range(0, 1, 0, 2, "Hinder")
        sheet.merge_range(0, 3, 1, 3, "Ålder")
        sheet.merge_range(0, 0, 1, 0, "Id")

    rows = [[None], [None, "Språk", "Nätverk"], ["p1", 1, 0, 31]]
    table = reading(tmp_path, *rows, fill=fill, header_rows=2, header_joint=" - ")
    assert list(table.frame) == ["Id", "Hinder - Språk", "Hinder - Nätverk", "Ålder"]
    assert table.first_row == 3


def test_two_header_rows_declared_as_one_are_told(tmp_path: Path):
    error = refusal(workbook(tmp_path, ["Id", "Hinder", None], [None, "Språk", "Nätverk"], ["p1", 1, 0]))
    assert "Columns without a name: C." in str(error)
    assert "header_rows: 2" in str(error)


def test_names_that_are_numbers_or_stand_twice(tmp_path: Path):
    assert list(reading(tmp_path, [2023, "q"], [1, 2]).frame) == ["2023", "q"]
    error = refusal(workbook(tmp_path, ["q", "r", " q"], [1, 2, 3]))
    assert error.problems[0].column == "q"
    assert "(A, C)" in str(error)


def test_columns_and_rows_beyond_the_table_are_left_out(tmp_path: Path):
    def fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_string(5, 6, "")
        sheet.write_blank(7, 1, None, book.add_format({"bold": True}))

    table = reading(tmp_path, ["id", "q"], ["p1", 1], [None, None], ["p2", 2], fill=fill)
    assert table.frame["id"].isna().tolist() == [False, True, False]
    assert table.frame.shape == (3, 2)


def test_a_sheet_is_found_by_name_and_the_first_is_read_with_a_notice(tmp_path: Path):
    def fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        book.add_worksheet("Kodebog").write_column(0, 0, ["kode", "1"])

    path = workbook(tmp_path, ["id"], ["p1"], fill=fill)
    assert list(read(path, FileForm(format="xlsx", sheet="Kodebog")).frame) == ["kode"]
    first = read(path, XLSX)
    assert list(first.frame) == ["id"]
    assert "only the first, 'Svar', is read" in str(first.notices[0])


def test_an_unknown_sheet_is_told_with_the_names_of_the_sheets(tmp_path: Path):
    error = refusal(workbook(tmp_path, ["id"], ["p1"]), FileForm(format="xlsx", sheet="Svarr"))
    assert "Did you mean 'Svar'?" in str(error)
    assert "Its sheets: 'Svar'." in str(error)


def test_an_empty_sheet_and_one_with_names_alone_are_told(tmp_path: Path):
    assert "sheet 'Svar' is empty" in str(refusal(workbook(tmp_path)))
    assert "holds no answers" in str(refusal(workbook(tmp_path, ["id", "q"])))


def test_cells_with_excel_errors_are_told_with_row_and_column(tmp_path: Path):
    def fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_formula(1, 1, "=NA()", None, "#N/A")
        sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")

    error = refusal(workbook(tmp_path, ["id", "q", "r"], ["p1"], ["p2"], fill=fill))
    assert [(p.row, p.column) for p in error.problems] == [(2, "B"), (3, "C")]
    assert "#N/A" in error.problems[0].what


def test_the_text_na_is_an_answer_and_no_error(tmp_path: Path):
    assert reading(tmp_path, ["q"], ["#N/A"]).frame["q"].tolist() == ["#N/A"]


def test_a_formula_is_its_result_and_without_one_is_told(tmp_path: Path):
    def fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_formula(1, 1, "=1+1", None, 2)
        sheet.write_formula(1, 2, '=IF(1,"","x")', None, "x")

    path = workbook(tmp_path, ["id", "q", "r"], ["p1"], fill=fill)
    assert read(path, XLSX).frame["q"].tolist() == [2.0]
    rewritten(path, lambda name, content: content.replace(b"<v>2</v>", b""))
    error = refusal(path)
    assert [(p.row, p.column) for p in error.problems] == [(2, "B")]
    assert "formula without a result" in str(error)


def test_a_formula_whose_result_is_the_empty_text_is_an_empty_cell(tmp_path: Path):
    def fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_formula(1, 1, '=IF(1,"","x")', None, "x")

    path = workbook(tmp_path, ["id", "q"], ["p1"], ["p2", "a"], fill=fill)
    rewritten(path, lambda name, content: re.sub(rb"</f><v>x</v>", b"</f><v></v>", content))
    codes, answers = read(path, XLSX).keys("q")
    assert [answers[code].key for code in codes] == ["", "a"]


def test_cells_are_looked_through_under_a_namespace_prefix_too(tmp_path: Path):
    def fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_formula(1, 0, "=NA()", None, "#N/A")

    def prefixed(name: str, content: bytes) -> bytes:
        if not name.endswith("sheet1.xml"):
            return content
        content = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", content)
        return content.replace(b"xmlns=", b"xmlns:x=")

    path = rewritten(workbook(tmp_path, ["q", "r"], [None, 1], fill=fill), prefixed)
    assert [(p.row, p.column) for p in refusal(path).problems] == [(2, "A")]


def test_many_broken_cells_are_counted(tmp_path: Path):
    def fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        for row in range(1, 31):
            sheet.write_formula(row, 0, "=NA()", None, "#N/A")

    error = refusal(workbook(tmp_path, ["q"], fill=fill))
    assert len(error.problems) == 13
    assert "18 more cells" in str(error)


def test_merged_answers_are_told(tmp_path: Path):
    def fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.merge_range(1, 1, 2, 1, "Malmö")

    error = refusal(workbook(tmp_path, ["id", "by"], ["p1"], ["p2"], fill=fill))
    assert "B2:B3 are merged" in str(error)
    assert error.problems[0].row == 2


@pytest.mark.parametrize("share", [0.3, 0.7, 0.98])
def test_a_workbook_that_was_cut_off_is_told(tmp_path: Path, share: float):
    path = workbook(tmp_path, ["id", "q"], *[[f"p{i}", i] for i in range(300)])
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    (tmp_path / "~$svar.xlsx").write_bytes(b"x")
    told = str(refusal(path))
    assert "cut off" in told
    assert "'~$svar.xlsx' lies beside it" in told


def test_a_workbook_that_is_damaged_within_is_told(tmp_path: Path):
    path = workbook(tmp_path, ["id", "q"], *[[f"p{i}", i] for i in range(300)])
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("xl/worksheets/sheet1.xml").header_offset
    content = bytearray(path.read_bytes())
    content[start + 200 : start + 260] = bytes(60)
    path.write_bytes(content)
    assert "damaged" in str(refusal(path))


def test_numbers_missing_in_a_column_of_numbers_are_nan(tmp_path: Path):
    column = reading(tmp_path, ["id", "n"], [1, 5], [2, None]).frame["n"]
    assert column.dtype == np.float64
    assert column.isna().tolist() == [False, True]
