"""Ways to reach a person, by their form: e-mail and internet addresses, phone and account numbers."""

from __future__ import annotations

import re

EMAIL = re.compile(r"[^\s@<>()\[\],;:\"']+@[^\s@<>()\[\],;:\"']+\.[^\W\d_]{2,}")
IP = re.compile(r"(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])")
IBAN = re.compile(r"(?<![A-Za-z0-9])(?:DK|NO|SE|FI)[0-9]{2}(?: ?[0-9]){11,20}(?![0-9])", re.IGNORECASE)

GAP = r"[ ()./-]*"
ABROAD = re.compile(
    rf"(?<![\w+])(?:\+ ?[1-9](?:{GAP}[0-9]){{7,14}}|00 ?(?:45|46|47|358)[ -](?:{GAP}[0-9]){{7,11}})(?![\w])"
)
"""With the sign of a country, or its zeros and a gap: nothing else is written so."""
MOBILE = r"0(?:4[0-9]|50|7[02369])"
SPACED = re.compile(rf"(?<![\w+-]){MOBILE}(?:[0-9]?[ -]+)(?:[0-9][ -]*){{5,7}}[0-9](?![\w-])")
"""A Finnish or Swedish mobile number written in groups."""
PLAIN_MOBILE = re.compile(rf"{MOBILE}[0-9]{{7}}|00(?:45|47)[0-9]{{8}}|00(?:46|358)[0-9]{{9}}")
GROUPS = r"[2-9][0-9](?: [0-9]{2}){3}|[2-9][0-9]{3} [0-9]{4}|[2-9][0-9]{2} [0-9]{2} [0-9]{3}"
GROUPED = re.compile(rf"(?<![\w+,.-])(?<![0-9] )(?:{GROUPS})(?! [0-9])(?![\w-])(?![.,][0-9])")
"""Eight digits in the groups that Danes and Norwegians write; codes of a multiple choice can look so too."""
CALLED = re.compile(
    r"\b(?:tlf|telefon\w*|mobil(?:nr|nummer)?|puh|puhelin\w*|phone|tel|gsm|ring|call|soita)\b[ .:]*"
    r"(?:nr|nro|no|på|til|me|mig|meg|mig on)?[ .:]*([0-9](?:[ -]?[0-9]){6,11})(?![0-9])",
    re.IGNORECASE,
)
"""A number that a word for the phone announces."""
ANY_NUMBER = re.compile(rf"\+?(?:{GAP}[0-9]){{8,15}}{GAP}")
"""What counts as a phone number where the column's name says that it holds them."""
LETTER = re.compile(r"[^\W\d_]")
COMMON = 3
"""From so many answers on, the form alone makes a column one of phone numbers, if half of them have it."""


def certain(answer: str) -> str:
    """What an answer holds whose form leaves no doubt: email, iban, ip or phone; else empty.

    Examples
    --------
    >>> certain("skriv til eva@example.org"), certain("+358 40 123 4567"), certain("20240531")
    ('email', 'phone', '')
    """
    if "@" in answer and EMAIL.search(answer):
        return "email"
    if IP.fullmatch(answer):
        return "ip"
    if any(_is_iban(match.group()) for match in IBAN.finditer(answer)):
        return "iban"
    if ABROAD.search(answer) or SPACED.search(answer) or CALLED.search(answer):
        return "phone"
    return "phone" if LETTER.search(answer) and GROUPED.search(answer) else ""


def _is_iban(text: str) -> bool:
    from stdnum import iban

    return iban.is_valid(text.replace(" ", ""), check_country=False)


def phone_like(answer: str) -> bool:
    """Whether a whole answer has the form of a Nordic phone number, which other numbers can have too."""
    return bool(PLAIN_MOBILE.fullmatch(answer) or GROUPED.fullmatch(answer))


def phone_by_name(answer: str) -> bool:
    """Whether an answer of a column that is named for phone numbers can be one."""
    return bool(ANY_NUMBER.fullmatch(answer))
