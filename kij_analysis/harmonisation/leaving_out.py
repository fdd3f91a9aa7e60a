"""Rows of people who are left out by request, taken away before any rule looks at them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from kij_analysis.codebook.instruments import Instrument
from kij_analysis.privacy import Key, normal_id
from kij_analysis.privacy.erasures import ErasureList
from kij_analysis.sources import RawTable

BY_REQUEST = "left out by request"
OF_A_PAIR = "of a pair that is left out by request"
UNNUMBERED = (BY_REQUEST, OF_A_PAIR)
"""Counted in the ledger without the numbers of their rows, which would point at a person."""


def leave_out(
    raw: RawTable, rows: np.ndarray, instrument: Instrument, key: Key, erased: ErasureList
) -> tuple[RawTable, np.ndarray, dict[str, tuple[int, ...]]]:
    """The table without the rows of those who are left out by request, and what was left out by reason.

    Meetings of a pair go with her, and what a mentor said about a pair that has no other mentee.
    """
    if not erased.entries:
        return raw, rows, {}
    persons = erased.persons(instrument.programme, instrument.role, instrument.ids)
    hers = stands_for(raw, instrument, "person", key, persons)
    meeting, mentor = instrument.unit == "meeting", instrument.role == "mentor"
    pairs = erased.pairs(instrument.programme, instrument.ids, except_of="" if meeting else "mentor")
    of_pair = np.zeros(len(raw.frame), dtype=bool)
    if meeting or mentor:
        of_pair = stands_for(raw, instrument, "pair", key, pairs) & ~hers
    found = {BY_REQUEST: hers, OF_A_PAIR: of_pair}
    lost = {reason: tuple(rows[gone].tolist()) for reason, gone in found.items() if gone.any()}
    kept = ~(hers | of_pair)
    if not lost:
        return raw, rows, {}
    return replace(raw, frame=raw.frame[kept].reset_index(drop=True)), rows[kept], lost


def stands_for(
    raw: RawTable, instrument: Instrument, kind: str, key: Key, wanted: frozenset[str]
) -> np.ndarray:
    """Which rows hold the id of one of these persons or pairs, by what stands for it."""
    column = instrument.keys.get(f"{kind}_id", "")
    if not wanted or column not in raw.frame.columns:
        return np.zeros(len(raw.frame), dtype=bool)
    codes, answers = raw.keys(column)
    spelt = [normal_id(answer.key, instrument.ids) for answer in answers]
    names = spelt if key.kept else [key.pseudonym(instrument.programme, kind, text) for text in spelt]
    return np.array([bool(t) and n in wanted for t, n in zip(spelt, names, strict=True)], dtype=bool)[codes]


def unpaired(keys: pd.DataFrame, instrument: Instrument, erased: ErasureList) -> pd.DataFrame:
    """The keys without the pairs that are left out: who stays is no longer linked to her."""
    pairs = erased.pairs(instrument.programme, instrument.ids) if erased.entries else frozenset()
    gone = keys["pair_id"].isin(list(pairs))
    return keys.assign(pair_id=keys["pair_id"].mask(gone)) if gone.any() else keys
