"""A shared file as a person reads it before it is sent: the header in words, then every table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from kij_analysis.estimates import COLUMNS
from kij_analysis.exchange.plain import frame_of
from kij_analysis.exchange.shared import Shared

SOURCES = ("instrument", "programme", "role", "wave", "invited", "rows_out", "data_status")


def shown(shared: Shared) -> str:
    """The whole file as text: what stands in the JSON, column by column."""
    return "\n".join([*_header(shared), "", *_tables(shared)])


def summary(shared: Shared) -> str:
    """What the file holds, what was hidden, and who must confirm what."""
    return "\n".join([*shared.content["about"], "", *_counts(shared)])


def _header(shared: Shared) -> Iterator[str]:
    content = shared.content
    yield from content["about"]
    yield ""
    said = content["disclosure"]
    confirmed = f"{said['confirmed_by']}, {said['on']}" if said["confirmed_by"] else "nobody yet"
    yield f"Study:       {content['study']['id']} ({content['study']['title']})"
    yield f"Programmes:  {', '.join(content['programmes'])}"
    yield f"Data:        {content['data_status']}"
    yield f"Profile:     {said['profile']}; confirmed by: {confirmed}"
    yield f"Version:     kij_analysis {content['kij']}; codebook {content['codebook']['checksum'][:16]}"
    yield ""
    yield from _counts(shared)
    yield ""
    yield "SOURCES (— where the number is small or unknown)"
    yield from _aligned(shared.sources[list(SOURCES)])
    yield ""
    yield "STATUSES OF THE CROSSWALKS"
    statuses = shared.statuses
    counted = statuses.groupby(["instrument", "status"], sort=False).size().unstack(fill_value=0)
    yield from _aligned(counted.reset_index())


def _counts(shared: Shared) -> Iterator[str]:
    rows = []
    for chapter in shared.content["chapters"]:
        frames = [frame_of(one) for item in chapter["items"] for one in _frames(item)]
        estimates = [frame for frame in frames if set(COLUMNS) <= set(frame.columns)]
        told = sum(int(frame["estimate"].notna().sum()) for frame in estimates)
        hidden = sum(int((frame["note"] == "hidden_small_count").sum()) for frame in estimates)
        rows.append((chapter["chapter"], len(chapter["items"]), told, hidden))
    yield "WHAT IT HOLDS"
    yield from _aligned(
        pd.DataFrame(rows, columns=["chapter", "figures and tables", "estimates told", "hidden"])
    )


def _frames(content: object) -> Iterator[Mapping[str, object]]:
    """The frames of an item: its own, those of its options, and those of what is derived."""
    if isinstance(content, dict):
        if set(content) == {"columns", "rows"}:
            yield content
            return
        for value in content.values():
            yield from _frames(value)


def _tables(shared: Shared) -> Iterator[str]:
    for chapter in shared.content["chapters"]:
        for item in chapter["items"]:
            yield f"{chapter['chapter'].upper()}: {item['name']} ({item['make']})"
            for content in _frames(item):
                yield from _aligned(_useful(frame_of(content)))
                yield ""


def _useful(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame without columns that are empty throughout; the columns of all estimates first."""
    empty = [
        name for name in frame.columns if frame[name].isna().all() or (frame[name].astype("str") == "").all()
    ]
    return frame.drop(columns=empty)


def _aligned(frame: pd.DataFrame) -> list[str]:
    """A frame as lines of text, its columns under each other."""
    columns = [[str(name), *(_cell(value) for value in frame[name])] for name in frame.columns]
    widths = [max(len(cell) for cell in column) for column in columns]
    numeric = [pd.api.types.is_numeric_dtype(frame[name].dtype) for name in frame.columns]
    lines = []
    for row in zip(*columns, strict=True):
        cells = [
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ]
        lines.append("  " + "  ".join(cells).rstrip())
    return lines


def _cell(value: object) -> str:
    if value is None or value is pd.NA or value != value:
        return "—"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
