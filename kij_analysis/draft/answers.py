"""What the answers of a column could mean for each variable, wording by wording."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from kij_analysis.draft.knowledge import Knowledge
from kij_analysis.draft.likeness import likenesses
from kij_analysis.draft.profiles import CHOICES, Answer, Seen
from kij_analysis.draft.small_words import words
from kij_analysis.sources import normalise

ALIKE = 0.7
"""From this likeness on an answer counts as the wording that it resembles …"""
APART = 0.08
"""… if no wording of another meaning is as near as this."""


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What one answer seems to mean: the result, how sure, and whose wording it resembles.

    `result` is None where nothing is near enough; `nearest` then says what came closest.
    """

    result: object
    score: float
    wording: str = ""
    source: str = ""
    nearest: object = None


UNKNOWN = Meaning(result=None, score=0.0)


@dataclass(frozen=True)
class AnswerBook:
    """The meaning of every wording in the file for every target with closed answers."""

    known: Knowledge
    places: Mapping[str, int]
    likeness: np.ndarray
    wordings: Mapping[str, tuple[tuple[str, ...], tuple[int, ...]]]
    memory: dict[tuple[str, str], Meaning] = field(default_factory=dict)

    def meaning(self, target: str, answer: Answer, column: str = "") -> Meaning:
        """What an answer seems to mean for a target; a bare code what it did in earlier files."""
        found = self._by_code(target, answer, column)
        if found.result is not None:
            return found
        place = (target, normalise(answer.text))
        if place not in self.memory:
            self.memory[place] = self._by_text(*place)
        return self.memory[place]

    def share(self, target: str, seen: Seen, column: str = "") -> tuple[float, int, int]:
        """(share, recognised, all) of a column's valid answers that mean something for a target."""
        told = [self.meaning(target, answer, column) for answer in seen.answers]
        sure = [meaning.score for meaning in told if meaning.result is not None]
        return (sum(sure) / len(told) if told else 0.0), len(sure), len(told)

    def _by_code(self, target: str, answer: Answer, column: str) -> Meaning:
        codes, source = self.known.codes.get((target, column), ({}, ""))
        if answer.labelled or answer.key not in codes:
            return UNKNOWN
        return Meaning(result=codes[answer.key], score=1.0, wording=answer.key, source=source)

    def _by_text(self, target: str, text: str) -> Meaning:
        exact = self.known.answers.get(target, {}).get(text)
        if exact:
            return Meaning(result=exact[0], score=1.0, wording=text, source=exact[1])
        column = self.known.codebook.columns.get(target)
        if column is not None and column.type == "boolean":
            return self._yes_or_no(text)
        if text not in self.places or target not in self.wordings:
            return UNKNOWN
        texts, places = self.wordings[target]
        row = self.likeness[self.places[text], list(places)]
        order = np.argsort(-row)
        results = [self.known.answers[target][texts[i]] for i in order]
        best, source = results[0]
        other = next((row[i] for i, (r, _) in zip(order, results, strict=True) if r != best), 0.0)
        score = float(row[order[0]])
        if score < ALIKE or score - other < APART:
            return Meaning(result=None, score=score, wording=texts[order[0]], source=source, nearest=best)
        return Meaning(result=best, score=score, wording=texts[order[0]], source=source)

    def _yes_or_no(self, text: str) -> Meaning:
        first = next(iter(words(text)), "")
        for said, result in ((self.known.yes, True), (self.known.no, False)):
            if text in said or first in said:
                score = 1.0 if text in said else 0.8
                return Meaning(result=result, score=score, wording=first, source="yes and no")
        return UNKNOWN


def answer_book(columns: Sequence[Seen], known: Knowledge) -> AnswerBook:
    """Compare all closed answers of a file with all wordings at once."""
    texts = {normalise(a.text) for seen in columns if len(seen.answers) <= CHOICES for a in seen.answers}
    texts |= {normalise(part) for seen in columns for part in seen.parts}
    texts |= {normalise(text) for seen in columns for text in tick_texts(seen)}
    mine = sorted(text for text in texts if re.search(r"[^\W\d_]{2}", text))
    wordings: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {}
    theirs: list[str] = []
    for target, entry in known.answers.items():
        wordings[target] = (tuple(entry), tuple(range(len(theirs), len(theirs) + len(entry))))
        theirs += entry
    table = likenesses(mine, theirs).astype(np.float32)
    places = {text: place for place, text in enumerate(mine)}
    return AnswerBook(known=known, places=places, likeness=table, wordings=wordings)


def tick_texts(seen: Seen) -> tuple[str, ...]:
    """What a column of a multiple choice stands for: the last part of its text, in each language.

    Examples
    --------
    >>> from kij_analysis.draft.profiles import Seen
    >>> tick_texts(Seen(name="Hinder: Språk / Kieli", label="", type="text", kind="ticks", n=1, missing=0,
    ...                 distinct=1))
    ('Språk / Kieli', 'Språk', 'Kieli', 'Hinder: Språk / Kieli')
    """
    if seen.kind not in ("ticks", "yes_no", "codes", "constant"):
        return ()
    text = seen.label or seen.name
    last = re.split(r"(?::|\?|–| - )\s+", text)[-1]
    parts = [part.strip() for part in last.split(" / ")]
    return tuple(dict.fromkeys(part for part in (last, *parts, text) if part))
