"""A person who asks is gone from all that was made from the data, and stays away; the search proves it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from made_up import danish
from study_maker import crosswalk, make_study, write

import kij_analysis as kij
from kij_analysis.cli import main
from kij_analysis.erasure import forget, tidy
from kij_analysis.errors import ErasureError, HarmonisationError, StudyError, UsageError
from kij_analysis.harmonisation import check, harmonise, trace
from kij_analysis.privacy import key_of
from kij_analysis.study import Study, open_study

GENDER = "gender: {map: {from: Køn, values: {Kvinde: woman, Mand: man}}, status: complete}\n"
AGE = "age: {direct: {from: Alder}, status: complete}\n"
MATCHED = "matched: {map: {from: Fag, values: {ja: true, nej: false}}, status: complete}\n"
IDS = ["capitals", "punctuation"]
ENTRY = "Id;Par;Køn;Alder\nK-1001;P1;Kvinde;31\nK-1002;P2;Kvinde;32\nK-1003;P3;Kvinde;33\n"
END = "Id;Køn;Alder;Note\nk1002;Kvinde;32;se K-1002\nK1001;Kvinde;31;\nk1003;Kvinde;33;k1002\n"
MENTORS = "Id;Par;Køn;Fag\nM-2001;P1;Mand;ja\nM-2002;P2;Kvinde;nej\nM-2003;P3;Kvinde;ja\n"
MEETINGS = "Par;Dato\nP1;01-02-2024\nP2;02-02-2024\nP2;03-02-2024\nP3;04-02-2024\n"
FILES = {"entry.csv": ENTRY, "end.csv": END, "mentors.csv": MENTORS, "log.csv": MEETINGS}
PAIRED = {"person_id": "Id", "pair_id": "Par"}
CROSSWALKS = {
    "entry.csv": crosswalk(GENDER + AGE, id="kv_entry", wave="entry", keys=PAIRED, ids=IDS),
    "end.csv": crosswalk(GENDER + AGE, ids=IDS, free_text=["Note"]),
    "mentors.csv": crosswalk(GENDER + MATCHED, id="kv_mentors", role="mentor", keys=PAIRED, ids=IDS),
    "log.csv": crosswalk(
        "", id="kv_log", unit="meeting", keys={"pair_id": "Par", "date": "Dato"}, ids=IDS
    ),
}  # fmt: skip
NAME = "Aïcha Bjørnsdottir"
SPELT = ("K-1002", "k1002", "K1002")


def made(folder: Path, *, key: str = "demo", files: dict[str, str] | None = None) -> Study:
    study = make_study(folder, {**FILES, **(files or {})}, CROSSWALKS)
    write(study.path, study.path.read_text("utf-8").replace("key: keep_ids", f"key: {key}"))
    return open_study(folder)


def named(text: str, kind: str = "person") -> str:
    return key_of("small", "demo").pseudonym("kvinfo", kind, text)


def saved(study: Study, *formats: str) -> Study:
    harmonise(study).save(study.folders["processed"], formats=formats or ("parquet", "csv"))
    return study


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study whose data stand there, with a run before, notebooks and a report."""
    study = made(tmp_path_factory.mktemp("forget") / "study")
    saved(study, "parquet", "csv")
    write(study.folders["raw"] / "entry.csv", ENTRY.replace(";31", ";35"))
    write(study.folders["raw"] / "end.csv", END.replace(";31", ";35"))
    saved(study, "parquet", "csv")
    processed = study.folders["processed"]
    write(processed / "notebooks" / "03_participants.ipynb", json.dumps({"out": [named("K1002")]}))
    write(processed / "chapters" / "participants.json", "{}")
    write(processed / ".staging-broken" / "people.csv", f"person_id\n{named('K1002')}\n")
    write(study.folders["report"] / "report-da.html", "<p>60 %</p>")
    return study.root


@pytest.fixture
def study(whole: Path, tmp_path: Path) -> Study:
    shutil.copytree(whole, tmp_path / "study")
    return open_study(tmp_path / "study")


def clean(study: Study) -> None:
    """What the controller does: her rows, and those that speak of her, deleted in the raw files."""
    for name, text in FILES.items():
        kept = [line for line in text.splitlines() if "1002" not in line and "P2" not in line]
        write(study.folders["raw"] / name, "\n".join(kept) + "\n")


