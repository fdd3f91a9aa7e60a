"""`kij renew`."""

from __future__ import annotations

import argparse

import kij_analysis as kij
from kij_analysis.files import write_text

TEXT = "Write this year's crosswalk from last year's, with what changed left to decide."


def arguments(part: argparse.ArgumentParser) -> None:
    """Declare the options."""
    part.add_argument("crosswalk", help="last year's crosswalk, by its id")
    part.add_argument("study", nargs="?", default=".", help="the study folder (default: here)")
    part.add_argument("--as", dest="new_id", required=True, metavar="NEW_ID", help="the id of this year's")
    part.add_argument("--file", metavar="EXPORT", help="this year's export, to see what changed")


def run(options: argparse.Namespace) -> None:
    """Write the crosswalk and say what is left to decide."""
    study = kij.open_study(options.study)
    made = kij.harmonisation.renew(study, options.crosswalk, new_id=options.new_id, file=options.file)
    path = write_text(study.folders["codebook"] / "crosswalks" / f"{made.id}.yaml", made.text)
    for change in made.changes:
        print(f"to decide: {change.words()}")
    print(f"{len(made.changes)} changes to decide in {path}")
    print(f"Next: name it in study.yaml, for example: - {{crosswalk: {made.id}, file: …, data_status: …}}")
