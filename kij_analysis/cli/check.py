"""`kij check`."""

from __future__ import annotations

import argparse

import kij_analysis as kij
from kij_analysis.cli.telling import on_study, progress, tell
from kij_analysis.harmonisation.rounds import told

TEXT = "Hold every file against its crosswalk; nothing is written."


def arguments(part: argparse.ArgumentParser) -> None:
    """Declare the options."""
    on_study(part)


def run(options: argparse.Namespace) -> int:
    """Print the coverage matrix and every problem; the exit code tells what kind was found."""
    study = kij.open_study(options.study, raw=options.raw)
    with progress(len(study.sources), "check") as tick:
        found = kij.check(study, progress=tick)
    if len(found.coverage):
        print(found.coverage.to_string())
        print()
    if len(found.changes):
        print("\n".join([*told(found.changes), ""]))
    tell(found.problems)
    notices = len(found.problems) - len(found.errors)
    print(f"{len(found.errors)} problems, {notices} notices; nothing was written")
    return found.exit_code
