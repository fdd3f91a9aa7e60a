"""Formulas: named inputs, one result, and what becomes of what cannot be computed."""

from __future__ import annotations

from pathlib import Path

import pytest
from study_maker import small_study
from test_plain_rules import pairs

from kij_analysis.errors import HarmonisationError
from kij_analysis.harmonisation import Harmonised, harmonise


def worked(folder: Path, rows: list[str], rules: str, **options: str) -> Harmonised:
    body = "\n".join(f"{number};{row}" for number, row in enumerate(rows, 1))
    return harmonise(small_study(folder, f"Id;A;B\n{body}\n", rules), **options)


RATE = """
hours:
  expr:
    inputs:
      all: {from: A, type: number, missing: {97: refused, 98: dont_know}}
      weeks: {from: B, type: number}
    formula: all / weeks
    MORE
  status: complete
"""


def test_a_result_is_missing_for_the_first_reason_of_its_inputs(tmp_path: Path):
    found = worked(tmp_path, ["74;2", "97;", ";2", "98;97"], RATE.replace("MORE", "")).answers
    assert pairs(found, "hours") == [(37, None), (None, "refused"), (None, "no_answer"), (None, "dont_know")]


def test_what_cannot_be_computed_or_lies_outside_stops_the_work_with_counts(tmp_path: Path):
    with pytest.raises(HarmonisationError) as caught:
        worked(tmp_path, ["74;2", "10;0", "900;2", "1000;2"], RATE.replace("MORE", ""))
    told = str(caught.value)
    assert "of the formula's results 1 are no number, as after a division by zero, the first in row 3" in told
    assert "of the formula's results 2 lie outside 0–168, the first in row 4" in told
    assert "450" not in told and "900" not in told


def test_otherwise_is_the_reason_of_such_results(tmp_path: Path):
    found = worked(tmp_path, ["74;2", "10;0", "900;2", ";1"], RATE.replace("MORE", "otherwise: invalid"))
    assert pairs(found.answers, "hours") == [
        (37, None), (None, "invalid"), (None, "invalid"), (None, "no_answer")
    ]  # fmt: skip


def test_an_input_that_cannot_be_read_stops_the_work_or_is_missing(tmp_path: Path):
    with pytest.raises(HarmonisationError, match=r"column 'A': .* cannot be read as numbers"):
        worked(tmp_path / "1", ["ti;2"], RATE.replace("MORE", ""))
    rules = RATE.replace("98: dont_know}", "98: dont_know}, otherwise: invalid").replace("MORE", "")
    assert pairs(worked(tmp_path / "2", ["ti;2"], rules).answers, "hours") == [(None, "invalid")]


STATUS = """
status:
  expr:
    inputs:
      job: {from: A, type: text, values: {Ja: "yes", Nej: "no", Ved ikke: {missing: dont_know}}}
      seeks: {from: B, type: number, values: {Søger: 1, Studerer: 2, "-": 0}}
    formula: case(job == "yes", 1, seeks == 1, 2, seeks == 2, 3)
    values: {1: employed, 2: unemployed, 3: education}
  status: complete
"""


def test_results_lead_to_categories_and_the_first_condition_that_holds_counts(tmp_path: Path):
    found = worked(tmp_path, ["Ja;Søger", "Nej;søger", "nej;Studerer", "Ved ikke;-"], STATUS).answers
    assert pairs(found, "status") == [
        ("employed", None), ("unemployed", None), ("education", None), (None, "dont_know")
    ]  # fmt: skip


def test_rows_that_fit_no_condition_are_told(tmp_path: Path):
    with pytest.raises(HarmonisationError, match="1 fit no condition of case, which has no value at its end"):
        worked(tmp_path, ["Ja;-", "Nej;-"], STATUS)


def test_a_result_without_a_value_of_its_own_is_told(tmp_path: Path):
    with pytest.raises(HarmonisationError, match="1 have no value of their own under values:"):
        worked(tmp_path, ["Nej;Studerer", "Ja;-"], STATUS.replace(", 3: education", ""))


def test_an_answer_of_an_input_without_a_rule_fails_its_row_only(tmp_path: Path):
    found = worked(tmp_path, ["Måske;Søger", "Ja;-"], STATUS, on_problem="mark").answers
    assert pairs(found, "status") == [(None, "rule_failed"), ("employed", None)]


def test_dates_and_conditions_come_over_as_what_they_are(tmp_path: Path):
    rules = """
    age:
      expr:
        inputs: {birth: {from: A, type: date}, asked: {from: B, type: date}}
        formula: years_between(birth, asked)
      status: complete
    in_work:
      expr: {inputs: {asked: {from: B, type: date}}, formula: 'asked >= date("2024-01-01")'}
      status: complete
    start:
      expr:
        inputs: {birth: {from: A, type: date}, asked: {from: B, type: date}}
        formula: max(birth, asked)
      status: complete
    """
    data = worked(tmp_path, ["01-06-1990;31-05-2024", "02-01-1980;03-02-2023", ";03-02-2023"], rules)
    both = data.with_people()
    assert pairs(both, "age") == [(33, None), (43, None), (None, "no_answer")]
    assert data.answers["in_work"].tolist() == [True, False, False]
    assert data.answers["start"].dt.strftime("%Y-%m-%d").tolist()[:2] == ["2024-05-31", "2023-02-03"]


def test_the_ledger_names_the_columns_and_shows_no_result(tmp_path: Path):
    ledger = worked(tmp_path, ["74;2", "37;2"], RATE.replace("MORE", "")).ledger
    assert ledger.rules.set_index("column").loc["hours", ["from", "rule"]].tolist() == ["A | B", "expr"]
    counts = ledger.counts.loc[ledger.counts["column"] == "hours", ["from", "to", "rows"]]
    assert counts.to_numpy().tolist() == [["", "(calculated)", 2]]
