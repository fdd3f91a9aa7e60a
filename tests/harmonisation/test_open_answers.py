"""What an open answer holds is never shown: a name may stand where an age belongs."""

from __future__ import annotations

from pathlib import Path

import pytest
from study_maker import crosswalk, small_study

from kij_analysis.codebook import load_codebook, load_crosswalk
from kij_analysis.errors import HarmonisationError
from kij_analysis.harmonisation import check, harmonise
from kij_analysis.privacy import withhold
from kij_analysis.sources import read
from kij_analysis.study import Study

NAME = "Åse Bjørnsdottir"
STORY = "Min mentor Aïcha hjalp mig"


def everything(study: Study, folder: Path) -> str:
    """All that a run says and writes: messages, frames, ledger and saved files."""
    found = check(study)
    text = "\n".join([*map(str, found.problems), found.coverage.to_string()])
    data = harmonise(study, on_problem="mark")
    frames = (data.people, data.answers, data.pairs, data.meetings, data.with_people())
    text += "\n".join(frame.to_csv() for frame in frames)
    text += "\n".join(map(str, data.ledger.problems))
    for path in data.save(folder):
        text += path.read_bytes().decode("utf-8", errors="replace")
    return text


def test_a_name_in_a_column_of_numbers_is_told_by_its_form_and_row_only(tmp_path: Path):
    study = small_study(
        tmp_path, f"Id;Alder\n1;37\n2;{NAME}\n3;1980\n", "age: {direct: {from: Alder}, status: complete}"
    )
    with pytest.raises(HarmonisationError) as caught:
        harmonise(study)
    found = str(caught.value)
    assert (
        "1 answer cannot be read as numbers (decimal ','), the first in row 3: 'Aaa Aaaaaaaaaaaa' (1)."
        in found
    )
    assert "1 answer outside 15–100, the first in row 4." in found
    assert "1980" not in found
    told = everything(study, tmp_path / "out")
    assert not any(word in told for word in NAME.split())


def test_a_name_in_a_column_of_dates_is_not_shown_either(tmp_path: Path):
    study = small_study(
        tmp_path,
        f"Id;Dato;Start\n1;{NAME};{NAME}\n2;31-05-2024;01-06-2024\n",
        "start: {direct: {from: Start}, status: complete}",
        keys={"person_id": "Id", "date": "Dato"},
    )
    told = everything(study, tmp_path / "out")
    assert "cannot be read as dates (%d-%m-%Y), the first in row 2" in told
    assert "column 'Dato': 1 date cannot be read" in told
    assert not any(word in told for word in NAME.split())


def test_the_rows_of_the_file_count_when_empty_rows_lie_between(tmp_path: Path):
    table = "Id;Alder\n1;37\n;\n ; \n4;many\n"
    with pytest.raises(HarmonisationError, match="the first in row 5"):
        harmonise(small_study(tmp_path, table, "age: {direct: {from: Alder}, status: complete}"))


def test_numbers_with_another_decimal_sign_name_the_sign_that_reads_them(tmp_path: Path):
    study = small_study(tmp_path, "Id;T\n1;37.5\n2;20.25\n", "hours: {direct: {from: T}, status: complete}")
    with pytest.raises(HarmonisationError, match=r"Declare decimal: '\.'\."):
        harmonise(study)


def test_free_text_reaches_no_frame_no_ledger_and_no_message(tmp_path: Path):
    study = small_study(
        tmp_path,
        f"Id;Køn;Andet\n1;Kvinde;{STORY}\n2;Mand;\n",
        "gender: {map: {from: Køn, values: {Kvinde: woman, Mand: man}}, status: complete}",
        free_text=["Andet"],
    )
    told = everything(study, tmp_path / "out")
    assert "Aïcha" not in told
    assert harmonise(study).ledger.left_behind[["column", "reason"]].to_numpy().tolist() == [
        ["Andet", "free text"]
    ]


def test_a_column_that_nobody_declared_is_a_notice_and_is_left_behind(tmp_path: Path):
    study = small_study(
        tmp_path,
        f"Id;Køn;Kommentar\n1;Kvinde;{STORY}\n",
        "gender: {map: {from: Køn, values: {Kvinde: woman}}, status: complete}",
    )
    told = everything(study, tmp_path / "out")
    assert "Aïcha" not in told
    (notice,) = check(study).problems
    assert (notice.severity, notice.column) == ("notice", "Kommentar")
    assert "name it under ignored: or free_text: in crosswalks/kv_end.yaml" in notice.fix


def test_columns_left_aside_carry_their_reason_and_are_no_notice(tmp_path: Path):
    study = small_study(
        tmp_path, "Id;A;B\n1;x;y\n", "", ignored={"A": "a counter"}, other_columns="not needed here"
    )
    assert check(study).problems == ()
    left = harmonise(study).ledger.left_behind
    assert dict(zip(left["column"], left["reason"], strict=True)) == {
        "A": "a counter",
        "B": "not needed here",
    }


def test_a_column_declared_and_absent_is_a_notice(tmp_path: Path):
    study = small_study(tmp_path, "Id\n1\n", "", free_text=["Andet"])
    (notice,) = check(study).problems
    assert (notice.severity, notice.column) == ("notice", "Andet")


def test_free_text_is_withheld_even_from_a_rule_that_asks_for_it(tmp_path: Path):
    rule = "place: {direct: {from: Andet}, status: complete}"
    study = small_study(tmp_path, f"Id;Andet\n1;{STORY}\n", rule, released_text={"Andet": "a test"})
    loaded = load_crosswalk(study.crosswalk(study.sources[0]), load_codebook(study.folders["codebook"]))
    raw = read(study.sources[0].file, loaded.instrument.file)
    secret = type(loaded.instrument)(**{**vars(loaded.instrument), "free_text": ("Andet",)})
    door = withhold(raw, type(loaded)(**{**vars(loaded), "instrument": secret}))
    assert list(door.raw.frame.columns) == ["Id"]
    assert list(door.raw.columns) == ["Id"]
    assert door.reasons == {"Andet": "free text"}


def test_the_columns_that_pass_are_those_of_keys_and_rules(tmp_path: Path):
    text = crosswalk("gender: {direct: {from: Køn}, status: complete}")
    assert '"free_text"' not in text
    study = small_study(
        tmp_path, "Id;Køn;Navn\n1;woman;x\n", "gender: {direct: {from: Køn}, status: complete}"
    )
    loaded = load_crosswalk(study.crosswalk(study.sources[0]), load_codebook(study.folders["codebook"]))
    door = withhold(read(study.sources[0].file, loaded.instrument.file), loaded)
    assert (list(door.raw.frame.columns), door.unknown) == (["Id", "Køn"], ("Navn",))
