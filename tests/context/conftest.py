"""A study folder to drop downloads into."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kij_analysis.study import Study, open_study
from kij_analysis.template import template_folder


@pytest.fixture
def study_with(tmp_path: Path) -> Callable[..., Study]:
    """A study with the shipped record and codebook, and files dropped into data/raw/official."""

    def make(**files: bytes | str) -> Study:
        root = template_folder()
        for part in ("codebook", "data/raw/published/official"):
            shutil.copytree(root / part, tmp_path / part, dirs_exist_ok=True)
        (tmp_path / "study.yaml").write_text((root / "study.yaml").read_text("utf-8"), "utf-8")
        for name, content in files.items():
            place = tmp_path / "data" / "raw" / "official" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content if isinstance(content, bytes) else content.encode())
        return open_study(tmp_path)

    return make
