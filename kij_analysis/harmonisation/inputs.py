"""What a run was made of beside its rules: files with their checksums, settings and software."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import pandas as pd

from kij_analysis.files import checksum
from kij_analysis.harmonisation.parts import Part
from kij_analysis.privacy import Key
from kij_analysis.study import Study

CODEBOOK_FILES = ("variables", "scales", "barriers", "programmes")
SOFTWARE = ("kij-analysis", "pandas", "numpy", "pyarrow", "pyreadstat", "python-calamine", "ruamel.yaml")
"""What can change a harmonised value or the bytes of what is saved."""


def files_of(study: Study, parts: Sequence[Part]) -> pd.DataFrame:
    """Every file that a run has read: kind, file, sha256; no folder of a machine stands here."""
    rows = [("study", study.path.name, checksum(study.path))]
    folder = study.folders["codebook"]
    rows += [("codebook", f"{name}.yaml", checksum(folder / f"{name}.yaml")) for name in CODEBOOK_FILES]
    crosswalks = {path: None for part in parts for path in (part.crosswalk.path, *part.crosswalk.bases)}
    rows += [("crosswalk", f"crosswalks/{path.name}", checksum(path)) for path in crosswalks]
    rows += [("data", part.source.shown, part.sha256) for part in parts]
    if study.erasures and study.erasures.is_file():
        rows.append(("erasure list", f"erasures/{study.erasures.name}", checksum(study.erasures)))
    return pd.DataFrame(rows, columns=["kind", "file", "sha256"]).drop_duplicates(ignore_index=True)


def settings_of(study: Study, key: Key, on_problem: str) -> dict[str, Any]:
    """The study's settings that reach the data.

    `key` tells two keys apart and nothing else: it is a pseudonym of nobody, and the key cannot be found
    from it. It is empty where there is none.
    """
    return {
        "study": study.id,
        "data_status": study.data_status,
        "threshold": study.threshold,
        "on_problem": on_problem,
        "pseudonyms": study.key if study.key in ("demo", "none", "keep_ids") else "own key",
        "key": key.pseudonym("", "key", "") if key.secret else "",
    }


def software(names: Iterable[str] = SOFTWARE) -> dict[str, str]:
    """Versions of Python and of the packages that a harmonised value can depend on."""
    found = {"python": platform.python_version()}
    return found | {name: _version(name) for name in names if _version(name)}


@cache
def _version(name: str) -> str:
    """The version of a package; it is looked up on the disk. Empty where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
