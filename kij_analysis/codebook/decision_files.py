"""Decisions that hold for several variables at once, such as *not asked*; each is named."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from typing import Any

from kij_analysis.codebook.crosswalks import Rule
from kij_analysis.codebook.rule_files import ABSENT, GROUP, RuleReader
from kij_analysis.codebook.variables import Variable
from kij_analysis.codebook.yaml_nodes import Steps
from kij_analysis.errors import did_you_mean


def decided_together(reader: RuleReader, *, taken: Collection[str]) -> dict[str, Rule]:
    """The rules that the part decisions: of a crosswalk makes, by harmonised column.

    Every variable is named, so that one that is added to the codebook later stays undetermined; only
    ``barriers`` stands for the whole classification, where a rule of its own beats it.

    Parameters
    ----------
    taken
        The columns that have a rule of their own.
    """
    found: dict[str, Rule] = {}
    for position, entry in enumerate(reader.document.data.get("decisions", ())):
        steps: Steps = ("decisions", position)
        kind = _kind(reader, entry, steps)
        for place, name in enumerate(entry["variables"]):
            there = (*steps, "variables", place)
            for variable in _variables(reader, name, there):
                if not kind:
                    continue
                columns = {column.name for column in variable.columns}
                if columns & {*taken, *found}:
                    if name != GROUP:
                        what = f"'{name}' has another rule in this file."
                        reader.say(there, what, "Keep one of the two.")
                    continue
                for column in variable.columns:
                    for rule in reader.one(kind, entry, entry, steps, column):
                        found[column.name] = rule
    return found


def spread(data: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a crosswalk with a rule for each variable instead of decisions about several.

    Sheets hold it in this form. A variable that has a rule already, or two decisions, stays where it is.

    Examples
    --------
    >>> decision = {"impossible": {"because": "not asked"}, "variables": ["age", "hours"], "on": "2026-11-22"}
    >>> spread({"rules": {}, "decisions": [decision]})["rules"]["hours"]
    {'impossible': {'because': 'not asked'}, 'on': '2026-11-22'}
    """
    rules, left = dict(data.get("rules", {})), []
    for entry in data.get("decisions", ()):
        rest = {key: part for key, part in entry.items() if key != "variables"}
        taken = [name for name in entry["variables"] if name in rules]
        rules |= {name: deepcopy(rest) for name in entry["variables"] if name not in rules}
        left += [{**rest, "variables": taken}] if taken else []
    plain = {key: part for key, part in data.items() if key != "decisions"}
    return {**plain, "rules": rules, **({"decisions": left} if left else {})}


def _kind(reader: RuleReader, entry: dict[str, Any], steps: Steps) -> str:
    kinds = [kind for kind in ABSENT if kind in entry]
    if len(kinds) == 1:
        return kinds[0]
    reader.say(
        steps, "A decision needs exactly one kind.", "Write impossible:, undetermined: or not_applicable:."
    )
    return ""


def _variables(reader: RuleReader, name: str, steps: Steps) -> Iterator[Variable]:
    """The variable of a name, or all barriers."""
    book = reader.codebook
    if name == GROUP:
        yield from (book.variables[barrier] for barrier in book.barrier_variables)
    elif name in book.variables and book.variables[name].frame != "key":
        yield book.variables[name]
    else:
        known = [*(v.name for v in book.variables.values() if v.frame != "key"), GROUP]
        reader.say(steps, f"The codebook has no variable '{name}'.", did_you_mean(name, known))
