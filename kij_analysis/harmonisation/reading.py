"""Open columns: numbers, dates and texts read as declared; what does not fit is told without being shown."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kij_analysis.codebook.crosswalks import Missing
from kij_analysis.codebook.instruments import FileForm
from kij_analysis.errors import Problem
from kij_analysis.harmonisation.filled import Filled
from kij_analysis.harmonisation.lookups import CompiledRule, Reading
from kij_analysis.harmonisation.resolving import NOTHING, matches, outcome_of
from kij_analysis.harmonisation.showing import patterns
from kij_analysis.privacy import is_mask
from kij_analysis.sources import AnswerKey, RawTable, date_hint, number_hint, to_dates, to_numbers

HINTED = 500
"""As many answers as are tried for the form that would read them."""


def read_column(rule: CompiledRule, plan: Reading, raw: RawTable, form: FileForm, rows: np.ndarray) -> Filled:
    """Numbers, dates or texts; what cannot be read or lies outside the bounds is a problem or a reason."""
    codes, answers = raw.keys(plan.source)
    counts = np.bincount(codes, minlength=len(answers))
    outcomes: list[object] = [NOTHING] * len(answers)
    problems, given = [], []
    for i, answer in enumerate(answers):
        if matches(answer, plan.missing) or answer.key == "" or answer.declared_missing:
            outcomes[i], what, fix = outcome_of(answer, plan.missing, int(counts[i]))
            if what:
                what = f"for {rule.column.variable}: {what}"
                problems.append(Problem(what=what, fix=fix, file=raw.name, column=plan.source))
        else:
            # What was masked at the door was told there, and is no answer any more.
            if not is_mask(answer.key):
                given.append(i)
    unread: list[int] = []
    outside: list[int] = []
    for i, value in zip(given, _parsed([answers[i] for i in given], plan, form), strict=True):
        if value is not None and not _outside(value, plan):
            outcomes[i] = value
            continue
        (unread if value is None else outside).append(i)
        if plan.otherwise:
            outcomes[i] = Missing(plan.otherwise)
    accounts = _Accounts(rule, plan, raw, codes, answers, rows)
    problems += [*accounts.unread(unread, form), *accounts.outside(outside), *accounts.labelled(given)]
    closed = [answer.key for answer in answers]
    for i in given:
        closed[i] = ""
    return Filled(column=rule.column, positions=codes, outcomes=outcomes, answers=closed, problems=problems)


def _parsed(answers: list[AnswerKey], plan: Reading, form: FileForm) -> list[object]:
    if plan.type == "text":
        return [answer.key for answer in answers]
    if plan.type == "date":
        dates, _ = to_dates(answers, form)
        return [None if pd.isna(date) else date for date in dates]
    numbers, _ = to_numbers(answers, form)
    return [None if np.isnan(number) else float(number) for number in numbers]


def _outside(value: object, plan: Reading) -> bool:
    if not isinstance(value, float):
        return False
    low = -np.inf if plan.minimum is None else plan.minimum
    high = np.inf if plan.maximum is None else plan.maximum
    return not low <= value <= high


class _Accounts:
    """What did not fit in an open column: forms, counts and rows, never the answer itself."""

    def __init__(
        self,
        rule: CompiledRule,
        plan: Reading,
        raw: RawTable,
        codes: np.ndarray,
        answers: list[AnswerKey],
        rows: np.ndarray,
    ) -> None:
        self.rule, self.plan, self.raw = rule, plan, raw
        self.codes, self.answers, self.rows = codes, answers, rows

    def unread(self, found: list[int], form: FileForm) -> list[Problem]:
        """Answers that are no numbers or dates as declared."""
        if not found:
            return []
        strangers = [self.answers[i] for i in found]
        kind = "numbers" if self.plan.type == "number" else "dates"
        declared = f"decimal '{form.decimal}'" if kind == "numbers" else form.dates
        counts = np.bincount(self.codes, minlength=len(self.answers))
        forms = patterns({self.answers[i].key: int(counts[i]) for i in found})
        what = f"{self._many(found)} cannot be read as {kind} ({declared}), {self._first(found)}: {forms}."
        hint = (number_hint if kind == "numbers" else date_hint)(strangers[:HINTED], form)
        return [self._problem(what, hint)]

    def outside(self, found: list[int]) -> list[Problem]:
        """Numbers outside the codebook's bounds."""
        if not found:
            return []
        low, high = ("any" if b is None else f"{b:g}" for b in (self.plan.minimum, self.plan.maximum))
        return [self._problem(f"{self._many(found)} outside {low}–{high}, {self._first(found)}.", "")]

    def labelled(self, given: list[int]) -> list[Problem]:
        """Codes that the file labels are often no numbers, such as 98 for "do not know"."""
        if self.plan.type == "text":
            return []
        named = [i for i in given if self.answers[i].label]
        return [
            Problem(
                what=f"for {self.rule.column.variable}: {self._many([i])} '{self.answers[i].key}', which the "
                f"file labels '{self.answers[i].label}', and the rule reads it as it stands.",
                fix="If it is no answer, say under missing: why.",
                file=self.raw.name,
                column=self.plan.source,
                severity="notice",
            )
            for i in named
        ]

    def _many(self, found: list[int]) -> str:
        count = int(np.isin(self.codes, found).sum())
        return f"{count} answer{'s' if count != 1 else ''}"

    def _first(self, found: list[int]) -> str:
        return f"the first in row {self.rows[np.isin(self.codes, found)][0]}"

    def _problem(self, what: str, hint: str) -> Problem:
        return Problem(
            what=f"for {self.rule.column.variable}: {what}",
            fix=f"{hint} Correct the file, or add otherwise: invalid to the rule.".strip(),
            file=self.raw.name,
            column=self.plan.source,
            severity="notice" if self.plan.otherwise else "error",
        )
