"""One file through its crosswalk: keys, columns, lost rows, and all that does not fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from kij_analysis.codebook.crosswalks import Crosswalk
from kij_analysis.codebook.variables import Codebook
from kij_analysis.errors import Problem, SourceError, did_you_mean, listed
from kij_analysis.files import checksum
from kij_analysis.harmonisation.applying import apply_rules
from kij_analysis.harmonisation.at_hand import KeyFile
from kij_analysis.harmonisation.belonging import belonging
from kij_analysis.harmonisation.compiling import compile_crosswalk
from kij_analysis.harmonisation.concerned import concerned
from kij_analysis.harmonisation.families import with_family
from kij_analysis.harmonisation.filled import Filled
from kij_analysis.harmonisation.garbled import garbled
from kij_analysis.harmonisation.keys import read_keys
from kij_analysis.harmonisation.leaving_out import leave_out, unpaired
from kij_analysis.harmonisation.lookups import CompiledCrosswalk, Joining
from kij_analysis.harmonisation.parts import Part, with_keys
from kij_analysis.harmonisation.properties import wordings
from kij_analysis.harmonisation.repeats import once
from kij_analysis.harmonisation.scale_steps import steps_of
from kij_analysis.privacy import Key, guard, guard_key_file, hidden, withhold
from kij_analysis.privacy.erasures import NOBODY, ErasureList
from kij_analysis.sources import RawTable, read
from kij_analysis.study import Source


def harmonise_file(
    source: Source, crosswalk: Crosswalk, codebook: Codebook, key: Key, erased: ErasureList = NOBODY
) -> Part:
    """Read one file and apply its crosswalk; persons and pairs get the key's pseudonyms.

    The rows of those who are `erased` are left out before anything else looks at them.

    Raises
    ------
    SourceError
        If the file cannot be read as declared.
    StudyError
        If the crosswalk contradicts itself. Everything else is among the part's problems.
    """
    instrument = crosswalk.instrument
    compiled = compile_crosswalk(crosswalk, codebook)
    raw = open_source(source, crosswalk)
    problems = [replace(p, file=source.shown) for p in raw.notices]
    problems += _file_problems(source, raw)
    rows_in = len(raw.frame)
    raw, rows = _without_empty_rows(raw)
    empty = tuple(sorted({*range(raw.first_row, raw.first_row + rows_in)} - {*rows.tolist()}))
    lost = {"empty row": empty} if empty else {}
    everybody = raw
    raw, rows, asked = leave_out(raw, rows, instrument, key, erased)
    guarded = guard(raw, crosswalk, key, whole=everybody)
    raw = guarded.raw
    problems += guarded.problems
    problems += _absent_columns(crosswalk, raw)
    raw, rows, others, only_problems = belonging(raw, rows, instrument)
    problems += only_problems
    compiled, family_problems = with_family(compiled, raw, codebook)
    problems += family_problems
    door = withhold(raw, crosswalk)
    problems += _unknown_columns(door.unknown, crosswalk, raw.name)
    key_files, key_file_problems = _key_files(compiled, source)
    problems += key_file_problems
    filled = concerned(apply_rules(compiled.rules, door.raw, instrument, rows, key_files), codebook)
    problems += [problem for part in filled for problem in part.problems]
    keys, key_problems = read_keys(door.raw, crosswalk, source, rows, key)
    keys = unpaired(keys, instrument, erased)
    whole = Part(
        source=source,
        crosswalk=crosswalk,
        frame=_frame(keys, filled, list(codebook.missing)),
        filled=filled,
        rows=rows,
        rows_in=rows_in,
        lost={**lost, **asked, **others},
        left_behind=door.reasons,
        sha256=raw.sha256,
        crosswalk_sha256=checksum(crosswalk.path),
        problems=tuple(dict.fromkeys([*problems, *key_problems])),
        steps=steps_of(compiled, door.raw, codebook),
        wording=wordings(door.raw),
    )
    return with_keys(once(whole, rows))


def open_source(source: Source, crosswalk: Crosswalk) -> RawTable:
    """The file of a source as it is, under its name in the study.

    Raises
    ------
    SourceError
        If the file cannot be read as declared; what stands in it is hidden.
    """
    try:
        raw = read(source.file, crosswalk.instrument.file)
    except SourceError as error:
        raise SourceError(_shown(p, source.shown) for p in error.problems) from None
    return replace(raw, name=source.shown)


def _key_files(compiled: CompiledCrosswalk, source: Source) -> tuple[dict[KeyFile, RawTable], list[Problem]]:
    """The tables that rules join, read from the study's folder of raw data; each once, and guarded."""
    plans = [rule.plan for rule in compiled.rules if isinstance(rule.plan, Joining)]
    found: dict[KeyFile, RawTable] = {}
    problems: list[Problem] = []
    for path, form in dict.fromkeys((plan.path, plan.form) for plan in plans):
        try:
            table = replace(read(source.folder / path, form), name=path)
        except SourceError as error:
            raise SourceError(replace(_shown(p, path), file=path) for p in error.problems) from None
        brought = {plan.bring for plan in plans if (plan.path, plan.form) == (path, form)}
        guarded = guard_key_file(table, compiled.crosswalk, brought)
        found[path, form] = guarded.raw
        problems += guarded.problems
    return found, problems


