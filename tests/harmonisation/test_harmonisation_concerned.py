"""Empty cells of people whom a question does not concern."""

from __future__ import annotations

from pathlib import Path

import pytest
from study_maker import CODEBOOK, crosswalk, make_study

from kij_analysis.harmonisation import Harmonised, harmonise

HOURS = "hours: {concept: Hours., frame: answers,"
CONCERNED = {
    **CODEBOOK,
    "variables.yaml": CODEBOOK["variables.yaml"].replace(HOURS, f"{HOURS} only_if: {{status: [employed]}},"),
}
STATUS = "status: {map: {from: Status, values: {Job: employed, Ledig: unemployed}}, status: complete}"
READ = "hours: {direct: {from: Timer}, status: complete}"
ANSWERS = """
    Id | Status | Timer
    a  | Job    | 20
    b  | Job    |
    c  | Ledig  |
    d  |        |
    e  | ?      |
    f  | Ledig  | ?
    g  | Ledig  | 5
"""


def harmonised(folder: Path, *rules: str) -> Harmonised:
    """The answers above, read by these rules; a question mark is somebody who does not know."""
    rows = [";".join(cell.strip() for cell in line.split("|")) for line in ANSWERS.strip().splitlines()]
    text = crosswalk("\n".join(rules), missing={"": "no_answer", "?": "dont_know"}, other_columns="not used")
    return harmonise(make_study(folder, {"end.csv": "\n".join(rows)}, {"end.csv": text}, codebook=CONCERNED))


@pytest.mark.parametrize(
    ("person", "hours", "reason"),
    [
        ("a", 20, None),
        ("b", None, "no_answer"),
        ("c", None, "not_applicable"),
        ("d", None, "no_answer"),
        ("e", None, "no_answer"),
        ("f", None, "dont_know"),
        ("g", 5, None),
    ],
)
def test_hours_left_empty_by_somebody_without_a_job_are_not_applicable(person, hours, reason, tmp_path):
    """Who did not say whether she has a job may have one; and an answer is never taken away."""
    row = harmonised(tmp_path, STATUS, READ).answers.set_index("person_id").loc[person]
    assert (row["hours"] if hours else None, row["hours_missing"] if reason else None) == (hours, reason)


def test_the_ledger_counts_both_kinds_of_empty_cells(tmp_path):
    counts = harmonised(tmp_path, STATUS, READ).ledger.counts.query("column == 'hours' and `from` == ''")
    assert dict(zip(counts["missing"], counts["rows"], strict=True)) == {
        "": 2, "no_answer": 3, "not_applicable": 1
    }  # fmt: skip


def test_a_file_that_does_not_hold_what_decides_is_left_as_it_is(tmp_path):
    answers = harmonised(tmp_path, "status: {impossible: {because: not asked}}", READ).answers
    reasons = answers["hours_missing"].dropna().astype(str).value_counts().to_dict()
    assert reasons == {"no_answer": 4, "dont_know": 1}
