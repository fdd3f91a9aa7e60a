"""`kij forget`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import kij_analysis as kij
from kij_analysis.cli.telling import on_study
from kij_analysis.errors import UsageError
from kij_analysis.files import write_text

TEXT = "Remove a person from all that was made from the data, prove it, and name the raw files that hold her."


def arguments(part: argparse.ArgumentParser) -> None:
    """Declare the options."""
    part.add_argument("person", nargs="?", default="", help="her pseudonym, as in the harmonised data")
    on_study(part)
    part.add_argument(
        "--id", default="", help="as the programme knows her, in place of PERSON; needs --programme"
    )
    part.add_argument("--programme", default="", help="her programme, by its code")
    part.add_argument(
        "--role", default="", help="where one id stands in several roles: mentee, mentor … or all"
    )
    part.add_argument(
        "--remove-all",
        action="store_true",
        help="remove all that was made from the data, where it cannot be made anew without her",
    )
    part.add_argument("--record", metavar="FILE", help="write the record into a file too")
    part.add_argument(
        "--tidy", action="store_true", help="take those off the erasure list whom no raw file holds any more"
    )


def run(options: argparse.Namespace) -> int:
    """Print the record; the exit code is 8 if she still stands anywhere."""
    if options.id or options.tidy:
        # Then the only word is the study, since nobody is named by a pseudonym.
        if options.person and options.study != ".":
            raise UsageError("A pseudonym does not go with --id or --tidy.", fix="Leave one of them out.")
        options.study = options.person or options.study
        options.person = ""
    study = kij.open_study(options.study, raw=options.raw)
    if options.tidy:
        done = kij.erasure.tidy(study)
        print(f"{done.removed} taken off the erasure list, {done.kept} kept: a raw file still holds them")
        return 0
    found = kij.erasure.forget(
        study,
        person=options.person,
        original_id=options.id,
        programme=options.programme,
        role=options.role,
        remove_all=options.remove_all,
    )
    text = "\n".join(found.words())
    print(text)
    if options.record:
        write_text(Path(options.record), f"{text}\n")
    if found.exit_code:
        print("error: she is not gone from everywhere; see the record.", file=sys.stderr)
    return found.exit_code
