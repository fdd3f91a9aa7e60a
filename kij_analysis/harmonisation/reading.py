"""Open columns: numbers, dates and texts read as declared; what does not fit is told without being shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from kij_analysis.codebook.crosswalks import Missing
from kij_analysis.codebook.instruments import FileForm
from kij_analysis.codebook.intervals import Interval, gap_of
from kij_analysis.codebook.specs import Copy
from kij_analysis.errors import Problem
from kij_analysis.harmonisation.filled import Filled
from kij_analysis.harmonisation.lookups import CompiledRule, Cut, Reading, Turn, answer_code
from kij_analysis.harmonisation.resolving import NOTHING, matches, outcome_of
from kij_analysis.harmonisation.showing import may_be_shown, pattern, patterns
from kij_analysis.privacy import is_mask
from kij_analysis.sources import AnswerKey, RawTable, date_hint, number_hint, to_dates, to_numbers

HINTED = 500
"""As many answers as are tried for the form that would read them."""


def read_column(rule: CompiledRule, plan: Reading, raw: RawTable, form: FileForm, rows: np.ndarray) -> Filled:
    """Numbers, dates or texts; what cannot be read or lies outside the bounds is a problem or a reason.

    A number is also looked for among the named answers by its value, so that 999.0 is the code 999.
    """
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
    parsed = dict(zip(given, _parsed([answers[i] for i in given], plan, form), strict=True))
    unread = [i for i, value in parsed.items() if value is None]
    outside: dict[int, float] = {}
    for i, value in parsed.items():
        outcomes[i] = _led_to(value, plan)
        if outcomes[i] is NOTHING and isinstance(value, float):
            outside[i] = value
        if outcomes[i] is NOTHING and plan.otherwise:
            outcomes[i] = Missing(plan.otherwise)
    accounts = _Accounts(rule, plan, raw, codes, answers, rows)
    problems += [*accounts.unread(unread, form), *accounts.outside(outside), *accounts.labelled(given)]
    closed = [
        _named(parsed[i], plan) if i in parsed else _said(answer, int(counts[i]), plan)
        for i, answer in enumerate(answers)
    ]
    return Filled(column=rule.column, positions=codes, outcomes=outcomes, answers=closed, problems=problems)


def _led_to(value: object, plan: Reading) -> object:
    """What an answer that was read leads to; nothing if it was not read or lies outside what is allowed."""
    if value is None or not isinstance(value, float):
        return NOTHING if value is None else value
    code = answer_code(value)
    if code in plan.missing.by_code:
        return plan.missing.by_code[code]
    if isinstance(plan.then, Cut):
        piece = _piece(value, plan.then)
        result: object = plan.then.rest if piece is None else piece[1]
        value = result if not isinstance(result, Copy) else value
    elif isinstance(plan.then, Turn):
        inside = plan.then.low <= value <= plan.then.high
        value = plan.then.low + plan.then.high - value if inside else None
    return NOTHING if value is None or _outside(value, plan) else value


def _piece(number: float, cut: Cut) -> tuple[Interval, object] | None:
    return next((piece for piece in cut.pieces if number in piece[0]), None)


def _named(value: object, plan: Reading) -> str:
    """What the ledger may say about an answer: its interval; nothing for one that stands for itself."""
    if not isinstance(value, float) or not isinstance(plan.then, Cut):
        return ""
    piece = _piece(value, plan.then)
    return "" if piece is None or isinstance(piece[1], Copy) else str(piece[0])


def _said(answer: AnswerKey, count: int, plan: Reading) -> str:
    """What the ledger may say about an answer that is no value: what a rule lists, else its form."""
    shown = matches(answer, plan.missing) or may_be_shown(answer, count, plan.missing)
    return answer.key if shown else pattern(answer.key)


def _parsed(answers: Sequence[AnswerKey], plan: Reading, form: FileForm) -> list[object]:
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
        answers: Sequence[AnswerKey],
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

    def outside(self, found: Mapping[int, float]) -> list[Problem]:
        """Numbers outside the codebook's bounds, outside the two ends, or in none of the intervals."""
        if not found:
            return []
        low, high, then = self.plan.minimum, self.plan.maximum, self.plan.then
        what = "outside {}–{}".format(*("any" if b is None else f"{b:g}" for b in (low, high)))
        if isinstance(then, Turn):
            what = f"outside {then.low:g}–{then.high:g}"
        elif isinstance(then, Cut):
            pieces = [piece for piece, _ in then.pieces]
            gaps = {i: gap_of(number, pieces) for i, number in found.items() if _piece(number, then) is None}
            if gaps:
                rows = {i: int((self.codes == i).sum()) for i in gaps}
                told = {gap: sum(rows[i] for i in gaps if gaps[i] == gap) for gap in gaps.values()}
                what = "in no interval: " + ", ".join(f"{count} {gap}" for gap, count in told.items())
        return [self._problem(f"{self._many([*found])} {what}, {self._first([*found])}.", "")]

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
