"""Any frame of estimates as a table to be read: numbers in their units, methods and notes in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from kij_analysis.claims import spoken_amount
from kij_analysis.errors import UsageError, listed
from kij_analysis.estimates import COLUMNS
from kij_analysis.tables.table import Table
from kij_analysis.words import Words, as_words

MOST = 30
"""So many rows are shown; the others are counted."""
ALPHA = 0.001
"""Smaller p-values are only said to be smaller."""
UNITS = ("points", "d_z", "d_av", "g_z", "g_av", "g")
"""Units that a number is told in; elsewhere its measure says what it is."""
PER_CENT = ("per_cent", "share")
SHARES = ("share", "risk_difference", "survival", "rate")
SIGNED = ("difference", "risk_difference", "change")
BESIDE = (
    "wave", "role", "round", "wave_1", "wave_2", "first", "second", "predictor", "part", "dose", "dose_level",
    "month", "period", "country", "year", "sex", "age", "when", "what", "approach", "perspective",
)  # fmt: skip
"""What rows are told apart by, beside the columns of the codebook that a frame is grouped by."""
VARIABLES = ("outcome", "account.result", "account.number", "account.flow", "official.indicator",
             "printed.indicator")  # fmt: skip
"""Where the catalogue names what is no variable of the codebook."""
CODES = ("wave", "role", "state", "low_start", "agreement", "waiting.outcome", "dose.level", "account.payer",
         "official.group", "official.sex")  # fmt: skip
"""Where it names codes of groups and answers that are no category of the codebook."""

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of the table: its head, and what it tells of a row."""

    head: str
    tell: Callable[[Row], str]
    number: bool = False


def readable(frame: pd.DataFrame, words: Words | str, *, most: int = MOST, name: str = "estimates") -> Table:
    """Estimates of any kind as a table: number with interval, n, method and note in words.

    What all rows share stands once, in the title or below the table; a column stands only where rows differ.

    Parameters
    ----------
    frame
        Any frame with the columns of `kij_analysis.estimates.COLUMNS`.
    words
        The words, or the name of a language.
    most
        How many rows are shown; a sentence says how many more there are.

    Raises
    ------
    UsageError
        If the frame holds no estimates.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> row = {"programme": "fika", "variable": "confidence_high", "measure": "share", "estimate": 0.512,
    ...        "conf_low": 0.42, "conf_high": 0.61, "n": 120, "method": "wilson", "data_status": "synthetic"}
    >>> table = readable(e.make([row, row | {"programme": "sajo", "estimate": 0.44}]), "en")
    >>> table.header, table.rows[0]
    (('Programme', 'Number', 'Interval', 'n'), ('FIKA', '51%', '42% to 61%', '120'))
    """
    say = as_words(words)
    absent = [column for column in COLUMNS if column not in frame.columns]
    if absent:
        what = f"The frame holds no estimates: it has no {listed(absent)}."
        raise UsageError(what, fix="Give what a function of kij.survey, kij.barriers or kij.effects returns.")
    shown = frame.head(most)
    columns = [*_who(frame, say), *_numbers(frame, say), *_how(frame, say)]
    statuses = list(dict.fromkeys(frame["data_status"]))
    return Table(
        name=name,
        language=say.language,
        title=_title(frame, say),
        header=tuple(column.head for column in columns),
        rows=tuple(tuple(column.tell(row) for column in columns) for row in shown.to_dict("records")),
        numeric=tuple(column.number for column in columns),
        mark=_mark(statuses, say),
        note=" ".join([*_methods(frame, say), *_more(len(frame) - len(shown), say)]),
    )


