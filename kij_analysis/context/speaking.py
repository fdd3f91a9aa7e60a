"""Official figures in words: groups, ages, and whose figures they are."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from kij_analysis.words import Words, as_words
from kij_analysis.words.facts import country_name
from kij_analysis.words.speaking import NO_BREAK

OFFICES: Mapping[str, str] = {
    "dst": "Danmarks Statistik", "ssb": "Statistisk sentralbyrå", "statfi": "Tilastokeskus", "scb": "SCB",
    "fra": "FRA", "oecd": "OECD", "imdi": "IMDi", "nordregio": "Nordregio",
}  # fmt: skip
"""The names that offices go by at home; they are not translated."""

ALIKE: Mapping[str, str] = {
    "eu27": "other_eu", "eu28": "other_eu", "other_eu27": "other_eu", "other_eu28": "other_eu",
    "non_eu27": "non_eu", "non_eu28": "non_eu",
}  # fmt: skip
"""Groups that differ in how many members the EU had, which the table says beside them."""


def spoken_group(basis: str, group: str, words: Words | str) -> str:
    """A group by its basis, such as *foreign citizens*; its code where the catalogue has no words for it.

    Examples
    --------
    >>> spoken_group("citizenship", "foreign", "da"), spoken_group("origin", "somalia", "en")
    ('udenlandske statsborgere', 'somalia')
    """
    say = as_words(words)
    if group == "everybody":
        return say("official.group.everybody")
    key = f"{basis}_{ALIKE.get(group, group)}"
    return say(f"official.group.{key}") if say.has(f"official.group.{key}") else group.replace("_", " ")


def spoken_age(age: str) -> str:
    """An age band with a proper dash."""
    return age.replace("-", "–")


def spoken_place(code: str, words: Words) -> str:
    """The name of a country; of the EU with its number of members."""
    return f"EU{NO_BREAK}{code[2:]}" if code.startswith("EU") else country_name(words, code)


def acknowledgement(frame: pd.DataFrame, words: Words | str) -> str:
    """Whose figures these are, as the offices ask to be named.

    Eurostat allows any reuse if it is named as the source and if it is said that figures were changed; for
    numbers that we have computed it adds that Eurostat is not responsible.

    Parameters
    ----------
    frame
        Estimates of `official`, `gap` or `obstacles`, with the columns `office`, `table`, `address` and
        `method`.
    words
        The words, or the name of a language.

    Examples
    --------
    >>> frame = pd.DataFrame([{"office": "eurostat", "table": "LFSA_ERGAN", "address": "https://github.com/x",
    ...     "method": "derived"}])
    >>> acknowledgement(frame, "en")[:65]
    'Eurostat, lfsa_ergan, © European Union, read in a public copy. Co'
    """
    say = as_words(words)
    parts = [_office(rows, str(office), say) for office, rows in frame.groupby("office", sort=False)]
    named = "; ".join(part for part in parts if part)
    ours = frame[(frame["method"] == "derived") & (frame["office"] == "eurostat")]
    if ours.empty:
        return named
    rates = "status" not in ours or (ours["status"] == "derived").any()
    return f"{named}. {say('official.modified') if rates else say('official.gap_ours')}"


def _office(rows: pd.DataFrame, office: str, say: Words) -> str:
    tables = sorted({part for name in rows["table"].unique() for part in name.split(" x ") if part})
    if office != "eurostat":
        return ", ".join([OFFICES.get(office, office), *tables]) if office else ""
    named = say("official.source", tables=", ".join(tables).lower()) if tables else "Eurostat"
    copies = rows["address"].astype("str").str.contains("//") & (rows["table"] != "")
    return say("official.copy", source=named) if copies.any() else named
