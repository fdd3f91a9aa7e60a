"""The answer options of a file: what people could choose, by column, and what rules know of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np

from kij_analysis.harmonisation.choosing import listed_answers
from kij_analysis.harmonisation.lookups import CompiledCrosswalk, CompiledRule, Lookup, Membership
from kij_analysis.harmonisation.resolving import NOTHING, is_open, matches, outcome_of
from kij_analysis.harmonisation.showing import pattern, unshown
from kij_analysis.privacy import is_mask
from kij_analysis.sources import AnswerKey, RawTable, normalise

ALIKE = 0.6
"""From here on two texts are taken for two wordings of one thing; a suggestion, never a decision."""


@dataclass(frozen=True)
class Option:
    """One answer of a closed column: its code or text, its label in the file, and how many rows have it.

    Of a `hidden` one, which may name somebody, `key` is the form only.
    """

    key: str
    label: str
    rows: int
    hidden: bool = False

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
    """The options of a column, by code or normalised text: those chosen, and those that the file labels.

    What only a pattern fits, or no rule at all though it says what is left, is no option.
    """
    plans = [*rules]
    separators = [rule.plan for rule in plans if isinstance(rule.plan, Membership)]
    codes, answers = raw.keys(column)
    counts = np.bincount(codes, minlength=len(answers))
    chosen: dict[AnswerKey, int] = {}
    for answer, count in zip(answers, counts, strict=True):
        for part in _parts(answer, separators):
            chosen[part] = chosen.get(part, 0) + int(count)
    lookups = [lookup for lookup in map(closed, plans) if lookup is not None]
    silent = _silent(chosen, lookups)
    found: dict[str, Option] = {}
    for part, rows in chosen.items():
        text = pattern(part.key) if part in silent else part.key
        place = normalise(text)
        before = found[place].rows if place in found else 0
        if part.label or not (is_mask(part.key) or any(is_open(part, lookup) for lookup in lookups)):
            found[place] = Option(text, part.label or "", rows + before, part in silent)
    for key, label in raw.columns[column].value_labels.items():
        found.setdefault(normalise(key), Option(key, label, 0))
    found.pop("", None)
    return found


def _silent(chosen: Mapping[AnswerKey, int], lookups: Sequence[Lookup]) -> set[AnswerKey]:
    """The answers without a rule that may not be shown."""
    known = tuple(dict.fromkeys(text for lookup in lookups for text in lookup.known))
    strangers = {a: n for a, n in chosen.items() if not any(matches(a, lookup) for lookup in lookups)}
    return set(unshown(strangers, Lookup(source="", by_text={}, by_code={}, known=known)))


def _parts(answer: AnswerKey, plans: list[Membership]) -> list[AnswerKey]:
    if not plans:
        return [answer]
    return listed_answers(answer, plans[0].separator, plans[0].answers)


def unruled(option: Option, rules: Iterable[CompiledRule]) -> bool:
    """Whether a rule that lists its answers does not know this one, or knows it under another label."""
    if option.hidden:
        return True
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
