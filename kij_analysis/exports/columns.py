"""What the columns of saved frames hold: type, label, categories, and the companion that says why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from kij_analysis.codebook.variables import Codebook, Column
from kij_analysis.words.speaking import Words

TYPES = ("category", "boolean", "number", "date", "text")


@dataclass(frozen=True, kw_only=True)
class Held:
    """What one column of a saved frame holds.

    Parameters
    ----------
    name, type, dtype
        The name in the frame, one of `TYPES`, and the type that pandas has for it.
    label, unit
        In the language of the export.
    categories
        Labels by code; the number of a category in SPSS and Stata files is its place, counted from 1 (that of
        false and true is 0 and 1). A text has them where it is one of a closed list, such as the wave.
    companion
        The column that holds the reason where this one is empty.
    reason_for
        The column whose reasons this one holds.
    """

    name: str
    type: str
    dtype: str
    label: str
    unit: str = ""
    ordered: bool = False
    categories: Mapping[str, str] = field(default_factory=dict)
    companion: str = ""
    reason_for: str = ""


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a value is missing: the label in the language of the export, the codes in SPSS and Stata files."""

    code: str
    label: str
    spss: int
    stata: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Table:
    """A frame with what each of its columns holds; `title` names it and says so if it is made up."""

    name: str
    title: str
    frame: pd.DataFrame
    columns: tuple[Held, ...]


def tables_of(frames: Mapping[str, pd.DataFrame], codebook: Codebook, words: Words) -> tuple[Table, ...]:
    """The frames with what their columns hold; a column that the codebook does not know is taken as it is."""
    return tuple(
        Table(
            name=name,
            title=_title(name, frame, words),
            frame=frame,
            columns=tuple(_held(frame, column, codebook, words) for column in frame.columns),
        )
        for name, frame in frames.items()
    )


def typed(values: Sequence[object], held: Held) -> pd.Series:
    """Values read from a file as the column that was saved; None where there is none.

    Examples
    --------
    >>> typed(["b", None], Held(name="x", type="category", dtype="category", label="", categories={"a": "A",
    ...       "b": "B"})).cat.codes.tolist()
    [1, -1]
    """
    if held.type == "category":
        kind = pd.CategoricalDtype(list(held.categories), ordered=held.ordered)
        return pd.Series(pd.Categorical(list(values), dtype=kind))
    return pd.Series(list(values), dtype=held.dtype)


def _title(name: str, frame: pd.DataFrame, words: Words) -> str:
    title = words.sentence(words(f"codebook.frame.{name}") if words.has(f"codebook.frame.{name}") else name)
    mark = words.mark(frame["data_status"].unique()) if "data_status" in frame and len(frame) else ""
    return f"{title} – {mark}" if mark else title


def _held(frame: pd.DataFrame, name: str, codebook: Codebook, words: Words) -> Held:
    owner = name.removesuffix("_missing")
    if owner != name and owner in frame.columns:
        about = words("codebook.reason_for", label=label_of(owner, codebook, words))
        reasons = {code: words.reason(code) for code in codebook.missing}
        return Held(
            name=name, type="category", dtype="category", label=about, categories=reasons, reason_for=owner
        )
    series, column = frame[name], _column(name, codebook)
    known = column.categories if column else {}
    categories = {code: words.category(name, code) for code in known}
    if column is not None and name not in codebook.columns:
        categories = {code: category.labels[words.language] for code, category in known.items()}
    kind = _type(series)
    if kind == "category" and not set(series.cat.categories) <= set(categories):
        categories = {str(code): str(code) for code in series.cat.categories}
    if kind == "boolean":
        categories = {"False": words("answer.no"), "True": words("answer.yes")}
    if kind == "text" and not set(series.dropna().unique()) <= set(categories):
        categories = {}
    return Held(
        name=name,
        type=kind,
        dtype=str(series.dtype),
        label=label_of(name, codebook, words),
        unit=unit_of(column.unit, words) if column else "",
        ordered=bool(series.cat.ordered)
        if kind == "category"
        else bool(categories and column and column.ordered),
        categories=categories,
        companion=f"{name}_missing" if f"{name}_missing" in frame.columns else "",
    )


def _column(name: str, codebook: Codebook) -> Column | None:
    """The codebook's column of this name; the keys are variables of one column each."""
    found = codebook.columns.get(name)
    variable = codebook.variables.get(name)
    return found or (variable.columns[0] if variable and variable.frame == "key" else None)


def label_of(name: str, codebook: Codebook, words: Words) -> str:
    """The label of a column in words; the name itself where neither codebook nor catalogue has one."""
    if name in codebook.columns or name in codebook.variables:
        return words.variable(name)
    return words(f"codebook.key.{name}") if words.has(f"codebook.key.{name}") else name


def unit_of(unit: str, words: Words) -> str:
    """A unit in words, as it stands where the catalogue does not have it."""
    return words(f"codebook.unit.{unit}") if words.has(f"codebook.unit.{unit}") else unit


def _type(series: pd.Series) -> str:
    if isinstance(series.dtype, pd.CategoricalDtype):
        return "category"
    if pd.api.types.is_bool_dtype(series.dtype):
        return "boolean"
    if pd.api.types.is_numeric_dtype(series.dtype):
        return "number"
    return "date" if pd.api.types.is_datetime64_any_dtype(series.dtype) else "text"
