"""Decisions that hold for several variables at once: every variable is named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from study_maker import crosswalk, make_study

from kij_analysis.codebook import Crosswalk, convert_crosswalk, load_codebook, load_crosswalk
from kij_analysis.errors import StudyError
from kij_analysis.template import template_folder

RULES = (
    "age: {direct: {from: A}, status: complete}\nbarrier_other: {constant: {value: true}, status: complete}"
)


def loaded(folder: Path, decisions: str, rules: str = RULES) -> Crosswalk:
    text = crosswalk(rules) + decisions
    study = make_study(folder, {"end.csv": "Id;A\n1;30\n"}, {"end.csv": text})
    return load_crosswalk(study.crosswalk(study.sources[0]), load_codebook(study.folders["codebook"]))


NOT_ASKED = """\
decisions:
  - impossible: {detail: unavailable, because: not asked}
    variables: [hours, skill]
    decided_by: CM
    on: 2026-11-22
  - {not_applicable: {because: no jobs}, variables: [in_work, barriers]}
"""


def test_one_decision_speaks_for_every_output_of_the_variables_that_it_names(tmp_path: Path):
    found = loaded(tmp_path, NOT_ASKED)
    for column in ("hours", "skill_score", "skill_high"):
        rule = found.rule(column)
        assert (rule.status, rule.detail, rule.because) == ("impossible", "unavailable", "not asked")
        assert (rule.decided_by, rule.on, rule.line) == ("CM", "2026-11-22", 6)
    assert found.rule("in_work").status == "not_applicable"


def test_barriers_stands_for_the_classification_and_a_rule_of_its_own_beats_it(tmp_path: Path):
    found = loaded(tmp_path, NOT_ASKED)
    assert [found.rule(f"barrier_{code}").status for code in ("language", "network", "other")] == [
        "not_applicable",
        "not_applicable",
        "complete",
    ]


def test_a_variable_that_nobody_names_stays_undetermined(tmp_path: Path):
    assert loaded(tmp_path, NOT_ASKED).rule("start").status == "undetermined"


@pytest.mark.parametrize(
    ("decisions", "says"),
    [
        ("{impossible: {because: not asked}, variables: [age]}", "line 6: 'age' has another rule"),
        ("{impossible: {because: not asked}, variables: [hours, hours]}", "non-unique"),
        ("{impossible: {because: not asked}, variables: [howrs]}", "Did you mean 'hours'"),
        ("{impossible: {because: not asked}, variables: [person_id]}", "no variable 'person_id'"),
        ("{variables: [hours]}", "needs exactly one kind"),
        ("{impossible: {because: x}, undetermined: {because: y}, variables: [hours]}", "exactly one kind"),
        ("{impossible: {because: not asked}, variables: []}", "nothing stands here"),
        ("{impossible: {detail: unavailable}, variables: [hours]}", "'because' is missing"),
        ("{constant: {value: 1}, variables: [hours]}", "the key 'constant' is not known"),
    ],
)  # fmt: skip
def test_a_decision_that_does_not_fit_is_told(tmp_path: Path, decisions: str, says: str):
    with pytest.raises(StudyError, match=says.replace("?", r"\?")):
        loaded(tmp_path, f"decisions:\n  - {decisions}\n")


def test_two_decisions_about_one_variable_are_told(tmp_path: Path):
    entry = "  - {impossible: {because: not asked}, variables: [hours]}\n"
    with pytest.raises(StudyError, match="line 7: 'hours' has another rule"):
        loaded(tmp_path, f"decisions:\n{entry}{entry}")


def test_a_sheet_holds_a_row_for_each_variable_and_leads_to_the_same_rules(tmp_path: Path):
    first = loaded(tmp_path, NOT_ASKED)
    sheet = first.path.with_suffix(".csv")
    convert_crosswalk(first.path, sheet)
    first.path.unlink()
    second = load_crosswalk(sheet, load_codebook(tmp_path / "codebook"))
    assert [replace(rule, line=None) for rule in second.rules] == [
        replace(rule, line=None) for rule in first.rules
    ]


@pytest.mark.parametrize("name", ["ess9_no_2018", "eb_67_1_2007", "eb_82_4_2014"])
def test_shipped_crosswalks_with_decisions_go_to_a_sheet_and_back_without_loss(tmp_path: Path, name: str):
    folder = template_folder() / "codebook"
    book = load_codebook(folder)
    convert_crosswalk(folder / "crosswalks" / f"{name}.yaml", tmp_path / f"{name}.xlsx")
    convert_crosswalk(tmp_path / f"{name}.xlsx", tmp_path / f"{name}.yaml")
    first, second = (
        load_crosswalk(place / f"{name}.yaml", book) for place in (folder / "crosswalks", tmp_path)
    )
    assert second.instrument == first.instrument
    assert [replace(rule, line=None) for rule in second.rules] == [
        replace(rule, line=None) for rule in first.rules
    ]


def test_that_no_barrier_can_be_had_may_stand_among_the_rules_too(tmp_path: Path):
    rules = f"{RULES}\nbarriers: {{impossible: {{detail: unavailable, because: no such question}}}}"
    found = loaded(tmp_path, "", rules)
    assert found.rule("barrier_network").because == "no such question"
    assert found.rule("barrier_other").status == "complete"
