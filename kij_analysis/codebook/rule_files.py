"""The rules of one crosswalk file, each held against the codebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kij_analysis.codebook.crosswalks import (
    Absent,
    Constant,
    Direct,
    Map,
    Missing,
    Rule,
    Spec,
    Stretch,
    Threshold,
)
from kij_analysis.codebook.multiple_choice import choice_problems, choice_spec
from kij_analysis.codebook.rule_values import method_problem, value_problem
from kij_analysis.codebook.variables import Codebook, Column, Variable
from kij_analysis.codebook.yaml_files import Document
from kij_analysis.codebook.yaml_nodes import Steps
from kij_analysis.errors import Problem, did_you_mean, listed

ABSENT = ("impossible", "undetermined", "not_applicable")
KINDS = ("direct", "map", "rescale", "constant", "any_of", *ABSENT)
DECISION = ("status", "detail", "because", "decided_by", "on")
GROUP = "barriers"
"""The rule target that stands for the whole classification of barriers."""


class RuleReader:
    """Reads the rules of one crosswalk and gathers what does not fit the codebook."""

    def __init__(self, document: Document, codebook: Codebook) -> None:
        self.document, self.codebook = document, codebook
        self.problems: list[Problem] = []

    def say(self, steps: Steps, what: str, fix: str = "") -> None:
        """Note a problem, once."""
        problem = self.document.problem(steps, what, fix)
        if what and problem not in self.problems:
            self.problems.append(problem)

    def reasons(self, steps: Steps, entry: Mapping[Any, str]) -> Mapping[Any, str]:
        """Answers that are none, after a look at their reasons."""
        for answer, reason in entry.items():
            if reason not in self.codebook.missing:
                what = f"The missing reason '{reason}' is not known."
                fix = f"{did_you_mean(reason, self.codebook.missing)} Known: {listed(self.codebook.missing)}."
                self.say((*steps, answer), what, fix)
        return entry

    def rules(self, name: str) -> Iterator[Rule]:
        """The rules of one entry: one for each harmonised column that it fills."""
        entry, steps = self.document.data["rules"][name], ("rules", name)
        variable = self.codebook.variables.get(name)
        if name == GROUP:
            yield from self.group(entry, steps)
        elif variable is None or variable.frame == "key":
            known = [*(v.name for v in self.codebook.variables.values() if v.frame != "key"), GROUP]
            self.say(steps, f"The codebook has no variable '{name}'.", did_you_mean(name, known))
        elif "outputs" in entry:
            yield from self.by_output(variable, entry, steps)
        else:
            yield from self.by_kind(variable, entry, steps)

    def by_kind(self, variable: Variable, entry: Mapping[str, Any], steps: Steps) -> Iterator[Rule]:
        """One rule for the whole variable."""
        kind = self.kind(entry, steps)
        if kind == "rescale":
            yield from self.rescale(variable, entry, steps)
        elif kind and kind not in ABSENT and len(variable.columns) > 1:
            names = listed(column.output for column in variable.columns)
            what = f"'{variable.name}' has the outputs {names}."
            self.say(steps, what, "Write a rule for each under outputs:.")
        elif kind:
            for column in variable.columns:
                yield from self.one(kind, entry, entry, steps, column)

    def by_output(self, variable: Variable, entry: Mapping[str, Any], steps: Steps) -> Iterator[Rule]:
        """A rule of its own for each output."""
        beside = [kind for kind in KINDS if kind in entry]
        if beside:
            what = f"'{variable.name}' has {listed(beside)} beside outputs."
            self.say((*steps, beside[0]), what, "Move it into the output that it fills.")
        decision = {key: entry[key] for key in DECISION if key in entry}
        for output, part in entry["outputs"].items():
            there = (*steps, "outputs", output)
            column, kind = self.output(variable, output, there), self.kind(part, there)
            if column and kind == "rescale":
                if list(part["rescale"]["outputs"]) != [output]:
                    self.say(
                        there, f"This rescale must have the output '{output}' alone.", "Remove the others."
                    )
                yield from self.rescale(variable, {**decision, **part}, there)
            elif column and kind:
                yield from self.one(kind, part, decision, there, column)

    def output(self, variable: Variable, output: str, steps: Steps) -> Column | None:
        """The column of an output; a name that the variable does not have is a problem."""
        column = variable.column(output)
        if column is None:
            names = [c.output for c in variable.columns if c.output]
            fix = f"It has {listed(names)}." if names else "It has no outputs: write the rule without them."
            self.say(steps, f"'{variable.name}' has no output '{output}'.", fix)
        return column

    def kind(self, entry: Mapping[str, Any], steps: Steps) -> str:
        """The one kind of rule that an entry has."""
        kinds = [kind for kind in KINDS if kind in entry]
        if len(kinds) == 1:
            return kinds[0]
        found = listed(kinds) if kinds else "none"
        what = f"'{steps[-1]}' needs exactly one kind of rule, found {found}."
        self.say(steps, what, f"Kinds: {listed(KINDS)}.")
        return ""

    def one(
        self, kind: str, entry: Mapping[str, Any], outer: Mapping[str, Any], steps: Steps, column: Column
    ) -> Iterator[Rule]:
        """The rule of one column."""
        part, there = entry[kind], (*steps, kind)
        spec: Spec | None = None
        if kind in ABSENT:
            spec = Absent()
        elif kind == "direct":
            spec = self.direct(part, there, column)
        elif kind == "map":
            spec = Map(
                source=part["from"],
                values={a: self.value(v, column, (*there, "values", a)) for a, v in part["values"].items()},
                labels=part.get("labels", {}),
                missing=self.reasons((*there, "missing"), part.get("missing", {})),
            )
        elif kind == "constant":
            spec = Constant(value=self.value(part["value"], column, (*there, "value")))
        elif column.name in self.codebook.barrier_variables:
            spec = self.any_of(part, there, column.name.removeprefix("barrier_"))
        else:
            self.say(there, "any_of is for barriers.", "Write map, or a rule for barriers.")
        if spec is not None:
            yield self.decided(kind, spec, {**outer, **entry}, part, steps, column.name)

    def direct(self, part: Mapping[str, Any], steps: Steps, column: Column) -> Spec:
        """Answers as they stand."""
        otherwise = part.get("otherwise", "")
        if otherwise:
            self.reasons(steps, {"otherwise": otherwise})
            if column.type not in ("number", "date"):
                what = "otherwise: is for numbers and dates."
                self.say((*steps, "otherwise"), what, "Name each answer under missing:, or write map.")
        missing = self.reasons((*steps, "missing"), part.get("missing", {}))
        return Direct(source=part["from"], missing=missing, otherwise=otherwise)

    def decided(
        self,
        kind: str,
        spec: Spec,
        entry: Mapping[str, Any],
        part: Mapping[str, Any],
        steps: Steps,
        column: str,
    ) -> Rule:
        """The rule with the decision about it: status, reason, who and when."""
        status = kind if kind in ABSENT else entry.get("status", "")
        because = part.get("because") or entry.get("because", "")
        if kind in ABSENT and "status" in entry:
            self.say(steps, f"'{steps[-1]}' is {kind} and has a status.", "Remove status:.")
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
        """A rule's result: a value that the column can hold, or a missing reason."""
        if isinstance(value, dict):
            self.reasons(steps, value)
            return Missing(value["missing"])
        if column.type == "category" and isinstance(value, int) and str(value) in column.categories:
            return str(value)
        self.say(steps, *value_problem(value, column))
        return value

    def rescale(self, variable: Variable, entry: Mapping[str, Any], steps: Steps) -> Iterator[Rule]:
        """One scale carried over to the outputs of a variable."""
        part, there = entry["rescale"], (*steps, "rescale")
        scale = self.codebook.scales.get(part["scale"])
        if scale is None:
            hint = did_you_mean(part["scale"], self.codebook.scales)
            self.say((*there, "scale"), f"scales.yaml has no scale '{part['scale']}'.", hint)
            return
        missing = self.reasons((*there, "missing"), part.get("missing", {}))
        outer = {key: entry[key] for key in DECISION if key in entry}
        for output, own in part["outputs"].items():
            place = (*there, "outputs", output)
            column = self.output(variable, output, place)
            if column is None:
                continue
            what, fix = method_problem(own, column)
            self.say(place, what, fix)
            spec: Spec
            if own["method"] == "stretch":
                low, high = own.get("to", (0, 100))
                spec = Stretch(source=part["from"], scale=scale.id, low=low, high=high, missing=missing)
            else:
                at = self.step_of(scale.id, own["at"], place) if not what else 0
                spec = Threshold(source=part["from"], scale=scale.id, at=at, missing=missing)
            yield self.decided(own["method"], spec, {**outer, **own}, own, place, column.name)

    def step_of(self, scale: str, at: Any, steps: Steps) -> int:
        """The position of a step named by its code or by a label."""
        categories = self.codebook.scales[scale].categories
        for position, category in enumerate(categories):
            if str(at) == category.code or at in category.labels.values():
                return position
        names = [name for c in categories for name in (c.code, *c.labels.values()) if name]
        fix = f"{did_you_mean(at, names)} Known: {listed(names)}.".strip()
        self.say((*steps, "at"), f"The scale '{scale}' has no step '{at}'.", fix)
        return 0

    def group(self, entry: Mapping[str, Any], steps: Steps) -> Iterator[Rule]:
        """A multiple choice on barriers fills one column for each barrier that it names."""
        kind = self.kind(entry, steps)
        if kind == "undetermined":
            for name in self.codebook.barrier_variables:
                yield self.decided(kind, Absent(), entry, entry[kind], steps, name)
            return
        if kind != "any_of" or "outputs" in entry:
            if kind:
                self.say(steps, f"'{GROUP}' takes the rule any_of.", "Write other rules under each barrier.")
            return
        part, there = entry["any_of"], (*steps, "any_of")
        targets = part.get("columns", part.get("values", {})).values()
        for code in dict.fromkeys(value for value in targets if isinstance(value, str)):
            barrier = self.codebook.barriers.get(code)
            spec = self.any_of(part, there, code)
            if spec is not None and barrier is not None and barrier.asked:
                yield self.decided("any_of", spec, entry, part, steps, barrier.variable)
        self.any_of(part, there, "")

    def any_of(self, part: Mapping[str, Any], steps: Steps, code: str) -> Spec | None:
        """The multiple choice for one code."""
        for place, what, fix in choice_problems(part, self.codebook):
            self.say((*steps, *place), what, fix)
        return choice_spec(part, code)