def frames(study: Study) -> dict[str, pd.DataFrame]:
    folder = study.folders["processed"]
    return {
        name: pd.read_parquet(folder / f"{name}.parquet")
        for name in ("people", "answers", "pairs", "meetings")
    }


def test_she_is_gone_from_every_format_and_so_are_her_pair_its_meetings_and_its_mentor(study: Study):
    saved(study, *kij.exports.FORMATS)
    found = forget(study, original_id="K-1002", programme="kvinfo")
    assert (found.exit_code, found.left, found.unread) == (0, (), ())
    data = frames(study)
    assert set(data["people"]["person_id"]) == {named(t) for t in ("K1001", "K1003", "M2001", "M2003")}
    assert set(data["answers"]["person_id"]) == set(data["people"]["person_id"])
    assert set(data["pairs"]["pair_id"]) == {named("P1", "pair"), named("P3", "pair")}
    assert data["meetings"]["pair_id"].tolist() == [named("P1", "pair"), named("P3", "pair")]
    folder = study.folders["processed"]
    for kind in kij.exports.FORMATS:
        assert set(kij.exports.load(folder, format=kind)["people"]["person_id"]) == set(
            data["people"]["person_id"]
        )


def test_what_a_run_keeps_for_itself_is_removed_and_the_report_is_named(study: Study):
    found = forget(study, person=named("K1002"))
    left = {p.relative_to(study.folders["processed"]).parts[0] for p in study.folders["processed"].rglob("*")}
    assert not left & {"previous", "notebooks", "chapters", ".staging-broken"}
    assert found.again == ("report",)
    assert not list(study.root.rglob(".staging-*")) + list(study.root.rglob(".kept-*"))


def test_the_raw_files_stay_as_they_are_and_every_place_in_them_is_named(study: Study):
    before = {path.name: path.read_bytes() for path in study.folders["raw"].iterdir()}
    found = forget(study, original_id="K-1002", programme="kvinfo")
    assert {path.name: path.read_bytes() for path in study.folders["raw"].iterdir()} == before
    told = [(place.file, place.row, place.column) for place in found.places]
    assert told == [
        ("entry.csv", 3, "Id"), ("end.csv", 2, "Id"), ("mentors.csv", 3, "Par"), ("log.csv", 3, "Par"),
        ("log.csv", 4, "Par"), ("end.csv", 4, "Note"),
    ]  # fmt: skip


def test_a_file_left_lying_among_the_raw_data_is_named_though_the_study_does_not_read_it(study: Study):
    write(study.folders["raw"] / "old" / "copy.txt", "Deltager k-1002\n".encode("utf-16"))
    found = forget(study, original_id="K-1002", programme="kvinfo")
    assert [place.file for place in found.places if place.row is None] == ["old/copy.txt"]


def test_she_does_not_come_back_while_the_raw_files_hold_her_and_is_counted(study: Study):
    forget(study, original_id="K-1002", programme="kvinfo")
    data = harmonise(study)
    assert named("K1002") not in set(data.people["person_id"])
    lost = data.ledger.lost.set_index(["file", "reason"])["rows"].to_dict()
    asked, paired = "left out by request", "of a pair that is left out by request"
    assert lost == {
        ("entry.csv", asked): 1, ("end.csv", asked): 1, ("mentors.csv", paired): 1, ("log.csv", paired): 2
    }  # fmt: skip
    # The numbers of her rows would lead back to her.
    assert len(data.ledger.lost_rows) == 0
    sources = data.ledger.sources
    assert (sources["rows_in"] == sources["rows_out"] + sources["rows_lost"]).all()


def test_the_erasure_list_holds_no_id_and_outlives_a_change_of_how_ids_are_spelt(study: Study):
    forget(study, original_id="K-1002", programme="kvinfo")
    text = study.erasures.read_text("utf-8")
    assert not [spelt for spelt in (*SPELT, "P2") if f'"{spelt}"' in text]
    path = study.folders["codebook"] / "crosswalks" / "kv_entry.yaml"
    for ids in ('["capitals"]', "[]", '["punctuation", "blanks"]'):
        write(path, CROSSWALKS["entry.csv"].replace(json.dumps(IDS), ids))
        lost = harmonise(study).ledger.lost.query("file == 'entry.csv'")
        assert lost["rows"].tolist() == [1]


