"""What is found is told by column and count, and stands in no message, no ledger, no file and no page."""

from __future__ import annotations

import re
import traceback
from pathlib import Path

import pandas as pd
import pytest
from made_up import danish, norwegian
from study_maker import crosswalk, make_study, sav_study, small_study

import kij_analysis as kij
from kij_analysis.cli import main
from kij_analysis.errors import KijError, Problem, SourceError, StudyError
from kij_analysis.harmonisation import check, harmonise
from kij_analysis.harmonisation.showing import pattern
from kij_analysis.study import Study, open_study

GENDER = "gender: {map: {from: Køn, values: {Kvinde: woman, Mand: man}}, status: complete}\n"
PLACE = "place: {direct: {from: By}, status: complete}\n"
EMAIL, PHONE, NAME = "aicha.b@post.example.dk", "+45 20 12 34 56", "Aïcha Bjørnsdottir"


def everything(study: Study, capsys: pytest.CaptureFixture[str]) -> str:
    """All that the commands print, raise with their tracebacks, and write; also where they go on in spite."""
    main(["check", str(study.root)])
    main(["harmonise", str(study.root), "--mark"])
    shown = capsys.readouterr()
    text = shown.out + shown.err
    try:
        data = harmonise(study)
    except KijError as error:
        text += "".join(traceback.format_exception(error)) + repr(error) + repr(error.problems)
    else:
        frames = (data.people, data.answers, data.pairs, data.meetings)
        text += "".join(frame.to_csv() for frame in frames) + repr(data.ledger.problems)
    for path in study.folders["processed"].rglob("*.*"):
        text += path.read_bytes().decode("utf-8", errors="replace")
    for path in study.folders["processed"].glob("*.parquet"):
        text += pd.read_parquet(path).to_csv()
    return text


def told(study: Study, severity: str = "error") -> list[Problem]:
    return [problem for problem in check(study).problems if problem.severity == severity]


def keyed(study: Study, key: str) -> Study:
    text = study.path.read_text("utf-8")
    study.path.write_text(re.sub(r"key: \w+", f"key: {key}", text), encoding="utf-8")
    return open_study(study.root)


SECRETS = {"email": EMAIL, "phone": PHONE, "cpr": danish(4), "fnr": norwegian(4)}
CELL = '{from: Køn, separator: ";", values: {Sprog: language}, empty: none}'
SCALE = "{from: Køn, scale: grade3_da, outputs: {score: {method: stretch}}}"
TICKS = '{columns: {Køn: language}, chosen: [x], not_chosen: [""], none_chosen: none}'


@pytest.mark.parametrize(
    "secret, rule",
    [
        ("email", GENDER),
        ("cpr", "age: {direct: {from: Køn}, status: complete}"),
        ("fnr", "start: {direct: {from: Køn}, status: complete}"),
        ("phone", "place: {direct: {from: Køn}, status: complete}"),
        ("phone", f"skill: {{rescale: {SCALE}, status: complete}}"),
        (
            "email",
            f"barriers: {{any_of: {CELL}, status: complete}}",
        ),
        ("cpr", f"barriers: {{any_of: {TICKS}, status: complete}}"),
    ],
    ids=["map", "number", "date", "text", "scale", "one cell", "ticks"],
)
def test_an_identifier_in_a_column_that_any_rule_reads_stops_the_work_and_is_shown_nowhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rule: str, secret: str
):
    secret = SECRETS[secret]
    released = {"Køn": "a test"} if "place" in rule else {}
    table = f"Id;Køn\n1;Kvinde\n2;{secret}\n3;{secret}\n"
    study = small_study(tmp_path, table, rule, free_text=[], released_text=released)
    found = [p for p in told(study) if "A rule reads it, and it holds:" in p.what]
    assert [(p.column, "(2 rows)" in p.what, "under not_identifiers:" in p.fix) for p in found] == [
        ("Køn", True, True)
    ]
    assert secret not in everything(study, capsys)


