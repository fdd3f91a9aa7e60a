"""Which answers may be shown: those of a closed question; what few people typed may name somebody."""

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
"""An answer without a rule that fewer rows hold is told by its form and place, not by itself."""
NEAR = 0.8
"""An answer more alike to a known one than this is a slip of the pen, and may be shown."""
COMPARED = 200
"""So many different answers without a rule mean that the column is no closed question; none is compared."""
CODE = re.compile(r"-?[0-9]{1,4}(?:[.,][0-9]{1,4})?|\.[a-z]|[^\W\d_]|[\W_]{1,3}")


def may_be_shown(answer: AnswerKey, count: int, lookup: Lookup) -> bool:
    """Whether an answer without a rule may stand in a message or in the ledger.

    It may if the file labels it, if it is a short code, if at least five rows hold it, or if it is nearly one
    of the answers that have a rule.

    Examples
    --------
    >>> lookup = Lookup(source="q", by_text={"kvinde": 1}, by_code={}, known=("Kvinde",))
    >>> [may_be_shown(AnswerKey(key=text, text=text), 1, lookup) for text in ("Kvnde", "9", "Anna Hansen")]
    [True, True, False]
    """
    if is_mask(answer.key):
        return False
    if answer.label or answer.key == "" or count >= FEW or CODE.fullmatch(answer.key.strip()):
        return True
    texts = (answer.text, answer.text.encode("cp1252", "ignore").decode("utf-8", "ignore"))
    return any(_alike(text, known.casefold()) for known in lookup.known for text in texts if text)


def _alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other)
    return matcher.real_quick_ratio() > NEAR and matcher.quick_ratio() > NEAR and matcher.ratio() > NEAR


def unshown(strangers: Mapping[AnswerKey, int], lookup: Lookup) -> list[AnswerKey]:
    """Those of a column's answers without a rule, with their rows, that may not be shown."""
    if len(strangers) <= COMPARED:
        return [answer for answer, count in strangers.items() if not may_be_shown(answer, count, lookup)]
    return [answer for answer, count in strangers.items() if not answer.label and count < FEW]


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
    what = f"{many} no rule ({first}): {forms}. Not shown, because what so few wrote may name somebody."
    return what, f"Look at {'it' if len(answers) == 1 else 'them'} in the file. Known: {listed(known)}."


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
