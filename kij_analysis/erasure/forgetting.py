"""One person removed from everything that was made from the data, and the search that proves it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from kij_analysis.codebook import Codebook, known_programme, load_codebook
from kij_analysis.codebook.instruments import ROLES
from kij_analysis.erasure.made import before, change, drawn, made_from, search
from kij_analysis.erasure.raw_files import (
    File,
    InRaw,
    Wanted,
    look_for,
    look_for_pairs,
    mentioned,
    open_files,
)
from kij_analysis.erasure.record import Erasure
from kij_analysis.erasure.releases import releases
from kij_analysis.erasure.searching import Sought, sought
from kij_analysis.errors import ErasureError, Problem, UsageError, one_of
from kij_analysis.harmonisation import load_ledger
from kij_analysis.privacy import Key, key_of
from kij_analysis.privacy.erasures import Erased, in_every_spelling, load_erasures
from kij_analysis.privacy.pseudonyms import has_key
from kij_analysis.study import Study


def forget(
    study: Study,
    *,
    person: str = "",
    original_id: str = "",
    programme: str = "",
    role: str = "",
    remove_all: bool = False,
) -> Erasure:
    """Remove a person from everything that was made from a study's data, and prove it by searching again.

    The harmonised data and the ledger are made anew without her, her pairs and their meetings, in the formats
    that stand there; the run before, the lists of chapters and the executed notebooks go. Raw files are never
    written to: as long as one holds her, an erasure list of keyed pseudonyms keeps her out of every run.

    Parameters
    ----------
    person
        A pseudonym as it stands in the harmonised data.
    original_id
        The id that her programme knows her by; needs `programme`.
    role
        ``mentee``, ``mentor`` … where the same id stands in several; ``all`` if they are one person.
    remove_all
        Remove all that was made from the data instead of making it anew, where it cannot be.

    Raises
    ------
    UsageError
        If nobody stands under this id or pseudonym, or several do.
    ErasureError
        If the study has no key of its own and a raw file holds her: with the rows to delete first.
    StudyError, SourceError, HarmonisationError
        If the data cannot be harmonised; then nothing was changed.

    Examples
    --------
    >>> from kij_analysis import open_study
    >>> from kij_analysis.template import template_folder
    >>> forget(open_study(template_folder()), original_id="nobody", programme="fika")
    Traceback (most recent call last):
    ...
    kij_analysis.errors.UsageError: Nobody stands under this id or pseudonym, neither in the raw files nor in
    what was made from them. Check the spelling and the programme.
    """
    if bool(person) == bool(original_id):
        raise UsageError("Name one person.", fix="Give her pseudonym, or --id and --programme.")
    if original_id and not programme:
        raise UsageError("An id is known within its programme only.", fix="Name the programme too.")
    if role:
        one_of(role, (*ROLES, "all"), name="The role")
    codebook, key = opened(study, programme, by_pseudonym=bool(person))
    erased = load_erasures(study.erasures, key)
    files = open_files(study, codebook)
    wanted = Wanted(pseudonym=person, id=original_id, programme=programme, role=role)
    found = look_for(files, wanted, key)
    _one_person(found, role)
    named = _sought(found, wanted, key)
    stood, _ = search(study, named)
    _somebody(study, found, stood, files, key, person)
    if not found.places and not key.numbered:
        pairs, roles = before(study, named)
        found = look_for_pairs(files, wanted, pairs, roles, key)
        named = _sought(found, wanted, key)
    entries = _entries(found, role, key)
    _may_be_kept_out(found, key)
    for entry in entries:
        erased = erased.with_entry(entry)
    changed = change(study, erased, remove_all=remove_all)
    left, unread = search(study, named)
    return Erasure(
        on=dt.date.today().isoformat(),
        study=study.id,
        who=_who(found, wanted, key),
        anew=changed.anew,
        removed=changed.removed,
        searched=len(made_from(study)),
        forms=len({*named.tokens, *(text for texts in named.cells.values() for text in texts)}),
        short=any(text not in named.tokens for text in found.ids or [original_id] if text),
        left=tuple(left),
        unread=tuple(unread),
        places=tuple(dict.fromkeys([*found.places, *mentioned(study, codebook, files, found)])),
        listed=f"data/erasures/{study.id}.json" if entries else "",
        again=drawn(study) if stood or found.places else (),
        releases=releases(study),
    )


def opened(study: Study, programme: str, *, by_pseudonym: bool) -> tuple[Codebook, Key]:
    """The codebook and the key of a study, by which persons can be found and kept out."""
    codebook = load_codebook(study.folders["codebook"])
    if programme:
        known_programme(codebook, programme)
    if not has_key(study.id, study.key):
        what = "The study's key is not on this machine, so nobody can be found or kept out."
        fix = (
            "Put the copy of the key in its place. If nothing has ever been harmonised, there is none: "
            "delete her rows in the raw files, and nothing else holds her."
        )
        raise UsageError(what, fix=fix)
    key = key_of(study.id, study.key, make=False)
    if key.numbered and by_pseudonym:
        what = "Without a key persons stand under running numbers, which change with every file."
        raise UsageError(what, fix="Name her by --id and --programme.")
    return codebook, key


def _one_person(found: InRaw, role: str) -> None:
    if len(found.programmes) > 1:
        raise UsageError("This id stands in several programmes.", fix="Name the programme too.")
    if len(found.roles) > 1 and not role:
        what = f"This id stands there as {' and as '.join(found.roles)}: one person, or two with one number."
        raise UsageError(what, fix=f"Add --role {found.roles[0]}, or --role all if they are one person.")


def _chosen(found: InRaw, role: str) -> tuple[str, ...]:
    return found.roles if role in ("", "all") else tuple(r for r in found.roles if r == role)


def _entries(found: InRaw, role: str, key: Key) -> list[Erased]:
    """What the erasure list must hold as long as a raw file holds her; nothing without a key."""
    if not key.secret or not found.places:
        return []
    programme = found.programmes[0]
    person = in_every_spelling(key, programme, "person", found.ids)
    pairs = in_every_spelling(key, programme, "pair", found.pairs)
    today = dt.date.today().isoformat()
    return [
        Erased(programme=programme, role=one, on=today, person=person, pairs=pairs)
        for one in _chosen(found, role)
    ]


def _sought(found: InRaw, wanted: Wanted, key: Key) -> Sought:
    programme = next(iter(found.programmes), wanted.programme)
    own = list(found.ids) or [text for text in [wanted.id] if text]
    names: set[str] = {wanted.pseudonym} - {""}
    pairs: set[str] = set()
    if key.secret and programme:
        names |= _all(in_every_spelling(key, programme, "person", own).values())
        pairs = _all(in_every_spelling(key, programme, "pair", found.pairs).values())
    elif key.kept:
        names |= set(own)
    roles = _chosen(found, wanted.role)
    shared = len(roles) < len(found.roles)
    return sought(names, own, pairs, programme=programme, roles=roles if shared else (), shared=shared)


def _all(parts: Iterable[Iterable[str]]) -> set[str]:
    return {text for part in parts for text in part}


def _somebody(
    study: Study, found: InRaw, stood: Sequence[str], files: Sequence[File], key: Key, person: str
) -> None:
    """Refuse an id or pseudonym under which nobody stands, and never has as far as anybody can tell."""
    if found.places or stood or (key.numbered and _cleaned(study, files)):
        return
    what = (
        "Nobody stands under this id or pseudonym, neither in the raw files nor in what was made from them."
    )
    fix = "Check the spelling and the programme."
    if person and key.secret and not key.public:
        fix += " A pseudonym leads to her only with the key that it was made with."
    raise UsageError(what, fix=fix)


def _cleaned(study: Study, files: Sequence[File]) -> bool:
    """Whether the raw files are others than those that the harmonised data were made from."""
    try:
        sources = load_ledger(study.folders["processed"] / "ledger.json").sources
    except UsageError:
        return False
    now = {file.source.shown: file.raw.sha256 for file in files}
    return dict(zip(sources["file"], sources["sha256"], strict=True)) != now


def _may_be_kept_out(found: InRaw, key: Key) -> None:
    """Without a secret no list can keep her out without holding her id, so that the raw files go first."""
    if key.secret or not found.places:
        return
    reason = "leaves ids as they are" if key.kept else "has no key and no linkage"
    what = f"The study {reason}, so that no list can keep her out without her id; nothing was removed yet."
    fix = "Delete these rows in the raw files, or export them again without her; then run this again."
    stands = [
        Problem(what=f"Here stands {place.what}.", file=place.file, row=place.row, column=place.column)
        for place in found.places
    ]
    raise ErasureError([Problem(what=what, fix=fix), *stands])


def _who(found: InRaw, wanted: Wanted, key: Key) -> str:
    """Who she is without naming her: the beginning of her pseudonym."""
    programme = next(iter(found.programmes), wanted.programme)
    name, known = "somebody named by her id, which is not repeated here", next(iter(found.names), wanted.id)
    if key.secret:
        name = f"pseudonym {(wanted.pseudonym or key.pseudonym(programme, 'person', known))[:6]}…"
    return ", ".join(part for part in (name, programme, " and ".join(_chosen(found, wanted.role))) if part)
