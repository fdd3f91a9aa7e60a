"""A study of another programme in words: who, when, and what number it prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kij_analysis.words import Words
from kij_analysis.words.facts import country_name


def spoken_who(row: Mapping[str, Any], words: Words) -> str:
    """Whose outcome it is.

    Examples
    --------
    >>> from kij_analysis.words import load
    >>> spoken_who({"sex": "women", "background": "refugees"}, load("da"))
    'kvinder (flygtninge)'
    """
    say = words
    sex, background = say(f"evidence.sex.{row['sex']}"), say(f"evidence.background.{row['background']}")
    return say("evidence.who", sex=sex, background=background)


def spoken_when(row: Mapping[str, Any], words: Words) -> str:
    """How long after, as far as it is printed.

    Examples
    --------
    >>> from kij_analysis.words import load
    >>> spoken_when({"months_from": 24, "months_to": 36}, load("en"))
    'after 24–36 months'
    >>> spoken_when({"months_from": None, "months_to": 36}, load("en"))
    'within 36 months'
    """
    say = words
    first, last = row["months_from"], row["months_to"]
    if pd.isna(first) and pd.isna(last):
        return say("evidence.no_time")
    if pd.isna(first):
        return say("evidence.within", months=_months(last, say))
    if pd.isna(last):
        return say("evidence.beyond", months=_months(first, say))
    months = _months(first, say)
    if first != last:
        months = say("programmes.range", low=months, high=_months(last, say))
    return say("evidence.after", months=months)


def spoken_estimate(row: Mapping[str, Any], words: Words, *, short: bool = False) -> str:
    """The printed number with its unit and how it is qualified, or which way it goes in words.

    Parameters
    ----------
    short
        Whether points suffice for the unit.

    Examples
    --------
    >>> from kij_analysis.words import load
    >>> row = {"estimate": 15, "measure": "risk_difference", "precision": "about", "direction": "higher"}
    >>> spoken_estimate(row, load("en")), spoken_estimate(row, load("en"), short=True)
    ('about +15 percentage points', 'about +15 points')
    """
    say = words
    if pd.isna(row["estimate"]):
        return say(f"evidence.direction.{row['direction']}")
    plain = row["measure"] in ("share", "share_of_estimates")
    sign = "+" if row["estimate"] > 0 and not plain else ""
    number = f"{sign}{_months(row['estimate'], say)}"
    if short:
        text = say("evidence.points", number=number)
    else:
        text = say(f"evidence.measure.{row['measure']}", number=number)
    if row["precision"] == "exact":
        return text
    return say(f"evidence.precision.{row['precision']}", number=text)


def spoken_level(row: Mapping[str, Any], words: Words) -> str:
    """The level of the design on the Maryland scale.

    Examples
    --------
    >>> from kij_analysis.words import load
    >>> spoken_level({"level": 5}, load("fi"))
    'taso 5'
    """
    if pd.isna(row["level"]):
        return words("evidence.no_level")
    return words("evidence.level", number=words.number(row["level"]))


def spoken_place(row: Mapping[str, Any], words: Words) -> str:
    """The country by its name; several stay unnamed.

    Examples
    --------
    >>> from kij_analysis.words import load
    >>> spoken_place({"country": "IT"}, load("da"))
    'Italien'
    """
    return "" if row["country"] == "several" else country_name(words, row["country"])


def _months(value: float, say: Words) -> str:
    return say.number(value, digits=0 if float(value).is_integer() else 1)
