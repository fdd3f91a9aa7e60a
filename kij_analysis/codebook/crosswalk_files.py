"""Crosswalk files read into an instrument and its rules, each held against the codebook."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kij_analysis.codebook.crosswalks import PSEUDONYMISED, Absent, Crosswalk, Direct, Rule, columns_read
from kij_analysis.codebook.decision_files import decided_together
from kij_analysis.codebook.inheritance import DROPPED, Layer, layers, lineage
from kij_analysis.codebook.instruments import FamilyUse, FileForm, Instrument
from kij_analysis.codebook.rule_files import GROUP, RuleReader
from kij_analysis.codebook.variables import Codebook
from kij_analysis.codebook.yaml_files import Document
from kij_analysis.codebook.yaml_nodes import Steps
from kij_analysis.errors import Problem, StudyError, did_you_mean, listed

Found = tuple[Steps, str, str]
NEEDED = ("id", "programme", "role", "wave", "file", "keys")
"""What every instrument says."""


def load_crosswalk(path: Path | str, codebook: Codebook) -> Crosswalk:
    """The crosswalk in a YAML file or a sheet (CSV, XLSX), every rule held against the codebook.

    A crosswalk that says ``based_on:`` takes over the settings and rules of that one and says what differs.
    A harmonised column without a rule is *not applicable* if the codebook says that the instrument's role or
    wave is not asked; otherwise it gets the status *undetermined*, so that a variable added to the codebook
    does not break the crosswalks of earlier years.

    Raises
    ------
    StudyError
        With every problem of the file, each with its line or cell.

    Examples
    --------
    >>> from kij_analysis.codebook import load_codebook
    >>> from kij_analysis.template import template_folder
    >>> folder = template_folder() / "codebook"
    >>> found = load_crosswalk(folder / "crosswalks" / "sajo_end_2024.yaml", load_codebook(folder))
    >>> found.instrument.role, found.rule("age").sources, found.rule("hours").status
    ('mentee', ('sp2',), 'undetermined')
    """
    file = Path(path)
    found = lineage(file)
    layered = layers(found)
    own = layered[-1].document
    absent = list(_without(own, layered[-1].settings))
    if absent:
        raise StudyError(absent)
    rules, problems = _rules(layered, codebook)
    reader = RuleReader(own, codebook)
    instrument = _instrument(layered[-1].settings)
    if instrument.unreadable_dates == "missing":
        rules = {column: _lenient(rule, codebook) for column, rule in rules.items()}
    reader.reasons(("instrument", "missing"), instrument.missing)
    for steps, what, fix in (
        *_instrument_problems(instrument, file, codebook),
        *_used_though_set_aside(instrument, rules.values()),
        *_released(instrument, rules.values(), codebook, own),
        *_idle_labels(own, instrument),
        *_answers_of_others(instrument, rules.values(), codebook),
    ):
        reader.say(steps, what, fix)
    problems += [problem for problem in reader.problems if problem not in problems]
    if problems:
        raise StudyError(
            sorted(problems, key=lambda problem: (problem.file != own.name, problem.line or problem.row or 0))
        )
    ordered = tuple(
        rules.get(column) or _no_rule(column, instrument, codebook) for column in codebook.columns
    )
    base = own.data.get("based_on", "")
    return Crosswalk(
        instrument=instrument, rules=ordered, path=file, name=own.name, based_on=base, bases=found.paths
    )


def _without(document: Document, settings: Mapping[str, Any]) -> Iterator[Problem]:
    """What an instrument must say, itself or through the one that it is based on."""
    absent = [key for key in NEEDED if key not in settings]
    if absent:
        yield document.problem(("instrument",), f"instrument: {listed(absent)} is missing.", "Add it.")


def _rules(layered: Sequence[Layer], codebook: Codebook) -> tuple[dict[str, Rule], list[Problem]]:
    """The rule of each column: that of the latest crosswalk that says something about it."""
    rules: dict[str, Rule] = {}
    grouped: set[str] = set()
    problems: list[Problem] = []
    for layer in layered:
        document, reader = layer.document, RuleReader(layer.document, codebook)
        before, own = set(grouped), set[str]()
        if GROUP in (*document.data["rules"], *layer.dropped):
            rules = {column: rule for column, rule in rules.items() if column not in before}
        # A barrier's own rule beats the rule for the whole classification, wherever it stands.
        for name in sorted(document.data["rules"], key=lambda name: name != GROUP):
            for rule in reader.rules(name):
                if name == GROUP and isinstance(rule.spec, Absent) and rule.column in rules:
                    # Nothing is open about a barrier that has had a rule of its own.
                    continue
                rules[rule.column] = replace(rule, file=document.name)
                own.add(rule.column)
                grouped = {*grouped, rule.column} if name == GROUP else grouped - {rule.column}
        decided = decided_together(reader, taken=own)
        rules |= {column: replace(rule, file=document.name) for column, rule in decided.items()}
        for position, name in enumerate(layer.dropped):
            variable = codebook.variables.get(name)
            columns = [column.name for column in variable.columns] if variable else sorted(before)
            if not variable and name != GROUP:
                what = f"The codebook has no variable '{name}'."
                reader.say(("dropped", position), what, did_you_mean(name, codebook.variables))
            line = document.line("dropped", position)
            rules.update({column: _dropped(column, document.name, line) for column in columns})
        problems += [problem for problem in reader.problems if problem not in problems]
    return rules, problems


def _dropped(column: str, file: str, line: int | None) -> Rule:
    """Of a question that last year's questionnaire had and this one has not."""
    return Rule(
        column=column,
        kind="impossible",
        spec=Absent(),
        status="impossible",
        detail="unavailable",
        because=DROPPED,
        line=line,
        file=file,
    )


