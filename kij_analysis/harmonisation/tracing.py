"""From a harmonised variable, or one person's value of it, back to file, column, answer and rule."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from kij_analysis.codebook.crosswalks import ColumnPerAnswer, Constant, Direct, Missing, Rule
from kij_analysis.codebook.instruments import WAVES
from kij_analysis.codebook.variables import Codebook, Column
from kij_analysis.codebook.yaml_files import read_yaml
from kij_analysis.errors import UsageError, did_you_mean
from kij_analysis.harmonisation.filled import FAILED, Filled
from kij_analysis.harmonisation.ledger import Ledger
from kij_analysis.harmonisation.parts import Part
from kij_analysis.harmonisation.resolving import NOTHING
from kij_analysis.harmonisation.rule_words import Labels, in_words
from kij_analysis.harmonisation.showing import CODE, pattern
from kij_analysis.harmonisation.specs import plain
from kij_analysis.privacy import Key, hidden, normal_id
from kij_analysis.sources import AnswerKey, RawTable, normalise, read

RULE = ["rule", "crosswalk", "line", "status", "detail", "because", "decided_by", "on"]
PLACE = ["column", "programme", "role", "wave", "round", "instrument", "file"]
OVERVIEW = [*PLACE, "source", "question", *RULE, "from", "to", "missing", "rows"]
PERSON = [*PLACE, "row", "source", "question", "answer", *RULE, "result", "missing", "used"]
CLOSED = ("map", "stretch", "threshold", "any_of")
"""Kinds of rules that list every answer; what any other kind reads may be a name."""
LISTS = ("values", "missing", "columns")
"""Where a rule names its answers."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Whose value is traced: by her pseudonym, or by the id that her programme knows her by."""

    pseudonym: str = ""
    id: str = ""
    programme: str = ""
    wave: str = ""

    def within(self, part: Part, key: Key) -> str:
        """Her pseudonym in a file, empty where she cannot stand in it."""
        instrument = part.crosswalk.instrument
        if instrument.unit == "meeting" or not instrument.is_of(self.programme, self.wave):
            return ""
        if self.pseudonym:
            return self.pseudonym
        spelt = normal_id(self.id, instrument.ids)
        return spelt if key.kept else key.pseudonym(instrument.programme, "person", spelt)


def columns_of(variable: str, codebook: Codebook) -> list[Column]:
    """The harmonised columns of a variable, or the one column of that name.

    Raises
    ------
    UsageError
        If the codebook has neither.
    """
    if variable in codebook.columns:
        return [codebook.columns[variable]]
    found = [column for column in codebook.columns.values() if column.variable == variable]
    if not found:
        names = dict.fromkeys([*(c.variable for c in codebook.columns.values()), *codebook.columns])
        fix = did_you_mean(variable, names) or "See codebook/variables.yaml."
        raise UsageError(
            f"The codebook has no variable '{variable}'.", fix=fix or "See codebook/variables.yaml."
        )
    return found


def overview(parts: Sequence[Part], ledger: Ledger, columns: Sequence[Column]) -> pd.DataFrame:
    """Where a variable comes from in every file, with the counts from → to."""
    labels = Labels(ledger.definitions)
    names = ["instrument", "file", "column"]
    counts = dict(list(ledger.counts.groupby(names, sort=False)))
    questions = [_questions(part) for part in parts]
    rows = []
    for column in columns:
        for part, asked in zip(parts, questions, strict=True):
            rule = part.crosswalk.rule(column.name)
            own = _place(part, column) | _rule(part, rule, labels)
            own["source"] = " | ".join(rule.sources)
            own["question"] = " | ".join(asked[name] for name in rule.sources if name in asked)
            mine = counts[(own["instrument"], own["file"], column.name)]
            rows += [own | count for count in mine[["from", "to", "missing", "rows"]].to_dict("records")]
    return pd.DataFrame(rows, columns=OVERVIEW)


