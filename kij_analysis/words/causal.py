"""Words that name the cause of an outcome: how they are found, and which templates may use them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from kij_analysis.errors import one_of

CAUSAL: Mapping[str, str] = {
    "en": (
        r"effects?|effective\w*|impact\w*|because of|due to|owing to|thanks to|led to|leads? to"
        r"|caus(?:e|es|ed|al|ing)|results? (?:of|in|from)|resulted (?:in|from)|attribut(?:ed|able) to"
        r"|contribut\w+ to|brought about|made possible"
    ),
    "da": (
        r"\w*effekt\w*|\w*virkning\w*|påvirk\w*|takket være|på grund af|som følge af|skyldes"
        r"|(?:ført|fører|førte) til|resulter\w+ i|bidr[ao]g\w* til|medfør\w*|forårsag\w*|årsag\w*"
        r"|bevirk\w*|afstedkom\w*"
    ),
    "nb": (
        r"\w*effekt\w*|\w*virkning\w*|påvirk\w*|takket være|på grunn av|som følge av|skyldes"
        r"|(?:ført|fører|førte) til|resulter\w+ i|bidr[ao]\w* til|medfør\w*|forårsak\w*|årsak\w*"
        r"|bevirk\w*"
    ),
    "sv": (
        r"\w*effekt\w*|(?:med|på|in|åter)?verkan|\w*(?<!till)verkning\w*|påverk\w*|tack vare"
        r"|på grund av|till följd av|beror på|berodde på|(?:lett|leder|ledde) till"
        r"|resulter\w+ i|bidr[ao]\w* till|medför\w*|orsak\w*|åstadkom\w*"
    ),
    "fi": (
        r"\w*vaikutu\w*|\w*vaikutta\w*|\w*vaikutt?i\w*|ansiosta|takia|vuoksi|johdosta|seurauksena|seurausta"
        r"|johtu\w*|johta\w+ siihen|aiheut\w*|sa[ai]\w* aikaan|edist(?:i|ivät|ää|ävät)"
    ),
}  # fmt: skip
"""Regular expressions of whole words that name a cause, by language."""

LOWEST: Mapping[str, int] = {
    "claim.effect": 3,
}
"""Templates of the catalogues that claim a cause, and the lowest level that bears them.

The level is that of the Maryland scientific methods scale; `Words` refuses the template below it. Whoever
adds such a template declares it here.
"""

NO_CLAIM: Mapping[str, str] = {
    "methods.no_effect": "denies that a cause is shown",
    "barriers.changes.base": "denies that a change is the programme's doing",
    "barriers.differences.base": "denies that a difference is the programmes' doing",
}
"""Templates that use such words without claiming a cause (a denial, a definition), and why."""


@cache
def _pattern(language: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{CAUSAL[language]})\b", re.IGNORECASE)


def causal_words(text: str, language: str) -> list[str]:
    """The words of a text that name a cause, in the order in which they stand.

    Examples
    --------
    >>> causal_words("More women are in work thanks to the programme.", "en")
    ['thanks to']
    >>> causal_words("Flere kvinder er i job end ved start.", "da")
    []
    """
    one_of(language, CAUSAL, name="The language")
    return [match.group(0) for match in _pattern(language).finditer(text)]
