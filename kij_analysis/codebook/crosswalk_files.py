"""Crosswalk files read into rules, each held against the codebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kij_analysis.codebook.crosswalks import (
    Absent,
    Constant,
    Crosswalk,
    Direct,
    Map,
    Missing,
    Rule,
    Spec,
    Stretch,
    Threshold,
)
from kij_analysis.codebook.instruments import FileForm, Instrument
from kij_analysis.codebook.multiple_choice import choice_problems, choice_spec
from kij_analysis.codebook.variables import Codebook, Column, Variable
from kij_analysis.codebook.yaml_files import Document, Steps, read_yaml
from kij_analysis.errors import Problem, StudyError, did_you_mean, listed

ABSENT = ("impossible", "undetermined", "not_applicable")
KINDS = ("direct", "map", "rescale", "constant", "any_of", *ABSENT)
GROUP = "barriers"
"""The rule target that stands for the whole classification of barriers."""


def load_crosswalk(path: Path | str, codebook: Codebook) -> Crosswalk:
    """The crosswalk in a YAML file, every rule held against the codebook.

    A harmonised column without a rule gets the status *undetermined*, so that a variable added to the
    codebook does not break the crosswalks of earlier years.

    Raises
    ------
    StudyError
        With every problem of the file, each with its line.
    """
    file = Path(path)
    document, problems = read_yaml(file, against="crosswalk", name=f"crosswalks/{file.name}")
    if document is None or problems:
        raise StudyError(problems)
    reader = _RuleReader(document, codebook)
    instrument = reader.instrument()
    # A barrier's own rule beats the rule for the whole classification, wherever it stands.
    names = sorted(document.data["rules"], key=lambda name: name != GROUP)
    rules = {rule.column: rule for name in names for rule in reader.rules(name)}
    for column in codebook.columns:
        no_rule = Rule(
            column=column, kind="undetermined", spec=Absent(), status="undetermined", because="no rule yet"
        )
        rules.setdefault(column, no_rule)
    if file.stem != instrument.id:
        reader.say(
            ("instrument", "id"), f"The id '{instrument.id}' and the file's name differ.", "Rename one."
        )
    if reader.problems:
        raise StudyError(reader.problems)
    ordered = tuple(rules[column] for column in codebook.columns)
    return Crosswalk(instrument=instrument, rules=ordered, path=file, name=document.name)


class _RuleReader:
    """Reads one crosswalk and gathers what does not fit the codebook."""

    def __init__(self, document: Document, codebook: Codebook) -> None:
        self.document, self.codebook = document, codebook
        self.problems: list[Problem] = []

    def say(self, steps: Steps, what: str, fix: str = "") -> None:
        self.problems.append(self.document.problem(steps, what, fix))

    def instrument(self) -> Instrument:
        entry = dict(self.document.data["instrument"])
        form = FileForm(**entry.pop("file"))
        if form.format == "delimited" and not form.encoding:
            self.say(
                ("instrument", "file"),
                "A delimited file needs its encoding.",
                "Add encoding: utf-8 or cp1252.",
            )
        self.reasons(("instrument", "missing"), entry.get("missing", {}))
        if entry["programme"] not in self.codebook.programmes:
            hint = did_you_mean(entry["programme"], self.codebook.programmes)
            self.say(
                ("instrument", "programme"),
                f"The programme '{entry['programme']}' is not in programmes.yaml.",
                hint,
            )
        for name in ("languages", "free_text"):
            entry[name] = tuple(entry.get(name, ()))
        return Instrument(file=form, **entry)

    def reasons(self, steps: Steps, entry: Mapping[Any, str]) -> Mapping[Any, str]:
        for answer, reason in entry.items():
            if reason not in self.codebook.missing:
                what = f"The missing reason '{reason}' is not known."
                fix = f"{did_you_mean(reason, self.codebook.missing)} Known: {listed(self.codebook.missing)}."
                self.say((*steps, answer), what, fix)
        return entry

    def rules(self, name: str) -> Iterator[Rule]:
        """The rules of one entry: one for each harmonised column that it fills."""
        entry, steps = self.document.data["rules"][name], ("rules", name)
        if name == GROUP:
            yield from self.group(entry, steps)
            return
        variable = self.codebook.variables.get(name)
        if variable is None or variable.frame == "key":
            known = [*(v.name for v in self.codebook.variables.values() if v.frame != "key"), GROUP]
            self.say(steps, f"The codebook has no variable '{name}'.", did_you_mean(name, known))
            return
        if "outputs" in entry:
            yield from self.by_output(variable, entry, steps)
            return
        kind = self.kind(entry, steps)
        if kind == "rescale":
            yield from self.rescale(variable, entry, steps)
        elif kind and kind not in ABSENT and len(variable.columns) > 1:
            names = listed(column.output for column in variable.columns)
            self.say(steps, f"'{name}' has the outputs {names}.", "Write a rule for each under outputs:.")
        elif kind:
            for column in variable.columns:
                yield from self.one(kind, entry, entry, steps, column)

    def by_output(self, variable: Variable, entry: Mapping[str, Any], steps: Steps) -> Iterator[Rule]:
        for output, part in entry["outputs"].items():
            column, there = self.output(variable, output, (*steps, "outputs", output))
            kind = self.kind(part, there)
            if column and kind and kind != "rescale":
                yield from self.one(kind, part, entry, there, column)

    def output(self, variable: Variable, output: str, steps: Steps) -> tuple[Column | None, Steps]:
        column = variable.column(output)
        if column is None:
            names = [c.output for c in variable.columns]
            self.say(steps, f"'{variable.name}' has no output '{output}'.", f"It has {listed(names)}.")
        return column, steps

    def kind(self, entry: Mapping[str, Any], steps: Steps) -> str:
        kinds = [kind for kind in KINDS if kind in entry]
        if len(kinds) != 1:
            found = listed(kinds) if kinds else "none"
            self.say(
                steps,
                f"'{steps[-1]}' needs exactly one kind of rule, found {found}.",
                f"Kinds: {listed(KINDS)}.",
            )
            return ""
        return kinds[0]

    def one(
        self, kind: str, entry: Mapping[str, Any], outer: Mapping[str, Any], steps: Steps, column: Column
    ) -> Iterator[Rule]:
        part, there = entry[kind], (*steps, kind)
        spec: Spec | None = None
        if kind in ABSENT:
            spec = Absent()
        elif kind == "direct":
            missing = self.reasons((*there, "missing"), part.get("missing", {}))
            otherwise = part.get("otherwise", "")
            if otherwise:
                self.reasons((*there, "otherwise"), {"otherwise": otherwise})
            spec = Direct(source=part["from"], missing=missing, otherwise=otherwise)
        elif kind == "map":
            spec = Map(
                source=part["from"],
                values={a: self.value(v, column, (*there, "values", a)) for a, v in part["values"].items()},
                labels=part.get("labels", {}),
                missing=self.reasons((*there, "missing"), part.get("missing", {})),
            )
        elif kind == "constant":
            spec = Constant(value=self.value(part["value"], column, (*there, "value")))
        elif kind == "any_of":
            spec = self.any_of(part, there, column.variable.removeprefix("barrier_"))
        if spec is not None:
            yield self.decided(kind, spec, {**outer, **entry}, part, steps, column.name)

    def decided(
        self,
        kind: str,
        spec: Spec,
        entry: Mapping[str, Any],
        part: Mapping[str, Any],
        steps: Steps,
        column: str,
    ) -> Rule:
        status = kind if kind in ABSENT else entry.get("status", "")
        because = part.get("because") or entry.get("because", "")
        if not status:
            self.say(steps, f"'{steps[-1]}' has no status.", "Add status: complete or partial.")
        if status == "partial" and not because:
            self.say(steps, f"'{steps[-1]}' is partial without a reason.", "Add because: and what is lost.")
        return Rule(
            column=column,
            kind=kind,
            spec=spec,
            status=status,
            detail=part.get("detail") or entry.get("detail", ""),
            because=because,
            decided_by=entry.get("decided_by", ""),
            on=entry.get("on", ""),
            line=self.document.line(*steps),
        )

    def value(self, value: Any, column: Column, steps: Steps) -> object:
        """A rule's result, checked against the column: a category, a number, true or false, or a reason."""
        if isinstance(value, dict):
            if set(value) != {"missing"}:
                self.say(steps, "A result is a value or {missing: reason}.", "Correct it.")
                return None
            self.reasons(steps, {"missing": value["missing"]})
            return Missing(value["missing"])
        known = list(column.categories)
        if column.type == "category" and value not in known:
            fix = f"{did_you_mean(value, known)} Known: {listed(known)}."
            self.say(steps, f"'{value}' is not a category of '{column.name}'.", fix)
        if column.type == "boolean" and not isinstance(value, bool):
            self.say(steps, f"'{column.name}' is true or false, not '{value}'.", "Write true or false.")
        if column.type == "number" and (isinstance(value, bool) or not isinstance(value, int | float)):
            self.say(steps, f"'{column.name}' is a number, not '{value}'.", "Write a number.")
        return value

    def rescale(self, variable: Variable, entry: Mapping[str, Any], steps: Steps) -> Iterator[Rule]:
        part, there = entry["rescale"], (*steps, "rescale")
        scale = self.codebook.scales.get(part["scale"])
        if scale is None:
            hint = did_you_mean(part["scale"], self.codebook.scales)
            self.say((*there, "scale"), f"scales.yaml has no scale '{part['scale']}'.", hint)
            return
        missing = self.reasons((*there, "missing"), part.get("missing", {}))
        for output, own in part["outputs"].items():
            column, place = self.output(variable, output, (*there, "outputs", output))
            if column is None:
                continue
            spec: Spec
            if own["method"] == "stretch":
                low, high = own.get("to", (0, 100))
                spec = Stretch(source=part["from"], scale=scale.id, low=low, high=high, missing=missing)
            else:
                at = self.step_of(scale.id, own.get("at"), place)
                spec = Threshold(source=part["from"], scale=scale.id, at=at, missing=missing)
            outer = {k: v for k, v in entry.items() if k != "rescale"}
            yield self.decided(own["method"], spec, {**outer, **own}, own, place, column.name)

    def step_of(self, scale: str, at: Any, steps: Steps) -> int:
        """The position of a step named by its code or by a label."""
        categories = self.codebook.scales[scale].categories
        for position, category in enumerate(categories):
            if str(at) == category.code or at in category.labels.values():
                return position
        names = [label for category in categories for label in category.labels.values()]
        self.say((*steps, "at"), f"The scale '{scale}' has no step '{at}'.", f"{did_you_mean(at, names)}")
        return 0

    def group(self, entry: Mapping[str, Any], steps: Steps) -> Iterator[Rule]:
        """A multiple choice on barriers fills one column for each barrier that it names."""
        if self.kind(entry, steps) != "any_of":
            self.say(steps, f"'{GROUP}' takes the rule any_of.", "Write other rules under each barrier.")
            return
        part = entry["any_of"]
        targets = part.get("columns", part.get("values", {})).values()
        for code in dict.fromkeys(value for value in targets if isinstance(value, str)):
            barrier = self.codebook.barriers.get(code)
            if barrier is not None and barrier.asked:
                spec = self.any_of(part, (*steps, "any_of"), code)
                if spec is not None:
                    yield self.decided("any_of", spec, entry, part, steps, barrier.variable)
        self.any_of(part, (*steps, "any_of"), "")

    def any_of(self, part: Mapping[str, Any], steps: Steps, code: str) -> Spec | None:
        """The multiple choice for one code; what does not fit is said once."""
        for place, what, fix in choice_problems(part, self.codebook):
            problem = self.document.problem((*steps, *place), what, fix)
            if problem not in self.problems:
                self.problems.append(problem)
        return choice_spec(part, code)
