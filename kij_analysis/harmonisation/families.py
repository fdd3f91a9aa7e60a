"""Missing codes that are as wide as the codes of their column: 7, 77 or 777 for one reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from kij_analysis.codebook.crosswalks import Missing
from kij_analysis.codebook.variables import Codebook, MissingFamily
from kij_analysis.errors import Problem, listed
from kij_analysis.harmonisation.lookups import CompiledCrosswalk, Fixed, Lookup
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
    rules = tuple(
        replace(rule, plan=_extended(rule.plan, rule.rule.sources, codes)) for rule in compiled.rules
    )
    return replace(compiled, rules=rules), problems


def _spoken(compiled: CompiledCrosswalk) -> dict[str, set[str]]:
    """The columns that rules read, and the codes about which some rule says something itself."""
    spoken: dict[str, set[str]] = {}
    for rule in compiled.rules:
        if isinstance(rule.plan, Fixed):
            continue
        own = {code for lookup in _lookups(rule.plan) for code in lookup.by_code}
        for column in rule.rule.sources:
            spoken.setdefault(column, set()).update(own)
    return spoken


def _lookups(node: object) -> Iterator[Lookup]:
    if isinstance(node, Lookup):
        yield node
    elif isinstance(node, tuple | list):
        for part in node:
            yield from _lookups(part)
    elif isinstance(node, Mapping):
        yield from _lookups(tuple(node.values()))
    elif is_dataclass(node):
        yield from _lookups(tuple(getattr(node, part.name) for part in fields(node)))


def _extended(node: Any, sources: tuple[str, ...], codes: Mapping[str, Codes]) -> Any:
    """The plan with the family's codes in its lookup tables, below everything that they hold already."""
    if isinstance(node, Lookup):
        extra: dict[str, object] = {}
        for column in (node.source,) if node.source else sources:
            extra |= codes.get(column, {})
        by_code = {**extra, **node.by_code}
        return replace(node, by_code=by_code, known=tuple(dict.fromkeys((*node.known, *extra))))
    if isinstance(node, tuple | list):
        return type(node)(_extended(part, sources, codes) for part in node)
    if isinstance(node, Mapping):
        return {key: _extended(part, sources, codes) for key, part in node.items()}
    if is_dataclass(node) and not isinstance(node, type):
        return replace(
            node, **{f.name: _extended(getattr(node, f.name), sources, codes) for f in fields(node)}
        )
    return node


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
