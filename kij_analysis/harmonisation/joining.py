"""Key files: an answer looked up in a second table of the study, and one of its columns brought over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from kij_analysis.codebook.crosswalks import Missing
from kij_analysis.errors import Problem, did_you_mean, listed
from kij_analysis.harmonisation.at_hand import AtHand
from kij_analysis.harmonisation.filled import FAILED, Filled, Joined, everywhere
from kij_analysis.harmonisation.lookups import CompiledRule, Joining, Reading
from kij_analysis.harmonisation.reading import read_column
from kij_analysis.harmonisation.resolving import NOTHING, matches, outcome_of, resolve
from kij_analysis.harmonisation.showing import patterns
from kij_analysis.privacy import is_mask
from kij_analysis.privacy.ids import normal_id
from kij_analysis.sources import AnswerKey, RawTable, normalise


def join(rule: CompiledRule, plan: Joining, at_hand: AtHand) -> Filled:
    """What the key file has for each answer; keys that it lacks, has twice or has for nobody are told."""
    table = at_hand.key_files[plan.path, plan.form]
    absent = [name for name in (plan.key, plan.bring) if name not in table.frame.columns]
    if absent:
        problems = [_no_column(name, rule, table) for name in absent]
        return replace(everywhere(rule.column, FAILED, len(at_hand.raw.frame)), problems=problems)
    person = at_hand.instrument.keys.get("person_id", "")
    ids = at_hand.instrument.ids if plan.source == person else ()
    keys = _Keys(table, plan, ids)
    return _Joiner(rule, plan, at_hand, keys).filled()


def _no_column(name: str, rule: CompiledRule, table: RawTable) -> Problem:
    have = [str(column) for column in table.frame.columns]
    return Problem(
        what=f"for {rule.column.variable}: the key file has no column '{name}'.",
        fix=f"{did_you_mean(name, have)} It has {listed(have)}.".strip(),
        file=table.name,
    )


class _Keys:
    """The rows of a key file by their keys, in the spelling in which they are compared."""

    def __init__(self, table: RawTable, plan: Joining, ids: tuple[str, ...]) -> None:
        self.table, self.ids = table, ids
        codes, answers = table.keys(plan.key)
        spelled = [self.spelled(answer.key) for answer in answers]
        self.brought = table.keys(plan.bring)[0]
        self.rows: dict[str, list[int]] = {}
        for row, code in enumerate(codes):
            if spelled[code]:
                self.rows.setdefault(spelled[code], []).append(row)

    def spelled(self, key: str) -> str:
        return normal_id(key, self.ids) if self.ids else normalise(key)

    def find(self, answer: AnswerKey) -> str | None:
        """The key that an answer is, by its code or text or by its label in the file."""
        tried = (self.spelled(text) for text in (answer.key, answer.label or "") if text)
        return next((key for key in tried if key in self.rows), None)

    def twice(self, *, alike: bool) -> list[str]:
        """Keys that stand in several rows, with the same value in all of them or with different ones."""
        return [
            key
            for key, rows in self.rows.items()
            if len(rows) > 1 and (len(set(self.brought[rows].tolist())) == 1) == alike
        ]


@dataclass
class _Joiner:
    rule: CompiledRule
    plan: Joining
    at_hand: AtHand
    keys: _Keys
    unmatched: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def filled(self) -> Filled:
        """The column that comes over, and the accounts of the key file."""
        raw, source = self.at_hand.raw, self.plan.source
        codes, answers = raw.keys(source)
        counts = np.bincount(codes, minlength=len(answers))
        found = [self._found(answer, int(count)) for answer, count in zip(answers, counts, strict=True)]
        used = list(dict.fromkeys(key for key in found if isinstance(key, str)))
        outcomes, shown = self._brought(used)
        self._tell(used)
        joined = Joined(
            path=self.plan.path,
            sha256=self.keys.table.sha256,
            keys=len(self.keys.rows),
            used=len(used),
            unmatched=sum(self.unmatched.values()),
        )
        return Filled(
            column=self.rule.column,
            positions=codes,
            outcomes=[outcomes[key] if isinstance(key, str) else key for key in found],
            answers=[shown[key] if isinstance(key, str) else "" for key in found],
            problems=self.problems,
            unnamed="(from the key file)",
            joined=joined,
        )

    def _found(self, answer: AnswerKey, count: int) -> object:
        """The key of an answer; an outcome where the answer is none or the key file does not have it."""
        if matches(answer, self.plan.none) or answer.key == "" or answer.declared_missing:
            outcome, what, fix = outcome_of(answer, self.plan.none, count)
            if what:
                self._say(what, fix, column=self.plan.source)
            return outcome
        if is_mask(answer.key):
            # It was told at the door, and is no answer any more.
            return NOTHING
        key = self.keys.find(answer)
        if key is None:
            self.unmatched[answer.key] = count
            return Missing(self.plan.otherwise) if self.plan.otherwise else NOTHING
        return key

    def _brought(self, used: Sequence[str]) -> tuple[Mapping[str, object], Mapping[str, str]]:
        """What each key leads to, and how the ledger may name it; only rows that are needed are looked at."""
        table, plan = self.keys.table, self.plan.brought
        rows = np.array([self.keys.rows[key][0] for key in used], dtype=np.intp)
        needed = replace(table, frame=table.frame.iloc[rows].reset_index(drop=True))
        positions = needed.keys(self.plan.bring)[0]
        lines = table.first_row + rows
        if isinstance(plan, Reading):
            read = read_column(self.rule, plan, needed, self.plan.form, lines)
            outcomes, names, problems = read.outcomes, read.answers, read.problems
        else:
            resolved = resolve(needed, self.plan.bring, plan, target=self.rule.column.variable, rows=lines)
            outcomes, names, problems = resolved.outcomes, resolved.named, resolved.problems
        self.problems += problems
        places = dict(zip(used, positions.tolist(), strict=True))
        return {k: outcomes[p] for k, p in places.items()}, {k: names[p] for k, p in places.items()}

    def _tell(self, used: Sequence[str]) -> None:
        if self.unmatched:
            severity = "notice" if self.plan.otherwise else "error"
            rows = sum(self.unmatched.values())
            what = (
                f"{_many(len(self.unmatched), 'is', 'are')} not in {self.plan.path} "
                f"({rows} row{'s' if rows != 1 else ''}): {patterns(self.unmatched)}."
            )
            fix = "Add them to the key file, or otherwise: unmapped to the rule."
            self._say(what, "" if self.plan.otherwise else fix, column=self.plan.source, severity=severity)
        for what, fix, severity in self._accounts(used):
            self._say(what, fix, file=self.keys.table.name, column=self.plan.key, severity=severity)

    def _accounts(self, used: Sequence[str]) -> Iterator[tuple[str, str, str]]:
        different, alike = self.keys.twice(alike=False), self.keys.twice(alike=True)
        if different:
            rows = [row for key in different for row in self.keys.rows[key]]
            what = f"{_many(len(different))} more than once with different values, {self._places(rows)}."
            yield what, "Keep one row for each key.", "error"
        if alike:
            yield f"{_many(len(alike))} more than once with the same value.", "", "notice"
        unused = len(self.keys.rows) - len(used)
        if unused:
            yield f"{unused} of {len(self.keys.rows)} keys are used by nobody.", "", "notice"

    def _places(self, rows: Sequence[int]) -> str:
        first = sorted(self.keys.table.first_row + row for row in rows)
        return f"rows {', '.join(map(str, first[:6]))}{' …' if len(first) > 6 else ''}"

    def _say(self, what: str, fix: str, *, file: str = "", column: str = "", severity: str = "error") -> None:
        what = f"for {self.rule.column.variable}: {what}"
        name = file or self.at_hand.raw.name
        self.problems.append(Problem(what=what, fix=fix, file=name, column=column, severity=severity))


def _many(count: int, one: str = "stands", more: str = "stand") -> str:
    return f"1 key {one}" if count == 1 else f"{count} keys {more}"
