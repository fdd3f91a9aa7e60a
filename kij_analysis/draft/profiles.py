"""What each column of a file seems to hold, without a declared instrument."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.codebook.instruments import FileForm
from kij_analysis.draft.knowledge import Knowledge
from kij_analysis.draft.scales import Fit, scale_of
from kij_analysis.draft.small_words import FREE, IDENTIFYING, likely_language, words
from kij_analysis.privacy import columns_said, is_mask
from kij_analysis.sources import AnswerKey, RawTable, normalise, to_dates, to_numbers

SHOWN = 5
"""An answer that the file does not label is shown only if it stands in this many rows."""
CHOICES, LONGEST = 45, 120
SEPARATORS = ("; ", ";", " | ", "|", ", ", ",")
CLOSED = ("choice", "yes_no", "ticks", "codes", "constant")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer of a column: its key, its wording (the file's label, or the key), its rows."""

    key: str
    text: str
    rows: int
    labelled: bool = False
    missing: str = ""

    @property
    def may_be_shown(self) -> bool:
        """Whether the file itself names the answer, or enough people gave it."""
        return self.labelled or self.rows >= SHOWN


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What one column seems to hold.

    Parameters
    ----------
    kind
        ``empty``, ``constant``, ``id``, ``identifier`` (a direct one, such as an e-mail), ``date``,
        ``number``, ``codes`` (few numbers without labels), ``choice``, ``yes_no``, ``ticks`` (one column of
        a multiple choice), ``several`` (several answers in one cell) or ``free_text``.
    answers
        Valid answers of closed columns; open columns have none.
    low, high
        Of numbers.
    """

    name: str
    label: str
    type: str
    kind: str
    n: int
    missing: int
    distinct: int
    answers: tuple[Answer, ...] = ()
    none: tuple[Answer, ...] = ()
    empty: int = 0
    low: float = np.nan
    high: float = np.nan
    separator: str = ""
    parts: Mapping[str, int] = field(default_factory=dict)
    language: str = ""
    scale: Fit | None = None
    unique: float = 0.0

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts that may tell what the column is about: question, name, and parts of both."""
        return texts_of(self.label, self.name)


def texts_of(label: str, name: str) -> tuple[str, ...]:
    """The wordings of a question: the whole, and each language where several stand side by side.

    Examples
    --------
    >>> texts_of("", "Kön / Sukupuoli")
    ('Kön / Sukupuoli', 'Kön', 'Sukupuoli')
    """
    found = []
    for text in (label, name):
        if text:
            found += [text, *(part.strip() for part in re.split(r" [/|] ", text))]
    return tuple(dict.fromkeys(text for text in found if text))


def look(table: RawTable, form: FileForm, known: Knowledge) -> tuple[Seen, ...]:
    """What every column seems to hold."""
    told = {name for name, _ in columns_said(table)}
    return tuple(_seen(table, name, form, known, told=name in told) for name in table.columns)


def profile(columns: Sequence[Seen]) -> pd.DataFrame:
    """One row per column: type, likely kind, counts, closed answers, likely scale and language.

    No answer of an open column stands in it, nor one that the file does not label and fewer than five
    people gave; how many those are stands in `hidden`.
    """
    rows = []
    for seen in columns:
        shown = [answer.text for answer in seen.answers if answer.may_be_shown]
        shown += [part for part, count in seen.parts.items() if count >= SHOWN]
        rows.append(
            {
                "column": seen.name,
                "label": seen.label,
                "type": seen.type,
                "kind": seen.kind,
                "n": seen.n,
                "missing": seen.missing,
                "distinct": seen.distinct,
                "values": tuple(shown),
                "hidden": len(seen.answers or seen.parts) - len(shown) if shown else seen.distinct,
                "low": seen.low,
                "high": seen.high,
                "separator": seen.separator,
                "scale": seen.scale.id if seen.scale else "",
                "steps": seen.scale.told if seen.scale else "",
                "direction": seen.scale.direction if seen.scale else "",
                "language": seen.language,
            }
        )
    return pd.DataFrame(rows)


def _seen(table: RawTable, name: str, form: FileForm, known: Knowledge, *, told: bool) -> Seen:
    notes = table.columns[name]
    codes, keys = table.keys(name)
    rows = np.bincount(codes, minlength=len(keys))
    counted = dict(zip((key.key for key in keys), rows.tolist(), strict=True))
    reasons = {key.key: _reason(key, known) for key in keys}
    given = [key for key in keys if not reasons[key.key]]
    # What was masked on the way in is no answer that a rule could be proposed for.
    valid = [key for key in given if not is_mask(key.key)]
    n = int(sum(counted[key.key] for key in valid))
    masked = int(sum(counted[key.key] for key in given)) - n
    unused = [code for code in notes.value_labels if code not in counted]
    answers = [_answer(key.key, key.label, counted[key.key], "") for key in sorted(valid, key=_order)]
    answers += [
        _answer(code, notes.value_labels[code], 0, "")
        for code in unused
        if not known.missing.get(normalise(notes.value_labels[code])) and code not in notes.user_missing
    ]
    said = [key for key in sorted(keys, key=_order) if reasons[key.key] and key.key]
    none = [_answer(key.key, key.label, counted[key.key], reasons[key.key]) for key in said]
    none += [
        _answer(
            code, notes.value_labels[code], 0, known.missing.get(normalise(notes.value_labels[code]), "x")
        )
        for code in unused
        if known.missing.get(normalise(notes.value_labels[code])) or code in notes.user_missing
    ]
    kind, type_, more = "identifier", "text", dict[str, Any]()
    if not told and masked <= n:
        kind, type_, more = _kind(name, notes.label, valid, answers, n, notes.kind, form, known, counted)
    texts = [notes.label, name, *(a.text for a in answers if kind in ("choice", "yes_no"))]
    return Seen(
        name=name, label=notes.label, type=type_, kind=kind, n=n, missing=len(table.frame) - n,
        distinct=len(valid), answers=tuple(answers) if kind in CLOSED else (), none=tuple(none),
        empty=counted.get("", 0), language=likely_language(texts), unique=len(valid) / n if n else 0.0,
        scale=scale_of([(a.key, a.text) for a in answers], known.codebook)
        if kind == "choice"
        else None,
        **more,
    )  # fmt: skip


