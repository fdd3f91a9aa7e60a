"""The manifest: what went into a report, with which versions, and what came out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any

from kij_analysis.files import checksum, write_json
from kij_analysis.harmonisation import Harmonised
from kij_analysis.reporting.provenance import files_behind, items_of
from kij_analysis.reporting.provenance import shown as shown
from kij_analysis.reporting.runner import notebooks_of
from kij_analysis.reporting.settings import Settings
from kij_analysis.study import Study
from kij_analysis.words import LANGUAGES, Words, catalogue

GENERATED = ("figures", "report")
"""The study's folders whose files are outputs."""

PACKAGES = (
    "kij-analysis", "babel", "matplotlib", "numpy", "pandas", "papermill", "pyreadstat", "python-calamine",
    "scipy", "statsmodels",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """Inputs with checksums, versions, parameters, outputs with checksums, and where each item came from.

    `figures` and `tables` have a row for each item and language: the number on the page, what it is made of
    and by which function, and where its numbers lie in the folder of the harmonised data. `words` tells the
    version of each language's words, and whether a native speaker has read them. `outputs` names files by the
    study's folder and the path in it (``figures/da/barriers.svg``), wherever that folder lies; `earlier` does
    so for files of other languages that an earlier run has left.
    """

    study: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    inputs: Sequence[Mapping[str, str]] = ()
    words: Mapping[str, Any] = field(default_factory=dict)
    figures: Sequence[Mapping[str, Any]] = ()
    tables: Sequence[Mapping[str, Any]] = ()
    outputs: Mapping[str, str] = field(default_factory=dict)
    earlier: Mapping[str, str] = field(default_factory=dict)

    def write(self, path: Path) -> Path:
        """Write the manifest as JSON."""
        return write_json(path, dict(self.__dict__))

    def after(self, old: Manifest, languages: Sequence[str]) -> tuple[Manifest, list[str]]:
        """This manifest with what an older run has left of other languages, and what it left of these.

        The latter are the outputs of `languages` that are no longer made.
        """
        left = {path: sha for path, sha in {**old.earlier, **old.outputs}.items() if path not in self.outputs}
        ours = [path for path in left if _language_of(path) in languages]
        others = {path: sha for path, sha in left.items() if _language_of(path) not in ("", *languages)}
        return replace(self, earlier=others), ours


def _language_of(path: str) -> str:
    """The language of an output, from its folder or its name; empty for what belongs to none."""
    parts = PurePosixPath(path)
    found = [part for part in parts.parent.parts if part in LANGUAGES]
    return (found or [name for name in LANGUAGES if parts.stem.endswith(f"-{name}")] or [""])[0]


def place_of(path: str, study: Study) -> Path | None:
    """Where an output lies; nothing for a path that leads out of the folders of the report."""
    kind, *parts = PurePosixPath(path).parts or ("",)
    if kind not in GENERATED or ".." in parts or PurePosixPath(*parts).is_absolute():
        return None
    return study.folders[kind].joinpath(*parts)


def read_manifest(path: Path) -> Manifest:
    """The manifest of an earlier report; an empty one if there is none that can be read."""
    try:
        return Manifest(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return Manifest()


def manifest_of(
    study: Study, data: Harmonised, chapters: Sequence[Mapping[str, Any]], work: Path, settings: Settings
) -> Manifest:
    """The manifest of a report whose files stand in a working folder."""
    made = [path for name in GENERATED for path in sorted((work / name).rglob("*")) if path.is_file()]
    outputs = {path.relative_to(work).as_posix(): checksum(path) for path in made}
    return Manifest(
        study={"id": study.id, "title": study.title, "data_status": study.data_status},
        parameters={"languages": list(study.languages), **settings.told(study)},
        versions={name: version(name) for name in PACKAGES},
        inputs=inputs_of(study, data),
        words={language: _words(language) for language in study.languages},
        figures=items_of("figure", study, data, chapters),
        tables=items_of("table", study, data, chapters),
        outputs=outputs,
    )


def inputs_of(study: Study, data: Harmonised) -> list[dict[str, str]]:
    """Every file that was read: data, crosswalks, codebook, notebooks and the study file."""
    rows = [
        {"file": row["file"], "sha256": row["sha256"], "kind": "data", "data_status": row["data_status"]}
        for row in data.ledger.sources.to_dict("records")
    ]
    keys = data.ledger.key_files.drop_duplicates("path")
    rows += [
        {"file": row["path"], "sha256": row["sha256"], "kind": "key file"} for row in keys.to_dict("records")
    ]
    files = [study.path, *sorted(study.folders["codebook"].glob("*.yaml"))]
    files += [path for part in ("payers", "scenarios") for path in _yaml(study.folders["codebook"] / part)]
    files += [study.crosswalk(source) for source in study.sources]
    files += notebooks_of(study.folders["notebooks"])
    printed = ("record", "evidence", "official", "surveys")
    files += [path for kind in printed for path in files_behind(kind, study)]
    for path in dict.fromkeys(files):
        rows.append(
            {"file": shown(path, study.root), "sha256": checksum(path), "kind": path.suffix.lstrip(".")}
        )
    return rows


def _yaml(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml"))


def _words(language: str) -> dict[str, Any]:
    text = json.dumps(dict(catalogue(language)), ensure_ascii=False, sort_keys=True)
    return {"sha256": hashlib.sha256(text.encode("utf-8")).hexdigest(), "reviewed": Words(language).reviewed}
