"""What a variable means, in one line and as a checksum, so that two codebooks can be compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kij_analysis.codebook import Codebook
from kij_analysis.exchange.plain import checksum_of


def definitions(codebook: Codebook, columns: Iterable[str]) -> dict[str, dict[str, str]]:
    """For each harmonised column its definition in words and the checksum of all of it.

    Labels do not count: a better translation changes no definition.

    Examples
    --------
    >>> from kij_analysis.codebook import load_codebook
    >>> from kij_analysis.template import template_folder
    >>> book = load_codebook(template_folder() / "codebook")
    >>> definitions(book, ["confidence_score"])["confidence_score"]["says"]
    'number, 0 to 100, points_0_100'
    """
    known = codebook.columns
    found = {}
    for name in columns:
        if name not in known:
            continue
        column = known[name]
        variable = codebook.variables[column.variable]
        whole: dict[str, Any] = {
            "concept": variable.concept, "frame": column.frame, "type": column.type, "unit": column.unit,
            "minimum": column.minimum, "maximum": column.maximum, "ordered": column.ordered,
            "categories": {code: one.meaning for code, one in column.categories.items()},
            "classes": list(column.classes), "standard": variable.standard,
            "asked_of": {role: list(waves) for role, waves in variable.asked_of.items()},
            "only_if": {name: [str(v) for v in values] for name, values in variable.only_if.items()},
        }  # fmt: skip
        found[name] = {"says": _said(whole), "checksum": checksum_of(whole)[:16]}
    return found


def _said(whole: dict[str, Any]) -> str:
    parts = [whole["type"]]
    low, high = whole["minimum"], whole["maximum"]
    if low is not None or high is not None:
        ends = [f"{low:g}" if low is not None else "…", f"{high:g}" if high is not None else "…"]
        parts.append(" to ".join(ends))
    if whole["unit"]:
        parts.append(whole["unit"])
    if whole["categories"]:
        parts.append(("in order: " if whole["ordered"] else "") + " | ".join(whole["categories"]))
    if whole["classes"]:
        parts.append("described in classes from " + ", ".join(f"{one:g}" for one in whole["classes"]))
    return ", ".join(parts)
