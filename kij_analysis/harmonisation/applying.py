"""Compiled rules applied to one file: harmonised columns, counts, and what did not fit."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from kij_analysis.codebook.crosswalks import Missing
from kij_analysis.codebook.instruments import Instrument
from kij_analysis.codebook.variables import Column
from kij_analysis.errors import Problem
from kij_analysis.harmonisation.lookups import (
    CompiledRule,
    Fixed,
    Lookup,
    Membership,
    Reading,
    Ticks,
    reason_of,
)
from kij_analysis.harmonisation.resolving import NOTHING, Resolved, matches, outcome_of, patterns, resolve
from kij_analysis.sources import (
    AnswerKey,
    RawTable,
    date_hint,
    normalise,
    number_hint,
    to_dates,
    to_numbers,
)

FAILED = Missing("rule_failed")


@dataclass(frozen=True, kw_only=True)
class Filled:
    """One harmonised column of one file: a position in `outcomes` for each row.

    `answers` names what each position came from in words fit for the ledger; for open columns it is
    empty, because an answer may be a name.
    """

    column: Column
    positions: np.ndarray
    outcomes: list[object]
    answers: list[str]
    problems: list[Problem] = field(default_factory=list)

    def values(self) -> pd.Series:
        """The values, missing where the outcome is a reason."""
        plain = [None if isinstance(o, Missing) or o is NOTHING else o for o in self.outcomes]
        return _typed(plain, self.positions, self.column)

    def reasons(self, known: list[str]) -> pd.Series:
        """The reason of each missing value as a category, missing where there is a value."""
        reasons = [reason_of(FAILED if o is NOTHING else o) for o in self.outcomes]
        codes = np.array([known.index(reason) if reason else -1 for reason in reasons], dtype=np.int8)
        return pd.Series(pd.Categorical.from_codes(codes[self.positions], categories=known))


def _typed(plain: list[object], positions: np.ndarray, column: Column) -> pd.Series:
    if column.type == "category":
        known = list(column.categories)
        codes = np.array(
            [-1 if value is None else known.index(str(value)) for value in plain], dtype=np.int16
        )
        values = pd.Categorical.from_codes(codes[positions], categories=known, ordered=column.ordered)
        return pd.Series(values)
    dtypes = {"boolean": "boolean", "number": "float64", "date": "datetime64[s]", "text": "str"}
    return pd.Series(plain, dtype=dtypes[column.type]).take(positions).reset_index(drop=True)


def apply_rule(rule: CompiledRule, raw: RawTable, instrument: Instrument) -> Filled:
    """One harmonised column from one file; a rule that cannot be applied marks its own column only."""
    absent = [name for name in rule.rule.sources if name not in raw.frame.columns]
    if absent:
        everywhere = np.zeros(len(raw.frame), dtype=np.intp)
        return Filled(column=rule.column, positions=everywhere, outcomes=[FAILED], answers=[""])
    plan = rule.plan
    if isinstance(plan, Fixed):
        everywhere = np.zeros(len(raw.frame), dtype=np.intp)
        return Filled(column=rule.column, positions=everywhere, outcomes=[plan.value], answers=[""])
    if isinstance(plan, Lookup):
        found = resolve(raw, plan.source, plan, target=rule.column.variable)
        codes, answers = raw.keys(plan.source)
        return _filled(rule, codes, found, answers)
    if isinstance(plan, Reading):
        return _read(rule, plan, raw, instrument)
    if isinstance(plan, Membership):
        return _membership(rule, plan, raw)
    return _ticks(rule, plan, raw)


def _filled(rule: CompiledRule, codes: np.ndarray, found: Resolved, answers: list[AnswerKey]) -> Filled:
    return Filled(
        column=rule.column,
        positions=codes,
        outcomes=found.outcomes,
        answers=[f"{a.key} {a.label}" if a.label else a.key for a in answers],
        problems=found.problems,
    )


def _read(rule: CompiledRule, plan: Reading, raw: RawTable, instrument: Instrument) -> Filled:
    """Numbers, dates or texts; what cannot be read or lies outside the bounds is a problem or a reason."""
    codes, answers = raw.keys(plan.source)
    counts = np.bincount(codes, minlength=len(answers))
    outcomes: list[object] = [NOTHING] * len(answers)
    problems, given = [], []
    for i, answer in enumerate(answers):
        if matches(answer, plan.missing) or answer.key == "" or answer.declared_missing:
            outcomes[i], what, fix = outcome_of(answer, plan.missing, int(counts[i]))
            if what:
                problems.append(Problem(what=what, fix=fix, file=raw.name, column=plan.source))
        else:
            given.append(i)
    unread: dict[str, int] = {}
    outside: dict[str, int] = {}
    for i, value in zip(given, _parsed([answers[i] for i in given], plan, instrument), strict=True):
        if value is not None and not _outside(value, plan):
            outcomes[i] = value
            continue
        (unread if value is None else outside)[answers[i].key] = int(counts[i])
        if plan.otherwise:
            outcomes[i] = Missing(plan.otherwise)
    problems += _reading_problems(rule, plan, raw.name, unread, outside, instrument)
    closed = [a.key if i not in given else "" for i, a in enumerate(answers)]
    return Filled(column=rule.column, positions=codes, outcomes=outcomes, answers=closed, problems=problems)


def _parsed(answers: list[AnswerKey], plan: Reading, instrument: Instrument) -> list[object]:
    if plan.type == "text":
        return [answer.key for answer in answers]
    if plan.type == "date":
        dates, _ = to_dates(answers, instrument.file)
        return [None if pd.isna(date) else date for date in dates]
    numbers, _ = to_numbers(answers, instrument.file)
    return [None if np.isnan(number) else float(number) for number in numbers]


def _outside(value: object, plan: Reading) -> bool:
    if not isinstance(value, float):
        return False
    low = -np.inf if plan.minimum is None else plan.minimum
    high = np.inf if plan.maximum is None else plan.maximum
    return not low <= value <= high


def _reading_problems(
    rule: CompiledRule,
    plan: Reading,
    file: str,
    unread: dict[str, int],
    outside: dict[str, int],
    instrument: Instrument,
) -> list[Problem]:
    """Open columns show the form and the count of what did not fit, never the answer itself."""
    severity = "notice" if plan.otherwise else "error"
    found = []
    target = f"(for {rule.column.variable})"
    escape = "Correct the file, or add otherwise: invalid to the rule."
    if unread:
        kind = "numbers" if plan.type == "number" else "dates"
        form = instrument.file.dates if plan.type == "date" else f"decimal '{instrument.file.decimal}'"
        count, forms = sum(unread.values()), patterns(unread)
        what = f"{count} answers are not {kind} as declared ({form}): {forms} {target}."
        keys = [answer_key(text) for text in unread]
        hint = (number_hint if plan.type == "number" else date_hint)(keys, instrument.file)
        fix = f"{hint} {escape}".strip()
        found.append(Problem(what=what, fix=fix, file=file, column=plan.source, severity=severity))
    if outside:
        low, high = ("any" if b is None else f"{b:g}" for b in (plan.minimum, plan.maximum))
        what = f"{sum(outside.values())} answers lie outside {low}–{high} {target}."
        found.append(Problem(what=what, fix=escape, file=file, column=plan.source, severity=severity))
    return found


def _membership(rule: CompiledRule, plan: Membership, raw: RawTable) -> Filled:
    """Is the code among the answers of the cell? Every part of every cell needs a rule."""
    lookup = plan.answers
    codes, answers = raw.keys(lookup.source)
    counts = np.bincount(codes, minlength=len(answers))
    outcomes: list[object] = []
    strangers: dict[AnswerKey, int] = {}
    for answer, count in zip(answers, counts, strict=True):
        parts = [answer_key(part) for part in answer.key.split(plan.separator.strip() or " ") if part.strip()]
        results = [(matches(part, lookup) or [NOTHING])[0] for part in parts]
        for part, result in zip(parts, results, strict=True):
            if result is NOTHING:
                strangers[part] = strangers.get(part, 0) + int(count)
        outcomes.append(_chosen(results, plan.empty, plan.code))
    problems = []
    for part, count in strangers.items():
        _, what, fix = outcome_of(part, lookup, count)
        problems.append(Problem(what=what, fix=fix, file=raw.name, column=lookup.source))
    texts = [answer.key for answer in answers]
    return Filled(column=rule.column, positions=codes, outcomes=outcomes, answers=texts, problems=problems)


def answer_key(text: str) -> AnswerKey:
    """One answer out of a cell that lists several."""
    plain = " ".join(text.split())
    return AnswerKey(key=plain, text=normalise(plain), label=None, declared_missing=False)


def _chosen(results: list[object], empty: object, code: str) -> object:
    """True, false or the reason, from what the parts of one cell lead to."""
    if not results:
        return False if empty == "none" else empty
    if NOTHING in results:
        return NOTHING
    if code in results:
        return True
    reasons = [result for result in results if isinstance(result, Missing)]
    return reasons[0] if len(reasons) == len(results) else False


def _ticks(rule: CompiledRule, plan: Ticks, raw: RawTable) -> Filled:
    """Is one of the columns that lead to the code ticked? Nobody ticking anything is a case of its own."""
    problems: list[Problem] = []
    own = np.zeros(len(raw.frame), dtype=bool)
    own_gap = np.full(len(raw.frame), "", dtype=object)
    any_tick = np.zeros(len(raw.frame), dtype=bool)
    for name, code in plan.columns.items():
        found = resolve(raw, name, plan.ticks, target="barriers")
        positions = raw.keys(name)[0]
        ticked = np.array([o is True for o in found.outcomes], dtype=bool)[positions]
        any_tick |= ticked
        if code == plan.code:
            problems += found.problems
            own |= ticked
            gaps = ["rule_failed" if o is NOTHING else reason_of(o) for o in found.outcomes]
            own_gap = np.where(own_gap == "", np.array(gaps, dtype=object)[positions], own_gap)
    blank = Missing("no_answer") if plan.none_chosen == "none" else plan.none_chosen
    outcomes: list[object] = [False, True, False if plan.none_chosen == "none" else blank]
    reasons = sorted({str(gap) for gap in own_gap if gap})
    outcomes += [Missing(reason) for reason in reasons]
    rows = np.where(own, 1, np.where(any_tick, 0, 2))
    for position, reason in enumerate(reasons):
        rows = np.where(~own & (own_gap == reason), 3 + position, rows)
    answers = ["not ticked", "ticked", "nothing ticked", *reasons]
    return Filled(column=rule.column, positions=rows, outcomes=outcomes, answers=answers, problems=problems)
