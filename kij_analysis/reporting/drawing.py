"""Drawing: the items of all chapters, protected together, made in every language by several processes."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from kij_analysis import disclosure
from kij_analysis.disclosure import Together
from kij_analysis.errors import KijError, Problem, ReportError, listed
from kij_analysis.files import write_json
from kij_analysis.reporting.items import WORDS, Item, drawn, load_items
from kij_analysis.words import Words

FEW = 6
"""So many items are drawn quicker than another process is started."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One item of a chapter, protected, and its place on the page."""

    chapter: str
    place: int
    item: Item


def kept_items(folder: Path) -> list[tuple[str, dict[int, Item]]]:
    """What the notebooks of a run want drawn: each chapter with its items by their place."""
    return [(path.stem, load_items(path)) for path in sorted(folder.glob("*.pickle"))]


def protected(
    chapters: Sequence[tuple[str, Mapping[int, Item]]], *, profile: Any, earlier: pd.DataFrame | None = None
) -> tuple[list[Job], Together]:
    """The items of several chapters, protected as one release (`kij_analysis.disclosure.together`).

    What is derived from them is not computed yet: see `resolved`.

    Raises
    ------
    ReportError
        If two figures or tables have one name.
    """
    different_names((item.kind, item.name) for _, items in chapters for item in items.values())
    every = [(chapter, place, item) for chapter, items in chapters for place, item in items.items()]
    leaving = [one for chapter, _, item in every for _, one in item.leaving(chapter)]
    together = disclosure.together(leaving, profile=profile, earlier=earlier)
    jobs = []
    for chapter, place, item in every:
        frames = {option: together.frames[one.kind, one.name] for option, one in item.leaving(chapter)}
        jobs.append(Job(chapter=chapter, place=place, item=item.showing(frames)))
    return jobs, together


def resolved(jobs: Sequence[Job]) -> tuple[list[Job], list[Problem]]:
    """The items with all computed that is derived from protected frames; those of which nothing is left go.

    Returns
    -------
    tuple
        The items that can be made, and one problem for each whose derivation was refused.
    """
    made, problems = [], []
    for job in jobs:
        try:
            item = job.item.resolved()
        except KijError as error:
            what = f"The {job.item.kind} '{job.item.name}': {error.problems[0].what.rstrip('.')}."
            problems.append(Problem(what=what, fix=error.problems[0].fix, file=job.chapter))
            continue
        if len(item.frame) or job.item.then is None:
            made.append(replace(job, item=item))
    return made, problems


def different_names(items: Iterable[tuple[str, str]]) -> None:
    """Refuse a report in which one figure or table, by its kind and name, would overwrite another.

    Raises
    ------
    ReportError
        With the names that stand twice.
    """
    twice = [name for (_, name), count in Counter(items).items() if count > 1]
    if twice:
        raise ReportError(
            f"Several figures or tables have the name {listed(twice)}, so one would overwrite the other.",
            fix='Give each its own: name="…".',
        )


def draw_all(jobs: Sequence[Job], words: Mapping[str, Words], work: Path) -> None:
    """Make every item in every language and write the list of each chapter.

    Raises
    ------
    ReportError
        With one line for each item that could not be made.
    """
    place = work / "drawing"
    place.mkdir()
    for job in jobs:
        (place / f"{job.chapter}.{job.place:03d}.job").write_bytes(pickle.dumps(job))
    workers = min(os.cpu_count() or 1, 4)
    if len(jobs) <= FEW or workers == 1:
        draw_some(work, words)
    else:
        start = "import sys; from kij_analysis.reporting.drawing import main; main(sys.argv[1])"
        command = [sys.executable, "-c", start, str(work)]
        running = [
            subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            for _ in range(workers)
        ]
        ended = [(process.communicate()[1], process.returncode) for process in running]
        died = [told.decode("utf-8", "replace").strip() for told, code in ended if code]
        if died:
            what = f"A process that draws has failed: {died[0].splitlines()[-1] if died[0] else 'killed'}."
            raise ReportError(what, fix="Run again; if it stays so, run with --only for each chapter.")
    _gather(place, work / "processed" / "chapters")


def draw_some(work: Path, words: Mapping[str, Words]) -> None:
    """Take jobs that no other process has taken, one after another, until there are none."""
    place = work / "drawing"
    folders = {name: work / name for name in ("figures", "report", "processed")}
    for path in sorted(place.glob("*.job")):
        mine = path.with_suffix(".taken")
        try:
            path.rename(mine)
        except OSError:  # another process was quicker
            continue
        job: Job = pickle.loads(mine.read_bytes())
        try:
            _, entry = drawn(job.item, list(words.values()), folders)
        except Exception as error:  # whatever it is, it belongs in one line with the item's name
            kind = "" if isinstance(error, KijError) else f"{type(error).__name__}: "
            entry = {"failed": f"The {job.item.kind} '{job.item.name}': {kind}{str(error).rstrip('.')}."}
        write_json(place / f"{path.stem}.json", entry)


def _gather(place: Path, chapters: Path) -> None:
    """Put what was made into the lists of the chapters, in the order of the notebooks."""
    failures = []
    for path in sorted(place.glob("*.json")):
        entry = json.loads(path.read_text("utf-8"))
        chapter, _, number = path.stem.rpartition(".")
        if "failed" in entry:
            fix = "Run the chapter's notebook in JupyterLab to see where."
            failures.append(Problem(what=entry["failed"], fix=fix, file=chapter))
            continue
        listed = chapters / f"{chapter}.json"
        content = json.loads(listed.read_text("utf-8"))
        content["items"][int(number)] = entry
        write_json(listed, content)
    if failures:
        raise ReportError(failures)
    for listed in sorted(chapters.glob("*.json")):
        content = json.loads(listed.read_text("utf-8"))
        made = [entry for entry in content["items"] if "data_status" in entry]
        write_json(listed, content | {"items": made})


def main(folder: str) -> None:
    """What one of the processes does."""
    work = Path(folder)
    draw_some(work, pickle.loads((work / WORDS).read_bytes()))
