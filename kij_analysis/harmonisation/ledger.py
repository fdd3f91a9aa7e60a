"""The ledger: what went in, what came out, and what became of every answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.codebook.crosswalks import Missing
from kij_analysis.codebook.instruments import WAVES
from kij_analysis.codebook.variables import KEYS
from kij_analysis.errors import Problem
from kij_analysis.files import write_json
from kij_analysis.harmonisation.direction import DIRECTION
from kij_analysis.harmonisation.filled import Filled
from kij_analysis.harmonisation.lookups import reason_of
from kij_analysis.harmonisation.parts import Part
from kij_analysis.harmonisation.resolving import NOTHING


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """The accounts of one harmonisation, as frames.

    `sources`: one row per file (rows in and out, checksums). `rules`: one row per file and harmonised
    column (status, detail, reason, decider, counts of valid and missing). `counts`: from → to with the
    number of rows; open columns are counted without their answers. `lost`: rows that did not pass, and
    `left_behind`: columns that did not, with the reason. `linkage`: how many people of each programme and
    role stand in which waves, as their pseudonyms link them. `direction`: the correlations of the direction
    check. `problems`: notices, and the errors of a run
    that was told to go on.
    """

    sources: pd.DataFrame
    rules: pd.DataFrame
    counts: pd.DataFrame
    lost: pd.DataFrame
    left_behind: pd.DataFrame
    linkage: pd.DataFrame
    direction: pd.DataFrame
    problems: tuple[Problem, ...]

    def save(self, path: Path | str) -> Path:
        """Write the ledger as JSON; it is internal and holds counts by answer."""
        content: dict[str, Any] = {
            name: _records(getattr(self, name))
            for name in ("sources", "rules", "counts", "lost", "left_behind", "linkage", "direction")
        }
        content["problems"] = [str(problem) for problem in self.problems]
        return write_json(path, content)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows with None where nothing stands: JSON has no word for NaN."""
    plain = frame.astype(object)
    return plain.where(frame.notna(), None).to_dict("records")


def ledger_of(parts: Sequence[Part]) -> Ledger:
    """The ledger of the files of a study."""
    return Ledger(
        sources=pd.DataFrame([_source(part) for part in parts]).astype({"invited": "Int64"}),
        rules=pd.DataFrame([row for part in parts for row in _rules(part)]).astype({"line": "Int64"}),
        counts=pd.DataFrame(
            [row for part in parts for filled in part.filled for row in _counts(part, filled)],
            columns=["instrument", "file", "column", "from", "to", "missing", "rows"],
        ),
        lost=pd.DataFrame(
            [
                _at(part) | {"reason": reason, "rows": rows}
                for part in parts
                for reason, rows in part.lost.items()
            ],
            columns=["instrument", "file", "reason", "rows"],
        ),
        left_behind=pd.DataFrame(
            [_at(part) | {"column": c, "reason": r} for part in parts for c, r in part.left_behind.items()],
            columns=["instrument", "file", "column", "reason"],
        ),
        linkage=_linkage(parts),
        direction=pd.DataFrame(columns=list(DIRECTION)),
        problems=tuple(problem for part in parts for problem in part.problems),
    )


def _linkage(parts: Sequence[Part]) -> pd.DataFrame:
    """How many people stand in which waves, such as ``entry+end``; nobody is guessed together."""
    order = {wave: place for place, wave in enumerate(WAVES)}
    people = [part for part in parts if part.crosswalk.instrument.unit == "person"]
    rows = pd.concat([part.frame[list(KEYS)] for part in people or parts], ignore_index=True)
    rows = rows.sort_values("wave", key=lambda waves: waves.map(order), kind="stable")
    grouped = rows.groupby(["programme", "role", "person_id"], sort=True)["wave"]
    waves = grouped.agg(lambda found: "+".join(dict.fromkeys(found)))
    counted = waves.reset_index().groupby(["programme", "role", "wave"], sort=True).size()
    return counted.rename("people").reset_index().rename(columns={"wave": "waves"})


def _at(part: Part) -> dict[str, Any]:
    return {"instrument": part.crosswalk.instrument.id, "file": part.source.shown}


def _source(part: Part) -> dict[str, Any]:
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
        "sha256": part.sha256,
        "crosswalk": part.crosswalk.name,
        "crosswalk_sha256": part.crosswalk_sha256,
    }


def _rules(part: Part) -> list[dict[str, Any]]:
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
                "status": rule.status,
                "detail": rule.detail,
                "because": rule.because,
                "decided_by": rule.decided_by,
                "on": rule.on,
                "line": rule.line,
                "valid": len(part.frame) - missing,
                "missing": missing,
                "data_status": part.source.data_status,
            }
        )
    return rows


def _counts(part: Part, filled: Filled) -> list[dict[str, Any]]:
    """From → to, with the number of rows; answers that lead to the same and are not shown are one row."""
    totals = np.bincount(filled.positions, minlength=len(filled.outcomes))
    rows: dict[tuple[str, str, str], int] = {}
    for answer, outcome, count in zip(filled.answers, filled.outcomes, totals, strict=True):
        if count:
            key = (
                answer,
                _shown(answer, outcome),
                "rule_failed" if outcome is NOTHING else reason_of(outcome),
            )
            rows[key] = rows.get(key, 0) + int(count)
    return [
        _at(part) | {"column": filled.column.name, "from": answer, "to": to, "missing": reason, "rows": count}
        for (answer, to, reason), count in rows.items()
    ]


def _shown(answer: str, outcome: object) -> str:
    if isinstance(outcome, Missing) or outcome is NOTHING:
        return ""
    return str(outcome) if answer else "(as it stands)"


def statuses(rules: pd.DataFrame) -> pd.DataFrame:
    """The harmonisation status of every variable in every instrument.

    Returns
    -------
    DataFrame
        Columns column, variable, instrument, programme, status, detail, because, data_status; one row
        per harmonised column and instrument, in the order of the codebook.

    Examples
    --------
    >>> row = {"variable": "age", "programme": "fika", "status": "complete", "detail": "", "because": ""}
    >>> rounds = [{"column": "age", "instrument": "end", "data_status": "synthetic", **row}] * 2
    >>> statuses(pd.DataFrame(rounds))[["column", "instrument", "status"]].to_numpy().tolist()
    [['age', 'end', 'complete']]
    """
    wanted = ["column", "variable", "instrument", "programme", "status", "detail", "because", "data_status"]
    return rules[wanted].drop_duplicates(["column", "instrument"]).reset_index(drop=True)


def coverage(table: pd.DataFrame) -> pd.DataFrame:
    """Harmonised columns × instruments, with the status in each cell.

    Examples
    --------
    >>> rules = [("age", "end", "complete"), ("hours", "end", "partial")]
    >>> coverage(pd.DataFrame(rules, columns=["column", "instrument", "status"])).loc["hours", "end"]
    'partial'
    """
    once = table.drop_duplicates(["column", "instrument"])
    wide = once.pivot(index="column", columns="instrument", values="status")
    instruments = list(dict.fromkeys(table["instrument"]))
    return wide.reindex(index=list(dict.fromkeys(table["column"])), columns=instruments)


def problem_counts(problems: Sequence[Problem]) -> Mapping[str, int]:
    """How many errors and notices there are."""
    return {kind: sum(p.severity == kind for p in problems) for kind in ("error", "notice")}
