"""The codebook of a study written: pages, workbooks, DDI, data package."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from kij_analysis.errors import one_of
from kij_analysis.exports import entries as say_of
from kij_analysis.exports.codebooks import StudyCodebook, study_codebook
from kij_analysis.exports.columns import tables_of
from kij_analysis.exports.ddi import ddi
from kij_analysis.exports.packages import package_of
from kij_analysis.exports.pages import html
from kij_analysis.exports.sheets import xlsx
from kij_analysis.files import staged, write_bytes, write_json, write_text
from kij_analysis.study import Study
from kij_analysis.words.speaking import Words

CODEBOOK_FORMATS = ("html", "xlsx", "ddi", "datapackage")
DTYPES = {"boolean": "boolean", "number": "float64", "date": "datetime64[s]", "text": "str"}


def write_codebook(
    study: Study, folder: Path | str, *, languages: Sequence[str] = (), formats: Sequence[str] = ()
) -> list[Path]:
    """Write the codebook of a study, all files or none.

    Parameters
    ----------
    languages
        Of the pages and workbooks, one file each; all of the study if empty. DDI holds them all; the data
        package speaks the first.
    formats
        Of `CODEBOOK_FORMATS`; all if empty. ``codebook.xml`` (DDI-Codebook 2.5) describes the SPSS files,
        ``datapackage.json`` the CSV files, beside which it belongs.

    Raises
    ------
    StudyError
        If the codebook or a crosswalk is wrong.
    UsageError
        If a language or a format is not known.

    Examples
    --------
    >>> import tempfile
    >>> from kij_analysis import open_study
    >>> from kij_analysis.template import template_folder
    >>> study = open_study(template_folder())
    >>> [path.name for path in write_codebook(study, tempfile.mkdtemp(), languages=["fi"], formats=["html"])]
    ['codebook-fi.html']
    """
    for kind in formats:
        one_of(kind, CODEBOOK_FORMATS, name="The format")
    spoken = study.speaking(languages).languages
    wanted = formats or CODEBOOK_FORMATS
    book = study_codebook(study)
    words = [Words(language, book.codebook) for language in spoken]
    with staged(folder) as place:
        for say in words:
            if "html" in wanted:
                write_text(place / f"codebook-{say.language}.html", html(book, say, languages=spoken))
            if "xlsx" in wanted:
                write_bytes(place / f"codebook-{say.language}.xlsx", xlsx(book, say))
        if "ddi" in wanted:
            write_text(place / "codebook.xml", ddi(book, words))
        if "datapackage" in wanted:
            frames = empty_frames(book)
            files = {name: f"{name}.csv" for name in frames}
            tables = tables_of(frames, book.codebook, words[0])
            write_json(
                place / "datapackage.json", package_of(tables, files, words[0], statuses=[book.data_status])
            )
        names = sorted(path.name for path in place.iterdir())
    return [Path(folder) / name for name in names]


def empty_frames(book: StudyCodebook) -> dict[str, pd.DataFrame]:
    """The columns that the harmonised frames will have, without a row.

    Examples
    --------
    >>> from kij_analysis import open_study
    >>> from kij_analysis.template import template_folder
    >>> list(empty_frames(study_codebook(open_study(template_folder())))["pairs"])
    ['programme', 'pair_id', 'same_occupation', 'same_occupation_missing', 'data_status']
    """
    reasons = pd.CategoricalDtype(list(book.codebook.missing))
    frames = {}
    for name in book.frames:
        keys = say_of.key_columns(book, name, Words("en", book.codebook))
        kinds: dict[str, object] = {
            key.name: "datetime64[s]" if key.type == "date" else "str" for key in keys
        }
        last = kinds.pop("data_status") if name != "answers" else None
        for column in (entry.column for entry in book.entries if name in book.files(entry.column)):
            kind = pd.CategoricalDtype(list(column.categories), ordered=column.ordered)
            kinds[column.name] = kind if column.type == "category" else DTYPES[column.type]
            kinds[column.missing] = reasons
        kinds |= {"data_status": last} if last else {}
        frames[name] = pd.DataFrame({column: pd.Series([], dtype=kind) for column, kind in kinds.items()})
    return frames
