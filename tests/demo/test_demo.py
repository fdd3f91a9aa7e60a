"""The demonstration exports: repeatable, in the declared formats, and true to the printed values."""

from __future__ import annotations

import copy
import csv
import datetime as dt
import io
import re
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from python_calamine import CalamineWorkbook
from ruamel.yaml import YAML

from kij_analysis import demo
from kij_analysis.codebook import load_codebook, load_crosswalk
from kij_analysis.errors import StudyError
from kij_analysis.study import open_study
from kij_analysis.template import template_folder

ROOT = template_folder()
FOLDER = ROOT / "data" / "raw" / "demo"
NO_WEIGHTS = {"weights": {}, "basis": "assumption", "because": "no pattern is known"}
NAMES = ("kvinfo_end_2024.csv", "fika_slut_2024.xlsx", "sajo_slutt_2024.sav")
"""The end surveys of mentees; test_waves.py looks at the other files."""
ALL = {
    *NAMES,
    "kvinfo_start_2024.csv", "kvinfo_opfoelgning_2025.csv", "kvinfo_mentorer_2024.csv",
    "kvinfo_venteliste_start_2024.csv", "kvinfo_venteliste_slut_2024.csv",
    "fika_start_2024.xlsx", "fika_uppfoljning_2025.xlsx", "fika_mentorer_2024.xlsx",
    "sajo_start_2024.sav", "sajo_oppfolging_2025.sav", "sajo_mentorer_2024.sav", "sajo_motelogg_2024.csv",
}  # fmt: skip


@pytest.fixture(scope="module")
def files(given) -> dict[str, bytes]:
    return demo.generate(given)


@pytest.fixture(scope="module")
def kvinfo(files) -> pd.DataFrame:
    rows = list(csv.reader(io.StringIO(files[NAMES[0]].decode("cp1252"), newline=""), delimiter=";"))
    return pd.DataFrame(rows[1:], columns=rows[0])


@pytest.fixture(scope="module")
def fika(files) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(files[NAMES[1]])).get_sheet_by_name("Svar").to_python()


@pytest.fixture(scope="module")
def sajo():
    return pyreadstat.read_sav(FOLDER / NAMES[2], user_missing=True)


@cache
def _read() -> dict:
    text = (FOLDER / demo.ASSUMPTIONS).read_text("utf-8")
    return YAML(typ="safe", pure=True).load(text)


def plain_assumptions() -> dict:
    """The assumptions as they stand in the file; read once, since it is long, and copied."""
    return copy.deepcopy(_read())


# ---------------------------------------------------------------- repeatable


def test_every_programme_has_an_export_for_each_survey(files):
    assert set(files) == ALL
    assert sum(len(content) for content in files.values()) < 700_000


@pytest.mark.parametrize("name", sorted(ALL))
def test_the_committed_files_are_what_the_seed_gives_byte_for_byte(files, name):
    assert files[name] == (FOLDER / name).read_bytes()


def test_another_seed_gives_other_answers_of_as_many_people(files, given):
    others = demo.generate(given, seed=7)
    assert all(others[name] != files[name] for name in ALL)
    assert others[NAMES[0]].count(b"\r\n") == files[NAMES[0]].count(b"\r\n")


def test_one_programme_alone_gives_the_same_file_as_all_three(files):
    alone = plain_assumptions()
    alone["programmes"] = {"fika": alone["programmes"]["fika"]}
    given = alone["programmes"]["fika"]
    named = {*given["barriers"]["shares"], *given["barriers_at_entry"]["shares"]}
    alone["dependence"] = {
        key: value
        for key, value in alone["dependence"].items()
        if not key.startswith("barrier_") or key.removeprefix("barrier_") in named
    }
    assert demo.generate(alone) == {name: files[name] for name in ALL if name.startswith("fika")}


def test_no_file_tells_when_it_was_made(files, sajo):
    parts = zipfile.ZipFile(io.BytesIO(files[NAMES[1]])).infolist()
    assert {part.date_time for part in parts} == {(2000, 1, 1, 0, 0, 0)}
    assert {part.compress_type for part in parts} == {zipfile.ZIP_STORED}
    assert sajo[1].creation_time == dt.datetime(2000, 1, 1)


