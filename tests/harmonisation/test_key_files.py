"""Key files: a column of a second table in place of the key, with every key accounted for."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from study_maker import crosswalk, make_study
from test_plain_rules import pairs
from xlsxwriter import Workbook

from kij_analysis.errors import HarmonisationError, SourceError
from kij_analysis.harmonisation import Harmonised, harmonise

JOIN = """
status:
  join:
    from: Kom
    file: keys/kommuner.csv
    form: {format: delimited, encoding: utf-8, delimiter: ";"}
    key: kode
    bring: land
    values: {Øst: employed, Vest: unemployed}
    missing: {"?": refused}
    MORE
  status: complete
"""
KEYS = "kode;navn;land\n101;København;Øst\n751;Aarhus;Vest\n851;Aalborg;Vest\n"


def joined(
    folder: Path, codes: list[str], *, keys: str | bytes = KEYS, rules: str = JOIN, more: str = "",
    name: str = "keys/kommuner.csv", **options: str
) -> Harmonised:  # fmt: skip
    body = "\n".join(f"{number};{code}" for number, code in enumerate(codes, 1))
    files = {"end.csv": f"Id;Kom\n{body}\n", name: keys}
    study = make_study(folder, files, {"end.csv": crosswalk(rules.replace("MORE", more))})
    return harmonise(study, **options)


def test_the_column_that_is_brought_stands_in_place_of_the_key(tmp_path: Path):
    found = joined(tmp_path, ["751", "101", "", "?", "751"]).answers
    assert pairs(found, "status") == [
        ("unemployed", None), ("employed", None), (None, "no_answer"), (None, "refused"), ("unemployed", None)
    ]  # fmt: skip


def test_keys_without_a_match_are_counted_by_form_and_stop_the_work(tmp_path: Path):
    with pytest.raises(HarmonisationError) as caught:
        joined(tmp_path, ["101", "999", "999", "Hos Anna"])
    (problem,) = caught.value.problems
    assert (problem.file, problem.column) == ("end.csv", "Kom")
    assert problem.what == (
        "for status: 2 keys are not in keys/kommuner.csv (3 rows): '999' (2), 'Aaa Aaaa' (1)."
    )


def test_otherwise_is_the_reason_of_a_key_without_a_match(tmp_path: Path):
    found = joined(tmp_path, ["101", "999"], more="otherwise: invalid")
    assert pairs(found.answers, "status") == [("employed", None), (None, "invalid")]
    assert found.ledger.key_files["unmatched"].tolist() == [1]


def test_keys_that_nobody_uses_are_told(tmp_path: Path):
    told = [str(problem) for problem in joined(tmp_path, ["101"]).ledger.problems]
    assert told == ["keys/kommuner.csv, column 'kode': for status: 2 of 3 keys are used by nobody."]


def test_a_key_twice_with_the_same_value_is_told_and_with_two_values_stops_the_work(tmp_path: Path):
    found = joined(tmp_path / "1", ["101", "751", "851"], keys=KEYS + "101;Kbh;Øst\n")
    assert ["1 key stands more than once with the same value." in str(p) for p in found.ledger.problems] == [
        True
    ]
    with pytest.raises(HarmonisationError, match=r"more than once with different values, rows 2, 5\."):
        joined(tmp_path / "2", ["101", "751", "851"], keys=KEYS + "101;Kbh;Vest\n")


def test_a_value_that_is_brought_needs_a_rule_only_where_its_key_is_used(tmp_path: Path):
    keys = KEYS + "400;Bornholm;Hav\n"
    assert len(joined(tmp_path / "1", ["101"], keys=keys).answers) == 1
    with pytest.raises(HarmonisationError, match=r"keys/kommuner\.csv, column 'land': .*'Hav' has no rule"):
        joined(tmp_path / "2", ["400"], keys=keys)


def test_the_checksum_and_the_counts_enter_the_ledger(tmp_path: Path):
    (row,) = joined(tmp_path, ["101", "751", "751"]).ledger.key_files.to_dict("records")
    assert row == {
        "instrument": "kv_end", "file": "end.csv", "column": "status", "path": "keys/kommuner.csv",
        "sha256": hashlib.sha256(KEYS.encode()).hexdigest(), "keys": 3, "used": 2, "unmatched": 0,
    }  # fmt: skip


def test_numbers_may_be_brought_from_a_workbook_and_are_held_to_their_bounds(tmp_path: Path):
    def workbook(hours: float) -> bytes:
        path = tmp_path / "made.xlsx"
        with Workbook(str(path)) as book:
            sheet = book.add_worksheet("nøgle")
            for row, cells in enumerate([("kode", "timer"), ("101", 37.5), ("751", hours)]):
                sheet.write_row(row, 0, cells)
        return path.read_bytes()

    rules = """
    hours: {join: {from: Kom, file: timer.xlsx, form: {format: xlsx, sheet: nøgle}, key: kode, bring: timer},
            status: complete}
    """
    found = joined(tmp_path / "1", ["751", "101"], keys=workbook(12), name="timer.xlsx", rules=rules)
    assert found.answers["hours"].tolist() == [12, 37.5]
    with pytest.raises(
        HarmonisationError, match=r"timer\.xlsx, column 'timer': .* outside 0–168, the first in row 3"
    ):
        joined(tmp_path / "2", ["751"], keys=workbook(400), name="timer.xlsx", rules=rules)


def test_a_key_file_that_is_not_there_is_told_by_its_name(tmp_path: Path):
    with pytest.raises(SourceError, match=r"keys/kommuner\.csv: "):
        joined(tmp_path, ["101"], name="keys/other.csv")


def test_a_column_that_the_key_file_lacks_is_told_with_the_nearest(tmp_path: Path):
    with pytest.raises(
        HarmonisationError, match=r"the key file has no column 'land'\. Did you mean 'lands'\?"
    ):
        joined(tmp_path, ["101"], keys=KEYS.replace("land", "lands"))


def test_ids_of_persons_are_compared_as_the_instrument_spells_them(tmp_path: Path):
    rules = """
    hours:
      join:
        {from: Id, file: h.csv, form: {format: delimited, encoding: utf-8, delimiter: ";"}, key: Nr, bring: T}
      status: complete
    """
    files = {"end.csv": "Id;A\nk-07;x\nK8;x\n", "h.csv": "Nr;T\nK007;20\nk8;30\n"}
    text = crosswalk(rules, ids=["capitals", "punctuation", "leading_zeros"], ignored={"A": "test"})
    found = harmonise(make_study(tmp_path, files, {"end.csv": text})).answers
    assert found["hours"].tolist() == [20, 30]