def _answer(key: str, label: str | None, rows: int, missing: str) -> Answer:
    return Answer(key=key, text=label or key, rows=rows, labelled=bool(label), missing=missing)


def _order(key: AnswerKey) -> tuple[bool, float, str]:
    """Codes by number, then texts by the alphabet, so that the same file gives the same draft."""
    is_number = bool(re.fullmatch(r"-?\d+(?:\.\d+)?", key.key))
    return not is_number, float(key.key) if is_number else 0.0, key.key


def _reason(key: AnswerKey, known: Knowledge) -> str:
    """Why an answer is none: empty, said so by the file, or worded so."""
    if not key.key.strip():
        return "no_answer"
    said = known.missing.get(normalise(re.sub(r"\(.*\)", "", key.label or key.key)), "")
    return said or ("unknown" if key.declared_missing else "")


def _kind(
    name: str,
    label: str,
    valid: Sequence[AnswerKey],
    answers: Sequence[Answer],
    n: int,
    stored: str,
    form: FileForm,
    known: Knowledge,
    counted: Mapping[str, int],
) -> tuple[str, str, dict[str, Any]]:
    """(kind, type, what else is known) of one column."""
    asked = set(words(f"{name} {label}"))
    labelled = sum(answer.labelled for answer in answers if answer.rows)
    if not n:
        return "empty", stored, {}
    named = bool(asked & IDENTIFYING) and labelled < 0.6 * len(valid) and len(valid) > 3
    if named:
        return "identifier", "text", {}
    if asked & FREE and not labelled:
        return "free_text", "text", {}
    if stored == "date" or _all_dates(valid, form):
        return "date", "date", {}
    if labelled >= 0.6 * len(valid):
        return _closed(answers, known), stored, {}
    numbers, strangers = to_numbers(valid, form)
    if len(strangers) <= 0.02 * len(valid):
        return _number(numbers, n, len(valid), len(answers))
    if (len(valid) == 1 and len(next(iter(valid)).key) == 1) or _ticks(valid):
        return "ticks", "text", {}
    more = _several(valid, counted)
    if more:
        return "several", "text", more
    if len(valid) >= 0.85 * n and n > 4:
        plain = sum(" " not in key.key.strip() or len(key.key) < 15 for key in valid) / len(valid)
        return ("id" if plain > 0.9 else "free_text"), "text", {}
    longest = max(len(key.key) for key in valid)
    if len(valid) <= CHOICES and longest <= LONGEST and len(valid) <= max(n / 2, 10):
        return _closed(answers, known), "text", {}
    return ("id" if longest <= 15 and len(valid) > 0.3 * n else "free_text"), "text", {}


def _closed(answers: Sequence[Answer], known: Knowledge) -> str:
    said = {normalise(answer.text) for answer in answers}
    used = {normalise(answer.text) for answer in answers if answer.rows} or said
    if said <= known.yes | known.no and len(said) <= 3:
        return "yes_no"
    return "constant" if len(used) == 1 and len(said) == 1 else "choice"


def _number(numbers: np.ndarray, n: int, distinct: int, known: int) -> tuple[str, str, dict[str, Any]]:
    low, high = float(np.nanmin(numbers)), float(np.nanmax(numbers))
    span: dict[str, Any] = {"low": low, "high": high}
    whole = bool(np.all(np.equal(np.mod(numbers[~np.isnan(numbers)], 1), 0)))
    if distinct == 1:
        return "constant", "number", span
    if distinct > 0.95 * n and n > 20 and whole and distinct > 100:
        return "id", "number", span
    return ("codes" if whole and distinct <= 12 and high < 20 else "number"), "number", span


def _ticks(valid: Sequence[AnswerKey]) -> bool:
    return {normalise(key.key) for key in valid} <= {"x"}


def _all_dates(valid: Sequence[AnswerKey], form: FileForm) -> bool:
    if form.format in ("spss", "stata") or any(isinstance(key.value, float) for key in valid):
        return False
    return len(to_dates(valid, form)[1]) <= 0.1 * len(valid)


def _several(valid: Sequence[AnswerKey], counted: Mapping[str, int]) -> dict[str, Any]:
    """The separator and the parts where cells hold several closed answers; empty if they do not."""
    for separator in SEPARATORS:
        cells = [key for key in valid if separator in key.key]
        if sum(counted[key.key] for key in cells) < 0.1 * sum(counted[key.key] for key in valid):
            continue
        parts: dict[str, int] = {}
        for key in valid:
            for part in dict.fromkeys(_parts(key.key, separator)):
                parts[part] = parts.get(part, 0) + counted[key.key]
        common = sum(count >= 3 for count in parts.values())
        if 2 < len(parts) <= CHOICES and len(parts) < len(valid) and common > 0.6 * len(parts):
            return {"separator": separator.strip(), "parts": parts}
    return {}


def _parts(text: str, separator: str) -> Iterator[str]:
    return (part.strip() for part in text.split(separator) if part.strip())
