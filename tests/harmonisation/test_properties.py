"""What holds for every file and every crosswalk: drawn files and rules, held against an oracle."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from study_maker import CODEBOOK, crosswalk, write

from kij_analysis.codebook import Codebook, load_codebook, load_crosswalk
from kij_analysis.harmonisation.one_file import harmonise_file
from kij_analysis.harmonisation.parts import Part
from kij_analysis.privacy import key_of
from kij_analysis.study import Source

CATEGORIES = ("employed", "unemployed", "education")
REASONS = ("not_applicable", "dont_know", "refused", "no_answer")
CODES = (-1, 0, 1, 2, 200)
"""Few, so that the file, the rules and what is declared missing often meet; -1 and 200 are no hours."""
DRAWN = settings(
    max_examples=20, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
"""The same examples in every run, so that a failure is one for everybody."""


@dataclass(frozen=True)
class Case:
    """One file and its rules: a code per person and question (None: an empty cell), and what codes mean.

    `values` leads from codes of the first question to categories, `gaps` from codes of both to reasons; codes
    in neither have no rule. `declared` are missing by the file itself, where the format can say so. `only`
    are the groups that belong to the instrument; none: all.
    """

    rows: tuple[tuple[str, str, int | None, int | None], ...]
    values: dict[int, str]
    gaps: dict[int, str]
    declared: tuple[int, ...]
    only: tuple[str, ...]

    def outcome(self, code: int | None, *, number: bool) -> tuple[object, str]:
        """(value, reason) of an answer, worked out without the package."""
        if code is None:
            return None, "no_answer"
        if code in self.gaps:
            return None, self.gaps[code]
        if code in self.declared:
            return None, "rule_failed"
        if number:
            return (float(code), "") if 0 <= code <= 168 else (None, "rule_failed")
        return (self.values[code], "") if code in self.values else (None, "rule_failed")

    def belongs(self, row: tuple[str, str, int | None, int | None]) -> bool:
        return not self.only or row[1] in self.only


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Few rows, ids that differ (some are empty), codes with and without a rule."""
    count = draw(st.integers(1, 8))
    ids = draw(st.lists(st.sampled_from(["", *"abcdefgh"]), min_size=count, max_size=count))
    once = [name if name not in ids[:place] else "" for place, name in enumerate(ids)]
    answer = st.none() | st.sampled_from(CODES)
    rows = tuple((name, draw(st.sampled_from("XY")), draw(answer), draw(answer)) for name in once)
    values = draw(st.dictionaries(st.sampled_from(CODES), st.sampled_from(CATEGORIES), min_size=1))
    gaps = draw(st.dictionaries(st.sampled_from(CODES), st.sampled_from(REASONS), max_size=4))
    return Case(
        rows=rows,
        values={code: value for code, value in values.items() if code not in gaps} or {99: "employed"},
        gaps=gaps,
        declared=tuple(draw(st.sets(st.sampled_from(CODES), max_size=3))),
        only=draw(st.sampled_from([(), ("X",)])),
    )


RULES = """
status: {{map: {{from: A, values: {values}, missing: {gaps}}}, status: complete}}
hours: {{direct: {{from: B, missing: {gaps}}}, status: complete}}
"""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Codebook]:
    folder = tmp_path_factory.mktemp("properties")
    for name, text in CODEBOOK.items():
        write(folder / name, text)
    return folder, load_codebook(folder)


def delimited(case: Case, place: Path) -> Path:
    cell = lambda code: "" if code is None else str(code)  # noqa: E731
    lines = [";".join((name, group, cell(a), cell(b))) for name, group, a, b in case.rows]
    write(place / "f.csv", "Id;G;A;B\n" + "\n".join(lines) + "\n")
    return place / "f.csv"


def spss(case: Case, place: Path) -> Path:
    frame = pd.DataFrame(case.rows, columns=["Id", "G", "A", "B"]).astype({"A": "float64", "B": "float64"})
    missing = {name: list(case.declared) for name in "AB"} if case.declared else None
    pyreadstat.write_sav(frame, str(place / "f.sav"), missing_ranges=missing)
    return place / "f.sav"


WRITERS: dict[str, Callable[[Case, Path], Path]] = {"delimited": delimited, "spss": spss}
NUMBERS: Iterator[int] = itertools.count()


