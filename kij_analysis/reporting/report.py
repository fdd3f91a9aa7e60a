"""The report: check, harmonise, run the notebooks, bind the pages, write the manifest."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kij_analysis.errors import KijError, Problem, ReportError
from kij_analysis.files import staged, write_bytes
from kij_analysis.harmonisation import Harmonised, harmonise
from kij_analysis.harmonisation.previous import keep_previous
from kij_analysis.reporting.binding import check_forms
from kij_analysis.reporting.chapter import prepare
from kij_analysis.reporting.drawing import kept_items, protected, resolved
from kij_analysis.reporting.finishing import Progress, Run, timed
from kij_analysis.reporting.items import ITEMS, load_items, save_items
from kij_analysis.reporting.manifest import shown
from kij_analysis.reporting.partial import keep_drawn, keep_others, of_chapters
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
    forms: Sequence[str] = (),
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
    forms
        ``"docx"`` for a Word document and ``"pdf"`` for a PDF in each language, beside the pages.
    release
        The name of a release (`kij_analysis.reporting.releases.name_of_release`): what must not go out is
        refused, and a record is kept. Every report is protected against the numbers of earlier releases.
    progress
        Called with a short text whenever a step is done.

    Returns
    -------
    Report
        ``report/report-<language>.html`` for each language with its tables in ``.xlsx``,
        ``report/index.html`` and ``report/manifest.json``; figures stand
        in ``figures/<language>``, the harmonised data in ``data/processed``.

    Raises
    ------
    StudyError, SourceError, HarmonisationError
        If the data do not fit; every problem at once.
    ReportError
        If a notebook fails; one line each, the executed notebook is kept in ``data/processed``. If a PDF is
        asked for and no browser is installed.
    ReleaseError
        If the report may not be released, with every reason.
    """
    tell = progress or (lambda _: None)
    check_forms(forms)
    speaking = settings.of(study.speaking(languages) if languages else study)
    notebooks = of_chapters(notebooks_of(study.folders["notebooks"]), only)
    timings: dict[str, float] = {}
    with timed("harmonise", timings):
        data = harmonise(speaking)
    if release:
        check_release(speaking, data)
    tell("harmonised")
    study.folders["processed"].mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".staging-", dir=study.folders["processed"]))
    try:
        return _into(work, speaking, data, tell, notebooks, only, settings, forms, release, timings)
    except KijError:
        _keep_runs(work, study)
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def steps(study: Study, only: Sequence[str] = ()) -> int:
    """How many steps a report has, for a progress bar."""
    return 5 + len(of_chapters(notebooks_of(study.folders["notebooks"]), only))


def _into(
    work: Path,
    study: Study,
    data: Harmonised,
    tell: Progress,
    notebooks: Sequence[Path],
    only: Sequence[str],
    settings: Settings,
    forms: Sequence[str],
    release: str,
    timings: dict[str, float],
) -> Report:
    """All of the report in a folder of its own, then moved to where it belongs."""
    with timed("save the harmonised data", timings):
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
    with timed("protect the numbers", timings):
        kept, notices = keep_others(work, study, data, only, settings) if only else ([], [])
        earlier = released_before(study)
        before = [(name, load_items(study.folders["processed"] / ITEMS / f"{name}.pickle")) for name in kept]
        # In one order, whichever are new, so that the same numbers are hidden.
        items = sorted([*kept_items(work / ITEMS), *before], key=lambda one: one[0])
        jobs, together = protected(items, profile=study.profile, earlier=earlier)
        log = together.log.to_csv(index=False, lineterminator="\n")
        write_bytes(work / "processed" / "disclosure.csv", log.encode("utf-8-sig"))
        jobs, problems = resolved(jobs)
        if problems:
            raise ReportError(problems)
        jobs = keep_drawn(jobs, kept, work / "processed" / ITEMS, study.folders["processed"] / ITEMS)
        for name, own in items:
            save_items(own, work / "processed" / ITEMS / f"{name}.pickle")
    tell("protected")
    run = Run(
        work=work,
        study=study,
        data=data,
        settings=settings,
        forms=forms,
        release=bool(release),
        partial=bool(only),
        tell=tell,
        timings=timings,
    )
    manifest = run.finish(jobs, prepared.words)
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


def _keep_runs(work: Path, study: Study) -> None:
    """The executed notebooks of a failed run, so that the failing cell can be looked at."""
    runs = work / "processed" / "notebooks"
    if runs.is_dir():
        with staged(study.folders["processed"] / "notebooks") as place:
            for path in runs.iterdir():
                shutil.move(path, place / path.name)
