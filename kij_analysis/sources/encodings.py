"""Bytes to text by the declared encoding; a wrong declaration is told with the one that would fit."""

from __future__ import annotations

import codecs
import csv
import io
import re

from kij_analysis.errors import SourceError, did_you_mean

LIKELY = ("utf-8", "cp1252", "latin-1", "cp850", "mac_roman")
NORDIC = frozenset("åäöæøÅÄÖÆØéÉèüÜáóíšžđõ–—’‘“”…€§°\u00a0")
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
SAMPLE = 100_000


def decode(data: bytes, declared: str, *, file: str, delimiter: str = ",") -> str:
    """The text of a file, if the declared encoding fits its bytes.

    Raises
    ------
    SourceError
        If no encoding or an unknown one is declared; if the bytes do not fit it (with the row); if they
        fit but give nonsense, as UTF-8 read as Windows-1252 does.
    """
    codec = _codec(data, declared, file)
    _refuse_other_width(data, codec, file)
    try:
        text = data.decode("utf-8-sig" if codec == "utf-8" else codec)
    except UnicodeDecodeError as error:
        before = data[: error.start]
        row = None if before.count(0) else row_at(before.decode("latin-1"), delimiter)
        what = f"The bytes from position {error.start} on are not {declared}."
        raise SourceError(what, fix=_declare(data), file=file, row=row) from error
    _refuse_nonsense(data, text, declared, file)
    return text.removeprefix("\ufeff")


def garbled(data: bytes, codec: str) -> tuple[str, str]:
    """The letters that went wrong and the letters meant, if UTF-8 is read as `codec`; else empty.

    Words are shown from the first line only, which holds column names; further down a word could be
    somebody's name, so that only the letters are shown.

    Examples
    --------
    >>> garbled("Løbenr;Navn".encode(), "cp1252")
    ('LÃ¸benr', 'Løbenr')
    """
    if codec.startswith("utf") or data.isascii():
        return "", ""
    try:
        meant = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "", ""
    first = re.search(r"\w*[^\x00-\x7f]\w*", meant.splitlines()[0]) if meant else None
    found = first or re.search(r"[^\x00-\x7f]", meant)
    if found is None:
        return data[:3].decode(codec, errors="replace"), "a byte order mark"
    return found.group().encode().decode(codec, errors="replace"), found.group()


def fitting(data: bytes) -> str:
    """The encoding that would most likely read the bytes; a suggestion, never used for reading.

    Examples
    --------
    >>> fitting("Løbenr".encode("utf-16")), fitting("Løbenr".encode("cp1252")), fitting("Løbenr".encode())
    ('utf-16', 'cp1252', 'utf-8')
    """
    for mark, name in BOMS:
        if data.startswith(mark):
            return name
    sample = b"\n".join(line for line in data[: 50 * SAMPLE].splitlines() if not line.isascii())[:SAMPLE]
    if _reads(data, "utf-8"):
        return "utf-8"
    best = max((name for name in LIKELY if _reads(data, name)), key=lambda name: _likeness(sample, name))
    if _likeness(sample, best) > 0.5:
        return best
    from charset_normalizer import from_bytes

    guess = from_bytes(sample).best()
    return guess.encoding if guess is not None and _reads(data, guess.encoding) else best


def row_at(before: str, delimiter: str) -> int:
    """The row, as a spreadsheet counts, of the letter that follows this text.

    Examples
    --------
    >>> row_at('name;note\\nA;"two\\nlines"\\nB', ";")
    3
    """
    mark = delimiter if len(delimiter) == 1 else ","
    try:
        return sum(1 for _ in csv.reader(io.StringIO(before + "x", newline=""), delimiter=mark))
    except csv.Error:
        return before.count("\n") + 1


def same_codec(one: str, other: str) -> bool:
    """Whether two names mean the same encoding."""
    try:
        return codecs.lookup(one).name == codecs.lookup(other).name
    except LookupError:
        return False


def _reads(data: bytes, name: str) -> bool:
    try:
        data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _likeness(sample: bytes, name: str) -> float:
    """How much of what is not ASCII are letters that Nordic texts use."""
    strange = [letter for letter in sample.decode(name, errors="replace") if not letter.isascii()]
    return sum(letter in NORDIC for letter in strange) / max(len(strange), 1)


def _declare(data: bytes) -> str:
    return f"Declare encoding: {fitting(data)}, if that is how the export was written, or export it as UTF-8."


def _codec(data: bytes, declared: str, file: str) -> str:
    if not declared:
        raise SourceError("The file form declares no encoding.", fix=_declare(data), file=file)
    try:
        found = codecs.lookup(declared.strip())
        "".encode(found.name)
    except LookupError:
        hint = did_you_mean(declared, [*LIKELY, "utf-16", "windows-1252", "iso-8859-1", "iso-8859-15"])
        what = f"No encoding is called '{declared}'. {hint}"
        raise SourceError(what, fix=_declare(data), file=file) from None
    return "utf-8" if found.name == "utf-8-sig" else found.name


def _refuse_other_width(data: bytes, codec: str, file: str) -> None:
    """UTF-16 has two bytes to a letter; read as anything else it gives zero bytes, not an error."""
    if codec.startswith(("utf-16", "utf-32")):
        return
    sample = data[:2000]
    zeros = sample.count(0)
    if sample[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) and zeros:
        raise SourceError("The file is written in UTF-16.", fix="Declare encoding: utf-16.", file=file)
    if zeros >= len(sample) / 3:
        name = "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
        raise SourceError("The file seems to be UTF-16.", fix=f"Declare encoding: {name}.", file=file)


def _refuse_nonsense(data: bytes, text: str, declared: str, file: str) -> None:
    wrong, meant = garbled(data, codecs.lookup(declared).name)
    if wrong:
        what = f"The file is UTF-8; read as {declared} it gives '{wrong}' instead of '{meant}'."
        raise SourceError(what, fix="Declare encoding: utf-8.", file=file)
    if not declared.lower().startswith("utf") and re.search("[\x80-\x9f]", text):
        better = fitting(data)
        if not same_codec(better, declared):
            what = f"Read as {declared} the file has control characters where signs or letters should be."
            raise SourceError(what, fix=f"Declare encoding: {better}.", file=file)
