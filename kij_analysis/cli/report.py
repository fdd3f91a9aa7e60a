"""`kij report`."""

from __future__ import annotations

import argparse
import os

import kij_analysis as kij
from kij_analysis.cli.telling import on_study, progress, tell
from kij_analysis.errors import UsageError
from kij_analysis.profiles import UNCONFIRMED

TEXT = "Check, harmonise, run the notebooks and bind the pages."


def arguments(part: argparse.ArgumentParser) -> None:
    """Declare the options."""
    on_study(part, raw=False)
    part.add_argument(
        "--language", action="append", default=[], metavar="LANG", help="da, nb, sv, fi or en; repeatable"
    )
    part.add_argument(
        "--only", action="append", default=[], metavar="CHAPTER",
        help="make this chapter anew and keep the others as they are; repeatable",
    )  # fmt: skip
    part.add_argument("--level", type=float, default=0.95, help="the confidence level of intervals: 0.95")
    part.add_argument("--weighting", default="none", help="none, or margins (known numbers of participants)")
    part.add_argument("--profile", default="", help="the disclosure profile; the study's own if left out")
    part.add_argument(
        "--release", action="store_true",
        help="refuse whatever must not go out, and keep a record that protects the next release",
    )  # fmt: skip
    part.add_argument(
        "--as", dest="name", default="", metavar="NAME",
        help="the name of the release, such as its date; the next number if left out",
    )  # fmt: skip
    part.add_argument("--docx", action="store_true", help="make a Word document of each language too")
    part.add_argument(
        "--pdf", action="store_true", help="print a PDF of each language with Chromium, Chrome or Edge"
    )
    part.add_argument("--timings", action="store_true", help="print how long each part took")


def run(options: argparse.Namespace) -> None:
    """Make the report and say where it lies."""
    from kij_analysis.reporting.releases import name_of_release
    from kij_analysis.reporting.report import steps
    from kij_analysis.reporting.settings import Settings

    os.environ.setdefault("MPLBACKEND", "agg")
    study = kij.open_study(options.study)
    if options.name and not options.release:
        raise UsageError("--as names a release.", fix="kij report --release --as 2026-11-30")
    if options.release and options.only:
        raise UsageError("A release is all of a report.", fix="Leave --only out.")
    release = name_of_release(study, options.name) if options.release else ""
    settings = Settings(level=options.level, weighting=options.weighting, profile=options.profile)
    forms = [form for form in ("docx", "pdf") if getattr(options, form)]
    with progress(steps(study, options.only), "report") as tick:
        made = kij.report(
            study, languages=options.language, only=options.only, settings=settings, forms=forms,
            release=release, progress=tick,
        )  # fmt: skip
    tell(made.notices)
    pages = ", ".join(path.name for path in made.pages)
    print(f"{made.figures} figures; {pages} in {made.pages[0].parent}")
    observed = any(source.data_status == "observed" for source in study.sources)
    if observed and settings.of(study).confirmed is None:
        print(UNCONFIRMED.format(name=settings.profile or study.profile.name))
    if release:
        print(f"release '{release}': its record is {made.record}; keep it, and do not publish it")
    if options.timings:
        for part, seconds in made.timings.items():
            print(f"{seconds:7.1f} s  {part}")
