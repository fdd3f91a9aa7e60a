"""The codebook folder read into frozen objects, all problems of all its files at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kij_analysis.codebook.family_files import read_families
from kij_analysis.codebook.programme_files import read_programmes
from kij_analysis.codebook.programmes import Programme
from kij_analysis.codebook.rule_values import value_problem
from kij_analysis.codebook.scale_files import read_scales
from kij_analysis.codebook.variable_families import read_variable_families
from kij_analysis.codebook.variables import (
    KEY_COLUMNS,
    Barrier,
    Category,
    Codebook,
    Column,
    MissingFamily,
    MissingReason,
    Scale,
    Variable,
)
from kij_analysis.codebook.yaml_files import Document, read_yaml
from kij_analysis.codebook.yaml_nodes import Steps
from kij_analysis.errors import Problem, StudyError, did_you_mean
from kij_analysis.words.terms import term_base

SECTIONS = ("missing_reasons", "variables", "domains", "barriers", "programmes", "scales")
NEEDED = ("not_asked", "not_applicable", "no_answer", "rule_failed", "not_comparable", "undetermined")
"""The missing reasons that rules lead to by themselves."""


def load_codebook(folder: Path | str) -> Codebook:
    """The codebook in a folder: variables, barriers, programmes and scales.

    Raises
    ------
    StudyError
        With every problem of every file, each with its line.

    Examples
    --------
    >>> from kij_analysis.template import template_folder
    >>> book = load_codebook(template_folder() / "codebook")
    >>> list(book.variables["gender"].columns[0].categories)
    ['woman', 'man', 'other']
    """
    place = Path(folder)
    reader = _Reader()
    variables, barriers, programmes, scales = (
        reader.read(place / f"{part}.yaml", part)
        for part in ("variables", "barriers", "programmes", "scales")
    )
    missing = reader.missing(variables)
    classes = reader.barriers(barriers)
    known = {**reader.variables(variables), **_barrier_variables(classes, barriers)}
    families, problems = read_variable_families(variables, known)
    reader.problems += problems
    codebook = Codebook(
        variables=known,
        families=families,
        missing=missing,
        barriers=classes,
        domains={code: reader.labels(barriers, ("domains", code)) for code in barriers.data["domains"]},
        programmes=reader.programmes(programmes),
        scales=reader.scales(scales, missing),
        missing_families=reader.families(variables, missing),
    )
    reader.names(variables, codebook)
    reader.conditions(variables, codebook)
    if reader.problems:
        raise StudyError(reader.problems)
    return codebook


def _barrier_variables(barriers: Mapping[str, Barrier], document: Document) -> dict[str, Variable]:
    """Each barrier that is asked about is a yes/no variable of its own."""
    asked_of = {role: tuple(waves) for role, waves in document.data.get("asked_of", {}).items()}
    found = {}
    for barrier in barriers.values():
        if barrier.asked:
            name = barrier.variable
            column = Column(
                name=name, variable=name, output="", frame="answers", type="boolean", labels=barrier.labels
            )
            found[name] = Variable(
                name=name,
                concept=f"Named as a barrier to work: {barrier.labels['en']}.",
                frame="answers",
                type="boolean",
                labels=barrier.labels,
                columns=(column,),
                standard=f"Barrier classification, domain {barrier.domain}",
                asked_of=asked_of,
            )
    return found


class _Reader:
    """Reads the parts of one codebook and gathers what is wrong on the way."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def read(self, path: Path, against: str) -> Document:
        """One file; where its form is wrong an empty one, so that the other files are looked at too."""
        document, problems = read_yaml(path, against=against, name=f"codebook/{path.name}")
        self.problems += problems
        if document is None or problems:
            return Document(path=path, name=path.name, data={part: {} for part in SECTIONS}, lines={})
        return document

    def say(self, document: Document, steps: Steps, what: str, fix: str) -> None:
        self.problems.append(document.problem(steps, what, fix))

    def labels(self, document: Document, steps: Steps) -> Mapping[str, str]:
        """The labels of five languages, from the term base or from the file itself."""
        entry: Any = document.data
        for step in steps:
            entry = entry[step]
        if ("term" in entry) == ("labels" in entry):
            what = f"{steps[-1]}: exactly one of 'term' and 'labels' must stand here."
            self.say(document, steps, what, "Name a term of the term base, or give labels.")
            return {}
        if "labels" in entry:
            return entry["labels"]
        terms = term_base()
        if entry["term"] not in terms:
            what = f"'{entry['term']}' is not in the term base."
            self.say(document, (*steps, "term"), what, did_you_mean(entry["term"], terms))
            return {}
        return terms[entry["term"]].labels

    def missing(self, document: Document) -> dict[str, MissingReason]:
        found: dict[str, MissingReason] = {}
        for code, entry in document.data["missing_reasons"].items():
            steps = ("missing_reasons", code)
            labels = self.labels(document, steps)
            for other in found.values():
                if entry["spss"] == other.spss or entry["stata"] == other.stata:
                    what = f"{code} has the SPSS or Stata code of {other.code}."
                    self.say(document, steps, what, "Give each reason codes of its own.")
            found[code] = MissingReason(
                code=code, labels=labels, meaning=entry["meaning"], spss=entry["spss"], stata=entry["stata"]
            )
        for code in NEEDED:
            if found and code not in found:
                what = f"The missing reason '{code}' is not declared, and rules lead to it."
                self.say(document, ("missing_reasons",), what, "Add it.")
        return found

    def families(self, document: Document, missing: Mapping[str, MissingReason]) -> dict[str, MissingFamily]:
        families, problems = read_families(document, missing)
        self.problems += problems
        return families

    def programmes(self, document: Document) -> dict[str, Programme]:
        programmes, problems = read_programmes(document)
        self.problems += problems
        return programmes

    def scales(self, document: Document, missing: Mapping[str, MissingReason]) -> dict[str, Scale]:
        scales, problems = read_scales(document, missing)
        self.problems += problems
        return scales

    def names(self, document: Document, codebook: Codebook) -> None:
        """No two columns, companions and keys of the harmonised frames may have one name."""
        taken = dict.fromkeys(KEY_COLUMNS, "a key")
        for variable in codebook.variables.values():
            for column in variable.columns if variable.frame != "key" else ():
                for name in (column.name, column.missing):
                    if name in taken:
                        what = f"{variable.name}: its column '{name}' is also {taken[name]}."
                        self.say(document, ("variables", variable.name), what, "Rename one of the two.")
                    taken[name] = f"a column of {variable.name}"

    def conditions(self, document: Document, codebook: Codebook) -> None:
        """What only_if names must be a harmonised column, and values that it can have."""
        columns = codebook.columns
        for variable in codebook.variables.values():
            for name, values in variable.only_if.items():
                steps = ("variables", variable.name, "only_if", name)
                if name not in columns:
                    self.say(document, steps, f"There is no column '{name}'.", did_you_mean(name, columns))
                for value in values if name in columns else ():
                    what, fix = value_problem(value, columns[name])
                    if what:
                        self.say(document, steps, what, fix)

    def variables(self, document: Document) -> dict[str, Variable]:
        found = {}
        for name, entry in document.data["variables"].items():
            steps: Steps = ("variables", name)
            labels = self.labels(document, steps)
            found[name] = Variable(
                name=name,
                concept=entry["concept"],
                frame=entry["frame"],
                type=entry["type"],
                labels=labels,
                columns=self._columns(document, steps, name, entry, labels),
                standard=entry.get("standard", ""),
                source=entry.get("source", ""),
                asked_of={role: tuple(waves) for role, waves in entry.get("asked_of", {}).items()},
                only_if={column: tuple(values) for column, values in entry.get("only_if", {}).items()},
            )
        return found

    def _columns(
        self, document: Document, steps: Steps, name: str, entry: Any, labels: Mapping[str, str]
    ) -> tuple[Column, ...]:
        if "outputs" in entry and "categories" in entry:
            what = f"{name}: categories stand beside outputs."
            self.say(document, (*steps, "categories"), what, "Move them into the output that they belong to.")
        if "outputs" not in entry:
            return (self._column(document, steps, name, "", entry["frame"], entry, labels),)
        found = []
        for output, part in entry["outputs"].items():
            there = (*steps, "outputs", output)
            own = self.labels(document, there) if {"term", "labels"} & set(part) else labels
            found.append(self._column(document, there, name, output, entry["frame"], part, own))
        return tuple(found)

    def _column(
        self,
        document: Document,
        steps: Steps,
        variable: str,
        output: str,
        frame: str,
        entry: Any,
        labels: Mapping[str, str],
    ) -> Column:
        if (entry["type"] == "category") != ("categories" in entry):
            what = f"{steps[-1]}: type 'category' and a list of categories belong together."
            self.say(document, steps, what, "Give both or none.")
        if entry["type"] == "scale":
            self.say(document, steps, f"{steps[-1]}: a scale needs outputs.", "Add outputs, such as score.")
        if entry.get("minimum", float("-inf")) > entry.get("maximum", float("inf")):
            self.say(
                document, (*steps, "minimum"), f"{steps[-1]}: minimum lies above maximum.", "Correct one."
            )
        starts = entry.get("classes", [])
        if starts and (entry["type"] != "number" or starts != sorted(set(starts))):
            what = f"{steps[-1]}: classes are for numbers, and run upwards."
            self.say(document, (*steps, "classes"), what, "Name where each group after the first begins.")
        categories = {
            code: Category(
                code=code,
                labels=self.labels(document, (*steps, "categories", code)),
                meaning=part.get("meaning", ""),
            )
            for code, part in entry.get("categories", {}).items()
        }
        return Column(
            name=f"{variable}_{output}" if output else variable,
            variable=variable,
            output=output,
            frame=frame,
            type=entry["type"],
            labels=labels,
            unit=entry.get("unit", ""),
            minimum=entry.get("minimum"),
            maximum=entry.get("maximum"),
            ordered=entry.get("ordered", False),
            categories=categories,
            classes=tuple(starts),
        )

    def barriers(self, document: Document) -> dict[str, Barrier]:
        found = {}
        plain = {"asked", "domain", "term", "labels", "basis"}
        for code, entry in document.data["barriers"].items():
            steps: Steps = ("barriers", code)
            if entry["domain"] not in document.data["domains"]:
                what = f"{code}: the domain '{entry['domain']}' is not declared."
                hint = did_you_mean(entry["domain"], document.data["domains"])
                self.say(document, (*steps, "domain"), what, hint)
            found[code] = Barrier(
                code=code,
                domain=entry["domain"],
                asked=entry["asked"],
                labels=self.labels(document, steps),
                basis=entry["basis"],
                mappings={key: value for key, value in entry.items() if key not in plain},
            )
        return found
