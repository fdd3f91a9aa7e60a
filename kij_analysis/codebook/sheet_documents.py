"""Rows of a rule sheet put together to the content of a crosswalk, and the cell of every part of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kij_analysis.codebook.rule_files import DECISION
from kij_analysis.codebook.sheet_cells import spoken
from kij_analysis.codebook.sheet_rows import INSTRUMENT, SHORT, TOP, WITHIN, steps_of
from kij_analysis.codebook.sheet_tree import Cell, Tree, in_lists
from kij_analysis.codebook.yaml_files import Document
from kij_analysis.codebook.yaml_nodes import Steps
from kij_analysis.errors import Problem


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row that says something: what its columns hold, and the letter of each column."""

    sheet: str
    row: int
    cells: Mapping[str, Any]
    letters: Mapping[str, str]

    def cell(self, column: str) -> Cell:
        """The place of one of its cells."""
        return Cell(sheet=self.sheet, row=self.row, column=self.letters.get(column, ""))

    def has(self, *columns: str) -> bool:
        """Whether one of these columns says something."""
        return any(column in self.cells for column in columns)


@dataclass(frozen=True)
class SheetDocument(Document):
    """The content of a crosswalk kept as a sheet; problems name the sheet, the row and the column."""

    cells: Mapping[Steps, Cell] = field(default_factory=dict)
    keys: Mapping[Steps, Cell] = field(default_factory=dict)

    def problem(
        self, steps: Steps, what: str, fix: str = "", *, severity: str = "error", key: bool = False
    ) -> Problem:
        """A problem at the cell of these steps, or of the nearest part above them."""
        for length in range(len(steps), -1, -1):
            cell = (self.keys if key else self.cells).get(steps[:length])
            if cell:
                return problem_at(self.name, cell, what, fix, severity=severity)
        return Problem(what=what, fix=fix, file=self.name, severity=severity)


def problem_at(name: str, cell: Cell, what: str, fix: str = "", *, severity: str = "error") -> Problem:
    """A problem in one cell of a file."""
    file = f"{name}, sheet '{cell.sheet}'" if cell.sheet else name
    return Problem(what=what, fix=fix, file=file, row=cell.row, column=cell.column, severity=severity)


def line_of(sheet: str, row: int, cells: Iterable[tuple[str, str, object]]) -> Line | None:
    """The row of (column, letter, what the file holds); None if all its cells are empty."""
    found: dict[str, Any] = {}
    letters: dict[str, str] = {}
    for column, letter, raw in cells:
        letters[column] = letter
        value = spoken(raw, column)
        if value is not None:
            found[column] = value
    return Line(sheet=sheet, row=row, cells=found, letters=letters) if found else None


def document_of(path: Path, name: str, lines: Sequence[Line]) -> tuple[SheetDocument, list[Problem]]:
    """The content that rows say, and what they say twice, by halves or in a way that cannot be read.

    Examples
    --------
    >>> cells = {"variable": "gender", "rule": "map", "from": "Kön", "value": "Kvinna", "result": "woman"}
    >>> line = Line(sheet="", row=2, cells=cells, letters={"result": "G"})
    >>> document, problems = document_of(Path("a.csv"), "a.csv", [line])
    >>> document.data["rules"], problems
    ({'gender': {'map': {'from': 'Kön', 'values': {'Kvinna': 'woman'}}}}, [])
    >>> print(document.problem(("rules", "gender", "map", "values", "Kvinna"), "Wrong."))
    a.csv, row 2, column 'G': Wrong.
    """
    by_variable: dict[Any, list[Line]] = {}
    for line in lines:
        by_variable.setdefault(line.cells.get("variable"), []).append(line)
    builder = _Builder(name, {variable: _one_scale(own) for variable, own in by_variable.items()})
    for line in lines:
        builder.read(line)
    data = {"rules": {}, **builder.tree.plain()} if lines else {}
    cells, keys = in_lists(builder.tree.cells), in_lists(builder.tree.keys)
    numbers = {steps: cell.row for steps, cell in cells.items()}
    return SheetDocument(path, name, data, numbers, cells, keys), builder.problems


def _one_scale(lines: Sequence[Line]) -> bool:
    """Whether the outputs of a variable all come from one rescale, and not each from a rule of its own."""
    kinds = {line.cells["rule"] for line in lines if "rule" in line.cells}
    sources = [{line.cells[column] for line in lines if column in line.cells} for column in ("from", "scale")]
    apart = any(str(line.cells.get("part", "")).startswith("outputs.") for line in lines)
    return kinds == {"rescale"} and not apart and all(len(found) < 2 for found in sources)


