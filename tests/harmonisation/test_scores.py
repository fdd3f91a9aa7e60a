"""Scores of several items: means and sums, turned items, and who has answered too little."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from study_maker import small_study
from test_plain_rules import pairs

from kij_analysis.errors import HarmonisationError
from kij_analysis.harmonisation import Harmonised, harmonise

MEAN = """
hours:
  score:
    items: [Q1, Q2, {{from: Q3, reversed: true}}]
    range: [1, 5]
    method: {method}
    minimum: 2
    missing: {{97: dont_know, 98: refused}}
    {more}
  status: complete
"""


def scores(folder: Path, rows: list[str], rules: str) -> Harmonised:
    body = "\n".join(f"{number};{row}" for number, row in enumerate(rows, 1))
    return harmonise(small_study(folder, f"Id;Q1;Q2;Q3\n{body}\n", rules))


def test_the_mean_is_of_those_items_that_were_answered_with_turned_ones_mirrored(tmp_path: Path):
    found = scores(tmp_path, ["1;2;5", "5;5;1", "4;;2", ";3;3"], MEAN.format(method="mean", more=""))
    assert found.answers["hours"].tolist() == pytest.approx([4 / 3, 5, 4, 3])


def test_the_reason_of_too_few_answers_is_the_first_in_the_codebook(tmp_path: Path):
    found = scores(tmp_path, ["1;97;98", ";98;1", ";;", "97;97;3"], MEAN.format(method="mean", more=""))
    assert [reason for _, reason in pairs(found.answers, "hours")] == [
        "dont_know", "refused", "no_answer", "dont_know"
    ]  # fmt: skip


def test_a_sum_with_a_missing_item_is_the_mean_times_the_number_of_items(tmp_path: Path):
    found = scores(tmp_path, ["1;2;5", "4;;2"], MEAN.format(method="sum", more=""))
    assert found.answers["hours"].tolist() == pytest.approx([4, 12])


def test_a_mean_may_be_spread_over_other_numbers(tmp_path: Path):
    found = scores(tmp_path, ["1;1;5", "5;5;1", "3;3;3"], MEAN.format(method="mean", more="to: [0, 100]"))
    assert found.answers["hours"].tolist() == pytest.approx([0, 100, 50])


def test_a_number_outside_the_range_stops_the_work(tmp_path: Path):
    with pytest.raises(HarmonisationError, match=r"column 'Q2'.* 1 answer outside 1–5, the first in row 3"):
        scores(tmp_path, ["1;2;5", "1;6;2"], MEAN.format(method="mean", more=""))


def test_a_row_with_an_answer_without_a_rule_has_no_score_even_if_others_are_enough(tmp_path: Path):
    body = "Id;Q1;Q2;Q3\n1;1;2;7\n2;1;2;3\n"
    rules = MEAN.format(method="mean", more="")
    found = harmonise(small_study(tmp_path, body, rules), on_problem="mark").answers
    assert pairs(found, "hours") == [(None, "rule_failed"), (2.0, None)]


LABELS = """
skill:
  outputs:
    score:
      score:
        items:
          - Q1
          - {from: Q2, reversed: true}
          - {from: Q3, values: {Nej: 0, Måske: 5, Ja: 10, "?": {missing: refused}}}
        scale: grade3_da
        range: [0, 10]
        method: mean
        minimum: 3
        to: [0, 100]
      status: partial
      because: steps are taken as equal
"""


def test_items_may_be_scales_or_lists_of_answers(tmp_path: Path):
    rows = [
        "I høj grad;Slet ikke;Ja",
        "Slet ikke;I nogen grad;Måske",
        "I høj grad;Ved ikke;Ja",
        "Slet ikke;Slet ikke;?",
    ]
    found = scores(tmp_path, rows, LABELS).answers
    assert [value for value, _ in pairs(found, "skill_score")] == pytest.approx([100, 100 / 3, None, None])
    assert found["skill_score_missing"].dropna().tolist() == ["dont_know", "refused"]


def test_an_item_that_falls_where_the_others_rise_is_told(tmp_path: Path):
    draw = random.Random(3)
    levels = [draw.randint(1, 5) for _ in range(60)]
    rows = [f"{level};{min(5, max(1, level + draw.choice([-1, 0, 1])))};{level}" for level in levels]
    found = scores(tmp_path, rows, MEAN.format(method="mean", more=""))
    told = [problem for problem in found.ledger.problems if "falls where the others rise" in problem.what]
    assert [problem.column for problem in told] == ["Q3"]
    assert "say reversed: true" in told[0].fix


def test_the_ledger_names_every_item_and_shows_no_score(tmp_path: Path):
    ledger = scores(tmp_path, ["1;2;5", "5;5;1", "98;;"], MEAN.format(method="mean", more="")).ledger
    rule = ledger.rules.set_index("column").loc["hours"]
    assert (rule["from"], rule["rule"], rule["valid"], rule["missing"]) == ("Q1 | Q2 | Q3", "score", 2, 1)
    counts = ledger.counts.loc[ledger.counts["column"] == "hours", ["from", "to", "missing", "rows"]]
    assert counts.to_numpy().tolist() == [["", "(calculated)", "", 2], ["", "", "refused", 1]]


def test_a_score_agrees_with_one_worked_out_row_by_row(tmp_path: Path):
    draw = random.Random(8)
    answers = [[draw.choice(["1", "2", "3", "4", "5", "", "98"]) for _ in range(3)] for _ in range(80)]
    found = scores(tmp_path, [";".join(row) for row in answers], MEAN.format(method="mean", more="")).answers
    for row, (value, reason) in zip(answers, pairs(found, "hours"), strict=True):
        numbers = [6 - int(a) if place == 2 else int(a) for place, a in enumerate(row) if a not in ("", "98")]
        if len(numbers) >= 2:
            assert value == pytest.approx(sum(numbers) / len(numbers)) and reason is None
        else:
            assert value is None and reason == ("refused" if "98" in row else "no_answer")
