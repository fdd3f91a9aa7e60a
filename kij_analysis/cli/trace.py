"""`kij trace`."""

from __future__ import annotations

import argparse

import kij_analysis as kij
from kij_analysis.cli.telling import on_study
from kij_analysis.errors import UsageError
from kij_analysis.harmonisation.rule_words import Labels
from kij_analysis.harmonisation.specs import definitions
from kij_analysis.harmonisation.trace_words import trace_words

TEXT = "Say where a harmonised variable, or one person's value of it, comes from."


def arguments(part: argparse.ArgumentParser) -> None:
    """Declare the options."""
    part.add_argument("variable", help="a harmonised variable or column")
    on_study(part)
    part.add_argument("--person", default="", metavar="PSEUDONYM", help="as in the harmonised data")
    part.add_argument("--id", default="", help="as the programme knows her; needs --programme")
    part.add_argument("--programme", default="", help="only this programme, by its code")
    part.add_argument("--wave", default="", help="only this wave: entry, end, follow_up or single")
    part.add_argument("--show-open", action="store_true", help="show open answers, not their form only")


def run(options: argparse.Namespace) -> None:
    """Print the way back from the harmonised data to the file."""
    if options.id and options.person:
        raise UsageError("--id and --person name the same person twice.", fix="Give one of them.")
    study = kij.open_study(options.study, raw=options.raw)
    found = kij.harmonisation.trace(
        study,
        options.variable,
        person=options.person,
        original_id=options.id,
        programme=options.programme,
        wave=options.wave,
        show_open=options.show_open,
    )
    labels = Labels(definitions([], kij.load_codebook(study.folders["codebook"])))
    print("\n".join(trace_words(found, labels)))
    print("Internal: do not pass on")
