"""How far two groups of persons are apart, in a unit that is the same for all questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.survey.groups import (
    BESIDE,
    Pair,
    check_columns,
    compared,
    named,
    numbers,
    result,
    why_not_compared,
)
from kij_analysis.survey.intervals import check_level

EXTRA = ("first", "second", "count_1", "n_1", "count_2", "n_2", *BESIDE)
BEYOND = ("value_1", "value_2", "by_chance", "answers", "taken_together")
ANSWERED = ("answered", "not_answered")


def standardised_differences(
    frame: pd.DataFrame,
    variables: Sequence[str],
    *,
    by: str = "programme",
    within: str | Sequence[str] = (),
    reference: str = "",
    each: bool = False,
    smallest: int = 0,
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """How far every two groups are apart in each of several questions, in pooled standard deviations.

    Numbers: the difference of the means. Yes and no: of the shares. Categories: one distance over all
    answers, which has no sign. It describes who is in the groups; a mark of 0.1 is a convention (Austin
    2009), and small groups that were drawn by lot lie above it too: see `by_chance`.

    Parameters
    ----------
    frame
        Harmonised persons, or answers of one wave.
    variables
        Harmonised columns: numbers, true and false, or categories.
    by, within, reference, population, level
        As in `differences`.
    each
        Whether each answer to a question with categories has a row of its own as well, like yes and no.
    smallest
        Answers that fewer persons of either group gave (or fewer did not) are taken together with the next
        rarest, as they are where `kij_analysis.disclosure.suppress` hides them; 0 for never.

    Returns
    -------
    DataFrame
        Estimates with measure *standardised_difference*, the first group less the second; to the right the
        columns of `differences`, then `value_1`, `value_2` (means or shares), `by_chance` (what the distance
        of two groups of these sizes stays below in `level` of all draws from one population), `answers` (how
        many are compared) and `taken_together`. A group without answers: *one_group_empty*; with one person:
        *too_few*; all the same in both: *no_variation*; no spread in either, but apart: *no_overlap*; too
        few gave any but one answer: *hidden_small_count*.

    Raises
    ------
    UsageError
        If a column is not in the frame, if a variable is a text or a date, or if no group is the reference.

    Notes
    -----
    (m₁ − m₂)/√((s₁² + s₂²)/2), with p(1 − p) for a share (Austin 2009, Stat. Med. 28: 3083–3107); for
    categories √((p₁ − p₂)ᵀ S⁻¹ (p₁ − p₂)) with the mean of the two multinomial covariances (Yang and Dalton
    2012, SAS Global Forum 335). Standard error √(1/n₁ + 1/n₂ + d²/(2(n₁ + n₂))) in all (Hedges and Olkin
    1985). `by_chance` is √(T²(1/n₁ + 1/n₂)) with the quantile of Hotelling's T² for k = answers − 1 variables
    (Anderson 2003, section 5.3), (n − 2)k/(n − k − 1) times that of F.

    Examples
    --------
    >>> people = pd.DataFrame({"programme": ["fika"] * 4 + ["sajo"] * 4, "gender": "woman",
    ...     "age": [20.0, 30, 40, 50, 30, 40, 50, 60], "data_status": "synthetic"})
    >>> found = standardised_differences(people, ["age"]).round(2)
    >>> found[["group", "estimate", "conf_low", "conf_high", "by_chance"]].values.tolist()
    [['fika-sajo', -0.77, -2.21, 0.66, 1.73]]
    """
    check_level(level)
    groups, names = named(within), [variables] if isinstance(variables, str) else list(variables)
    check_columns(frame, names, [by, *groups])
    whole = frame.reset_index(drop=True)
    rows: list[dict[str, Any]] = []
    for name in names:
        kind = _kind(whole, name)
        values = numbers(whole, name) if kind == "number" else whole[name]
        for pair in compared(
            whole, name, by, within=groups, reference=reference, population=population, level=level
        ):
            rows += _of_pair(pair, name, values, kind, each=each, smallest=smallest)
    found = result(rows, groups, [*EXTRA, *BEYOND])
    return found.astype(dict.fromkeys(BEYOND, "float64"))


def who_answered(
    people: pd.DataFrame, answers: pd.DataFrame, *, wave: str = "end", among: str = "entry"
) -> pd.DataFrame:
    """The persons who answered one wave, with whether they answered another one too.

    Parameters
    ----------
    people
        `data.people`, or rows of it.
    answers
        `data.answers`.
    wave
        The wave that may not have been answered.
    among
        The wave that all answered.

    Returns
    -------
    DataFrame
        The rows of `people` who answered `among`, with `response`: *answered* or *not_answered*. It is
        missing in programmes in which nobody can be found again, because their waves are not linked or there
        is no such wave.

    Raises
    ------
    UsageError
        If a frame does not say who is who, or a wave is not known.

    Examples
    --------
    >>> keys = {"programme": "fika", "role": "mentee"}
    >>> people = pd.DataFrame({"person_id": ["a", "b"]}).assign(**keys)
    >>> answers = pd.DataFrame({"person_id": ["a", "b", "a"], "wave": ["entry", "entry", "end"]})
    >>> who_answered(people, answers.assign(**keys))["response"].tolist()
    ['answered', 'not_answered']
    """
    keys = ["programme", "person_id", "role"]
    for frame, needed in ((people, keys), (answers, [*keys, "wave"])):
        absent = [name for name in needed if name not in frame.columns]
        if absent:
            raise UsageError(
                f"The frame has no column '{absent[0]}'.", fix="Use data.people and data.answers."
            )
    waves = list(answers["wave"].dropna().unique())
    for one in (wave, among):
        if len(waves) and one not in waves:
            raise UsageError(
                f"The answers have no wave '{one}'.", fix=f"They have {', '.join(map(str, waves))}."
            )
    own = pd.MultiIndex.from_frame(people[keys])
    there = {one: own.isin(_persons(answers[answers["wave"] == one], keys)) for one in (wave, among)}
    kept = people[there[among]]
    again = pd.Series(there[wave][there[among]], index=kept.index)
    found_again = again.groupby(kept["programme"]).transform("any") if len(kept) else again
    codes = pd.Series(np.where(again, *ANSWERED), index=kept.index).where(found_again)
    return kept.assign(response=pd.Categorical(codes, categories=list(ANSWERED)))


def _persons(rows: pd.DataFrame, keys: list[str]) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[keys].dropna())


def _kind(frame: pd.DataFrame, name: str) -> str:
    if isinstance(frame[name].dtype, pd.CategoricalDtype):
        return "category"
    if pd.api.types.is_bool_dtype(frame[name].dtype):
        return "boolean"
    if pd.api.types.is_numeric_dtype(frame[name].dtype):
        return "number"
    raise UsageError(
        f"'{name}' is neither a number nor a category, nor true and false.",
        fix="Choose another, or group it.",
    )


def _of_pair(
    pair: Pair, name: str, values: pd.Series, kind: str, *, each: bool, smallest: int
) -> list[dict[str, Any]]:
    given = [
        values[group.persons.index].dropna() if group is not None else values.iloc[:0]
        for group in pair.groups
    ]
    sizes = [len(own) for own in given]
    persons = sum(len(own) for own in pair.persons if own is not None)
    row = pair.common | {"measure": "standardised_difference", "n": sum(sizes), "n_1": sizes[0]}
    row |= {"n_2": sizes[1], "missing": persons - sum(sizes), "method": "none"}
    note = why_not_compared(pair.persons, name, sizes) or ("too_few" if min(sizes) < 2 else "")
    if note:
        return [row | {"category": "yes" if kind == "boolean" else "", "note": note}]
    level = pair.common["level"]
    if kind == "number":
        one, other = (own.to_numpy(float) for own in given)
        moments = [(float(own.mean()), float(own.var(ddof=1))) for own in (one, other)]
        return [row | {"answers": 2.0} | distance_of_moments(moments, sizes, level)]
    if kind == "boolean":
        return [row | {"category": "yes"} | _share([own.to_numpy(bool) for own in given], level)]
    answers = list(values.cat.categories)
    counts = np.array([[int((own == answer).sum()) for answer in answers] for own in given])
    rows = [row | distance_of_counts(*_together(counts, smallest), level)]
    if each:
        hits = [[(own == answer).to_numpy(bool) for own in given] for answer in answers]
        rows += [
            row | {"category": str(a)} | _share(hit, level) for a, hit in zip(answers, hits, strict=True)
        ]
    return rows


def _share(hits: list[np.ndarray], level: float) -> dict[str, Any]:
    counts, sizes = [int(hit.sum()) for hit in hits], [len(hit) for hit in hits]
    shares = [count / n for count, n in zip(counts, sizes, strict=True)]
    row = {"count": sum(counts), "count_1": counts[0], "count_2": counts[1], "answers": 2.0}
    return row | distance_of_moments([(p, p * (1 - p)) for p in shares], sizes, level)


def distance_of_moments(moments: list[tuple[float, float]], sizes: list[int], level: float) -> dict[str, Any]:
    """The difference of two means over the root of their mean variance."""
    one, other = moments
    row = {"value_1": float(one[0]), "value_2": float(other[0])}
    spread, apart = np.sqrt((one[1] + other[1]) / 2), float(one[0] - other[0])
    if not spread > 1e-12:
        return row | {"note": "no_variation" if abs(apart) < 1e-12 else "no_overlap"}
    return row | {"method": "pooled_sd"} | _with_interval(float(apart / spread), sizes, 2, level)


def distance_of_counts(together: np.ndarray, hidden: int, level: float) -> dict[str, Any]:
    """Yang and Dalton's distance of two groups over all answers to a question, `hidden` of them in one."""
    kept = together[:, together.sum(axis=0) > 0]
    row = {"answers": float(kept.shape[1]), "taken_together": float(hidden)}
    if kept.shape[1] < 2:
        return row | {"note": "hidden_small_count" if hidden else "no_variation"}
    shares = kept / kept.sum(axis=1, keepdims=True)
    apart = (shares[0] - shares[1])[1:]
    covariance = np.mean([np.diag(p) - np.outer(p, p) for p in shares], axis=0)[1:, 1:]
    if np.linalg.eigvalsh(covariance)[0] < 1e-12:
        return row | {"note": "no_overlap"}
    found = float(np.sqrt(max(apart @ np.linalg.solve(covariance, apart), 0.0)))
    sizes = [int(n) for n in kept.sum(axis=1)]
    interval = _with_interval(found, sizes, kept.shape[1], level)
    interval["conf_low"] = max(interval["conf_low"], 0.0)
    return row | {"method": "yang_dalton"} | interval


