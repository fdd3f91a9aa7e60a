"""The erasure list: who is left out of every harmonisation by request, under keyed pseudonyms and no ids."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from kij_analysis.errors import StudyError
from kij_analysis.files import write_json
from kij_analysis.privacy.ids import IGNORABLE, normal_id
from kij_analysis.privacy.pseudonyms import Key

FORM = 1
ABOUT = (
    "Persons whom kij harmonise leaves out by request, as keyed pseudonyms of their ids and pairs in every "
    "spelling. Keep it beside the study as long as a raw file holds one of them; kij forget --tidy removes "
    "the others."
)
Pseudonyms = Mapping[str, tuple[str, ...]]
"""By what a spelling ignores: a crosswalk that is changed later does not bring anybody back."""


@dataclass(frozen=True, kw_only=True)
class Erased:
    """One person who is left out, in one role, and the pairs that go with her."""

    programme: str
    role: str
    on: str
    person: Pseudonyms
    pairs: Pseudonyms = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ErasureList:
    """Those who are left out; `key` tells whose pseudonyms they stand under and nothing else."""

    key: str = ""
    entries: tuple[Erased, ...] = ()

    def with_entry(self, entry: Erased) -> ErasureList:
        """The list with one more; who stands there already stands there once, with all her spellings."""
        same = (entry.programme, entry.role)
        others: list[Erased] = []
        own = [entry]
        for old in self.entries:
            known = (old.programme, old.role) == same and _met(old.person, entry.person)
            (own if known else others).append(old)
        whole = Erased(
            programme=entry.programme,
            role=entry.role,
            on=min(one.on for one in own),
            person=_joined(one.person for one in own),
            pairs=_joined(one.pairs for one in own),
        )
        return ErasureList(key=self.key, entries=(*others, whole))

    def persons(self, programme: str, role: str, ignoring: Sequence[str]) -> frozenset[str]:
        """The pseudonyms that are left out of a file of a programme and role."""
        mine = [one for one in self.entries if (one.programme, one.role) == (programme, role)]
        return _spelt((one.person for one in mine), ignoring)

    def pairs(self, programme: str, ignoring: Sequence[str], *, except_of: str = "") -> frozenset[str]:
        """The pairs that are left out of a programme; `except_of` leaves out those of one role."""
        mine = [one for one in self.entries if one.programme == programme and one.role != except_of]
        return _spelt((one.pairs for one in mine), ignoring)

    def save(self, path: Path) -> Path:
        """Write the list; without entries too, so that a list that was there is replaced."""
        content = {
            "form": FORM,
            "about": ABOUT,
            "key": self.key,
            "left_out": [asdict(e) for e in self.entries],
        }
        return write_json(path, content)


NOBODY = ErasureList()


def key_mark(key: Key) -> str:
    """What tells two keys apart: a pseudonym of nobody, from which the key cannot be found."""
    return key.pseudonym("", "key", "") if key.secret else ""


def in_every_spelling(key: Key, programme: str, kind: str, texts: Iterable[str]) -> Pseudonyms:
    """The pseudonyms of a person or pair, however ids may be declared to be spelt.

    Examples
    --------
    >>> from kij_analysis.privacy.pseudonyms import demo_key
    >>> found = in_every_spelling(demo_key(), "fika", "person", ["K-07"])
    >>> len(found), found[""] == (demo_key().pseudonym("fika", "person", "K-07"),)
    (16, True)
    """
    written = [text for text in texts if text.strip()]
    sets = [names for size in range(len(IGNORABLE) + 1) for names in combinations(IGNORABLE, size)]
    return {
        _name(ignoring): tuple(
            sorted({key.pseudonym(programme, kind, normal_id(t, ignoring)) for t in written})
        )
        for ignoring in sets
    }


def load_erasures(path: Path | None, key: Key) -> ErasureList:
    """The erasure list of a study; nobody if there is none.

    Raises
    ------
    StudyError
        If the list cannot be read, or was made with another key: those who stand on it would come back.
    """
    if path is None or not path.is_file():
        return ErasureList(key=key_mark(key))
    shown = f"data/erasures/{path.name}"
    try:
        content: dict[str, Any] = json.loads(path.read_text("utf-8"))
        entries = tuple(_entry(entry) for entry in content["left_out"])
        made_with = str(content["key"]) if content["form"] == FORM else ""
    except (OSError, ValueError, KeyError, TypeError):
        what = "The list of those who are left out by request cannot be read, and they would come back."
        raise StudyError(
            what, fix="Put its backup there, or make it anew with kij forget.", file=shown
        ) from None
    if entries and made_with != key_mark(key):
        what = "Those who are left out by request stand there under another key, and would come back."
        fix = "Put the study's key back where it was; or delete the list and make it anew with kij forget."
        raise StudyError(what, fix=fix, file=shown)
    return ErasureList(key=key_mark(key), entries=entries)


def _entry(entry: Mapping[str, Any]) -> Erased:
    parts = {
        name: {spelling: tuple(map(str, found)) for spelling, found in entry[name].items()}
        for name in ("person", "pairs")
    }
    return Erased(programme=entry["programme"], role=entry["role"], on=entry["on"], **parts)


def _name(ignoring: Sequence[str]) -> str:
    return "+".join(name for name in IGNORABLE if name in ignoring)


def _spelt(found: Iterable[Pseudonyms], ignoring: Sequence[str]) -> frozenset[str]:
    name = _name(ignoring)
    return frozenset(text for one in found for text in one.get(name, ()))


def _met(one: Pseudonyms, other: Pseudonyms) -> bool:
    return any(set(texts) & set(other.get(name, ())) for name, texts in one.items())


def _joined(parts: Iterable[Pseudonyms]) -> Pseudonyms:
    whole: dict[str, set[str]] = {}
    for part in parts:
        for name, texts in part.items():
            whole.setdefault(name, set()).update(texts)
    return {name: tuple(sorted(texts)) for name, texts in whole.items()}
