"""The attacker: recomputes hidden counts from everything that left, and says how exactly."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from kij_analysis.disclosure.bounds import bounds
from kij_analysis.disclosure.cells import Line
from kij_analysis.disclosure.guesses import Guesses, guessed
from kij_analysis.disclosure.outside import Number, read_outside
from kij_analysis.disclosure.releases import CELLS
from kij_analysis.disclosure.spoken import spoken
from kij_analysis.disclosure.sums import UNBOUNDED, System
from kij_analysis.errors import ReleaseError, UsageError, listed
from kij_analysis.profiles import Profile
from kij_analysis.profiles import profile as named

FOUND = (
    "file", "programme", "variable", "category", "group", "what", "n", "low", "high", "allowed", "told",
)  # fmt: skip
"""The columns of what an attack found."""


def attack(
    folders: Sequence[Path | str] | Path | str,
    *,
    profile: Profile | str = "n5",
    against: Path | str | pd.DataFrame | None = None,
) -> pd.DataFrame:
    """How exactly each hidden count can be told from everything that left the house.

    Reads nothing but the folders given: figures' data, tables, pages, words, workbooks. Counts are recomputed
    from shares and bases, equal rows are taken for the same persons, and answers, groups, movements and
    differences of bases are added up as a reader would. Then the least and the most that each hidden count
    can be is found by integer programming.

    Parameters
    ----------
    folders
        The folders ``report`` and ``figures`` of a study, or one that holds both.
    profile
        The rules that the numbers should keep.
    against
        An earlier release: a folder like these, or the record of its counts (JSON, CSV, or its frame).

    Returns
    -------
    DataFrame
        One row for each hidden count (`what` is *count*), and for each difference of two bases by a few
        persons (*difference*): codes, the base `n`, `low` and `high`, the width `allowed`, and whether it is
        told more exactly than that (`told`). The most exactly told stand first.

    Raises
    ------
    ReleaseError
        If there is nothing to read.
    UsageError
        If the profile is not known.

    Examples
    --------
    Of two answers to one question one is hidden; the base gives it away.

    >>> import tempfile
    >>> rows = ["programme,variable,category,count,n,note,data_status,measure",
    ...     "fika,has_network,no,37,40,,observed,share",
    ...     "fika,has_network,yes,,40,hidden_small_count,observed,share"]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "network.csv").write_text(chr(10).join(rows), encoding="utf-8")
    ...     attack(folder)[["category", "low", "high", "told"]].values.tolist()
    [['yes', 3.0, 3.0, True]]
    """
    rules = profile if isinstance(profile, Profile) else named(profile)
    places = [folders] if isinstance(folders, Path | str) else list(folders)
    outside = read_outside([Path(place) for place in places])
    numbers = [*outside.numbers, *spoken(outside)]
    if against is not None:
        numbers += earlier_numbers(against)
    return tried(numbers, rules)


def tried(numbers: Iterable[Number], rules: Profile) -> pd.DataFrame:
    """The attack on rows that have been read."""
    rows = list(numbers)
    found = guessed(rows, smallest=rules.smallest_cell)
    system = System(
        values=np.array(found.values, dtype="float64"), sums=tuple(found.sums), parts=tuple(found.parts)
    )
    unknown = {cell for cell in range(len(found.values)) if not found.known(cell)}
    ends = bounds(system, unknown)
    result = [*_counts(found, ends, rules), *_differences(found, ends)]
    frame = pd.DataFrame(result, columns=list(FOUND)).drop_duplicates(
        ["programme", "variable", "category", "group", "what", "n", "low", "high"]
    )
    width = (frame["high"] - frame["low"]).fillna(np.inf)
    order = width.sub(frame["allowed"]).argsort(kind="stable")
    return frame.iloc[order].reset_index(drop=True)


def _counts(found: Guesses, ends: dict[int, tuple[float, float]], rules: Profile) -> list[list[object]]:
    rows: list[list[object]] = []
    for number, own, _ in found.lines:
        if not number.hidden:
            continue
        low, high = ends.get(own, (found.values[own], found.values[own]))
        allowed = min(rules.smallest_cell - 1.0, found.few.get(own, np.inf))
        rows.append(_row(number, "count", low, high, allowed))
    return rows


def _differences(found: Guesses, ends: dict[int, tuple[float, float]]) -> list[list[object]]:
    rows = []
    for cell, (number, _) in found.apart.items():
        low, high = ends.get(cell, (np.nan, np.nan))
        rows.append(_row(replace(number, n=found.few[cell]), "difference", low, high, found.few[cell]))
    return rows


def _row(number: Number, what: str, low: float, high: float, allowed: float) -> list[object]:
    of, by = number.line.of, number.line.by
    group = "+".join(f"{name}={value}" for name, value in sorted(by.items()))
    if of.get("first"):
        group = f"{group}+first={of['first']}"
    if high >= UNBOUNDED:
        high = np.inf
    return [
        number.file, of["programme"], of["variable"], of["category"], group, what, number.n, low, high,
        allowed, bool(high - low < allowed),
    ]  # fmt: skip


def earlier_numbers(against: Path | str | pd.DataFrame) -> list[Number]:
    """The rows of an earlier release: of its folder, or of the record of its counts.

    Raises
    ------
    ReleaseError
        If there is no such folder or record.
    UsageError
        If the record lacks a column.
    """
    if isinstance(against, pd.DataFrame):
        return _recorded(against)
    place = Path(against)
    if place.is_dir():
        old = read_outside([place]).numbers
        return [
            replace(one, file=f"earlier/{one.file}", line=replace(one.line, item=("earlier", one.file)))
            for one in old
        ]
    if not place.is_file():
        raise ReleaseError(
            f"There is no earlier release '{place.name}'.",
            fix="Name its folder, or the record that kij report --release wrote.",
        )
    if place.suffix == ".json":
        told = json.loads(place.read_text("utf-8")).get("cells", {})
        return _recorded(pd.DataFrame(told.get("rows", []), columns=told.get("columns", [])))
    return _recorded(pd.read_csv(place, keep_default_na=False))


def _recorded(record: pd.DataFrame) -> list[Number]:
    absent = [name for name in CELLS if name not in record.columns]
    if absent:
        raise UsageError(f"The record of a release lacks {listed(absent)}.", fix="Use the record as written.")
    found = []
    for place, row in enumerate(record.to_dict("records")):
        pairs = (part.partition("=") for part in str(row["by"]).split("+") if part)
        of = {name: str(row[name]) for name in ("programme", "variable", "category")} | {"measure": "share"}
        line = Line(
            item=("earlier", "record"), place=place, of=of, by={name: value for name, _, value in pairs},
            behind=tuple(part for part in str(row["behind"]).split("+") if part), hidden=False,
        )  # fmt: skip
        count = float(row["count"])
        found.append(
            Number(
                line=line, file="earlier/record", label="", low=count, high=count, n=float(row["n"]),
                hidden=False,
            )
        )  # fmt: skip
    return found
