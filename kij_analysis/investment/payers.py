"""The rules of a country read from codebook/payers, all problems at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kij_analysis.codebook.yaml_files import Document, read_yaml
from kij_analysis.errors import Problem, StudyError, UsageError, did_you_mean, listed
from kij_analysis.investment.rates import Missing, Payers, Rate, Staircase, Step, Tax
from kij_analysis.template import template_folder

FOLDER = "payers"


def payers(country: str, place: Any = None) -> Payers:
    """The rules of a country: benefits, reimbursement, taxes and contributions, each with its source.

    Parameters
    ----------
    country
        Two letters: DK, FI or NO as shipped.
    place
        A study, the folder of a codebook, or None for the shipped rules. A study without a file of that
        country uses the shipped one.

    Raises
    ------
    UsageError
        If there are no rules of that country.
    StudyError
        If the file is wrong: all problems at once, with their lines.

    Examples
    --------
    >>> payers("DK").rate("labour_market_contribution").value
    8.0
    >>> payers("FI").rate("municipal_share")
    Traceback (most recent call last):
    ...
    kij_analysis.errors.UsageError: fi.yaml: 'municipal_share' could not be verified for FI: the steps in
    force from 2025 were not found; the older ones end with 2024. Supply the share of the labour market
    subsidy ...
    """
    path = _file(country, place)
    document, problems = read_yaml(path, against="payers")
    if document is not None and not problems:
        problems = list(_unknown(document))
    if document is None or problems:
        raise StudyError(problems)
    return _payers(document.data, document.name)


def _file(country: str, place: Any) -> Path:
    name = f"{country.casefold()}.yaml"
    folders = getattr(place, "folders", None)
    own = Path(folders["codebook"]) if folders is not None else Path(place) if place is not None else None
    shipped = template_folder() / "codebook"
    for folder in (own, shipped):
        if folder is not None and (folder / FOLDER / name).is_file():
            return folder / FOLDER / name
    known = sorted(path.stem.upper() for path in (shipped / FOLDER).glob("*.yaml"))
    raise UsageError(
        f"There are no rules of '{country}'. {did_you_mean(country, known)}",
        fix=f"There are those of {listed(known)}; write codebook/payers/{name} after their pattern.",
    )


def _payers(entry: Mapping[str, Any], name: str) -> Payers:
    sources = entry["sources"]
    return Payers(
        country=entry["country"],
        currency=entry["currency"],
        file=name,
        benefit_paid_by=entry["benefit_paid_by"],
        discount_rate=entry["discount_rate"],
        rates={key: _rates(key, part, sources) for key, part in entry["values"].items()},
        missing={key: Missing(**part) for key, part in entry.get("missing", {}).items()},
        staircase=_staircase(entry["staircase"]) if "staircase" in entry else None,
        share=entry.get("share", ""),
        taxes=tuple(_tax(part) for part in entry.get("taxes", [])),
        employer=entry.get("employer", {}),
        days_per_month=entry.get("days_per_month"),
        basic_amount=entry.get("basic_amount", ""),
    )


def _rates(name: str, part: Mapping[str, Any], sources: Mapping[str, Any]) -> tuple[Rate, ...]:
    return tuple(
        Rate(
            name=name,
            kind=part["kind"],
            unit=part["unit"],
            value=float(row["value"]),
            year=row["year"],
            source=sources[row["source"]]["title"],
            address=sources[row["source"]]["address"],
            confidence=row["confidence"],
            who=part.get("who", ""),
            note=row.get("note", ""),
        )
        for row in part["rows"]
    )


def _staircase(part: Mapping[str, Any]) -> Staircase:
    steps = tuple(
        Step(first=float(step["from"]), value=step["value"], counts=step.get("counts", part["counts"]))
        for step in part["steps"]
    )
    return Staircase(
        unit=part["unit"],
        steps=steps,
        from_year=part.get("from_year"),
        until_year=part.get("until_year"),
        after=part.get("after", ""),
    )


def _tax(part: Mapping[str, Any]) -> Tax:
    earned = part.get("earned", {})
    lists = {key: tuple(part.get(key, [])) for key in ("rates", "less", "net_of", "allowances")}
    return Tax(
        item=part["item"],
        to=part["to"],
        of=part["of"],
        if_over=part.get("if_over", ""),
        earned_rate=earned.get("rate", ""),
        earned_most=earned.get("most", ""),
        **lists,
    )


def _unknown(document: Document) -> Iterator[Problem]:
    """Names that lead nowhere, values without a source, years that stand twice, steps out of order."""
    entry = document.data
    known = {*entry["values"], *entry.get("missing", {})}
    for steps, name in _names(entry):
        if name not in known:
            what = f"{steps[0]}: there is no value '{name}'."
            yield document.problem(
                steps, what, f"{did_you_mean(name, known)} Add it under values: or missing:."
            )
    for name in sorted(set(entry["values"]) & set(entry.get("missing", {}))):
        what = f"'{name}' stands under values: and under missing:."
        yield document.problem(("missing", name), what, "Remove one of the two.")
    for name, part in entry["values"].items():
        yield from _rows(document, name, part["rows"])
    firsts = [step["from"] for step in entry.get("staircase", {}).get("steps", [])]
    if firsts and (firsts[0] != 1 or firsts != sorted(set(firsts))):
        what = "The steps of the staircase do not begin with 1, or do not rise."
        yield document.problem(("staircase", "steps"), what, "Sort them by from:, the first with from: 1.")
    if ("staircase" in entry) == ("share" in entry):
        fix = "Write staircase: where the share changes with time on benefit, else share:."
        yield document.problem((), "It is not clear what share of a benefit the municipality bears.", fix)


def _rows(document: Document, name: str, rows: list[dict[str, Any]]) -> Iterator[Problem]:
    seen: set[int] = set()
    for number, row in enumerate(rows):
        steps = ("values", name, "rows", number)
        if row["source"] not in document.data["sources"]:
            what = f"{name}: there is no source '{row['source']}'."
            yield document.problem(steps, what, did_you_mean(row["source"], document.data["sources"]))
        if row["year"] in seen:
            yield document.problem(steps, f"{name}: {row['year']} stands twice.", "Keep one of the two.")
        seen.add(row["year"])


def _names(entry: Mapping[str, Any]) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Every place that names a value."""
    for key in ("discount_rate", "share", "basic_amount"):
        if key in entry:
            yield (key,), entry[key]
    stairs = entry.get("staircase", {})
    if "after" in stairs:
        yield ("staircase", "after"), stairs["after"]
    for number, step in enumerate(stairs.get("steps", [])):
        yield ("staircase", "steps", number), step["value"]
    for number, part in enumerate(entry.get("taxes", [])):
        for name in _tax(part).needed:
            yield ("taxes", number), name
    for name in entry.get("employer", {}):
        yield ("employer", name), name
