"""A newly downloaded file extends a series without code, in every format that the offices hand out."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from official_downloads import DOWNLOADS, EUROSTAT_JSON, FLOW, HEADER, PXWEB_JSON, SDMX_CSV, TSV, workbook

from kij_analysis import context
from kij_analysis.context.dropped import revisions
from kij_analysis.errors import SourceError, StudyError
from kij_analysis.study import Study, open_study
from kij_analysis.template import template_folder

SHARED = os.environ.get("KIJ_SHARED")
STUDY = open_study(template_folder())
EUROSTAT = [name for name in DOWNLOADS if not name.startswith("pxweb")]
PXWEB = [name for name in DOWNLOADS if name.startswith("pxweb")]
Make = Callable[..., Study]


def read(name: str, content: bytes | str, folder: Path, study: Study = STUDY) -> context.Dropped:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return context.dropped(study, only=path)


@pytest.mark.parametrize("name", EUROSTAT)
def test_each_format_of_eurostat_gives_the_same_figure(name: str, tmp_path: Path):
    found = read(name, DOWNLOADS[name], tmp_path)
    rows = found.rows.set_index(["country", "year", "sex", "group"])
    danish = rows.loc[("DK", 2025, "women", "foreign")]
    assert (danish["value"], danish["flag"], danish["age"], danish["basis"]) == (
        69.4,
        "b",
        "15-64",
        "citizenship",
    )
    assert (danish["table"], danish["indicator"]) == ("LFSA_ERGAN", "employment_rate")
    if ("FI", 2025, "women", "foreign") in rows.index:
        finnish = rows.loc[("FI", 2025, "women", "foreign")]
        assert pd.isna(finnish["value"]) and finnish["flag"] == "u"


@pytest.mark.parametrize("name", PXWEB)
def test_each_format_of_pxweb_gives_the_same_figure(name: str, tmp_path: Path):
    rows = read(name, DOWNLOADS[name], tmp_path).rows.set_index(["region", "year"])
    assert rows.loc[("Oslo", 2021), "value"] == 57 and rows.loc[("Oslo", 2022), "value"] in (59, 59.5)
    silent = rows.loc[("Rogaland", 2022)]
    assert pd.isna(silent["value"]) and silent["note"] == "The office gives no number."
    assert set(rows["table"]) == {"10824"} and set(rows["country"]) == {"NO"} and set(rows["sex"]) == {"all"}


@pytest.mark.parametrize("name", ["sdmx.csv", "pxweb.xlsx"])
def test_a_dropped_file_extends_its_series_and_nothing_else(name: str, study_with: Make):
    study = study_with(**{name: DOWNLOADS[name]})
    before, after = context.load(study.folders["raw"] / "published" / "official"), context.load(study)
    added = after[after["file"] == name]
    assert set(added["series"]) <= set(before["series"])
    table, years = ("LFSA_ERGAN", [2024, 2025]) if name == "sdmx.csv" else ("10824", [2021, 2022])
    chosen = {"country": "DK", "group": "foreign"} if name == "sdmx.csv" else {"country": "NO"}
    found = context.official(after, table=table, years=years, **chosen)
    one = found[(found["sex"] != "men") & found["region"].isin(["", "Oslo"])]
    line = context.line(one)
    assert line["year"].tolist() == years and line["series"].nunique() == 1


def test_what_was_revised_since_it_was_shipped_stands_as_downloaded_and_is_told(study_with: Make):
    study = study_with(**{"sdmx.csv": SDMX_CSV})
    shipped = context.load(study.folders["raw"] / "published" / "official")
    changed = revisions(shipped, context.dropped(study)).set_index(["country", "year", "group"])
    assert changed.loc[("DK", 2024, "foreign"), ["before", "after", "kind"]].tolist() == [
        68.7,
        68.9,
        "revised",
    ]
    assert changed.loc[("DK", 2025, "national"), "kind"] == "new"
    danish = context.official(
        study, table="LFSA_ERGAN", country="DK", sex="women", group="foreign", years=[2024]
    )
    assert danish["estimate"].tolist() == [0.689] and danish["file"].tolist() == ["sdmx.csv"]


def test_what_is_left_out_is_counted_and_named(tmp_path: Path):
    found = read("sdmx.csv", SDMX_CSV, tmp_path)
    assert found.files[["taken", "left_out"]].values.tolist() == [[4, 1]]
    assert "1 numbers are left out: citizen is 'STLS'" in str(found.notices[0])
    austrian = read("eurostat.xlsx", DOWNLOADS["eurostat.xlsx"], tmp_path)
    assert "Austria" in str(austrian.notices[0]) and len(austrian.rows) == 6


def test_a_file_that_does_not_say_its_table_gets_a_line_in_a_sheet(study_with: Make):
    grid = [["Land", "2024", "2025"], ["Danmark", 68.7, 69.4]]
    content = workbook({"Ark1": grid})
    with pytest.raises(
        SourceError, match=r"mine.xlsx: The file does not say which table.*'mine.xlsx,<table>'"
    ):
        context.dropped(study_with(**{"mine.xlsx": content}))
    study = study_with(**{"mine.xlsx": content, "files.csv": "file,table\nmine.xlsx,lfsa_ergan\n"})
    with pytest.raises(SourceError, match="no dimension 'citizen', so that the group is not known") as caught:
        context.dropped(study)
    assert len(caught.value.problems) == 3  # sex, age and group, all at once


def test_a_table_of_the_users_own_is_added_in_the_codebook_without_code(study_with: Make):
    content = workbook(
        {"Ark1": [["Oprindelse", "Køn", "2023", "2024"], ["Ikke-vestlig", "Kvinder", "57,9", 58.4]]}
    )
    study = study_with(**{"dst.xlsx": content, "files.csv": "\ufefffile;table\ndst.xlsx;MIN_TABEL\n"})
    book = study.folders["codebook"] / "official.yaml"
    book.write_text(book.read_text("utf-8") + """
  MIN_TABEL:
    office: dst
    indicator: employment_rate
    unit: per_cent
    fixed: {country: DK, age: 16-64, basis: origin}
    dimensions:
      oprindelse: {to: group, values: {non_western_immigrant: [Ikke-vestlig]}}
      køn: {to: sex, list: sex}
