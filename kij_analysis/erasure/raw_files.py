"""Where a person stands in the raw files, which are only read: file, row, and column of the id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from kij_analysis.codebook import Codebook, Crosswalk, load_crosswalk
from kij_analysis.erasure.searching import Sought, spellings, telling
from kij_analysis.harmonisation.compiling import compile_crosswalk
from kij_analysis.harmonisation.lookups import Joining
from kij_analysis.harmonisation.one_file import open_source
from kij_analysis.privacy import Key, normal_id
from kij_analysis.sources import RawTable, read
from kij_analysis.study import Source, Study

HERS, PAIR, ELSEWHERE, KEYED, MENTIONED = (
    "her own row", "her pair", "her id in another column", "a key file", "not read by the study",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Who is to be forgotten: by pseudonym, or by the id that her programme knows her by."""

    pseudonym: str = ""
    id: str = ""
    programme: str = ""
    role: str = ""

    def stands(self, raw: RawTable, crosswalk: Crosswalk, key: Key) -> np.ndarray:
        """Which rows of a file are hers, whatever her role in it."""
        instrument = crosswalk.instrument
        column = instrument.keys.get("person_id", "")
        none = np.zeros(len(raw.frame), dtype=bool)
        if column not in raw.frame.columns or self.programme not in ("", instrument.programme):
            return none
        codes, answers = raw.keys(column)
        spelt = [normal_id(answer.key, instrument.ids) for answer in answers]
        if self.id:
            wanted, names = normal_id(self.id, instrument.ids), spelt
        else:
            wanted = self.pseudonym
            names = spelt if key.kept else [key.pseudonym(instrument.programme, "person", t) for t in spelt]
        return np.array([bool(t) and n == wanted for t, n in zip(spelt, names, strict=True)], dtype=bool)[
            codes
        ]


@dataclass(frozen=True, kw_only=True)
class Place:
    """One cell, or one file, that holds her; a file that the study does not read has no row."""

    file: str
    row: int | None = None
    column: str = ""
    what: str = HERS


@dataclass(frozen=True, kw_only=True)
class InRaw:
    """What the raw files say of a person: where she stands, as what, under which ids, in which pairs.

    `names` are the ids as her crosswalks spell them; `pairs` are those that go with her, by their ids: nobody
    else of her role stands in them.
    """

    places: tuple[Place, ...] = ()
    programmes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    pairs: tuple[str, ...] = ()


@dataclass(frozen=True)
class File:
    """One data file of the study with its crosswalk."""

    source: Source
    crosswalk: Crosswalk
    raw: RawTable


def open_files(study: Study, codebook: Codebook) -> list[File]:
    """Every data file of a study.

    Raises
    ------
    StudyError, SourceError
        If a crosswalk is wrong, or a file is gone or cannot be read.
    """
    made = []
    for source in study.sources:
        crosswalk = load_crosswalk(study.crosswalk(source), codebook)
        made.append(File(source, crosswalk, open_source(source, crosswalk)))
    return made


def look_for(files: Sequence[File], wanted: Wanted, key: Key) -> InRaw:
    """A person in the data files: first her own rows, then those of her pairs."""
    mine = [(file, wanted.stands(file.raw, file.crosswalk, key)) for file in files]
    mine = [(file, rows) for file, rows in mine if rows.any()]
    roles = tuple(dict.fromkeys(file.crosswalk.instrument.role for file, _ in mine))
    if wanted.role and wanted.role != "all":
        mine = [(f, rows) for f, rows in mine if f.crosswalk.instrument.role == wanted.role]
    places = [
        Place(file=file.source.shown, row=row, column=file.crosswalk.instrument.keys["person_id"])
        for file, rows in mine
        for row in _numbers(file, rows)
    ]
    pairs = _pairs(files, mine)
    return InRaw(
        # Several crosswalks may read one file; a cell of it is named once.
        places=tuple(dict.fromkeys([*places, *_of_pairs(files, mine, pairs)])),
        programmes=tuple(dict.fromkeys(file.crosswalk.instrument.programme for file, _ in mine)),
        roles=roles,
        ids=tuple(dict.fromkeys(t for file, rows in mine for t in _texts(file, "person_id", rows))),
        names=tuple(
            dict.fromkeys(
                normal_id(text, file.crosswalk.instrument.ids)
                for file, rows in mine
                for text in _texts(file, "person_id", rows)
            )
        ),
        pairs=tuple(dict.fromkeys(t for file, rows in mine for t in _texts(file, "pair_id", rows, pairs))),
    )


def look_for_pairs(
    files: Sequence[File], wanted: Wanted, names: frozenset[str], roles: Sequence[str], key: Key
) -> InRaw:
    """What the raw files still hold of the pairs of a person whose own rows are gone from them.

    `names` are the pairs as they stand in the harmonised data; one with somebody else of her role stays.
    """
    pairs: set[tuple[str, str]] = set()
    for file in files:
        programme = file.crosswalk.instrument.programme
        for pair in set(_pair_of(file)) - {""}:
            if (pair if key.kept else key.pseudonym(programme, "pair", pair)) in names:
                pairs.add((programme, pair))
    for file in files:
        instrument = file.crosswalk.instrument
        if instrument.unit == "person" and instrument.role in roles:
            pairs -= {(instrument.programme, pair) for pair in _pair_of(file)}
    ids = (wanted.id,) if wanted.id else ()
    return InRaw(
        places=tuple(_of_pairs(files, [], pairs)),
        programmes=tuple(dict.fromkeys(programme for programme, _ in pairs)),
        roles=tuple(roles),
        ids=ids,
        names=ids,
        pairs=tuple(sorted(pair for _, pair in pairs)),
    )


