"""A printed number in one line: whose, when, how much, of what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kij_analysis.indicators.sheets import codes
from kij_analysis.words import Words, as_words
from kij_analysis.words.facts import spoken_number, spoken_result, spoken_years


def label(row: Mapping[str, Any] | pd.Series, words: Words | str) -> str:
    """Programme, years, number, and what it counts.

    What is no outcome is named by its code, because the catalogues speak of outcomes only.

    Parameters
    ----------
    row
        A row of `kij_analysis.indicators.load`.

    Examples
    --------
    >>> from kij_analysis.indicators.record import load
    >>> from kij_analysis.template import template_folder
    >>> record = load(template_folder() / "data" / "raw" / "published").set_index("id", drop=False)
    >>> label(record.loc["womento_employed_2012_2014"], "en")
    'Womento 2012–2014: 37% in work at the end – of those who answered'
    """
    say = as_words(words)
    named = say("matrix.label", programme=programme(row["programme"], say), years=_years(row, say))
    return f"{named}: {number(row, say)} {_what(row, say)}"


def number(row: Mapping[str, Any] | pd.Series, words: Words | str) -> str:
    """The number as printed, with its unit and the word that qualifies it.

    Examples
    --------
    >>> number({"value": 50, "value_high": None, "unit": "per_cent", "precision": "about"}, "da")
    'ca. 50\\xa0%'
    """
    say = as_words(words)
    unit = row["unit"] if row["unit"] == "per_cent" or say.has(f"programmes.unit.{row['unit']}") else "count"
    high = float("nan") if pd.isna(row["value_high"]) else row["value_high"]
    return spoken_number(say, row["value"], high=high, unit=unit, precision=row["precision"])


def programme(code: str, words: Words) -> str:
    """The short name of a programme; of one without a profile the name by which the record knows it."""
    say = words
    known = say.programme(code)
    if known == code and say.has(f"matrix.programme.{code}"):
        return say(f"matrix.programme.{code}")
    return known if known != code else codes("programme").get(code, code).split(",")[0]


def _years(row: Mapping[str, Any] | pd.Series, say: Words) -> str:
    if pd.isna(row["year_from"]):
        return say("programmes.undated")
    first, last = int(row["year_from"]), int(row["year_to"])
    return spoken_years(say, f"{first}" if first == last else f"{first}–{last}")


def _what(row: Mapping[str, Any] | pd.Series, say: Words) -> str:
    known = say.has(f"printed.indicator.{row['indicator']}")
    return spoken_result(dict(row), say) if known else f"({row['indicator']})"
