"""Answers of a file held against lookup tables: what each leads to, and which have no rule."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np

from kij_analysis.codebook.crosswalks import Missing
from kij_analysis.errors import Problem, did_you_mean, listed
from kij_analysis.harmonisation.lookups import Lookup
from kij_analysis.harmonisation.showing import may_be_shown, not_shown, pattern, unshown
from kij_analysis.privacy import is_mask
from kij_analysis.sources import AnswerKey, RawTable, normalise

NOTHING = object()
"""What an answer without a rule leads to."""


@dataclass(frozen=True)
class Resolved:
    """The outcome of each unique answer of a column, how the ledger names it, and what did not fit."""

    outcomes: list[object]
    named: list[str]
    problems: list[Problem] = field(default_factory=list)


def resolve(raw: RawTable, column: str, lookup: Lookup, *, target: str, rows: np.ndarray) -> Resolved:
    """What every unique answer of a raw column leads to.

    An answer without a rule, a label that differs from the one that the rule was written for, and a
    code that the file declares missing but the rule makes valid are problems, each with its rows. Answers
    without a rule that may name somebody are one problem together, by their forms; `rows` are the row
    numbers that it names.
    """
    codes, answers = raw.keys(column)
    counts = np.bincount(codes, minlength=len(answers))
    strangers = {a: int(n) for a, n in zip(answers, counts, strict=True) if not matches(a, lookup)}
    silent = set(unshown(strangers, lookup))
    outcomes: list[object] = []
    found: list[tuple[str, str]] = []
    for answer, count in zip(answers, counts, strict=True):
        if answer in silent:
            outcomes.append(NOTHING)
            continue
        outcome, what, fix = outcome_of(answer, lookup, int(count))
        outcomes.append(outcome)
        found.append((what, fix))
    found.append(without_rule(silent, codes, answers, rows, lookup))
    problems = [
        Problem(what=f"for {target}: {what}", fix=fix, file=raw.name, column=column)
        for what, fix in found
        if what
    ]
    problems += _labels_without_rule(raw, column, lookup, target)
    return Resolved(
        outcomes=outcomes, named=[_named(answer, answer in silent) for answer in answers], problems=problems
    )


def _named(answer: AnswerKey, silent: bool) -> str:
    if silent:
        return pattern(answer.key)
    return f"{answer.key} {answer.label}" if answer.label else answer.key


def without_rule(
    silent: Collection[AnswerKey],
    codes: np.ndarray,
    answers: Sequence[AnswerKey],
    rows: np.ndarray,
    lookup: Lookup,
) -> tuple[str, str]:
    """(what is wrong, what to do) for answers that are not shown; masked ones were told at the door."""
    quiet = [answer for answer in silent if not is_mask(answer.key)]
    if not quiet:
        return "", ""
    hit = np.array([answer in silent and not is_mask(answer.key) for answer in answers], dtype=bool)[codes]
    return not_shown(quiet, hit, rows, lookup.known)


def outcome_of(answer: AnswerKey, lookup: Lookup, count: int) -> tuple[object, str, str]:
    """(outcome, what is wrong, what to do) for one answer that stands in `count` rows."""
    found = matches(answer, lookup)
    if not found:
        return NOTHING, *_no_rule(answer, lookup, count)
    label = normalise(answer.label) if answer.label else ""
    expected = lookup.labels.get(answer.key, ())
    if label and expected and label not in expected:
        what = (
            f"Code {answer.key} is labelled '{answer.label}' in the file, "
            f"but the rule was written for {listed(expected)}."
        )
        return (
            NOTHING,
            what,
            "Correct the labels in the crosswalk, or the code, after looking at the questionnaire.",
        )
    if any(outcome != found[0] for outcome in found[1:]):
        own = f"its label '{answer.label}'" if answer.label else "the same as text"
        return NOTHING, f"Code {answer.key} and {own} have different rules.", "Keep one of the two."
    if answer.declared_missing and not isinstance(found[0], Missing):
        what = f"The file declares '{answer.key}' missing, but the rule makes it valid ({count} rows)."
        return NOTHING, what, "Lead it to {missing: …} instead."
    return found[0], "", ""


def matches(answer: AnswerKey, lookup: Lookup) -> list[object]:
    """What an answer leads to by its code, its text and its label; empty if it has no rule."""
    found = []
    code = answer.key.strip()
    if code in lookup.by_code:
        found.append(lookup.by_code[code])
    if answer.text in lookup.by_text:
        found.append(lookup.by_text[answer.text])
    if answer.label and normalise(answer.label) in lookup.by_text:
        found.append(lookup.by_text[normalise(answer.label)])
    return found


def _no_rule(answer: AnswerKey, lookup: Lookup, count: int) -> tuple[str, str]:
    rows = f"{count} row{'s' if count != 1 else ''}"
    if answer.key == "":
        return (
            f"An empty cell has no rule ({rows}).",
            "Say under missing: what it means, for example {'': no_answer}.",
        )
    if is_mask(answer.key):
        return "", ""
    shown = f"'{answer.key}'" + (f" ({answer.label})" if answer.label else "")
    if not may_be_shown(answer, count, lookup):
        shown = f"An answer of the form '{pattern(answer.key)}'"
    intended = garbled(answer.label or answer.key)
    hint = did_you_mean(answer.label or answer.key, lookup.known)
    if intended and normalise(intended) in lookup.by_text:
        hint = (
            f"It looks like '{intended}' in a wrong encoding: save the file again, or correct its encoding."
        )
    if answer.declared_missing:
        hint = f"The file declares it missing: say under missing: why. {hint}".strip()
    return f"{shown} has no rule ({rows}).", f"{hint} Known: {listed(lookup.known)}.".strip()


def garbled(text: str) -> str:
    """The text that was meant, if UTF-8 was read as a Western one-byte encoding; else empty.

    Examples
    --------
    >>> garbled("I hÃ¸j grad"), garbled("I høj grad")
    ('I høj grad', '')
    """
    for encoding in ("cp1252", "latin-1"):
        try:
            meant = text.encode(encoding).decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
        return meant if meant != text else ""
    return ""


def _labels_without_rule(raw: RawTable, column: str, lookup: Lookup, target: str) -> list[Problem]:
    """An answer option that the file knows and nobody chose is told, so that a new option is seen."""
    seen = {answer.key for answer in raw.keys(column)[1]}
    found = []
    for key, label in raw.columns[column].value_labels.items():
        answer = AnswerKey(key=key, text=normalise(key), label=label, declared_missing=False)
        if key not in seen and not matches(answer, lookup):
            what = f"for {target}: the option {key} '{label}' has no rule; nobody chose it."
            found.append(
                Problem(what=what, fix="Add it to the rule.", file=raw.name, column=column, severity="notice")
            )
    return found
