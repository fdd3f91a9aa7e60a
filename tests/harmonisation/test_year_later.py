"""A year later: the check says what changed in the questionnaire, and only that needs a decision."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from study_maker import crosswalk, make_study, sav, write

import kij_analysis as kij
from kij_analysis.cli import main
from kij_analysis.errors import UsageError
from kij_analysis.harmonisation import check, harmonise
from kij_analysis.harmonisation.rounds import told
from kij_analysis.study import Study, open_study

JOB = "Hvad er din situation nu?"
MATCH = "Svarer dit job til dine kvalifikationer?"
DECIDED = """\
based_on: kvinfo_end_2024
instrument: {id: kvinfo_end_2025, round: "2025"}
dropped: [job_matches_qualifications]
rules:
  labour_status:
    map: {inherit: true, values: {I virksomhedspraktik: internship, I fleksjob: subsidised_job}}
    decided_by: CM
    on: 2025-11-21
"""


def next_year(export: Path) -> bytes:
    """The demonstration's export with a changed label, a new option and a question less; other people."""
    lines = export.read_bytes().decode("cp1252").splitlines()
    rows = [line.split(";") for line in lines]
    gone = rows[0].index(MATCH)
    person, job = rows[0].index("Løbenr"), rows[0].index(JOB)
    for number, row in enumerate(rows[1:]):
        row[person] = f"Z{number}"
        row[job] = {"I praktik": "I virksomhedspraktik"}.get(row[job], row[job])
    for row in [row for row in rows if row[job] == "Ledig"][:3]:
        row[job] = "I fleksjob"
    return "\n".join(";".join(row[:gone] + row[gone + 1 :]) for row in rows).encode("cp1252")


def write_sources(folder: Path, *lines: str) -> Study:
    text = (folder / "study.yaml").read_text("utf-8")
    head, rest = text.split("sources:\n")
    write(folder / "study.yaml", head + "sources:\n" + "\n".join(lines) + "\n\n# " + rest.split("\n# ", 1)[1])
    return open_study(folder)


LAST = "  - {crosswalk: kvinfo_end_2024, file: demo/kvinfo_end_2024.csv, data_status: synthetic}"
AGAIN = '  - {crosswalk: kvinfo_end_2024, file: demo/end_2025.csv, data_status: synthetic, round: "2025"}'
RENEWED = "  - {crosswalk: kvinfo_end_2025, file: demo/end_2025.csv, data_status: synthetic}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = kij.init(tmp_path_factory.mktemp("year") / "study")
    raw = place / "data/raw/demo"
    write(raw / "end_2025.csv", next_year(raw / "kvinfo_end_2024.csv"))
    return place


def changed(study: Study) -> list[tuple[str, str, str, bool]]:
    found = check(study).changes
    return list(found[["kind", "was", "now", "open"]].itertuples(index=False, name=None))


THREE = [
    ("column gone", MATCH, "", True),
    ("label changed", "I praktik", "I virksomhedspraktik", True),
    ("option new", "", "I fleksjob", True),
]


@pytest.mark.parametrize(
    "sources", [(LAST, AGAIN), (AGAIN,)], ids=["with last year's file", "by the rules alone"]
)
def test_the_check_names_exactly_what_changed(folder: Path, sources: tuple[str, ...]):
    study = write_sources(folder, *sources)
    assert changed(study) == THREE
    found = check(study)
    assert found.exit_code == 5 and len(found.errors) == 3


