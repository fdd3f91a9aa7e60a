"""What a single answer scale says: the share above a named cut, the mean, and who stands at its ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from kij_analysis import estimates
from kij_analysis.errors import UsageError
from kij_analysis.survey.groups import check_columns, named, numbers
from kij_analysis.survey.means import means
from kij_analysis.survey.scale_items import Bounds, ends_of
from kij_analysis.survey.shares import shares

Steps: TypeAlias = "int | pd.DataFrame | None"
ASKED = ["instrument", "round"]
"""What tells the files apart in which a question has been asked."""


def top_shares(
    frame: pd.DataFrame,
    variable: str,
    *,
    top: int = 2,
    steps: Steps = None,
    by: str | Sequence[str] = (),
    **options: Any,
) -> pd.DataFrame:
    """The share in the highest steps of an answer scale, with the cut in the name: ``top_2_of_5``.

    The highest two of five steps and the highest two of four are different things, so groups whose scales
    have different lengths have rows with different categories.

    Parameters
    ----------
    frame
        Harmonised answers.
    variable
        Ordered categories, or a score from 0 to 100 that was stretched from steps.
    top
        How many of the highest steps count.
    steps
        How many steps a score had: a number, or `data.properties`, where it is looked up by questionnaire.
    by, options
        As in `shares`, with all its other keywords.

    Returns
    -------
    DataFrame
        As `shares` returns it, with `cut` (``top``) and `steps` to the right. A scale with no more than `top`
        steps has the note *not_applicable*, a group whose scale is not known no category.

    Raises
    ------
    UsageError
        If `top` is below 1, if a score holds values that are no steps of such a scale; and as `shares` does.

    Examples
    --------
    >>> given = pd.Categorical([1, 2, 4, 5, 5], categories=[1, 2, 3, 4, 5], ordered=True)
    >>> answers = pd.DataFrame({"gender": "woman", "trust": given, "data_status": "synthetic"})
    >>> top_shares(answers, "trust")[["category", "estimate", "n"]].values.tolist()
    [['top_2_of_5', 0.6, 5.0]]
    """
    if top < 1:
        raise UsageError(f"The highest {top} steps are none.", fix="Count one step or more.")
    groups = named(by)
    check_columns(frame, [variable], groups)
    whole = frame.reset_index(drop=True)
    places, lengths = steps_on(whole, variable, steps)
    parts = [
        _above(whole, variable, places, lengths, length, top, groups, options) for length in _lengths(lengths)
    ]
    return _in_order(whole, pd.concat(parts, ignore_index=True), groups)


def scale_means(
    frame: pd.DataFrame,
    variable: str,
    *,
    bounds: Bounds = None,
    by: str | Sequence[str] = (),
    **options: Any,
) -> pd.DataFrame:
    """The mean of an answer scale, which takes its steps as equally far apart, and says so in every row.

    Nobody has shown that they are. `medians`, `ordinal` and `top_shares` need no such assumption.

    Parameters
    ----------
    variable
        Ordered categories, which count as 1, 2, 3 …, or the score of a scale.
    bounds
        The ends of a score, such as (0, 100).
    by, options
        As in `means`, with all its other keywords.

    Returns
    -------
    DataFrame
        As `means` returns it; `note` is *equal_steps* where there is no graver one, and to the right stand
        `assumption` and the ends of the scale, `scale_low` and `scale_high`.

    Raises
    ------
    UsageError
        As `means` does, if the categories have no order, or if an answer lies outside the bounds.

    Examples
    --------
    >>> given = pd.Categorical([1, 2, 4, 5], categories=[1, 2, 3, 4, 5], ordered=True)
    >>> answers = pd.DataFrame({"gender": "woman", "trust": given, "data_status": "synthetic"})
    >>> scale_means(answers, "trust")[["estimate", "note", "scale_low", "scale_high"]].values.tolist()
    [[3.0, 'equal_steps', 1.0, 5.0]]
    """
    check_columns(frame, [variable], named(by))
    low, high = ends_of(frame, variable, bounds) or (np.nan, np.nan)
    counted = frame.assign(**{variable: numbers(frame, variable, ordered=True)})
    found = means(counted, variable, by=by, **options)
    return found.assign(
        note=found["note"].mask(found["note"] == "", "equal_steps"),
        assumption="equal_steps",
        scale_low=low,
        scale_high=high,
    )


def floor_ceiling(
    frame: pd.DataFrame,
    variable: str,
    *,
    bounds: Bounds = None,
    by: str | Sequence[str] = (),
    **options: Any,
) -> pd.DataFrame:
    """The shares at the lowest and at the highest answer of a scale, where nobody can go down or up any more.

    A change upwards of those at the ceiling cannot be seen; above 15 per cent is the usual mark (Terwee and
    others 2007, J. Clin. Epidemiol. 60: 34–42).

    Parameters
    ----------
    variable
        Ordered categories, or a score.
    bounds
        The ends of a score, such as (0, 100).
    by, options
        As in `shares`, with all its other keywords.

    Returns
    -------
    DataFrame
        As `shares` returns it, with the categories *floor* and *ceiling*.

    Raises
    ------
    UsageError
        If a score comes without bounds; and as `shares` does.

    Examples
    --------
    >>> given = pd.Categorical([1, 1, 4, 5], categories=[1, 2, 3, 4, 5], ordered=True)
    >>> answers = pd.DataFrame({"gender": "woman", "trust": given, "data_status": "synthetic"})
    >>> floor_ceiling(answers, "trust")[["category", "estimate"]].values.tolist()
    [['floor', 0.5], ['ceiling', 0.25]]
    """
    groups = named(by)
    check_columns(frame, [variable], groups)
    whole = frame.reset_index(drop=True)
    values, ends = numbers(whole, variable, ordered=True), ends_of(whole, variable, bounds)
    if ends is None:
        raise UsageError(
            f"The ends of '{variable}' are not known.", fix="Give them, such as bounds=(0, 100)."
        )
    parts = []
    for code, end in zip(("floor", "ceiling"), ends, strict=True):
        at_end = (values == end).astype("boolean").mask(values.isna())
        found = shares(whole.assign(**{variable: at_end}), variable, by=groups, **options)
        parts.append(found.assign(category=code))
    return _in_order(whole, pd.concat(parts, ignore_index=True), groups)


def steps_on(frame: pd.DataFrame, variable: str, steps: Steps) -> tuple[pd.Series, pd.Series]:
    """For each person the step of her answer and how many steps her scale has, both missing if unknown."""
    values = numbers(frame, variable, ordered=True)
    if isinstance(frame[variable].dtype, pd.CategoricalDtype):
        length = len(frame[variable].cat.categories)
        return values, pd.Series(float(length), index=frame.index)
    if steps is None:
        raise UsageError(
            f"'{variable}' is a number, and it is not known of how many steps.",
            fix="Give steps=5, or steps=data.properties.",
        )
    if isinstance(steps, pd.DataFrame):
        lengths = _looked_up(frame, variable, steps)
    else:
        lengths = pd.Series(float(steps), index=frame.index)
    places = values / 100 * (lengths - 1) + 1
    known = values.notna()
    wrong = known & (lengths.isna() | ~values.between(0, 100) | ((places - places.round()).abs() > 0.02))
    if wrong.any():
        raise UsageError(
            f"{int(wrong.sum())} values of '{variable}' are no steps of such a scale from 0 to 100.",
            fix="Look at data.properties: how many steps had each questionnaire?",
        )
    return places.round(), lengths


def _looked_up(frame: pd.DataFrame, variable: str, properties: pd.DataFrame) -> pd.Series:
    """How many steps the scale of each person's questionnaire has."""
    check_columns(frame, ASKED)
    own = properties[properties["column"] == variable].drop_duplicates(ASKED)
    told = own.set_index(ASKED)["steps"].astype("Float64").astype("float64")
    found = told.reindex(pd.MultiIndex.from_frame(frame[ASKED]))
    return pd.Series(found.to_numpy(), index=frame.index)


