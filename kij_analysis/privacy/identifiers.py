"""Direct identifiers found by what stands in a column, told by kind and count, never shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kij_analysis.privacy.contacts import (
    ABROAD,
    COMMON,
    EMAIL,
    GROUPED,
    certain,
    phone_by_name,
    phone_like,
)
from kij_analysis.privacy.headings import said
from kij_analysis.privacy.national import NUMBERS, Number
from kij_analysis.sources import RawTable, normalise
from kij_analysis.sources.answers import distinct

KINDS = {
    "cpr": "Danish CPR number",
    "fodselsnummer": "Norwegian fødselsnummer or D-number",
    "hetu": "Finnish personal identity code",
    "personnummer": "Swedish personnummer or samordningsnummer",
    "email": "e-mail address",
    "phone": "phone number",
    "iban": "account number (IBAN)",
    "ip": "internet address (IP)",
    "name": "name of a person",
}
"""What can be found, in words."""
NATIONAL = tuple(number.kind for number in NUMBERS)
LOOKED = re.compile(r"@|(?:\d[ \u00a0().+:/\u2010-\u2015\u2212-]*){6}|\d+(?:\.\d+){3}")
"""Every identifier that has a form of its own has this much; all else is passed over quickly."""
DECIMAL = re.compile(r"[+-]?[0-9]{0,6}[.,][0-9]+(?:[eE][+-]?[0-9]+)?")
"""A measured number, such as a weight, of which there may be thousands in a column."""
DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-")
SMALLEST = 10**7
"""A smaller number is no identifier, so that most columns of numbers need not be looked at."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """One kind of identifier in one column: in how many different answers and rows, and which ones.

    `places` are positions among the column's unique answers, for masking.
    """

    column: str
    kind: str
    answers: int
    rows: int
    places: tuple[int, ...]


def find(raw: RawTable, *, names: Sequence[str] = ()) -> pd.DataFrame:
    """What a file holds of direct identifiers, by column and kind.

    Parameters
    ----------
    names
        Columns of names: a full name that stands in them is found in the other columns too.

    Returns
    -------
    DataFrame
        column, kind (``cpr``, ``fodselsnummer``, ``hetu``, ``personnummer``, ``email``, ``phone``, ``iban``,
        ``ip``, ``name``), answers (different ones) and rows; never a value.

    Examples
    --------
    >>> from pathlib import Path
    >>> from kij_analysis.sources import ColumnNotes
    >>> notes = {"Andet": ColumnNotes(name="Andet", kind="text")}
    >>> frame = pd.DataFrame({"Andet": ["Sprog", "skriv til eva@example.org", "Sprog"]})
    >>> raw = RawTable(path=Path("a.csv"), name="a.csv", frame=frame, columns=notes, encoding="utf-8",
    ...                sha256="", first_row=2)
    >>> find(raw).to_numpy().tolist()
    [['Andet', 'email', 1, 1]]
    """
    known = full_names(raw, names)
    found = [one for name in map(str, raw.frame.columns) for one in found_in(raw, name, known)]
    rows = [(one.column, one.kind, one.answers, one.rows) for one in found]
    return pd.DataFrame(rows, columns=["column", "kind", "answers", "rows"])


def found_in(raw: RawTable, column: str, names: Collection[str] = ()) -> list[Found]:
    """The identifiers in one column; `names` are full names, normalised, that are looked for as well."""
    series, notes = raw.frame[column], raw.columns[column]
    if pd.api.types.is_datetime64_any_dtype(series.dtype) or pd.api.types.is_bool_dtype(series.dtype):
        return []
    if pd.api.types.is_numeric_dtype(series.dtype) and not (series.abs() >= SMALLEST).any():
        return []
    codes, texts, _ = distinct(series)
    kinds = kinds_of(texts, said(column, notes.label))
    if names:
        named = (place for place, text in enumerate(texts) if normalise(text) in names)
        kinds.update((place, "name") for place in named if place not in kinds)
    if not kinds:
        return []
    counts = np.bincount(codes, minlength=len(texts))
    found = []
    for kind in KINDS:
        places = tuple(place for place, its_kind in kinds.items() if its_kind == kind)
        if places:
            rows = int(counts[list(places)].sum())
            found.append(Found(column=column, kind=kind, answers=len(places), rows=rows, places=places))
    return found


def full_names(raw: RawTable, columns: Sequence[str]) -> frozenset[str]:
    """The names of two words and more in some columns, normalised."""
    have = [name for name in columns if name in raw.frame.columns]
    texts = {answer.text for name in have for answer in raw.keys(name)[1]}
    return frozenset(text for text in texts if re.fullmatch(r"[^\W\d_]+(?:[ .'-]+[^\W\d_]+)+", text))


def kinds_of(answers: Sequence[str], heading: str = "") -> dict[int, str]:
    """The kind of identifier of those among a column's unique answers that hold one, by position.

    `heading` is the kind that the column's heading says it holds. Numbers count only if, in their column,
    the check rule holds for a quarter of all numbers of that length and for half of those that begin with a
    date: ordinary running numbers pass it now and then by chance.

    Examples
    --------
    >>> kinds_of(["Ja", "131052-308T", "ring +45 20 12 34 56"])
    {2: 'phone', 1: 'hetu'}
    """
    looked = {
        place: _plain(text)
        for place, text in enumerate(answers)
        if LOOKED.search(text) and not DECIMAL.fullmatch(text)
    }
    found = {place: kind for place, text in looked.items() if (kind := certain(text))}
    held = [(number.kind, *_held(number, looked, named=heading == "national")) for number in NUMBERS]
    for kind, _, places in sorted(held, key=lambda one: len(one[1]), reverse=True):
        for place in places:
            found.setdefault(place, kind)
    rest = {place: text for place, text in looked.items() if place not in found}
    if heading == "phone":
        found.update((place, "phone") for place, text in rest.items() if phone_by_name(text))
    like = [place for place, text in rest.items() if phone_like(text)]
    if len(like) >= COMMON and 2 * len(like) >= sum(1 for text in answers if text.strip()):
        found.update((place, "phone") for place in like)
    return found


def _held(number: Number, looked: dict[int, str], *, named: bool) -> tuple[list[int], list[int]]:
    """(answers that pass the check rule, answers that count) for one country's number."""
    forms = {place: texts for place, text in looked.items() if (texts := list(number.texts(text)))}
    dated = [place for place, texts in forms.items() if any(map(number.dated, texts))]
    valid = [place for place in dated if any(map(number.valid, forms[place]))]
    if named:
        return valid, dated
    if not valid or 4 * len(valid) < len(forms) or 2 * len(valid) < len(dated):
        return [], []
    return valid, list(forms) if 2 * len(valid) >= len(forms) else dated


