"""The groups of a frame: who is in them, who is left out, and what all their rows of results share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import estimates
from kij_analysis.errors import UsageError, did_you_mean, listed
from kij_analysis.study import weakest
from kij_analysis.survey.intervals import check_level
from kij_analysis.survey.population import women

BESIDE = ("missing", "left_out", "ungrouped", "level")
"""The columns to the right of the groups."""
NUMBERS = (
    "df", "df_2", "statistic", "count_1", "n_1", "count_2", "n_2", "gained", "lost", "superiority",
    "superiority_low", "superiority_high", "homogeneity", "p_homogeneity", "mean_1", "mean_2", "sd_1",
    "sd_2", "correlation", "expected", "retest", "missing_predictors", "clusters", "coefficient",
    "coefficient_error", "log_likelihood", "proportionality", "df_proportionality", "p_proportionality",
    "own_proportionality", "df_own_proportionality", "p_own_proportionality", "month", "at_risk",
    "known_low", "known_high", "proportional", "p_proportional", "global_proportional", "p_global",
    "baseline", "baseline_error",
)  # fmt: skip
"""Further columns of results that hold numbers, missing where there is none."""
TEXTS = (
    "first", "second", "test", "category_low", "category_high", "predictor", "adjusted_for", "unit",
    "wave_1", "wave_2", "part", "dose", "dose_level", "model",
)  # fmt: skip
"""Further columns of results that hold codes, empty where there is none."""
PERSONS = ("programme", "person_id", "pair_id", "role", "wave", "gender", "data_status")
"""The columns that say who a person is and what is known of her answers."""
WHOLE_REASONS = ("not_asked", "not_comparable", "not_applicable", "undetermined")
"""Why a whole group may have no answer."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """The persons of one group that belong to the population; the index is that of the reset frame."""

    code: str
    persons: pd.DataFrame
    common: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two groups that are compared; one is missing where the frame holds fewer than two."""

    first: Group | None
    second: Group | None
    common: dict[str, Any]

    @property
    def groups(self) -> tuple[Group | None, Group | None]:
        """The two groups."""
        return self.first, self.second

    @property
    def persons(self) -> list[pd.DataFrame | None]:
        """The persons of the two groups."""
        return [group.persons if group else None for group in self.groups]


def named(by: str | Sequence[str]) -> list[str]:
    """The columns to group by, each once."""
    return [by] if isinstance(by, str) and by else list(dict.fromkeys(by))


def check_columns(frame: pd.DataFrame, names: Sequence[str], groups: Sequence[str] = ()) -> None:
    """Refuse a frame that lacks a column or does not say its data status.

    Raises
    ------
    UsageError
        Also if a column to group by has the name of a column of results.
    """
    for name in (*names, *groups):
        if name not in frame.columns:
            raise UsageError(f"The frame has no column '{name}'.", fix=did_you_mean(name, frame.columns))
    if "data_status" not in frame.columns:
        raise UsageError(
            "The frame has no column 'data_status', so its results could not be marked.",
            fix="Add it: frame.assign(data_status='observed'), or 'synthetic', 'published', 'assumed'.",
        )
    own = [*BESIDE, *(name for name in estimates.COLUMNS if name not in ("programme", "data_status"))]
    for name in groups:
        if name in own:
            raise UsageError(f"Results have a column '{name}' of their own.", fix=f"Rename yours: by_{name}.")


