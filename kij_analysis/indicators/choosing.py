"""Which printed numbers a chapter shows: those that a user has entered, and their nearest neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from kij_analysis.errors import StudyError
from kij_analysis.indicators.record import RESULTS, entered_sheet, folder_of
from kij_analysis.indicators.sheets import read_sheet


def entered(place: Any) -> pd.DataFrame:
    """The printed numbers that a user has entered, of report_numbers.csv or report_numbers.xlsx.

    Parameters
    ----------
    place
        A study, or the folder that holds the sheets.

    Raises
    ------
    StudyError
        If the sheet is wrong: all problems at once, with row and column.

    Examples
    --------
    >>> from kij_analysis.template import template_folder
    >>> len(entered(template_folder() / "data" / "raw" / "published"))
    0
    """
    folder = folder_of(place)
    frame, problems = read_sheet(folder / entered_sheet(folder))
    if problems:
        raise StudyError(problems)
    return frame.reset_index(drop=True)


def with_shares(record: pd.DataFrame, programmes: Sequence[str]) -> list[str]:
    """Those programmes of which a share of a result, or a target, is printed.

    Examples
    --------
    >>> from kij_analysis.indicators.record import load
    >>> from kij_analysis.template import template_folder
    >>> with_shares(load(template_folder() / "data" / "raw" / "published"), ["kvinfo", "fika", "sajo"])
    ['kvinfo']
    """
    shares = record[(record["unit"] == "per_cent") & record["outcome_type"].isin([*RESULTS, "target"])]
    there = set(shares["programme"])
    return [programme for programme in programmes if programme in there]


def to_compare(
    record: pd.DataFrame,
    own: pd.DataFrame,
    *,
    indicator: str = "employed",
    programmes: Sequence[str] = ("kvinfo", "womento"),
    most: int = 20,
) -> pd.DataFrame:
    """Printed shares of one outcome to be held against each other: those entered, then those of programmes.

    Parameters
    ----------
    record
        Rows of `kij_analysis.indicators.load`.
    own
        The rows that a user has entered, as `entered` gives them.
    indicator
        Which outcome.
    programmes
        Whose shares stand beside those entered.
    most
        How many are kept, the newest first.

    Examples
    --------
    >>> from kij_analysis.indicators.record import load
    >>> from kij_analysis.template import template_folder
    >>> record = load(template_folder() / "data" / "raw" / "published")
    >>> to_compare(record, record.head(0))["value"].tolist()
    [44.0, 47.0, 46.0, 50.0, 37.0, 25.0, 33.0, 40.0]
    """
    fits = (record["indicator"] == indicator) & (record["unit"] == "per_cent")
    shares = record[fits & (record["outcome_type"] == "status")]
    mine = shares["id"].isin(own["id"])
    chosen = shares[mine | shares["programme"].isin(list(programmes))].assign(place=~mine)
    ordered = chosen.sort_values(["place", "year_to"], ascending=[True, False], kind="stable")
    return ordered.drop(columns="place").head(most).reset_index(drop=True)
