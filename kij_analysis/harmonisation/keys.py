"""The key columns of one file: who answered, when, and in which pair."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from kij_analysis.codebook.crosswalks import Crosswalk
from kij_analysis.codebook.variables import KEY_COLUMNS
from kij_analysis.errors import Problem
from kij_analysis.harmonisation.compiling import missing_lookup
from kij_analysis.harmonisation.resolving import matches
from kij_analysis.privacy import Key, is_mask, normal_id
from kij_analysis.sources import RawTable, date_hint, to_dates
from kij_analysis.study import Source


def read_keys(
    raw: RawTable, crosswalk: Crosswalk, source: Source, rows: np.ndarray, key: Key
) -> tuple[pd.DataFrame, list[Problem]]:
    """The key columns of every row; a person or meeting without an id is a problem.

    Persons and pairs stand under pseudonyms of the study's key; their ids go no further.
    """
    instrument, size = crosswalk.instrument, len(raw.frame)
    constant = {
        "programme": instrument.programme,
        "role": instrument.role,
        "wave": instrument.wave,
        "round": source.round or instrument.round,
        "instrument": instrument.id,
        "data_status": source.data_status,
    }
    keys = {name: pd.Series([value] * size, dtype="str") for name, value in constant.items()}
    for name in ("person_id", "pair_id", "round"):
        column = instrument.keys.get(name, "")
        if column in raw.frame.columns:
            codes, answers = raw.keys(column)
            texts = [None if a.declared_missing or is_mask(a.key) else a.key.strip() or None for a in answers]
            if name != "round":
                kind = name.removesuffix("_id")
                spelt = [normal_id(text, instrument.ids) if text else None for text in texts]
                file = "-".join(part for part in (instrument.id, source.round) if part)
                texts = key.pseudonyms(instrument.programme, kind, spelt, file=file)
            keys[name] = pd.Series(texts, dtype="str").take(codes).reset_index(drop=True)
    keys.setdefault("person_id", pd.Series([None] * size, dtype="str"))
    keys.setdefault("pair_id", pd.Series([None] * size, dtype="str"))
    keys["date"], problems = _dates(raw, crosswalk, rows)
    who = "pair_id" if instrument.unit == "meeting" else "person_id"
    if instrument.keys[who] in raw.frame.columns:
        problems += _nameless(keys[who], raw.name, instrument.keys[who], rows)
    return pd.DataFrame({name: keys[name] for name in KEY_COLUMNS}), problems


def _nameless(ids: pd.Series, file: str, column: str, rows: np.ndarray) -> Iterator[Problem]:
    without = rows[ids.isna().to_numpy()]
    if len(without):
        many = "1 row has" if len(without) == 1 else f"{len(without)} rows have"
        what = f"{many} no id ({places(without)})."
        yield Problem(what=what, fix="Give every person an id.", file=file, column=column)


def places(rows: np.ndarray) -> str:
    """The numbers of some rows, for a message."""
    shown = ", ".join(str(row) for row in rows[:6])
    return f"row{'s' if len(rows) != 1 else ''} {shown}{' …' if len(rows) > 6 else ''}"


def _dates(raw: RawTable, crosswalk: Crosswalk, rows: np.ndarray) -> tuple[pd.Series, list[Problem]]:
    instrument = crosswalk.instrument
    column = instrument.keys.get("date", "")
    if column not in raw.frame.columns:
        return pd.Series([pd.NaT] * len(raw.frame), dtype="datetime64[s]"), []
    codes, answers = raw.keys(column)
    none = missing_lookup(instrument.missing)
    given = [bool(a.key) and not a.declared_missing and not matches(a, none) for a in answers]
    read, _ = to_dates(answers, instrument.file)
    dates = pd.Series(read, dtype="datetime64[s]").where(np.array(given, dtype=bool))
    unread = np.array(given, dtype=bool) & dates.isna().to_numpy()
    problems = []
    if unread.any():
        bad = rows[unread[codes]]
        many = f"{len(bad)} date{'s' if len(bad) != 1 else ''}"
        what = f"{many} cannot be read as {instrument.file.dates}, the first in row {bad[0]}."
        strangers = [answer for answer, wrong in zip(answers, unread, strict=True) if wrong]
        fix = date_hint(strangers, instrument.file) or "Correct the file, or dates: in the crosswalk."
        severity = "notice" if instrument.unreadable_dates == "missing" else "error"
        problems.append(Problem(what=what, fix=fix, file=raw.name, column=column, severity=severity))
    return dates.take(codes).reset_index(drop=True), problems
