"""A table of official statistics as its file has it: dimensions, times, numbers and flags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from kij_analysis.errors import Problem

NUMBER = ("time", "value", "flag", "place")
"""The columns of the cells that are no dimension; `place` says where in the file a number stands."""


@dataclass(frozen=True, kw_only=True)
class OfficialTable:
    """One downloaded table, long.

    `cells` has a column for each dimension (named as in the file, holding its codes), then `time` (such as
    ``2024``, ``2024-Q4``; empty where the file tells none), `value` (missing where there is none), `flag`
    (small letters, several without a blank) and `place`. `labels` leads from each code to its label.
    `table` and `office` are empty where the file does not tell them; `updated` is the office's date.
    """

    file: str
    form: str
    cells: pd.DataFrame
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    table: str = ""
    office: str = ""
    title: str = ""
    updated: str = ""
    sha256: str = ""
    notices: Sequence[Problem] = ()

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The names of the dimensions."""
        return tuple(name for name in self.cells.columns if name not in NUMBER)
