"""How alike two texts are: the share of their weight that lies in words which both have, or nearly."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from kij_analysis.draft.small_words import NEGATIONS, OTHERS, is_frequent, words

NEAR = 80.0
"""From this similarity on (of 100, by edit distance) two words with the same first letter count as one."""
HELD = 0.65
"""How alike a text is at least to one of two or more telling words that it holds whole."""
SMALL = 0.15
"""What a word that stands in any question counts, where a word met nowhere else counts up to 1."""


def weights_of(texts: Sequence[Sequence[str]]) -> dict[str, float]:
    """What each word counts: little if frequent in any question or in many of the texts."""
    often = Counter(word for text in texts for word in set(text))
    most = math.log(len(texts) + 1)
    return {
        word: SMALL if is_frequent(word) else max(math.log((len(texts) + 1) / count) / most, SMALL)
        for word, count in often.items()
    }


def near_words(ours: Sequence[str], theirs: Sequence[str]) -> np.ndarray:
    """For each pair of words 1 if they are the same, their similarity if nearly, else 0.

    Words that begin with another letter are never near: *employed* and *unemployed* are opposites. A word of
    three letters is near one that it begins (*job*, *jobb*), and no other.

    Examples
    --------
    >>> near_words(["employed", "utdanning"], ["unemployed", "utdanningen"]).round(2).tolist()
    [[0.0, 0.0], [0.0, 0.9]]
    """
    from rapidfuzz import fuzz, process

    if not ours or not theirs:
        return np.zeros((len(ours), len(theirs)))
    table = process.cdist(ours, theirs, scorer=fuzz.ratio, score_cutoff=NEAR, dtype=np.float64) / 100
    for row, column in np.argwhere(table > 0):
        if not _may_be_near(ours[row], theirs[column]):
            table[row, column] = 0.0
    same = np.array(ours)[:, None] == np.array(theirs)[None, :]
    return np.where(same, 1.0, table)


def _may_be_near(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) < 3 or one[0] != other[0]:
        return False
    return len(short) > 3 or long.startswith(short)


def likenesses(
    ours: Sequence[str],
    theirs: Sequence[str],
    *,
    owners: Sequence[object] | None = None,
    targets: Sequence[object] | None = None,
) -> np.ndarray:
    """For each pair of texts how alike they are, from 0 to 1 (a Dice coefficient of weighted words).

    A text that holds all of another one of two or more telling words is at least 0.65 alike. Texts of one
    owner (a column) or one target count as one when the words are weighed. Two texts of which only one
    denies, or only one asks about somebody else (a partner, a parent), are half as alike as their words say.

    Examples
    --------
    >>> found = likenesses(["How old are you?", "Partner's education"], ["How old are you", "Education"])
    >>> bool(found[0, 0] > 0.99), bool(found[1, 1] < 0.5), float(found[0, 1])
    (True, True, 0.0)
    """
    left, right = [words(text) for text in ours], [words(text) for text in theirs]
    if not left or not right:
        return np.zeros((len(left), len(right)))
    weight = weights_of([*_joined(left, owners), *_joined(right, targets)])
    ours_words, theirs_words = _vocabulary(left), _vocabulary(right)
    near = near_words(list(ours_words), list(theirs_words))
    one, other = _table(left, ours_words, weight), _table(right, theirs_words, weight)
    from_left = one @ _best(near, [[theirs_words[w] for w in text] for text in right])
    from_right = (other @ _best(near.T, [[ours_words[w] for w in text] for text in left])).T
    total = one.sum(axis=1)[:, None] + other.sum(axis=1)[None, :]
    shared = np.divide(from_left + from_right, total, out=np.zeros_like(total), where=total > 0)
    telling = np.array([sum(not is_frequent(word) for word in set(text)) > 1 for text in right])
    whole = other.sum(axis=1)[None, :]
    held = np.divide(from_right, whole, out=np.zeros_like(total), where=(whole > 0) & telling[None, :])
    shared = np.maximum(shared, HELD * held)
    return shared * _turned(left, right, NEGATIONS) * _turned(left, right, OTHERS)


def _joined(texts: Sequence[list[str]], owners: Sequence[object] | None) -> list[list[str]]:
    """The words of all texts of one owner together."""
    found: dict[object, list[str]] = {}
    for place, text in enumerate(texts):
        found.setdefault(owners[place] if owners else place, []).extend(text)
    return list(found.values())


def _vocabulary(texts: Sequence[Sequence[str]]) -> dict[str, int]:
    return {word: place for place, word in enumerate(dict.fromkeys(w for text in texts for w in text))}


def _table(texts: Sequence[Sequence[str]], places: dict[str, int], weight: dict[str, float]) -> np.ndarray:
    table = np.zeros((len(texts), len(places)))
    for row, text in enumerate(texts):
        for word in set(text):
            table[row, places[word]] = weight[word]
    return table


def _best(near: np.ndarray, texts: Sequence[Sequence[int]]) -> np.ndarray:
    """For each word the similarity of the nearest word of each text."""
    found = np.zeros((near.shape[0], len(texts)))
    for column, places in enumerate(texts):
        if places:
            found[:, column] = near[:, places].max(axis=1)
    return found


def _turned(
    left: Sequence[Sequence[str]], right: Sequence[Sequence[str]], signs: frozenset[str]
) -> np.ndarray:
    one = np.array([bool(signs & set(text)) for text in left])
    other = np.array([bool(signs & set(text)) for text in right])
    return np.where(one[:, None] == other[None, :], 1.0, 0.5)


def squashed(name: str) -> str:
    """A column's name without signs and capitals.

    Examples
    --------
    >>> squashed("AGE_R")
    'ager'
    """
    return re.sub(r"[\W_]+", "", name.casefold())


def is_code(name: str) -> bool:
    """Whether a name is a bare number of a question, such as `q7_1` or `v94`, which tells nothing.

    Examples
    --------
    >>> is_code("sp10_1"), is_code("B_Q01a"), is_code("gndr"), is_code("Alder")
    (True, True, False, False)
    """
    return re.fullmatch(r"(?:[A-Za-zæøåäöÆØÅÄÖ]{0,3}_?){1,2}\d+(?:[_.]?\w{1,3})*", name) is not None


def says_something(name: str) -> bool:
    """Whether a column's name is a text that can be compared with a question."""
    return not is_code(name) and any(len(word) > 2 for word in words(name))
