"""The erasure list without those whom no raw file holds any more."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kij_analysis.erasure.forgetting import opened
from kij_analysis.erasure.raw_files import File, open_files
from kij_analysis.harmonisation.leaving_out import stands_for
from kij_analysis.privacy import Key
from kij_analysis.privacy.erasures import Erased, ErasureList, load_erasures
from kij_analysis.study import Study


@dataclass(frozen=True, kw_only=True)
class Tidied:
    """How many stood on the erasure list, and how many of them no raw file holds any more."""

    removed: int
    kept: int


def tidy(study: Study) -> Tidied:
    """Take those off the erasure list whom no raw file of the study holds any more.

    Raises
    ------
    StudyError, SourceError
        If the list, a crosswalk or a raw file cannot be read: nobody can tell then.

    Examples
    --------
    >>> from kij_analysis import open_study
    >>> from kij_analysis.template import template_folder
    >>> tidy(open_study(template_folder()))
    Tidied(removed=0, kept=0)
    """
    codebook, key = opened(study, "", by_pseudonym=False)
    erased = load_erasures(study.erasures, key)
    if not erased.entries or study.erasures is None:
        return Tidied(removed=0, kept=0)
    files = open_files(study, codebook)
    kept = tuple(entry for entry in erased.entries if any(_held(entry, file, key) for file in files))
    if len(kept) < len(erased.entries):
        if kept:
            replace(erased, entries=kept).save(study.erasures)
        else:
            study.erasures.unlink()
    return Tidied(removed=len(erased.entries) - len(kept), kept=len(kept))


def _held(entry: Erased, file: File, key: Key) -> bool:
    """Whether a file holds the person of an entry, or one of her pairs."""
    alone, instrument = ErasureList(entries=(entry,)), file.crosswalk.instrument
    persons = alone.persons(instrument.programme, instrument.role, instrument.ids)
    pairs = alone.pairs(instrument.programme, instrument.ids)
    return bool(
        stands_for(file.raw, instrument, "person", key, persons).any()
        or stands_for(file.raw, instrument, "pair", key, pairs).any()
    )
