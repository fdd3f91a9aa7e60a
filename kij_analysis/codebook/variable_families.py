"""Families of variables read from variables.yaml, with what does not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kij_analysis.codebook.variables import Column, Family, Variable
from kij_analysis.codebook.yaml_files import Document
from kij_analysis.codebook.yaml_nodes import Steps
from kij_analysis.errors import Problem, did_you_mean

Found = tuple[Steps, str, str]


def read_variable_families(
    document: Document, variables: Mapping[str, Variable]
) -> tuple[dict[str, Family], list[Problem]]:
    """The families of a codebook and their problems; a codebook need not have any."""
    families = {
        code: Family(code=code, variables=tuple(entry["variables"]), basis=entry["basis"])
        for code, entry in document.data.get("families", {}).items()
    }
    found = [document.problem(*place) for place in _problems(families, variables)]
    return families, found


def _problems(families: Mapping[str, Family], variables: Mapping[str, Variable]) -> Iterator[Found]:
    taken: dict[str, str] = {}
    for code, family in families.items():
        for position, name in enumerate(family.variables):
            steps: Steps = ("families", code, "variables", position)
            if name not in variables:
                yield steps, f"There is no variable '{name}'.", did_you_mean(name, variables)
            elif not any(has_order(column) for column in variables[name].columns):
                what = f"The answers to '{name}' have no order, so nothing can run against it."
                yield steps, what, "Remove it from the family."
            elif name in taken:
                yield steps, f"'{name}' stands in the family {taken[name]} too.", "Keep it in one of the two."
            taken.setdefault(name, code)


def has_order(column: Column) -> bool:
    """Whether more of a column means more of something: numbers, yes and no, ordered categories.

    Examples
    --------
    >>> has_order(Column(name="x", variable="x", output="", frame="answers", type="text", labels={}))
    False
    """
    return column.type in ("number", "boolean") or column.ordered
