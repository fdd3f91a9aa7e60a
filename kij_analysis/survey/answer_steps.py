"""The share at each step of an answer scale, each questionnaire on the scale that it used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import estimates
from kij_analysis.errors import UsageError
from kij_analysis.survey.groups import check_columns, named
from kij_analysis.survey.scales import ASKED, Steps, steps_on
from kij_analysis.survey.shares import shares

SCALE = ("scale", "turned", "cut")
"""What the properties of a source tell about the scale of a question, beside its number of steps."""


def step_shares(
    frame: pd.DataFrame,
    variables: str | Sequence[str],
    *,
    steps: Steps = None,
    by: str | Sequence[str] = "programme",
    **options: Any,
) -> pd.DataFrame:
    """The share of answers at every step of the scales on which questions were asked, from low to high.

    Nothing is brought to a common length: a programme that asked on four steps has four rows, one that asked
    on six has six, and neither says anything about the level of the other.

    Parameters
    ----------
    frame
        Harmonised answers of one role and wave.
    variables
        Ordered categories, or scores from 0 to 100 that were stretched from steps.
    steps
        How many steps a score had: a number, or `data.properties`, where scale, length and cut are looked up
        by questionnaire.
    by, options
        As in `shares`, with all its other keywords.

    Returns
    -------
    DataFrame
        As `shares` returns it, with the categories ``step_1_of_5`` and so on; to the right `scale` (its code
        in the codebook, empty if unknown), `step` and `steps`, `cut` (the step from which on the codebook
        counts an answer as high, if it does) and `turned` (the lowest step is the scale's last). A question
        that nobody was asked has one row with a note and no category.

    Raises
    ------
    UsageError
        If a score holds values that are no steps of its scale; and as `shares` does.

    Examples
    --------
    >>> given = pd.Categorical([1, 2, 3, 3], categories=[1, 2, 3], ordered=True)
    >>> answers = pd.DataFrame({"programme": "fika", "gender": "woman", "trust": given,
    ...     "data_status": "synthetic"})
    >>> step_shares(answers, "trust")[["category", "estimate", "n"]].values.tolist()
    [['step_1_of_3', 0.25, 4.0], ['step_2_of_3', 0.25, 4.0], ['step_3_of_3', 0.5, 4.0]]
    """
    names = [variables] if isinstance(variables, str) else list(variables)
    if not names:
        raise UsageError("No question is named.", fix="Name one, such as 'confidence_score'.")
    groups = named(by)
    check_columns(frame, names, groups)
    whole = frame.reset_index(drop=True)
    parts = [part for name in names for part in _of_question(whole, name, steps, groups, options)]
    return estimates.make(pd.concat(parts, ignore_index=True))


def _of_question(
    whole: pd.DataFrame, name: str, steps: Steps, groups: list[str], options: dict[str, Any]
) -> Iterator[pd.DataFrame]:
    """The shares of one question, a frame for each scale on which it was asked."""
    places, lengths = steps_on(whole, name, steps)
    told = _about(whole, name, steps).assign(steps=lengths.astype("float64"))
    asked = told["steps"].notna()
    for keys, own in told[asked].groupby([*SCALE, "steps"], sort=False, dropna=False):
        scale, turned, cut, length = keys
        codes = [f"step_{step}_of_{int(length)}" for step in range(1, int(length) + 1)]
        known = places[own.index].to_numpy(dtype="float64")
        at = np.where(np.isnan(known), 0, known).astype(int) - 1
        given = pd.Categorical.from_codes(at, categories=codes, ordered=True)
        found = shares(whole.loc[own.index].assign(**{name: given}), name, by=groups, **options)
        step = found["category"].str.extract(r"step_(\d+)_of", expand=False).astype("float64")
        yield found.assign(scale=scale, step=step, steps=length, cut=cut, turned=bool(turned))
    yield from _not_asked(whole, name, asked, groups, options)


def _not_asked(
    whole: pd.DataFrame, name: str, asked: pd.Series, groups: list[str], options: dict[str, Any]
) -> Iterator[pd.DataFrame]:
    """The groups in which nobody was asked on a scale, a row each; nothing where there are none."""
    absent = whole[~asked]
    if groups:
        there = set(whole.loc[asked, groups].astype("str").agg("|".join, axis=1))
        absent = absent[~absent[groups].astype("str").agg("|".join, axis=1).isin(there)]
    elif asked.any():
        return
    if not len(absent) and len(whole):
        return
    empty = pd.Series(pd.array([None] * len(absent), dtype="boolean"), index=absent.index)
    found = shares(absent.assign(**{name: empty}), name, by=groups, **options)
    yield found.assign(category="", scale="", step=np.nan, steps=np.nan, cut=np.nan, turned=False)


def _about(whole: pd.DataFrame, name: str, steps: Steps) -> pd.DataFrame:
    """For each person the scale of her questionnaire, whether it was turned, and where the codebook cuts."""
    plain = pd.DataFrame({"scale": "", "turned": False, "cut": np.nan}, index=whole.index)
    if not isinstance(steps, pd.DataFrame) or isinstance(whole[name].dtype, pd.CategoricalDtype):
        return plain
    own = steps[steps["column"] == name].drop_duplicates(ASKED).set_index(ASKED)
    if own.empty:
        return plain
    if {"variable", "threshold"} <= set(steps.columns):
        cuts = steps[steps["variable"].isin(own["variable"]) & steps["threshold"].notna()]
        cut = cuts.drop_duplicates(ASKED).set_index(ASKED)["threshold"].astype("float64").reindex(own.index)
    else:
        cut = pd.Series(np.nan, index=own.index)
    turned = own["turned"].fillna(False).astype(bool) if "turned" in own.columns else False
    cut = cut.where(~pd.Series(turned, index=own.index), own["steps"].astype("float64") + 1 - cut)
    scale = own["scale"].astype("str") if "scale" in own.columns else ""
    known = pd.DataFrame({"scale": scale, "turned": turned, "cut": cut}, index=own.index)
    found = known.reindex(pd.MultiIndex.from_frame(whole[ASKED])).set_axis(whole.index)
    return found.assign(scale=found["scale"].fillna(""), turned=found["turned"].fillna(False).astype(bool))
