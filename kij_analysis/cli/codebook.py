"""`kij codebook`."""

from __future__ import annotations

import argparse

import kij_analysis as kij
from kij_analysis.cli.telling import on_study

TEXT = "Write the codebook: pages, workbooks, DDI and a data package descriptor; no answers, no counts."


def arguments(part: argparse.ArgumentParser) -> None:
    """Declare the options."""
    on_study(part)
    for name, text in (
        ("language", "da, nb, sv, fi or en; repeatable (default: those of the study)"),
        ("format", "html, xlsx, ddi or datapackage; repeatable (default: all)"),
    ):
        part.add_argument(f"--{name}", action="append", default=[], help=text)
    part.add_argument("--folder", help="where to (default: codebook in the folder of processed data)")


def run(options: argparse.Namespace) -> None:
    """Write the codebook and say where it lies."""
    from kij_analysis.exports import write_codebook

    study = kij.open_study(options.study, raw=options.raw)
    folder = options.folder or study.folders["processed"] / "codebook"
    made = write_codebook(study, folder, languages=options.language, formats=options.format)
    print(f"{', '.join(path.name for path in made)} in {folder}")
