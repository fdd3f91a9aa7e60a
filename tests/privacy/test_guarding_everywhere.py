"""The door holds for every kind of rule, for key files, choices of rows, traces, later years and drafts."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_up import danish
from study_maker import crosswalk, make_study, small_study, write
from test_guarding import EMAIL, GENDER, NAME, everything, keyed, told

from kij_analysis.cli import main
from kij_analysis.draft.forms import open_file
from kij_analysis.errors import SourceError, StudyError, UsageError
from kij_analysis.harmonisation import check, harmonise, trace
from kij_analysis.study import Study

JOIN = """
RULE:
  join:
    {from: COLUMN, file: keys.csv, key: nr, bring: kommune, otherwise: invalid,
     form: {format: delimited, encoding: utf-8, delimiter: ";"}VALUES}
  status: complete
"""
PLACES = ", values: {Øst: employed, Vest: unemployed}"


def joined(
    folder: Path, table: str, keys: str, *, rule: str = "status", values: str = PLACES, **changes: object
) -> Study:
    rules = JOIN.replace("RULE", rule).replace("COLUMN", table.split(";")[0]).replace("VALUES", values)
    text = crosswalk(rules, ignored={"Andet": "not used"}, **changes)
    return make_study(folder, {"end.csv": table, "keys.csv": keys}, {"end.csv": text})


def test_an_identifier_in_the_column_that_a_key_file_brings_stops_the_work_and_is_shown_nowhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    study = joined(tmp_path, "Id;Andet\n1;a\n2;a\n", f"nr;kommune\n1;Øst\n2;{EMAIL}\n")
    (found,) = told(study)
    assert (found.file, found.column) == ("keys.csv", "kommune")
    assert found.what == "A rule brings it over, and it holds: e-mail address (1 row)."
    assert EMAIL not in everything(study, capsys)
    data = harmonise(study, on_problem="mark")
    assert data.answers["status_missing"].tolist()[1] == "rule_failed"


def test_the_id_may_be_looked_up_in_a_key_file_though_it_is_an_identity_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    ids = [danish(number) for number in range(3)]
    table = "Id;Andet\n" + "".join(f"{number};a\n" for number in ids)
    keys = "nr;kommune\n" + "".join(f"{number};Øst\n" for number in ids[:2])
    study = keyed(joined(tmp_path / "study", table, keys), (tmp_path / "own.key").as_posix())
    assert not told(study)
    assert [p.what for p in told(study, "notice") if p.column == "Id"] == [
        "The ids themselves identify: Danish CPR number (3 rows). Only their pseudonyms go further.",
        "for status: 1 key is not in keys.csv (1 row): '9999999999' (1).",
    ]
    data = harmonise(study)
    assert data.answers["status"].tolist()[:2] == ["employed", "employed"]
    printed = everything(study, capsys)
    assert not any(number in printed for number in ids)


def test_a_masked_answer_is_found_in_no_key_file_and_belongs_to_no_choice_of_rows(tmp_path: Path):
    table = f"Kom;Id;Andet\n{EMAIL};1;a\nx;2;a\n"
    keys = f"nr;kommune\n{EMAIL};Øst\n‹e-mail address›;Øst\nx;Vest\n"
    found = harmonise(joined(tmp_path / "a", table, keys), on_problem="mark").answers
    assert found["status_missing"].tolist()[0] == "rule_failed"
    chosen = small_study(tmp_path / "b", f"Id;G\n1;{EMAIL}\n2;x\n", "", only={"G": ["x"]})
    assert [problem.column for problem in told(chosen)] == ["G"]
    assert harmonise(chosen, on_problem="mark").answers["person_id"].tolist() == ["2"]


def test_texts_come_from_a_key_file_or_a_formula_only_where_they_are_released(tmp_path: Path):
    table, keys = "Id;Andet\n1;a\n", "nr;kommune\n1;Ry\n"
    with pytest.raises(StudyError, match="lets the texts of the column 'kommune' through"):
        harmonise(joined(tmp_path / "a", table, keys, rule="place", values=""))
    released = {"kommune": "towns name nobody"}
    free = joined(tmp_path / "b", table, keys, rule="place", values="", released_text=released)
    assert harmonise(free).answers["place"].tolist() == ["Ry"]
    formula = "place: {expr: {inputs: {a: {from: By, type: text}}, formula: a}, status: complete}"
    with pytest.raises(StudyError, match="lets the texts of the column 'By' through"):
        harmonise(small_study(tmp_path / "c", "Id;By\n1;Ry\n", formula))


PATTERN = "{map: {from: Køn, match: regex, values: {'.*': woman}}, status: complete}"
LEFT = "{map: {from: Køn, match: regex, values: {'kv.*': woman}, otherwise: invalid}, status: complete}"
FORMULA = (
    '{expr: {inputs: {a: {from: Køn, type: text}}, formula: \'case(a == "x", "woman", "man")\'}, '
    "status: complete}"
)


@pytest.mark.parametrize("rule", [PATTERN, LEFT, FORMULA], ids=["pattern", "otherwise", "formula"])
def test_no_pattern_no_formula_and_no_otherwise_takes_a_masked_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rule: str
):
    study = small_study(tmp_path, f"Id;Køn\n1;Kvinde\n2;{EMAIL}\n", f"gender: {rule}")
    assert [problem.column for problem in told(study)] == ["Køn"]
    assert EMAIL not in everything(study, capsys)
    assert harmonise(study, on_problem="mark").people["gender_missing"].tolist()[1] == "rule_failed"


def test_an_item_of_a_score_that_holds_an_identifier_costs_that_score_only(tmp_path: Path):
    rule = "hours: {score: {items: [A, B], range: [0, 10], method: mean, minimum: 1}, status: complete}"
    study = small_study(tmp_path, f"Id;A;B\n1;1;3\n2;{EMAIL};3\n", rule)
    assert [problem.column for problem in told(study)] == ["A"]
    found = harmonise(study, on_problem="mark").answers
    assert found["hours"].tolist()[0] == 2
    assert found["hours_missing"].tolist()[1] == "rule_failed"


def test_a_trace_shows_an_answer_that_no_rule_lists_by_its_form(tmp_path: Path):
    table = f"Id;Køn\n1;Kvinde\n2;{NAME}\n"
    listed = small_study(tmp_path / "a", table, GENDER)
    assert trace(listed, "gender", person="1")["answer"].tolist() == ["Kvinde"]
    assert trace(listed, "gender", person="2")["answer"].tolist() == ["Aaaaa Aaaaaaaaaaaa"]
    by_pattern = small_study(tmp_path / "b", table, f"gender: {PATTERN}")
    assert trace(by_pattern, "gender", person="2")["answer"].tolist() == ["Aaaaa Aaaaaaaaaaaa"]
    assert trace(listed, "gender", original_id="2", programme="kvinfo")["row"].tolist() == [3]


def test_without_a_key_nobody_is_found_by_the_id_of_her_programme(tmp_path: Path):
    study = keyed(small_study(tmp_path, "Id;Køn\n7;Kvinde\n", GENDER), "none")
    assert trace(study, "gender", person="kv_end-1")["answer"].tolist() == ["Kvinde"]
    with pytest.raises(UsageError, match="Without a key nobody can be found by the id"):
        trace(study, "gender", original_id="7", programme="kvinfo")


def test_a_year_later_a_new_answer_that_may_be_a_name_is_told_by_its_form_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    first, second = "Id;Køn\n1;Kvinde\n", f"Id;Køn\n1;Kvinde\n2;{NAME}\n3;{EMAIL}\n4;Ukendt\n"
    again = crosswalk(GENDER, id="kv_next", round="2025")
    study = make_study(
        tmp_path,
        {"end.csv": first, "next.csv": second},
        {
            "end.csv": crosswalk(GENDER),
            "next.csv": again.replace("instrument:", "based_on: kv_end\ninstrument:"),
        },
    )
    found = check(study).changes
    assert found["now"].tolist() == ["Aaaaa Aaaaaaaaaaaa", "Ukendt"]
    assert "answers of the form 'Aaaaa Aaaaaaaaaaaa' are new (1 row), not shown" in found["said"].iloc[0]
    main(["renew", "kv_end", str(tmp_path), "--as", "kv_2026", "--file", str(tmp_path / "data/raw/next.csv")])
    shown = capsys.readouterr()
    made = (tmp_path / "codebook/crosswalks/kv_2026.yaml").read_text("utf-8")
    text = made + shown.out + shown.err + everything(study, capsys)
    assert "Ukendt" in made
    assert NAME not in text and EMAIL not in text


def test_a_file_is_drafted_with_its_identifiers_masked_and_refused_where_its_headings_hold_some(
    tmp_path: Path,
):
    write(tmp_path / "a.csv", f"Nr;Note\n1;{EMAIL}\n2;ja\n")
    table, _ = open_file(tmp_path / "a.csv")
    assert table.frame["Note"].tolist() == ["‹e-mail address›", "ja"]
    write(tmp_path / "b.csv", f"1;{EMAIL}\n2;ja\n")
    with pytest.raises(SourceError, match="the first row seems to be an answer"):
        open_file(tmp_path / "b.csv")
