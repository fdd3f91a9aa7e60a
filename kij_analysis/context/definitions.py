"""What the dimensions of an office's table become, read from codebook/official.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kij_analysis.codebook.yaml_files import Document, read_yaml
from kij_analysis.errors import Problem, StudyError, did_you_mean
from kij_analysis.indicators.sheets import codes
from kij_analysis.template import template_folder

FILE = "official.yaml"
NEEDED = ("country", "sex", "age", "basis", "group")
"""The columns that every row needs, from the file or fixed."""
CLOSED = ("sex", "basis", "base", "category")
"""Columns with a closed list of codes."""


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """A dimension of a table: the column it fills (or none), and what each of its values becomes.

    `values` leads from what files call a value, in small letters, to our code; where the dimension fills no
    column, to itself.
    """

    name: str
    names: frozenset[str]
    to: str
    values: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Definition:
    """What a table of an office counts, and how its file is read."""

    table: str
    office: str
    indicator: str
    unit: str
    fixed: Mapping[str, Any]
    dimensions: tuple[Dimension, ...]


def plain(text: object) -> str:
    """A name or value in the form in which it is compared: one blank, small letters."""
    return " ".join(str(text).casefold().split())


def definitions(place: Any = None) -> dict[str, Definition]:
    """The tables that a study knows, by their names in capitals.

    Parameters
    ----------
    place
        A study, the folder of a codebook, or None for the shipped ones. A study without official.yaml uses
        the shipped one.

    Raises
    ------
    StudyError
        If the file is wrong: all problems at once, with their lines.

    Examples
    --------
    >>> known = definitions()
    >>> known["LFSA_ERGAN"].indicator, [one.to for one in known["LFSA_ERGAN"].dimensions if one.to]
    ('employment_rate', ['sex', 'age', 'group', 'country'])
    """
    folders = getattr(place, "folders", None)
    folder = Path(folders["codebook"]) if folders is not None else Path(place) if place is not None else None
    if folder is None or not (folder / FILE).is_file():
        folder = template_folder() / "codebook"
    document, problems = read_yaml(folder / FILE, against="official")
    if document is not None and not problems:
        problems = list(_unknown(document))
    if document is None or problems:
        raise StudyError(problems)
    lists = document.data.get("lists", {})
    return {
        str(name).upper(): _definition(str(name), entry, lists)
        for name, entry in document.data["tables"].items()
    }


def _definition(name: str, entry: Mapping[str, Any], lists: Mapping[str, Any]) -> Definition:
    return Definition(
        table=name.upper(),
        office=entry["office"],
        indicator=entry["indicator"],
        unit=entry["unit"],
        fixed=entry.get("fixed", {}),
        dimensions=tuple(_dimension(str(key), part, lists) for key, part in entry["dimensions"].items()),
    )


def _dimension(name: str, part: Mapping[str, Any], lists: Mapping[str, Any]) -> Dimension:
    spelled = part.get("values") or lists.get(part.get("list", ""), {})
    values = {plain(one): str(code) for code, several in spelled.items() for one in several}
    kept = {plain(one): str(one) for one in part.get("only", [])}
    names = frozenset(plain(one) for one in (name, *part.get("names", [])))
    return Dimension(name=name, names=names, to=part.get("to", ""), values=values or kept)


def _unknown(document: Document) -> Iterator[Problem]:
    """Codes that the record does not know, lists that there are not, columns that nothing fills."""
    lists = document.data.get("lists", {})
    for table, entry in document.data["tables"].items():
        here: tuple[Any, ...] = ("tables", table)
        for column in ("office", "indicator", "unit"):
            yield from _code(document, (*here, column), column, entry[column])
        for column, value in entry.get("fixed", {}).items():
            yield from _code(document, (*here, "fixed", column), column, value)
        filled = set(entry.get("fixed", {}))
        for name, part in entry["dimensions"].items():
            steps = (*here, "dimensions", name)
            filled.add(part.get("to", ""))
            yield from _values(document, steps, part, lists)
        for column in (column for column in NEEDED if column not in filled):
            what = f"{table}: nothing fills the column '{column}'."
            fix = f"Let a dimension fill it (to: {column}), or say what it is under fixed:."
            yield document.problem(here, what, fix)


def _values(
    document: Document, steps: tuple[Any, ...], part: Mapping[str, Any], lists: Mapping[str, Any]
) -> Iterator[Problem]:
    name, given = steps[-1], [key for key in ("values", "list", "only") if key in part]
    if len(given) != 1:
        fix = "Write one of values:, list: and only:."
        yield document.problem(steps, f"{name}: it is not clear what becomes of its values.", fix)
        return
    if ("to" in part) == ("only" in part):
        yield document.problem(
            steps, f"{name}: 'to' and 'only' do not go together.",
            "Write to: with values: or list:, or only: alone.",
        )  # fmt: skip
    if "list" in part and part["list"] not in lists:
        what = f"{name}: there is no list '{part['list']}'."
        yield document.problem((*steps, "list"), what, did_you_mean(part["list"], lists))
    spelled = part.get("values") or lists.get(part.get("list", ""), {})
    seen: dict[str, str] = {}
    for code, several in spelled.items():
        yield from _code(document, steps, part.get("to", ""), code)
        for one in map(plain, several):
            if seen.setdefault(one, str(code)) != str(code):
                what = f"{name}: '{one}' would become both '{seen[one]}' and '{code}'."
                yield document.problem(steps, what, "Keep it in one of the two.")


def _code(document: Document, steps: tuple[Any, ...], column: str, value: Any) -> Iterator[Problem]:
    if column not in (*CLOSED, "office", "indicator", "unit"):
        return
    known = codes(column, sheet="official")
    if str(value) not in known:
        yield document.problem(steps, f"The record has no {column} '{value}'.", did_you_mean(value, known))