def test_where_the_work_goes_on_the_answer_has_failed_and_nothing_of_it_is_left(tmp_path: Path):
    table = f"Id;Køn;By\n1;Kvinde;Århus\n2;{EMAIL};skriv til {EMAIL}\n"
    study = small_study(tmp_path, table, GENDER + PLACE, released_text={"By": "towns name nobody"})
    data = harmonise(study, on_problem="mark")
    assert data.people["gender_missing"].tolist()[1] == "rule_failed"
    assert data.answers["place"].tolist()[0] == "Århus"
    assert data.answers["place_missing"].tolist()[1] == "rule_failed"
    assert "‹e-mail address›" in set(data.ledger.counts["from"])


def test_the_way_out_of_a_false_alarm_is_to_say_what_stands_in_the_column(tmp_path: Path):
    table = f"Id;By\n1;{danish(1)}\n2;{danish(2)}\n"
    options = {"released_text": {"By": "numbers of houses"}}
    assert told(small_study(tmp_path / "a", table, PLACE, **options))
    calm = small_study(tmp_path / "b", table, PLACE, not_identifiers={"By": "numbers of houses"}, **options)
    assert not told(calm)
    assert harmonise(calm).answers["place"].tolist() == [danish(1), danish(2)]


def test_a_column_that_stays_behind_is_told_by_count_and_declared_identifiers_are_silent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    table = f"Id;Køn;Andet;Kontakt;Navn\n1;Kvinde;ring {PHONE} eller {EMAIL};{EMAIL};{NAME}\n2;Mand;;;\n"
    study = small_study(
        tmp_path, table, GENDER, free_text=["Andet"], identifiers=["Navn"], ignored={"Kontakt": "not needed"}
    )
    assert [(p.column, p.what) for p in told(study, "notice")] == [
        ("Andet", "It holds: e-mail address (1 row). The column is left behind."),
        ("Kontakt", "It holds: e-mail address (1 row). The column is left behind."),
    ]
    assert check(study).exit_code == 0
    left = harmonise(study).ledger.left_behind.set_index("column")["reason"]
    assert left["Navn"] == "direct identifier"
    printed = everything(study, capsys)
    assert not any(secret in printed for secret in (EMAIL, PHONE, NAME, "Aïcha"))


def test_a_national_identity_number_as_id_leaves_as_a_pseudonym_with_a_notice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    numbers = [danish(i) for i in range(6)]
    table = "Cpr;Køn\n" + "".join(f"{number};Kvinde\n" for number in numbers)
    made = small_study(tmp_path / "s", table, GENDER, keys={"person_id": "Cpr"}, identifiers=["Cpr"])
    study = keyed(made, f'"{(tmp_path / "own.key").as_posix()}"')
    study = open_study(study.root) if study.key.endswith(".key") else study
    (tmp_path / "own.key").write_text("ab" * 32, encoding="ascii")
    (notice,) = told(study, "notice")
    assert notice.what == (
        "The ids themselves identify: Danish CPR number (6 rows). Only their pseudonyms go further."
    )
    assert "keep it apart from the data. Better export running numbers." in notice.fix
    assert len(harmonise(study).people) == 6
    printed = everything(study, capsys)
    assert not any(number in printed for number in numbers)


@pytest.mark.parametrize("key, why", [("keep_ids", "leaves ids as they are"), ("demo", "is public")])
def test_ids_that_identify_need_a_key_that_protects_them(tmp_path: Path, key: str, why: str):
    numbers = "".join(f"{norwegian(i)};Kvinde\n" for i in range(6))
    study = keyed(small_study(tmp_path, "Nr;Køn\n" + numbers, GENDER, keys={"person_id": "Nr"}), key)
    (error,) = told(study)
    assert why in error.what
    assert "Use a key of your own" in error.fix
    names = keyed(
        small_study(tmp_path / "n", f"Navn;Køn\n{NAME};Mand\n", GENDER, keys={"person_id": "Navn"}), key
    )
    assert "By its heading each person's name of a person stands in it" in told(names)[0].what


def test_a_heading_that_names_an_identifier_is_told_unless_it_is_declared(tmp_path: Path):
    table = "Id;Køn;Etunimi\n1;Kvinde;Aïcha\n2;Mand;Bo\n"
    (notice,) = [p for p in told(small_study(tmp_path / "a", table, GENDER), "notice") if "heading" in p.what]
    assert notice.column == "Etunimi"
    assert "Name it under identifiers: in crosswalks/kv_end.yaml." in notice.fix
    declared = [{"identifiers": ["Etunimi"]}, {"free_text": ["Etunimi"]}]
    declared += [{"not_identifiers": {"Etunimi": "a village"}, "ignored": {"Etunimi": "not needed"}}]
    for number, options in enumerate(declared):
        assert not told(small_study(tmp_path / str(number), table, GENDER, **options), "notice")


