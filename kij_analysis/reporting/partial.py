"""Some chapters made anew, the others kept from the last run where nothing has changed under them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from kij_analysis.errors import Problem, UsageError, did_you_mean, listed
from kij_analysis.files import checksum, write_json
from kij_analysis.harmonisation import Harmonised
from kij_analysis.reporting.chapter import CHAPTERS
from kij_analysis.reporting.drawing import Job
from kij_analysis.reporting.items import ITEMS, fingerprint
from kij_analysis.reporting.manifest import Manifest, inputs_of, place_of, read_manifest
from kij_analysis.reporting.settings import Settings
from kij_analysis.study import Study

SHOWN = "shown.json"
"""What the items of a report show, as checksums."""


def of_chapters(notebooks: Sequence[Path], only: Sequence[str]) -> list[Path]:
    """The notebooks of these chapters; all if there are none.

    Raises
    ------
    UsageError
        If a chapter is not known, with the known ones.

    Examples
    --------
    >>> [path.name for path in of_chapters([Path("01_data.ipynb"), Path("05_barriers.ipynb")], ["barriers"])]
    ['05_barriers.ipynb']
    """
    for name in only:
        if name not in CHAPTERS:
            hint = did_you_mean(name, CHAPTERS)
            raise UsageError(
                f"There is no chapter '{name}'. {hint}".strip(), fix=f"Known: {listed(CHAPTERS)}."
            )
    return [path for path in notebooks if not only or path.stem.partition("_")[2] in only]


def keep_others(
    work: Path, study: Study, data: Harmonised, only: Sequence[str], settings: Settings
) -> tuple[list[str], list[Problem]]:
    """Copy the other chapters of the last run into the working folder; those left out are told.

    A chapter is kept if it speaks the languages asked for, its files are as the last run wrote them, and
    data, codebook, settings and version are those that it was made from.

    Returns
    -------
    tuple
        The chapters kept, and a notice about those left out.
    """
    old = read_manifest(study.folders["report"] / "manifest.json")
    same = _settings(old.inputs, only) == _settings(inputs_of(study, data), only)
    same = same and settings.told(study).items() <= old.parameters.items()
    same = same and old.versions.get("kij-analysis") == _version()
    others = [name for name in CHAPTERS if name not in only]
    kept = [name for name in others if same and _kept(name, work, study, old)]
    left = [name for name in others if name not in kept]
    if not left:
        return kept, []
    what = (
        f"The page is without {listed(left)}: no earlier run made it from the same data in these languages."
    )
    return kept, [Problem(what=what, fix="Run kij report without --only.", severity="notice")]


def keep_drawn(jobs: Sequence[Job], kept: Sequence[str], now: Path, before: Path) -> list[Job]:
    """The items that have to be drawn: those of kept chapters only if other numbers of them are hidden now.

    What all items show is noted in the folder `now`, and compared with what the last run noted in `before`.
    """
    shown = {_key(job): fingerprint(job.item) for job in jobs}
    try:
        old = json.loads((before / SHOWN).read_text("utf-8"))
    except (OSError, ValueError):
        old = {}
    write_json(now / SHOWN, shown)
    same = {name for name, own in shown.items() if old.get(name) == own}
    return [job for job in jobs if job.chapter not in kept or _key(job) not in same]


def _key(job: Job) -> str:
    return f"{job.chapter}/{job.item.kind}/{job.item.name}"


def _version() -> str:
    from importlib.metadata import version

    return version("kij-analysis")


def _settings(inputs: Sequence[Mapping[str, str]], only: Sequence[str]) -> dict[str, str]:
    """All files with their checksums but for the notebooks of the chapters that are made anew."""
    anew = tuple(f"_{name}.ipynb" for name in only)
    return {row["file"]: row["sha256"] for row in inputs if not row["file"].endswith(anew)}


def _kept(name: str, work: Path, study: Study, old: Manifest) -> bool:
    """Whether a chapter of the last run could be kept, with its files."""
    path = study.folders["processed"] / "chapters" / f"{name}.json"
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return False
    if not set(study.languages) <= set(content["languages"]):
        return False
    if not all("texts" in item for item in content["items"]):  # listed by an older version
        return False
    if not (study.folders["processed"] / ITEMS / f"{name}.pickle").exists():
        return False
    known = {**old.earlier, **old.outputs}
    files = [shown for shown in known if _of(shown, content, study.languages)]
    places = {shown: place_of(shown, study) for shown in files}
    if not all(place and place.exists() and checksum(place) == known[s] for s, place in places.items()):
        return False
    if {PurePosixPath(shown).stem for shown in files} < {item["name"] for item in content["items"]}:
        return False
    for source, target in _moves(places, path, work):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    return True


def _of(shown: str, content: Mapping[str, Any], languages: Sequence[str]) -> bool:
    """Whether a file is of one of the chapter's items, in one of the languages."""
    path = PurePosixPath(shown)
    return path.parent.name in languages and path.stem in {item["name"] for item in content["items"]}


def _moves(places: Mapping[str, Path | None], path: Path, work: Path) -> Iterator[tuple[Path, Path]]:
    yield path, work / "processed" / "chapters" / path.name
    for shown, place in places.items():
        if place:
            yield place, work / shown
