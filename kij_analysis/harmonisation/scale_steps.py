"""The steps behind every threshold: the shares if the scale were cut one step lower or higher."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.codebook.crosswalks import Stretch, Threshold
from kij_analysis.codebook.variables import Codebook, Scale
from kij_analysis.harmonisation.applying import apply_rule
from kij_analysis.harmonisation.compiling import compile_rule
from kij_analysis.harmonisation.filled import Filled
from kij_analysis.harmonisation.lookups import CompiledCrosswalk
from kij_analysis.harmonisation.parts import Part
from kij_analysis.sources import RawTable

SENSITIVITY = (
    "instrument", "file", "programme", "role", "wave", "round", "variable", "column", "scale", "steps", "at",
    "moved", "step", "label", "count", "n", "left_out", "data_status",
)  # fmt: skip
"""The columns of `data.sensitivity`."""

MOVED = (0, -1, 1)
"""The threshold as the crosswalk declares it, one step lower and one step higher."""

PERSON = ["programme", "person_id", "role"]


def steps_of(compiled: CompiledCrosswalk, raw: RawTable, codebook: Codebook) -> tuple[Filled, ...]:
    """The step, counted from 1, of every answer behind a threshold; the columns have the threshold's names.

    The same answers go the same way as in the rule itself; what does not fit is told there.
    """
    instrument = compiled.crosswalk.instrument
    found = []
    for one in compiled.rules:
        spec = one.rule.spec
        if not isinstance(spec, Threshold):
            continue
        steps = len(codebook.scales[spec.scale].categories)
        even = Stretch(
            source=spec.source,
            scale=spec.scale,
            low=1,
            high=steps,
            missing=spec.missing,
            reversed=spec.reversed,
        )
        plain = compile_rule(replace(one.rule, spec=even), codebook, instrument.missing)
        number = replace(one.column, type="number", minimum=None, maximum=None)
        found.append(apply_rule(replace(plain, column=number), raw, instrument))
    return tuple(found)


def sensitivity(parts: Sequence[Part], people: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """For every threshold the women above it, as declared and with the cut moved by one step.

    Returns
    -------
    DataFrame
        Three rows for each file and column that a threshold fills (`moved` is 0, -1, 1). `at` is the step
        that the crosswalk declares and `step` the one from which on a row counts, both from 1; `label` is
        what the questionnaire calls it. `count` women of `n` with an answer lie at that step or above;
        `left_out` persons with an answer are no women. A cut below the second step or above the last counts
        everybody or nobody: `count` is empty there. Where the codebook has no gender everybody counts.
    """
    gender = people.set_index(PERSON)["gender"] if "gender" in people.columns else None
    rows = [
        row
        for part in parts
        if part.steps
        for women in [_women(part, gender)]
        for filled in part.steps
        for row in _moved(part, filled, women, codebook)
    ]
    frame = pd.DataFrame(rows, columns=list(SENSITIVITY))
    return frame.astype({"count": "Int64", "n": "Int64", "left_out": "Int64"})


def _women(part: Part, gender: pd.Series | None) -> np.ndarray:
    if gender is None or part.frame.empty:
        return np.ones(len(part.frame), dtype=bool)
    found = gender.reindex(pd.MultiIndex.from_frame(part.frame[PERSON]))
    return (found == "woman").fillna(False).to_numpy(dtype=bool)


def _moved(part: Part, filled: Filled, women: np.ndarray, codebook: Codebook) -> Iterator[dict[str, Any]]:
    """The rows of one threshold; who has no value in the harmonised column is in none of them."""
    name = filled.column.name
    rule, instrument = part.crosswalk.rule(name), part.crosswalk.instrument
    assert isinstance(rule.spec, Threshold)
    scale, at = codebook.scales[rule.spec.scale], rule.spec.at + 1
    answered = part.frame[name].notna().to_numpy(dtype=bool)
    steps = filled.values().round().to_numpy(dtype="float64")[answered & women]
    for moved in MOVED:
        step = at + moved
        there = 2 <= step <= len(scale.categories)
        yield {
            "instrument": instrument.id,
            "file": part.source.shown,
            "programme": instrument.programme,
            "role": instrument.role,
            "wave": instrument.wave,
            "round": part.source.round or instrument.round,
            "variable": filled.column.variable,
            "column": name,
            "scale": scale.id,
            "steps": len(scale.categories),
            "at": at,
            "moved": moved,
            "step": step,
            "label": step_label(scale, step, instrument.languages) if there else "",
            "count": int((steps >= step).sum()) if there else None,
            "n": len(steps),
            "left_out": int((answered & ~women).sum()),
            "data_status": part.source.data_status,
        }


def step_label(scale: Scale, step: int, languages: Sequence[str]) -> str:
    """What a questionnaire calls a step, in the first of its languages that the scale has; else its code.

    Examples
    --------
    >>> from kij_analysis.codebook import load_codebook
    >>> from kij_analysis.template import template_folder
    >>> scale = load_codebook(template_folder() / "codebook").scales["agreement4_fika"]
    >>> step_label(scale, 3, ["fi", "sv"]), step_label(scale, 3, [])
    ('Jokseenkin samaa mieltä', 'Delvis av samma åsikt')
    """
    category = scale.categories[step - 1]
    labels: Mapping[str, str] = category.labels
    known = [labels[language] for language in languages if language in labels]
    return next(iter([*known, *labels.values()]), category.code)
