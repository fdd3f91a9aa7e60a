"""The record of an erasure: what was done, what was searched, what is left to do; without her id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kij_analysis.erasure.raw_files import ELSEWHERE, HERS, KEYED, MENTIONED, PAIR, Place

TOLD = {
    HERS: "her own row: delete it",
    PAIR: "her pair: delete the row, or empty the id of the pair where somebody else's answers stand in it",
    ELSEWHERE: "her id: empty the cell",
    KEYED: "her row in a key file: delete it",
    MENTIONED: "the study does not read this file, and her id stands in it: look at it",
}


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """What became of a request for erasure.

    `who` tells the person apart without naming her; `anew` and `removed` are files of the study, `searched`
    counts those that were looked through afterwards, `left` are those that still hold her and `unread` those
    that cannot be looked into. `places` are the raw files that hold her; `listed` says whether she stands on
    the erasure list because of them. `again` are folders to be made anew, `releases` what has left the house.
    """

    on: str
    study: str
    who: str
    anew: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    searched: int = 0
    forms: int = 0
    short: bool = False
    left: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    listed: str = ""
    again: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 if nothing is left, else 8."""
        return 8 if self.left or self.unread else 0

    def words(self) -> list[str]:
        """The record as lines that can be kept as evidence."""
        return [*self._done(), *self._proof(), *self._raw(), *self._follows()]

    def _done(self) -> Iterator[str]:
        yield f"Erasure in the study '{self.study}', {self.on}"
        yield f"Who: {self.who}"
        if not self.anew and not self.removed:
            yield "Nothing had been made from the data that had to be made anew or removed."
        if self.anew:
            yield f"Made anew without her: {_in_folders(self.anew)}"
        if self.removed:
            yield f"Removed (the next run makes them again): {_in_folders(self.removed)}"

    def _proof(self) -> Iterator[str]:
        forms = f"{self.forms} form{'s' if self.forms != 1 else ''} of her pseudonym and id"
        where = "in bytes, text, tables and inside XLSX and DOCX"
        yield f"Searched afterwards: {self.searched} files for {forms}, {where}."
        if self.short:
            yield "Her id is too short to be told from other numbers: it was compared in the columns of ids."
        if self.left:
            yield "NOT GONE. She still stands in:"
            yield from (f"  {name}" for name in self.left)
            yield "kij did not make these files as they stand: delete her or the file, and run this again."
        if self.unread:
            yield "NOT PROVEN. These files cannot be looked into: close or delete them, and run this again."
            yield from (f"  {name}" for name in self.unread)
        if not self.exit_code:
            yield "Result: nothing found."

    def _raw(self) -> Iterator[str]:
        if not self.places:
            yield "Raw files: none holds her."
            return
        yield "Raw files that hold her (kij never writes to them):"
        for place in self.places:
            row = "" if place.row is None else f", row {place.row}"
            column = f", column '{place.column}'" if place.column else ""
            yield f"  {place.file}{row}{column}: {TOLD[place.what]}"
        yield (
            "To do by the controller: delete her in the survey tool and export again, or in these files; "
            "also in copies, backups, mailboxes and synchronised folders."
        )
        if self.listed:
            yield f"Until then {self.listed} keeps her out of every run. Afterwards: kij forget --tidy"

    def _follows(self) -> Iterator[str]:
        if self.again:
            yield f"To be made anew: {', '.join(self.again)}, made while she stood in the data (kij report)."
            yield "The old report and the new one differ by her alone: do not pass on both."
        for name in self.releases:
            yield f"Left the house with her in the numbers: {name}. A record of a release is never changed."
        if self.releases:
            yield "They hold no rows. Tell who has them if your data protection officer asks for it."


def _in_folders(names: tuple[str, ...]) -> str:
    """Files counted by folder, a few by name."""
    if len(names) <= 6:
        return ", ".join(names)
    folders: dict[str, int] = {}
    for name in names:
        folder = name.rpartition("/")[0] or "."
        folders[folder] = folders.get(folder, 0) + 1
    return ", ".join(
        f"{folder} ({count} file{'s' if count != 1 else ''})" for folder, count in folders.items()
    )
