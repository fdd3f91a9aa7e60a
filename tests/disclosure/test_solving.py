"""The solver says nothing on the output that a command's result stands on."""

from __future__ import annotations

import os

import pytest

from kij_analysis.disclosure import solving


def test_what_native_code_prints_while_it_solves_is_not_seen_and_what_comes_after_is(
    capfd: pytest.CaptureFixture[str],
):
    with solving._silent():
        os.write(1, b"a warning of the solver\n")
    print("the result")
    assert capfd.readouterr().out == "the result\n"


def test_a_programme_is_solved():
    found = solving.solved([1.0], bounds=(2.5, 4), integrality=[1])
    assert found.x.tolist() == [3.0]