def test_writing_puts_the_files_beside_their_assumptions(files, tmp_path):
    (tmp_path / demo.ASSUMPTIONS).write_bytes((FOLDER / demo.ASSUMPTIONS).read_bytes())
    written = demo.write(tmp_path)
    assert {path.name: path.read_bytes() for path in written} == files


# ---------------------------------------------------------------- formats


def test_kvinfo_is_a_windows_1252_file_with_semicolons_and_crlf(files, kvinfo):
    content = files[NAMES[0]]
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    assert content.count(b"\n") == content.count(b"\r\n") == len(kvinfo) + 1
    assert kvinfo["Besvaret"].str.fullmatch(r"\d\d-\d\d-2024").all()


def test_kvinfo_writes_hours_with_a_decimal_comma_for_those_in_a_job_only(kvinfo):
    hours = kvinfo["Hvor mange timer arbejder du om ugen?"]
    in_job = kvinfo["Hvad er din situation nu?"].str.startswith("I job")
    assert {"37,0", "32,5"} <= set(hours)
    assert (hours[~in_job] == "").all() and (hours[in_job] != "").all()


def test_kvinfo_keeps_several_barriers_in_one_cell(kvinfo):
    cells = kvinfo["Hvad har gjort det svært at få job?"]
    assert cells.str.contains("; ").any() and (cells == "").any()
    assert {"Ønsker ikke at svare", "Intet har gjort det svært"} <= set(cells)


def test_fika_has_two_header_rows_with_a_merged_block(files, fika):
    titles, options = fika[0], fika[1]
    first, width = titles.index("Hinder för jobb / Työllistymisen esteet"), 12
    assert all(options[first : first + width]) and not any(titles[first + 1 : first + width])
    assert not any(options[:first]) and not any(options[first + width :])
    sheet = zipfile.ZipFile(io.BytesIO(files[NAMES[1]])).read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(r'<mergeCell ref="(\w+:\w+)"', sheet) == ["P1:AA1"]


def test_fika_mixes_three_languages_in_one_column(fika):
    place = fika[0].index("Situation nu / Tilanne nyt")
    answers = {str(row[place]).strip().casefold() for row in fika[2:]}
    assert {"jobbar", "töissä", "working"} <= answers


def test_fika_holds_slips_that_matching_has_to_overlook(fika):
    texts = [cell for row in fika[2:] for cell in row if isinstance(cell, str) and len(cell) > 4]
    assert any(text != text.strip() for text in texts)
    assert any(text.isupper() for text in texts)


def test_fika_writes_dates_and_years_as_text(fika):
    dates = [row[fika[0].index("Datum / Päivämäärä")] for row in fika[2:]]
    assert all(re.fullmatch(r"\d{1,2}\.\d{1,2}\.2024", str(date)) for date in dates)
    years = [row[fika[0].index("År i Finland / Vuosia Suomessa")] for row in fika[2:]]
    assert any("," in str(year) for year in years)


def test_sajo_declares_its_missing_codes_and_labels_them(sajo):
    frame, meta = sajo
    for name in ("sp1", "sp7", "sp9_1", "sp10_1"):
        assert [entry["lo"] for entry in meta.missing_ranges[name]] == [97, 98, 99]
        assert meta.variable_value_labels[name][98] == "Vet ikke"
    assert frame["sp7"].isin([98, 99]).any()
    hidden, _ = pyreadstat.read_sav(FOLDER / NAMES[2])
    assert not hidden["sp7"].isin([97, 98, 99]).any()


def test_sajo_holds_dates_ids_as_text_and_barriers_as_no_and_yes(sajo):
    frame, meta = sajo
    assert frame["id"].str.fullmatch(r"S-2024-\d{3}").all() and frame["id"].is_unique
    assert all(isinstance(day, dt.date) for day in frame["dato"])
    assert meta.variable_value_labels["sp10_1"][0] == "Nei"
    assert set(frame["sp10_1"].dropna()) <= {0, 1, 99}


