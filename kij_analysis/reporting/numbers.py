"""The numbers behind a figure or table, kept in codes, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from kij_analysis.estimates import COLUMNS
from kij_analysis.files import write_bytes
from kij_analysis.study import OF_PERSONS

RECORD = ("record", "printed", "intervals")
"""Options that hold printed figures."""

FOLDER = "numbers"
"""Where they are kept, in the folder of the harmonised data: internal, and protected as the page is."""


def keep_numbers(
    name: str, kind: str, frame: pd.DataFrame, options: Mapping[str, Any], folder: Path
) -> list[dict[str, str]]:
    """Write the frame of an item, and its options that are estimates, as CSV.

    Parameters
    ----------
    frame, options
        As they were drawn, which is after small numbers have been hidden.
    folder
        The folder of the harmonised data.

    Returns
    -------
    list of dict
        `option` (empty for the frame itself) and `file`, the path in the folder.

    Examples
    --------
    >>> import tempfile
    >>> keep_numbers("barriers", "figure", pd.DataFrame({"n": [40]}), {}, Path(tempfile.mkdtemp()))
    [{'option': '', 'file': 'numbers/figure-barriers.csv'}]
    """
    kept = []
    for option, part in [("", frame), *_estimates(options)]:
        file = f"{FOLDER}/{kind}-{name}{f'.{option}' if option else ''}.csv"
        text = part.to_csv(index=False, lineterminator="\n")
        write_bytes(folder / file, text.encode("utf-8-sig"))
        kept.append({"option": option, "file": file})
    return kept


def _estimates(options: Mapping[str, Any]) -> Iterator[tuple[str, pd.DataFrame]]:
    for option, value in options.items():
        if isinstance(value, pd.DataFrame) and set(COLUMNS) <= set(value.columns):
            yield option, value


def rests_on(frame: pd.DataFrame, options: Mapping[str, Any]) -> list[str]:
    """What kinds of sources a frame was made from, by the columns that each of them leaves.

    Returns
    -------
    list of str
        Of ``answers`` (the study's own files), ``surveys`` (public-use files), ``official`` statistics, the
        printed ``record``, ``evidence`` of other programmes, ``programmes`` and ``barriers`` of the
        codebook, ``findings``, and the ``scenario`` of an account.

    Examples
    --------
    >>> rests_on(pd.DataFrame({"office": ["eurostat"], "data_status": ["published"]}), {})
    ['official']
    """
    statuses, columns = set(frame["data_status"]), set(frame.columns)
    printed = "published" in statuses and "assumed" not in statuses
    marks = {
        "official": "office", "programmes": "cell", "evidence": "programme_type", "barriers": "eurostat_2021",
    }  # fmt: skip
    known = [kind for kind, column in marks.items() if column in columns]
    found = {
        "answers": bool(statuses & set(OF_PERSONS)) and ("survey" not in columns or _has_programme(frame)),
        "surveys": "survey" in columns,
        **{kind: kind in known for kind in marks},
        "record": (printed and not known) or any(option in options for option in RECORD),
        "findings": "verdict" in columns and "finding" in columns,
        "scenario": "assumed" in statuses,
    }
    return [kind for kind, yes in found.items() if yes]


def _has_programme(frame: pd.DataFrame) -> bool:
    return "programme" in frame and bool(frame["programme"].fillna("").ne("").any())


def public_name(function: Any) -> str:
    """The name under which a user calls a function.

    Examples
    --------
    >>> from kij_analysis.tables import sources
    >>> public_name(sources)
    'kij.tables.sources'
    """
    home, _, rest = function.__module__.partition(".")
    if home != "kij_analysis":
        return f"{function.__module__}.{function.__name__}"
    return f"kij.{rest.split('.')[0]}.{function.__name__}"
