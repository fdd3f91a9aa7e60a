"""Opening a data file: that it is there, may be read, and holds what is declared."""

from __future__ import annotations

import unicodedata
import zipfile
from pathlib import Path

from kij_analysis.codebook.instruments import FileForm
from kij_analysis.errors import Problem, SourceError, did_you_mean, listed

HEAD = 2**24
"""As many first bytes as it takes to tell what a file is."""
WORDS = {
    "delimited": "text with a delimiter (CSV)",
    "xlsx": "an Excel workbook (.xlsx)",
    "spss": "an SPSS file (.sav)",
    "stata": "a Stata file (.dta)",
    "xls": "an Excel workbook of the old kind (.xls)",
    "locked": "an Excel workbook with a password",
    "xlsb": "a binary Excel workbook (.xlsb)",
    "ods": "a LibreOffice sheet (.ods)",
    "html": "a web page (some tools save tables as HTML under the name .xls)",
    "xml": "an XML document (Excel's XML spreadsheet, perhaps)",
    "por": "an SPSS portable file (.por)",
    "sas": "a SAS file",
    "pdf": "a PDF document",
    "parquet": "a Parquet file",
    "gzip": "a gzip archive",
    "zip": "a zip archive, or a workbook that was cut off",
    "binary": "no text and no format that is known here",
}
FIXES = {
    "xls": "Open it in Excel and save it as .xlsx.",
    "locked": "Open it in Excel, remove the password (File, Info, Protect Workbook) and save it again.",
    "xlsb": "Open it in Excel and save it as .xlsx.",
    "ods": "Save it as .xlsx.",
    "html": "Open it in Excel and save it as .xlsx.",
    "xml": "Open it in Excel and save it as .xlsx.",
    "por": "Open it in SPSS and save it as .sav.",
    "sas": "Export it as .sav or .csv.",
    "pdf": "Ask for the data behind it.",
    "parquet": "Export it as .csv.",
    "gzip": "Unpack it first.",
    "zip": "If it is an archive, unpack it first; if it is a workbook, copy or export it again.",
    "binary": "Export it again from the survey tool, and look at what `format:` declares.",
}


def existing(path: Path | str) -> Path:
    """The path of a file that is there and is not empty.

    Names that differ only in how a letter with a mark is stored (macOS and Windows do so differently)
    are the same name.

    Raises
    ------
    SourceError
        If there is no such file, with what lies there instead; if it is a folder; if it is empty.
    """
    place = Path(path)
    if place.name.startswith(("~$", ".~lock.")):
        book = place.name.removeprefix("~$").removeprefix(".~lock.").removesuffix("#")
        what = f"The file is no data: '{place.name}' only marks that {book} is open in a spreadsheet program."
        raise SourceError(what, fix=f"Name {book} instead, and close it there.", file=place.name)
    if not place.exists():
        place = _same_name(place)
    if place.is_dir():
        raise SourceError(f"{place} is a folder.", fix="Name a file in it.")
    if place.stat().st_size == 0:
        raise SourceError("The file is empty (0 bytes).", fix="Export it again.", file=place.name)
    return place


def _same_name(path: Path) -> Path:
    if not path.parent.is_dir():
        raise SourceError(
            f"The file {path.name} was not found: there is no folder {path.parent}.",
            fix="Correct the path, or make the folder and put the file there.",
        )
    beside = sorted(p.name for p in path.parent.iterdir() if p.is_file() and p.name[0] not in ".~")
    for name in beside:
        if unicodedata.normalize("NFC", name) == unicodedata.normalize("NFC", path.name):
            return path.with_name(name)
    what = f"The file {path.name} was not found in the folder {path.parent}."
    twins = [name for name in beside if Path(name).stem.casefold() == path.stem.casefold()]
    if twins:
        raise SourceError(
            f"{what} There is {listed(twins)}.", fix="Correct file: and format:, or export again."
        )
    hint = did_you_mean(path.name, beside)
    holds = f"The folder holds {listed(beside)}." if beside else "The folder holds no files."
    raise SourceError(f"{what} {hint or holds}", fix="Correct the name, or put the file there.")


