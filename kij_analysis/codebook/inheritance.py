"""A crosswalk based on last year's: it says only what differs, and everything else is taken over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kij_analysis.codebook.sheet_files import read_crosswalk
from kij_analysis.codebook.yaml_files import Document
from kij_analysis.codebook.yaml_nodes import Steps
from kij_analysis.errors import Problem, StudyError, did_you_mean

OWN = ("id", "title", "round", "population")
"""What an instrument never takes over: it is of one year."""
LISTS = ("free_text", "identifiers")
"""Settings that list columns."""
BY_COLUMN = ("ignored", "not_identifiers", "released_text", "only")
"""Settings that say something about each of some columns."""
DROPPED = "dropped from the questionnaire"
READ_FROM = ("from", "columns", "items", "inputs")
"""The parts of a rule that name columns of the file."""


@dataclass(frozen=True)
class Lineage:
    """A crosswalk's document with those that it is based on, the nearest first."""

    documents: tuple[Document, ...]

    @property
    def own(self) -> Document:
        """The crosswalk itself."""
        return self.documents[0]

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files of the crosswalks that it is based on."""
        return tuple(document.path for document in self.documents[1:])


def lineage(path: Path) -> Lineage:
    """A crosswalk's file and those that it is based on.

    Raises
    ------
    StudyError
        With every problem of the first file that is wrong, if one is not there, or if they run in a circle.
    """
    documents: list[Document] = []
    while True:
        document, problems = read_crosswalk(path, name=f"crosswalks/{path.name}")
        if document is None and documents:
            problems = [_no_base(documents[-1], path)]
        if document is None or problems:
            raise StudyError(problems)
        documents.append(document)
        base = document.data.get("based_on", "")
        if not base:
            break
        path = _base(path, base)
        if path in [known.path for known in documents]:
            what = f"based_on: leads in a circle back to '{base}'."
            raise StudyError([document.problem(("based_on",), what, "Correct based_on: in one of them.")])
    found = list(_unwanted(documents[-1]))
    if found:
        raise StudyError(found)
    return Lineage(tuple(documents))


def _base(path: Path, base: str) -> Path:
    """The file of a crosswalk beside another one: a sheet if there is one, else YAML."""
    kinds = (path.with_name(f"{base}{kind}") for kind in (".yaml", ".csv", ".xlsx"))
    return next((place for place in kinds if place.is_file()), path.with_name(f"{base}.yaml"))


def _no_base(document: Document, path: Path) -> Problem:
    names = sorted(p.stem for p in path.parent.glob("*.*") if p != document.path)
    what = f"There is no crosswalk '{path.stem}' to be based on, or it cannot be read as YAML."
    return document.problem(("based_on",), what, did_you_mean(path.stem, names))


def _unwanted(document: Document) -> Iterator[Problem]:
    """Keys that say how to differ from last year's crosswalk, where there is none."""
    for key in ("dropped", "renamed"):
        if key in document.data:
            what = f"{key}: is for a crosswalk that is based on another."
            yield document.problem((key,), what, f"Add based_on:, or remove {key}:.")
    for steps, _ in _inheriting(document.data.get("rules", {}), ("rules",)):
        what = "inherit: is for a crosswalk that is based on another."
        yield document.problem(steps, what, "Add based_on:, or write the whole rule.")


def _inheriting(node: Any, steps: Steps) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
    """The rules that say only what differs, with their place."""
    if not isinstance(node, dict):
        return
    if node.get("inherit") is True:
        yield steps, node
        return
    for key, part in node.items():
        yield from _inheriting(part, (*steps, key))


