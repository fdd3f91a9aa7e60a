"""JupyterLab opens on a page that leads to the notebooks, and asks nothing of other machines."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

import kij_analysis as kij
from kij_analysis.cli import lab, main
from kij_analysis.template import template_folder

NOTEBOOKS = template_folder() / "notebooks"


def given(study: Path, **options: bool | int) -> dict[str, str]:
    """What JupyterLab is started with."""
    arguments = lab.settings_of(kij.open_study(study), Path("settings"), **options)
    return dict(argument.removeprefix("--").split("=", 1) for argument in arguments)


def test_the_start_page_leads_to_every_notebook_in_order():
    links = re.findall(r"\]\(([^)]+)\)", (NOTEBOOKS / "start.md").read_text("utf-8"))
    assert links == sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))


def test_the_start_page_names_parameters_that_every_chapter_takes():
    page = (NOTEBOOKS / "start.md").read_text("utf-8")
    named = re.findall(r"^(\w+) = ", page, re.MULTILINE)
    assert named == ["languages", "programmes"]
    for path in NOTEBOOKS.glob("[0-9]*.ipynb"):
        assert all(f"{name}: list" in path.read_text("utf-8") for name in named), path.name


def test_jupyterlab_opens_in_the_study_on_the_start_page(tmp_path: Path):
    study = kij.init(tmp_path / "study")
    told = given(study, port=9000, browser=False)
    assert told["ServerApp.root_dir"] == str(study.resolve())
    assert told["LabApp.default_url"] == "/lab/tree/notebooks/start.md"
    assert (told["ServerApp.port"], told["ServerApp.open_browser"]) == ("9000", "False")


def test_notebooks_elsewhere_and_a_study_without_the_page_are_opened_too(tmp_path: Path):
    study = kij.init(tmp_path / "study")
    (study / "notebooks").rename(tmp_path / "my notebooks")
    text = (study / "study.yaml").read_text("utf-8")
    path = study / "study.yaml"
    path.write_text(text.replace("notebooks: notebooks", "notebooks: ../my notebooks"), encoding="utf-8")
    told = given(study)
    assert told["ServerApp.root_dir"] == str((tmp_path / "my notebooks").resolve())
    assert told["LabApp.default_url"] == "/lab/tree/start.md"
    (tmp_path / "my notebooks" / "start.md").unlink()
    assert given(study)["LabApp.default_url"] == "/lab"


def test_jupyterlab_opens_pages_as_pages_and_looks_for_no_news():
    text = files("kij_analysis.cli").joinpath("lab_settings", "overrides.json").read_text("utf-8")
    settings = json.loads(text)
    assert settings["@jupyterlab/docmanager-extension:plugin"]["defaultViewers"]["markdown"] == (
        "Markdown Preview"
    )
    news = settings["@jupyterlab/apputils-extension:notification"]
    assert (news["fetchNews"], news["checkForUpdates"]) == ("false", False)
    assert given(template_folder())["LabApp.extension_manager"] == "readonly"


def test_without_jupyterlab_the_command_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(lab, "find_spec", lambda name: None)
    assert main(["lab", str(template_folder())]) == 2
    told = capsys.readouterr().err
    assert 'JupyterLab is not installed. Install it with: pip install "kij-analysis[lab]"' in told
