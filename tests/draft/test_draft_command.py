"""`kij draft`: what it prints, what it writes, and what it refuses."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kij_analysis.cli import main
from tests.draft.conftest import ROOT


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with the codebook and one demonstration file, whose crosswalk is still to be written."""
    place = tmp_path_factory.mktemp("study")
    (place / "data/raw/demo").mkdir(parents=True)
    shutil.copytree(ROOT / "codebook", place / "codebook")
    for path in (place / "codebook/crosswalks").iterdir():
        if path.name not in ("kvinfo_entry_2024.yaml", "kvinfo_follow_up_2025.yaml"):
            path.unlink()
    shutil.copy(ROOT / "data/raw/demo/kvinfo_end_2024.csv", place / "data/raw/demo/end.csv")
    source = "{crosswalk: kvinfo_end_2027, file: demo/end.csv, data_status: synthetic}"
    head = "study: {id: s, title: S, data_status: synthetic}\npseudonyms: {key: keep_ids}\n"
    text = f"{head}sources: [{source}]\n"
    (place / "study.yaml").write_text(text, encoding="utf-8")
    return place


def run(folder: Path, *options: str) -> int:
    return main(["draft", str(folder / "data/raw/demo/end.csv"), "--study", str(folder), *options])


def test_without_an_instrument_the_proposals_are_printed_and_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    assert run(folder) == 0
    told = capsys.readouterr().out
    assert "labour_status <- 'Hvad er din situation nu?' (map)" in told
    assert "Nothing was written" in told
    assert not (folder / "codebook/crosswalks/kvinfo_end_2027.yaml").exists()


def test_a_draft_is_written_checked_and_never_replaced(folder: Path, capsys: pytest.CaptureFixture[str]):
    whole = ("--programme", "kvinfo", "--role", "mentee", "--wave", "end", "--id", "kvinfo_end_2027")
    assert run(folder, *whole) == 0
    assert run(folder, *whole) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["check", str(folder)]) in (0, 5)
    told = capsys.readouterr().err
    assert "rules are proposals nobody has confirmed" in told
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--programme", "kvinfa", "--role", "mentee", "--wave", "end"), "Did you mean 'kvinfo'?"),
        (("--programme", "kvinfo", "--role", "mentee"), "--wave is missing"),
        (("--role", "pupil"), "The role is 'pupil'"),
    ],
)
def test_a_wrong_call_gets_a_sentence(
    folder: Path, options: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
):
    assert run(folder, *options) == 2
    assert told in capsys.readouterr().err
