"""What is wrong with an entry of findings.yaml beyond its form: unknown names, and claims too strong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kij_analysis.codebook import Codebook
from kij_analysis.codebook.yaml_nodes import Steps
from kij_analysis.effects import DOSES
from kij_analysis.effects.dose import OUTCOMES, STAYING
from kij_analysis.effects.mentees import ASPECTS
from kij_analysis.errors import did_you_mean, listed
from kij_analysis.findings.kinds import KINDS
from kij_analysis.indicators.counting import OUTCOMES as INDICATORS
from kij_analysis.indicators.definitions import DENOMINATORS, TIMINGS
from kij_analysis.words import causal_words

Found = tuple[Steps, str, str]
"""(steps within the entry, what is wrong, what would be right)"""

SPECIAL = ("matching_job", "helped_to_find_work")
DOSE_COLUMNS = (*DOSES, *ASPECTS, "satisfaction_score")
OUTCOME_COLUMNS = (*OUTCOMES, "language_self_rated_change", "network_change", *STAYING)
KEYS = ("programme", "role", "wave", "round")


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the names of a findings file must be among."""

    codebook: Codebook
    sources: tuple[str, ...]
    record: pd.DataFrame


def entry_problems(entry: Mapping[str, Any], known: Known) -> Iterator[Found]:
    """All that is wrong with one finding."""
    ((kind, options),) = entry["test"].items()
    yield from _listed(entry["source"], known.sources, ("source",), "source of sources.csv")
    programmes = [c for c, p in known.codebook.programmes.items() if p.kind == "programme"]
    yield from _listed(entry.get("said_of", ()), programmes, ("said_of",), "programme of programmes.yaml")
    if KINDS[kind].answers and not entry.get("said_of"):
        yield (), "said_of is missing, so nobody's answers can be tested.", "Name the programmes."
    yield from _claims(entry, kind)
    yield from _beside(entry.get("beside", {}), known)
    for steps, what, fix in _options(kind, options, known):
        yield ("test", kind, *steps), what, fix


def _claims(entry: Mapping[str, Any], kind: str) -> Iterator[Found]:
    """A sentence that names a cause needs a test that can bear one."""
    for language, text in entry["sentence"].items():
        words = causal_words(text, language)
        if words and kind != "effect_above":
            yield (
                ("sentence", language),
                f"the sentence names a cause ({listed(words)}), and '{kind}' cannot show one.",
                "Say what is or what has changed, or test it with effect_above.",
            )


def _beside(beside: Mapping[str, Any], known: Known) -> Iterator[Found]:
    if "indicator" in beside:
        there = sorted(set(known.record["indicator"]))
        yield from _listed([beside["indicator"]], there, ("beside", "indicator"), "indicator of the record")
    yield from _listed(beside.get("records", ()), known.record["id"], ("beside", "records"), "printed number")


def _options(kind: str, options: Mapping[str, Any], known: Known) -> Iterator[Found]:
    if kind.startswith("share") and ("definition" in options) == ("variable" in options):
        yield (), "exactly one of 'definition' and 'variable' must stand here.", "Remove one or add one."
    if "definition" in options:
        yield from _definition(options["definition"])
    if "variable" in options:
        yield from _asked(options, known, numbers=kind.startswith("change"))
    if "among" in options:
        for steps, what, fix in _asked(options["among"], known, numbers=False):
            yield ("among", *steps), what, fix
    if "between" in options:
        columns = [*KEYS, *known.codebook.columns]
        yield from _listed([options["between"]], columns, ("between",), "column")
    if kind == "barrier_among_top":
        asked = [code for code, barrier in known.codebook.barriers.items() if barrier.asked]
        yield from _listed([options["barrier"]], asked, ("barrier",), "barrier that is asked about")
    if kind == "association_above":
        yield from _listed([options["dose"]], DOSE_COLUMNS, ("dose",), "dose of kij.effects.mentees")
        yield from _listed([options["outcome"]], OUTCOME_COLUMNS, ("outcome",), "outcome of it")
    if kind == "effect_above":
        columns = list(known.codebook.columns)
        for name in ("before", "traits"):
            yield from _listed(options.get(name, ()), columns, (name,), "column")
        yield from _asked({"variable": options["outcome"], **options}, known, numbers=True, key="outcome")
    for name in ("record", "beside"):
        if kind.startswith("printed") and name in options:
            yield from _listed([options[name]], known.record["id"], (name,), "printed number")


def _definition(definition: Mapping[str, str]) -> Iterator[Found]:
    for name, codes in (
        ("indicator", (*INDICATORS, *SPECIAL)), ("denominator", DENOMINATORS), ("timing", TIMINGS),
    ):  # fmt: skip
        yield from _listed([definition[name]], codes, ("definition", name), f"{name} that can be counted")


def _asked(
    options: Mapping[str, Any], known: Known, *, numbers: bool, key: str = "variable"
) -> Iterator[Found]:
    """A column that there is, with the categories that there are."""
    name, answers = options["variable"], options.get("answers", ())
    column = known.codebook.columns.get(name)
    if column is None:
        yield from _listed([name], list(known.codebook.columns), (key,), "harmonised column")
    elif column.categories:
        if not answers:
            fix = f"Name some of {listed(column.categories)}."
            yield (key,), f"'{name}' has categories, and answers does not say which count.", fix
        yield from _listed(answers, list(column.categories), ("answers",), f"category of {name}")
    elif answers:
        yield ("answers",), f"'{name}' has no categories.", "Leave answers out."
    elif column.type == "number" and not numbers:
        what = f"'{name}' is a number, of which there is no share."
        yield (
            (key,),
            what,
            "Name a column of categories or of true and false, such as one ending in _high.",
        )


def _listed(given: Iterable[str], codes: Iterable[str], steps: Steps, name: str) -> Iterator[Found]:
    known = list(codes)
    for code in given:
        if code not in known:
            hint = did_you_mean(code, known)
            yield steps, f"'{code}' is no {name}.", hint or f"Known: {listed(known)}."
