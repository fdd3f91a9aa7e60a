"""Two runs held against each other in plain words: what went in, which rules differ, who stands elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kij_analysis.codebook.variables import WHEN
from kij_analysis.harmonisation.causes import Causes, where
from kij_analysis.harmonisation.frames import Harmonised
from kij_analysis.harmonisation.moves import came_and_went, counts, moves
from kij_analysis.harmonisation.rule_words import Labels
from kij_analysis.harmonisation.runs import ANY, OTHER, Run, run_of

WHO = {"people": ("person", "people"), "answers": ("person", "people"), "pairs": ("pair", "pairs")}


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What differs between two runs; internal, like the ledgers that it is made from.

    `files`: study, codebook and data files that changed, came or went. `sources`: rows in and out of each
    data file. `rules`: rules that say otherwise, with what they say now; `statuses`: harmonised columns with
    another status. `people`: how many rows are new, gone and in both. `moves`: from → to with the number of
    people and the cause; `cause` is rule, raw file, instrument, codebook, condition (the rule that says whom
    a question concerns), source, software, several or unknown. `counts`: rows by value where they differ.
    `linked` tells whether people can be followed: not if the two runs have pseudonyms of different keys, and
    then `moves` is empty. `settings` are what else differs, in words.
    """

    files: pd.DataFrame
    sources: pd.DataFrame
    rules: pd.DataFrame
    statuses: pd.DataFrame
    people: pd.DataFrame
    moves: pd.DataFrame
    counts: pd.DataFrame
    settings: tuple[str, ...]
    linked: bool
    labels: Labels

    def words(self) -> list[str]:
        """Every difference as an English sentence, without an id."""
        said = [*self._inputs(), *self._people(), *self._rules(), *self._statuses(), *self._moves()]
        if not self.linked:
            said += self._counts()
        return said or ["Nothing differs between the two runs."]

    def _inputs(self) -> Iterator[str]:
        told = {"changed": "changed", "added": "is new", "removed": "is no longer read"}
        for row in self.files.to_dict("records"):
            yield f"The {row['kind']} file {row['file']} {told[row['change']]}."
        for row in self.sources.to_dict("records"):
            if row["rows_out_old"] != row["rows_out_new"]:
                yield f"{row['file']}: {row['rows_out_old']} rows came out before, {row['rows_out_new']} now."
        yield from self.settings

    def _people(self) -> Iterator[str]:
        if not self.linked:
            yield "The pseudonyms of the two runs are of different keys: nobody can be followed."
            return
        for row in self.people.to_dict("records"):
            if row["frame"] == "people" or not (row["new"] or row["gone"]):
                continue
            new, gone = (_many(row["frame"], int(row[part])) for part in ("new", "gone"))
            said = [f"{new} in the new run only"] * bool(row["new"]) + [f"{gone} in the old run only"] * bool(
                row["gone"]
            )
            yield f"{self._who(row)}: {', '.join(said)}."

    def _rules(self) -> Iterator[str]:
        for row in self.rules.to_dict("records"):
            place = where(row).rstrip(",")
            yield f"The rule for {row['column']} of {row['instrument']} changed ({place}): {row['words']}."

    def _statuses(self) -> Iterator[str]:
        for row in self.statuses.to_dict("records"):
            now = " ".join(f"{row['status']} {row['detail']}".split())
            was = " ".join(f"{row['status_old']} {row['detail_old']}".split())
            yield f"{row['column']} of {row['instrument']} is {now}; it was {was}."

    def _moves(self) -> Iterator[str]:
        for row in self.moves.to_dict("records"):
            was = self._value(row["from"], row["from_missing"], row["column"])
            now = self._value(row["to"], row["to_missing"], row["column"])
            many = _many(row["frame"], int(row["people"]))
            label = self.labels.column(row["column"])
            yield f"{many} moved from {was} to {now} in {label} ({self._who(row)}), {row['because']}."

    def _counts(self) -> Iterator[str]:
        for row in self.counts.to_dict("records"):
            value = self._value(row["value"], row["missing"], row["column"])
            yield f"{row['column']} ({self._who(row)}): {value} {row['old']} before, {row['new']} now."

    def _value(self, value: str, missing: str, column: str) -> str:
        if missing or not value:
            return f"missing ({self.labels.reason(missing)})"
        return value.strip("()") if value in (ANY, OTHER) else self.labels.value(value, column)

    def _who(self, row: dict[str, Any]) -> str:
        programme = self.labels.programmes.get(row["programme"], row["programme"])
        parts = [programme, f"{row['role']}s" if row["role"] else "", WHEN.get(row["wave"], "")]
        return ", ".join(part for part in parts if part)


