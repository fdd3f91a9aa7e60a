"""Values put in their places one by one, and the cell of each remembered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kij_analysis.codebook.yaml_nodes import Steps

Say = Callable[["Cell", str, str], None]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Where something stands: the sheet of a workbook, the row and the letter of the column."""

    sheet: str
    row: int
    column: str


@dataclass(frozen=True)
class Position:
    """A place in a list; the first is 1."""

    number: int

    def __str__(self) -> str:
        return str(self.number)


class Tree:
    """Blocks within blocks.

    Parameters
    ----------
    say
        What takes a problem: its cell, what is wrong, and what would be right.
    """

    def __init__(self, say: Say) -> None:
        self.say = say
        self.data: dict[Any, Any] = {}
        self.cells: dict[Steps, Cell] = {}
        self.keys: dict[Steps, Cell] = {}
        self._keys_by_text: dict[int, dict[str, Any]] = {}

    def opened(self, steps: Steps, cell: Cell) -> dict[Any, Any] | None:
        """The block at these steps, made if need be; None if a single value stands in the way."""
        node = self.data
        for number, step in enumerate(steps, 1):
            place = steps[:number]
            key = self._known(node, step)
            if not isinstance(node.setdefault(key, {}), dict):
                what = f"'{step}' has parts here, and is a single value in row {self.cells[place].row}."
                self.say(cell, what, "Remove one of the two.")
                return None
            node = node[key]
            self.cells.setdefault(place, cell)
            self.keys.setdefault(place, cell)
        return node

    def put(self, steps: Steps, value: Any, cell: Cell, *, key: Cell, again: bool = False) -> None:
        """A value in its place; a second time only where it may be repeated, and then the same value."""
        holder = self.opened(steps[:-1], key)
        if holder is None:
            return
        name = self._known(holder, steps[-1])
        place = (*steps[:-1], name)
        if name not in holder:
            holder[name] = value
            self.cells[place], self.keys[place] = cell, key
            return
        row = self.cells[place].row
        if not again or isinstance(holder[name], dict):
            self.say(key, f"'{name}' stands twice, first in row {row}.", "Each may stand once: remove one.")
        elif holder[name] != value:
            what = f"'{name}' is '{value}' here and '{holder[name]}' in row {row}."
            self.say(cell, what, "Write the same in every row of the rule, or leave the others empty.")

    def _known(self, node: dict[Any, Any], step: Any) -> Any:
        """The key as it stands already: one text is one key, whether it is written 1 or "1"."""
        return self._keys_by_text.setdefault(id(node), {}).setdefault(str(step), step)

    def plain(self) -> dict[Any, Any]:
        """The content as dicts and lists."""
        return self._plain(self.data, ())

    def _plain(self, node: Any, steps: Steps) -> Any:
        if not isinstance(node, dict):
            return node
        inside = {key: self._plain(part, (*steps, key)) for key, part in node.items()}
        numbered = [key for key in inside if isinstance(key, Position)]
        if not numbered:
            return inside
        if sorted(key.number for key in numbered) != list(range(1, len(inside) + 1)):
            what = f"The parts of '{steps[-1]}' are not numbered 1, 2, 3 and so on."
            self.say(self.keys[(*steps, numbered[-1])], what, "Number them without gaps.")
        return [inside[key] for key in sorted(numbered, key=lambda key: key.number)]


def in_lists(cells: Mapping[Steps, Cell]) -> dict[Steps, Cell]:
    """The same places with positions counted from 0, as in lists."""
    return {_from_zero(steps): cell for steps, cell in cells.items()}


def _from_zero(steps: Sequence[Any]) -> Steps:
    return tuple(step.number - 1 if isinstance(step, Position) else step for step in steps)
