"""The term base: one word per concept in five languages, with its official source."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LANGUAGES = ("da", "nb", "sv", "fi", "en")
"""The languages of the report, in its order."""

LANGUAGE_NAMES = {"da": "Dansk", "nb": "Norsk bokmål", "sv": "Svenska", "fi": "Suomi", "en": "English"}


@dataclass(frozen=True)
class Term:
    """One concept: its word in each language, where the word was seen, and what to mind."""

    key: str
    labels: Mapping[str, str]
    domain: str
    source: str
    status: str
    note: str


@cache
def term_base() -> Mapping[str, Term]:
    """All terms by key.

    Examples
    --------
    >>> term_base()["unemployed"].labels["da"]
    'ledig'
    """
    text = files("kij_analysis.words").joinpath("terms.csv").read_text("utf-8")
    return {
        row["key"]: Term(
            key=row["key"],
            labels={language: row[language] for language in LANGUAGES},
            domain=row["domain"],
            source=row["source"],
            status=row["status"],
            note=row["note"],
        )
        for row in csv.DictReader(text.splitlines())
    }
