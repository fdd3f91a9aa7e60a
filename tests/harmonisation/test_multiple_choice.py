"""Multiple choice on barriers: many answers in one cell, or one column per answer."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from study_maker import sav_study, small_study

from kij_analysis.errors import HarmonisationError
from kij_analysis.harmonisation import Harmonised, harmonise

CELL = """
barriers:
  any_of:
    from: Q
    separator: ";"
    values:
      Sprog: language
      Netværk: network
      Andet: other
      Tid: time_work
      Ingen: none
      Ved ikke: {missing: dont_know}
      Vil ikke svare: {missing: refused}
    empty: no_answer
  status: complete
"""


def cells(folder: Path, answers: list[str], rules: str = CELL) -> Harmonised:
    rows = [f'{number};"{answer}"' for number, answer in enumerate(answers, 1)]
    return harmonise(small_study(folder, "Id;Q\n" + "\n".join(rows) + "\n", rules))


def signs(found: Harmonised, barrier: str) -> list[str]:
    """Per row ``yes``, ``no`` or the missing reason."""
    values = found.answers[f"barrier_{barrier}"]
    reasons = found.answers[f"barrier_{barrier}_missing"]
    return [
        reason if pd.isna(value) else ("yes" if value else "no")
        for value, reason in zip(values, reasons, strict=True)
    ]


def test_each_answer_of_a_cell_is_a_yes_and_the_others_are_a_no(tmp_path: Path):
    found = cells(tmp_path, ["Sprog;Netværk", "netværk ; SPROG;", "Andet"])
    assert signs(found, "language") == ["yes", "yes", "no"]
    assert signs(found, "network") == ["yes", "yes", "no"]
    assert signs(found, "other") == ["no", "no", "yes"]


def test_an_answer_that_is_none_of_the_asked_barriers_is_a_no_for_each(tmp_path: Path):
    found = cells(tmp_path, ["Ingen", "Tid", "Ingen;Sprog"])
    assert signs(found, "language") == ["no", "no", "yes"]
    assert signs(found, "network") == ["no", "no", "no"]


def test_a_cell_that_holds_a_reason_alone_is_missing_everywhere(tmp_path: Path):
    found = cells(tmp_path, ["Ved ikke", "Sprog;Ved ikke", "Vil ikke svare;Ved ikke"])
    assert signs(found, "language") == ["dont_know", "yes", "dont_know"]
    assert signs(found, "network") == ["dont_know", "no", "dont_know"]


@pytest.mark.parametrize(("empty", "sign"), [("no_answer", "no_answer"), ("none", "no")])
def test_an_empty_cell_means_what_the_rule_says(tmp_path: Path, empty: str, sign: str):
    found = cells(tmp_path, ["", " ", "Sprog"], CELL.replace("empty: no_answer", f"empty: {empty}"))
    assert signs(found, "language") == [sign, sign, "yes"]


def test_an_answer_may_hold_the_separator_itself(tmp_path: Path):
    rules = CELL.replace('";"', '", "').replace("Sprog:", '"Sprog, dansk":')
    found = cells(tmp_path, ["Sprog, dansk, Netværk", "Netværk, Sprog, dansk", "Andet"], rules)
    assert signs(found, "language") == ["yes", "yes", "no"]
    assert signs(found, "network") == ["yes", "yes", "no"]


def test_answers_may_stand_in_lines_of_one_cell(tmp_path: Path):
    rules = CELL.replace('";"', '"\\n"').replace("Sprog:", '"Dansk sprog":')
    found = cells(tmp_path, ["Dansk sprog\nNetværk", "Andet"], rules)
    assert signs(found, "language") == ["yes", "no"]


def test_an_answer_without_a_rule_is_told_once_with_its_rows(tmp_path: Path):
    with pytest.raises(HarmonisationError) as caught:
        cells(tmp_path, ["Sprog;Netvrk", "Netvrk"])
    assert len(caught.value.problems) == 1
    told = str(caught.value)
    assert "end.csv, column 'Q'" in told
    assert "'Netvrk' has no rule (2 rows)" in told
    assert "Did you mean 'Netværk'?" in told


COLUMNS = """
barriers:
  any_of:
    columns:
      {"Hinder: Språk": language, "Hinder: Tal": language, "Hinder: Nätverk": network, "Hinder: Inget": none}
    chosen: [x, 1]
    not_chosen: ["", 0]
    none_chosen: no_answer
    missing: {"?": dont_know, "!": refused}
  status: complete