""", "utf-8")  # fmt: skip
    found = context.official(study, table="min_tabel")
    assert found[["country", "year", "group", "estimate"]].values.tolist() == [
        ["DK", 2023, "non_western_immigrant", 0.579], ["DK", 2024, "non_western_immigrant", 0.584],
    ]  # fmt: skip


def test_several_files_are_read_and_all_their_problems_are_told_at_once(study_with: Make):
    study = study_with(**{"a.json": b'{"a": 1}', "b.csv": "x", "c.px": 'CHARSET="ANSI";', "~$d.xlsx": b"x"})
    with pytest.raises(SourceError) as caught:
        context.load(study)
    said = [str(problem) for problem in caught.value.problems]
    assert [text.split(":")[0] for text in said] == ["a.json", "b.csv", "c.px"]
    assert "JSON-stat 2" in said[0] and "PX file" in said[2]


def test_two_files_that_disagree_without_a_date_are_refused_and_a_newer_one_stands(study_with: Make):
    other = TSV.replace("69.4", "69.9").encode()
    with pytest.raises(SourceError, match="give different numbers for DK 2025, women"):
        context.load(study_with(**{"lfsa_ergan_1.tsv": TSV, "lfsa_ergan_2.tsv": other}))
    older = {**EUROSTAT_JSON, "updated": "2026-01-01", "value": {"0": 68.7, "1": 66.6}}
    study = study_with(**{"new.json": DOWNLOADS["eurostat.json"], "old.json": json.dumps(older)})
    for name in ("lfsa_ergan_1.tsv", "lfsa_ergan_2.tsv"):
        (study.folders["raw"] / "official" / name).unlink()
    found = context.official(study, table="LFSA_ERGAN", country="DK", sex="women", years=[2025])
    assert found["estimate"].tolist() == [0.694]


WRONG = {
    "a thousand per cent": (SDMX_CSV.replace("69.4", "694"), r"694 per cent lies outside 0–100 \(row 3\)"),
    "no number": (SDMX_CSV.replace("69.4", "many"), r"row 3, column 'OBS_VALUE': 'many' is no number"),
    "no year": (SDMX_CSV.replace(",2025,", ",soon,"), "'soon' is no year"),
    "torn": (SDMX_CSV + "ESTAT:LFSA_ERGAN(1.0),A\n", "row 7: The row has 2 fields, the header 12"),
    "two tables": (
        SDMX_CSV + FLOW.replace("ERGAN", "URGAN") + ",F,Y15-64,FOR,DK,2025,9,,\n",
        "several tables",
    ),
    "unknown table": (SDMX_CSV.replace("LFSA_ERGAN", "LFSA_ERGANX"), "Did you mean 'LFSA_ERGAN'"),
    "nothing fits": (SDMX_CSV.replace(",F,", ",X,"), "No number of the file fits"),
    "empty": (HEADER + "\n", "holds no observations"),
    "a further dimension": (
        SDMX_CSV.replace("freq,", "freq,isced11,").replace(",A,PC", ",A,ED0-2,PC"),
        r"the dimension 'isced11' \('ED0-2'\), which the definition lacks",
    ),
    "twice": (SDMX_CSV + SDMX_CSV.splitlines()[2] + "\n", "2 numbers stand for the same figure"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_told_with_its_place(name: str, tmp_path: Path):
    content, sentence = WRONG[name]
    with pytest.raises(SourceError, match=sentence):
        read("sdmx.csv", content, tmp_path)


def test_damaged_json_stat_is_told(tmp_path: Path):
    short = {**PXWEB_JSON, "value": [57.0]}
    with pytest.raises(SourceError, match="it should hold 4 numbers"):
        read("short.json", json.dumps(short), tmp_path)
    with pytest.raises(SourceError, match="cut off, perhaps"):
        read("cut.json", json.dumps(PXWEB_JSON)[:200], tmp_path)


def test_a_number_that_can_be_read_in_two_ways_is_refused(tmp_path: Path):
    with pytest.raises(SourceError, match="'57,000' can be read in two ways"):
        read("pxweb.csv", DOWNLOADS["pxweb.csv"].replace(b"57,0", b"57,000").replace(b"59,5", b"59,500")
             .replace(b"62,0", b"62,000"), tmp_path)  # fmt: skip


DEFINITIONS = {
    "to: group, list: citizenship": ("to: group, list: citizens", "Did you mean 'citizenship'"),
    "indicator: unemployment_rate": ("indicator: unemployment", "The record has no indicator 'unemployment'"),
    "fixed: {basis: citizenship}": ("fixed: {}", "nothing fills the column 'basis'"),
    "foreign: [FOR, Foreign country]": ("foreign: [FOR, NAT]", "'nat' would become both"),
    "{only: [A, Annual], names: [Time frequency]}": (
        "{names: [Time]}",
        "not clear what becomes of its values",
    ),
    "to: sex, list: sex": ("to: sexes, list: sex", "'sexes' is not known"),
}


@pytest.mark.parametrize("right", DEFINITIONS)
def test_a_wrong_definition_is_told_with_its_line(right: str, study_with: Make):
    study = study_with(**{"sdmx.csv": SDMX_CSV})
    book = study.folders["codebook"] / "official.yaml"
    wrong, sentence = DEFINITIONS[right]
    text = book.read_text("utf-8")
    assert right in text
    book.write_text(text.replace(right, wrong, 1), "utf-8")
    with pytest.raises(StudyError, match=rf"official.yaml, line \d+.*{sentence}"):
        context.dropped(study)


# ---------------------------------------------------------------- real sheets of Statistics Norway


@pytest.mark.skipif(not SHARED, reason="KIJ_SHARED does not say where the downloaded sheets lie")
def test_a_real_sheet_of_statistics_norway_gives_the_shipped_figures():
    path = Path(SHARED or "") / "data" / "microdata" / "ssb" / "Figur1_arbeid_utdanning.xlsx"
    found = context.dropped(STUDY, only=path)
    shipped = context.load(STUDY.folders["raw"] / "published" / "official")
    assert len(found.rows) == 11
    assert revisions(shipped, found).empty
    both = found.rows.merge(shipped, on="series", suffixes=("", "_shipped"))
    assert len(both) == 11 and (both["value"] == both["value_shipped"]).all()
