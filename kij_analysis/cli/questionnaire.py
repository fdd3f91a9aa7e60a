"""`kij questionnaire`."""

from __future__ import annotations

import argparse

import kij_analysis as kij
from kij_analysis.cli.telling import on_study

TEXT = "Write the core questionnaire and the crosswalks that read it."


def arguments(part: argparse.ArgumentParser) -> None:
    """Declare the options."""
    on_study(part, raw=False)
    for name, text in (
        ("role", "mentee or mentor"),
        ("wave", "entry, end or follow_up"),
        ("language", "da, nb, sv, fi or en"),
        ("programme", "whose crosswalk, by its code in programmes.yaml"),
    ):
        part.add_argument(f"--{name}", action="append", default=[], help=f"{text}; repeatable (default: all)")
    part.add_argument("--folder", default="forms", help="where to (default: forms)")


def run(options: argparse.Namespace) -> None:
    """Write forms, crosswalks and empty exports."""
    from kij_analysis.questionnaire.writing import write

    made = write(
        kij.open_study(options.study),
        options.folder,
        roles=options.role,
        waves=options.wave,
        languages=options.language,
        programmes=options.programme,
    )
    forms = sum(path.suffix == ".html" for path in made)
    print(f"{forms} forms (HTML and DOCX), their crosswalks and empty exports in {options.folder}")
    print("Next: put the crosswalks into codebook/crosswalks, and name the exports in study.yaml")
