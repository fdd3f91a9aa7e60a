"""`kij sheet`."""

from __future__ import annotations

import argparse
from pathlib import Path

from kij_analysis.cli.telling import tell

TEXT = "Carry a crosswalk from YAML to a sheet (CSV, XLSX) that Excel edits, and back, without loss."


def arguments(part: argparse.ArgumentParser) -> None:
    """Declare the options."""
    part.add_argument("crosswalk", help="the crosswalk: a .yaml, .csv or .xlsx file")
    part.add_argument(
        "--to",
        metavar="FILE",
        help="where to, by its ending .csv, .xlsx or .yaml (default: here, as .xlsx; from a sheet as .yaml)",
    )
    part.add_argument("--replace", action="store_true", help="write over a file that exists")


def run(options: argparse.Namespace) -> None:
    """Write the crosswalk in the other form."""
    from kij_analysis.codebook import convert_crosswalk

    source = Path(options.crosswalk)
    other = ".yaml" if source.suffix.lower() in (".csv", ".xlsx") else ".xlsx"
    target = Path(options.to or f"{source.stem}{other}")
    tell(convert_crosswalk(source, target, replace=options.replace))
    print(f"{target}: the same rules as {source.name}")