def test_a_heading_over_few_different_answers_is_no_alarm(tmp_path: Path):
    rows = "".join(f"{i};Kvinde;{'x' if i % 2 else ''}\n" for i in range(9))
    study = small_study(
        tmp_path, f"Id;Køn;E-mail\n{rows}", GENDER, ignored={"E-mail": "how they heard of us"}
    )
    assert not told(study, "notice")


def test_a_text_leaves_only_where_somebody_has_said_why_and_that_is_told_each_time(tmp_path: Path):
    table = "Id;By\n1;Århus\n"
    with pytest.raises(StudyError, match=r"the column 'By' through as they stand\. .*under released_text:"):
        harmonise(small_study(tmp_path / "a", table, PLACE))
    study = small_study(tmp_path / "b", table, PLACE, released_text={"By": "towns name nobody"})
    assert [p.what for p in told(study, "notice")] == [
        "Its texts are released on purpose: towns name nobody."
    ]
    idle = small_study(tmp_path / "c", "Id;Køn\n1;Mand\n", GENDER, released_text={"Køn": "x"})
    assert "no rule takes its texts over" in str(check(idle).problems[0])


@pytest.mark.parametrize("place", ["free_text", "identifiers"])
def test_no_rule_reads_a_column_that_is_declared_to_stay_behind(tmp_path: Path, place: str):
    study = small_study(tmp_path, "Id;Køn\n1;Kvinde\n", GENDER, **{place: ["Køn"]})
    with pytest.raises(
        StudyError, match=f"The column 'Køn' stands under {place}:, but gender is read from it"
    ):
        harmonise(study)


def test_a_name_typed_into_a_closed_question_is_told_by_its_form_and_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    rows = f"1;Kvinde\n2;{NAME}\n3;Mand\n4;spørg li hansen\n5;Kvnde\n" + "".join(
        f"{i};Dame\n" for i in range(6, 11)
    )
    study = small_study(tmp_path, f"Id;Køn\n{rows}", GENDER)
    printed = everything(study, capsys)
    assert "2 different answers have no rule (2 rows, the first is row 3)" in printed
    assert f"'{pattern(NAME)}' (1)" in printed
    assert "'Dame' has no rule (5 rows)" in printed
    assert "'Kvnde' has no rule (1 row). Did you mean 'Kvinde'?" in printed
    assert not any(name in printed for name in ("Aïcha", "hansen"))


def test_of_a_column_that_is_no_closed_question_no_rare_answer_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    names = ["Aïcha", "Fatuma", "Narges", "Oksana", "Soledad", "Thuy"]
    rows = "".join(f"{i};{name}\n" for i, name in enumerate(names))
    printed = everything(small_study(tmp_path, f"Id;Køn\n{rows}", GENDER), capsys)
    assert "6 different answers have no rule (6 rows, the first is row 2)" in printed
    assert not any(name in printed for name in names)


