"""A run as it was saved, and what in it was made otherwise than in another run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.harmonisation.frames import PAIR, PERSON, Harmonised
from kij_analysis.harmonisation.ledger import Ledger, load_ledger

KEYED = {"people": PERSON, "answers": [*PERSON, "wave"], "pairs": PAIR}
"""The frames whose rows can be followed from run to run, and their keys; a meeting has no id of its own."""

PLAIN = ("title", "round", "population", "mode", "country", "languages", "id")
"""Settings of an instrument that no harmonised value depends on."""

ANY = "(a value)"
OTHER = "(another value)"
"""How numbers, dates and texts are told: that they changed, not from what to what."""

Unit = tuple[str, str]
"""An instrument and the round in which it was fielded."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """The frames and the ledger of one run."""

    name: str
    frames: Mapping[str, pd.DataFrame]
    ledger: Ledger

    @cached_property
    def rules(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The rule of every instrument and harmonised column, with its spec as data."""
        rows = self.ledger.rules.drop_duplicates(["instrument", "column"]).to_dict("records")
        return {
            (str(row["instrument"]), str(row["column"])): {**row, "spec": json.loads(row["spec"])}
            for row in rows
        }

    @cached_property
    def answers_to(self) -> dict[tuple[str, str], dict[tuple[str, str], set[str]]]:
        """For every instrument and column, the answers that lead to each value or missing reason."""
        found: dict[tuple[str, str], dict[tuple[str, str], set[str]]] = {}
        counts = self.ledger.counts
        names = ["instrument", "column", "from", "to", "missing"]
        for instrument, column, answer, to, missing in counts[names].itertuples(index=False, name=None):
            found.setdefault((instrument, column), {}).setdefault((to, missing), set()).add(answer)
        return found

    def answers_of(self, instrument: str, column: str, value: str, missing: str) -> set[str]:
        """The answers that lead to a value or missing reason; of numbers, dates and texts to any value."""
        found = self.answers_to.get((instrument, column), {})
        if value in (ANY, OTHER):
            return {answer for (_, reason), answers in found.items() if not reason for answer in answers}
        return found.get((value, missing), set())

    def checksums(self, unit: Unit) -> dict[str, str]:
        """The data files of an instrument and round, with their checksums."""
        sources = self.ledger.sources
        mine = sources[sources["instrument"] == unit[0]]
        exact = mine[mine["round"] == unit[1]]
        chosen = exact if len(exact) else mine
        return dict(zip(chosen["file"], chosen["sha256"], strict=True))

    def units(self) -> pd.DataFrame:
        """Who stands in which instrument and round: programme, person_id, role, instrument, round."""
        names = [*PERSON, "instrument", "round"]
        rows = self.frames["answers"][names].drop_duplicates()
        return rows.assign(round=rows["round"].fillna("").astype(str))


def run_of(place: Path | str | Harmonised, name: str = "") -> Run:
    """A run from the folder that it was saved in, or as it came out of `harmonise`.

    Raises
    ------
    UsageError
        If the folder holds no whole run.
    """
    frames = ("people", "answers", "pairs", "meetings")
    if isinstance(place, Harmonised):
        made = {frame: getattr(place, frame) for frame in frames}
        return Run(name=name, frames=made, ledger=place.ledger)
    folder = Path(place)
    if not folder.is_dir():
        raise UsageError(
            f"There is no folder '{folder}'.", fix="Name a folder that kij harmonise has written."
        )
    ledger = load_ledger(folder / "ledger.json")
    absent = [frame for frame in frames if not (folder / f"{frame}.parquet").is_file()]
    if absent:
        fix = "Run kij harmonise again, or name a folder that it has written."
        raise UsageError("The run is not whole.", fix=fix, file=f"{folder.name}/{absent[0]}.parquet")
    read = {frame: pd.read_parquet(folder / f"{frame}.parquet") for frame in frames}
    return Run(name=name or folder.name, frames=read, ledger=ledger)