def _together(counts: np.ndarray, smallest: int) -> tuple[np.ndarray, int]:
    """The counts with the rare answers of either group in one column, and how many these are."""
    if smallest < 1:
        return counts, 0
    rare = np.zeros(counts.shape[1], dtype=bool)
    for own in counts:
        hidden = (own < smallest) | (own.sum() - own < smallest)
        for place in np.argsort(own, kind="stable"):
            if not hidden.any() or (hidden.sum() >= 2 and own[hidden].sum() >= smallest):
                break
            hidden[place] = True
        rare |= hidden
    if not rare.any():
        return counts, 0
    rest = counts[:, rare].sum(axis=1, keepdims=True)
    return np.hstack([counts[:, ~rare], rest]), int(rare.sum())


def _with_interval(found: float, sizes: list[int], answers: int, level: float) -> dict[str, Any]:
    from scipy.stats import norm

    both = 1 / sizes[0] + 1 / sizes[1]
    error = float(np.sqrt(both + found**2 / (2 * sum(sizes))))
    reach = norm.ppf(0.5 + level / 2) * error
    return {
        "estimate": found, "std_error": error,
        "conf_low": float(found - reach), "conf_high": float(found + reach),
        "by_chance": float(np.sqrt(_hotelling(answers - 1, sum(sizes), level) * both)),
    }  # fmt: skip


def _hotelling(k: int, n: int, level: float) -> float:
    """The quantile of Hotelling's T² for groups of n persons in all; of chi-squared where n is too small."""
    from scipy.stats import chi2, f

    left = n - k - 1
    return float(f.ppf(level, k, left) * (n - 2) * k / left if left > 0 else chi2.ppf(level, k))
