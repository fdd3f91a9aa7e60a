"""JSON-stat, versions 1 and 2, as PxWeb and Eurostat write it: all numbers in one list."""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from kij_analysis.errors import SourceError
from kij_analysis.sources.official.cells import FLAG, number_of, text_of, time_of
from kij_analysis.sources.official.table import OfficialTable

OFFICES = {
    "estat": "eurostat", "eurostat": "eurostat", "danmarks statistik": "dst", "statistics denmark": "dst",
    "statistisk sentralbyrå": "ssb", "statistics norway": "ssb", "tilastokeskus": "statfi",
    "statistics finland": "statfi", "statistikcentralen": "statfi", "statistics sweden": "scb",
    "statistiska centralbyrån": "scb", "scb": "scb",
}  # fmt: skip
"""What offices call themselves in the files that they hand out."""
TIMES = frozenset({"time", "tid", "år", "ar", "vuosi", "year", "time_period", "period", "aar"})


def is_json(text: str) -> bool:
    """Whether the text is a JSON object."""
    return text.lstrip().startswith("{")


def read_json_stat(text: str, file: str) -> OfficialTable:
    """The numbers of one dataset, in the order of its dimensions (the last one runs fastest)."""
    data = _dataset(text, file)
    about = data["dimension"]
    names = data.get("id") or about.get("id") or []
    sizes = data.get("size") or about.get("size") or []
    if not names or len(names) != len(sizes) or any(name not in about for name in names):
        raise _damaged("its dimensions are not all described", file)
    codes = [_codes(about[name], size, file) for name, size in zip(names, sizes, strict=True)]
    count = math.prod(sizes)
    values, states = _listed(data.get("value"), count), _listed(data.get("status"), count)
    if values is None:
        raise _damaged(f"it should hold {count} numbers", file)
    time = _time(data, names, codes)
    cells = []
    for place, combination in enumerate(itertools.product(*codes)):
        number = number_of("" if values[place] is None else values[place]) or (math.nan, "")
        state = text_of(states[place]).lower() if states and states[place] is not None else ""
        entry: dict[str, object] = dict(zip(names, combination, strict=True))
        moment = time_of(str(entry.pop(time))) if time else ""
        flag = number[1] + (state if FLAG.fullmatch(state) else "")
        cells.append(
            entry | {"time": moment, "value": number[0], "flag": flag, "place": f"number {place + 1}"}
        )
    labels = {name: _labels(about[name]) for name in names if name != time}
    return OfficialTable(
        file=file, form="JSON-stat", cells=pd.DataFrame(cells), labels=labels, table=_table(data),
        office=OFFICES.get(text_of(data.get("source")).casefold(), ""), title=text_of(data.get("label")),
        updated=text_of(data.get("updated")),
    )  # fmt: skip


def _dataset(text: str, file: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        what = f"The file is not valid JSON ({error.msg}, line {error.lineno}): it is cut off, perhaps."
        raise SourceError(what, fix="Download it again.", file=file) from None
    if "dataset" in data and isinstance(data["dataset"], dict):
        data = data["dataset"]  # version 1 wraps it
    if not isinstance(data.get("dimension"), dict) or "value" not in data:
        fix = "In PxWeb choose 'JSON-stat 2' when you save the table; not 'JSON'."
        raise SourceError("The file is JSON, but no JSON-stat dataset.", fix=fix, file=file)
    return dict(data)


def _damaged(why: str, file: str) -> SourceError:
    return SourceError(f"The JSON-stat dataset is damaged: {why}.", fix="Download it again.", file=file)


def _codes(dimension: Mapping[str, Any], size: int, file: str) -> list[str]:
    """The codes of a dimension in their order; one with a single category may leave out its index."""
    category = dimension.get("category", {})
    index = category.get("index", list(category.get("label", {})))
    codes = sorted(index, key=lambda code: int(index[code])) if isinstance(index, Mapping) else list(index)
    if len(codes) != size:
        raise _damaged(f"a dimension has {len(codes)} categories instead of {size}", file)
    return [str(code) for code in codes]


def _labels(dimension: Mapping[str, Any]) -> dict[str, str]:
    named = dimension.get("category", {}).get("label", {})
    return {str(code): text_of(label) for code, label in named.items()}


def _listed(content: Any, count: int) -> list[Any] | None:
    """Numbers or states by place; they come as a list, by place, or as one for all."""
    if isinstance(content, Mapping):
        return [content.get(str(place)) for place in range(count)]
    if isinstance(content, str):
        return [content] * count
    return list(content) if isinstance(content, list) and len(content) == count else None


def _time(data: Mapping[str, Any], names: list[str], codes: list[list[str]]) -> str:
    """The dimension that is the time: the one that says so, else one that is called so."""
    role = data.get("role") or data["dimension"].get("role") or {}
    told = [name for name in role.get("time", []) if name in names]
    called = [name for name in names if name.casefold() in TIMES]
    fits = {name: all(time_of(code) for code in own) for name, own in zip(names, codes, strict=True)}
    return next((name for name in (*told, *called) if fits[name]), "")


def _table(data: Mapping[str, Any]) -> str:
    """The table's name: told beside the data, or at the beginning of the label."""
    extension = data.get("extension") or {}
    px = extension.get("px") or {}
    told = px.get("tableid") or px.get("matrix") or extension.get("id") or ""
    begins = re.match(r"([0-9]{4,5}[a-z]?):", text_of(data.get("label")))
    return text_of(told).upper() or (begins[1] if begins else "")
