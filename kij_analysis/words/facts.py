"""Printed facts spoken in one language: numbers with their units, phrases, and where sources differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from kij_analysis.words.speaking import Words


def spoken_number(
    words: Words, value: float, *, unit: str, high: float = float("nan"), precision: str = "exact"
) -> str:
    """A printed number, or range, with its unit and with how its source qualifies it.

    Parameters
    ----------
    unit, precision
        Codes of the printed record; a number of the unit ``count`` stands alone.

    Examples
    --------
    >>> from kij_analysis.words import load
    >>> spoken_number(load("en"), 4, high=8, unit="hours_per_month")
    '4–8 hours a month'
    >>> spoken_number(load("da"), 500, unit="persons", precision="more_than")
    'mere end 500 personer'
    """
    say = words
    ends = [value] if pd.isna(high) else [value, high]
    spoken = [say.number(end, digits=0 if float(end).is_integer() else 1) for end in ends]
    if unit == "per_cent":
        spoken[-1] = say.share(ends[-1] / 100, digits=0 if float(ends[-1]).is_integer() else 1)
    text = spoken[0] if len(spoken) == 1 else say("programmes.range", low=spoken[0], high=spoken[1])
    if ends == [1] and say.has(f"programmes.one.{unit}"):
        text = say(f"programmes.one.{unit}")
    elif unit not in ("", "count", "per_cent"):
        text = say(f"programmes.unit.{unit}", number=text)
    return say(f"programmes.precision.{precision}", number=text) if precision not in ("", "exact") else text


def spoken_years(words: Words, when: str) -> str:
    """A year, ``2002–2013``, or ``2012–`` for since 2012, as the language writes it.

    Examples
    --------
    >>> from kij_analysis.words import load
    >>> spoken_years(load("da"), "2002–2013"), spoken_years(load("en"), "2012–")
    ('2002-2013', 'since 2012')
    """
    say = words
    first, dash, last = when.partition("–")
    if not dash:
        return first
    return say("programmes.range", low=first, high=last) if last else say("programmes.since", year=first)


def spoken_facts(
    rows: pd.DataFrame, words: Words, *, mark: Callable[[str], str] = lambda sources: ""
) -> list[str]:
    """The facts of one cell of a profile, each as a phrase.

    Parameters
    ----------
    rows
        Rows of `kij_analysis.codebook.profiles` of one programme and one cell.
    mark
        Called with the ids of the sources of a fact or number; what it returns is set behind it.

    Examples
    --------
    >>> from kij_analysis.codebook import load_codebook, profiles
    >>> from kij_analysis.template import template_folder
    >>> from kij_analysis.words import load
    >>> book = load_codebook(template_folder() / "codebook")
    >>> frame = profiles(book, ["fika"])
    >>> spoken_facts(frame[frame["cell"] == "length"], load("fi", book))
    ['6 kuukautta']
    """
    return [
        _fact(group.to_dict("records"), words, mark)
        for _, group in rows[rows["published"]].groupby("fact", sort=True)
    ]


def _fact(versions: list[dict[str, Any]], say: Words, mark: Callable[[str], str]) -> str:
    first = versions[0]
    label, numbers = first[f"label_{say.language}"], [_number(version, say) for version in versions]
    differ = len(versions) > 1
    if differ:
        numbers = [
            f"{number}{mark(version['source'])}" for number, version in zip(numbers, versions, strict=True)
        ]
    joined = " / ".join(numbers)
    text = label.replace("{number}", joined) if label else joined
    if first["when"]:
        text = f"{text} ({spoken_years(say, first['when'])})"
    return say("programmes.differ", list=text) if differ else f"{text}{mark(first['source'])}"


def _number(row: dict[str, Any], say: Words) -> str:
    if pd.isna(row["value"]):
        return ""
    return spoken_number(say, row["value"], high=row["high"], unit=row["unit"], precision=row["precision"])


def country_name(words: Words, code: str) -> str:
    """The name of a country in the language, from its two letters.

    Examples
    --------
    >>> from kij_analysis.words import load
    >>> country_name(load("fi"), "DK")
    'Tanska'
    """
    from babel import Locale

    return str(Locale.parse(words.language).territories.get(code, code))


def spoken_result(row: Mapping[str, Any], words: Words) -> str:
    """What a share counts, when, and among whom.

    Parameters
    ----------
    row
        The fields `indicator`, `denominator`, `timing` and, if there are any, `timing_months`.

    Examples
    --------
    >>> from kij_analysis.words import load
    >>> spoken_result({"indicator": "employed", "denominator": "completers", "timing": "at_end"}, load("en"))
    'in work at the end – of those who completed'
    """
    say = words
    months = row.get("timing_months")
    number = say.number(12 if months is None or pd.isna(months) else months)
    timed = row["timing"] not in ("unknown", "not_applicable")
    timing = say(f"printed.timing.{row['timing']}", number=number) if timed else ""
    what = " ".join(part for part in (say(f"printed.indicator.{row['indicator']}"), timing) if part)
    return say("printed.what", what=what, base=say(f"printed.denominator.{row['denominator']}"))
