"""The rules of one crosswalk file, each held against the codebook."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from kij_analysis.codebook.crosswalks import Absent, Missing, Rule, Spec
from kij_analysis.codebook.multiple_choice import CHOSEN, choice_problems, choice_spec
from kij_analysis.codebook.rescaling import rescaled
from kij_analysis.codebook.rule_kinds import SPECS
from kij_analysis.codebook.rule_values import value_problem
from kij_analysis.codebook.variables import Codebook, Column, Variable
from kij_analysis.codebook.yaml_files import Document
from kij_analysis.codebook.yaml_nodes import Steps
from kij_analysis.errors import Problem, did_you_mean, listed

ABSENT = ("impossible", "undetermined", "not_applicable")
CHOICES = ("any_of", "count_of")
KINDS = (
    "direct",
    "map",
    "intervals",
    "rescale",
    "reverse",
    "constant",
    *CHOICES,
    "score",
    "join",
    "expr",
    *ABSENT,
)
DECISION = ("status", "detail", "because", "decided_by", "on", "proposed")
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
        elif kind == "any_of" and len(variable.columns) > 1:
            yield from self.choices(variable, entry, steps)
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
        elif kind in SPECS:
            spec = SPECS[kind](self, part, there, column)
        elif kind == "any_of" and column.name in self.codebook.barrier_variables:
            code = column.name.removeprefix("barrier_")
            spec = self.choice(kind, part, there, code, self.codebook.barriers)
        elif column.type != ("boolean" if kind == "any_of" else "number"):
            wanted = "yes/no variable" if kind == "any_of" else "number"
            self.say(there, f"{kind} gives a {wanted}, and '{column.name}' is a {column.type}.", "Write map.")
        else:
            spec = self.choice(kind, part, there, CHOSEN, None)
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
            proposed=entry.get("proposed"),
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
        outer = {key: entry[key] for key in DECISION if key in entry}
        yield from rescaled(self, variable, entry, outer, steps)

    def choices(self, variable: Variable, entry: Mapping[str, Any], steps: Steps) -> Iterator[Rule]:
        """A multiple choice that fills the outputs that its answers lead to."""
        part, there = entry["any_of"], (*steps, "any_of")
        columns = {column.output: column for column in variable.columns if column.type == "boolean"}
        targets = part.get("columns", part.get("values", {})).values()
        for code in dict.fromkeys(value for value in targets if isinstance(value, str) and value in columns):
            spec = self.choice("any_of", part, there, code, columns)
            if spec is not None:
                yield self.decided("any_of", spec, entry, part, steps, columns[code].name)
        self.choice("any_of", part, there, "", columns)

    def group(self, entry: Mapping[str, Any], steps: Steps) -> Iterator[Rule]:
        """A multiple choice on barriers fills one column for each barrier that it names.

        That no value can be had is said of all barriers at once.
        """
        kind = self.kind(entry, steps)
        if kind in ABSENT and "outputs" not in entry:
            for name in self.codebook.barrier_variables:
                yield from self.one(kind, entry, entry, steps, self.codebook.columns[name])
            return
        if kind != "any_of" or "outputs" in entry:
            if kind:
                fix = "Write other rules under each barrier; impossible: may speak of all of them."
                self.say(steps, f"'{GROUP}' takes the rule any_of.", fix)
            return
        part, there = entry["any_of"], (*steps, "any_of")
        targets = part.get("columns", part.get("values", {})).values()
        for code in dict.fromkeys(value for value in targets if isinstance(value, str)):
            barrier = self.codebook.barriers.get(code)
            spec = self.choice("any_of", part, there, code, self.codebook.barriers)
            if spec is not None and barrier is not None and barrier.asked:
                yield self.decided("any_of", spec, entry, part, steps, barrier.variable)
        self.choice("any_of", part, there, "", self.codebook.barriers)

    def choice(
        self, kind: str, part: Mapping[str, Any], steps: Steps, code: str, codes: Collection[str] | None
    ) -> Spec | None:
        """The multiple choice for one code, or the number of answers chosen."""
        for place, what, fix in choice_problems(part, self.codebook, kind, codes):
            self.say((*steps, *place), what, fix)
        return choice_spec(part, code, count=kind == "count_of")
