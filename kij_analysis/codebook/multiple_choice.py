"""Multiple choice in a crosswalk: many answers in one cell, or one column per answer."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from kij_analysis.codebook.crosswalks import ColumnPerAnswer, ManyInOneCell, Missing, Spec
from kij_analysis.codebook.variables import Codebook
from kij_analysis.codebook.yaml_nodes import Steps
from kij_analysis.errors import did_you_mean, listed

ONE_CELL = {"from", "separator", "values", "empty"}
COLUMNS = {"columns", "chosen", "not_chosen", "none_chosen"}
CHOSEN = "chosen"
"""What an answer leads to that makes a yes/no variable true."""


def choice_spec(part: Mapping[str, Any], code: str, *, count: bool = False) -> Spec | None:
    """The rule that says whether `code` was chosen, or how many were; None where the entry has neither form.

    True and false stand for the codes *chosen* and *none*; where answers are counted, each that is true
    counts by itself, and those that lead to one code count once.
    """
    missing = part.get("missing", {})
    if "columns" in part:
        return ColumnPerAnswer(
            columns={str(name): _code(name, v, count) for name, v in part["columns"].items()},
            chosen=tuple(part.get("chosen", ())),
            not_chosen=tuple(part.get("not_chosen", ())),
            none_chosen=part.get("none_chosen", ""),
            code=code,
            count=count,
            missing=missing,
        )
    if "from" not in part:
        return None
    values = {
        a: Missing(v["missing"]) if isinstance(v, dict) else _code(a, v, count)
        for a, v in part.get("values", {}).items()
    }
    return ManyInOneCell(
        source=part["from"],
        separator=part.get("separator", ""),
        values=values,
        empty=part.get("empty", ""),
        code=code,
        count=count,
        missing=missing,
    )


def _code(answer: object, value: Any, count: bool) -> str:
    if isinstance(value, bool):
        return (str(answer) if count else CHOSEN) if value else "none"
    return str(value)


def choice_problems(
    part: Mapping[str, Any], codebook: Codebook, kind: str, codes: Collection[str] | None
) -> Iterator[tuple[Steps, str, str]]:
    """(steps below the rule, what is wrong, what would be right) for one multiple choice.

    `codes` are what answers may lead to beside ``none``; None where they are true or false, or counted.
    """
    wanted = COLUMNS if "columns" in part else ONE_CELL
    given = set(part) - {"missing"}
    if given != wanted:
        yield (
            (),
            f"{kind} has {listed(sorted(given)) or 'nothing'}.",
            f"This form needs {listed(sorted(wanted))}.",
        )
    place = "columns" if "columns" in part else "values"
    for answer, value in part.get(place, {}).items():
        if isinstance(value, dict):
            yield from _reason((place, answer), value.get("missing"), codebook)
        elif codes is None:
            what, fix = _plain_problem(value, kind)
            if what:
                yield (place, answer), what, fix
        elif value != "none" and value not in codes:
            barriers = codes is codebook.barriers
            group = "in the classification of barriers" if barriers else "one of its outputs"
            yield (place, answer), f"'{value}' is not {group}.", did_you_mean(value, codes)
    for key in ("empty", "none_chosen"):
        if part.get(key, "none") != "none":
            yield from _reason((key,), part[key], codebook)
    for answer, reason in part.get("missing", {}).items():
        yield from _reason(("missing", answer), reason, codebook)
    both = set(map(str, part.get("chosen", ()))) & set(map(str, part.get("not_chosen", ())))
    for answer in sorted(both):
        yield ("chosen",), f"'{answer}' stands under chosen: and not_chosen:.", "Keep one of the two."


def _plain_problem(value: object, kind: str) -> tuple[str, str]:
    """What stands where an answer is chosen or not, or where it is counted."""
    if isinstance(value, bool) or value == "none" or (kind == "count_of" and isinstance(value, str)):
        return "", ""
    counted = "; a text counts answers of the same text once" if kind == "count_of" else ""
    return f"'{value}' stands where true or false belongs.", f"Write true for answers that count{counted}."


def _reason(steps: Steps, reason: object, codebook: Codebook) -> Iterator[tuple[Steps, str, str]]:
    if reason not in codebook.missing:
        fix = f"{did_you_mean(reason, codebook.missing)} Known: {listed(codebook.missing)}."
        yield steps, f"The missing reason '{reason}' is not known.", fix