def _plain(text: str) -> str:
    """One form of dashes, blanks and digits; a whole number without the ``.0`` that some programs write."""
    plain = unicodedata.normalize("NFKC", text).translate(DASHES).strip()
    return re.sub(r"^([0-9]+)[.,]0+$", r"\1", plain)


def hidden(text: str) -> str:
    """A sentence with every identifier of certain form replaced by its kind, before anybody reads it.

    Examples
    --------
    >>> hidden("Expected 2 columns, got 3: eva@example.org")
    'Expected 2 columns, got 3: ‹e-mail address›'
    """
    for kind, form in (("email", EMAIL), ("phone", ABROAD), ("phone", GROUPED)):
        text = form.sub(mask(kind), text)
    for number in NUMBERS:
        for match in reversed(list(number.form.finditer(text))):
            if number.valid(match.group()):
                text = text[: match.start()] + mask(number.kind) + text[match.end() :]
    return text


def mask(kind: str) -> str:
    """What stands in the place of an identifier."""
    return f"‹{KINDS[kind]}›"


MASKS = frozenset(normalise(mask(kind)) for kind in KINDS)


def is_mask(text: str) -> bool:
    """Whether an answer is what stands in the place of an identifier.

    Examples
    --------
    >>> is_mask("‹e-mail address›"), is_mask("‹x›")
    (True, False)
    """
    return text.startswith("‹") and normalise(text) in MASKS


def told(found: Sequence[Found]) -> str:
    """The findings of one column as words with counts."""
    return " and ".join(_counted(one) for one in found)


def _counted(one: Found) -> str:
    return f"{KINDS[one.kind]} ({one.rows} row{'s' if one.rows != 1 else ''})"


def columns_said(raw: RawTable) -> Iterator[tuple[str, str]]:
    """Columns whose heading or question says that they hold an identifier of each person, with its kind.

    A column with the same answer in most of its rows holds no names or numbers of people, whatever it says.
    """
    for name in map(str, raw.frame.columns):
        kind = said(name, raw.columns[name].label)
        if kind:
            codes, answers = raw.keys(name)
            filled = np.array([answer.key != "" for answer in answers], dtype=bool)
            rows = int(filled[codes].sum())
            if rows and 2 * int(filled.sum()) >= rows:
                yield name, kind