"""
HEAD = "Id;Hinder: Språk;Hinder: Tal;Hinder: Nätverk;Hinder: Inget\n"


def columns(folder: Path, rows: list[str], rules: str = COLUMNS, **options: str) -> Harmonised:
    body = "\n".join(f"{number};{row}" for number, row in enumerate(rows, 1))
    return harmonise(small_study(folder, f"{HEAD}{body}\n", rules), **options)


def test_a_barrier_is_named_where_one_of_its_columns_is_ticked(tmp_path: Path):
    found = columns(tmp_path, ["x;;;", ";X;;", "1;0;0;0", ";;x;"])
    assert signs(found, "language") == ["yes", "yes", "yes", "no"]
    assert signs(found, "network") == ["no", "no", "no", "yes"]


def test_a_tick_at_no_barrier_is_an_answer(tmp_path: Path):
    assert signs(columns(tmp_path, [";;;x"]), "language") == ["no"]


@pytest.mark.parametrize(("meaning", "sign"), [("no_answer", "no_answer"), ("none", "no")])
def test_nothing_ticked_means_what_the_rule_says(tmp_path: Path, meaning: str, sign: str):
    rules = COLUMNS.replace("none_chosen: no_answer", f"none_chosen: {meaning}")
    assert signs(columns(tmp_path, [";;;", "0;0;0;0", "x;;;"], rules), "network") == [sign, sign, "no"]


def test_a_reason_in_a_barriers_own_column_counts_unless_another_is_ticked(tmp_path: Path):
    found = columns(tmp_path, ["?;;;", "?;x;;", "!;?;;", ";;x;?"])
    assert signs(found, "language") == ["dont_know", "yes", "dont_know", "no"]
    assert signs(found, "network") == ["no_answer", "no", "no_answer", "yes"]


def test_an_empty_cell_that_is_not_called_not_chosen_is_what_the_instrument_says(tmp_path: Path):
    rules = COLUMNS.replace('not_chosen: ["", 0]', "not_chosen: [0]")
    found = columns(tmp_path, ["1;0;0;0", ";;;", "0;0;;1"], rules)
    assert signs(found, "language") == ["yes", "no_answer", "no"]
    assert signs(found, "network") == ["no", "no_answer", "no_answer"]


@pytest.mark.parametrize("place", range(4))
def test_an_answer_without_a_rule_is_told_whatever_its_column_leads_to(tmp_path: Path, place: int):
    row = ["x", "", "", ""]
    row[place] = "maybe"
    with pytest.raises(HarmonisationError) as caught:
        columns(tmp_path, [";".join(row)])
    assert len(caught.value.problems) == 1
    assert "'maybe' has no rule (1 row)" in str(caught.value)


def test_marked_answers_without_a_rule_cost_no_more_than_what_they_hide(tmp_path: Path):
    found = columns(tmp_path, ["maybe;;;", "maybe;;x;", ";;;maybe"], on_problem="mark")
    assert signs(found, "language") == ["rule_failed", "rule_failed", "rule_failed"]
    assert signs(found, "network") == ["rule_failed", "yes", "rule_failed"]


def test_a_barrier_that_the_group_does_not_name_is_undetermined(tmp_path: Path):
    assert signs(columns(tmp_path, ["x;;;"]), "other") == ["undetermined"]


def test_a_barriers_own_rule_leaves_its_column_a_sign_that_the_question_was_answered(tmp_path: Path):
    rules = COLUMNS + "\nbarrier_language: {undetermined: {because: two things in one answer}}\n"
    found = columns(tmp_path, ["x;;;", ";;;"], rules)
    assert signs(found, "language") == ["undetermined", "undetermined"]
    assert signs(found, "network") == ["no", "no_answer"]


LABELS = {"sp1": {1.0: "Språk", 2.0: "Nettverk", 9.0: "Vet ikke"}}
MAIN = """
barriers:
  any_of: {from: sp1, separator: ;, empty: none, values: {Språk: language, 2: network, 9: NINE}}
  status: complete
"""


def test_a_single_choice_by_code_or_label_is_a_multiple_choice_with_one_answer(tmp_path: Path):
    frame = pd.DataFrame({"id": ["a", "b", "c"], "sp1": [1.0, 2.0, 9.0]})
    rules = MAIN.replace("NINE", "{missing: dont_know}")
    study = sav_study(tmp_path, frame, rules, variable_value_labels=LABELS, missing_ranges={"sp1": [9]})
    assert signs(harmonise(study), "language") == ["yes", "no", "dont_know"]
    assert signs(harmonise(study), "network") == ["no", "yes", "dont_know"]


def test_a_code_that_the_file_declares_missing_is_never_a_choice(tmp_path: Path):
    frame = pd.DataFrame({"id": ["a", "b"], "sp1": [1.0, 9.0]})
    study = sav_study(
        tmp_path,
        frame,
        MAIN.replace("NINE", "other"),
        variable_value_labels=LABELS,
        missing_ranges={"sp1": [9]},
    )
    with pytest.raises(HarmonisationError, match="declares '9' missing, but the rule makes it valid"):
        harmonise(study)
