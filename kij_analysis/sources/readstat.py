"""What SPSS and Stata files have in common: read by ReadStat, checked for rows that are not there."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

from kij_analysis.errors import SourceError
from kij_analysis.sources.answers import spell
from kij_analysis.sources.headers import check, tidy
from kij_analysis.sources.stored_texts import BYTE_FOR_BYTE, Texts, decode_texts

TAGS = frozenset("abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A file as read: the frame under its names, its metadata under the names as fetched, and the texts.

    `names` leads from the names as fetched to those of the frame.
    """

    frame: pd.DataFrame
    meta: Any
    names: Mapping[str, str]
    texts: Texts

    def label(self, fetched: str) -> str:
        """The question's text for a column by its name as fetched."""
        return tidy(self.texts(self.meta.column_names_to_labels.get(fetched) or ""))

    def value_labels(self, fetched: str) -> dict[str, str]:
        """Value labels by answer key for a column by its name as fetched."""
        labels = self.meta.variable_value_labels.get(fetched, {})
        is_text = self.meta.readstat_variable_types.get(fetched) == "string"
        return {self._key(value, is_text): tidy(self.texts(label)) for value, label in labels.items()}

    def _key(self, value: object, is_text: bool) -> str:
        if isinstance(value, str):
            return self.texts(value) if is_text else f".{value}"
        return spell(value)


def read_stored(
    path: Path,
    reader: Callable[..., Any],
    *,
    stated: str,
    declared: str,
    long_texts: frozenset[int] = frozenset(),
) -> Stored:
    """Read a file with one of pyreadstat's readers, its texts decoded here.

    Parameters
    ----------
    long_texts
        Positions of columns whose texts the reader always takes for UTF-8 (Stata's strL).

    Raises
    ------
    SourceError
        If the file is damaged or cut off, or its texts do not read in the encoding.
    """
    frame, meta = _fetched(path, reader)
    if meta.number_rows is not None and meta.number_rows != len(frame):
        raise damaged(path, f"it announces {meta.number_rows} rows and holds {len(frame)}")
    if frame.empty:
        what = "The file holds no answers: it has columns and no rows."
        raise SourceError(what, fix="Export it again.", file=path.name)
    ready = {frame.columns[place] for place in long_texts}
    texts = _texts(frame, meta, ready, stated=stated, declared=declared, file=path.name)
    names = {fetched: tidy(texts(fetched)) for fetched in frame.columns}
    check(list(names.values()), file=path.name, header_rows=1)
    types = meta.readstat_variable_types
    columns = {
        name: _column(frame[fetched], types[fetched], str if fetched in ready else texts)
        for fetched, name in names.items()
    }
    return Stored(frame=pd.DataFrame(columns), meta=meta, names=names, texts=texts)


def _fetched(path: Path, reader: Callable[..., Any]) -> tuple[pd.DataFrame, Any]:
    try:
        return reader(path, user_missing=True, dates_as_pandas_datetime=True, encoding=BYTE_FOR_BYTE)
    except UnicodeDecodeError as error:
        what = "A long text (strL) of the file is not UTF-8."
        fix = "Convert it in Stata with: unicode translate. Or export the file as .csv."
        raise SourceError(what, fix=fix, file=path.name) from error
    except OverflowError as error:
        what = "A date in the file lies outside the years 1 to 9999."
        raise SourceError(
            what, fix="Find it among the file's dates and correct it.", file=path.name
        ) from error
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, OSError) as error:
        raise damaged(path, f"the reader says: {str(error).strip()}") from error


def damaged(path: Path, reason: str) -> SourceError:
    """The error for a file that is not whole."""
    what = f"The file is damaged or cut off ({reason})."
    return SourceError(what, fix="Copy or export it again, and compare the sizes in bytes.", file=path.name)


def kind_of(column: pd.Series, stored_type: str) -> str:
    """``text``, ``number`` or ``date``; a numeric column with Stata's tags among its cells is a number."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return "date"
    if stored_type == "string" or any(isinstance(v, datetime.date | datetime.time) for v in _objects(column)):
        return "text"
    return "number"


def _objects(column: pd.Series) -> Iterable[object]:
    return column.dropna().head(50) if column.dtype == object else ()


def _texts(
    frame: pd.DataFrame, meta: Any, ready: set[str], *, stated: str, declared: str, file: str
) -> Texts:
    types = meta.readstat_variable_types
    strings = [name for name in frame.columns if types[name] == "string" and name not in ready]
    labels = [*frame.columns, *(label or "" for label in meta.column_labels)]
    labels += [label for pairs in meta.variable_value_labels.values() for label in pairs.values()]
    answers = {text for name in strings for text in frame[name].dropna().unique()}
    for name in strings:
        answers |= {value for value in meta.variable_value_labels.get(name, {}) if isinstance(value, str)}
        answers |= {part["lo"] for part in meta.missing_ranges.get(name, ()) if isinstance(part["lo"], str)}
    return decode_texts(labels, answers, stated=stated, declared=declared, file=file)


def _column(column: pd.Series, stored_type: str, texts: Callable[[str], str]) -> pd.Series:
    if stored_type == "string":
        codes, uniques = pd.factorize(column)
        whole = pd.array([texts(text) for text in uniques], dtype="str")
        return pd.Series(whole.take(codes, allow_fill=True))
    if column.dtype != object:
        return column
    tagged = [f".{value}" if isinstance(value, str) and value in TAGS else value for value in column]
    if not any(isinstance(value, str | datetime.date | datetime.time) for value in tagged):
        return pd.Series(tagged, dtype="float64")
    return pd.Series([_plain(value) for value in tagged], dtype=object)


def _plain(value: object) -> object:
    if value is None or value is pd.NaT:
        return np.nan
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
