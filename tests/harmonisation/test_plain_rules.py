"""Rules of one column, end to end: what stands in the file, and what comes out."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pandas as pd
import pytest
from study_maker import small_study

from kij_analysis.harmonisation import Harmonised, harmonise


def data(folder: Path, answers: list[str], rules: str, **changes: object) -> Harmonised:
    """The harmonised data of one column `A` with these answers; the ids are 1, 2, 3 …"""
    rows = [f"{number};{answer}" for number, answer in enumerate(answers, 1)]
    return harmonise(small_study(folder, "Id;A\n" + "\n".join(rows) + "\n", rules, **changes))


def pairs(frame: pd.DataFrame, column: str) -> list[tuple[object, object]]:
    """(value, reason) of each row, with None where nothing stands."""
    both = frame[[column, f"{column}_missing"]].astype(object)
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in both.to_numpy()]


def test_numbers_are_read_with_the_declared_decimal_comma(tmp_path: Path):
    found = data(tmp_path, ["37,5", "0", ""], "hours: {direct: {from: A}, status: complete}")
    assert pairs(found.answers, "hours") == [(37.5, None), (0.0, None), (None, "no_answer")]


def test_a_number_that_a_rule_calls_missing_is_not_a_number(tmp_path: Path):
    rule = "hours: {direct: {from: A, missing: {97: not_applicable, Ved ikke: dont_know}}, status: complete}"
    found = data(tmp_path, ["97", " ved IKKE", "98"], rule)
    assert pairs(found.answers, "hours") == [(None, "not_applicable"), (None, "dont_know"), (98.0, None)]


def test_both_bounds_of_a_number_are_inside(tmp_path: Path):
    found = data(tmp_path, ["0", "168"], "hours: {direct: {from: A}, status: complete}")
    assert found.answers["hours"].tolist() == [0, 168]


def test_otherwise_is_the_reason_of_what_cannot_be_read_or_lies_outside(tmp_path: Path):
    found = data(
        tmp_path, ["many", "230", "20"], "hours: {direct: {from: A, otherwise: invalid}, status: complete}"
    )
    assert pairs(found.answers, "hours") == [(None, "invalid"), (None, "invalid"), (20.0, None)]
    assert [problem.severity for problem in found.ledger.problems] == ["notice", "notice"]


def test_dates_are_read_as_the_file_declares_them(tmp_path: Path):
    found = data(tmp_path, ["31-05-2024", ""], "start: {direct: {from: A}, status: complete}")
    assert pairs(found.answers, "start") == [(pd.Timestamp("2024-05-31"), None), (None, "no_answer")]


def test_category_codes_may_stand_in_the_file_as_they_are(tmp_path: Path):
    found = data(tmp_path, ["woman", "MAN ", ""], "gender: {direct: {from: A}, status: complete}")
    assert pairs(found.people, "gender") == [("woman", None), ("man", None), (None, "no_answer")]


def test_what_a_direct_rule_calls_missing_beats_a_category_of_the_same_name(tmp_path: Path):
    found = data(
        tmp_path, ["other"], "gender: {direct: {from: A, missing: {other: refused}}, status: complete}"
    )
    assert pairs(found.people, "gender") == [(None, "refused")]


def test_true_and_false_may_stand_as_words_or_as_1_and_0(tmp_path: Path):
    found = data(tmp_path, ["TRUE", "false", "1", "0"], "in_work: {direct: {from: A}, status: complete}")
    assert found.answers["in_work"].tolist() == [True, False, True, False]


def test_the_words_true_and_false_of_a_spreadsheet_may_be_mapped_without_quotes(tmp_path: Path):
    rule = "status: {map: {from: A, values: {true: employed, false: unemployed}}, status: complete}"
    assert data(tmp_path, ["TRUE", "False"], rule).answers["status"].tolist() == ["employed", "unemployed"]


def test_a_code_may_stand_in_the_rule_with_quotes_and_in_the_file_with_blanks(tmp_path: Path):
    rule = 'status: {map: {from: A, values: {"1": employed, 2: unemployed}}, status: complete}'
    assert data(tmp_path, [" 1", "2 "], rule).answers["status"].tolist() == ["employed", "unemployed"]


def test_text_comes_over_as_it_stands(tmp_path: Path):
    rule = "place: {direct: {from: A}, status: complete}"
    found = data(tmp_path, ["Århus", ""], rule, released_text={"A": "towns name nobody"})
    assert pairs(found.answers, "place") == [("Århus", None), (None, "no_answer")]


STATUS = """
status:
  map:
    from: A
    values:
      I job uden støtte: employed
      I job med løntilskud: employed
      Ledig: unemployed
      På kursus: education
      3: education
      Ved ikke: {missing: dont_know}
    missing: {Ønsker ikke at svare: refused}
  status: complete
