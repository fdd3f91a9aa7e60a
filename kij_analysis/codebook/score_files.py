"""Scores in a crosswalk: several items of one range together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kij_analysis.codebook.crosswalks import Missing
from kij_analysis.codebook.rescaling import scale_of
from kij_analysis.codebook.rule_values import spread_problem
from kij_analysis.codebook.specs import Item, Score
from kij_analysis.codebook.variables import Column
from kij_analysis.codebook.yaml_nodes import Steps
from kij_analysis.errors import listed

if TYPE_CHECKING:
    from kij_analysis.codebook.rule_files import RuleReader

SHARED = ("scale", "values", "missing")
"""What may stand once for all items, and at an item where it differs."""


def score(reader: RuleReader, part: Mapping[str, Any], steps: Steps, column: Column) -> Score | None:
    """The score of some items; whatever does not fit together is a problem."""
    if column.type != "number":
        what = f"score gives a number, and '{column.name}' is a {column.type}."
        reader.say(steps, what, "Fill a number, and cut it with intervals elsewhere.")
        return None
    low, high = part["range"]
    shared = {key: part[key] for key in SHARED if key in part}
    items = tuple(
        _item(reader, shared, entry, (*steps, "items", position), (low, high))
        for position, entry in enumerate(part["items"])
    )
    names = [item.source for item in items]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        reader.say(
            (*steps, "items"), f"{listed(twice)} stands twice among the items.", "Keep one of the two."
        )
    if part["minimum"] > len(items):
        what = f"minimum: {part['minimum']} is more than the {len(items)} items."
        reader.say((*steps, "minimum"), what, "Say how many of the items must be answered.")
    spread = tuple(part["to"]) if "to" in part else None
    if spread and part["method"] == "sum":
        reader.say((*steps, "to"), "to: goes with method: mean.", "Remove it, or choose the mean.")
    times = len(items) if part["method"] == "sum" else 1
    what, fix = spread_problem(spread or (low * times, high * times), column)
    reader.say(
        (*steps, "to" if spread else "range"), what.replace("to:", "range:" if not spread else "to:"), fix
    )
    return Score(
        items=items, low=low, high=high, method=part["method"], minimum=part["minimum"], spread=spread
    )


def _item(
    reader: RuleReader, shared: Mapping[str, Any], entry: Any, steps: Steps, ends: tuple[float, float]
) -> Item:
    own = {"from": entry} if isinstance(entry, str) else dict(entry)
    if {"scale", "values"} & set(own):
        shared = {key: value for key, value in shared.items() if key not in ("scale", "values")}
    whole = {**shared, **own}
    if "scale" in whole and "values" in whole:
        reader.say(steps, "scale: and values: stand side by side.", "Keep the one that gives the numbers.")
    if "scale" in whole:
        scale_of(reader, whole["scale"], steps)
    values = {}
    for answer, number in whole.get("values", {}).items():
        there = (*steps, "values", answer)
        if isinstance(number, dict):
            reader.reasons(there, number)
            values[answer] = Missing(number["missing"])
        else:
            values[answer] = number
            if not ends[0] <= number <= ends[1]:
                what = f"{number:g} lies outside range: [{ends[0]:g}, {ends[1]:g}]."
                reader.say(there, what, "Correct the number, or range:.")
    return Item(
        source=whole["from"],
        scale=whole.get("scale", ""),
        values=values,
        reversed=whole.get("reversed", False),
        missing=reader.reasons((*steps, "missing"), whole.get("missing", {})),
    )
