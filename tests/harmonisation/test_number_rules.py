"""Rules for numbers: intervals, mirrored items, ridits and tables of steps, end to end."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from study_maker import sav_study, small_study
from test_plain_rules import data, pairs

from kij_analysis.errors import HarmonisationError, StudyError
from kij_analysis.harmonisation import check, harmonise

AGES = """
education:
  outputs:
    level:
      intervals:
        from: A
        values:
          else: high
          999: {{missing: not_applicable}}
          12: medium
          "[0, 10)": low
          "[ 10 ,20 )": medium
          Ved ikke: {{missing: dont_know}}
        {more}
      status: complete
"""


def levels(folder: Path, answers: list[str], more: str = "") -> list[tuple[object, object]]:
    return pairs(data(folder, answers, AGES.format(more=more)).people, "education_level")


def test_a_number_takes_the_value_of_its_interval_and_its_ends_count_as_written(tmp_path: Path):
    found = levels(tmp_path, ["0", "9,99", "10", "19", "20", "-1"])
    assert [value for value, _ in found] == ["low", "low", "medium", "medium", "high", "high"]


def test_an_answer_named_by_itself_beats_intervals_and_else_wherever_it_stands(tmp_path: Path):
    found = levels(tmp_path, ["999", "999,0", "12", "Ved ikke", ""])
    none = [(None, "not_applicable"), (None, "not_applicable")]
    assert found == [*none, ("medium", None), (None, "dont_know"), (None, "no_answer")]


def test_else_is_for_numbers_only(tmp_path: Path):
    with pytest.raises(
        HarmonisationError, match=r"1 answer cannot be read as numbers .* first in row 3: 'a9'"
    ):
        levels(tmp_path, ["5", "x7"])


CUT = """
hours:
  intervals:
    from: A
    values: {"[0, 20)": 10, "[30, 60]": copy}
"""


def test_a_number_in_a_gap_stops_the_work_with_counts_and_without_the_number(tmp_path: Path):
    with pytest.raises(HarmonisationError) as caught:
        data(tmp_path, ["10", "23", "25", "25", "-4", "70"], CUT + "  status: complete")
    told = str(caught.value)
    assert "3 between [0, 20) and [30, 60], 1 below [0, 20), 1 above [30, 60]" in told
    assert "5 answers in no interval" in told and "the first in row 3" in told
    assert "23" not in told and "25" not in told and "70" not in told


def test_otherwise_is_the_reason_of_what_lies_in_a_gap_or_is_no_number(tmp_path: Path):
    rules = CUT + "    otherwise: invalid\n  status: complete"
    found = data(tmp_path, ["10", "23", "x", "37,5"], rules)
    assert pairs(found.answers, "hours") == [(10, None), (None, "invalid"), (None, "invalid"), (37.5, None)]
    assert {problem.severity for problem in found.ledger.problems} == {"notice"}


def test_a_copied_number_is_held_to_the_bounds_of_the_codebook(tmp_path: Path):
    rules = 'hours: {intervals: {from: A, values: {"[0, inf)": copy}}, status: complete}'
    with pytest.raises(HarmonisationError, match="1 answer outside 0–168, the first in row 3"):
        data(tmp_path, ["168", "169"], rules)


def test_intervals_that_overlap_are_told_before_any_data_is_read(tmp_path: Path):
    rules = 'hours: {intervals: {from: A, values: {"[0, 20]": 1, "[20, 30]": 2}}, status: complete}'
    with pytest.raises(
        StudyError, match=r"kv_end.yaml, line 3: The intervals \[0, 20\] and \[20, 30\] overlap"
    ):
        data(tmp_path, ["1"], rules)


def test_a_code_that_spss_declares_missing_never_falls_into_an_interval(tmp_path: Path):
    frame = pd.DataFrame({"id": [1.0, 2.0], "q": [30.0, 99.0]})
    rules = 'hours: {intervals: {from: q, values: {"[0, 168]": copy}}, status: complete}'
    study = sav_study(tmp_path, frame, rules, missing_ranges={"q": [99]})
    (problem,) = check(study).errors
    assert "'99' has no rule (1 row). The file declares it missing" in str(problem)


def test_the_ledger_names_intervals_and_not_the_numbers_in_them(tmp_path: Path):
    counts = data(tmp_path, ["3", "7", "37"], CUT + "  status: complete").ledger.counts
    mine = counts.loc[counts["column"] == "hours", ["from", "to", "rows"]]
    assert mine.to_numpy().tolist() == [["[0, 20)", "10", 2], ["", "(as it stands)", 1]]


def test_a_number_is_mirrored_between_its_ends(tmp_path: Path):
    rule = "hours: {reverse: {from: A, low: 1, high: 5, missing: {9: refused}}, status: complete}"
    found = data(tmp_path, ["1", "2", "5", "9", ""], rule)
    assert pairs(found.answers, "hours") == [
        (5, None), (4, None), (1, None), (None, "refused"), (None, "no_answer")
    ]  # fmt: skip


def test_a_number_beyond_the_ends_of_a_mirror_stops_the_work(tmp_path: Path):
    rule = "hours: {reverse: {from: A, low: 1, high: 5}, status: complete}"
    with pytest.raises(HarmonisationError, match="1 answer outside 1–5, the first in row 3"):
        data(tmp_path, ["1", "6"], rule)


def test_a_turned_scale_gives_the_highest_category_for_its_lowest_step(tmp_path: Path):
    rule = "education: {outputs: {level: {reverse: {from: A, scale: grade3_da}, status: complete}}}"
    found = data(tmp_path, ["Slet ikke", "I nogen grad", "I høj grad", "Ved ikke"], rule)
    assert [value for value, _ in pairs(found.people, "education_level")] == ["high", "medium", "low", None]


SKILL = """
skill:
  rescale:
    from: A
    scale: grade4_nb
    {more}
    outputs: {{{outputs}}}
  status: partial
  because: scales differ
