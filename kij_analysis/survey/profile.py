"""Who takes part: the groups of several questions side by side."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kij_analysis import estimates
from kij_analysis.codebook import Codebook
from kij_analysis.errors import UsageError, did_you_mean
from kij_analysis.survey.shares import shares


def profile(
    frame: pd.DataFrame,
    variables: Sequence[str],
    *,
    codebook: Codebook,
    by: str | Sequence[str] = "programme",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """The share in each group of several questions; numbers stand in the classes of the codebook.

    A number with two classes has the upper one only, because the lower one is its complement.

    Parameters
    ----------
    frame
        Harmonised persons or answers.
    variables
        Harmonised columns: categories, true and false, or numbers that have `classes` in the codebook.
    by, population, level
        As in `shares`.

    Returns
    -------
    DataFrame
        Estimates with measure *share*, one row per group of `by`, variable and category.

    Raises
    ------
    UsageError
        If a column is not in the frame, or a number has no classes; and as `shares` does.

    Examples
    --------
    >>> from kij_analysis.codebook import load_codebook
    >>> from kij_analysis.template import template_folder
    >>> people = pd.DataFrame({"programme": ["fika"] * 4, "gender": ["woman"] * 4,
    ...     "age": [22.0, 31, 44, 60], "data_status": "synthetic"})
    >>> found = profile(people, ["age"], codebook=load_codebook(template_folder() / "codebook"))
    >>> found[["category", "estimate"]].values.tolist()
    [['below_30', 0.25], ['30_to_45', 0.5], ['from_45', 0.25]]
    """
    parts = []
    for name in variables:
        if name not in frame.columns:
            raise UsageError(f"The frame has no column '{name}'.", fix=did_you_mean(name, frame.columns))
        grouped = _in_classes(frame, name, codebook)
        found = shares(grouped, name, by=by, population=population, level=level)
        column = codebook.columns.get(name)
        if column is not None and len(column.classes) == 1:
            # An empty group has one row without a category, which stays.
            found = found[~found["category"].str.startswith("below_")]
        parts.append(found)
    return estimates.make(pd.concat(parts, ignore_index=True))


def _in_classes(frame: pd.DataFrame, name: str, codebook: Codebook) -> pd.DataFrame:
    """The frame with a number as the class that it falls into."""
    if not pd.api.types.is_numeric_dtype(frame[name].dtype) or pd.api.types.is_bool_dtype(frame[name].dtype):
        return frame
    column = codebook.columns.get(name)
    if column is None or not column.classes:
        raise UsageError(
            f"'{name}' is a number, and the codebook has no classes for it.",
            fix="Add them to variables.yaml, for example classes: [30, 45].",
        )
    edges = [low for low, _ in column.class_bounds.values()] + [float("inf")]
    groups = pd.cut(frame[name], bins=edges, right=False, labels=list(column.class_bounds))
    return frame.assign(**{name: groups})