def _who(frame: pd.DataFrame, say: Words) -> Iterator[Column]:
    """What rows are about: programme, groups, variable and category, measure; each where rows differ."""
    named = not set(frame["programme"]) <= {"", "all"}
    if named:
        yield Column(head=say("table.results.programme"), tell=lambda row: say.programme(row["programme"]))
    groups = _groups(frame, say)
    for name in groups:
        yield Column(head=_head(name, say), tell=partial(_of, name, say))
    if _adds(frame, "group", groups):
        yield Column(head=say("display.group"), tell=lambda row: _word(row["group"], say))
    if _varies(frame, "variable") and not (groups and "second" in groups):
        yield Column(head=say("table.results.variable"), tell=lambda row: _what(row, say))
    elif _adds(frame, "category", groups):
        yield Column(head=say("display.category"), tell=lambda row: _category(row, say))
    elif not named and not groups:
        yield Column(head=say("table.results.variable"), tell=lambda row: _what(row, say))
    if _varies(frame, "measure"):
        yield Column(head=say("display.measure"), tell=lambda row: say(f"measure.{row['measure']}"))


def _numbers(frame: pd.DataFrame, say: Words) -> Iterator[Column]:
    yield Column(head=say("table.results.value"), tell=lambda row: _number(row, say), number=True)
    if frame["conf_low"].notna().any():
        yield Column(head=say("table.results.interval"), tell=lambda row: _interval(row, say), number=True)
    if frame["n"].fillna(0).any():
        yield Column(head=say("table.results.n"), tell=lambda row: _whole(row["n"], say), number=True)
    if frame["p_value"].notna().any():
        yield Column(head="p", tell=lambda row: _p(row["p_value"], say), number=True)


def _how(frame: pd.DataFrame, say: Words) -> Iterator[Column]:
    """Method and data where rows differ, and notes where there are any."""
    if len(_used(frame)) > 1:
        yield Column(head=say("display.method"), tell=lambda row: _method(row["method"], say))
    if _varies(frame, "data_status"):
        yield Column(
            head=say("table.sources.data_status"), tell=lambda row: say(f"data.{row['data_status']}")
        )
    if (frame["note"] != "").any():
        yield Column(
            head=say("table.results.note"),
            tell=lambda row: say(f"note.{row['note']}") if row["note"] else "",
        )


def _title(frame: pd.DataFrame, say: Words) -> str:
    """What all rows share of measure and variable."""
    if frame.empty:
        return say("table.results.title")
    first = frame.iloc[0]
    measure = "" if _varies(frame, "measure") else say(f"measure.{first['measure']}")
    variable = "" if _varies(frame, "variable") else _variable(first, say)
    if variable and not _varies(frame, "category") and _category(first, say):
        variable = f"{variable}: {_category(first, say)}"
    return ": ".join(part for part in (measure, variable) if part) or say("table.results.title")


def _mark(statuses: Sequence[str], say: Words) -> str:
    """What kind of data it is, where all rows are of one kind; the others have a column."""
    if len(statuses) != 1:
        return ""
    return say.mark(statuses) or say.sentence(say(f"data.{statuses[0]}"))


def _varies(frame: pd.DataFrame, column: str) -> bool:
    return frame[column].nunique(dropna=False) > 1


def _adds(frame: pd.DataFrame, column: str, groups: list[str]) -> bool:
    """Whether a column tells rows apart that programme and groups do not."""
    beside = ["programme", *groups]
    return len(frame.drop_duplicates([*beside, column])) > len(frame.drop_duplicates(beside))


def _groups(frame: pd.DataFrame, say: Words) -> list[str]:
    """The columns to the right that tell rows apart."""
    right = [name for name in frame.columns if name not in COLUMNS]
    return [name for name in right if name in BESIDE or name in say.codebook.columns if _varies(frame, name)]


def _head(name: str, say: Words) -> str:
    """The label of a codebook column; what else tells rows apart is named as in the frame."""
    known = name in say.codebook.columns and name not in BESIDE
    return say.sentence(say.variable(name)) if known else name


def _of(name: str, say: Words, row: Row) -> str:
    return _word(row[name], say, name)