def narrowed(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """These columns with their missing reasons, and those that say who a person is.

    A harmonised frame has hundreds of columns, and every choice of rows would copy them all.
    """
    companions = [f"{name}_missing" for name in names]
    return frame[[name for name in dict.fromkeys([*names, *companions, *PERSONS]) if name in frame.columns]]


def grouped(
    frame: pd.DataFrame, variable: str, groups: list[str], *, population: str, level: float
) -> list[Group]:
    """Every group that occurs, in the order in which it is met; one without a name if none does."""
    check_level(level)
    kept = women(frame, population).frame
    ungrouped = int(kept[groups].isna().any(axis=1).sum()) if groups else 0
    found = []
    for place, part in _parts(frame, groups):
        persons = part.loc[part.index.isin(kept.index)]
        common = _common(place, part, variable) | {
            "left_out": len(part) - len(persons),
            "ungrouped": ungrouped,
            "level": level,
        }
        found.append(Group(code="|".join(place.values()), persons=persons, common=common))
    return found


def compared(
    frame: pd.DataFrame,
    variable: str,
    by: str,
    *,
    within: list[str],
    reference: str,
    population: str,
    level: float,
) -> list[Pair]:
    """Every pair of groups of `by`, or each against the reference, within each group of `within`.

    Raises
    ------
    UsageError
        If no group has the name of the reference.
    """
    order = levels(frame[by])
    if reference and reference not in order:
        raise UsageError(f"No group of '{by}' is '{reference}'.", fix=f"Groups: {listed(order)}.")
    pairs = []
    for outer in grouped(frame, variable, within, population="all", level=level):
        inner = grouped(outer.persons, variable, [by], population=population, level=level)
        found = {group.code: group for group in inner if group.code}
        codes = [code for code in order if code in found]
        if reference:
            chosen = [(code, reference) for code in codes if code != reference]
        else:
            chosen = list(combinations(codes, 2))
        for one, other in chosen or [(codes[0] if codes else "", "")]:
            first, second = found.get(one), found.get(other)
            pairs.append(Pair(first=first, second=second, common=_contrast(outer, inner, first, second, by)))
    return pairs


def levels(column: pd.Series) -> list[str]:
    """The codes of a grouping column: categories in their order, true before false, others as met."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return [str(code) for code in column.cat.categories if (column == code).any()]
    if pd.api.types.is_bool_dtype(column.dtype):
        return [str(code) for code in (True, False) if (column == code).any()]
    if pd.api.types.is_numeric_dtype(column.dtype):
        return [str(code) for code in sorted(column.dropna().unique())]
    return [str(code) for code in column.dropna().unique()]


def categories(frame: pd.DataFrame, variable: str) -> list[tuple[str, object]]:
    """(code, value) for each answer of a column: its categories, or *yes* for true.

    Raises
    ------
    UsageError
        If the column holds numbers, dates or texts.
    """
    column = frame[variable]
    if isinstance(column.dtype, pd.CategoricalDtype):
        return [(str(code), code) for code in column.cat.categories]
    if pd.api.types.is_bool_dtype(column.dtype):
        return [("yes", True)]
    raise UsageError(
        f"'{variable}' is neither a category nor true and false, so it has no shares.",
        fix="Choose one of its outputs, such as _high, or group it first.",
    )


def numbers(frame: pd.DataFrame, variable: str, *, ordered: bool = False) -> pd.Series:
    """A column of numbers; where `ordered`, ordered categories become their places from 1 on.

    Raises
    ------
    UsageError
        If the column is neither.
    """
    column = frame[variable]
    if isinstance(column.dtype, pd.CategoricalDtype) and ordered:
        if not column.cat.ordered:
            raise UsageError(
                f"The categories of '{variable}' have no order.",
                fix="Order them: pd.Categorical(…, categories=[…], ordered=True).",
            )
        codes = column.cat.codes.astype("float64")
        return (codes + 1).where(codes >= 0)
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        values = column.astype("float64").to_numpy(na_value=np.nan)
        if np.isinf(values).any():
            raise UsageError(f"'{variable}' holds infinite numbers.", fix="Empty these cells, or mend them.")
        return pd.Series(values, index=frame.index)
    what = "numbers nor ordered categories" if ordered else "numbers"
    raise UsageError(
        f"'{variable}' does not hold {what}." if not ordered else f"'{variable}' holds neither {what}.",
        fix="Choose its _score, or use survey.shares for categories and for yes and no.",
    )


def why_empty(persons: pd.DataFrame, variable: str) -> str:
    """Why nobody answered: one reason that holds for the whole instrument, or simply no answers."""
    companion = f"{variable}_missing"
    if companion in persons.columns and len(persons):
        reasons = set(persons[companion].dropna())
        whole = reasons & set(WHOLE_REASONS)
        if len(reasons) == 1 and whole:
            return str(whole.pop())
    return "no_answers"


def why_not_compared(answers: Sequence[pd.DataFrame | None], variable: str, sizes: Sequence[int]) -> str:
    """Why two groups cannot be compared: the reason of an empty one, empty if both have answers."""
    empty = [persons for persons, size in zip(answers, sizes, strict=True) if not size]
    reasons = {why_empty(persons, variable) for persons in empty if persons is not None} - {"no_answers"}
    if reasons:
        return reasons.pop() if len(reasons) == 1 else "no_answers"
    return "" if not empty else "one_group_empty" if len(empty) < len(sizes) else "no_answers"


def result(rows: list[dict[str, Any]], groups: Sequence[str], extra: Sequence[str]) -> pd.DataFrame:
    """The rows as estimates: standard columns, the columns of the groups, then the further ones."""
    order = [*(name for name in groups if name not in estimates.COLUMNS), *extra]
    frame = pd.DataFrame(rows, columns=[*estimates.COLUMNS, *order])
    for name in order:
        if name in NUMBERS and frame[name].dtype != "float64":
            frame[name] = frame[name].astype("float64")
        if name in TEXTS:
            frame[name] = estimates.texts(frame[name])
    return estimates.make(frame)


def _parts(frame: pd.DataFrame, by: list[str]) -> Iterator[tuple[dict[str, str], pd.DataFrame]]:
    found = False
    if by:
        for values, part in frame.groupby(by, sort=False, observed=True, dropna=True):
            found = True
            yield dict(zip(by, map(str, values), strict=True)), part
    if not found:
        yield dict.fromkeys(by, ""), frame.iloc[:0] if by else frame


def _common(place: dict[str, str], part: pd.DataFrame, variable: str) -> dict[str, Any]:
    """What all rows of a group share: programme, group, data status and the by-columns."""
    others = {name: value for name, value in place.items() if name != "programme"}
    return {
        "programme": place.get("programme") or _programme(part),
        "group": "|".join(others.values()),
        "variable": variable,
        "data_status": weakest(part["data_status"].unique()),
        **others,
    }


def _programme(part: pd.DataFrame) -> str:
    programmes = part["programme"].dropna().unique() if "programme" in part.columns else []
    return str(programmes[0]) if len(programmes) == 1 else "all"


def _contrast(
    outer: Group, inner: list[Group], first: Group | None, second: Group | None, by: str
) -> dict[str, Any]:
    """What the rows of a comparison share; `group` names the two, after the group that they are in."""
    both = [group for group in (first, second) if group is not None]
    names = [group.code for group in both] + [""] * (2 - len(both))
    place = [text for text in (outer.common["group"], "-".join(filter(None, names))) if text]
    statuses = [group.common["data_status"] for group in both] or [outer.common["data_status"]]
    return outer.common | {
        "programme": "all" if by == "programme" else outer.common["programme"],
        "group": "|".join(place),
        "first": names[0],
        "second": names[1],
        "data_status": weakest(statuses),
        "left_out": sum(group.common["left_out"] for group in both or inner),
        "ungrouped": inner[0].common["ungrouped"],
    }