def _under(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    result = {**base, **own}
    for key, value in own.items():
        before = base.get(key)
        if isinstance(value, dict) and isinstance(before, dict):
            result[key] = {**before, **value}
        elif key in LISTS and isinstance(before, list):
            result[key] = list(dict.fromkeys([*before, *value]))
    return result


def _renamed_settings(base: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    result = dict(base)
    if "keys" in base:
        result["keys"] = {key: names.get(name, name) for key, name in base["keys"].items()}
    for key in LISTS:
        if key in base:
            result[key] = [names.get(name, name) for name in base[key]]
    for key in BY_COLUMN:
        if key in base:
            result[key] = {names.get(name, name): said for name, said in base[key].items()}
    if "widths" in base.get("missing_family", {}):
        widths = {names.get(name, name): width for name, width in base["missing_family"]["widths"].items()}
        result["missing_family"] = {**base["missing_family"], "widths": widths}
    return result


@dataclass(frozen=True)
class Layer:
    """One crosswalk of a lineage: its rules written out in full, and the settings that hold so far.

    `document` keeps the lines of its own file, so that each rule is told with the line at which it stands.
    """

    document: Document
    settings: Mapping[str, Any]

    @property
    def dropped(self) -> tuple[str, ...]:
        """The variables that this questionnaire asks no longer."""
        return tuple(self.document.data.get("dropped", ()))


def layers(found: Lineage) -> list[Layer]:
    """From the first crosswalk to the latest, with nothing left to inherit.

    Of the settings those by key, such as `file`, `keys`, `missing`, `ignored` and `released_text`, are filled
    up key by key, and columns of free text or identifiers add up; id, title, round and population are never
    taken over. Renamed columns have their new name.

    Raises
    ------
    StudyError
        If a rule wants to inherit from one that the crosswalk before does not have, or if a column is renamed
        that nothing reads.
    """
    known: dict[str, Any] = {}
    settings: dict[str, Any] = {}
    problems: list[Problem] = []
    result: list[Layer] = []
    for document in reversed(found.documents):
        names = document.data.get("renamed", {})
        problems += _unused(document, names, {*_columns(known), *_set(settings)})
        known = {name: _renamed(entry, names) for name, entry in known.items()}
        kept = {key: value for key, value in _renamed_settings(settings, names).items() if key not in OWN}
        settings = _under(kept, document.data["instrument"])
        rules: dict[str, Any] = {}
        for name, entry in document.data.get("rules", {}).items():
            rules[name], wrong = _filled_up(entry, known.get(name, {}), document, ("rules", name))
            problems += wrong
        known = _with(known, rules, document.data.get("dropped", ()))
        result = [replace(layer, document=_read_as(layer.document, names)) for layer in result]
        result.append(Layer(replace(document, data={**document.data, "rules": rules}), settings))
    if problems:
        raise StudyError(problems)
    return result


def _read_as(document: Document, names: Mapping[str, str]) -> Document:
    """An earlier crosswalk with the headings of a later questionnaire in its rules."""
    rules = {name: _renamed(entry, names) for name, entry in document.data["rules"].items()}
    return replace(document, data={**document.data, "rules": rules})


def _with(known: Mapping[str, Any], rules: Mapping[str, Any], dropped: Iterable[str]) -> dict[str, Any]:
    """The rules that a later crosswalk may inherit from; of several outputs each stands for itself."""
    found = {name: entry for name, entry in known.items() if name not in dropped}
    for name, entry in rules.items():
        before = found.get(name, {})
        outputs = {**before.get("outputs", {}), **entry.get("outputs", {})}
        found[name] = {**entry, "outputs": outputs} if "outputs" in entry else entry
    return found


def _unused(document: Document, names: Mapping[str, str], read: set[str]) -> Iterator[Problem]:
    """A new name for a column that nothing reads is a slip."""
    for old in names:
        if old not in read and "based_on" in document.data:
            what = f"renamed: has '{old}', which the crosswalk before does not read."
            yield document.problem(("renamed", old), what, did_you_mean(old, read))


def _set(settings: Mapping[str, Any]) -> Iterator[str]:
    """The columns that an instrument's settings name."""
    yield from settings.get("keys", {}).values()
    for key in (*LISTS, *BY_COLUMN):
        yield from settings.get(key, ())
    yield from settings.get("missing_family", {}).get("widths", {})


def _columns(node: Any) -> Iterator[str]:
    """The columns of the file that some rules name."""
    if isinstance(node, list):
        for part in node:
            yield from _columns(part)
    if not isinstance(node, dict):
        return
    for key, part in node.items():
        if key in READ_FROM:
            yield from _names(part, key)
        else:
            yield from _columns(part)


def _names(part: Any, key: str) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        yield from (name for name in part if isinstance(name, str))
    elif isinstance(part, dict):
        yield from part if key in ("columns", "items") else part.values()


def _renamed(node: Any, names: Mapping[str, str]) -> Any:
    """Some rules with the columns of the file under their new names."""
    if not names:
        return node
    if isinstance(node, list):
        return [_renamed(part, names) for part in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _new(part, key, names) if key in READ_FROM else _renamed(part, names)
        for key, part in node.items()
    }


def _new(part: Any, key: str, names: Mapping[str, str]) -> Any:
    if isinstance(part, str):
        return names.get(part, part)
    if isinstance(part, list):
        return [names.get(name, name) if isinstance(name, str) else name for name in part]
    if isinstance(part, dict) and key in ("columns", "items"):
        return {names.get(name, name): value for name, value in part.items()}
    if isinstance(part, dict):
        return {name: names.get(v, v) if isinstance(v, str) else v for name, v in part.items()}
    return part


def _filled_up(
    entry: Mapping[str, Any], before: Mapping[str, Any], document: Document, steps: Steps
) -> tuple[dict[str, Any], list[Problem]]:
    """A rule in full; where it inherits, what it does not say is that of the crosswalk before."""
    problems: list[Problem] = []
    result: dict[str, Any] = {}
    inherits = False
    for key, part in entry.items():
        if key == "outputs" and isinstance(part, dict):
            result[key] = {}
            for output, own in part.items():
                there = before.get("outputs", {}).get(output, {})
                result[key][output], wrong = _filled_up(own, there, document, (*steps, key, output))
                problems += wrong
        elif isinstance(part, dict) and "inherit" in part:
            if part["inherit"] and key not in before:
                what = f"'{steps[-1]}' inherits, and the crosswalk before has no {key} for it."
                problems.append(document.problem((*steps, key), what, "Write the whole rule."))
            inherits |= part["inherit"]
            own = {name: value for name, value in part.items() if name != "inherit"}
            result[key] = _under(before.get(key, {}), own) if part["inherit"] else own
        else:
            result[key] = part
    if inherits:
        decision = {key: value for key, value in before.items() if not isinstance(value, dict)}
        result = {**decision, **result}
    return result, problems