# ---------------------------------------------------------------- contents


def shares_printed(kvinfo) -> list[tuple[str, int, int, float]]:
    """(what, count, base, printed share), counted in the file itself."""
    status = kvinfo["Hvad er din situation nu?"]
    match = kvinfo["Svarer dit job til dine kvalifikationer?"]
    content = kvinfo["I hvilken grad er du tilfreds med den introduktion, du fik?"]
    silent = ["", "Ved ikke", "Ønsker ikke at svare"]
    told = [answers[~answers.isin(silent)] for answers in (status, match, content)]
    return [
        ("in a job", int(told[0].str.startswith("I job").sum()), len(told[0]), 0.44),
        ("in education", int((told[0] == "Under uddannelse").sum()), len(told[0]), 0.15),
        ("job matches", int((told[1] == "Ja").sum()), len(told[1]), 0.54),
        ("satisfied", int(told[2].isin(["I høj grad", "I meget høj grad"]).sum()), len(told[2]), 0.82),
    ]


def test_kvinfo_meets_its_printed_values_to_the_whole_per_cent(kvinfo):
    found = {what: round(100 * count / base) for what, count, base, _ in shares_printed(kvinfo)}
    assert found == {"in a job": 44, "in education": 15, "job matches": 54, "satisfied": 82}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_printed_values_are_met_within_the_rounding_of_counts_for_any_seed(seed, given):
    only = replace(given, programmes={"kvinfo": given.programmes["kvinfo"]})
    content = demo.generate(only, seed=seed)[NAMES[0]].decode("cp1252")
    rows = list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))
    for what, count, base, printed in shares_printed(pd.DataFrame(rows[1:], columns=rows[0])):
        assert abs(count - printed * base) <= 1, what


def test_fika_and_sajo_admit_men_and_kvinfo_does_not_ask(kvinfo, fika, sajo):
    genders = {str(row[fika[0].index("Kön / Sukupuoli")]).strip().casefold() for row in fika[2:]}
    assert {"mies", "man"} & genders and {"kvinna", "nainen", "woman"} & genders
    assert {1, 2} <= set(sajo[0]["sp1"].dropna())
    assert not any("køn" in name.casefold() for name in kvinfo.columns)


def test_sajo_admits_nobody_without_higher_education_or_a_trade_certificate(sajo):
    assert set(sajo[1].variable_value_labels["sp6"]) == {1, 2, 3, 4, 5, 97, 98, 99}
    assert set(sajo[0]["sp6"].dropna()) <= {1, 2, 3, 4, 5, 99}


def test_who_speaks_the_language_better_is_more_often_in_a_job(kvinfo):
    steps = kvinfo["I hvilken grad kan du klare dig på dansk?"]
    in_job = kvinfo["Hvad er din situation nu?"].str.startswith("I job")
    assert (
        in_job[steps.isin(["I høj grad", "I meget høj grad"])].mean()
        > 2 * in_job[steps == "I mindre grad"].mean()
    )


def test_some_barriers_are_named_by_fewer_than_five_people(sajo):
    named = (sajo[0].filter(like="sp10_").drop(columns="sp10_annet") == 1).sum()
    assert ((named > 0) & (named < 5)).any()


# ---------------------------------------------------------------- assumptions


