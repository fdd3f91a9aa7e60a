"""The accounts of one run: every row, rule and answer of every file counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.codebook.crosswalks import Missing
from kij_analysis.codebook.instruments import WAVES
from kij_analysis.codebook.variables import KEYS, Codebook
from kij_analysis.harmonisation.filled import Filled
from kij_analysis.harmonisation.inputs import files_of, settings_of, software
from kij_analysis.harmonisation.leaving_out import UNNUMBERED
from kij_analysis.harmonisation.ledger import FRAMES, Ledger, typed
from kij_analysis.harmonisation.lookups import reason_of
from kij_analysis.harmonisation.parts import Part
from kij_analysis.harmonisation.resolving import NOTHING
from kij_analysis.harmonisation.specs import canonical, definitions
from kij_analysis.privacy import Key
from kij_analysis.study import Study

Row = dict[str, Any]


def ledger_of(
    parts: Sequence[Part],
    study: Study,
    codebook: Codebook,
    *,
    key: Key,
    on_problem: str = "stop",
    directions: pd.DataFrame | None = None,
) -> Ledger:
    """The ledger of the files of a study."""
    makers: dict[str, Callable[[Part], Iterable[Row]]] = {
        "sources": lambda part: [_source(part)],
        "rules": _rules,
        "counts": lambda part: (row for filled in part.filled for row in _counts(part, filled)),
        "missing": _missing,
        "lost": _lost,
        "lost_rows": _lost_rows,
        "key_files": _key_files,
        "left_behind": lambda part: (
            _at(part) | {"column": name, "reason": reason} for name, reason in part.left_behind.items()
        ),
    }
    frames = {
        name: typed(name, pd.DataFrame([row for part in parts for row in maker(part)], columns=FRAMES[name]))
        for name, maker in makers.items()
    }
    return Ledger(
        **frames,
        linkage=_linkage(parts),
        direction=pd.DataFrame(columns=FRAMES["direction"]) if directions is None else directions,
        files=files_of(study, parts),
        settings=settings_of(study, key, on_problem),
        software=software(),
        definitions=definitions([part.crosswalk for part in parts], codebook),
        problems=tuple(problem for part in parts for problem in part.problems),
    )


def _lost(part: Part) -> Iterator[Row]:
    for reason, rows in part.lost.items():
        yield _at(part) | {"reason": reason, "rows": len(rows)}


def _lost_rows(part: Part) -> Iterator[Row]:
    for reason, rows in part.lost.items():
        for row in () if reason in UNNUMBERED else rows:
            yield _at(part) | {"reason": reason, "row": row}


def _key_files(part: Part) -> Iterator[Row]:
    for filled in part.filled:
        if filled.joined:
            yield _at(part) | {"column": filled.column.name} | asdict(filled.joined)


def _missing(part: Part) -> Iterator[Row]:
    """Why values are missing, by harmonised column."""
    for filled in part.filled:
        reasons = part.frame[filled.column.missing].cat
        counted = np.bincount(reasons.codes + 1, minlength=len(reasons.categories) + 1)[1:]
        for reason, rows in zip(reasons.categories, counted, strict=True):
            if rows:
                yield _at(part) | {"column": filled.column.name, "reason": str(reason), "rows": int(rows)}


def _linkage(parts: Sequence[Part]) -> pd.DataFrame:
    """How many people stand in which waves, such as ``entry+end``; nobody is guessed together."""
    people = [part for part in parts if part.crosswalk.instrument.unit == "person"]
    rows = pd.concat([part.frame[list(KEYS)] for part in people or parts], ignore_index=True)
    # One bit for each wave: adding them up tells in which waves a person stands.
    once = rows.drop_duplicates()
    bits = once["wave"].map({wave: 1 << place for place, wave in enumerate(WAVES)})
    total = bits.groupby([once["programme"], once["role"], once["person_id"]], sort=True).sum()
    names = {found: _waves_of(found) for found in total.unique().tolist()}
    counted = total.map(names).rename("wave").reset_index()
    counted = counted.groupby(["programme", "role", "wave"], sort=True).size()
    return counted.rename("people").reset_index().rename(columns={"wave": "waves"})


def _waves_of(bits: int) -> str:
    return "+".join(wave for place, wave in enumerate(WAVES) if bits >> place & 1)


def _at(part: Part) -> Row:
    return {"instrument": part.crosswalk.instrument.id, "file": part.source.shown}


def _source(part: Part) -> Row:
    instrument = part.crosswalk.instrument
    return _at(part) | {
        "programme": instrument.programme,
        "role": instrument.role,
        "wave": instrument.wave,
        "unit": instrument.unit,
        "round": part.source.round or instrument.round,
        "format": instrument.file.format,
        "languages": ", ".join(instrument.languages),
        "data_status": part.source.data_status,
        "invited": instrument.population.get("invited"),
        "rows_in": part.rows_in,
        "rows_out": len(part.frame),
        "rows_lost": sum(len(rows) for rows in part.lost.values()),
        "sha256": part.sha256,
        "crosswalk": part.crosswalk.name,
        "crosswalk_sha256": part.crosswalk_sha256,
    }


def _rules(part: Part) -> list[Row]:
    rows = []
    for rule, filled in zip(part.crosswalk.rules, part.filled, strict=True):
        missing = int(part.frame[filled.column.name].isna().sum())
        rows.append(
            _at(part)
            | {
                "programme": part.crosswalk.instrument.programme,
                "column": rule.column,
                "variable": filled.column.variable,
                "from": " | ".join(rule.sources),
                "rule": rule.kind,
                "spec": canonical(rule.spec),
                "status": rule.status,
                "detail": rule.detail,
                "because": rule.because,
                "decided_by": rule.decided_by,
                "on": rule.on,
                "crosswalk": rule.file or part.crosswalk.name,
                "line": rule.line,
                "valid": len(part.frame) - missing,
                "missing": missing,
                "data_status": part.source.data_status,
            }
        )
    return rows


def _counts(part: Part, filled: Filled) -> list[Row]:
    """From → to, with the number of rows; answers that lead to the same and are not shown are one row."""
    totals = np.bincount(filled.positions, minlength=len(filled.outcomes))
    rows: dict[tuple[str, str, str], int] = {}
    for answer, outcome, count in zip(filled.answers, filled.outcomes, totals, strict=True):
        if count:
            key = (
                answer,
                _shown(answer, outcome, filled.unnamed),
                "rule_failed" if outcome is NOTHING else reason_of(outcome),
            )
            rows[key] = rows.get(key, 0) + int(count)
    return [
        _at(part) | {"column": filled.column.name, "from": answer, "to": to, "missing": reason, "rows": count}
        for (answer, to, reason), count in rows.items()
    ]


def _shown(answer: str, outcome: object, unnamed: str) -> str:
    if isinstance(outcome, Missing) or outcome is NOTHING:
        return ""
    return str(outcome) if answer else unnamed
