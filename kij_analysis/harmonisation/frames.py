"""The harmonised frames: people, answers, pairs and meetings from the parts of a study."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from kij_analysis.codebook.instruments import WAVES
from kij_analysis.codebook.variables import FRAMES, KEY_COLUMNS, Codebook
from kij_analysis.errors import Problem
from kij_analysis.exports import save
from kij_analysis.files import staged
from kij_analysis.harmonisation.ledger import Ledger
from kij_analysis.harmonisation.parts import Part
from kij_analysis.harmonisation.previous import keep_previous
from kij_analysis.harmonisation.properties import properties
from kij_analysis.harmonisation.scale_steps import sensitivity
from kij_analysis.study import DATA_STATUSES

PERSON = ["programme", "person_id", "role"]
PAIR = ["programme", "pair_id"]
MEETING = ["programme", "pair_id", "date"]


@dataclass(frozen=True, kw_only=True)
class Harmonised:
    """The harmonised data of a study.

    `people` has one row per programme × person × role, `answers` one per programme × person × role ×
    wave, `pairs` one per mentor–mentee pair, `meetings` one per logged meeting. Cells hold category
    codes, numbers, true or false; ``<column>_missing`` holds the reason where a cell is empty.
    `answers` repeats the gender, so that every analysis can keep to the default population (women).
    `properties` says how each file asks for each column, and `sensitivity` what each threshold would give
    one step lower or higher; both say `instrument`, by which they are joined to `answers`.
    """

    people: pd.DataFrame
    answers: pd.DataFrame
    pairs: pd.DataFrame
    meetings: pd.DataFrame
    properties: pd.DataFrame
    sensitivity: pd.DataFrame
    ledger: Ledger
    codebook: Codebook

    def with_people(self) -> pd.DataFrame:
        """The answers with the columns of the person beside them, for analyses that need both."""
        extra = [c for c in self.people.columns if c not in self.answers.columns]
        return self.answers.merge(self.people[PERSON + extra], on=PERSON, how="left", validate="m:1")

    def save(
        self, folder: Path | str, *, language: str = "en", formats: Sequence[str] = ("parquet", "csv")
    ) -> list[Path]:
        """Write the frames and the ledger (JSON), all or nothing.

        The formats are those of `kij_analysis.exports.save`: parquet, csv, csv-semicolon, xlsx, spss, stata;
        their labels are in the language. `kij_analysis.exports.load` brings the frames back. A run that
        stands there already and differs is kept in the folder ``previous``.
        """
        frames = {name: getattr(self, name) for name in FRAMES}
        with staged(folder) as place:
            save(frames, self.codebook, place, language=language, formats=formats)
            for name in ("properties", "sensitivity"):
                table: pd.DataFrame = getattr(self, name)
                if "parquet" in formats:
                    table.to_parquet(place / f"{name}.parquet", index=False)
                if "csv" in formats:
                    table.to_csv(
                        place / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8-sig"
                    )
            self.ledger.save(place / "ledger.json")
            names = sorted(path.name for path in place.iterdir())
            keep_previous(place, Path(folder))
        return [Path(folder) / name for name in names]


def gather(parts: Sequence[Part], ledger: Ledger, codebook: Codebook) -> Harmonised:
    """The frames of a study from the parts that its files gave."""
    everything = pd.concat([part.frame.assign(unit=part.crosswalk.instrument.unit) for part in parts])
    order = {wave: place for place, wave in enumerate(WAVES)}
    everything = everything.sort_values("wave", key=lambda w: w.map(order), kind="stable", ignore_index=True)
    rows = everything[everything["unit"] == "person"]
    people, conflicts = _once(rows, PERSON, _columns(codebook, "people"), "people")
    paired = everything[everything["pair_id"].notna()]
    pairs, pair_conflicts = _once(paired, PAIR, _columns(codebook, "pairs"), "pairs")
    gender = [name for name in ("gender", "gender_missing") if name in people.columns]
    answers = rows[[*KEY_COLUMNS, *_columns(codebook, "answers")]].reset_index(drop=True)
    # A later wave need not ask the gender again: the person's own stands in all her answers.
    answers = answers.merge(people[[*PERSON, *gender]], on=PERSON, how="left", validate="m:1")
    answers = answers[[*KEY_COLUMNS, *gender, *_columns(codebook, "answers")]]
    kept = replace(ledger, problems=(*ledger.problems, *conflicts, *pair_conflicts))
    logged = everything[everything["unit"] == "meeting"].reset_index(drop=True)
    meetings = logged[[*MEETING, "round", *_columns(codebook, "meetings"), "data_status"]]
    return Harmonised(
        people=people,
        answers=answers,
        pairs=pairs,
        meetings=meetings,
        properties=properties(parts, codebook),
        sensitivity=sensitivity(parts, people, codebook),
        ledger=kept,
        codebook=codebook,
    )


def _columns(codebook: Codebook, frame: str) -> list[str]:
    """The columns of a frame with their companions; survey answers carry the gender by themselves."""
    names = [c for c in codebook.columns.values() if c.frame == frame]
    return [name for column in names for name in (column.name, column.missing)]


def _once(
    rows: pd.DataFrame, keys: list[str], columns: list[str], who: str
) -> tuple[pd.DataFrame, list[Problem]]:
    """One row per key: the first valid value over the waves; differing values are told by count.

    Where there is none and the waves give several reasons, the first in the codebook's order counts, but
    *not_asked* only where no wave asked.
    """
    grouped = rows.groupby(keys, sort=False, observed=True)
    values = [name for name in columns if not name.endswith("_missing")]
    result = (
        grouped[values].first().reset_index() if values else rows[keys].drop_duplicates(ignore_index=True)
    )
    notices = []
    group = grouped.ngroup().fillna(-1).astype("int64").to_numpy()
    for name in values:
        reason = _first_reason(rows[f"{name}_missing"], group)
        result[f"{name}_missing"] = reason.where(result[name].isna())
        differing = int((grouped[name].nunique() > 1).sum())
        if differing:
            notices.append(_differing(name, differing, len(result), who, rows[name]))
    status = (
        rows["data_status"].map(DATA_STATUSES.index).groupby([rows[key] for key in keys], sort=False).min()
    )
    result["data_status"] = pd.Series([DATA_STATUSES[i] for i in status], dtype="str")
    ordered = [*keys, *columns, "data_status"]
    return result[ordered], notices


def _differing(name: str, differing: int, whole: int, who: str, values: pd.Series) -> Problem:
    """What is told where rows of one person differ: a number such as age moves by itself with time."""
    if pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype):
        what = f"{differing} of {whole} {who} gave another '{name}' at a later time; the first one counts."
        return Problem(what=what, fix="Nothing has to be done where it grows with time.", severity="notice")
    what = f"{differing} of {whole} {who} have different values of '{name}' in different rows; "
    what += "the first was kept."
    return Problem(what=what, fix="Look at them in the raw files.", severity="notice")


def _first_reason(reasons: pd.Series, group: np.ndarray) -> pd.Series:
    """The reason that counts in each group; a wave that did not ask says nothing where another one did."""
    known = reasons.cat.categories
    unasked, nothing = len(known), len(known) + 1
    codes = reasons.cat.codes.to_numpy().astype("int64")
    codes = np.where(codes == known.get_loc("not_asked"), unasked, np.where(codes < 0, nothing, codes))
    first = np.full(group.max(initial=-1) + 1, nothing)
    np.minimum.at(first, group[group >= 0], codes[group >= 0])
    first = np.where(first == unasked, known.get_loc("not_asked"), np.where(first == nothing, -1, first))
    return pd.Series(pd.Categorical.from_codes(first, categories=known))