def _no_rule(column: str, instrument: Instrument, codebook: Codebook) -> Rule:
    """Of a column that the file says nothing about: not applicable by the codebook, or not decided yet.

    A question of another wave, or about the pair and put to the other, was *not asked*; a question for
    another role does not concern the person at all.
    """
    variable = codebook.variables[codebook.columns[column].variable]
    because = variable.not_asked(instrument.role, instrument.wave)
    if instrument.unit == "meeting":
        of_pairs = variable.frame in ("meetings", "pairs")
        because = "" if of_pairs else "a log of meetings has no answers of people"
    if not because:
        kind, spec, because = "undetermined", Absent(), "no rule yet"
    else:
        later = instrument.role in variable.asked_of or variable.frame == "pairs"
        kind, spec = "not_applicable", Absent(reason="not_asked" if later else "")
    return Rule(column=column, kind=kind, spec=spec, status=kind, because=because)


def _lenient(rule: Rule, codebook: Codebook) -> Rule:
    """A rule that reads dates, with impossible ones missing instead of stopping the work."""
    spec = rule.spec
    if isinstance(spec, Direct) and not spec.otherwise and codebook.columns[rule.column].type == "date":
        return replace(rule, spec=replace(spec, otherwise="invalid"))
    return rule


def _answers_of_others(instrument: Instrument, rules: Iterable[Rule], codebook: Codebook) -> Iterator[Found]:
    """A rule that fills what another role is asked would pool answers that must stay apart."""
    for rule in rules:
        variable = codebook.variables[codebook.columns[rule.column].variable]
        if isinstance(rule.spec, Absent) or not variable.asked_of or instrument.role in variable.asked_of:
            continue
        because = variable.not_asked(instrument.role, instrument.wave)
        what = f"'{variable.name}' is {because}, and this instrument's role is {instrument.role}."
        yield ("rules", variable.name), what, "Remove the rule, or correct role:."


def _instrument(entry: Mapping[str, Any]) -> Instrument:
    rest = {key: value for key, value in entry.items() if key != "file"}
    for name in ("ids", "languages", "free_text", "identifiers"):
        rest[name] = tuple(rest.get(name, ()))
    rest["only"] = {str(name): tuple(answers) for name, answers in rest.get("only", {}).items()}
    if "missing_family" in rest:
        family = rest["missing_family"]
        widths = {str(name): width for name, width in family.get("widths", {}).items()}
        rest["missing_family"] = FamilyUse(name=family["name"], widths=widths)
    return Instrument(file=FileForm(**entry["file"]), **rest)


