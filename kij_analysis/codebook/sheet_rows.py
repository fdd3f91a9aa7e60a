"""A crosswalk as rows of a sheet: one row for each value, and one for each other part of a rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kij_analysis.codebook.rule_files import ABSENT, DECISION
from kij_analysis.codebook.sheet_tree import Position
from kij_analysis.codebook.yaml_nodes import Steps

INSTRUMENT = "instrument"
"""What stands in the column `variable` of rows about the questionnaire itself."""
COLUMNS = ("variable", "output", "rule", "part", "from", "value", "result", "scale", *DECISION)
TOP = ("based_on", "renamed", "dropped")
"""What a crosswalk says of the one that it is based on; it stands among the rows about the questionnaire."""
SHORT = ("part", "value", "result")
"""The columns of rows about the questionnaire where they have a sheet of their own."""

BY_ANSWER = ("values", "missing", "labels", "columns", "reference", "ignored", "renamed")
"""Parts whose keys are answers or columns of the file, not words of the rule language."""
WITHIN = {*(("because", kind) for kind in ABSENT), ("detail", "impossible")}
"""What of a decision belongs to the kind of rule itself, where no value can be had."""
WORD = re.compile(r"[^\W\d]\w*")
STEP = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^."\s][^."]*?))\s*(?:\.|$)')

Row = dict[str, Any]


def above_rules(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a crosswalk says of its questionnaire, and of the crosswalk that it is based on."""
    return {**data["instrument"], **{key: data[key] for key in TOP if key in data}}


def instrument_rows(instrument: Mapping[str, Any]) -> list[Row]:
    """The rows about the questionnaire.

    Examples
    --------
    >>> instrument_rows({"id": "a", "keys": {"person_id": "Nr"}, "missing": {"": "no_answer"}})[1:]
    [{'part': 'keys.person_id', 'result': 'Nr'}, {'part': 'missing', 'value': '', 'result': 'no_answer'}]
    """
    return list(_parts(instrument, ""))


def rule_rows(rules: Mapping[str, Any]) -> list[Row]:
    """The rows of the rules, in their order.

    Examples
    --------
    >>> rows = rule_rows({"gender": {"map": {"from": "Køn", "values": {"K": "woman"}}, "status": "complete"}})
    >>> [{key: row[key] for key in ("rule", "from", "value", "result", "status")} for row in rows]
    [{'rule': 'map', 'from': 'Køn', 'value': 'K', 'result': 'woman', 'status': 'complete'}]
    """
    return [row for name, entry in rules.items() for row in _entry(str(name), entry)]


def steps_of(part: str) -> Steps | None:
    """The steps that a part names; a number is a place in a list; None if it cannot be read.

    Examples
    --------
    >>> steps_of("items.2.from"), steps_of('columns."a.b"'), steps_of("a..b")
    (('items', Position(number=2), 'from'), ('columns', 'a.b'), None)
    """
    steps: list[str | Position] = []
    at = 0
    while at < len(part) or part.endswith(".", 0, at):
        match = STEP.match(part, at)
        if match is None or match.end() == at:
            return None
        quoted, plain = match.groups()
        if quoted is not None:
            steps.append(quoted.replace('""', '"'))
        else:
            steps.append(Position(int(plain)) if plain.isascii() and plain.isdigit() else plain)
        at = match.end()
    return tuple(steps)


def _step(key: Any) -> str:
    text = str(key)
    return text if WORD.fullmatch(text) else '"' + text.replace('"', '""') + '"'


