"""The codebook folder read into frozen objects, all problems of all its files at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kij_analysis.codebook.variables import (
    Barrier,
    Category,
    Codebook,
    Column,
    MissingReason,
    Programme,
    Scale,
    ScaleCategory,
    Variable,
)
from kij_analysis.codebook.yaml_files import Document, Steps, read_yaml
from kij_analysis.errors import Problem, StudyError, did_you_mean
from kij_analysis.words.terms import term_base

PARTS = ("variables", "barriers", "programmes", "scales")


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
    documents = {part: reader.read(place / f"{part}.yaml", part) for part in PARTS}
    if any(document is None for document in documents.values()) or reader.problems:
        raise StudyError(reader.problems)
    data: dict[str, Document] = {part: doc for part, doc in documents.items() if doc is not None}
    barriers = reader.barriers(data["barriers"])
    codebook = Codebook(
        variables={**reader.variables(data["variables"]), **_barrier_variables(barriers)},
        missing=reader.missing(data["variables"]),
        barriers=barriers,
        domains={
            code: reader.labels(data["barriers"], ("domains", code))
            for code in data["barriers"].data["domains"]
        },
        programmes={
            code: Programme(id=code, **entry) for code, entry in data["programmes"].data["programmes"].items()
        },
        scales=reader.scales(data["scales"]),
    )
    if reader.problems:
        raise StudyError(reader.problems)
    return codebook


def _barrier_variables(barriers: Mapping[str, Barrier]) -> dict[str, Variable]:
    """Each barrier that is asked about is a yes/no variable of its own."""
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
            )
    return found


class _Reader:
    """Reads the parts of one codebook and gathers what is wrong on the way."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def read(self, path: Path, against: str) -> Document | None:
        document, problems = read_yaml(path, against=against, name=f"codebook/{path.name}")
        self.problems += problems
        return document

    def labels(self, document: Document, steps: Steps) -> Mapping[str, str]:
        """The labels of five languages, from the term base or from the file itself."""
        entry: Any = document.data
        for step in steps:
            entry = entry[step]
        if ("term" in entry) == ("labels" in entry):
            what = f"{steps[-1]}: exactly one of 'term' and 'labels' must stand here."
            self.problems.append(
                document.problem(steps, what, "Name a term of the term base, or give labels.")
            )
            return {}
        if "labels" in entry:
            return entry["labels"]
        terms = term_base()
        if entry["term"] not in terms:
            what = f"'{entry['term']}' is not in the term base."
            self.problems.append(document.problem((*steps, "term"), what, did_you_mean(entry["term"], terms)))
            return {}
        return terms[entry["term"]].labels

    def missing(self, document: Document) -> dict[str, MissingReason]:
        found = {}
        for code, entry in document.data["missing_reasons"].items():
            labels = self.labels(document, ("missing_reasons", code))
            found[code] = MissingReason(
                code=code, labels=labels, meaning=entry["meaning"], spss=entry["spss"], stata=entry["stata"]
            )
        return found

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
            )
        return found

    def _columns(
        self, document: Document, steps: Steps, name: str, entry: Any, labels: Mapping[str, str]
    ) -> tuple[Column, ...]:
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
            self.problems.append(document.problem(steps, what, "Give both or none."))
        if entry["type"] == "scale":
            self.problems.append(
                document.problem(steps, f"{steps[-1]}: a scale needs outputs.", "Add outputs, such as score.")
            )
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
        )

    def barriers(self, document: Document) -> dict[str, Barrier]:
        found = {}
        plain = {"asked", "domain", "term", "labels", "basis"}
        for code, entry in document.data["barriers"].items():
            steps: Steps = ("barriers", code)
            if entry["domain"] not in document.data["domains"]:
                what = f"{code}: the domain '{entry['domain']}' is not declared."
                hint = did_you_mean(entry["domain"], document.data["domains"])
                self.problems.append(document.problem((*steps, "domain"), what, hint))
            found[code] = Barrier(
                code=code,
                domain=entry["domain"],
                asked=entry["asked"],
                labels=self.labels(document, steps),
                basis=entry["basis"],
                mappings={key: value for key, value in entry.items() if key not in plain},
            )
        return found

    def scales(self, document: Document) -> dict[str, Scale]:
        found = {}
        for name, entry in document.data["scales"].items():
            steps: Steps = ("scales", name)
            steps_of_scale = tuple(
                ScaleCategory(code=str(part.get("code", "")), labels=part.get("labels", {}))
                for part in entry["categories"]
            )
            scale = Scale(
                id=name,
                languages=tuple(entry["languages"]),
                direction=entry["direction"],
                middle=entry["middle"],
                basis=entry["basis"],
                categories=steps_of_scale,
                missing=entry.get("missing", {}),
            )
            self._check_scale(document, steps, scale)
            found[name] = scale
        return found

    def _check_scale(self, document: Document, steps: Steps, scale: Scale) -> None:
        """A scale's codes must run in the declared direction, and each step needs a code or labels."""
        for position, category in enumerate(scale.categories):
            if not category.code and not category.labels:
                what = f"{scale.id}: step {position + 1} has neither a code nor labels."
                self.problems.append(document.problem((*steps, "categories", position), what, "Add one."))
        codes = [category.code for category in scale.categories]
        numbers = [float(code) for code in codes if code.replace(".", "", 1).lstrip("-").isdigit()]
        if len(numbers) == len(codes) and numbers != sorted(numbers, reverse=scale.direction == "descending"):
            what = f"{scale.id}: the codes {', '.join(codes)} from low to high are not {scale.direction}."
            self.problems.append(document.problem((*steps, "direction"), what, "Correct direction or order."))
        if scale.middle != (len(codes) % 2 == 1):
            what = f"{scale.id}: {len(codes)} steps and middle: {str(scale.middle).lower()} do not agree."
            self.problems.append(document.problem((*steps, "middle"), what, "Correct one of them."))
