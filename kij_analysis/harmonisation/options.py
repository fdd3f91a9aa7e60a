"""The answer options of a file: what people could choose, by column, and what rules know of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np

from kij_analysis.harmonisation.choosing import listed_answers
from kij_analysis.harmonisation.lookups import CompiledCrosswalk, CompiledRule, Lookup, Membership
from kij_analysis.harmonisation.resolving import NOTHING, outcome_of
from kij_analysis.sources import AnswerKey, RawTable, normalise

ALIKE = 0.6
"""From here on two texts are taken for two wordings of one thing; a suggestion, never a decision."""


@dataclass(frozen=True)
class Option:
    """One answer of a closed column: its code or text, its label in the file, and how many rows have it."""

    key: str
    label: str
    rows: int

    @property
    def text(self) -> str:
        """What people read."""
        return self.label or self.key


def closed(rule: CompiledRule) -> Lookup | None:
    """What a rule knows of the answers of its column, where it lists them."""
    if isinstance(rule.plan, Lookup):
        return rule.plan
    return rule.plan.answers if isinstance(rule.plan, Membership) else None


def options(raw: RawTable, column: str, rules: Iterable[CompiledRule]) -> dict[str, Option]:
    """The options of a column, by code or normalised text: those chosen, and those that the file labels."""
    separators = [rule.plan for rule in rules if isinstance(rule.plan, Membership)]
    codes, answers = raw.keys(column)
    counts = np.bincount(codes, minlength=len(answers))
    found: dict[str, Option] = {}
    for answer, count in zip(answers, counts, strict=True):
        for part in _parts(answer, separators):
            place = normalise(part.key)
            before = found.get(place)
            rows = int(count) + (before.rows if before else 0)
            found[place] = Option(part.key, part.label or "", rows)
    for key, label in raw.columns[column].value_labels.items():
        found.setdefault(normalise(key), Option(key, label, 0))
    found.pop("", None)
    return found


def _parts(answer: AnswerKey, plans: list[Membership]) -> list[AnswerKey]:
    if not plans:
        return [answer]
    return listed_answers(answer, plans[0].separator, plans[0].answers)


def unruled(option: Option, rules: Iterable[CompiledRule]) -> bool:
    """Whether a rule that lists its answers does not know this one, or knows it under another label."""
    key = AnswerKey(key=option.key, text=normalise(option.key), label=option.label or None)
    lookups = [lookup for lookup in map(closed, rules) if lookup is not None]
    return any(outcome_of(key, lookup, 1)[0] is NOTHING for lookup in lookups)


def known(compiled: CompiledCrosswalk, column: str) -> dict[str, str]:
    """The answers of a column that rules list, normalised, as they are written there."""
    found: dict[str, str] = {}
    for rule in compiled.rules:
        lookup = closed(rule)
        if lookup is not None and column in rule.rule.sources:
            found.update({normalise(text): text for text in lookup.known})
            found.update({normalise(code): code for code in lookup.by_code})
    return found


def alike(one: str, other: str) -> float:
    """How alike two texts are, from 0 to 1; capitals and blanks do not count.

    Examples
    --------
    >>> alike("I praktik", "I  PRAKTIK"), alike("Job", "Skole") < 0.6
    (1.0, True)
    """
    return SequenceMatcher(None, normalise(one), normalise(other)).ratio()
