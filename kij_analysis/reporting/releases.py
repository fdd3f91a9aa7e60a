"""Releases: what must hold before a report may go out, and the record that protects the next one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from kij_analysis.errors import Problem, ReleaseError, UsageError, listed
from kij_analysis.files import write_json
from kij_analysis.harmonisation import Harmonised
from kij_analysis.profiles import UNCONFIRMED
from kij_analysis.study import Study
from kij_analysis.words import LANGUAGE_NAMES, Words

FOLDER = "releases"
"""The folder of the study, outside of its report, in which the records lie; they are internal."""
FORM = 1
AGAINST = (
    "{n} release(s) of this study are on record: numbers that would tell of a few persons beside those are "
    "hidden."
)


def check_release(study: Study, data: Harmonised) -> None:
    """Refuse a release that would not hold, with every reason at once.

    Raises
    ------
    ReleaseError
        If data are made up, a status is undetermined, nobody has confirmed the disclosure profile, or the
        words of a language have not been reviewed.
    """
    problems = [*_made_up(study), *_undetermined(data), *_unconfirmed(study), *_unread(study)]
    if problems:
        raise ReleaseError(problems)


def _made_up(study: Study) -> list[Problem]:
    files = [source.shown for source in study.sources if source.data_status == "synthetic"]
    if not files and study.data_status != "synthetic":
        return []
    what = "The study says that its data are synthetic: no real person stands behind them."
    if files:
        what = f"Made-up data are never released: {listed(files, most=3)}."
    fix = "Take these sources out of the study file, and write data_status: observed."
    return [Problem(what=what, fix=fix, file=study.path.name)]


def _undetermined(data: Harmonised) -> list[Problem]:
    rules = data.ledger.rules
    open_ = rules[rules["status"] == "undetermined"]
    problems = []
    for instrument, rows in open_.groupby("instrument", sort=False):
        columns = listed(dict.fromkeys(rows["column"]), most=6)
        what = f"Nobody has decided yet what becomes of {columns} (status undetermined)."
        fix = "Give each a rule, or say impossible with the reason."
        problems.append(Problem(what=what, fix=fix, file=str(instrument)))
    return problems


def _unconfirmed(study: Study) -> list[Problem]:
    if study.confirmed:
        return []
    return [Problem(what=UNCONFIRMED.format(name=study.profile.name), file=study.path.name)]


def _unread(study: Study) -> list[Problem]:
    unread = [
        language
        for language in study.languages
        if not Words(language, reader=study.readers.get(language, "")).reviewed
    ]
    if not unread:
        return []
    names = listed(LANGUAGE_NAMES[language] for language in unread)
    what = f"No native speaker has reviewed the words of {names}."
    fix = "Have them read and name the reader under reviewed: in the study file, or leave the language out."
    return [Problem(what=what, fix=fix)]


def name_of_release(study: Study, name: str = "") -> str:
    """The name of the next release: as given, or the next number.

    Raises
    ------
    UsageError
        If a release of this name is on record, or if it is no plain name.
    """
    known = {path.stem for path in records(study)}
    if not name:
        numbers = [int(one) for one in known if one.isdigit()]
        return str(max(numbers, default=0) + 1)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise UsageError(f"'{name}' is no name of a release.", fix="Use a number or a date: 2026-11-30.")
    if name in known:
        raise UsageError(
            f"There is a release '{name}' on record already.", fix=f"Known: {listed(sorted(known))}."
        )
    return name


def records(study: Study) -> list[Path]:
    """The records of the releases of a study."""
    return sorted((study.root / FOLDER).glob("*.json"))


def released_before(study: Study) -> pd.DataFrame | None:
    """The counts that the releases of a study have told; None if there was none.

    Raises
    ------
    UsageError
        If a record cannot be read: what it told can then not be taken into account.
    """
    cells = []
    for path in records(study):
        shown = f"{FOLDER}/{path.name}"
        try:
            content = json.loads(path.read_text("utf-8"))
            cells.append(pd.DataFrame(content["cells"]["rows"], columns=content["cells"]["columns"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            what = "The record of this release cannot be read, so nothing could be protected against it."
            raise UsageError(what, fix="Bring the file back from a copy.", file=shown) from error
    told = [frame for frame in cells if len(frame)]
    return pd.concat(told, ignore_index=True).drop_duplicates(ignore_index=True) if told else None


def record_of(
    study: Study, name: str, *, cells: pd.DataFrame, outputs: Mapping[str, str], languages: Sequence[str]
) -> dict[str, Any]:
    """What is kept of a release: open counts, checksums, versions, profile. Nothing of a person."""
    said = study.confirmed
    return {
        "form": FORM,
        "release": name,
        "study": study.id,
        "kij": version("kij-analysis"),
        "languages": list(languages),
        "profile": study.profile.name,
        "confirmed": {"by": said.by, "on": said.on, "because": said.because} if said else {},
        "outputs": dict(outputs),
        "cells": {
            "columns": [str(column) for column in cells.columns],
            "rows": cells.astype(object).where(cells.notna(), None).to_numpy().tolist(),
        },
    }


def write_record(study: Study, record: Mapping[str, Any]) -> Path:
    """Write the record of a release."""
    return write_json(study.root / FOLDER / f"{record['release']}.json", dict(record))