def _shown(problem: Problem, file: str) -> Problem:
    """A problem of the reader under the file's name in the study; what stands in the file is hidden."""
    return replace(
        problem,
        file=file if problem.file else "",
        what=hidden(problem.what),
        fix=hidden(problem.fix),
        column=hidden(problem.column),
    )


def _frame(keys: pd.DataFrame, filled: Sequence[Filled], reasons: list[str]) -> pd.DataFrame:
    """The keys, and every harmonised column with its companion."""
    columns = {}
    for column in filled:
        columns[column.column.name] = column.values()
        columns[column.column.missing] = column.reasons(reasons)
    # Without a copy: a file of many columns would stand in memory twice.
    return pd.concat([keys, pd.DataFrame(columns, copy=False)], axis=1)


def _file_problems(source: Source, raw: RawTable) -> Iterator[Problem]:
    if source.rows is not None and source.rows != len(raw.frame):
        what = f"The file has {len(raw.frame)} rows; the study file says {source.rows}."
        yield Problem(
            what=what, fix="Export it again whole, or correct rows: in the study file.", file=raw.name
        )
    if source.sha256 and source.sha256 != raw.sha256:
        what = "The file is not the one that the study file names: its SHA-256 differs."
        yield Problem(what=what, fix=f"If the new file is right, write sha256: {raw.sha256}.", file=raw.name)


def _absent_columns(crosswalk: Crosswalk, raw: RawTable) -> Iterator[Problem]:
    """Every column that the crosswalk needs and the file lacks, with what it was needed for."""
    needed: dict[str, list[str]] = {}
    for key, name in crosswalk.instrument.keys.items():
        needed.setdefault(name, []).append(key)
    for name in crosswalk.instrument.only:
        needed.setdefault(name, []).append("only")
    for rule in crosswalk.rules:
        for name in rule.sources:
            needed.setdefault(name, []).append(rule.column)
    have = [str(name) for name in raw.frame.columns]
    for name, targets in needed.items():
        if name not in have:
            fix = f"{_nearest(name, have)} The file has {listed(have)}."
            what = f"The column is missing; it is needed for {listed(dict.fromkeys(targets), most=4)}."
            yield Problem(what=what, fix=fix.strip(), file=raw.name, column=name)
    instrument = crosswalk.instrument
    # What last year's crosswalk set aside may be gone without a word from this year's.
    declared = [*instrument.free_text, *instrument.identifiers, *instrument.ignored]
    if crosswalk.based_on:
        declared = []
    for name in declared:
        if name not in have:
            what = "The column is declared as not used, and the file does not have it."
            yield Problem(
                what=what, fix="Remove it from the crosswalk.", file=raw.name, column=name, severity="notice"
            )


def _nearest(name: str, have: list[str]) -> str:
    """The heading that was probably meant: the same in a wrong encoding, or one spelt nearly so."""
    for heading in have:
        if garbled(heading) == name:
            return f"The heading '{heading}' looks like it in a wrong encoding: save the file again."
    return did_you_mean(name, have)


def _unknown_columns(names: tuple[str, ...], crosswalk: Crosswalk, file: str) -> Iterator[Problem]:
    for name in names:
        yield Problem(
            what="No rule uses this column, so it was left behind.",
            fix=f"Write a rule, or name it under ignored: or free_text: in {crosswalk.name}.",
            file=file,
            column=name,
            severity="notice",
        )


def _without_empty_rows(raw: RawTable) -> tuple[RawTable, np.ndarray]:
    """The table without rows in which every cell is empty or blank, and the row numbers of the others."""
    given = np.zeros(len(raw.frame), dtype=bool)
    for name in raw.frame.columns:
        codes, answers = raw.keys(name)
        given |= np.array([answer.key != "" for answer in answers], dtype=bool)[codes]
        if given.all():
            break
    rows = raw.first_row + np.flatnonzero(given)
    if given.all():
        return raw, rows
    return replace(raw, frame=raw.frame[given].reset_index(drop=True)), rows
