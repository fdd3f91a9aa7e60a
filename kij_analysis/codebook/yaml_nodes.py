"""YAML nodes made plain: texts stay as they are written, and every key keeps its line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from kij_analysis.errors import Problem

Steps = tuple[Any, ...]
TAG = "tag:yaml.org,2002:"
READ = {f"{TAG}{kind}" for kind in ("int", "float", "bool", "null")}
"""What is not text; dates stay the text that they are written as."""
TEXT = {f"{TAG}{kind}" for kind in ("str", "timestamp", "merge", "value")}


class Plain:
    """The plain content of a YAML file's nodes, the line of each key, and what is wrong with a key.

    Parameters
    ----------
    name
        The file as messages show it.
    value_of
        What reads a number, true, false or null.
    """

    def __init__(self, name: str, value_of: Callable[[Any], Any]) -> None:
        self.name, self.value_of = name, value_of
        self.lines: dict[Steps, int] = {(): 1}
        self.problems: list[Problem] = []

    def read(self, node: Any, steps: Steps = ()) -> Any:
        """Dicts, lists, texts, numbers, true, false and None."""
        if node is None:
            return None
        if node.id == "mapping":
            return self._block(node, steps)
        if node.id == "sequence":
            for position, part in enumerate(node.value):
                self.lines[(*steps, position)] = _line(part)
            return [self.read(part, (*steps, position)) for position, part in enumerate(node.value)]
        if str(node.tag) in READ:
            return self.value_of(node)
        if str(node.tag) not in TEXT:
            self._say(node, f"'{node.tag}' is a YAML tag.", "Put a text that begins with ! in quotes.")
        return str(node.value)

    def _block(self, node: Any, steps: Steps) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        # One text is one key, whether it is written 1 or "1".
        seen: dict[str, int] = {}
        for key_node, value in _pairs(node):
            key = self._key(key_node)
            if key is None:
                continue
            if str(key) in seen:
                what = f"The key '{key}' stands twice, first in line {seen[str(key)]}."
                self._say(key_node, what, "Each key may stand once: merge the two or rename one.")
                continue
            seen[str(key)] = _line(key_node)
            self.lines[(*steps, key)] = _line(key_node)
            result[key] = self.read(value, (*steps, key))
        for key_node, value in _taken_over(node):
            if str(key_node.value) not in seen:
                key = self._key(key_node)
                self.lines[(*steps, key)] = _line(key_node)
                result[key] = self.read(value, (*steps, key))
        return result

    def _key(self, node: Any) -> Any:
        if node.id != "scalar":
            self._say(node, "A list or a block stands where a key belongs.", "Put the key in quotes.")
            return None
        key = self.value_of(node) if str(node.tag) in READ else str(node.value)
        if key is None:
            self._say(node, "A key is empty.", 'Write "" for the empty cell.')
        # Excel writes true and false as words, and in a rule they are answers like others.
        return str(key).lower() if isinstance(key, bool) else key

    def _say(self, node: Any, what: str, fix: str) -> None:
        self.problems.append(Problem(what=what, fix=fix, file=self.name, line=_line(node)))


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1


def _pairs(node: Any) -> Iterator[tuple[Any, Any]]:
    return ((key, value) for key, value in node.value if str(key.tag) != f"{TAG}merge")


def _taken_over(node: Any) -> Iterator[tuple[Any, Any]]:
    """The pairs that `<<: *other` takes over from another block."""
    for key, value in node.value:
        if str(key.tag) == f"{TAG}merge":
            for other in value.value if value.id == "sequence" else [value]:
                yield from _pairs(other)
