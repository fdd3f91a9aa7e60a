"""Three organisations in three folders, and the file that each of them shares."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import pytest
from study_maker import in_this_process
from three_folders import CHAPTERS, PROGRAMMES, folder_of

import kij_analysis as kij
from kij_analysis.exchange import Shared
from kij_analysis.study import Study, open_study

MAKING = import_module("kij_analysis.exchange.making")


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
    for path in (place / "notebooks").glob("[0-9]*.ipynb"):
        if path.stem.partition("_")[2] not in CHAPTERS:
            path.unlink()
    return open_study(place)
