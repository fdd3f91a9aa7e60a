"""`kij indicators`."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

import kij_analysis as kij
from kij_analysis.cli.telling import tell
from kij_analysis.errors import Problem, StudyError, UsageError
from kij_analysis.words import Words

TEXT = "Enter printed figures, and see at once with which others they may be compared, and why not."
PUBLICATION = {
    "title": ("--source-title", "a new source: what it is, in your own words"),
    "publisher": ("--publisher", "a new source: who published it"),
    "year": ("--source-year", "a new source: its year"),
    "address": ("--address", "a new source: its web address"),
    "language": ("--source-language", "a new source: da, nb, nn, sv, fi or en"),
    "kind": ("--source-kind", "a new source: report (default), web_page, news, article …"),
}
SHOWN = {"comparable": 5, "caution": 5, "not_comparable": 4}
"""How many fit a screen."""
SENTENCES = {
    "no_count": "no number of persons out of the printed n gives this percentage",
    "part_exceeds_whole": "the first is a part of the second, and larger",
    "whole_exceeds_parts": "the last is larger than all its parts together",
    "parts_overlap": "the parts add up to more than the last: one is wrong, or somebody stands in two",
    "undeclared_conflict": "two numbers for the same thing; name each under conflicts_with of the other",
}


def arguments(part: argparse.ArgumentParser) -> None:
    """Declare the options."""
    actions = part.add_subparsers(dest="action", required=True, metavar="ACTION")
    entering = actions.add_parser("add", help="enter one printed figure into report_numbers.csv")
    _common(entering)
    _fields(entering)
    entering.add_argument("--dry-run", action="store_true", help="check and compare, write nothing")
    held = actions.add_parser("compare", help="hold one printed figure against the others, or against one")
    _common(held)
    held.add_argument("id", help="the id of a figure")
    held.add_argument("other", nargs="?", default="", help="the id of another figure (default: all)")
    for one in (entering, held):
        one.add_argument("--with", dest="beside", action="append", default=[], metavar="PROGRAMME",
                         help="only figures of this programme; repeatable")  # fmt: skip
        one.add_argument("--all", action="store_true", help="show all, not only what fits a screen")
        one.add_argument("--language", default="en", help="of the sentences: da, nb, sv, fi or en (default)")
    _common(actions.add_parser("check", help="look for problems, contradictions and undeclared conflicts"))
    listing = actions.add_parser("codes", help="what may stand in a closed column, with its meaning")
    listing.add_argument("column", nargs="?", default="", help="such as denominator (default: the columns)")
    sheet = actions.add_parser("sheet", help="an Excel workbook for figures, with lists to choose from")
    sheet.add_argument("file", nargs="?", default="report_numbers.xlsx", help="where to")


def run(options: argparse.Namespace) -> int | None:
    """Do what was asked for."""
    return ACTIONS[options.action](options)


def _common(part: argparse.ArgumentParser) -> None:
    part.add_argument("--study", default=".", help="the study folder or its YAML file (default: here)")


def _columns() -> Mapping[str, Any]:
    from kij_analysis.indicators.sheets import schema

    return schema()["$defs"]["indicators"]["properties"]


def _fields(part: argparse.ArgumentParser) -> None:
    """One option for each column of the record."""
    for name, rule in _columns().items():
        if name != "data_status":
            text = rule["description"].replace("%", "%%")
            closed = f" Codes: kij indicators codes {name}." if "enum" in rule else ""
            part.add_argument(f"--{name.replace('_', '-')}", default="", help=f"{text}{closed}")
    part.add_argument("--year", default="", help="Year or years that the number is about: 2025, 2023-2025.")
    for name, (option, text) in PUBLICATION.items():
        part.add_argument(option, dest=f"publication_{name}", default="", help=text)


def _add(options: argparse.Namespace) -> None:
    study = kij.open_study(options.study)
    row = {name: getattr(options, name) for name in (*_columns(), "year") if hasattr(options, name)}
    source = {name: getattr(options, f"publication_{name}") for name in PUBLICATION}
    new = any(source.values())
    words = _words(study, options.language)
    try:
        added = kij.indicators.add(study, row, source=source if new else None, dry_run=options.dry_run)
    except StudyError as error:
        raise StudyError([_option(problem, new=new) for problem in error.problems]) from None
    own = added.record.set_index("id", drop=False).loc[added.id]
    print(f"{added.id}: {kij.indicators.label(own, words)}")
    if added.assumed:
        told = ", ".join(f"{name} {cell}" for name, cell in added.assumed.items() if name != "data_status")
        print(textwrap.fill(f"Taken for granted, as not named: {told}.", 100))
    place = "Nothing was written (--dry-run)." if options.dry_run else "Written to report_numbers.csv."
    print(place)
    rules = kij.indicators.rules(study)
    odd = kij.indicators.contradictions(added.record, rules=rules)
    _told(odd[[added.id in ids.split("|") for ids in odd["ids"]]])
    _compared(added.record, added.id, options, study, words)


def _option(problem: Problem, *, new: bool) -> Problem:
    """The problem with the name of the option in place of a column."""
    if problem.file or not problem.column:
        return problem
    name = problem.column
    if name.startswith("source "):
        option = PUBLICATION.get(name.removeprefix("source "), ("--source", ""))[0]
    else:
        option = f"--{name.replace('_', '-')}"
    if name == "source" and "not listed" in problem.what and not new:
        known = problem.fix.removesuffix("Or list it there first.")
        fix = f"{known}A new source needs --source-title and --publisher; add --address and --source-year."
        return replace(problem, fix=fix, file=option, column="")
    return replace(problem, file=option, column="")


def _compare(options: argparse.Namespace) -> None:
    study = kij.open_study(options.study)
    record, words = kij.indicators.load(study), _words(study, options.language)
    named = [options.id, *([options.other] if options.other else [])]
    pair = [kij.indicators.record_of(record, id) for id in named]
    for one in pair:
        print(kij.indicators.label(one, words))
    if len(pair) == 1:
        _compared(record, options.id, options, study, words)
        return
    rules = kij.indicators.rules(study)
    found = kij.indicators.comparability(*pair, rules=rules)
    print(textwrap.fill(found.sentence(words, years=rules.years), 100))
    for reason in found.reasons:
        told = f"{reason.code} ({reason.verdict}): {reason.basis}"
        print(textwrap.fill(told, 100, initial_indent="  ", subsequent_indent="    "))


def _compared(
    record: pd.DataFrame, id: str, options: argparse.Namespace, study: kij.study.Study, words: Words
) -> None:
    """The others by verdict, the best first, not more than fits a screen."""
    rules = kij.indicators.rules(study)
    found = kij.indicators.neighbours(record, id, programmes=options.beside, rules=rules)
    rows = record.set_index("id", drop=False)
    for verdict, most in SHOWN.items():
        group = found[found["verdict"] == verdict]
        print(f"\n{words.sentence(words(f'comparability.verdict.{verdict}'))}: {len(group)}")
        shown = group if options.all else group.head(most)
        for other in shown.to_dict("records"):
            _line(rows.loc[other["id"]], other["decisive"].split("|"), words, rules.years)
        if len(group) > len(shown):
            print(f"  … and {len(group) - len(shown)} more; --all shows them, --with PROGRAMME chooses")


def _line(row: pd.Series, reasons: Sequence[str], words: Words, years: float) -> None:
    print(textwrap.fill(f"{kij.indicators.label(row, words)}  [{row['id']}]", 100,
                        initial_indent="  ", subsequent_indent="    "))  # fmt: skip
    told = [words(f"comparability.reason.{code}", years=words.number(years)) for code in reasons if code]
    if told:
        print(textwrap.fill("; ".join(told), 100, initial_indent="      ", subsequent_indent="      "))


def _check(options: argparse.Namespace) -> int:
    study = kij.open_study(options.study)
    record = kij.indicators.load(study)
    found = kij.indicators.contradictions(record, rules=kij.indicators.rules(study))
    _told(found)
    print(f"{len(record)} printed numbers, 0 problems, {len(found)} to look at; nothing was written")
    return 0


def _told(found: pd.DataFrame) -> None:
    """What does not fit, as notices: a source may contradict itself, and that is no slip of the user's."""
    for row in found.to_dict("records"):
        ids = " and ".join(row["ids"].split("|"))
        excess = "" if pd.isna(row["excess"]) else f" (by {row['excess']:g} points, rounding allowed for)"
        tell([Problem(what=f"{ids}: {SENTENCES[row['kind']]}{excess}.", severity="notice")])


