"""Families of missing codes read from variables.yaml."""

from __future__ import annotations

from collections.abc import Collection

from kij_analysis.codebook.variables import MissingFamily
from kij_analysis.codebook.yaml_files import Document
from kij_analysis.errors import Problem, did_you_mean, listed


def read_families(
    document: Document, reasons: Collection[str]
) -> tuple[dict[str, MissingFamily], list[Problem]]:
    """The families of a file and their problems; `reasons` are the missing reasons of the codebook."""
    families: dict[str, MissingFamily] = {}
    problems: list[Problem] = []
    for name, entry in document.data.get("missing_families", {}).items():
        for digit, part in entry["codes"].items():
            if reasons and part["reason"] not in reasons:
                fix = f"{did_you_mean(part['reason'], reasons)} Known: {listed(reasons)}."
                what = f"{name}: the missing reason '{part['reason']}' is not known."
                problems.append(document.problem(("missing_families", name, "codes", digit), what, fix))
        families[name] = MissingFamily(
            name=name,
            meaning=entry["meaning"],
            reasons={str(digit): part["reason"] for digit, part in entry["codes"].items()},
            labels={str(digit): tuple(part.get("labels", ())) for digit, part in entry["codes"].items()},
            source=entry.get("source", ""),
        )
    return families, problems