def test_nobody_finds_her_any_more_and_no_message_speaks_of_her(study: Study):
    forget(study, original_id="K-1002", programme="kvinfo")
    with pytest.raises(UsageError, match="Nobody stands under this id"):
        trace(study, "age", person=named("K1002"))
    broken = ENTRY.replace("K-1002;P2;Kvinde", "K-1002;P2;Hunkøn")
    write(study.folders["raw"] / "entry.csv", broken)
    assert check(study).exit_code == 0


def test_asking_twice_gives_the_same_record(study: Study):
    first = forget(study, original_id="k-1002", programme="kvinfo")
    list_before = study.erasures.read_bytes()
    second = forget(study, person=named("K1002"))
    assert (second.who, second.places, second.exit_code) == (first.who, first.places, 0)
    assert study.erasures.read_bytes() == list_before


def test_when_the_raw_files_are_clean_the_list_lets_go_of_her(study: Study):
    forget(study, original_id="K-1002", programme="kvinfo")
    assert (tidy(study).removed, tidy(study).kept) == (0, 1)
    clean(study)
    assert main(["forget", "--tidy", str(study.root)]) == 0
    assert not study.erasures.exists()
    assert len(harmonise(study).ledger.lost) == 0


def test_her_name_is_still_found_in_what_others_wrote(tmp_path: Path):
    table = f"Id;Navn;By\nK-1001;Bo Berg;Ry\nK-1002;{NAME};Ry\nK-1003;Ida Friis;{NAME}\n"
    rules = "place: {direct: {from: By}, status: complete}"
    told = {"identifiers": ["Navn"], "released_text": {"By": "towns"}}
    study = make_study(tmp_path, {"end.csv": table}, {"end.csv": crosswalk(rules, **told)})
    write(study.path, study.path.read_text("utf-8").replace("key: keep_ids", "key: demo"))
    study = open_study(tmp_path)
    forget(study, original_id="K-1002", programme="kvinfo")
    assert [(p.column, "(1 row)" in p.what) for p in check(study).errors] == [("By", True)]
    assert harmonise(study, on_problem="mark").answers["place_missing"].tolist()[1] == "rule_failed"


def test_who_was_deleted_in_the_raw_files_first_is_removed_from_the_rest_and_stands_on_no_list(study: Study):
    clean(study)
    found = forget(study, original_id="K-1002", programme="kvinfo")
    assert (found.places, found.listed, found.exit_code) == ((), "", 0)
    assert not study.erasures.exists()
    with pytest.raises(UsageError, match="Nobody stands under this id"):
        forget(study, original_id="K-1002", programme="kvinfo")


def test_a_pair_that_the_raw_files_still_hold_goes_too_though_her_own_rows_are_gone_already(study: Study):
    for name in ("entry.csv", "end.csv"):
        kept = [line for line in FILES[name].splitlines() if "1002" not in line]
        write(study.folders["raw"] / name, "\n".join(kept) + "\n")
    found = forget(study, person=named("K1002"))
    assert {(place.file, place.row, place.what) for place in found.places} == {
        ("mentors.csv", 3, "her pair"), ("log.csv", 3, "her pair"), ("log.csv", 4, "her pair")
    }  # fmt: skip
    assert found.exit_code == 0 and found.listed
    data = frames(study)
    assert named("P2", "pair") not in {*data["pairs"]["pair_id"], *data["meetings"]["pair_id"]}
    assert named("M2002") not in set(data["people"]["person_id"])
    clean(study)
    assert tidy(study).removed == 1


def test_what_has_left_the_house_is_listed_and_never_changed(study: Study):
    write(study.root / "releases" / "1.json", '{"release": "1"}')
    write(study.root / "out" / "kvinfo.share.json", "{}")
    found = forget(study, person=named("K1002"))
    assert found.releases == ("out/kvinfo.share.json", "releases/1.json")
    assert (study.root / "releases/1.json").read_text("utf-8") == '{"release": "1"}'
    assert "A record of a release is never changed" in " ".join(found.words())


