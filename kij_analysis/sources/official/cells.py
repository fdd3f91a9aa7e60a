"""Single cells of official tables: numbers with their flags, signs for what is missing, times, labels."""

from __future__ import annotations

import math
import re
import unicodedata

MISSING = frozenset({"", ":", ".", "..", "...", "-", "–", "x", "n/a", "na", "nan", "null"})
"""What offices write where they have no number; a zero is a zero."""
BLANKS = "\u00a0\u202f\u2009"
NUMBER = re.compile(r"[+\-\u2212]?(?:[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:[.,][0-9]+)?")
FLAGGED = re.compile(r"(.*?)\s*\(?([a-z]{1,4})\)?")
FLAG = re.compile(r"[bcdefimnprsuvz]{1,4}")
TIME = re.compile(r"((?:19|20)[0-9]{2})(?:\.0)?(?:[- ]?(Q|K|KV|M|S|H|T)?([0-9]{1,2}))?", re.IGNORECASE)
TABLE = re.compile(r"(?:[A-Za-z]+:)?([A-Za-z0-9_]+)(?:\([0-9.]+\))?")


def text_of(cell: object) -> str:
    """A cell as text, without blanks around it; a whole number has no decimals.

    Examples
    --------
    >>> text_of(2015.0), text_of(" Viken "), text_of(None)
    ('2015', 'Viken', '')
    """
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = unicodedata.normalize("NFC", str(cell))
    for blank in BLANKS:
        text = text.replace(blank, " ")
    return " ".join(text.strip("\ufeff").split())


def number_of(cell: object) -> tuple[float, str] | None:
    """The number of a cell with its flag; no number where the office has none, None where it is text.

    Examples
    --------
    >>> number_of("53,9 b"), number_of("57.1"), number_of("1 234"), number_of(3)
    ((53.9, 'b'), (57.1, ''), (1234.0, ''), (3.0, ''))
    >>> number_of(": c"), number_of("Viken")
    ((nan, 'c'), None)
    """
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float) and not (isinstance(cell, float) and math.isnan(cell)):
        return float(cell), ""
    text = text_of(cell)
    if text.casefold() in MISSING:
        return math.nan, ""
    if NUMBER.fullmatch(text):
        return float(text.replace(" ", "").replace(",", ".").replace("\u2212", "-")), ""
    parts = FLAGGED.fullmatch(text)
    if parts and FLAG.fullmatch(parts[2]) and parts[1] != text:
        before = parts[1].strip()
        if before.casefold() in MISSING - {""}:
            return math.nan, parts[2]
        if NUMBER.fullmatch(before):
            return float(before.replace(" ", "").replace(",", ".").replace("\u2212", "-")), parts[2]
    return None


def time_of(cell: object) -> str:
    """A time in one form, empty if the cell is none.

    Examples
    --------
    >>> time_of(2015.0), time_of("2023K4"), time_of("2024-Q1"), time_of("2024M03"), time_of("2024-03")
    ('2015', '2023-Q4', '2024-Q1', '2024-M03', '2024-M03')
    >>> time_of("63.9"), time_of("Viken")
    ('', '')
    """
    found = TIME.fullmatch(text_of(cell))
    if found is None:
        return ""
    year, sign, part = found.groups()
    if part is None:
        return "" if sign else str(year)
    letter = (sign or "M").upper()[0]
    if letter in "QK" and 1 <= int(part) <= 4:
        return f"{year}-Q{int(part)}"
    return f"{year}-M{int(part):02d}" if letter == "M" and 1 <= int(part) <= 12 else ""


def code_and_label(text: str) -> tuple[str, str]:
    """The code and the label of a cell that may hold both.

    Examples
    --------
    >>> code_and_label("A: Annual"), code_and_label("Annual [A]"), code_and_label("Denmark")
    (('A', 'Annual'), ('A', 'Annual'), ('Denmark', ''))
    """
    front = re.fullmatch(r"([A-Za-z0-9_\-]+): ?(\D.*)", text)
    if front:
        return front[1], front[2].strip()
    back = re.fullmatch(r"(.+?) ?\[([A-Za-z0-9_\-]+)\]", text)
    return (back[2], back[1].strip()) if back else (text, "")
