"""The rules of comparability: which differences matter and how much, read from the codebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kij_analysis.codebook.yaml_files import Document, read_yaml
from kij_analysis.codebook.yaml_nodes import Steps
from kij_analysis.errors import Problem, StudyError, did_you_mean
from kij_analysis.indicators.sheets import codes

VERDICTS = ("comparable", "caution", "not_comparable")
"""From the best to the worst; the worst reason decides."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One way in which two records can differ: what it means for comparing them, and why."""

    code: str
    field: str
    verdict: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What forbids a comparison and what calls for caution.

    `months` and `years` are how far apart two records may lie before it matters; `close` holds pairs of
    bases that differ in some persons only; `made_of` leads from an outcome to those that are part of it,
    `countries` from a programme to its country;
    `reach` leads from a printed word to how far below and above the number it reaches (None: to the end of
    the scale).
    """

    differences: Mapping[str, Difference]
    months: float
    years: float
    close: frozenset[frozenset[str]]
    made_of: Mapping[str, tuple[str, ...]]
    countries: Mapping[str, str]
    reach: Mapping[str, tuple[float | None, float | None]]

    def contains(self, whole: str, part: str) -> bool:
        """Whether an outcome is made of another one, directly or by way of a third."""
        parts = self.made_of.get(whole, ())
        return part in parts or any(self.contains(other, part) for other in parts)


def rules(place: Any = None) -> Rules:
    """The rules of comparability of a study, or those that are shipped.

    Parameters
    ----------
    place
        A study, the folder of a codebook, or None. A study whose codebook has no comparability.yaml uses
        the shipped one.

    Raises
    ------
    StudyError
        If the file is wrong: all problems at once, with their lines.

    Examples
    --------
    >>> found = rules()
    >>> found.differences["roles_differ"].verdict, found.contains("employed_or_education", "matching_job")
    ('not_comparable', True)
    """
    if place is None:
        return _shipped()
    folders = getattr(place, "folders", None)
    folder = Path(folders["codebook"] if folders is not None else place)
    path = folder / "comparability.yaml"
    return _read(path) if path.is_file() else _shipped()


@cache
def _shipped() -> Rules:
    from kij_analysis.template import template_folder

    return _read(template_folder() / "codebook" / "comparability.yaml")


def _read(path: Path) -> Rules:
    document, problems = read_yaml(path, against="comparability")
    if document is not None and not problems:
        problems = list(_unknown(document))
    if document is None or problems:
        raise StudyError(problems)
    data = document.data
    return Rules(
        differences={c: Difference(code=c, **entry) for c, entry in data["differences"].items()},
        months=data["limits"]["months"],
        years=data["limits"]["years"],
        close=frozenset(frozenset(pair) for pair in data["close_denominators"]),
        countries={one: country for country, several in data["countries"].items() for one in several},
        made_of={whole: tuple(parts) for whole, parts in data["made_of"].items()},
        reach={
            word: (_reach(entry["below"]), _reach(entry["above"]))
            for word, entry in data["precision"].items()
        },
    )


def _reach(value: float | str) -> float | None:
    return None if isinstance(value, str) else float(value)


def _unknown(document: Document) -> Iterator[Problem]:
    """Codes that the record does not know, and outcomes that would be part of themselves."""
    named: list[tuple[Steps, str, str]] = [
        (("countries", country), "programme", code)
        for country, several in document.data["countries"].items()
        for code in several
    ]
    for place, pair in enumerate(document.data["close_denominators"]):
        named += [(("close_denominators", place), "denominator", code) for code in pair]
    for whole, parts in document.data["made_of"].items():
        named += [(("made_of", whole), "indicator", code) for code in (whole, *parts)]
    for steps, column, code in named:
        known = codes(column)
        if code not in known:
            what = f"The record has no {column} '{code}'."
            yield document.problem(steps, what, did_you_mean(code, known))
    yield from _circles(document)


def _circles(document: Document) -> Iterator[Problem]:
    made_of = document.data["made_of"]

    def within(whole: str, seen: tuple[str, ...]) -> bool:
        return whole in seen or any(within(part, (*seen, whole)) for part in made_of.get(whole, ()))

    for whole in made_of:
        if within(whole, ()):
            what = f"'{whole}' is made of itself, or of what is."
            yield document.problem(("made_of", whole), what, "Name the smaller outcomes only.")