def _instrument_problems(instrument: Instrument, file: Path, codebook: Codebook) -> Iterator[Found]:
    needed = ("pair_id", "date") if instrument.unit == "meeting" else ("person_id",)
    absent = [key for key in needed if key not in instrument.keys]
    if absent:
        what = f"{listed(absent)} is missing: one row is a {instrument.unit}."
        yield ("instrument", "keys"), what, "Name the column that holds it."
    if file.stem != instrument.id:
        what = f"The id '{instrument.id}' and the file's name '{file.name}' differ."
        yield ("instrument", "id"), what, "Rename one."
    if instrument.file.format == "delimited" and not instrument.file.encoding:
        what = "A delimited file needs its encoding."
        yield ("instrument", "file"), what, "Add encoding: utf-8 or cp1252."
    if instrument.programme not in codebook.programmes:
        hint = did_you_mean(instrument.programme, codebook.programmes)
        what = f"The programme '{instrument.programme}' is not in programmes.yaml."
        yield ("instrument", "programme"), what, f"{hint} Known: {listed(codebook.programmes)}.".strip()
    elif codebook.programmes[instrument.programme].kind == "project":
        what = f"'{instrument.programme}' is a project; it has no participants who could answer."
        yield ("instrument", "programme"), what, "Name the programme that asked the questions."
    family = instrument.missing_family
    if family is not None and family.name not in codebook.missing_families:
        hint = did_you_mean(family.name, codebook.missing_families)
        known = listed(codebook.missing_families) or "none"
        what = f"variables.yaml has no family of missing codes '{family.name}'."
        yield ("instrument", "missing_family"), what, f"{hint} Known: {known}.".strip()
    for name in instrument.direction_checked:
        if name not in codebook.variables:
            hint = did_you_mean(name, codebook.variables)
            yield ("instrument", "direction_checked", name), f"The codebook has no variable '{name}'.", hint
    yield from _margin_problems(instrument, codebook)


def _margin_problems(instrument: Instrument, codebook: Codebook) -> Iterator[Found]:
    """Margins count the persons invited by the categories of a harmonised column."""
    for name, totals in instrument.population.get("margins", {}).items():
        steps: Steps = ("instrument", "population", "margins", name)
        column = codebook.columns.get(name)
        if column is None or not column.categories:
            hint = did_you_mean(name, [c for c, own in codebook.columns.items() if own.categories])
            yield steps, f"There is no harmonised column '{name}' with categories.", hint
            continue
        if strange := [code for code in totals if code not in column.categories]:
            what = f"'{name}' has no category {listed(strange)}."
            yield steps, what, f"It has {listed(column.categories)}."
        invited, counted = instrument.population.get("invited"), sum(totals.values())
        if invited is not None and counted != invited:
            what = f"The margin of '{name}' counts {counted} persons, but {invited} were invited."
            yield steps, what, "Each person invited is in one category; leave out a margin that is not known."


def _used_though_set_aside(instrument: Instrument, rules: Collection[Rule]) -> Iterator[Found]:
    """No rule reads free text or identifiers, which never pass floor 1; an id may: it leaves coded."""
    used = {name: f"the key {key}" for key, name in instrument.keys.items()}
    used.update(dict.fromkeys(instrument.only, "the choice of rows (only)"))
    used.update({name: rule.column for rule in rules for name in rule.sources})
    coded = {instrument.keys.get(key, "") for key in PSEUDONYMISED} - columns_read(instrument, rules)
    for place in ("free_text", "identifiers", "ignored"):
        names: Collection[str] = getattr(instrument, place)
        for position, name in enumerate(names):
            if name in used and not (place == "identifiers" and name in coded):
                what = f"The column '{name}' stands under {place}:, but {used[name]} is read from it."
                steps: Steps = ("instrument", place, name if place == "ignored" else position)
                yield steps, what, f"Remove it from {place}:, or the rule."


def _released(
    instrument: Instrument, rules: Iterable[Rule], codebook: Codebook, own: Document
) -> Iterator[Found]:
    """Texts go further as they stand only where somebody has said why they may."""
    open_ones = [rule for rule in rules if codebook.columns[rule.column].type == "text"]
    texts = {name: rule for rule in open_ones for name in rule.passes_on}
    for name, rule in texts.items():
        if name not in instrument.released_text:
            what = f"The rule lets the texts of the column '{name}' through as they stand."
            fix = "If none can name a person, say why under released_text: in the instrument; else remove it."
            yield ("rules", codebook.columns[rule.column].variable), what, fix
    for name in own.data["instrument"].get("released_text", ()):
        if name not in texts:
            what = f"The column '{name}' stands under released_text:, and no rule takes its texts over."
            yield ("instrument", "released_text", name), what, "Remove it, or write a direct rule."


def _idle_labels(document: Document, instrument: Instrument) -> Iterator[Found]:
    """A label for a code that has no rule is a slip: it would never be looked at."""
    for name, entry in document.data["rules"].items():
        parts: dict[Steps, Any] = {(): entry}
        parts.update({("outputs", output): part for output, part in entry.get("outputs", {}).items()})
        for steps, part in parts.items():
            rule = part.get("map", {})
            answers = {
                str(a) for a in (*rule.get("values", ()), *rule.get("missing", ()), *instrument.missing)
            }
            for code in rule.get("labels", ()):
                if str(code) not in answers:
                    what = f"'{code}' has a label but no rule."
                    there = ("rules", name, *steps, "map", "labels", code)
                    yield there, what, "Add it to values: or missing:, or remove the label."
