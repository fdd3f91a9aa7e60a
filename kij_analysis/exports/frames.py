"""Frames saved in the formats that people use, and loaded again as they were."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from kij_analysis.codebook.variables import FRAMES, Codebook
from kij_analysis.errors import SourceError, one_of
from kij_analysis.exports.columns import Reason, Table, tables_of
from kij_analysis.exports.packages import write_package
from kij_analysis.exports.plain import SIGNS, read_csv, read_parquet, write_csv, write_parquet
from kij_analysis.exports.sidecar import SIDECAR, Saved, read_sidecar, write_sidecar
from kij_analysis.exports.spreadsheets import read_xlsx, write_xlsx
from kij_analysis.exports.spss import read_spss, write_spss
from kij_analysis.exports.stata import read_stata, write_stata
from kij_analysis.files import checksum, staged
from kij_analysis.words.speaking import Words
from kij_analysis.words.terms import LANGUAGES

FORMATS = ("parquet", "csv", "csv-semicolon", "xlsx", "spss", "stata")
WORKBOOK = "harmonised.xlsx"
ENDINGS = {
    "parquet": ".parquet", "csv": ".csv", "csv-semicolon": "-semicolon.csv", "spss": ".sav", "stata": ".dta"
}  # fmt: skip


def save(
    frames: Mapping[str, pd.DataFrame],
    codebook: Codebook,
    folder: Path | str,
    *,
    language: str = "en",
    formats: Sequence[str] = ("parquet", "csv"),
) -> list[Path]:
    """Write frames of the codebook's columns, all files or none.

    In Parquet, CSV and XLSX a value and the reason why it is missing stand in two columns; in SPSS and Stata
    files the reason is a code of the value's own column (the codes of ``missing_reasons`` in variables.yaml).
    Beside the files stands ``columns.json``, which `load` needs, and with CSV files ``datapackage.json``. The
    same frames give the same bytes.

    Parameters
    ----------
    frames
        By name; a column ``<name>_missing`` holds the reasons of the column ``<name>``.
    language
        Of the labels: da, nb, sv, fi or en.
    formats
        Of `FORMATS`: ``csv`` has commas and decimal points; ``csv-semicolon`` what Excel opens in the Nordic
        countries; ``xlsx`` is one workbook.

    Raises
    ------
    UsageError
        If the language or a format is not known, or a frame does not go into a format.

    Examples
    --------
    >>> import tempfile
    >>> from kij_analysis.codebook import load_codebook
    >>> from kij_analysis.template import template_folder
    >>> people = pd.DataFrame({"person_id": ["a", "b"], "age": [37.0, None],
    ...                        "age_missing": pd.Categorical([None, "refused"])})
    >>> book, place = load_codebook(template_folder() / "codebook"), tempfile.mkdtemp()
    >>> [path.name for path in save({"people": people}, book, place, language="da", formats=["spss"])]
    ['columns.json', 'people.sav']
    >>> load(place)["people"]["age_missing"].tolist()
    [nan, 'refused']
    """
    known(formats, language)
    words = Words(language, codebook)
    reasons = {
        code: Reason(code=code, label=reason.labels[language], spss=reason.spss, stata=reason.stata)
        for code, reason in codebook.missing.items()
    }
    tables = tables_of(frames, codebook, words)
    with staged(folder) as place:
        files = {
            name: kind
            for kind in dict.fromkeys(formats)
            for name in _write(tables, reasons, kind, place, words)
        }
        described = [kind for kind in SIGNS if kind in formats]
        if described:
            paths = {table.name: place / _file(table.name, described[0]) for table in tables}
            write_package(tables, paths, words, *SIGNS[described[0]], into=place / "datapackage.json")
        sums = {name: checksum(place / name) for name in files}
        write_sidecar(place / SIDECAR, tables, reasons, language, {n: (files[n], sums[n]) for n in files})
        names = sorted(path.name for path in place.iterdir())
    return [Path(folder) / name for name in names]


def load(folder: Path | str, *, format: str = "") -> dict[str, pd.DataFrame]:
    """The frames that `save` has written, as they were: values, types, reasons.

    Parameters
    ----------
    format
        Which of the formats to read; the first that was written if empty.

    Raises
    ------
    SourceError
        If there is nothing that `save` has written, or if a file has been changed since.

    Examples
    --------
    >>> import tempfile
    >>> from kij_analysis.codebook import load_codebook
    >>> from kij_analysis.template import template_folder
    >>> book, place = load_codebook(template_folder() / "codebook"), tempfile.mkdtemp()
    >>> made = save({"pairs": pd.DataFrame({"pair_id": ["a"]})}, book, place, formats=["csv", "xlsx"])
    >>> load(place, format="xlsx")["pairs"].to_dict("list")
    {'pair_id': ['a']}
    """
    place = Path(folder)
    saved = read_sidecar(place / SIDECAR)
    written = list(dict.fromkeys(kind for kind, _ in saved.files.values()))
    if format:
        one_of(format, FORMATS, name="The format")
    if not written or (format and format not in written):
        what = f"The frames were not saved as {format or 'files'} in this folder."
        raise SourceError(what, fix=f"There are: {', '.join(written)}.", file=str(place))
    kind = format or next(one for one in FORMATS if one in written)
    for name in [name for name, (one, _) in saved.files.items() if one == kind]:
        _unchanged(place / name, saved.files[name][1])
    return {name: _read(place, name, kind, saved) for name in saved.columns}


def written(folder: Path | str) -> tuple[tuple[str, ...], str]:
    """The formats in which frames stand in a folder, also of earlier runs, and the language of the last.

    Examples
    --------
    >>> written("nowhere")
    ((), 'en')
    """
    place = Path(folder)
    found = (kind for kind in FORMATS if any((place / _file(name, kind)).is_file() for name in FRAMES))
    formats = tuple(found)
    try:
        language = str(json.loads((place / SIDECAR).read_text("utf-8"))["language"])
    except (OSError, ValueError, KeyError, TypeError):
        language = ""
    return formats, language if language in LANGUAGES else "en"


def known(formats: Sequence[str], language: str) -> None:
    """Refuse a format or a language that there is not.

    Raises
    ------
    UsageError
        With those that there are.
    """
    for kind in formats:
        one_of(kind, FORMATS, name="The format")
    one_of(language, LANGUAGES, name="The language")


def _file(name: str, kind: str) -> str:
    return WORKBOOK if kind == "xlsx" else f"{name}{ENDINGS[kind]}"


def _write(
    tables: Sequence[Table], reasons: Mapping[str, Reason], kind: str, place: Path, words: Words
) -> list[str]:
    """Write one format; the names of its files."""
    if kind == "xlsx":
        headings = [words(f"codebook.sheet.{name}") for name in ("table", "column", "label", "unit")]
        headings += [words("codebook.sheet.code"), words("codebook.sheet.meaning")]
        write_xlsx(tables, headings, place / WORKBOOK)
        return [WORKBOOK]
    writers: dict[str, Callable[[Table, Path], None]] = {
        "parquet": write_parquet,
        "csv": lambda table, path: write_csv(table, path, kind),
        "csv-semicolon": lambda table, path: write_csv(table, path, kind),
        "spss": lambda table, path: write_spss(table, reasons, path),
        "stata": lambda table, path: write_stata(table, reasons, path),
    }
    for table in tables:
        writers[kind](table, place / _file(table.name, kind))
    return [_file(table.name, kind) for table in tables]


def _read(place: Path, name: str, kind: str, saved: Saved) -> pd.DataFrame:
    path, columns = place / _file(name, kind), saved.columns[name]
    if kind == "parquet":
        return read_parquet(path, columns)
    if kind == "xlsx":
        return read_xlsx(path, name, columns)
    if kind in SIGNS:
        return read_csv(path, columns, kind)
    return (read_spss if kind == "spss" else read_stata)(path, columns, saved.reasons)


def _unchanged(path: Path, sha256: str) -> None:
    if not path.is_file():
        raise SourceError("The file is not there any more.", fix="Harmonise again.", file=str(path))
    if checksum(path) != sha256:
        what = "The file is not as it was saved: it has been changed, or comes from another run."
        raise SourceError(what, fix="Harmonise again, or read it with a tool of your own.", file=str(path))
