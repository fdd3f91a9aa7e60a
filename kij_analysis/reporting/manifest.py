"""The manifest: what went into a report, with which versions, and what came out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kij_analysis.files import checksum, write_json
from kij_analysis.harmonisation import Harmonised
from kij_analysis.study import Study

PACKAGES = (
    "kij-analysis", "babel", "matplotlib", "numpy", "pandas", "papermill", "pyreadstat", "python-calamine",
    "scipy", "seaborn", "statsmodels",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """Inputs with checksums, versions, parameters, where each figure came from, outputs with checksums."""

    study: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    inputs: Sequence[Mapping[str, str]] = ()
    figures: Sequence[Mapping[str, Any]] = ()
    outputs: Mapping[str, str] = field(default_factory=dict)

    def write(self, path: Path) -> Path:
        """Write the manifest as JSON."""
        return write_json(path, dict(self.__dict__))

    def stale(self, newer: Manifest, languages: Sequence[str]) -> list[str]:
        """Outputs of these languages that this manifest lists and a newer one no longer makes."""
        return [
            path
            for path in self.outputs
            if path not in newer.outputs
            and any(mark in path for lang in languages for mark in (f"/{lang}/", f"-{lang}."))
        ]


def read_manifest(path: Path) -> Manifest:
    """The manifest of an earlier report; an empty one if there is none that can be read."""
    try:
        return Manifest(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return Manifest()


def manifest_of(
    study: Study, data: Harmonised, chapters: Sequence[Mapping[str, Any]], work: Path
) -> Manifest:
    """The manifest of a report whose files stand in a working folder."""
    places = {"figures": study.folders["figures"], "report": study.folders["report"]}
    outputs = {}
    for name, place in places.items():
        for path in sorted((work / name).rglob("*")):
            if path.is_file():
                outputs[_shown(place / path.relative_to(work / name), study.root)] = checksum(path)
    return Manifest(
        study={"id": study.id, "title": study.title, "data_status": study.data_status},
        parameters={"languages": list(study.languages), "threshold": study.threshold},
        versions={name: version(name) for name in PACKAGES},
        inputs=_inputs(study, data),
        figures=_figures(study, data, chapters),
        outputs=outputs,
    )


def _inputs(study: Study, data: Harmonised) -> list[dict[str, str]]:
    """Every file that was read: data, crosswalks, codebook, notebooks and the study file."""
    rows = [
        {"file": row["file"], "sha256": row["sha256"], "kind": "data", "data_status": row["data_status"]}
        for row in data.ledger.sources.to_dict("records")
    ]
    files = [study.path, *sorted(study.folders["codebook"].glob("*.yaml"))]
    files += [study.crosswalk(source) for source in study.sources]
    files += sorted(study.folders["notebooks"].glob("*.ipynb"))
    for path in dict.fromkeys(files):
        rows.append(
            {"file": _shown(path, study.root), "sha256": checksum(path), "kind": path.suffix.lstrip(".")}
        )
    return rows


def _figures(study: Study, data: Harmonised, chapters: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """For every figure in every language: its files, the variables drawn, and the data files behind it."""
    sources = data.ledger.sources
    rows = []
    for chapter in chapters:
        for item in chapter["items"]:
            if item["kind"] != "figure":
                continue
            behind = sources.loc[sources["programme"].isin(item["programmes"]), "file"].tolist()
            for language in study.languages:
                base = _shown(study.folders["figures"] / language / item["name"], study.root)
                rows.append(
                    {
                        "name": item["name"],
                        "language": language,
                        "chapter": chapter["chapter"],
                        "files": [f"{base}.{form}" for form in ("svg", "png", "csv", "json")],
                        "variables": item["variables"],
                        "data_files": behind,
                        "data_status": item["data_status"],
                    }
                )
    return rows


def _shown(path: Path, root: Path) -> str:
    """A path as the manifest prints it: relative to the study, so that no machine's folders are told."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
