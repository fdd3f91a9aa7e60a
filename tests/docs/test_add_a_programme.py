"""The guide for a fourth programme, followed as it stands: its blocks are its files, its commands are run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest

import kij_analysis as kij
from kij_analysis.cli import main
from kij_analysis.codebook import load_codebook
from kij_analysis.figures.style import PROGRAMMES, looks
from kij_analysis.words import Words

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "add-a-programme.md").read_text("utf-8")
FILE = re.compile(r"^\*\*`([^`]+)`\*\* \(([^)]*)\)\n\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^kij (\w+)(.*)$", re.MULTILINE)
FOUR = ["kvinfo", "fika", "sajo", "mentor_malmo"]


def followed(study: Path) -> Path:
    """A study made and edited as the guide says."""
    assert main(["init", str(study)]) == 0
    for name, how, text in FILE.findall(GUIDE):
        path = study / name
        if how.startswith("new file"):
            assert not path.exists()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif how == "add at the end":
            path.write_text(path.read_text("utf-8") + text, encoding="utf-8")
        else:
            assert how == "add below the last line that begins with `- {crosswalk:`"
            head, last, rest = re.split(
                r"(.*- \{crosswalk:[^\n]*\n)(?!\s*- \{crosswalk:)", path.read_text("utf-8")
            )
            path.write_text(head + last + text + rest, encoding="utf-8")
    return study


def without(study: Path, wanted: tuple[str, ...]) -> None:
    """Only some of the sources, because a test must not take as long as the whole study."""
    path = study / "study.yaml"
    lines = path.read_text("utf-8").splitlines()
    kept = [line for line in lines if "- {crosswalk:" not in line or any(name in line for name in wanted)]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study of the guide, harmonised with its own commands; of the others the end surveys only."""
    folder = followed(tmp_path_factory.mktemp("guide") / "my-study")
    without(folder, ("kvinfo_end_2024", "fika_end_2024", "sajo_end_2024", "malmo_end_2025"))
    assert main(["harmonise", str(folder)]) == 0
    return folder


def test_three_files_are_edited_beside_the_export():
    names = [name for name, _, _ in FILE.findall(GUIDE)]
    assert names == [
        "data/raw/mentor_malmo/slut_2025.csv", "codebook/programmes.yaml",
        "codebook/crosswalks/malmo_end_2025.yaml", "study.yaml",
    ]  # fmt: skip


def test_every_command_of_the_guide_is_one_that_there_is():
    assert [command for command, _ in COMMAND.findall(GUIDE)] == ["init", "check", "harmonise", "report"]


def test_the_check_ends_as_the_guide_says_and_the_mistake_made_on_purpose_is_told_in_its_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder = followed(tmp_path / "my-study")
    without(folder, ("malmo_end_2025",))
    assert main(["check", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert "malmo_end_2025" in printed
    assert "\n0 problems, 0 notices" in printed
    path = folder / "codebook/crosswalks/malmo_end_2025.yaml"
    (line,) = re.findall(r"remove the line `(.*?)` from the crosswalk", GUIDE)
    (said,) = re.findall(r"^error: mentor_malmo.*$", GUIDE, re.MULTILINE)
    path.write_text(path.read_text("utf-8").replace(f"        {line}\n", ""), encoding="utf-8")
    assert main(["check", str(folder)]) == 5
    assert said in capsys.readouterr().err


def test_the_names_of_the_export_go_nowhere(study: Path):
    written = [p.read_bytes() for p in (study / "data/processed").glob("*.*")]
    assert not any(b"Testperson" in content for content in written)


def test_the_figures_show_four_programmes(study: Path):
    words = Words("sv", load_codebook(study / "codebook"))
    answers = pd.read_parquet(study / "data/processed/answers.parquet")
    ended = answers.query("role == 'mentee' and wave == 'end'")
    shown = kij.disclosure.suppress(kij.barriers.prevalence(ended, by="programme"))
    barriers = kij.figures.dots(shown, words)
    assert list(dict.fromkeys(barriers.data["programme"])) == FOUR
    assert [axes.get_label() for axes in barriers.canvas.axes if axes.get_label() in FOUR] == FOUR
    assert "Malmö" in barriers.title and "Malmö, n = 21" in barriers.alt
    rules = pd.DataFrame(json.loads((study / "data/processed/ledger.json").read_text("utf-8"))["rules"])
    matrix = kij.figures.status_matrix(kij.statuses(rules), words)
    assert set(matrix.data["programme"]) == set(FOUR)
    assert "Malmö" in matrix.alt


def test_the_fourth_has_a_look_of_its_own_that_no_other_programme_of_the_figures_has(study: Path):
    known = list(load_codebook(study / "codebook").programmes)
    look = looks(FOUR, order=known)
    assert look["mentor_malmo"] not in PROGRAMMES.values()
    assert len({colour for colour, _ in look.values()}) == len({sign for _, sign in look.values()}) == 4
    assert looks(["mentor_malmo"], order=known)["mentor_malmo"] == look["mentor_malmo"]
