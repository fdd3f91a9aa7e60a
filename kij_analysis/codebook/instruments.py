"""Instruments: one questionnaire or register extract as one programme fielded it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FORMATS = ("delimited", "xlsx", "spss", "stata")
ROLES = ("mentee", "mentor", "respondent", "comparison")
WAVES = ("entry", "end", "follow_up", "single")


@dataclass(frozen=True, kw_only=True)
class FileForm:
    """How an export is written, as declared; nothing is guessed when reading.

    Parameters
    ----------
    format
        ``delimited``, ``xlsx``, ``spss`` or ``stata``.
    encoding
        Of a delimited file (``utf-8``, ``cp1252`` …); of an SPSS or Stata file only where the file
        does not say it itself.
    delimiter, decimal, thousands
        Of a delimited file; `decimal` and `thousands` also read numbers kept as text in XLSX.
    dates
        A strptime pattern for dates kept as text.
    sheet
        The sheet's name in XLSX; the first sheet if empty.
    header_rows
        How many rows the column names take; with two, the names are joined by `header_joint`.
    header_joint
        What stands between the parts of a name of two rows.
    """

    format: str
    encoding: str = ""
    delimiter: str = ","
    decimal: str = "."
    thousands: str = ""
    dates: str = "%Y-%m-%d"
    sheet: str = ""
    header_rows: int = 1
    header_joint: str = ": "


@dataclass(frozen=True, kw_only=True)
class FamilyUse:
    """Which family of missing codes a file keeps to, and how wide the codes of its columns are.

    `widths` leads from columns to the number of digits; of other columns the file itself must tell it.
    """

    name: str
    widths: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Instrument:
    """One questionnaire as fielded: who was asked, when, in which language and in which file format.

    `keys` leads from the names of the keys (person_id, pair_id, date, round) to the columns that hold
    them; `ids` lists the differences of spelling that do not tell two ids apart; `unit` is
    what one row is (a person who answers, or a meeting of a pair); `repeated` and `unreadable_dates` say
    what becomes of a second row of one person and of impossible dates; `population` holds
    known numbers: ``invited`` for response rates, and under ``margins`` how many of those invited are in
    each category of harmonised columns, to weight to; `missing` says what an answer that is not one means in
    every column (the empty cell is the key ``""``); `free_text` and `identifiers` (names, e-mail addresses …)
    name columns that never leave floor 1; `not_identifiers` leads from columns that only look so to what they
    hold, `released_text` from columns whose texts are released on purpose to the reason;
    `ignored` leads from columns that no rule uses to the reason; `other_columns` is the reason why all
    further columns are left aside (empty: they are reported). `only` leads from columns to the answers of the
    rows that belong to the instrument; all other rows are counted as lost. `missing_family` names the family
    of codes that say why an answer is missing;
    `direction_checked` leads from variables whose
    correlations speak against their direction, which somebody has looked at and found right, to the reason.
    """

    id: str
    programme: str
    role: str
    wave: str
    file: FileForm
    keys: Mapping[str, str]
    ids: tuple[str, ...] = ()
    unit: str = "person"
    repeated: str = "stop"
    unreadable_dates: str = "stop"
    languages: tuple[str, ...] = ()
    round: str = ""
    mode: str = ""
    country: str = ""
    title: str = ""
    population: Mapping[str, Any] = field(default_factory=dict)
    missing: Mapping[str | int | float, str] = field(default_factory=dict)
    free_text: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    not_identifiers: Mapping[str, str] = field(default_factory=dict)
    released_text: Mapping[str, str] = field(default_factory=dict)
    ignored: Mapping[str, str] = field(default_factory=dict)
    other_columns: str = ""
    direction_checked: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, tuple[str | int | float, ...]] = field(default_factory=dict)
    missing_family: FamilyUse | None = None

    def is_of(self, programme: str = "", wave: str = "") -> bool:
        """Whether it is of a programme and a wave; empty asks for none in particular."""
        return programme in ("", self.programme) and wave in ("", self.wave)
