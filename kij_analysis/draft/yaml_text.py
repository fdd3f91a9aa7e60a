"""Values as YAML text that reads back as the same value."""

from __future__ import annotations

import json
import re

PLAIN = re.compile(r"[a-z][a-z0-9_]*")


def quoted(value: object) -> str:
    """A value as YAML: plain words as they are, all other texts in quotation marks.

    Examples
    --------
    >>> quoted("woman"), quoted("NO"), quoted(True), quoted("yes, I do")
    ('woman', '"NO"', 'true', '"yes, I do"')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    if PLAIN.fullmatch(text) and text not in ("true", "false", "null", "yes", "no", "on", "off", "y", "n"):
        return text
    return json.dumps(text, ensure_ascii=False)


def answer_key(key: str) -> str:
    """An answer as the key of a rule: whole numbers as numbers, all else as text.

    Examples
    --------
    >>> answer_key("3"), answer_key(".a"), answer_key("Ja"), answer_key("007")
    ('3', '".a"', '"Ja"', '"007"')
    """
    return key if re.fullmatch(r"-?(?:0|[1-9]\d*)", key) else json.dumps(key, ensure_ascii=False)
