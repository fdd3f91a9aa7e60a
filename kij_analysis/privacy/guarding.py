"""What is done about direct identifiers: told by column and count, masked wherever a rule would read them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from kij_analysis.codebook.crosswalks import Crosswalk
from kij_analysis.errors import Problem, SourceError
from kij_analysis.privacy.identifiers import (
    KINDS,
    NATIONAL,
    Found,
    columns_said,
    found_in,
    full_names,
    kinds_of,
    mask,
    told,
)
from kij_analysis.privacy.pseudonyms import Key
from kij_analysis.sources import ColumnNotes, RawTable

SAID = {**KINDS, "national": "national identity number", "address": "address"}
OWN_KEY = "Use a key of your own: remove pseudonyms: from the study file; one is made on first use."


@dataclass(frozen=True, kw_only=True)
class Guarded:
    """A table in which every identifier that a rule would read is masked, and what was found."""

    raw: RawTable
    problems: tuple[Problem, ...]


def guard(raw: RawTable, crosswalk: Crosswalk, key: Key, *, whole: RawTable | None = None) -> Guarded:
    """The table with masked identifiers, and a problem for each column that holds some.

    In a column that a rule reads they are an error; as the id of persons or pairs they are a notice, since
    only its pseudonym goes further, unless the key does not protect it; in all other columns, which stay
    behind anyway, a notice. Names are those of the `whole` file, where some of its rows are left out already.

    Raises
    ------
    SourceError
        If the names of the columns hold identifiers: then the first row is an answer.
    """
    instrument = crosswalk.instrument
    _check_headings(raw, crosswalk.instrument.not_identifiers)
    names = full_names(whole or raw, instrument.identifiers)
    problems: list[Problem] = []
    hidden: dict[str, list[Found]] = {}
    looked = [n for n in map(str, raw.frame.columns) if n not in instrument.not_identifiers]
    for name in looked:
        # What the names' own column holds is known; whose names stand elsewhere is what is looked for.
        found = found_in(raw, name, () if name in instrument.identifiers else names)
        if found:
            problems += _problems(found, raw, crosswalk, key)
            if name in crosswalk.read:
                hidden[name] = found
    told_already = {problem.column for problem in problems}
    for name, kind in columns_said(raw):
        if name in looked and name not in told_already:
            problems += _named(name, kind, raw, crosswalk, key)
    problems += _released(raw, crosswalk, crosswalk.read)
    return Guarded(raw=_masked(raw, hidden, crosswalk.read), problems=tuple(problems))


def guard_key_file(raw: RawTable, crosswalk: Crosswalk, brought: Collection[str]) -> Guarded:
    """A key file likewise: identifiers in a column that a rule brings over are an error, and masked.

    Its other columns go no further; the keys themselves are only compared.

    Raises
    ------
    SourceError
        If the names of the columns hold identifiers: then the first row is an answer.
    """
    _check_headings(raw, crosswalk.instrument.not_identifiers)
    instrument = crosswalk.instrument
    names = full_names(raw, instrument.identifiers)
    headings = dict(columns_said(raw))
    problems: list[Problem] = []
    hidden: dict[str, list[Found]] = {}
    for name in sorted(set(brought) & set(raw.frame.columns) - set(instrument.not_identifiers)):
        found = found_in(raw, name, names)
        if found:
            what = f"A rule brings it over, and it holds: {told(found)}."
            fix = "Remove the rule. If they are something else, say what under not_identifiers:."
            problems.append(_problem(what, fix, raw, name))
            hidden[name] = found
        elif name in headings and name in instrument.released_text:
            kind = SAID[headings[name]]
            what = f"By its heading each person's {kind} stands in it, and a rule brings it over."
            fix = "Remove the rule. If something else stands in it, say what under not_identifiers:."
            problems.append(_problem(what, fix, raw, name))
    problems += _released(raw, crosswalk, brought)
    return Guarded(raw=_masked(raw, hidden, brought), problems=tuple(problems))


def masked(raw: RawTable, *, names: Sequence[str] = (), declared: Collection[str] = ()) -> RawTable:
    """The table with every identifier masked, for looking at a file without a rule.

    `names` are columns of names, `declared` those that are said to hold no identifiers.

    Raises
    ------
    SourceError
        If the names of the columns hold identifiers: then the first row is an answer.

    Examples
    --------
    >>> from pathlib import Path
    >>> notes = {"q": ColumnNotes(name="q", kind="text")}
    >>> frame = pd.DataFrame({"q": ["Ja", "eva@example.org"]})
    >>> raw = RawTable(path=Path("a.csv"), name="a.csv", frame=frame, columns=notes, encoding="utf-8",
    ...                sha256="", first_row=2)
    >>> masked(raw).frame["q"].tolist()
    ['Ja', '‹e-mail address›']
    """
    _check_headings(raw, declared)
    looked = [name for name in map(str, raw.frame.columns) if name not in declared]
    known = full_names(raw, names)
    found = {name: parts for name in looked if (parts := found_in(raw, name, known))}
    return _masked(raw, found, looked)


def _check_headings(raw: RawTable, declared: Collection[str]) -> None:
    headings = [str(name) for name in raw.frame.columns]
    found = {kind for i, kind in kinds_of(headings).items() if headings[i] not in declared}
    if found:
        kinds = " and ".join(f"'{KINDS[kind]}'" for kind in KINDS if kind in found)
        what = f"Among the columns' names is what looks like {kinds}: the first row seems to be an answer."
        fix = "Give the file a row of names, or correct header_rows:."
        raise SourceError(what, fix=fix, file=raw.name)


def _problems(found: list[Found], raw: RawTable, crosswalk: Crosswalk, key: Key) -> Iterator[Problem]:
    column, instrument = found[0].column, crosswalk.instrument
    if column in crosswalk.read:
        fix = (
            "Empty these answers in a copy of the file, or remove the rule and name the column under "
            f"identifiers: in {crosswalk.name}. If they are something else, say what under not_identifiers:."
        )
        yield _problem(f"A rule reads it, and it holds: {told(found)}.", fix, raw, column)
    elif column in crosswalk.pseudonymised:
        yield from _as_id(found, raw, key)
    elif column not in instrument.identifiers:
        fix = "" if column in instrument.free_text else "Better name it under identifiers:."
        what = f"It holds: {told(found)}. The column is left behind."
        yield _problem(what, fix, raw, column, severity="notice")


def _as_id(found: list[Found], raw: RawTable, key: Key) -> Iterator[Problem]:
    column = found[0].column
    if key.kept or key.public:
        weak = "the study leaves ids as they are" if key.kept else "the key of the demonstration is public"
        yield _problem(f"The ids themselves identify: {told(found)}, and {weak}.", OWN_KEY, raw, column)
        return
    national = any(one.kind in NATIONAL for one in found)
    fix = "Whoever holds the key can find these people again: keep it apart from the data."
    if national:
        fix += " Better export running numbers."
    what = f"The ids themselves identify: {told(found)}. Only their pseudonyms go further."
    yield _problem(what, fix if key.secret else "", raw, column, severity="notice")


def _named(column: str, kind: str, raw: RawTable, crosswalk: Crosswalk, key: Key) -> Iterator[Problem]:
    """A column that says itself what it holds, such as names, which have no form to be found by."""
    instrument = crosswalk.instrument
    what = f"By its heading each person's {SAID[kind]} stands in it"
    other = "If something else stands in it, say what under not_identifiers:."
    if column in crosswalk.read:
        free = column in crosswalk.passing
        fix = f"Remove the rule and name the column under identifiers: in {crosswalk.name}. {other}"
        yield _problem(
            f"{what}, and a rule reads it.", fix, raw, column, severity="error" if free else "notice"
        )
    elif column in crosswalk.pseudonymised:
        if key.kept or key.public:
            yield _problem(f"{what}, and it is the id.", f"{OWN_KEY} {other}", raw, column)
    elif column not in (*instrument.identifiers, *instrument.free_text):
        fix = f"Name it under identifiers: in {crosswalk.name}. {other}"
        yield _problem(f"{what}. The column is left behind.", fix, raw, column, severity="notice")


def _released(raw: RawTable, crosswalk: Crosswalk, read: Collection[str]) -> Iterator[Problem]:
    for name, why in crosswalk.instrument.released_text.items():
        if name in read and name in raw.frame.columns:
            what = f"Its texts are released on purpose: {why}."
            yield _problem(what, "", raw, name, severity="notice")


def _problem(what: str, fix: str, raw: RawTable, column: str, *, severity: str = "error") -> Problem:
    return Problem(what=what, fix=fix, file=raw.name, column=column, severity=severity)


def _masked(raw: RawTable, found: dict[str, list[Found]], read: Collection[str]) -> RawTable:
    """The table with each found answer, and each label that holds an identifier, replaced by its kind."""
    frame = raw.frame
    columns = {name: _without_labels(notes) if name in read else notes for name, notes in raw.columns.items()}
    for name, parts in found.items():
        codes, answers = raw.keys(name)
        places = {place: mask(part.kind) for part in parts for place in part.places}
        hit = np.isin(codes, list(places))
        texts = np.array([places.get(place, "") for place in range(len(answers))], dtype=object)
        column = frame[name].astype(object).where(~hit, pd.Series(texts[codes], index=frame.index))
        frame = frame.assign(**{name: column})
    if not found and columns == raw.columns:
        return raw  # A new table would look through every column anew.
    return replace(raw, frame=frame, columns=columns)


def _without_labels(notes: ColumnNotes) -> ColumnNotes:
    keys, labels = list(notes.value_labels), list(notes.value_labels.values())
    hits = kinds_of(labels)
    if not hits:
        return notes
    clean = {key: mask(hits[i]) if i in hits else labels[i] for i, key in enumerate(keys)}
    return replace(notes, value_labels=clean)