class _Builder:
    """Takes the rows one by one."""

    def __init__(self, name: str, one_scale: Mapping[Any, bool]) -> None:
        self.name, self.one_scale = name, one_scale
        self.problems: list[Problem] = []
        self.tree = Tree(self.say)

    def say(self, cell: Cell, what: str, fix: str) -> None:
        """Note a problem."""
        self.problems.append(problem_at(self.name, cell, what, fix))

    def read(self, line: Line) -> None:
        """One row: of the instrument or of a rule."""
        variable = line.cells.get("variable")
        if variable is None:
            fix = "Fill it in, in every row; merged cells hold it in the first row only."
            self.say(line.cell("variable"), "The cell of the variable is empty.", fix)
        elif variable != INSTRUMENT:
            self.rule(line, ("rules", variable))
        else:
            for column in line.cells:
                if column not in ("variable", *SHORT):
                    what = f"A row about the instrument has nothing under '{column}'."
                    self.say(line.cell(column), what, "Use the columns part, value and result.")
            steps = steps_of(str(line.cells.get("part", ""))) or ("",)
            place: Steps = () if steps[0] in TOP else (INSTRUMENT,)
            self.filled(line, place, place)

    def rule(self, line: Line, entry: Steps) -> None:
        """A row of a rule, or of the decision about it."""
        output, rule = line.cells.get("output"), line.cells.get("rule")
        self.tree.opened(entry, line.cell("variable"))
        above = body = (*entry, rule)
        if output is not None and self.one_scale[entry[-1]]:
            above = (*entry, "rescale")
            entry = body = (*above, "outputs", output)
        elif output is not None:
            entry = (*entry, "outputs", output)
            above = body = (*entry, rule)
        self.tree.opened(entry, line.cell("output" if output is not None else "variable"))
        for column in DECISION:
            if line.has(column):
                within = (column, rule) in WITHIN
                self.put((*(body if within else entry), column), line, column, again=True)
        if rule is not None:
            self.tree.opened(above, line.cell("rule"))
            self.filled(line, body, above)
        elif line.has("part", "from", "value", "result", "scale"):
            self.say(
                line.cell("rule"), "The cell of the rule is empty.", "Name the kind of rule, such as map."
            )

    def filled(self, line: Line, body: Steps, above: Steps) -> None:
        """The part of a rule that a row fills; `from` and `scale` belong to the block around it."""
        named = str(line.cells.get("part", ""))
        part = steps_of(named)
        if part is None:
            fix = "Write names with points between them, such as inputs.born.type."
            self.say(line.cell("part"), f"The part '{named}' cannot be read.", fix)
            return
        holder = above
        if part:
            holder = (*body, *(part[:-1] if line.has("value", "result") else part))
        for column in ("from", "scale"):
            if line.has(column):
                self.put((*holder, column), line, column, again=True)
        if line.has("value", "result"):
            self.value(line, body, part)
        elif part and not line.has("from", "scale"):
            self.say(line.cell("part"), f"The row says nothing about '{named}'.", "Fill in the result.")

    def value(self, line: Line, body: Steps, part: Steps) -> None:
        """A result, of an answer or of a part."""
        if not line.has("result"):
            what = f"'{line.cells['value']}' leads to nothing: the cell of the result is empty."
            self.say(
                line.cell("result"), what, 'Fill it in, such as missing: no_answer; "" is the empty text.'
            )
        elif line.has("value"):
            if part:
                self.tree.opened((*body, *part), line.cell("part"))
            self.put((*body, *(part or ("values",)), line.cells["value"]), line, "result", key="value")
        elif part:
            self.put((*body, *part), line, "result", key="part")
        elif line.cells.get("rule") == "constant":
            self.put((*body, "value"), line, "result")
        else:
            what = "Nothing leads to this result: the cells of value and part are empty."
            self.say(line.cell("value"), what, 'Fill in the answer; write "" for the empty cell.')

    def put(self, steps: Steps, line: Line, column: str, *, key: str = "", again: bool = False) -> None:
        """What a column says, in its place."""
        self.tree.put(steps, line.cells[column], line.cell(column), key=line.cell(key or column), again=again)