def spoil(path: str, value: object) -> dict:
    content = plain_assumptions()
    *steps, last = path.split(".")
    place = content
    for step in steps:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return content


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("programmes.fika.responce_rate", {}, "is not known. Did you mean 'response_rate'?"),
        ("programmes.fika.gender", None, "'gender' is missing"),
        ("programmes.fika.gender.shares.man", 0.9, "the shares add up to 1.65, not to 1"),
        ("programmes.fika.age.because", " ", "because is empty"),
        ("programmes.fika.age.basis", "guess", "basis is 'guess'"),
        ("programmes.fika.age.centre", "old", "'centre' is not a number"),
        ("programmes.fika.fieldwork.first", "4.11.2024", "first and last are days in quotes"),
        ("programmes.kvinfo.satisfaction.source", "", "belong together"),
        ("programmes.kvinfo.job_matches.shares", {"no": 0.4, "yes": 0.6}, "add up to 0.6, printed is 0.54"),
        ("programmes.fika.labour_status.shares", {"employed": 1}, "more than the participants give"),
        ("programmes.fika.unanswered.shares", {"blank": 0.1}, "the shares are those of"),
        ("dependence.language.weights", {"scooling": 1}, "'scooling' is no predictor"),
        ("dependence.language.weights", {"confidence": 1}, "'confidence' is drawn later"),
        ("dependence.barrier_helth", NO_WEIGHTS, "nothing of this name is drawn. Did you mean"),
        ("programmes", [1], "a block of keys belongs here"),
        ("seed", "many", "is not a whole number"),
    ],
)  # fmt: skip
def test_a_wrong_assumption_gives_a_sentence(path, value, sentence):
    with pytest.raises(StudyError) as raised:
        demo.generate(spoil(path, value))
    assert sentence.casefold() in str(raised.value).casefold()


def test_a_programme_without_an_export_gives_a_sentence():
    content = plain_assumptions()
    content["programmes"]["womento"] = content["programmes"]["fika"]
    with pytest.raises(StudyError, match="no demonstration export for 'womento'"):
        demo.generate(content)


def test_an_absent_file_of_assumptions_gives_a_sentence(tmp_path):
    with pytest.raises(StudyError, match="The file of assumptions does not exist"):
        demo.write(tmp_path)


def test_every_assumption_on_fika_and_sajo_is_called_one():
    given = demo.read_assumptions(FOLDER / demo.ASSUMPTIONS)
    for code in ("fika", "sajo"):
        parts = [part for part in vars(given.programmes[code]).values() if part is not None]
        assert {part.basis for part in parts} == {"assumption"}


# ---------------------------------------------------------------- crosswalks


def columns_of(name: str, fika, sajo, kvinfo) -> list[str]:
    if name == "kvinfo_end_2024":
        return list(kvinfo.columns)
    if name == "sajo_end_2024":
        return list(sajo[0].columns)
    titles: list[str] = []
    for title, option in zip(fika[0], fika[1], strict=True):
        block = str(title) or titles[-1].split(": ")[0]
        titles.append(f"{block}: {option}" if option else str(title))
    return titles


@pytest.mark.parametrize("name", ["kvinfo_end_2024", "fika_end_2024", "sajo_end_2024"])
def test_every_column_of_an_export_has_a_rule_or_a_reason(name, fika, sajo, kvinfo):
    crosswalk = load_crosswalk(ROOT / f"codebook/crosswalks/{name}.yaml", load_codebook(ROOT / "codebook"))
    instrument = crosswalk.instrument
    used = {column for rule in crosswalk.rules for column in rule.sources}
    spoken_for = used | set(instrument.keys.values()) | set(instrument.free_text) | set(instrument.ignored)
    assert spoken_for == set(columns_of(name, fika, sajo, kvinfo))


@pytest.mark.parametrize("name", ["kvinfo_end_2024", "fika_end_2024", "sajo_end_2024"])
def test_no_column_of_the_codebook_is_without_a_decision(name):
    crosswalk = load_crosswalk(ROOT / f"codebook/crosswalks/{name}.yaml", load_codebook(ROOT / "codebook"))
    assert [rule.column for rule in crosswalk.rules if rule.because == "no rule yet"] == []


def test_the_study_knows_the_files_and_how_many_rows_they_have(kvinfo, fika, sajo):
    study = open_study(ROOT)
    rows = {Path(source.shown).name: source.rows for source in study.sources}
    assert set(rows) == ALL
    assert [rows[name] for name in NAMES] == [len(kvinfo), len(fika) - 2, len(sajo[0])]
    assert {source.data_status for source in study.sources} == {"synthetic"}
