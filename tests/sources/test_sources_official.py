"""Real sheets of Statistics Norway: merged headers, footers, decimal commas, second tables below."""

from __future__ import annotations

import math
import os
from pathlib import Path

import pytest

from kij_analysis.errors import SourceError
from kij_analysis.sources.official import OfficialTable, read_official
from kij_analysis.sources.official.cells import code_and_label, number_of, time_of
from kij_analysis.sources.official.grids import block_of

SHARED = os.environ.get("KIJ_SHARED")
with_sheets = pytest.mark.skipif(not SHARED, reason="KIJ_SHARED does not say where the downloaded sheets lie")


def sheet(name: str) -> OfficialTable:
    return read_official(Path(SHARED or "") / "data" / "microdata" / "ssb" / name)


@with_sheets
@pytest.mark.parametrize(
    ("name", "rows", "first"),
    [
        ("Figur1_arbeid_utdanning.xlsx", 11, ("30 Viken", "2021", 65.0)),
        ("11607_Sysselsatte_per_kommune_2021.xlsx", None, ("3825", "", 73.5)),
        ("sysselsetting_innvandrere_over_tid.xlsx", 28, ("Innvandrere", "2015", 55.65)),
        ("sysselsetting_innvandrere_2021.xlsx", 23, ("Midt-Telemark", "", 51.0)),
        (
            "andel_sysselsatte_innvandrere_etter_bakgrunn.csv",
            33,
            ("Befolkningen eksklusive innvandrere", "2015", 63.7),
        ),
        ("sysselsatte_etter_botid_og_landbakgrunn.csv", 6, ("0-4 år", "", 57.1)),
        ("etter_introduksjonsprogram.csv", 12, ("Troms og Finnmark", "", 71.0)),
        ("høyeste_utdanning_innv.csv", 10, ("Befolkningen unntatt innvandrere", "", 18.8)),
    ],
)
def test_the_numbers_of_a_real_sheet_are_found_with_their_labels(name, rows, first):
    table = sheet(name)
    cells = table.cells
    assert rows is None or len(cells) == rows
    front = cells.iloc[0]
    assert (front[table.dimensions[0]], front["time"], round(front["value"], 6)) == first


@with_sheets
def test_titles_headers_over_five_rows_and_footers_are_told_apart():
    table = sheet("Figur1_arbeid_utdanning.xlsx")
    assert table.table == "10824" and table.title.startswith("10824: Tidligere deltakere")
    assert table.cells["header 4"].unique().tolist() == ["Ett år tidligere"]
    assert table.cells["value"].notna().all()


@with_sheets
def test_a_second_table_below_is_told_and_not_mixed_in():
    table = sheet("sysselsetting_innvandrere_over_tid.xlsx")
    assert "A further table begins in row 11" in str(table.notices[0])
    assert set(table.cells["time"]) == {str(year) for year in range(2015, 2022)}


@pytest.mark.parametrize(
    ("cell", "number", "flag"),
    [
        ("53,9", 53.9, ""), ("53.9 b", 53.9, "b"), ("1 234", 1234, ""), ("1\u202f234,5", 1234.5, ""),
        ("\u22123,1", -3.1, ""), (0, 0, ""), ("0", 0, ""), ("53.9(u)", 53.9, "u"), ("53.9bu", 53.9, "bu"),
        (":", None, ""), ("..", None, ""), (": c", None, "c"), ("-", None, ""), ("", None, ""),
    ],
)  # fmt: skip
def test_numbers_flags_and_signs_for_what_is_missing(cell, number, flag):
    found = number_of(cell)
    assert found is not None and found[1] == flag
    assert math.isnan(found[0]) if number is None else found[0] == number


@pytest.mark.parametrize("cell", ["Viken", "0-4 år", "2004-2006", "EU 60", "25 år +", True])
def test_labels_are_no_numbers(cell):
    assert number_of(cell) is None and time_of(cell) == ""


@pytest.mark.parametrize(
    ("cell", "time"),
    [("2024", "2024"), (2024.0, "2024"), ("2024K1", "2024-Q1"), ("2024 Q2", "2024-Q2"),
     ("2024M11", "2024-M11"), ("2024-11", "2024-M11"), ("2024K7", ""), ("2024M13", ""), ("3825", ""),
     ("1850", "")],
)  # fmt: skip
def test_times_have_one_form(cell, time):
    assert time_of(cell) == time


def test_codes_and_labels_in_one_cell_are_told_apart():
    assert code_and_label("FOR: Foreign country") == ("FOR", "Foreign country")
    assert code_and_label("Females [F]") == ("F", "Females")
    assert code_and_label("Gruppe 1-land (EU, USA ++)") == ("Gruppe 1-land (EU, USA ++)", "")


def test_labels_in_two_columns_are_carried_down_and_merged_headers_to_the_right():
    grid = [
        ["Employment, by sex and origin"],
        [],
        ["", "", "2023", "", "2024", ""],
        ["origin", "sex", "rate", "share", "rate", "share"],
        ["abroad", "women", 50, 1, 51, 2],
        ["", "men", 60, 3, "..", 4],
        ["here", "women", "70,5", 5, 71, 6],
        [],
        ["Source: an office"],
    ]
    block = block_of(grid)
    assert block is not None and block.title == "Employment, by sex and origin"
    cells = [(c["origin"], c["sex"], c["header 2"], c["time"], c["value"]) for c in block.cells]
    assert cells[4:7] == [
        ("abroad", "men", "rate", "2023", 60), ("abroad", "men", "share", "2023", 3), cells[6],
    ]  # fmt: skip
    assert cells[6][:4] == ("abroad", "men", "rate", "2024") and math.isnan(cells[6][4])
    assert cells[8] == ("here", "women", "rate", "2023", 70.5)


def test_a_sheet_without_a_table_is_told(tmp_path: Path):
    path = tmp_path / "note.csv"
    path.write_text("Some words;and more\n")
    with pytest.raises(SourceError, match="No table was found"):
        read_official(path)
    path.write_text("one column\nand no more\n")
    with pytest.raises(SourceError, match="nothing separates its columns"):
        read_official(path)
    zipped = tmp_path / "estat.tsv.gz"
    zipped.write_bytes(b"\x1f\x8b\x08\x00")
    with pytest.raises(SourceError, match="Unpack it first"):
        read_official(zipped)
