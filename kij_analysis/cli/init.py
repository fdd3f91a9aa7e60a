"""`kij init`."""

from __future__ import annotations

import argparse

import kij_analysis as kij

TEXT = "Make a new study folder from the template."


def arguments(part: argparse.ArgumentParser) -> None:
    """Declare the options."""
    part.add_argument("folder", help="the new folder")


def run(options: argparse.Namespace) -> None:
    """Copy the template and say what comes next."""
    folder = kij.init(options.folder)
    print(f"A new study in {folder}. Next: cd {folder}, then kij report")
