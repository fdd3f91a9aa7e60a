"""The ledger: every row, answer and file is accounted for, and saving is all or nothing."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest
from study_maker import crosswalk, make_study

from kij_analysis.errors import UsageError
from kij_analysis.harmonisation import Harmonised, check, coverage, harmonise, load_ledger, statuses
from kij_analysis.harmonisation.ledger import FRAMES
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


def test_a_lost_row_is_named_by_its_number_in_the_spreadsheet(tmp_path: Path):
    text = crosswalk(RULES, free_text=["Ord"], keys={"person_id": "Id"}, repeated="identical")
    table = END + "1;Kvinde;30;Sprog,Net;a\n;Mand;40;Net;e\n3;Frau;50;;f\n"
    ledger = harmonise(make_study(tmp_path, {"end.csv": table}, {"end.csv": text}), on_problem="mark").ledger
    lost = ledger.lost_rows.groupby("reason")["row"].agg(list).to_dict()
    assert lost == {"empty row": [4], "the same row again": [7], "no id": [8], "id repeated": [9]}
    assert ledger.lost["rows"].tolist() == [1, 1, 1, 1]
    assert ledger.sources[["rows_in", "rows_out", "rows_lost"]].to_numpy().tolist() == [[8, 4, 4]]


def test_a_row_that_another_file_has_is_lost_from_the_second(tmp_path: Path):
    again = crosswalk(RULES, id="kv_again", round="2025", free_text=["Ord"])
    study = make_study(
        tmp_path, {"a.csv": END, "b.csv": END}, {"a.csv": crosswalk(RULES, free_text=["Ord"]), "b.csv": again}
    )
    lost = harmonise(study, on_problem="mark").ledger.lost_rows.query("file == 'b.csv'")
    assert lost["row"].tolist() == [4, 2, 3, 5, 6]
    assert lost["reason"].tolist() == ["empty row", *["id stands in a.csv"] * 4]


def test_the_reasons_of_missing_values_are_counted_by_column(data: Harmonised):
    missing = data.ledger.missing.query("file == 'end.csv'").set_index(["column", "reason"])["rows"]
    assert missing["gender", "refused"] == 1
    assert missing["age"].to_dict() == {"refused": 1, "no_answer": 1}
    assert missing["hours", "not_asked"] == 4
    sums = data.ledger.missing.groupby(["file", "column"])["rows"].sum()
    rules = data.ledger.rules.set_index(["file", "column"])["missing"]
    assert sums.to_dict() == rules[rules > 0].to_dict()


def test_every_file_that_was_read_stands_there_with_its_checksum(tmp_path: Path):
    study = study_of(tmp_path / "study")
    files = harmonise(study).ledger.files
    places = {
        "study": study.root, "codebook": study.root / "codebook", "crosswalk": study.root / "codebook",
        "data": study.folders["raw"],
    }  # fmt: skip
    assert files["kind"].value_counts().to_dict() == {"study": 1, "codebook": 4, "crosswalk": 2, "data": 2}
    for row in files.to_dict("records"):
        content = (places[row["kind"]] / row["file"]).read_bytes()
        assert row["sha256"] == hashlib.sha256(content).hexdigest()


def test_settings_and_software_stand_there_and_no_key_and_no_folder(data: Harmonised, tmp_path: Path):
    ledger = data.ledger
    assert {
        "study": "small",
        "pseudonyms": "keep_ids",
        "key": "",
        "threshold": 5,
    }.items() <= ledger.settings.items()
    assert {"python", "pandas", "kij-analysis"} <= set(ledger.software)
    text = ledger.save(tmp_path / "ledger.json").read_text("utf-8")
    assert str(tmp_path) not in text


def test_a_rule_stands_there_as_data(data: Harmonised):
    rules = data.ledger.rules
    spec = json.loads(rules[(rules["column"] == "gender") & (rules["file"] == "end.csv")]["spec"].iloc[0])
    assert spec == {
        "source": "Køn",
        "values": {"Kvinde": "woman", "Frau": "woman", "Mand": "man"},
        "missing": {"Nej": "refused"},
    }
    assert rules["spec"].map(json.loads).map(type).eq(dict).all()


def test_a_saved_ledger_reads_back_as_it_was(data: Harmonised, tmp_path: Path):
    ledger = data.ledger
    read = load_ledger(ledger.save(tmp_path / "ledger.json"))
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(read, name), getattr(ledger, name))
    assert read.problems == ledger.problems
    assert (read.settings, read.software) == (ledger.settings, ledger.software)
    assert read.save(tmp_path / "again.json").read_bytes() == (tmp_path / "ledger.json").read_bytes()


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
    assert len(files) == 15
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
