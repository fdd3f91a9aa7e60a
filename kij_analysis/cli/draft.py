"""`kij draft`."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

import kij_analysis as kij
from kij_analysis.errors import UsageError, one_of

if TYPE_CHECKING:
    from kij_analysis.draft import Drafted

TEXT = "Propose a crosswalk for a new export, with the score and the reason of each rule."
ROLES, WAVES, UNITS = (
    ("mentee", "mentor", "respondent", "comparison"),
    ("entry", "end", "follow_up", "single"),
    ("person", "meeting"),
)


def arguments(part: argparse.ArgumentParser) -> None:
    """Declare the options."""
    part.add_argument("file", help="the export")
    part.add_argument("--study", default=".", help="the study folder or its YAML file (default: here)")
    part.add_argument("--programme", default="", help="whose export, by its code in programmes.yaml")
    part.add_argument("--role", default="", help=f"who answers: {', '.join(ROLES)}")
    part.add_argument("--wave", default="", help=f"when: {', '.join(WAVES)}")
    part.add_argument("--unit", default="person", help="what a row is: person (default) or meeting")
    part.add_argument("--id", default="", help="the name of the crosswalk (default: programme and file)")
    part.add_argument(
        "--labels",
        action="append",
        default=[],
        metavar="TABLE",
        help="CSV with question texts (name, label, code)",
    )
    part.add_argument(
        "--out", default="", help="where to (default: codebook/crosswalks/<id>.yaml of the study)"
    )


def run(options: argparse.Namespace) -> None:
    """Print what is proposed, and write the crosswalk if programme, role and wave are named."""
    from kij_analysis import draft
    from kij_analysis.files import write_text

    study = kij.open_study(options.study)
    wanted = _whole(options)
    place = _place(options, study.folders["codebook"]) if wanted else None
    known = draft.known_in(study, without=(options.id,))
    country = draft.checked_programme(options.programme, known.codebook) if wanted else ""
    found = draft.draft(
        options.file, known, role=options.role, wave=options.wave, unit=options.unit, labels=options.labels
    )
    _tell(found)
    if place is None:
        print("Nothing was written. Name --programme, --role and --wave to write the crosswalk.")
        return
    text = found.crosswalk(
        id=place.stem, programme=options.programme, role=options.role, wave=options.wave, unit=options.unit,
        country=country,
    )  # fmt: skip
    write_text(place, text)
    kij.load_crosswalk(place, known.codebook)
    print(
        f"{place}: a draft. Read it, correct it, confirm it, name the file in study.yaml, and run kij check."
    )


def _whole(options: argparse.Namespace) -> bool:
    """Whether all that a crosswalk needs is named; a part of it is a slip."""
    named = {"--programme": options.programme, "--role": options.role, "--wave": options.wave}
    for value, known, name in (
        (options.role, ROLES, "The role"),
        (options.wave, WAVES, "The wave"),
        (options.unit, UNITS, "The unit"),
    ):  # fmt: skip
        if value:
            one_of(value, known, name=name)
    absent = [name for name, value in named.items() if not value]
    if options.programme and absent:
        raise UsageError(
            f"{' and '.join(absent)} is missing.", fix="A crosswalk says who answered, and when."
        )
    return not absent


def _place(options: argparse.Namespace, codebook: Path) -> Path:
    name = re.sub(r"\W+", "_", Path(options.file).stem.casefold()).strip("_")
    name = options.id or (name if name.startswith(options.programme) else f"{options.programme}_{name}")
    place = Path(options.out) if options.out else codebook / "crosswalks" / f"{name}.yaml"
    if options.id and options.out and place.stem != options.id:
        raise UsageError(f"The id '{options.id}' and the file '{place.name}' differ.", fix="Name one only.")
    if place.exists():
        raise UsageError(
            f"{place} is there already; a draft replaces nothing.", fix="Name another --id or --out."
        )
    return place


def _tell(found: Drafted) -> None:
    """The proposals as a table; no answer stands in it."""
    table = found.proposals
    told = table[table["variable"] != ""]
    for row in told.itertuples():
        print(f"{row.score:.2f}  {row.variable} <- '{row.column}' ({row.rule})\n      {row.reason}")
        if row.runner_up:
            print(f"      next: {row.runner_up} ({row.runner_up_score:.2f})")
    named = int((told["rule"] == "undetermined").sum())
    print(
        f"\n{len(table)} columns: {len(told) - named} proposals, {named} named but not decided, "
        f"{len(table) - len(told)} without a proposal\n"
    )
