"""`kij findings`."""

from __future__ import annotations

import argparse
import textwrap
from collections import Counter
from collections.abc import Mapping

import pandas as pd

import kij_analysis as kij
from kij_analysis.cli.telling import on_study
from kij_analysis.errors import one_of
from kij_analysis.findings import KINDS, TOPICS, Finding
from kij_analysis.tables import Table
from kij_analysis.words import Words

TEXT = "Hold the published findings against the data: borne out, contradicted, inconclusive, or not testable."
WIDTH = 100


def arguments(part: argparse.ArgumentParser) -> None:
    """Declare the options."""
    on_study(part)
    part.add_argument("--finding", default="", metavar="ID", help="explain one: its test, data and result")
    part.add_argument("--topic", default="", help=f"only one topic: {', '.join(TOPICS)}")
    part.add_argument("--language", default="en", help="da, nb, sv, fi or en (default)")
    part.add_argument("--level", type=float, default=0.95, help="confidence of each bound (default 0.95)")


def run(options: argparse.Namespace) -> None:
    """Print the score-card, or one finding."""
    study = kij.open_study(options.study, raw=options.raw)
    words = kij.words.load(options.language, kij.load_codebook(study.folders["codebook"]))
    known = kij.findings.load(study)
    if options.finding:
        one_of(options.finding, known, name="The finding")
        known = {options.finding: known[options.finding]}
    if options.topic:
        one_of(options.topic, TOPICS, name="The topic")
        known = {code: one for code, one in known.items() if one.topic == options.topic}
    card = kij.findings.scorecard(study, kij.harmonise(study), findings=known, level=options.level)
    shown = kij.findings.settled(_protected(card, study))
    table = kij.tables.scorecard(
        shown, words, findings=known, record=kij.indicators.load(study), sources=kij.indicators.sources(study)
    )
    for (code, one), row in zip(known.items(), table.rows, strict=True):
        _told(code, row)
        if options.finding:
            _explained(one, shown, words)
    _ended(table, shown, known, words)


def _protected(card: pd.DataFrame, study: kij.study.Study) -> pd.DataFrame:
    """The score-card as the study's disclosure profile lets it be seen."""
    leaving = kij.disclosure.Leaving(
        name="scorecard", kind="table", chapter="findings", frame=card, protect=kij.disclosure.suppress
    )
    return kij.disclosure.together([leaving], profile=study.profile).frames["table", "scorecard"]


def _told(code: str, row: tuple[str, ...]) -> None:
    """A finding in lines that fit a screen."""
    sentence, rule, results, verdict = row
    print(textwrap.fill(f"{code}: {sentence}", WIDTH, subsequent_indent="  "))
    lines = [rule, *([] if results == "–" else results.split("\n")), f"= {verdict}"]
    for line in lines:
        print(textwrap.fill(line, WIDTH, initial_indent="    ", subsequent_indent="      "))
    print()


def _explained(finding: Finding, card: pd.DataFrame, words: Words) -> None:
    """What stands behind a finding; the rule of its kind is in English, for those who check it."""
    kind = KINDS[finding.test.kind]
    options = ", ".join(f"{name} {value}" for name, value in finding.test.options.items() if name != "say")
    told = {
        "Why this test": finding.test.basis,
        "Kind": f"{finding.test.kind} ({options})",
        "Estimated by": kind.estimator,
        "Borne out where": kind.borne_out,
        "Contradicted where": kind.contradicted,
        "Data": ", ".join(sorted({words(f"data.{status}") for status in card["data_status"]})),
    }
    for name, text in told.items():
        print(textwrap.fill(f"{name}: {text}", WIDTH, initial_indent="    ", subsequent_indent="      "))
    print()


def _ended(table: Table, card: pd.DataFrame, known: Mapping[str, Finding], words: Words) -> None:
    """The sources, how to read it, and how many findings have which verdict."""
    for text, address in table.sources:
        print(f"{text}{f': {address}' if address else ''}")
    print()
    print(textwrap.fill(table.note, WIDTH))
    counts = Counter(card.loc[card["programme"] == "all", "verdict"])
    verdicts = [f"{words(f'findings.verdict.{code}')}: {n}" for code, n in counts.most_common()]
    print(textwrap.fill(f"{len(known)}: {'; '.join(verdicts)}", WIDTH))