def _lengths(lengths: pd.Series) -> Iterator[float]:
    """The lengths that occur, as they are met; a missing one last, or alone where nothing is known."""
    known = lengths.dropna().unique()
    yield from known
    if lengths.isna().any() or not len(known):
        yield np.nan


def _above(
    frame: pd.DataFrame,
    variable: str,
    places: pd.Series,
    lengths: pd.Series,
    length: float,
    top: int,
    groups: list[str],
    options: dict[str, Any],
) -> pd.DataFrame:
    """The shares of the groups that have a scale of one length, or none."""
    own = lengths == length if length == length else lengths.isna()
    hit = (places > length - top).astype("boolean").mask(places.isna() | ~own)
    found = shares(frame.assign(**{variable: hit}), variable, by=groups, **options)
    if length != length:
        elsewhere = _having(frame[~own], groups)
        found = found.assign(category="")
    else:
        elsewhere = _having(frame[~own], groups) - _having(frame[own], groups)
        found = found.assign(category=f"top_{top}_of_{length:g}")
    found = found.assign(cut="top", steps=length)
    keys = found[groups].astype("str").agg("|".join, axis=1) if groups else pd.Series("", index=found.index)
    found = found[~keys.isin(elsewhere)]
    return _without_cut(found) if top >= length else found


def _having(rows: pd.DataFrame, groups: list[str]) -> set[str]:
    """The groups that stand in some rows."""
    if not groups:
        return {""} if len(rows) else set()
    return set(rows[groups].dropna().astype("str").agg("|".join, axis=1)) if len(rows) else set()


def _without_cut(found: pd.DataFrame) -> pd.DataFrame:
    """Where everybody would be above the cut, there is no share."""
    gone = dict.fromkeys(("estimate", "std_error", "conf_low", "conf_high", "count"), np.nan)
    notes = found["note"].mask(found["estimate"].notna(), "not_applicable")
    return found.assign(note=notes, method="none", **gone)


def _in_order(frame: pd.DataFrame, found: pd.DataFrame, groups: list[str]) -> pd.DataFrame:
    """The rows of each group together, the groups as they are met."""
    if groups:
        met = list(frame[groups].dropna().astype("str").agg("|".join, axis=1).unique()) if len(frame) else []
        keys = found[groups].astype("str").agg("|".join, axis=1)
        found = found.iloc[np.argsort([met.index(k) if k in met else -1 for k in keys], kind="stable")]
    return estimates.make(found)
