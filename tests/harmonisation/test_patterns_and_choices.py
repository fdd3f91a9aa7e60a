"""Patterns where a rule asks for them, and multiple choice on anything: yes or no, and how many."""

from __future__ import annotations

from pathlib import Path

import pytest
from study_maker import CODEBOOK, crosswalk, make_study, small_study
from test_plain_rules import data, pairs

from kij_analysis.errors import HarmonisationError, StudyError
from kij_analysis.harmonisation import Harmonised, harmonise

TRADE = """
status:
  map:
    from: A
    match: regex
    values: {"job( .*)?": employed, "led(ig)?": unemployed, ".*kursus": education}
    missing: {job ukendt: dont_know}
  status: complete
"""


def test_a_pattern_must_fit_the_whole_answer_and_capitals_and_blanks_do_not_count(tmp_path: Path):
    found = data(tmp_path, ["Job  i dag", "LEDIG", "et Kursus", ""], TRADE).answers
    assert [value for value, _ in pairs(found, "status")] == ["employed", "unemployed", "education", None]


def test_what_a_rule_names_literally_beats_its_patterns(tmp_path: Path):
    assert pairs(data(tmp_path, ["Job ukendt"], TRADE).answers, "status") == [(None, "dont_know")]


def test_two_patterns_that_fit_one_answer_are_told_without_the_answer(tmp_path: Path):
    with pytest.raises(HarmonisationError) as caught:
        data(tmp_path, ["Job Anna kursus", "ledig"], TRADE)
    told = str(caught.value)
    assert r"Answers of the form 'Aaa Aaaa aaaaaa' (1 row) fit 'job( .*)?', '.*kursus'." in told
    assert "Anna" not in told


def test_answers_that_no_pattern_fits_are_told_by_count_and_form_only(tmp_path: Path):
    with pytest.raises(HarmonisationError) as caught:
        data(tmp_path, ["Syg", "Syg", "Åse Holm", "job"], TRADE)
    (problem,) = caught.value.problems
    assert problem.what == "for status: 2 different answers have no rule (3 rows): 'Aaa' (2), 'Aaa Aaaa' (1)."


def test_the_ledger_names_the_pattern_and_not_the_answer(tmp_path: Path):
    counts = data(tmp_path, ["job hos Anna", "job hos Eva", "ledig"], TRADE).ledger.counts
    mine = counts.loc[counts["column"] == "status", ["from", "to", "rows"]]
    assert mine.to_numpy().tolist() == [["job( .*)?", "employed", 2], ["led(ig)?", "unemployed", 1]]


def test_without_match_an_answer_is_no_pattern(tmp_path: Path):
    rule = 'status: {map: {from: A, values: {"C++ (kursus)": education, "a.b": employed}}, status: complete}'
    assert pairs(data(tmp_path, ["c++ (kursus)"], rule).answers, "status") == [("education", None)]
    with pytest.raises(HarmonisationError, match="'axb' has no rule"):
        data(tmp_path / "2", ["axb"], rule)


def test_otherwise_counts_what_a_map_leaves_over_and_shows_none_of_it(tmp_path: Path):
    rule = "status: {map: {from: A, values: {Ledig: unemployed}, otherwise: invalid}, status: complete}"
    found = data(tmp_path, ["Ledig", "Hos Anna", "x"], rule)
    assert pairs(found.answers, "status")[1:] == [(None, "invalid"), (None, "invalid")]
    (notice,) = found.ledger.problems
    told = (
        "for status: 2 different answers have no rule (2 rows): 'Aaa Aaaa' (1), 'a' (1); they become invalid."
    )
    assert notice.what == told
    assert not found.ledger.counts["from"].str.contains("Anna").any()


def test_otherwise_says_nothing_about_empty_cells(tmp_path: Path):
    rule = "status: {map: {from: A, values: {Ledig: unemployed}, otherwise: invalid}, status: complete}"
    with pytest.raises(HarmonisationError, match="An empty cell has no rule"):
        data(tmp_path, ["", "Ledig"], rule, missing={})


