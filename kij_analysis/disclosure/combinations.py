"""Combinations of answers: rare ones stand together, so that they cannot be told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, product

import pandas as pd

from kij_analysis import estimates as shape
from kij_analysis.disclosure.primary import THRESHOLD
from kij_analysis.errors import UsageError
from kij_analysis.survey.intervals import wilson

OTHER = "other"
"""The category that gathers the rare combinations."""
JOINED = "+"

Cell = Callable[[str], bool]


def group_rare(estimates: pd.DataFrame, *, threshold: int = THRESHOLD) -> pd.DataFrame:
    """The combinations of `kij_analysis.barriers.combinations` with the rare ones put together.

    A combination of fewer than `threshold` persons goes to the category *other*, and so do further ones,
    the smallest first, until *other* itself holds enough, and until nobody can be told by subtracting the
    combinations that are shown from the share of an answer, or of two answers together, that is shown
    elsewhere: what is left of such a share must be nobody or `threshold` persons or more. A group in which
    nothing is left to be shown has one row with the note *hidden_small_count*.

    Parameters
    ----------
    estimates
        One row for each combination, all of a group; `barriers` holds the answers that were looked at, joined
        by ``+``, `category` those of the combination.
    threshold
        The smallest number of persons that is shown.

    Raises
    ------
    UsageError
        If the threshold is below 3, or the combinations of a group do not add up to its base.

    Examples
    --------
    >>> rows = [{"programme": "fika", "category": c, "count": k, "n": 40, "estimate": k / 40,
    ...     "measure": "share", "barriers": "a+b", "method": "wilson", "data_status": "observed"}
    ...     for c, k in (("none", 20), ("a", 10), ("b", 6), ("a+b", 4))]
    >>> group_rare(shape.make(rows))[["category", "count"]].values.tolist()
    [['none', 20.0], ['other', 20.0]]
    """
    if threshold < 3:
        raise UsageError(f"A threshold of {threshold} protects nobody.", fix="Use 3 or more.")
    parts = [_of_group(part, threshold) for _, part in estimates.groupby(["programme", "group"], sort=False)]
    return shape.make(pd.concat(parts, ignore_index=True)) if parts else estimates


def _of_group(part: pd.DataFrame, threshold: int) -> pd.DataFrame:
    if part["estimate"].isna().all():
        return part
    counts = dict(zip(part["category"], part["count"].astype(int), strict=True))
    n = int(part["n"].iloc[0])
    if sum(counts.values()) != n:
        raise UsageError(
            f"The combinations in '{part['programme'].iloc[0]}' do not add up to its {n} persons.",
            fix="Give all combinations of a group.",
        )
    rest = _rest(counts, str(part["barriers"].iloc[0]).split(JOINED), threshold)
    shown = part[~part["category"].isin(rest)]
    if shown.empty:
        empty = dict.fromkeys(("estimate", "std_error", "conf_low", "conf_high", "count"), float("nan"))
        hidden = {"category": OTHER, "note": "hidden_small_count", "method": "none"}
        if n < threshold:
            empty |= {"n": float("nan"), "missing": float("nan")}
        return part.head(1).assign(**empty, **hidden)
    if not rest:
        return shown
    count = sum(counts[category] for category in rest)
    low, high = wilson(count, n, level=float(part["level"].iloc[0]) if "level" in part else 0.95)
    other = part.head(1).assign(
        category=OTHER, count=float(count), estimate=count / n, conf_low=low[0], conf_high=high[0]
    )
    return pd.concat([shown, other], ignore_index=True)


def _rest(counts: dict[str, int], barriers: list[str], threshold: int) -> set[str]:
    """The combinations that go together."""
    n = sum(counts.values())
    rest = {category for category, count in counts.items() if count < threshold or n - count < threshold}
    cells = [*_cells(counts, barriers, threshold)]
    while True:
        together = sum(counts[category] for category in rest)
        wanted: Cell | None = (lambda _: True) if 0 < together < threshold else None
        for cell in () if wanted else cells:
            if 0 < sum(counts[category] for category in rest if cell(category)) < threshold:
                wanted = cell
                break
        free = [category for category in counts if category not in rest and wanted and wanted(category)]
        if not free:
            return rest
        rest.add(min(free, key=lambda category: counts[category]))


def _cells(counts: dict[str, int], barriers: list[str], threshold: int) -> Iterator[Cell]:
    """Who is in each cell of the tables of one answer and of two that may be shown elsewhere."""
    for size in (1, 2):
        for chosen in combinations(barriers, size):
            cells = [_cell(chosen, values) for values in product((True, False), repeat=size)]
            whole = [sum(k for category, k in counts.items() if cell(category)) for cell in cells]
            if min(whole) >= threshold:
                yield from cells


def _cell(chosen: tuple[str, ...], values: tuple[bool, ...]) -> Cell:
    def holds(category: str) -> bool:
        named = category.split(JOINED)
        return all((name in named) == value for name, value in zip(chosen, values, strict=True))

    return holds
