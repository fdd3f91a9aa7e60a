"""Questionnaires that are fielded again: which file and crosswalk of last year each is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from kij_analysis.codebook import Codebook, load_crosswalk
from kij_analysis.codebook.crosswalks import Crosswalk
from kij_analysis.errors import KijError
from kij_analysis.harmonisation.compiling import compile_crosswalk
from kij_analysis.harmonisation.years import Year, changes
from kij_analysis.sources import RawTable, read
from kij_analysis.study import Source, Study

CHANGES = [
    "file", "crosswalk", "reference", "kind", "column", "was", "now", "rows", "variables", "open", "said"
]  # fmt: skip


def year_of(
    study: Study, source: Source, crosswalk: Crosswalk, codebook: Codebook, raw: RawTable | None = None
) -> tuple[Year, str] | None:
    """This year's file beside last year's, and what the latter is called; None in a first year.

    A questionnaire is fielded again where its crosswalk is based on another one, or where the same crosswalk
    reads an earlier round too, or where the study file gives it a later round than its own.
    """
    earlier = _earlier(study, source, crosswalk)
    own = crosswalk.instrument.round
    again = bool(crosswalk.based_on or earlier) or bool(own and source.round and source.round > own)
    if not again:
        return None
    base = crosswalk
    if crosswalk.based_on:
        base = load_crosswalk(crosswalk.path.with_name(f"{crosswalk.based_on}.yaml"), codebook)
    old = None
    if earlier is not None:
        form = base.instrument.file
        if earlier.crosswalk not in (base.instrument.id, crosswalk.instrument.id):
            form = load_crosswalk(study.crosswalk(earlier), codebook).instrument.file
        try:
            old = read(earlier.file, form)
        except KijError:
            earlier = None
    table = raw or replace(read(source.file, crosswalk.instrument.file), name=source.shown)
    year = Year(
        raw=table,
        old=old,
        now=compile_crosswalk(crosswalk, codebook),
        before=compile_crosswalk(base, codebook),
    )
    named = f" ({earlier.shown})" if earlier is not None else ", whose file the study no longer has"
    return year, f"{base.instrument.id}{named}"


def _earlier(study: Study, source: Source, crosswalk: Crosswalk) -> Source | None:
    """Last year's source: the latest earlier round of the crosswalk, else that of the nearest base."""
    own = source.round or crosswalk.instrument.round
    rounds = {
        other.round or crosswalk.instrument.round: other
        for other in study.sources
        if other.crosswalk == source.crosswalk and other.file != source.file
    }
    before = [turn for turn in rounds if turn < own]
    if before:
        return rounds[max(before)]
    for base in crosswalk.bases:
        sources = [other for other in study.sources if other.crosswalk == base.stem]
        if sources:
            return max(sources, key=lambda other: other.round)
    return None


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
