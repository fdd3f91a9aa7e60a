"""Labels changed, codes swapped, an item reversed, a column added: each is told, and nothing else."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pyreadstat
import pytest

from kij_analysis.errors import Problem
from kij_analysis.harmonisation import Check, check
from kij_analysis.study import open_study
from kij_analysis.template import template_folder

CSV, SAV = "demo/kvinfo_end_2024.csv", "demo/sajo_slutt_2024.sav"
SITUATION, TRUST = "Hvad er din situation nu?", "I hvilken grad har du tillid til din mentor?"
RENAMED = {
    (SITUATION, "I praktik"): "I en praktik",
    (SITUATION, "Under uddannelse"): "Under udannelse",
    (TRUST, "I høj grad"): "I højere grad",
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Check:
    """What `check` says of the demonstration after somebody has been at two of its exports."""
    raw = tmp_path_factory.mktemp("raw")
    shutil.copytree(template_folder() / "data/raw/demo", raw / "demo")
    change_the_csv(raw / CSV)
    change_the_sav(raw / SAV)
    return check(open_study(template_folder(), raw=raw))


def change_the_csv(path: Path) -> None:
    """Three answers get other labels, and a column is added."""
    header, *rows = csv.reader(io.StringIO(path.read_bytes().decode("cp1252"), newline=""), delimiter=";")
    for (column, old), new in RENAMED.items():
        place = header.index(column)
        for row in rows:
            row[place] = new if row[place] == old else row[place]
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";").writerows([[*header, "Postnummer"], *([*row, "2200"] for row in rows)])
    path.write_bytes(stream.getvalue().encode("cp1252"))


def change_the_sav(path: Path) -> None:
    """The labels of two codes of the labour status are swapped; the answers on trust are reversed."""
    frame, meta = pyreadstat.read_sav(str(path), user_missing=True)
    labels = {name: dict(values) for name, values in meta.variable_value_labels.items()}
    labels["sp7"][1.0], labels["sp7"][7.0] = labels["sp7"][7.0], labels["sp7"][1.0]
    frame["sp12_3"] = frame["sp12_3"].where(~frame["sp12_3"].between(1, 6), 7 - frame["sp12_3"])
    pyreadstat.write_sav(
        frame,
        str(path),
        column_labels=meta.column_names_to_labels,
        variable_value_labels=labels,
        missing_ranges=meta.missing_ranges,
    )


def of(found: Check, file: str) -> dict[tuple[str, str], Problem]:
    """The problems of one file by column and the beginning of what they say."""
    return {(p.column, p.what.split(" (")[0]): p for p in found.problems if p.file == file}


def test_three_changed_labels_and_a_new_column_are_told_and_nothing_else(found: Check):
    told = of(found, CSV)
    assert [(column, what, problem.severity) for (column, what), problem in told.items()] == [
        ("Postnummer", "No rule uses this column, so it was left behind.", "notice"),
        (SITUATION, "for labour_status: 'I en praktik' has no rule", "error"),
        (SITUATION, "for labour_status: 'Under udannelse' has no rule", "error"),
        (TRUST, "for relationship_trust: 'I højere grad' has no rule", "error"),
    ]
    for problem, meant in zip(
        list(told.values())[1:], ("I praktik", "Under uddannelse", "I høj grad"), strict=True
    ):
        assert f"Did you mean '{meant}'?" in problem.fix
        assert "rows)" in problem.what


def test_two_swapped_codes_and_a_reversed_item_are_told_and_nothing_else(found: Check):
    told = of(found, SAV)
    assert {(column, problem.severity) for (column, _), problem in told.items()} == {
        ("sp7", "error"),
        ("sp12_3", "error"),
    }
    labels = {str(problem) for (column, _), problem in told.items() if column == "sp7"}
    assert len(told) == 3 and len(labels) == 2
    for code, here, rule, other in (
        (1, "Arbeidssøker uten jobb", "i jobb", 7),
        (7, "I jobb", "arbeidssøker uten jobb", 1),
    ):
        start = (
            f"{SAV}, column 'sp7': for labour_status: Code {code} is labelled '{here}' in the file, but the "
        )
        (one,) = [text for text in labels if text.startswith(start)]
        assert f"the rule was written for '{rule}'; there it is the label of code {other}." in one
    (turned,) = [problem for (column, _), problem in told.items() if column == "sp12_3"]
    assert turned.what.startswith("for relationship_trust: the answers seem to stand the other way round: ")
    assert "here (n = 68) and 0." in turned.what and "agreement6_nb" in turned.fix


def test_the_other_exports_are_told_as_before(found: Check):
    others = [problem for problem in found.problems if problem.file not in (CSV, SAV)]
    assert {problem.severity for problem in others} == {"notice"}
    assert all("cannot be read as" in problem.what for problem in others)
    assert found.exit_code == 5
