"""How a sample was drawn: weights, strata, clusters or replicate weights, as columns of a frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kij_analysis.errors import UsageError, did_you_mean, listed, one_of
from kij_analysis.survey.nonresponse.calibration import Calibration, calibrated, residuals

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

REPLICATE_METHODS = ("BRR", "Fay", "JK1", "JK2")


@dataclass(frozen=True, kw_only=True)
class Design:
    """The columns that say how a sample was drawn.

    Parameters
    ----------
    weight
        Survey weights; a person without one, or with the weight 0, is not in the sample.
    strata, cluster
        What was sampled within, and what was sampled (the primary unit; each person if empty).
    fpc
        How many primary units the population has in the person's stratum.
    replicates
        Columns of replicate weights, instead of strata and clusters.
    replicate_method
        ``"BRR"``, ``"Fay"`` (with `fay`, its factor k), ``"JK1"`` or ``"JK2"``.
    samples
        What tells separately drawn samples apart, such as the country; each has strata, clusters and
        replicates of its own.
    calibrated_to
        Known numbers of persons that the weights are brought to, a calibration for each value of `samples`
        where they are named. Errors are then those of what the margins leave unexplained.

    Examples
    --------
    >>> Design(weight="w", strata="region", cluster="school").replicates
    ()
    """

    weight: str = ""
    strata: str = ""
    cluster: str = ""
    fpc: str = ""
    replicates: Sequence[str] = ()
    replicate_method: str = ""
    fay: float = 0.0
    samples: str = ""
    calibrated_to: Calibration | Mapping[str, Calibration] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "replicates", tuple(self.replicates))
        if not self.weight:
            raise UsageError("The design names no weights.", fix="Add a column of ones if all count alike.")
        if not self.replicates:
            if self.replicate_method:
                raise UsageError("The design names no replicate weights.", fix="Name them in replicates=[…].")
            return
        one_of(self.replicate_method, REPLICATE_METHODS, name="The replicate method")
        if self.strata or self.cluster or self.fpc:
            raise UsageError(
                "The design names replicate weights and strata, clusters or an fpc too.",
                fix="Give one of the two: replicate weights carry the rest in them.",
            )
        if self.calibrated_to is not None:
            raise UsageError(
                "Replicate weights cannot be calibrated here.",
                fix="Calibrate each of them before, or give strata and clusters instead.",
            )
        if (self.replicate_method == "Fay") != bool(self.fay) or not 0 <= self.fay < 1:
            raise UsageError(
                f"Fay's factor is {self.fay}.", fix="Give it with 'Fay' only, above 0 and below 1."
            )

    @property
    def columns(self) -> list[str]:
        """The columns that the design needs."""
        single = (self.weight, self.strata, self.cluster, self.fpc, self.samples)
        return [name for name in (*single, *self.replicates) if name]

    @property
    def kind(self) -> str:
        """How variances are found: ``"linearised"``, ``"replicated"`` or ``"calibrated"``."""
        if self.calibrated_to is not None:
            return "calibrated"
        return "replicated" if self.replicates else "linearised"


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A frame's rows as the arrays that variances need; rows without a weight weigh nothing.

    `unit` numbers the primary units and `stratum` the strata of the rows; `scale` is, by unit, (1 − n/N) n/(n
    − 1) of its stratum, missing where a sample has one unit only. Where the design is calibrated, `start`
    holds the weights before and `anchors`, by sample, the columns that were calibrated on.
    """

    design: Design
    weight: Floats
    block: Codes
    stratum: Codes
    unit: Codes
    unit_stratum: Codes
    scale: Floats
    replicates: Floats = field(default_factory=lambda: np.empty((0, 0)))
    start: Floats = field(default_factory=lambda: np.empty(0))
    anchors: Mapping[int, Floats] = field(default_factory=dict)

    @property
    def counted(self) -> NDArray[np.bool_]:
        """Which rows belong to the sample; a calibrated weight may be 0 or below."""
        return np.asarray(self.block >= 0)

    def unexplained(self, influence: Floats) -> Floats:
        """Influences of the rows, less what calibration explains of them."""
        found = influence.copy()
        for block, columns in self.anchors.items():
            rows = (self.block == block) & (self.weight != 0)
            kept = columns[self.weight[self.block == block] != 0]
            found[rows] = residuals(influence[rows], self.weight[rows], self.start[rows], kept)
        return found