def test_a_notebook_with_outputs_and_its_checkpoint_are_searched(study: Study):
    for folder in ("notebooks", "notebooks/.ipynb_checkpoints"):
        write(study.root / folder / "mine.ipynb", json.dumps({"outputs": [named("K1002")]}))
    found = forget(study, person=named("K1002"))
    assert found.left == ("notebooks/.ipynb_checkpoints/mine.ipynb", "notebooks/mine.ipynb")


def test_what_kij_did_not_make_is_searched_and_named_but_not_touched(
    study: Study, capsys: pytest.CaptureFixture[str]
):
    own = study.folders["processed"] / "my notes.xlsx"
    pd.DataFrame({"a": [f"ring {named('K1002')}"]}).to_csv(own.with_suffix(".txt"), encoding="utf-16")
    assert main(["forget", named("K1002"), str(study.root)]) == 8
    out = capsys.readouterr()
    assert "NOT GONE" in out.out and "data/processed/my notes.txt" in out.out and "not gone" in out.err
    assert own.with_suffix(".txt").exists()


def test_a_table_that_cannot_be_opened_proves_nothing(study: Study):
    write(study.folders["processed"] / "mine.xlsx", b"not a workbook")
    found = forget(study, person=named("K1002"))
    assert (found.unread, found.exit_code) == (("data/processed/mine.xlsx",), 8)


