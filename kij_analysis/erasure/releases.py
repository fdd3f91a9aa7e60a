"""What has left the house: records of releases and exchange files, which nobody changes afterwards."""

from __future__ import annotations

from kij_analysis.erasure.made import shown
from kij_analysis.study import Study

LEFT = ("data/releases", "releases", "shared")
"""Folders of a study that hold what was released or shared."""


def releases(study: Study) -> tuple[str, ...]:
    """The files of releases and exchanges that lie in the study."""
    folders = [study.root / name for name in LEFT]
    found = sorted({path for folder in folders for path in folder.rglob("*") if path.is_file()})
    return tuple(shown(path, study) for path in found if path.name != "README.md")
