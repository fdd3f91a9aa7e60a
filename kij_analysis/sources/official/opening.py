"""A downloaded file of official statistics, read by what it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kij_analysis.errors import Problem, SourceError
from kij_analysis.files import checksum
from kij_analysis.sources.content import FIXES, WORDS, existing, head, open_elsewhere, seems_to_be
from kij_analysis.sources.encodings import fitting
from kij_analysis.sources.official.eurostat import is_sdmx_csv, is_tsv, read_sdmx_csv, read_tsv
from kij_analysis.sources.official.json_stat import is_json, read_json_stat
from kij_analysis.sources.official.sheets import read_text_table, read_workbook
from kij_analysis.sources.official.table import OfficialTable

FORMS = "SDMX-CSV, TSV, JSON-stat, XLSX or CSV"


def read_official(path: Path | str) -> OfficialTable:
    """The table of a downloaded file: SDMX-CSV, TSV, JSON-stat, XLSX or a plain CSV.

    Which of them it is, is told by its content, not by its name. Nothing is looked up anywhere.

    Parameters
    ----------
    path
        The file; it is never written to.

    Raises
    ------
    SourceError
        If it is none of these, is damaged, or holds no table; with what to do.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "estat_lfsa_ergan.tsv"
    >>> _ = file.write_text("freq,sex,geo\\\\TIME_PERIOD\\t2024 \\t2025 \\nA,F,DK\\t68.7 \\t69.1 b\\n")
    >>> read_official(file).cells[["geo", "time", "value", "flag"]].values.tolist()
    [['DK', '2024', 68.7, ''], ['DK', '2025', 69.1, 'b']]
    """
    place = existing(path)
    start = head(place)
    kind = seems_to_be(place, start)
    if kind == "xlsx":
        table = read_workbook(place)
    elif kind == "delimited":
        table = _text(place)
    else:
        what = f"The file seems to be {WORDS[kind]}, which is not read here."
        raise SourceError(what, fix=f"{FIXES.get(kind, '')} Or download {FORMS}.", file=place.name)
    notices = (*table.notices, *open_elsewhere(place))
    return replace(table, sha256=checksum(place), notices=notices)


def _text(place: Path) -> OfficialTable:
    data = place.read_bytes()
    encoding = fitting(data)
    text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding, errors="replace")
    text = text.removeprefix("\ufeff")
    if text.startswith(("CHARSET=", "AXIS-VERSION=")):
        what = "The file is a PX file, which is not read here."
        raise SourceError(what, fix="In PxWeb save the table as JSON-stat 2, XLSX or CSV.", file=place.name)
    if is_json(text):
        return read_json_stat(text, place.name)
    if is_sdmx_csv(text):
        return read_sdmx_csv(text, place.name)
    if is_tsv(text):
        return read_tsv(text, place.name)
    table = read_text_table(text, place.name)
    if encoding == "utf-8":
        return table
    told = Problem(what=f"The text was read as {encoding}.", file=place.name, severity="notice")
    return replace(table, notices=(*table.notices, told))