def test_the_record_names_nobody(study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    kept = tmp_path / "record.txt"
    command = ["forget", "--id", "K-1002", "--programme", "kvinfo", str(study.root), "--record", str(kept)]
    assert main(command) == 0
    out = capsys.readouterr().out
    assert kept.read_text("utf-8") == out
    assert not [text for text in (*SPELT, named("K1002"), str(tmp_path)) if text in out]
    assert f"pseudonym {named('K1002')[:6]}…, kvinfo, mentee" in out
    assert "entry.csv, row 3, column 'Id': her own row: delete it" in out
    assert "Result: nothing found." in out and "kij forget --tidy" in out


def test_all_or_nothing(study: Study):
    before = {p: p.read_bytes() for p in study.root.rglob("*") if p.is_file() and ".staging" not in str(p)}
    write(study.folders["raw"] / "end.csv", END + "k1004;Ukendt;5;\n")
    before[study.folders["raw"] / "end.csv"] = (study.folders["raw"] / "end.csv").read_bytes()
    with pytest.raises(HarmonisationError, match="nothing was removed") as caught:
        forget(study, person=named("K1002"))
    assert "--remove-all" in str(caught.value)
    after = {p: p.read_bytes() for p in study.root.rglob("*") if p.is_file() and ".staging" not in str(p)}
    assert after == before
    found = forget(study, person=named("K1002"), remove_all=True)
    assert found.exit_code == 0
    assert [p.name for p in study.folders["processed"].rglob("*") if p.is_file()] == []


def test_a_mentor_goes_without_taking_the_mentees_answers_along(study: Study):
    forget(study, original_id="M-2003", programme="kvinfo")
    data = frames(study)
    assert {named("K1003")} < set(data["people"]["person_id"])
    assert named("M2003") not in set(data["people"]["person_id"])
    assert named("P3", "pair") not in set(data["pairs"]["pair_id"]) | set(data["meetings"]["pair_id"])
    entry = data["answers"].query("wave == 'entry'").set_index("person_id")["pair_id"]
    assert pd.isna(entry[named("K1003")]) and entry[named("K1001")] == named("P1", "pair")


def test_a_group_stays_for_the_others_in_it(tmp_path: Path):
    together = {"entry.csv": ENTRY.replace("P3", "P2")}
    study = saved(made(tmp_path, files=together))
    found = forget(study, original_id="K-1002", programme="kvinfo")
    assert {place.what for place in found.places} == {"her own row", "her id in another column"}
    data = frames(study)
    assert {named("P2", "pair")} < set(data["pairs"]["pair_id"]) | {""} and len(data["meetings"]) == 4
    assert named("M2002") in set(data["people"]["person_id"])


def test_two_people_with_one_number_are_told_apart_by_their_role(tmp_path: Path):
    study = saved(made(tmp_path, files={"mentors.csv": MENTORS.replace("M-2003", "K-1002")}))
    with pytest.raises(UsageError, match="as mentee and as mentor"):
        forget(study, original_id="K-1002", programme="kvinfo")
    found = forget(study, original_id="K-1002", programme="kvinfo", role="mentee")
    assert found.exit_code == 0
    rows = frames(study)["people"].query("person_id == @named('K1002')")
    assert rows["role"].tolist() == ["mentor"]


def test_a_short_number_is_compared_in_columns_of_ids_only(tmp_path: Path):
    short = {name: text.replace("K-1002", "12").replace("k1002", "12") for name, text in FILES.items()}
    study = saved(made(tmp_path, files=short))
    found = forget(study, original_id="12", programme="kvinfo")
    assert found.exit_code == 0
    assert "too short" in " ".join(found.words())


def test_a_national_number_is_found_however_it_is_grouped(tmp_path: Path):
    number = danish(3)
    grouped = f"{number[:6]}-{number[6:]}"
    files = {"entry.csv": ENTRY.replace("K-1002", number), "end.csv": END.replace("k1002;Kv", f"{number};Kv")}
    study = made(tmp_path, key=(tmp_path.parent / "own.key").as_posix(), files=files)
    saved(study)
    write(study.folders["processed"] / "notes.txt", f"cpr {grouped}, ring")
    found = forget(study, original_id=grouped, programme="kvinfo")
    assert found.left == ("data/processed/notes.txt",)
    told = "\n".join(found.words())
    assert number not in told and grouped not in told


@pytest.mark.parametrize("key", ["none", "keep_ids"])
def test_without_a_key_the_raw_files_are_cleaned_first(tmp_path: Path, key: str):
    study = saved(made(tmp_path, key=key))
    with pytest.raises(ErasureError) as caught:
        forget(study, original_id="K-1002", programme="kvinfo")
    assert [(p.file, p.row) for p in caught.value.problems if p.file] == [
        ("entry.csv", 3), ("end.csv", 2), ("mentors.csv", 3), ("log.csv", 3), ("log.csv", 4)
    ]  # fmt: skip
    assert not [text for text in SPELT if text in str(caught.value)] and caught.value.exit_code == 8
    clean(study)
    found = forget(study, original_id="K-1002", programme="kvinfo")
    assert (found.exit_code, found.listed) == (0, "")
    assert frames(study)["people"]["role"].value_counts()["mentee"] == (3 if key == "none" else 2)


def test_wrong_input_gets_a_sentence_without_an_id(study: Study, tmp_path: Path):
    with pytest.raises(UsageError, match="Name one person"):
        forget(study)
    with pytest.raises(UsageError, match="within its programme only"):
        forget(study, original_id="K-1002")
    with pytest.raises(UsageError, match="Did you mean 'kvinfo'"):
        forget(study, original_id="K-1002", programme="kvinfi")
    with pytest.raises(UsageError, match="The role is 'mentees'"):
        forget(study, person=named("K1002"), role="mentees")
    with pytest.raises(UsageError, match="Nobody stands") as caught:
        forget(study, original_id="Hanne", programme="kvinfo")
    assert "Hanne" not in str(caught.value) and "100" not in str(caught.value)
    with pytest.raises(UsageError, match="running numbers"):
        forget(made(tmp_path / "none", key="none"), person="kv_end-1")
    absent = made(tmp_path / "absent", key=(tmp_path / "gone.key").as_posix())
    with pytest.raises(UsageError, match="not on this machine"):
        forget(absent, original_id="K-1002", programme="kvinfo")
    assert main(["forget", "abc", str(study.root), "--tidy"]) == 2


def test_before_anything_was_made_she_is_kept_out_from_the_start(tmp_path: Path):
    study = made(tmp_path)
    found = forget(study, original_id="K-1002", programme="kvinfo")
    assert "Nothing had been made from the data" in "\n".join(found.words())
    assert named("K1002") not in set(harmonise(study).people["person_id"])


def test_a_list_of_another_key_stops_the_work_because_they_would_come_back(study: Study):
    forget(study, person=named("K1002"))
    study.path.write_text(study.path.read_text("utf-8").replace("key: demo", "key: none"), encoding="utf-8")
    with pytest.raises(StudyError, match="under another key, and would come back"):
        harmonise(open_study(study.root))
    study.erasures.write_text("{", encoding="utf-8")
    with pytest.raises(StudyError, match="cannot be read"):
        harmonise(open_study(study.root))
