"""Missing codes that are as wide as the codes of their column: 7, 77 or 777 for one reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from kij_analysis.codebook.crosswalks import Missing
from kij_analysis.codebook.variables import Codebook, MissingFamily
from kij_analysis.errors import Problem, listed
from kij_analysis.harmonisation.lookups import (
    Calculating,
    CompiledCrosswalk,
    Joining,
    Lookup,
    Membership,
    Plan,
    Reading,
    Ridits,
    Scoring,
    Ticks,
)
from kij_analysis.sources import RawTable, normalise

WIDEST = 9
Codes = Mapping[str, Missing]


def with_family(
    compiled: CompiledCrosswalk, raw: RawTable, codebook: Codebook
) -> tuple[CompiledCrosswalk, list[Problem]]:
    """The lookup tables with the missing codes of the instrument's family, and what does not agree.

    How wide the codes of a column are is declared, or told by the file's own labels and missing codes; it is
    never taken from the answers. Whatever a rule, a scale or the instrument says itself beats the family.
    """
    use = compiled.crosswalk.instrument.missing_family
    if use is None:
        return compiled, []
    family = codebook.missing_families[use.name]
    spoken = _spoken(compiled)
    codes: dict[str, Codes] = {}
    problems: list[Problem] = []
    for column in (name for name in spoken if name in raw.frame.columns):
        told = _Told(family, raw, column, spoken[column])
        width, found = told.width(use.widths.get(column))
        problems += found
        if width:
            problems += told.conflicts(width)
            codes[column] = {
                code: Missing(family.reasons[digit]) for code, digit in family.codes(width).items()
            }
    rules = []
    for rule in compiled.rules:
        sources = rule.rule.sources
        add = partial(_extended, sources=sources, codes=codes)
        rules.append(replace(rule, plan=_changed(rule.plan, add)))
    return replace(compiled, rules=tuple(rules)), problems


def _spoken(compiled: CompiledCrosswalk) -> dict[str, set[str]]:
    """The columns that rules read, and the codes about which some rule says something itself."""
    spoken: dict[str, set[str]] = {}
    for rule in compiled.rules:
        sources = rule.rule.sources

        def note(table: Lookup, sources: tuple[str, ...] = sources) -> Lookup:
            for column in (table.source,) if table.source else sources:
                spoken.setdefault(column, set()).update(table.by_code)
            return table

        _changed(rule.plan, note)
    return spoken


def _extended(table: Lookup, *, sources: tuple[str, ...], codes: Mapping[str, Codes]) -> Lookup:
    """The table with the family's codes of its column, below everything that it holds already."""
    extra: dict[str, object] = {}
    for column in (table.source,) if table.source else sources:
        extra |= codes.get(column, {})
    known = tuple(dict.fromkeys((*table.known, *extra)))
    return replace(table, by_code={**extra, **table.by_code}, known=known)


Change = Callable[[Lookup], Lookup]


def _changed(plan: Plan, change: Change) -> Plan:
    """The plan with every table changed that is held against the file's answers.

    What a formula's results lead to, and what a key file holds, are no answers of the file.
    """
    if isinstance(plan, Lookup | Reading):
        return _read(plan, change)
    if isinstance(plan, Membership):
        return replace(plan, answers=change(plan.answers))
    if isinstance(plan, Ticks):
        return replace(plan, ticks=change(plan.ticks))
    if isinstance(plan, Ridits):
        return replace(plan, steps=change(plan.steps))
    if isinstance(plan, Scoring):
        return replace(plan, items=tuple(_read(item, change) for item in plan.items))
    if isinstance(plan, Joining):
        return replace(plan, none=change(plan.none))
    if isinstance(plan, Calculating):
        inputs = {name: _read(part, change) for name, part in plan.inputs.items()}
        return replace(plan, inputs=inputs)
    return plan


def _read(plan: Lookup | Reading, change: Change) -> Lookup | Reading:
    if isinstance(plan, Reading):
        return replace(plan, missing=change(plan.missing))
    return change(plan)


class _Told:
    """What a file tells about the width of one column, and where it contradicts the family."""

    def __init__(self, family: MissingFamily, raw: RawTable, column: str, spoken: set[str]) -> None:
        self.family, self.raw, self.column, self.spoken = family, raw, column, spoken
        self.labels = raw.columns[column].value_labels
        self.answers = raw.keys(column)[1]
        declared = {answer.key for answer in self.answers if answer.declared_missing}
        self.declared = {*declared, *raw.columns[column].user_missing}

    def width(self, declared: int | None) -> tuple[int, list[Problem]]:
        """The number of digits, 0 where the column has no such codes; and what is wrong with it."""
        told = [width for width in range(1, WIDEST + 1) if self._tells(width)]
        if declared is not None:
            if told and declared not in told:
                shown = ", ".join(self._shown(width) for width in told)
                what = f"widths: says {declared} for the missing codes, but the file has {shown}."
                return 0, [self._problem(what, "Correct widths: in the crosswalk.")]
            return declared, []
        if len(told) == 1:
            return told[0], []
        if not told and self.declared:
            return 0, []
        if told:
            shown = " and ".join(self._shown(width) for width in told)
            what = f"The missing codes of the family {self.family.name} have two widths: {shown}."
        else:
            what = f"How wide are its missing codes ({self.family.name})? The file does not tell."
        fix = "Write under missing_family: widths: how many digits they have, or 0 if it has none."
        return 0, [self._problem(what, fix)]

    def conflicts(self, width: int) -> Iterator[Problem]:
        """Codes of the family that the file labels otherwise, or takes for valid answers."""
        present = {answer.key for answer in self.answers}
        for code, digit in self.family.codes(width).items():
            if code in self.spoken:
                continue
            reason, label = self.family.reasons[digit], self.labels.get(code, "")
            if label and not self._is_label(digit, label):
                what = f"Code {code} is labelled '{label}' in the file; the family {self.family.name} "
                what += f"takes it for {reason}."
                yield self._problem(what, "Say in the rule what it means, or correct widths:.")
            elif code in present and self.declared and code not in self.declared:
                what = f"The family {self.family.name} takes {code} for {reason}; the file declares "
                what += f"{listed(sorted(self.declared))} missing and {code} not."
                yield self._problem(what, "Say in the rule what it means, or correct widths:.")

    def _tells(self, width: int) -> bool:
        codes = self.family.codes(width)
        return any(
            code in self.declared or self._is_label(digit, self.labels.get(code, ""))
            for code, digit in codes.items()
        )

    def _is_label(self, digit: str, label: str) -> bool:
        known = {normalise(text) for text in self.family.labels[digit]}
        return bool(label) and (not known or normalise(label) in known)

    def _shown(self, width: int) -> str:
        codes = [code for code in self.family.codes(width) if code in self.labels or code in self.declared]
        return listed(codes)

    def _problem(self, what: str, fix: str) -> Problem:
        return Problem(what=what, fix=fix, file=self.raw.name, column=self.column)
