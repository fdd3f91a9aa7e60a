"""SPSS and Stata: codes, labels and missing values as the file has them; nothing lost in silence."""

from __future__ import annotations

import datetime
import struct
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from kij_analysis.codebook.instruments import FileForm
from kij_analysis.errors import SourceError
from kij_analysis.sources import RawTable, read

SPSS, STATA = FileForm(format="spss"), FileForm(format="stata")
OLD_STATA = 12


def sav(folder: Path, columns: dict[str, list[object]], *, name: str = "a.sav", **options: object) -> Path:
    pyreadstat.write_sav(pd.DataFrame(columns), folder / name, **options)
    return folder / name


def dta(folder: Path, columns: dict[str, list[object]], *, version: int = 15, **options: object) -> Path:
    pyreadstat.write_dta(pd.DataFrame(columns), folder / "a.dta", version=version, **options)
    return folder / "a.dta"


def patched(path: Path, *changes: tuple[bytes, bytes]) -> Path:
    content = path.read_bytes()
    for before, after in changes:
        assert before in content
        assert len(before) == len(after)
        content = content.replace(before, after)
    path.write_bytes(content)
    return path


def without_encoding(path: Path) -> Path:
    """An SPSS file whose dictionary says nothing about its encoding, as old programs write them."""
    content = bytearray(path.read_bytes())
    struct.pack_into("<i", content, content.index(struct.pack("<3i", 7, 20, 1)) + 4, 99)
    struct.pack_into("<i", content, content.index(struct.pack("<4i", 7, 3, 4, 8)) + 16 + 28, 2)
    path.write_bytes(content)
    return path


def refusal(path: Path, form: FileForm) -> str:
    with pytest.raises(SourceError) as caught:
        read(path, form)
    return str(caught.value)


def missing_keys(table: RawTable, column: str) -> list[str]:
    return [answer.key for answer in table.keys(column)[1] if answer.declared_missing]


def test_codes_that_spss_declares_missing_are_kept_and_marked(tmp_path: Path):
    path = sav(
        tmp_path,
        {"q": [1.0, 8.0, 9.0, np.nan], "t": ["ja", "zz", "nej", ""]},
        missing_ranges={"q": [8, 9], "t": ["zz"]},
        variable_value_labels={
            "q": {1: "Ja", 8: "En osaa sanoa", 9: "Ei vastausta"},
            "t": {"zz": "Ved ikke"},
        },
        column_labels={"q": "Onko mentori tukenut sinua?", "t": "Fri"},
    )
    table = read(path, SPSS)
    assert table.frame["q"].tolist()[:3] == [1.0, 8.0, 9.0]
    assert (table.frame["q"].dtype, table.first_row) == (np.float64, 1)
    notes = table.columns["q"]
    assert (notes.kind, notes.label) == ("number", "Onko mentori tukenut sinua?")
    assert notes.value_labels == {"1": "Ja", "8": "En osaa sanoa", "9": "Ei vastausta"}
    assert notes.user_missing == ("8", "9")
    assert notes.user_missing_ranges == ((8.0, 8.0), (9.0, 9.0))
    assert missing_keys(table, "q") == ["8", "9"]
    assert missing_keys(table, "t") == ["zz"]
    assert [(a.key, a.label) for a in table.keys("t")[1]] == [
        ("ja", None), ("zz", "Ved ikke"), ("nej", None), ("", None),
    ]  # fmt: skip


def test_a_missing_range_covers_undeclared_codes_within_it(tmp_path: Path):
    columns = {"q": [1.0, 97.0, 98.5, 100.0, -1.0]}
    ranges = {"q": [{"lo": 97, "hi": np.inf}, -1]}
    table = read(
        sav(tmp_path, columns, missing_ranges=ranges, variable_value_labels={"q": {99: "Uoplyst"}}), SPSS
    )
    assert table.columns["q"].user_missing_ranges == ((97.0, np.inf), (-1.0, -1.0))
    assert table.columns["q"].user_missing == ("-1", "97", "98.5", "99", "100")
    assert missing_keys(table, "q") == ["97", "98.5", "100", "-1"]


