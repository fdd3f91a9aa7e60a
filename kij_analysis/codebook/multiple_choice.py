"""Multiple choice in a crosswalk: many answers in one cell, or one column per answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kij_analysis.codebook.crosswalks import ColumnPerAnswer, ManyInOneCell, Missing, Spec
from kij_analysis.codebook.variables import Codebook
from kij_analysis.codebook.yaml_nodes import Steps
from kij_analysis.errors import did_you_mean, listed

ONE_CELL = {"from", "separator", "values", "empty"}
COLUMNS = {"columns", "chosen", "not_chosen", "none_chosen"}


def choice_spec(part: Mapping[str, Any], code: str) -> Spec | None:
    """The rule that says whether `code` was chosen; None where the entry has neither form."""
    missing = part.get("missing", {})
    if "columns" in part:
        return ColumnPerAnswer(
            columns=part["columns"],
            chosen=tuple(part.get("chosen", ())),
            not_chosen=tuple(part.get("not_chosen", ())),
            none_chosen=part.get("none_chosen", ""),
            code=code,
            missing=missing,
        )
    if "from" not in part:
        return None
    values = {
        a: Missing(v["missing"]) if isinstance(v, dict) else v for a, v in part.get("values", {}).items()
    }
    return ManyInOneCell(
        source=part["from"],
        separator=part.get("separator", ""),
        values=values,
        empty=part.get("empty", ""),
        code=code,
        missing=missing,
    )


def choice_problems(part: Mapping[str, Any], codebook: Codebook) -> Iterator[tuple[Steps, str, str]]:
    """(steps below the rule, what is wrong, what would be right) for one multiple choice."""
    wanted = COLUMNS if "columns" in part else ONE_CELL
    given = set(part) - {"missing"}
    if given != wanted:
        yield (
            (),
            f"any_of has {listed(sorted(given)) or 'nothing'}.",
            f"This form needs {listed(sorted(wanted))}.",
        )
    place = "columns" if "columns" in part else "values"
    for answer, code in part.get(place, {}).items():
        if isinstance(code, dict):
            yield from _reason((place, answer), code.get("missing"), codebook)
        elif code != "none" and code not in codebook.barriers:
            what = f"'{code}' is not in the classification of barriers."
            yield (place, answer), what, did_you_mean(code, codebook.barriers)
    for key in ("empty", "none_chosen"):
        if part.get(key, "none") != "none":
            yield from _reason((key,), part[key], codebook)
    for answer, reason in part.get("missing", {}).items():
        yield from _reason(("missing", answer), reason, codebook)
    both = set(map(str, part.get("chosen", ()))) & set(map(str, part.get("not_chosen", ())))
    for answer in sorted(both):
        yield ("chosen",), f"'{answer}' stands under chosen: and not_chosen:.", "Keep one of the two."


def _reason(steps: Steps, reason: object, codebook: Codebook) -> Iterator[tuple[Steps, str, str]]:
    if reason not in codebook.missing:
        fix = f"{did_you_mean(reason, codebook.missing)} Known: {listed(codebook.missing)}."
        yield steps, f"The missing reason '{reason}' is not known.", fix
