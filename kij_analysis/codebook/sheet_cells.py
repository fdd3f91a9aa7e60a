"""What the cells of a rule sheet say, and how they survive a spreadsheet program."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:[.,][0-9]{1,25})?")
QUOTED = re.compile(r'"((?:[^"]|"")*)"', re.DOTALL)
MISSING = re.compile(r"missing:\s*(\S.*)", re.DOTALL)
DAY_FIRST = re.compile(r"([0-9]{1,2})([-.])\s?([0-9]{1,2})\2\s?([0-9]{4})")

TRUTHS = {
    **dict.fromkeys(("true", "TRUE", "True", "SAND", "SANN", "SANT", "TOSI"), True),
    **dict.fromkeys(("false", "FALSE", "False", "FALSK", "USANN", "FALSKT", "EPÄTOSI"), False),
}
"""True and false as Excel writes them in English, Danish, Norwegian, Swedish and Finnish."""

ANSWERS = ("value", "result", "proposed")
"""The columns in which a number is a number; the others hold text."""
FORMULA_SIGNS = ("=", "+", "-", "@", "'", "\t")
MEASURES = re.compile(
    r"(?:jan|feb|mar|apr|maj|mai|may|jun|jul|aug|sep|okt|oct|nov|de[csz]|tam|hel|maa|huh|tou|kes|hei|elo|syy|lok"
    r"|jou)\w*|am|pm|e|kr|dkk|nok|sek|eur|usd|gbp",
    re.IGNORECASE,
)
"""Words that make a date, a time, a power or an amount of a text with digits, to a spreadsheet program."""


def written(value: Any, column: str, *, guarded: bool) -> str | int | float:
    """The cell that says a value.

    Parameters
    ----------
    guarded
        Whether a spreadsheet program will read the cell without knowing that it is text, as in CSV; then
        whatever it could take for a number, a date or a formula stands in quotes.

    Examples
    --------
    >>> written("007", "value", guarded=False), written("007", "value", guarded=True)
    ('007', '"007"')
    >>> written(7, "result", guarded=False), written("7", "result", guarded=False)
    (7, '"7"')
    >>> written({"missing": "refused"}, "result", guarded=True)
    'missing: refused'
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _decimals(value) if guarded else value
    if isinstance(value, Mapping):
        return f"missing: {written(value['missing'], 'variable', guarded=False)}"
    text = str(value)
    if _needs_quotes(text, column) or (guarded and column != "on" and _looks_otherwise(text)):
        return '"' + text.replace('"', '""') + '"'
    return text


def _decimals(value: int | float) -> str:
    """A number as a Nordic spreadsheet program writes it."""
    return format(Decimal(repr(value)), "f").replace(".", ",") if isinstance(value, float) else str(value)


def _needs_quotes(text: str, column: str) -> bool:
    """Whether the bare text would be read as something else."""
    if not text or text != text.strip() or text.startswith('"'):
        return True
    if column in ANSWERS and NUMBER.fullmatch(text):
        return True
    return column == "result" and (text in TRUTHS or bool(MISSING.fullmatch(text)))


def _looks_otherwise(text: str) -> bool:
    """Whether a spreadsheet program could take the text for a formula, a number, a date or a truth."""
    if text.startswith(FORMULA_SIGNS) or text.upper() in TRUTHS:
        return True
    words = re.findall(r"[^\W\d]+", text)
    return any(sign.isdigit() for sign in text) and all(MEASURES.fullmatch(word) for word in words)


def spoken(cell: object, column: str) -> Any:
    """What a cell says: a text, a number, true, false, a missing reason, or None if it is empty.

    Examples
    --------
    >>> spoken(" 1,5 ", "result"), spoken('"1,5"', "result"), spoken('""', "value"), spoken("", "value")
    (1.5, '1,5', '', None)
    >>> spoken("missing: refused", "result"), spoken("SAND", "result"), spoken(3.0, "value")
    ({'missing': 'refused'}, True, 3)
    """
    if cell is None:
        return None
    if isinstance(cell, bool):
        return cell if column == "result" else str(cell).lower()
    if isinstance(cell, int | float):
        number = int(cell) if float(cell).is_integer() else cell
        return number if column in ANSWERS else str(number)
    if isinstance(cell, datetime.datetime | datetime.date | datetime.time):
        text = cell.isoformat()
        return text.removesuffix("T00:00:00")
    text = unicodedata.normalize("NFC", str(cell)).replace("\r\n", "\n").strip()
    quoted = QUOTED.fullmatch(text)
    if quoted:
        return quoted[1].replace('""', '"')
    return _bare(text, column) if text else None


def _bare(text: str, column: str) -> Any:
    if column in ANSWERS and NUMBER.fullmatch(text):
        number = float(text.replace(",", "."))
        return int(number) if number.is_integer() and not re.search("[.,]", text) else number
    if column == "result":
        if text in TRUTHS:
            return TRUTHS[text]
        reason = MISSING.fullmatch(text)
        if reason:
            return {"missing": spoken(reason[1], "variable")}
    if column == "on":
        day = DAY_FIRST.fullmatch(text)
        if day:
            return f"{day[4]}-{int(day[3]):02}-{int(day[1]):02}"
    return text
