"""Delimited text: what stands in the file is what comes out, and what is wrong is told with its row."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd
import pytest

from kij_analysis.codebook.instruments import FileForm
from kij_analysis.errors import SourceError
from kij_analysis.sources import RawTable, read


def form(**changes: object) -> FileForm:
    return FileForm(**{"format": "delimited", "encoding": "utf-8", "delimiter": ";", **changes})


def reading(folder: Path, content: str | bytes, **changes: object) -> RawTable:
    path = folder / "svar.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read(path, form(**changes))


def refusal(folder: Path, content: str | bytes, **changes: object) -> SourceError:
    with pytest.raises(SourceError) as caught:
        reading(folder, content, **changes)
    return caught.value


def test_every_cell_stays_text(tmp_path: Path):
    table = reading(tmp_path, "id;q;n\n01;NA;17,5\n02;;-\n03;NULL;nan\n")
    assert table.frame.to_dict("list") == {
        "id": ["01", "02", "03"],
        "q": ["NA", "", "NULL"],
        "n": ["17,5", "-", "nan"],
    }
    assert set(table.frame.dtypes) == {pd.StringDtype(na_value=float("nan"))}
    assert isinstance(table.frame.index, pd.RangeIndex)
    assert [notes.kind for notes in table.columns.values()] == ["text"] * 3


def test_the_checksum_and_the_row_of_the_first_answers_come_with_the_table(tmp_path: Path):
    content = b"id;q\n1;2\n"
    table = reading(tmp_path, content)
    assert table.sha256 == hashlib.sha256(content).hexdigest()
    assert (table.first_row, table.name, table.encoding) == (2, "svar.csv", "utf-8")


def test_names_are_trimmed_and_have_one_form_of_each_letter(tmp_path: Path):
    table = reading(tmp_path, " Lo\u0308pnr ;\u00a0Svar\n1;2\n")
    assert list(table.frame) == ["Löpnr", "Svar"]


def test_quoted_cells_hold_delimiters_quotes_and_line_breaks(tmp_path: Path):
    table = reading(tmp_path, 'id;note;q\n1;"a;b ""c""\nd";3\n2;x;4\n')
    assert table.frame["note"].tolist() == ['a;b "c"\nd', "x"]
    assert table.frame["q"].tolist() == ["3", "4"]


def test_a_name_may_hold_a_line_break(tmp_path: Path):
    table = reading(tmp_path, 'id;"Hvad er\ndin situation?"\n1;ledig\n')
    assert table.frame["Hvad er\ndin situation?"].tolist() == ["ledig"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(tmp_path: Path, newline: str):
    assert reading(tmp_path, newline.join(["a;b", "1;2", "3;4"])).frame["b"].tolist() == ["2", "4"]


def test_a_row_number_counts_rows_and_not_lines(tmp_path: Path):
    error = refusal(tmp_path, 'id;note\n1;"two\nlines"\n2;x;y\n3;z\n')
    assert [problem.row for problem in error.problems] == [3]
    assert "3 fields; 2 are expected" in str(error)


def test_a_blank_line_within_stays_a_row_and_is_told(tmp_path: Path):
    table = reading(tmp_path, "id;q\n1;a\n\n2;b\n")
    assert table.frame["id"].tolist() == ["1", "", "2"]
    assert "Empty rows within the answers: 3 (1 in all)." in str(table.notices[0])


def test_empty_rows_at_the_end_are_left_out_and_told(tmp_path: Path):
    table = reading(tmp_path, "id;q\n1;a\n;\n;\n")
    assert table.frame["id"].tolist() == ["1"]
    assert str(table.notices[0]) == "svar.csv, row 3: Empty rows at the end are left out (2)."


def test_a_delimiter_at_the_end_of_every_row_makes_no_column(tmp_path: Path):
    table = reading(tmp_path, "id;q;\n1;a;\n2;b;\n")
    assert list(table.frame) == ["id", "q"]
    assert "left out: C." in str(table.notices[0])


def test_an_upper_name_does_not_reach_a_column_that_is_not_there(tmp_path: Path):
    table = reading(tmp_path, "Id;Hinder;;\n;Språk;Nätverk;\np1;1;0;\n", header_rows=2)
    assert list(table.frame) == ["Id", "Hinder: Språk", "Hinder: Nätverk"]


def test_a_nameless_column_with_answers_is_refused(tmp_path: Path):
    error = refusal(tmp_path, "id;;q\n1;a;b\n")
    assert "Columns without a name: B." in str(error)


def test_each_name_that_stands_twice_is_told_with_its_columns(tmp_path: Path):
    error = refusal(tmp_path, "id;q;q ;id;r\n1;2;3;4;5\n")
    assert [problem.column for problem in error.problems] == ["id", "q"]
    assert "(A, D)" in str(error)
    assert "(B, C)" in str(error)


def test_two_header_rows_are_joined_and_the_upper_one_carries_to_the_right(tmp_path: Path):
    table = reading(tmp_path, "Id;Hinder;;Ålder\n;Språk;Nätverk;Ålder\np1;1;0;31\n", header_rows=2)
    assert list(table.frame) == ["Id", "Hinder: Språk", "Hinder: Nätverk", "Ålder"]
    assert table.first_row == 3


def test_a_carried_name_ends_where_a_name_above_begins(tmp_path: Path):
    table = reading(tmp_path, "A;;B;\nx;;;\n1;2;1;2\np;q;r;s\n", header_rows=3)
    assert list(table.frame) == ["A: x: 1", "A: x: 2", "B: 1", "B: 2"]


def test_a_file_with_names_alone_holds_no_answers(tmp_path: Path):
    assert "holds no answers" in str(refusal(tmp_path, "id;q\n"))
    assert "holds no answers" in str(refusal(tmp_path, "id;q\n;\n;\n"))


def test_a_file_of_blanks_is_told(tmp_path: Path):
    assert "nothing but blanks" in str(refusal(tmp_path, "\ufeff \n\n"))


def test_a_short_last_row_means_that_the_file_was_cut_off(tmp_path: Path):
    error = refusal(tmp_path, "id;q;r\n1;2;3\n2;3")
    assert error.problems[0].row == 3
    assert "cut off" in str(error)


def test_all_wrong_rows_are_told_at_once_and_many_are_counted(tmp_path: Path):
    rows = "".join(f"{i};a;b\n" if i % 2 else f"{i};a\n" for i in range(40))
    error = refusal(tmp_path, f"id;q\n{rows}")
    assert error.problems[0].row == 3
    assert "12 more rows" in str(error)


def test_names_that_are_one_too_few_are_told_once_for_all_rows(tmp_path: Path):
    error = refusal(tmp_path, "q;r\n1;2;3\n2;2;3\n")
    assert "All rows of answers have 3 fields" in str(error)


@pytest.mark.parametrize(
    ("content", "row"),
    [
        ('id;q\n1;"never closed\n2;b\n3;c\n', 2),
        ('id;q\n1;a\n2;"b', 3),
        ('id;q\n1;a\n2;"', 3),
        ('id;"q\n1;a\n2;b\n', 1),
        ('id;q\n1;a\n"', 3),
    ],
)
def test_a_quotation_mark_that_is_never_closed_is_told_with_its_row(tmp_path: Path, content: str, row: int):
    error = refusal(tmp_path, content)
    assert "never closed" in error.problems[-1].what
    assert error.problems[-1].row == row


def test_a_lone_quotation_mark_within_a_cell_is_an_answer(tmp_path: Path):
    assert reading(tmp_path, 'id;q\n1;5" rör\n').frame["q"].tolist() == ['5" rör']


def test_a_lost_quotation_mark_further_up_is_suspected(tmp_path: Path):
    """Without the mark after `a` the second row is swallowed, and every row still has three fields."""
    error = refusal(tmp_path, 'id;q;r\n1;"a;x\n2;"b";y\n3;c;z\n')
    assert "a quotation mark is missing" in str(error)
    assert error.problems[0].row == 2


def test_a_lost_quotation_mark_that_changes_the_number_of_fields_is_suspected(tmp_path: Path):
    error = refusal(tmp_path, 'id;q;r\n1;"a;x\n2;b";c;y\n3;c;z\n')
    assert "is a quotation mark missing" in str(error)


@pytest.mark.parametrize(("mark", "told"), [(";", "';'"), ("\t", "a tab"), ("|", "'|'")])
def test_a_wrong_delimiter_is_answered_with_the_right_one(tmp_path: Path, mark: str, told: str):
    content = "id|alder|by\n1|17,5|Malmö\n2|18,5|Lund\n".replace("|", mark)
    error = refusal(tmp_path, content, delimiter=",")
    assert told in str(error)
    assert "Declare delimiter:" in str(error)


def test_a_wrong_delimiter_that_tears_rows_apart_is_answered_too(tmp_path: Path):
    error = refusal(tmp_path, "id;alder, år\n1;17,5\n2;18,5,1\n3;19\n", delimiter=",")
    assert "Declare delimiter: ';'." in str(error)


def test_a_file_of_one_column_is_allowed(tmp_path: Path):
    assert reading(tmp_path, "alder\n17,5\n18,5\n").frame["alder"].tolist() == ["17,5", "18,5"]


def test_a_delimiter_of_two_signs_is_refused(tmp_path: Path):
    assert "must be one sign" in str(refusal(tmp_path, "a;b\n1;2\n", delimiter=";;"))


def test_excels_line_that_names_the_delimiter_is_no_row(tmp_path: Path):
    table = reading(tmp_path, "sep=;\r\nid;q\r\n1;2\r\n")
    assert (list(table.frame), table.first_row) == (["id", "q"], 2)
    assert "says that ';' separates" in str(refusal(tmp_path, "sep=;\nid;q\n1;2\n", delimiter=","))


def test_a_zero_byte_is_told_with_its_row(tmp_path: Path):
    error = refusal(tmp_path, 'id;q\n1;"a\nb"\n2;\0\n' + "3;c\n" * 50)
    assert "zero byte" in str(error)
    assert error.problems[0].row == 3


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-16-le", "cp850"]
)
def test_the_declared_encoding_is_read(tmp_path: Path, encoding: str):
    content = "Løbenr;Situation\nD1;På praktik\n".encode(encoding)
    table = reading(tmp_path, content, encoding=encoding)
    assert list(table.frame) == ["Løbenr", "Situation"]
    assert table.frame["Situation"].tolist() == ["På praktik"]


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path):
    assert list(reading(tmp_path, "\ufeffid;q\n1;2\n").frame) == ["id", "q"]


def test_bytes_that_do_not_fit_are_told_with_row_position_and_the_encoding_that_fits(tmp_path: Path):
    text = 'id;q\n1;"two\nlines"\n2;på vej\n'
    error = refusal(tmp_path, text.encode("cp1252"))
    assert error.problems[0].row == 3
    assert f"position {text.index('å')} " in str(error)
    assert "Declare encoding: cp1252" in str(error)


@pytest.mark.parametrize("right", ["cp1252", "cp850", "mac_roman"])
def test_the_encoding_suggested_is_the_one_that_gives_nordic_letters(tmp_path: Path, right: str):
    content = "Løbenr;Hvad gør du nu?\n1;får støtte på jobbet\n".encode(right)
    assert f"Declare encoding: {right}" in str(refusal(tmp_path, content))


@pytest.mark.parametrize("declared", ["cp1252", "latin-1", "iso-8859-9"])
def test_utf8_read_as_another_encoding_is_refused_although_its_bytes_fit(tmp_path: Path, declared: str):
    error = refusal(tmp_path, "Løbenr;q\n1;på vej\n", encoding=declared)
    assert "'LÃ¸benr' instead of 'Løbenr'" in str(error)
    assert "Declare encoding: utf-8." in str(error)


def test_the_error_about_encodings_shows_no_answer(tmp_path: Path):
    error = refusal(tmp_path, "id;navn\n1;Sørensen\n", encoding="cp1252")
    assert "'Ã¸' instead of 'ø'" in str(error)
    assert "rensen" not in str(error)


def test_windows_quotes_read_as_latin_1_are_told(tmp_path: Path):
    error = refusal(tmp_path, "id;q\n1;“får”\n".encode("cp1252"), encoding="latin-1")
    assert "Declare encoding: cp1252." in str(error)


@pytest.mark.parametrize(
    ("codec", "declared"), [("utf-16", "cp1252"), ("utf-16", "utf-8"), ("utf-16-le", "cp1252")]
)
def test_utf16_is_recognised(tmp_path: Path, codec: str, declared: str):
    error = refusal(tmp_path, "id;q\n1;på vej\n2;ledig\n".encode(codec), encoding=declared)
    assert f"Declare encoding: {codec}" in str(error)


def test_no_encoding_and_an_unknown_one_are_answered_with_one_that_fits(tmp_path: Path):
    content = "id;q\n1;på vej\n".encode("cp1252")
    assert "declares no encoding" in str(refusal(tmp_path, content, encoding=""))
    unknown = str(refusal(tmp_path, content, encoding="cp12522"))
    assert "Did you mean 'cp1252'?" in unknown
    assert "Declare encoding: cp1252" in unknown


def test_a_column_of_very_long_answers_is_read_whole(tmp_path: Path):
    answer = "på " * 100_000
    assert reading(tmp_path, f'id;q\n1;"{answer}"\n').frame["q"].tolist() == [answer]