def test_an_empty_cell_is_not_declared_missing(tmp_path: Path):
    table = read(sav(tmp_path, {"q": [1.0, np.nan]}, missing_ranges={"q": [8]}), SPSS)
    assert missing_keys(table, "q") == []
    assert table.columns["q"].user_missing == ()


def test_spss_dates_are_dates_and_times_of_day_are_spelt(tmp_path: Path):
    day, moment = datetime.date(2024, 5, 31), datetime.datetime(2024, 5, 31, 12, 30)
    table = read(sav(tmp_path, {"d": [day, None], "m": [moment] * 2, "t": [datetime.time(8, 30)] * 2}), SPSS)
    assert [notes.kind for notes in table.columns.values()] == ["date", "date", "text"]
    assert [answer.key for answer in table.keys("d")[1]] == ["2024-05-31", ""]
    assert [table.keys(name)[1][0].key for name in "mt"] == ["2024-05-31T12:30:00", "08:30:00"]


@pytest.mark.parametrize(
    ("name", "options"), [("a.sav", {}), ("a.sav", {"row_compress": True}), ("a.zsav", {"compress": True})]
)
@pytest.mark.parametrize("share", [0.3, 0.7, 0.95, 0.999])
def test_an_spss_file_that_was_cut_off_is_refused(tmp_path: Path, name: str, options: dict, share: float):
    rng = np.random.default_rng(1)
    path = sav(tmp_path, {"q": list(rng.normal(size=400)), "t": ["svar"] * 400}, name=name, **options)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert "damaged or cut off" in refusal(path, SPSS)


def test_an_spss_file_that_does_not_say_its_number_of_rows_is_read_with_a_notice(tmp_path: Path):
    """Cut off, such a file reads without an error: only the notice with the rows read can tell."""
    path = sav(tmp_path, {"q": [1.0, 2.0, 3.0, 4.0]})
    content = bytearray(path.read_bytes())
    struct.pack_into("<i", content, 80, -1)
    path.write_bytes(content[:-8])
    table = read(path, SPSS)
    assert len(table.frame) == 3
    assert "does not say how many rows it holds; 3 were read" in str(table.notices[0])


def test_a_file_without_rows_holds_no_answers(tmp_path: Path):
    assert "holds no answers" in refusal(sav(tmp_path, {"q": [], "r": []}), SPSS)


def test_an_spss_file_states_its_encoding_and_another_declaration_is_told(tmp_path: Path):
    path = sav(tmp_path, {"t": ["Blåbær"]}, column_labels={"t": "Frugt på dansk"})
    assert read(path, SPSS).encoding == "utf-8"
    table = read(path, FileForm(format="spss", encoding="cp1252"))
    assert table.frame["t"].tolist() == ["Blåbær"]
    assert "the declared encoding cp1252 is not used" in str(table.notices[0])


def test_an_spss_file_without_an_encoding_is_read_as_declared(tmp_path: Path):
    path = sav(tmp_path, {"t": ["Blaabær"]}, column_labels={"t": "Frugt"})
    patched(without_encoding(path), ("aabær".encode(), "aab\xe6r ".encode("cp1252")))
    table = read(path, FileForm(format="spss", encoding="cp1252"))
    assert (table.frame["t"].tolist(), table.encoding, table.notices) == (["Blaabær"], "cp1252", ())


def test_an_undeclared_encoding_is_told_where_the_file_is_silent(tmp_path: Path):
    path = without_encoding(sav(tmp_path, {"t": ["Blåbær"]}))
    table = read(path, SPSS)
    assert table.frame["t"].tolist() == ["Blåbær"]
    assert "does not state its encoding; it is read as utf-8" in str(table.notices[0])


