"""Errors are sentences: what is wrong, where, and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

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
    assert len(codes) == 7
    assert sorted(codes.values()) == [2, 3, 4, 5, 6, 7, 8]


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


# ------------------------------------------------------------------ as a notebook shows them


def test_a_notebook_shows_what_is_wrong_the_way_out_and_where_each_on_a_line():
    error = SourceError("The file is\nempty.", fix="Export it again.", file="a.csv", row=1)
    assert error._render_traceback_() == [
        "The file is empty.",
        "    Export it again.",
        "    In a.csv, row 1.",
    ]


def test_a_notebook_shows_a_sentence_without_place_or_way_out_alone():
    assert UsageError("It is wrong.")._render_traceback_() == ["It is wrong."]


def test_a_notebook_shows_the_first_of_many_problems_and_counts_the_others():
    error = KijError(Problem(what=f"Problem {number}.") for number in range(1, 31))
    lines = error._render_traceback_()
    assert lines[0] == "Problem 1." and lines[-2] == "Problem 25."
    assert lines[-1] == "and 5 more; kij check tells all of them."


def test_ipython_shows_the_sentences_and_no_traceback_and_keeps_the_traceback_of_anything_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    shell = InteractiveShell(config=Config(HistoryManager={"enabled": False}))
    told: list[str] = []
    shell._showtraceback = lambda kind, value, lines: told.append("\n".join(lines))  # type: ignore[method-assign]
    shell.run_cell(
        "from kij_analysis.errors import UsageError\nraise UsageError('No such thing.', fix='Look.')"
    )
    assert told == ["No such thing.\n    Look."]
    shell.run_cell("1 / 0")
    assert "Traceback" in told[1] and "ZeroDivisionError" in told[1]
