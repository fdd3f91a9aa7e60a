"""Why a person stands elsewhere than in the run before, as far as two ledgers can tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kij_analysis.harmonisation.rule_words import Labels, differences
from kij_analysis.harmonisation.runs import PLAIN, Run, Unit

EMPTY = {"no_answer", "not_applicable"}
MOST = 3
"""As many changes of one rule as a sentence names."""

Outcome = tuple[str, str]
"""A value and a missing reason, one of them empty."""


@dataclass(frozen=True)
class Cause:
    """One thing that differs between two runs and can have moved somebody.

    `kind` is source, rule, raw file, instrument, codebook, condition or software.
    """

    kind: str
    words: str


class Causes:
    """What differs between two runs, asked for one column of one questionnaire at a time.

    Rules are held against the counts of both ledgers: a changed rule counts as a cause only where some answer
    led to the one outcome before and leads to the other now.
    """

    def __init__(self, old: Run, new: Run) -> None:
        self.old, self.new = old, new
        self.labels = Labels({**old.ledger.definitions, **new.ledger.definitions})
        self.versions = _versions(old, new)
        self._of_units: dict[Unit, tuple[Cause, ...]] = {}

    def of(self, column: str, units: Sequence[Unit], before: Outcome, after: Outcome) -> tuple[str, str]:
        """(kind, words) of what moved people who answered these questionnaires; several are all named."""
        found: dict[Cause, None] = {}
        for unit in units:
            found.update(dict.fromkeys(self._at(column, unit, before, after)))
        if not found and self.versions:
            found = {Cause("software", f"the software changed ({', '.join(self.versions)})"): None}
        if not found:
            return "unknown", "and nothing that the ledgers know of differs"
        words = " and ".join(cause.words for cause in found)
        kinds = {cause.kind for cause in found}
        if len(kinds) == 1:
            return kinds.pop(), f"because {words}"
        return "several", f"because {words}; which of these moved them cannot be told"

    def touched(self, column: str, unit: Unit) -> bool:
        """Whether anything that the column of this questionnaire is made from differs."""
        own = self.rule_differs(column, unit[0]) or bool(self._of_unit(unit))
        return own or any(self._codebook(column, unit[0]))

    def rule_differs(self, column: str, instrument: str) -> bool:
        """Whether the rule itself, without its status and reason, is another one."""
        old, new = self._pair(column, instrument)
        return bool(old and new and (old["rule"], old["spec"]) != (new["rule"], new["spec"]))

    def said(self, column: str, instrument: str) -> list[str]:
        """What the rule of an instrument says otherwise than before, in words."""
        old, new = self._pair(column, instrument)
        if old is None or new is None:
            return []
        kinds = [] if old["rule"] == new["rule"] else [f"it is {new['rule']} instead of {old['rule']}"]
        return kinds + list(differences(old["spec"], new["spec"], column, self.labels))

    def _pair(self, column: str, instrument: str) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
        return self.old.rules.get((instrument, column)), self.new.rules.get((instrument, column))

    def _at(self, column: str, unit: Unit, before: Outcome, after: Outcome) -> Iterator[Cause]:
        yield from self._rule(column, unit[0], before, after)
        yield from self._of_unit(unit)
        yield from self._codebook(column, unit[0])
        if {before[1], after[1]} <= EMPTY:
            for other in self._conditions(column):
                if self.rule_differs(other, unit[0]):
                    yield Cause("condition", f"the rule for {other}, which says whom it concerns, changed")

    def _rule(self, column: str, instrument: str, before: Outcome, after: Outcome) -> Iterator[Cause]:
        old, new = self._pair(column, instrument)
        if old is None or new is None or not self.rule_differs(column, instrument):
            return
        was = self.old.answers_of(instrument, column, *before)
        now = self.new.answers_of(instrument, column, *after)
        comparable = old["rule"] == new["rule"] and old["from"] == new["from"]
        if comparable and not was & now and "" not in was | now:
            return
        said = self.said(column, instrument)
        fitting = [text for text in said if any(f"'{answer}'" in text for answer in was & now if answer)]
        chosen = fitting or said
        more = f" and {len(chosen) - MOST} more" if len(chosen) > MOST else ""
        yield Cause("rule", f"the rule in {where(new)} changed: {', '.join(chosen[:MOST])}{more}")

    def _of_unit(self, unit: Unit) -> tuple[Cause, ...]:
        """What differs about a questionnaire as a whole: its data file and how it is declared."""
        if unit not in self._of_units:
            self._of_units[unit] = (
                *_source(self.old, self.new, unit),
                *_settings(self.old, self.new, unit[0]),
            )
        return self._of_units[unit]

    def _codebook(self, column: str, instrument: str) -> Iterator[Cause]:
        old, new = (_meaning(run, column) for run in (self.old, self.new))
        if old and new and old != new:
            yield Cause("codebook", f"the codebook defines {column} otherwise")
        scales = {
            (rule or {}).get("spec", {}).get("scale", "") for rule in self._pair(column, instrument)
        } - {""}
        for scale in scales:
            was, now = (run.ledger.definitions["scales"].get(scale) for run in (self.old, self.new))
            if was and now and was != now:
                yield Cause("codebook", f"the codebook defines the scale {scale} otherwise")

    def _conditions(self, column: str) -> list[str]:
        """The columns that say whom a column concerns."""
        both = [run.ledger.definitions["columns"].get(column, {}) for run in (self.old, self.new)]
        return list({name: None for known in both for name in known.get("only_if", {})})


def where(rule: dict[str, Any]) -> str:
    """Where a rule stands: its file, and its line if it has one.

    Examples
    --------
    >>> where({"crosswalk": "crosswalks/kv_end.yaml", "line": 12})
    'crosswalks/kv_end.yaml, line 12,'
    """
    line = rule["line"]
    known = line is not None and line == line
    return f"{rule['crosswalk']}, line {int(line)}," if known else str(rule["crosswalk"])


def _source(old: Run, new: Run, unit: Unit) -> Iterator[Cause]:
    was, now = old.checksums(unit), new.checksums(unit)
    if not was and now:
        yield Cause("source", f"{unit[0]} is read now and was not before")
    elif was and not now:
        yield Cause("source", f"{unit[0]} is no longer read")
    elif set(was.values()) != set(now.values()):
        names = sorted(file for file, sha in now.items() if sha not in was.values())
        shown = ", ".join(names or sorted(set(was) - set(now)))
        yield Cause("raw file", f"the file {shown} is not the one of the run before")


def _settings(old: Run, new: Run, instrument: str) -> Iterator[Cause]:
    was, now = (run.ledger.definitions["instruments"].get(instrument, {}) for run in (old, new))
    names = [name for name in {**was, **now} if name not in PLAIN and was.get(name) != now.get(name)]
    if was and now and names:
        yield Cause("instrument", f"{instrument} is declared otherwise ({', '.join(names)})")


def _meaning(run: Run, column: str) -> dict[str, Any]:
    """What a value of a column depends on: not its labels."""
    known = dict(run.ledger.definitions["columns"].get(column, {}))
    if "categories" in known:
        known["categories"] = sorted(known["categories"])
    return {name: part for name, part in known.items() if name not in ("label", "frame")}


def _versions(old: Run, new: Run) -> list[str]:
    was, now = old.ledger.software, new.ledger.software
    differing = [name for name in {**was, **now} if was.get(name) != now.get(name)]
    return [f"{name} {was.get(name, '–')} → {now.get(name, '–')}" for name in differing]
