"""columns.json: what the columns of the saved frames hold, whatever the format."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kij_analysis.errors import SourceError
from kij_analysis.exports.columns import Held, Reason, Table
from kij_analysis.files import write_json

SIDECAR = "columns.json"
FILES = Mapping[str, tuple[str, str]]
"""Format and checksum of each file by its name."""


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What `columns.json` says: columns by frame, reasons by code, files."""

    columns: Mapping[str, tuple[Held, ...]]
    reasons: Mapping[str, Reason]
    files: FILES


def write_sidecar(
    path: Path, tables: Sequence[Table], reasons: Mapping[str, Reason], language: str, files: FILES
) -> None:
    """Write what the columns hold, and which files hold them."""
    content = {
        "language": language,
        "missing_reasons": [asdict(reason) for reason in reasons.values()],
        "frames": {table.name: [_plain(held) for held in table.columns] for table in tables},
        "files": {name: {"format": kind, "sha256": sha256} for name, (kind, sha256) in files.items()},
    }
    write_json(path, content)


def read_sidecar(path: Path) -> Saved:
    """What the columns of a folder hold.

    Raises
    ------
    SourceError
        If the folder has none, or one that this version does not read.
    """
    try:
        content = json.loads(path.read_text("utf-8"))
        return Saved(
            columns={
                name: tuple(Held(**entry) for entry in entries) for name, entries in content["frames"].items()
            },
            reasons={entry["code"]: Reason(**entry) for entry in content["missing_reasons"]},
            files={name: (entry["format"], entry["sha256"]) for name, entry in content["files"].items()},
        )
    except FileNotFoundError as error:
        what = f"There is no {path.name} here."
        raise SourceError(
            what, fix="Name a folder that `kij harmonise` has written.", file=str(path.parent)
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        what = "The file is damaged, or another version has written it."
        raise SourceError(what, fix="Harmonise again.", file=str(path)) from error


def _plain(held: Held) -> dict[str, Any]:
    """A column without what it does not have."""
    return {name: value for name, value in asdict(held).items() if value or name in ("label", "dtype")}
