"""Words that say little about a question, and words that change everything, in five languages.

The lists stand in small_words.csv: *frequent* words stand in any question; they tell the language and count
little when texts are compared. *Negations* turn a text around; *others* turn a question about oneself, today,
into one about somebody else or another time. A column whose name holds an *identifying* word holds a direct
identifier; one with a *free* word holds what people wrote themselves.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from importlib.resources import files

from kij_analysis.sources import normalise

_TEXT = files("kij_analysis.draft").joinpath("small_words.csv").read_text("utf-8")
_ROWS = [(row["list"], row["language"], row["word"]) for row in csv.DictReader(_TEXT.splitlines())]


def _listed(name: str, language: str = "") -> frozenset[str]:
    return frozenset(
        word for kind, lang, word in _ROWS if kind == name and (lang == language or not language)
    )


NEGATIONS, OTHERS = _listed("negations"), _listed("others")
IDENTIFYING, FREE = _listed("identifying"), _listed("free")
WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*", re.UNICODE)


def words(text: str) -> list[str]:
    """The words of a text, each in the form in which it is compared; the usual short forms are written out.

    Examples
    --------
    >>> words("Hvor gammel er du?")
    ['hvor', 'gammel', 'er', 'du']
    >>> words("Løbenr")
    ['løbenummer']
    """
    found = (match.group() for match in WORD.finditer(normalise(text)))
    plain = (word.removesuffix("'s").removesuffix("’s") for word in found)
    return [re.sub(r"(?:nr|nro)$", "nummer", word) for word in plain]


def is_frequent(word: str) -> bool:
    """Whether a word says little because it stands in any question."""
    return word in _ALL


def likely_language(texts: Iterable[str]) -> str:
    """The language that most frequent words of the texts belong to; empty if nothing tells it.

    Danish and Norwegian share most small words; those that only one of them has decide.

    Examples
    --------
    >>> [likely_language([text]) for text in ("Hvad er din situation nu?", "Hva gjør du nå?", "q1")]
    ['da', 'nb', '']
    """
    found = [word for text in texts for word in words(text)]
    points = {language: sum(word in small for word in found) for language, small in _SMALL.items()}
    best = max(points.values(), default=0)
    first = [language for language, count in points.items() if count == best and best]
    return first[0] if len(first) == 1 else ""


_SMALL = {language: _listed("frequent", language) for language in ("da", "nb", "sv", "fi", "en")}
_ALL = _listed("frequent") - NEGATIONS
