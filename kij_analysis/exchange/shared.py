"""The file that leaves an organisation: a header in words, then protected estimates."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kij_analysis.errors import ReportError
from kij_analysis.exchange.packing import unpacked
from kij_analysis.exchange.plain import checksum_of, frame_of, written
from kij_analysis.files import write_text
from kij_analysis.reporting.items import Item

FORM = 1
"""The form of the file; a later form is a later number."""
ENDING = "share.json"


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What one organisation shares: all that its file holds, read or about to be written."""

    content: Mapping[str, Any]
    file: str = ""

    @property
    def programmes(self) -> tuple[str, ...]:
        """The programmes whose persons it is about."""
        return tuple(self.content["programmes"])

    @property
    def sources(self) -> pd.DataFrame:
        """Its data files, with as many rows as may be told."""
        return frame_of(self.content["sources"])

    @property
    def statuses(self) -> pd.DataFrame:
        """The status of every variable in every questionnaire."""
        return frame_of(self.content["statuses"])

    @property
    def chapters(self) -> Sequence[str]:
        """The chapters that it holds something for."""
        return [chapter["chapter"] for chapter in self.content["chapters"] if chapter["items"]]

    def order(self, chapter: str) -> list[str]:
        """The names of all items of a chapter as its notebook made them, shared or not."""
        own = [one["order"] for one in self.content["chapters"] if one["chapter"] == chapter]
        return list(own[0]) if own else []

    def items(self, chapter: str) -> list[Item]:
        """The items that it holds for a chapter."""
        own = [one["items"] for one in self.content["chapters"] if one["chapter"] == chapter]
        return [unpacked(item) for items in own for item in items]

    def write(self, path: Path | str) -> Path:
        """Write the file whole or not at all; the same estimates give the same bytes."""
        whole = dict(self.content) | {"checksum": checksum_of(self.content)}
        return write_text(path, written(whole) + "\n")


def read_shared(path: Path | str) -> Shared:
    """A file that `kij share` wrote.

    Raises
    ------
    ReportError
        If it is none, if it is of a later form, or if it has been changed since it was written.

    Examples
    --------
    >>> read_shared("nowhere.json")
    Traceback (most recent call last):
    kij_analysis.errors.ReportError: nowhere.json: There is no such file. Correct its name.
    """
    place = Path(path)
    try:
        content = json.loads(place.read_text("utf-8"))
    except FileNotFoundError:
        raise ReportError("There is no such file.", fix="Correct its name.", file=place.name) from None
    except (OSError, ValueError):
        content = None
    fix = "Ask for the file again, as kij share wrote it."
    if not isinstance(content, dict) or "form" not in content or "checksum" not in content:
        raise ReportError("This is no file that kij share has written.", fix=fix, file=place.name)
    if content["form"] != FORM:
        what = f"The file is of form {content['form']}, and this version reads form {FORM}."
        raise ReportError(what, fix="Use the same version of kij_analysis everywhere.", file=place.name)
    told = content.pop("checksum")
    if checksum_of(content) != told:
        raise ReportError("The file has been changed since it was written.", fix=fix, file=place.name)
    return Shared(content=content, file=place.name)
