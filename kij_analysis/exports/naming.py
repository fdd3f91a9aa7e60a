"""Names and labels as SPSS and Stata take them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long names and labels may be, in bytes where `in_bytes`; names that are words of the program."""

    name: int
    label: int
    value_label: int
    file_label: int
    text: int
    in_bytes: bool
    words: frozenset[str]


SPSS = Limits(
    name=64,
    label=256,
    value_label=120,
    file_label=64,
    text=32767,
    in_bytes=True,
    words=frozenset({"all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"}),
)
STATA = Limits(
    name=32,
    label=80,
    value_label=32000,
    file_label=80,
    text=2045,
    in_bytes=False,
    words=frozenset({"byte", "double", "float", "if", "in", "int", "long", "str", "strl", "using", "with"}),
)


def legal_names(names: Iterable[str], limits: Limits) -> Mapping[str, str]:
    """Names that the program takes, by the names of the frame; each stands once, whatever its capitals.

    Examples
    --------
    >>> legal_names(["age", "with", "2nd", "a" * 40, "a" * 41], STATA)["with"]
    'with_'
    >>> list(legal_names(["2nd", "a" * 40, "a" * 41], STATA).values())
    ['v2nd', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_2']
    """
    taken: set[str] = set()
    found: dict[str, str] = {}
    for name in names:
        plain = re.sub(r"[^A-Za-z0-9_]", "_", name)
        plain = plain if plain[:1].isalpha() else f"v{plain}"
        plain = f"{plain}_" if plain.lower() in limits.words or re.fullmatch(r"str\d+", plain) else plain
        legal, number = plain[: limits.name], 1
        while legal.lower() in taken:
            number += 1
            ending = f"_{number}"
            legal = plain[: limits.name - len(ending)] + ending
        taken.add(legal.lower())
        found[name] = legal
    return found


def cut(text: str, most: int, *, in_bytes: bool) -> str:
    """The text, with an ellipsis at its end where it is too long.

    Examples
    --------
    >>> cut("blåbær", 6, in_bytes=False), cut("blåbær", 7, in_bytes=True)
    ('blåbær', 'blå…')
    """
    plain = " ".join(text.split())
    size = len(plain.encode("utf-8")) if in_bytes else len(plain)
    if size <= most:
        return plain
    if not in_bytes:
        return plain[: most - 1] + "…"
    return plain.encode("utf-8")[: most - 3].decode("utf-8", errors="ignore") + "…"
