"""Frames and functions as plain JSON: values, codes and names, nothing that could run."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

import pandas as pd

from kij_analysis.errors import ReportError

MAKERS = ("figures", "tables")
"""The rooms whose functions draw or tabulate."""
DERIVING = ("barriers", "context", "effects", "estimates", "findings", "indicators", "survey")
"""The rooms whose functions make estimates from estimates."""
INFINITE = {"inf": math.inf, "-inf": -math.inf}


def name_of(function: Callable[..., Any], rooms: Sequence[str]) -> str:
    """The public name of a function, such as ``figures.dots``; empty if it has none in these rooms.

    Examples
    --------
    >>> from kij_analysis import survey
    >>> name_of(survey.pool, DERIVING), name_of(len, DERIVING)
    ('survey.pool', '')
    """
    own = getattr(function, "__name__", "")
    for room in rooms:
        home = import_module(f"kij_analysis.{room}")
        if own in getattr(home, "__all__", ("make",)) and getattr(home, own, None) is function:
            return f"{room}.{own}"
    return ""


def function_of(name: str, rooms: Sequence[str]) -> Callable[..., Any]:
    """The function of a public name; nothing else can be named in a file that has been shared.

    Raises
    ------
    ReportError
        If there is none of this name in the rooms.

    Examples
    --------
    >>> function_of("os.system", MAKERS)
    Traceback (most recent call last):
    kij_analysis.errors.ReportError: 'os.system' is no figure, table or estimator of this version of \
kij_analysis. Use the version that wrote the file.
    """
    room, _, own = name.partition(".")
    home = import_module(f"kij_analysis.{room}") if room in rooms else None
    if home is None or own not in getattr(home, "__all__", ("make",)):
        raise ReportError(
            f"'{name}' is no figure, table or estimator of this version of kij_analysis.",
            fix="Use the version that wrote the file.",
        )
    made: Callable[..., Any] = getattr(home, own)
    return made


def packed_frame(frame: pd.DataFrame) -> dict[str, Any]:
    """A frame as JSON: the columns with their kinds, then its rows; what is the same in all rows stands once.

    Examples
    --------
    >>> packed_frame(pd.DataFrame({"programme": ["fika", "sajo"], "n": [40.0, None], "wave": ["end", "end"]}))
    {'columns': {'programme': 'str', 'n': 'float64', 'wave': {'kind': 'str', 'all': 'end'}}, \
'rows': [['fika', 40.0], ['sajo', None]]}
    """
    columns: dict[str, Any] = {}
    varying = []
    for name in frame.columns:
        values = [_packed(value) for value in frame[name].tolist()]
        columns[str(name)] = _kind(frame[name])
        if len(values) > 1 and all(value == values[0] for value in values):
            columns[str(name)] = {"kind": columns[str(name)], "all": values[0]}
        else:
            varying.append(values)
    rows = [list(row) for row in zip(*varying, strict=True)] if varying else [[] for _ in frame.index]
    return {"columns": columns, "rows": rows}


def _kind(column: pd.Series) -> Any:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return {"codes": [str(code) for code in column.cat.categories], "ordered": bool(column.cat.ordered)}
    return str(column.dtype)


def _packed(value: Any) -> Any:
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, float) and math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if isinstance(value, (bool, int, float, str)):
        return value
    raise ReportError(
        f"A cell holds {type(value).__name__}, which is no number, text, or yes and no.",
        fix="Share estimates only.",
    )


def frame_of(content: Mapping[str, Any]) -> pd.DataFrame:
    """The frame that `packed_frame` wrote, with the same kinds of columns.

    Examples
    --------
    >>> frame = pd.DataFrame({"programme": ["fika", None], "n": [40.0, None]})
    >>> frame_of(packed_frame(frame)).equals(frame)
    True
    """
    columns = content["columns"]
    same = {name: kind for name, kind in columns.items() if isinstance(kind, dict) and "all" in kind}
    frame = pd.DataFrame(
        content["rows"], columns=[name for name in columns if name not in same], dtype="object"
    )
    frame = frame.assign(**{name: pd.Series([kind["all"]] * len(frame)) for name, kind in same.items()})
    frame = frame[list(columns)]
    return frame.assign(
        **{name: _typed(frame[name], same[name]["kind"] if name in same else kind)
           for name, kind in columns.items()}
    )  # fmt: skip


def _typed(column: pd.Series, kind: Any) -> pd.Series:
    if isinstance(kind, dict):
        return column.astype(pd.CategoricalDtype(kind["codes"], ordered=kind["ordered"]))
    if kind == "float64":
        numbers = [INFINITE.get(value, value) if isinstance(value, str) else value for value in column]
        return pd.Series(pd.array(numbers, dtype="Float64").astype("float64"), index=column.index)
    return column if kind == "object" else column.astype(kind)


def written(content: Any, indent: int = 0) -> str:
    """JSON that a person can read: each row of a table on a line of its own.

    Examples
    --------
    >>> print(written({"about": "x", "rows": [["fika", 1.5], ["sajo", None]]}))
    {
     "about": "x",
     "rows": [
      ["fika", 1.5],
      ["sajo", null]
     ]
    }
    """
    if isinstance(content, dict) and any(isinstance(value, (dict, list)) for value in content.values()):
        inner = [f"{_text(str(name))}: {written(value, indent + 1)}" for name, value in content.items()]
        return _block("{", inner, "}", indent)
    if isinstance(content, list) and any(isinstance(value, (dict, list)) for value in content):
        return _block("[", [written(value, indent + 1) for value in content], "]", indent)
    if isinstance(content, list) and sum(isinstance(value, str) and len(value) > 60 for value in content):
        return _block("[", [_text(value) for value in content], "]", indent)
    return _text(content)


def _block(start: str, inner: Sequence[str], end: str, indent: int) -> str:
    space = " " * (indent + 1)
    return f"{start}\n" + ",\n".join(f"{space}{one}" for one in inner) + f"\n{' ' * indent}{end}"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def checksum_of(content: Any) -> str:
    """SHA-256 of what JSON says, however it is broken into lines."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
