"""What has left the house, read again: figures' data, tables, pages and texts, one reader for each kind."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor
from pathlib import Path
from typing import Any

from kij_analysis.disclosure.cells import STEPS, Line
from kij_analysis.disclosure.readers import READERS, Sheet
from kij_analysis.errors import ReleaseError

SHARES = ("wilson", "wilson_finite", "counted", "jeffreys", "jeffreys_finite", "clopper_pearson", "none")
"""Methods of plain shares, from which a count can be had by multiplying with the base."""
_NOT_BY = (
    "label", "note_text", "told", "what", "shown", "interval", "number", "detail", "method", "data_status",
    "note", "measure", "unit", "design", "maryland", "printed", "block", "approach", "heading", "who",
    "series", "programme", "variable", "category", "definition", "first", "second",
)  # fmt: skip
"""Columns of a figure's data that do not say of whom a number is."""
_NUMBERS = ("lane", "count", "n", "estimate", "conf_low", "conf_high", "group")


@dataclass(frozen=True, kw_only=True)
class Number:
    """One row that anybody can read: a count as exactly as it is told, or that it is hidden."""

    line: Line
    file: str
    label: str
    low: float
    high: float
    n: float
    hidden: bool
    total: float = float("nan")


@dataclass(kw_only=True)
class Outside:
    """All that left: rows with codes, and lines of text (their cells) by file."""

    numbers: list[Number] = field(default_factory=list)
    texts: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)


def read_outside(folders: Sequence[Path]) -> Outside:
    """Everything in these folders that a reader can open: CSV, XLSX, JSON, HTML, SVG and DOCX.

    A figure's CSV carries codes, counts and notes and is the main source; other files are read as lines of
    text, in which numbers stand beside labels. Pictures hold the same alt texts as the JSON beside them.

    Raises
    ------
    ReleaseError
        If there is nothing to read.
    """
    found = Outside()
    paths = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    behind = _instruments(paths)
    seen: set[str] = set()
    for path in paths:
        reader = READERS.get(path.suffix.lower())
        if reader is None:
            continue
        for cells in reader(path):
            rows = _coded(cells, path, behind)
            if rows is None:
                found.texts += [(_shown(path), line) for line in cells]
            elif path.name not in seen:
                found.numbers += rows
                # The same numbers stand in every language; one is enough.
                seen |= {path.name}
    if not found.numbers and not found.texts:
        places = ", ".join(folder.name for folder in folders)
        raise ReleaseError(f"There is no report to attack in {places}.", fix="Make one first: kij report.")
    return found


def _shown(path: Path) -> str:
    return "/".join(path.parts[-2:])


def _instruments(paths: Sequence[Path]) -> dict[str, tuple[str, ...]]:
    """Which questionnaires stand behind each figure, as the manifest tells."""
    for path in paths:
        if path.name == "manifest.json":
            figures = json.loads(path.read_text("utf-8")).get("figures", [])
            return {row["name"]: tuple(row.get("instruments", ())) for row in figures if "name" in row}
    return {}


def _coded(sheet: Sheet, path: Path, behind: Mapping[str, tuple[str, ...]]) -> list[Number] | None:
    """The rows of a file that carries codes; None if it carries none."""
    head = sheet[0] if sheet else ()
    if not {"programme", "variable", "note"} <= set(head) or not {"n", "count"} & set(head):
        return None
    rows = [dict(zip(head, row, strict=False)) for row in sheet[1:]]
    # Noughts at the end are not written, so the longest share says how all are rounded.
    decimals = max((len(row.get("estimate", "").partition(".")[2]) for row in rows), default=0)
    found = []
    for place, row in enumerate(rows):
        if row.get("data_status") in ("synthetic", "observed"):
            found.append(_number(row, place, path, behind.get(path.stem, ()), decimals))
    return found


def _number(row: Mapping[str, str], place: int, path: Path, behind: tuple[str, ...], decimals: int) -> Number:
    hidden = row["note"] == "hidden_small_count"
    n = _float(row.get("n", ""))
    low, high = (float("nan"), float("nan")) if hidden else _count(row, n, decimals)
    by = {
        name: value for name, value in row.items()
        if value and name not in (*_NOT_BY, *_NUMBERS, *STEPS) and not _is_number(value)
    }  # fmt: skip
    by |= {name: f"{_float(row[name]):g}" for name in STEPS if row.get(name) not in (None, "", "0", "0.0")}
    # Which definition a share follows is one code: outcome, base, time and role.
    parts = zip(("", "denominator", "timing", "role"), row.get("definition", "").split("|"), strict=False)
    by |= {name: value for name, value in parts if name and value}
    of = {name: row.get(name, "") for name in ("programme", "variable", "category", "measure")}
    of["category"] = of["category"] or row.get("second", "")
    of |= {name: row[name] for name in ("first", "block", "definition", "what") if row.get(name)}
    mean = row.get("measure") == "mean" and not hidden
    line = Line(item=("file", path.stem), place=place, of=of, by=by, behind=behind, hidden=hidden)
    return Number(
        line=line, file=_shown(path), label=row.get("label", ""), low=low, high=high, n=n, hidden=hidden,
        total=_float(row.get("estimate", "")) * n if mean else float("nan"),
    )  # fmt: skip


def _count(row: Mapping[str, str], n: float, decimals: int) -> tuple[float, float]:
    """The count of a row: as printed, or from the share and its base."""
    count, share = _float(row.get("count", "")), _float(row.get("estimate", ""))
    if count == count:
        return count, count
    plain = row.get("measure", "share") == "share" and row.get("method", "") in SHARES
    if not plain or not (0 <= share <= 1) or n != n:
        return float("nan"), float("nan")
    return from_share(share, n, decimals=decimals)


def from_share(share: float, n: float, *, decimals: int) -> tuple[float, float]:
    """The fewest and the most persons of a base that a rounded share can be.

    Examples
    --------
    >>> from_share(0.46, 121, decimals=2), from_share(0.46281, 121, decimals=5)
    ((56.0, 56.0), (56.0, 56.0))
    >>> from_share(0.5, 240, decimals=2)
    (119.0, 121.0)
    """
    half = 0.5 * 10.0**-decimals
    low, high = ceil((share - half) * n - 1e-9), floor((share + half) * n + 1e-9)
    return float(max(low, 0)), float(min(high, n))


def _float(text: Any) -> float:
    try:
        return float(text)
    except (TypeError, ValueError):
        return float("nan")


def _is_number(text: str) -> bool:
    return _float(text) == _float(text)
