"""What pyreadstat cannot write into a Stata file, set into its bytes: tagged missing values and long names.

pyreadstat (1.3.7) takes a column whose first hundred cells are all tags for text, and names the labels of a
variable by its name and a number, which together may not be longer than a name. So it is given plain missing
values and short names, and the true ones are set here.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

import numpy as np

WIDTHS = {65526: 8, 65527: 4, 65528: 4, 65529: 2, 65530: 1, 32768: 8}
"""Bytes of double, float, long, int, byte and a reference to a long text; all other types are their own."""
DOUBLE = 65526
MISSING = 0x7FE0000000000000
"""The bits of ``.`` as a double; ``.a`` to ``.z`` follow in steps of 2 to the power of 40."""
TYPES, NAMES, DATA = 2, 3, 9
"""The places of three sections in the file's map."""


def tagged(content: bytes, letters: Mapping[int, np.ndarray]) -> bytes:
    """A little-endian .dta file of release 117 or later with tags in some of its columns of doubles.

    Parameters
    ----------
    letters
        By the place of the column: a letter for each row, the empty text where no tag belongs.
    """
    start, end = _section(content, TYPES, b"variable_types")
    types = struct.unpack(f"<{(end - start) // 2}H", content[start:end])
    offsets = np.cumsum([0, *(WIDTHS.get(kind, kind) for kind in types)])
    start, end = _section(content, DATA, b"data")
    cells = np.frombuffer(content[start:end], dtype=np.uint8).reshape(-1, int(offsets[-1])).copy()
    for place, column in letters.items():
        if types[place] != DOUBLE:
            raise ValueError(f"column {place} of the Stata file is of type {types[place]}, not double")
        for letter in sorted(set(column) - {""}):
            cells[column == letter, offsets[place] : offsets[place] + 8] = _bits(letter)
    return content[:start] + cells.tobytes() + content[end:]


def named(content: bytes, names: Sequence[str]) -> bytes:
    """The same file with other names of its columns."""
    start, end = _section(content, NAMES, b"varnames")
    width = (end - start) // max(len(names), 1)
    written = b"".join(name.encode("utf-8").ljust(width, b"\0") for name in names)
    if len(written) != end - start:
        raise ValueError("the Stata file has another number of columns than names")
    return content[:start] + written + content[end:]


def _section(content: bytes, number: int, name: bytes) -> tuple[int, int]:
    """Where the content of a section begins and ends."""
    places = struct.unpack_from("<14Q", content, content.index(b"<map>") + len(b"<map>"))
    opening, closing = b"<" + name + b">", b"</" + name + b">"
    if not content.startswith(opening, places[number]):
        raise ValueError("the Stata file has not the form that was written")
    end = places[number + 1] - len(closing)
    if not content.startswith(closing, end):
        raise ValueError("the Stata file has not the form that was written")
    return places[number] + len(opening), end


def _bits(letter: str) -> np.ndarray:
    number = MISSING + ((ord(letter) - ord("a") + 1) << 40)
    return np.frombuffer(struct.pack("<Q", number), dtype=np.uint8)
