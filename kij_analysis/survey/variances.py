"""Means and shares of parts of a sample, with their variances under its design."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kij_analysis.survey.design import Floats, Sample


def ratios(sample: Sample, top: ArrayLike, bottom: ArrayLike) -> tuple[Floats, Floats]:
    """Ratios of weighted totals, and the covariances of these ratios.

    A mean of a part of the sample is the ratio of its answers to its persons; rows outside the part hold 0 in
    both. Linearised: the influence of a row is w(top − ratio × bottom)/Σw bottom, summed by primary unit and
    centred by stratum (Lumley 2010, Complex Surveys, sections 2.2 and 2.4; Woodruff 1971, J. Am. Stat. Assoc.
    66); calibrated weights leave the residuals of these influences. Replicated: squared deviations of the
    replicates from the full sample (Wolter 2007, Introduction to Variance Estimation, chapters 3 and 4),
    sample by sample.

    Parameters
    ----------
    top, bottom
        One row for each row of the frame, one column for each ratio.

    Returns
    -------
    ratio, covariance
        Missing where nothing is in the part, or a sample that bears on it has one unit only.
    """
    above, below = np.asarray(top, float), np.asarray(bottom, float)
    totals = sample.weight @ below
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (sample.weight @ above) / totals
    if sample.design.replicates:
        return found, _replicated(sample, above, below, found)
    with np.errstate(invalid="ignore", divide="ignore"):
        influence = sample.weight[:, None] * (above - found * below) / totals
    return found, linearised(sample, sample.unexplained(influence))


def sums(sample: Sample, values: ArrayLike) -> tuple[Floats, Floats]:
    """Weighted sums of the columns, and their covariances (not for replicate weights)."""
    columns = np.asarray(values, float)
    influence = sample.weight[:, None] * columns
    return sample.weight @ columns, linearised(sample, sample.unexplained(influence))


def freedom(sample: Sample, part: NDArray[np.bool_]) -> int:
    """The degrees of freedom of a part of the sample.

    Primary units less strata among those that the part reaches, as R's survey counts them; with replicate
    weights the rank of the part's replicate weights less one, sample by sample.
    """
    inside = part & sample.counted
    if not sample.design.replicates:
        return len(np.unique(sample.unit[inside])) - len(np.unique(sample.stratum[inside]))
    blocks = np.unique(sample.block[inside])
    return sum(_rank(sample.replicates[inside & (sample.block == block)]) - 1 for block in blocks)


def _rank(weights: Floats) -> int:
    # Squared singular values from the smaller of the two products: the same rank, far sooner.
    product = weights.T @ weights if len(weights) > weights.shape[1] else weights @ weights.T
    sizes = np.linalg.eigvalsh(product)
    return int((sizes > 1e-10 * sizes.max(initial=0)).sum())


def linearised(sample: Sample, influence: Floats) -> Floats:
    """The covariances of estimates, one column of influences each, one row for each row of the frame."""
    inside = sample.counted
    units = np.zeros((len(sample.unit_stratum), influence.shape[1]))
    np.add.at(units, sample.unit[inside], influence[inside])
    strata = np.zeros((int(sample.unit_stratum.max(initial=-1)) + 1, influence.shape[1]))
    np.add.at(strata, sample.unit_stratum, units)
    drawn = np.bincount(sample.unit_stratum, minlength=1)[: len(strata), None]
    centred = units - (strata / drawn)[sample.unit_stratum]
    unknown = np.isnan(sample.scale)
    covariance = (centred * np.where(unknown, 0.0, sample.scale)[:, None]).T @ centred
    if (units[unknown] != 0).any():
        covariance = covariance * np.nan
    return np.asarray(covariance)


def _replicated(sample: Sample, above: Floats, below: Floats, found: Floats) -> Floats:
    covariance = np.zeros((len(found), len(found)))
    # Most often a part of the sample is asked about; the rows outside it add nothing.
    used = np.flatnonzero(above.any(axis=1) | below.any(axis=1))
    above, below, blocks = above[used], below[used], sample.block[used]
    replicates, weight = sample.replicates[used], sample.weight[used, None]
    for block in np.unique(sample.block[sample.counted]):
        own = (blocks == block)[:, None]
        if not (below * own).any():
            continue
        weights = np.where(own, replicates, weight)
        with np.errstate(invalid="ignore", divide="ignore"):
            moved = (weights.T @ above) / (weights.T @ below) - found
        covariance += replicate_factor(sample) * moved.T @ moved
    return covariance


def replicate_factor(sample: Sample) -> float:
    """What the sum of squared deviations of the replicates is multiplied by (Wolter 2007; Judkins 1990)."""
    count, design = sample.replicates.shape[1], sample.design
    factors = {"BRR": 1 / count, "JK1": (count - 1) / count, "JK2": 1.0}
    return factors.get(design.replicate_method, 1 / (count * (1 - design.fay) ** 2))
