"""`kij diff`."""

from __future__ import annotations

import argparse

import kij_analysis as kij
from kij_analysis.errors import UsageError
from kij_analysis.harmonisation.previous import PREVIOUS

TEXT = "Say in words what differs between two runs of kij harmonise."
MOST = 60


def arguments(part: argparse.ArgumentParser) -> None:
    """Declare the options."""
    text = "two folders that kij harmonise has written (default: the run before and the present one)"
    part.add_argument("folders", nargs="*", metavar="FOLDER", help=text)
    part.add_argument("--study", default=".", help="the study whose runs are compared (default: here)")
    part.add_argument(
        "--all", action="store_true", help=f"tell everything, not only the first {MOST} sentences"
    )


def run(options: argparse.Namespace) -> None:
    """Print the differences; they are internal, because they count few people."""
    places = options.folders
    if not places:
        present = kij.open_study(options.study).folders["processed"]
        places = [present / PREVIOUS, present]
        if (present / "ledger.json").is_file() and not (places[0] / "ledger.json").is_file():
            raise UsageError(
                "There is no run before this one.", fix="Run kij harmonise again after a change."
            )
    if len(places) != 2:
        raise UsageError("Two folders can be compared, not one.", fix="Name the old one, then the new one.")
    words = kij.harmonisation.compare(*places).words()
    shown = words if options.all else words[:MOST]
    print("\n".join(shown))
    if len(words) > len(shown):
        print(f"… and {len(words) - len(shown)} more; kij diff --all tells them")
    print("Internal: counts of few people; do not pass on")
