"""Missing reasons on their way in: codes, texts, ranges and tags of every format; none becomes valid."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
import xlsxwriter

import kij_analysis as kij
from kij_analysis.errors import HarmonisationError
from kij_analysis.study import Study
from tests.study_maker import crosswalk, make_study, sav_study, small_study

LOWEST, HIGHEST = (
    struct.unpack("<d", bytes.fromhex(bits))[0] for bits in ("feffffffffffefff", "ffffffffffffef7f")
)
"""What SPSS writes for LO and HI in a range of missing values."""

AGE = """
age:
  direct: {from: Alder, missing: {99: refused, -9: dont_know, Ved ikke: dont_know}}
  status: complete
"""
GENDER = """
gender:
  map: {from: k, values: {1: woman, 2: man}, missing: {99: refused, -99: dont_know, 97: not_applicable}}
  status: complete
"""
TEXT = """
gender:
  map: {from: k, values: {Kvinne: woman, Mann: man}, missing: {XX: refused, ZZ: dont_know}}
  status: complete
"""


def got(study: Study, column: str = "gender") -> list[object]:
    """Each value of a column or, where there is none, its reason, in the order of the persons."""
    people = kij.harmonise(study).people
    pairs = zip(people[column], people[f"{column}_missing"], strict=True)
    return [reason if pd.isna(value) else value for value, reason in pairs]


def xlsx_study(folder: Path, cells: list[object], rules: str) -> Study:
    with xlsxwriter.Workbook(folder / "end.xlsx") as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Id", "Alder" if "Alder" in rules else "k"])
        for row, cell in enumerate(cells, start=1):
            page.write(row, 0, f"p{row}")
            page.write(row, 1, cell)
    text = crosswalk(rules, file={"format": "xlsx"})
    content = (folder / "end.xlsx").read_bytes()
    return make_study(folder, {"end.xlsx": content}, {"end.xlsx": text})


def dta_study(folder: Path, frame: pd.DataFrame, rules: str, **options: object) -> Study:
    folder.mkdir(exist_ok=True)
    path = folder / "made.dta"
    pyreadstat.write_dta(frame, path, version=14, **options)
    text = crosswalk(rules, file={"format": "stata"}, keys={"person_id": "id"})
    return make_study(folder, {"end.dta": path.read_bytes()}, {"end.dta": text})


def persons(**columns: list[object]) -> pd.DataFrame:
    size = len(next(iter(columns.values())))
    return pd.DataFrame({"id": [f"p{row}" for row in range(size)], **columns})


# ------------------------------------------------------------------ delimited text and XLSX


@pytest.mark.parametrize("code", ["99", "99,0", "99,00", "099", " 99 ", "+99", "9,9e1"])
def test_a_missing_code_is_no_number_however_the_file_writes_it(code: str, tmp_path: Path):
    assert got(small_study(tmp_path, f"Id;Alder\n1;20\n2;{code}\n", AGE), "age") == [20.0, "refused"]


def test_text_codes_negative_codes_and_empty_cells_of_a_text_file_have_their_reasons(tmp_path: Path):
    study = small_study(tmp_path, "Id;Alder\n1;-9\n2;ved  ikke\n3;\n4; \n5;-9,0\n", AGE)
    assert got(study, "age") == ["dont_know", "dont_know", "no_answer", "no_answer", "dont_know"]


@pytest.mark.parametrize("sign", [".", ","])
def test_codes_written_as_numbers_with_decimals_are_the_codes_of_the_rule(sign: str, tmp_path: Path):
    table = f"Id;k\n1;1{sign}0\n2;99{sign}0\n3;-99{sign}00\n4;2\n"
    assert got(small_study(tmp_path, table, GENDER)) == ["woman", "refused", "dont_know", "man"]


def test_three_zeros_may_be_thousands_and_are_no_code(tmp_path: Path):
    with pytest.raises(HarmonisationError, match=r"'1\.000' has no rule"):
        kij.harmonise(small_study(tmp_path, "Id;k\n1;1.000\n", GENDER))


def test_codes_and_empty_cells_of_a_workbook_have_their_reasons_as_number_and_as_text(tmp_path: Path):
    cells: list[object] = [1, "2", 99, "99", "99.0", -99, "-99", "", None]
    expected = ["woman", "man", *["refused"] * 3, *["dont_know"] * 2, *["no_answer"] * 2]
    assert got(xlsx_study(tmp_path, cells, GENDER)) == expected


def test_missing_codes_among_the_numbers_of_a_workbook_are_no_numbers(tmp_path: Path):
    cells: list[object] = [20, 99, "99", 99.0, "Ved ikke", None]
    expected = [20.0, "refused", "refused", "refused", "dont_know", "no_answer"]
    assert got(xlsx_study(tmp_path, cells, AGE), "age") == expected


# ------------------------------------------------------------------ SPSS


@pytest.mark.parametrize(
    "declared",
    [
        [99, -99, 97],
        [{"lo": 97, "hi": 99}, -99],
        [{"lo": 97, "hi": HIGHEST}, -99],
        [{"lo": LOWEST, "hi": -1}, 99],
        [{"lo": LOWEST, "hi": -99}],
    ],
    ids=["single codes", "range and one", "x thru hi and one", "lo thru x and one", "lo thru x"],
)
def test_numbers_that_spss_declares_missing_have_their_reasons(declared: list[object], tmp_path: Path):
    frame = persons(k=[1.0, 99.0, -99.0, 97.0, np.nan, 2.0])
    study = sav_study(tmp_path, frame, GENDER, missing_ranges={"k": declared})
    assert got(study) == ["woman", "refused", "dont_know", "not_applicable", "no_answer", "man"]


@pytest.mark.parametrize(
    ("declared", "code"),
    [
        ([2], 2),
        ([{"lo": 2, "hi": HIGHEST}], 2),
        ([{"lo": LOWEST, "hi": 1}], 1),
        ([{"lo": 90, "hi": 99}, 1], 1),
    ],
)
def test_no_number_that_spss_declares_missing_becomes_valid(
    declared: list[object], code: int, tmp_path: Path
):
    study = sav_study(tmp_path, persons(k=[1.0, 2.0]), GENDER, missing_ranges={"k": declared})
    with pytest.raises(HarmonisationError, match=rf"declares '{code}' missing, but the rule makes it valid"):
        kij.harmonise(study)


@pytest.mark.parametrize("other", ["", "Ønsker ikke å si noe om det"], ids=["short", "long"])
def test_texts_that_spss_declares_missing_have_their_reasons(other: str, tmp_path: Path):
    frame = persons(k=["Kvinne", "XX", "ZZ", "", "Mann", other])
    rules = TEXT.replace("ZZ: dont_know", "ZZ: dont_know, Ønsker ikke å si noe om det: no_answer")
    study = sav_study(tmp_path, frame, rules, missing_ranges={"k": ["XX", "ZZ"]})
    assert got(study) == ["woman", "refused", "dont_know", "no_answer", "man", "no_answer"]


@pytest.mark.parametrize("long", [False, True], ids=["short", "long"])
def test_no_text_that_spss_declares_missing_becomes_valid(long: bool, tmp_path: Path):
    cells = ["Kvinne", "Mann", "Mann, eller noe annet" if long else "Mann"]
    rules = TEXT.replace("Mann: man", 'Mann: man, "Mann, eller noe annet": other')
    study = sav_study(tmp_path, persons(k=cells), rules, missing_ranges={"k": ["Mann"]})
    with pytest.raises(HarmonisationError, match="declares 'Mann' missing, but the rule makes it valid"):
        kij.harmonise(study)


def test_a_number_within_the_bounds_that_spss_declares_missing_is_no_age(tmp_path: Path):
    rules = AGE.replace("Alder", "alder")
    frame = persons(alder=[20.0, 99.0, 98.0])
    with pytest.raises(
        HarmonisationError, match=r"'98' has no rule \(1 row\)\. The file declares it missing"
    ):
        kij.harmonise(sav_study(tmp_path, frame, rules, missing_ranges={"alder": [{"lo": 98, "hi": 99}]}))


# ------------------------------------------------------------------ Stata


def test_every_tag_of_stata_can_have_a_reason_and_the_plain_one_is_an_empty_cell(tmp_path: Path):
    letters = "abcdefghijklmnopqrstuvwxyz"
    reasons = {letter: "refused" if place % 2 else "dont_know" for place, letter in enumerate(letters)}
    listed = ", ".join(f".{letter}: {reason}" for letter, reason in reasons.items())
    frame = persons(alder=[30.0, *letters, np.nan])
    rules = f"age: {{direct: {{from: alder, missing: {{{listed}}}}}, status: complete}}"
    study = dta_study(tmp_path, frame, rules, missing_user_values={"alder": list(letters)})
    assert got(study, "age") == [30.0, *reasons.values(), "no_answer"]


def test_a_tag_without_a_reason_stops_the_work_and_none_is_made_valid(tmp_path: Path):
    frame, tags = persons(k=[1.0, "a", "b"]), {"k": ["a", "b"]}
    with pytest.raises(
        HarmonisationError, match=r"'\.a' has no rule \(1 row\)\. The file declares it missing"
    ):
        kij.harmonise(dta_study(tmp_path, frame, GENDER, missing_user_values=tags))
    rules = GENDER.replace("2: man}", "2: man, .a: man}").replace("97:", ".b: refused, 97:")
    with pytest.raises(HarmonisationError, match=r"declares '\.a' missing, but the rule makes it valid"):
        kij.harmonise(dta_study(tmp_path / "valid", frame, rules, missing_user_values=tags))


# ------------------------------------------------------------------ what was written is read again


def test_an_export_of_ours_is_a_source_with_its_reasons(tmp_path: Path):
    first = small_study(tmp_path / "first", "Id;Alder\n1;20\n2;99\n3;-9\n4;\n", AGE)
    kij.harmonise(first).save(tmp_path / "saved", formats=["spss", "stata"])
    codes = {
        "spss": "-4: refused, -3: dont_know, -5: no_answer",
        "stata": ".r: refused, .d: dont_know, .m: no_answer",
    }
    for kind, name in (("spss", "people.sav"), ("stata", "people.dta")):
        rules = f"age: {{direct: {{from: age, missing: {{{codes[kind]}}}}}, status: complete}}"
        text = crosswalk(rules, file={"format": kind}, keys={"person_id": "person_id"}, other_columns="known")
        content = (tmp_path / "saved" / name).read_bytes()
        again = make_study(tmp_path / kind, {name: content}, {name: text})
        assert got(again, "age") == [20.0, "refused", "dont_know", "no_answer"]


def test_a_missing_code_that_the_file_does_not_declare_needs_the_rule_alone(tmp_path: Path):
    assert got(sav_study(tmp_path, persons(k=[1.0, 99.0]), GENDER)) == ["woman", "refused"]
