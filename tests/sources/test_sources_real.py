"""Real files: the case of three countries in three formats, and public-use microdata."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from kij_analysis.codebook.instruments import FileForm
from kij_analysis.errors import SourceError
from kij_analysis.sources import RawTable, normalise, read, to_numbers

SHARED = os.environ.get("KIJ_SHARED")
pytestmark = pytest.mark.skipif(not SHARED, reason="KIJ_SHARED does not say where the shared data lies")
CASE = Path(SHARED or ".") / "cases" / "harmonise" / "nordic_scales"
DATA = Path(SHARED or ".") / "data" / "microdata"
SCALES = {
    "DK": ["slet ikke", "i mindre grad", "i nogen grad", "i høj grad", "i meget høj grad"],
    "FI": ["ei lainkaan", "vähän", "melko paljon", "erittäin paljon"],
    "NO": [
        "ikke i det hele tatt",
        "i svært liten grad",
        "i liten grad",
        "i noen grad",
        "i stor grad",
        "i svært stor grad",
    ],
}


def country(name: str) -> tuple[RawTable, str, str]:
    if name == "DK":
        form = FileForm(format="delimited", encoding="cp1252", delimiter=";", decimal=",")
        return read(CASE / "dk.csv", form), "Løbenr", "Har mentor støttet dig?"
    if name == "FI":
        return read(CASE / "fi.sav", FileForm(format="spss")), "id", "k7"
    return read(CASE / "no.dta", FileForm(format="stata")), "lopenr", "sp12"


@pytest.mark.parametrize("name", ["DK", "FI", "NO"])
def test_labels_and_codes_lead_to_the_positions_that_the_case_expects(name: str):
    table, person, question = country(name)
    codes, answers = table.keys(question)
    scale = SCALES[name]
    found = {}
    for who, code in zip(table.frame[person], codes, strict=True):
        word = normalise(answers[code].label or answers[code].key)
        found[who] = (
            str(scale.index(word) + 1) if word in scale and not answers[code].declared_missing else ""
        )
    with (CASE / "expected.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["programme"] == name]
    assert found == {row["id"]: row["source_code"] for row in rows}


def test_the_danish_ages_are_numbers_by_their_decimal_comma():
    table, _, _ = country("DK")
    codes, answers = table.keys("Alder")
    numbers, strangers = to_numbers(answers, FileForm(format="delimited", decimal=","))
    assert strangers == []
    ages = numbers[codes]
    assert np.isnan(ages[2])
    assert ages[[0, 3]].tolist() == [17.5, 21.25]


def test_the_norwegian_tags_are_declared_missing_with_their_labels():
    table, _, question = country("NO")
    missing = {a.key: a.label for a in table.keys(question)[1] if a.declared_missing}
    assert missing == {".a": "Vet ikke", ".b": "Ikke stilt"}


@pytest.mark.parametrize(
    ("name", "shape"), [("ZA4529_sample.sav", (200, 29)), ("ZA5933_sample.sav", (200, 26))]
)
def test_eurobarometer_samples_are_read_with_their_labels(name: str, shape: tuple[int, int]):
    table = read(DATA / "eurobarometer" / name, FileForm(format="spss"))
    assert table.frame.shape == shape
    assert table.notices == ()
    labelled = [column for column, notes in table.columns.items() if notes.value_labels]
    assert labelled
    assert any(answer.label for column in labelled for answer in table.keys(column)[1])


def test_the_norwegian_social_survey_is_read_with_tags_and_letters():
    table = read(DATA / "ess" / "ESS9NO.dta", FileForm(format="stata", encoding="utf-8"))
    assert table.frame.shape == (1406, 572)
    assert table.notices == ()
    labels = [label for notes in table.columns.values() for label in notes.value_labels.values()]
    assert "Høyre" in labels
    assert not [label for label in labels if "Ã" in label or "\ufffd" in label]
    happy = {a.key: a.declared_missing for a in table.keys("happy")[1]}
    assert {key for key, missing in happy.items() if missing} == {".b", ".c"}


def test_a_social_survey_of_undeclared_or_wrong_encoding_is_told():
    table = read(DATA / "ess" / "ESS9NO.dta", FileForm(format="stata"))
    assert "it is read as utf-8" in str(table.notices[0])
    with pytest.raises(SourceError, match="Declare encoding: utf-8"):
        read(DATA / "ess" / "ESS9NO.dta", FileForm(format="stata", encoding="cp1252"))


def test_piaac_is_read_as_the_standard_library_reads_it():
    path = DATA / "piaac" / "prgfinp1.csv"
    table = read(path, FileForm(format="delimited", encoding="utf-8"))
    with path.open(encoding="utf-8", newline="") as stream:
        names, *rows = csv.reader(stream)
    assert (table.frame.shape, list(table.frame)) == ((5464, 534), names)
    for place in (0, 5463):
        assert table.frame.iloc[place].tolist() == rows[place]
    assert (table.frame["GENDER_R"] == [row[names.index("GENDER_R")] for row in rows]).all()
