"""`kij share`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import kij_analysis as kij
from kij_analysis.cli.telling import on_study, progress, tell
from kij_analysis.errors import UsageError
from kij_analysis.files import checksum

TEXT = "Write a file of disclosure-checked estimates, without rows of persons, for the report of several."


def arguments(part: argparse.ArgumentParser) -> None:
    """Declare the options."""
    on_study(part, raw=False)
    part.add_argument("--into", metavar="FILE", help="the file to write, such as fika.share.json")
    part.add_argument(
        "--show", metavar="FILE", help="print such a file as tables, to be read before it is sent"
    )
    part.add_argument(
        "--sent-as", dest="name", default="", metavar="NAME",
        help="the file will be sent: keep a record of this name, which protects what is shared next",
    )  # fmt: skip
    part.add_argument("--level", type=float, default=0.95, help="the confidence level of intervals: 0.95")
    part.add_argument("--profile", default="", help="the disclosure profile; the study's own if left out")


def run(options: argparse.Namespace) -> None:
    """Write the file and say what it holds, or show one."""
    from kij_analysis.exchange import read_shared, showing
    from kij_analysis.exchange.making import share, steps
    from kij_analysis.reporting.releases import name_of_release, record_of, write_record
    from kij_analysis.reporting.settings import Settings

    if bool(options.into) == bool(options.show):
        raise UsageError("Name a file to write or to show.", fix="kij share --into fika.share.json")
    if options.show:
        print(showing.shown(read_shared(options.show)))
        return
    os.environ.setdefault("MPLBACKEND", "agg")
    study = kij.open_study(options.study)
    target = Path(options.into)
    name = name_of_release(study, options.name) if options.name else ""
    with progress(steps(study), "share") as tick:
        made = share(study, settings=Settings(level=options.level, profile=options.profile), progress=tick)
    made.shared.write(target)
    tell(made.notices)
    print(showing.summary(made.shared))
    if name:
        files = {target.name: checksum(target)}
        told = record_of(study, name, cells=made.cells, outputs=files, languages=())
        print(f"\nIts record is {write_record(study, told)}; keep it, and do not pass it on.")
    print(f"\n{target} ({target.stat().st_size / 1024:.0f} KB)")