"""
STEPS = ["1", "1", "2", "2", "2", "3", "4", "4", "98"]


def skill(folder: Path, outputs: str, more: str = "") -> list[object]:
    found = data(folder, STEPS, SKILL.format(outputs=outputs, more=more)).answers
    column = "skill_high" if "skill_high" in found and "high:" in outputs else "skill_score"
    return [value for value, _ in pairs(found, column)]


def test_ridits_by_a_declared_reference_do_not_depend_on_who_answered(tmp_path: Path):
    found = skill(
        tmp_path, "score: {method: ridit, to: [0, 1], reference: {1: 10, 2: 20, Nokså godt: 40, 4: 30}}"
    )
    assert found[:3:2] == [0.05, 0.2] and found[5:] == pytest.approx([0.5, 0.85, 0.85, None])


def test_ridits_by_the_files_own_answers_have_the_middle_as_their_mean_and_say_so(tmp_path: Path):
    rules = SKILL.format(outputs="score: {method: ridit, to: [0, 100], reference: own}", more="")
    found = data(tmp_path, STEPS, rules)
    assert found.answers["skill_score"].mean() == pytest.approx(50)
    assert found.answers["skill_score"].iloc[0] == pytest.approx(12.5)
    (notice,) = found.ledger.problems
    assert "compare with the file's own 8 answers" in notice.what and notice.severity == "notice"


def test_a_table_gives_each_step_its_number_or_a_reason(tmp_path: Path):
    outputs = "score: {method: table, values: {1: 5, 2: 12.5, 3: {missing: not_comparable}, Godt: 90}}"
    found = data(tmp_path, STEPS, SKILL.format(outputs=outputs, more="")).answers
    assert found["skill_score"].dropna().tolist() == [5, 5, 12.5, 12.5, 12.5, 90, 90]
    assert found["skill_score_missing"].dropna().tolist() == ["not_comparable", "dont_know"]


def test_a_reversed_scale_counts_its_lowest_step_as_the_highest(tmp_path: Path):
    stretched = skill(tmp_path / "a", "score: {method: stretch, to: [0, 90]}", "reversed: true")
    assert stretched == [90, 90, 60, 60, 60, 30, 0, 0, None]
    cut = skill(tmp_path / "b", "high: {method: threshold, at: 2}", "reversed: true")
    assert cut == [True, True, True, True, True, False, False, False, None]


def test_the_ledger_says_by_which_method_a_number_came_about(tmp_path: Path):
    outputs = "score: {method: ridit, to: [0, 1], reference: own}"
    rules = data(tmp_path, STEPS, SKILL.format(outputs=outputs, more="")).ledger.rules.set_index("column")
    assert rules.loc["skill_score", ["rule", "status", "from"]].tolist() == ["ridit", "partial", "A"]


def test_the_same_answers_give_the_same_ridits_in_any_order(tmp_path: Path):
    rules = SKILL.format(outputs="score: {method: ridit, to: [0, 1], reference: own}", more="")
    rows = [f"{n};{a}" for n, a in enumerate(STEPS)]
    one = harmonise(small_study(tmp_path / "1", "Id;A\n" + "\n".join(rows), rules)).answers
    two = harmonise(small_study(tmp_path / "2", "Id;A\n" + "\n".join(rows[::-1]), rules)).answers
    both = [frame.set_index("person_id")["skill_score"].sort_index() for frame in (one, two)]
    pd.testing.assert_series_equal(*both)
