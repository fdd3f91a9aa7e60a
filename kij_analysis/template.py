"""The study template: in a wheel inside the package, in a checkout the repository's own folders."""

from __future__ import annotations

import shutil
from pathlib import Path

from kij_analysis.errors import UsageError

PARTS = (
    "codebook",
    "notebooks",
    "data/raw/demo",
    "data/raw/published",
    "study.yaml",
    "study-piaac.yaml",
    "study-ess.yaml",
    "study-eurobarometer.yaml",
)
"""What `kij init` copies; the build file lists the same (a test compares)."""


def template_folder() -> Path:
    """The folder that holds the template's study.yaml, codebook, notebooks and demonstration data.

    Examples
    --------
    >>> (template_folder() / "study.yaml").exists()
    True
    """
    package = Path(__file__).resolve().parent
    inside = package / "template"
    return inside if inside.is_dir() else package.parent


def init(folder: Path | str) -> Path:
    """Copy the template into a new study folder.

    Returns
    -------
    Path
        The folder, ready for `kij report`.

    Raises
    ------
    UsageError
        If the folder exists and is not empty.

    Examples
    --------
    >>> import tempfile
    >>> study = init(Path(tempfile.mkdtemp()) / "my-study")
    >>> (study / "codebook" / "variables.yaml").exists()
    True
    """
    place = Path(folder)
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise UsageError(f"'{place}' exists and is not empty.", fix="Name a new folder.")
    source = template_folder()
    skip = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__", ".*")
    for part in PARTS:
        target = place / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if (source / part).is_dir():
            shutil.copytree(source / part, target, ignore=skip)
        else:
            shutil.copy2(source / part, target)
    for generated in ("data/processed", "figures", "report"):
        (place / generated).mkdir(parents=True, exist_ok=True)
    return place