def _word(code: object, say: Words, column: str = "") -> str:
    """A code in words, as far as there are any."""
    if code is None or code != code:
        return ""
    if isinstance(code, float):
        return say.number(code, digits=0 if code.is_integer() else 1)
    text = str(code)
    if column in say.codebook.columns and (known := say.category(column, text)) != text:
        return known
    if text in say.codebook.programmes:
        return say.programme(text)
    if text in say.codebook.columns or text in say.codebook.variables:
        return say.sentence(say.variable(text))
    return _listed(text, CODES, say) or text


def _listed(code: str, parts: Sequence[str], say: Words) -> str:
    """The word that one of these parts of the catalogue has for a code; empty if none has."""
    return next((say(key) for part in parts if say.has(key := f"{part}.{code}")), "")


def _variable(row: Row, say: Words) -> str:
    name = row["variable"]
    label = say.variable(name)
    if label == name:
        label = _listed(name, VARIABLES, say)
    return say.sentence(label) if label else name


def _category(row: Row, say: Words) -> str:
    code = row["category"]
    if code in ("", "yes", row.get("unit")):
        return ""
    if say.has(f"display.overlap.{code}"):
        return say(f"display.overlap.{code}")
    label = say.category(row["variable"], code)
    return label if label != code else _listed(code, CODES, say) or _word(code, say)


def _what(row: Row, say: Words) -> str:
    category = _category(row, say)
    return f"{_variable(row, say)}: {category}" if category else _variable(row, say)


def _number(row: Row, say: Words) -> str:
    value = row["estimate"]
    return "–" if pd.isna(value) else _amount(row, value, say, signed=row["measure"] in SIGNED)


def _interval(row: Row, say: Words) -> str:
    low, high = row["conf_low"], row["conf_high"]
    if pd.isna(low) or pd.isna(high):
        return "–"
    ends = {"low": _amount(row, low, say, bare=True), "high": _amount(row, high, say, bare=True)}
    return say("table.interval", **ends)


def _amount(row: Row, value: float, say: Words, *, signed: bool = False, bare: bool = False) -> str:
    """A number in the unit of its measure, rounded as far as it can be trusted."""
    measure, unit = row["measure"], row.get("unit")
    if measure == "rate":
        return say.share(value, digits=1)
    # A change without a unit is one of shares; a pooled change of scores has no unit either, but is larger.
    if unit in PER_CENT and measure == "difference":
        measure = "risk_difference"
    if unit in UNITS or measure in SHARES or (measure == "change" and not unit and abs(value) <= 1):
        told = {"measure": measure, "unit": unit if unit in UNITS else ""}
        return spoken_amount(told, value, say, signed=signed, bare=bare)
    if measure in ("amount", "count"):
        currency = row.get("currency")
        return say.number(value) + (f"\N{NO-BREAK SPACE}{currency}" if currency and not bare else "")
    digits = 1 if _largest(row, value) >= 10 or measure == "months" else 2
    return ("+" if signed and value > 0 else "") + say.number(value, digits=digits)


def _largest(row: Row, value: float) -> float:
    """The number by which all of a row are rounded."""
    ends = [abs(row[name]) for name in ("estimate", "conf_low", "conf_high") if pd.notna(row[name])]
    return max(ends, default=value)


def _whole(value: float, say: Words) -> str:
    return say.number(value) if pd.notna(value) and value else "–"


def _p(value: float, say: Words) -> str:
    if pd.isna(value):
        return "–"
    return f"< {say.number(ALPHA, digits=3)}" if value < ALPHA else say.number(value, digits=3)


def _used(frame: pd.DataFrame) -> list[str]:
    return [method for method in dict.fromkeys(frame["method"]) if method not in ("none", "")]


def _method(code: str, say: Words) -> str:
    return "" if code in ("none", "") else say(f"method.{code}")


def _methods(frame: pd.DataFrame, say: Words) -> list[str]:
    """The method below the table, where there is only one."""
    used = _used(frame)
    return [_method(used[0], say)] if len(used) == 1 else []


def _more(count: int, say: Words) -> list[str]:
    return [say("display.more", count=say.number(count))] if count > 0 else []