def test_a_name_typed_beside_the_choices_of_one_cell_is_not_shown_either(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    rule = f"barriers: {{any_of: {CELL}, status: complete}}"
    study = small_study(tmp_path, f'Id;Køn\n1;Sprog\n2;"Sprog; {NAME}"\n', rule)
    printed = everything(study, capsys)
    assert f"An answer has no rule (1 row, the first is row 3): '{pattern(NAME)}' (1)." in printed
    assert f"Sprog; {pattern(NAME)}" in printed
    assert "Aïcha" not in printed


def test_a_full_name_from_the_column_of_names_is_recognised_where_a_rule_reads_it(tmp_path: Path):
    table = f"Id;Køn;Navn\n1;Kvinde;Li Wei\n2;li  wei;{NAME}\n"
    study = small_study(tmp_path, table, GENDER, identifiers=["Navn"])
    assert [p.what for p in told(study)] == ["A rule reads it, and it holds: name of a person (1 row)."]


def test_a_file_without_a_row_of_names_does_not_show_its_first_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    study = small_study(tmp_path, f"1;{danish(4)};{EMAIL}\n2;{danish(5)};x@example.org\n", GENDER)
    with pytest.raises(SourceError, match="the first row seems to be an answer"):
        harmonise(study)
    printed = everything(study, capsys)
    assert danish(4) not in printed and EMAIL not in printed


def test_labels_of_an_spss_file_that_name_people_by_number_are_masked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    frame = pd.DataFrame({"id": ["a", "b"], "k": [1.0, 7.0]})
    labels = {"k": {1.0: "Kvinne", 7.0: EMAIL, 8.0: EMAIL}}
    rule = "gender: {map: {from: k, values: {1: woman}}, status: complete}"
    printed = everything(sav_study(tmp_path, frame, rule, variable_value_labels=labels), capsys)
    assert "'7' (‹e-mail address›) has no rule (1 row)" in printed
    assert EMAIL not in printed


def test_numbers_of_people_kept_as_numbers_are_masked_in_an_spss_file_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    early = [danish(i) for i in range(60) if danish(i).startswith("0")]
    frame = pd.DataFrame({"id": [f"p{i}" for i in range(len(early))], "t": [float(text) for text in early]})
    study = sav_study(tmp_path, frame, "hours: {direct: {from: t}, status: complete}")
    assert f"Danish CPR number ({len(early)} rows)" in told(study)[0].what
    printed = everything(study, capsys)
    assert not any(text.lstrip("0") in printed for text in early)


def test_without_a_key_nobody_is_linked_from_file_to_file_and_that_is_said(tmp_path: Path):
    waves = {"a.csv": crosswalk(GENDER, id="kv_entry", wave="entry"), "b.csv": crosswalk(GENDER)}
    table = "Id;Køn\nK7;Kvinde\nK1;Mand\n"
    study = keyed(make_study(tmp_path, dict.fromkeys(waves, table), waves), "none")
    data = harmonise(study)
    assert data.people["person_id"].tolist() == ["kv_entry-1", "kv_entry-2", "kv_end-1", "kv_end-2"]
    assert dict(zip(data.ledger.linkage["waves"], data.ledger.linkage["people"], strict=True)) == {
        "entry": 2,
        "end": 2,
    }
    assert "nobody is linked" in data.ledger.problems[0].what


def test_a_key_inside_the_study_folder_is_refused(tmp_path: Path):
    study = small_study(tmp_path, "Id;Køn\n1;Mand\n", GENDER)
    with pytest.raises(StudyError, match="inside the study folder"):
        keyed(study, f'"{(tmp_path / "own.key").as_posix()}"')


def test_no_identifier_of_a_demonstration_export_reaches_a_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder = kij.init(tmp_path / "study")
    file = folder / "data/raw/demo/kvinfo_end_2024.csv"
    head, *rows = file.read_bytes().decode("cp1252").splitlines()
    secrets = [danish(i) for i in range(len(rows))]
    lines = [f"{head};Navn;Cpr"] + [f"{row};{NAME} {i};{secrets[i]}" for i, row in enumerate(rows)]
    file.write_bytes(("\n".join(lines) + "\n").encode("cp1252"))
    text = (folder / "study.yaml").read_text("utf-8")
    kept = [line for line in text.splitlines() if "crosswalk:" not in line or "kvinfo_end" in line]
    (folder / "study.yaml").write_text("\n".join(kept) + "\n", encoding="utf-8")
    study = open_study(folder)
    data = harmonise(study)
    found = [problem for problem in data.ledger.problems if problem.column in ("Navn", "Cpr")]
    assert {problem.severity for problem in found} == {"notice"}
    chapter = kij.chapter("data", study=study, languages=["da"])
    sources = data.ledger.sources.query("unit == 'person'")
    chapter.table(kij.tables.sources, sources, threshold=5)
    chapter.figure(kij.figures.status_matrix, kij.harmonisation.statuses(data.ledger.rules))
    chapter.close()
    data.save(study.folders["processed"])
    made = [
        p
        for part in ("figures", "report", "data/processed")
        for p in (folder / part).rglob("*.*")
        if p.is_file()
    ]
    text = "".join(path.read_bytes().decode("utf-8", errors="replace") for path in made)
    assert len(made) > 10
    assert "Aïcha" not in text and not any(secret in text for secret in secrets)
