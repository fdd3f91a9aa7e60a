"""Files that are not there, cannot be opened, or are something else than declared."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
import xlsxwriter

from kij_analysis.codebook.instruments import FileForm
from kij_analysis.errors import SourceError, UsageError
from kij_analysis.sources import read

CSV = FileForm(format="delimited", encoding="utf-8", delimiter=";")
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)


def refusal(path: Path, form: FileForm = CSV) -> str:
    with pytest.raises(SourceError) as caught:
        read(path, form)
    return str(caught.value)


def workbook() -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.add_worksheet("Svar").write_column(0, 0, ["id", "p1"])
    return stream.getvalue()


def test_a_missing_file_names_its_folder_and_the_nearest_name(tmp_path: Path):
    (tmp_path / "slut_2023.csv").write_text("a;b\n1;2\n")
    told = refusal(tmp_path / "slut_2024.csv")
    assert str(tmp_path) in told
    assert "Did you mean 'slut_2023.csv'?" in told


def test_a_missing_file_points_to_its_twin_of_another_format(tmp_path: Path):
    (tmp_path / "slut.xlsx").write_bytes(workbook())
    assert "There is 'slut.xlsx'." in refusal(tmp_path / "slut.csv")


def test_a_missing_file_without_a_near_name_lists_what_the_folder_holds(tmp_path: Path):
    (tmp_path / "zz.txt").write_text("x")
    (tmp_path / "~$zz.txt").write_text("x")
    assert "The folder holds 'zz.txt'." in refusal(tmp_path / "slutmåling.csv")


def test_a_missing_folder_is_told_as_such(tmp_path: Path):
    assert f"there is no folder {tmp_path / 'kvinfo'}" in refusal(tmp_path / "kvinfo" / "a.csv")


def test_a_name_with_a_letter_stored_in_two_parts_is_the_same_name(tmp_path: Path):
    (tmp_path / unicodedata.normalize("NFD", "svar_ä.csv")).write_text("a;b\n1;2\n")
    assert read(tmp_path / unicodedata.normalize("NFC", "svar_ä.csv"), CSV).frame.shape == (1, 2)


def test_a_folder_is_no_file(tmp_path: Path):
    assert "is a folder" in refusal(tmp_path)


def test_an_empty_file_is_told(tmp_path: Path):
    (tmp_path / "a.csv").touch()
    assert "a.csv: The file is empty" in refusal(tmp_path / "a.csv")


def test_a_file_that_another_program_holds_is_told_with_the_mark_of_excel(tmp_path: Path, monkeypatch):
    path = tmp_path / "svar.xlsx"
    path.write_bytes(workbook())
    (tmp_path / "~$svar.xlsx").write_bytes(b"x")

    def held(self: Path, *args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", held)
    told = refusal(path, FileForm(format="xlsx"))
    assert "The file is open in Excel" in told
    assert told.endswith("Close it there and run again.")
    assert "'~$svar.xlsx' lies beside it" in told


def test_a_workbook_that_is_open_and_can_be_read_is_read_with_a_notice(tmp_path: Path):
    path = tmp_path / "svar.xlsx"
    path.write_bytes(workbook())
    assert read(path, FileForm(format="xlsx")).notices == ()
    (tmp_path / "~$svar.xlsx").write_bytes(b"\x0eA Colleague")
    (notice,) = read(path, FileForm(format="xlsx")).notices
    assert notice.severity == "notice"
    assert "'~$svar.xlsx' lies beside it" in notice.what
    assert "What was saved last was read." in notice.what
    assert "Colleague" not in str(notice)


def test_a_workbook_that_is_taken_away_while_it_is_read_is_open_and_not_damaged(tmp_path: Path, monkeypatch):
    path = tmp_path / "svar.xlsx"
    path.write_bytes(workbook())

    def taken(*args: object) -> None:
        raise PermissionError(13, "The process cannot access the file")

    monkeypatch.setattr("kij_analysis.sources.xlsx.broken_cells", taken)
    told = refusal(path, FileForm(format="xlsx"))
    assert "another program such as Excel holds it" in told
    assert "damaged" not in told


def test_the_mark_of_an_open_workbook_is_no_data(tmp_path: Path):
    (tmp_path / "~$svar.xlsx").write_bytes(b"\x0eA Colleague")
    told = refusal(tmp_path / "~$svar.xlsx", FileForm(format="xlsx"))
    assert "only marks that svar.xlsx is open" in told
    assert told.endswith("Name svar.xlsx instead, and close it there.")


def test_errors_show_the_name_of_the_file_and_not_where_it_lies(tmp_path: Path):
    (tmp_path / "a.csv").write_bytes(workbook())
    told = refusal(tmp_path / "a.csv")
    assert told.startswith("a.csv: ")
    assert str(tmp_path) not in told


@pytest.mark.parametrize(
    ("content", "seems"),
    [
        (workbook(), "Declare format: xlsx"),
        (b"$FL2@(#) SPSS DATA FILE", "Declare format: spss"),
        (b"$FL3@(#) SPSS DATA FILE", "Declare format: spss"),
        (b"<stata_dta><header><release>118</release>", "Declare format: stata"),
        (bytes([0x73, 2, 1, 0, 1, 0]), "Declare format: stata"),
        (OLE, "Excel workbook of the old kind"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "with a password"),
        (b"\r\n <html><body><table><tr><td>id</td></tr></table>", "web page"),
        (b'<?xml version="1.0"?><Workbook>', "XML"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (bytes(range(1, 32)) * 20, "no text"),
    ],
)
def test_a_file_declared_as_text_that_is_something_else_is_told(tmp_path: Path, content: bytes, seems: str):
    (tmp_path / "svar.csv").write_bytes(content)
    told = refusal(tmp_path / "svar.csv")
    assert "declared as text with a delimiter" in told
    assert seems in told


@pytest.mark.parametrize("declared", ["xlsx", "spss", "stata"])
def test_text_under_another_format_is_told(tmp_path: Path, declared: str):
    (tmp_path / "svar.dat").write_text("id;q\np1;3\n")
    told = refusal(tmp_path / "svar.dat", FileForm(format=declared))
    assert "seems to be text with a delimiter" in told
    assert "Declare format: delimited" in told


def test_a_plain_zip_archive_is_no_workbook(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("svar.csv", "a;b")
    assert "unpack it" in refusal(tmp_path / "a.xlsx", FileForm(format="xlsx"))


def test_a_workbook_of_libreoffice_is_told(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("content.xml", "<x/>")
    assert "LibreOffice" in refusal(tmp_path / "a.xlsx", FileForm(format="xlsx"))


def test_spss_and_stata_are_not_taken_for_each_other(tmp_path: Path):
    frame = pd.DataFrame({"q": [1.0, 2.0]})
    pyreadstat.write_sav(frame, tmp_path / "a.sav")
    pyreadstat.write_dta(frame, tmp_path / "a.dta")
    assert "Declare format: spss" in refusal(tmp_path / "a.sav", FileForm(format="stata"))
    assert "Declare format: stata" in refusal(tmp_path / "a.dta", FileForm(format="spss"))


def test_an_unknown_format_is_told_with_the_known_ones(tmp_path: Path):
    (tmp_path / "a.csv").write_text("a\n1\n")
    with pytest.raises(UsageError, match="'delimited', 'xlsx', 'spss', 'stata'"):
        read(tmp_path / "a.csv", FileForm(format="csv"))


def test_reading_leaves_the_file_as_it_is(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a;b\r\n1;2\r\n")
    before = path.stat().st_mtime_ns
    read(path, CSV)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (b"a;b\r\n1;2\r\n", before)