def test_a_wrong_declaration_is_answered_with_the_encoding_that_fits(tmp_path: Path):
    path = without_encoding(sav(tmp_path, {"t": ["Blåbær"]}))
    assert "Declare encoding: utf-8." in refusal(path, FileForm(format="spss", encoding="cp1252"))
    patched(path, ("åbær".encode(), "\xe5b\xe6r  ".encode("latin-1")))
    assert "Declare encoding: cp1252." in refusal(path, FileForm(format="spss", encoding="utf-8"))


def test_a_file_that_states_a_wrong_encoding_can_be_declared_right(tmp_path: Path):
    path = patched(sav(tmp_path, {"t": ["Blåbær"]}), ("åbær".encode(), "\xe5b\xe6r  ".encode("latin-1")))
    assert "states that it is UTF-8, but its texts are not" in refusal(path, SPSS)
    table = read(path, FileForm(format="spss", encoding="cp1252"))
    assert table.frame["t"].tolist() == ["Blåbær"]
    assert "its texts are cp1252, as declared" in str(table.notices[0])


def test_tagged_missing_values_of_stata_are_kept(tmp_path: Path):
    path = dta(
        tmp_path,
        {"id": ["N1", "N2", "N3"], "q": [6, "a", "b"], "n": [1.5, np.nan, 2.0]},
        missing_user_values={"q": ["a", "b", "c"]},
        variable_value_labels={"q": {6: "I svært stor grad", "a": "Vet ikke", "c": "Vil ikke svare"}},
        column_labels={"q": "Har mentoren støttet deg?"},
    )
    table = read(path, STATA)
    assert table.frame["q"].tolist() == [6.0, ".a", ".b"]
    assert table.frame["n"].isna().tolist() == [False, True, False]
    notes = table.columns["q"]
    assert (notes.kind, notes.label) == ("number", "Har mentoren støttet deg?")
    assert notes.value_labels == {"6": "I svært stor grad", ".a": "Vet ikke", ".c": "Vil ikke svare"}
    assert notes.user_missing == (".a", ".b", ".c")
    assert missing_keys(table, "q") == [".a", ".b"]
    assert missing_keys(table, "n") == []


def test_a_text_that_looks_like_a_tag_is_no_tag(tmp_path: Path):
    table = read(dta(tmp_path, {"t": ["a", ".b", ""]}), STATA)
    assert [answer.key for answer in table.keys("t")[1]] == ["a", ".b", ""]
    assert missing_keys(table, "t") == []


def test_long_texts_of_stata_are_read_as_the_unicode_that_they_are(tmp_path: Path):
    path = dta(tmp_path, {"note": ["å" * 3000, "ł“b"], "short": ["på", "vej"]})
    table = read(path, STATA)
    assert table.frame["note"].tolist() == ["å" * 3000, "ł“b"]
    assert table.frame["short"].tolist() == ["på", "vej"]
    assert table.notices == ()


def test_a_long_text_that_is_not_unicode_is_told(tmp_path: Path):
    path = dta(tmp_path, {"note": ["x" * 3000, "Gryyne"]})
    assert "long text (strL) of the file is not UTF-8" in refusal(
        patched(path, (b"Gryyne", b"Gr\xfc ne")), STATA
    )


def test_names_of_columns_have_their_letters(tmp_path: Path):
    columns = {"Løbenr": ["1"], "spørgsmål_om_noget_meget_langt": [1.0]}
    assert list(read(sav(tmp_path, columns), SPSS).frame) == list(columns)
    assert list(read(dta(tmp_path, columns), STATA).frame) == list(columns)


def test_a_date_that_spss_declares_missing_is_marked(tmp_path: Path):
    path = sav(
        tmp_path,
        {"d": [13926816000.0, 8.0, np.nan]},
        variable_format={"d": "DATE11"},
        missing_ranges={"d": [8]},
    )
    table = read(path, SPSS)
    assert table.columns["d"].kind == "date"
    assert missing_keys(table, "d") == ["1582-10-14T00:00:08"]


