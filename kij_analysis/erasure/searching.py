"""Every file that was made from the data searched for one person: its bytes, its parts and its tables."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import pandas as pd

from kij_analysis.privacy.ids import IGNORABLE, normal_id

ENCODINGS = ("utf-8", "cp1252", "utf-16-le", "utf-16-be")
IDS = ("person_id", "pair_id")


@dataclass(frozen=True, kw_only=True)
class Sought:
    """What names a person: `tokens` wherever they stand, `cells` in the columns of ids only.

    `cells` leads from a column to the ids; a table that has the columns programme and role must name hers too
    (where they are given), because another person may have the same number there.
    """

    tokens: tuple[str, ...] = ()
    cells: Mapping[str, frozenset[str]] = field(default_factory=dict)
    programme: str = ""
    roles: tuple[str, ...] = ()

    def within(self, path: Path) -> bool:
        """Whether a file holds her.

        Raises
        ------
        ValueError
            If a table cannot be read, so that nobody can tell.
        """
        tables = list(tables_of(path))
        if any(len(self.rows(table, column)) for table in tables for column in self.cells):
            return True
        decoded = (_as_text(table) for table in tables if path.suffix not in (".csv", ".xlsx"))
        return any(self._in_bytes(part) for part in (*_parts(path.read_bytes()), *decoded))

    def rows(self, table: pd.DataFrame, column: str) -> pd.DataFrame:
        """The rows of a table that name her in a column of ids."""
        if column not in table.columns:
            return table.iloc[:0]
        # A workbook of somebody's own may have two columns of one name: the first counts.
        once = table.loc[:, ~table.columns.duplicated()]
        rows = once[once[column].astype(str).isin(self.cells.get(column, ()))]
        if self.programme and "programme" in rows.columns:
            rows = rows[rows["programme"].astype(str) == self.programme]
        if self.roles and "role" in rows.columns:
            rows = rows[rows["role"].astype(str).isin(self.roles)]
        return rows

    def _in_bytes(self, content: bytes) -> bool:
        lowered = content.lower()
        return any(self._stands(token, content, lowered) for token in self.tokens)

    def _stands(self, token: str, content: bytes, lowered: bytes) -> bool:
        """Whether a token stands by itself, not inside a longer word or number."""
        alone = re.compile(rf"(?<!\w)(?<![0-9][.,]){re.escape(token)}(?!\w)(?![.,][0-9])", re.IGNORECASE)
        for encoding in ENCODINGS:
            forms = {text.encode(encoding, "ignore") for text in (token, token.lower())}
            if any(form and (form in content or form in lowered) for form in forms):
                shifts = (0, 1) if encoding.startswith("utf-16") else (0,)
                if any(alone.search(content[shift:].decode(encoding, "replace")) for shift in shifts):
                    return True
        return False


def sought(
    pseudonyms: Iterable[str],
    ids: Iterable[str],
    pairs: Iterable[str],
    *,
    programme: str,
    roles: Iterable[str],
    shared: bool,
) -> Sought:
    """What to search for; ids that are too short to name anybody by themselves are sought in columns only.

    `shared` tells that somebody else has the same id in another role, so that rows tell the two apart.
    """
    hers = {*pseudonyms, *(form for text in ids for form in spellings(text))}
    both = set(pairs)
    tokens = () if shared else tuple(sorted(text for text in hers | both if telling(text)))
    cells = {"person_id": frozenset(hers), "pair_id": frozenset(both)}
    return Sought(tokens=tokens, cells=cells, programme=programme, roles=tuple(roles))


def spellings(text: str) -> set[str]:
    """An id in every spelling: as it stands, without what may be ignored, and grouped in every way.

    Examples
    --------
    >>> sorted(spellings("K-028"))
    ['K-028', 'K-28', 'K028', 'K28']
    """
    sets = [names for size in range(len(IGNORABLE) + 1) for names in combinations(IGNORABLE, size)]
    found = {text.strip(), *(normal_id(text, ignoring) for ignoring in sets)}
    for digits in [one for one in found if re.fullmatch(r"[0-9]{10,12}", one)]:
        cut = 8 if len(digits) == 12 else 6
        found |= {f"{digits[:cut]}-{digits[cut:]}", f"{digits[:cut]} {digits[cut:]}"}
    return found - {""}


def telling(text: str) -> bool:
    """Whether an id stands for nobody else wherever it is found: a short number is found in any picture.

    Examples
    --------
    >>> [telling(text) for text in ("12", "F-12", "K0028", "190412", "1904123", "anna")]
    [False, False, True, False, True, False]
    """
    signs = re.sub(r"[\W_]", "", text)
    digits = sum(sign.isdigit() for sign in signs)
    if digits == len(signs):
        return digits >= 7
    return len(signs) >= (4 if digits else 8)


def _parts(content: bytes, depth: int = 3) -> Iterator[bytes]:
    """The bytes of a file, and of every file inside it where it is a zip container (XLSX, DOCX)."""
    yield content
    if depth and zipfile.is_zipfile(io.BytesIO(content)):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as box:
                for name in box.namelist():
                    yield name.encode("utf-8")
                    yield from _parts(box.read(name), depth - 1)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
            raise ValueError("a container that cannot be opened") from error


def tables_of(path: Path) -> Iterator[pd.DataFrame]:
    """The tables of a file of data; their texts stand there compressed, or in one column of ids.

    Raises
    ------
    ValueError
        If a table cannot be read.
    """
    if path.suffix in (".sav", ".zsav", ".dta"):
        import pyreadstat

        reader = pyreadstat.read_dta if path.suffix == ".dta" else pyreadstat.read_sav
        try:
            yield reader(str(path))[0]
        except pyreadstat.ReadstatError as error:
            raise ValueError(str(error)) from error
    elif path.suffix == ".parquet":
        yield pd.read_parquet(path)
    elif path.suffix == ".csv":
        text = path.read_text("utf-8-sig", errors="replace")
        head = text.partition("\n")[0]
        if any(name in head for name in IDS):
            try:
                rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in head else ","))
            except csv.Error as error:
                raise ValueError(str(error)) from error
            yield pd.DataFrame([dict(zip(rows[0], row, strict=False)) for row in rows[1:]], columns=rows[0])
    elif path.suffix == ".xlsx":
        yield from _sheets(path)


def _sheets(path: Path) -> Iterator[pd.DataFrame]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
    except CalamineError as error:
        raise ValueError(str(error)) from error
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        if rows:
            yield pd.DataFrame(rows[1:], columns=[str(head) for head in rows[0]])


def _as_text(table: pd.DataFrame) -> bytes:
    """The texts of a table, one a line."""
    found = (str(v) for name in table.columns for v in table[name].dropna().unique() if isinstance(v, str))
    return "\n".join(found).encode("utf-8")
