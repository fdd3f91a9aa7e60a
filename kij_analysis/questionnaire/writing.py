"""Forms, crosswalks and empty exports of the core questionnaire, written to a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kij_analysis.errors import UsageError, one_of
from kij_analysis.files import staged, write_bytes, write_text
from kij_analysis.questionnaire.crosswalks import crosswalk, crosswalk_id
from kij_analysis.questionnaire.documents import docx
from kij_analysis.questionnaire.exports import blank_export
from kij_analysis.questionnaire.forms import form
from kij_analysis.questionnaire.pages import html
from kij_analysis.questionnaire.questions import Questionnaire
from kij_analysis.questionnaire.reading import as_questionnaire
from kij_analysis.study import Study
from kij_analysis.words import LANGUAGES


def write(
    source: Study | Questionnaire,
    folder: Path | str,
    *,
    roles: Sequence[str] = (),
    waves: Sequence[str] = (),
    languages: Sequence[str] = (),
    programmes: Sequence[str] = (),
) -> list[Path]:
    """Write forms (HTML and DOCX), the crosswalk of each programme and an empty export; all or nothing.

    What is not named is written for all. Files: ``core_<role>_<wave>_<language>.html`` and ``.docx``,
    ``<programme>_core_<role>_<wave>.yaml`` and ``<programme>_core_<role>_<wave>_blank.csv``.

    Raises
    ------
    UsageError
        If a role, wave, language or programme is not known, or no form has that role and wave.

    Examples
    --------
    >>> import tempfile
    >>> from kij_analysis.study import open_study
    >>> from kij_analysis.template import template_folder
    >>> study = open_study(template_folder())
    >>> made = write(study, tempfile.mkdtemp(), roles=["mentor"], languages=["fi"], programmes=["fika"])
    >>> sorted(path.name for path in made)[:2]
    ['core_mentor_end_fi.docx', 'core_mentor_end_fi.html']
    """
    core = as_questionnaire(source)
    spoken = [language for language in LANGUAGES if language in (languages or LANGUAGES)]
    for language in languages:
        one_of(language, LANGUAGES, name="The language")
    owners = programmes or [p.id for p in core.codebook.programmes.values() if p.kind == "programme"]
    with staged(folder) as place:
        for role, wave in _forms(core, roles, waves):
            for language in spoken:
                printed = form(core, role=role, wave=wave, language=language)
                write_text(place / f"core_{role}_{wave}_{language}.html", html(printed))
                write_bytes(place / f"core_{role}_{wave}_{language}.docx", docx(printed))
            header = blank_export(printed).to_csv(
                index=False, sep=core.export.delimiter, lineterminator="\r\n"
            )
            for programme in owners:
                name = crosswalk_id(programme, role, wave)
                text = crosswalk(core, role=role, wave=wave, programme=programme, languages=spoken)
                write_text(place / f"{name}.yaml", text)
                write_bytes(place / f"{name}_blank.csv", header.encode(core.export.encoding))
        names = sorted(path.name for path in place.iterdir())
    return [Path(folder) / name for name in names]


def _forms(core: Questionnaire, roles: Sequence[str], waves: Sequence[str]) -> list[tuple[str, str]]:
    """The forms that are wanted; a role and a wave that no form joins are told."""
    for role in roles:
        one_of(role, dict.fromkeys(who for who, _ in core.forms), name="The role")
    for wave in waves:
        one_of(wave, dict.fromkeys(when for _, when in core.forms), name="The wave")
    found = [(r, w) for r, w in core.forms if r in (roles or [r]) and w in (waves or [w])]
    if not found:
        known = ", ".join(f"{role} {wave}" for role, wave in core.forms)
        what = f"There is no form for {' or '.join(roles)} and {' or '.join(waves)}."
        raise UsageError(what, fix=f"There are: {known}.")
    return found
