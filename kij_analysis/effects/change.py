"""What has changed in the same persons between two times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import claims, estimates, survey
from kij_analysis.effects.roles import one_role
from kij_analysis.survey.groups import BESIDE, Group, check_columns, grouped, named, numbers, result
from kij_analysis.survey.repeated import repeated, why_no_pairs

RATINGS = ("language_self_rated", "network", "confidence")
"""The self-ratings that all three programmes ask at every time."""
EXTRA = ("mean_1", "mean_2", "sd_1", "sd_2", "correlation", "df", *BESIDE, "unit", "wave_1", "wave_2")


def change(
    answers: pd.DataFrame,
    variables: str | Sequence[str] = RATINGS,
    *,
    wave: tuple[str, str] = ("entry", "end"),
    by: str | Sequence[str] = "programme",
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """How much answers have changed among the persons who answered at both times.

    A number changes by the mean of the persons' differences, an answer by the difference of its shares. There
    is no comparison group: a change is not what a programme has done.

    Parameters
    ----------
    answers
        Harmonised answers of one role, with `person_id` and `wave`.
    variables
        Columns, or variables whose score is meant (``"confidence"`` is ``"confidence_score"``).
    wave
        The two times; the change is the second less the first.
    by
        Columns to group by, as they were at the first time.
    population, level
        As in `kij_analysis.survey.shares`.

    Returns
    -------
    DataFrame
        Estimates with measure *change*. Of numbers `unit` is *points*, and to the right stand `mean_1`,
        `mean_2`, `sd_1`, `sd_2` and the `correlation` of the two times; of answers it is *share*, and the
        columns are those of `kij_analysis.survey.paired`. `missing` counts who answered at one time only;
        then `wave_1`, `wave_2` and what `kij_analysis.claims.declare` adds: level 2.

    Raises
    ------
    UsageError
        If a column or wave is not in the frame, if a person stands twice in a wave, if mentors and mentees
        stand in one group; and as `kij_analysis.survey.shares` does.

    Notes
    -----
    Student's t of the differences; for shares see `kij_analysis.survey.paired`.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": "fika", "person_id": [*"abcd"] * 2, "gender": "woman",
    ...     "wave": ["entry"] * 4 + ["end"] * 4, "confidence_score": [20, 40, 60, 40, 40, 40, 80, 60],
    ...     "data_status": "synthetic"})
    >>> found = change(answers, "confidence").round(1)
    >>> found[["mean_1", "mean_2", "estimate", "conf_low", "conf_high"]].values.tolist()
    [[40.0, 55.0, 15.0, -0.9, 30.9]]
    """
    groups = named(by)
    names = columns_of(answers, variables)
    check_columns(answers, [*names, "wave", "person_id"], groups)
    one_role(answers, groups)
    parts = []
    for name in names:
        if counted(answers, name):
            parts.append(_of_numbers(answers, name, wave, groups, population, level))
        else:
            parts.append(_of_shares(answers, name, wave, groups, population, level))
    return estimates.make(pd.concat(parts, ignore_index=True))


def columns_of(answers: pd.DataFrame, variables: str | Sequence[str]) -> list[str]:
    """The columns that are meant: a variable without a column of its own means its score."""
    names = [variables] if isinstance(variables, str) else list(variables)
    known = set(answers.columns)
    return [f"{n}_score" if n not in known and f"{n}_score" in known else n for n in names]


def counted(answers: pd.DataFrame, name: str) -> bool:
    """Whether a column holds numbers, not categories or true and false."""
    kind = answers[name].dtype
    return pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind)


def both_times(
    group: Group, values: pd.Series, keys: list[str], wave: Sequence[str]
) -> tuple[np.ndarray, np.ndarray, int]:
    """What the persons of a group said at the two times, and how many of them did not answer both."""
    persons = group.persons.assign(value=values[group.persons.index])
    times = [persons[persons["wave"] == one].set_index(keys)["value"].dropna() for one in wave]
    first, second = times[0].align(times[1], join="inner")
    everybody = len(persons[keys].drop_duplicates())
    return first.to_numpy(float), second.to_numpy(float), everybody - len(first)


def mean_change(first: np.ndarray, second: np.ndarray, level: float) -> dict[str, Any]:
    """The mean difference with its interval; a note where there is too little for one.

    Examples
    --------
    >>> found = mean_change(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 3.0]), 0.95)
    >>> round(found["estimate"], 2), round(found["conf_low"], 2), round(found["conf_high"], 2)
    (1.0, -1.48, 3.48)
    """
    from scipy.stats import t

    differences, n = second - first, len(first)
    row: dict[str, Any] = {"estimate": float(differences.mean()), "method": "student_paired", "df": n - 1}
    if n < 2:
        return row | {"note": "too_few", "df": np.nan}
    error = float(differences.std(ddof=1) / np.sqrt(n))
    if error < 1e-12:
        return row | {"note": "no_variation"}
    reach = float(t.ppf(0.5 + level / 2, n - 1)) * error
    p = 2 * float(t.sf(abs(row["estimate"]) / error, n - 1))
    low, high = row["estimate"] - reach, row["estimate"] + reach
    return row | {"std_error": error, "conf_low": low, "conf_high": high, "p_value": p}


def described(first: np.ndarray, second: np.ndarray) -> dict[str, float]:
    """Means, standard deviations and correlation of the two times, missing where there are none."""
    found = {"mean_1": float(first.mean()), "mean_2": float(second.mean())}
    if len(first) > 1:
        found |= {"sd_1": float(first.std(ddof=1)), "sd_2": float(second.std(ddof=1))}
        if found["sd_1"] > 0 and found["sd_2"] > 0:
            found["correlation"] = float(np.corrcoef(first, second)[0, 1])
    return found


def _of_numbers(
    answers: pd.DataFrame,
    name: str,
    wave: tuple[str, str],
    groups: list[str],
    population: str,
    level: float,
) -> pd.DataFrame:
    whole, keys = repeated(answers, wave, groups)
    values = numbers(whole, name)
    rows = []
    for group in grouped(whole, name, groups, population=population, level=level):
        first, second, missing = both_times(group, values, keys, wave)
        row = group.common | {"measure": "change", "n": len(first), "missing": missing, "unit": "points"}
        row |= dict(zip(("wave_1", "wave_2"), wave, strict=True))
        if len(first):
            rows.append(row | described(first, second) | mean_change(first, second, level))
        else:
            note = why_no_pairs(group.persons, name, wave)
            rows.append(row | {"note": note, "method": "none"})
    found = result(rows, groups, EXTRA)
    return claims.declare(found, design="before_after", estimand="mean_change")


def _of_shares(
    answers: pd.DataFrame,
    name: str,
    wave: tuple[str, str],
    groups: list[str],
    population: str,
    level: float,
) -> pd.DataFrame:
    found = survey.paired(answers, name, wave=wave, by=groups, population=population, level=level)
    found = found[found["measure"] == "change"]
    found = found.assign(unit="share", wave_1=wave[0], wave_2=wave[1])
    return claims.declare(found, design="before_after", estimand="share_change")