def mentioned(study: Study, codebook: Codebook, files: Sequence[File], found: InRaw) -> Iterator[Place]:
    """Other cells and files of raw data that hold her id: key files, further columns, files left lying."""
    ids = {form for text in found.ids for form in spellings(text)}
    known = {(place.file, place.row) for place in found.places}
    for file in files:
        if file.crosswalk.instrument.programme in found.programmes:
            yield from (p for p in _elsewhere(file, ids) if (p.file, p.row) not in known)
    yield from _key_files(codebook, files, found)
    tokens = Sought(tokens=tuple(sorted(text for text in ids if telling(text))))
    read_already = {file.source.file.resolve() for file in files}
    for path in sorted(path for path in study.folders["raw"].rglob("*") if path.is_file()):
        if path.resolve() not in read_already and tokens.tokens and _holds(tokens, path):
            yield Place(file=path.relative_to(study.folders["raw"]).as_posix(), what=MENTIONED)


def _numbers(file: File, rows: np.ndarray) -> list[int]:
    return [int(row) for row in file.raw.first_row + np.flatnonzero(rows)]


def _texts(
    file: File, kind: str, rows: np.ndarray, only: set[tuple[str, str]] | None = None
) -> Iterator[str]:
    """The ids of some rows as they stand in the file; of pairs those that are wanted only."""
    instrument = file.crosswalk.instrument
    column = instrument.keys.get(kind, "")
    if column not in file.raw.frame.columns:
        return
    codes, answers = file.raw.keys(column)
    for code in dict.fromkeys(codes[rows].tolist()):
        text = answers[code].key.strip()
        if text and (only is None or (instrument.programme, normal_id(text, instrument.ids)) in only):
            yield text


def _pair_of(file: File) -> list[str]:
    """For each row of a file the pair that it stands in, as spelt by its crosswalk; empty if none."""
    instrument = file.crosswalk.instrument
    column = instrument.keys.get("pair_id", "")
    if column not in file.raw.frame.columns:
        return [""] * len(file.raw.frame)
    codes, answers = file.raw.keys(column)
    spelt = [normal_id(answer.key, instrument.ids) for answer in answers]
    return [spelt[code] for code in codes]


def _pairs(files: Sequence[File], mine: Sequence[tuple[File, np.ndarray]]) -> set[tuple[str, str]]:
    """The pairs in which she stands and nobody else of her role does."""
    own = {file.source.shown: rows for file, rows in mine}
    hers: dict[tuple[str, str], set[str]] = {}
    for file, rows in mine:
        programme, role = file.crosswalk.instrument.programme, file.crosswalk.instrument.role
        for pair in {p for p, yes in zip(_pair_of(file), rows, strict=True) if yes and p}:
            hers.setdefault((programme, pair), set()).add(role)
    for file in files:
        instrument = file.crosswalk.instrument
        nobody = np.zeros(len(file.raw.frame), dtype=bool)
        for pair, yes in zip(_pair_of(file), own.get(file.source.shown, nobody), strict=True):
            place = (instrument.programme, pair)
            if not yes and instrument.unit == "person" and instrument.role in hers.get(place, set()):
                del hers[place]
    return set(hers)


def _of_pairs(
    files: Sequence[File], mine: Sequence[tuple[File, np.ndarray]], pairs: set[tuple[str, str]]
) -> Iterator[Place]:
    own = {file.source.shown: rows for file, rows in mine}
    for file in files:
        instrument = file.crosswalk.instrument
        rows = own.get(file.source.shown, np.zeros(len(file.raw.frame), dtype=bool))
        of_pair = np.array([(instrument.programme, pair) in pairs for pair in _pair_of(file)], dtype=bool)
        if (of_pair & ~rows).any():
            for row in _numbers(file, of_pair & ~rows):
                column = instrument.keys["pair_id"]
                yield Place(file=file.source.shown, row=row, column=column, what=PAIR)


def _elsewhere(file: File, ids: set[str]) -> Iterator[Place]:
    keys = set(file.crosswalk.instrument.keys.values())
    sure = {text.casefold() for text in ids if telling(text)}
    for name in [str(name) for name in file.raw.frame.columns if name not in keys]:
        codes, answers = file.raw.keys(name)
        hit = np.array([answer.key.strip().casefold() in sure for answer in answers], dtype=bool)[codes]
        for row in _numbers(file, hit):
            yield Place(file=file.source.shown, row=row, column=name, what=ELSEWHERE)


def _key_files(codebook: Codebook, files: Sequence[File], found: InRaw) -> Iterator[Place]:
    """Rows of key files that are looked up by her id."""
    seen = set()
    for file in files:
        instrument = file.crosswalk.instrument
        if instrument.programme not in found.programmes:
            continue
        for rule in compile_crosswalk(file.crosswalk, codebook).rules:
            plan = rule.plan
            if not isinstance(plan, Joining) or plan.source != instrument.keys.get("person_id"):
                continue
            if (plan.path, plan.key) not in seen:
                seen.add((plan.path, plan.key))
                table = replace(read(file.source.folder / plan.path, plan.form), name=plan.path)
                codes, answers = table.keys(plan.key)
                hers = {normal_id(text, instrument.ids) for text in found.ids}
                hit = np.array([normal_id(a.key, instrument.ids) in hers for a in answers], dtype=bool)[codes]
                for row in np.flatnonzero(hit) + table.first_row:
                    yield Place(file=plan.path, row=int(row), column=plan.key, what=KEYED)


def _holds(tokens: Sought, path: Path) -> bool:
    try:
        return tokens.within(path)
    except (OSError, ValueError):
        return False
