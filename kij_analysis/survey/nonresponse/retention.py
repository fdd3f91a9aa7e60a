"""Which groups answer a later wave, and which do not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from kij_analysis.survey.groups import BESIDE, check_columns, grouped, named, result
from kij_analysis.survey.intervals import check_level, wilson
from kij_analysis.survey.nonresponse.roster import check_persons

VARIABLE = "response"


def retention(
    frame: pd.DataFrame,
    *,
    by: str | Sequence[str] = "programme",
    wave: tuple[str, str] = ("entry", "end"),
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """The share of those who answered at one wave who answered at a later one too, by group.

    `response` counts everybody who was asked and knows nothing else of those who did not answer; this tells
    which groups of those known from the first wave are missing from the second. Rates have intervals here
    because the question is whether groups differ by more than chance.

    Parameters
    ----------
    frame
        Harmonised answers of one role, with `person_id`, `wave` and the columns of `by`.
    by
        Columns to group by, as they were at the first wave.
    wave
        The first and the later wave.
    population, level
        As in `shares`.

    Returns
    -------
    DataFrame
        Estimates with measure *share* and variable *response*, `category` the role and later wave; `count` of
        `n` persons of the first wave. Nobody at the first wave: *no_answers*.

    Raises
    ------
    UsageError
        If a column or wave is not in the frame, if it holds several roles, or a person twice in a wave.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": "fika", "gender": "woman", "data_status": "synthetic",
    ...     "person_id": [*range(20), *range(12)], "wave": ["entry"] * 20 + ["end"] * 12})
    >>> retention(answers).round(2)[["estimate", "conf_low", "conf_high", "n"]].values.tolist()
    [[0.6, 0.39, 0.78, 20.0]]
    """
    groups = named(by)
    check_level(level)
    check_columns(frame, ["wave", "person_id"], groups)
    check_persons(frame, wave[1], wave[0])
    keys = [name for name in ("programme", "person_id") if name in frame.columns]
    first = frame[frame["wave"] == wave[0]].reset_index(drop=True)
    later = frame.loc[frame["wave"] == wave[1], keys].drop_duplicates()
    joined = first[keys].merge(later.assign(_here=True), on=keys, how="left", validate="m:1")
    first = first.assign(**{VARIABLE: joined["_here"].notna().to_numpy(bool)})
    role = str(frame["role"].iloc[0]) if "role" in frame.columns and len(frame) else ""
    rows: list[dict[str, Any]] = []
    for group in grouped(first, VARIABLE, groups, population=population, level=level):
        rows.append(_row(group.persons[VARIABLE], group.common, "_".join(filter(None, (role, wave[1])))))
    return result(rows, groups, BESIDE)


def _row(stayed: pd.Series, common: dict[str, Any], category: str) -> dict[str, Any]:
    row = common | {"measure": "share", "category": category, "n": len(stayed), "missing": 0}
    if not len(stayed):
        return row | {"note": "no_answers", "method": "none"}
    count = int(stayed.sum())
    low, high = wilson(count, len(stayed), level=common["level"])
    ends = {"conf_low": float(low[0]), "conf_high": float(high[0])}
    return row | {"estimate": count / len(stayed), "count": count, "method": "wilson"} | ends