HELP = """
in_work:
  any_of:
    from: Q
    separator: ";"
    values: {Løn: true, Tilskud: true, Praktik: false, Intet: false, Ved ikke: {missing: dont_know}}
    empty: no_answer
  status: complete
hours:
  count_of:
    from: Q
    separator: ";"
    values: {Løn: job, Tilskud: job, Praktik: true, Intet: false, Ved ikke: {missing: dont_know}}
    empty: none
  status: complete
"""


def cells(folder: Path, answers: list[str], rules: str) -> Harmonised:
    rows = [f'{number};"{answer}"' for number, answer in enumerate(answers, 1)]
    return harmonise(small_study(folder, "Id;Q\n" + "\n".join(rows) + "\n", rules))


CELLS = ["Løn;Praktik", "Praktik", "Løn; tilskud ", "Intet", "Ved ikke", "Ved ikke;Praktik", ""]


def test_any_yes_no_variable_may_be_one_of_many_answers_in_a_cell(tmp_path: Path):
    found = cells(tmp_path, CELLS, HELP).answers
    assert pairs(found, "in_work") == [
        (True, None), (False, None), (True, None), (False, None), (None, "dont_know"), (False, None),
        (None, "no_answer"),
    ]  # fmt: skip


def test_answers_that_are_true_count_each_and_those_of_one_name_once(tmp_path: Path):
    found = cells(tmp_path, CELLS, HELP).answers
    assert pairs(found, "hours") == [
        (2, None), (1, None), (1, None), (0, None), (None, "dont_know"), (1, None), (0, None)
    ]  # fmt: skip


TICKED = """
in_work:
  any_of: &question
    columns: {A: true, B: true, C: false}
    chosen: [x]
    not_chosen: [""]
    none_chosen: no_answer
    missing: {"?": refused}
  status: complete
hours: {count_of: *question, status: complete}
"""
ROWS = ["x;;", "x;x;", ";;x", ";;", "?;;", "?;x;", ";x;?"]


def test_columns_may_be_counted_and_a_column_that_is_missing_makes_the_number_unknown(tmp_path: Path):
    body = "\n".join(f"{number};{row}" for number, row in enumerate(ROWS, 1))
    found = harmonise(small_study(tmp_path, f"Id;A;B;C\n{body}\n", TICKED)).answers
    assert pairs(found, "in_work") == [
        (True, None), (True, None), (False, None), (None, "no_answer"), (None, "refused"), (True, None),
        (True, None),
    ]  # fmt: skip
    assert pairs(found, "hours") == [
        (1, None), (2, None), (0, None), (None, "no_answer"), (None, "refused"), (None, "refused"),
        (None, "refused"),
    ]  # fmt: skip


OUTPUTS = """
  support:
    concept: Who helped.
    frame: answers
    type: boolean
    labels: *any
    outputs: {mentor: {type: boolean}, friend: {type: boolean}, office: {type: boolean}}
"""


def test_one_rule_may_fill_the_outputs_that_its_answers_name(tmp_path: Path):
    rules = """
    support:
      any_of:
        from: Q
        separator: ","
        values: {Mentor: mentor, Ven: friend, Veninde: friend, Ingen: none}
        empty: none
      status: complete
    """
    book = {**CODEBOOK, "variables.yaml": CODEBOOK["variables.yaml"] + OUTPUTS}
    table = 'Id;Q\n1;"Mentor, Ven"\n2;Veninde\n3;Ingen\n4;\n'
    study = make_study(tmp_path, {"end.csv": table}, {"end.csv": crosswalk(rules)}, codebook=book)
    found = harmonise(study).answers
    assert found["support_mentor"].tolist() == [True, False, False, False]
    assert found["support_friend"].tolist() == [True, True, False, False]
    assert set(found["support_office_missing"]) == {"undetermined"}


def test_an_answer_that_stands_in_two_ways_is_still_an_error_at_once(tmp_path: Path):
    with pytest.raises(StudyError, match="The answer 'LEDIG' leads to two values"):
        data(
            tmp_path,
            ["x"],
            "in_work: {map: {from: A, values: {Ledig: false, LEDIG: true}}, status: complete}",
        )