def recorded(ledger: Ledger, columns: Sequence[str], instruments: Sequence[str]) -> pd.DataFrame:
    """The rules that a ledger has recorded for some columns and questionnaires, as `overview` tells them."""
    labels = Labels(ledger.definitions)
    rules = ledger.rules[ledger.rules["column"].isin(columns) & ledger.rules["instrument"].isin(instruments)]
    told = [
        in_words(row["rule"], json.loads(row["spec"]), row["column"], labels)
        for row in rules.to_dict("records")
    ]
    return rules.drop(columns="rule").assign(rule=told, question="")


def cells(
    parts: Sequence[Part],
    columns: Sequence[Column],
    who: Person,
    *,
    key: Key,
    labels: Labels,
    show_open: bool = False,
) -> pd.DataFrame:
    """One person's value in every file in which she stands, back to the cell that it was read from.

    Raises
    ------
    UsageError
        If nobody is found.
    """
    if who.id and not key.links:
        fix = "Give her running number in the harmonised data with --person."
        raise UsageError("Without a key nobody can be found by the id of her programme.", fix=fix)
    order = {wave: position for position, wave in enumerate(WAVES)}
    found: list[dict[str, Any]] = []
    for part in sorted(parts, key=lambda part: order[part.crosswalk.instrument.wave]):
        pseudonym = who.within(part, key)
        mine = (part.frame["person_id"] == pseudonym).to_numpy().nonzero()[0] if pseudonym else []
        for position in mine:
            cell = _Cell(part, int(position), labels, show_open)
            found += [row for column in columns for row in cell.rows(column)]
    if not found:
        fix = "Check the spelling and the programme, and that the study's key lies on this machine."
        raise UsageError(
            "Nobody stands under this id or pseudonym in the files that were asked for.", fix=fix
        )
    frame = pd.DataFrame(found, columns=PERSON).astype({"line": "Int64", "row": "int64"})
    frame = frame.sort_values(
        "column", key=lambda names: names.map([c.name for c in columns].index), kind="stable"
    )
    return frame.assign(used=_used(frame, columns)).reset_index(drop=True)


def _used(frame: pd.DataFrame, columns: Sequence[Column]) -> pd.Series:
    """Which row gives the harmonised value: of a person or pair the first valid one over the waves."""
    once = frame["column"].isin([column.name for column in columns if column.frame in ("people", "pairs")])
    valid = frame[once & (frame["result"] != "")]
    first = valid.drop_duplicates(["column", "programme", "role"])
    winners = frame.set_index(["column", "programme", "role", "file"]).index.isin(
        first.set_index(["column", "programme", "role", "file"]).index
    )
    return (~once) | winners


class _Cell:
    """One row of one file, read again."""

    def __init__(self, part: Part, position: int, labels: Labels, show_open: bool) -> None:
        self.part, self.position, self.labels, self.show_open = part, position, labels, show_open

    @cached_property
    def raw(self) -> RawTable:
        """The file as it is."""
        return read(self.part.source.file, self.part.crosswalk.instrument.file)

    def rows(self, column: Column) -> Iterator[dict[str, Any]]:
        """One row for each column of the file that the rule reads."""
        rule = self.part.crosswalk.rule(column.name)
        value = self.part.frame[column.name].iloc[self.position]
        reason = self.part.frame[column.missing].iloc[self.position]
        own = {**_place(self.part, column), "row": int(self.part.rows[self.position])}
        own |= _rule(self.part, rule, self.labels)
        own |= {
            "result": "" if pd.isna(value) else self._value(value, column),
            "missing": "" if pd.isna(reason) else str(reason),
        }
        for source in rule.sources or ("",):
            answer = self._answer(source) if source in self.raw.columns else None
            said = {
                "source": source,
                "question": _question(self.raw, source),
                "answer": self._shown(answer, column),
            }
            line = _line(self.part, rule, answer.label or answer.key if answer else "")
            yield own | said | {"line": line}

    def _value(self, value: object, column: Column) -> str:
        hidden = column.type == "text" and not self.show_open
        return pattern(str(value)) if hidden else str(value)

    def _answer(self, source: str) -> AnswerKey:
        codes, answers = self.raw.keys(source)
        return answers[codes[int(self.part.rows[self.position]) - self.raw.first_row]]

    def _shown(self, answer: AnswerKey | None, column: Column) -> str:
        """The answer; of an open column its form only, because it may be a name."""
        if answer is None:
            return ""
        if answer.key == "":
            return "(empty)"
        filled = next(f for f in self.part.filled if f.column.name == column.name)
        rule = self.part.crosswalk.rule(column.name)
        listed = _closed(rule, column) and _named(filled, self.position, answer, rule)
        if self.show_open or listed or _listed(filled, self.position):
            return hidden(f"{answer.key} ({answer.label})" if answer.label else answer.key)
        return pattern(answer.key)


