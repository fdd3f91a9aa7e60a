"""From dated answers to times: what came first, between which days it lies, and who cannot be followed."""

from __future__ import annotations

import pandas as pd
import pytest

from kij_analysis.effects import time_to_job
from kij_analysis.errors import UsageError

DAYS = 30.4375


def table(text: str) -> pd.DataFrame:
    """Answers from a small table; an empty cell is a missing answer, `-` in job says that there was none."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    frame = pd.DataFrame(lines[1:], columns=lines[0]).replace("", None)
    for name in ("date", "job"):
        frame[name] = pd.to_datetime(frame[name].where(frame[name] != "-") if name in frame else None)
    asked = [line[lines[0].index("job")] == "-" if "job" in lines[0] else False for line in lines[1:]]
    missing = pd.Series(["not_applicable" if one else None for one in asked], dtype="object")
    frame = frame.rename(columns={"job": "date_of_first_job", "status": "labour_status"})
    return frame.assign(
        date_of_first_job_missing=missing, programme="fika", gender="woman", data_status="observed"
    )


def told(text: str, **options: object) -> list[tuple]:
    """(person, earliest day, latest day, outcome, whether the day is known, why not followed)"""
    found = time_to_job(table(text), **options)
    days = (found[["months_earliest", "months_latest"]] * DAYS).round().astype("Int64")
    return list(
        zip(
            found["person_id"],
            *(days[name].astype("object").where(days[name].notna(), None) for name in days),
            found["outcome"].astype("object").where(found["outcome"].notna(), None),
            found["dated"],
            found["not_followed"],
            strict=True,
        )
    )


def test_a_job_told_in_an_answer_began_after_the_last_answer_without_one():
    assert told("""
        person_id | wave      | date       | status
        a         | entry     | 2024-01-01 | unemployed
        a         | end       | 2024-07-01 | unemployed
        a         | follow_up | 2024-12-31 | employed
        b         | entry     | 2024-01-01 | education
        b         | end       | 2024-07-01 | subsidised_job
    """) == [("a", 182, 365, "job", False, ""), ("b", 0, 182, "job", False, "")]


def test_a_job_with_a_date_counts_from_that_day_even_if_the_status_is_not_told():
    assert told("""
        person_id | wave      | date       | status     | job
        a         | entry     | 2024-01-01 | unemployed |
        a         | follow_up | 2024-12-31 |            | 2024-03-01
    """) == [("a", 60, 60, "job", True, "")]


@pytest.mark.parametrize(
    ("job", "why"),
    [
        ("2023-06-01", "before entry"),
        ("2025-06-01", "after the answer"),
        ("2024-10-01", "after a job is told"),
    ],
)
def test_an_impossible_date_of_the_job_is_not_used(job: str, why: str):
    assert told(f"""
        person_id | wave      | date       | status     | job
        a         | entry     | 2024-01-01 | unemployed |
        a         | end       | 2024-07-01 | employed   |
        a         | follow_up | 2024-12-31 | employed   | {job}
    """) == [("a", 0, 182, "job", False, "")], why


def test_who_says_that_there_was_no_job_waits_until_that_answer():
    assert told("""
        person_id | wave      | date       | status     | job
        a         | entry     | 2024-01-01 | unemployed |
        a         | follow_up | 2024-12-31 |            | -
    """) == [("a", 365, 365, "none", False, "")]


def test_education_ends_the_wait_only_if_it_was_taken_up_since_entry():
    text = """
        person_id | wave  | date       | status
        a         | entry | 2024-01-01 | unemployed
        a         | end   | 2024-07-01 | education
        b         | entry | 2024-01-01 | education
        b         | end   | 2024-07-01 | education
    """
    assert told(text) == [("a", 0, 182, "education", False, ""), ("b", 182, 182, "none", False, "")]
    assert told(text, competing=["left"])[0] == ("a", 182, 182, "none", False, "")


def test_who_left_for_a_job_or_for_education_has_these_and_others_have_left():
    assert told("""
        person_id | wave  | date       | status     | completed   | reason_not_completed
        a         | entry | 2024-01-01 | unemployed |             |
        a         | end   | 2024-07-01 | unemployed | dropped_out | job
        b         | entry | 2024-01-01 | unemployed |             |
        b         | end   | 2024-07-01 |            | dropped_out | education
        c         | entry | 2024-01-01 | unemployed |             |
        c         | end   | 2024-07-01 | unemployed | dropped_out | moved
        d         | entry | 2024-01-01 | unemployed |             |
        d         | end   | 2024-07-01 | employed   | dropped_out | moved
        e         | entry | 2024-01-01 | unemployed |             |
        e         | end   | 2024-07-01 | unemployed | completed   |
    """) == [
        ("a", 0, 182, "job", False, ""), ("b", 0, 182, "education", False, ""), ("c", 0, 182, "left", False,
        ""), ("d", 0, 182, "job", False, ""), ("e", 182, 182, "none", False, ""),
    ]  # fmt: skip


def test_what_is_known_first_counts():
    assert told("""
        person_id | wave      | date       | status     | job
        a         | entry     | 2024-01-01 | unemployed |
        a         | end       | 2024-07-01 | education  |
        a         | follow_up | 2024-12-31 | employed   | 2024-10-01
        b         | entry     | 2024-01-01 | unemployed |
        b         | end       | 2024-07-01 | education  |
        b         | follow_up | 2024-12-31 | employed   | 2024-03-01
    """) == [("a", 0, 182, "education", False, ""), ("b", 60, 60, "job", True, "")]


def test_everybody_who_is_not_followed_stands_there_with_the_reason():
    assert told("""
        person_id | wave  | date       | status
        a         | entry | 2024-01-01 | employed
        a         | end   | 2024-07-01 | employed
        b         | entry | 2024-01-01 |
        b         | end   | 2024-07-01 | employed
        c         | entry |            | unemployed
        c         | end   | 2024-07-01 | employed
        d         | end   | 2024-07-01 | employed
        e         | entry | 2024-01-01 | unemployed
        f         | entry | 2024-01-01 | unemployed
        f         | end   | 2024-07-01 |
    """) == [
        ("a", None, None, None, False, "in_work"), ("b", None, None, None, False, "status_unknown"),
        ("c", None, None, None, False, "no_entry"), ("d", None, None, None, False, "no_entry"),
        ("e", None, None, None, False, "no_later_answer"), ("f", None, None, None, False, "no_later_answer"),
    ]  # fmt: skip


def test_mentors_are_left_aside_and_the_argument_stays_as_it_was():
    frame = table("""
        person_id | wave  | date       | status     | role
        a         | entry | 2024-01-01 | unemployed | mentee
        a         | end   | 2024-07-01 | employed   | mentee
        m         | end   | 2024-07-01 | employed   | mentor
    """)
    before = frame.copy()
    assert time_to_job(frame)["person_id"].tolist() == ["a"]
    pd.testing.assert_frame_equal(frame, before)


ONE = """
    person_id | wave  | date       | status
    a         | entry | 2024-01-01 | unemployed
    a         | end   | 2024-07-01 | employed
"""


@pytest.mark.parametrize(
    ("change", "options", "sentence"),
    [
        (lambda f: f.drop(columns="date"), {}, "has no column 'date'"),
        (lambda f: f[f["wave"] == "end"], {}, "no wave 'entry'"),
        (lambda f: pd.concat([f, f]), {}, "2 persons stand twice in a wave"),
        (lambda f: f, {"competing": ["illness"]}, "A competing event is 'illness'"),
    ],
)
def test_what_a_user_can_mend_is_said(change, options: dict, sentence: str):
    with pytest.raises(UsageError, match=sentence):
        time_to_job(change(table(ONE)), **options)
