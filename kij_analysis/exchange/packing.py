"""Items of a chapter as JSON and back: a public function by its name, protected frames, plain options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kij_analysis.claims import CLAIM_COLUMNS
from kij_analysis.errors import ReportError
from kij_analysis.estimates import COLUMNS
from kij_analysis.exchange.plain import (
    DERIVING,
    MAKERS,
    frame_of,
    function_of,
    name_of,
    packed_frame,
)
from kij_analysis.reporting.derived import Derived
from kij_analysis.reporting.items import THEN, Item, tells_of_persons

PLAIN: Mapping[str, tuple[str, ...]] = {
    "figures.status_matrix": (
        "column", "variable", "instrument", "programme", "status", "detail", "because", "data_status",
    ),
    "tables.sources": (
        "instrument", "file", "programme", "role", "wave", "unit", "round", "format", "languages",
        "data_status", "invited", "rows_out",
    ),
    "tables.carried": ("programme", "data_status", *CLAIM_COLUMNS),
}  # fmt: skip
"""Frames that are no estimates and tell of no person's answer, by what is made of them: what leaves."""
BESIDE: Mapping[str, tuple[str, ...]] = {"printed": ("programme", "group", "value", "id")}
"""Options that are printed numbers in a form of their own."""
AUTHORS = {"tables.scorecard": ("findings", "record", "sources")}
"""Options that the author of a report has of her own: the findings in words and the printed record."""
NEVER = ("person_id", "pair_id", "date", "birth_date")
"""Columns by which a row would be a person's."""


def about_persons(item: Item, programmes: set[str]) -> bool:
    """Whether an item rests on answers of these programmes' persons, or says how they were asked."""
    named = name_of(item.make, MAKERS)
    for place, value in item.places():
        if not isinstance(value, pd.DataFrame) or "programme" not in value.columns:
            continue
        own = tells_of_persons(value) or (not place and named in (*PLAIN, *AUTHORS))
        if own and set(value["programme"]) & (programmes | {"all"}):
            return True
    return False


def packed(item: Item, *, smallest: int) -> dict[str, Any]:
    """A protected item as JSON.

    Raises
    ------
    ReportError
        If its function is not public, or if it holds anything but estimates and plain values.
    """
    made = name_of(item.make, MAKERS)
    if not made:
        raise ReportError(
            f"The {item.kind} '{item.name}' is made by a function of the notebook's own.",
            fix="Use a function of kij.figures or kij.tables, or leave it out of what is shared.",
        )
    content: dict[str, Any] = {"name": item.name, "kind": item.kind, "make": made}
    if item.behind:
        content["behind"] = [str(one) for one in item.behind]
    options = {
        name: _option(item, name, value, smallest)
        for name, value in item.options.items()
        if name not in AUTHORS.get(made, ())
    }
    if options:
        content["options"] = options
    if item.then is not None:
        content[THEN] = _option(item, THEN, item.then, smallest)
    return content | {"frame": packed_frame(_leaving(item, made, item.frame, smallest))}


def _option(item: Item, name: str, value: Any, smallest: int) -> Any:
    if isinstance(value, Derived):
        derived = name_of(value.make, DERIVING)
        if not derived:
            raise ReportError(
                f"{name} of the {item.kind} '{item.name}' is computed by a function that is not public.",
                fix="Use one of kij.survey, kij.barriers or kij.effects.",
            )
        inner = {key: _option(item, f"{name}.{key}", own, smallest) for key, own in value.options.items()}
        return {"derived": derived, "options": inner} if inner else {"derived": derived}
    if isinstance(value, pd.DataFrame):
        return {"frame": packed_frame(_leaving(item, name, value, smallest))}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)) and all(isinstance(one, (bool, int, float, str)) for one in value):
        return list(value)
    raise ReportError(
        f"{name} of the {item.kind} '{item.name}' is {type(value).__name__}, which cannot be shared.",
        fix="Give it as a number, a text, a list of them, or estimates.",
    )


def _leaving(item: Item, made: str, frame: pd.DataFrame, smallest: int) -> pd.DataFrame:
    """The columns of a frame that may leave: all of estimates, the declared ones of others."""
    rows = [name for name in NEVER if name in frame.columns]
    estimated = set(COLUMNS) <= set(frame.columns)
    known = PLAIN.get(made) or BESIDE.get(made)
    if rows or (not estimated and known is None):
        what = f"the column '{rows[0]}'" if rows else "a frame that is no estimates"
        raise ReportError(
            f"The {item.kind} '{item.name}' holds {what}, and rows of persons are never shared.",
            fix="Give it estimates (kij_analysis.estimates).",
        )
    if item.protect is None and tells_of_persons(frame):
        raise ReportError(
            f"The {item.kind} '{item.name}' is not protected (protect=None) and tells of persons.",
            fix="Leave protect out, or name the rule that hides its small numbers.",
        )
    if estimated:
        return frame
    found = frame[[name for name in known or () if name in frame.columns]]
    counts = [name for name in ("invited", "rows_out") if name in found.columns]
    return found.assign(**{name: large(found[name], smallest) for name in counts})


def large(numbers: pd.Series, smallest: int) -> pd.Series:
    """Numbers of persons, missing where they are below the smallest that is told; none is told."""
    whole = numbers.astype("Float64").astype("float64")
    return whole.mask((whole > 0) & (whole < smallest))


def unpacked(content: Mapping[str, Any]) -> Item:
    """The item that `packed` wrote; it is protected already.

    Raises
    ------
    ReportError
        If it names a function that this version does not have.
    """
    options = {name: _value(value) for name, value in content.get("options", {}).items()}
    return Item(
        kind=content["kind"],
        make=function_of(content["make"], MAKERS),
        frame=frame_of(content["frame"]),
        protect=None,
        behind=tuple(content.get("behind", ())),
        options=options,
        then=_value(content[THEN]) if THEN in content else None,
    )


def _value(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "frame" in value:
        return frame_of(value["frame"])
    inner = {name: _value(own) for name, own in value.get("options", {}).items()}
    return Derived(make=function_of(value["derived"], DERIVING), options=inner)
