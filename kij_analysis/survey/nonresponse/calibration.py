"""Weights that bring a sample to known numbers of persons, and what is left of an answer beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kij_analysis.errors import Problem, UsageError, did_you_mean, listed, one_of

Floats = NDArray[np.float64]
Totals = Mapping[str, float | Mapping[str, float]]

METHODS = ("raking", "linear", "logit")
UNKNOWN = ("refuse", "apart")
JOINED = "|"
STEPS = 200
CLOSE = 1e-11


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Known numbers of persons that weights are brought to, and how.

    Parameters
    ----------
    totals
        For each column its margin: the number of persons in each category, or, for a number, its sum over all
        persons. Several columns joined by "|" (``"stype|size"``) are a table of all their categories, whose
        codes are joined in the same way.
    method
        How weights move: ``"raking"`` multiplies (iterative proportional fitting; with one margin that is
        post-stratification), ``"linear"`` adds (the generalised regression estimator; weights may fall below
        0), ``"logit"`` stays within `bounds`.
    bounds
        The least and the largest weight of ``"logit"``, in multiples of what each person would weigh if all
        weighed alike.
    unknown
        Persons without a value in a column: ``"refuse"``, or ``"apart"``, which keeps their share of the
        sample and lets the margin hold for the others.

    Examples
    --------
    >>> Calibration(totals={"education_group": {"low": 40, "medium": 30, "high": 20}}).size
    90.0
    """

    totals: Totals
    method: str = "raking"
    bounds: tuple[float, float] = (0.3, 3.0)
    unknown: str = "refuse"

    def __post_init__(self) -> None:
        one_of(self.method, METHODS, name="The method of calibration")
        one_of(self.unknown, UNKNOWN, name="What becomes of unknown persons")
        low, high = self.bounds
        if not 0 <= low < 1 < high:
            raise UsageError(f"The bounds are {low:g} and {high:g}.", fix="Write one below 1 and one above.")
        if not self.totals:
            raise UsageError(
                "There are no margins to weight to.", fix="Give the totals of one column or more."
            )
        sizes = {name: sum(own.values()) for name, own in self.margins.items()}
        wrong = [name for name, own in self.margins.items() if not own or min(own.values()) < 0]
        if wrong or any(not size > 0 for size in sizes.values()):
            raise UsageError(
                f"The margin of {listed(wrong or sizes)} holds no persons, or a number below 0.",
                fix="Give the number of persons in each category.",
            )
        if sizes and max(sizes.values()) - min(sizes.values()) > 1e-6 * max(sizes.values()):
            told = ", ".join(f"'{name}' {size:g}" for name, size in sizes.items())
            raise UsageError(
                f"The margins count different numbers of persons: {told}.", fix="Bring them to one number."
            )

    @property
    def margins(self) -> dict[str, Mapping[str, float]]:
        """The totals that are tables of categories."""
        return {name: own for name, own in self.totals.items() if isinstance(own, Mapping)}

    @property
    def columns(self) -> list[str]:
        """The columns that a sample needs."""
        return list(dict.fromkeys(part for name in self.totals for part in name.split(JOINED)))

    @property
    def size(self) -> float:
        """How many persons the margins count; missing if only sums of numbers are known."""
        return float(sum(next(iter(self.margins.values())).values())) if self.margins else np.nan


def calibrated(frame: pd.DataFrame, start: Floats, to: Calibration) -> tuple[Floats, Floats]:
    """The calibrated weights of a sample's rows, and the columns whose totals they meet.

    Solves Σ d F(x'λ) x = T by Newton's method, F(u) = 1 + u (linear), exp(u) (raking) or the logit of Deville
    and Särndal 1992 (J. Am. Stat. Assoc. 87: 376–382), case 6; Deville, Särndal and Sautory 1993 for margins.

    Parameters
    ----------
    start
        The weights to begin with, above 0.

    Raises
    ------
    UsageError
        If a column is missing or holds unknown or undeclared values, if nobody in the sample is in a category
        that has persons, or if no weights meet the totals.
    """
    columns, wanted = _columns(frame, start, to)
    base = start * (to.size / start.sum()) if to.margins else start
    factor, slope = _distance(to)
    at = np.zeros(columns.shape[1])
    scale = np.maximum(np.abs(wanted), 1.0)
    for _ in range(STEPS):
        with np.errstate(over="ignore", invalid="ignore"):
            found = base * factor(columns @ at)
            missing = wanted - columns.T @ found
            if not np.isfinite(missing).all() or np.abs(missing / scale).max() < CLOSE:
                break
            bend = columns.T @ (columns * (base * slope(columns @ at))[:, None])
        step = np.linalg.pinv(bend, hermitian=True) @ missing
        at = at + step * _damped(base, columns, wanted, at, step, factor)
    if not np.isfinite(missing).all() or np.abs(missing / scale).max() > 1e-7:
        raise UsageError(
            f"No weights ({to.method}) bring the sample to the margins of {listed(to.totals)}.",
            fix="Join small categories, leave a margin out, or allow wider bounds.",
        )
    return found, columns


