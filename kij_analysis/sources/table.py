"""One file's raw answers with what the file says about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from kij_analysis.errors import Problem, UsageError, did_you_mean
from kij_analysis.sources.answers import AnswerKey, distinct, normalise


@dataclass(frozen=True, kw_only=True)
class ColumnNotes:
    """What a file says about one of its columns.

    Parameters
    ----------
    name
        As in `RawTable.frame`.
    label
        The question's text where the file has it (SPSS, Stata).
    kind
        ``text``, ``number`` or ``date``; a column of mixed types is ``text``.
    value_labels
        Labels by answer key.
    user_missing
        Answer keys, found in the data or among the labels, that the file itself declares missing.
    user_missing_ranges
        Numbers that SPSS declares missing, both ends included; a single code has equal ends.
    """

    name: str
    label: str = ""
    kind: str
    value_labels: Mapping[str, str] = field(default_factory=dict)
    user_missing: tuple[str, ...] = ()
    user_missing_ranges: tuple[tuple[float, float], ...] = ()

    def declares_missing(self, key: str, value: object) -> bool:
        """Whether the file itself declares this answer missing."""
        if key in self.user_missing:
            return True
        if not isinstance(value, float | int):
            return False
        return any(low <= value <= high for low, high in self.user_missing_ranges)


@dataclass(frozen=True, kw_only=True, eq=False)
class RawTable:
    """The answers of one file, unchanged, and what the file says about them.

    Parameters
    ----------
    path, name
        Where the file lies, and its name as messages show it.
    frame
        One column per column of the file, in its order, with a `RangeIndex`. Delimited text stays text,
        an empty cell is the empty text. XLSX, SPSS and Stata cells are typed; codes declared missing
        are kept, Stata's tags as ``.a`` to ``.z``.
    columns
        What the file says about each column.
    encoding
        The encoding that the texts were read with.
    sha256
        The checksum of the file's bytes.
    first_row
        The row of the first answers as a spreadsheet, or SPSS's data view, numbers it.
    notices
        What is worth knowing and did not stop the reading.
    """

    path: Path
    name: str
    frame: pd.DataFrame
    columns: Mapping[str, ColumnNotes]
    encoding: str
    sha256: str
    first_row: int
    notices: tuple[Problem, ...] = ()
    _seen: dict[str, tuple[np.ndarray, tuple[AnswerKey, ...]]] = field(
        default_factory=dict, init=False, repr=False
    )

    def keys(self, column: str) -> tuple[np.ndarray, tuple[AnswerKey, ...]]:
        """The unique answers of a column, and for each row the position of its answer among them.

        A column is looked through once, however many rules read it; nobody can write into what is handed out,
        and a table made from this one by `dataclasses.replace` looks anew.

        Raises
        ------
        UsageError
            If the file has no such column.

        Examples
        --------
        >>> frame = pd.DataFrame({"k7": [1.0, 8.0, 1.0]})
        >>> notes = ColumnNotes(name="k7", kind="number", user_missing=("8",), user_missing_ranges=((8, 8),))
        >>> table = RawTable(path=Path("fi.sav"), name="fi.sav", frame=frame, columns={"k7": notes},
        ...                  encoding="utf-8", sha256="", first_row=1)
        >>> codes, answers = table.keys("k7")
        >>> codes.tolist(), [answer.key for answer in answers], [a.declared_missing for a in answers]
        ([0, 1, 0], ['1', '8'], [False, True])
        """
        if column not in self.columns:
            hint = did_you_mean(column, self.columns)
            raise UsageError(f"The file has no column '{column}'. {hint}", file=self.name)
        if column not in self._seen:
            self._seen[column] = self._looked_through(column)
        return self._seen[column]

    def only(self, names: Sequence[str]) -> RawTable:
        """The table with some of its columns; what was seen of them need not be looked at again."""
        columns = {name: self.columns[name] for name in names}
        kept = replace(self, frame=self.frame[list(names)], columns=columns)
        kept._seen.update({name: seen for name, seen in self._seen.items() if name in columns})
        return kept

    def _looked_through(self, column: str) -> tuple[np.ndarray, tuple[AnswerKey, ...]]:
        notes = self.columns[column]
        declares = bool(notes.user_missing or notes.user_missing_ranges)
        codes, spellings, values = distinct(self.frame[column])
        codes.setflags(write=False)
        answers = tuple(
            AnswerKey(
                key=key,
                text=normalise(key),
                label=notes.value_labels.get(key),
                declared_missing=declares and notes.declares_missing(key, value),
                value=value,
            )
            for key, value in zip(spellings, values, strict=True)
        )
        return codes, answers
