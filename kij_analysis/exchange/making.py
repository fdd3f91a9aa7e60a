"""What an organisation shares, made from its study: chapters run, items protected, header written."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from kij_analysis.errors import Problem, ReportError, listed
from kij_analysis.exchange.definitions import definitions
from kij_analysis.exchange.packing import PLAIN, about_persons, large, packed
from kij_analysis.exchange.plain import checksum_of, packed_frame
from kij_analysis.exchange.shared import FORM, Shared
from kij_analysis.harmonisation import Harmonised, harmonise, statuses
from kij_analysis.reporting.chapter import CHAPTERS, prepare
from kij_analysis.reporting.drawing import kept_items, protected
from kij_analysis.reporting.items import ITEMS, Item
from kij_analysis.reporting.releases import released_before
from kij_analysis.reporting.runner import notebooks_of, run_notebooks
from kij_analysis.reporting.settings import AS_SHIPPED, Settings
from kij_analysis.study import Study

ALONE = ("account",)
"""Chapters that rest on nobody's answers; the author of the report has her own."""

Kept = Sequence[tuple[str, Mapping[int, Item]]]


@dataclass(frozen=True, kw_only=True)
class Made:
    """What is shared, and what of the report cannot be; `log` of what was hidden and `cells`, the counts that
    are told, are internal."""

    shared: Shared
    notices: tuple[Problem, ...]
    log: pd.DataFrame
    cells: pd.DataFrame


def share(
    study: Study, *, settings: Settings = AS_SHIPPED, progress: Callable[[str], None] | None = None
) -> Made:
    """The disclosure-checked estimates of a study, without a row of a person, for `combine`.

    The notebooks are run as for a report, and all that rests on answers of the study's persons is protected
    together, as one release of its own. What is anything but estimates of public functions is left out,
    with a notice.

    Raises
    ------
    StudyError, SourceError, HarmonisationError
        If the data do not fit; every problem at once.
    ReportError
        If a notebook fails.
    """
    tell = progress or (lambda _: None)
    own = settings.of(study)
    data = harmonise(own)
    tell("harmonised")
    # Inside the study: answers of persons never lie in a folder that others can read.
    own.folders["processed"].mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".staging-", dir=own.folders["processed"]))
    try:
        prepare(data, ["en"], work)
        books = [path for path in notebooks_of(own.folders["notebooks"]) if _chapter(path) not in ALONE]
        parameters = {"languages": ["en"], "study": str(own.path), "out": str(work), **settings.changed}
        run_notebooks(books, parameters, outputs=work / "processed" / "notebooks", done=tell)
        kept = kept_items(work / ITEMS)
        order = {chapter: _names(work / "processed" / "chapters" / f"{chapter}.json") for chapter in CHAPTERS}
    finally:
        shutil.rmtree(work, ignore_errors=True)
    made = shared_of(own, data, kept, order, settings=settings)
    tell("protected")
    return made


def steps(study: Study) -> int:
    """How many steps sharing has, for a progress bar."""
    return 2 + sum(_chapter(path) not in ALONE for path in notebooks_of(study.folders["notebooks"]))


def _chapter(notebook: Path) -> str:
    return notebook.stem.partition("_")[2]


def _names(path: Path) -> list[str]:
    """The names of a chapter's items in their order."""
    if not path.exists():
        return []
    return [item["name"] for item in json.loads(path.read_text("utf-8"))["items"]]


def shared_of(
    study: Study,
    data: Harmonised,
    kept: Kept,
    order: Mapping[str, Sequence[str]],
    *,
    settings: Settings = AS_SHIPPED,
) -> Made:
    """What is shared of the items that the chapters of a study hold."""
    programmes = list(dict.fromkeys(data.ledger.sources["programme"]))
    own = [
        (name, {place: item for place, item in items.items() if about_persons(item, set(programmes))})
        for name, items in kept
    ]
    jobs, together = protected(own, profile=study.profile, earlier=released_before(study))
    chapters: dict[str, list[dict[str, Any]]] = {}
    notices = []
    for job in jobs:
        try:
            chapters.setdefault(job.chapter, []).append(packed(job.item, smallest=study.threshold))
        except ReportError as error:
            what = f"Not shared: {error.problems[0].what}"
            notices.append(Problem(what=what, file=job.chapter, severity="notice"))
    without = [name for name in CHAPTERS if not chapters.get(name) and name not in ALONE]
    if without:
        what = f"Nothing is shared of the chapters {listed(without)}: they rest on no answers of this study."
        notices.append(Problem(what=what, severity="notice"))
    header = _header(study, data, programmes, settings)
    listed_chapters = [
        {"chapter": name, "order": list(order.get(name, ())), "items": chapters[name]}
        for name in CHAPTERS
        if chapters.get(name)
    ]
    shared = Shared(content=header | {"chapters": listed_chapters})
    return Made(shared=shared, notices=tuple(notices), log=together.log, cells=together.cells)


def _header(study: Study, data: Harmonised, programmes: Sequence[str], settings: Settings) -> dict[str, Any]:
    rules = statuses(data.ledger.rules)
    meant = definitions(data.codebook, dict.fromkeys(rules["column"]))
    columns = [*PLAIN["tables.sources"], "sha256", "crosswalk", "crosswalk_sha256"]
    sources = data.ledger.sources[columns]
    told = sources.assign(**{name: large(sources[name], study.threshold) for name in ("invited", "rows_out")})
    said = study.confirmed
    profile = study.profile
    return {
        "about": _about(study, data, programmes),
        "form": FORM,
        "kij": version("kij-analysis"),
        "study": {"id": study.id, "title": study.title},
        "programmes": list(programmes),
        "data_status": study.data_status,
        "disclosure": {
            "profile": profile.name,
            "smallest_cell": profile.smallest_cell,
            "confirmed_by": said.by if said else "",
            "on": said.on if said else "",
        },
        "settings": {"level": settings.level, "weighting": settings.weighting},
        "codebook": {"checksum": checksum_of(meant), "variables": meant},
        "sources": packed_frame(told),
        "statuses": packed_frame(rules),
    }


def _about(study: Study, data: Harmonised, programmes: Sequence[str]) -> list[str]:
    names = ", ".join(data.codebook.programmes[code].name for code in programmes)
    files = len(data.ledger.sources)
    profile = study.profile
    said = study.confirmed
    confirmed = (
        f"confirmed by {said.by} on {said.on}"
        if said
        else "NOT YET CONFIRMED by the owner of the data; have it confirmed before the file is sent"
    )
    kind = {
        "synthetic": "The data are made up: no real person stands behind these numbers.",
        "observed": "The data are answers of real people.",
    }.get(study.data_status, f"The data are {study.data_status}.")
    return [
        f"Estimates of {names} (study '{study.id}'), from {files} data files, for the report of several "
        "programmes. Made by kij share.",
        "There is no row of a person in this file: only shares, means, differences and the like, each with "
        "the number of persons behind it.",
        f"What rests on fewer than {profile.smallest_cell} persons is hidden, and so is what would tell it; "
        f"all numbers of this file were protected together under the profile {profile.name}, {confirmed}.",
        kind,
        "To read it as tables before it is sent: kij share --show FILE",
    ]
