"""Intervals: what people write is read in one way, or not at all."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kij_analysis.codebook.intervals import Interval, gap_of, looks_like_interval, overlaps, parse_interval

READ = {
    "[0, 20)": (0, 20, True, False),
    "(0,20]": (0, 20, False, True),
    "]0, 20[": (0, 20, False, False),
    "[ -5 , 100 ]": (-5, 100, True, True),
    "[-5,100]": (-5, 100, True, True),
    "[-2.5, -.5)": (-2.5, -0.5, True, False),
    "[0.5,1.5]": (0.5, 1.5, True, True),
    "[0,5; 1,5]": (0.5, 1.5, True, True),
    "[0.5;1.5]": (0.5, 1.5, True, True),
    "[65, )": (65, math.inf, True, False),
    "(-inf, 0)": (-math.inf, 0, False, False),
    "[\u22125, inf]": (-5, math.inf, True, True),
    "[3, 3]": (3, 3, True, True),
}


@pytest.mark.parametrize(("text", "ends"), READ.items(), ids=READ)
def test_blanks_signs_and_decimals_are_read_as_they_stand(text: str, ends: tuple[float, float, bool, bool]):
    assert parse_interval(text) == Interval(*ends)


def test_a_negative_lower_end_lets_negative_numbers_in():
    """psHarmonize reads [-5,100] as [5,100], and [5, 100] with a blank as nothing at all."""
    assert -5 in parse_interval("[-5,100]") and -3 in parse_interval("[-5,100]")
    assert 5 in parse_interval("[5, 100]") and 56 in parse_interval("[5, 100]")


REFUSED = {
    "[0,5,1,5]": "write decimals with a point",
    "[18 30]": "two ends with one comma",
    "[1 000, 2 000]": "'1 000' is no number",
    "[20, 10]": "20 is larger than 10",
    "[20, 20)": "no number lies in it",
    "[0, ten20]": "'ten20' is no number",
    "[1.0.0, 2]": "'1.0.0' is no number",
}


@pytest.mark.parametrize(("text", "says"), REFUSED.items(), ids=REFUSED)
def test_what_can_be_read_in_two_ways_is_refused(text: str, says: str):
    assert looks_like_interval(text)
    with pytest.raises(ValueError, match=says):
        parse_interval(text)


@pytest.mark.parametrize("answer", ["20", "(ved ikke)", "[ ]", "Under 20 (ung)", 999, "0-20"])
def test_other_answers_are_no_intervals(answer: object):
    assert not looks_like_interval(answer)


NUMBERS = st.integers(-40, 40).map(lambda n: n / 4)
INTERVALS = st.builds(
    lambda a, b, left, right: Interval(min(a, b), max(a, b), left, right), NUMBERS, NUMBERS, st.booleans(),
    st.booleans(),
).filter(lambda one: one.low < one.high or (one.has_low and one.has_high))  # fmt: skip


@given(one=INTERVALS)
def test_an_interval_says_itself(one: Interval):
    assert parse_interval(str(one)) == one


@given(intervals=st.lists(INTERVALS, min_size=1, max_size=4))
def test_intervals_overlap_where_a_number_lies_in_two(intervals: list[Interval]):
    numbers = [n / 8 for n in range(-81, 82)]
    shared = any(sum(number in one for one in intervals) > 1 for number in numbers)
    assert bool(list(overlaps(intervals))) == shared


def test_a_gap_is_told_by_its_neighbours():
    pieces = [parse_interval("[30, 40]"), parse_interval("[0, 20)")]
    assert gap_of(20, pieces) == "between [0, 20) and [30, 40]"
    assert gap_of(40.1, pieces) == "above [30, 40]"
