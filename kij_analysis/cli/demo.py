"""`kij demo`."""

from __future__ import annotations

import argparse
from pathlib import Path

import kij_analysis as kij

TEXT = "Write the synthetic demonstration exports."


def arguments(part: argparse.ArgumentParser) -> None:
    """Declare the options."""
    where = "where to, and where assumptions.yaml is looked for first (default: data/raw/demo)"
    part.add_argument("folder", nargs="?", default="data/raw/demo", help=where)
    part.add_argument("--seed", type=_seed, help="another seed than the one in assumptions.yaml")


def run(options: argparse.Namespace) -> None:
    """Write the exports and say where they lie."""
    own = Path(options.folder) / kij.demo.ASSUMPTIONS
    shipped = kij.template.template_folder() / "data" / "raw" / "demo" / kij.demo.ASSUMPTIONS
    assumptions = own if own.is_file() else shipped
    names = kij.demo.write(options.folder, assumptions=assumptions, seed=options.seed)
    print(f"{len(names)} synthetic exports in {options.folder}")


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 0 up")
    return int(text)
