"""The report of several organisations, made from what they share and from the author's own chapters."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from kij_analysis import findings, indicators
from kij_analysis.codebook import Codebook, load_codebook
from kij_analysis.codebook.variables import KEY_COLUMNS
from kij_analysis.errors import ReportError, UsageError
from kij_analysis.exchange.fitting import fit
from kij_analysis.exchange.joining import items_of, needing_rows, order_of
from kij_analysis.exchange.packing import AUTHORS
from kij_analysis.exchange.plain import MAKERS, name_of
from kij_analysis.exchange.shared import Shared, read_shared
from kij_analysis.files import checksum, write_json
from kij_analysis.harmonisation import Harmonised
from kij_analysis.harmonisation.ledger import FRAMES, Ledger
from kij_analysis.profiles import PROFILES
from kij_analysis.reporting.chapter import CHAPTERS, prepare
from kij_analysis.reporting.drawing import Job, different_names, kept_items, protected, resolved
from kij_analysis.reporting.finishing import Run
from kij_analysis.reporting.items import ITEMS, Item
from kij_analysis.reporting.report import Report
from kij_analysis.reporting.runner import notebooks_of, run_notebooks
from kij_analysis.reporting.settings import Settings
from kij_analysis.study import Study, weakest

OWN = ("published", "labour_market", "account")
"""The chapters that the author has of her own: what is printed, official statistics, and her account."""

Entries = list[tuple[str, Item | Mapping[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class Combined:
    """The report of several files, and in words what of it could not be made."""

    report: Report
    left_out: tuple[str, ...]


def combine(
    files: Sequence[Path | str],
    study: Study,
    *,
    languages: Sequence[str] = (),
    progress: Callable[[str], None] | None = None,
) -> Combined:
    """The report of several programmes, as if their answers lay in one place, from the files that they share.

    Parameters
    ----------
    files
        What `share` wrote on each machine.
    study
        The author's study: her codebook, notebooks, printed record and scenarios. Its own sources are not
        looked at.
    languages
        Which languages; all of the study if empty.

    Raises
    ------
    ReportError
        If the files do not fit together, with every difference in words; if a notebook of the author's fails.
    """
    tell = progress or (lambda _: None)
    codebook = load_codebook(study.folders["codebook"])
    shared = in_order([read_shared(path) for path in files], codebook)
    notices = fit(shared, codebook)
    own = combined_study(study.speaking(languages) if languages else study, shared)
    given = shared[0].content["settings"]
    settings = Settings(level=given["level"], weighting=given["weighting"], profile=own.profile.name)
    data = combined_data(shared, codebook)
    tell("read")
    own.folders["processed"].mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".staging-", dir=own.folders["processed"]))
    try:
        prepared = prepare(data, own.languages, work)
        _run_own(own, work, settings, tell)
        entries, left_out = entries_of(shared, kept_items(work / ITEMS), work / "processed" / "chapters", own)
        jobs, refused = made_of(entries, own)
        left_out = [*left_out, *refused, *needing_rows(_by_chapter(jobs))]
        _write_chapters(entries, own.languages, work / "processed" / "chapters")
        write_json(work / "processed" / "combined.json", {"left_out": left_out})
        tell("combined")
        inputs = [
            {"file": Path(path).name, "sha256": checksum(path), "kind": "shared file"} for path in files
        ]
        run = Run(work=work, study=own, data=data, settings=settings, tell=tell, partial=True, inputs=inputs)
        manifest = run.finish(jobs, prepared.words)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    tell("written")
    report = Report(
        pages=tuple(own.folders["report"] / f"report-{language}.html" for language in own.languages),
        manifest=own.folders["report"] / "manifest.json",
        figures=len(manifest.figures),
        notices=tuple(notices),
    )
    return Combined(report=report, left_out=tuple(left_out))


def steps(study: Study) -> int:
    """How many steps combining has, for a progress bar."""
    return 5 + len(_own_notebooks(study))


def in_order(files: Sequence[Shared], codebook: Codebook) -> list[Shared]:
    """The files in the order of their programmes in the codebook.

    Raises
    ------
    UsageError
        If there is none.
    """
    if not files:
        raise UsageError("There is no file to combine.", fix="kij combine fika.share.json sajo.share.json")
    known = list(codebook.programmes)
    return sorted(
        files, key=lambda one: min((known.index(p) for p in one.programmes if p in known), default=0)
    )


def combined_study(study: Study, files: Sequence[Shared]) -> Study:
    """The author's study with nobody's answers, with the data status and the profile of the files."""
    status = weakest([one.content["data_status"] for one in files])
    profile = PROFILES.get(files[0].content["disclosure"]["profile"], study.profile)
    return replace(study, sources=(), data_status=status, profile=profile)


def combined_data(files: Sequence[Shared], codebook: Codebook) -> Harmonised:
    """What is known of the answers without any: sources and statuses; the frames of persons are empty."""
    empty = {name: pd.DataFrame(columns=columns) for name, columns in FRAMES.items()}
    sources = pd.concat([one.sources for one in files], ignore_index=True)
    rules = pd.concat([one.statuses for one in files], ignore_index=True)
    frames_of = empty | {
        "sources": sources.reindex(columns=FRAMES["sources"]),
        "rules": rules.reindex(columns=FRAMES["rules"]),
    }
    ledger = Ledger(**frames_of, settings={}, software={}, definitions={}, problems=())
    nobody = pd.DataFrame(columns=list(KEY_COLUMNS))
    return Harmonised(
        people=nobody, answers=nobody, pairs=nobody, meetings=nobody, properties=pd.DataFrame(),
        sensitivity=pd.DataFrame(), ledger=ledger, codebook=codebook,
    )  # fmt: skip


def _own_notebooks(study: Study) -> list[Path]:
    return [path for path in notebooks_of(study.folders["notebooks"]) if path.stem.partition("_")[2] in OWN]


def _run_own(study: Study, work: Path, settings: Settings, tell: Callable[[str], None]) -> None:
    books = _own_notebooks(study)
    parameters = {"languages": list(study.languages), "study": str(study.path), "out": str(work)}
    if books:
        more = settings.changed
        run_notebooks(books, parameters | more, outputs=work / "processed" / "notebooks", done=tell)


def entries_of(
    files: Sequence[Shared],
    kept: Sequence[tuple[str, Mapping[int, Item]]],
    folder: Path,
    study: Study,
) -> tuple[dict[str, Entries], list[str]]:
    """For every chapter its items in order, those of the author's notebooks and those that were shared.

    An item that a notebook of the author's has drawn itself stands as what the list of the chapter says.
    """
    own_items = dict(kept)
    found: dict[str, Entries] = {}
    for chapter in CHAPTERS:
        path = folder / f"{chapter}.json"
        listed_ = json.loads(path.read_text("utf-8"))["items"] if path.exists() else []
        waiting = own_items.get(chapter, {})
        own: dict[str, Item | Mapping[str, Any]] = {
            entry["name"]: waiting.get(place, entry) for place, entry in enumerate(listed_)
        }
        others = {
            name: with_own(item, study)
            for (_, name), item in items_of(files, chapter).items()
            if name not in own
        }
        names = order_of(files, chapter, list(own))
        names += [name for name in others if name not in names]
        both = own | others
        found[chapter] = [(name, both[name]) for name in names if name in both]
    absent = [chapter for chapter in CHAPTERS if not found[chapter]]
    sentences = [f"The chapter '{chapter}' is left out: no file holds anything for it." for chapter in absent]
    return {chapter: entries for chapter, entries in found.items() if entries}, sentences


def with_own(item: Item, study: Study) -> Item:
    """A score-card with the findings and the printed record of the author, which its rows name by id."""
    if name_of(item.make, MAKERS) not in AUTHORS:
        return item
    told = {
        "findings": findings.load(study),
        "record": indicators.load(study),
        "sources": indicators.sources(study),
    }
    return replace(item, options={**item.options, **told})


def made_of(entries: Mapping[str, Entries], study: Study) -> tuple[list[Job], list[str]]:
    """All items that can be drawn, with what is computed across programmes computed; and what cannot be.

    Raises
    ------
    ReportError
        If an item of the author's own cannot be computed.
    """
    items = {
        chapter: {place: item for place, (_, item) in enumerate(own) if isinstance(item, Item)}
        for chapter, own in entries.items()
    }
    different_names((item.kind, item.name) for own in items.values() for item in own.values())
    mine, shared = (
        [
            (chapter, {place: item for place, item in own.items() if (item.protect is None) == theirs})
            for chapter, own in items.items()
        ]
        for theirs in (False, True)
    )
    jobs, problems = resolved(protected(mine, profile=study.profile)[0])
    if problems:
        raise ReportError(problems)
    given = [Job(chapter=name, place=place, item=item) for name, own in shared for place, item in own.items()]
    made, refused = resolved(given)
    places = {(job.chapter, job.place) for job in made}
    gone = [
        f"{job.chapter}, {job.item.kind} '{job.item.name}' is left out: it needs the answers of several "
        "programmes in one place."
        for job in given
        if (job.chapter, job.place) not in places
        and not any(job.item.name in problem.what for problem in refused)
    ]
    return [*jobs, *made], [*(str(problem) for problem in refused), *gone]


def _by_chapter(jobs: Sequence[Job]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for job in jobs:
        found.setdefault(job.chapter, []).append(job.item)
    return found


def _write_chapters(entries: Mapping[str, Entries], languages: Sequence[str], folder: Path) -> None:
    """The lists of the chapters, from which the pages are bound when the items have been drawn."""
    for path in folder.glob("*.json"):
        path.unlink()
    for chapter, own in entries.items():
        items = [{"kind": item.kind, "name": name} if isinstance(item, Item) else item for name, item in own]
        content = {"chapter": chapter, "languages": list(languages), "items": items}
        write_json(folder / f"{chapter}.json", content)
