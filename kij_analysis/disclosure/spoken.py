"""Shares that stand in words or tables beside the label of a hidden row."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from kij_analysis.disclosure.outside import Number, Outside, from_share
from kij_analysis.words import Words

_SHARE = re.compile(r"^\D{0,2}(\d+(?:[.,]\d+)?)\s?%")
_OF = re.compile(r"^(\d+) \D{1,8} ?(\d+)$")
_NUMBER = r"(\d+(?:[.,]\d+)?)\s?%"


def spoken(outside: Outside) -> list[Number]:
    """The hidden rows whose share is told in a text or table all the same.

    Looked for in the words and alternative texts of the same figure and in all tables: the label of the row
    and the name of its programme beside a percentage or *k of n*. A share in a text is rounded, so that the
    count is known as an interval. Where an open row of the figure has the same label and this share, it is
    that row's.
    """
    lines: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for file, cells in outside.texts:
        lines[_stem(file)].append(cells)
    labels: dict[str, set[str]] = defaultdict(set)
    opened: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for number in outside.numbers:
        if number.low == number.high:
            place = (_stem(number.file), number.line.of["programme"], number.label)
            opened[place] |= {f"{100 * number.low / number.n:.{digits}f}" for digits in (0, 1, 6)}
        labels[_stem(number.file)].add(number.line.of.get("block", ""))
    found = []
    for number in outside.numbers:
        if not number.hidden or not number.label or number.n != number.n:
            continue
        stem = _stem(number.file)
        name = Words("en").programme(number.line.of["programme"])
        shown = opened[stem, number.line.of["programme"], number.label]
        for share in set(_told(number, name, lines[stem], labels[stem] - {""})) - shown:
            decimals = 2 + len(share.partition(".")[2])
            low, high = from_share(float(share) / 100, number.n, decimals=decimals)
            found.append(replace(number, low=low, high=high, hidden=False))
    return found


def _stem(file: str) -> str:
    return file.rsplit("/", 1)[-1].partition(".")[0]


def _told(number: Number, name: str, lines: list[tuple[str, ...]], blocks: set[str]) -> Iterator[str]:
    for cells in lines:
        if len(cells) == 1:
            yield from _in_text(
                _of_block(cells[0], number.line.of.get("block", ""), blocks), number.label, name
            )
        elif number.label in cells and (name in cells or number.label.startswith(name)):
            for cell in cells:
                share, of = _SHARE.match(cell), _OF.match(cell)
                if share:
                    yield share.group(1).replace(",", ".")
                elif of and float(of.group(2)) == number.n:
                    yield f"{100 * float(of.group(1)) / number.n:.6f}"


def _of_block(text: str, block: str, blocks: set[str]) -> str:
    """The piece of a text that is about one block of a figure."""
    if not block or block not in text:
        return text
    piece = text.partition(block)[2]
    ends = [piece.index(other) for other in blocks - {block} if other in piece]
    return piece[: min(ends)] if ends else piece


def _in_text(text: str, label: str, name: str) -> Iterator[str]:
    """Shares beside a label: in a sentence about the programme, or after its name."""
    if name == label or label.startswith(name):
        patterns = [rf"(?<!\w){re.escape(label)}:? {_NUMBER}"]
    else:
        own = rf"(?<!\w){re.escape(label)}"
        patterns = [
            rf"{own}: [^.;|]*?{re.escape(name)} {_NUMBER}",
            rf"{re.escape(name)}[^.;|]*?{own}:? {_NUMBER}",
        ]
    for pattern in patterns:
        for share in re.findall(pattern, text, flags=re.IGNORECASE):
            yield share.replace(",", ".")
