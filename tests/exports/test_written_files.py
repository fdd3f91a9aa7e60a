"""What other programs find in the files: labels, reasons, dates, names; and texts that are no formulas."""

from __future__ import annotations

import json
from pathlib import Path

import frictionless
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyreadstat
import pytest
from python_calamine import CalamineWorkbook

import kij_analysis as kij
from kij_analysis.codebook import Codebook, load_codebook
from kij_analysis.exports import save
from kij_analysis.exports.naming import SPSS, legal_names

REASONS = ("not_asked", "dont_know", "no_answer")


@pytest.fixture(scope="module")
def book() -> Codebook:
    return load_codebook(kij.template.template_folder() / "codebook")


@pytest.fixture(scope="module")
def place(book: Codebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four answers in Danish, the last three missing, and two people with a remark."""
    why = pd.Categorical([None, *REASONS], categories=list(book.missing))
    labour = book.columns["labour_status"]
    columns: dict[str, object] = {
        "programme": ["kvinfo"] * 4,
        "person_id": ["a", "b", "c", "d"],
        "role": ["mentee"] * 4,
        "wave": ["end", "entry", "end", "end"],
        "labour_status": pd.Categorical(["unemployed", *[None] * 3], categories=list(labour.categories)),
        "hours": [37.5, None, None, None],
        "date_of_first_job": pd.Series(["2024-05-31", None, None, None], dtype="datetime64[s]"),
        "barrier_language": pd.Series([False, None, None, None], dtype="boolean"),
        "remark": pd.Series(["=1+1", None, None, None], dtype="str"),
    }
    for name in ("labour_status", "hours", "date_of_first_job", "barrier_language", "remark"):
        columns[f"{name}_missing"] = why
    frame = pd.DataFrame(columns).assign(data_status="synthetic")
    people = frame[["programme", "person_id", "role", "data_status"]]
    folder = tmp_path_factory.mktemp("written")
    formats = ["parquet", "csv", "csv-semicolon", "xlsx", "spss", "stata"]
    save({"people": people, "answers": frame}, book, folder, language="da", formats=formats)
    return folder


def test_spss_finds_labels_and_reasons_as_user_missing_codes(place: Path):
    raw, meta = pyreadstat.read_sav(place / "answers.sav", user_missing=True)
    assert meta.column_names_to_labels["labour_status"] == "arbejdsmarkedsstatus"
    labels = meta.variable_value_labels["labour_status"]
    assert labels[7] == "ledig" and labels[-3] == "ved ikke"
    assert raw["labour_status"].tolist() == [7.0, -1.0, -3.0, -5.0]
    assert raw["hours"].tolist() == [37.5, -1.0, -3.0, -5.0]
    assert meta.missing_ranges["hours"] == [{"lo": -10.0, "hi": -1.0}]
    assert meta.variable_value_labels["barrier_language"][0] == "nej"
    assert meta.variable_measure["labour_status"] == "nominal" and meta.variable_measure["hours"] == "scale"
    assert "Syntetiske data" in meta.file_label and "labour_status_missing" not in raw


def test_spss_takes_the_codes_for_missing_by_itself(place: Path):
    seen, _ = pyreadstat.read_sav(place / "answers.sav")
    assert seen["hours"].isna().tolist() == [False, True, True, True]
    assert str(seen["date_of_first_job"][0]) == "2024-05-31" and seen["date_of_first_job"].isna().sum() == 3


def test_a_text_has_its_reasons_in_a_column_of_its_own(place: Path):
    raw, _ = pyreadstat.read_sav(place / "answers.sav", apply_value_formats=True)
    assert raw["remark"].tolist() == ["=1+1", "", "", ""]
    assert raw["remark_missing"].astype(object).tolist()[1:] == ["ikke spurgt", "ved ikke", "ikke besvaret"]


def test_stata_finds_labels_and_reasons_as_tagged_missing_values(place: Path):
    with pd.io.stata.StataReader(place / "answers.dta", convert_missing=True) as reader:
        raw = reader.read(convert_categoricals=False, convert_dates=False)
        labels = reader.variable_labels()
        assert "Syntetiske data" in reader.data_label
    assert [str(value) for value in raw["hours"]] == ["37.5", ".n", ".d", ".m"]
    assert [str(value) for value in raw["labour_status"]] == ["7.0", ".n", ".d", ".m"]
    assert raw["date_of_first_job"][0] == (pd.Timestamp("2024-05-31") - pd.Timestamp("1960-01-01")).days
    assert labels["labour_status"] == "arbejdsmarkedsstatus"
    _, meta = pyreadstat.read_dta(place / "answers.dta", user_missing=True)
    found = meta.variable_value_labels["labour_status"]
    assert found[7] == "ledig" and found["n"] == "ikke spurgt" and found["w"] == "endnu ikke afgjort"
    assert meta.original_variable_types["date_of_first_job"] == "%td"


def test_a_wave_is_an_ordered_number_with_its_label(place: Path):
    raw, meta = pyreadstat.read_sav(place / "answers.sav")
    assert raw["wave"].tolist() == [2, 1, 2, 2]
    assert (
        meta.variable_measure["wave"] == "ordinal" and meta.variable_value_labels["wave"][2] == "slutmåling"
    )


def test_parquet_holds_the_labels_beside_the_fields_and_pandas_reads_it_as_ever(place: Path):
    schema = pq.read_schema(place / "answers.parquet")
    metadata = schema.field("labour_status").metadata
    assert metadata[b"label"].decode() == "arbejdsmarkedsstatus"
    assert json.loads(metadata[b"categories"])["unemployed"] == "ledig"
    frame = pd.read_parquet(place / "answers.parquet")
    assert frame.attrs == {} and frame["labour_status"].dtype == "category"


def test_csv_for_nordic_excel_has_semicolons_and_decimal_commas_and_says_that_it_is_utf_8(place: Path):
    raw = (place / "answers-semicolon.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfprogramme;person_id;") and b";37,5;" in raw
    plain = (place / "answers.csv").read_bytes()
    assert plain.startswith(b"\xef\xbb\xbfprogramme,person_id,") and b",37.5," in plain


def test_a_text_that_looks_like_a_formula_is_a_text_in_excel(place: Path):
    sheet = CalamineWorkbook.from_path(str(place / "harmonised.xlsx"))
    assert sheet.sheet_names == ["people", "answers", "labels"]
    rows = sheet.get_sheet_by_name("answers").to_python()
    assert rows[1][rows[0].index("remark")] == "=1+1"
    import zipfile

    with zipfile.ZipFile(place / "harmonised.xlsx") as book:
        assert b"<f>" not in b"".join(book.read(name) for name in book.namelist())


def test_the_workbook_says_what_columns_and_codes_mean(place: Path):
    rows = CalamineWorkbook.from_path(str(place / "harmonised.xlsx")).get_sheet_by_name("labels").to_python()
    assert rows[0] == ["Tabel", "Kolonne", "Betegnelse", "Enhed", "Kode", "Betydning"]
    assert ["answers", "hours", "ugentlig arbejdstid", "timer om ugen", "", ""] in rows
    assert ["answers", "labour_status", "", "", "unemployed", "ledig"] in rows


@pytest.mark.parametrize(("delimiter", "kind"), [(",", "csv"), (";", "csv-semicolon")])
def test_a_standard_validator_accepts_the_data_package_and_its_files(
    delimiter: str, kind: str, place: Path, book: Codebook, tmp_path: Path
):
    from kij_analysis.exports import load

    save(load(place), book, tmp_path, language="da", formats=[kind])
    descriptor = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    assert {resource["dialect"]["delimiter"] for resource in descriptor["resources"]} == {delimiter}
    report = frictionless.Package(tmp_path / "datapackage.json").validate()
    assert report.valid, report.flatten(["type", "message"])
    assert report.stats["tasks"] == 2
    fields = {field["name"]: field for field in descriptor["resources"][1]["schema"]["fields"]}
    assert {"value": "unemployed", "label": "ledig"} in fields["labour_status"]["categories"]
    assert {"value": "refused", "label": "ønsker ikke at svare"} in fields["hours_missing"]["categories"]
    assert "Syntetiske" in descriptor["description"]


def test_the_validator_finds_what_the_description_does_not_allow(place: Path, tmp_path: Path):
    for name in ("datapackage.json", "people.csv", "answers.csv"):
        (tmp_path / name).write_bytes((place / name).read_bytes().replace(b",unemployed,", b",jobless,"))
    report = frictionless.Package(tmp_path / "datapackage.json").validate()
    assert "constraint-error" in {kind for (kind,) in report.flatten(["type"])}


def test_names_that_spss_does_not_take_are_changed():
    assert dict(legal_names(["with", "hours", "Hours", "2nd", "a-b"], SPSS)) == {
        "with": "with_", "hours": "hours", "Hours": "Hours_2", "2nd": "v2nd", "a-b": "a_b"
    }  # fmt: skip


def test_a_hundred_tags_before_the_first_number_are_still_a_column_of_numbers(book: Codebook, tmp_path: Path):
    why = pd.Categorical(["not_asked"] * 300 + [None], categories=list(book.missing))
    frame = pd.DataFrame({"hours": [np.nan] * 300 + [37.5], "hours_missing": why})
    save({"answers": frame}, book, tmp_path, formats=["stata"])
    raw = pd.read_stata(tmp_path / "answers.dta", convert_missing=True, convert_categoricals=False)
    assert str(raw["hours"][0]) == ".n" and raw["hours"][300] == 37.5
