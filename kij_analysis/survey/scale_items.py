"""The items of a scale as numbers that run one way, and the score that they make."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError, did_you_mean, listed
from kij_analysis.survey.groups import numbers

Bounds = tuple[float, float] | None


def scale_scores(
    frame: pd.DataFrame,
    items: Sequence[str],
    *,
    reverse: Sequence[str] = (),
    bounds: Bounds = None,
    answered: float = 0.5,
) -> pd.Series:
    """The score of each person on a scale: the mean of the items that she answered, if they are enough.

    Parameters
    ----------
    frame
        One row for each person.
    items
        Ordered categories, which count as 1, 2, 3 …, yes and no (1 and 0), or numbers.
    reverse
        The items that run the other way.
    bounds
        The lowest and the highest answer, where the items are numbers and some run the other way.
    answered
        The fraction of the items that must be answered; a half is usual (Fayers and Machin 2016, Quality of
        Life, section 15.4).

    Returns
    -------
    Series
        Missing where too few items were answered. It takes the steps of the items as equally far apart.

    Raises
    ------
    UsageError
        If a column is missing, if it has no order, if the items have scales of different lengths, or if
        numbers run the other way and nobody says between which bounds.

    Examples
    --------
    >>> frame = pd.DataFrame({"a": [1, 5, 2], "b": [5, None, 4], "c": [2, None, 3]})
    >>> scale_scores(frame, ["a", "b", "c"], reverse=["b"], bounds=(1, 5)).round(2).tolist()
    [1.33, nan, 2.33]
    """
    if not 0 < answered <= 1:
        raise UsageError(f"The fraction of items is {answered}.", fix="Write 0.5 for a half.")
    ends = {ends_of(frame, item, bounds) for item in checked(frame, items, reverse)}
    if len(ends) > 1:
        told = listed(f"{low:g} to {high:g}" for low, high in sorted(e for e in ends if e))
        raise UsageError(f"The items run from {told}, so their mean says nothing.", fix="Rescale them first.")
    values = item_values(frame, items, reverse=reverse, bounds=bounds)
    enough = values.notna().sum(axis=1) >= np.ceil(answered * len(items) - 1e-9)
    return values.mean(axis=1).where(enough)


def item_values(
    frame: pd.DataFrame, items: Sequence[str], *, reverse: Sequence[str] = (), bounds: Bounds = None
) -> pd.DataFrame:
    """The items as numbers, those in `reverse` turned round, with the index of the frame."""
    columns = {}
    for item in checked(frame, items, reverse):
        values = as_number(frame, item)
        if item in reverse:
            ends = ends_of(frame, item, bounds)
            if ends is None:
                raise UsageError(
                    f"'{item}' runs the other way, and it is not known between which numbers.",
                    fix="Give the lowest and the highest answer, such as bounds=(1, 5).",
                )
            values = sum(ends) - values
        columns[item] = values
    return pd.DataFrame(columns, index=frame.index)


def as_number(frame: pd.DataFrame, item: str) -> pd.Series:
    """An item as numbers: ordered answers from 1 on, yes as 1 and no as 0."""
    if pd.api.types.is_bool_dtype(frame[item].dtype):
        return frame[item].astype("Float64").astype("float64")
    return numbers(frame, item, ordered=True)


def ends_of(frame: pd.DataFrame, item: str, bounds: Bounds) -> Bounds:
    """The lowest and the highest possible answer to an item, None where nobody says.

    Raises
    ------
    UsageError
        If an answer lies outside the bounds.
    """
    column = frame[item]
    if isinstance(column.dtype, pd.CategoricalDtype):
        return 1.0, float(len(column.cat.categories))
    if pd.api.types.is_bool_dtype(column.dtype):
        return 0.0, 1.0
    if bounds is None:
        return None
    low, high = map(float, bounds)
    outside = int((~numbers(frame, item).dropna().between(low, high)).sum())
    if low >= high or outside:
        raise UsageError(
            f"{outside} answers to '{item}' lie outside {low:g} to {high:g}.",
            fix="Mend the bounds, or the data.",
        )
    return low, high


def checked(frame: pd.DataFrame, items: Sequence[str], reverse: Sequence[str]) -> list[str]:
    """The items, each once and all there.

    Raises
    ------
    UsageError
        If there are fewer than two, if one is missing, or if `reverse` names another column.
    """
    names = [items] if isinstance(items, str) else list(dict.fromkeys(items))
    if len(names) < 2:
        raise UsageError(f"A scale of {len(names)} item has no reliability.", fix="Name two items or more.")
    for name in names:
        if name not in frame.columns:
            raise UsageError(f"The frame has no column '{name}'.", fix=did_you_mean(name, frame.columns))
    for name in reverse:
        if name not in names:
            raise UsageError(f"'{name}' runs the other way, but is no item.", fix=did_you_mean(name, names))
    return names
