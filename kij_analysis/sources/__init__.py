"""One file in, one frame of raw answers with what the file says about them out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kij_analysis.codebook.instruments import FORMATS, FileForm
from kij_analysis.errors import one_of
from kij_analysis.sources.answers import AnswerKey, normalise
from kij_analysis.sources.content import confirm_format, existing, head, open_elsewhere
from kij_analysis.sources.delimited import read_delimited
from kij_analysis.sources.quantities import date_hint, number_hint, to_dates, to_numbers
from kij_analysis.sources.spss import read_spss
from kij_analysis.sources.stata import read_stata
from kij_analysis.sources.table import ColumnNotes, RawTable
from kij_analysis.sources.xlsx import read_xlsx

__all__ = [
    "AnswerKey",
    "ColumnNotes",
    "RawTable",
    "date_hint",
    "normalise",
    "number_hint",
    "read",
    "to_dates",
    "to_numbers",
]

READERS = {"delimited": read_delimited, "xlsx": read_xlsx, "spss": read_spss, "stata": read_stata}


def read(path: Path | str, form: FileForm) -> RawTable:
    """The raw answers of one file, read as its form declares and never otherwise.

    Parameters
    ----------
    path
        The file; it is never written to.
    form
        How the export is written.

    Raises
    ------
    SourceError
        If the file is not there, cannot be opened, is not what the form declares, is damaged, or holds
        no answers; each with what to do.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "dk.csv"
    >>> _ = file.write_bytes("Løbenr;Alder\\nD1;17,5\\n".encode("cp1252"))
    >>> table = read(file, FileForm(format="delimited", encoding="cp1252", delimiter=";", decimal=","))
    >>> table.frame.to_dict("list")
    {'Løbenr': ['D1'], 'Alder': ['17,5']}
    """
    one_of(form.format, FORMATS, name="format")
    place = existing(path)
    confirm_format(place, head(place), form)
    table = READERS[form.format](place, form)
    return replace(table, notices=(*table.notices, *open_elsewhere(place)))
