"""The report: check, harmonise, run the notebooks, bind the pages, write the manifest."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from kij_analysis.errors import KijError, Problem, ReportError
from kij_analysis.files import staged
from kij_analysis.harmonisation import Harmonised, harmonise
from kij_analysis.harmonisation.previous import keep_previous
from kij_analysis.reporting.chapter import prepare
from kij_analysis.reporting.drawing import draw_all, kept_items, protected, resolved
from kij_analysis.reporting.items import ITEMS
from kij_analysis.reporting.manifest import manifest_of, place_of, read_manifest, shown
from kij_analysis.reporting.pages import bind, read_chapters
from kij_analysis.reporting.partial import keep_others, of_chapters
from kij_analysis.reporting.releases import (
    AGAINST,
    check_release,
    record_of,
    records,
    released_before,
    write_record,
)
from kij_analysis.reporting.runner import notebooks_of, run_notebooks
from kij_analysis.reporting.settings import AS_SHIPPED, Settings
from kij_analysis.study import Study

Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a report run has written: pages, manifest, how many figures; what the data gave notice of, and
    how many seconds each part took."""

    pages: tuple[Path, ...]
    manifest: Path
    figures: int
    record: Path | None = None
    notices: tuple[Problem, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)


def report(
    study: Study,
    *,
    languages: Sequence[str] = (),
    only: Sequence[str] = (),
    settings: Settings = AS_SHIPPED,
    release: str = "",
    progress: Progress | None = None,
) -> Report:
    """Regenerate the report of a study; nothing is written unless all of it succeeds.

    Parameters
    ----------
    languages
        Which languages; all of the study if empty.
    only
        Which chapters to make anew; all if empty. The others stay on the page as the last run made them,
        unless what they were made from has changed since: then they are left out, with a notice.
    settings
        The confidence level, weighting and disclosure profile of the chapters.
    release
        The name of a release (`kij_analysis.reporting.releases.name_of_release`): what must not go out is
        refused, and a record is kept. Every report is protected against the numbers of earlier releases.
    progress
        Called with a short text whenever a step is done.

    Returns
    -------
    Report
        ``report/report-<language>.html`` for each language and ``report/manifest.json``; figures stand
        in ``figures/<language>``, the harmonised data in ``data/processed``.

    Raises
    ------
    StudyError, SourceError, HarmonisationError
        If the data do not fit; every problem at once.
    ReportError
        If a notebook fails; one line each, the executed notebook is kept in ``data/processed``.
    ReleaseError
        If the report may not be released, with every reason.
    """
    tell = progress or (lambda _: None)
    speaking = settings.of(study.speaking(languages) if languages else study)
    notebooks = of_chapters(notebooks_of(study.folders["notebooks"]), only)
    timings: dict[str, float] = {}
    with _timed("harmonise", timings):
        data = harmonise(speaking)
    if release:
        check_release(speaking, data)
    tell("harmonised")
    study.folders["processed"].mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".staging-", dir=study.folders["processed"]))
    try:
        return _into(work, speaking, data, tell, notebooks, only, settings, release, timings)
    except KijError:
        _keep_runs(work, study)
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def steps(study: Study, only: Sequence[str] = ()) -> int:
    """How many steps a report has, for a progress bar."""
    return 5 + len(of_chapters(notebooks_of(study.folders["notebooks"]), only))


@contextmanager
def _timed(part: str, timings: dict[str, float]) -> Iterator[None]:
    start = perf_counter()
    yield
    timings[part] = perf_counter() - start


def _into(
    work: Path,
    study: Study,
    data: Harmonised,
    tell: Progress,
    notebooks: Sequence[Path],
    only: Sequence[str],
    settings: Settings,
    release: str,
    timings: dict[str, float],
) -> Report:
    """All of the report in a folder of its own, then moved to where it belongs."""
    with _timed("save the harmonised data", timings):
        data.save(work / "processed")
        keep_previous(work / "processed", study.folders["processed"])
        prepared = prepare(data, study.languages, work)
    timings |= run_notebooks(
        notebooks,
        {"languages": list(study.languages), "study": str(study.path), "out": str(work), **settings.changed},
        outputs=work / "processed" / "notebooks",
        kept=shown(study.folders["processed"] / "notebooks", study.root),
        done=tell,
    )
    with _timed("protect the numbers", timings):
        earlier = released_before(study)
        jobs, together = protected(kept_items(work / ITEMS), profile=study.profile, earlier=earlier)
        jobs, problems = resolved(jobs)
        if problems:
            raise ReportError(problems)
    tell("protected")
    with _timed("draw", timings):
        draw_all(jobs, prepared.words, work)
    tell("drawn")
    with _timed("bind the pages", timings):
        notices = keep_others(work, study, data, only, settings) if only else []
        chapters = read_chapters(work / "processed" / "chapters", partial=bool(only))
        for language in study.languages:
            bind(chapters, study, data, language=language, figures=work / "figures", into=work / "report")
    tell("bound")
    old = read_manifest(study.folders["report"] / "manifest.json")
    manifest, stale = manifest_of(study, data, chapters, work, settings).after(old, study.languages)
    manifest.write(work / "report" / "manifest.json")
    _put(work, study, ("processed", "figures", "report"))
    for place in [place_of(path, study) for path in stale]:
        if place is not None:
            place.unlink(missing_ok=True)
    record = None
    if release:
        told = record_of(
            study, release, cells=together.cells, outputs=manifest.outputs, languages=study.languages
        )
        record = write_record(study, told)
    if earlier is not None:
        notices = [*notices, Problem(what=AGAINST.format(n=len(records(study))), severity="notice")]
    tell("written")
    return Report(
        pages=tuple(study.folders["report"] / f"report-{language}.html" for language in study.languages),
        manifest=study.folders["report"] / "manifest.json",
        figures=len(manifest.figures),
        record=record,
        notices=(*data.ledger.problems, *notices),
        timings=timings,
    )


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


def _keep_runs(work: Path, study: Study) -> None:
    """The executed notebooks of a failed run, so that the failing cell can be looked at."""
    runs = work / "processed" / "notebooks"
    if runs.is_dir():
        with staged(study.folders["processed"] / "notebooks") as place:
            for path in runs.iterdir():
                shutil.move(path, place / path.name)
