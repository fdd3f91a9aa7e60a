"""A figure inside a page: the same picture as its SVG file in less than half of the characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import count

GLYPH = 8
"""Outlines of letters are drawn on a grid this much coarser: at 9 points a seventieth of a point."""

_GLYPH_SCALE = 0.015625
_NUMBER = re.compile(r"(scale\([^)]*\))|-?\d+\.\d{3,}(?:e-?\d+)?")
_LETTER = re.compile(r'<path id="(DejaVu[^"]*)" d="([^"]*)" transform="scale\(0\.015625\)"/>')
_PLACED = re.compile(
    r'<use xlink:href="#(DejaVu[^"]*)"(?: transform="translate\((-?[\d.]+) (-?[\d.]+)\)")?/>'
)
_GROUP = re.compile(r"<(/?)g\b([^>]*)>")
_ID = re.compile(r'(id="|#)([pmh][0-9a-f]{10}|DejaVu[\w.-]*)(?=["\s)])')


def data_uri(svg: str) -> str:
    """An SVG text as an address that needs no file, to stand between double quotes in HTML.

    Examples
    --------
    >>> data_uri('<svg><path d="M 0.12345 1 L 2 3" style="fill: #222222"/></svg>')
    "data:image/svg+xml,<svg><path d='M.12 1L2 3' style='fill:%23222'/></svg>"
    """
    text = slim(svg).replace("%", "%25").replace("#", "%23").replace("'", "%27").replace('"', "'")
    return "data:image/svg+xml," + text.replace("&", "&amp;")


def slim(svg: str) -> str:
    """The same picture with numbers of two decimals, short names, and nothing that is not drawn.

    What title and description say stays as it is.

    Examples
    --------
    >>> slim('<svg><!-- 46 % --><g id="t_5"><g style="fill: #222222"><path d="M 0 1.234 z"/></g></g></svg>')
    '<svg><g style="fill:#222"><path d="M0 1.23z"/></g></svg>'
    """
    head, end, body = svg[svg.index("<svg") :].rpartition("</desc>")
    body = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    empty: set[str] = set()
    body = _LETTER.sub(lambda found: _letter(found, empty), body)
    body = _PLACED.sub(lambda found: _placed(found, empty), body)
    body = _NUMBER.sub(lambda found: found[1] or _short(float(found[0]), 2), body)
    body = re.sub(r'(?<= d=")M [^"]+', lambda found: _path(found[0]), body)
    body = re.sub(r'(?<= style=")[^"]+', lambda found: _style(found[0]), body)
    body = re.sub(r">\s+<", "><", body)
    body = _ungrouped(body).replace("<defs></defs>", "").replace("xlink:href", "href")
    names: dict[str, str] = {}
    numbers = count()
    body = _ID.sub(lambda found: found[1] + _renamed(found[2], names, numbers), body)
    head = head.replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "")
    return re.sub(r">\s+<", "><", head + end) + body.strip()


def _short(value: float, decimals: int) -> str:
    """A number in as few characters as it needs."""
    text = f"{value:.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text in ("-0", ""):
        return "0"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def _letter(found: re.Match[str], empty: set[str]) -> str:
    if not found[2].strip():
        empty.add(found[1])
        return ""
    return f'<path id="{found[1]}" d="{_outline(found[2])}" transform="scale({_GLYPH_SCALE * GLYPH})"/>'


@lru_cache(maxsize=1024)
def _outline(drawn: str) -> str:
    """The outline of a letter on the coarser grid, each point told from the one before."""
    parts: list[str] = []
    x = y = start_x = start_y = 0
    for command, numbers in re.findall(r"([MLQCz])([^MLQCz]*)", drawn):
        if command == "z":
            parts.append("z")
            x, y = start_x, start_y
            continue
        points = [round(float(number) / GLYPH) for number in numbers.split()]
        told = (f"{value - (y if place % 2 else x)}" for place, value in enumerate(points))
        parts.append(command.lower() + _joined(told))
        x, y = points[-2:]
        if command == "M":
            start_x, start_y = x, y
    return "".join(parts)


def _joined(numbers: Iterable[str]) -> str:
    """Numbers beside each other, with a blank only where no minus sign parts them."""
    return " ".join(numbers).replace(" -", "-")


def _placed(found: re.Match[str], empty: set[str]) -> str:
    """One letter of a text, by its place in hundredths of the size of the type; a blank is not drawn."""
    if found[1] in empty:
        return ""
    places = (_short(float(found[n] or 0), 1) for n in (2, 3))
    shown = "".join(f' {axis}="{at}"' for axis, at in zip("xy", places, strict=True) if at != "0")
    return f'<use href="#{found[1]}"{shown}/>'


def _path(points: str) -> str:
    """The points of a line with no more blanks than it needs."""
    return re.sub(r"\s*([A-Za-z])\s*", r"\1", " ".join(points.split())).replace(" -", "-")


def _style(style: str) -> str:
    short = re.sub(r"\s*([:;])\s*", r"\1", style)
    return re.sub(r"#([0-9a-f])\1([0-9a-f])\2([0-9a-f])\3(?![0-9a-f])", r"#\1\2\3", short)


def _ungrouped(body: str) -> str:
    """Without the groups that say nothing but their name."""
    kept: list[bool] = []

    def one(found: re.Match[str]) -> str:
        if found[1]:
            return "</g>" if kept.pop() else ""
        said = re.sub(r' id="[^"]*"', "", found[2])
        if said.endswith("/"):
            return ""
        kept.append(bool(said.strip()))
        return f"<g{said}>" if kept[-1] else ""

    return _GROUP.sub(one, body)


def _renamed(name: str, names: dict[str, str], numbers: Iterator[int]) -> str:
    """A short name for each thing that is drawn more than once, in the order of the picture."""
    if name not in names:
        letters, place = "abcdefghijklmnopqrstuvwxyz", next(numbers)
        names[name] = (letters[place // 26 - 1] if place >= 26 else "") + letters[place % 26]
    return names[name]
