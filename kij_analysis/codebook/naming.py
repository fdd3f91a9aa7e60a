"""Which programme is meant: unknown codes, and names that two of them share."""

from __future__ import annotations

from kij_analysis.codebook.programmes import Programme
from kij_analysis.codebook.variables import Codebook
from kij_analysis.errors import UsageError, did_you_mean, listed


def known_programme(codebook: Codebook, code: str, *, described: bool = False) -> Programme:
    """The programme of a code.

    Parameters
    ----------
    described
        Ask for one that has a profile.

    Raises
    ------
    UsageError
        If there is none: with the codes of all that are called so, or with the nearest one.

    Examples
    --------
    >>> from kij_analysis.codebook import load_codebook
    >>> from kij_analysis.template import template_folder
    >>> book = load_codebook(template_folder() / "codebook")
    >>> known_programme(book, "fika").country
    'FI'
    >>> known_programme(book, "Kvinder i job")
    Traceback (most recent call last):
    ...
    kij_analysis.errors.UsageError: 'Kvinder i job' can mean kvinder_i_job_course (a programme) or
    kvinder_i_job_report (a project). Write one of the two codes.
    """
    found = codebook.programmes.get(code)
    if found is None:
        raise _unknown(codebook, code)
    if described and not found.profile:
        has = [one.id for one in codebook.programmes.values() if one.profile]
        what = f"{found.short} ({code}) is a {found.kind} without a profile."
        raise UsageError(what, fix=f"Profiles have {listed(has)}.")
    return found


def _unknown(codebook: Codebook, code: str) -> UsageError:
    called = [one for one in codebook.programmes.values() if _plain(one.name) == _plain(code)]
    if len(called) > 1:
        choices = " or ".join(f"{one.id} (a {one.kind})" for one in called)
        return UsageError(f"'{code}' can mean {choices}.", fix="Write one of the two codes.")
    hint = f"Did you mean '{called[0].id}'?" if called else did_you_mean(code, codebook.programmes)
    fix = f"{hint} Known: {listed(codebook.programmes)}.".strip()
    return UsageError(f"There is no programme '{code}'.", fix=fix)


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()
