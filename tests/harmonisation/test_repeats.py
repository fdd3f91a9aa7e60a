"""Second rows of one person, impossible dates and logs of meetings: settled as declared, and counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from study_maker import small_study

from kij_analysis.errors import HarmonisationError
from kij_analysis.harmonisation import Harmonised, harmonise

GENDER = "gender: {map: {from: Køn, values: {K: woman, M: man}}, status: complete}\n"
KEYS = {"person_id": "Id", "date": "Dag"}
FORM = {"format": "delimited", "encoding": "utf-8", "delimiter": ";", "dates": "%d-%m-%Y"}
SAME = "Id;Dag;Køn\n1;05-05-2024;K\n1;05-05-2024;K\n2;06-05-2024;M\n"
DIFFERENT = "Id;Dag;Køn\n1;07-05-2024;K\n1;05-05-2024;M\n2;06-05-2024;M\n"


def made(folder: Path, table: str, **changes: object) -> Harmonised:
    return harmonise(small_study(folder, table, GENDER, keys=KEYS, file=FORM, **changes))


def lost(data: Harmonised) -> dict[str, int]:
    return dict(zip(data.ledger.lost["reason"], data.ledger.lost["rows"], strict=True))


def accounts(data: Harmonised) -> tuple[int, int]:
    return int(data.ledger.sources["rows_in"].sum()), int(data.ledger.sources["rows_out"].sum())


@pytest.mark.parametrize("table", [SAME, DIFFERENT])
def test_a_second_row_of_one_person_stops_the_work_unless_declared(tmp_path: Path, table: str):
    with pytest.raises(HarmonisationError, match=r"1 id stands in more than one row \(rows 2, 3\)"):
        made(tmp_path, table)


def test_identical_rows_count_once_and_are_told_as_lost(tmp_path: Path):
    data = made(tmp_path, SAME, repeated="identical")
    assert accounts(data) == (3, 2)
    assert lost(data) == {"the same row again": 1}


def test_rows_that_differ_still_stop_where_only_identical_ones_may_repeat(tmp_path: Path):
    with pytest.raises(HarmonisationError, match="1 id stands in more than one row"):
        made(tmp_path, DIFFERENT, repeated="identical")


def test_the_last_by_date_stays_wherever_it_stands(tmp_path: Path):
    data = made(tmp_path, DIFFERENT, repeated="last")
    assert data.people.set_index("person_id")["gender"].to_dict() == {"1": "woman", "2": "man"}
    assert lost(data) == {"an earlier answer of the same person": 1}
    assert accounts(data) == (3, 2)


def test_an_impossible_date_stops_or_becomes_missing_as_declared(tmp_path: Path):
    table = "Id;Dag;Køn\n1;31-02-2024;K\n2;06-05-2024;M\n"
    with pytest.raises(HarmonisationError, match="1 date cannot be read"):
        made(tmp_path / "a", table)
    data = made(tmp_path / "b", table, unreadable_dates="missing")
    assert data.answers["date"].isna().tolist() == [True, False]
    assert [p.severity for p in data.ledger.problems] == ["notice"]


def test_a_log_of_meetings_fills_the_meetings_and_no_person(tmp_path: Path):
    table = "Par;Dag\nP1;05-05-2024\nP1;05-05-2024\nP1;06-05-2024\nP2;06-05-2024\n"
    keys = {"pair_id": "Par", "date": "Dag"}
    log = {"keys": keys, "file": FORM, "unit": "meeting", "wave": "single", "repeated": "identical"}
    data = harmonise(small_study(tmp_path, table, "{}", **log))
    assert data.meetings[["pair_id"]].value_counts().to_dict() == {("P1",): 2, ("P2",): 1}
    assert data.people.empty and data.answers.empty
    assert sorted(data.pairs["pair_id"]) == ["P1", "P2"]
    assert lost(data) == {"the same row again": 1}
