"""Crosswalks carried from YAML to a sheet and back, without loss."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from kij_analysis.codebook.decision_files import spread
from kij_analysis.codebook.rule_files import ABSENT, DECISION
from kij_analysis.codebook.sheet_files import FORMS, read_crosswalk
from kij_analysis.codebook.sheet_rows import TOP, WITHIN
from kij_analysis.codebook.sheet_writing import csv_of, xlsx_of
from kij_analysis.codebook.yaml_nodes import Steps
from kij_analysis.errors import Problem, StudyError, UsageError, listed
from kij_analysis.files import write_bytes

COMMENT = re.compile(r"(?:^|\s)#\s")


def convert_crosswalk(source: Path | str, target: Path | str, *, replace: bool = False) -> list[Problem]:
    """Write a crosswalk in another form: YAML (.yaml), a sheet (.csv) or a workbook (.xlsx).

    What was written is read again and compared with the source before it takes its place, so that nothing
    is lost on the way. The comments of a YAML file have no place in a sheet.

    Parameters
    ----------
    replace
        Whether a file that stands in the target's place is written over.

    Returns
    -------
    list of Problem
        Notices: what stays behind.

    Raises
    ------
    StudyError
        If the source is not right, or holds what the other form cannot hold.
    UsageError
        If the target has another ending, is of the source's own form, or exists.

    Examples
    --------
    >>> from kij_analysis.template import template_folder
    >>> crosswalk = template_folder() / "codebook" / "crosswalks" / "sajo_meetings_2024.yaml"
    >>> sheet = Path(tempfile.mkdtemp()) / "sajo_meetings_2024.csv"
    >>> _ = convert_crosswalk(crosswalk, sheet)
    >>> sheet.read_text("utf-8-sig").splitlines()[-1][:60]
    'meeting_form;;map;;Møteform;Video;video;;;;;;;'
    """
    place, goal = Path(source), Path(target)
    _allowed(place, goal, replace=replace)
    document, problems = read_crosswalk(place)
    if document is None or problems:
        raise StudyError(problems)
    content = _written(document.data, goal.suffix.lower(), place.name)
    _compared(document.data, content, goal)
    write_bytes(goal, content)
    return list(_notices(place, goal))


def _allowed(source: Path, target: Path, *, replace: bool) -> None:
    form = target.suffix.lower().replace(".yml", ".yaml")
    if form not in FORMS:
        raise UsageError(f"'{target.name}' is no kind of crosswalk.", fix=f"End its name in {listed(FORMS)}.")
    if form == source.suffix.lower().replace(".yml", ".yaml"):
        raise UsageError(
            f"'{target.name}' is of the same kind as '{source.name}'.", fix="Name another ending."
        )
    if target.exists() and not replace:
        raise UsageError(
            "The file exists.", fix="Name another one, or add --replace to write over it.", file=str(target)
        )


def _written(data: dict[str, Any], form: str, source: str) -> bytes:
    if form == ".csv":
        return csv_of(data)
    return xlsx_of(data) if form == ".xlsx" else _yaml(data, source)


def _yaml(data: dict[str, Any], source: str) -> bytes:
    from ruamel.yaml import YAML

    yaml = YAML(typ="rt", pure=True)
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    rules = {name: _in_order(entry) for name, entry in data.get("rules", {}).items()}
    above = {key: data[key] for key in TOP if key in data}
    stream = io.StringIO()
    yaml.dump({"instrument": data["instrument"], **above, "rules": rules}, stream)
    return f"# Written from {source}.\n\n{stream.getvalue()}".encode()


def _in_order(entry: dict[str, Any]) -> dict[str, Any]:
    """A rule before the decision about it, and dates as dates, which stand without quotes."""
    first = {key: part for key, part in entry.items() if key not in DECISION}
    if "outputs" in first:
        first["outputs"] = {output: _in_order(part) for output, part in first["outputs"].items()}
    decision = {key: entry[key] for key in DECISION if key in entry}
    with suppress(KeyError, ValueError):
        decision["on"] = date.fromisoformat(decision["on"])
    return {**first, **decision}


def _compared(data: dict[str, Any], content: bytes, target: Path) -> None:
    """Refuse what does not come back as it was."""
    with tempfile.TemporaryDirectory() as folder:
        copy = write_bytes(Path(folder) / target.name, content)
        document, problems = read_crosswalk(copy)
    again = document.data if document is not None and not problems else {}
    lost = list(differences(bare(data), bare(again), ()))
    if lost:
        raise StudyError(
            Problem(what=f"{'.'.join(map(str, steps))} cannot be kept in a {target.suffix} file.", fix=FIX)
            for steps in lost[:12]
        )


FIX = "Write it in another way, or keep the crosswalk as it is."


def bare(data: Any) -> Any:
    """The content without what says nothing: empty blocks, and what a rule without values says twice.

    Decisions about several variables stand as a rule for each.
    """
    plain = spread(data)
    rules = {name: _once(entry) for name, entry in plain["rules"].items()}
    return _filled({**plain, "rules": rules})


def _once(entry: dict[str, Any]) -> dict[str, Any]:
    """The reason why no value can be had beside its kind, where it may also stand beside the decision."""
    outputs = {output: _once(part) for output, part in entry.get("outputs", {}).items()}
    entry = {**entry, "outputs": outputs}
    for kind in set(entry) & set(ABSENT):
        within = [key for key in ("because", "detail") if key in entry and (key, kind) in WITHIN]
        entry[kind] = {**{key: entry.pop(key) for key in within}, **entry[kind]}
    return entry


def _filled(node: Any) -> Any:
    if isinstance(node, dict):
        inside = {key: _filled(part) for key, part in node.items()}
        return {key: part for key, part in inside.items() if part not in ({}, [])}
    return [_filled(part) for part in node] if isinstance(node, list) else node


def differences(one: Any, other: Any, steps: Steps) -> Iterator[Steps]:
    """The places at which two contents differ, in value, type or order of the keys of a block."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in {**one, **other}:
            if key not in one or key not in other:
                yield (*steps, key)
            else:
                yield from differences(one[key], other[key], (*steps, key))
    elif type(one) is not type(other) or one != other:
        yield steps


def _notices(source: Path, target: Path) -> Iterator[Problem]:
    if source.suffix.lower() in (".yaml", ".yml"):
        count = sum(bool(COMMENT.search(line)) for line in source.read_text("utf-8-sig").splitlines())
        if count:
            what = f"The comments of the YAML file ({count}) have no place in a sheet."
            yield Problem(what=what, fix="Keep the file.", file=source.name, severity="notice")
    twins = [p.name for form in FORMS if (p := target.with_suffix(form)).is_file() and p != target]
    if twins and target.parent.name == "crosswalks":
        what = f"Beside '{target.name}' stands {listed(twins)}; a study takes only one of them."
        yield Problem(what=what, fix="Move the others away.", file=target.name, severity="notice")