def test_a_date_beyond_all_years_is_told(tmp_path: Path):
    path = sav(tmp_path, {"d": [13926816000.0, 1e13]}, variable_format={"d": "DATE11"})
    assert "outside the years 1 to 9999" in refusal(path, SPSS)


@pytest.mark.parametrize("version", [8, 10, OLD_STATA, 13, 14, 15])
@pytest.mark.parametrize("share", [0.5, 0.9, 0.9999])
def test_a_stata_file_that_was_cut_off_is_refused(tmp_path: Path, version: int, share: float):
    path = dta(tmp_path, {"q": [float(i) / 7 for i in range(400)], "t": ["svar"] * 400}, version=version)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert "damaged or cut off" in refusal(path, STATA)


def test_a_stata_file_that_lost_its_value_labels_is_told(tmp_path: Path):
    """The labels stand at the very end; without them an old file reads, with all its rows, as if whole."""
    path = dta(tmp_path, {"q": [1, 2]}, version=OLD_STATA, variable_value_labels={"q": {1: "ja", 2: "nej"}})
    content = path.read_bytes()
    path.write_bytes(content[: content.rindex(b"ja\0") - 30])
    table = read(path, STATA)
    assert table.columns["q"].value_labels == {}
    assert "names value labels for 'q' and does not hold them" in str(table.notices[0])


def test_an_old_stata_file_is_read_as_declared(tmp_path: Path):
    labels = {"q": {1: "I hxy grad"}}
    path = dta(tmp_path, {"q": [1], "t": ["Blxbyr"]}, version=OLD_STATA, variable_value_labels=labels)
    patched(path, (b"hxy", b"h\xf8y"), (b"Blxbyr", b"Bl\xe5b\xe6r"))
    table = read(path, FileForm(format="stata", encoding="cp1252"))
    assert (table.frame["t"].tolist(), table.columns["q"].value_labels["1"]) == (["Blåbær"], "I høy grad")
    assert table.notices == ()
    assert "it is read as cp1252" in str(read(path, STATA).notices[0])


def test_labels_cut_within_a_letter_are_read_without_it_and_counted(tmp_path: Path):
    labels = {"q": {1: "I liten grad, på øyy", 2: "I høy grad på alle måter"}}
    path = dta(tmp_path, {"q": [1, 2]}, version=OLD_STATA, variable_value_labels=labels)
    patched(path, ("øyy\0".encode(), b"\xc3\0\0\0\0"))
    table = read(path, FileForm(format="stata", encoding="utf-8"))
    assert table.columns["q"].value_labels == {"1": "I liten grad, på", "2": "I høy grad på alle måter"}
    assert "1 label is cut off within a letter" in str(table.notices[0])


def test_a_label_of_another_encoding_among_good_ones_is_shown_as_broken(tmp_path: Path):
    labels = {"q": {1: "på", 2: "måte", 3: "Gryyne", 4: "grønt"}}
    path = dta(tmp_path, {"q": [1, 2]}, version=15, variable_value_labels=labels)
    patched(path, (b"Gryyne", b"Gr\xfc ne"))
    table = read(path, STATA)
    assert table.columns["q"].value_labels["3"] == "Gr\ufffd ne"
    assert "1 label is not utf-8 throughout" in str(table.notices[0])


def test_broken_answers_are_counted_and_not_shown(tmp_path: Path):
    path = dta(tmp_path, {"t": ["på", "Gryyne", "måte", "grønt"]}, version=15)
    table = read(patched(path, (b"Gryyne", b"Gr\xfc ne")), STATA)
    assert str(table.notices[0]).startswith("a.dta: 1 answer is not utf-8 throughout")
    assert "Gr" not in str(table.notices[0])
