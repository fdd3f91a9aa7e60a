"""`kij trace`."""

from __future__ import annotations

import argparse

import kij_analysis as kij
from kij_analysis.cli.telling import tell
from kij_analysis.errors import UsageError
from kij_analysis.harmonisation.rule_words import Labels
from kij_analysis.harmonisation.specs import definitions
from kij_analysis.harmonisation.trace_words import trace_words

TEXT = "Say where a number of the report, a harmonised variable, or one person's value of it comes from."


def arguments(part: argparse.ArgumentParser) -> None:
    """Declare the options."""
    part.add_argument(
        "what", help="a harmonised variable or column; or figure, table, with the number on the page"
    )
    part.add_argument(
        "words", nargs="*", metavar="WORD",
        help="after figure or table: its number or name, then what its rows are about; after a variable: the "
        "study folder or its YAML file",
    )  # fmt: skip
    part.add_argument("--study", default="", metavar="FOLDER", help="the study (default: here)")
    part.add_argument("--raw", metavar="FOLDER", help="where the data files lie, if not where the study says")
    part.add_argument("--person", default="", metavar="PSEUDONYM", help="as in the harmonised data")
    part.add_argument("--id", default="", help="as the programme knows her; needs --programme")
    part.add_argument("--programme", default="", help="only this programme, by its code")
    part.add_argument("--wave", default="", help="only this wave: entry, end, follow_up or single")
    part.add_argument("--show-open", action="store_true", help="show open answers, not their form only")


def run(options: argparse.Namespace) -> None:
    """Print the way back from the report, or from the harmonised data, to the file."""
    if options.what in ("figure", "table"):
        _item(options)
    else:
        _variable(options)
    print("Internal: do not pass on")


def _item(options: argparse.Namespace) -> None:
    from kij_analysis.reporting.traced_words import traced_words
    from kij_analysis.reporting.tracing import trace_item

    if not options.words:
        fix = f"For example: kij trace {options.what} 5"
        raise UsageError(f"Which {options.what}? Its number on the page is missing.", fix=fix)
    if options.person or options.id:
        fix = "Trace a variable for one person: kij trace labour_status --person ..."
        raise UsageError("A figure or table is about no single person.", fix=fix)
    study = kij.open_study(options.study or ".", raw=options.raw)
    which, *words = options.words
    words += [word for word in (options.programme, options.wave) if word]
    traced = trace_item(study, options.what, which, words)
    tell(traced.notices)
    print("\n".join(traced_words(traced, kij.load_codebook(study.folders["codebook"]))))


def _variable(options: argparse.Namespace) -> None:
    if options.id and options.person:
        raise UsageError("--id and --person name the same person twice.", fix="Give one of them.")
    if len(options.words) + bool(options.study) > 1:
        raise UsageError("More than one study is named.", fix="Name one, or none for the folder you are in.")
    place = next(iter(options.words), options.study) or "."
    study = kij.open_study(place, raw=options.raw)
    found = kij.harmonisation.trace(
        study,
        options.what,
        person=options.person,
        original_id=options.id,
        programme=options.programme,
        wave=options.wave,
        show_open=options.show_open,
    )
    labels = Labels(definitions([], kij.load_codebook(study.folders["codebook"])))
    print("\n".join(trace_words(found, labels)))
