"""Three organisations in three folders, and the file that each of them shares."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from study_maker import SOURCE, with_sources

import kij_analysis as kij
from kij_analysis.exchange import Shared
from kij_analysis.study import Study, open_study

MAKING = import_module("kij_analysis.exchange.making")
PROGRAMMES = ("kvinfo", "fika", "sajo")
CHAPTERS = ("data", "participants", "barriers", "change")
"""The chapters whose notebooks these tests run: they hold every way of putting programmes together."""


def in_this_process(
    notebooks: Sequence[Path], parameters: Mapping[str, Any], **_: object
) -> dict[str, float]:
    """The notebooks run without kernels, which is quick."""
    for path in notebooks:
        names: dict[str, Any] = {"display": lambda *_: None}
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), names)
            if "parameters" in cell["metadata"].get("tags", []):
                names |= parameters
    return {}


def folder_of(place: Path, programme: str) -> Study:
    """A study folder that holds one programme's files and no other's."""
    kij.init(place)
    own = [
        line.removeprefix(SOURCE).split(",")[0]
        for line in (place / "study.yaml").read_text("utf-8").splitlines()
        if line.startswith(f"{SOURCE}{programme}_")
    ]
    with_sources(place, *own)
    for path in (place / "data" / "raw" / "demo").iterdir():
        if not path.name.startswith(programme):
            path.unlink()
    for path in (place / "notebooks").glob("0*.ipynb"):
        if path.stem.partition("_")[2] not in CHAPTERS:
            path.unlink()
    return open_study(place)


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Study]:
    """Three folders that never see each other's data."""
    root = tmp_path_factory.mktemp("organisations")
    return {programme: folder_of(root / programme, programme) for programme in PROGRAMMES}


@pytest.fixture(scope="session")
def shared(folders: Mapping[str, Study]) -> dict[str, Shared]:
    """What each of them shares."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MAKING, "run_notebooks", in_this_process)
        return {name: MAKING.share(study).shared for name, study in folders.items()}


@pytest.fixture(scope="session")
def together(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The same notebooks in a folder that holds the files of all three."""
    place = kij.init(tmp_path_factory.mktemp("together") / "study")
    for path in (place / "notebooks").glob("0*.ipynb"):
        if path.stem.partition("_")[2] not in CHAPTERS:
            path.unlink()
    shutil.rmtree(place / "data" / "raw" / "published")
    return open_study(place)
