"""Questionnaires that are fielded again: which file and crosswalk of last year each is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from kij_analysis.codebook import Codebook, load_crosswalk
from kij_analysis.codebook.crosswalks import Crosswalk
from kij_analysis.errors import KijError
from kij_analysis.harmonisation.compiling import compile_crosswalk
from kij_analysis.harmonisation.years import Year, changes
from kij_analysis.privacy import masked
from kij_analysis.sources import RawTable, read
from kij_analysis.study import Source, Study

CHANGES = [
    "file", "crosswalk", "reference", "kind", "column", "was", "now", "rows", "variables", "open", "said"
]  # fmt: skip


def year_of(
    study: Study, source: Source, crosswalk: Crosswalk, codebook: Codebook
) -> tuple[Year, str] | None:
    """This year's file beside last year's, and what the latter is called; None in a first year.

    A questionnaire is fielded again where its crosswalk is based on another one, or where the same crosswalk
    reads an earlier round too, or where the study file gives it a later round than its own.
    """
    own = crosswalk.instrument.round
    earlier = _earlier(study, source.file, crosswalk, source.round or own)
    if not (crosswalk.based_on or earlier or (own and source.round > own)):
        return None
    raw = replace(unnamed(source.file, crosswalk), name=source.shown)
    return beside(study, raw, crosswalk, codebook, earlier)


def beside(
    study: Study, raw: RawTable, crosswalk: Crosswalk, codebook: Codebook, earlier: Source | None
) -> tuple[Year, str]:
    """A file beside the one of an earlier source, or beside last year's rules where there is none."""
    name = earlier.crosswalk if earlier is not None else crosswalk.based_on
    base = crosswalk
    if name and name != crosswalk.instrument.id:
        base = load_crosswalk(crosswalk.path.with_name(f"{name}.yaml"), codebook)
    old = None
    if earlier is not None:
        try:
            old = unnamed(earlier.file, base)
        except KijError:
            earlier = None
    now, before = (compile_crosswalk(which, codebook) for which in (crosswalk, base))
    named = f" ({earlier.shown})" if earlier is not None else ", whose file is not in the study"
    return Year(raw=raw, old=old, now=now, before=before), f"{base.instrument.id}{named}"


def unnamed(file: Path, crosswalk: Crosswalk) -> RawTable:
    """A file with its identifiers masked, so that it can be looked at without rules."""
    instrument = crosswalk.instrument
    raw = read(file, instrument.file)
    return masked(raw, names=instrument.identifiers, declared=instrument.not_identifiers)


def _earlier(study: Study, file: Path, crosswalk: Crosswalk, turn: str) -> Source | None:
    """Last year's source: the latest earlier round of the crosswalk, else that of the nearest base."""
    rounds = {
        other.round or crosswalk.instrument.round: other
        for other in study.sources
        if other.crosswalk == crosswalk.instrument.id and other.file != file
    }
    before = [other for other in rounds if other < turn]
    if before:
        return rounds[max(before)]
    for base in crosswalk.bases:
        found = latest(study, base.stem)
        if found is not None:
            return found
    return None


def latest(study: Study, crosswalk: str) -> Source | None:
    """The source of the latest round that a crosswalk reads."""
    sources = [source for source in study.sources if source.crosswalk == crosswalk]
    return max(sources, key=lambda source: source.round, default=None)


def renewed(
    study: Study, read_with: Sequence[tuple[Source, Crosswalk]], codebook: Codebook | None
) -> pd.DataFrame:
    """What changed in every questionnaire that is fielded again; a file that cannot be read tells nothing."""
    rows = []
    for source, crosswalk in read_with:
        assert codebook is not None
        try:
            found = year_of(study, source, crosswalk, codebook)
        except KijError:
            continue
        if found is not None:
            year, reference = found
            place = {"file": source.shown, "crosswalk": crosswalk.instrument.id, "reference": reference}
            rows += [place | vars(change) | {"said": change.words()} for change in changes(year)]
    return pd.DataFrame(rows, columns=CHANGES)


def told(found: pd.DataFrame) -> list[str]:
    """The changes of every file under one heading each, those that need a decision first."""
    lines = []
    for (file, reference), part in found.groupby(["file", "reference"], sort=False):
        undecided = part[part["open"]]
        one = len(part) == 1
        lines.append(
            f"{file} against {reference}: {len(part)} change{'' if one else 's'}, "
            f"{len(undecided)} to be decided"
        )
        lines += [f"  to decide: {said}" for said in undecided["said"]]
        lines += [f"  settled: {said}" for said in part.loc[~part["open"], "said"]]
    return lines
