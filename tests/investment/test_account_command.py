"""`kij account`: a workbook and a summary, or a sentence about what is wrong."""

from __future__ import annotations

import pytest

from kij_analysis.cli import main


def test_the_command_writes_a_workbook_and_tells_what_it_comes_to(tmp_path, capsys):
    place = tmp_path / "out.xlsx"
    assert (
        main(["account", "two_payment_models", "--language", "da", "--draws", "200", "--out", str(place)])
        == 0
    )
    told = capsys.readouterr().out.replace("\xa0", " ")
    assert place.is_file()
    for part in ("DKK, 2024-priser", "set fra: kommunen", "netto", "9.651", "sandsynlighed for tab"):
        assert part in told


@pytest.mark.parametrize(
    ("name", "code", "told"), [("nowhere", 3, "worked_example"), ("no.yaml", 3, "does not exist")]
)
def test_a_wrong_scenario_is_told_without_a_traceback(name, code, told, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["account", name]) == code
    assert told in capsys.readouterr().err