def residuals(influence: Floats, weight: Floats, start: Floats, columns: Floats) -> Floats:
    """What is left of weighted influences once the calibration columns have explained their part.

    The residuals of the regression on the columns with the weights before calibration, times the weights
    after it (Deville and Särndal 1992, section 3; R's survey does the same).
    """
    root = np.sqrt(start)[:, None]
    scores = influence / weight[:, None]
    slopes = np.linalg.lstsq(columns * root, scores * root, rcond=None)[0]
    return np.asarray((scores - columns @ slopes) * weight[:, None])


def leverages(start: Floats, columns: Floats) -> Floats:
    """How much each row decides its own fitted value in that regression: 1 if nobody else is of its kind."""
    scaled = columns * np.sqrt(start)[:, None]
    left, sizes, _ = np.linalg.svd(scaled, full_matrices=False)
    return np.asarray((left[:, sizes > 1e-10 * sizes.max(initial=0)] ** 2).sum(axis=1))


def _damped(
    base: Floats,
    columns: Floats,
    wanted: Floats,
    at: Floats,
    step: Floats,
    factor: Callable[[Floats], Floats],
) -> float:
    """How much of a Newton step brings the totals nearer; all of it near the solution."""

    def far(part: float) -> float:
        with np.errstate(over="ignore", invalid="ignore"):
            return float(np.abs(wanted - columns.T @ (base * factor(columns @ (at + part * step)))).sum())

    now, part = far(0.0), 1.0
    while not far(part) < now and part > 1e-6:
        part /= 2
    return part


def _distance(to: Calibration) -> tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]:
    """How weights move along the calibration columns, and how fast."""
    if to.method == "linear":
        return (lambda u: 1 + u), np.ones_like
    if to.method == "raking":
        return np.exp, np.exp
    low, high = to.bounds
    steep = (high - low) / ((1 - low) * (high - 1))

    def factor(u: Floats) -> Floats:
        # Of the two ways to write it, the one in which nothing grows without end.
        down = np.exp(-steep * np.abs(u))
        up = np.where(
            u > 0, low * (high - 1) * down + high * (1 - low), low * (high - 1) + high * (1 - low) * down
        )
        return np.asarray(up / np.where(u > 0, (high - 1) * down + 1 - low, high - 1 + (1 - low) * down))

    def slope(u: Floats) -> Floats:
        return steep * (factor(u) - low) * (high - factor(u)) / (high - low)

    return factor, slope


def _columns(frame: pd.DataFrame, start: Floats, to: Calibration) -> tuple[Floats, Floats]:
    """The calibration columns of the rows, and their totals; every problem of the margins at once."""
    for name in to.columns:
        if name not in frame.columns:
            raise UsageError(f"The frame has no column '{name}'.", fix=did_you_mean(name, frame.columns))
    problems: list[Problem] = []
    columns: list[Floats] = []
    wanted: list[float] = []
    for name, own in to.totals.items():
        values, known = _values(frame, name, isinstance(own, Mapping))
        if not known.all() and (to.unknown == "refuse" or not isinstance(own, Mapping) or not known.any()):
            what = f"{int((~known).sum())} persons of the sample have no value in '{name}'."
            problems.append(
                Problem(what=what, fix="Fill them, leave the persons out, or use unknown='apart'.")
            )
        elif isinstance(own, Mapping):
            problems += _unmatched(name, own, set(values[known]))
            share = float(start[known].sum() / start.sum())
            columns += [((values == code) & known).astype(float) for code in own]
            wanted += [total * share for total in own.values()]
            columns += [] if known.all() else [(~known).astype(float)]
            wanted += [] if known.all() else [sum(own.values()) * (1 - share)]
        else:
            columns.append(values.astype(float))
            wanted.append(float(own))
    if problems:
        raise UsageError(problems)
    return np.column_stack(columns), np.array(wanted)


def _values(frame: pd.DataFrame, name: str, as_codes: bool) -> tuple[np.ndarray, NDArray[np.bool_]]:
    parts = [frame[part] for part in name.split(JOINED)]
    known = np.logical_and.reduce([part.notna().to_numpy(bool) for part in parts])
    if not as_codes:
        if not pd.api.types.is_numeric_dtype(parts[0].dtype) or len(parts) > 1:
            raise UsageError(
                f"'{name}' holds no numbers, so it has no sum.", fix="Give the number of each category."
            )
        return parts[0].to_numpy("float64", na_value=np.nan), known
    texts = [np.asarray([str(value) for value in part], dtype=object) for part in parts]
    return np.asarray([JOINED.join(row) for row in zip(*texts, strict=True)], dtype=object), known


def _unmatched(name: str, own: Mapping[str, float], there: set[str]) -> list[Problem]:
    """Categories of the sample without a total, and of the margin without a person."""
    problems = []
    known = {str(code) for code in own}
    if strangers := sorted(there - known):
        what = f"The margin of '{name}' has no total for {listed(strangers)}, which the sample holds."
        problems.append(Problem(what=what, fix=f"It has {listed(own)}."))
    if absent := [code for code, total in own.items() if total > 0 and str(code) not in there]:
        what = f"Nobody in the sample is in {listed(absent)} of '{name}', so nobody can stand for them."
        problems.append(Problem(what=what, fix="Join them with a category that resembles them."))
    if none := [code for code, total in own.items() if not total and str(code) in there]:
        what = f"The margin of '{name}' counts nobody in {listed(none)}, but the sample does."
        problems.append(Problem(what=what, fix="Mend the number."))
    return problems
