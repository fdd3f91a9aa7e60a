"""Whether several shared files fit together, and into the author's study; if not, the difference in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from itertools import combinations

from kij_analysis.codebook import Codebook
from kij_analysis.errors import Problem, ReportError, listed
from kij_analysis.exchange.definitions import definitions
from kij_analysis.exchange.shared import Shared
from kij_analysis.profiles import PROFILES

OWN = "your codebook"
Meant = Mapping[str, Mapping[str, str]]


def fit(files: Sequence[Shared], codebook: Codebook) -> list[Problem]:
    """Refuse files that would not make one report; what is only to be known is returned as notices.

    Raises
    ------
    ReportError
        With every difference at once: versions, programmes, profiles, settings, definitions.
    """
    problems = [
        *_versions(files),
        *_programmes(files, codebook),
        *_rules(files),
        *_definitions(files, codebook),
    ]
    if problems:
        raise ReportError(problems)
    return [*_unconfirmed(files), *_mixed(files)]


def _versions(files: Sequence[Shared]) -> Iterator[Problem]:
    own = _main(version("kij-analysis"))
    for one in files:
        theirs = str(one.content["kij"])
        if _main(theirs) != own:
            what = f"It was made by kij_analysis {theirs}, and this is {version('kij-analysis')}."
            yield Problem(what=what, fix="Use the same version everywhere, and share again.", file=one.file)


def _main(told: str) -> tuple[str, ...]:
    """The part of a version that must be the same: the first number, before 1.0 the second too."""
    parts = tuple(told.split("."))
    return parts[:2] if parts[0] == "0" else parts[:1]


def _programmes(files: Sequence[Shared], codebook: Codebook) -> Iterator[Problem]:
    for one in files:
        unknown = [code for code in one.programmes if code not in codebook.programmes]
        if unknown:
            what = f"It is about {listed(unknown)}, which your codebook does not know."
            yield Problem(what=what, fix="Add it to codebook/programmes.yaml.", file=one.file)
    for first, second in combinations(files, 2):
        twice = [code for code in first.programmes if code in second.programmes]
        if twice:
            what = f"{listed(twice)} stands in this file and in {first.file}."
            yield Problem(what=what, fix="Give one file of each programme.", file=second.file)


def _rules(files: Sequence[Shared]) -> Iterator[Problem]:
    profiles = {one.file: str(one.content["disclosure"]["profile"]) for one in files}
    if len(set(profiles.values())) > 1:
        told = ", ".join(f"{name} in {file}" for file, name in profiles.items())
        known = [name for name in profiles.values() if name in PROFILES]
        strictest = max(known, key=lambda name: PROFILES[name].smallest_cell, default="the stricter one")
        what = f"The disclosure profiles differ: {told}. A report has one rule for small numbers."
        yield Problem(what=what, fix=f"Agree on one, such as {strictest}, and share again with --profile.")
    for name, spoken in (("level", "confidence levels"), ("weighting", "weightings")):
        given = {one.file: one.content["settings"][name] for one in files}
        if len(set(given.values())) > 1:
            told = ", ".join(f"{value} in {file}" for file, value in given.items())
            yield Problem(what=f"The {spoken} differ: {told}.", fix="Share again with the same.")


def _definitions(files: Sequence[Shared], codebook: Codebook) -> Iterator[Problem]:
    names = dict.fromkeys(name for one in files for name in one.content["codebook"]["variables"])
    known: dict[str, Meant] = {OWN: definitions(codebook, names)}
    known |= {one.file: one.content["codebook"]["variables"] for one in files}
    for name in names:
        told = {file: meant[name] for file, meant in known.items() if name in meant}
        if OWN not in told:
            what = f"'{name}' is defined in {listed(told)}, and your codebook does not have it."
            yield Problem(what=what, fix="Use the same codebook everywhere.")
        elif len({one["checksum"] for one in told.values()}) > 1:
            yield Problem(
                what=_difference(name, told), fix="Use the same codebook everywhere, and share again."
            )


def _difference(name: str, told: Meant) -> str:
    own = told[OWN]
    others = {file: one for file, one in told.items() if one["checksum"] != own["checksum"]}
    parts = [
        f"'{one['says']}' in {file}"
        if one["says"] != own["says"]
        else f"in {file} something else of its definition differs, such as its concept or the meaning of "
        "an answer"
        for file, one in others.items()
    ]
    return f"'{name}' is '{own['says']}' in {OWN}, and {'; '.join(parts)}."


def _unconfirmed(files: Sequence[Shared]) -> Iterator[Problem]:
    for one in files:
        said = one.content["disclosure"]
        if not said["confirmed_by"]:
            what = f"The owner of the data has not confirmed the disclosure profile {said['profile']}."
            fix = "Ask before anything of the report goes out."
            yield Problem(what=what, fix=fix, file=one.file, severity="notice")


def _mixed(files: Sequence[Shared]) -> Iterator[Problem]:
    kinds = {one.file: str(one.content["data_status"]) for one in files}
    if len(set(kinds.values())) > 1:
        told = ", ".join(f"{kind} in {file}" for file, kind in kinds.items())
        what = f"The files are of several kinds: {told}. What rests on both carries the weaker mark."
        yield Problem(what=what, severity="notice")
