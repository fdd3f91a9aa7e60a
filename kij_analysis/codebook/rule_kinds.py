"""The kinds of rules that fill one column, each read from its part of a crosswalk."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from kij_analysis.codebook.crosswalks import Constant, Direct, Map, Missing, Spec
from kij_analysis.codebook.formula_files import formula
from kij_analysis.codebook.instruments import FileForm
from kij_analysis.codebook.intervals import looks_like_interval, parse_interval
from kij_analysis.codebook.rescaling import scale_of
from kij_analysis.codebook.rule_values import value_problem
from kij_analysis.codebook.score_files import score
from kij_analysis.codebook.specs import Copy, Intervals, Join, Mirror, Turned
from kij_analysis.codebook.variables import Column
from kij_analysis.codebook.yaml_nodes import Steps

if TYPE_CHECKING:
    from kij_analysis.codebook.rule_files import RuleReader

Part = Mapping[str, Any]


def direct(reader: RuleReader, part: Part, steps: Steps, column: Column) -> Spec:
    """Answers as they stand."""
    otherwise = part.get("otherwise", "")
    if otherwise:
        reader.reasons(steps, {"otherwise": otherwise})
        if column.type not in ("number", "date"):
            what = "otherwise: is for numbers and dates."
            reader.say((*steps, "otherwise"), what, "Name each answer under missing:, or write map.")
    return Direct(source=part["from"], missing=_missing(reader, part, steps), otherwise=otherwise)


def mapped(reader: RuleReader, part: Part, steps: Steps, column: Column) -> Spec:
    """Each answer leads to one value."""
    _otherwise(reader, part, steps)
    regex = part.get("match", "literal") == "regex"
    for answer in part["values"] if regex else ():
        try:
            re.compile(str(answer))
        except re.error as error:
            what = f"'{answer}' is no regular expression: {error}."
            reader.say((*steps, "values", answer), what, "Correct it, or write match: literal.")
    if regex and "labels" in part:
        reader.say((*steps, "labels"), "labels: does not go with match: regex.", "Remove one of the two.")
    return Map(
        source=part["from"],
        values=_values(reader, part, steps, column),
        labels=part.get("labels", {}),
        missing=_missing(reader, part, steps),
        regex=regex,
        otherwise=part.get("otherwise", ""),
    )


def constant(reader: RuleReader, part: Part, steps: Steps, column: Column) -> Spec:
    """The same value for everybody."""
    return Constant(value=reader.value(part["value"], column, (*steps, "value")))


def intervals(reader: RuleReader, part: Part, steps: Steps, column: Column) -> Spec:
    """Numbers led to values by intervals, by themselves, or by what is left."""
    pieces, named = [], {}
    rest: object = None
    otherwise = _otherwise(reader, part, steps)
    for answer, value in part["values"].items():
        there = (*steps, "values", answer)
        copied = value == "copy" and column.type == "number"
        result = Copy() if copied else reader.value(value, column, there)
        if answer == "else":
            rest = result
        elif not looks_like_interval(answer):
            named[answer] = result
        else:
            try:
                pieces.append((parse_interval(answer), result))
            except ValueError as error:
                fix = 'Write for example "[0, 20)": 0 belongs to it, 20 does not.'
                reader.say(there, f"'{answer}' cannot be read as an interval: {error}.", fix)
    if isinstance(rest, Missing):
        if otherwise and otherwise != rest.reason:
            reader.say((*steps, "otherwise"), "otherwise: and else: say different things.", "Keep one.")
        otherwise = rest.reason
        rest = None
    if not any(looks_like_interval(answer) for answer in part["values"]):
        reader.say(
            (*steps, "values"), "No interval stands here.", 'Write for example "[0, 20)": low, or a map.'
        )
    missing = _missing(reader, part, steps)
    return Intervals(
        source=part["from"],
        pieces=tuple(pieces),
        values=named,
        rest=rest,
        otherwise=otherwise,
        missing=missing,
    )


def reverse(reader: RuleReader, part: Part, steps: Steps, column: Column) -> Spec | None:
    """A number mirrored between two ends, or a scale turned over the categories."""
    missing, otherwise = _missing(reader, part, steps), _otherwise(reader, part, steps)
    if ("scale" in part) == bool({"low", "high"} & set(part)) or ("low" in part) != ("high" in part):
        reader.say(
            steps, "reverse needs low: and high:, or a scale:.", "Give the ends of the numbers, or the scale."
        )
        return None
    if "scale" in part:
        return _turned(reader, part, steps, column, missing)
    low, high = part["low"], part["high"]
    if column.type != "number":
        what = f"reverse with low: and high: gives a number, and '{column.name}' is a {column.type}."
        reader.say(steps, what, "Write scale:, or map.")
    elif low >= high:
        reader.say(
            (*steps, "low"), f"low: {low:g} is not below high: {high:g}.", "Write the lower number first."
        )
    else:
        for end in ("low", "high"):
            reader.say((*steps, end), *value_problem(part[end], column))
    return Mirror(source=part["from"], low=low, high=high, otherwise=otherwise, missing=missing)


def _turned(
    reader: RuleReader, part: Part, steps: Steps, column: Column, missing: Mapping[Any, str]
) -> Spec | None:
    if "otherwise" in part:
        reader.say((*steps, "otherwise"), "otherwise: is for numbers.", "Name each answer under missing:.")
    scale = scale_of(reader, part["scale"], (*steps, "scale"))
    if scale is None:
        return None
    if column.type != "category" or not column.ordered:
        what = f"A turned scale gives ordered categories, and '{column.name}' has none."
        reader.say(steps, what, "Write rescale with reversed: true, or map.")
    elif len(column.categories) != len(scale.categories):
        count = len(column.categories)
        what = f"The scale has {len(scale.categories)} steps and '{column.name}' {count} categories."
        reader.say(steps, what, "Write map.")
    return Turned(source=part["from"], scale=scale.id, missing=missing)


def join(reader: RuleReader, part: Part, steps: Steps, column: Column) -> Spec:
    """An answer looked up in a key file."""
    place = PurePosixPath(part["file"])
    if place.is_absolute() or ".." in place.parts or "\\" in part["file"] or ":" in part["file"]:
        what = f"The key file '{part['file']}' does not lie in the study's folder of raw data."
        reader.say((*steps, "file"), what, "Put it there and write its path from there, with /.")
    form = FileForm(**part["form"])
    if form.format == "delimited" and not form.encoding:
        reader.say((*steps, "form"), "A delimited file needs its encoding.", "Add encoding: utf-8 or cp1252.")
    return Join(
        source=part["from"],
        path=part["file"],
        form=form,
        key=part["key"],
        bring=part["bring"],
        values=_values(reader, part, steps, column),
        otherwise=_otherwise(reader, part, steps),
        missing=_missing(reader, part, steps),
    )


def _values(reader: RuleReader, part: Part, steps: Steps, column: Column) -> dict[Any, object]:
    return {a: reader.value(v, column, (*steps, "values", a)) for a, v in part.get("values", {}).items()}


def _missing(reader: RuleReader, part: Part, steps: Steps) -> Mapping[Any, str]:
    return reader.reasons((*steps, "missing"), part.get("missing", {}))


def _otherwise(reader: RuleReader, part: Part, steps: Steps) -> str:
    if "otherwise" in part:
        reader.reasons(steps, {"otherwise": part["otherwise"]})
    return str(part.get("otherwise", ""))


SPECS: Mapping[str, Callable[[RuleReader, Part, Steps, Column], Spec | None]] = {
    "direct": direct,
    "map": mapped,
    "intervals": intervals,
    "reverse": reverse,
    "constant": constant,
    "score": score,
    "join": join,
    "expr": formula,
}
"""What reads each kind of rule that fills one column."""