"""


def test_many_answers_may_lead_to_one_value_and_some_to_a_reason(tmp_path: Path):
    answers = ["I job uden støtte", "I job med løntilskud", "Ledig", "3", "Ved ikke", "Ønsker ikke at svare"]
    assert pairs(data(tmp_path, [*answers, ""], STATUS).answers, "status") == [
        ("employed", None),
        ("employed", None),
        ("unemployed", None),
        ("education", None),
        (None, "dont_know"),
        (None, "refused"),
        (None, "no_answer"),
    ]


@pytest.mark.parametrize(
    "answer",
    ["ledig", "LEDIG", "  Ledig ", unicodedata.normalize("NFD", "PÅ  kursus")],
    ids=["small letters", "capitals", "blanks around", "letters in two parts"],
)
def test_spellings_that_differ_in_capitals_blanks_or_letter_form_are_one_answer(tmp_path: Path, answer: str):
    assert data(tmp_path, [answer], STATUS).answers["status"].notna().all()


def test_an_answer_never_matches_by_a_part_of_it(tmp_path: Path):
    rule = """
    in_work:
      map: {from: A, values: {mentioned: true, not mentioned: false}}
      status: complete
    """
    found = data(tmp_path, ["not mentioned", "mentioned"], rule)
    assert found.answers["in_work"].tolist() == [False, True]


def test_the_words_no_and_yes_are_answers_like_others(tmp_path: Path):
    rule = "in_work: {map: {from: A, values: {NO: false, yes: true, on: true}}, status: complete}"
    assert data(tmp_path, ["NO", "Yes", "On"], rule).answers["in_work"].tolist() == [False, True, True]


def test_a_map_may_lead_to_numbers(tmp_path: Path):
    rule = (
        "hours: {map: {from: A, values: {Fuldtid: 37, Deltid: 18.5}}, status: partial, because: two groups}"
    )
    assert data(tmp_path, ["Deltid", "Fuldtid"], rule).answers["hours"].tolist() == [18.5, 37]


def test_what_a_rule_says_about_an_answer_beats_what_the_instrument_says(tmp_path: Path):
    rules = """
    hours: {direct: {from: A, missing: {99: not_applicable}}, status: complete}
    status: {map: {from: A, values: {99: education, 98: {missing: refused}}}, status: complete}
    """
    missing = {"": "no_answer", "99": "refused", "98": "dont_know"}
    found = data(tmp_path, ["99", "98"], rules, missing=missing).answers
    assert pairs(found, "hours") == [(None, "not_applicable"), (None, "dont_know")]
    assert pairs(found, "status") == [("education", None), (None, "refused")]


SKILL = """
skill:
  rescale:
    from: A
    scale: {scale}
    missing: {{97: not_applicable}}
    outputs:
      score: {{method: stretch, to: [0, 90], status: partial, because: equal steps}}
      high: {{method: threshold, at: {at}, status: complete}}
"""


def test_a_scale_is_stretched_over_its_steps_and_cut_at_one_of_them(tmp_path: Path):
    answers = ["Slet ikke", "I nogen grad", " i  HØJ grad ", "Ved ikke", "97", ""]
    found = data(tmp_path, answers, SKILL.format(scale="grade3_da", at="I høj grad")).answers
    reasons = [(None, "dont_know"), (None, "not_applicable"), (None, "no_answer")]
    assert pairs(found, "skill_score") == [(0.0, None), (45.0, None), (90.0, None), *reasons]
    assert pairs(found, "skill_high") == [(False, None), (False, None), (True, None), *reasons]


def test_steps_may_stand_in_the_file_as_codes_or_as_labels(tmp_path: Path):
    found = data(tmp_path, ["1", "Nokså dårlig", "3", "GODT", "98"], SKILL.format(scale="grade4_nb", at=3))
    assert pairs(found.answers, "skill_score") == [
        (0.0, None), (30.0, None), (60.0, None), (90.0, None), (None, "dont_know")
    ]  # fmt: skip
    assert found.answers["skill_high"].tolist()[:4] == [False, False, True, True]


def test_a_code_of_a_scale_is_a_step_even_where_the_instrument_calls_it_missing(tmp_path: Path):
    missing = {"": "no_answer", "4": "refused", "godt": "refused"}
    found = data(tmp_path, ["4", "Godt"], SKILL.format(scale="grade4_nb", at=3), missing=missing)
    assert found.answers["skill_score"].tolist() == [90, 90]


def test_a_constant_holds_for_every_row(tmp_path: Path):
    rules = """
    gender: {constant: {value: woman}, status: complete}
    start: {constant: {value: 2024-08-01}, status: complete}
    """
    found = data(tmp_path, ["x", "y"], rules, ignored={"A": "test"})
    assert found.people["gender"].tolist() == ["woman", "woman"]
    assert found.answers["start"].tolist() == [pd.Timestamp("2024-08-01")] * 2


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("impossible: {detail: unavailable, because: x}", "not_asked"),
        ("impossible: {because: x}", "not_asked"),
        ("impossible: {detail: incompatible, because: x}", "not_comparable"),
        ("undetermined: {because: x}", "undetermined"),
        ("not_applicable: {because: x}", "not_applicable"),
    ],
)
def test_a_column_that_cannot_be_filled_says_why_in_every_row(tmp_path: Path, rule: str, reason: str):
    found = data(tmp_path, ["x", "y"], f"hours: {{{rule}}}", ignored={"A": "test"})
    assert pairs(found.answers, "hours") == [(None, reason)] * 2


def test_a_column_that_nobody_decided_about_is_undetermined_in_every_row(tmp_path: Path):
    found = data(tmp_path, ["x"], "", ignored={"A": "test"})
    assert pairs(found.answers, "status") == [(None, "undetermined")]
