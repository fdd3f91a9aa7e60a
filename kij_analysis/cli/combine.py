"""`kij combine`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import kij_analysis as kij
from kij_analysis.cli.telling import progress, tell

TEXT = "Make the report of several programmes from the files that they share."


def arguments(part: argparse.ArgumentParser) -> None:
    """Declare the options."""
    part.add_argument("files", nargs="+", metavar="FILE", help="what kij share wrote, one file or more")
    part.add_argument(
        "--into", default=".", metavar="STUDY", help="the study folder of the report; made if it is not there"
    )
    part.add_argument(
        "--language", action="append", default=[], metavar="LANG", help="da, nb, sv, fi or en; repeatable"
    )


def run(options: argparse.Namespace) -> None:
    """Make the report, say where it lies and what could not be made."""
    from kij_analysis.exchange.combining import combine, steps

    os.environ.setdefault("MPLBACKEND", "agg")
    place = Path(options.into)
    if options.into != "." and not place.exists():
        kij.init(place)
        print(f"{place}: a new study folder")
    study = kij.open_study(place)
    with progress(steps(study), "combine") as tick:
        made = combine(options.files, study, languages=options.language, progress=tick)
    tell(made.report.notices)
    pages = ", ".join(path.name for path in made.report.pages)
    print(f"{made.report.figures} figures; {pages} in {made.report.pages[0].parent}")
    if made.left_out:
        print("\nWhat could not be made from what is shared:")
        for sentence in made.left_out:
            print(f"- {sentence}")