def compare(old: Path | str | Harmonised, new: Path | str | Harmonised) -> Difference:
    """What differs between two runs, and why as far as the ledgers can tell.

    Parameters
    ----------
    old, new
        Folders that `Harmonised.save` has written, or harmonised data.

    Raises
    ------
    UsageError
        If a folder holds no whole run.

    Examples
    --------
    >>> from kij_analysis import harmonise, open_study
    >>> from kij_analysis.template import template_folder
    >>> data = harmonise(open_study(template_folder()))
    >>> compare(data, data).words()
    ['Nothing differs between the two runs.']
    """
    before, after = run_of(old, "old"), run_of(new, "new")
    causes = Causes(before, after)
    linked = before.ledger.settings["key"] == after.ledger.settings["key"]
    moved = moves(before, after)
    return Difference(
        files=_files(before, after),
        sources=_sources(before, after),
        rules=_rules(causes),
        statuses=_statuses(before, after),
        people=came_and_went(before, after),
        moves=moved if linked else moved.iloc[:0],
        counts=counts(before, after),
        settings=_settings(before, after, causes.versions),
        linked=linked,
        labels=causes.labels,
    )


def _many(frame: str, count: int) -> str:
    one, more = WHO[frame]
    return f"{count} {one if count == 1 else more}"


def _files(old: Run, new: Run) -> pd.DataFrame:
    both = old.ledger.files.merge(
        new.ledger.files, on=["kind", "file"], how="outer", suffixes=("_old", "_new"), sort=False
    )
    was, now = both["sha256_old"], both["sha256_new"]
    change = pd.Series("changed", index=both.index).where(was.notna(), "added").where(now.notna(), "removed")
    differing = both.assign(change=change)[(was != now).fillna(True)]
    return differing.reset_index(drop=True)


def _sources(old: Run, new: Run) -> pd.DataFrame:
    names = ["instrument", "file", "rows_in", "rows_out", "rows_lost"]
    both = old.ledger.sources[names].merge(
        new.ledger.sources[names], on=["instrument", "file"], how="outer", suffixes=("_old", "_new")
    )
    numbers = [name for name in both.columns if name.startswith("rows_")]
    return both.fillna(dict.fromkeys(numbers, 0)).astype(dict.fromkeys(numbers, "int64"))


def _rules(causes: Causes) -> pd.DataFrame:
    rows = []
    for instrument, column in causes.new.rules:
        if causes.rule_differs(column, instrument):
            new, old = causes.new.rules[(instrument, column)], causes.old.rules[(instrument, column)]
            words = "; ".join(causes.said(column, instrument))
            place = {"crosswalk": new["crosswalk"], "line": new["line"], "line_old": old["line"]}
            rows.append({"instrument": instrument, "column": column, **place, "words": words})
    return pd.DataFrame(rows, columns=["instrument", "column", "crosswalk", "line", "line_old", "words"])


def _statuses(old: Run, new: Run) -> pd.DataFrame:
    names = ["instrument", "column", "status", "detail", "decided_by", "on"]
    tables = [run.ledger.rules[names].drop_duplicates(["instrument", "column"]) for run in (old, new)]
    both = tables[0].merge(tables[1], on=["instrument", "column"], suffixes=("_old", ""))
    differ = (both["status"] != both["status_old"]) | (both["detail"] != both["detail_old"])
    return both[differ].reset_index(drop=True)


def _settings(old: Run, new: Run, versions: list[str]) -> tuple[str, ...]:
    was, now = old.ledger.settings, new.ledger.settings
    said = [
        f"The setting {name} is '{now.get(name)}'; it was '{was.get(name)}'."
        for name in {**was, **now}
        if name != "key" and was.get(name) != now.get(name)
    ]
    return (*said, *([f"The software changed: {', '.join(versions)}."] if versions else []))
