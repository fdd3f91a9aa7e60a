"""Study folders that hold one programme's files each, and their notebooks run without kernels."""

from __future__ import annotations

from pathlib import Path

from study_maker import SOURCE, with_sources

import kij_analysis as kij
from kij_analysis.study import Study, open_study

PROGRAMMES = ("kvinfo", "fika", "sajo")
CHAPTERS = ("data", "participants", "barriers", "change", "findings")
"""The chapters whose notebooks these tests run: they hold every way of putting programmes together."""


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