def test_renewing_leaves_only_what_changed_to_be_decided_and_then_all_is_clean(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    write_sources(folder, LAST)
    export = folder / "data/raw/demo/end_2025.csv"
    path = folder / "codebook/crosswalks/kvinfo_end_2025.yaml"
    call = ["renew", "kvinfo_end_2024", str(folder), "--as", "kvinfo_end_2025", "--file", str(export)]
    assert main(call) == 0
    assert "3 changes to decide" in capsys.readouterr().out
    assert main(call) == 2
    assert "There is a crosswalk 'kvinfo_end_2025' already." in capsys.readouterr().err

    found = check(write_sources(folder, LAST, RENEWED))
    assert found.exit_code == 0 and found.errors == ()
    assert found.changes["open"].tolist() == [True] * 3
    now, last = found.coverage["kvinfo_end_2025"], found.coverage["kvinfo_end_2024"]
    assert now[now != last].to_dict() == {
        "labour_status": "undetermined", "job_matches_qualifications": "undetermined"
    }  # fmt: skip

    write(path, DECIDED)
    study = open_study(folder)
    found = check(study)
    assert found.exit_code == 0
    assert [problem for problem in found.problems if "2025" in problem.file] == []
    assert [(kind, was, now, False) for kind, was, now, _ in THREE] == changed(study)
    data = harmonise(study)
    answers = data.answers
    counted = answers.groupby(["instrument", "labour_status"], observed=True).size()
    assert counted["kvinfo_end_2025", "internship"] == counted["kvinfo_end_2024", "internship"]
    assert counted["kvinfo_end_2025", "subsidised_job"] == counted["kvinfo_end_2024", "subsidised_job"] + 3
    assert "crosswalks/kvinfo_end_2024.yaml" in data.ledger.files["file"].tolist()
    heading = (
        "demo/end_2025.csv against kvinfo_end_2024 (demo/kvinfo_end_2024.csv): 3 changes, 0 to be decided"
    )
    assert told(found.changes)[0] == heading
    path.unlink()


ANY_OF = 'any_of: {from: H, separator: ",", values: {Sprog: language, Netværk: network}, empty: none}'
GENDER = "gender: {map: {from: Køn, values: {Kvinde: woman, Mand: man}}, status: complete}"
AGE = "age: {direct: {from: Hvor gammel er du?}, status: complete}"


def two_years(folder: Path, last: str, now: str, rules: str = f"{GENDER}\n{AGE}", **changes: object) -> Study:
    return make_study(
        folder,
        {"a.csv": last, "b.csv": now},
        {"a.csv": crosswalk(rules, round="1", **changes), "b.csv": crosswalk(rules, round="1", **changes)},
        sources={"b.csv": "round: '2'"},
    )


def test_the_command_tells_what_changed_before_the_single_problems(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    head = "Id;Køn;Hvor gammel er du?\n"
    two_years(tmp_path, head + "1;Kvinde;30\n", head + "2;Andet;41\n")
    assert main(["check", str(tmp_path)]) == 5
    out, err = capsys.readouterr()
    assert "b.csv against kv_end (a.csv): 1 change, 1 to be decided" in out
    assert "  to decide: column 'Køn': 'Andet' is a new option (1 row); it concerns gender" in out
    assert err.count("error:") == 1 and "1 problems" in out


def test_a_questionnaire_that_did_not_change_says_nothing(tmp_path: Path):
    table = "Id;Køn;Hvor gammel er du?\n1;Kvinde;30\n2;Mand;31\n"
    study = two_years(tmp_path, table, table.replace("1;", "8;").replace("2;", "9;"))
    found = check(study)
    assert found.changes.empty and found.problems == ()


def test_a_first_year_is_held_against_nothing(tmp_path: Path):
    study = make_study(tmp_path, {"a.csv": "Id;Køn;Ny\n1;Dame;x\n"}, {"a.csv": crosswalk(GENDER)})
    assert check(study).changes.empty


def test_a_new_heading_is_paired_with_the_old_one(tmp_path: Path):
    last = "Id;Køn;Hvor gammel er du?\n1;Kvinde;30\n2;Mand;31\n"
    study = two_years(
        tmp_path, last, "Id;Er du;Hvor gammel er du i dag?;Helt nyt\n8;Kvinde;40;a\n9;Mand;41;b\n"
    )
    assert changed(study) == [
        ("column renamed", "Køn", "Er du", True),
        ("column renamed", "Hvor gammel er du?", "Hvor gammel er du i dag?", True),
        ("column new", "", "Helt nyt", True),
    ]


def test_an_option_that_few_chose_last_year_is_not_missed(tmp_path: Path):
    few = "".join(f"{n};Kvinde;30\n" for n in range(5)) + "7;Mand;31\n"
    many = "".join(f"{n};Kvinde;30\n" for n in range(5)) + "".join(f"1{n};Mand;31\n" for n in range(5))
    head = "Id;Køn;Hvor gammel er du?\n"
    assert changed(two_years(tmp_path / "few", head + few, head + "90;Kvinde;30\n")) == []
    assert changed(two_years(tmp_path / "many", head + many, head + "90;Kvinde;30\n")) == [
        ("option gone", "Mand", "", False)
    ]


def test_an_open_answer_is_never_an_option(tmp_path: Path):
    head = "Id;Køn;Hvor gammel er du?\n"
    study = two_years(tmp_path, head + "1;Kvinde;30\n", head + "2;Kvinde;41\n")
    assert check(study).changes.empty


def test_the_options_of_a_multiple_choice_are_told_one_by_one(tmp_path: Path):
    rule = f"barriers: {{{ANY_OF}, status: complete}}"
    study = two_years(tmp_path, "Id;H\n1;Sprog,Netværk\n", "Id;H\n2;Sprog,Helbred\n", rule)
    found = check(study).changes
    assert found[["kind", "now", "rows"]].to_numpy().tolist() == [["option new", "Helbred", 1]]
    assert found["variables"][0] == ("barrier_language", "barrier_network")


def test_labels_and_questions_inside_an_spss_file_are_compared(tmp_path: Path):
    rules = (
        "gender: {map: {from: k, values: {1: woman, 2: man}, labels: {1: Kvinne, 2: Mann}}, status: complete}"
    )
    frame = pd.DataFrame({"id": ["a", "b"], "k": [1.0, 2.0]})
    other = frame.assign(id=["c", "d"])
    files = {
        "a.sav": sav(
            frame,
            tmp_path,
            column_labels=["", "Kjønn"],
            variable_value_labels={"k": {1.0: "Kvinne", 2.0: "Mann"}},
        ),
        "b.sav": sav(
            other,
            tmp_path,
            column_labels=["", "Hva er ditt kjønn?"],
            variable_value_labels={"k": {1.0: "Kvinne", 2.0: "Mann (gutt)", 3.0: "Annet"}},
        ),
    }
    text = crosswalk(rules, round="1", file={"format": "spss"}, keys={"person_id": "id"})
    study = make_study(tmp_path / "s", files, dict.fromkeys(files, text), sources={"b.sav": "round: '2'"})
    assert changed(study) == [
        ("question reworded", "Kjønn", "Hva er ditt kjønn?", False),
        ("label changed", "Mann", "Mann (gutt)", True),
        ("option new", "", "Annet", True),
    ]


def test_only_a_known_crosswalk_is_renewed_and_under_a_name_that_can_be_one(tmp_path: Path):
    study = make_study(tmp_path, {"a.csv": "Id;Køn\n1;Mand\n"}, {"a.csv": crosswalk(GENDER)})
    renew = kij.harmonisation.renew
    with pytest.raises(UsageError, match=r"There is no crosswalk 'kv_edn'\. Did you mean 'kv_end'"):
        renew(study, "kv_edn", new_id="x")
    with pytest.raises(UsageError, match="cannot be the name of a file"):
        renew(study, "kv_end", new_id="../x")
    assert renew(study, "kv_end", new_id="kv_next").changes == ()


def test_a_renewed_crosswalk_is_one_whatever_changed(tmp_path: Path):
    rules = """
    gender: {map: {from: Køn, values: {Kvinde: woman, Mand: man}}, status: complete}
    education:
      outputs:
        level: {map: {from: U, values: {Kort: low, Lang: high}}, status: complete}
        years: {direct: {from: Å}, status: complete}
    barriers: {ANY_OF, status: complete}
    """.replace("ANY_OF", ANY_OF)
    table = "Id;Køn;U;Å;H\n1;Kvinde;Kort;9;Sprog\n2;Mand;Lang;12;Netværk\n"
    study = make_study(tmp_path, {"a.csv": table}, {"a.csv": crosswalk(rules)})
    write(
        tmp_path / "b.csv",
        "Id;K;U;Å;H;Ny: #\n3;Kvinde;Mellem;9;Helbred;x\n4;Mand;Lang;12;Sprog;y\n",
    )
    made = kij.harmonisation.renew(study, "kv_end", new_id="kv_2025", file=tmp_path / "b.csv")
    write(tmp_path / "codebook/crosswalks/kv_2025.yaml", made.text)
    book = kij.load_codebook(tmp_path / "codebook")
    now = kij.load_crosswalk(tmp_path / "codebook/crosswalks/kv_2025.yaml", book)
    open_now = {
        rule.column for rule in now.rules if rule.status == "undetermined" and rule.file.endswith("2025.yaml")
    }
    assert open_now == {"gender", "education_level", "barrier_language", "barrier_network", "barrier_other"}
    assert now.rule("education_years").status == "complete"
    assert '#   "Køn": "K"' in made.text and now.instrument.round == "2025"