def _entry(name: str, entry: Mapping[str, Any]) -> Iterator[Row]:
    """The rows of one variable: a decision about all its outputs, its rules, and its outputs."""
    decision = {key: entry[key] for key in DECISION if key in entry}
    rules = {key: part for key, part in entry.items() if key not in (*DECISION, "outputs")}
    if not rules and (decision or not entry.get("outputs")):
        yield {"variable": name, **decision}
    for kind, body in rules.items():
        yield from _rule({"variable": name, "rule": kind}, body, decision)
    for output, part in entry.get("outputs", {}).items():
        own = {key: part[key] for key in DECISION if key in part}
        kinds = {key: body for key, body in part.items() if key not in DECISION}
        if not kinds:
            yield {"variable": name, "output": output, **own}
        for kind, body in kinds.items():
            yield from _rule({"variable": name, "output": output, "rule": kind}, body, own)


def _rule(place: Row, body: Mapping[str, Any], decision: Mapping[str, Any]) -> Iterator[Row]:
    """The rows of one rule; the first carries the decision."""
    outputs: Mapping[str, Any] = {}
    if place["rule"] == "rescale" and "output" not in place:
        # Each output of a scale has rows of its own, as the outputs of a variable do.
        outputs, body = body.get("outputs", {}), {k: v for k, v in body.items() if k != "outputs"}
    if place["rule"] in ABSENT:
        told = {key: body[key] for key in DECISION if key in body}
        decision = {**decision, **told}
        body = {key: part for key, part in body.items() if key not in told}
    for number, row in enumerate(_body(body)):
        yield {**place, **row, **(decision if number == 0 else {})}
    for output, part in outputs.items():
        own = {key: part[key] for key in DECISION if key in part}
        rest = {key: value for key, value in part.items() if key not in own}
        for number, row in enumerate(_parts(rest, "")):
            yield {**place, "output": output, **row, **(own if number == 0 else {})}


def _body(body: Mapping[str, Any]) -> Iterator[Row]:
    """The rows of a rule's body: its values first, each with the column of the file beside it."""
    beside = {key: body[key] for key in ("from", "scale") if isinstance(body.get(key), str)}
    rest = {key: part for key, part in body.items() if key not in beside}
    values = rest.pop("values", None)
    if not _by_answer("values", values):
        rest = {**rest, "values": values} if values is not None else rest
        values = {}
    rows: list[Row] = [{"value": value, "result": result} for value, result in (values or {}).items()]
    if not rows and set(rest) == {"value"} and not beside:
        # A constant is its result and nothing else.
        rows, rest = [{"result": rest["value"]}], {}
    rows = rows or [{}]
    rows[0] = {**beside, **rows[0]}
    if "from" in beside:
        rows = [{"from": beside["from"], **row} for row in rows]
    yield from rows
    yield from _parts(rest, "")


def _parts(node: Mapping[str, Any], path: str) -> Iterator[Row]:
    for key, part in node.items():
        yield from _part(part, f"{path}.{_step(key)}" if path else _step(key), str(key))


def _part(part: Any, path: str, name: str) -> Iterator[Row]:
    """The rows of one part: of a mapping by answer, a block, a list, or a single value."""
    if _by_answer(name, part):
        for value, result in part.items():
            yield {"part": path, "value": value, "result": result}
    elif isinstance(part, dict):
        beside = {key: part[key] for key in ("from", "scale") if isinstance(part.get(key), str)}
        if beside:
            yield {"part": path, **beside}
        yield from _parts({key: value for key, value in part.items() if key not in beside}, path)
    elif isinstance(part, list):
        for number, item in enumerate(part, 1):
            yield from _part(item, f"{path}.{number}", "")
    else:
        yield {"part": path, "result": part}


def _by_answer(name: str, part: Any) -> bool:
    """Whether a block leads from answers to results, so that each answer has a row."""
    if not isinstance(part, dict):
        return False
    plain = all(not isinstance(v, dict | list) or _is_reason(v) for v in part.values())
    words = all(isinstance(key, str) and WORD.fullmatch(key) for key in part)
    return plain and (name in BY_ANSWER or not words)


def _is_reason(value: Any) -> bool:
    return isinstance(value, dict) and list(value) == ["missing"] and isinstance(value["missing"], str)
