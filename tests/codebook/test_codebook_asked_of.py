"""Who is asked what, and when: what a crosswalk need not say, and what it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from kij_analysis.codebook import load_codebook, load_crosswalk
from kij_analysis.errors import StudyError
from kij_analysis.harmonisation.compiling import absent_reason
from kij_analysis.template import template_folder

SHIPPED = template_folder() / "codebook"
INSTRUMENT = """
instrument:
  id: small
  programme: kvinfo
  role: {role}
  wave: {wave}
  file: {{format: delimited, encoding: utf-8}}
  keys: {{person_id: id}}
rules:
  gender: {{constant: {{value: woman}}, status: complete}}
"""


@pytest.fixture(scope="module")
def codebook():
    return load_codebook(SHIPPED)


def small(folder: Path, codebook, *, role: str, wave: str, rules: str = ""):
    path = folder / "small.yaml"
    path.write_text(INSTRUMENT.format(role=role, wave=wave) + rules, "utf-8")
    return load_crosswalk(path, codebook)


def altered(folder: Path, name: str, old: str, new: str) -> Path:
    """The shipped codebook with one change."""
    for file in SHIPPED.glob("*.yaml"):
        text = file.read_text("utf-8")
        if file.name == name:
            assert old in text
            text = text.replace(old, new, 1)
        (folder / file.name).write_text(text, "utf-8")
    return folder


def told(rule) -> tuple[str, str, str]:
    return rule.status, rule.because, absent_reason(rule)


def test_a_mentee_survey_need_not_say_that_it_does_not_ask_mentors(codebook, tmp_path):
    made = small(tmp_path, codebook, role="mentee", wave="end")
    assert told(made.rule("mentor_insight_score")) == (
        "not_applicable",
        "asked of mentors only",
        "not_applicable",
    )


def test_a_question_of_another_wave_was_not_asked(codebook, tmp_path):
    made = small(tmp_path, codebook, role="mentee", wave="end")
    assert told(made.rule("field_of_education")) == ("not_applicable", "asked at entry only", "not_asked")


def test_about_the_pair_the_other_one_was_asked(codebook, tmp_path):
    """So the mentee's own reason is not covered by the mentor's."""
    made = small(tmp_path, codebook, role="mentor", wave="end")
    assert told(made.rule("same_occupation")) == ("not_applicable", "asked of mentees only", "not_asked")


def test_what_this_role_is_asked_in_this_wave_stays_undetermined_without_a_rule(codebook, tmp_path):
    made = small(tmp_path, codebook, role="mentee", wave="end")
    assert told(made.rule("labour_status")) == ("undetermined", "no rule yet", "undetermined")


def test_barriers_are_not_asked_of_mentors(codebook, tmp_path):
    made = small(tmp_path, codebook, role="mentor", wave="end")
    assert {made.rule(name).status for name in codebook.barrier_variables} == {"not_applicable"}


def test_a_rule_for_a_question_of_another_wave_counts(codebook, tmp_path):
    made = small(
        tmp_path, codebook, role="mentee", wave="end", rules="  age: {direct: {from: a}, status: complete}\n"
    )
    assert made.rule("age").status == "complete"


def test_answers_of_mentors_cannot_be_filled_from_a_survey_of_mentees(codebook, tmp_path):
    rules = "  mentor_network:\n    outputs: {high: {map: {from: q, values: {1: true}}, status: complete}}\n"
    said = "line 11: 'mentor_network' is asked of mentors only, and this instrument's role is mentee"
    with pytest.raises(StudyError, match=said):
        small(tmp_path, codebook, role="mentee", wave="end", rules=rules)


def test_that_mentors_were_not_asked_may_be_said(codebook, tmp_path):
    rules = "  mentor_network: {impossible: {detail: unavailable, because: not asked}}\n"
    made = small(tmp_path, codebook, role="mentee", wave="end", rules=rules)
    assert made.rule("mentor_network_high").status == "impossible"


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (
            "variables.yaml",
            "only_if: {completed: [",
            "only_if: {complete: [",
            "no column 'complete'. Did you mean",
        ),
        (
            "variables.yaml",
            "only_if: {completed: [dropped_out]",
            "only_if: {completed: [left]",
            "'left' is not a cat",
        ),
        (
            "variables.yaml",
            "asked_of: {mentee: [end]}",
            "asked_of: {mentees: [end]}",
            "'mentees' is not known",
        ),
        ("variables.yaml", "asked_of: {mentee: [end]}", "asked_of: {mentee: [ends]}", "'ends' is not known"),
        ("barriers.yaml", "asked_of: {mentee:", "asked_of: {mente:", "'mente' is not known"),
        ("scales.yaml", "term: scale5_some", "term: scale5_sone", "'scale5_sone' is not in the term base"),
    ],
)
def test_a_slip_is_told_with_its_line(name, old, new, said, tmp_path):
    with pytest.raises(StudyError, match=said) as caught:
        load_codebook(altered(tmp_path, name, old, new))
    assert caught.value.problems[0].line
    assert caught.value.problems[0].file == f"codebook/{name}"


def test_the_steps_of_the_core_scale_are_the_terms_of_the_term_base(codebook):
    assert codebook.scales["core_degree5"].categories[2].labels["fi"] == "Jonkin verran"


def test_the_demonstration_crosswalks_say_themselves_what_they_did_not_ask(codebook):
    """An end survey is all that these programmes have: that is not the same as a question of another wave."""
    for name in ("kvinfo_end_2024", "fika_end_2024", "sajo_end_2024"):
        made = load_crosswalk(SHIPPED / "crosswalks" / f"{name}.yaml", codebook)
        background = [rule for rule in made.rules if codebook.columns[rule.column].frame == "people"]
        assert [rule.column for rule in background if rule.because == "asked at entry only"] == []
