"""Columns of public-use files that no crosswalk carries over: weights, plausible values, single reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

import numpy as np
import pandas as pd

from kij_analysis.codebook import Codebook, load_crosswalk
from kij_analysis.codebook.instruments import FileForm
from kij_analysis.errors import SourceError, did_you_mean, listed
from kij_analysis.sources import RawTable, read, to_numbers
from kij_analysis.study import Source, Study

GIVEN = {"VEMETHOD": "JK2", "VENREPS": "80", "VEFAYFAC": "0"}
"""What a file of the Survey of Adult Skills says of its replicate weights."""


def raw_columns(
    study: Study,
    source: Source,
    codebook: Codebook,
    *,
    numbers: Sequence[str],
    texts: Sequence[str] = (),
    optional: Sequence[str] = (),
    given: dict[str, str] | None = None,
) -> pd.DataFrame:
    """Some columns of a public-use file as they stand there, with the ids that its harmonised rows have.

    Parameters
    ----------
    study, source
        The file, and the study whose crosswalk says how it is written; the study keeps the file's ids.
    numbers, texts
        The columns. An empty cell, a lone point and a tag such as ``.a`` are missing.
    optional
        Those of `numbers` that an edition of the file may lack; they are left out then.
    given
        What every cell of further columns must say, such as how the variance is found.

    Returns
    -------
    DataFrame
        `instrument`, `person_id` and the columns, each person once.

    Raises
    ------
    SourceError
        If the file lacks a column, if a cell of `numbers` holds none, or if a column of `given` says
        something else.
    """
    instrument = load_crosswalk(study.crosswalk(source), codebook).instrument
    raw = read(source.file, instrument.file)
    key = instrument.keys["person_id"]
    for name in (key, *(given or {}), *numbers, *texts):
        if name not in raw.columns and name not in optional:
            hint = did_you_mean(name, raw.columns)
            fix = f"{hint} Fetch the whole public-use file again.".strip()
            raise SourceError(f"The file has no column '{name}'.", fix=fix, file=source.shown)
    for name, wanted in (given or {}).items():
        _says(raw, name, wanted, source)
    found = {name: _numbers(raw, name, instrument.file, source) for name in numbers if name in raw.columns}
    found |= {name: _texts(raw, name) for name in texts}
    frame = pd.DataFrame({"instrument": instrument.id, "person_id": _texts(raw, key), **found})
    return frame.dropna(subset="person_id").drop_duplicates("person_id", ignore_index=True)


def _says(raw: RawTable, name: str, wanted: str, source: Source) -> None:
    told = {answer.key for answer in raw.keys(name)[1]}
    if told != {wanted}:
        raise SourceError(
            f"'{name}' says {listed(sorted(told))}; the standard errors of this survey need '{wanted}'.",
            fix="Fetch the public-use file of the first cycle again; other designs are not known here.",
            file=source.shown,
            column=name,
        )


def _numbers(raw: RawTable, name: str, form: FileForm, source: Source) -> np.ndarray:
    codes, answers = raw.keys(name)
    values, strangers = to_numbers(answers, form)
    strange = [answer for answer in strangers if not _missing(answer.key)]
    if strange:
        _refuse(name, len(strange), source)
    return np.asarray(values, dtype="float64")[codes]


def _refuse(name: str, count: int, source: Source) -> NoReturn:
    raise SourceError(
        f"'{name}' holds {count} different entries that are no numbers.",
        fix="Fetch the public-use file again, and do not save it from a spreadsheet.",
        file=source.shown,
        column=name,
    )


def _texts(raw: RawTable, name: str) -> pd.Series:
    codes, answers = raw.keys(name)
    values = [None if _missing(answer.key) else answer.key for answer in answers]
    return pd.Series(np.array(values, dtype=object)[codes], dtype="str")


def _missing(key: str) -> bool:
    """An empty cell, the lone point of SAS, or one of Stata's tags."""
    return key.strip() in ("", ".") or (len(key) == 2 and key[0] == "." and key[1].isalpha())
