"""`kij harmonise`."""

from __future__ import annotations

import argparse

import kij_analysis as kij
from kij_analysis.cli.telling import on_study, progress, tell

TEXT = "Write the harmonised data and the ledger."


def arguments(part: argparse.ArgumentParser) -> None:
    """Declare the options."""
    on_study(part)
    part.add_argument(
        "--mark", action="store_true", help="let a broken rule cost its own column only, instead of stopping"
    )
    saving(part)


def run(options: argparse.Namespace) -> None:
    """Harmonise, save, and say how many rows came of how many files."""
    from kij_analysis.exports.frames import known

    formats = options.format or ("parquet", "csv")
    known(formats, options.language)
    study = kij.open_study(options.study, raw=options.raw)
    with progress(len(study.sources), "harmonise") as tick:
        data = kij.harmonise(study, on_problem="mark" if options.mark else "stop", progress=tick)
    folder = study.folders["processed"]
    data.save(folder, language=options.language, formats=formats)
    tell(data.ledger.problems)
    rows = int(data.ledger.sources["rows_out"].sum())
    print(f"{rows} rows from {len(study.sources)} files; harmonised data and ledger in {folder}")


def saving(part: argparse.ArgumentParser) -> None:
    """Declare in which formats the frames are written, and in which language their labels are."""
    part.add_argument(
        "--format",
        action="append",
        default=[],
        help="parquet, csv, csv-semicolon (what Nordic Excel opens), xlsx, spss or stata; repeatable "
        "(default: parquet and csv)",
    )
    part.add_argument("--language", default="en", help="of the labels: da, nb, sv, fi or en (default: en)")
