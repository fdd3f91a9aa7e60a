"""Texts that a user may give in one language or in several, carried as one text until they are shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kij_analysis.words.terms import LANGUAGES

PACKED = re.compile(r"\{\{(?P<parts>(?:(?!\}\}).)*)\}\}", re.DOTALL)
APART, OF = " || ", ": "


def packed(texts: str | Mapping[str, str]) -> str:
    """One text as it is; several by language as one that `spoken` takes apart.

    Examples
    --------
    >>> packed({"da": "eksempel", "en": "example"}), packed("example")
    ('{{da: eksempel || en: example}}', 'example')
    """
    if isinstance(texts, str):
        return texts
    return "{{" + APART.join(f"{language}{OF}{text}" for language, text in texts.items()) + "}}"


def spoken(text: str, language: str) -> str:
    """A text with each part that was given in several languages in one of them.

    Where the language is missing, English stands, else the first that was given.

    Examples
    --------
    >>> spoken("{{da: eksempel || en: example}} (2024)", "da"), spoken("{{da: eksempel}}", "fi")
    ('eksempel (2024)', 'eksempel')
    """
    return PACKED.sub(lambda found: _chosen(found["parts"], language), text)


def _chosen(parts: str, language: str) -> str:
    known = dict(part.split(OF, 1) for part in parts.split(APART))
    return known.get(language) or known.get("en") or next(iter(known.values()))


def all_packed(data: Any) -> Any:
    """A copy of what a file holds in which every text by language is one text.

    Examples
    --------
    >>> all_packed({"title": {"da": "Et regnskab"}, "months": 36})
    {'title': '{{da: Et regnskab}}', 'months': 36}
    """
    if isinstance(data, Mapping):
        if data and set(data) <= set(LANGUAGES) and all(isinstance(text, str) for text in data.values()):
            return packed({str(language): str(text) for language, text in data.items()})
        return {key: all_packed(value) for key, value in data.items()}
    if isinstance(data, list):
        return [all_packed(value) for value in data]
    return data