def head(path: Path) -> bytes:
    """The first bytes of a file.

    Raises
    ------
    SourceError
        If it may not be read, as while Excel has it open on Windows.
    """
    try:
        with path.open("rb") as stream:
            return stream.read(HEAD)
    except PermissionError as error:
        raise held(path) from error
    except OSError as error:
        what = f"The file cannot be read ({error.strerror or error})."
        raise SourceError(what, fix="Copy it to a local folder and read it there.", file=path.name) from error


def held(path: Path) -> SourceError:
    """The error for a file that another program holds, as Excel holds an open workbook on Windows."""
    mark = opened_in_excel(path)
    what = f"The file is open in Excel or another program, which holds it. {mark}"
    if not mark:
        what = "The file cannot be opened: another program such as Excel holds it, or you may not read it."
    return SourceError(what, fix="Close it there and run again.", file=path.name)


def open_elsewhere(path: Path) -> list[Problem]:
    """A notice if a workbook that could be read is open in a spreadsheet program all the same."""
    mark = opened_in_excel(path)
    if not mark:
        return []
    what = f"{mark} What was saved last was read."
    fix = "If somebody works in it: save and close it there, and run again."
    return [Problem(what=what, fix=fix, file=path.name, severity="notice")]


def opened_in_excel(path: Path) -> str:
    """A sentence if Excel's or LibreOffice's mark of an open workbook lies beside the file, else empty."""
    for mark in (f"~${path.name}", f".~lock.{path.name}#"):
        if path.with_name(mark).exists():
            return f"'{mark}' lies beside it, so it seems to be open in a spreadsheet program."
    return ""


def confirm_format(path: Path, start: bytes, form: FileForm) -> None:
    """Refuse a file whose first bytes say that it is something else than declared.

    Raises
    ------
    SourceError
        With what the file seems to be, and what to declare or do.
    """
    found = seems_to_be(path, start)
    if found == form.format:
        return
    what = f"The file is declared as {WORDS[form.format]} but seems to be {WORDS[found]}."
    if found == "delimited":
        fix = "Declare format: delimited with its encoding and delimiter, or export it again."
    else:
        fix = FIXES.get(found, f"Declare format: {found}, or export it again.")
    raise SourceError(f"{what} {opened_in_excel(path)}", fix=fix, file=path.name)


def seems_to_be(path: Path, start: bytes) -> str:
    """What a file is by its first bytes: one of the formats, or another key of `WORDS`.

    Examples
    --------
    >>> seems_to_be(Path("a.csv"), b"a;b"), seems_to_be(Path("a.csv"), b"$FL2@(#) SPSS")
    ('delimited', 'spss')
    """
    text = start[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    signs = {
        "spss": start[:4] in (b"$FL2", b"$FL3"),
        "stata": start.startswith(b"<stata_dta>") or _is_old_stata(start),
        "sas": start[12:28] == bytes.fromhex("c2ea8160b31411cfbd92080009c7318c"),
        "por": b"SPSS PORT FILE" in start[:300],
        "pdf": start.startswith(b"%PDF"),
        "parquet": start.startswith(b"PAR1"),
        "gzip": start.startswith(b"\x1f\x8b"),
        "html": text.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")),
        "xml": text.startswith(b"<?xml"),
    }
    if start.startswith(b"PK\x03\x04") or start.startswith(b"PK\x05\x06"):
        return _kind_of_zip(path, start)
    if start.startswith(bytes.fromhex("d0cf11e0a1b11ae1")):
        return "locked" if "EncryptedPackage".encode("utf-16-le") in start else "xls"
    found = [name for name, holds in signs.items() if holds]
    if found:
        return found[0]
    return "binary" if _is_binary(start) else "delimited"


def _is_old_stata(start: bytes) -> bool:
    return len(start) > 3 and 0x66 <= start[0] <= 0x73 and start[1] in (1, 2) and start[2] == 1


def _is_binary(start: bytes) -> bool:
    """Text has no zero bytes but in UTF-16; a stray one is told later, with its row."""
    sample = start[:65536]
    if sample[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    controls = sum(sample.count(bytes([c])) for c in (*range(1, 9), *range(14, 27)))
    return controls > len(sample) / 50


def _kind_of_zip(path: Path, start: bytes) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError):
        return "xlsx" if b"xl/" in start or b"[Content_Types].xml" in start else "zip"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "xl/workbook.xml" in names:
        return "xlsx"
    return "ods" if "content.xml" in names else "zip"
