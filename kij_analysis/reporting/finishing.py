"""The last steps of a report: its items are drawn, its pages bound, and all of it put where it belongs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter

from kij_analysis.files import staged
from kij_analysis.harmonisation import Harmonised
from kij_analysis.reporting.binding import bind_all
from kij_analysis.reporting.drawing import Job, draw_all
from kij_analysis.reporting.manifest import Manifest, manifest_of, place_of, read_manifest
from kij_analysis.reporting.pages import read_chapters
from kij_analysis.reporting.settings import AS_SHIPPED, Settings
from kij_analysis.study import Study
from kij_analysis.words import Words

Progress = Callable[[str], None]


@contextmanager
def timed(part: str, timings: dict[str, float]) -> Iterator[None]:
    """Note how many seconds a part of the run takes."""
    start = perf_counter()
    yield
    timings[part] = perf_counter() - start


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of a report that has its numbers: what is left is to draw, to bind and to move them."""

    work: Path
    study: Study
    data: Harmonised
    settings: Settings = AS_SHIPPED
    forms: Sequence[str] = ()
    release: bool = False
    tell: Progress = print
    timings: dict[str, float] = field(default_factory=dict)
    partial: bool = False
    inputs: Sequence[Mapping[str, str]] = ()

    def finish(self, jobs: Sequence[Job], words: Mapping[str, Words]) -> Manifest:
        """Draw the items, bind the pages, write the manifest, and put all of it where it belongs."""
        work, study, data = self.work, self.study, self.data
        with timed("draw", self.timings):
            draw_all(jobs, words, work)
        self.tell("drawn")
        with timed("bind the pages", self.timings):
            chapters = read_chapters(work / "processed" / "chapters", partial=self.partial)
            old = read_manifest(study.folders["report"] / "manifest.json")
            # Pages of other languages that lie there from an earlier run are no part of a release.
            bind_all(chapters, study, data, work, forms=self.forms, old=None if self.release else old)
        self.tell("bound")
        made = manifest_of(study, data, chapters, work, self.settings)
        made = replace(made, inputs=[*made.inputs, *self.inputs])
        manifest, stale = made.after(old, study.languages)
        manifest.write(work / "report" / "manifest.json")
        _put(work, study, ("processed", "figures", "report"))
        for place in [place_of(path, study) for path in stale]:
            if place is not None:
                place.unlink(missing_ok=True)
        return manifest


def _put(work: Path, study: Study, names: Sequence[str]) -> None:
    """Move what was made into the study's folders: all of it, or none if one file cannot be moved."""
    with ExitStack() as stack:
        root = stack.enter_context(staged(study.root))
        for name in names:
            folder = study.folders[name].resolve()
            if folder.is_relative_to(study.root):
                place = root / folder.relative_to(study.root)
            else:
                place = stack.enter_context(staged(folder))
            for path in sorted(path for path in (work / name).rglob("*") if path.is_file()):
                final = place / path.relative_to(work / name)
                final.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(path, final)
