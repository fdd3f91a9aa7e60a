"""Properties of the sources by harmonised column, so that comparisons can take them into account."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from kij_analysis.codebook.crosswalks import Rule
from kij_analysis.codebook.variables import Codebook, Scale
from kij_analysis.harmonisation.parts import Part
from kij_analysis.sources import RawTable

PROPERTIES = (
    "instrument", "file", "programme", "country", "role", "wave", "round", "year", "mode", "languages",
    "column", "variable", "source_columns", "wording", "kind", "status", "detail", "scale", "steps",
    "has_middle", "direction", "turned", "labelled", "threshold", "data_status",
)  # fmt: skip
"""The columns of `data.properties`."""


def wordings(raw: RawTable) -> dict[str, str]:
    """How each question was put: the file's label of the column, or the heading where that is the question.

    A heading counts as a question where it has two words or more; "sp7" is none.
    """
    found = {}
    for name, notes in raw.columns.items():
        heading = str(name) if len(str(name).split()) > 1 else ""
        found[str(name)] = notes.label or heading
    return found


def properties(parts: Sequence[Part], codebook: Codebook) -> pd.DataFrame:
    """What is known about how each file asks for each harmonised column.

    After the harmonisation controls of Survey Data Recycling (Słomczyński and Tomescu-Dubrow 2018):
    properties of the source item that can move answers without anybody being different.

    Returns
    -------
    DataFrame
        One row per file and harmonised column. `year` is that in which most answers were given (else that of
        the round), `wording` the question as it was asked where the file says it, `kind` the rule's kind.
        Of a column that comes from an answer scale: `scale`, its number of `steps`, whether it `has_middle`,
        its `direction` in the questionnaire, whether the rule has `turned` it round, whether *all*, *ends*,
        *some* or *none* of its points are `labelled`, and the step (from 1) at which a `threshold` cuts;
        empty otherwise.
    """
    variables = {name: column.variable for name, column in codebook.columns.items()}
    rows = []
    for part in parts:
        source = _source(part, codebook)
        for rule in part.crosswalk.rules:
            rows.append(source | {"variable": variables[rule.column]} | _row(part, rule, codebook))
    frame = pd.DataFrame(rows, columns=list(PROPERTIES))
    told = {"has_middle": "boolean", "turned": "boolean"}
    return frame.astype({"year": "Int64", "steps": "Int64", "threshold": "Int64", **told})


def _source(part: Part, codebook: Codebook) -> dict[str, Any]:
    """What holds for all columns of a file."""
    instrument = part.crosswalk.instrument
    round_ = part.source.round or instrument.round
    return {
        "instrument": instrument.id,
        "file": part.source.shown,
        "programme": instrument.programme,
        "country": instrument.country or codebook.programmes[instrument.programme].country,
        "role": instrument.role,
        "wave": instrument.wave,
        "round": round_,
        "year": _year(part.frame, round_),
        "mode": instrument.mode,
        "languages": ", ".join(instrument.languages),
        "data_status": part.source.data_status,
    }


def _row(part: Part, rule: Rule, codebook: Codebook) -> dict[str, Any]:
    return {
        "column": rule.column,
        "source_columns": ", ".join(rule.sources),
        "wording": _wording(rule, part.wording),
        "kind": rule.kind,
        "status": rule.status,
        "detail": rule.detail,
        **_scale(rule, codebook),
    }


def _wording(rule: Rule, wording: Mapping[str, str]) -> str:
    return " | ".join(dict.fromkeys(wording[name] for name in rule.sources if wording.get(name)))


def _scale(rule: Rule, codebook: Codebook) -> dict[str, Any]:
    scale = codebook.scales.get(getattr(rule.spec, "scale", ""))
    at = getattr(rule.spec, "at", None)
    if scale is None:
        return dict.fromkeys(("scale", "direction", "labelled"), "")
    return {
        "scale": scale.id,
        "steps": len(scale.categories),
        "has_middle": scale.middle,
        "direction": scale.direction,
        "turned": bool(getattr(rule.spec, "reversed", False)),
        "labelled": labelled(scale),
        "threshold": at + 1 if isinstance(at, int) else None,
    }


def labelled(scale: Scale) -> str:
    """Which points of a scale carry words: all, ends, some or none.

    Examples
    --------
    >>> from kij_analysis.codebook import load_codebook
    >>> from kij_analysis.template import template_folder
    >>> labelled(load_codebook(template_folder() / "codebook").scales["skill6_nb"])
    'all'
    """
    worded = [bool(step.labels) for step in scale.categories]
    if all(worded):
        return "all"
    if worded[0] and worded[-1] and sum(worded) == 2:
        return "ends"
    return "some" if any(worded) else "none"


def _year(frame: pd.DataFrame, round_: str) -> int | None:
    """The year of most answers, the earlier of two; without dates the year that the round names."""
    years = pd.to_datetime(frame["date"]).dt.year.dropna()
    if len(years):
        return int(years.mode().iloc[0])
    named = re.search(r"(?<!\d)(19|20)\d\d(?!\d)", round_)
    return int(named.group()) if named else None
