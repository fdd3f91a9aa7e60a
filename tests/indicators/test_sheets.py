"""The sheets of the printed record: closed lists with meanings, and wrong sheets give sentences."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import jsonschema
import pandas as pd
import pytest

from kij_analysis.errors import StudyError, UsageError
from kij_analysis.indicators import codes, load
from kij_analysis.indicators.sheets import schema
from kij_analysis.template import template_folder

FOLDER = template_folder() / "data" / "raw" / "published"

# ---------------------------------------------------------------- the closed lists


def test_the_schema_is_a_valid_one_and_every_code_has_a_meaning() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    for sheet, rules in schema()["$defs"].items():
        for column, rule in rules["properties"].items():
            assert rule["description"].endswith("."), (sheet, column)
            if "enum" in rule:
                meanings = codes(column, sheet=sheet)
                assert all(meanings.values()) and len(meanings) == len(rule["enum"]), (sheet, column)


def test_a_column_without_a_closed_list_is_refused() -> None:
    with pytest.raises(UsageError, match="Did you mean 'role'"):
        codes("rolle")


# ---------------------------------------------------------------- wrong sheets give sentences

GOOD = """
id                   | fika_employed_2030
programme            | fika
indicator            | employed
value                | 40
unit                 | per_cent
precision            | exact
outcome_type         | status
denominator          | respondents
timing               | at_end
year_from            | 2030
year_to              | 2030
year_basis           | stated
cut_off              | not_applicable
role                 | mentee
population           | women
source               | report
confidence           | high
data_status          | published
"""
ROW = dict([cell.strip() for cell in line.split("|")] for line in GOOD.strip().splitlines())
SOURCE = "id,title,publisher,year,language,address,kind\nreport,The report,KVINFO,2024,da,https://kvinfo.dk/,report\n"


def write(folder: Path, *changes: dict[str, str], origins: str = SOURCE) -> Path:
    """A record of rows that differ from a good one, each under an id of its own unless it says so."""
    header = list(schema()["$defs"]["indicators"]["properties"])
    for name, rows in (("indicators.csv", changes), ("report_numbers.csv", ())):
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            sheet = csv.DictWriter(stream, header)
            sheet.writeheader()
            for number, change in enumerate(rows):
                sheet.writerow({**ROW, "id": f"row_{'abcdefg'[number]}", **change})
    (folder / "sources.csv").write_text(origins, "utf-8")
    return folder


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(StudyError) as caught:
        load(folder)
    return [str(problem) for problem in caught.value.problems]


def test_a_good_row_passes_and_what_is_empty_stays_empty(tmp_path) -> None:
    [row] = load(write(tmp_path, {})).to_dict("records")
    assert (row["value"], row["year_from"], row["note"]) == (40.0, 2030, "")
    assert pd.isna(row["n"]) and pd.isna(row["value_high"])


WRONG = """
column         | cell                | what the sentence says
programme      | fikka               | 'fikka' is not known. Did you mean 'fika'? Known:
outcome_type   | percieved_help      | Did you mean 'perceived_help'?
data_status    | observed            | 'observed' is not known.
id             | Fika 2030           | 'Fika 2030' does not have the form of this column. Write it like
value          | 42,5                | '42,5' has a decimal comma. Write 42.5.
value          | 15.000              | '15.000' can be read in two ways.
value          | forty               | 'forty' stands where a number belongs.
value          | 140                 | 140 per cent is more than 100. Check the value and the unit.
value          |                     | Nothing stands here. Fill it in. The printed number
value_high     | 30                  | The upper end 30 lies below the lower end 40.
denominator    |                     | Nothing stands here. Write 'unknown' if the source does not say.
denominator    | not_applicable      | A result or a share has a denominator.
timing         | not_applicable      | A result or a share has a timing.
timing_months  | 12                  | Months stand here, but the timing is 'at_end'.
year_to        | 2020                | The last year 2020 lies before the first, 2030.
year_to        |                     | Only one of year_from and year_to stands here.
year_from      | 203                 | '203' lies outside what is possible. It should be from 1980 to 2100.
year_basis     | unknown             | 'unknown' does not fit the years.
n              | 0                   | '0' lies outside what is possible. It should be 1 or more.
n              | 12.5                | '12.5' stands where a whole number belongs.
response_rate  | 101                 | It should be from 0 to 100.
source         | reprot              | 'reprot' is not listed in sources.csv. Did you mean 'report'?
conflicts_with | row_a               | The record names itself.
conflicts_with | row_b               | There is no record 'row_b'.
conflicts_with | row_b, row_c        | does not have the form of this column.
facts          | the fact sheet      | Write it like 'programme_facts:12'.
"""


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [[cell.strip() for cell in line.split("|")] for line in WRONG.strip().splitlines()[1:]],
)
def test_a_wrong_cell_gives_a_sentence_with_its_row_and_column(tmp_path, column, cell, says) -> None:
    said = problems_of(write(tmp_path, {column: cell}))
    place = f"{tmp_path.name}/indicators.csv, row 2, column '{column}': "
    assert any(line.startswith(place) and says in line for line in said), said


def test_months_are_asked_for_and_a_year_must_be_one(tmp_path) -> None:
    said = problems_of(write(tmp_path, {"timing": "after_k_months"}, {"unit": "year"}))
    assert "row 2, column 'timing_months': 'after_k_months' needs its number of months." in said[0]
    assert "row 3, column 'value': 40 is not a plausible year." in said[1]


def test_a_count_above_its_base_and_half_a_person_are_noticed(tmp_path) -> None:
    said = problems_of(write(tmp_path, {"unit": "persons", "n": "8"}, {"unit": "persons", "value": "3.5"}))
    assert "The base 8 is smaller than the count 40." in said[0]
    assert "3.5 is not a whole number of persons." in said[1]


def test_all_problems_of_all_rows_and_sheets_are_told_at_once(tmp_path) -> None:
    twice = SOURCE + SOURCE.splitlines()[1] + "\n"
    folder = write(
        tmp_path, {"role": "mentoor", "value": "x"}, {"id": "row_a"}, {"source": "other"}, origins=twice
    )
    (folder / "report_numbers.csv").unlink()
    said = problems_of(folder)
    places = [re.match(r"[^:]+", line).group().split("/")[1] for line in said]
    assert places == [
        "indicators.csv, row 2, column 'value'",
        "indicators.csv, row 2, column 'role'",
        "indicators.csv, row 3, column 'id'",
        "indicators.csv, row 4, column 'source'",
        "report_numbers.csv",
        "sources.csv, row 3, column 'id'",
        "sources.csv, row 3, column 'address'",
    ]


def test_a_conflict_named_on_one_side_only_is_a_problem_of_that_side(tmp_path) -> None:
    [said] = problems_of(write(tmp_path, {"conflicts_with": "row_b"}, {"value": "30"}))
    assert "row 2, column 'conflicts_with': 'row_b' does not name this record in turn." in said


def test_a_row_that_repeats_an_id_of_the_other_sheet_is_noticed(tmp_path) -> None:
    folder = write(tmp_path, {})
    (folder / "report_numbers.csv").write_bytes((folder / "indicators.csv").read_bytes())
    [said] = problems_of(folder)
    assert said.startswith(
        f"{tmp_path.name}/report_numbers.csv, row 2, column 'id': 'row_a' is the id of another row."
    )


def broken(text: str) -> dict[str, bytes]:
    header, *rows = text.splitlines(keepends=True)
    return {
        "semicolons": text.replace(",", ";").encode(),
        "windows letters": text.replace("fika,", "fikå,").encode("cp1252"),
        "misspelt column": text.replace("cut_off", "cutoff").encode(),
        "column twice": (header.replace("note,", "role,") + "".join(rows)).encode(),
        "cell too many": (header + "".join(rows).replace("fika,", "fika,fika,", 1)).encode(),
        "open quote": (text.rstrip("\n") + '"').encode(),
        "empty": b"",
    }


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("semicolons", "The columns are not separated by commas. Save the sheet as CSV with commas."),
        ("windows letters", "The file is not UTF-8 text."),
        ("misspelt column", "The column 'cutoff' is not known. Did you mean 'cut_off'?"),
        ("column twice", "The column 'role' stands here 2 times."),
        ("cell too many", "row 2: The row has 27 cells, the header has 26."),
        ("open quote", "This is not a CSV file"),
        ("empty", "The header is missing."),
    ],
)
def test_a_broken_file_gives_a_sentence(tmp_path, how, says) -> None:
    folder = write(tmp_path, {})
    text = (folder / "indicators.csv").read_text("utf-8")
    (folder / "indicators.csv").write_bytes(broken(text)[how])
    said = problems_of(folder)
    assert any(says in line for line in said), said


def test_a_folder_without_a_record_gives_a_sentence(tmp_path) -> None:
    said = problems_of(tmp_path)
    assert [line.split(": ")[0].split("/")[1] for line in said] == [
        "indicators.csv", "report_numbers.csv", "sources.csv",
    ]  # fmt: skip
    assert all("The file does not exist." in line for line in said)


def test_a_sheet_saved_by_excel_with_a_byte_order_mark_is_read(tmp_path) -> None:
    folder = write(tmp_path, {"note": "Åbo"})
    path = folder / "indicators.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load(folder)["note"].tolist() == ["Åbo"]


def test_loading_changes_no_file(tmp_path) -> None:
    folder = write(tmp_path, {})
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    load(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_the_columns_of_the_sheets_stand_in_the_order_of_the_schema() -> None:
    for name, sheet in (
        ("indicators", "indicators"),
        ("report_numbers", "indicators"),
        ("sources", "sources"),
    ):
        header = (FOLDER / f"{name}.csv").read_text("utf-8").splitlines()[0].split(",")
        assert header == list(schema()["$defs"][sheet]["properties"])
