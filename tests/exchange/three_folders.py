"""Study folders that hold one programme's files each, and their notebooks run without kernels."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from study_maker import SOURCE, with_sources

import kij_analysis as kij
from kij_analysis.study import Study, open_study

PROGRAMMES = ("kvinfo", "fika", "sajo")
CHAPTERS = ("data", "participants", "barriers", "change", "findings")
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
    for path in (place / "notebooks").glob("[0-9]*.ipynb"):
        if path.stem.partition("_")[2] not in CHAPTERS:
            path.unlink()
    return open_study(place)
