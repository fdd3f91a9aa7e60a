"""Rules, instruments and codebook as plain data, so that a ledger can be compared with a later one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from pathlib import PurePath
from typing import Any

from kij_analysis.codebook.crosswalks import Crosswalk, Missing
from kij_analysis.codebook.variables import Codebook, Column
from kij_analysis.harmonisation.lookups import answer_code


def plain(value: object) -> Any:
    """A rule or setting as JSON can hold it; what stands at its default is left out.

    A kind of rule that is added later needs no word here: every frozen dataclass becomes the mapping of its
    fields, and a missing reason becomes ``{"missing": reason}`` as in a crosswalk.

    Examples
    --------
    >>> from kij_analysis.codebook.crosswalks import Map
    >>> plain(Map(source="Job", values={1: "employed", "Ved ikke": Missing("dont_know")}))
    {'source': 'Job', 'values': {'1': 'employed', 'Ved ikke': {'missing': 'dont_know'}}}
    """
    if isinstance(value, Missing):
        return {"missing": value.reason}
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(getattr(value, field.name)) for field in fields(value) if _told(value, field)
        }
    if isinstance(value, Mapping):
        return {answer_code(key): plain(part) for key, part in value.items()}
    if isinstance(value, str) or value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Iterable):
        parts = [plain(part) for part in value]
        return sorted(parts, key=str) if isinstance(value, set | frozenset) else parts
    return value.name if isinstance(value, PurePath) else str(value)


def _told(value: object, field: Any) -> bool:
    """Whether a field differs from its default; one added later does not make every old rule differ."""
    own = getattr(value, field.name)
    if field.default is not MISSING:
        return bool(own != field.default)
    if field.default_factory is not MISSING:
        return bool(own != field.default_factory())
    return True


def canonical(value: object) -> str:
    """One text for one rule: the same whatever the order in which its answers stand.

    Examples
    --------
    >>> canonical({"b": 1, "a": "æ"})
    '{"a": "æ", "b": 1}'
    """
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True)


def definitions(crosswalks: Iterable[Crosswalk], codebook: Codebook) -> dict[str, Any]:
    """What rules are read against: instruments, columns, scales and missing reasons, with English labels."""
    return {
        "instruments": {crosswalk.instrument.id: plain(crosswalk.instrument) for crosswalk in crosswalks},
        "columns": {name: _column(column, codebook) for name, column in codebook.columns.items()},
        "scales": {name: plain(scale) for name, scale in codebook.scales.items()},
        "missing": {name: reason.labels["en"] for name, reason in codebook.missing.items()},
        "programmes": {name: programme.short for name, programme in codebook.programmes.items()},
    }


def _column(column: Column, codebook: Codebook) -> dict[str, Any]:
    variable = codebook.variables[column.variable]
    found: dict[str, Any] = {
        "label": column.labels["en"],
        "variable": column.variable,
        "frame": column.frame,
        "type": column.type,
    }
    bounds = {"minimum": column.minimum, "maximum": column.maximum}
    found |= {name: bound for name, bound in bounds.items() if bound is not None}
    if column.categories:
        found["categories"] = {code: category.labels["en"] for code, category in column.categories.items()}
    if variable.only_if:
        found["only_if"] = plain(variable.only_if)
    return found