def _codes(options: argparse.Namespace) -> None:
    columns = _columns()
    if options.column:
        known = kij.indicators.codes(options.column)
        for code, meaning in known.items():
            print(f"{code:28} {meaning}")
        return
    for name, rule in columns.items():
        print(f"{name:18} {'closed list' if 'enum' in rule else rule['type']:12} {rule['description']}")


def _sheet(options: argparse.Namespace) -> None:
    from kij_analysis.files import write_bytes
    from kij_analysis.indicators.sheets import schema
    from kij_analysis.indicators.workbooks import workbook

    target = Path(options.file)
    if target.exists():
        raise UsageError(f"{target} is there already.", fix="Name another file, or move it away.")
    if target.suffix.lower() != ".xlsx":
        raise UsageError(f"{target} does not end in .xlsx.", fix="Write, for example, report_numbers.xlsx.")
    write_bytes(target, workbook(schema()))
    print(f"{target}: fill in the sheet 'numbers' (and 'sources' for a new publication), save it as")
    print("data/raw/published/report_numbers.xlsx of your study, and run kij indicators check")


def _words(study: kij.study.Study, language: str) -> Words:
    return kij.words.load(language, kij.load_codebook(study.folders["codebook"]))


ACTIONS = {"add": _add, "compare": _compare, "check": _check, "codes": _codes, "sheet": _sheet}
