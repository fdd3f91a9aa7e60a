"""Sheets as people download them: titles, headers over several rows, footers, numbers somewhere between."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from kij_analysis.sources.headers import letter
from kij_analysis.sources.official.cells import FLAG, code_and_label, number_of, text_of, time_of

Grid = Sequence[Sequence[object]]


@dataclass(frozen=True, kw_only=True)
class Block:
    """The table found in a sheet.

    `cells` are its numbers, each with its dimensions; `labels` those that the sheet has beside codes;
    `title` and `table` what stands above it, `below` the row in which a further table begins, or 0.
    """

    cells: list[dict[str, object]]
    labels: dict[str, dict[str, str]]
    title: str = ""
    table: str = ""
    updated: str = ""
    below: int = 0


def block_of(grid: Grid) -> Block | None:
    """The first table of a sheet; None if there is none.

    The rows of a table have a label and at least one number; rows directly above them are its header,
    lines of two cells further up say what holds for all of it.
    """
    rows = [[text_of(cell) for cell in row] for row in grid]
    width = max(map(len, rows), default=0)
    rows = [row + [""] * (width - len(row)) for row in rows]
    runs = [run for run in _runs(rows) if any(_is_data(grid[place], rows[place]) for place in run)]
    if not runs:
        return None
    run = list(runs[0])
    first = next(place for place in run if _is_data(grid[place], rows[place]))
    rest = [place for place in run if place >= first]
    body = [p for p in rest if _is_data(grid[p], rows[p]) or _is_silent(grid[p], rows[p])]
    stubs = _stubs(grid, rows, body, width)
    flags = [c for c in range(stubs + 1, width) if _is_flags([rows[r][c] for r in body])]
    values = [
        c for c in range(stubs, width)
        if c not in flags and any(rows[r][c] and number_of(grid[r][c]) is not None for r in body)
    ]  # fmt: skip
    header = [place for place in run if place < first]
    fixed, header = _fixed(rows, header, stubs, [*range(run[0])])
    named, over = _names(rows, header, stubs)
    upper = _filled([rows[place] for place in over], values)
    cells, labels = _cells(
        grid, rows, body, named, list(zip(_over_names(rows, over, header), upper, strict=True)), values, flags
    )
    for name, text in fixed.items():
        code, label = code_and_label(text)
        labels.setdefault(name, {})[code] = label
        cells = [{name: code, **cell} for cell in cells]
    title, table, updated = _told(rows[: run[0]])
    below = runs[1][0] + 1 if len(runs) > 1 else 0
    return Block(cells=cells, labels=labels, title=title, table=table, updated=updated, below=below)


def _runs(rows: Sequence[Sequence[str]]) -> list[range]:
    """Stretches of rows that are not blank."""
    filled = [place for place, row in enumerate(rows) if any(row)]
    starts = [place for place in filled if place - 1 not in filled]
    return [range(start, next(p for p in range(start, len(rows) + 1) if p not in filled)) for start in starts]


def _is_data(raw: Sequence[object], row: Sequence[str]) -> bool:
    """A label in front, and behind it numbers that are not all years."""
    if not row or not any(row[:3]):
        return False
    behind = [(cell, raw[place]) for place, cell in enumerate(row) if place and cell]
    numbers = [cell for cell, own in behind if _size(own) is not None]
    return bool(numbers) and not all(time_of(cell) for cell in numbers)


def _is_silent(raw: Sequence[object], row: Sequence[str]) -> bool:
    """A label in front, and behind it nothing but signs for numbers that there are not."""
    behind = [raw[place] for place, cell in enumerate(row) if place and cell]
    return bool(row[0] and behind) and all(number_of(cell) is not None for cell in behind)


def _size(cell: object) -> float | None:
    """The number of a cell, if it has one."""
    found = number_of(cell)
    return None if found is None or math.isnan(found[0]) else found[0]


def _stubs(grid: Grid, rows: Sequence[Sequence[str]], body: Sequence[int], width: int) -> int:
    """How many columns at the left are labels: texts or years; the first one always."""
    count = 1
    while count < width - 1:
        column = [rows[place][count] for place in body if rows[place][count]]
        if not column or not all(_is_label(cell) for cell in column):
            break
        count += 1
    return count


def _is_label(cell: str) -> bool:
    return bool(time_of(cell)) or number_of(cell) is None


def _is_flags(column: Sequence[str]) -> bool:
    filled = [cell for cell in column if cell]
    return bool(filled) and all(FLAG.fullmatch(cell) for cell in filled)


def _fixed(
    rows: Sequence[Sequence[str]], header: list[int], stubs: int, above: list[int]
) -> tuple[dict[str, str], list[int]]:
    """What holds for the whole table, from lines of a name and a value; and the rest of the header."""
    fixed, rest = {}, []
    for place in [*above, *header]:
        filled = [cell for cell in rows[place] if cell]
        later = any(any(rows[other][stubs:]) for other in header if other > place)
        pair = len(filled) == 2 and rows[place][0] and not filled[0].endswith(":")
        if pair and (place in above or later):
            fixed[code_and_label(filled[0])[0]] = filled[1]
        elif place in header:
            rest.append(place)
    return fixed, rest


def _names(rows: Sequence[Sequence[str]], header: list[int], stubs: int) -> tuple[list[str], list[int]]:
    """The names of the columns of labels, and the header rows that stand over the numbers."""
    over = [place for place in header if any(rows[place][stubs:])]
    last = rows[header[-1]][:stubs] if header else [""] * stubs
    names = [name or f"column {letter(place)}" for place, name in enumerate(last)]
    return [_plain(name) for name in names], over


def _over_names(rows: Sequence[Sequence[str]], over: list[int], header: list[int]) -> list[str]:
    """The names of the header rows: a text in front of them, unless it names the labels below it."""
    return [
        _plain(rows[place][0]) if rows[place][0] and place != header[-1] else f"header {number}"
        for number, place in enumerate(over, 1)
    ]


def _plain(name: str) -> str:
    return re.sub(r"\s*\((?:labels|codes)\)$", "", code_and_label(name)[0], flags=re.IGNORECASE)


def _filled(header: Sequence[Sequence[str]], values: Sequence[int]) -> list[dict[int, str]]:
    """The text over each column of numbers: a merged cell holds until the next text in its row."""
    found: list[dict[int, str]] = []
    for row in header:
        carried, filled = "", {}
        for place in range(min(values, default=0), len(row)):
            carried = row[place] or carried
            if place in values:
                filled[place] = carried
        found.append(filled)
    return found


def _cells(
    grid: Grid,
    rows: Sequence[Sequence[str]],
    body: Sequence[int],
    names: list[str],
    over: list[tuple[str, dict[int, str]]],
    values: Sequence[int],
    flags: Sequence[int],
) -> tuple[list[dict[str, object]], dict[str, dict[str, str]]]:
    """Every number with its labels; a label that is left out is that of the row above."""
    cells: list[dict[str, object]] = []
    labels: dict[str, dict[str, str]] = {}
    last = [""] * len(names)
    for place in body:
        own = rows[place][: len(names)]
        front = own[:-1] != [""] * (len(names) - 1)
        last = [text or (last[i] if i < len(names) - 1 or not front else "") for i, text in enumerate(own)]
        for column in values:
            number = number_of(grid[place][column]) if column < len(grid[place]) else (math.nan, "")
            dims = dict(zip(names, last, strict=True)) | {name: texts[column] for name, texts in over}
            time = ""
            entry: dict[str, object] = {}
            for name, text in dims.items():
                if time_of(text) and not time:
                    time = time_of(text)
                    continue
                entry[name], label = code_and_label(text)
                labels.setdefault(name, {})[str(entry[name])] = label
            beside = rows[place][column + 1] if column + 1 in flags else ""
            value, flag = number or (math.nan, "")
            where = f"cell {letter(column)}{place + 1}"
            cells.append(entry | {"time": time, "value": value, "flag": flag + beside, "place": where})
    return cells, labels


def _told(rows: Sequence[Sequence[str]]) -> tuple[str, str, str]:
    """Title, table and date from the lines above the table."""
    texts = [cell for row in rows for cell in row if cell]
    lines = [" ".join(cell for cell in row if cell) for row in rows if any(row)]
    dataset = next(
        (re.search(r"\[([A-Za-z0-9_]+)\]", line) for line in lines if line.startswith("Dataset:")), None
    )
    numbered = next((found for text in texts if (found := re.match(r"([0-9]{4,5}[a-z]?):", text))), None)
    updated = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("Last updated")), "")
    table = dataset[1].upper() if dataset else numbered[1] if numbered else ""
    title = next((line for line in lines if line.startswith("Dataset:")), texts[0] if texts else "")
    return title, table, updated
