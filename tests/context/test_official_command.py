"""`kij official`: what a non-programmer sees when she drops a file in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from official_downloads import DOWNLOADS, SDMX_CSV

from kij_analysis.cli import main
from kij_analysis.study import Study

Make = Callable[..., Study]


def test_a_file_is_checked_then_added_then_listed(study_with: Make, tmp_path: Path, capsys):
    study = study_with()
    file = tmp_path / "download.csv"
    file.write_text(SDMX_CSV)
    assert main(["official", "check", str(study.root), "--file", str(file)]) == 0
    said = capsys.readouterr()
    assert "download.csv: LFSA_ERGAN (SDMX-CSV, updated 01/10/26 11:00:00)" in said.out
    assert "4 figures taken, 1 left out" in said.out and "citizen is 'STLS'" in said.err
    assert "new: 3 figures, years 2025" in said.out
    assert "revised: DK 2024, women, foreign: 68.7 became 68.9" in said.out
    assert not (study.folders["raw"] / "official").exists()
    assert main(["official", "add", str(study.root), "--file", str(file)]) == 0
    assert (study.folders["raw"] / "official" / "download.csv").read_text() == SDMX_CSV
    capsys.readouterr()
    assert main(["official", "list", str(study.root)]) == 0
    listed = capsys.readouterr().out
    assert "eurostat LFSA_ERGAN: employment_rate, by citizenship, age 15-64, 2010–2025" in listed
    assert "extended by download.csv" in listed and "(derived)" in listed
    assert main(["official", "add", str(study.root), "--file", str(file)]) == 2
    assert "has a file 'download.csv' already" in capsys.readouterr().err


def test_a_file_that_tells_no_table_is_added_with_its_name(study_with: Make, tmp_path: Path, capsys):
    study = study_with()
    file = tmp_path / "mine.csv"
    file.write_bytes(DOWNLOADS["pxweb.csv"].replace(b"10824: ", b""))
    assert main(["official", "add", str(study.root), "--file", str(file)]) == 4
    assert "does not say which table it is" in capsys.readouterr().err
    assert main(["official", "add", str(study.root), "--file", str(file), "--table", "10824"]) == 0
    assert (study.folders["raw"] / "official" / "files.csv").read_text() == "file,table\nmine.csv,10824\n"
    assert main(["official", "check", str(study.root)]) == 0
    assert "1 files, 4 figures; nothing was written" in capsys.readouterr().out


def test_the_tables_are_listed_and_a_missing_file_is_told(study_with: Make, capsys):
    study = study_with()
    assert main(["official", "tables", str(study.root)]) == 0
    assert "LFSA_ERGAN: eurostat, employment_rate by sex, age, group, country" in capsys.readouterr().out
    assert main(["official", "add", str(study.root)]) == 2
    assert main(["official", "check", str(study.root), "--file", "nowhere.csv"]) == 4
    assert "was not found" in capsys.readouterr().err


@pytest.mark.parametrize("action", ["check", "list"])
def test_a_study_without_downloads_is_in_order(action: str, study_with: Make, capsys):
    assert main(["official", action, str(study_with().root)]) == 0