def harmonised(case: Case, form: str, room: tuple[Path, Codebook]) -> Part:
    """The drawn file through the drawn crosswalk; what has no rule costs its own cells."""
    folder, book = room
    place = folder / str(next(NUMBERS))
    place.mkdir()
    rules = RULES.format(values=json.dumps(case.values), gaps=json.dumps(case.gaps))
    more: dict[str, object] = {} if form == "delimited" else {"file": {"format": "spss"}}
    if case.only:
        more["only"] = {"G": list(case.only)}
    write(place / "kv_end.yaml", crosswalk(rules, ignored={} if case.only else {"G": "a group"}, **more))
    file = WRITERS[form](case, place)
    source = Source(crosswalk="kv_end", file=file, shown=file.name, data_status="synthetic")
    key = key_of("small", "keep_ids", make=False)
    return harmonise_file(source, load_crosswalk(place / "kv_end.yaml", book), book, key)


def cells(part: Part) -> dict[str, tuple[object, ...]]:
    """(status, its reason, hours, its reason) of each person."""
    names = ["status", "status_missing", "hours", "hours_missing"]
    plain = part.frame[names].astype(object)
    plain = plain.where(plain.notna(), None)
    return {who: tuple(row) for who, row in zip(part.frame["person_id"], plain.to_numpy(), strict=True)}


@pytest.fixture(params=["delimited", "spss"])
def form(request: pytest.FixtureRequest) -> str:
    return request.param


def known(case: Case, form: str) -> Case:
    """The case as a format can tell it: delimited text declares nothing missing."""
    return case if form == "spss" else Case(case.rows, case.values, case.gaps, (), case.only)


@DRAWN
@given(drawn=cases())
def test_rows_in_are_rows_out_and_rows_listed_as_lost(drawn: Case, form: str, room: tuple[Path, Codebook]):
    part = harmonised(drawn, form, room)
    assert part.rows_in == len(drawn.rows)
    assert part.rows_in == len(part.frame) + sum(map(len, part.lost.values()))
    outside = sum(not drawn.belongs(row) for row in drawn.rows)
    assert len(part.lost.get("outside only: G", ())) == outside


@DRAWN
@given(drawn=cases())
def test_every_cell_is_what_its_rule_says_and_every_gap_has_its_reason(
    drawn: Case, form: str, room: tuple[Path, Codebook]
):
    case = known(drawn, form)
    found = cells(harmonised(case, form, room))
    expected = {}
    for row in case.rows:
        if row[0] and case.belongs(row):
            status, hours = case.outcome(row[2], number=False), case.outcome(row[3], number=True)
            expected[row[0]] = (status[0], status[1] or None, hours[0], hours[1] or None)
    assert found == expected


@DRAWN
@given(drawn=cases())
def test_what_the_file_declares_missing_is_never_valid(drawn: Case, room: tuple[Path, Codebook]):
    found = cells(harmonised(drawn, "spss", room))
    for name, _, a, b in drawn.rows:
        if name in found:
            status, _, hours, _ = found[name]
            assert status is None or a not in drawn.declared
            assert hours is None or b not in drawn.declared


@DRAWN
@given(drawn=cases())
def test_a_problem_is_told_exactly_where_a_cell_failed_or_an_id_is_missing(
    drawn: Case, form: str, room: tuple[Path, Codebook]
):
    case = known(drawn, form)
    part = harmonised(case, form, room)
    columns = {problem.column for problem in part.problems if problem.severity == "error"}
    inside = [row for row in case.rows if case.belongs(row)]
    expected = {
        name
        for place, name in ((2, "A"), (3, "B"))
        if any(case.outcome(row[place], number=name == "B")[1] == "rule_failed" for row in inside)
    }
    expected |= {"Id"} if any(not row[0] for row in inside) else set()
    expected |= {"G"} if case.only and not any(row[1] == "X" for row in case.rows) else set()
    assert columns == expected


@DRAWN
@given(drawn=cases(), order=st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing_but_the_order(
    drawn: Case, order: object, form: str, room: tuple[Path, Codebook]
):
    rows = list(drawn.rows)
    order.shuffle(rows)
    shuffled = Case(tuple(rows), drawn.values, drawn.gaps, drawn.declared, drawn.only)
    first, second = harmonised(drawn, form, room), harmonised(shuffled, form, room)
    assert cells(first) == cells(second)
    assert {why: len(gone) for why, gone in first.lost.items()} == {
        why: len(gone) for why, gone in second.lost.items()
    }
    assert len(first.problems) == len(second.problems)
