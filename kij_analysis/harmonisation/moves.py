"""Who stands elsewhere than in the run before, counted without a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.harmonisation.causes import Causes
from kij_analysis.harmonisation.frames import PERSON
from kij_analysis.harmonisation.runs import ANY, KEYED, OTHER, Run, Unit

MOVED = [
    "frame", "column", "programme", "role", "wave", "from", "from_missing", "to", "to_missing", "people",
    "cause", "because",
]  # fmt: skip
CAME = ["frame", "programme", "role", "wave", "new", "gone", "both"]
COUNTED = ["frame", "column", "programme", "role", "wave", "value", "missing", "old", "new"]


def came_and_went(old: Run, new: Run) -> pd.DataFrame:
    """How many rows are new, gone and in both runs, by programme, role and wave."""
    rows = []
    for frame, keys in KEYED.items():
        before, after = (run.frames[frame][keys].drop_duplicates() for run in (old, new))
        both = before.merge(after, on=keys, how="outer", indicator="there")
        groups = [name for name in ("programme", "role", "wave") if name in keys]
        for codes, part in both.groupby(groups, observed=True, sort=True):
            counts = part["there"].value_counts()
            place = dict(zip(groups, codes, strict=True))
            found = {"new": counts["right_only"], "gone": counts["left_only"], "both": counts["both"]}
            rows.append({"frame": frame, "role": "", "wave": ""} | place | found)
    return pd.DataFrame(rows, columns=CAME)


def moves(old: Run, new: Run) -> pd.DataFrame:
    """For every column the people in both runs whose value differs, from → to, with the cause."""
    causes = Causes(old, new)
    units = _units(old, new)
    rows = [row for frame, keys in KEYED.items() for row in _of_frame(frame, keys, old, new, causes, units)]
    found = pd.DataFrame(rows, columns=MOVED)
    return found.sort_values("people", ascending=False, kind="stable", ignore_index=True)


def _units(old: Run, new: Run) -> Mapping[tuple[str, ...], tuple[Unit, ...]]:
    """The questionnaires that each person, and each programme, has answered in either run."""
    everybody = pd.concat([old.units(), new.units()]).drop_duplicates()
    found: dict[tuple[str, ...], dict[Unit, None]] = {}
    for programme, person, role, instrument, turn in everybody.itertuples(index=False, name=None):
        found.setdefault((programme, person, role), {})[(instrument, turn)] = None
        found.setdefault((programme,), {})[(instrument, turn)] = None
    return {who: tuple(units) for who, units in found.items()}


def _of_frame(
    frame: str,
    keys: list[str],
    old: Run,
    new: Run,
    causes: Causes,
    units: Mapping[tuple[str, ...], tuple[Unit, ...]],
) -> Iterator[dict[str, Any]]:
    before, after = (run.frames[frame].drop_duplicates(keys).set_index(keys) for run in (old, new))
    common = before.index.intersection(after.index, sort=False)
    before, after = before.loc[common], after.loc[common]
    names = [name for name in _columns(frame, before, old) if name in after.columns]
    who = common.to_frame(index=False).to_dict("records")
    mine = _units_of(frame, who, (before, after), units)
    for name in names:
        if _same(before, after, [name, f"{name}_missing"]):
            continue
        states = _states(before, after, name)
        if len(states):
            yield from _grouped(frame, name, states, who, mine, causes)


def _units_of(
    frame: str,
    who: list[dict[str, Any]],
    frames: tuple[pd.DataFrame, pd.DataFrame],
    units: Mapping[tuple[str, ...], tuple[Unit, ...]],
) -> list[tuple[Unit, ...]]:
    """The questionnaires that each row can come from."""
    if frame == "answers":
        names = [
            zip(part["instrument"].tolist(), map(_text, part["round"].tolist()), strict=True)
            for part in frames
        ]
        return [tuple(dict.fromkeys(pair)) for pair in zip(*names, strict=True)]
    keys = [tuple(row[part] for part in PERSON if part in row) for row in who]
    return [units.get(key, units.get(key[:1], ())) for key in keys]


def _states(before: pd.DataFrame, after: pd.DataFrame, name: str) -> pd.DataFrame:
    """The rows that differ in one column: from, from_missing, to, to_missing, by position."""
    was, now = before[name].reset_index(drop=True), after[name].reset_index(drop=True)
    reasons = [part[f"{name}_missing"].reset_index(drop=True).astype("object") for part in (before, after)]
    texts = [values.astype("object").where(values.notna(), None).map(_text) for values in (was, now)]
    gaps = [
        reason.where(values.isna(), None).map(_text)
        for reason, values in zip(reasons, (was, now), strict=True)
    ]
    differ = (texts[0] != texts[1]) | (gaps[0] != gaps[1])
    found = pd.DataFrame({"from": texts[0], "from_missing": gaps[0], "to": texts[1], "to_missing": gaps[1]})
    found = found[differ.to_numpy()]
    if not _closed(was):
        found["from"] = np.where(found["from"] != "", ANY, "")
        found["to"] = np.where(found["to"] == "", "", np.where(found["from"] == "", ANY, OTHER))
    return found


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value)


def _grouped(
    frame: str,
    name: str,
    states: pd.DataFrame,
    who: list[dict[str, Any]],
    mine: list[tuple[Unit, ...]],
    causes: Causes,
) -> Iterator[dict[str, Any]]:
    """People who moved alike and for the same reason are one row."""
    people: dict[tuple[Any, ...], int] = {}
    known: dict[tuple[Unit, ...], tuple[Unit, ...]] = {}
    for position, *state in states.itertuples(name=None):
        key, asked = who[position], mine[position]
        if asked not in known:
            known[asked] = tuple(unit for unit in asked if causes.touched(name, unit)) or asked
        touched = known[asked]
        place = (key["programme"], key.get("role", ""), key.get("wave", ""), touched, *state)
        people[place] = people.get(place, 0) + 1
    told: dict[tuple[Any, ...], int] = {}
    for (programme, role, wave, touched, *state), count in people.items():
        before, after = (state[0], state[1]), (state[2], state[3])
        cause = causes.of(name, touched, before, after)
        row = (programme, role, wave, *before, *after, *cause)
        told[row] = told.get(row, 0) + count
    for (programme, role, wave, was, gap, to, missing, cause, because), count in told.items():
        yield {
            "frame": frame, "column": name, "programme": programme, "role": role, "wave": wave, "from": was,
            "from_missing": gap, "to": to, "to_missing": missing, "people": count, "cause": cause,
            "because": because,
        }  # fmt: skip


def counts(old: Run, new: Run) -> pd.DataFrame:
    """How many rows have each value in the two runs, where that differs; for runs that cannot be linked."""
    differing_in = {
        frame: [
            name
            for name in _columns(frame, old.frames[frame], old)
            if not _same(old.frames[frame], new.frames[frame], [*keys, name, f"{name}_missing"])
        ]
        for frame, keys in KEYED.items()
    }
    tables = [_counted(run, differing_in) for run in (old, new)]
    differing = [place for place in {**tables[0], **tables[1]} if tables[0][place] != tables[1][place]]
    rows = [(*place, *(table[place] for table in tables)) for place in sorted(differing)]
    return pd.DataFrame(rows, columns=COUNTED)


def _same(one: pd.DataFrame, other: pd.DataFrame, names: list[str]) -> bool:
    """Whether some columns are the same, row for row; a quick look before the long one."""
    if not {*names} <= {*one.columns} & {*other.columns}:
        return False
    return all(one[name].equals(other[name]) for name in names)


def _counted(run: Run, wanted: Mapping[str, list[str]]) -> Counter[tuple[str, ...]]:
    """Rows by frame, column, programme, role, wave, value and missing reason."""
    found: Counter[tuple[str, ...]] = Counter()
    for frame, keys in KEYED.items():
        table = run.frames[frame]
        none = [""] * len(table)
        groups = [table[name].tolist() if name in keys else none for name in ("programme", "role", "wave")]
        for name in [name for name in wanted[frame] if name in table.columns]:
            values = table[name]
            texts = values.astype("object").where(values.notna(), None).map(_text)
            texts = texts if _closed(values) else texts.where(texts == "", ANY)
            gaps = table[f"{name}_missing"].astype("object").where(values.isna(), None).map(_text)
            found.update((frame, name, *row) for row in zip(*groups, texts, gaps, strict=True))
    return found


def _columns(frame: str, table: pd.DataFrame, run: Run) -> list[str]:
    """The harmonised columns of a frame; what `answers` repeats of the person is counted there."""
    names = [name for name in table.columns if f"{name}_missing" in table.columns]
    return [name for name in names if frame != "answers" or name not in run.frames["people"].columns]


def _closed(values: pd.Series) -> bool:
    return isinstance(values.dtype, pd.CategoricalDtype) or pd.api.types.is_bool_dtype(values.dtype)
