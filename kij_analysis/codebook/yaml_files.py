"""YAML 1.2 files read against the published JSON Schemas, every problem with its line."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kij_analysis.codebook.yaml_nodes import Plain, Steps
from kij_analysis.errors import Problem, did_you_mean, listed

FORMS = {
    "on": "a date such as 2026-03-02",
    "stata": "a dot and a letter, such as .d",
    "sha256": "a checksum of 64 signs",
    "codes": "a single digit",
}
"""What a pattern of the schemas asks for, in words."""


@dataclass(frozen=True)
class Document:
    """The plain content of one YAML file, with the line of every key."""

    path: Path
    name: str
    data: Any
    lines: Mapping[Steps, int]

    def line(self, *steps: Any) -> int | None:
        """The line of the key at these steps, or of the nearest key above it."""
        for length in range(len(steps), -1, -1):
            if steps[:length] in self.lines:
                return self.lines[steps[:length]]
        return None

    def problem(
        self, steps: Steps, what: str, fix: str = "", *, severity: str = "error", key: bool = False
    ) -> Problem:
        """A problem at these steps of this file; with `key` it is the key itself that is wrong."""
        return Problem(what=what, fix=fix, file=self.name, line=self.line(*steps), severity=severity)


@cache
def schema(name: str) -> dict[str, Any]:
    """A published JSON Schema: variables, scales, barriers, programmes, crosswalk or study.

    Examples
    --------
    >>> schema("study")["title"]
    'A study: which sources there are and how the report is set up'
    """
    text = files("kij_analysis.codebook").joinpath("schemas", f"{name}.schema.json").read_text("utf-8")
    return json.loads(text)


def read_yaml(path: Path, *, against: str, name: str = "") -> tuple[Document | None, list[Problem]]:
    """Read one file and hold it against a schema.

    Returns
    -------
    document, problems
        The document is None if the file cannot be read as YAML at all; the problems stand in the order
        of the lines.
    """
    shown = name or path.name
    text, problems = _text(path, shown)
    if text is None:
        return None, problems
    data, lines, found = _parsed(text, shown, against)
    if lines is None:
        return None, list(found)
    return Document(path=path, name=shown, data=deepcopy(data), lines=lines), list(found)


@lru_cache(maxsize=256)
def _parsed(
    text: str, shown: str, against: str
) -> tuple[Any, Mapping[Steps, int] | None, tuple[Problem, ...]]:
    """(content, lines, problems) of a text; kept, since reading takes a tenth of a second a file."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    yaml = YAML(typ="safe", pure=True)
    plain = Plain(shown, yaml.constructor.construct_object)
    try:
        data = plain.read(yaml.compose(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        what = " ".join(str(error.problem or error.context or "this is not YAML").split())
        found = Problem(what=f"Not valid YAML: {what}.", fix=_yaml_advice(what), file=shown, line=line)
        return None, None, (found,)
    except YAMLError as error:
        found = Problem(what=f"Not valid YAML: {error}.", fix=_yaml_advice(str(error)), file=shown)
        return None, None, (found,)
    document = Document(path=Path(shown), name=shown, data=data, lines=plain.lines)
    problems = [*plain.problems, *schema_problems(document, schema(against))]
    return data, MappingProxyType(plain.lines), tuple(sorted(problems, key=lambda p: p.line or 0))


def _text(path: Path, shown: str) -> tuple[str | None, list[Problem]]:
    """The file as text with one form of each letter, so that names match those of the data files."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None, [absent(path, shown)]
    except OSError as error:
        what = f"The file cannot be read ({error.strerror or error})."
        return None, [Problem(what=what, fix="Close it in other programs, or copy it anew.", file=shown)]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return None, [
            Problem(what="The file is not UTF-8 text.", fix="Save it as UTF-8.", file=shown, line=line)
        ]
    return unicodedata.normalize("NFC", text), []


def absent(path: Path, shown: str, endings: Sequence[str] = (".yaml", ".yml")) -> Problem:
    """That a file does not exist, and which files of its kind do."""
    folder = path.parent
    near = sorted(p.name for p in folder.iterdir() if p.suffix in endings) if folder.is_dir() else []
    known = (
        f"In {folder.name} there is {listed(near)}."
        if near
        else f"The folder {folder.name} has no YAML file."
    )
    return Problem(
        what="The file does not exist.", fix=f"{did_you_mean(path.name, near)} {known}".strip(), file=shown
    )


def _yaml_advice(what: str) -> str:
    if "\\t" in what:
        return "Indent with blanks, not with tabs."
    return "Check the indentation, and put texts with : # ? or [ in quotes."


def schema_problems(document: Document, wanted: dict[str, Any]) -> Iterator[Problem]:
    """What does not keep to a schema, as sentences."""
    validator = validators()(wanted)
    for error in validator.iter_errors(_text_keys(document.data)):
        steps = _original_steps(document.data, tuple(error.absolute_path))
        for extra, what, fix in _sentences(error):
            there = _original_steps(document.data, (*steps, *extra))
            yield document.problem(there, f"{_place(steps)}{what}", fix, key=bool(extra))


@cache
def validators() -> Any:
    """The class of jsonschema that holds content against a schema."""
    # With its optional packages jsonschema builds an IRI grammar on import, which takes seconds; our schemas
    # have no IRI. The grammar is kept out for this one import only.
    blocked = "rfc3987_syntax" not in sys.modules
    if blocked:
        sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    try:
        from jsonschema import Draft202012Validator
    finally:
        if blocked:
            del sys.modules["rfc3987_syntax"]
    return Draft202012Validator


def _sentences(error: Any) -> Iterator[tuple[Steps, str, str]]:
    """(further steps, what is wrong, what would be right) for one finding of jsonschema."""
    value, rule, found = error.instance, error.validator, error.validator_value
    if rule == "additionalProperties" and isinstance(found, bool):
        known = list(error.schema.get("properties", {}))
        gone = error.schema.get("formerly", {})
        for key in value:
            if key in gone:
                yield (key,), f"the key '{key}' is no longer read.", gone[key]
            elif key not in known:
                yield (
                    (key,),
                    f"the key '{key}' is not known.",
                    f"{did_you_mean(key, known)} Known: {listed(known)}.",
                )
    elif rule == "dependentRequired":
        absent = [name for key, names in found.items() if key in value for name in names if name not in value]
        yield (), f"{listed(absent)} is missing.", "Add it."
    elif rule == "required":
        absent = [key for key in found if error.message.startswith(f"{key!r} ")]
        yield (), f"{listed(absent)} is missing.", "Add it."
    elif rule == "enum":
        yield (), f"'{value}' is not known.", f"{did_you_mean(value, found)} Known: {listed(found)}."
    elif rule == "type":
        kinds = [found] if isinstance(found, str) else found
        quote = "string" in kinds and isinstance(value, bool | int | float)
        fix = f'Put it in quotes: "{value}".' if quote else "Correct the value."
        yield (), f"{_shown(value)} stands where {_kinds(kinds)} belongs.", fix
    elif rule in ("minProperties", "minItems", "minLength"):
        yield (), "nothing stands here.", "Fill it in or remove the key."
    elif rule == "pattern":
        form = FORMS.get(str(error.absolute_path[-1]), "another form")
        yield (), f"'{value}' stands where {form} belongs.", "Correct the value."
    else:
        yield (), f"{error.message}.", "Correct the value."


def _place(steps: Steps) -> str:
    return f"{'.'.join(str(step) for step in steps)}: " if steps else ""


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    return f"'{value}'" if not isinstance(value, dict | list) else "a list or a block"


def _kinds(kinds: list[str]) -> str:
    words = {
        "string": "text", "integer": "a whole number", "number": "a number", "boolean": "true or false",
        "object": "a block of keys", "array": "a list",
    }  # fmt: skip
    return " or ".join(words.get(kind, kind) for kind in kinds)


def _text_keys(node: Any) -> Any:
    if isinstance(node, dict):
        return {str(key): _text_keys(value) for key, value in node.items()}
    return [_text_keys(value) for value in node] if isinstance(node, list) else node


def _original_steps(node: Any, steps: Steps) -> Steps:
    """The steps with the keys as they stand in the file (a code 3 is a number there)."""
    found: list[Any] = []
    for step in steps:
        if isinstance(node, dict):
            step = next((key for key in node if str(key) == str(step)), step)
            node = node.get(step)
        elif isinstance(node, list):
            node = node[step]
        found.append(step)
    return tuple(found)
