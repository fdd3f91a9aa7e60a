"""Programmes read from programmes.yaml, with what contradicts itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from kij_analysis.codebook.programmes import CELLS, Cell, Fact, Number, Programme
from kij_analysis.codebook.yaml_files import Document
from kij_analysis.codebook.yaml_nodes import Steps
from kij_analysis.errors import Problem, listed

YEARS = re.compile(r"\d{4}(?:–(?:\d{4})?)?")
PLACEHOLDER = "{number}"

Found = tuple[Steps, str, str]
"""(steps within the entry, what is wrong, what would be right)"""


def read_programmes(document: Document) -> tuple[dict[str, Programme], list[Problem]]:
    """The programmes of a file and their problems."""
    entries = document.data["programmes"]
    found = [(code, *finding) for code, entry in entries.items() for finding in _entry_problems(entry)]
    found += list(_taken_names(entries))
    problems = [
        document.problem(("programmes", code, *steps), f"{code}: {what}", fix)
        for code, steps, what, fix in found
    ]
    return {code: _programme(code, entry) for code, entry in entries.items()}, problems


def _programme(code: str, entry: Mapping[str, Any]) -> Programme:
    plain = {key: value for key, value in entry.items() if key not in ("profile", "parts")}
    cells = entry.get("profile", {})
    profile = {name: _cell(cells[name]) for name in CELLS if name in cells}
    return Programme(id=code, **plain, parts=tuple(entry.get("parts", ())), profile=profile)


def _cell(entry: Mapping[str, Any]) -> Cell:
    return Cell(facts=tuple(_fact(part) for part in entry.get("facts", ())))


def _fact(entry: Mapping[str, Any]) -> Fact:
    numbers = entry.get("conflicting") or ([entry] if {"value", "low"} & set(entry) else [])
    return Fact(
        labels=entry.get("labels", {}),
        numbers=tuple(_number(part) for part in numbers),
        sources=_sources(entry),
        when=entry.get("when", ""),
    )


def _number(entry: Mapping[str, Any]) -> Number:
    return Number(
        value=entry.get("value", entry.get("low", 0)),
        high=entry.get("high"),
        unit=entry.get("unit", ""),
        precision=entry.get("precision", "exact"),
        sources=_sources(entry),
        record=entry.get("record", ""),
    )


def _sources(entry: Mapping[str, Any]) -> tuple[str, ...]:
    source = entry.get("source", ())
    return (source,) if isinstance(source, str) else tuple(source)


def _taken_names(entries: Mapping[str, Any]) -> Iterator[tuple[str, Steps, str, str]]:
    """Two may be called the same, but then their short names must tell them apart."""
    counts = Counter(entry["short"].casefold() for entry in entries.values())
    for code, entry in entries.items():
        if counts[entry["short"].casefold()] > 1:
            what = f"the short name '{entry['short']}' belongs to several programmes."
            yield code, ("short",), what, "Give each a short name of its own: it stands in every figure."


def _entry_problems(entry: Mapping[str, Any]) -> Iterator[Found]:
    """A profile is whole, belongs to a programme, and agrees with the evidence code."""
    profile, evidence = entry.get("profile"), entry.get("evidence")
    if profile is None:
        if evidence is not None:
            yield ("evidence",), "evidence stands here without a profile.", "Add the profile."
        return
    if entry["kind"] != "programme":
        yield ("profile",), f"a {entry['kind']} has no profile.", "Remove it, or write kind: programme."
    if evidence is None:
        fix = "Write evidence: outcomes, outputs_only or none_published."
        yield ("profile",), "the profile has no evidence code beside it.", fix
    absent = [name for name in CELLS if name not in profile]
    if absent:
        fix = "Add it; where nothing was found write {published: false}."
        yield ("profile",), f"{listed(absent)} is missing in the profile.", fix
    told = "facts" in profile.get("evidence", {})
    if evidence is not None and "evidence" in profile and told == (evidence == "none_published"):
        what = f"evidence is '{evidence}', but its cell {'tells facts' if told else 'is not published'}."
        yield ("profile", "evidence"), what, "Correct one of the two."
    for name, cell in profile.items():
        for steps, what, fix in _cell_problems(cell):
            yield ("profile", name, *steps), f"{name}: {what}", fix


def _cell_problems(cell: Mapping[str, Any]) -> Iterator[Found]:
    if ("published" in cell) == ("facts" in cell):
        yield (), "exactly one of 'published: false' and 'facts' must stand here.", "Remove one or add one."
    for position, fact in enumerate(cell.get("facts", ())):
        for steps, what, fix in _fact_problems(fact):
            yield ("facts", position, *steps), f"fact {position + 1}: {what}", fix


def _fact_problems(fact: Mapping[str, Any]) -> Iterator[Found]:
    versions = fact.get("conflicting")
    if versions is not None:
        own = [
            key for key in ("value", "low", "high", "unit", "precision", "record", "source") if key in fact
        ]
        if own:
            yield (own[0],), f"{listed(own)} stands beside conflicting.", "Move it into one of the versions."
        for position, version in enumerate(versions):
            for what, fix in (*_number_problems(version), *_unsourced(version)):
                yield ("conflicting", position), what, fix
    else:
        for what, fix in _unsourced(fact):
            yield (), what, fix
        if {"value", "low", "high", "unit", "precision", "record"} & set(fact):
            for what, fix in _number_problems(fact):
                yield (), what, fix
        elif "labels" not in fact:
            yield (), "neither labels nor a number stands here.", "Say what was printed."
    yield from _label_problems(fact)
    if "when" in fact and not YEARS.fullmatch(fact["when"]):
        yield ("when",), f"'{fact['when']}' is not a year.", "Write 2021, 2002–2013, or 2012– for since 2012."


def _number_problems(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    given = {key for key in ("value", "low", "high") if key in entry}
    if given not in ({"value"}, {"low", "high"}):
        yield "a number is either value, or low and high.", "Write what was printed."
    elif given == {"low", "high"} and entry["low"] >= entry["high"]:
        yield "low does not lie below high.", "Exchange them, or write value."
    if "unit" not in entry:
        yield "the number has no unit.", "Add it; count where the phrase says what is counted."


def _unsourced(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if not _sources(entry):
        yield "the source is missing.", "Name ids of the list of sources, or write published: false."


def _label_problems(fact: Mapping[str, Any]) -> Iterator[Found]:
    """Numbers stand as data, so that they can be checked and each language can write them its way."""
    numbered = bool({"value", "low", "conflicting"} & set(fact))
    for language, text in fact.get("labels", {}).items():
        steps: Steps = ("labels", language)
        if re.search(r"\d", text):
            yield steps, f"the phrase holds a number: '{text}'.", "Give it as value, low, high or when."
        held, others = text.count(PLACEHOLDER), re.search(r"[{}]", text.replace(PLACEHOLDER, ""))
        if numbered and (held != 1 or others):
            what = f"the phrase must hold {PLACEHOLDER} once and no other placeholder: '{text}'."
            yield steps, what, f"Put {PLACEHOLDER} where the number belongs."
        elif not numbered and (held or others):
            yield (
                steps,
                f"the phrase holds a placeholder, but no number stands beside it: '{text}'.",
                "Add it.",
            )
