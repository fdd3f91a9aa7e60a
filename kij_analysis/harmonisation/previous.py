"""The run before: kept beside the present one, so that two runs can be compared."""

from __future__ import annotations

import shutil
from pathlib import Path

from kij_analysis.errors import UsageError

PREVIOUS = "previous"
"""The folder, inside the one of the present run; as private as that."""

KEPT = ("ledger.json", "people.parquet", "answers.parquet", "pairs.parquet", "meetings.parquet")
"""What a comparison needs; other formats of the same data are not kept twice."""


def keep_previous(staged: Path, folder: Path) -> None:
    """Lay the run that stands in `folder` beside the new one in `staged`, so that both move together.

    A run that came out the same byte for byte replaces nothing, so that the run before stays the last one
    that differed. A folder without a whole run has nothing to keep.
    """
    if not all((folder / name).is_file() for name in KEPT):
        return
    try:
        if all((folder / name).read_bytes() == (staged / name).read_bytes() for name in KEPT):
            return
        (staged / PREVIOUS).mkdir(exist_ok=True)
        for name in KEPT:
            shutil.copyfile(folder / name, staged / PREVIOUS / name)
    except OSError as error:
        what = f"The run before cannot be read ({error.strerror or error})."
        fix = "Close it in other programs, and run again."
        raise UsageError(what, fix=fix, file=str(error.filename or folder)) from error
