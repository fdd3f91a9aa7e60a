"""The command line: exit codes, sentences instead of tracebacks, and nothing written without being asked."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from study_maker import with_sources

import kij_analysis as kij
from kij_analysis.cli import main
from kij_analysis.errors import KijError, Problem
from kij_analysis.template import PARTS

COMMANDS = ("report", "harmonise", "check", "diff", "trace", "renew", "demo", "init")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return kij.init(tmp_path / "study")


@pytest.fixture
def few(study: Path) -> Path:
    """The study with two of its sources, for what one file tells."""
    return with_sources(study, "kvinfo_end_2024", "fika_end_2024")


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns) for path in files
    }


def told(capsys: pytest.CaptureFixture[str]) -> tuple[list[str], list[str]]:
    """The lines of the two streams, the progress bar left out."""
    captured = capsys.readouterr()
    assert "Traceback" not in captured.out + captured.err
    errors = [line for line in captured.err.splitlines() if line.startswith(("error:", "notice:"))]
    return captured.out.splitlines(), errors


def test_a_check_of_a_sound_study_ends_with_0_and_writes_nothing(
    study: Path, capsys: pytest.CaptureFixture[str]
):
    before = snapshot(study)
    assert main(["check", str(study)]) == 0
    assert snapshot(study) == before
    out, errors = told(capsys)
    assert out[-1] == "0 problems, 4 notices; nothing was written"
    assert "gender" in "".join(out)
    assert len(errors) == 4 and all("cannot be read as" in error for error in errors)


def test_a_check_that_finds_problems_writes_nothing_either(few: Path, capsys: pytest.CaptureFixture[str]):
    path = few / "data" / "raw" / "demo" / "kvinfo_end_2024.csv"
    path.write_bytes(path.read_bytes().replace(b"I job uden st\xf8tte", b"P\xe5 m\xe5nen", 2))
    before = snapshot(few)
    assert main(["check", str(few)]) == 5
    assert snapshot(few) == before
    _, errors = told(capsys)
    assert any("kvinfo_end_2024.csv" in error and "På månen" in error for error in errors)


@pytest.mark.parametrize(
    "arguments",
    [
        [], ["reprot"], ["report", "--langauge", "da"], ["init"], ["check", ".", "again"],
        ["demo", "--seed", "x"], ["demo", "--seed", "-1"], ["demo", "--seed", "1.5"],
    ],
)  # fmt: skip
def test_a_wrong_call_ends_with_2_and_shows_the_right_one(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: kij" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_language_that_is_not_known_ends_with_2_and_names_the_known(
    study: Path, capsys: pytest.CaptureFixture[str]
):
    before = snapshot(study)
    assert main(["report", str(study), "--language", "dk"]) == 2
    (error,) = told(capsys)[1]
    assert error.startswith("error: The language is 'dk', which is not known.")
    assert error.endswith("Known: 'da', 'nb', 'sv', 'fi', 'en'.")
    assert snapshot(study) == before


@pytest.mark.parametrize("command", ["report", "harmonise", "check"])
def test_a_folder_without_a_study_ends_with_3(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main([command, str(tmp_path)]) == 3
    assert "kij init" in told(capsys)[1][0]


@pytest.mark.parametrize("command", ["report", "harmonise", "check"])
def test_a_wrong_study_file_ends_with_3_and_its_line(
    command: str, study: Path, capsys: pytest.CaptureFixture[str]
):
    path = study / "study.yaml"
    path.write_text(path.read_text("utf-8") + "disclosures: {threshold: 3}\n", encoding="utf-8")
    assert main([command, str(study)]) == 3
    assert "study.yaml, line " in told(capsys)[1][0]


@pytest.mark.parametrize("command", ["report", "harmonise", "check"])
def test_a_data_file_that_is_not_there_ends_with_4(
    command: str, few: Path, capsys: pytest.CaptureFixture[str]
):
    (few / "data" / "raw" / "demo" / "fika_slut_2024.xlsx").unlink()
    before = snapshot(few)
    assert main([command, str(few)]) == 4
    assert "fika_slut_2024.xlsx" in told(capsys)[1][0]
    assert snapshot(few) == before


def spoil(study: Path) -> None:
    """An answer that no rule knows."""
    path = study / "data" / "raw" / "demo" / "kvinfo_end_2024.csv"
    path.write_bytes(path.read_bytes().replace(b"I job uden st\xf8tte", b"P\xe5 m\xe5nen", 2))


@pytest.mark.parametrize("command", ["report", "harmonise"])
def test_an_answer_without_a_rule_ends_with_5_and_nothing_is_written(
    command: str, few: Path, capsys: pytest.CaptureFixture[str]
):
    spoil(few)
    before = snapshot(few)
    assert main([command, str(few)]) == 5
    assert "På månen" in told(capsys)[1][0]
    assert snapshot(few) == before


def test_a_broken_rule_costs_its_own_column_where_that_is_asked_for(
    few: Path, capsys: pytest.CaptureFixture[str]
):
    spoil(few)
    assert main(["harmonise", str(few), "--mark"]) == 0
    out, errors = told(capsys)
    assert out[-1].endswith("harmonised data and ledger in " + str(few / "data" / "processed"))
    assert "På månen" in "".join(errors)
    assert "rule_failed" in (few / "data" / "processed" / "answers.csv").read_text("utf-8")


def test_the_system_saying_no_ends_with_1_and_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert main(["init", str(tmp_path / "file" / "study")]) == 1
    (error,) = told(capsys)[1]
    assert str(tmp_path / "file") in error


@pytest.mark.parametrize("code", range(2, 8))
def test_every_kind_of_error_has_its_exit_code(
    code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    kinds = {kind.exit_code: kind for kind in KijError.__subclasses__()}

    def fail(*_: object, **__: object) -> None:
        raise kinds[code]([Problem(what="One.", file="a"), Problem(what="Two.", fix="Mend it.", line=3)])

    monkeypatch.setattr("kij_analysis.template.init", fail)
    assert main(["init", "x"]) == code
    assert told(capsys)[1] == ["error: a: One.", "error: line 3: Two. Mend it."]


def test_stopping_ends_with_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kij_analysis.template.init", stop)
    assert main(["init", "x"]) == 130
    assert capsys.readouterr().err == "Stopped; nothing was written.\n"


def test_harmonise_writes_the_frames_and_the_ledger(study: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["harmonise", str(study)]) == 0
    written = {path.name for path in (study / "data" / "processed").iterdir()}
    assert {"people.csv", "answers.parquet", "pairs.csv", "meetings.csv", "ledger.json"} <= written
    captured = capsys.readouterr()
    assert "15/15" in captured.err
    sources = len(kij.open_study(study).sources)
    assert f"{sources}/{sources}" in captured.err
    assert captured.out.count("\n") == 1 and "|" not in captured.out


def test_raw_says_where_the_files_lie(few: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (few / "data" / "raw").rename(tmp_path / "elsewhere")
    assert main(["check", str(few)]) == 4
    assert main(["check", str(few), "--raw", str(tmp_path / "elsewhere")]) == 0
    told(capsys)


def test_init_makes_a_folder_with_everything_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    place = tmp_path / "new" / "study"
    assert main(["init", str(place)]) == 0
    for part in (*PARTS, "data/processed", "figures", "report", "notebooks/05_barriers.ipynb"):
        assert (place / part).exists(), part
    assert not list(place.rglob(".*"))
    assert f"cd {place}" in told(capsys)[0][0]


def test_init_takes_an_empty_folder_and_refuses_a_full_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    place = tmp_path / "study"
    place.mkdir()
    assert main(["init", str(place)]) == 0
    before = snapshot(place)
    assert main(["init", str(place)]) == 2
    assert snapshot(place) == before
    assert "exists and is not empty" in told(capsys)[1][0]


def test_init_refuses_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "study").write_text("x", encoding="utf-8")
    assert main(["init", str(tmp_path / "study")]) == 2
    assert "exists and is not empty" in told(capsys)[1][0]


def test_demo_writes_the_exports_of_the_template(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["demo", str(tmp_path / "demo")]) == 0
    shipped = study / "data" / "raw" / "demo"
    for name in ("kvinfo_end_2024.csv", "fika_slut_2024.xlsx", "sajo_slutt_2024.sav"):
        assert (tmp_path / "demo" / name).read_bytes() == (shipped / name).read_bytes()
    assert main(["demo", str(tmp_path / "other"), "--seed", "7"]) == 0
    other = tmp_path / "other" / "kvinfo_end_2024.csv"
    assert other.read_bytes() != (shipped / "kvinfo_end_2024.csv").read_bytes()
    assert len(told(capsys)[0]) == 2


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert all(re.search(rf"^    {command}\s+[A-Z].*", shown, re.MULTILINE) for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert shown.startswith(f"usage: kij {command} ")
    assert re.search(r" [A-Z][^.]*\. positional arguments: ", shown)


def test_python_dash_m_is_the_same_command():
    run = subprocess.run(
        [sys.executable, "-m", "kij_analysis", "check", "--help"], capture_output=True, text=True, check=True
    )
    assert run.stdout.startswith("usage: kij check")


def test_a_report_tells_the_notices_of_its_data(
    study: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """A new key for the pseudonyms is such a notice: whoever misses it may lose the link to later waves."""
    notice = Problem(what="A new key was made.", fix="Keep a copy.", severity="notice")
    made = kij.reporting.Report(
        pages=(study / "report-en.html",), manifest=study, figures=1, notices=(notice,)
    )
    monkeypatch.setattr(kij, "report", lambda *_, **__: made, raising=False)
    assert main(["report", str(study)]) == 0
    assert "notice: A new key was made. Keep a copy." in capsys.readouterr().err
