"""Texts that were read in a wrong encoding, and what was meant."""

from __future__ import annotations


def garbled(text: str) -> str:
    """The text that was meant, if UTF-8 was read as a Western one-byte encoding; else empty.

    Examples
    --------
    >>> garbled("I hÃ¸j grad"), garbled("I høj grad")
    ('I høj grad', '')
    """
    for encoding in ("cp1252", "latin-1"):
        try:
            meant = text.encode(encoding).decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
        return meant if meant != text else ""
    return ""
