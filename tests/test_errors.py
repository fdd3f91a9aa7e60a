"""Errors are sentences: what is wrong, where, and what would be right."""

from __future__ import annotations

import pytest

from kij_analysis import errors
from kij_analysis.errors import KijError, Problem, SourceError, UsageError, did_you_mean, listed, one_of


def test_a_problem_names_its_place_from_the_file_to_the_column():
    problem = Problem(what="It is wrong.", fix="Mend it.", file="a.csv", line=2, row=3, column="Køn")
    assert str(problem) == "a.csv, line 2, row 3, column 'Køn': It is wrong. Mend it."


def test_a_problem_without_a_place_is_the_sentence_alone():
    assert str(Problem(what="It is wrong.")) == "It is wrong."


def test_a_problem_takes_one_line_whatever_its_parts_hold():
    assert str(Problem(what="Two\nlines.", fix="  Mend  it.")) == "Two lines. Mend it."


def test_an_error_holds_all_its_problems_one_a_line():
    error = KijError(Problem(what=f"{word}.", file="a.csv") for word in ("One", "Two"))
    assert str(error) == "a.csv: One.\na.csv: Two."
    assert len(error.problems) == 2


def test_an_error_from_a_sentence_is_one_problem():
    error = SourceError("The file is empty.", fix="Export it again.", file="a.csv", row=1)
    assert error.problems == (
        Problem(what="The file is empty.", fix="Export it again.", file="a.csv", row=1),
    )


def test_every_class_of_errors_ends_the_command_with_a_code_of_its_own():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, KijError)]
    codes = {kind.__name__: kind.exit_code for kind in kinds if kind is not KijError}
    assert len(codes) == 6
    assert sorted(codes.values()) == [2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("word", "known", "says"),
    [
        ("emploied", ["employed", "unemployed"], "Did you mean 'employed'?"),
        ("KVINFO", ["kvinfo", "fika"], "Did you mean 'kvinfo'?"),
        ("zebra", ["employed"], ""),
        (3, [30, "x"], "Did you mean '30'?"),
        ("x", [], ""),
    ],
)
def test_a_misspelt_word_gets_the_nearest_known_one(word: object, known: list[object], says: str):
    assert did_you_mean(word, known) == says


def test_a_long_list_ends_in_a_count():
    assert listed("abcd", most=2) == "'a', 'b' and 2 more"
    assert listed("ab", most=2) == "'a', 'b'"
    assert listed([]) == ""


def test_a_value_that_is_not_known_is_refused_with_those_that_are():
    one_of("dots", ["dots", "bars"], name="kind")
    with pytest.raises(UsageError, match=r"kind is 'dot', which is not known\. Did you mean 'dots'\?"):
        one_of("dot", ["dots", "bars"], name="kind")
