"""`kij report`."""

from __future__ import annotations

import argparse
import os

import kij_analysis as kij
from kij_analysis.cli.telling import on_study, progress, tell

TEXT = "Check, harmonise, run the notebooks and bind the pages."


def arguments(part: argparse.ArgumentParser) -> None:
    """Declare the options."""
    on_study(part, raw=False)
    part.add_argument(
        "--language", action="append", default=[], metavar="LANG", help="da, nb, sv, fi or en; repeatable"
    )


def run(options: argparse.Namespace) -> None:
    """Make the report and say where it lies."""
    from kij_analysis.reporting.report import steps

    os.environ.setdefault("MPLBACKEND", "agg")
    study = kij.open_study(options.study)
    with progress(steps(study), "report") as tick:
        made = kij.report(study, languages=options.language, progress=tick)
    tell(made.notices)
    pages = ", ".join(path.name for path in made.pages)
    print(f"{made.figures} figures; {pages} in {made.pages[0].parent}")
