"""Treated and comparison persons as the arrays that the estimators need; who cannot be used is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kij_analysis.errors import UsageError, listed, one_of
from kij_analysis.survey.groups import Group, check_columns, grouped, numbers

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Flags = NDArray[np.bool_]

ESTIMANDS = ("att", "ate")


@dataclass(frozen=True, kw_only=True)
class Covariate:
    """One column of numbers that a covariate gives: itself, or whether a category holds."""

    variable: str
    category: str
    values: Floats
    flag: bool
    spare: bool = False
    """A category that the others of its variable already tell; models leave it out."""


@dataclass(frozen=True, kw_only=True)
class Persons:
    """Persons with outcome, treatment and all covariates known.

    `design` holds a column of ones and the standardised covariates, without those that are constant or
    told by others (`left` names these). `cluster` numbers the clusters; a person without one is her own.
    """

    outcome: Floats
    treated: Flags
    design: Floats
    covariates: tuple[Covariate, ...]
    cluster: Codes
    index: pd.Index
    common: dict[str, Any]
    yes_no: bool = False
    left: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.treated)

    def part(self, keep: Flags) -> Persons:
        """The same for some of the persons."""
        kept = tuple(replace(one, values=one.values[keep]) for one in self.covariates)
        return replace(
            self,
            outcome=self.outcome[keep],
            treated=self.treated[keep],
            design=self.design[keep],
            covariates=kept,
            cluster=self.cluster[keep],
            index=self.index[keep],
        )

    @property
    def note(self) -> str:
        """Why nothing can be compared, empty if something can."""
        if not len(self):
            return "no_answers"
        if self.treated.all() or not self.treated.any():
            return "one_group_empty"
        return "too_few" if min(self.treated.sum(), (~self.treated).sum()) < 2 else ""


def persons_of(
    frame: pd.DataFrame,
    *,
    outcome: str,
    treated: str,
    covariates: Sequence[str] = (),
    cluster: str = "",
    also: Sequence[str] = (),
    by: Sequence[str] = (),
    population: str = "women",
    level: float = 0.95,
) -> list[Persons]:
    """The persons of every group of a frame; those with an empty covariate or `also` are counted as missing.

    Raises
    ------
    UsageError
        If a column is missing, the treatment is not told as yes and no, or the outcome or a covariate is
        neither numbers nor yes and no (covariates: nor categories).
    """
    needed = [name for name in (outcome, treated, *covariates, *also, cluster) if name]
    if outcome in covariates or treated in covariates:
        raise UsageError(
            "The outcome or the treatment is among the covariates.", fix="Leave it out of the covariates."
        )
    check_columns(frame, needed, list(by))
    whole = frame.reset_index(drop=True)
    arms, results = flags(whole, treated), outcome_of(whole, outcome) if outcome else None
    found = []
    for group in grouped(whole, outcome or treated, list(by), population=population, level=level):
        found.append(_of_group(group, arms, results, list(covariates), list(also), cluster))
    return found


def flags(frame: pd.DataFrame, name: str) -> pd.Series:
    """A column of yes and no as 1 and 0, missing where it does not say.

    Raises
    ------
    UsageError
        If it holds anything else.
    """
    column = frame[name]
    if pd.api.types.is_bool_dtype(column.dtype):
        return pd.Series(column.astype("float64").to_numpy(na_value=np.nan), index=frame.index)
    if pd.api.types.is_numeric_dtype(column.dtype):
        values = pd.Series(column.to_numpy("float64", na_value=np.nan), index=frame.index)
        if values.dropna().isin((0.0, 1.0)).all():
            return values
    raise UsageError(
        f"'{name}' must say yes or no for every person: true and false, or 1 and 0.",
        fix=f"Make such a column, for example frame.assign({name}=frame['group'] == 'mentored').",
    )


def outcome_of(frame: pd.DataFrame, name: str) -> tuple[pd.Series, bool]:
    """An outcome as numbers, and whether it is a yes or no."""
    if pd.api.types.is_bool_dtype(frame[name].dtype):
        return flags(frame, name), True
    return numbers(frame, name), False


def _of_group(
    group: Group,
    arms: pd.Series,
    results: tuple[pd.Series, bool] | None,
    covariates: list[str],
    also: list[str],
    cluster: str,
) -> Persons:
    own = group.persons
    told = own[arms[own.index].notna().to_numpy(bool)]
    known = told[[*covariates, *also]].notna().all(axis=1).to_numpy(bool)
    if results:
        known = known & results[0][told.index].notna().to_numpy(bool)
    kept = told[known]
    columns = tuple(column for name in covariates for column in columns_of(kept, name))
    design, left = design_of(columns, len(kept))
    common = group.common | {
        "missing": len(told) - len(kept),
        "ungrouped": group.common["ungrouped"] + len(own) - len(told),
    }
    return Persons(
        outcome=results[0][kept.index].to_numpy(float) if results else np.zeros(len(kept)),
        treated=(arms[kept.index] == 1).to_numpy(bool),
        design=design,
        covariates=columns,
        cluster=_clusters(kept, cluster),
        index=kept.index,
        common=common,
        yes_no=bool(results and results[1]),
        left=left,
    )


def columns_of(frame: pd.DataFrame, name: str) -> list[Covariate]:
    """The columns of numbers that a covariate gives; every category has one, the first is spare.

    Raises
    ------
    UsageError
        If it holds dates or a different text for nearly everybody.
    """
    column = frame[name]
    if pd.api.types.is_bool_dtype(column.dtype):
        return [Covariate(variable=name, category="yes", values=column.to_numpy("float64"), flag=True)]
    if pd.api.types.is_numeric_dtype(column.dtype):
        values = numbers(frame, name).to_numpy("float64")
        flag = set(np.unique(values)) <= {0.0, 1.0}
        return [Covariate(variable=name, category="", values=values, flag=flag)]
    codes = column.astype("str")
    names = (
        [str(code) for code in column.cat.categories]
        if isinstance(column.dtype, pd.CategoricalDtype)
        else sorted(codes.unique())
    )
    held = [code for code in names if (codes == code).any()]
    if len(held) > max(12, len(frame) // 5):
        raise UsageError(
            f"'{name}' holds {len(held)} different values for {len(frame)} persons, too many for a category.",
            fix="Group them first, or make numbers of them.",
        )
    return [
        Covariate(
            variable=name,
            category=code,
            values=(codes == code).to_numpy(float),
            flag=True,
            spare=code == held[0],
        )
        for code in held
    ]


def design_of(columns: Sequence[Covariate], n: int) -> tuple[Floats, tuple[str, ...]]:
    """A column of ones and the standardised columns that add something; and the names of the others."""
    basis, design, left = [np.ones(n) / np.sqrt(max(n, 1))], [np.ones(n)], []
    for one in columns:
        if one.spare:
            continue
        spread = one.values.std() if n else 0.0
        values = (one.values - one.values.mean()) / spread if spread > 0 else np.zeros(n)
        rest = values
        for other in basis:
            rest = rest - other * (other @ rest)
        size = float(np.sqrt(rest @ rest))
        if size < 1e-7 * np.sqrt(max(n, 1)):
            left.append(f"{one.variable} {one.category}".strip())
            continue
        basis.append(rest / size)
        design.append(values)
    return np.column_stack(design), tuple(left)


def _clusters(frame: pd.DataFrame, name: str) -> Codes:
    if not name:
        return np.arange(len(frame))
    codes = np.array(pd.factorize(frame[name])[0])
    alone = codes < 0
    codes[alone] = codes.max(initial=-1) + 1 + np.arange(int(alone.sum()))
    return codes


def check_estimand(estimand: str) -> None:
    """Refuse an estimand that is not known.

    Raises
    ------
    UsageError
        If it is neither ``"att"`` nor ``"ate"``.
    """
    one_of(estimand, ESTIMANDS, name="The estimand")


def named_covariates(covariates: Sequence[str] | str) -> list[str]:
    """The covariates, each once; a text such as ``'["age", "town"]'`` or ``"age, town"`` is read as a list.

    Raises
    ------
    UsageError
        If there are none.
    """
    if isinstance(covariates, str):
        # papermill's command line passes lists as text
        covariates = [
            part.strip().strip("'\"") for part in covariates.strip("[] ").split(",") if part.strip()
        ]
    names = list(dict.fromkeys(covariates))
    if not names:
        raise UsageError(
            "No covariates are named, so the groups cannot be made alike.",
            fix="Name what told before the start who would be treated: covariates=['age', 'education'].",
        )
    return names


def left_out_sentence(persons: Persons) -> str:
    """Which columns the models leave out because others tell them, as a sentence; empty if none."""
    return f"Told by other covariates and left out: {listed(persons.left)}." if persons.left else ""