def sample_of(frame: pd.DataFrame, design: Design) -> Sample:
    """The sample that a frame holds, checked against its design.

    Raises
    ------
    UsageError
        If a column is missing, a weight is negative, infinite or no number, a person of the sample has no
        stratum or cluster, a stratum has a single unit (a lonely PSU), or there are fewer units in a
        population than in its sample.
    """
    for name in design.columns:
        if name not in frame.columns:
            raise UsageError(f"The frame has no column '{name}'.", fix=did_you_mean(name, frame.columns))
    weight = weights(frame, design.weight)
    counted = weight > 0
    block = _codes(frame, [design.samples], counted)
    stratum = _codes(frame, [design.samples, design.strata], counted)
    unit = _codes(frame, [design.samples, design.strata, design.cluster], counted)
    if not design.cluster:
        unit = np.where(counted, np.cumsum(counted) - 1, -1)
    unit_stratum = np.full(int(unit.max(initial=-1)) + 1, -1)
    unit_stratum[unit[counted]] = stratum[counted]
    final, anchors = _calibrated(frame, design, weight, block)
    return Sample(
        design=design,
        weight=final,
        start=weight,
        anchors=anchors,
        block=block,
        stratum=stratum,
        unit=unit,
        unit_stratum=unit_stratum,
        scale=_scale(frame, design, stratum, unit_stratum),
        replicates=_replicates(frame, design, counted),
    )


def _calibrated(
    frame: pd.DataFrame, design: Design, start: Floats, block: Codes
) -> tuple[Floats, dict[int, Floats]]:
    """The weights brought to the margins of each sample, and the columns that they were brought to."""
    final = start.copy()
    anchors: dict[int, Floats] = {}
    if design.calibrated_to is None:
        return final, anchors
    for code in range(int(block.max(initial=-1)) + 1):
        rows = block == code
        to = design.calibrated_to
        if isinstance(to, Mapping):
            name = str(frame.loc[rows, design.samples].iloc[0]) if design.samples else ""
            if name not in to:
                raise UsageError(
                    f"There are no margins for the sample '{name}'.",
                    fix=f"Name what tells them apart in samples=, and give margins to each: {listed(to)}.",
                )
            to = to[name]
        final[rows], anchors[code] = calibrated(frame[rows], start[rows], to)
    return final, anchors


def weights(frame: pd.DataFrame, name: str) -> Floats:
    """A column of weights, missing ones as 0.

    Raises
    ------
    UsageError
        If one is negative, infinite or no number.
    """
    if not pd.api.types.is_numeric_dtype(frame[name].dtype):
        raise UsageError(f"The weights '{name}' are no numbers.", fix="Name a column of numbers.")
    found = frame[name].to_numpy("float64", na_value=np.nan)
    if (found < 0).any() or np.isinf(found).any():
        raise UsageError(
            f"The weights '{name}' hold negative or infinite numbers.", fix="Empty these cells, or mend them."
        )
    return np.asarray(np.nan_to_num(found, nan=0.0))


def _codes(frame: pd.DataFrame, names: list[str], counted: NDArray[np.bool_]) -> Codes:
    """A number for every combination of the columns, −1 outside the sample."""
    used = [name for name in names if name]
    if not used:
        return np.where(counted, 0, -1)
    for name in used:
        lacking = int((frame[name].isna() & counted).sum())
        if lacking:
            raise UsageError(
                f"{lacking} persons with a weight have no value in '{name}'.",
                fix="Fill the cells, or empty the weights of these persons.",
            )
    codes = frame.groupby(used, sort=False, observed=True, dropna=False).ngroup().to_numpy()
    return np.where(counted, pd.factorize(np.where(counted, codes, -1))[0], -1)


def _scale(frame: pd.DataFrame, design: Design, stratum: Codes, unit_stratum: Codes) -> Floats:
    """The factor of every unit in the variance (Lumley 2010, section 2.2)."""
    drawn = np.bincount(unit_stratum, minlength=1).astype(float)
    left = np.ones(len(drawn))
    if design.fpc:
        left = 1 - drawn / _population(frame, design.fpc, stratum, drawn)
    lonely = (drawn == 1) & (left > 0)
    if design.strata and lonely.any():
        where = pd.Series(stratum).drop_duplicates()
        rows = where[where.isin(np.flatnonzero(lonely))].index
        names = sorted(str(frame[design.strata].iloc[row]) for row in rows)
        raise UsageError(
            f"'{design.strata}' has strata with a single unit: {listed(names)}; the variance within them "
            "cannot be known.",
            fix="Join each with a stratum that resembles it.",
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(left == 0, 0.0, left * drawn / np.where(drawn > 1, drawn - 1, np.nan))
    return np.asarray(factor[unit_stratum])


def _population(frame: pd.DataFrame, name: str, stratum: Codes, drawn: Floats) -> Floats:
    """How many units the population has in every stratum."""
    told = pd.Series(weights(frame, name))[stratum >= 0].groupby(stratum[stratum >= 0])
    if (told.nunique() > 1).any():
        raise UsageError(f"'{name}' differs within a stratum.", fix="Give each stratum one number of units.")
    size = told.first().reindex(range(len(drawn)), fill_value=np.inf).to_numpy(float)
    if (size < drawn).any():
        raise UsageError(
            f"'{name}' counts fewer units in a population than there are in its sample.",
            fix="It is the number of primary units (clusters, or persons) in the stratum.",
        )
    return np.asarray(size)


def _replicates(frame: pd.DataFrame, design: Design, counted: NDArray[np.bool_]) -> Floats:
    if not design.replicates:
        return np.empty((0, 0))
    columns = [np.where(counted, weights(frame, name), 0.0) for name in design.replicates]
    return np.column_stack(columns)
