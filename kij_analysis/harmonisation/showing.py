"""Which answers without a rule may be shown: options of a closed question, not what may name somebody."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

import numpy as np

from kij_analysis.errors import listed
from kij_analysis.harmonisation.lookups import Lookup
from kij_analysis.privacy import is_mask
from kij_analysis.sources import AnswerKey

FEW = 5
"""An answer that at least so many rows hold is an option of the question, whatever its form."""
MANY = 5
"""More different answers that few rows hold mean that the question is not closed: then none is shown."""
LONGEST = 60
"""A longer answer is a text."""
NEAR = 0.8
"""An answer more alike to a known one than this is a slip of the pen, and may be shown."""
CODE = re.compile(r"-?[0-9]{1,4}(?:[.,][0-9]{1,4})?|\.[a-z]|[^\W\d_]|[\W_]{1,3}")


def may_be_shown(answer: AnswerKey, count: int, lookup: Lookup) -> bool:
    """Whether an answer of a closed question that has no rule may stand in a message or in the ledger.

    It may unless it could name somebody: several words that all begin with a capital, or share none with the
    answers that have a rule. What the file labels, short codes, what many gave, and what is nearly an answer
    that has a rule may be shown in any case.

    Examples
    --------
    >>> lookup = Lookup(source="q", by_text={"i job": 1}, by_code={}, known=("I job",))
    >>> texts = ("I jobb", "9", "Ledig", "I praktik", "Anna Hansen", "spørg anna hansen")
    >>> [may_be_shown(AnswerKey(key=text, text=text.lower()), 1, lookup) for text in texts]
    [True, True, True, True, False, False]
    """
    return not is_mask(answer.key) and (_is_option(answer, count, lookup) or not _may_name(answer, lookup))


def _is_option(answer: AnswerKey, count: int, lookup: Lookup) -> bool:
    if answer.label or answer.key == "" or count >= FEW or CODE.fullmatch(answer.key.strip()):
        return True
    texts = (answer.text, answer.text.encode("cp1252", "ignore").decode("utf-8", "ignore"))
    return any(_alike(text, known.casefold()) for known in lookup.known for text in texts if text)


def _may_name(answer: AnswerKey, lookup: Lookup) -> bool:
    words = re.findall(r"[^\W\d_]+", answer.key)
    if len(answer.key) > LONGEST or (len(words) > 1 and all(word[0].isupper() for word in words)):
        return True
    known = {word for text in lookup.known for word in re.findall(r"[^\W\d_]+", text.casefold())}
    return len(words) > 1 and not known & {word.casefold() for word in words}


def _alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other)
    return matcher.real_quick_ratio() > NEAR and matcher.quick_ratio() > NEAR and matcher.ratio() > NEAR


def unshown(strangers: Mapping[AnswerKey, int], lookup: Lookup) -> list[AnswerKey]:
    """Those of a column's answers without a rule, with their rows, that may not be shown."""
    rare = [a for a, count in strangers.items() if a.key and not a.label and count < FEW]
    if len(rare) <= 20 * MANY:
        rare = [answer for answer in rare if not _is_option(answer, 1, lookup)]
    if len(rare) > MANY:
        return rare
    return [answer for answer in rare if is_mask(answer.key) or _may_name(answer, lookup)]


def not_shown(
    answers: Sequence[AnswerKey], found: np.ndarray, rows: np.ndarray, known: Sequence[str]
) -> tuple[str, str]:
    """(what is wrong, what to do) for the answers of a column that have no rule and are not shown.

    `found` says of each row whether it holds one of them, `rows` how the file numbers it.
    """
    many = "An answer has" if len(answers) == 1 else f"{len(answers)} different answers have"
    count = int(found.sum())
    first = f"{count} row{'s' if count != 1 else ''}, the first is row {rows[found][0]}"
    forms = patterns({answer.key: 1 for answer in answers})
    them = "it" if len(answers) == 1 else "them"
    what = f"{many} no rule ({first}): {forms}. Not shown, because a name may stand there."
    return what, f"Look at {them} in the file. Known: {listed(known)}."


def pattern(text: str) -> str:
    """The form of an answer without its content, because an open answer may be a name.

    Examples
    --------
    >>> pattern("37,5 t"), pattern("Åse")
    ('99,9 a', 'Aaa')
    """
    if is_mask(text):
        return text
    form = re.sub(r"[0-9]", "9", text)
    form = re.sub(r"[^\W\d_]", lambda letter: "A" if letter.group().isupper() else "a", form)
    return form if len(form) <= 24 else f"{form[:24]}…"


def patterns(texts: Mapping[str, int]) -> str:
    """The forms of some answers, most frequent first, with counts."""
    counts: dict[str, int] = {}
    for text, count in texts.items():
        counts[pattern(text)] = counts.get(pattern(text), 0) + count
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"'{form}' ({count})" for form, count in ranked[:5])
