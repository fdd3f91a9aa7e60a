"""The ledger: every row, answer and file is accounted for, and saving is all or nothing."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest
from study_maker import crosswalk, make_study

from kij_analysis.errors import UsageError
from kij_analysis.harmonisation import Harmonised, check, coverage, harmonise, statuses
from kij_analysis.study import Study

RULES = """
gender:
  map: {from: Køn, values: {Kvinde: woman, Frau: woman, Mand: man}, missing: {Nej: refused}}
  status: complete
  detail: identical
  decided_by: CM
  on: 2026-03-02
age: {direct: {from: Alder, missing: {97: refused}}, status: partial, because: at the end}
barriers:
  any_of: {from: Hvad, separator: ",", values: {Sprog: language, Net: network}, empty: no_answer}
  status: complete
hours: {impossible: {detail: unavailable, because: not asked}}
"""
END = "Id;Køn;Alder;Hvad;Ord\n1;Kvinde;30;Sprog,Net;a\n2;Frau;31;Sprog;b\n;;;;\n3;Mand;97;;c\n4;Nej;;Net;d\n"
ENTRY = "Id;Køn;Alder;Hvad\n1;Kvinde;29;Net\n"
FILES = {"end.csv": END, "entry.csv": ENTRY}


def study_of(folder: Path) -> Study:
    crosswalks = {
        "end.csv": crosswalk(RULES, free_text=["Ord"], population={"invited": 40}, round="2024"),
        "entry.csv": crosswalk(RULES.replace("hours:", "place:"), id="kv_entry", wave="entry"),
    }
    return make_study(folder, FILES, crosswalks)


@pytest.fixture
def data(tmp_path: Path) -> Harmonised:
    return harmonise(study_of(tmp_path / "study"))


def counted(data: Harmonised, column: str, file: str = "end.csv") -> list[tuple[str, str, str, int]]:
    counts = data.ledger.counts
    mine = counts[(counts["column"] == column) & (counts["file"] == file)]
    return list(mine[["from", "to", "missing", "rows"]].itertuples(index=False, name=None))


def test_rows_in_are_rows_out_and_rows_lost(data: Harmonised):
    ledger = data.ledger
    assert ledger.sources[["file", "rows_in", "rows_out"]].to_numpy().tolist() == [
        ["end.csv", 5, 4], ["entry.csv", 1, 1]
    ]  # fmt: skip
    assert ledger.lost.to_numpy().tolist() == [["kv_end", "end.csv", "empty row", 1]]
    assert ledger.sources["rows_out"].sum() == len(data.answers)


def test_the_counts_of_every_column_sum_to_the_rows_out(data: Harmonised):
    sums = data.ledger.counts.groupby(["file", "column"])["rows"].sum()
    rows_out = data.ledger.sources.set_index("file")["rows_out"]
    assert len(sums) == 2 * len(data.codebook.columns)
    assert all(total == rows_out[file] for (file, _), total in sums.items())


def test_valid_and_missing_of_every_rule_sum_to_the_rows_out(data: Harmonised):
    rules = data.ledger.rules
    rows_out = rules["file"].map(data.ledger.sources.set_index("file")["rows_out"])
    assert (rules["valid"] + rules["missing"] == rows_out).all()


def test_every_answer_is_counted_from_what_it_was_to_what_it_became(data: Harmonised):
    assert counted(data, "gender") == [
        ("Kvinde", "woman", "", 1),
        ("Frau", "woman", "", 1),
        ("Mand", "man", "", 1),
        ("Nej", "", "refused", 1),
    ]  # fmt: skip


def test_open_answers_are_counted_without_being_shown(data: Harmonised):
    assert counted(data, "age") == [
        ("", "(as it stands)", "", 2), ("97", "", "refused", 1), ("", "", "no_answer", 1)
    ]  # fmt: skip


def test_a_multiple_choice_is_counted_by_cell(data: Harmonised):
    assert counted(data, "barrier_language") == [
        ("Sprog,Net", "True", "", 1),
        ("Sprog", "True", "", 1),
        ("", "", "no_answer", 1),
        ("Net", "False", "", 1),
    ]  # fmt: skip


def test_a_column_that_cannot_be_filled_is_counted_with_its_reason(data: Harmonised):
    assert counted(data, "hours") == [("", "", "not_asked", 4)]
    assert counted(data, "hours", "entry.csv") == [("", "", "undetermined", 1)]


def test_a_rule_stands_in_the_ledger_with_its_decision_and_its_line(data: Harmonised):
    rules = data.ledger.rules
    row = rules[(rules["column"] == "gender") & (rules["file"] == "end.csv")].iloc[0]
    assert row[["instrument", "from", "rule", "status", "detail", "decided_by", "on", "line"]].tolist() == [
        "kv_end", "Køn", "map", "complete", "identical", "CM", "2026-03-02", 3
    ]  # fmt: skip


def test_checksums_are_those_of_the_files(tmp_path: Path):
    study = study_of(tmp_path / "study")
    sources = harmonise(study).ledger.sources.set_index("file")
    for source in study.sources:
        row = sources.loc[source.shown]
        assert row["sha256"] == hashlib.sha256(source.file.read_bytes()).hexdigest()
        assert row["crosswalk_sha256"] == hashlib.sha256(study.crosswalk(source).read_bytes()).hexdigest()


def test_the_coverage_has_a_status_for_every_column_and_instrument(tmp_path: Path):
    found = check(study_of(tmp_path / "study")).coverage
    assert found.loc["age"].to_dict() == {"kv_end": "partial", "kv_entry": "partial"}
    assert found.loc["hours"].to_dict() == {"kv_end": "impossible", "kv_entry": "undetermined"}
    assert found.notna().all(axis=None)


def test_statuses_and_coverage_name_an_instrument_once_however_many_rounds_it_has(tmp_path: Path):
    text = crosswalk("gender: {direct: {from: Køn}, status: complete}")
    files = {"a.csv": "Id;Køn\n1;woman\n", "b.csv": "Id;Køn\n2;man\n"}
    study = make_study(
        tmp_path, files, dict.fromkeys(files, text), sources={"a.csv": "round: y1", "b.csv": "round: y2"}
    )
    rules = harmonise(study).ledger.rules
    assert len(statuses(rules)) == len(rules) / 2
    assert coverage(rules).loc["gender"].tolist() == ["complete"]


def test_a_saved_ledger_says_nothing_where_nothing_is_known(tmp_path: Path):
    harmonise(study_of(tmp_path / "study")).save(tmp_path / "out")
    saved = json.loads((tmp_path / "out/ledger.json").read_text("utf-8"))
    assert [source["invited"] for source in saved["sources"]] == [40, None]
    assert {rule["line"] for rule in saved["rules"] if rule["column"] == "place"} == {None, 13}
    assert all(isinstance(count["rows"], int) for count in saved["counts"])


def test_two_runs_save_the_same_bytes(tmp_path: Path):
    for name in ("a", "b"):
        harmonise(study_of(tmp_path / f"study_{name}")).save(tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert len(files) == 13
    for name in files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_what_is_saved_is_what_there_is(data: Harmonised, tmp_path: Path):
    paths = data.save(tmp_path / "out")
    assert sorted(paths) == sorted((tmp_path / "out").iterdir())
    saved = pd.read_parquet(tmp_path / "out/answers.parquet")
    pd.testing.assert_frame_equal(saved, data.answers, check_dtype=False, check_categorical=False)
    assert (tmp_path / "out/people.csv").read_bytes().startswith(b"\xef\xbb\xbfprogramme,person_id,role,")


@pytest.mark.parametrize("locked", ["answers.csv", "pairs.parquet", "people.parquet"])
def test_saving_is_all_or_nothing(data: Harmonised, tmp_path: Path, locked: str):
    out = tmp_path / "out"
    (out / locked).mkdir(parents=True)
    (out / "answers.parquet").write_bytes(b"of last year")
    before = sorted(path.name for path in out.iterdir())
    with pytest.raises(UsageError, match="The file cannot be written"):
        data.save(out)
    assert sorted(path.name for path in out.iterdir()) == before
    assert (out / "answers.parquet").read_bytes() == b"of last year"
    assert (out / locked).is_dir()