def _closed(rule: Rule, column: Column) -> bool:
    """Whether a rule lists every answer of its column."""
    plain_codes = isinstance(rule.spec, Direct) and column.type in ("category", "boolean")
    return rule.kind in CLOSED or plain_codes


def _named(filled: Filled, position: int, answer: AnswerKey, rule: Rule) -> bool:
    """Whether the ledger names the answer too; of one that no rule lists it may tell the form only."""
    place = filled.positions[position]
    if isinstance(rule.spec, ColumnPerAnswer):
        # Each column of a multiple choice has its own answer, and the ledger only counts what is ticked.
        failed = filled.outcomes[place] is NOTHING or filled.outcomes[place] == FAILED
        return not failed or bool(answer.label) or bool(CODE.fullmatch(answer.key.strip()))
    return filled.answers[place].startswith(answer.key)


def _listed(filled: Filled, position: int) -> bool:
    """Whether the answer is one that the rule names, such as a code for a missing answer."""
    place = filled.positions[position]
    return bool(filled.answers[place]) and isinstance(filled.outcomes[place], Missing)


def _place(part: Part, column: Column) -> dict[str, Any]:
    instrument = part.crosswalk.instrument
    return {
        "column": column.name,
        "programme": instrument.programme,
        "role": instrument.role,
        "wave": instrument.wave,
        "round": part.source.round or instrument.round,
        "instrument": instrument.id,
        "file": part.source.shown,
    }


def _rule(part: Part, rule: Rule, labels: Labels) -> dict[str, Any]:
    spec: Mapping[str, Any] = plain(rule.spec)
    if isinstance(rule.spec, Constant):
        spec = {"value for everybody": labels.value(rule.spec.value, rule.column).strip("'")}
    return {
        "rule": in_words(rule.kind, spec, rule.column, labels),
        "crosswalk": rule.file or part.crosswalk.name,
        "line": rule.line,
        "status": rule.status,
        "detail": rule.detail,
        "because": rule.because,
        "decided_by": rule.decided_by,
        "on": rule.on,
    }


def _questions(part: Part) -> dict[str, str]:
    """The question of every column, where the file itself has it."""
    if part.crosswalk.instrument.file.format not in ("spss", "stata"):
        return {}
    notes = read(part.source.file, part.crosswalk.instrument.file).columns
    return {name: about.label for name, about in notes.items() if about.label}


def _question(raw: RawTable, source: str) -> str:
    return raw.columns[source].label if source in raw.columns else ""


def _line(part: Part, rule: Rule, answer: str) -> int | None:
    """The line of an answer inside its rule, or of the rule where the answer does not stand there."""
    if rule.line is None or not answer:
        return rule.line
    name = (rule.file or part.crosswalk.name).rsplit("/", 1)[-1]
    document, _ = read_yaml(part.crosswalk.path.with_name(name), against="crosswalk")
    if document is None:
        return rule.line
    places = [(steps, line) for steps, line in document.lines.items() if steps[:1] == ("rules",)]
    top = next((steps[:2] for steps, line in places if line == rule.line), ())
    wanted = normalise(answer)
    inside = [
        line
        for steps, line in places
        if len(steps) > 3 and steps[:2] == top and steps[-2] in LISTS and line >= rule.line
        if normalise(str(steps[-1])) == wanted
    ]
    return min(inside, default=rule.line)
