"""The ledger: what went in, what came out, and what became of every answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kij_analysis.errors import Problem, UsageError
from kij_analysis.files import write_json

FORM = 2
"""The form of ledger.json; a later form is a later number."""

FRAMES = {
    "files": ["kind", "file", "sha256"],
    "sources": [
        "instrument", "file", "programme", "role", "wave", "unit", "round", "format", "languages",
        "data_status", "invited", "rows_in", "rows_out", "rows_lost", "sha256", "crosswalk",
        "crosswalk_sha256",
    ],
    "rules": [
        "instrument", "file", "programme", "column", "variable", "from", "rule", "spec", "status", "detail",
        "because", "decided_by", "on", "crosswalk", "line", "valid", "missing", "data_status",
    ],
    "counts": ["instrument", "file", "column", "from", "to", "missing", "rows"],
    "missing": ["instrument", "file", "column", "reason", "rows"],
    "lost": ["instrument", "file", "reason", "rows"],
    "lost_rows": ["instrument", "file", "reason", "row"],
    "left_behind": ["instrument", "file", "column", "reason"],
    "linkage": ["programme", "role", "waves", "people"],
    "key_files": ["instrument", "file", "column", "path", "sha256", "keys", "used", "unmatched"],
    "direction": [
        "instrument", "file", "programme", "role", "wave", "variable", "column", "family", "other_file",
        "items", "n", "correlation", "conf_low", "conf_high", "elsewhere", "n_elsewhere", "verdict",
    ],
}  # fmt: skip
"""The frames of a ledger and their columns, in the order in which ledger.json has them."""

WHOLE = {
    "sources": ("invited", "rows_in", "rows_out", "rows_lost"), "rules": ("line", "valid", "missing"),
    "counts": ("rows",), "missing": ("rows",), "lost": ("rows",), "lost_rows": ("row",),
    "linkage": ("people",), "key_files": ("keys", "used", "unmatched"),
}  # fmt: skip
FRACTIONS = ("correlation", "conf_low", "conf_high", "elsewhere")
MAPPINGS = ("settings", "software", "definitions")


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """The accounts of one harmonisation, as frames.

    `files`: everything that was read, with checksums. `sources`: one row per data file (rows in, out and
    lost). `rules`: one row per file and harmonised column (status, detail, reason, decider, counts of valid
    and missing; `spec` is the rule itself as JSON, `crosswalk` and `line` say where it stands). `counts`:
    from → to with the number of rows; open columns are counted without their answers. `missing`: why values
    are missing, by column. `lost`: rows that did not pass, and `lost_rows` their numbers as a spreadsheet
    shows them, but of rows left out by request; `left_behind`: columns that did not, with the reason.
    `linkage`: how many people of each programme and role stand in which waves, as their pseudonyms link
    them. `key_files`: the tables that rules joined, with checksum and counts. `direction`: the correlations
    of the direction check. `settings`, `software` and `definitions` (instruments, columns, scales, missing
    reasons) are what the rules were read against.
    `problems`: notices, and the errors of a run that was told to go on.
    """

    files: pd.DataFrame
    sources: pd.DataFrame
    rules: pd.DataFrame
    counts: pd.DataFrame
    missing: pd.DataFrame
    lost: pd.DataFrame
    lost_rows: pd.DataFrame
    left_behind: pd.DataFrame
    linkage: pd.DataFrame
    key_files: pd.DataFrame
    direction: pd.DataFrame
    settings: Mapping[str, Any]
    software: Mapping[str, str]
    definitions: Mapping[str, Any]
    problems: tuple[Problem, ...]

    def save(self, path: Path | str) -> Path:
        """Write the ledger as JSON; it is internal and holds counts by answer."""
        content: dict[str, Any] = {"form": FORM} | {name: dict(getattr(self, name)) for name in MAPPINGS[:2]}
        content |= {name: _records(getattr(self, name)) for name in FRAMES}
        for rule in content["rules"]:
            rule["spec"] = json.loads(rule["spec"])
        content["definitions"] = dict(self.definitions)
        content["problems"] = [_short(problem) for problem in self.problems]
        return write_json(path, content)


def load_ledger(path: Path | str) -> Ledger:
    """A ledger as `Ledger.save` wrote it.

    Raises
    ------
    UsageError
        If there is none, or if it is of an older form.

    Examples
    --------
    >>> load_ledger("nowhere/ledger.json")
    Traceback (most recent call last):
    ...
    kij_analysis.errors.UsageError: nowhere/ledger.json: There is no ledger. Run kij harmonise first, or name
    a folder that it has written.
    """
    place = Path(path)
    shown = f"{place.parent.name}/{place.name}"
    try:
        content = json.loads(place.read_text("utf-8"))
    except FileNotFoundError:
        fix = "Run kij harmonise first, or name a folder that it has written."
        raise UsageError("There is no ledger.", fix=fix, file=shown) from None
    except (OSError, ValueError):
        raise UsageError("The ledger cannot be read.", fix="Run kij harmonise again.", file=shown) from None
    if not isinstance(content, dict) or content.get("form") != FORM:
        what = "The ledger is of another version of kij_analysis."
        raise UsageError(what, fix="Run kij harmonise again with this version.", file=shown)
    for rule in content["rules"]:
        rule["spec"] = json.dumps(rule["spec"], ensure_ascii=False, sort_keys=True)
    frames = {
        name: typed(name, pd.DataFrame(content[name], columns=columns)) for name, columns in FRAMES.items()
    }
    problems = tuple(Problem(**problem) for problem in content["problems"])
    return Ledger(**frames, **{name: content[name] for name in MAPPINGS}, problems=problems)


def typed(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """A frame of the ledger with its numbers as numbers; some may be unknown."""
    unknown = {column: "Int64" for column in ("invited", "line") if column in frame.columns}
    unknown |= {column: "float64" for column in FRACTIONS if column in frame.columns}
    kinds = dict.fromkeys(WHOLE.get(name, ()), "int64") | unknown
    other = {column: kind for column, kind in kinds.items() if frame[column].dtype != kind}
    return frame.astype(other) if other else frame


def _short(problem: Problem) -> dict[str, Any]:
    """A problem without what it does not say."""
    return {name: value for name, value in asdict(problem).items() if value not in (None, "")}


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows with None where nothing stands: JSON has no word for NaN."""
    bare = frame.astype(object)
    return bare.where(frame.notna(), None).to_dict("records")


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
